from odoo import api, fields, models
from odoo.fields import Domain

from ...lib.clock import utcnow

STATES = [("planned", "Planned"), ("sent", "Sent"), ("answered", "Answered"), ("cancelled", "Cancelled")]

OBSTACLES = [
    ("customer", "The customer wrote"),
    ("person", "A person has the conversation"),
    ("closed", "The conversation was closed"),
    ("opted_out", "The customer wants no messages"),
    ("given_up", "The customer gave it up or put it off"),
    ("lead_over", "The lead is won or lost"),
    ("changed", "The rule is not for this conversation any more"),
    ("too_late", "WhatsApp's 24 hours were over"),
    ("no_wording", "The assistant has no wording for it"),
    ("no_template", "The template may not go now, or names what is not known"),
    ("colleague", "Cancelled by a colleague"),
]

_BATCH = 100


class WhatsappFollowup(models.Model):
    """One message to a customer who fell silent: when it is planned, and what became of it."""

    _name = "whatsapp.followup"
    _inherit = ["whatsapp.access.mixin", "whatsapp.simulated.mixin"]
    _description = "WhatsApp Follow-up"
    _real_domain = Domain("conversation_id", "any!", [("is_simulated", "=", False)])
    _order = "id desc"
    _rec_name = "planned_at"

    conversation_id = fields.Many2one("whatsapp.conversation", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="conversation_id.company_id", store=True, index=True)
    rule_id = fields.Many2one("whatsapp.followup.rule", ondelete="set null", index="btree_not_null")
    hours = fields.Integer(string="Hours of Silence", aggregator=None, help="As the rule had it.")
    state = fields.Selection(STATES, default="planned", required=True)
    planned_at = fields.Datetime(string="Planned For", required=True)
    message_id = fields.Many2one("whatsapp.conversation.message", ondelete="set null", index="btree_not_null")
    sent_at = fields.Datetime(string="Sent On", help="When it was put into the outbox.")
    answered_at = fields.Datetime(string="Answered On")
    obstacle = fields.Selection(OBSTACLES, string="Cancelled Because")

    _planned_uniq = models.UniqueIndex("(conversation_id) WHERE state = 'planned'", "A follow-up is planned already.")
    _due_index = models.Index("(planned_at) WHERE state = 'planned'")

    @api.model
    def _cron_follow_up(self):
        """Write to who has been silent for as long as their assistant's rules say."""
        failures = self.env["whatsapp.job.failure"]
        put_off = [("id", "not in", failures._get_put_off("follow_up", self._name))]
        due = self.search(
            [("state", "=", "planned"), ("planned_at", "<=", utcnow()), *put_off], order="planned_at, id", limit=_BATCH
        )
        failures._run_each("follow_up", due, type(self)._run)
        if len(due) == _BATCH:
            self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_follow_up")

    def _run(self):
        """Send it, or find out why not."""
        self.ensure_one()
        conversation = self.conversation_id
        # Whoever has it now is busy with just what may be in the way: at the job's next run it is seen.
        if not conversation.try_lock_for_update() or self.state != "planned":
            return
        conversation = conversation._with_its_company()
        template = self.rule_id.template_id
        obstacle = conversation._get_followup_obstacle(by_template=bool(template))
        if not obstacle and not (self.rule_id and self.rule_id._fits(conversation)):
            obstacle = "changed"
        if obstacle:
            self._cancel(obstacle)
            return
        if conversation._has_unrouted():
            # What the customer has written just now is about to be sorted in, and cancels it then.
            return
        lines = conversation._say_by_template(template) if template else conversation._say_followup()
        if not lines:
            self._cancel("no_template" if template else "no_wording")
            return
        self.write({"state": "sent", "sent_at": utcnow(), "message_id": lines[0].id})
        conversation._plan_followup()

    def _cancel(self, obstacle):
        """It is not to be sent.

        obstacle
            one of `OBSTACLES`.
        """
        self.filtered(lambda each: each.state == "planned").write({"state": "cancelled", "obstacle": obstacle})

    def _get_known_words(self):
        """What no log and no stored error may tell of whom these are for."""
        return self.exists().conversation_id._get_known_words()
