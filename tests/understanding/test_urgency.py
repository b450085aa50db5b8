from datetime import date

import pytest
from understanding import Message, State, Vocabulary, understand
from understanding.calendar_days import NAMED_DAYS, black_friday, find_days, first_day_of_school
from understanding.text import Text

VOCABULARY = Vocabulary.shipped()


def level(text, day, *before):
    """How urgent a text is that was written on a day, after others of the same day."""
    state = State()
    for each in (*before, text):
        understanding = understand((Message(each, day=day),), state, VOCABULARY)
        state = State(slots=understanding.slots)
    slot = understanding.slots.get("urgency")
    return slot.value if slot else None


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("lo quiero ya", "high"),
        ("me urge", "high"),
        ("me mudo el viernes", "high"),
        ("para hoy si se puede", "high"),
        ("en ocho días", "high"),
        ("en menos de una semana", "high"),
        ("paso mañana mismo a comprarlo", "high"),
        ("para el finde", "high"),
        ("I need it by Monday", "high"),
        ("pra ontem", "high"),
        ("me mudo en 15 días", "medium"),
        ("a fin de mes", "medium"),
        ("la mudanza es en mes y medio", "medium"),
        ("the baby is due in six weeks", "medium"),
        ("no es urgente", "low"),
        ("sin apuro, solo estoy viendo opciones", "low"),
        ("recién en unos ocho meses", "low"),
        ("para el próximo año", "low"),
        ("No rush", "low"),
        ("este viernes abro el hotel 🏖️ y las necesito", "high"),
        ("llegan mis suegros el sábado", "high"),
        ("aún falta mucho", "low"),
        ("ya tengo", None),
        ("feliz fin de semana", None),
        ("nos vemos el lunes", None),
        ("esta semana no puedo", None),
        ("lo pago en 3 meses", None),
        ("llega en 15 días?", None),
        ("respóndame lo más pronto posible", None),
        ("cuando pueda me responde", None),
        ("ya pues", None),
        ("y hoy hasta qué hora están?", None),
        ("A qué hora abren los domingos?", None),
        ('"Comedor $599 SOLO HOY" es real?', None),
        ("crédito a 60 días?", None),
        ("hace dos semanas vi uno", None),
        ("mañana le confirmo", None),
        ("en la mañana", None),
        ("tengo 35 años", None),
        ("lo necesito rápido", "high"),
        ("máximo una semana", "high"),
        ("tengo hasta el viernes para comprar", "high"),
        ("¿llega para el viernes?", "high"),
        ("in about a month", "medium"),
        ("dentro de mes y medio", "medium"),
        ("es solo para darme una idea", "low"),
        ("vengo nomás a averiguar", "low"),
        ("de aquí al viernes", "high"),
        ("no puede pasar del viernes", "high"),
        ("no puedo esperar más", "high"),
        ("en 48 horas", "high"),
        ("in a couple of weeks", "medium"),
        ("no pasa de este mes", "medium"),
        ("no hay apuro, no es para hoy ni mañana", "low"),
        ("no lo necesito hoy mismo", "low"),
        ("no tiene que ser mañana", "low"),
        ("hoy no, más adelante", "low"),
        ("tampoco es que sea tan urgente", "low"),
        ("no llevo ninguna prisa", "low"),
        ("puedo esperar unos meses", "low"),
        ("tengo todo el tiempo del mundo", "low"),
        ("hoy me llegó su catálogo", None),
        ("hoy vi su anuncio", None),
        ("no tengo tiempo de ir", None),
        ("talk to you next week", None),
    ],
)
def test_urgency(customer, text, urgency):
    assert customer.says(text).value("urgency") == urgency


@pytest.mark.parametrize(
    ("when", "urgency"),
    [
        ("", None),
        (" urgente", "high"),
        (", es urgente", "high"),
        (", me urge", "high"),
        (" lo antes posible", "high"),
        (" para mañana", "high"),
        (" para el próximo mes", "medium"),
        (", sin apuro", "low"),
    ],
)
@pytest.mark.parametrize("who", ["", "Hola, soy Ana, ", "me llamo Luis, "])
@pytest.mark.parametrize("budget", ["", ", hasta 800 dólares", ", tengo $500", ", mi presupuesto es de 900 dólares"])
@pytest.mark.parametrize("where", ["", " en Quito", ", vivo en Guayaquil"])
def test_plain_words_whatever_stands_beside(who, when, urgency, budget, where):
    for words in ("busco una mesa de comedor", "quiero una cama"):
        text = f"{who}{words}{when}{budget}{where}"
        assert level(text, None) == urgency, text
    if who:
        rest = f"{words}{when}{budget}{where}"
        assert level(rest, None, who.rstrip(", ")) == urgency, (who, rest)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("ya ya, entendí", None),
        ("están abiertos? es para hoy?", None),
        ("necesito una cita urgente con el dentista", None),
        ("pasado mañana tendría que estar acá", "high"),
        ("el matrimonio es este viernes", "high"),
    ],
)
def test_whose_haste(customer, text, level):
    assert customer.says(text).value("urgency") == level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("unas dos semanitas", "medium"),
        ("unos cinco días", "high"),
        ("la otra semanita", "high"),
        ("si sigue en oferta voy el sábado a verla", "high"),
        ("su santo es el jueves!", "high"),
    ],
)
def test_times_by_themselves(named, text, level):
    assert named.says(text).value("urgency") == level


@pytest.mark.parametrize("named", NAMED_DAYS, ids=lambda named: named.example)
def test_each_named_day_is_found_by_its_example(named):
    today = named.on(2026)
    assert [found.day for found in find_days(Text(named.example), today)] == [today]
    assert level(named.example, today) == "high"


@pytest.mark.parametrize(
    ("text", "day", "urgency"),
    [
        ("lo necesito antes de Navidad", date(2026, 10, 1), "low"),
        ("lo necesito antes de Navidad", date(2026, 11, 29), "medium"),
        ("lo necesito antes de Navidad", date(2026, 12, 18), "high"),
        ("lo necesito antes de Navidad", date(2026, 12, 26), "low"),
        ("I need it before Christmas", date(2026, 12, 18), "high"),
        ("para o Natal", date(2026, 12, 1), "medium"),
        ("antes de nabidad porfa", date(2026, 12, 18), "high"),
        ("es para el día de la madre", date(2026, 5, 4), "high"),
        ("es para el día de la madre", date(2026, 5, 11), "low"),
        ("para el día de las madres", date(2026, 4, 1), "medium"),
        ("para Año Nuevo", date(2026, 12, 26), "high"),
        ("para Carnaval", date(2026, 2, 9), "high"),
        ("para Carnaval", date(2027, 1, 10), "medium"),
        ("antes de Semana Santa", date(2026, 3, 1), "medium"),
        ("lo quiero para Black Friday", date(2026, 11, 20), "high"),
        ("antes del feriado de noviembre", date(2026, 10, 26), "high"),
        ("para el inicio de clases en la Sierra", date(2026, 8, 31), "high"),
        ("para el inicio de clases en la Costa", date(2026, 4, 28), "high"),
        ("es para fin de mes", date(2026, 11, 5), "medium"),
        ("es para fin de mes", date(2026, 11, 25), "high"),
        ("para la quincena", date(2026, 11, 12), "high"),
        ("lo necesito el 15 de diciembre", date(2026, 12, 10), "high"),
        ("lo necesito el 15 de diciembre", date(2026, 11, 10), "medium"),
        ("lo necesito el 15 de diciembre", date(2026, 8, 10), "low"),
        ("para el 20/12", date(2026, 12, 15), "high"),
        ("hasta el 20/12/2026", date(2026, 12, 15), "high"),
        ("I need it by December 10", date(2026, 12, 5), "high"),
        ("el viernes 4 de diciembre lo necesito", date(2026, 10, 4), "medium"),
        ("lo necesito para el 15", date(2026, 12, 10), "high"),
        ("lo quiero a fines de enero", date(2026, 12, 1), "medium"),
        ("en septiembre nos casamos y quiero un comedor", date(2026, 8, 20), "medium"),
        ("este sábado", date(2026, 11, 29), "high"),
        ("hasta el viernes", date(2026, 11, 29), "high"),
        ("no es para Navidad", date(2026, 12, 18), "low"),
        ("después de Navidad", date(2026, 12, 24), "high"),
        ("después de Navidad", date(2026, 12, 1), "medium"),
    ],
)
def test_urgency_by_the_calendar_of_the_day_it_was_written(text, day, urgency):
    assert level(text, day) == urgency


@pytest.mark.parametrize(
    "text",
    [
        "¡Feliz Navidad!",
        "¿atienden en Navidad?",
        "¿tienen ofertas de Black Friday?",
        "vivo en la Av. 10 de Agosto",
        "Colón y 6 de Diciembre",
        "nací el 3 de mayo",
        "compré una cama el 15 de noviembre",
        "le confirmo el 15 de diciembre",
        "es para Julio",
        "presupuesto hasta el 500",
        "el 31 de febrero",
        "para el 45/80",
    ],
)
def test_day_of_something_else(text):
    assert level(text, date(2026, 11, 29)) is None


@pytest.mark.parametrize("text", ["antes de Navidad", "para el 15 de diciembre", "para el Día de la Madre"])
def test_without_the_messages_day_a_named_day_tells_nothing(text):
    assert level(text, None) is None


def test_school_begins_where_the_customer_lives():
    for city, urgency in (("Guayaquil", "low"), ("Cuenca", "high"), ("Loja", "high"), ("Manta", "low")):
        assert level("lo necesito para el inicio de clases", date(2026, 8, 31), f"Vivo en {city}") == urgency


def test_movable_feasts():
    assert [black_friday(year) for year in (2024, 2025, 2026)] == [
        date(2024, 11, 29),
        date(2025, 11, 28),
        date(2026, 11, 27),
    ]
    assert first_day_of_school(2025, coast=True) == date(2025, 5, 5)
    assert first_day_of_school(2025, coast=False) == date(2025, 9, 1)
    assert {named.example: named.on(2026) for named in NAMED_DAYS}["para Carnaval"] == date(2026, 2, 16)
    assert {named.example: named.on(2026) for named in NAMED_DAYS}["es para el Día de la Madre"] == date(2026, 5, 10)


def test_last_day_that_there_is():
    assert level("antes de Navidad", date(9999, 12, 31)) is None
    assert level("para el 29 de febrero", date(9999, 12, 31)) is None
    assert level("a fin de mes, o para el 3", date(9999, 12, 31)) == "medium"
