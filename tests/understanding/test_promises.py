import csv

import pytest
from conftest import ADDON
from understanding.promises import promises

WORDINGS = ADDON / "data/whatsapp.assistant.wording.csv"
#: Situations in which every wording says that a person comes or does something.
ALWAYS = {
    *("create_lead", "transfer_to_support", "order", "not_text", "not_heard", "not_understood", "off_hours"),
    *(
        f"answer_{name}"
        for name in ("price", "delivery", "payment", "warranty", "photos", "human", "several", "waiting")
    ),
}


def test_every_delivered_promise_is_known_in_each_language():
    with WORDINGS.open() as file:
        rows = list(csv.DictReader(file))
    assert {row["situation"] for row in rows} >= ALWAYS
    missed = [row["text"] for row in rows if row["situation"] in ALWAYS and not promises(row["text"])]
    assert not missed
    nobody = ("ask_clarifying_question", "ask_about_interest", "request_contact_info", "gather_more_details")
    nobody += ("opt_out", "opt_in", "confirm_opt_out", "privacy_notice")
    nobody += ("closing", "closing_lost", "closing_postponed")
    wrong = [row["text"] for row in rows if row["situation"] in nobody and promises(row["text"])]
    assert not wrong


@pytest.mark.parametrize(
    "text",
    [
        "¡Gracias! Enseguida te llamamos; te contactaremos hoy.",
        "Nuestro equipo lo revisará.",
        "Alguien de la tienda le escribirá mañana",
        "Te vamos a llamar.",
        "Enseguida te lo confirmamos",
        "Nos comunicaremos contigo",
        "We will call you tomorrow.",
        "Somebody will look into it",
        "Entraremos em contato amanhã",
        "¿Algo más? Un asesor te escribe.",
        "Te paso con Carlos",
        "Ya le pasé tu mensaje a Carlos",
        "Lo consulto y te digo",
        "Te aviso apenas sepa",
        "En un momento te atienden",
        "Recibirás una llamada",
        "Serás contactado en breve",
        "Vamos a revisar tu caso",
        "Te devolvemos la llamada",
        "We'll be in touch soon",
        "Carlos will call you",
        "I'll find out for you",
        "Já te atendem",
        "Você receberá uma ligação",
    ],
)
def test_promises_in_a_shops_own_words(text):
    assert promises(text)


@pytest.mark.parametrize(
    "text",
    [
        "¿Quieres que un asesor te llame?",
        "¿Me ayudas con tu nombre para que un asesor pueda atenderte?",
        "Atendemos de lunes a sábado de 9:00 a 19:00.",
        "¡A ti, {name}! Que tengas un lindo día.",
        "Listo: no te enviaremos más mensajes.",
        "Si no quieres, no te llamamos.",
        "Nos encuentras en la Av. Amazonas.",
        "Would you like an adviser to call you?",
        "Te esperamos en la tienda",
        "Cuéntame qué buscas para que pueda ayudarte",
        "Aquí tienes el catálogo",
    ],
)
def test_no_promise(text):
    assert not promises(text)
