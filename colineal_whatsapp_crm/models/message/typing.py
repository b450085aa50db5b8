import re

from odoo import fields, models
from odoo.tools import SQL

from ...gateway.delivery import WINDOW
from ...lib.clock import utcnow

#: What Twilio takes for a message: https://www.twilio.com/docs/whatsapp/api/typing-indicators-resource
_SID = re.compile(r"(?:SM|MM)[0-9a-fA-F]{32}")


class WhatsappConversationMessage(models.Model):
    """Showing who wrote the message that it was read and an answer is being written: see `whatsapp.typing.indicator`."""

    _inherit = "whatsapp.conversation.message"

    typing_wanted_at = fields.Datetime(
        readonly=True, copy=False, help="When a colleague began to write an answer, until the worker has seen it."
    )

    _typing_index = models.Index("(sender_id, id) WHERE typing_wanted_at IS NOT NULL")

    def _want_typing(self):
        """Have the worker show the customer that a colleague writes: see `_shows_typing` for whether it does."""
        self.ensure_one()
        # Whoever has the row just now has something better to do with it, and a lost race is run again.
        self.env.cr.execute(
            SQL(
                """UPDATE whatsapp_conversation_message SET typing_wanted_at = %s
                    WHERE id = (SELECT id FROM whatsapp_conversation_message
                                 WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED)""",
                utcnow(),
                self.id,
            ),
            log_exceptions=False,
        )
        if self.env.cr.rowcount:
            self.invalidate_recordset(["typing_wanted_at"])
            self.env["whatsapp.worker"]._wake()

    def _shows_typing(self):
        """Whether the customer is to be shown that their message is being answered, and Twilio would do so.

        WhatsApp does as long as it lets us write freely: later it takes no sign of life either.
        """
        self.ensure_one()
        sender, conversation = self.sender_id, self.conversation_id
        return bool(
            sender.shows_typing
            and sender._get_credentials()
            and self.direction == "inbound"
            and _SID.fullmatch(self.sid or "")
            and self._get_written_at() > utcnow() - WINDOW
            and not conversation.opted_out
            and not conversation.contact_id._is_out_of_reach()
        )
