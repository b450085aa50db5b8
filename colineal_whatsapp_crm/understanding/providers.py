"""What reads customers' messages: one interface, the rules behind it, and whatever model an assistant is given.

A reader is called with plain values and may be called in a thread; it never touches Odoo.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from .rules import understand
from .schema import Message, State, Understanding
from .vocabulary import Vocabulary

RULES = "rules"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a turn.

    reader
        who read it in the end: ``rules`` also when a model was to and could not.
    model, version
        the model and the version of its prompt, empty for the rules.
    calls
        the calls of a model it took, for the records (`llm.client.Call`).
    failure
        why the model did not read it, empty when it did or was not to.
    media_text
        what was said in a voice note or seen in a photo, by `Message.id`.
    """

    understanding: Understanding
    reader: str = RULES
    model: str = ""
    version: str = ""
    calls: tuple[Any, ...] = ()
    failure: str = ""
    media_text: Mapping[str, str] = field(default_factory=dict)


class Reader(Protocol):
    """slow: it waits for something outside, so that many turns are read at once, in threads.

    seconds: how long a customer may wait for it; then the rules read the turn.
    """

    slow: bool
    seconds: float

    def interpret(self, messages: Sequence[Message], state: State, vocabulary: Vocabulary) -> Reading:
        """What the turn says. May raise anything: the rules read it then."""

    def abandon(self) -> None:
        """`seconds` are over and `interpret` is not done: the rules read the turn."""


@dataclass(frozen=True, slots=True)
class RulesReader:
    """Reads at once, offline, always the same."""

    slow: ClassVar[bool] = False
    seconds: ClassVar[float] = 0.0

    def interpret(self, messages: Sequence[Message], state: State, vocabulary: Vocabulary) -> Reading:
        return Reading(understand(messages, state, vocabulary))

    def abandon(self) -> None:
        """Never happens: it does not wait."""
