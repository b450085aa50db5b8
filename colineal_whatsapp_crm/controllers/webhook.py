"""Twilio's door: what it posts is checked, stored and acknowledged, and nothing else happens here."""

import logging

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..gateway.address import mask
from ..gateway.signature import SignatureError, check_signature

_logger = logging.getLogger(__name__)

# An empty TwiML document: received, and nothing to say in the response itself.
# https://www.twilio.com/docs/messaging/twiml
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

# No user and no session: the signature tells who calls.
FROM_TWILIO = {
    "type": "http",
    "auth": "none",
    "methods": ["POST"],
    "csrf": False,
    "save_session": False,
    "readonly": False,
    "whatsapp_webhook": True,  # see ir.http
}


class WhatsappWebhook(http.Controller):
    @http.route("/api/webhook/whatsapp", **FROM_TWILIO)
    def receive(self, **_params):
        """Take in one message as Twilio posts it.

        https://www.twilio.com/docs/messaging/guides/webhook-request

        The answer is 200 with empty TwiML once the message is stored (or was stored before), 404 for a sender that
        nobody configured, 403 for a signature that does not match, 400 for a signed request that is no message.
        Twilio shows the reason of a refusal in its error log, so each body says it in words.
        """
        form = request.httprequest.form
        endpoint, refusal = self._identify(form.get("To", ""))
        if refusal:
            return refusal
        if not (form.get("MessageSid") or form.get("SmsMessageSid")) or not form.get("From"):
            _logger.warning("WhatsApp request to sender %s refused: it has no MessageSid or no From", endpoint.id)
            return self._refuse(400, "MessageSid and From are required")
        request.env["whatsapp.conversation.message"]._receive(endpoint.id, form)
        return request.make_response(EMPTY_TWIML, headers=[("Content-Type", "text/xml; charset=utf-8")])

    @http.route("/api/webhook/whatsapp/status", **FROM_TWILIO)
    def status(self, message="", **_params):
        """Take in what became of one of our messages; `message` in the query names its row.

        https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
        """
        form = request.httprequest.form
        endpoint, refusal = self._identify(form.get("From", ""))
        if refusal:
            return refusal
        message_id = int(message) if message.isascii() and message.isdigit() and len(message) < 10 else 0
        request.env["whatsapp.conversation.message"]._apply_status(endpoint.id, message_id, form)
        return request.make_response("", status=204)

    def _identify(self, number):
        """The endpoint of a request that is shown to come from Twilio, or the answer that refuses it.

        number
            our own number in the request: its recipient, or the sender of the message it is about.
        """
        request.update_env(user=SUPERUSER_ID)
        form = request.httprequest.form
        endpoint = request.env["whatsapp.sender"]._find_endpoint(number, form.get("AccountSid", ""))
        if not endpoint:
            _logger.warning("WhatsApp request refused: no sender is configured for %s", mask(number))
            return None, self._refuse(404, "Unknown sender")
        try:
            check_signature(self._signed_url(endpoint), form, request.httprequest.headers, endpoint.signature_keys)
        except SignatureError as error:
            _logger.warning("WhatsApp request to sender %s refused: %s", endpoint.id, error)
            request.env["whatsapp.sender"].browse(endpoint.id)._note_refusal(str(error))
            return None, self._refuse(403, str(error))
        return endpoint, None

    @staticmethod
    def _signed_url(endpoint):
        """The URL as Twilio knows it: the sender's public address, then the raw path and query of this request."""
        environ = request.httprequest.environ
        return endpoint.public_url + environ["REQUEST_URI"]

    @staticmethod
    def _refuse(status, reason):
        return request.make_response(reason, headers=[("Content-Type", "text/plain; charset=utf-8")], status=status)
