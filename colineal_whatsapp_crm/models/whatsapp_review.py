import json
from dataclasses import replace

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..understanding import Budget, Reason, Slot, State, Understanding, decide
from ..understanding.llm.examples import make_example
from .whatsapp_conversation import ACTIONS, QUALITIES

#: The slots whose reading is measured.
MEASURED = ("name", "email", "products", "budget", "city", "urgency")

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
    "urgency": ["priority"],
    "products": ["x_product_interest"],
    "budget": ["x_budget_range"],
}

#: Turns of customers: what colleagues wrote in the simulator teaches nothing, and what is erased neither.
_REAL = [("conversation_id.is_simulated", "=", False), ("conversation_id.words_erased_at", "=", False)]

#: Longer turns are no examples for a prompt; and how many corrected ones are looked through for some that are.
_EXAMPLE_LENGTH = 300
_EXAMPLES_LOOKED_AT = 40


class WhatsappConversation(models.Model):
    """What people know better: a correction counts at once, also on the lead, and teaches the assistant."""

    _inherit = "whatsapp.conversation"

    customer_name = fields.Char(inverse="_inverse_slots", readonly=False)
    email = fields.Char(inverse="_inverse_slots", readonly=False)
    budget_min = fields.Integer(inverse="_inverse_slots", readonly=False)
    budget_max = fields.Integer(inverse="_inverse_slots", readonly=False)
    city = fields.Char(inverse="_inverse_slots", readonly=False)
    urgency = fields.Selection(inverse="_inverse_slots", readonly=False)
    need = fields.Char(inverse="_inverse_slots", readonly=False)
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
                slots[name] = Slot(value, 1.0, source="person")
        state = replace(state, slots=slots)
        conversation = self.sudo()
        conversation.understanding = state.to_json()
        decision = conversation._judge()
        conversation.classification_id._review(state.to_json()["slots"], self.person_quality, decision.reasons)
        conversation._tell_lead({field for name in corrections for field in _LEAD_FIELDS.get(name, ())})
        conversation._publish_state()

    def _decide(self):
        """The policy's `Decision` on what is known now, as if the customer had added nothing."""
        state = self._get_state()
        understood = Understanding(state.slots, state.support, state.inquired, confidence=state.confidence)
        return decide(understood, state, self.assistant_id._get_criteria())

    def _judge(self):
        """Quality and completeness of what is known now, without a new turn. Returns the `Decision`."""
        decision = self._decide()
        self.write(
            {
                "quality": self.person_quality or decision.quality,
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
            conversation._tell_lead({"x_quality_score"})
            conversation._publish_state()

    def action_confirm(self):
        """A person says that the last turn was read and judged right."""
        for conversation in self._checked_sudo("write"):
            if not conversation.classification_id:
                raise UserError(self.env._("There is nothing to confirm yet: the assistant has not read anything."))
            conversation.classification_id._review(quality=conversation.person_quality)

    def _tell_lead(self, winning):
        """Bring the lead up to date; `winning` are fields that take the conversation's value whatever they hold."""
        # What is wanted after a sale is nothing of the lead that was won or lost.
        if self.lead_id and (self._is_open(self.lead_id) or self._get_state().lead):
            self._with_its_company()._update_lead(self.lead_id, winning)


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

        slots, reasons
            all that should have been known, as JSON, and why the policy decides as it does with that; by default as
            said before, or as the machine read it.
        quality
            the person's own judgement; False when the one that follows from the slots is right.
        """
        self.ensure_one()
        right = slots or self.right_slots or self.slots or {}
        after = State.from_json({"slots": right})
        understood = Understanding(after.slots, self.support, self.inquired)
        decision = decide(understood, self._get_state_before(), self.conversation_id.assistant_id._get_criteria())
        values = {
            "reviewed": True,
            "reviewed_by": self.env.uid,
            "reviewed_at": fields.Datetime.now(),
            "right_slots": right,
            "right_quality": quality or decision.quality,
            "right_action": decision.action,
        }
        if reasons is not None:
            values["right_reasons"] = [[reason.code, reason.subject, reason.detail] for reason in reasons]
        read = State.from_json({"slots": self.slots or {}}).slots
        marks = {
            f"{name}_right": _comparable(read.get(name)) == _comparable(after.slots.get(name)) for name in MEASURED
        }
        marks["quality_right"] = self.quality == values["right_quality"]
        marks["action_right"] = self.action == values["right_action"]
        self.write({**values, **marks, "is_corrected": not all(marks.values())})

    def _get_state_before(self):
        """What was known before this turn, people's corrections included."""
        self.ensure_one()
        earlier = self.search(
            [("conversation_id", "=", self.conversation_id.id), ("id", "<", self.id)], order="id desc"
        )
        if not earlier:
            return State()
        last = earlier[0]
        actions = [turn.right_action or turn.action for turn in earlier]
        insisted = next((at for at, action in enumerate(actions) if action != "gather_more_details"), len(actions))
        return State.from_json(
            {
                "slots": last.right_slots or last.slots,
                "support": last.support,
                "inquired": last.inquired,
                "last_action": actions[0],
                "lead": "create_lead" in actions,
                "insisted": insisted,
            }
        )

    @api.depends("right_reasons")
    def _compute_explanation(self):
        result = super()._compute_explanation()
        for turn in self.filtered("right_reasons"):
            turn.explanation = turn._explain_all([Reason(*reason) for reason in turn.right_reasons])
        return result

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
        return make_example(text, self._get_state_before().slots, after.slots, vocabulary)

    # Export

    @api.model
    def _export_reviewed(self, domain=None):
        """The conversations with reviewed turns as JSON Lines, in the form that `./dev evaluate` reads.

        Every turn is there; those that a person reviewed have what they expect. Follows the reader's access rights.
        """
        conversations = self.search([("reviewed", "=", True), *_REAL, *(domain or [])]).conversation_id.sorted("id")
        for conversation in conversations:
            turns = [turn._to_labelled() for turn in conversation.classification_ids.sorted("id")]
            line = {"id": f"conversation-{conversation.id}", "tags": ["reviewed"], "turns": turns}
            yield json.dumps(line, ensure_ascii=False)

    def _to_labelled(self):
        turn = {"text": self._get_text()}
        if self.reviewed:
            slots = State.from_json({"slots": self.right_slots}).slots
            turn["expect"] = {
                "slots": {name: slots[name].to_json()["value"] for name in MEASURED if name in slots},
                "quality": self.right_quality,
                "action": self.right_action,
                "support": self.support,
            }
        return turn


class WhatsappAssistant(models.Model):
    _inherit = "whatsapp.assistant"

    def _get_examples(self, company):
        """The latest corrected turns that make good examples, at most as many as are wanted.

        Of this company: customers of another that shares the assistant are none of its business.
        """
        self.ensure_one()
        if not self._get_bounded("max_examples"):
            return ()
        turns = self.env["whatsapp.classification"].search(
            [
                ("is_corrected", "=", True),
                *_REAL,
                ("conversation_id.sender_id.assistant_id", "=", self.id),
                ("conversation_id.company_id", "=", company.id),
            ],
            order="id desc",
            limit=_EXAMPLES_LOOKED_AT,
        )
        examples = []
        for turn in turns:
            if (example := turn._to_example()) and example not in examples:
                examples.append(example)
            if len(examples) == self._get_bounded("max_examples"):
                break
        return tuple(examples)


def _comparable(slot):
    if slot is None:
        return None
    return frozenset(slot.value) if isinstance(slot.value, tuple) else slot.value
