from odoo import api, fields, models

STATES = [("waiting", "Still to go"), ("queued", "Under way"), ("left_out", "Left out")]

REASONS = [
    ("opted_out", "Wants no messages"),
    ("advertising", "Wants or may get no more advertising now"),
    ("unfilled", "Something in the template is not known of them"),
    ("no_template", "The template is not approved, or not for the number that they write to"),
    ("no_right", "Who started it may not write to them"),
    ("erased", "Their conversation was erased"),
]


class WhatsappMailingRecipient(models.Model):
    """One customer who is to get a mailing, and what became of it."""

    _name = "whatsapp.mailing.recipient"
    _inherit = ["whatsapp.access.mixin"]
    _description = "Customer of a WhatsApp Mailing"
    _order = "id"
    _rec_name = "conversation_id"

    mailing_id = fields.Many2one("whatsapp.mailing", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="mailing_id.company_id", store=True, index=True)
    conversation_id = fields.Many2one(
        "whatsapp.conversation", string="Customer", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(STATES, required=True, default="waiting")
    reason = fields.Selection(REASONS, string="Left Out Because")
    message_id = fields.Many2one("whatsapp.conversation.message", index="btree_not_null", ondelete="set null")
    outcome = fields.Char(string="What Became of It", compute="_compute_outcome")
    failure = fields.Char(string="Failed Because", compute="_compute_outcome")

    _conversation_uniq = models.UniqueIndex(
        "(mailing_id, conversation_id)", "This customer is to get the mailing already."
    )
    _waiting_index = models.Index("(mailing_id, id) WHERE state = 'waiting'")

    # Depends on nothing: each change of each message would have to ask which mailing it is of.
    @api.depends_context("lang")
    def _compute_outcome(self):
        states = dict(self.message_id._fields["state"]._description_selection(self.env))
        for recipient in self:
            recipient.outcome = states.get(recipient.message_id.state, False)
            recipient.failure = recipient.message_id.failure

    def _in_turn(self):
        """These one after the other, read all at once."""
        self.fetch(["conversation_id", "mailing_id"])
        self.conversation_id.fetch(["sender_id", "contact_id", "lead_id"])
        return self

    def _send(self, moment):
        """Put it into the outbox, to go from `moment` on; or leave the customer out. Returns whether it goes."""
        self.ensure_one()
        mailing = self.mailing_id
        context = {"allowed_company_ids": mailing.company_id.ids, "lang": mailing.user_id.lang}
        conversation = self.conversation_id.with_env(self.env(user=mailing.user_id, su=False, context=context))
        template = mailing.template_id.with_env(conversation.env)
        reason = self._find_reason(conversation, template)
        values = {} if reason else template._clean_values(template._get_values(conversation))
        if template._get_missing(values):
            reason = "unfilled"
        if reason:
            self.write({"state": "left_out", "reason": reason})
            return False
        message = conversation.sudo()._queue_mailing(template, values, mailing, moment)
        self.write({"state": "queued", "message_id": message.id, "reason": False})
        return True

    def _find_reason(self, conversation, template):
        """Why the customer is left out, one of `REASONS`, or None."""
        everything = conversation.sudo()
        if everything.words_erased_at:
            return "erased"
        if not conversation.has_access("write"):
            return "no_right"
        if everything.opted_out or everything.contact_id._is_out_of_reach():
            return "opted_out"
        if not template.has_access("read") or not everything.sender_id._may_use(template.sudo()):
            return "no_template"
        if template.category == "marketing" and everything.contact_id._get_marketing_fault(everything.sender_id, True):
            return "advertising"
        return None
