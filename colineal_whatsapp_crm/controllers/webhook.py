"""Twilio's door: what it posts is checked, stored and acknowledged, and nothing else happens here."""

import logging

from limits import RateLimitItemPerMinute
from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..gateway.address import mask
from ..gateway.failure_text import mark as _lt
from ..gateway.identity import address_of
from ..gateway.request_guard import RequestRejected, check_id
from ..gateway.signature import SignatureError, check_signature
from ..lib import rate_limit
from ..lib.rate_limit import LogThrottle, network_of
from ..lib.routes import STATUS_PATH, WEBHOOK_PATH

_logger = logging.getLogger(__name__)

# An empty TwiML document: received, and nothing to say in the response itself.
# https://www.twilio.com/docs/messaging/twiml
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

# No user and no session: the signature tells who calls. `gateway.request_guard` refuses other methods, in plain words.
FROM_TWILIO = {
    "type": "http",
    "auth": "none",
    "csrf": False,
    "save_session": False,
    "readonly": False,
    "whatsapp_webhook": True,  # see ir.http
}

#: How many requests of one address are told in a minute why they are refused.
REJECTIONS = RateLimitItemPerMinute(30)

#: What a stranger is told, whatever is wrong: which numbers are here, and by which address, is for people of the shop.
NOT_TWILIO = (
    "This is not shown to be a message of Twilio to a sender of this Odoo: its log and the sender's page say why"
)

_rejections = rate_limit.in_memory()
_log_throttle = LogThrottle(60)


class WhatsappWebhook(http.Controller):
    @http.route(WEBHOOK_PATH, **FROM_TWILIO)
    def receive(self):
        """Take in one message as Twilio posts it.

        https://www.twilio.com/docs/messaging/guides/webhook-request

        The answer is 200 with empty TwiML once the message is stored (or was stored before), 403 for a sender that
        nobody configured and for a signature that does not match, 400 for a signed request that is no message, and 429
        for a customer who writes faster than people do. What cannot be Twilio's does not get here: see
        `gateway.request_guard`. Twilio shows the answer in its error log, so each body is in words.
        """
        form = request.httprequest.form
        endpoint = self._identify(form.get("To", ""))
        address = address_of(form)
        if not check_id(form.get("MessageSid") or form.get("SmsMessageSid")) or not address:
            self._reject(400, _lt("MessageSid and From are required"), endpoint)
        if not rate_limit.may_write(request.env.cr.dbname, endpoint.id, address):
            # What is refused stays at Twilio, where the search for missed messages finds it.
            self._reject(429, _lt("The customer writes faster than people do"), endpoint, Retry_After="60")
        request.env["whatsapp.conversation.message"]._receive(endpoint.id, form)
        return request.make_response(EMPTY_TWIML, headers=[("Content-Type", "text/xml; charset=utf-8")])

    @http.route(STATUS_PATH, **FROM_TWILIO)
    def status(self):
        """Take in what became of one of our messages; `message` in the query names its row.

        https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
        """
        form, message = request.httprequest.form, request.httprequest.args.get("message", "")
        endpoint = self._identify(form.get("From", ""))
        if not check_id(form.get("MessageSid") or form.get("SmsSid")):
            self._reject(400, _lt("MessageSid is required"), endpoint)
        message_id = int(message) if message.isascii() and message.isdigit() and len(message) < 10 else 0
        request.env["whatsapp.conversation.message"]._apply_status(endpoint.id, message_id, form)
        return request.make_response("", status=204)

    def _identify(self, number):
        """The endpoint of a request that is shown to come from Twilio. Raises `RequestRejected`.

        number
            our own number in the request: its recipient, or the sender of the message it is about.

        Every request is checked, whatever came from its address before: those of Twilio serve all of its customers.
        """
        request.update_env(user=SUPERUSER_ID)
        form = request.httprequest.form
        senders = request.env["whatsapp.sender"]
        endpoint = senders._find_endpoint(number, form.get("AccountSid", ""), form.get("MessagingServiceSid"))
        if not endpoint:
            if other := senders._find_other_account(number):
                self._reject_stranger(_lt("the account is another than the sender's"), other)
            self._reject_stranger(f"no sender is configured for {mask(number)}")
        try:
            check_signature(self._signed_url(endpoint), form, request.httprequest.headers, endpoint.signature_keys)
        except SignatureError as error:
            self._reject_stranger(str(error), endpoint)
        return endpoint

    @staticmethod
    def _signed_url(endpoint):
        """The URL as Twilio knows it: the sender's public address, then the raw path and query of this request."""
        environ = request.httprequest.environ
        return endpoint.public_url + environ["REQUEST_URI"]

    def _reject_stranger(self, explanation, endpoint=None):
        """Refuse who is not shown to be Twilio; who does not stop is told nothing more, and nothing is noted of it.

        explanation
            for the log and the sender's page.
        endpoint
            of the sender whose number was named.
        """
        if not _rejections.hit(REJECTIONS, network_of(request.httprequest.remote_addr)):
            raise RequestRejected(429, "Too many requests that were refused", Retry_After="60")
        self._reject(403, NOT_TWILIO, endpoint, explanation)

    @staticmethod
    def _reject(status, reason, endpoint=None, explanation=None, **headers):
        """Raise `RequestRejected`; people are told once a minute."""
        left_out = _log_throttle.hit((endpoint and endpoint.id, status))
        if left_out is not None:
            explanation = explanation or reason
            _logger.warning(
                "WhatsApp request%s refused: %s%s",
                f" to sender {endpoint.id}" if endpoint else "",
                explanation,
                f" ({left_out} more since this was last said)" if left_out else "",
            )
            if endpoint:
                request.env["whatsapp.sender"].browse(endpoint.id)._record_rejection(explanation)
        raise RequestRejected(status, reason, **headers)
