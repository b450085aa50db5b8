from dataclasses import replace

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...understanding import Budget, Slot, Understanding, decide
from ...understanding.llm.examples import says
from .base import QUALITIES, WITH_PEOPLE

#: Fields of a conversation by the slot they show, and the fields of the lead that a correction of it reaches.
_FIELDS = {
    "name": "customer_name",
    "email": "email",
    "city": "city",
    "urgency": "urgency",
    "need": "need",
}

_LEAD_FIELDS = {
    "name": ["contact_name"],
    "email": ["email_from"],
    "city": ["city"],
    "products": ["x_product_interest"],
    "budget": ["x_budget_range"],
}


#: So many of the customer's last messages are looked through for what a person corrects.
_READ_BACK = 100


class WhatsappConversation(models.Model):
    """What people know better: a correction counts at once, also on the lead, and teaches the assistant."""

    _inherit = "whatsapp.conversation"

    interest_ids = fields.Many2many(
        "whatsapp.interest", string="Product Interests", compute="_compute_interest_ids", inverse="_inverse_slots"
    )
    person_quality = fields.Selection(
        QUALITIES, string="Quality by a Person", readonly=True, copy=False, help="Counts in place of the assistant's."
    )
    is_reviewed = fields.Boolean(related="classification_id.reviewed", string="Last Turn Reviewed")

    @api.depends("understanding")
    def _compute_interest_ids(self):
        interests = {interest.name: interest.id for interest in self.env["whatsapp.interest"].search([])}
        for conversation in self:
            slot = conversation._get_state().slots.get("products")
            names = slot.value if slot else ()
            conversation.interest_ids = [Command.set([interests[name] for name in names if name in interests])]

    def _inverse_slots(self):
        for conversation in self:
            slots = conversation._get_state().slots
            wanted = conversation._get_shown_values()
            corrections = {
                name: value for name, value in wanted.items() if value != (slots[name].value if name in slots else None)
            }
            if corrections:
                conversation._correct(corrections)

    def _get_shown_values(self):
        """The values that the fields show now, by slot; None for empty ones."""
        values = {slot: (self[name] or "").strip() or None for slot, name in _FIELDS.items()}
        values["email"] = values["email"] and values["email"].lower()
        values["products"] = tuple(self.interest_ids.mapped("name")) or None
        low, high = self.budget_min or None, self.budget_max or None
        values["budget"] = Budget(low, high) if low or high else None
        return values

    def _correct(self, corrections):
        """Put a person's values in place of the machine's; they stay, whatever is read later.

        corrections
            values by slot; None takes one away.
        """
        self.ensure_one()
        state = self._get_state()
        slots = dict(state.slots)
        for name, value in corrections.items():
            if value is None:
                slots.pop(name, None)
            else:
                known = self._is_known_otherwise(name, value, slots.get(name))
                slots[name] = Slot(value, 1.0, source="person", known_otherwise=known)
        state = self._reopen(replace(state, slots=slots), corrections)
        conversation = self.sudo()
        conversation.understanding = state.to_json()
        decision = conversation._judge()
        conversation._review_turn(state, decision, any(not _is_otherwise(slots.get(name)) for name in corrections))
        conversation._sync_lead({field for name in corrections for field in _LEAD_FIELDS.get(name, ())})
        conversation._publish_state()

    def _review_turn(self, state, decision, judges):
        """Keep a correction with the last turn.

        state, decision
            what is known now, and what the policy makes of it.
        judges
            whether it says anything about how the messages were read.
        """
        turn, slots = self.classification_id, state.to_json()["slots"]
        if turn and (judges or turn.reviewed):
            turn._review(slots, self.person_quality, decision.reasons)
        elif turn:
            turn._add_known(slots, decision.reasons)

    def _is_known_otherwise(self, name, value, known):
        """Whether a person's value comes from elsewhere than the chat: nothing that the customer wrote says it.

        Where words do not show it, a person changes what was read in the chat, and adds what they were told elsewhere.
        They say so if it is the other way round, see `action_toggle_origin`.
        """
        if name in ("urgency", "need"):
            return known is None or known.known_otherwise
        lines = self.sudo().line_ids.filtered(lambda line: line.direction == "inbound")[-_READ_BACK:]
        text = "\n".join(words for line in lines if (words := line._get_words()))
        return not says(text, name, value, known and known.value, self.assistant_id._get_vocabulary())

    def action_toggle_origin(self):
        """A person says whether a value that they corrected (`slot` in the context) is from the chat or known otherwise."""
        name = self.env.context.get("slot")
        for conversation in self._checked_sudo("write"):
            state = conversation._get_state()
            slot = state.slots.get(name)
            if not slot or slot.source != "person":
                raise UserError(self.env._("Only of what a person corrected it can be said where it is from."))
            slots = {**state.slots, name: replace(slot, known_otherwise=not slot.known_otherwise)}
            state = replace(state, slots=slots)
            conversation.understanding = state.to_json()
            conversation._review_turn(state, conversation._decide(), judges=slot.known_otherwise)

    def _decide(self):
        """The policy's `Decision` on what is known now, as if the customer had added nothing."""
        state = self._get_state()
        understood = Understanding(
            state.slots, state.support, state.inquired, confidence=state.confidence, closed=state.closed
        )
        return decide(understood, state, self.assistant_id._get_criteria())

    def _get_quality(self, quality, stage, state=None):
        """How promising the conversation is: what a person says, else what the policy says of a sale.

        quality
            the policy's.
        stage
            that the conversation will have.
        state
            what will be known, by default what is.

        Who complains, asks for a person or wants no messages, and has named nothing to buy, is no cold customer but
        none of ours to judge: the quality is empty.
        """
        self.ensure_one()
        if self.person_quality:
            return self.person_quality
        if quality == "cold" and (self.opted_out or stage in WITH_PEOPLE):
            slots = (state or self._get_state()).slots
            return quality if {"products", "budget"} & slots.keys() else False
        return quality

    def _judge(self):
        """Quality and completeness of what is known now, without a new turn. Returns the `Decision`."""
        decision = self._decide()
        self.write(
            {
                "quality": self._get_quality(decision.quality, self.stage),
                "completeness": decision.completeness,
                "confidence": decision.confidence,
            }
        )
        return decision

    def action_set_quality(self):
        """A person says hot, warm or cold (`quality` in the context); said again, it is the assistant's again."""
        quality = self.env.context["quality"]
        for conversation in self._checked_sudo("write"):
            conversation.person_quality = False if conversation.person_quality == quality else quality
            conversation._judge()
            conversation.classification_id._review(quality=conversation.person_quality)
            conversation._sync_lead({"x_quality_score"})
            conversation._publish_state()

    def action_confirm(self):
        """A person says that the last turn was read and judged right."""
        for conversation in self._checked_sudo("write"):
            if not conversation.classification_id:
                raise UserError(self.env._("There is nothing to confirm yet: the assistant has not read anything."))
            conversation.classification_id._review(quality=conversation.person_quality)

    def action_teach(self):
        """Teach the assistant by what the customer said in the last turn."""
        self.ensure_one()
        self.check_access("write")
        if not self.classification_id:
            raise UserError(self.env._("There is nothing to learn from yet: the assistant has not read anything."))
        return self.classification_id.action_teach()

    def _sync_lead(self, winning):
        """Bring the lead up to date; `winning` are fields that take the conversation's value whatever they hold."""
        # What is wanted after a sale is nothing of the lead that was won or lost.
        if self.lead_id and (self._is_open(self.lead_id) or self._get_state().lead):
            self._with_its_company()._update_lead(self.lead_id, winning)


def _is_otherwise(slot):
    return bool(slot) and slot.known_otherwise
