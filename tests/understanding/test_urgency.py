import pytest


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
