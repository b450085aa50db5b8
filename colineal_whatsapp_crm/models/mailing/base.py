from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...gateway.message_states import UNSETTLED
from ...lib.clock import utcnow

STATES = [("draft", "Draft"), ("sending", "Sending"), ("stopped", "Stopped"), ("done", "Done")]

#: What a mailing takes of the messages that its sender may send in a second: answers to customers pass it by.
_SHARE = 0.5

#: So much of it lies in the outbox at most: what is stopped has nothing more under way.
_AHEAD = timedelta(minutes=1)

#: Recipients that are seen to in one transaction.
_BATCH = 100

#: Where conversations name the records that a mailing is made from.
_CHOSEN = {"whatsapp.conversation": "id", "crm.lead": "lead_id", "res.partner": "contact_id.partner_id"}


class WhatsappMailing(models.Model):
    """One template for many customers. It goes through the outbox little by little, and can be stopped.

    Customers get it in the latest of their conversations, whether that is closed or not: it answers nothing, and changes
    nothing of who has the conversation. By the rights of who starts it.
    """

    _name = "whatsapp.mailing"
    _inherit = ["whatsapp.access.mixin"]
    _description = "WhatsApp Mailing"
    _order = "id desc"
    _check_company_auto = True
    _writable_fields = {"sales_team.group_sale_manager": {"name", "template_id"}}

    name = fields.Char(required=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    template_id = fields.Many2one(
        "whatsapp.content.template",
        ondelete="restrict",
        check_company=True,
        domain="[('state', '=', 'approved'), ('company_id', '=', company_id)]",
        help="Its variables are filled for each customer as they are set up; who lacks one of them is left out.",
    )
    preview = fields.Json(related="template_id.preview")
    user_id = fields.Many2one("res.users", string="Started By", readonly=True, copy=False)
    state = fields.Selection(STATES, required=True, default="draft", readonly=True, copy=False, index=True)
    started_at = fields.Datetime(readonly=True, copy=False)
    ended_at = fields.Datetime(readonly=True, copy=False)
    next_at = fields.Datetime(
        string="In the Outbox Until", readonly=True, copy=False, help="What is to go until then lies in the outbox."
    )
    unknown_count = fields.Integer(
        string="Not on WhatsApp", readonly=True, help="What was chosen without a conversation that you may see."
    )
    recipient_ids = fields.One2many("whatsapp.mailing.recipient", "mailing_id", readonly=True)
    recipient_count = fields.Integer(string="Customers", compute="_compute_counts")
    waiting_count = fields.Integer(string="Still to Go", compute="_compute_counts")
    left_out_count = fields.Integer(string="Left Out", compute="_compute_counts")
    sent_count = fields.Integer(string="Sent", compute="_compute_counts", help="Those read and delivered included.")
    delivered_count = fields.Integer(string="Delivered", compute="_compute_counts", help="Those read included.")
    read_count = fields.Integer(string="Read", compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts", help="How much of it is over, in percent.")

    _due_index = models.Index("(next_at) WHERE state = 'sending'")

    # Depends on nothing: each change of each message would have to ask which mailing it is of.
    def _compute_counts(self):
        self.env["whatsapp.mailing.recipient"].flush_model(["mailing_id", "state", "message_id"])
        self.env["whatsapp.conversation.message"].flush_model(["state"])
        query = SQL(
            """SELECT recipient.mailing_id, recipient.state, message.state, count(*)
                 FROM whatsapp_mailing_recipient recipient
            LEFT JOIN whatsapp_conversation_message message ON message.id = recipient.message_id
                WHERE recipient.mailing_id = ANY(%s)
             GROUP BY recipient.mailing_id, recipient.state, message.state""",
            self.ids,
        )
        rows = self.env.execute_query(query) if self.ids else []
        for mailing in self:
            mine = [(state, outcome, count) for mailing_id, state, outcome, count in rows if mailing_id == mailing.id]

            def count(states, outcomes=None, mine=mine):
                return sum(
                    number
                    for state, outcome, number in mine
                    if state in states and (outcomes is None or outcome in outcomes)
                )

            mailing.recipient_count = total = sum(number for _state, _outcome, number in mine)
            mailing.left_out_count = count(("left_out",))
            under_way = count(("queued",), UNSETTLED)
            mailing.waiting_count = count(("waiting",)) + under_way
            mailing.sent_count = count(("queued",), ("simulated", "sent", "delivered", "read"))
            mailing.delivered_count = count(("queued",), ("delivered", "read"))
            mailing.read_count = count(("queued",), ("read",))
            mailing.failed_count = count(("queued",), ("failed", "dropped"))
            mailing.progress = 100 * (total - mailing.waiting_count) / total if total else 0

    # Making

    @api.model
    def _new_for(self, records):
        """A draft for the customers of chosen conversations, leads or partners. Returns the action that opens it.

        Of a customer with several conversations, the latest that the user may see counts. Raises `UserError` where there
        is none at all.
        """
        self.check_access("write")
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales administrators write to many customers at once."))
        records.check_access("read")
        company, path = self.env.company, _CHOSEN[records._name]
        domain = Domain(path, "in", records.ids) & Domain("company_id", "=", company.id)
        order = "last_message_at desc NULLS LAST, id desc"
        found = self.env["whatsapp.conversation"].search(domain & Domain("is_simulated", "=", False), order=order)
        latest = {}
        for conversation in found:
            latest.setdefault(conversation.contact_id.id, conversation.id)
        if not latest:
            raise UserError(self.env._("None of these has a WhatsApp conversation that you may see."))
        # Counted by what was chosen: two conversations of one customer are both reached.
        unknown = records - (found if path == "id" else found.mapped(path))
        today = fields.Date.context_today(self)
        mailing = self.sudo().create(
            {
                "name": self.env._("Mailing of %s", fields.Date.to_string(today)),
                "company_id": company.id,
                "unknown_count": len(unknown),
                "recipient_ids": [Command.create({"conversation_id": each}) for each in latest.values()],
            }
        )
        return mailing.with_env(self.env)._get_form_action()

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def write(self, vals):
        result = super().write(vals)
        if "template_id" in vals and any(mailing.state in ("sending", "done") for mailing in self):
            raise UserError(self.env._("It is under way: stop it before you choose another template."))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_not_sending(self):
        if any(mailing.state == "sending" for mailing in self):
            raise UserError(self.env._("It is under way: stop it first."))

    # Going

    def action_start(self):
        """Send it, or the rest of it, in the name and by the rights of who asks."""
        for mailing in self._checked_sudo("write"):
            template = mailing.template_id
            if not template or not template._is_sendable():
                raise UserError(self.env._("Choose a template that WhatsApp has approved."))
            if mailing.state not in ("draft", "stopped"):
                continue
            mailing.write(
                {
                    "state": "sending",
                    "user_id": self.env.uid,
                    "started_at": mailing.started_at or utcnow(),
                    "next_at": utcnow(),
                }
            )
        self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_mailings")

    def action_stop(self):
        """Nothing more of it goes than what is on its way to Twilio already; the rest can be sent later."""
        for mailing in self._checked_sudo("write").filtered(lambda each: each.state == "sending"):
            mailing.state = "stopped"
            waiting = mailing.recipient_ids.filtered(lambda each: each.message_id.state == "queued")
            messages = waiting.message_id
            waiting.write({"state": "waiting", "message_id": False})
            # Nobody has seen them, and another is made of each when it goes on.
            messages._move_to("dropped")

    def action_view_recipients(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers"),
            "res_model": "whatsapp.mailing.recipient",
            "view_mode": "list",
            "views": [(False, "list")],
            "domain": [("mailing_id", "=", self.id)],
        }

    @api.model
    def _cron_send(self):
        """Put into the outbox what goes within the next minute, and come back for more."""
        failures = self.env["whatsapp.job.failure"]
        while due := self._get_due():
            if not failures._run_each("mailing", due, type(self)._send_next):
                return
        self.env.cr.execute("SELECT min(next_at) FROM whatsapp_mailing WHERE state = 'sending'")
        if next_at := self.env.cr.fetchone()[0]:
            self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_mailings", max(next_at - _AHEAD / 2, utcnow()))

    def _get_due(self):
        put_off = self.env["whatsapp.job.failure"]._get_put_off("mailing", self._name)
        soon = utcnow() + _AHEAD / 2
        return self.search([("state", "=", "sending"), ("next_at", "<=", soon), ("id", "not in", put_off)])

    def _send_next(self):
        """Put the next of its recipients into the outbox, each with the moment when it may go."""
        self.ensure_one()
        query = SQL("SELECT state FROM whatsapp_mailing WHERE id = %s FOR NO KEY UPDATE", self.id)
        # Somebody may stop it just now; a lost race is run again.
        self.env.cr.execute(query, log_exceptions=False)
        if self.env.cr.fetchone() != ("sending",):
            return
        mine = [("mailing_id", "=", self.id), ("state", "=", "waiting")]
        batch = self.env["whatsapp.mailing.recipient"].search(mine, order="id", limit=_BATCH)
        if not batch:
            self.write({"state": "done", "ended_at": utcnow(), "next_at": False})
            return
        pause = timedelta(seconds=1 / (_SHARE * self.template_id.sender_id._get_bounded("messages_per_second")))
        at = max(self.next_at or utcnow(), utcnow())
        for recipient in batch._in_turn():
            if recipient._send(at):
                at += pause
        self.next_at = at
        self.env["whatsapp.worker"]._wake()

    def _get_known_words(self):
        """What no log and no stored error may tell of whom these are for: nobody is named here."""
        return []
