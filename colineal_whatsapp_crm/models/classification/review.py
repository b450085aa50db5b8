import json
from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...understanding import State, Understanding, decide
from ...understanding.llm.examples import make_example
from ..conversation.base import ACTIONS, QUALITIES
from .base import find_closing

#: The slots whose reading is measured.
MEASURED = ("name", "email", "products", "budget", "city", "urgency")

#: Longer turns are no examples for a prompt; and how many corrected ones are looked through for some that are.
_EXAMPLE_LENGTH = 300

#: What a state is made of.
_STATE_FIELDS = (
    "conversation_id",
    "slots",
    "right_slots",
    "support",
    "inquired",
    "language",
    "action",
    "right_action",
    "reasons",
    "right_reasons",
)

#: Turns of customers: what colleagues wrote in the simulator teaches nothing, and what is erased neither.
REAL_TURNS = [("conversation_id.is_simulated", "=", False), ("conversation_id.words_erased_at", "=", False)]


class WhatsappClassification(models.Model):
    """A turn beside what a person says it should have been: what is measured, exported and taught."""

    _inherit = "whatsapp.classification"

    reviewed = fields.Boolean(readonly=True)
    reviewed_by = fields.Many2one("res.users", readonly=True)
    reviewed_at = fields.Datetime(readonly=True)
    right_slots = fields.Json(readonly=True, help="What should have been known after this turn.")
    right_quality = fields.Selection(QUALITIES, readonly=True)
    right_action = fields.Selection(ACTIONS, readonly=True)
    right_reasons = fields.Json(readonly=True)
    unjudged = fields.Json(
        readonly=True, help="Slots that a person knows from elsewhere than the messages: no judgement of the reading."
    )
    is_corrected = fields.Boolean(readonly=True, help="A person changed something.")
    name_right = fields.Boolean(readonly=True)
    email_right = fields.Boolean(readonly=True)
    products_right = fields.Boolean(readonly=True)
    budget_right = fields.Boolean(readonly=True)
    city_right = fields.Boolean(readonly=True)
    urgency_right = fields.Boolean(readonly=True)
    quality_right = fields.Boolean(readonly=True)
    action_right = fields.Boolean(readonly=True)

    # As the ORM asks: PostgreSQL does not see that "reviewed IS TRUE" is "reviewed".
    _reviewed_index = models.Index("(conversation_id) WHERE reviewed IS TRUE")
    _corrected_index = models.Index("(id) WHERE is_corrected")

    def _review(self, slots=None, quality=False, reasons=None):
        """Keep what a person says of the turn beside what the machine said, and what of that was right.

        What they know from elsewhere than the messages is kept, and is neither right nor wrong.

        slots, reasons
            all that should have been known, as JSON, and why the policy decides as it does with that; by default as
            said before, or as the machine read it.
        quality
            the person's own judgement; False when the one that follows from the slots is right.
        """
        self.ensure_one()
        right = slots or self.right_slots or self.slots or {}
        after = State.from_json({"slots": right})
        read = State.from_json({"slots": self.slots or {}}).slots
        if reasons is not None:
            self.right_reasons = _to_json(reasons)
        unjudged = {name for name, slot in after.slots.items() if slot.known_otherwise}
        # What could have been read: of what is known otherwise, whatever was.
        readable = {name: slot for name, slot in after.slots.items() if name not in unjudged}
        readable |= {name: slot for name, slot in read.items() if name in unjudged}
        decision, readable_decision = self._decide(after.slots), self._decide(readable)
        values = {
            "reviewed": True,
            "reviewed_by": self.env.uid,
            "reviewed_at": fields.Datetime.now(),
            "right_slots": right,
            "right_quality": quality or decision.quality,
            "right_action": decision.action,
            "unjudged": sorted(unjudged.intersection(MEASURED)),
        }
        marks = {f"{name}_right": _comparable(read.get(name)) == _comparable(readable.get(name)) for name in MEASURED}
        marks["quality_right"] = self.quality == (quality or readable_decision.quality)
        marks["action_right"] = self.action == readable_decision.action
        self.write({**values, **marks, "is_corrected": not all(marks.values())})

    def _add_known(self, slots, reasons):
        """Keep what a person knows from elsewhere than the messages: it counts, and nobody has reviewed the turn.

        slots, reasons
            as in `_review`.
        """
        self.ensure_one()
        self.write({"right_slots": slots, "right_reasons": _to_json(reasons)})

    def _decide(self, slots):
        """The policy's `Decision` on these slots in the turn's place."""
        # What a person adds is wanted: the decision that was read ended nothing.
        added = "products" in slots and "products" not in (self.slots or {})
        closed = None if added else self._get_right_closing()
        understood = Understanding(slots, self.support, self.inquired, closed=closed)
        return decide(understood, self._get_state_before(), self.conversation_id.assistant_id._get_criteria())

    def _get_right_closing(self):
        """As `_get_closing`, people's corrections included."""
        return find_closing(self.reasons if self.right_reasons is None else self.right_reasons)

    def _get_state_before(self):
        """What was known before this turn, people's corrections included."""
        self.ensure_one()
        return self._get_states_before()[self]

    def _get_states_before(self):
        """{turn: what was known before it, people's corrections included}, all in one look."""
        wanted, states = set(self.ids), {}
        known = [("conversation_id", "in", self.conversation_id.ids), ("id", "<=", max(self.ids, default=0))]
        for turns in self.search_fetch(known, _STATE_FIELDS, order="id").grouped("conversation_id").values():
            state = State()
            for turn in turns:
                if turn.id in wanted:
                    states[turn] = state
                state = turn._get_state_after(state)
        return states

    def _get_state_after(self, before):
        """What is known after this turn, people's corrections included.

        before
            what was known before it.
        """
        action, closing = self.right_action or self.action, self._get_right_closing()
        return replace(
            State.from_json({"slots": self.right_slots or self.slots}),
            support=self.support,
            inquired=self.inquired,
            last_action=action,
            lead=before.lead or action == "create_lead",
            insisted=before.insisted + 1 if action == "gather_more_details" else 0,
            language=self.language or None,
            closed=closing,
        )

    def _get_text(self):
        """What the customer said in this turn."""
        inbound = self.message_ids.filtered(lambda line: line.direction == "inbound").sorted("id")
        return "\n".join(text for line in inbound if (text := line._get_words()))

    def _to_example(self):
        """The turn for a prompt, made of harmless words; None when it does not make one."""
        text = self._get_text()
        if not text or len(text) > _EXAMPLE_LENGTH:
            return None
        after = State.from_json({"slots": self.right_slots})
        vocabulary = self.conversation_id.assistant_id._get_vocabulary()
        # The text teaches nothing of what it does not say.
        taught = {name: slot for name, slot in after.slots.items() if not slot.known_otherwise}
        return make_example(text, self._get_state_before().slots, taught, vocabulary)

    def action_teach(self):
        """Teach the assistant by what the customer said in this turn."""
        self.ensure_one()
        line = self.message_ids._filter_taught().sorted("id")[-1:]
        if not line:
            raise UserError(self.env._("There are no words of the customer in it to learn from."))
        return line.action_teach()

    # Export

    @api.model
    def _export_reviewed(self, domain=None):
        """The conversations with reviewed turns as JSON Lines, in the form that `./dev evaluate` reads.

        Every turn is there; those that a person reviewed have what they expect. Follows the reader's access rights.
        """
        conversations = self.search([("reviewed", "=", True), *REAL_TURNS, *(domain or [])]).conversation_id.sorted(
            "id"
        )
        for conversation in conversations:
            turns = [turn._to_labelled() for turn in conversation.classification_ids.sorted("id")]
            line = {"id": f"conversation-{conversation.id}", "tags": ["reviewed"], "turns": turns}
            yield json.dumps(line, ensure_ascii=False)

    def _to_labelled(self):
        turn = {"text": self._get_text()}
        if self.reviewed:
            slots = State.from_json({"slots": self.right_slots}).slots
            unjudged = self.unjudged or []
            judged = [name for name in MEASURED if name in slots and name not in unjudged]
            turn["expect"] = {
                "slots": {name: slots[name].to_json()["value"] for name in judged},
                "support": self.support,
            }
            if unjudged:
                # Quality and action rest on what no text says.
                turn["expect"]["unjudged"] = unjudged
                return turn
            quality, action = self.right_quality, self.right_action
            if self._get_right_closing():
                # What is measured follows from the slots alone.
                criteria = replace(self.conversation_id.assistant_id._get_criteria(), closings=False)
                decision = decide(Understanding(slots, self.support, self.inquired), self._get_state_before(), criteria)
                quality, action = decision.quality, decision.action
            turn["expect"].update(quality=quality, action=action)
        return turn


def _comparable(slot):
    if slot is None:
        return None
    return frozenset(slot.value) if isinstance(slot.value, tuple) else slot.value


def _to_json(reasons):
    return [[reason.code, reason.subject, reason.detail] for reason in reasons]
