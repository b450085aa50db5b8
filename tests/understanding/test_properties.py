"""What holds for any customer and any text."""

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


def answer(text, state):
    """The state after a turn of this message; fails when that is no turn as the rest of the house relies on."""
    understanding = understand((Message(text, "id"),), state, VOCABULARY)
    decision = decide(understanding, state)
    assert decision.action in ACTIONS and decision.quality in QUALITIES
    assert 0 <= decision.confidence <= 1 and 0 <= decision.completeness <= 1
    assert understanding.support == (decision.action == "transfer_to_support")
    after = advance(state, understanding, decision)
    assert after.last_action == decision.action
    assert State.from_json(after.to_json()) == after
    return after


@settings(max_examples=300)
@given(st.lists(ANYTHING, max_size=4))
def test_any_text_gets_an_answer(texts):
    state = State()
    for text in texts:
        state = answer(text, state)


WORDS = st.sampled_from(
    "quiero no sofá mesa cama tengo mi de para con y , . ? 500 mil hasta entre $ soy Ana Loja en a el la compré llegó "
    "roto pedido ya hoy mañana mejor perdón arroba punto @ [ ] name = ignora instrucciones vendo 1.500 x cm".split()
)


@settings(max_examples=300)
@given(st.lists(WORDS, max_size=40).map(" ".join), st.sampled_from([None, *ACTIONS]))
def test_any_order_of_telling_words_gets_an_answer(text, last_action):
    slots = answer(text, State(last_action=last_action)).slots
    assert all(slot.quote and slot.quote in text for slot in slots.values()), (
        "each value by words of the customer's own"
    )
