"""The HTTP API: what other programs may ask and do, with the rights of the user whose key they bring."""

from hashlib import sha256

import psycopg2
from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request
from werkzeug.exceptions import Conflict, NotFound, ServiceUnavailable, UnprocessableEntity

from ..lib.routes import API_BASES
from . import api_schemas as schemas
from . import api_serializers as serializers
from .api_dispatcher import ROUTING_TYPE, serve
from .openapi import Access, Endpoint

_STATUS = Endpoint(
    path="/api/conversation/{phone}/status",
    name="getConversationStatus",
    tag="Conversations",
    summary="Where a customer's conversation stands, and what is known.",
    description="The latest conversation with this customer that the key's user may see.",
    parameters=schemas.ConversationParameters,
    response=schemas.ConversationStatus,
    statuses=(409,),
)
_HISTORY = Endpoint(
    path="/api/conversation/{phone}/history",
    name="getConversationHistory",
    tag="Conversations",
    summary="What was said in a customer's conversation, oldest first.",
    description="Pages of the latest conversation with this customer: follow `next_offset` until it is null.",
    parameters=schemas.HistoryParameters,
    response=schemas.ConversationHistory,
    statuses=(409,),
)
_RESET = Endpoint(
    path="/api/conversation/{phone}/reset",
    method="POST",
    name="resetConversation",
    tag="Conversations",
    summary="Close a customer's open conversation: their next message begins another.",
    description="What was said, and the lead if there is one, stay. Again, it changes nothing.",
    parameters=schemas.ConversationParameters,
    response=schemas.ConversationReset,
    statuses=(409,),
)
_SEND = Endpoint(
    path="/api/messages",
    method="POST",
    name="sendMessage",
    tag="Messages",
    summary="Write to a customer: a text, a file, or both; or a template.",
    description="As if the key's user had written it in the customer's thread: it takes their right to write in the "
    "conversation, WhatsApp's 24 hours since the customer's last message, after which only an approved template goes, and "
    "a customer who wants messages. It waits in the outbox with all others; what becomes of it is told by the state in "
    "the conversation's history, and by webhooks.",
    body=schemas.MessageToSend,
    most_bytes=schemas.MOST_BODY_BYTES,
    response=schemas.MessageAccepted,
    statuses=(404, 409),
)
_ANALYTICS = Endpoint(
    path="/api/analytics/conversations",
    name="getConversationAnalytics",
    tag="Analytics",
    summary="How conversations went.",
    description="Of the conversations begun in a period, in the shop's time zone, that the key's user may see. A rate "
    "or average over nothing is null.",
    parameters=schemas.AnalyticsParameters,
    response=schemas.ConversationAnalytics,
)
_SYSTEM_STATUS = Endpoint(
    path="/system/status",
    name="getSystemStatus",
    tag="System",
    summary="How the system does: up or down, and with a key each part.",
    description="Nobody outside is called for it: Twilio and the model are judged by what last came of them.",
    access=Access.OPTIONAL,
    response=schemas.SystemStatus,
)
_SYSTEM_CONFIG = Endpoint(
    path="/system/config",
    name="getSystemConfig",
    tag="System",
    summary="How senders and assistants are set up; no secrets.",
    response=schemas.SystemConfig,
)
_HEALTH = Endpoint(
    path="/api/health",
    name="getHealth",
    tag="System",
    summary="For load balancers: whether this server can do its work.",
    access=Access.OPEN,
    response=schemas.Health,
)


class AmbiguousCustomer(Conflict):
    """A name of several customers: to choose one of them would be to answer, or reset, another."""

    error_code = "ambiguous_customer"
    description = (
        "Several customers are meant: ask by the customer's number or user id, or name our number as sender that the "
        "customer writes to."
    )


class ConversationApi(http.Controller):
    @serve(_STATUS)
    def get_status(self, phone, sender):
        return {"conversation": serializers.serialize_conversation(self._find(phone, sender))}

    @serve(_HISTORY)
    def get_history(self, phone, sender, limit, offset):
        return serializers.serialize_history(self._find(phone, sender), limit, offset)

    @serve(_RESET)
    def reset(self, phone, sender):
        domain = self._get_domain(phone, sender)
        open_one = self._search(domain & Domain("stage", "!=", "closed"))
        latest = open_one or self._search(domain)
        self._check_found(latest)
        latest.check_access("write")
        open_one.action_close()
        return {"phone_number": latest.phone or None, "was_open": bool(open_one)}

    @serve(_SEND)
    def send_message(self, phone, sender, text, file, template, take_over, idempotency_key):
        conversation = self._find(phone, sender)
        conversation.check_access("write")
        said = [text, file and [file.name, sha256(file.content).hexdigest()], template and template.model_dump()]
        try:
            if known := conversation._find_sent_before(idempotency_key, said):
                return {"message": serializers.serialize_accepted(known), "repeated": True}
        except ValueError as error:
            raise UnprocessableEntity(f"idempotency_key: {error}.") from error
        if template:
            lines = self._send_template(conversation, template, take_over)
        else:
            lines = self._send_text(conversation, text, [(file.name, file.content)] if file else [], take_over)
        if idempotency_key:
            lines[:1]._keep_request(idempotency_key, conversation._digest_request(said))
        return {"message": serializers.serialize_accepted(lines), "repeated": False}

    def _send_text(self, conversation, text, files, take_over):
        self._check_may_go(conversation._check_may_write)
        try:
            return conversation._send_from_outside(text, files, take_over)
        except UserError as error:
            raise UnprocessableEntity(str(error)) from error

    def _send_template(self, conversation, asked, take_over):
        try:
            template = conversation._find_template(asked.name, asked.language)
            values = conversation._fill_template(template, asked.variables)
        except UserError as error:
            raise UnprocessableEntity(f"template: {error}") from error
        self._check_may_go(conversation._check_template_may_go, template)
        try:
            return conversation._send_template(template, values, take_over)
        except UserError as error:
            raise UnprocessableEntity(f"template: {error}") from error

    def _check_may_go(self, check, *args):
        try:
            check(*args)
        except UserError as error:
            # Why not is what the colleague would read in the thread: it names nobody.
            raise Conflict(str(error)) from error

    def _find(self, phone, sender):
        """The customer's latest conversation.

        Raises `NotFound` when there is none that the user may see, `AmbiguousCustomer` when several are meant.
        """
        conversation = self._search(self._get_domain(phone, sender))
        self._check_found(conversation)
        return conversation

    def _check_found(self, conversation):
        if not conversation:
            raise NotFound("There is no conversation with this customer.")

    def _get_domain(self, phone, sender):
        """Which conversations a customer's are. Raises `AmbiguousCustomer` when several are meant that the user may see.

        phone, sender
            the customer's number, user id or @username and, when it matters, our number, as people write them.

        By a number, all are one person: a number that somebody else has now is taken off who had it.
        """
        conversations = request.env["whatsapp.conversation"]
        # The conversation's own rules decide: whether a number is known is told to nobody who may not see one.
        contacts = request.env["whatsapp.contact"]
        domain = Domain("contact_id", "any!", contacts._get_identity_domain(phone))
        if sender is not None:
            domain &= Domain("sender_id", "any!", [("number", "in", conversations._get_numbers(sender))])
        if not schemas.is_number(phone) and len(conversations._read_group(domain, ["contact_id"], limit=2)) > 1:
            raise AmbiguousCustomer
        return domain

    def _search(self, domain):
        """The latest of these conversations that the user may see, or an empty record."""
        return request.env["whatsapp.conversation"].search_fetch(
            domain, serializers.CONVERSATION_FIELDS, order="last_message_at desc NULLS LAST, id desc", limit=1
        )


class AnalyticsApi(http.Controller):
    @serve(_ANALYTICS)
    def get_analytics(self, date_from, date_to):
        try:
            return request.env["whatsapp.system.status"]._get_analytics(date_from, date_to)
        except ValueError as error:
            raise UnprocessableEntity(f"from, to: {error}.") from error


class SystemApi(http.Controller):
    @serve(_SYSTEM_STATUS)
    def get_system_status(self):
        system = request.env["whatsapp.system.status"]
        if request.env.user._is_public():
            return {"system_status": system._get_state()}
        request.env["whatsapp.conversation"].check_access("read")
        return system._get_status()

    @serve(_SYSTEM_CONFIG)
    def get_system_config(self):
        return request.env["whatsapp.system.status"]._get_config()

    @serve(_HEALTH)
    def get_health(self):
        try:
            request.env.cr.execute("SELECT 1")
        except psycopg2.Error as error:
            raise ServiceUnavailable("The database does not answer.") from error
        return {}

    @http.route(
        [
            path
            for base in API_BASES
            for path in (base, f"{base}/<path:unknown>")
            if path not in ("/api/health", "/api/messages")
        ],
        type=ROUTING_TYPE,
        auth="none",
        save_session=False,
        readonly=True,
    )
    def not_found(self, **_unknown):
        """Programs get their errors as JSON, also for a path that is none."""
        raise NotFound("There is no such path; /api/docs tells those there are.")
