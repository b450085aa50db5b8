"""Who wants no more messages, and who only uses one of the words."""

import json
import re
from pathlib import Path

import pytest
from understanding.consent import (
    CERTAIN,
    LIKELY,
    OPT_IN_PHRASES,
    OPT_OUT_PHRASES,
    find_consent_request,
    find_request_language,
    is_consent_request,
    read_phrases,
)

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
        "parar",
        "Sair, por favor",
        "Oi, boa noite. Cancelar inscricao. Obrigado",
        "REMOVER",
        "nao quero mais mensagens",
    ],
)
def test_wish_for_no_more_messages(text):
    assert is_consent_request(text, OUT)


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
        "quero sair para ver a loja",
        "onde posso parar o carro?",
        "cancelar meu pedido",
        "remover a mesa do pedido",
        "voltar a receber mensagens",
    ],
)
def test_sentences_that_are_no_such_wish(text):
    assert not is_consent_request(text, OUT)


@pytest.mark.parametrize(
    "text",
    ["ALTA", "alta, por favor", "Start", "quiero darme de alta", "voltar a receber mensagens", "quero me inscrever"],
)
def test_wish_for_messages(text):
    assert is_consent_request(text, IN)
    assert not is_consent_request(text, OUT)
    assert find_consent_request(text) is None


@pytest.mark.parametrize("text", ["la cama alta", "gama alta", "es de alta calidad", "restart"])
def test_no_wish_for_messages(text):
    assert not is_consent_request(text, IN)


def test_no_customer_of_the_data_says_it_by_chance():
    texts = [
        turn["text"]
        for file in Path(__file__).with_name("data").glob("*.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
        for turn in json.loads(line)["turns"]
    ]
    assert len(texts) > 1000
    assert {text for text in texts if is_consent_request(text, OUT)} <= {"no quiero recibir más mensajes, gracias"}


# Sentences. `data/consent` has both kinds by the file: those the rules were written with, and those kept aside.


def read_sentences(name):
    file = Path(__file__).with_name("data") / "consent" / f"{name}.jsonl"
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    wanted = [row["text"] for row in rows if row["wants_out"]]
    return wanted, [row["text"] for row in rows if not row["wants_out"]]


@pytest.mark.parametrize(("name", "certain", "asked"), [("dev", 0.85, 0.96), ("heldout", 0.9, 0.97)])
def test_sentences_that_say_it(name, certain, asked):
    wanted, _others = read_sentences(name)
    found = [CERTAIN if is_consent_request(text, OUT) else find_consent_request(text) for text in wanted]
    assert found.count(CERTAIN) >= certain * len(wanted)
    assert len(found) - found.count(None) >= asked * len(wanted), [
        text for text, wish in zip(wanted, found, strict=True) if not wish
    ]


@pytest.mark.parametrize("name", ["dev", "heldout"])
def test_sentences_that_say_something_else(name):
    _wanted, others = read_sentences(name)
    assert [text for text in others if find_consent_request(text) == CERTAIN] == []
    assert sum(find_consent_request(text) is not None for text in others) <= len(others) // 100, "nor are they asked"


@pytest.mark.parametrize(
    "text",
    [
        "ya no me escriban",
        "no quiero recibir mensajes",
        "bórrenme de su lista",
        "dejen de molestar",
        "quítenme de aquí",
        "dejá de mandarme mensajes",
        "stop texting me",
        "me tire da lista",
        "No me interesa, ya no me escriban. Gracias!!",
        "no me interesa recibir más información",
        "no quiero más whatsapps de ustedes",
        "cancelen mi suscripción a estos mensajes",
        "no autorizo el uso de mi número para publicidad",
        "I don't want to receive these messages anymore",
        "me tira dessa lista por favor",
        "quero cancelar o recebimento de mensagens",
        "Quero parar de receber mensagens",
        "quero parar de receber suas mensagens, por favor",
        "Não quero mais receber mensagens de vocês",
        "nao quero mais receber nada",
        "gostaria de não receber mais mensagens",
        "deixem de me mandar mensagens",
        "não entrem mais em contato comigo",
        "me deixa em paz",
        "tire meu número da lista",
        "quero cancelar minha assinatura",
        "quero me desinscrever",
        "parem com as mensagens",
        "I want to stop receiving messages",
    ],
)
def test_plain_wish_is_certain(text):
    assert find_consent_request(text) == CERTAIN


@pytest.mark.parametrize(
    "text",
    ["no quiero recibir publicidad", "no deseo seguir recibiendo promociones", "ya no hace falta que me escriban"],
)
def test_what_may_be_a_wish_is_asked(text):
    assert find_consent_request(text) == LIKELY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quiero dar de baja mi pedido",
        "no me escriban al correo, mejor por aquí",
        "no quiero recibir mensajes de publicidad pero sí el sofá",
        "no me llamen, escríbanme",
        "no quiero darme de baja",
        "no me interesa recibir el sofá desarmado",
        "cancelen el envío de la mesa",
        "no quiero más whatsapps de voz",
        "no me escriban hasta el lunes",
        "ya no me escriban " + "x" * 500,
        "quero sair para ver a loja",
        "quero parar de procurar sofá",
        "onde posso parar o carro?",
        "quero sair da fila de espera",
        "não me mandem mensagem à noite",
        "não me mandem mensagens de voz",
        "não quero parar de receber mensagens",
        "vou parar de receber visitas, quero um sofá menor",
        "parei de receber mensagens do meu pedido",
        "tirem o meu número do pedido",
        "me deixe enviar mensagens à loja",
        "quero voltar a receber mensagens",
    ],
)
def test_no_wish_in_a_sentence(text):
    assert find_consent_request(text) is None


@pytest.mark.parametrize(
    ("text", "before", "language"),
    [
        ("Please stop messaging me", None, "en"),
        ("stop texting me", None, "en"),
        ("unsubscribe", None, "en"),
        ("Quero parar de receber mensagens", None, "pt"),
        ("SAIR", None, "pt"),
        ("cancelar inscricao", None, "pt"),
        ("parem de me incomodar", None, "pt"),
        ("BAJA", None, "es"),
        ("ya no me escriban", None, "es"),
        ("STOP", None, None),
        ("PARAR", None, None),
        ("STOP", "pt", "pt"),
        ("unsubscribe", "es", "es"),
        ("Please stop messaging me", "es", "en"),
        ("", None, None),
    ],
)
def test_words_tell_the_language_of_a_wish(text, before, language):
    assert find_request_language(text, before) == language


def test_sentences_of_other_conversations():
    """Of four thousand things that customers write, these alone are such wishes."""
    texts = {
        turn["text"]
        for file in Path(__file__).with_name("data").glob("*.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
        for turn in json.loads(line)["turns"]
    }
    said = {text for text in texts if find_consent_request(text)}
    assert all(re.search(r"mensajes|promo|publicidad|lista|escrib|escriba", text, re.IGNORECASE) for text in said), said
    assert len(said) < 12
