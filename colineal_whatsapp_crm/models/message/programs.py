from odoo import fields, models
from psycopg2.errors import SerializationFailure, UniqueViolation

from ...gateway.message_states import SENT, UNSENT


class WhatsappConversationMessage(models.Model):
    """What programs send, each message once however often they ask for it, and what they are told of messages."""

    _inherit = "whatsapp.conversation.message"

    request_key = fields.Char(readonly=True, copy=False, help="What the program named the message by.")
    request_digest = fields.Char(readonly=True, copy=False, help="Tells another message by the same key.")

    _request_index = models.UniqueIndex(
        "(user_id, request_key) WHERE request_key IS NOT NULL", "This message was sent already."
    )

    def _keep_request(self, key, digest):
        self.write({"request_key": key, "request_digest": digest})
        try:
            self.flush_recordset()
        except UniqueViolation as error:
            # The same was asked for at the same moment: run again, as Odoo does then, it finds that one.
            raise SerializationFailure("Another transaction has sent this message now.") from error

    def _tell_programs(self, state, before):
        """Messages of ours went, or something became of them.

        before
            the messages by the state that they come from.
        """
        tell = self.env["whatsapp.webhook"]._tell
        if state in SENT:
            unsent = [message for message in self if any(message in before.get(name, ()) for name in UNSENT)]
            tell("message.sent", unsent, state)
        if state in ("delivered", "read", "failed"):
            tell("message.status", self, state)
