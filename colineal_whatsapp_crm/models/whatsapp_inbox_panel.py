from datetime import timedelta

from odoo import api, fields, models


class WhatsappConversation(models.Model):
    """The panel beside the thread: what was understood and from which words, and what comes next."""

    _inherit = "whatsapp.conversation"

    evidence = fields.Json(
        compute="_compute_evidence", help="By slot: confidence, the customer's own words, and who says so."
    )
    next_step = fields.Char(string="Next", compute="_compute_next_step", help="What happens by itself.")
    other_count = fields.Integer(
        string="Other Conversations", compute="_compute_other_count", help="Earlier ones of the customer, mostly."
    )

    @api.depends("understanding")
    def _compute_evidence(self):
        for conversation in self:
            conversation.evidence = {
                name: {"confidence": slot.confidence, "quote": slot.quote, "source": slot.source}
                for name, slot in conversation._get_state().slots.items()
            }

    @api.depends("stage", "understanding", "due_at", "lead_id", "last_inbound_at", "silence_reason")
    @api.depends_context("lang")
    def _compute_next_step(self):
        for conversation in self:
            conversation.next_step = conversation._get_next_step()

    def _get_next_step(self):
        if self.stage == "closed":
            return self.env._("Nothing: the customer's next message begins a new conversation.")
        if self.stage == "person":
            return self.env._("Nothing by itself: a person answers.")
        if self.silence_reason:
            reasons = dict(self._fields["silence_reason"]._description_selection(self.env))
            return self.env._("Nothing by itself: %s.", reasons[self.silence_reason].lower())
        if self.due_at:
            return self.env._("The assistant reads what came in.")
        if self.stage == "support":
            return self.env._("Nothing by itself: a person looks after it, unless the customer wants to buy.")
        if self.lead_id:
            return self.env._("What the customer adds goes to the lead.")
        if not self.classification_id:
            return False
        action = dict(self._fields["action"]._description_selection(self.env))[self._decide().action]
        step = self.env._("When the customer answers: %s", action)
        hours = self.assistant_id._get_bounded("idle_hours")
        if hours and self.last_inbound_at and (self.customer_name or self.product_interest):
            at = fields.Datetime.context_timestamp(self, self.last_inbound_at + timedelta(hours=hours))
            step = self.env._("%(step)s. Silent until %(time)s: a lead is made.", step=step, time=f"{at:%d/%m %H:%M}")
        return step

    @api.depends("contact_id")
    def _compute_other_count(self):
        counts = dict(self._read_group([("contact_id", "in", self.contact_id.ids)], ["contact_id"], ["__count"]))
        for conversation in self:
            conversation.other_count = max(counts.get(conversation.contact_id, 0) - 1, 0)

    def action_view_others(self):
        """The other conversations of this customer."""
        self.ensure_one()
        domain = [("contact_id", "=", self.contact_id.id), ("id", "!=", self.id)]
        return self.search(domain)._get_list_action(domain)

    def action_view_turns(self):
        return self._view_own("whatsapp.classification", self.env._("Turns of %s", self.title))

    def action_view_messages(self):
        return self._view_own("whatsapp.conversation.message", self.env._("Messages of %s", self.title))

    def _view_own(self, model, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("conversation_id", "=", self.id)],
        }

    def action_view_partner(self):
        self.ensure_one()
        # A related field is read as superuser.
        self.check_access("read")
        return self.partner_id.get_formview_action()
