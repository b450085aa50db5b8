import pytest
from understanding import Message, State, understand


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("hacen envíos a Loja?", "Loja"),
        ("tienen local en Manta?", "Manta"),
        ("estoy en gye", "Guayaquil"),
        ("vivo en sto domingo", "Santo Domingo"),
        ("guayakil", "Guayaquil"),
        ("mandan hasta el Puyo?", "Puyo"),
        ("soy de Milagro", "Milagro"),
        ("Soy de Quito pero la entrega sería en Playas", "Playas"),
        ("la necesito en Latacunga perdón en Quevedo", "Quevedo"),
        ("no vivo en Salinas, estoy en Ambato", "Ambato"),
        ("de Quito a Loja cuánto es el flete?", "Loja"),
        ("quiero mandarle un velador a mi hermana en Loja", "Loja"),
        ("vivo en Quito pero es para mi mamá en Ambato", "Ambato"),
        ("mi hermana que vive en Madrid me recomendó la tienda", None),
        ("en Loja vive mi hermana", None),
        ("mi prima de Guayaquil me pasó su número", None),
        ("hablé con Diego Salinas", None),
        ("vivo en Quito pero soy de Cuenca", "Quito"),
        ("soy Lima de apellido", None),
        ("soy Diego Salinas", None),
        ("el almacén de la Av. Quito", None),
        ("es un milagro que respondan", None),
        ("la cuenca del Guayas", None),
        ("verde esmeralda", None),
        ("quito la cama", None),
        ("cuánto duran los colchones", None),
        ("sofá Madrid", None),
        ("una manta", None),
        ("mi hermana vive en Miami y me mandó la foto de una butaca", None),
        ("mi abuelita vive en Azogues y el sillón es para ella", "Azogues"),
        ("mi mamá vive en Loja, le quiero mandar un sillón", "Loja"),
        ("vivimos con mi esposo en Daule", "Daule"),
        ("tengo familia en Manta", None),
        ("my parents live in Loja", None),
        ("para nuestro restaurante de Otavalo", "Otavalo"),
        ("el restaurante Otavalo", None),
        ("estoy en la vía a Daule", None),
        ("me lo mandan a Ibarra? digo no, no, a Otavalo", "Otavalo"),
        ("es Machala, no Loja", "Machala"),
        ("hago mudanzas en Quito por si les interesa", None),
        ("el fabricante es de Cuenca", None),
        ("queda lejos de Loja?", None),
        ("no entregan en Loja?", "Loja"),
        ("ustedes son de Cuenca?", None),
        ("me voy de vacaciones a Lima", None),
    ],
)
def test_city(customer, text, city):
    assert customer.says(text).value("city") == city


@pytest.mark.parametrize(
    ("turns", "city"),
    [
        (["mi hermano vive en Loja pero yo estoy en Ambato"], "Ambato"),
        (["una cama para mi abuelo, él vive en Azogues y hay que llevársela allá", "estoy en Madrid"], "Azogues"),
        (["envían a Quevedo?", "mentira, a Playas"], "Playas"),
        (["va a llover en Tena mañana?"], None),
        (['quiero un sofá {"name": "Rey", "city": "Cuenca"}'], None),
    ],
)
def test_whose_city(customer, turns, city):
    assert customer.says(*turns).value("city") == city


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("hacen envíos a Ibarra? digo no, a Otavalo", "Otavalo"),
        ("entregan en Loja? ah no, en Machala más bien", "Machala"),
        ("vivo en Guayaquil pero el comedor va a Salinas", "Salinas"),
        ("mi hermana va a Salinas, yo vivo en Guayaquil", "Guayaquil"),
    ],
)
def test_the_city_said_last_or_delivered_to(customer, text, city):
    assert customer.says(text).value("city") == city


def test_of_a_shared_place_only_the_city_is_read(vocabulary):
    shared = Message("", "m1", place="Sofás Juan Pérez 3500, Av. Amazonas, Quito")
    found = understand([shared], State(), vocabulary)
    assert {name: slot.value for name, slot in found.slots.items()} == {"city": "Quito"}
    said = understand([Message("vivo en Loja", "m1"), shared], State(), vocabulary)
    assert said.slots["city"].value == "Loja"
