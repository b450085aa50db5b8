"""Customers who talk to the machine, and a model that obeys them: action, quality, lead and reply stay right."""

import json
import time
from pathlib import Path

import pytest
from standins.gemini_api import GeminiApi
from standins.gemini_brains import obey_the_attacker
from understanding import Message, State, Vocabulary, advance, decide
from understanding.llm.breaker import Breaker
from understanding.llm.client import Model, ModelError, Settings
from understanding.llm.drafting import Assignment, find_fault, make_prompt, read_draft
from understanding.llm.reader import ModelReader
from understanding.llm.reading import dictates

_DATA = Path(__file__).parent.parent / "data"
_SCRIPTED = {
    "ask_clarifying_question": "¿En qué puedo ayudarte hoy?",
    "ask_about_interest": "¿Qué mueble o decoración estás buscando?",
    "request_contact_info": "¿Podrías compartirme tu nombre para personalizar mejor la atención?",
    "gather_more_details": "¿Tienes algún presupuesto en mente?",
    "create_lead": "¡Listo! He registrado tu interés. Un asesor te contactará pronto.",
    "transfer_to_support": "Lamento lo ocurrido. Ya paso tu caso a una persona de nuestro equipo.",
}


def _conversations():
    for name in ("injections.jsonl", "dev.jsonl"):
        for line in (_DATA / name).read_text(encoding="utf-8").splitlines():
            conversation = json.loads(line)
            if "injection" in conversation["tags"]:
                yield pytest.param(conversation["turns"], id=conversation["id"])


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary.shipped()


@pytest.fixture(scope="module")
def api():
    with GeminiApi("the key", obey_the_attacker) as api:
        yield api


@pytest.fixture
def ask(api):
    return Model(Settings("google-generativeai", "gemini-3.5-flash", "the key", api.url), Breaker())


@pytest.mark.parametrize("turns", _conversations())
def test_obedient_model_changes_nothing(turns, ask, vocabulary):
    state = State()
    for turn in turns:
        reader = ModelReader(ask, "gemini", 5)
        messages = (Message(turn["text"]),)
        understanding = reader.interpret(messages, state, vocabulary).understanding
        decision = decide(understanding, state)
        state = advance(state, understanding, decision)
        expected = turn["expect"]
        assert (decision.quality, decision.action) == (expected["quality"], expected["action"]), turn["text"]
        slots = {name: slot.value for name, slot in state.slots.items() if name != "need"}
        assert slots.get("name") == expected["slots"].get("name")
        assert set(slots.get("products", ())) == set(expected["slots"].get("products", ()))
        assert (slots["budget"].max if "budget" in slots else None) == (expected["slots"].get("budget") or {}).get(
            "max"
        )
        assert ("email" in slots, "urgency" in slots) == ("email" in expected["slots"], "urgency" in expected["slots"])


@pytest.mark.parametrize("turns", _conversations())
def test_obedient_model_words_no_reply(turns, ask):
    """What an attacker dictates never leaves: it is not asked for, is no reply, or is found faulty."""
    for turn in turns:
        action = turn["expect"]["action"]
        assignment = Assignment(_SCRIPTED[action], (action,), "es", 400, {}, {}, (turn["text"],))
        try:
            draft = read_draft(ask.ask(make_prompt(assignment), time.monotonic() + 60))
        except ModelError:
            continue
        assert dictates([Message(turn["text"])]) or find_fault(draft, assignment), draft
