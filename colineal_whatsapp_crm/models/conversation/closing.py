from dataclasses import replace

from odoo import api, fields, models

from ...understanding import Closing
from ...understanding.closing_cues import LOST, REASONS

CLOSINGS = [("lost", "Given up"), ("postponed", "Put off")]

CLOSING_REASONS = [
    ("elsewhere", "Bought elsewhere"),
    ("no_need", "No need any more"),
    ("not_interested", "Not interested"),
    ("too_dear", "Too expensive"),
    ("thinking", "Thinks about it"),
    ("consulting", "Asks somebody first"),
    ("will_write", "Will write again"),
    ("not_now", "Not now"),
]

#: The lost reason that is proposed for each reason to give up.
_LOST_REASONS = {
    "elsewhere": "colineal_whatsapp_crm.lost_reason_elsewhere",
    "no_need": "colineal_whatsapp_crm.lost_reason_no_need",
    "not_interested": "colineal_whatsapp_crm.lost_reason_not_interested",
    "too_dear": "crm.lost_reason_1",
}

#: Characters that are kept of the words.
_LONGEST_QUOTE = 200


class WhatsappConversation(models.Model):
    """The customer gives up what was wanted, or puts it off: in their own words, and for as long as it stays so."""

    _inherit = "whatsapp.conversation"

    closing = fields.Selection(
        CLOSINGS,
        string="Customer's Decision",
        compute="_compute_closing",
        store=True,
        index="btree_not_null",
        help="What the customer said of what was wanted, until something is wanted again. The assistant asks nothing "
        "more then, and the lead stays as it is: a person decides whether it is lost.",
    )
    closing_reason = fields.Selection(
        CLOSING_REASONS, string="Reason of the Decision", compute="_compute_closing", store=True
    )
    closing_quote = fields.Char(string="Customer's Words", compute="_compute_closing_quote")

    @api.depends("understanding")
    def _compute_closing(self):
        for conversation in self:
            closed = conversation._get_state().closed
            conversation.closing = closed and closed.kind
            conversation.closing_reason = closed and closed.reason

    @api.depends("understanding")
    def _compute_closing_quote(self):
        for conversation in self:
            closed = conversation._get_state().closed
            conversation.closing_quote = closed and closed.quote

    def _get_farewell(self, values):
        """What to say to who has given up or put off: a farewell, once; then only answers to what they ask.

        values
            as in `_get_situations`.
        """
        kind = self.classification_id._get_closing().kind
        before = self._get_turn_before()._get_closing()
        told = before and before.kind == kind
        return [*self._get_answers(values), *([] if told else [f"closing_{kind}"])]

    def _follow_closing(self):
        """What follows from the customer's decision, beside the action of the turn."""
        self.ensure_one()
        if self.closing and not self.lead_id and self._find_open_lead():
            # The open lead of an earlier conversation hears of it.
            self._make_lead()
        if self.closing == "lost" and self.handover_id.reason == "hot":
            # Nobody is rung for a sale that is over; whether the lead is lost waits on the lead.
            conversation = self._with_its_company()
            conversation._end_handover("done", conversation.env._("The customer has given it up."))

    def _propose_loss(self, lead):
        """Tell the lead what the customer decided, with the lost reason that goes with it; each decision once.

        It is lost when a person says so.
        """
        noted = self.lead_values or {}
        decision = [self.closing, self.closing_reason] if self.closing else False
        if decision == noted.get("closing", False):
            return
        xmlid = _LOST_REASONS.get(self.closing_reason)
        # The shop may have deleted it, or use others.
        reason = xmlid and self.env.ref(xmlid, raise_if_not_found=False)
        lead.write(
            {
                "whatsapp_closing": self.closing,
                "whatsapp_lost_reason_id": reason.id if reason and reason.active else False,
            }
        )
        self.lead_values = {**noted, "closing": decision}

    def _close_by_person(self, reason, message):
        """A person says that the customer has decided so in a message that was not understood; all that follows.

        reason
            one of `CLOSING_REASONS`.

        What was given up is wanted no more, save for products that a person entered.
        """
        self.ensure_one()
        state = self._get_state()
        slots = dict(state.slots)
        quote = " ".join(message._get_words().split())[:_LONGEST_QUOTE]
        closed = Closing(REASONS[reason], reason, quote, source="person", message=str(message.id))
        if closed.kind == LOST and "products" in slots and slots["products"].source != "person":
            state = replace(state, withdrawn=slots.pop("products").value)
        state = replace(state, slots=slots, closed=closed)
        self.with_context(tracking_disable=True).understanding = state.to_json()
        self._drop_turn()
        decision = self._judge()
        self._review_turn(state, decision, judges=message.classification_id == self.classification_id)
        self._sync_lead(())
        self._follow_closing()
        if self.lead_id and self._is_open(self.lead_id):
            self._propose_loss(self.lead_id)
        self._broadcast_state()
        self._publish_state()

    def _reopen(self, state, corrections):
        """The state after a person's corrections: who adds a product knows that something is wanted again."""
        return replace(state, closed=None) if corrections.get("products") else state
