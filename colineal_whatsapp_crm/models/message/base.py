from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from psycopg2.errors import SerializationFailure, UniqueViolation
from psycopg2.extras import Json

from ...gateway.address import CHANNEL, is_whatsapp, parse_address, strip_channel
from ...gateway.error_codes import LATER, LINK, MEANINGS
from ...gateway.failure_text import FailureText, explain
from ...gateway.identity import address_of, list_ids
from ...gateway.inbound import kind_of, raw_parameters, storable, text_of, written_at
from ...gateway.message_states import NOT_SENT, SENT, UNSENT, UNSETTLED
from ...lib import accent_insensitive, errors, fair_queue, rate_limit, redis_cache
from ...lib.guard import CAREFUL, guard

#: Where a message may go from each state: forwards, or back into the queue for another try.
TRANSITIONS = {
    "received": {"handled"},
    "drafting": {"queued", "dropped"},
    # Past "sending" too: Twilio may take a message, answer with an error, and call back while it waits for another try.
    "queued": {"sending", "simulated", "dropped", "sent", "delivered", "read", "failed"},
    "sending": {"sent", "delivered", "read", "queued", "failed", "unknown"},
    "unknown": {"sent", "delivered", "read", "queued", "failed"},
    "sent": {"delivered", "read", "failed"},
    "delivered": {"read"},
    # When a person wants it sent again: see `action_retry`.
    "failed": {"queued"},
}

#: A message of ours appears in the thread when it goes, and its state is told from then on.
SHOWN_AS = ("sending", "simulated", "sent", "delivered", "read", "failed", "unknown")

#: States of all messages that people see, the customer's and ours.
SHOWN = ("received", "handled", *SHOWN_AS)

#: Kinds of addresses that tell who somebody is.
_PERSONAL = {"number", "scoped", "parent"}

#: A message that comes later than this after it was written gets a person, not the assistant.
LATE = timedelta(hours=1)

DIRECTIONS = [("inbound", "Received"), ("outbound", "Sent")]
AUTHORS = [("customer", "Customer"), ("assistant", "Assistant"), ("person", "Colleague")]
KINDS = [
    ("text", "Text"),
    ("image", "Photo"),
    ("audio", "Voice note"),
    ("video", "Video"),
    ("document", "Document"),
    ("sticker", "Sticker"),
    ("location", "Location"),
    ("contact", "Contact card"),
    ("button", "Button"),
    ("reaction", "Reaction"),
    ("order", "Order or product from the catalogue"),
    ("edit", "Correction"),
    ("deletion", "Deletion"),
    ("unsupported", "Something that WhatsApp does not pass on"),
    ("sms", "SMS"),
    ("other", "Other"),
]

#: What awaits no answer.
SILENT_KINDS = ("reaction", "deletion")

#: Characters of Twilio's codes, which have five; a number of thousands of digits is none that Python reads.
_LONGEST_CODE = 16

#: What Twilio's statuses mean here; the others (accepted, scheduled, queued, sending) say nothing new.
#: https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
STATE_OF_STATUS = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}


class WhatsappConversationMessage(models.Model):
    """The ledger: every message that was received, and every one that is to be or was sent."""

    _name = "whatsapp.conversation.message"
    _inherit = ["whatsapp.access.mixin", "whatsapp.simulated.mixin"]
    _description = "WhatsApp Message"
    _real_domain = Domain("sender_id", "any!", [("is_simulator", "=", False)])
    _order = "id"
    _rec_name = "body"

    conversation_id = fields.Many2one("whatsapp.conversation", ondelete="cascade", readonly=True)
    sender_id = fields.Many2one("whatsapp.sender", required=True, ondelete="restrict", readonly=True)
    company_id = fields.Many2one(related="sender_id.company_id")
    direction = fields.Selection(DIRECTIONS, required=True, readonly=True)
    author = fields.Selection(AUTHORS, required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Written by", readonly=True)
    address = fields.Char(required=True, readonly=True, help="The customer's raw WhatsApp address.")
    sid = fields.Char(string="Message SID", readonly=True, help="Twilio's name for the message.")
    body = accent_insensitive.Text(readonly=True)
    kind = fields.Selection(KINDS, default="text", required=True, readonly=True)
    parameters = fields.Json(readonly=True, groups="sales_team.group_sale_manager", help="All that Twilio sent.")
    state = fields.Selection(
        [
            ("received", "Received"),
            ("handled", "Handled"),
            ("drafting", "Being worded"),
            ("queued", "To send"),
            ("sending", "Sending"),
            ("simulated", "Simulated"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("read", "Read"),
            ("dropped", "Dropped"),
            ("unknown", "Not known to be sent"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
    )
    error = FailureText(readonly=True)
    error_code = fields.Char(readonly=True, help="Twilio's code.")
    failure = fields.Char(compute="_compute_failure", help="What went wrong, in words.")
    attempts = fields.Integer(readonly=True)
    checks = fields.Integer(readonly=True, help="How often Twilio was asked whether it has the message.")
    retry_at = fields.Datetime(readonly=True)
    sent_at = fields.Datetime(readonly=True)
    is_late = fields.Boolean(compute="_compute_is_late", compute_sudo=True, help="Came long after it was written.")
    classification_id = fields.Many2one(
        "whatsapp.classification",
        string="Turn",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        help="The turn that read this message, or that it answers.",
    )
    wording_ids = fields.Many2many("whatsapp.assistant.wording", string="Wordings", readonly=True)

    _sid_uniq = models.Constraint("UNIQUE(sender_id, sid)", "This message is already stored.")
    _last_received_index = models.Index("(sender_id, id) WHERE direction = 'inbound'")
    _unrouted_index = models.Index("(sender_id, address, id) WHERE direction = 'inbound' AND conversation_id IS NULL")
    _unhandled_index = models.Index("(conversation_id, id) WHERE state = 'received'")
    _queued_index = models.Index("(sender_id, id) WHERE state = 'queued'")
    _unsettled_index = models.Index(f"(conversation_id, id) WHERE state IN {UNSETTLED}")
    _drafting_index = models.Index("(sender_id, id) WHERE state = 'drafting'")
    _health_index = models.Index("(sender_id, state, id) WHERE state IN ('received', 'queued', 'unknown', 'failed')")
    _sent_index = models.Index("(sender_id, sent_at) WHERE sent_at IS NOT NULL")
    _conversation_index = models.Index("(conversation_id, id)")

    @api.depends("error", "error_code", "state")
    @api.depends_context("lang")
    def _compute_failure(self):
        for message in self:
            message.failure = message._explain() if message.error_code else explain(self.env, message.error)

    def _explain(self):
        """Twilio's error code in words, as far as they are known, and whether to try again."""
        is_number = self.error_code.isdecimal() and self.error_code.isascii() and len(self.error_code) <= _LONGEST_CODE
        code = int(self.error_code) if is_number else 0
        known = MEANINGS.get(code)
        if not known:
            link = LINK.format(code=code) if code else ""
            return self.env._(
                "Twilio could not deliver it, error %(code)s. %(link)s", code=self.error_code[:_LONGEST_CODE], link=link
            )
        words = self.env._(known.words)
        if self.state == "queued":
            return self.env._("%s It is tried again.", words)
        if self.state == "failed" and known.outcome == LATER:
            return self.env._("%s You may send it again later.", words)
        return words

    @api.model
    def _receive(self, sender_id, form):
        """Store one inbound message once, and wake the worker for it. Returns whether it is new.

        form
            Twilio's parameters as a MultiDict, genuine. A message that is stored already changes nothing.

        The unique constraint decides what is new; Redis only saves the insert of a message seen moments ago.
        """
        dbname = self.env.cr.dbname
        sid = form.get("MessageSid") or form["SmsMessageSid"]
        if redis_cache.was_seen(dbname, sender_id, sid):
            return False
        address = address_of(form)
        self.env.cr.execute(
            SQL(
                """INSERT INTO whatsapp_conversation_message
                       (sender_id, sid, address, direction, author, state, kind, body, parameters,
                        create_uid, create_date, write_uid, write_date)
                   VALUES (%(sender)s, %(sid)s, %(address)s, 'inbound', 'customer', 'received', %(kind)s, %(body)s,
                           %(parameters)s, %(uid)s, %(now)s, %(uid)s, %(now)s)
                   ON CONFLICT (sender_id, sid) DO NOTHING RETURNING id""",
                sender=sender_id,
                sid=sid,
                address=address,
                kind=kind_of(form),
                body=text_of(form),
                parameters=Json(raw_parameters(form)),
                uid=self.env.uid,
                now=SQL("(now() AT TIME ZONE 'UTC')"),
            )
        )
        new = bool(self.env.cr.fetchone())
        if new:
            self.env["whatsapp.worker"]._wake()

        def remember():
            redis_cache.mark_seen(dbname, sender_id, sid)
            if new:
                rate_limit.hit_message(dbname, sender_id, address)

        # After the commit: a message that was marked and not stored would be lost.
        self.env.cr.postcommit.add(remember)
        return new

    @api.model
    def _apply_status(self, sender_id, message_id, form):
        """What a genuine status callback says of one of our messages.

        message_id
            from the callback's URL, since the callback may come before the row knows its SID; 0 when it has none.

        Callbacks come in any order: a state that is passed is not gone back to, and the first error is kept.
        """
        sid = form.get("MessageSid") or form.get("SmsSid")
        mine = [("sender_id", "=", sender_id), ("direction", "=", "outbound")]
        wanted = ["sid", "state", "error_code", "address", "conversation_id"]
        message = self.search_fetch([*mine, ("id", "=", message_id), ("sid", "in", [sid, False])], wanted, limit=1)
        if sid and not message:
            message = self.search_fetch([*mine, ("sid", "=", sid)], wanted, limit=1)
        if not message:
            return
        message._lock()
        if sid and not message.sid:
            message._set_sid(sid)
        state = STATE_OF_STATUS.get((form.get("MessageStatus") or form.get("SmsStatus") or "").lower())
        if state == "failed":
            # Twilio repeats the customer's number in its words.
            error = errors.tidy(
                form.get("ErrorMessage") or form.get("ChannelStatusMessage") or state,
                [message.address, strip_channel(message.address)],
            )
            code = storable(form.get("ErrorCode") or "")[:_LONGEST_CODE] or False
            message._move_to(state, **({} if message.error_code else {"error": error, "error_code": code}))
        elif state:
            message._move_to(state, error=False, error_code=False)
        elif message.state in UNSENT:
            # Twilio knows the message, so it need not be asked.
            message._move_to("sent", error=False, error_code=False)
        message._learn_recipient(form)

    def _learn_recipient(self, form):
        """Twilio may name the recipient otherwise than we did, or by more: the number, where all that was known is a user
        id, or the parent id beside either.
        """
        written = parse_address(self.address or "")
        for shown in map(parse_address, (form.get("To", ""), *list_ids(form))):
            # As it mostly is, which must not cost anything.
            if shown.key == written.key or not {written.kind, shown.kind} <= _PERSONAL:
                continue
            careful, account = self.with_context(**{CAREFUL: True}), self.sender_id.account_sid
            learn = careful.conversation_id.contact_id._learn_address
            try:
                guard(careful, "route", learn, written, shown, account, lets_through=UniqueViolation)
            except UniqueViolation as error:
                # Somebody learned the same meanwhile, which is seen when the callback is read anew, as Odoo does then.
                raise SerializationFailure("Another transaction has this address now.") from error

    def _follow_customer(self):
        """What waits goes to the customer it is for: the number it was written for may be somebody else's by now."""
        self.ensure_one()
        written, contact = parse_address(self.address or ""), self.conversation_id.contact_id
        # As it mostly is, which must not cost anything.
        is_theirs = written.kind != "number" or parse_address(f"{CHANNEL}{contact.phone}").key == written.key
        if not is_theirs and written.key not in contact.address_ids.mapped("key"):
            self.address = self.conversation_id._get_address()

    def _get_possible_recipients(self):
        """The address that the message goes to, then the customer's others: Twilio may name the recipient by any."""
        self.ensure_one()
        others = self.conversation_id.contact_id.address_ids.filtered(lambda row: row.kind in _PERSONAL)
        return tuple(dict.fromkeys([self.address, *filter(is_whatsapp, others.mapped("value"))]))

    def _compute_is_late(self):
        for message in self:
            message.is_late = message.create_date - message._get_written_at() > LATE

    def _get_written_at(self):
        """When the customer wrote the message, which is long before it came if the webhook never brought it."""
        self.ensure_one()
        # Nobody writes later than it comes: such a date would keep WhatsApp's 24 hours open.
        return min(written_at(self.sudo().parameters or {}) or self.create_date, self.create_date)

    def _is_stale(self):
        """Whether a waiting reply of the assistant must not go any more.

        A person took over; or it asks something while the customer has written since, and gets or got a newer answer.
        What is said about consent and privacy goes whatever else happens.
        """
        self.ensure_one()
        return self._is_overtaken() and not self._must_be_said()

    def _is_overtaken(self):
        if self.author != "assistant" or self.mailing_id:
            return False
        conversation = self.conversation_id
        if conversation.stage == "person" and self.classification_id and conversation._announces_handover():
            return self.classification_id != conversation.classification_id
        if conversation.stage in ("person", "closed"):
            return True
        if self.classification_id.action in ("create_lead", "transfer_to_support"):
            return False
        return conversation.classification_id != self.classification_id or bool(conversation._get_unread())

    @api.model
    def _claim(self, condition, limit, **rooms):
        """Messages that fulfil an SQL condition on `item`, locked for this transaction: see `fair_queue.claim`."""
        return self.browse(fair_queue.claim(self.env.cr, self._table, condition, limit, **rooms))

    def _lock(self):
        """Lock a message for this transaction: its reply's outcome and Twilio's callback come at the same time.

        Returns whether it still exists. A lost race is run again by the caller, and is nothing to report.
        """
        query = SQL("SELECT 1 FROM whatsapp_conversation_message WHERE id = %s FOR NO KEY UPDATE", self.id)
        self.env.cr.execute(query, log_exceptions=False)
        return bool(self.env.cr.fetchone())

    def _try_again(self, _job):
        """Somebody wants what failed with this message tried again."""
        self.filtered(lambda line: line.state == "received").write({"retry_at": False, "attempts": 0})
        self.env["whatsapp.worker"]._wake()

    def _get_known_words(self):
        """What no log and no stored error may tell of whom these messages are from."""
        return self.exists().conversation_id._get_known_words()

    def _record_failed_part(self, part, error):
        self.conversation_id._record_failed_part(part, error)

    def _move_to(self, state, **values):
        """Move messages on to `state`; those that `TRANSITIONS` does not let go there stay. Returns whether any went."""
        going = self.filtered(lambda message: state in TRANSITIONS.get(message.state, ()))
        before = going.grouped("state")
        going.write({"state": state, **values})
        if going:
            going._on_state(state, before)
        return bool(going)

    def _queue_again(self, **values):
        """They go once more; what a callback has told meanwhile to have failed, only a person has sent again."""
        self.filtered(lambda message: message.state in UNSENT)._move_to("queued", **values)

    def _on_state(self, state, before):
        """Messages moved on to a state: all that follows, in this order.

        before
            the messages by the state that they come from.
        """
        if state in SHOWN_AS:
            self._show_state()
            self._show_in_ticket()
        if state == "queued":
            # What goes once more is in the thread already, and waits there again.
            guard(self, "thread", self._broadcast_state)
            before.get("failed", self.browse())._answer_again()
        if state in SENT:
            # A colleague's words count as an answer when they go, not when they are typed.
            unsent = self.filtered(lambda message: any(message in before.get(name, ()) for name in UNSENT))
            unsent.filtered(lambda message: message.author == "person")._answer_handover()
        if state == "failed":
            self._learn_opt_out()
            self._learn_marketing_refusal()
            # Of a mailing, who started it sees what failed.
            self.filtered(lambda message: not message.mailing_id)._flag_failure()
        if state in NOT_SENT:
            self._withdraw_privacy_notice()
            self.conversation_id._recount()
            # After the others: who wants no messages, as Twilio has just told, waits for none.
            self.conversation_id._resume_waiting()
        guard(self, "webhook", self._tell_programs, state, before)

    def _get_shown_words(self):
        """What the customer said, or what kind of thing came."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return self and (self._get_text() or kinds[self.kind])

    def _flag_failure(self):
        """Their conversations show that something did not reach the customer."""
        for line in self.filtered("conversation_id"):
            conversation = line.conversation_id
            if conversation.stage == "closed":
                # Nobody looks there any more.
                conversation |= conversation.contact_id.conversation_ids.filtered(
                    lambda each, ended=conversation: each.sender_id == ended.sender_id and each.stage != "closed"
                )
            conversation.failed_message_id = line

    def _answer_again(self):
        """What had failed is under way once more, and the answer that it was at first."""
        self.conversation_id._recount()
        # A conversation that is closed had its failure shown on another: see `_flag_failure`.
        for conversation in self.conversation_id.contact_id.conversation_ids:
            conversation._answer_again(self)

    def _answer_handover(self):
        """Colleagues' words went out: who was waited for is waited for no more."""
        for line in self.filtered(lambda line: line.conversation_id.handover_id):
            conversation = line.conversation_id.sudo()._with_its_company()
            text = conversation.env._("Answered on WhatsApp by %s.", line.user_id.name)
            conversation._end_handover("answered", text, line.user_id)
            conversation._broadcast_state()
