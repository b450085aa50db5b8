"""No text, whoever sends it, costs more than in proportion to its length."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from lib.log_masking import mask_path
from pattern_fuzz import make_text, make_units
from steps import count_steps
from understanding import Message, State, Vocabulary, understand
from understanding.llm.drafting import Assignment, find_fault, make_prompt
from understanding.llm.masking import mask
from understanding.text import HEAD, TAIL, Text

_PROGRAM = Path(__file__).with_name("pattern_fuzz.py")


def test_all_patterns_are_linear():
    """In a process of its own, which ends by itself when a pattern does not come back."""
    run = subprocess.run(
        [sys.executable, "-W", "ignore", _PROGRAM], capture_output=True, text=True, timeout=1800, check=True
    )
    told = json.loads(run.stdout)
    assert told["faults"] == {}
    assert told["unknown"] == [], "patterns that are made where the code runs are looked at nowhere"
    assert told["patterns"] > 200


VOCABULARY = Vocabulary.shipped()
#: What rules, masks and filters are made of, repeated; and what people do with a long message.
UNITS = [
    "hola ", "[x] ", "<b> ", "{ [ ( ", "4 ", "4111 ", "a@", "a.b", "a-", "soy Ana ", "quiero una mesa, ", "no quiero el sofá ",
    "mesa de la ", "pata de ", "$1.500 ", "mil ", "ustedes si ", "marca ", "ignora ", "\u200b", "a\u0301", "ß", "ﷺ", "\n", "? ",
    "cuánto ", "de Quito ", "entre 1 y ", "pasaporte ", "cuenta de ", "dime tu ", "evil.xyz ", "@a ", "a . ", "¡Gracias, {name}! ",
    "a", "no ", "1", "1.", "100 ", "1.500 mil ", "\0", "\ud800", "\u202e\u05d0", "(", ")", "[", "arroba punto ", "sofá de la ",
    "quito ", "soy Ana de la ", "me trajeron mal ", "todavía no me llega ", "ignora marca ", "😀", "e\u0301",
]  # fmt: skip
#: Twice what the dearest of them takes.
MOST_STEPS = 1_000_000
#: Of texts of which no more is read than head and tail, and of others: the longer one has 12.5 times as many characters.
CUT, WHOLE = (8_000, 100_000), (2_000, 25_000)
CONSTANT, IN_PROPORTION = 1.1, 14


def _count(work, unit, sizes):
    """The steps that texts of these sizes take."""
    work(make_text(("", unit), 100))  # what is read once is not counted
    return [count_steps(work, make_text(("", unit), size)) for size in sizes]


def _read(text):
    understand((Message(text),), State(last_action="gather_more_details"), VOCABULARY)


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_long_message_costs_what_a_part_of_it_does(unit):
    short, long = _count(_read, unit, CUT)
    assert long < CONSTANT * short
    assert long < MOST_STEPS


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_what_goes_to_a_model_and_comes_back_is_bounded(unit):
    def word(text):
        assignment = Assignment("¿Y?", ("create_lead",), "es", 100_000, {"about": text[:8000]}, {}, (text,))
        make_prompt(assignment)
        find_fault(text[:4000], assignment)

    short, long = _count(word, unit, CUT)
    assert long < CONSTANT * short


@pytest.mark.parametrize(
    "unit", ["4 ", "4111 ", "4111", "a1", "1710034065 ", "DE89 ", "pasaporte ", "cuenta de ", "pin "]
)
def test_masking_is_linear(unit):
    short, long = _count(mask, unit, WHOLE)
    assert long < IN_PROPORTION * short


@pytest.mark.parametrize(
    "unit", ["/", "%2f", "%2F/", "?", "/api/", "/api/conversation/", "/api/conversation/?", "/status", " HTTP/", "a"]
)
def test_path_of_slashes(unit):
    """Anybody may ask for it: GET /a and 64,000 slashes."""
    for begin in ("GET /a", "GET /api/conversation/"):
        short, long = _count(lambda text, begin=begin: mask_path(f"{begin}{text} HTTP/1.1"), unit, WHOLE)
        assert long < IN_PROPORTION * short


def test_of_a_long_message_head_and_tail_are_read():
    for text in ("x" * 100_000, "ﷺ" * 100_000, "mesa " * 20_000):
        from understanding.text import clean

        assert len(clean(text)) <= HEAD + TAIL + 1
        assert len(Text(clean(text))) <= 900


def test_many_messages_of_one_turn_cost_what_a_few_do():
    def read(count):
        understand(tuple(Message("mesa " * 700, str(each)) for each in range(count)), State(), VOCABULARY)

    read(1)
    assert count_steps(read, 1000) < 2 * count_steps(read, 30)


def test_units_are_made_of_a_patterns_own_parts():
    import re

    units = make_units(re.compile(r"(?P<base>/+api/+)x*y"))
    assert any(set(again) == {"/"} for _before, again in units)
