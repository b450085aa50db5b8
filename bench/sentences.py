#!/usr/bin/env python3
"""Collects what the understanding's tests say of single sentences, for `train.py` to learn from.

    python bench/sentences.py

Runs the tests with the rules alone, and where they pass takes what the rules read of the slot that a file of tests is
about: a row a sentence in `tests/understanding/data/sentences/tests.jsonl`, the same each time.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests/understanding"
SENTENCES = TESTS / "data/sentences/tests.jsonl"
#: What each file of tests is about; of the others single sentences say nothing certain.
SLOTS = {
    "test_aftersales": "support",
    "test_budget": "budget",
    "test_closings": "products",
    "test_names": "name",
    "test_numbers": "budget",
    "test_places": "city",
    "test_products": "products",
    "test_properties": "all",
    "test_reading": "budget",
    "test_support": "support",
    "test_urgency": "urgency",
}
#: Tests that draw their sentences: so many of each are kept.
DRAWN, MOST_DRAWN = (
    {
        "test_any_sum_however_it_is_written",
        "test_everything_is_found",
        "test_a_greeting_changes_nothing",
        "test_thanks_and_emoji_change_nothing",
        "test_case_and_accents_change_nothing",
    },
    60,
)


class Collector:
    """A pytest plugin: notes each turn that is read while a test runs that passes."""

    def __init__(self):
        self.rows, self._test, self._reading = {}, None, []

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session):
        from understanding import Vocabulary, rules

        shipped = [interest.name for interest in Vocabulary.shipped().interests]
        read = rules.Turn.read

        def note(turn):
            found = read(turn)
            is_shipped = [interest.name for interest in turn.vocabulary.interests] == shipped
            if self._test and is_shipped and not any(each.source == "person" for each in turn.state.slots.values()):
                self._reading.append(_row(turn, found))
            return found

        rules.Turn.read = note
        rules.review = lambda _turn, reading: reading

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item):
        is_drawn = hasattr(item.obj, "hypothesis")
        slot = SLOTS.get(item.path.stem)
        self._test, self._reading = slot if slot and (not is_drawn or item.name in DRAWN) else None, []
        result = yield
        for row in self._reading[: MOST_DRAWN if is_drawn else None]:
            row = {"slot": slot, **row}
            self.rows.setdefault(json.dumps([row[name] for name in ("slot", "texts", "before")], sort_keys=True), row)
        self._test = None
        return result


def _row(turn, found):
    state = turn.state
    return {
        "texts": [message.text for message in turn.messages],
        "days": [message.day and message.day.isoformat() for message in turn.messages],
        "before": {
            "slots": _plain(state.slots),
            "support": state.support,
            "last_action": state.last_action,
            "lead": state.lead,
            "withdrawn": state.withdrawn,
            "complained": state.complained,
        },
        "slots": _plain(found.slots),
        "support": found.support,
    }


def _plain(slots):
    values = {name: slot.value for name, slot in slots.items() if name != "need"}
    if "budget" in values:
        values["budget"] = {"min": values["budget"].min, "max": values["budget"].max}
    return values


def main():
    collector = Collector()
    files = [str(path) for path in sorted(TESTS.rglob("test_*.py")) if path.stem in SLOTS]
    options = ["-q", "-p", "no:odoo", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
    # Tests of what is learned fail without it, and teach nothing.
    pytest.main([*options, *files], plugins=[collector])
    SENTENCES.parent.mkdir(exist_ok=True)
    lines = sorted(json.dumps(row, ensure_ascii=False) for row in collector.rows.values())
    SENTENCES.write_text("\n".join(lines) + "\n")
    print(f"{SENTENCES.relative_to(ROOT)}: {Counter(row['slot'] for row in collector.rows.values())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
