"""Who may read customers' messages: each provider under its name.

A provider takes messages, the state before them and the vocabulary, and returns an `Understanding`. It is called with
plain values and may be called in a thread; it never touches Odoo. When one fails, the rules read the turn instead.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .rules import understand as read_by_rules
from .schema import Message, State, Understanding
from .vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Provider:
    """slow: it waits for something outside, so that many conversations are read at once, in threads."""

    understand: Callable[[Sequence[Message], State, Vocabulary], Understanding]
    slow: bool = False


RULES = "rules"

PROVIDERS: dict[str, Provider] = {RULES: Provider(read_by_rules)}
