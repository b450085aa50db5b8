import pytest
from conftest import Customer
from hypothesis import given, settings
from hypothesis import strategies as st
from test_numbers import spellings
from understanding.budget import LEAST, MOST

_FRAMES = (
    "{}",
    "hasta {}",
    "máximo {}",
    "unos {}",
    "mi presupuesto es {}",
    "presupuesto {}",
    "tengo {} dólares",
    "my budget is {}",
)
_FRAMES += ("up to {}", "até {}", "meu orçamento é {}", "puedo gastar {}", "no más de {}", "tope {} usd")


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("600", (None, 600)),
        ("unos 600", (None, 600)),
        ("hasta unos 700 dolaritos", (None, 700)),
        ("mil", (None, 1000)),
        ("mil quinientos máximo", (None, 1500)),
        ("ochocientos cincuenta", (None, 850)),
        ("dos mil doscientos cincuenta", (None, 2250)),
        ("2k", (None, 2000)),
        ("1.5k", (None, 1500)),
        ("2 mil 500", (None, 2500)),
        ("1,500", (None, 1500)),
        ("1.500,00", (None, 1500)),
        ("1'500", (None, 1500)),
        ("$ 1 500", (None, 1500)),
        ("de 5 a 6 mil", (5000, 6000)),
        ("entre cinco y seis mil", (5000, 6000)),
        ("cuatrocientos o quinientos", (400, 500)),
        ("800-1000", (800, 1000)),
        ("mínimo 500 máximo 900", (500, 900)),
        ("desde 800", (800, None)),
        ("más de 800", (800, None)),
        ("500 para arriba", (500, None)),
        ("no más de 800", (None, 800)),
        ("más de 800 no puedo", (None, 800)),
        ("no tengo más de 700", (None, 700)),
        ("que no suba de 700", (None, 700)),
        ("El regalo no puede costar más de 150", (None, 150)),
        ("mi presupuesto está entre 1200 y 1500", (1200, 1500)),
        ("600... no, mejor 700", (None, 700)),
        ("pensaba en 500 pero puedo llegar a 650", (None, 650)),
        ("La que vimos estaba en 540, pero yo llego hasta 500", (None, 500)),
        ("En otra mueblería me pidieron 1900, yo tengo 1600", (None, 1600)),
        ("si me lo deja en 700 lo llevo", (None, 700)),
        ("450 y cerramos", (None, 450)),
        ("somewhere from 500 to 650", (500, 650)),
        ("no more than 900", (None, 900)),
        ("até mil e quinhentos", (None, 1500)),
        ("entre 800 e mil", (800, 1000)),
    ],
)
def test_answer(named, text, budget):
    assert named.says(text).budget == budget


@pytest.mark.parametrize(
    "text",
    [
        "de 2.20 de ancho",
        "medidas 2400 x 2800 mm",
        "son para 40 personas",
        "20 unidades",
        "tengo 35 años",
        "90 mensuales",
        "300 de entrada y 12 cuotas",
        "cuotas de 60",
        "diferido a 18 meses",
        "0991234567",
        "mi cédula 1712345678",
        "la orden es la 45210",
        "modelo 1450",
        "en 30 días",
        "para antes del 24",
        "a las 18:30",
        "vi en su revista del 2023",
        "un descuento del 20 por ciento",
        "te lo dije mil veces",
        "vi que estaba en 800",
        "en otro lado me piden 800",
        "800 me parece caro",
        "vivo en la calle 10 de agosto 1234",
    ],
)
def test_other_numbers(named, text):
    assert named.says(text).budget is None


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("quiero un sofá de hasta 800", (None, 800)),
        ("sofá de 3 puestos por 800", (None, 800)),
        ("quiero una sala, $1.700", (None, 1700)),
        ("presupuesto: 1200", (None, 1200)),
        ("el monto aprobado es de USD 6,500.00 más IVA", (None, 6500)),
        ("quiero el sofá de $800 que vi", None),
        ("el sofá de la promo de 599", None),
        ("busco mesa de 1.20 x 0.80", None),
        ("colchón de 190 por 140 cm", None),
        ("necesito 200 sillas", None),
    ],
)
def test_unasked(customer, text, budget):
    assert customer.says(text).budget == budget


@pytest.mark.parametrize(
    ("turns", "budget"),
    [
        (["le puedo poner 700"], (None, 700)),
        (["destinaría 320"], (None, 320)),
        (["no quiero pasarme de 1.100"], (None, 1100)),
        (["si lo consigo en 400 feliz"], (None, 400)),
        (["mi marido decía 600 pero quedamos en 750"], (None, 750)),
        (["500", "bajémosle a 450"], (None, 450)),
        (["no es que tenga 420"], None),
        (["tengo 4 billetes de 50"], (None, 200)),
        (["unos 700 y pico de dólares"], (None, 700)),
        (["veinte y tantos años"], None),
        (["doy 150 y el saldo a 6 meses"], None),
        (["si me lo ponen en 620 cerramos"], (None, 620)),
        (["we have 3k saved up"], (None, 3000)),
        (["el presupuesto asignado es de 4.300 dólares"], (None, 4300)),
        (["en la web marca 1.149, mucho para mí"], None),
        (["desde 18 dólares la unidad, pedido mínimo 100"], None),
    ],
)
def test_more_ways_to_say_a_sum(named, turns, budget):
    assert named.says(*turns).budget == budget


@pytest.mark.parametrize("text", ["soy Ana Loor, quiero una mesa, 350", "Ana Loor, mesa, Cuenca, 0.35k"])
def test_a_bare_sum_beside_a_product(customer, text):
    assert customer.says(text).budget == (None, 350)


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        # A floor that hurts is a ceiling.
        ("arriba de 1350 ya me duele el bolsillo", (None, 1350)),
        ("a partir de 900 ya es mucho para mí", (None, 900)),
        ("más de 450 está difícil", (None, 450)),
        ("anything over 800 is too much", (None, 800)),
        ("I can't go over 700", (None, 700)),
        ("de 1000 para arriba, no importa pero que sea buena", (1000, None)),
        ("no me importa pagar más de 1000 si es bueno", (1000, None)),
        ("de 300 no bajo", (300, None)),
        ("no menos de 300 ni más de 400", (300, 400)),
        ("300 mínimo, 400 máximo", (300, 400)),
        # Who else speaks of the purse, and who gives it.
        ("mi esposo dice que hasta 1100 llegamos", (None, 1100)),
        ("mi mujer dice que 700 mejor", (None, 700)),
        ("nos dieron 1500 de presupuesto", (None, 1500)),
        ("el presupuesto que me dio es 1.200,00", (None, 1200)),
        ("1000 es mi sueldo así que unos 400", (None, 400)),
        # Spellings.
        ("budget is 500ish", (None, 500)),
        ("milquinientos", (None, 1500)),
        ("dosmil", (None, 2000)),
        ("mil y medio", (None, 1500)),
        ("siete u ochocientos", (700, 800)),
        ("1k-1.5k", (1000, 1500)),
        ("400 dolraes", (None, 400)),
        # What follows is no unit.
        ("350 exagerando", (None, 350)),
        ("400 estará bien?", (None, 400)),
        ("700 con todo y transporte", (None, 700)),
    ],
)
def test_sums_in_a_roundabout_way(named, text, budget):
    assert named.says(text).budget == budget


@pytest.mark.parametrize(
    "text",
    [
        "no puedo pagar 899",
        "ni loca pago 899",
        "899?? muy caro",
        "899 es con IVA?",
        "la vecina pagó 1200 por su sala",
        "te paso mi celu 0987 654 321",
        "+593 98 765 4321",
        "máximo 240 de largo",
        "en el 2027",
    ],
)
def test_other_peoples_sums_and_other_figures(named, text):
    assert named.says(text).budget is None


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("sigue en 189?", 600),
        ("y la lámpara cuánto, 189?", 600),
        ("corrijo, serían 750 nada más", 750),
        ("son 700, no 600", 700),
        ("con mi socia acordamos subirlo a 1.250", 1250),
        ("toca bajar a 500", 500),
        ("pensándolo bien 500", 500),
        ("we can stretch to 700", 700),
    ],
)
def test_a_known_budget(named, text, budget):
    assert named.says("600", text).budget == (None, budget)


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("qué tienen por 800?", (None, 800)),
        ("con 800 qué sala me compro", (None, 800)),
        ("tienen algo de 300 a 400?", (300, 400)),
        ("mi papi me dio 900 para un colchón", (None, 900)),
        ("las sillas a cuánto? no quiero pasar de 40 por silla", (None, 40)),
        ("quiero una litera, la de 450 que vi está bien", None),
    ],
)
def test_a_sum_beside_a_wish(customer, text, budget):
    assert customer.says(text).budget == budget


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("la queremos como de 250 a 300", (250, 300)),
        ("necesitamos algo de 100 a 150", (100, 150)),
        ("un par de cientos de dólares", (None, 200)),
        ("a couple hundred", (None, 200)),
        ("unos 45... ya, 55 le pongo", (None, 55)),
        ("me dan 700 en mi casa", (None, 700)),
        ("mi cliente tiene 3800", (None, 3800)),
        ("550 reunimos entre todos", (None, 550)),
        ("es por los 15 de mi hija Valeria", None),
        ("es para festejar los 50 de mi mamá", None),
        ("tengo 45 y me duele la espalda", None),
        ("mi papá tiene 80", None),
        ("puedo esperar hasta el 28", None),
    ],
)
def test_sums_ages_and_days(named, text, budget):
    assert named.says(text).budget == budget


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("busco un sofá de 800", (None, 800)),
        ("quiero el sofá de 800", None),
        ("busco un colchón de 140", None),
        ("el sofá sigue a 399? el afiche decía hasta el 30", None),
        ('"Sofá a solo $349", es cierto?', None),
        ("una mesa de 1.80 x 90 hasta 300", (None, 300)),
    ],
)
def test_the_price_of_a_thing(customer, text, budget):
    assert customer.says(text).budget == budget


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("máximo 2 mil quinientos", (None, 2500)),
        ("entre 2 mil y 2 mil quinientos", (2000, 2500)),
        ("presupuesto 1 500", (None, 1500)),
        ("unos 2 500", (None, 2500)),
        ("de 1 500 a 2 000", (1500, 2000)),
        ("2 000-2 500", (2000, 2500)),
        ("1500 euros", (None, 1500)),
        ("R$ 1.500", (None, 1500)),
        ("medio millón", (None, 500_000)),
        ("hasta un millón", (None, 1_000_000)),
        ("two and a half thousand", (None, 2500)),
        ("no máximo dois mil e quinhentos", (None, 2500)),
        ("kinientos sinkuenta", (None, 550)),
        ("mil dólares con cincuenta centavos", (None, 1000)),
    ],
)
def test_money_in_words_and_groups(named, text, budget):
    assert named.says(text).budget == budget


@pytest.mark.parametrize(
    "text",
    """
    soy del 85|soy de los 80|nací en el 92|nací en mil novecientos ochenta y cinco|soy cliente desde 1998|del 85 al 90
    mide 2 500 mm|2 500 milímetros de ancho|1 800 x 2 000|dos metros cincuenta|mide dos cincuenta|80 kilos|de uno ochenta
    0987 654 321|099 123 4567|mi número es 234 5678|+593 98 765 4321|mi cédula 17 1234 5678|cédula 171 234 567 8
    a las dos y media|a las 18 30|a las 3 y media|media hora|en 24 horas|para el 15 de mayo
    la orden 45 210|mi pedido es el 12 345|ticket #4521|factura 001-001-000123456|modelo 1 500|código 1 234
    la av 10 500|vivo en el km 12 500|piso 2 500|calle 3 450|habitación 2 500
    tres cuotas de 500|12 cuotas de mil|cuotas de 2 mil quinientos|mil quinientos al mes|500 mensuales
    veinte por ciento|50%|el 20 por ciento|un millón de gracias|medio millón de gracias|mil y una veces|mil disculpas
    un par de sillas|un par de días|media docena|dos mil sillas|unas mil personas|tengo 2 hijos|talla 42
    """.strip()
    .replace("\n", "|")
    .split("|"),
)
def test_numbers_that_are_no_money(named, text):
    assert named.says(text.strip()).budget is None


@settings(max_examples=150)
@given(spellings(st.integers(LEAST, MOST)), st.sampled_from(_FRAMES))
def test_any_sum_however_it_is_written(vocabulary, spelt, frame):
    amount, text = spelt
    customer = Customer(vocabulary).says("Busco un sofá", "me llamo Rosario Iza", frame.format(text))
    assert customer.budget == (None, amount), frame.format(text)
