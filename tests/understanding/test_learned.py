"""What was learned from labelled conversations, and how it weighs."""

import sys
from pathlib import Path

import pytest
from conftest import Customer
from understanding import Message, State, Vocabulary, understand
from understanding.learned.model import Linear, Tagger, shipped
from understanding.learned.review import Review
from understanding.rules import Turn
from understanding.text import fold

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from training_data import SEALED, fingerprint, list_files


def test_weights_are_of_this_data_and_code():
    assert shipped().about["made from"] == fingerprint(), "./dev train --write makes them anew"


def test_sealed_batches_are_not_learned_from():
    assert not SEALED & {path.stem for path in list_files()}


def test_no_shop_word_is_learned(vocabulary):
    """What a shop adds to its vocabulary works at once, because no decision knows the words of today."""
    own = {
        fold(interest.name) for interest in vocabulary.interests if " " not in interest.name and not interest.general
    }
    decisions = shipped().decisions
    learned = {name: own & {feature.removeprefix("w=") for feature in decisions[name].weights} for name in decisions}
    # Words that were heard wrong, or are something else where they stand (*silla de ruedas*, *cuadro* of data), remain.
    assert sum(map(len, learned.values())) <= 6, learned


@pytest.mark.parametrize("thing", ["una hamaca", "hamacas grandes", "dos hamacas y un biombo"])
def test_new_products_are_decided_on_like_others(thing):
    words = Vocabulary.shipped()
    rows = [
        *words.interests,
        type(words.interests[0])("hamaca", ("hamaca",)),
        type(words.interests[0])("biombo", ("biombo",)),
    ]
    vocabulary = Vocabulary(rows, words.cities)
    assert "hamaca" in Customer(vocabulary).says(f"Buenas, busco {thing} para el patio").products
    assert (
        "hamaca"
        not in Customer(vocabulary).says(f"no quiero {thing.replace(' y un biombo', '')}, busco una cama").products
    )


def test_decision_weighs_what_is_true_and_forgets_the_rest():
    linear = Linear(("no", "yes"), (-1.0,), {"a": (1.0, 3.0), "b": (1.0, -1.0)})
    assert linear.probabilities(["a"])["yes"] > 0.85 > linear.probabilities(["a", "b", "unheard of"])["yes"] > 0.7
    assert sum(linear.probabilities(["a", "b"]).values()) == pytest.approx(1)


def test_name_is_found_along_its_tokens():
    tagger = Tagger(
        ("O", "B", "I"),
        {"soy": (2.0, -2.0, -2.0), "word": (0.0, 0.5, 0.4), "end": (3.0, 0.0, 0.0)},
        ((0.0, 1.0, -9.0), (0.0, -1.0, 1.0), (0.0, -1.0, 0.5)),
    )
    scored = tagger.score([["soy"], ["word"], ["word"], ["end"]])
    tags, sure = tagger.tag(scored)
    assert tags == ["O", "B", "I", "O"]
    assert sure > tagger.share(scored, 1, 3) > tagger.share(scored, 1, 2) > 0.5 > tagger.share(scored, 0, 1)
    assert tagger.tag([]) == ([], 0.0)


def test_name_of_which_only_the_end_is_unsure_is_a_name():
    """*Ana Luz*, or *Ana* alone: that each is less likely than no name makes neither unlikely to be one."""
    steps = ((0.0, 0.0, -9.0), (0.0, -9.0, 0.0), (0.0, -9.0, 0.0))
    tagger = Tagger(("O", "B", "I"), {"ana": (0.0, -0.2, -9.0), "luz": (0.0, -9.0, 0.0)}, steps)
    scored = tagger.score([["ana"], ["luz"]])
    assert max(tagger.share(scored, 0, 1), tagger.share(scored, 0, 2)) < 0.5 < tagger.tag(scored)[1]


@pytest.mark.parametrize("text", ["–", "$", "...", "?", "\n", "¡!", "😀", "a" * 300])
def test_text_without_a_word_is_read(vocabulary, text):
    for asked in (None, "request_contact_info", "gather_more_details"):
        turn = Turn((Message(text),), State(last_action=asked), vocabulary)
        assert Review(turn, turn.read(), shipped()).decide().slots == {}


@pytest.mark.parametrize(
    ("text", "products", "support"),
    [
        ("quiero devolver la alfombra que me trajeron", set(), True),
        ("quiero comprar la alfombra que me mostraron", {"alfombra"}, False),
        ("hola, vendo un sofá casi nuevo, les interesa?", set(), False),
        ("hola, me interesa un sofá nuevo, tienen?", {"sofá"}, False),
        ("somos fabricantes de espejos y queremos ofrecerles para su tienda", set(), False),
        ("somos una cafetería y queremos espejos para el local", {"espejo"}, False),
    ],
)
def test_what_is_returned_or_offered_is_not_wanted(customer, text, products, support):
    found = customer.says(text)
    assert found.products == products
    assert found.support is support


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("never mind, we found one somewhere else", False),
        ("conseguí una de segunda mano, gracias igual", False),
        ("encontré la foto, es esa misma, gracias", True),
    ],
)
def test_what_was_found_elsewhere_is_not_wanted_any_more(customer, text, kept):
    customer.says("Hola, busco una mesa")
    assert ("mesa" in customer.says(text).products) is kept


@pytest.mark.parametrize(
    ("text", "level"),
    [("es para el bautizo del 18", "medium"), ("cobro el 18", None), ("inauguramos el 5", "medium"), ("piso 5", None)],
)
def test_a_day_of_what_is_celebrated_is_urgency(customer, text, level):
    customer.says("Busco un mantel")
    assert customer.says(text).value("urgency") == level


def test_doubt_of_the_turns_before_is_counted_once(vocabulary):
    """A customer who goes on about what changes nothing is doubted a little more each time, and not ever faster."""
    state, shares = State(), []
    colors = "gris negro blanco rojo azul verde beige".split()
    for text in ("Busco un sofá", *(f"De color {color}" for color in colors)):
        understanding = understand((Message(text),), state, vocabulary)
        shares.append(understanding.turn_confidence)
        assert understanding.confidence == pytest.approx(state.confidence * understanding.turn_confidence, abs=0.001)
        state = State(slots=understanding.slots, confidence=understanding.confidence)
    assert min(shares) > 0.85, shares
