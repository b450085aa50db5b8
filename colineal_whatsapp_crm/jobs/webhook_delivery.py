# Which calls are under way is committed before they are made.
# pylint: disable=invalid-commit
import logging
import time
from datetime import timedelta
from functools import partial

import requests
from odoo import api, fields, models
from odoo.tools import SQL

from ..gateway.failure_text import FailureText
from ..gateway.failure_text import mark as _lt
from ..lib import transactions, webhook_call
from ..lib.clock import utcnow
from ..lib.safe_http import PrivateAddressError
from ..lib.thread_calls import Calls

_logger = logging.getLogger(__name__)

#: Calls to one program that may be under way at once; a run ends before Odoo's time limits.
_CALLS, _RUN_SECONDS = 4, 40
_LOOK_SECONDS = 0.1

#: A call that takes longer was left by a process that died.
_CALLING_SECONDS = 60

#: Minutes before each further call: about a day and a half, then a person must look.
RETRY_MINUTES = (1, 5, 30, 120, 600, 1440)

_REDIRECTION, _SUCCESS = range(300, 400), range(200, 300)


class WhatsappWebhookDelivery(models.Model):
    """One event that a program is to be told of, and what came of it.

    It names records and tells nothing of them: what a customer said is put into the request when it is made, and what is
    erased meanwhile is told to nobody.
    """

    _name = "whatsapp.webhook.delivery"
    _inherit = "whatsapp.access.mixin"
    _description = "WhatsApp Webhook Delivery"
    _order = "id desc"
    _rec_name = "event"

    webhook_id = fields.Many2one("whatsapp.webhook", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="webhook_id.company_id")
    event = fields.Char(required=True, readonly=True)
    event_id = fields.Char(string="Event ID", required=True, readonly=True, help="The same at each try.")
    happened_at = fields.Datetime(string="Happened On", required=True, readonly=True)
    detail = fields.Char(string="Message State", readonly=True, help="Of the message, when it happened.")
    res_model = fields.Char(string="Of Model", readonly=True)
    res_id = fields.Many2oneReference(string="Of Record", model_field="res_model", readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("delivered", "Delivered"), ("failed", "Given Up"), ("gone", "Erased before")],
        default="waiting",
        required=True,
        readonly=True,
    )
    attempts = fields.Integer(string="Tries", readonly=True)
    retry_at = fields.Datetime(string="Next Try", readonly=True)
    status = fields.Integer(string="HTTP Status", readonly=True, help="Of the last answer; 0 when there was none.")
    error = FailureText(readonly=True)
    delivered_at = fields.Datetime(string="Delivered On", readonly=True)

    _due_index = models.Index("(retry_at) WHERE state = 'waiting'")
    _webhook_index = models.Index("(webhook_id, id)")

    @api.model
    def _cron_deliver(self):
        """Tell programs what they are to be told, for `_RUN_SECONDS`, and ask for the next run when there is more."""
        deadline = time.monotonic() + _RUN_SECONDS
        with Calls(on_error=self._record_failed_end, deliver=_CALLS) as calls:
            while time.monotonic() < deadline:
                begun = self._begin_calls(calls)
                if not calls and not begun:
                    break
                calls.finish(_LOOK_SECONDS)
            while calls:
                calls.finish(_LOOK_SECONDS)
        self.env.cr.execute("SELECT min(retry_at) FROM whatsapp_webhook_delivery WHERE state = 'waiting'")
        if retry_at := self.env.cr.fetchone()[0]:
            # A second later than that, since jobs are called at whole ones.
            at = max(retry_at, utcnow()).replace(microsecond=0) + timedelta(seconds=1)
            self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_webhooks", at)
        self.env.cr.commit()

    def _record_failed_end(self, _lane, error):
        """What became of a call could not be written: it is made again when its time is over."""
        self.env.cr.rollback()
        self.env["whatsapp.job.failure"]._record("webhook", error, lasting=True)

    def _begin_calls(self, calls):
        rooms = calls.get_rooms("deliver")
        rows = self.browse(self._claim(calls.free("deliver"), rooms))
        # Put off before the call, so that no other job begins the same meanwhile.
        rows.write({"retry_at": utcnow() + timedelta(seconds=_CALLING_SECONDS)})
        wanted = []
        for row in rows:
            webhook = row.webhook_id.sudo()
            body = webhook._write_body(row)
            if body is None or not webhook.active:
                row.write({"state": "gone", "retry_at": False})
                continue
            wanted.append(
                (row.id, webhook.id, partial(webhook_call.call, webhook.url, webhook.secret, row.event_id, body))
            )
        self.env.cr.commit()
        for row_id, webhook_id, call in wanted:
            end = partial(self._end_call, row_id)
            calls.submit("deliver", call, end, seconds=2 * webhook_call.TIMEOUT, owner=webhook_id)
        return len(rows)

    def _claim(self, limit, rooms):
        """The ids of what is due, locked: of each webhook as many as it has room for, so that one that hangs holds up none."""
        named = {webhook_id: room for webhook_id, room in rooms.items() if webhook_id is not None}
        query = SQL(
            """SELECT id FROM whatsapp_webhook_delivery
                WHERE id IN (SELECT id
                               FROM (SELECT row.id, row.retry_at,
                                            COALESCE(named.room, %(room)s) AS room,
                                            row_number() OVER (PARTITION BY row.webhook_id
                                                               ORDER BY row.retry_at, row.id) AS place
                                       FROM whatsapp_webhook_delivery row
                                  LEFT JOIN unnest(%(webhooks)s::int[], %(rooms)s::int[]) AS named(webhook_id, room)
                                         ON named.webhook_id = row.webhook_id
                                      WHERE row.state = 'waiting' AND row.retry_at <= %(now)s) due
                              WHERE place <= room ORDER BY place, retry_at, id LIMIT %(limit)s)
                  AND state = 'waiting' AND retry_at <= %(now)s
                  FOR NO KEY UPDATE SKIP LOCKED""",
            room=rooms[None],
            webhooks=list(named),
            rooms=list(named.values()),
            now=utcnow(),
            limit=limit,
        )
        self.env.cr.execute(query, log_exceptions=False)
        return [row[0] for row in self.env.cr.fetchall()]

    def _end_call(self, row_id, get_result):
        transactions.commit(self.env, self._record_outcome, self.browse(row_id), get_result)

    def _record_outcome(self, row, get_result):
        if not row.exists():
            return
        status, error = _get_outcome(get_result)
        values = {"attempts": row.attempts + 1, "status": status, "error": error, "retry_at": False}
        webhook = row.webhook_id.sudo()
        if not error:
            row.write({**values, "state": "delivered", "delivered_at": utcnow()})
            webhook._note_delivered()
            return
        _logger.warning("%s: the program was not told of %s: status %s", row, row.event, status)
        minutes = dict(enumerate(RETRY_MINUTES)).get(row.attempts)
        if minutes:
            values["retry_at"] = utcnow() + timedelta(minutes=minutes)
        else:
            values["state"] = "failed"
        row.write(values)
        webhook._note_failure(error, given_up=not minutes)

    def _get_record(self):
        self.ensure_one()
        record = self.res_model in self.env and self.res_id and self.env[self.res_model].sudo().browse(self.res_id)
        record = record and record.exists()
        if record and record._name == "whatsapp.conversation" and not record.lead_id:
            return None
        return record or None

    def action_retry(self):
        """Tell the program once more, from the first try on."""
        rows = self._checked_sudo("read").filtered(lambda row: row.state in ("failed", "delivered"))
        rows.webhook_id.with_env(self.env).check_access("write")
        rows.write({"state": "waiting", "attempts": 0, "retry_at": utcnow(), "error": False})
        rows.webhook_id.activity_ids.action_feedback()
        self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_webhooks")


def _get_outcome(get_result):
    """(HTTP status or 0, what went wrong in words that name nobody or False)."""
    try:
        status = get_result()
    except PrivateAddressError:
        return 0, _lt("The address leads into a private network, or is called in clear.")
    except (requests.exceptions.Timeout, TimeoutError):
        return 0, _lt("The program did not answer in time.")
    except requests.exceptions.SSLError:
        return 0, _lt("The program's certificate is not valid.")
    except Exception as error:
        # Its words may quote the request.
        _logger.info("A program could not be reached: %s", type(error).__name__)
        return 0, _lt("The program could not be reached.")
    if status in _SUCCESS:
        return status, False
    if status in _REDIRECTION:
        return status, _lt("The program led elsewhere, which is not followed.")
    return status, _lt("The program refused it, or failed.")
