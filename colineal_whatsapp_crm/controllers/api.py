"""The HTTP API: what other programs may ask and do, with the rights of the user whose key they bring."""

import psycopg2
from odoo import http
from odoo.http import request
from werkzeug.exceptions import NotFound, ServiceUnavailable, UnprocessableEntity

from . import api_schemas as schemas
from .api_dispatcher import ROUTING_TYPE, serve
from .openapi import Access, Endpoint, Parameter, day, integer, phone

_PHONE = Parameter("phone", phone(), "The customer's number in any usual form, URL-encoded.")
_SENDER = Parameter(
    "sender",
    phone(or_link=True),
    "Our number, for customers who write to several of ours; otherwise the latest conversation.",
)

_STATUS = Endpoint(
    path="/api/conversation/{phone}/status",
    name="getConversationStatus",
    tag="Conversations",
    summary="Where a customer's conversation stands, and what is known.",
    description="The latest conversation with this customer that the key's user may see.",
    parameters=(_PHONE, _SENDER),
    response=schemas.STATUS,
)
_HISTORY = Endpoint(
    path="/api/conversation/{phone}/history",
    name="getConversationHistory",
    tag="Conversations",
    summary="What was said in a customer's conversation, oldest first.",
    description="Pages of the latest conversation with this customer: follow `next_offset` until it is null.",
    parameters=(
        _PHONE,
        _SENDER,
        Parameter("limit", integer(1, 500), "Messages on a page.", default=100),
        Parameter("offset", integer(0, 1_000_000_000), "Messages to pass over.", default=0),
    ),
    response=schemas.HISTORY,
)
_RESET = Endpoint(
    path="/api/conversation/{phone}/reset",
    method="POST",
    name="resetConversation",
    tag="Conversations",
    summary="Close a customer's open conversation: their next message begins another.",
    description="What was said, and the lead if there is one, stay. Again, it changes nothing.",
    parameters=(_PHONE, _SENDER),
    response=schemas.RESET,
)
_ANALYTICS = Endpoint(
    path="/api/analytics/conversations",
    name="getConversationAnalytics",
    tag="Analytics",
    summary="How conversations went.",
    description="Of the conversations begun in a period, in the shop's time zone, that the key's user may see. A rate "
    "or average over nothing is null.",
    parameters=(
        Parameter("from", day(), "First day; thirty days up to the last one by default.", argument="date_from"),
        Parameter("to", day(), "Last day, included; today by default.", argument="date_to"),
    ),
    response=schemas.ANALYTICS,
)
_SYSTEM_STATUS = Endpoint(
    path="/system/status",
    name="getSystemStatus",
    tag="System",
    summary="How the system does: up or down, and with a key each part.",
    description="Nobody outside is called for it: Twilio and the model are judged by what last came of them.",
    access=Access.OPTIONAL,
    response=schemas.SYSTEM_STATUS,
)
_SYSTEM_CONFIG = Endpoint(
    path="/system/config",
    name="getSystemConfig",
    tag="System",
    summary="How senders and assistants are set up; no secrets.",
    response=schemas.SYSTEM_CONFIG,
)
_HEALTH = Endpoint(
    path="/api/health",
    name="getHealth",
    tag="System",
    summary="For load balancers: whether this server can do its work.",
    access=Access.OPEN,
    statuses=(503,),
    response=schemas.HEALTH,
)


class ConversationApi(http.Controller):
    @serve(_STATUS)
    def get_status(self, phone, sender):
        return {"conversation": self._find(phone, sender)._get_api_status()}

    @serve(_HISTORY)
    def get_history(self, phone, sender, limit, offset):
        return self._find(phone, sender)._get_api_history(limit, offset)

    @serve(_RESET)
    def reset(self, phone, sender):
        conversations = request.env["whatsapp.conversation"]
        open_one = conversations._find_latest(phone, sender, stages=("!=", "closed"))
        latest = open_one or self._find(phone, sender)
        latest.check_access("write")
        open_one.action_close()
        return {"phone_number": latest.phone, "was_open": bool(open_one)}

    def _find(self, phone, sender):
        conversation = request.env["whatsapp.conversation"]._find_latest(phone, sender)
        if not conversation:
            raise NotFound("There is no conversation with this number.")
        return conversation


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
            for base in ("/api/conversation", "/api/analytics", "/api/health", "/system")
            for path in (base, f"{base}/<path:unknown>")
            if path != "/api/health"
        ],
        type=ROUTING_TYPE,
        auth="none",
        save_session=False,
        readonly=True,
    )
    def lead_nowhere(self, **_unknown):
        """Programs get their errors as JSON, also for a path that is none."""
        raise NotFound("There is no such path; /api/docs tells those there are.")
