# Each step of the job commits: what is done stays done when a later step fails.
# pylint: disable=invalid-commit
import logging
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from odoo import api, models
from odoo.tools import SQL

from .. import transactions
from ..calls import Calls
from ..clock import utcnow
from ..gateway.address import mask
from ..understanding import Message, State, Vocabulary
from ..understanding.providers import Reader, Reading, RulesReader

_logger = logging.getLogger(__name__)

#: A run ends before any time limit of Odoo's cron workers, calls that are under way included, and asks for the next.
_RUN_SECONDS = 40
#: What is due sooner than this is waited for; the job is planned again for the rest.
_WAIT_SECONDS = 10
#: How often to look for new messages while waiting for calls or for a customer to stop typing.
_LOOK_SECONDS = 0.05
#: Replies that may be on their way to Twilio at once.
_SENDINGS = 16
#: Photos and voice notes that may be on their way from Twilio at once.
_FETCHES = 8
#: How often open screens are told what changed, while there is much to do.
_TELL_SECONDS = 0.5
#: How often to look for replies in doubt.
_SETTLE_SECONDS = 1
_BATCH = 50

#: A conversation taken by a worker that died is free again after this; longer than any provider may take.
_LEASE_SECONDS = 60

#: Minutes before each further try of a conversation that could not be read; then a person gets it.
_RETRY_MINUTES = (1, 5, 15)
_ROUTING_RETRY_MINUTES = 5

#: A customer who keeps writing is answered after this many seconds at the latest.
_LONGEST_SILENCE = 30


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn as plain values, fit for a thread. `lease` proves that the conversation is still this worker's."""

    conversation_id: int
    lease: datetime
    message_ids: tuple[int, ...]
    messages: tuple[Message, ...]
    state: State
    vocabulary: Vocabulary
    reader: Reader

    def interpret(self) -> tuple[Reading, float]:
        """What the turn says, and the milliseconds it took. Raises only what the rules raise."""
        started = time.perf_counter()
        try:
            reading = self.reader.interpret(self.messages, self.state, self.vocabulary)
        except Exception as error:
            if not self.reader.slow:
                raise
            _logger.exception("The model's reader failed; the rules read the turn")
            reading = self.read_by_rules(type(error).__name__)
        return reading, (time.perf_counter() - started) * 1000

    def read_by_rules(self, failure: str) -> Reading:
        """What the rules read, after the turn's own reader failed."""
        return replace(RulesReader().interpret(self.messages, self.state, self.vocabulary), failure=failure)


class WhatsappWorker(models.AbstractModel):
    """The job behind the webhook: sorts messages into conversations, takes a turn of each that is due, sends replies.

    Each step is a short transaction, and calls to others are made in threads while none is open. A conversation is
    taken by a committed lease, so several workers may run at once; a process that dies loses nothing, and repeats at
    most the step it was in.
    """

    _name = "whatsapp.worker"
    _description = "WhatsApp Worker"

    @api.model
    def _wake(self):
        self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_worker")

    @api.model
    def _cron_work(self):
        """Work until nothing is left to do, for `_RUN_SECONDS` and the calls under way then."""
        self = self.with_context(whatsapp_tell_together=True)
        media, drafts, outbox = (self.env[f"whatsapp.{name}"] for name in ("media", "drafts", "outbox"))
        deadline = time.monotonic() + _RUN_SECONDS
        settle_at = tell_at = 0
        with Calls(read=self._count_readings(), fetch=_FETCHES, send=_SENDINGS) as calls:
            while time.monotonic() < deadline:
                worked = self._try(self._route_messages)
                worked += self._try(media._begin_fetches, calls)
                worked += self._try(self._begin_turns, calls)
                worked += self._try(drafts._begin_drafts, calls)
                worked += self._try(outbox._begin_messages, calls)
                if time.monotonic() >= settle_at:
                    worked += self._try(outbox._settle_doubts, calls)
                    settle_at = time.monotonic() + _SETTLE_SECONDS
                worked += calls.finish(0 if worked else _LOOK_SECONDS)
                if not worked or time.monotonic() >= tell_at:
                    self._try(self.env["whatsapp.conversation"]._tell_together)
                    tell_at = time.monotonic() + _TELL_SECONDS
                if worked or calls:
                    continue
                wait = self._get_seconds_to_next()
                if wait is None:
                    return
                if wait > _WAIT_SECONDS:
                    at = utcnow() + timedelta(seconds=wait)
                    self.env.ref("colineal_whatsapp_crm.ir_cron_worker")._trigger(at=at)
                    self.env.cr.commit()
                    return
                time.sleep(min(max(wait, 0.01), _LOOK_SECONDS))
            while calls:
                calls.finish(_LOOK_SECONDS)
        self._try(self.env["whatsapp.conversation"]._tell_together)
        self._wake()
        self.env.cr.commit()

    def _try(self, step, *args):
        """Run a step and commit it; 0 when it lost a race to another worker, for the next round to take up."""
        try:
            return transactions.commit(self.env, step, *args)
        except transactions.LOST_RACE:
            return 0

    def _count_readings(self):
        """How many turns may be with their providers at once."""
        return max(self.env["whatsapp.assistant"].search([]).mapped("max_calls"), default=1)

    # From message to conversation

    @api.model
    def _route_messages(self):
        """Give each new message its contact and conversation, and say when that is due. Returns how many customers."""
        self.env.cr.execute(
            SQL(
                """SELECT sender_id, address FROM whatsapp_conversation_message
                    WHERE direction = 'inbound' AND conversation_id IS NULL AND (retry_at IS NULL OR retry_at <= %s)
                    GROUP BY sender_id, address LIMIT %s""",
                utcnow(),
                _BATCH,
            )
        )
        customers = self.env.cr.fetchall()
        self.env.cr.commit()
        return sum(self._try_to_route(*customer) for customer in customers)

    def _try_to_route(self, sender_id, address):
        """Route one customer's messages in a transaction of their own. Returns whether anything was done."""
        try:
            return transactions.commit(self.env, self._route_customer, sender_id, address)
        except transactions.LOST_RACE:
            # Another worker was faster; the next round finds what is left.
            return False
        except Exception as error:
            self.env.cr.rollback()
            _logger.exception("Messages from %s could not be given a conversation", mask(address))
            self._get_unrouted(sender_id, address).write(
                {
                    "retry_at": utcnow() + timedelta(minutes=_ROUTING_RETRY_MINUTES),
                    "error": f"{type(error).__name__}: {error}",
                }
            )
            self.env.cr.commit()
            return False

    def _get_unrouted(self, sender_id, address):
        return self.env["whatsapp.conversation.message"].search_fetch(
            [
                ("direction", "=", "inbound"),
                ("conversation_id", "=", False),
                ("sender_id", "=", sender_id),
                ("address", "=", address),
            ],
            ["state", "parameters", "create_date"],
        )

    def _route_customer(self, sender_id, address):
        # One worker at a time for a customer: two would open two conversations, and one of them would fail.
        self.env.cr.execute(SQL("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, %s))", address, sender_id))
        if not self.env.cr.fetchone()[0]:
            return False
        sender = self.env["whatsapp.sender"].browse(sender_id)
        messages = self._get_unrouted(sender_id, address)
        if not messages:
            return False
        profile_name = (messages[-1].parameters or {}).get("ProfileName")
        contact = self.env["whatsapp.contact"]._get_or_create(address, sender.company_id, profile_name)
        now = utcnow()
        conversation = self.env["whatsapp.conversation"]._get_or_open(contact, sender, now)
        messages.write({"conversation_id": conversation.id, "retry_at": False, "error": False})
        messages._expect_media()
        messages._show()
        conversation._note_arrival(messages, now)
        _logger.info("%s: %s new message(s) from %s", conversation, len(messages), mask(address))
        return True

    # From conversation to reply

    @api.model
    def _begin_turns(self, calls):
        """Begin a turn of each conversation that is due, as many as there is room for. Returns how many."""
        claimed = self._claim(min(calls.free("read"), _BATCH))
        for conversation_id, lease in claimed:
            self._try_turn(conversation_id, lease, self._begin_turn, calls)
        return len(claimed)

    def _claim(self, limit):
        """Take the conversations that wait longest: [(id, lease)], committed."""
        if not limit:
            return []
        now = utcnow()
        lease = now + timedelta(seconds=_LEASE_SECONDS)
        self.env.cr.execute(
            SQL(
                """UPDATE whatsapp_conversation SET leased_until = %(lease)s
                    WHERE id IN (SELECT id FROM whatsapp_conversation
                                  WHERE due_at <= %(now)s AND (leased_until IS NULL OR leased_until < %(now)s)
                               ORDER BY due_at LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED)
                RETURNING id""",
                lease=lease,
                now=now,
                limit=limit,
            ),
            log_exceptions=False,  # a lost race is run again
        )
        claimed = [(conversation_id, lease) for (conversation_id,) in self.env.cr.fetchall()]
        if len(claimed) == limit:
            self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_helper")
        self.env.cr.commit()
        return claimed

    def _try_turn(self, conversation_id, lease, step, *args):
        """Run one step of a turn in a transaction of its own; a failure is kept on the conversation."""
        conversation = self.env["whatsapp.conversation"].browse(conversation_id)
        try:
            transactions.commit(self.env, step, conversation, lease, *args)
        except transactions.LOST_RACE:
            self._try(conversation._release, lease)
        except Exception as error:
            self.env.cr.rollback()
            _logger.exception("%s could not be read", conversation)
            self._try(self._postpone, conversation, error)

    def _begin_turn(self, conversation, lease, calls):
        messages = conversation._get_unread()
        if not messages:
            conversation.write({"due_at": False, "leased_until": False})
            return
        assistant = conversation.assistant_id
        reader = assistant._get_reader(conversation, messages)
        if reader.slow and (wait := messages._get_media_wait()):
            conversation.write({"due_at": utcnow() + wait, "leased_until": False})
            return
        plain = tuple(message._to_plain(with_media=reader.slow) for message in messages)
        turn = Turn(
            conversation.id,
            lease,
            tuple(messages.ids),
            plain,
            conversation._get_state(),
            assistant._get_vocabulary(),
            reader,
        )
        if reader.slow:
            calls.submit(
                "read",
                turn.interpret,
                lambda result: self._try_turn(turn.conversation_id, lease, self._end_turn, turn, result),
                seconds=reader.seconds,
            )
        else:
            self._end_turn(conversation, lease, turn, turn.interpret)

    def _end_turn(self, conversation, lease, turn, get_result):
        """Act on what was understood, unless the conversation is another worker's by now or has gone on meanwhile."""
        if not conversation._hold(lease):
            return
        if conversation._has_gone_on(turn.message_ids, _LONGEST_SILENCE):
            conversation.leased_until = False
            return
        try:
            reading, latency_ms = get_result()
        except TimeoutError:
            # The SDK keeps no promise about time; the customer's patience does.
            turn.reader.abandon()
            reading, latency_ms = turn.read_by_rules("timeout"), turn.reader.seconds * 1000
        messages = self.env["whatsapp.conversation.message"].browse(turn.message_ids)
        conversation._with_its_company()._finish_turn(messages, turn.state, reading, latency_ms)

    def _postpone(self, conversation, error):
        """After a failure: another try later, and after the last one a person, with the error to see."""
        failures = conversation.failures
        text = f"{type(error).__name__}: {error}"
        if failures < len(_RETRY_MINUTES):
            due_at = utcnow() + timedelta(minutes=_RETRY_MINUTES[failures])
            conversation.write({"failures": failures + 1, "due_at": due_at, "leased_until": False, "error": text})
        else:
            conversation.write({"due_at": False, "leased_until": False, "error": text})
            conversation._hand_over("parked")

    def _get_seconds_to_next(self):
        """Seconds until something is due: a conversation, one whose worker died, a file, a reply. None when nothing is."""
        self.env.cr.execute(
            SQL(
                """SELECT min(GREATEST(due_at, COALESCE(leased_until, due_at)))
                     FROM whatsapp_conversation WHERE due_at IS NOT NULL"""
            )
        )
        moments = [
            self.env.cr.fetchone()[0],
            self.env["whatsapp.outbox"]._get_next_moment(),
            self.env["whatsapp.media"]._get_next_moment(),
        ]
        self.env.cr.rollback()
        moments = [moment for moment in moments if moment]
        return max((min(moments) - utcnow()).total_seconds(), 0) if moments else None
