import logging
from datetime import timedelta

import psycopg2
from odoo import api, fields, models
from odoo.tools import SQL

from .. import ephemeral, errors
from ..gateway.display_text import clean
from ..parts import guard
from ..understanding import State, advance, begin_anew, decide
from ..understanding.wording import customers_words

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

#: Reasons to hand over that are something to do, but no customer who needs a person this minute: somebody gets an
#: activity and nobody is rung. The assistant goes on, and whose conversation and lead it is stays CRM's to say until
#: somebody takes it.
QUIET_REASONS = ("lead", "promised", "machine")

_LAST_MESSAGES = 10

#: What a turn needs of its messages.
_READ_FIELDS = ["author", "body", "transcript", "kind", "direction", "media_state", "state", "create_date"]

#: Who writes more messages than this in a minute is read in larger parts.
_FLOOD, _FLOOD_WAIT = 30, timedelta(seconds=20)

#: A burst is read at the latest after this many times the coalescing wait.
_LONGEST_WAIT_FACTOR = 4


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
    _inherit = ["whatsapp.access.mixin", "mail.thread", "mail.activity.mixin"]
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
    )
    line_ids = fields.One2many("whatsapp.conversation.message", "conversation_id", string="WhatsApp Messages")
    last_message_at = fields.Datetime(readonly=True)
    last_inbound_at = fields.Datetime(readonly=True)
    due_at = fields.Datetime(readonly=True, help="When the assistant reads what came in.")
    leased_until = fields.Datetime(readonly=True, help="Until when a worker has taken it.")
    failures = fields.Integer(readonly=True, help="How often reading it failed in a row.")
    error = fields.Char(readonly=True)

    understanding = fields.Json(readonly=True, copy=False)
    product_words = fields.Json(readonly=True, copy=False, help="The customer's own words for products.")
    customer_name = fields.Char(compute="_compute_slots", store=True)
    email = fields.Char(compute="_compute_slots", store=True)
    product_interest = fields.Char(string="Products", compute="_compute_slots", store=True)
    budget_min = fields.Integer(string="Budget From", compute="_compute_slots", store=True)
    budget_max = fields.Integer(string="Budget Up To", compute="_compute_slots", store=True)
    budget_range = fields.Char(string="Budget", compute="_compute_budget_range")
    city = fields.Char(compute="_compute_slots", store=True)
    urgency = fields.Selection(URGENCIES, compute="_compute_slots", store=True)
    need = fields.Char(compute="_compute_slots", store=True)

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

    def action_view_lead(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "view_mode": "form",
        }

    def action_close(self):
        """End the conversation: the customer's next message begins another, and a turn under way comes to nothing."""
        conversations = self._checked_sudo("write")
        conversations.write({"stage": "closed", "due_at": False, "leased_until": False})
        for conversation in conversations:
            conversation._get_unread()._move_to("handled")
        conversations._tell_channel()
        for conversation in conversations:
            conversation._publish_state()

    @api.model
    def _get_or_open(self, contact, sender, now):
        """The conversation a new message belongs to: the open one, unless the customer was silent for its lifetime."""
        conversation = self.search(
            [("contact_id", "=", contact.id), ("sender_id", "=", sender.id), ("stage", "!=", "closed")]
        )
        lifetime = timedelta(days=sender.assistant_id._get_bounded("ttl_days"))
        if conversation and conversation.last_message_at and conversation.last_message_at < now - lifetime:
            conversation.action_close()
            conversation.flush_recordset()  # the next one takes its place in the unique index
            conversation = self.browse()
        values = {"contact_id": contact.id, "sender_id": sender.id}
        return conversation or self.with_context(tracking_disable=True).create(values)

    def _get_state(self):
        """What is known before the next turn, as the understanding's `State`."""
        self.ensure_one()
        return State.from_json(self.understanding or {})

    def _get_state_for_turn(self):
        """As `_get_state`, but after a sale that was won or lost: then what was wanted is wanted no more."""
        state = self._get_state()
        over = state.lead and self.lead_id and not self._is_open(self.lead_id)
        return begin_anew(state) if over else state

    def _get_unread(self):
        self.ensure_one()
        return self.env["whatsapp.conversation.message"].search_fetch(
            [("conversation_id", "=", self.id), ("state", "=", "received")], _READ_FIELDS
        )

    def _note_arrival(self, messages, now):
        """Messages came: the conversation is due when the customer will have stopped typing, but not ever later.

        Messages that come long after they were written are for a person: an automatic answer would be out of place. So
        are SMS, which WhatsApp cannot answer.
        """
        self.ensure_one()
        if self.contact_id._is_out_of_reach():
            self._note_sms(messages, now)
            return
        # A reaction is shown, and changes and asks nothing.
        reactions = messages.filtered(lambda message: message.kind == "reaction")
        if reactions:
            reactions._move_to("handled")
        if self._comes_from_us():
            messages._move_to("handled")
        late = (messages - reactions).filtered(lambda message: message.is_late and message.state == "received")
        if late:
            late._move_to("handled")
            guard(self, "hand_over", self._hand_over, "late")
        # WhatsApp counts its 24 hours from when the customer wrote.
        written = max(message._get_written_at() for message in messages)
        window_end = self._get_window_end()
        self.write({"last_message_at": now, "last_inbound_at": max(self.last_inbound_at or written, written)})
        if window_end and window_end < now:
            # Who waits to write must not wait for the turn to be read.
            guard(self, "screens", self._tell_channel)
        if not messages.filtered(lambda message: message.state == "received"):
            return
        wait = timedelta(seconds=self.assistant_id._get_bounded("coalescing_seconds"))
        if ephemeral.count_messages(self.env.cr.dbname, self.sender_id.id, self.contact_id.address) > _FLOOD:
            wait = max(wait, _FLOOD_WAIT)
        oldest = self._get_unread()[:1].create_date or messages[0].create_date
        latest = max(oldest + _LONGEST_WAIT_FACTOR * wait, now)
        self.due_at = min(now + wait, latest)

    def _note_sms(self, messages, now):
        """SMS are kept and shown to a person, and open no window to write in."""
        messages.error = self.env._("It came as an SMS, which the assistant does not answer.")
        messages._move_to("handled")
        self.last_message_at = now
        guard(self, "hand_over", self._hand_over, "sms")

    def _comes_from_us(self):
        """Whether the customer is one of our own senders: what one of them says, another never answers."""
        ours = self.env["whatsapp.sender"]._get_own_numbers()
        if ours.isdisjoint((company, self.contact_id.phone) for company in (None, self.company_id.id)):
            return False
        self._fall_quiet(
            "own_number", self.env._("This number is one of your own senders: what comes from it is not answered.")
        )
        self.waiting_since = False
        return True

    def _hold(self, lease):
        """Lock the conversation for this transaction; False when it is no longer this worker's."""
        self.env.cr.execute(
            SQL(
                "SELECT 1 FROM whatsapp_conversation WHERE id = %s AND leased_until = %s FOR NO KEY UPDATE",
                self.id,
                lease,
            ),
            log_exceptions=False,  # a lost race is run again
        )
        return bool(self.env.cr.fetchone())

    def _has_gone_on(self, message_ids, patience):
        """Whether the customer wrote more since a turn was begun, and may be let finish: for `patience` seconds."""
        unread = self._get_unread()
        if unread.ids == list(message_ids):
            return False
        if not unread:
            # They are not to be answered any more.
            return True
        return unread[:1].create_date > fields.Datetime.now() - timedelta(seconds=patience)

    def _finish_turn(self, messages, state, reading, latency_ms):
        """Keep what one turn was understood to say, decide, and act on it.

        messages
            the unread messages the turn was made of.
        state
            what was known before it.
        reading
            what its reader made of it, an `understanding.providers.Reading`.

        The action runs after all is written, so that a server action sees the conversation as it is now.
        """
        self.ensure_one()
        understanding = reading.understanding
        decision = decide(understanding, state, self.assistant_id._get_criteria())
        if state.over and "products" in understanding.slots:
            # What a person thought of the sale before is said of that one.
            self.person_quality = False
        after = advance(state, understanding, decision)
        judgement = {
            "quality": decision.quality,
            "completeness": decision.completeness,
            "confidence": decision.confidence,
            "action": decision.action,
        }
        turn = self.env["whatsapp.classification"].create(
            {
                **judgement,
                "conversation_id": self.id,
                **self.env["whatsapp.model.call"]._summarize(self.assistant_id, reading),
                "slots": after.to_json()["slots"],
                "support": understanding.support,
                "inquired": understanding.inquired,
                "language": understanding.language,
                "questions": sorted(understanding.questions),
                "courtesies": sorted(understanding.courtesies),
                "reasons": [[reason.code, reason.subject, reason.detail] for reason in decision.reasons],
                "latency_ms": latency_ms,
            }
        )
        guard(self, "activity", self.env["whatsapp.model.call"]._note, self.assistant_id, turn, reading.calls)
        messages._note_heard(reading.heard)
        messages._move_to("handled", classification_id=turn.id)
        texts = [text for message in messages if (text := message._get_words())]
        words = customers_words(texts, self.assistant_id._get_vocabulary())
        self.with_context(tracking_disable=True).write(
            {
                **judgement,
                "quality": self.person_quality or decision.quality,
                "understanding": after.to_json(),
                "product_words": {**(self.product_words or {}), **words},
                "classification_id": turn.id,
                "stage": self._stage_after(decision.action, after),
                "due_at": fields.Datetime.now() if self._get_unread() - messages else False,
                "leased_until": False,
                "failures": 0,
                "error": False,
            }
        )
        guard(self, "hand_over", self._hand_over_after_turn, messages, otherwise=self._wait_for_anybody)
        guard(self, "action", self._run_action, decision.action, otherwise=lambda _error: self._act(decision.action))
        guard(self, "screens", self._tell_channel)
        self._publish_state()

    def _get_turn_before(self):
        """The turn before the last one."""
        self.ensure_one()
        return self.env["whatsapp.classification"].search([("conversation_id", "=", self.id)], offset=1, limit=1)

    def _stage_after(self, action, state):
        return "person" if self.stage == "person" else self._get_stage(action, state)

    def _get_stage(self, action, state):
        """The stage by what is known, for a conversation that no person has taken."""
        if action == "transfer_to_support":
            return "support"
        if action == "create_lead" or state.over:
            return "lead"
        if {"name", "products"} <= state.slots.keys():
            return "ready"
        return "gathering" if state.slots else "new"

    def _run_action(self, action):
        """Run the server action of one of the six actions on this conversation; administrators may have changed it."""
        self.ensure_one()
        # Not `env.ref`, which asks the database each time whether the record is still there.
        action_id = self.env["ir.model.data"]._xmlid_to_res_id(
            f"colineal_whatsapp_crm.action_{action}", raise_if_not_found=True
        )
        self.env["ir.actions.server"].browse(action_id).sudo().with_context(
            active_model=self._name, active_id=self.id, active_ids=self.ids
        ).run()

    def _act(self, action):
        """What the addon's own server action does, in the place of one that fails; part by part."""
        if action == "create_lead":
            self.create_or_update_lead()
        elif action == "transfer_to_support":
            guard(self, "hand_over", self.hand_over)
        guard(self, "reply", self.reply, otherwise=lambda _error: guard(self, "hand_over", self._hand_over, "parked"))

    def _note_failed_part(self, part, error):
        """A part of a step failed, and the rest goes on: people see what, on the conversation and in the list."""
        known = self._get_known_words()
        failures = self.env["whatsapp.job.failure"]
        errors.log(_logger, error, "%s: %s failed", self, part, known=known)
        # What is wrong with the lead has a place of its own, which says when it is tried again.
        shown = self.browse() if part == "lead" else self
        for conversation in shown:
            text = f"{failures._get_label(part)}: {conversation._say_error(error)}"
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
            *contacts.mapped("address"),
            *conversations.mapped("customer_name"),
            *conversations.mapped("email"),
            *partners.mapped("name"),
            *partners.mapped("email"),
            *partners.mapped("phone"),
            *lines.filtered(lambda line: line.direction == "inbound").mapped("words"),
        } - {False, None}

    def _publish_state(self):
        """Keep the state of an open conversation in Redis, after the commit, for those who ask often."""
        self.ensure_one()
        if not ephemeral.is_configured():
            return
        place = (self.env.cr.dbname, self.sender_id.id, self.contact_id.address)
        if self.stage == "closed":
            self.env.cr.postcommit.add(lambda: ephemeral.forget_conversation(*place))
            return
        state, seconds = self._get_in_flight(), self.assistant_id._get_bounded("ttl_days") * 24 * 3600
        self.env.cr.postcommit.add(lambda: ephemeral.put_conversation(*place, state, seconds))

    def _get_in_flight(self):
        """What is going on in the conversation as a JSON object: slots, pending question, last messages."""
        self.ensure_one()
        last = self.env["whatsapp.conversation.message"].search_fetch(
            [("conversation_id", "=", self.id)],
            ["author", "body", "direction", "kind", "transcript"],
            order="id desc",
            limit=_LAST_MESSAGES,
        )
        return {
            "id": self.id,
            "stage": self.stage,
            "slots": (self.understanding or {}).get("slots", {}),
            "pending": self.action,
            "messages": [{"author": line.author, "body": line._get_words()} for line in last.sorted("id")],
        }

    @api.model
    def _find_in_flight(self, sender, address):
        """The state of a customer's open conversation from Redis, or from PostgreSQL when Redis does not have it."""
        state = ephemeral.get_conversation(self.env.cr.dbname, sender.id, address)
        if state is None:
            conversation = self.search(
                [("contact_id.address", "=", address), ("sender_id", "=", sender.id), ("stage", "!=", "closed")],
                limit=1,
            )
            state = conversation._get_in_flight() if conversation else None
        return state

    def _with_its_company(self):
        """The conversation as its company's records and colleagues see it: company and language."""
        company = self.company_id
        # Of two rows with a hundred columns, one each: this is asked at every turn.
        language = company.with_context(prefetch_fields=False).partner_id.lang
        if language and not self.env["res.lang"]._get_data(code=language):
            # Nothing can be said in a language that was switched off.
            language = None
        return self.with_company(company).with_context(lang=language)
