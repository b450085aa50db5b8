from dataclasses import replace

import pytest


@pytest.mark.parametrize(
    "text",
    [
        "Compré una cama hace dos semanas y me llegó con una pata rota",
        "La semana pasada me trajeron una cómoda y dos cajones no corren",
        "todavía no me entregan la cama",
        "hola en q va mi pedido? el numero es 30118",
        "pedí un sofá gris y me mandaron café",
        "quiero devolver la lámpara",
        "me cobraron dos veces en la tarjeta",
        "Necesito que me reenvíen la factura de mi compra del 12 de abril",
        "quiero cambiar la dirección de entrega de mi pedido",
        "El reclinable que les compré ya no sube, quiero hacer válida la garantía",
        "Pésimo servicio, me prometieron entrega el lunes y nada",
        "la cómoda no cierra bien",
        "pagué y no me confirman",
        "Tengo un problema con mi compra, páseme con una persona",
        "The dresser you delivered on Tuesday has a huge scratch",
        "I want to return the lamp I bought",
        "meu sofá chegou rasgado",
        "Soporte técnico",
        "Asistencia técnica",
        "Suporte técnico",
        "Postventa",
        "Pós-venda",
        "Reclamações",
    ],
)
def test_after_sales(customer, text):
    customer.says(text)
    assert customer.support
    assert customer.decision.action == "transfer_to_support"
    assert customer.products == set()


@pytest.mark.parametrize(
    "text",
    [
        "Qué garantía dan en los colchones?",
        "cuánto se demoran en entregar?",
        "si compro un sofá y no me gusta lo puedo devolver?",
        "emiten factura?",
        "puedo cancelar con tarjeta?",
        "quiero hablar con un asesor de carne y hueso",
        "no es ningún reclamo, es para comprar unos manteles",
        "par de ladrones, precios de locos",
        "ya no me manden mensajes",
        "mi cama se rompió, quiero comprar una nueva",
        "el colchón que compré en la competencia se hundió, quiero uno bueno",
        "compré una sala hace un año y me encantó, ahora quiero un comedor",
        "no me llega el catálogo",
        "quiero hacer un pedido de 10 sillas",
        "para hacer mi pedido qué necesito",
        "tonto el que lea esto",
    ],
)
def test_before_sales(customer, text):
    assert not customer.says(text).support


def test_word_for_after_sales_is_nobodys_name(customer):
    customer.says("Hola", "Postventa")
    assert customer.support
    assert "name" not in customer.state.slots


def test_stays_until_a_new_purchase(customer):
    customer.says("El sofá que compré llegó roto", "soy Ana", "gracias", "es el sofá gris", "cuánto demora el cambio")
    assert customer.support and customer.products == set()
    customer.says("bueno y aparte venden cojines?")
    assert not customer.support and customer.products == {"cojín"}
    assert customer.decision.action == "gather_more_details"


def test_complaint_with_a_purchase_is_support_and_keeps_the_purchase(customer):
    customer.says("me cobraron dos veces", "aparte quiero comprar una alfombra pero primero arréglenme el cobro")
    assert customer.support and customer.products == {"alfombra"}
    assert customer.decision.action == "transfer_to_support"


def test_a_shops_own_keywords(vocabulary):
    from understanding import Message, State, Vocabulary, understand

    own = Vocabulary(vocabulary.interests, vocabulary.cities, support_keywords=("código rojo",))
    assert understand((Message("tengo un CODIGO ROJO"),), State(), own).support


@pytest.mark.parametrize(
    "text",
    [
        "me trajeron la mesa con una raya en el vidrio",
        "me dejaron el espejo con dos golpecitos",
        "Mi pedido llegó incompleto, faltan dos taburetes",
        "el señor que vino a armar dejó la cama a medio hacer",
    ],
)
def test_flaws_on_arrival(customer, text):
    assert customer.says(text).support
    assert customer.products == set()


@pytest.mark.parametrize(
    "text",
    [
        "Mi sofá llegó roto, quiero un reclamo",
        "me llegó el sofá con una pata rota",
        "el sofá que me vendieron se hundió",
        "quiero poner un reclamo por mi sofá",
        "tengo un reclamo por un pedido",
    ],
)
def test_complaint_while_something_is_wanted(customer, text):
    assert customer.says("Soy Ana, busco un sofá").support is False
    assert customer.says(text).support


@pytest.mark.parametrize(
    ("text", "products"),
    [
        ("el técnico de ustedes arma el sofá?", {"sofá"}),
        ("compramos casa y llegaron los chicos, o sea queremos un comedor", {"comedor"}),
        ("mi abuelita nos dio una cómoda, solo me falta el velador", {"velador"}),
        ("nos mudamos y la cama vieja se rompió, necesitamos cama y colchón", {"cama", "colchón"}),
        ("mi esposo dice que compremos un armario pero no de los blancos porque se manchan", {"clóset"}),
    ],
)
def test_mishaps_at_home_are_no_complaint(customer, text, products):
    assert not customer.says(text).support
    assert customer.products == products


@pytest.mark.parametrize(
    ("text", "support"),
    [
        ("quiero además una mesa, eso sí primero mándenme lo que falta", True),
        ("quiero comprar una mesa, y sigo esperando al técnico", True),
        ("bueno, gracias. Ahora quiero ver una mesa", False),
    ],
)
def test_a_purchase_beside_a_complaint_that_goes_on(customer, text, support):
    customer.says("la cama llegó rota", text)
    assert customer.support == support
    assert customer.products == {"mesa"}


def give_back(customer):
    """A colleague looked after the case, and gives the customer back to the assistant."""
    customer.state = replace(customer.state, support=False)
    return customer


@pytest.mark.parametrize(
    "texts",
    [
        ["¿Cuándo vienen por el sofá?"],
        ["Hola, ¿alguna novedad del sofá?"],
        ["Gracias", "quiero saber cuándo arreglan mi sofá"],
        ["Ok, quedo atenta", "¿y el sofá?"],
    ],
)
def test_who_asks_after_what_was_complained_of_wants_no_other(customer, texts):
    customer.says("Soy Ana, mi sofá llegó roto, quiero hacer un reclamo")
    give_back(customer).says(*texts)
    assert customer.support
    assert not customer.products


@pytest.mark.parametrize(
    ("text", "products"),
    [
        ("Ahora busco un sofá nuevo", {"sofá"}),
        ("me interesa el sofá Milano", {"sofá"}),
        ("¿cuánto cuesta el sofá gris?", {"sofá"}),
        ("quiero el sofá del catálogo", {"sofá"}),
        ("busco una mesa", {"mesa"}),
        ("gracias, me lo arreglaron", set()),
    ],
)
def test_who_wants_something_after_a_complaint_gets_it(customer, text, products):
    customer.says("Soy Ana, mi sofá llegó roto, quiero hacer un reclamo")
    give_back(customer).says(text)
    assert not customer.support
    assert customer.products == products
