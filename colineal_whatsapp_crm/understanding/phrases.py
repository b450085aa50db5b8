"""Phrases as data: sequences of words with alternatives, options and gaps, found in a text without a pattern.

A phrase is written as words with blanks between them::

    ya <them>? compre|consegui ..2 otro|otra <place>

``a|b``
    one of these words; words are compared as they sound (`text.sound`), so *consegí* and *konsegui* are *conseguí*.
``<name>``
    one word of a class.
``x?``
    the word may be missing.
``..2``
    up to two words of any kind, no mark.
``,?``
    a comma, a dot or another mark, or none.
``^`` and ``$``
    a clause begins, or ends, here; see `CLAUSE_OPENERS` and `CLAUSE_CLOSERS` for words that stand before and behind one.
``%``
    a thing of the shop with what stands before it: *el sofá*, *esa mesa*.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .lexicon import COMMON_WORDS, DETERMINERS
from .text import CLAUSE_ENDS, Text, sound

#: Words that begin what somebody says and say nothing of it.
CLAUSE_OPENERS = frozenset(
    """
    no nop nope nada ah ay uy uf mm mmm ok oki bueno bien hola buenas dias tardes noches y e pero pues entonces gracias
    disculpe disculpa perdon sabe sabes la verdad creo al final mejor mira mire vea oiga pucha chuta ya listo
    perfecto dale vale amigo amiga senorita senor senora sorry well hi hello so oh and but thanks yes oi ola entao
    """.split()
)
#: Words that may follow what was said and add nothing to it, or begin the next clause.
CLAUSE_CLOSERS = frozenset(
    """
    gracias muchas mil porfavor por disculpe disculpa perdon senorita senor senora amigo amiga veci vecino vecina
    caserita y e i pero porque pues
    entonces asi igual nomas jaja jeje thanks thank sorry but and because though obrigado obrigada porem obg desculpe
    saludos bendiciones chao ok okay vale dale estimado estimada anyway tho
    """.split()
)
#: Shorter words are told apart by the one letter that a slip of the finger changes.
_LEAST_FOR_SLIPS, _LONGEST_WITH_SLIPS = 7, 20
_MARKS = CLAUSE_ENDS | {"?", "/", "\\", "&", "-", "–"}


@dataclass(frozen=True, slots=True)
class _Part:
    """kind: ``word``, ``gap``, ``mark``, ``begin``, ``end`` or ``thing``."""

    kind: str
    words: frozenset[str] = frozenset()
    optional: bool = False
    most: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    """A phrase, the sets of words of each of which one must occur, and what it stands for."""

    parts: Sequence[_Part]
    needed: Sequence[frozenset[str]]
    payload: Any


@dataclass(frozen=True, slots=True)
class Match:
    """The tokens from `first` up to, not including, `last` say the phrase of `payload`.

    slips: how many words were only nearly spelt. thing: a thing of the shop is part of it.
    """

    payload: Any
    first: int
    last: int
    slips: int = 0
    thing: bool = False


class Phrases:
    """Phrases with what each stands for. Raises ValueError for one that cannot be read."""

    def __init__(self, rows: Iterable[tuple[str, Any]], classes: Mapping[str, str]):
        words = {name: frozenset(map(sound, text.split())) for name, text in classes.items()}
        self._by_word: dict[str, list[_Row]] = {}
        known: set[str] = set()
        for phrase, payload in rows:
            parts = tuple(_read(part, words, phrase) for part in phrase.split())
            needed = tuple(part.words for part in parts if part.kind == "word" and not part.optional)
            for word in _first_words(parts, phrase):
                self._by_word.setdefault(word, []).append(_Row(parts, needed, payload))
            known.update(*(part.words for part in parts))
        self._slips = _Slips(known)

    def find(self, text: Text, things: Mapping[int, int] | None = None) -> Iterator[Match]:
        """Where phrases stand, in the order of the text.

        things
            the first token of each thing of the shop, and one past its last.
        """
        heard = [self._hear(token.norm) if token.kind == "word" else (token.norm, 0) for token in text.tokens]
        reading = _Reading(text, [word for word, _slip in heard], things or {})
        said = {word for word, _slip in heard}
        # Of phrases that begin alike, those whose other words occur at all.
        possible = {
            word: [row for row in self._by_word[word] if not any(said.isdisjoint(words) for words in row.needed)]
            for word in said & self._by_word.keys()
        }
        for first, (word, _slip) in enumerate(heard):
            for row in possible.get(word, ()):
                last, thing = reading.follow(row.parts, 0, first, False)
                if last > first:
                    slips = sum(slip for _word, slip in heard[first:last])
                    yield Match(row.payload, first, last, slips, thing)

    def _hear(self, norm: str) -> tuple[str, int]:
        word = sound(norm)
        meant = "" if norm in COMMON_WORDS else self._slips.correct(word)
        return (meant, 1) if meant else (word, 0)


class _Slips:
    """Words with a letter too many, one too few, or two that changed places."""

    def __init__(self, known: Iterable[str]):
        self._known = frozenset(known)
        self._long = sorted(word for word in self._known if len(word) >= _LEAST_FOR_SLIPS)
        self.correct = lru_cache(maxsize=4096)(self._correct)

    def _correct(self, word: str) -> str:
        """The known word that is meant; empty where it is one itself, or none is near.

        Another letter in the place of one makes another word, and the last one tells who acts and when: *consulto*,
        *consulta*.
        """
        if word in self._known or not _LEAST_FOR_SLIPS - 1 <= len(word) <= _LONGEST_WITH_SLIPS:
            return ""
        near = process.extractOne(word, self._long, scorer=OSA.distance, score_cutoff=1)
        if not near or (len(near[0]) == len(word) and sorted(near[0]) != sorted(word)) or near[0][-1] != word[-1]:
            return ""
        return near[0]


class _Reading:
    """One text, read for phrases."""

    def __init__(self, text: Text, heard: Sequence[str], things: Mapping[int, int]):
        self.norms, self.heard, self.things = text.norms, heard, things
        self.kinds = [token.kind for token in text.tokens]

    def follow(self, parts: Sequence[_Part], at: int, token: int, thing: bool) -> tuple[int, bool]:
        """Where the phrase from part `at` on ends when it begins at `token`, or -1."""
        if at == len(parts):
            return token, thing
        part = parts[at]
        for after, is_thing in self._after(part, token):
            last, found = self.follow(parts, at + 1, after, thing or is_thing)
            if last >= 0:
                return last, found
        return -1, False

    def _after(self, part: _Part, token: int) -> Iterator[tuple[int, bool]]:
        """Where the next part may begin."""
        match part.kind:
            case "begin":
                if self.begins(token):
                    yield token, False
            case "end":
                if self.ends(token):
                    yield token, False
            case "mark":
                if self._is_mark(token):
                    yield token + 1, False
                yield token, False
            case "gap":
                for after in range(token, token + part.most + 1):
                    yield after, False
                    if after >= len(self.norms) or self._is_mark(after):
                        return
            case "thing":
                yield from self._past_thing(token)
            case _:
                if token < len(self.heard) and self.heard[token] in part.words:
                    yield token + 1, False
                if part.optional:
                    yield token, False

    def _past_thing(self, token: int) -> Iterator[tuple[int, bool]]:
        for first in range(token, min(token + 3, len(self.norms))):
            if first in self.things:
                yield self.things[first], True
                return
            if self.norms[first] not in DETERMINERS:
                return

    def _is_mark(self, token: int) -> bool:
        return token < len(self.norms) and self.kinds[token] == "mark"

    def begins(self, token: int) -> bool:
        return token == 0 or self._is_mark(token - 1) or self.norms[token - 1] in CLAUSE_OPENERS

    def ends(self, token: int) -> bool:
        return token >= len(self.norms) or self._is_mark(token) or self.norms[token] in CLAUSE_CLOSERS


def _read(part: str, classes: Mapping[str, frozenset[str]], phrase: str) -> _Part:
    match part:
        case "^":
            return _Part("begin")
        case "$":
            return _Part("end")
        case "%":
            return _Part("thing")
        case ",?":
            return _Part("mark")
    if part.startswith(".."):
        return _Part("gap", most=int(part[2:]))
    optional = part.endswith("?")
    words: set[str] = set()
    for word in part.removesuffix("?").split("|"):
        if word.startswith("<") and word.endswith(">"):
            if word[1:-1] not in classes:
                raise ValueError(f"no class {word} in {phrase!r}")
            words |= classes[word[1:-1]]
        else:
            words.add(sound(word))
    return _Part("word", frozenset(words), optional)


def _first_words(parts: Sequence[_Part], phrase: str) -> set[str]:
    """The words a phrase may begin with."""
    firsts: set[str] = set()
    for part in parts:
        if part.kind == "word":
            firsts |= part.words
            if not part.optional:
                return firsts
        elif part.kind not in ("begin", "mark"):
            break
    raise ValueError(f"{phrase!r} begins with no word")
