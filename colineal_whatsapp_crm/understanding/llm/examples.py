"""Turns that people corrected, as examples for a prompt: no name, address or number of a real customer in them."""

import re
from collections.abc import Mapping
from typing import Any

from ..numbers import find_numbers
from ..schema import Budget, Slot
from ..text import Text, clean, fold
from ..vocabulary import Vocabulary
from .masking import mask
from .reading import Example

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LONG_NUMBER = re.compile(r"\+?\d(?:[ .-]?\d){6,}")
_STAND_IN, _STAND_IN_EMAIL, _STAND_IN_NUMBER = "Ana Pérez", "cliente@example.com", "000"


def make_example(
    text: str, before: Mapping[str, Slot], after: Mapping[str, Slot], vocabulary: Vocabulary
) -> Example | None:
    """What the turn should have told, with quotes; None when its words do not show what a person corrected.

    text
        the customer's words.
    before, after
        what was known before, and what should have been known after it.
    """
    text = clean(text)
    findings = []
    for name, slot in after.items():
        if name == "need" or (name in before and before[name].value == slot.value):
            continue
        known = before[name].value if name in before else None
        found = _findings(name, slot.value, known, text, vocabulary)
        if found is None:
            return None
        findings += found
    names = {slot.value for slots in (before, after) if (slot := slots.get("name"))}
    hidden = [{key: _hide(value, names) for key, value in finding.items()} for finding in findings]
    return Example(_hide(text, names), tuple(hidden))


def _findings(name: str, value: Any, known: Any, text: str, vocabulary: Vocabulary) -> list[dict[str, str]] | None:
    """The findings that say a slot's value; None when the text does not."""
    if isinstance(value, Budget):
        return _money(value, text)
    if isinstance(value, tuple):
        found = []
        for product in value:
            if product in (known or ()):
                continue
            quote = _quote_of_product(product, text, vocabulary)
            if quote is None:
                return None
            found.append({"slot": "product", "value": product, "quote": quote})
        return found
    if name == "urgency":
        return None
    at = fold(text).find(fold(value)) if len(fold(text)) == len(text) else text.find(value)
    return None if at < 0 else [{"slot": name, "value": value, "quote": text[at : at + len(value)]}]


def _money(budget: Budget, text: str) -> list[dict[str, str]] | None:
    whole = Text(text)
    numbers = find_numbers(whole)
    found = []
    for slot, end in (("budget_min", budget.min), ("budget_max", budget.max)):
        if end is None:
            continue
        number = next((number for number in numbers if number.value == end), None)
        if number is None:
            return None
        found.append({"slot": slot, "value": str(end), "quote": whole.quote(number.first, number.last)})
    return found


def _quote_of_product(product: str, text: str, vocabulary: Vocabulary) -> str | None:
    whole = Text(text)
    for mention in vocabulary.find(whole):
        if mention.interest.name == product:
            return whole.quote(mention.first, mention.last)
    return None


def _hide(text: str, names: set[str]) -> str:
    text = _LONG_NUMBER.sub(_STAND_IN_NUMBER, _EMAIL.sub(_STAND_IN_EMAIL, mask(text)))
    for name in names:
        text = re.sub(rf"\b{re.escape(name)}\b", _STAND_IN, text, flags=re.IGNORECASE)
        for word in name.split():
            if len(word) > 2:
                text = re.sub(rf"\b{re.escape(word)}\b(?<!Ana)(?<!Pérez)", "Ana", text, flags=re.IGNORECASE)
    return text
