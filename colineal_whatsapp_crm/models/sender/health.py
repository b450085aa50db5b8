import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from werkzeug.datastructures import MultiDict

from ...gateway import delivery
from ...gateway.failure_text import FailureText, explain
from ...lib import redis_cache, transactions
from ...lib.clock import utcnow

_logger = logging.getLogger(__name__)

#: Messages this much older than the last search are looked at again: they may have been on their way then.
_OVERLAP = timedelta(hours=1)

#: How far back to look for missed messages of a sender that was never searched: not at what another system answered.
_FIRST_LOOK_BACK = timedelta(days=1)


class WhatsappSender(models.Model):
    """What a sender has to do, and the messages it missed."""

    _inherit = "whatsapp.sender"

    last_webhook_at = fields.Datetime(
        string="Last Message Received", compute="_compute_health", help="When Twilio last reached this Odoo."
    )
    waiting_count = fields.Integer(string="Messages Waiting", compute="_compute_health")
    waiting_since = fields.Datetime(string="Oldest Waits Since", compute="_compute_health")
    unconfirmed_count = fields.Integer(string="Not Known to Be Sent", compute="_compute_health")
    last_refusal = FailureText(readonly=True, copy=False, help="Why the webhook last refused a request.")
    last_refusal_at = fields.Datetime(string="Last Refusal On", readonly=True, copy=False)
    search_error = FailureText(
        string="Last Search Failed", readonly=True, copy=False, help="Why the last search for missed messages failed."
    )
    search_error_at = fields.Datetime(readonly=True, copy=False)
    last_failure = fields.Char(compute="_compute_health")
    gaps_searched_at = fields.Datetime(
        string="Last Search for Missed Messages",
        readonly=True,
        copy=False,
        help="Until then, Odoo has every message that Twilio has.",
    )
    redis_status = fields.Selection(
        [("off", "Not configured"), ("up", "Works"), ("down", "Does not answer")],
        string="Redis",
        compute="_compute_redis_status",
        help="Without it everything works, a little slower.",
    )

    def _compute_health(self):
        messages = self.env["whatsapp.conversation.message"]
        waiting = [("state", "in", ("received", "queued"))]
        groups = messages._read_group(
            [("sender_id", "in", self.ids), *waiting], ["sender_id"], ["__count", "create_date:min"]
        )
        by_sender = {sender: (count, since) for sender, count, since in groups}
        doubted = dict(
            messages._read_group([("sender_id", "in", self.ids), ("state", "=", "unknown")], ["sender_id"], ["__count"])
        )
        for sender in self:
            failed = messages.search(
                [("sender_id", "=", sender.id), ("state", "=", "failed")], order="id desc", limit=1
            )
            sender.last_webhook_at = sender._get_last_received().create_date
            sender.waiting_count, sender.waiting_since = by_sender.get(sender, (0, False))
            sender.unconfirmed_count = doubted.get(sender, 0)
            sender.last_failure = failed.failure

    def _compute_redis_status(self):
        self.redis_status = redis_cache.get_status()

    def action_find_gaps(self):
        """Take in the messages that Twilio has and Odoo does not."""
        self.ensure_one()
        sender = self._checked_sudo("write")
        try:
            found = sender._find_gaps()
        except delivery.DeliveryError as error:
            sender._record_search(str(error))
            return self._notify(explain(self.env, str(error)), "danger")
        return self._notify(self.env._("%s missed message(s) were taken in.", found), "success")

    @api.model
    def _cron_find_gaps(self):
        for sender in self.search([]):
            try:
                sender._find_gaps()
            except delivery.DeliveryError as error:
                sender._record_search(str(error))
            except Exception as error:
                # The next sender is none the worse for it, and the next search begins where this one did.
                self.env.cr.rollback()
                self.env["whatsapp.job.failure"]._record("gaps", error, sender, lasting=True)
            else:
                self.env["whatsapp.job.failure"]._forget("gaps", sender)
            self.env["ir.cron"]._commit_progress(1)

    def _find_gaps(self):
        """Take in, through the usual intake, what Twilio has for this sender since the last search and Odoo does not.

        Returns how many messages were missing. Raises `DeliveryError`.
        """
        self.ensure_one()
        credentials = self._get_credentials()
        if not credentials:
            return 0
        messages = self.env["whatsapp.conversation.message"]
        now = utcnow()
        start = self._get_search_start(now)
        found = delivery.list_inbound(credentials, self.number, start, self.messaging_service_sid or None)
        if self.messaging_service_sid:
            # The service's numbers may be other senders' as well, who take in what comes to them.
            found = [each for each in found if self._is_receiver(each)]
        if self.mode == "unverified":
            self.write({"tested_at": now, "test_error": False})
        known = messages.search_fetch(
            [("sender_id", "=", self.id), ("sid", "in", [each.sid for each in found])], ["sid"]
        )
        known = set(known.mapped("sid"))
        missed = [each for each in found if each.direction == "inbound" and each.sid not in known]
        taken = sum(messages._receive(self.id, self._get_form(message)) for message in missed)
        self.gaps_searched_at = now
        self._record_search(False)
        return taken

    def _is_receiver(self, message):
        """Whether the webhook of this message of Twilio's API would have been this sender's."""
        endpoint = self._find_endpoint(message.to, message.account_sid, message.messaging_service_sid)
        return bool(endpoint) and endpoint.id == self.id

    def _record_search(self, error):
        """What kept the last search for missed messages from its end, or that nothing did."""
        if error or self.search_error:
            self.write({"search_error": error, "search_error_at": error and utcnow()})

    def _get_search_start(self, now):
        """Since when Twilio may have messages that Odoo does not.

        The last message that is known only counts before the first search: one that came after an outage says
        nothing of those that were lost in it.
        """
        if self.gaps_searched_at:
            return self.gaps_searched_at - _OVERLAP
        last = self._get_last_received()
        return min(last.create_date - _OVERLAP if last else now, now - _FIRST_LOOK_BACK)

    def _get_last_received(self):
        return self.env["whatsapp.conversation.message"].search(
            [("sender_id", "=", self.id), ("direction", "=", "inbound")], order="id desc", limit=1
        )

    @staticmethod
    def _get_form(message):
        """A message of Twilio's API as its webhook would have posted it."""
        form = MultiDict(
            {
                "MessageSid": message.sid,
                "AccountSid": message.account_sid,
                "From": message.from_,
                "To": message.to,
                "Body": message.body or "",
                "NumMedia": message.num_media or "0",
            }
        )
        if int(form["NumMedia"]):
            for number, (content_type, url) in enumerate(delivery.list_media(message)):
                form[f"MediaContentType{number}"], form[f"MediaUrl{number}"] = content_type, url
        if message.date_sent:
            form["DateSent"] = message.date_sent.isoformat()
        return form

    def _record_rejection(self, reason):
        """Keep why a request was refused, for people to see; at most once a minute, so that none can flood it.

        Who is at it at the same moment keeps its own: nobody waits for the other.
        """
        query = SQL(
            """UPDATE whatsapp_sender SET last_refusal = %(reason)s, last_refusal_at = %(now)s
                WHERE id = (SELECT id FROM whatsapp_sender
                             WHERE id = %(id)s AND (last_refusal_at IS NULL OR last_refusal_at < %(before)s)
                               FOR NO KEY UPDATE SKIP LOCKED)""",
            reason=reason,
            id=self.id,
            now=utcnow(),
            before=utcnow() - timedelta(minutes=1),
        )
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(query, log_exceptions=False)
        except transactions.LOST_RACE:
            _logger.debug("%s: another process noted a refusal just now", self)

    def _notify(self, message, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": kind, "sticky": kind == "danger"},
        }
