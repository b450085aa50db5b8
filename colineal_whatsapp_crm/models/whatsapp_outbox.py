# A state is committed before and after each call to Twilio: see the class.
# pylint: disable=invalid-commit
import logging
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..gateway import delivery

_logger = logging.getLogger(__name__)

_RUN_SECONDS = 40
#: Minutes before each further try of a message that Twilio may take later.
_RETRY_MINUTES = (1, 5, 30)


class WhatsappOutbox(models.AbstractModel):
    """Sends the replies that wait as rows.

    A row is committed as *sending* before Twilio is called: a process that dies in between leaves a row that is known
    to be in doubt, and nothing is sent twice blindly.
    """

    _name = "whatsapp.outbox"
    _description = "WhatsApp Outbox"

    @api.model
    def _wake(self):
        self.env.ref("colineal_whatsapp_crm.ir_cron_outbox").sudo().wake()

    @api.model
    def _cron_send(self):
        """Send what waits, the oldest first, for `_RUN_SECONDS` at most."""
        deadline = time.monotonic() + _RUN_SECONDS
        while time.monotonic() < deadline:
            message = self._claim()
            if not message:
                return
            self._send(message)
            self.env.cr.commit()
        self._wake()

    def _claim(self):
        """The oldest message that may go now, committed as *sending* (or done with, when it need not be sent)."""
        while True:
            self.env.cr.execute(
                SQL(
                    """SELECT id FROM whatsapp_conversation_message
                        WHERE state = 'queued' AND (retry_at IS NULL OR retry_at <= %s)
                     ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED""",
                    fields.Datetime.now(),
                )
            )
            row = self.env.cr.fetchone()
            self.env.invalidate_all()
            if not row:
                self.env.cr.rollback()
                return self.env["whatsapp.conversation.message"]
            message = self.env["whatsapp.conversation.message"].browse(row[0])
            if message.author == "assistant" and message.conversation_id.stage in ("person", "closed"):
                message._move_to("dropped", error=self.env._("A person took over before it was sent."))
            elif message.sender_id.mode == "simulation":
                message._move_to("simulated")
            else:
                message._move_to("sending", attempts=message.attempts + 1)
                self.env.cr.commit()
                return message
            self.env.cr.commit()

    def _send(self, message):
        sender = message.sender_id
        try:
            sid = delivery.send(sender._get_credentials(), sender.number, message.address, message.body)
        except delivery.DeliveryError as error:
            _logger.warning("%s was not sent: Twilio code %s, %s", message, error.code, error.outcome)
            self._note_failure(message, error)
        else:
            message._move_to("sent", sid=sid, error=False)

    @staticmethod
    def _note_failure(message, error):
        if error.outcome == delivery.UNKNOWN:
            message._move_to("unknown", error=str(error))
        elif error.outcome == delivery.LATER and message.attempts <= len(_RETRY_MINUTES):
            wait = timedelta(minutes=_RETRY_MINUTES[message.attempts - 1])
            message._move_to("queued", error=str(error), retry_at=fields.Datetime.now() + wait)
        else:
            message._move_to("failed", error=str(error))
