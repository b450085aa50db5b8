import time
from dataclasses import dataclass, field
from typing import Any

from odoo import api, models
from odoo.fields import Domain

from ...understanding import State
from ...understanding.consent import find_consent_request
from ...understanding.providers import RulesReader
from ...understanding.taught import OPT_OUT
from ..contact.consent import FOR_ALL_CHANNELS
from ..conversation.consent import SAID
from ..message.base import SILENT_KINDS
from .review import MEASURED

#: Messages that are read again, the last ones first, and the seconds that this may take.
_MESSAGES, _SECONDS = 1000, 15

_BETTER, _WORSE, _OTHER = "better", "worse", "other"

#: What readings are compared by. What is needed is the customer's words for it, and changes with what names it.
_COMPARED = ("opt_out", *MEASURED, "closing", "quality", "action")


@dataclass(slots=True)
class Change:
    """Messages that were read together and are read otherwise with an addition.

    lines
        the messages, as superuser.
    before, after
        {what: its value}, of what differs; None where there is none.
    verdict
        ``better`` or ``worse`` by what a person has said of the turn, else ``other``.
    """

    lines: Any
    before: dict[str, Any]
    after: dict[str, Any]
    verdict: str = _OTHER


@dataclass(slots=True)
class Rereading:
    """What became of the last messages: how many there are, for how many there was time, and what changes."""

    wanted: int = 0
    read: int = 0
    changes: list[Change] = field(default_factory=list)


class WhatsappClassification(models.Model):
    """Turns that are read again, to see what an addition to words and phrases would change before it is made."""

    _inherit = "whatsapp.classification"

    @api.model
    def _reread(self, addition, line):
        """Read the last messages of the user's companies again by the rules, with and without an `Addition`.

        line
            the message that it is made for, which is read in any case.

        Returns a `Rereading`. Nothing is stored. Each turn is read as from what was known before it then; whose
        messages those are that change is for the caller to tell, or not.
        """
        is_opt_out = bool(addition.phrase) and addition.phrase.kind == OPT_OUT
        known = Domain("sender_id.company_id", "in", self.env.user.company_ids.ids)
        known &= Domain("direction", "=", "inbound") & Domain("deleted_at", "=", False)
        known &= Domain("kind", "not in", SILENT_KINDS) & Domain("sender_id.is_simulator", "=", False)
        known &= Domain("conversation_id", "any", [("words_erased_at", "=", False)])
        if not is_opt_out:
            known &= Domain("classification_id", "!=", False)
        lines = self.env["whatsapp.conversation.message"].sudo()
        lines = line.sudo() | lines.search(known, order="id desc", limit=_MESSAGES)
        result, deadline = Rereading(wanted=len(lines)), time.monotonic() + _SECONDS
        if is_opt_out:
            parts = list(lines)
        else:
            parts = list(lines.grouped(lambda each: each.classification_id or each).values())
        reader = _Reader(addition)
        touched = []
        for part in parts:
            if time.monotonic() > deadline:
                break
            if reader.touches(part):
                touched.append(part)
            else:
                result.read += len(part)
        turns = self.sudo().union(*(part.classification_id for part in touched))
        states = {} if is_opt_out else turns._get_states_before()
        for part in touched:
            if time.monotonic() > deadline:
                break
            change = reader.compare_requests(part) if is_opt_out else reader.compare_turns(part, states)
            if change:
                result.changes.append(change)
            # Some of them may be older than the last ones.
            result.read += len(change.lines if change else part)
        return result

    def _judge_change(self, before, after):
        """Whether a reading of this turn is ``better`` than one before or ``worse``, by what a person has said of it.

        What they know from elsewhere cannot be read worse, but it is better where it is understood by now.
        """
        slots = State.from_json({"slots": self.right_slots or {}}).slots
        right = {name: slot.value for name, slot in slots.items() if name in MEASURED}
        judged = set()
        if self.reviewed:
            judged = set(MEASURED).difference(self.unjudged or ())
        if self.reviewed and not self.unjudged:
            # Otherwise quality and action rest on what no text says.
            closing = self._get_right_closing()
            right |= {"closing": closing and closing.reason, "quality": self.right_quality, "action": self.right_action}
            judged |= {"closing", "quality", "action"}
        names = judged | right.keys()
        was = {name for name in names if _is_same(before.get(name), right.get(name))}
        is_now = {name for name in names if _is_same(after.get(name), right.get(name))}
        if judged & (was - is_now):
            return _WORSE
        return _BETTER if is_now - was else _OTHER


class _Reader:
    """Reads messages with and without an addition, each by the words of its assistant."""

    def __init__(self, addition):
        self.addition, self.vocabularies = addition, {}

    def get_vocabularies(self, lines):
        assistant = lines.conversation_id.assistant_id
        if assistant not in self.vocabularies:
            self.vocabularies[assistant] = assistant._get_vocabulary(), assistant._compile_vocabulary(self.addition)
        return self.vocabularies[assistant]

    def touches(self, lines):
        """Whether messages that are read together may be read otherwise."""
        plain = [line._to_plain() for line in lines]
        texts = [text for message in plain for text in (message.text, message.place) if text]
        return self.addition.touches(texts, *self.get_vocabularies(lines))

    def compare_turns(self, lines, states):
        """What changes for the messages of a turn, as a `Change`; None for nothing.

        states
            {turn: what was known before it}.
        """
        turn, conversation = lines.classification_id, lines.conversation_id
        # Those that were read with them are read with them again.
        lines = turn.message_ids.filtered(lambda line: line.direction == "inbound").sorted("id") or lines
        state = states[turn] if turn else conversation._get_state()
        before, after = (_read(lines, state, each) for each in self.get_vocabularies(lines))
        return _make_change(lines, before, after, turn._judge_change(before, after))

    def compare_requests(self, line):
        """What changes in whether a message says that the customer wants no messages, as `compare_turns`."""
        conversation, body = line.conversation_id, line.body or ""
        if line.kind not in SAID or line.is_forwarded or conversation.assistant_id._wants_out(body):
            return None
        asked = [find_consent_request(body, each.taught.opt_outs) for each in self.get_vocabularies(line)]
        contact, turn = conversation.contact_id, line.classification_id
        verdict = _OTHER
        if contact.opt_out_line_id == line:
            verdict = _BETTER
        elif turn.reviewed and contact.opt_out_reason not in FOR_ALL_CHANNELS:
            # Who looked at what was read of it saw no wish of this kind.
            verdict = _WORSE
        before, after = ({"opt_out": each} for each in asked)
        return _make_change(line, before, after, verdict)


def _read(lines, state, vocabulary):
    """What the rules make of messages of one turn, as {what: its value}."""
    conversation = lines.conversation_id
    reading = RulesReader().interpret(tuple(line._to_plain() for line in lines), state, vocabulary)
    texts = conversation._get_turn_texts(lines, reading)
    understood, decision = conversation._decide_turn(lines, state, reading, texts, vocabulary)
    return {
        **{name: slot.value for name, slot in understood.slots.items() if name in MEASURED},
        "closing": understood.closed and understood.closed.reason,
        "quality": decision.quality,
        "action": decision.action,
    }


def _make_change(lines, before, after, verdict):
    names = [name for name in _COMPARED if not _is_same(before.get(name), after.get(name))]
    if not names:
        return None
    return Change(lines, {name: before.get(name) for name in names}, {name: after.get(name) for name in names}, verdict)


def _is_same(one, other):
    """Products are wanted in no order."""
    return (set(one) if isinstance(one, tuple) else one) == (set(other) if isinstance(other, tuple) else other)
