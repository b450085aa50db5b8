import json
import uuid
from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, ValidationError

from ..gateway.failure_text import FailureText, explain
from ..lib import accent_insensitive, webhook_call
from ..lib.clock import as_utc, utcnow
from ..lib.languages import with_language_of

#: What programs may be told: {type of event: the field of those who want it}.
EVENTS = {
    "message.received": "on_messages",
    "message.sent": "on_messages",
    "message.status": "on_statuses",
    "lead.created": "on_leads",
    "lead.updated": "on_leads",
    "handover.called": "on_handovers",
    "handover.ended": "on_handovers",
}

#: To try an address; nobody asks for it.
PING = "ping"

#: Who wrote a message, as the HTTP API calls them.
_AUTHORS = {"customer": "user", "assistant": "assistant", "person": "agent"}


class WhatsappWebhook(models.Model):
    """A program that is told of what happens, by a signed request to its address: see `whatsapp.webhook.delivery`."""

    _name = "whatsapp.webhook"
    _inherit = ["whatsapp.access.mixin", "whatsapp.compiled.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "WhatsApp Webhook"
    _order = "name, id"
    _writable_fields = {
        "sales_team.group_sale_manager": {
            "name",
            "active",
            "company_id",
            "url",
            "on_messages",
            "on_statuses",
            "on_leads",
            "on_handovers",
        },
        "base.group_system": {"secret"},
    }
    _not_compiled = frozenset({"failed_at", "delivered_at", "error"})

    name = accent_insensitive.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    url = fields.Char(
        string="URL",
        required=True,
        help="Where events are posted to, over TLS and on the public internet. WEBHOOK_HOSTS in Odoo's "
        "environment names hosts of your own network that may be told as well.",
    )
    secret = fields.Char(
        groups="base.group_system",
        copy=False,
        required=True,
        default=lambda self: webhook_call.make_secret(),
        help="Signs each request, by the rules of Standard Webhooks. The program has it as well.",
    )
    # Not "Messages", which those of the record itself are.
    on_messages = fields.Boolean(
        string="Conversations", default=True, help="What customers write, and what is sent to them."
    )
    on_statuses = fields.Boolean(string="Delivery", help="What becomes of messages of ours: delivered, read, failed.")
    on_leads = fields.Boolean(string="Leads", help="Leads that are made, or brought up to date.")
    on_handovers = fields.Boolean(string="Hand-overs", help="A person is called, and what becomes of it.")
    delivered_at = fields.Datetime(string="Last Delivered On", readonly=True, copy=False)
    failed_at = fields.Datetime(string="Last Failed On", readonly=True, copy=False)
    error = FailureText(string="Last Failure", readonly=True, copy=False)
    waiting_count = fields.Integer(string="Waiting", compute="_compute_counts")
    failed_count = fields.Integer(string="Given Up", compute="_compute_counts")

    @api.constrains("url")
    def _check_url(self):
        for webhook in self:
            if not webhook_call.is_allowed(webhook.url):
                raise ValidationError(
                    self.env._("“%s” is no address such as https://erp.example.com/whatsapp.", webhook.url)
                )

    @api.constrains("secret")
    def _check_secret(self):
        for webhook in self.sudo():
            if not webhook_call.is_secret(webhook.secret):
                raise ValidationError(self.env._("A secret is whsec_ and 24 to 64 bytes in base64."))

    def _compute_counts(self):
        counts = {
            (webhook.id, state): count
            for webhook, state, count in self.env["whatsapp.webhook.delivery"]._read_group(
                [("webhook_id", "in", self.ids), ("state", "in", ("waiting", "failed"))],
                ["webhook_id", "state"],
                ["__count"],
            )
        }
        for webhook in self:
            webhook.waiting_count = counts.get((webhook.id, "waiting"), 0)
            webhook.failed_count = counts.get((webhook.id, "failed"), 0)

    def action_ping(self):
        """Try the address: what comes of it stands in the list of deliveries."""
        for webhook in self._checked_sudo("write"):
            self.env["whatsapp.webhook.delivery"].sudo().create(webhook._prepare_delivery(PING))
        self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_webhooks")
        return self.action_view_deliveries()

    def action_renew_secret(self):
        """Another secret, from the next request on."""
        self.check_access("write")
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only a system administrator sees the secret, or makes another."))
        for webhook in self:
            webhook.secret = webhook_call.make_secret()

    def action_view_deliveries(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deliveries to %s", self.name),
            "res_model": "whatsapp.webhook.delivery",
            "views": [(False, "list"), (False, "form")],
            "domain": [("webhook_id", "=", self.id)],
        }

    # Events

    @api.model
    @tools.ormcache()
    def _get_subscribers(self):
        """The ids of those who want to know: {(company's id, field of `EVENTS`): ids}."""
        found = {}
        for webhook in self.sudo().search([]):
            for name in set(EVENTS.values()):
                if webhook[name]:
                    found.setdefault((webhook.company_id.id, name), []).append(webhook.id)
        return found

    @api.model
    def _tell(self, event, records, detail=False):
        """Have programs told of an event of each record, once this transaction is committed.

        event
            one of `EVENTS`.
        records
            messages, conversations with a lead, or hand-overs.
        detail
            what must be told as it is now: the state of a message.

        Where nobody wants to know, it costs no statement.
        """
        subscribers = self._get_subscribers()
        if not subscribers:
            return
        values = []
        for record in records:
            conversation = record if record._name == "whatsapp.conversation" else record.conversation_id
            if not conversation or conversation.is_simulated:
                continue
            for webhook_id in subscribers.get((conversation.company_id.id, EVENTS[event]), ()):
                values.append(self.browse(webhook_id)._prepare_delivery(event, record, detail))
        if values:
            self.env["whatsapp.webhook.delivery"].sudo().create(values)
            self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_webhooks")

    def _prepare_delivery(self, event, record=None, detail=False):
        return {
            "webhook_id": self.id,
            "event": event,
            "event_id": f"evt_{uuid.uuid4().hex}",
            "happened_at": utcnow(),
            "detail": detail,
            "res_model": record._name if record else False,
            "res_id": record.id if record else False,
            "retry_at": utcnow(),
        }

    # What is told, as the HTTP API declares it: `controllers.api_schemas`

    def _write_body(self, delivery):
        """The request's body; None where there is nothing to tell any more, for what it was about is erased.

        It is written when it is sent: until then, nothing that a customer said lies anywhere twice.
        """
        record = delivery._get_record()
        if delivery.event != PING and (not record or _is_erased(record)):
            return None
        event = {
            "id": delivery.event_id,
            "type": delivery.event,
            "timestamp": as_utc(delivery.happened_at).isoformat(timespec="seconds"),
            "data": self._serialize(delivery, record) if record else {},
        }
        return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()

    def _serialize(self, delivery, record):
        if record._name == "whatsapp.conversation.message":
            message = _serialize_message(record, delivery.detail)
            return {"message": message, "conversation": _serialize_conversation(record.conversation_id)}
        if record._name == "whatsapp.handover":
            handover = _serialize_handover(record)
            return {"handover": handover, "conversation": _serialize_conversation(record.conversation_id)}
        return {"lead": _serialize_lead(record.lead_id), "conversation": _serialize_conversation(record)}

    # How it does

    def _note_delivered(self):
        self.write({"delivered_at": utcnow(), "error": False})

    def _note_failure(self, error, given_up):
        """A call failed. given_up: it was the last of its delivery, and a person is told, once until they have seen to it."""
        self.write({"failed_at": utcnow(), "error": error})
        if not given_up or self.activity_ids:
            return
        managers = self.env.ref("sales_team.group_sale_manager").sudo().all_user_ids
        managers = managers.filtered(
            lambda user: user.active and not user.share and self.company_id in user.company_ids
        ).sorted("id")
        if user := (managers & self.create_uid) or managers[:1]:
            webhook = with_language_of(self, user)
            webhook.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=webhook.env._("A program is not reached"),
                # What a server answers may quote markup, and a note is HTML.
                note=Markup("<p>%s</p>") % explain(webhook.env, error),
                user_id=user.id,
            )

    @api.autovacuum
    def _gc_deliveries(self):
        """What was delivered is kept for a month, what was not for three."""
        for states, days in ((("delivered", "gone"), 30), (("failed",), 90)):
            old = [("state", "in", states), ("happened_at", "<", utcnow() - timedelta(days=days))]
            self.env["whatsapp.webhook.delivery"].sudo().search(old).unlink()


def _is_erased(record):
    is_message = record._name == "whatsapp.conversation.message"
    return is_message and bool(record.conversation_id.words_erased_at)


def _moment(value):
    return as_utc(value).isoformat(timespec="seconds") if value else None


def _serialize_conversation(conversation):
    contact = conversation.contact_id
    return {
        "id": conversation.id,
        "phone_number": conversation.phone or None,
        "user_id": contact._get_user_id() or None,
        "username": contact.username or None,
        "name": conversation.customer_name or None,
        "stage": conversation.stage,
        "quality": conversation.quality or None,
        "sender": conversation.sender_id.number,
    }


def _serialize_message(message, state):
    inbound = message.direction == "inbound"
    return {
        "id": message.id,
        "type": _AUTHORS[message.author],
        "kind": message.kind,
        "text": message._get_text() or "",
        "state": state or message.state,
        "error_code": message.error_code or None,
        "timestamp": _moment(message._get_written_at() if inbound else message.sent_at or message.create_date),
    }


def _serialize_lead(lead):
    return {
        "id": lead.id,
        "name": lead.name,
        "quality": lead.x_quality_score or None,
        "product_interest": lead.x_product_interest or None,
        "budget_range": lead.x_budget_range or None,
        "salesperson": lead.user_id.name or None,
        "team": lead.team_id.name or None,
    }


def _serialize_handover(handover):
    return {
        "id": handover.id,
        "reason": handover.reason,
        "called_at": _moment(handover.called_at),
        "asked": handover.user_id.name or None,
        "ended_at": _moment(handover.ended_at),
        "outcome": handover.outcome or None,
        "answered_by": handover.answered_by.name or None,
    }
