"""Reads customers' messages: messages and known slots in, slots and a decision out. Plain Python, no Odoo."""

from .exact import Exact, advertise, settle
from .policy import Criteria, advance, as_text, begin_anew, decide
from .rules import understand
from .schema import (
    ACTIONS,
    QUALITIES,
    SLOT_NAMES,
    URGENCIES,
    Budget,
    Closing,
    Decision,
    Media,
    Message,
    Reason,
    Slot,
    State,
    Understanding,
)
from .vocabulary import City, Interest, Vocabulary, split_synonyms

__all__ = [
    "ACTIONS",
    "QUALITIES",
    "SLOT_NAMES",
    "URGENCIES",
    "Budget",
    "City",
    "Closing",
    "Criteria",
    "Decision",
    "Exact",
    "Interest",
    "Media",
    "Message",
    "Reason",
    "Slot",
    "State",
    "Understanding",
    "Vocabulary",
    "advance",
    "advertise",
    "as_text",
    "begin_anew",
    "decide",
    "split_synonyms",
    "understand",
]
