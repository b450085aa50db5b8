# Which deletions are under way is committed before Twilio is called.
# pylint: disable=invalid-commit
import logging
import time
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ..gateway import delivery
from ..gateway.failure_text import FailureText
from ..lib import errors, fair_queue, transactions
from ..lib.clock import utcnow
from ..lib.thread_calls import Calls

_logger = logging.getLogger(__name__)

#: Deletions that may be on their way at once; a run ends before Odoo's time limits.
_DELETIONS, _RUN_SECONDS = 8, 40

_LOOK_SECONDS = 0.1

#: A deletion that takes longer was left by a process that died.
_DELETING_SECONDS = 120

#: Hours before each further try; then a person must look.
_RETRY_HOURS = (0.1, 1, 6, 24, 72, 168)

#: Messages are left at Twilio for this long, for the search for missed ones and for callbacks.
_GRACE, _GRACE_UNCONFIRMED = timedelta(hours=2), timedelta(days=1)

_COLLECTED = 1000


class WhatsappTwilioErasure(models.Model):
    """One message that is to be deleted at Twilio, with its files. The row goes when that is done."""

    _name = "whatsapp.twilio.erasure"
    _inherit = "whatsapp.access.mixin"
    _description = "Message to Delete at Twilio"
    _order = "id"
    _rec_name = "sid"

    sender_id = fields.Many2one("whatsapp.sender", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="sender_id.company_id")
    sid = fields.Char(string="Message SID", required=True)
    attempts = fields.Integer()
    retry_at = fields.Datetime(help="Left empty once it was given up.")
    error = FailureText()

    _sid_uniq = models.Constraint("UNIQUE(sender_id, sid)", "This message is to be deleted already.")
    _due_index = models.Index("(sender_id, retry_at) WHERE retry_at IS NOT NULL")

    @api.model
    def _cron_erase_at_twilio(self):
        """Delete at Twilio what is to go, for `_RUN_SECONDS`, and ask for the next run when there is more."""
        try:
            self._collect_handled()
        except Exception as error:
            self.env.cr.rollback()
            self.env["whatsapp.job.failure"]._record("erase_at_twilio", error, lasting=True)
        deadline = time.monotonic() + _RUN_SECONDS
        with Calls(on_error=self._record_failed_end, delete=_DELETIONS) as calls:
            while time.monotonic() < deadline:
                begun = self._begin_deletions(calls)
                if not calls and not begun:
                    return
                calls.finish(_LOOK_SECONDS)
            while calls:
                calls.finish(_LOOK_SECONDS)
        self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_erase_at_twilio")
        self.env.cr.commit()

    def _record_failed_end(self, _lane, error):
        """What became of a deletion could not be written: it is tried again when its time is over."""
        self.env.cr.rollback()
        self.env["whatsapp.job.failure"]._record("erase_at_twilio", error, lasting=True)

    def _collect_handled(self):
        """Messages that are safely here, of senders that leave nothing at Twilio."""
        senders = self.env["whatsapp.sender"].search([("at_twilio", "=", "handled")])
        now = utcnow()
        done = [
            ("sender_id", "in", senders.ids),
            ("sid", "!=", False),
            ("left_twilio", "=", False),
            ("create_date", "<", now - _GRACE),
            "|",
            "&",
            ("state", "=", "handled"),
            ("media_state", "in", (False, "fetched", "erased")),
            "|",
            ("state", "in", ("delivered", "read", "failed")),
            "&",
            ("state", "=", "sent"),
            ("sent_at", "<", now - _GRACE_UNCONFIRMED),
        ]
        messages = self.env["whatsapp.conversation.message"]
        while senders and (batch := messages.search(done, limit=_COLLECTED)):
            batch._erase_at_twilio()
            # Those without credentials just now stay, and would be found for ever.
            self.env.cr.commit()
            if batch.filtered(lambda line: not line.left_twilio):
                return

    def _begin_deletions(self, calls):
        ids = fair_queue.claim(
            self.env.cr,
            self._table,
            SQL("item.retry_at <= %s", utcnow()),
            calls.free("delete"),
            order=SQL("item.retry_at"),
            rooms=calls.get_rooms("delete"),
        )
        rows = self.browse(ids)
        # Put off before the call, so that no other job begins the same meanwhile.
        rows.write({"retry_at": utcnow() + timedelta(seconds=_DELETING_SECONDS)})
        wanted = [(row.id, row.sender_id.id, row.sender_id._get_credentials(), row.sid) for row in rows]
        self.env.cr.commit()
        for row_id, sender_id, credentials, sid in wanted:
            calls.submit(
                "delete",
                partial(delivery.delete, credentials, sid),
                partial(self._end_deletion, row_id),
                seconds=_DELETING_SECONDS,
                owner=sender_id,
            )
        return len(rows)

    def _end_deletion(self, row_id, get_result):
        transactions.commit(self.env, self._record_outcome, self.browse(row_id), get_result)

    def _record_outcome(self, row, get_result):
        if not row.exists():
            return
        try:
            get_result()
        except Exception as error:
            # Whatever it is, it is counted and comes to an end.
            _logger.warning(
                "%s: Twilio did not delete it: %s", row, getattr(error, "code", None) or type(error).__name__
            )
            hours = dict(enumerate(_RETRY_HOURS)).get(row.attempts)
            row.write(
                {
                    "attempts": row.attempts + 1,
                    "retry_at": hours and utcnow() + timedelta(hours=hours),
                    "error": errors.say(error) or type(error).__name__,
                }
            )
        else:
            row.unlink()
