"""Texts with names in braces, as in `¡Gracias, {name}!`.

A placeholder is a name alone: no format, conversion, attribute or place in a list, each of which would make a text that
can be saved and not be said, or be said at any length. Doubled braces stand for themselves.
"""

import re
from collections.abc import Collection, Iterator, Mapping

#: Characters of a text, and of what becomes of it when every name is filled with the longest that it may stand for:
#: three messages of Twilio's.
LONGEST, LONGEST_FILLED = 4000, 4800
#: What a name may stand for is cut here.
LONGEST_VALUE = 200

#: A placeholder as people write it, known or not: no text for a customer has one left in it.
PLACEHOLDER = re.compile(r"\{[^\W\d]\w*\}")

_PIECE = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]")


class BraceError(ValueError):
    """A brace that belongs to no pair."""


def split(text: str) -> Iterator[tuple[str, str | None]]:
    """(text, name after it) pairs; the last name is None. Raises `BraceError`."""
    at, said = 0, ""
    for piece in _PIECE.finditer(text):
        said, at, brace = said + text[at : piece.start()], piece.end(), piece.group()
        if brace in ("{{", "}}"):
            said += brace[0]
        elif len(brace) == 1:
            raise BraceError(brace)
        else:
            yield said, brace[1:-1]
            said = ""
    yield said + text[at:], None


def names_in(text: str) -> set[str]:
    """What stands in braces, whether it is a name or not. Raises `BraceError`."""
    return {name for _said, name in split(text) if name is not None}


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its names filled in; one without a value leaves nothing. Bounded. Raises `BraceError`."""
    filled = "".join(said + (cut(values.get(name, ""), LONGEST_VALUE) if name else "") for said, name in split(text))
    return cut(filled, LONGEST_FILLED)


def find_fault(text: str, known: Collection[str]) -> tuple[str, str]:
    """Why a text cannot be used, and what in it; empty texts when it can.

    known
        the names that may stand in it.

    One of ``empty``, ``braces``, ``unknown`` (the names) and ``long`` (the characters it may have when it is filled).
    """
    if not text.strip():
        return "empty", ""
    if len(text) > LONGEST:
        return "long", str(LONGEST)
    try:
        pieces = list(split(text))
    except BraceError as error:
        return "braces", str(error)
    names = [name for _said, name in pieces if name is not None]
    if unknown := sorted(set(names) - set(known)):
        return "unknown", ", ".join(f"{{{name}}}" for name in unknown)
    filled = sum(len(said) for said, _name in pieces) + LONGEST_VALUE * len(names)
    return ("long", str(LONGEST_FILLED)) if filled > LONGEST_FILLED else ("", "")


def cut(text: str, longest: int) -> str:
    """The text, or as much of it as there is room for."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
