# A state is committed before and after each call to Twilio: see the class.
# pylint: disable=invalid-commit
import logging
from datetime import timedelta
from functools import partial

from odoo import api, models
from odoo.tools import SQL

from ..gateway import delivery
from ..gateway.failure_text import mark as _lt
from ..gateway.message_states import UNSETTLED
from ..lib import errors, fair_queue, transactions
from ..lib.clock import utcnow
from ..lib.guard import guarded_commit

_logger = logging.getLogger(__name__)

#: Minutes before each further try of a message that Twilio may take later.
_RETRY_MINUTES = (1, 5, 30)

#: Longer than Twilio may take to answer: a message still *sending* after this was left by a process that died.
_SENDING_SECONDS = 4 * delivery.TIMEOUT
#: Before Twilio is asked whether it took a message, its status callback gets this long to say so.
_CONFIRMATION_SECONDS = 20
#: How often Twilio is asked about a message in doubt before a person must decide.
_CONFIRMATION_CHECKS = 5

#: Meta lets about one message in six seconds through to one person, with short bursts.
_PAIR_BURST, _PAIR_SECONDS = 3, 18

#: Only a message's callbacks write what became of it at the same time, and those are few.
_SETTLE_TRIES = 5


class WhatsappOutbox(models.AbstractModel):
    """Sends the replies that wait as rows.

    A row is committed as *sending* before Twilio is called, with a callback URL that names it. A process that dies in
    between leaves a row in doubt: the callback settles it, or Twilio's own list of messages; nothing is sent twice
    blindly. One customer's messages go one after the other.
    """

    _name = "whatsapp.outbox"
    _description = "WhatsApp Outbox"

    @api.model
    def _begin_messages(self, calls):
        """Begin to send what may go now. Returns how many messages were touched."""
        return fair_queue.begin(calls, "send", "send", self._claim(calls), self._begin_sending, self._give_up)

    def _claim(self, calls):
        """The oldest waiting messages, one a customer at most, locked for this transaction.

        Those of a sender whose rate is used up in this second are not looked at, however many wait.
        """
        first = SQL(
            """state = 'queued' AND (retry_at IS NULL OR retry_at <= %s)
               AND NOT EXISTS (SELECT 1 FROM whatsapp_conversation_message earlier
                                WHERE earlier.conversation_id = item.conversation_id
                                  AND earlier.id < item.id
                                  AND earlier.state IN %s)""",
            utcnow(),
            UNSETTLED,
        )
        return self.env["whatsapp.conversation.message"]._claim(
            first,
            calls.free("send"),
            rooms=calls.get_rooms("send"),
            room=self.env["whatsapp.sender"]._get_room(),
        )

    def _begin_sending(self, message):
        """The call that sends a message, and what follows it; None when it is not to be sent now."""
        if not self._may_go(message):
            return None
        message._move_to("sending", attempts=message.attempts + 1, sent_at=utcnow())
        sender = message.sender_id
        call = partial(
            delivery.send,
            sender._get_credentials(),
            sender._get_twilio_name(),
            message.address,
            message.body or "",
            sender._get_status_url(message),
            message._get_media_url(),
            number=(sender.messaging_service_sid and message.conversation_id._get_written_number()) or None,
            content=message._get_content(),
        )
        return call, partial(self._end_sending, message.id), None

    @staticmethod
    def _give_up(message, error):
        """A message that cannot even be prepared: a person must look, and no other waits for it."""
        # Not by way of `sending`: whether it went is no question.
        message._move_to("failed", error=message.conversation_id._with_its_company()._say_error(error))

    def _may_go(self, message):
        """Whether a message is to be sent now; when not, it is done with or put off."""
        conversation = message.conversation_id
        message._follow_customer()
        if conversation.contact_id._is_out_of_reach():
            message._move_to("failed", error=conversation._get_silence_source())
        elif message._is_unwanted():
            message._move_to("dropped", error=_lt("The customer does not want messages."))
        elif message._is_stale():
            message._move_to("dropped", error=_lt("Something newer made it pointless before it was sent."))
        elif message.sender_id.mode == "simulation":
            message._move_to("simulated", sent_at=utcnow())
        elif not (message.content or conversation._is_window_open()):
            message._move_to("failed", error=_lt("The customer's 24 hours are over."), error_code="63016")
        elif fault := message._get_marketing_fault():
            message._move_to("failed", error=fault)
        elif pause := self._get_pair_pause(conversation):
            message.retry_at = utcnow() + pause
        else:
            return True
        return False

    def _get_pair_pause(self, conversation):
        """How long the customer must be spared, or None."""
        recent = conversation.env["whatsapp.conversation.message"].search(
            [
                ("conversation_id", "=", conversation.id),
                ("direction", "=", "outbound"),
                ("sent_at", ">", utcnow() - timedelta(seconds=_PAIR_SECONDS)),
            ],
            order="sent_at",
        )
        if len(recent) < _PAIR_BURST:
            return None
        return recent[0].sent_at + timedelta(seconds=_PAIR_SECONDS) - utcnow()

    def _end_sending(self, message_id, get_result):
        self._settle(message_id, get_result, self._record_sent, self._record_failure)

    def _settle(self, message_id, get_result, note_result, note_error):
        """Write what became of a message; a status callback may be writing it at the same moment.

        What cannot be written leaves the message as it is: in doubt before long, and Twilio is asked.
        """

        def settle(context):
            message = self.env["whatsapp.conversation.message"].with_context(**context).browse(message_id)
            if not message._lock():
                return
            try:
                result = get_result()
            except delivery.DeliveryError as error:
                note_error(message, error)
            else:
                note_result(message, result)

        try:
            guarded_commit(self.env, settle, tries=_SETTLE_TRIES)
        except Exception as error:
            self.env.cr.rollback()
            errors.log(_logger, error, "What became of message %s could not be written", message_id)
            if before := transactions.commit(self.env, self._count_unsettled, message_id):
                # By themselves, since it may be these that cannot be written.
                failed = self.env["whatsapp.conversation.message"].browse(message_id)
                guarded_commit(
                    self.env, lambda context: failed.with_context(**context)._on_state("failed", {before: failed})
                )

    def _count_unsettled(self, message_id):
        """Count it, as plainly as can be: in the end a person must look, instead of Twilio being asked for ever.

        Returns the state that it comes from when it counts as failed now.
        """
        self.env.cr.execute(
            SQL(
                """UPDATE whatsapp_conversation_message message
                      SET checks = COALESCE(checks, 0) + 1,
                          state = CASE WHEN COALESCE(checks, 0) >= %(most)s THEN 'failed' ELSE message.state END,
                          error = CASE WHEN COALESCE(checks, 0) >= %(most)s THEN %(text)s ELSE error END
                     FROM (SELECT id, state FROM whatsapp_conversation_message WHERE id = %(id)s FOR NO KEY UPDATE) before
                    WHERE message.id = before.id AND before.state IN ('sending', 'unknown')
                RETURNING message.state, before.state""",
                most=_CONFIRMATION_CHECKS,
                text=_lt("It could not be found out whether it was sent."),
                id=message_id,
            )
        )
        state, before = self.env.cr.fetchone() or (False, False)
        self.env["whatsapp.conversation.message"].browse(message_id).invalidate_recordset(["checks", "state", "error"])
        return before if state == "failed" else False

    @staticmethod
    def _record_sent(message, sid):
        # A callback may have moved it on already; the SID is news all the same.
        message._move_to("sent", error=False, error_code=False)
        if not message.sid:
            message._set_sid(sid)

    @staticmethod
    def _record_failure(message, error):
        _logger.warning("%s was not sent: Twilio code %s, %s", message, error.code, error.outcome)
        values = {"error": str(error), "error_code": error.code and str(error.code)}
        if error.outcome == delivery.UNKNOWN:
            message._move_to("unknown", retry_at=utcnow() + timedelta(seconds=_CONFIRMATION_SECONDS), **values)
        elif error.outcome == delivery.LATER and message.attempts <= len(_RETRY_MINUTES):
            wait = timedelta(minutes=_RETRY_MINUTES[message.attempts - 1])
            message._queue_again(retry_at=utcnow() + wait, **values)
        else:
            message._move_to("failed", **values)

    # Messages in doubt

    @api.model
    def _settle_unconfirmed(self, calls):
        """Begin to clear up what became of messages in doubt. Returns how many were touched."""
        return self._mark_abandoned() + self._begin_checks(calls)

    def _mark_abandoned(self):
        """Messages of a process that died while it was sending them: whether Twilio has them is not known."""
        self.env.cr.execute(
            SQL(
                """UPDATE whatsapp_conversation_message
                      SET state = 'unknown', retry_at = %(check)s, error = %(error)s
                    WHERE id IN (SELECT id FROM whatsapp_conversation_message
                                  WHERE state = 'sending' AND sent_at < %(left)s FOR NO KEY UPDATE SKIP LOCKED)
                RETURNING id""",
                check=utcnow() + timedelta(seconds=_CONFIRMATION_SECONDS),
                error=_lt("Odoo stopped while it was being sent."),
                left=utcnow() - timedelta(seconds=_SENDING_SECONDS),
            ),
            log_exceptions=False,  # a lost race is run again
        )
        messages = self.env["whatsapp.conversation.message"].browse(row[0] for row in self.env.cr.fetchall())
        if messages:
            messages.invalidate_recordset(["state", "retry_at", "error"])
            messages._on_state("unknown", {"sending": messages})
        self.env.cr.commit()
        return len(messages)

    def _begin_checks(self, calls):
        """Ask Twilio whether it has the messages in doubt that no callback has settled."""
        unconfirmed = SQL("state = 'unknown' AND retry_at <= %s", utcnow())
        messages = self.env["whatsapp.conversation.message"]._claim(
            unconfirmed, calls.free("send"), rooms=calls.get_rooms("send")
        )
        # Put off before the call, so that no other worker asks the same meanwhile.
        messages.write({"retry_at": utcnow() + timedelta(seconds=_SENDING_SECONDS)})
        checks = []
        for message in messages:
            sender = message.sender_id
            credentials = sender._get_credentials()
            if not credentials:
                message._move_to("failed", error=_lt("The sender has no Twilio credentials any more."))
                continue
            call = partial(
                delivery.find_sent,
                credentials,
                sender._get_twilio_name(),
                message._get_possible_recipients(),
                message.body,
                message.sent_at,
                **({"filled": True} if message.content else {}),
            )
            checks.append((message, call))
        self.env.cr.commit()
        for message, call in checks:
            calls.submit("send", call, partial(self._end_check, message.id), owner=message.sender_id.id)
        return len(messages)

    def _end_check(self, message_id, get_result):
        self._settle(message_id, get_result, self._record_check, self._record_failed_check)

    @staticmethod
    def _record_check(message, sids):
        """Twilio has these messages of the same words: one that no other row is, is this one. Otherwise it goes again."""
        sender = message.sender_id.with_context(active_test=False)
        # A service may have sent from another sender's number.
        senders = sender.search([("account_sid", "=", sender.account_sid)])
        others = message.search(
            [("sender_id", "in", senders.ids), ("sid", "in", sids), ("id", "!=", message.id)]
        ).mapped("sid")
        mine = next((sid for sid in sids if sid not in others), None)
        if mine:
            message._set_sid(mine)
            message._move_to("sent", error=False)
        else:
            message._queue_again(retry_at=False)

    @staticmethod
    def _record_failed_check(message, error):
        if message.checks >= _CONFIRMATION_CHECKS:
            message._move_to("failed", error=str(error))
        else:
            wait = timedelta(seconds=_CONFIRMATION_SECONDS * 2**message.checks)
            message.write({"checks": message.checks + 1, "retry_at": utcnow() + wait})

    def _get_next_moment(self):
        """When the next message may go or be checked, or None; those behind another of the same customer must wait."""
        self.env.cr.execute(
            SQL(
                """SELECT min(CASE state WHEN 'sending' THEN sent_at + %s ELSE COALESCE(retry_at, write_date) END)
                     FROM (SELECT DISTINCT ON (conversation_id) state, sent_at, retry_at, write_date
                             FROM whatsapp_conversation_message WHERE state IN %s
                         ORDER BY conversation_id, id) AS first""",
                timedelta(seconds=_SENDING_SECONDS),
                UNSETTLED,
            )
        )
        return self.env.cr.fetchone()[0]
