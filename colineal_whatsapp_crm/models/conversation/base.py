import logging
from datetime import datetime, timedelta

import psycopg2
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...gateway.address import CHANNEL, parse_address
from ...gateway.display_text import clean
from ...gateway.failure_text import FailureText
from ...gateway.inbound import first
from ...lib import accent_insensitive, errors, redis_cache
from ...lib.guard import guard
from ...understanding import State

_logger = logging.getLogger(__name__)

QUALITIES = [("hot", "Hot"), ("warm", "Warm"), ("cold", "Cold")]

URGENCIES = [("high", "High"), ("medium", "Medium"), ("low", "Low")]

ACTIONS = [
    ("create_lead", "Create the lead"),
    ("ask_clarifying_question", "Ask how to help"),
    ("request_contact_info", "Ask for the name"),
    ("ask_about_interest", "Ask for the product"),
    ("transfer_to_support", "Hand over to support"),
    ("gather_more_details", "Ask for the budget"),
]

#: Stages in which the assistant finds out what is wanted, before there is a lead.
WITH_ASSISTANT = ("new", "gathering", "ready")

#: Stages in which people have the conversation.
WITH_PEOPLE = ("support", "person")

_LAST_MESSAGES = 10

#: What a turn needs of its messages.
_READ_FIELDS = [
    "author",
    "body",
    "transcript",
    "kind",
    "direction",
    "media_state",
    "state",
    "create_date",
    "sender_id",
    "media_attempts",
    "cards",
    "articles",
    "is_forwarded",
]


def format_budget(env, low, high):
    """A budget in whole dollars as people say it; an open end is 0 or None. False when both are."""
    if low and high:
        return f"${low} - ${high}"
    if high:
        return env._("up to $%s", high)
    return env._("from $%s", low) if low else False


class WhatsappConversation(models.Model):
    """One conversation of a customer with a sender, from the first message until it is closed.

    Everything the assistant knows is in `understanding`; the columns beside it are there to be shown and searched.
    """

    _name = "whatsapp.conversation"
    _description = "WhatsApp Conversation"
    _inherit = ["whatsapp.access.mixin", "whatsapp.simulated.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "last_message_at desc, id desc"
    # Who looks after it, and what people know better than the assistant; all else has its buttons, or nobody.
    _writable_fields = {
        "sales_team.group_sale_salesman": {
            "user_id",
            "team_id",
            "customer_name",
            "email",
            "interest_ids",
            "budget_min",
            "budget_max",
            "city",
            "urgency",
            "need",
        }
    }

    contact_id = fields.Many2one("whatsapp.contact", required=True, ondelete="restrict", index=True, readonly=True)
    sender_id = fields.Many2one("whatsapp.sender", required=True, ondelete="restrict", index=True, readonly=True)
    assistant_id = fields.Many2one(related="sender_id.assistant_id")
    company_id = fields.Many2one(related="sender_id.company_id", store=True, index=True)
    team_id = fields.Many2one(
        "crm.team", string="Sales Team", compute="_compute_team_id", store=True, readonly=False, index=True
    )
    user_id = fields.Many2one("res.users", string="Salesperson", index=True, tracking=True)
    phone = fields.Char(related="contact_id.phone", store=True)
    address = fields.Char(
        string="Answers Go To",
        readonly=True,
        copy=False,
        help="Where the customer's last message to this sender came from.",
    )
    is_simulated = fields.Boolean(related="sender_id.is_simulator", store=True, string="Made by the Simulator")
    stage = fields.Selection(
        [
            ("new", "New"),
            ("gathering", "Gathering"),
            ("ready", "Ready"),
            ("lead", "Lead"),
            ("support", "Support"),
            ("person", "With a person"),
            ("closed", "Closed"),
        ],
        default="new",
        required=True,
        index=True,
        readonly=True,
        group_expand=True,
    )
    line_ids = fields.One2many("whatsapp.conversation.message", "conversation_id", string="WhatsApp Messages")
    last_message_at = fields.Datetime(readonly=True)
    last_inbound_at = fields.Datetime(readonly=True)
    reopened_at = fields.Datetime(readonly=True, copy=False)
    due_at = fields.Datetime(readonly=True, help="When the assistant reads what came in.")
    leased_until = fields.Datetime(readonly=True, help="Until when a worker has taken it.")
    failures = fields.Integer(readonly=True, help="How often reading it failed in a row.")
    error = FailureText(readonly=True)

    understanding = fields.Json(readonly=True, copy=False)
    product_words = fields.Json(readonly=True, copy=False, help="The customer's own words for products.")
    # What people correct in these, `_inverse_slots` puts in the place of what was read.
    customer_name = accent_insensitive.Char(
        compute="_compute_slots", inverse="_inverse_slots", store=True, readonly=False
    )
    email = accent_insensitive.Char(compute="_compute_slots", inverse="_inverse_slots", store=True, readonly=False)
    product_interest = accent_insensitive.Char(string="Products", compute="_compute_slots", store=True)
    budget_min = fields.Integer(
        string="Budget From", compute="_compute_slots", inverse="_inverse_slots", store=True, readonly=False
    )
    budget_max = fields.Integer(
        string="Budget Up To", compute="_compute_slots", inverse="_inverse_slots", store=True, readonly=False
    )
    budget_range = fields.Char(string="Budget", compute="_compute_budget_range")
    city = accent_insensitive.Char(compute="_compute_slots", inverse="_inverse_slots", store=True, readonly=False)
    urgency = fields.Selection(
        URGENCIES, compute="_compute_slots", inverse="_inverse_slots", store=True, readonly=False
    )
    need = accent_insensitive.Char(compute="_compute_slots", inverse="_inverse_slots", store=True, readonly=False)

    classification_ids = fields.One2many("whatsapp.classification", "conversation_id", string="Turns")
    classification_id = fields.Many2one(
        "whatsapp.classification", string="Last Turn", ondelete="set null", copy=False, readonly=True
    )
    quality = fields.Selection(QUALITIES, readonly=True, index=True)
    completeness = fields.Float(readonly=True, aggregator="avg")
    confidence = fields.Float(readonly=True, aggregator="avg")
    action = fields.Selection(ACTIONS, string="Last Action", readonly=True)
    explanation = fields.Text(related="classification_id.explanation")
    lead_id = fields.Many2one("crm.lead", index="btree_not_null", ondelete="set null", copy=False, readonly=True)

    _open_uniq = models.UniqueIndex(
        "(contact_id, sender_id) WHERE stage != 'closed'", "This customer already has an open conversation."
    )
    _due_index = models.Index("(sender_id, due_at) WHERE due_at IS NOT NULL")

    @api.depends("sender_id")
    def _compute_team_id(self):
        for conversation in self:
            conversation.team_id = conversation.sender_id.team_id

    @api.depends("understanding")
    def _compute_slots(self):
        for conversation in self:
            slots = conversation._get_state().slots
            value = {name: slot.value for name, slot in slots.items()}
            conversation.customer_name = clean(value.get("name")) or False
            conversation.email = value.get("email")
            conversation.product_interest = ", ".join(value.get("products", ())) or False
            budget = value.get("budget")
            conversation.budget_min = budget.min if budget else 0
            conversation.budget_max = budget.max if budget else 0
            conversation.city = value.get("city")
            conversation.urgency = value.get("urgency")
            conversation.need = clean(value.get("need")) or False

    @api.depends("budget_min", "budget_max")
    @api.depends_context("lang")
    def _compute_budget_range(self):
        for conversation in self:
            conversation.budget_range = format_budget(self.env, conversation.budget_min, conversation.budget_max)

    @api.depends("customer_name", "contact_id.display_name")
    def _compute_display_name(self):
        for conversation in self:
            contact, name = conversation.contact_id, conversation.customer_name
            conversation.display_name = contact._get_title(name) if name else contact.display_name

    def action_close(self):
        """End the conversation: the customer's next message begins another, and a turn under way comes to nothing."""
        self._checked_sudo("write")._close()

    def _close(self):
        self.write({"stage": "closed", "due_at": False, "leased_until": False})
        self._on_closed()

    def action_reopen(self):
        """Go on with a closed conversation; where the customer has an open one by now, this leads there.

        Raises `UserError` when nothing is left to go on with, or a colleague has the open one.
        """
        self.ensure_one()
        conversation = self._checked_sudo("write")
        if conversation.words_erased_at:
            raise UserError(self.env._("What was said here is erased: the conversation cannot go on."))
        others = [("contact_id", "=", conversation.contact_id.id), ("sender_id", "=", conversation.sender_id.id)]
        if open_one := conversation.search([*others, ("stage", "!=", "closed")], limit=1):
            if not open_one.with_env(self.env).has_access("read"):
                raise UserError(self.env._("The customer has another conversation by now, which a colleague has."))
            return open_one.with_env(self.env)._get_form_action()
        conversation.write(
            {
                "stage": conversation._get_stage_without_person(),
                # Or the customer's next message would find it too old to go on.
                "reopened_at": fields.Datetime.now(),
            }
        )
        conversation._on_reopened()
        return False

    # Events: all that follows from each, in the order in which it happens

    def _on_inbound(self, messages, now):
        """Messages of the customer came.

        messages
            inbound messages of this conversation that nobody has looked at yet.
        now
            naive UTC.
        """
        self.ensure_one()
        # What they are: files that are to come, what they are about, and earlier ones that they change or take back.
        messages._expect_media()
        messages._note_context()
        messages._apply_corrections()
        # As they stand after that.
        messages._show()
        self._count_inbound(messages)
        # Before they are answered, which may plan another.
        self._end_followup()
        # Before they are noted and read: of what is said after a case is closed, none is about it.
        guard(self, "ticket", self._follow_ticket)
        messages._show_in_ticket()
        # Before they are read: what the advertisement said is not asked for.
        guard(self, "attribute", self._attribute, messages)
        # Before they are read: who wants no messages any more is asked and answered nothing.
        consent_requests = self._follow_consent_requests(messages)
        self._begin_waiting(messages)
        self._schedule_turn(messages, now)
        # After it, since it may have scheduled a turn that is not to be.
        self._skip_turn_without_consent(consent_requests)
        self.sender_id._on_genuine_messages(messages)
        guard(self, "webhook", self.env["whatsapp.webhook"]._tell, "message.received", messages)

    def _on_outbound(self, messages):
        """Messages for the customer were put into the outbox, by the assistant or by a colleague."""
        self.ensure_one()
        # First: since when the customer waited for a person is known only until the waiting is over.
        self._count_outbound(messages)
        self._end_waiting(messages)
        self._forget_failure(messages)
        if "person" in messages.mapped("author"):
            self._cancel_followup("person")
        self.last_message_at = fields.Datetime.now()

    def _on_mailing(self, messages):
        """Messages of a mailing were put into the outbox: they answer nothing, and end nothing that is planned."""
        self.ensure_one()
        self._count_outbound(messages)
        self.last_message_at = fields.Datetime.now()

    def _on_closed(self):
        """The conversations have ended."""
        for conversation in self:
            conversation._get_unread()._move_to("handled")
            conversation._cancel_followup("closed")
            if conversation.handover_id:
                conversation = conversation._with_its_company()
                conversation._end_handover("closed", conversation.env._("The conversation was closed."))
        self._broadcast_state()
        for conversation in self:
            conversation._publish_state()

    def _on_lead_moved(self):
        """The conversations' lead went to another stage, was won, lost, taken up again or deleted."""
        self._end_lead_handover()
        over = self.filtered(lambda conversation: conversation.lead_id and not self._is_open(conversation.lead_id))
        over._cancel_followup("lead_over")

    def _on_reopened(self):
        """A closed conversation goes on."""
        self.ensure_one()
        self.channel_id.sudo().whatsapp_conversation_id = self
        if self.classification_id:
            self._judge()
        self._broadcast_state()
        self._publish_state()

    @api.model
    def _get_or_open(self, contact, sender, now):
        """The conversation a new message belongs to: the open one, unless the customer was silent for its lifetime."""
        conversation = self.search(
            [("contact_id", "=", contact.id), ("sender_id", "=", sender.id), ("stage", "!=", "closed")]
        )
        lifetime = timedelta(days=sender.assistant_id._get_bounded("ttl_days"))
        last = conversation.last_message_at and max(
            conversation.last_message_at, conversation.reopened_at or datetime.min
        )
        if last and last < now - lifetime:
            conversation._close()
            conversation.flush_recordset()  # the next one takes its place in the unique index
            conversation = self.browse()
        if not conversation:
            values = {"contact_id": contact.id, "sender_id": sender.id}
            conversation = self.with_context(tracking_disable=True).create(values)
        if not conversation.last_message_at and not conversation.channel_id:
            conversation._continue_thread()
        return conversation

    def _get_address(self):
        """Where answers go: to the exact address that the last message to this sender came from.

        Another sender's account may know the customer by another id.
        """
        return self.address or self.contact_id.address

    def _get_written_number(self):
        """Our number in E.164 that the customer wrote to last, one of several of a messaging service; None if unknown.

        To them another number of ours is somebody else, to whom they have not written.
        """
        number = parse_address(first(self._get_last_inbound().sudo().parameters or {}, "To"))
        return number.value.removeprefix(CHANNEL) if number.kind == "number" else None

    def _get_last_inbound(self):
        """What the customer wrote last on WhatsApp in this conversation."""
        return self.env["whatsapp.conversation.message"].search(
            [("conversation_id", "=", self.id), ("direction", "=", "inbound"), ("kind", "!=", "sms")],
            order="id desc",
            limit=1,
        )

    def _set_address(self, address):
        """The customer writes from here now."""
        if self.address == address:
            return
        if self.address and redis_cache.is_configured():
            # What is known of the conversation there is kept by its address.
            place = (self.env.cr.dbname, self.sender_id.id, self.address)
            self.env.cr.postcommit.add(lambda: redis_cache.forget_conversation(*place))
        self.address = address

    def _get_state(self):
        """What is known before the next turn, as the understanding's `State`."""
        self.ensure_one()
        return State.from_json(self.understanding or {})

    def _get_unread(self):
        self.ensure_one()
        return self.env["whatsapp.conversation.message"].search_fetch(
            [("conversation_id", "=", self.id), ("state", "=", "received")], _READ_FIELDS
        )

    def _record_failed_part(self, part, error):
        """A part of a step failed, and the rest goes on: people see what, on the conversation and in the list."""
        known = self._get_known_words()
        failures = self.env["whatsapp.job.failure"]
        errors.log(_logger, error, "%s: %s failed", self, part, known=known)
        # What is wrong with the lead has a place of its own, which says when it is tried again.
        shown = self.browse() if part == "lead" else self
        for conversation in shown:
            conversation = conversation._with_its_company()
            text = f"{failures.with_env(conversation.env)._get_label(part)}: {conversation._say_error(error)}"
            # One text for all that failed in this step.
            conversation.error = " · ".join(dict.fromkeys(filter(None, (conversation.error, text))))
        failures._count(part, error, None, known, lasting=True)

    def _say_error(self, error):
        """What went wrong in words that a colleague may understand, and that name nobody."""
        known = self._get_known_words()
        if isinstance(error, psycopg2.errors.NotNullViolation):
            column, table = error.diag.column_name, error.diag.table_name
            fields_ = self.env["ir.model.fields"].sudo()
            model = next((name for name, model in self.env.registry.items() if model._table == table), False)
            label = fields_._get(model, column).field_description if model else False
            return self.env._("A required field is empty: %s", label or column)
        return errors.say(error, known) or type(error).__name__

    def _get_known_words(self):
        """What no log and no stored error may tell of these customers."""
        conversations = self.sudo().exists()
        contacts = conversations.contact_id
        partners = contacts.partner_id
        lines = self.env["whatsapp.conversation.message"].sudo()
        lines = lines.search([("conversation_id", "in", conversations.ids)], order="id desc", limit=_LAST_MESSAGES)
        return {
            *contacts.mapped("profile_name"),
            *contacts.mapped("username"),
            *contacts._get_address_words(),
            *conversations.mapped("customer_name"),
            *conversations.mapped("email"),
            *partners.mapped("name"),
            *partners.mapped("email"),
            *partners.mapped("phone"),
            *lines.filtered(lambda line: line.direction == "inbound").mapped("words"),
        } - {False, None}

    def _publish_state(self):
        """Keep the state of an open conversation in Redis, after the commit, for programs beside Odoo.

        Nothing here reads it: who works on a conversation needs its row all the same, for the lock or their rights.
        """
        self.ensure_one()
        if not redis_cache.is_configured():
            return
        place = (self.env.cr.dbname, self.sender_id.id, self._get_address())
        if self.stage == "closed":
            self.env.cr.postcommit.add(lambda: redis_cache.forget_conversation(*place))
            return
        state, seconds = self._get_in_flight(), self.assistant_id._get_bounded("ttl_days") * 24 * 3600
        self.env.cr.postcommit.add(lambda: redis_cache.put_conversation(*place, state, seconds))

    def _get_in_flight(self):
        """What is going on in the conversation as a JSON object: slots, pending question, last messages."""
        self.ensure_one()
        last = self.env["whatsapp.conversation.message"].search_fetch(
            [("conversation_id", "=", self.id)],
            ["author", "body", "direction", "kind", "transcript", "deleted_at", "edited_at"],
            order="id desc",
            limit=_LAST_MESSAGES,
        )
        standing = last._filter_standing().sorted("id")
        return {
            "id": self.id,
            "stage": self.stage,
            "slots": (self.understanding or {}).get("slots", {}),
            "pending": self.action,
            "messages": [{"author": line.author, "body": line._get_words()} for line in standing],
        }

    def _with_its_company(self):
        """The conversation as its company's records and colleagues see it: company and language."""
        company = self.company_id
        return self.with_company(company).with_context(lang=company._get_whatsapp_language())
