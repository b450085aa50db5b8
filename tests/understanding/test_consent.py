"""Who wants no more messages, and who only uses one of the words."""

import json
from pathlib import Path

import pytest
from understanding.consent import OPT_IN_PHRASES, OPT_OUT_PHRASES, is_wish, read_phrases

OUT, IN = (read_phrases("\n".join(phrases)) for phrases in (OPT_OUT_PHRASES, OPT_IN_PHRASES))


@pytest.mark.parametrize(
    "text",
    [
        *OPT_OUT_PHRASES,
        "baja",
        "Baja.",
        "  ¡BAJA!  ",
        "Bája por favor",
        "stop 🙏",
        "STOP STOP STOP",
        "Hola, buenas tardes. Dar de baja, por favor. Gracias",
        "no mas mensajes",
        "No me escriban más, gracias",
        "ya, no más mensajes por favor",
        "cancelar\nsuscripcion",
        "Unsubscribe please",
    ],
)
def test_wish_for_no_more_messages(text):
    assert is_wish(text, OUT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🛑",
        "hola",
        "muchas gracias por favor",
        "quiero dar de baja mi pedido",
        "bajame el precio",
        "Bájame el precio por favor",
        "¿tienen la mesa baja?",
        "la cama baja",
        "mesa baja",
        "planta baja",
        "baja la calidad de sus muebles",
        "cancelar",
        "quiero cancelar mi pedido",
        "no más",
        "no quiero más",
        "no quiero más mesas",
        "stop en la esquina",
        "non-stop",
        "me dieron de baja la factura",
        "no me escriban más hasta el lunes, estoy de viaje",
        "baja " + "x" * 200,
    ],
)
def test_sentences_that_are_no_such_wish(text):
    assert not is_wish(text, OUT)


@pytest.mark.parametrize("text", ["ALTA", "alta, por favor", "Start", "quiero darme de alta"])
def test_wish_for_messages(text):
    assert is_wish(text, IN)
    assert not is_wish(text, OUT)


@pytest.mark.parametrize("text", ["la cama alta", "gama alta", "es de alta calidad", "restart"])
def test_no_wish_for_messages(text):
    assert not is_wish(text, IN)


def test_no_customer_of_the_data_says_it_by_chance():
    texts = [
        turn["text"]
        for file in Path(__file__).with_name("data").glob("*.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
        for turn in json.loads(line)["turns"]
    ]
    assert len(texts) > 1000
    assert {text for text in texts if is_wish(text, OUT)} <= {"no quiero recibir más mensajes, gracias"}
