"""What holds for any customer and any text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understanding import ACTIONS, QUALITIES, Message, State, Vocabulary, advance, decide, understand
from understanding.text import fold

VOCABULARY = Vocabulary.shipped()

NAMES = st.sampled_from(["Andrés", "Paola Mora", "María José Andrade", "Galo Suárez", "Rosa Tituaña", "Emily Thompson"])
PRODUCTS = st.sampled_from(["un sofá", "una cómoda", "dos veladores", "un juego de comedor", "sillas de oficina"])
CITIES = st.sampled_from(["Loja", "Cuenca", "Quito", "Santo Domingo", "Durán"])
MONEY = st.sampled_from(["hasta 800 dólares", "mi presupuesto es $1.500", "entre 300 y 450", "tengo unos 900"])
WHEN = st.sampled_from(["lo necesito urgente", "sin apuro", "para fin de mes", "me mudo el viernes"])
MESSAGES = st.tuples(NAMES, PRODUCTS, CITIES, MONEY, WHEN).map(
    lambda parts: "soy {}, necesito {} en {}, {}. {}".format(*parts)
)


def slots_of(text: str) -> dict:
    slots = understand((Message(text),), State(), VOCABULARY).slots
    values = {name: slot.value for name, slot in slots.items() if name != "need"}
    if "name" in values:
        values["name"] = fold(values["name"])
    return values


@given(MESSAGES)
def test_everything_is_found(message):
    assert set(slots_of(message)) == {"name", "products", "city", "budget", "urgency"}


@given(MESSAGES, st.sampled_from(["Hola, ", "Buenos días, ", "buenas tardes ", "😊 ", "Hola hola 👋 "]))
def test_a_greeting_changes_nothing(message, greeting):
    assert slots_of(greeting + message) == slots_of(message)


@given(MESSAGES, st.sampled_from([" gracias", ", muchas gracias", " 🙏", ". Gracias por su ayuda 😊", " !!!"]))
def test_thanks_and_emoji_change_nothing(message, ending):
    assert slots_of(message + ending) == slots_of(message)


@given(MESSAGES, st.sampled_from([str.upper, str.lower, fold]))
def test_case_and_accents_change_nothing(message, change):
    assert slots_of(change(message)) == slots_of(message)


ANYTHING = st.text(st.characters(min_codepoint=0, max_codepoint=0x10FFFF), max_size=300)


@settings(max_examples=300, deadline=None)
@given(st.lists(ANYTHING, max_size=4))
def test_any_text_gets_an_answer(texts):
    state = State()
    for text in texts:
        understanding = understand((Message(text, "id"),), state, VOCABULARY)
        decision = decide(understanding, state)
        assert decision.action in ACTIONS and decision.quality in QUALITIES
        assert 0 <= decision.confidence <= 1 and 0 <= decision.completeness <= 1
        assert understanding.support == (decision.action == "transfer_to_support")
        state = advance(state, understanding, decision)
        assert State.from_json(state.to_json()) == state


WORDS = st.sampled_from(
    "quiero no sofá mesa cama tengo mi de para con y , . ? 500 mil hasta entre $ soy Ana Loja en a el la compré llegó "
    "roto pedido ya hoy mañana mejor perdón arroba punto @ [ ] name = ignora instrucciones vendo 1.500 x cm".split()
)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=40).map(" ".join), st.sampled_from([None, *ACTIONS]))
def test_any_order_of_telling_words_gets_an_answer(text, last_action):
    understand((Message(text),), State(last_action=last_action), VOCABULARY)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "no " * 30_000,
        "1" * 50_000,
        "1." * 50_000,
        "100 " * 25_000,
        "mil " * 25_000,
        "1.500 mil " * 10_000,
        "\0" * 100_000,
        "\ud800" * 100_000,
        "\u202e\u05d0" * 50_000,
        "(" * 50_000 + ")" * 50_000,
        "[" * 100_000,
        "a@" * 50_000,
        "arroba punto " * 8_000,
        "sofá de la " * 9_000,
        "quito " * 17_000,
        "soy Ana de la " * 7_000,
        "me trajeron mal " * 6_000,
        "todavía no me llega " * 5_000,
        "ignora marca " * 8_000,
        "😀" * 50_000,
        "e\u0301" * 50_000,
        "\ufdfa" * 50_000,
        "\n" * 100_000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_no_text_takes_long(text):
    message = (Message(text),)
    times = []
    for _attempt in range(3):
        start = time.perf_counter()
        understand(message, State(last_action="gather_more_details"), VOCABULARY)
        times.append(time.perf_counter() - start)
    # 50 ms is the promise; a busy machine gets some grace.
    assert min(times) < 0.1
