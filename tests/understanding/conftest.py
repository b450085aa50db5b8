"""Makes `understanding` importable by itself, as it is without Odoo."""

import sys
from pathlib import Path

import pytest

ADDON = Path(__file__).resolve().parents[2] / "colineal_whatsapp_crm"
sys.path.insert(0, str(ADDON))

from understanding import Budget, Message, State, Vocabulary, advance, decide, understand  # noqa: E402


class Customer:
    """Somebody who writes, and what is known of them."""

    def __init__(self, vocabulary: Vocabulary):
        self.vocabulary = vocabulary
        self.state = State()
        self.decision = None
        self.understanding = None

    def says(self, *texts: str) -> "Customer":
        """One turn a text."""
        for text in texts:
            self.turn(text)
        return self

    def turn(self, *texts: str) -> "Customer":
        """One turn of several messages."""
        messages = tuple(Message(text, f"m{number}") for number, text in enumerate(texts))
        self.understanding = understand(messages, self.state, self.vocabulary)
        self.decision = decide(self.understanding, self.state)
        self.state = advance(self.state, self.understanding, self.decision)
        return self

    def value(self, slot: str):
        found = self.state.slots.get(slot)
        return found.value if found else None

    @property
    def products(self) -> set[str]:
        return set(self.value("products") or ())

    @property
    def budget(self) -> tuple[int | None, int | None] | None:
        found = self.value("budget")
        return (found.min, found.max) if isinstance(found, Budget) else None

    @property
    def support(self) -> bool:
        return self.understanding.support


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary.shipped()


@pytest.fixture
def customer(vocabulary) -> Customer:
    return Customer(vocabulary)


@pytest.fixture
def named(customer) -> Customer:
    """A customer who has been asked for a budget."""
    return customer.says("Busco un sofá", "me llamo Rosario Iza")
