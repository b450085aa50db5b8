"""Labelled turns as examples to learn from, for `./dev train` and for what a shop's own reviews teach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..schema import Budget, Message, Slot, State
from ..text import fold
from . import features
from .view import View

NAME_TAGS = ("O", "B", "I")
#: What labels tell of a turn: slots, and whether it is about after-sales.
LABELS = frozenset(("name", "products", "budget", "city", "urgency", "support"))

Example = tuple[list[str], str]


@dataclass
class Lessons:
    """What labelled turns teach: (features, class) by decision, and (rows, tags) for names."""

    decisions: dict[str, list[Example]] = field(default_factory=lambda: defaultdict(list))
    names: list[tuple[list[list[str]], list[str]]] = field(default_factory=list)

    def add(self, view: View, expect: Mapping[str, Any], judged: Collection[str] = LABELS) -> None:
        """Adds the examples of one turn. What its labels do not tell is left out.

        expect
            ``slots``, what is to be known after the turn as JSON has it, and ``support``.
        judged
            the labels that are known to be right; of the others nothing is learned.
        """
        slots, before = expect["slots"], view.state.slots
        if "products" in judged:
            self._add_products(view, set(slots.get("products", ())))
        if "budget" in judged:
            self._add_numbers(view, slots.get("budget") or {})
        if "city" in judged:
            for number, (city, _first, _last) in enumerate(view.cities):
                self.decisions["city"].append((features.of_city(view, number), yes(city.name == slots.get("city"))))
        urgency = slots.get("urgency")
        if "urgency" in judged and ("urgency" not in before or before["urgency"].value != urgency):
            self.decisions["urgency"].append((features.of_urgency(view), urgency or "none"))
        if "support" in judged:
            self.decisions["support"].append((features.of_support(view), yes(expect["support"])))
        if "name" in judged:
            self.names.append((features.of_tokens(view), _tag_name(view, slots.get("name"))))

    def _add_products(self, view: View, wanted: set[str]) -> None:
        named = set()
        for number, thing in enumerate(view.things):
            named.add(thing.interest.name)
            if not thing.interest.general:
                described = features.of_thing(view, number)
                self.decisions["thing"].append((described, yes(thing.interest.name in wanted)))
        for name in view.known:
            if name not in named and name not in view.turn.vocabulary.general:
                self.decisions["known"].append((features.of_known(view, name), yes(name in wanted)))

    def _add_numbers(self, view: View, budget: Mapping[str, Any]) -> None:
        before = view.state.slots.get("budget")
        known = before.value if before else Budget(None, None)
        changed = (known.min, known.max) != (budget.get("min"), budget.get("max"))
        for number, it in enumerate(view.numbers):
            value = int(it.value + 0.5)
            kind = "most" if value == budget.get("max") else "least" if value == budget.get("min") else "no"
            # Whether a known budget is only said again the labels do not tell.
            if kind == "no" or changed:
                self.decisions["number"].append((features.of_number(view, number), kind))


def read_sentence(row: Mapping[str, Any]) -> tuple[tuple[Message, ...], State]:
    """The messages of a labelled sentence, and what is known before it; see `bench/sentences.py`."""
    before = row["before"]
    slots = {name: Slot(to_value(value), 1.0) for name, value in before["slots"].items()}
    listed = {name: tuple(before[name]) for name in ("withdrawn", "complained")}
    plain = {name: before[name] for name in ("support", "last_action", "lead")}
    messages = tuple(
        Message(text, day=date.fromisoformat(day) if day else None)
        for text, day in zip(row["texts"], row["days"], strict=True)
    )
    return messages, State(slots=slots, **plain, **listed)


def yes(said: bool) -> str:
    """The class of a decision that is either."""
    return "yes" if said else "no"


def to_value(value: Any) -> Any:
    """A slot's value from its JSON form."""
    if isinstance(value, Mapping):
        return Budget(value["min"], value["max"])
    return tuple(value) if isinstance(value, list) else value


def _tag_name(view: View, name: str | None) -> list[str]:
    """Where the name stands in the turn; where only parts of it do, these."""
    tokens = [fold(token.raw) for token in view.text.tokens]
    tags = ["O"] * len(tokens)
    if not name:
        return tags
    parts = fold(name).split()
    for first in range(len(tokens)):
        at, part = first, 0
        while at < len(tokens) and part < len(parts) and tokens[at] == parts[part]:
            at, part = at + 1, part + 1
            while part < len(parts) and at < len(tokens) and tokens[at] in (".", "*", "-"):
                at += 1
        if part == len(parts):
            tags[first:at] = ["B", *["I"] * (at - first - 1)]
    known = view.state.slots.get("name")
    if "B" not in tags and (not known or known.value != name):
        for at, token in enumerate(tokens):
            if token in parts and len(token) > 2:
                tags[at] = "I" if at and tags[at - 1] != "O" else "B"
    return tags
