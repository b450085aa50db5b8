"""Which of the customer's words are told as the reasons of what was read."""

import pytest
from understanding import Budget, Message, State, understand
from understanding.reasons import Cue, find_cues


@pytest.mark.parametrize(
    ("text", "slot", "cue"),
    [
        ("Busco un comedor, máximo 1200 dólares", "budget", Cue("máximo", "before", "1200 dólares")),
        ("mi presupuesto es de 800", "budget", Cue("presupuesto", "before", "800")),
        ("hola quiero un sofá", "products", Cue("quiero", "before", "sofá")),
        ("precio del espejo", "products", Cue("precio", "before", "espejo")),
        ("es para mi casa en Loja", "city", Cue("casa", "before", "Loja")),
        ("necesito una cama, es URGENTE", "urgency", Cue("URGENTE")),
    ],
)
def test_what_weighs_most_is_told(vocabulary, text, slot, cue):
    values = _read(text, vocabulary)
    assert cue in find_cues(text, values, vocabulary)[slot]


def test_words_of_another_clause_are_no_reason(vocabulary):
    text = "Busco un comedor, máximo 1200 dólares"
    cues = find_cues(text, _read(text, vocabulary), vocabulary)
    assert "máximo" not in {cue.word for cue in cues["products"]}
    assert "Busco" not in {cue.word for cue in cues["budget"]}


def test_few_are_told_and_each_once(vocabulary):
    text = (
        "hola quiero una mesa, quiero una mesa grande y quiero saber el precio de la mesa, máximo hasta unos 400 máximo"
    )
    for cues in find_cues(text, _read(text, vocabulary), vocabulary).values():
        assert len(cues) == len({cue.word.lower() for cue in cues}) <= 3


@pytest.mark.parametrize("text", ["", "400", "👍", "sofá " * 400])
def test_nothing_is_told_where_nothing_weighs(vocabulary, text):
    assert find_cues(text, {"budget": Budget(None, 400), "products": ("sofá",), "name": "Ana"}, vocabulary) == {}


def _read(text, vocabulary):
    slots = understand((Message(text),), State(last_action="gather_more_details"), vocabulary).slots
    return {name: slot.value for name, slot in slots.items()}
