"""Phrases of the shop's own that say what the shipped ones do not: that nobody is to write, or that nothing is wanted.

They are words one after the other, and no patterns. They are kept as a tree, so that a text is read in a time that
grows with its length and not with how many phrases there are.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from .closing_cues import REASONS, Cue
from .consent import get_clauses, get_words, is_consent_request, strip_courtesies
from .guard import injected_spans
from .phrases import Match
from .questions import only_assents
from .text import SENTENCE_ENDS, Text

OPT_OUT = "opt_out"
#: What a phrase may say: that nobody is to write any more, or why nothing is wanted any more or not now.
KINDS = (OPT_OUT, *REASONS)

#: Characters and words of a phrase, and how many phrases there may be.
LONGEST, MOST_WORDS, MOST_PHRASES = 120, 12, 1000

#: How sure a closing by such a phrase is: a person has looked at what it changes.
_SURE = 0.9


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase as the shop wrote it, and what it says, one of `KINDS`."""

    kind: str
    text: str


def find_fault(text: str) -> str:
    """Why a phrase is not taken: ``empty``, ``long``, ``words``, ``polite`` or ``dictates``; empty when it is.

    What everybody says says nothing, and what talks to the machine is never heard, see `guard`.
    """
    if len(text) > LONGEST:
        return "long"
    read = Text(text)
    words = list_words(read)
    if not words:
        return "empty"
    if len(words) > MOST_WORDS:
        return "words"
    if injected_spans(read):
        return "dictates"
    if only_assents(read) or not strip_courtesies(get_words(text)):
        return "polite"
    return ""


class Taught:
    """Phrases ready to be found. Those with a fault, and more than there may be, are left out."""

    def __init__(self, phrases: Iterable[Phrase] = ()):
        usable = (each for each in phrases if each.kind in KINDS and not find_fault(each.text))
        phrases = tuple(islice(usable, MOST_PHRASES))
        self.opt_outs = OptOuts([each.text for each in phrases if each.kind == OPT_OUT])
        self.closings = Closings([each for each in phrases if each.kind != OPT_OUT])

    def says(self, text: str) -> bool:
        """Whether a text says any of them, whatever else it says."""
        return self.opt_outs.says(text) or next(self.closings.find(Text(text)), None) is not None


class OptOuts:
    """Phrases by which customers want no more messages, see `consent.find_consent_request`."""

    def __init__(self, phrases: Sequence[str] = ()):
        #: As whole messages.
        self.whole = frozenset(get_words(phrase) for phrase in phrases)
        self._root: _Node = {}
        for phrase in phrases:
            clauses = get_clauses(phrase)
            # What is said in several clauses is heard as a whole message.
            if len(clauses) == 1:
                _plant(self._root, clauses[0].split(), True)

    def __bool__(self) -> bool:
        return bool(self.whole)

    def find(self, words: Sequence[str]) -> tuple[int, int] | None:
        """Where the first of them stands among the words of a clause."""
        for first, word in enumerate(words):
            if word in self._root:
                found, last = _follow(self._root, enumerate(words[first:], first))
                if found:
                    return first, last
        return None

    def says(self, text: str) -> bool:
        """Whether a message says one of them."""
        return bool(self) and (
            is_consent_request(text, self.whole) or any(self.find(clause.split()) for clause in get_clauses(text))
        )


class Closings:
    """Phrases that say why nothing is wanted any more, or not now, see `closings.find_closing`."""

    def __init__(self, phrases: Sequence[Phrase] = ()):
        self._root: _Node = {}
        cues = {reason: Cue(reason, (), "", "", _SURE) for reason in REASONS}
        for phrase in phrases:
            _plant(self._root, list_words(Text(phrase.text)), cues[phrase.kind])

    def find(self, text: Text) -> Iterator[Match]:
        """Where they stand, the longest that begins at each word. Signs between their words change nothing."""
        if not self._root:
            return
        for first, token in enumerate(text.tokens):
            if _is_word(token.kind) and token.norm in self._root:
                cue, last = _follow(self._root, _walk(text, first))
                if cue:
                    yield Match(cue, first, last)


#: The words that may follow, and under no word what is said by those so far.
_Node = dict[str, Any]


def _plant(node: _Node, words: Iterable[str], said: Any) -> None:
    for word in words:
        node = node.setdefault(word, {})
    node.setdefault("", said)


def _follow(node: _Node, words: Iterable[tuple[int, str]]) -> tuple[Any, int]:
    """What the longest phrase that these words begin with says, and the place behind its last word; None for none.

    words
        (place, word).
    """
    found, last = None, 0
    for at, word in words:
        after = node.get(word)
        if after is None:
            break
        node = after
        if "" in node:
            found, last = node[""], at + 1
    return found, last


def _walk(text: Text, first: int) -> Iterator[tuple[int, str]]:
    """The words of a sentence from a token on."""
    for at in range(first, len(text.tokens)):
        token = text.tokens[at]
        if _is_word(token.kind):
            yield at, token.norm
        elif token.norm in SENTENCE_ENDS:
            return


def list_words(text: Text) -> list[str]:
    """The folded words and numbers of a text, which is what a phrase is known by."""
    return [token.norm for token in text.tokens if _is_word(token.kind)]


def _is_word(kind: str) -> bool:
    return kind in ("word", "number")
