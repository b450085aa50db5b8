from odoo import fields, models

from ...lib.clock import utcnow
from .base import WITH_ASSISTANT


class WhatsappConversation(models.Model):
    """Writing once more to a customer who does not answer: planned after each answer, cancelled by whatever comes."""

    _inherit = "whatsapp.conversation"

    followup_ids = fields.One2many("whatsapp.followup", "conversation_id", string="Follow-ups", readonly=True)
    followup_id = fields.Many2one(
        "whatsapp.followup",
        string="Follow-up",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="What is planned, or was sent last and is not answered.",
    )
    followup_at = fields.Datetime(string="Follow-up On", compute="_compute_followup_at")

    def _compute_followup_at(self):
        for conversation in self:
            followup = conversation.followup_id
            conversation.followup_at = followup.state == "planned" and followup.planned_at

    def action_cancel_followup(self):
        """A colleague does not want the customer written to; what the customer writes next begins anew."""
        self._checked_sudo("write")._cancel_followup("colleague")

    def _plan_followup(self):
        """The assistant has written: plan what it writes if nothing comes back, by the first rule not used here yet."""
        self.ensure_one()
        rules = self.env["whatsapp.followup.rule"]
        ids = rules._get_ids(self.assistant_id.id)
        # Nobody waits for what a colleague plays in the simulator.
        # Whether it is too late is the moment's to say.
        if not ids or self.is_simulated or self._get_followup_obstacle(by_template=True):
            return
        # One that is planned is unique until the database knows that it is over.
        self.followup_ids.flush_recordset()
        done = self.followup_ids.filtered(lambda each: each.state in ("planned", "sent", "answered"))
        if "planned" in done.mapped("state"):
            return
        for rule in rules.browse(ids) - done.rule_id:
            moment = rule._fits(self) and rule._get_moment(self)
            if moment and moment > utcnow():
                self.followup_id = self.env["whatsapp.followup"].create(
                    {
                        "conversation_id": self.id,
                        "rule_id": rule.id,
                        "hours": rule.hours,
                        "planned_at": moment,
                    }
                )
                self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_follow_up", moment)
                return

    def _get_followup_obstacle(self, by_template=False):
        """Why the customer is not to be written to now, one of the follow-up's `OBSTACLES`; None where they may be.

        by_template
            whether it is a template that goes, at any time.
        """
        self.ensure_one()
        if self.stage == "closed":
            return "closed"
        if self.opted_out or self.contact_id._is_out_of_reach():
            return "opted_out"
        if self.stage not in WITH_ASSISTANT or self.handover_id or self.silence_reason:
            return "person"
        if self.closing:
            return "given_up"
        if self.lead_id and not self._is_open(self.lead_id):
            return "lead_over"
        if self.waiting_since or self.due_at or self._get_unread():
            return "customer"
        return None if by_template or self._is_window_open() else "too_late"

    def _has_unrouted(self):
        """Whether the customer has written something that is not sorted into conversations yet."""
        return self.sender_id in self.contact_id._find_unrouted().sender_id

    def _say_followup(self):
        """Put the assistant's words for it into the outbox. Returns the messages, none where it has no words."""
        # Not for a model to word: nothing was said that it could answer.
        lines = self._queue_scripted(["follow_up"], self._get_placeholder_values())
        self._plan_promises(lines.wording_ids)
        return lines

    def _end_followup(self):
        """The customer has written: what was sent is answered, and what was planned is not to be said."""
        self.ensure_one()
        # As it mostly is, which must not cost anything.
        if not self.followup_id:
            return
        sent = self.followup_ids.filtered(lambda each: each.state == "sent").sorted("sent_at")[-1:]
        sent.write({"state": "answered", "answered_at": utcnow()})
        self._cancel_followup("customer")

    def _cancel_followup(self, obstacle):
        """What is planned is not to be said.

        obstacle
            one of the follow-up's `OBSTACLES`.
        """
        for conversation in self.filtered("followup_id"):
            conversation.followup_id._cancel(obstacle)
            conversation.followup_id = False
