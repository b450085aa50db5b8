# Each step of the job commits: what is done stays done when a later step fails.
# pylint: disable=invalid-commit
import logging
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from odoo import api, models
from odoo.tools import SQL

from ..gateway.address import mask, strip_channel
from ..gateway.identity import PERSONAL, identify
from ..gateway.inbound import first
from ..lib import errors, fair_queue, transactions
from ..lib.clock import utcnow
from ..lib.guard import guarded_commit
from ..lib.thread_calls import Calls
from ..understanding import Message, State, Vocabulary
from ..understanding.providers import Reader, Reading, RulesReader
from .job_failure import RETRY_MINUTES

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
#: Customers that may be being shown that somebody writes to them, at once.
_INDICATORS = 4
#: How often open screens are told what changed, while there is much to do.
_BROADCAST_SECONDS = 0.5
#: How often to look for replies in doubt, and for colleagues who write.
_SETTLE_SECONDS = 1
_BATCH = 50

#: A conversation taken by a worker that died is free again after this; longer than any provider may take.
_LEASE_SECONDS = 60

#: Minutes before each further try of a conversation that could not be read; then a person gets it.
_RETRY_MINUTES = (1, 5, 15)
#: Seconds before each further try of a conversation that was lost to others again and again.
_RACE_SECONDS = (2, 10, 60)
#: Seconds before a step of the job is tried again after a race it lost, and after so many of them it is an error.
_RACE_PAUSE, _MOST_RACES = 0.05, 10
#: What was given up is not tried again before the customer writes once more, or somebody wants it.
_NEVER = timedelta(days=3650)

#: What failed when what follows a call does, by the call's lane.
_JOB_OF_LANE = {"read": "turn", "fetch": "fetch", "send": "settle"}

#: The steps of this process's workers that failed, by database and step.
backoff = transactions.Backoff()

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
            known = [message.text for message in self.messages]
            errors.log(_logger, error, "The model's reader failed; the rules read the turn", known=known)
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
        self = self.with_context(whatsapp_broadcast_later=True)
        fetcher, drafter = self.env["whatsapp.media.fetcher"], self.env["whatsapp.reply.drafter"]
        outbox, indicator = self.env["whatsapp.outbox"], self.env["whatsapp.typing.indicator"]
        deadline = time.monotonic() + _RUN_SECONDS
        settle_at = broadcast_at = 0
        limits = {"read": self._count_readings(), "fetch": _FETCHES, "send": _SENDINGS, "type": _INDICATORS}
        with Calls(on_error=self._record_failed_end, **limits) as calls:
            while time.monotonic() < deadline:
                worked = self._try("route", self._route_messages)
                worked += self._try("fetch", fetcher._begin_fetches, calls)
                worked += self._try("turn", self._begin_turns, calls)
                worked += self._try("draft", drafter._begin_drafts, calls)
                worked += self._try("send", outbox._begin_messages, calls)
                if time.monotonic() >= settle_at:
                    worked += self._try("settle", outbox._settle_unconfirmed, calls)
                    worked += indicator._begin_wanted(calls)
                    settle_at = time.monotonic() + _SETTLE_SECONDS
                worked += calls.finish(0 if worked else _LOOK_SECONDS)
                if not worked or time.monotonic() >= broadcast_at:
                    self._try("screens", self.env["whatsapp.conversation"]._broadcast_pending)
                    broadcast_at = time.monotonic() + _BROADCAST_SECONDS
                if worked or calls:
                    continue
                wait = self._get_seconds_to_next()
                if wait is None:
                    return
                if wait > _WAIT_SECONDS:
                    # A second later than that, since jobs are called at whole ones.
                    at = (utcnow() + timedelta(seconds=wait + 1)).replace(microsecond=0)
                    self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_worker", at)
                    self.env.cr.commit()
                    return
                # What is due and not taken waits for somebody's room, or for a step that fails.
                time.sleep(min(wait, _LOOK_SECONDS) or _LOOK_SECONDS)
            while calls:
                calls.finish(_LOOK_SECONDS)
        self._try("screens", self.env["whatsapp.conversation"]._broadcast_pending)
        self._wake()
        self.env.cr.commit()

    def _try(self, job, step, *args):
        """Run a step of the job and commit it. Returns what it gives; 0 when it failed, or waits after it failed.

        job
            what the step is for, one of `job_failure.JOBS`: a step that goes on failing is tried less and less
            often, people see that it fails, and the others go on.
        """
        place = self.env.cr.dbname, job
        if not backoff.is_due(place):
            return 0
        try:
            result = guarded_commit(
                self.env, lambda context: getattr(step.__self__.with_context(**context), step.__name__)(*args)
            )
        except Exception as error:
            self.env.cr.rollback()
            is_race = isinstance(error, transactions.RACES)
            if backoff.note_failure(place, _RACE_PAUSE if is_race else 1) >= (_MOST_RACES if is_race else 1):
                self.env["whatsapp.job.failure"]._record(job, error, lasting=True)
            return 0
        if backoff.note_success(place):
            transactions.commit(self.env, self.env["whatsapp.job.failure"]._forget, job)
        return result

    def _record_failed_end(self, lane, error):
        """What follows a call failed, and its own way to fail did, too."""
        self.env.cr.rollback()
        self.env["whatsapp.job.failure"]._record(_JOB_OF_LANE[lane], error, lasting=True)

    def _count_readings(self):
        """How many turns of a sender may be with their providers at once."""
        assistants = self.env["whatsapp.assistant"].search([])
        return max((assistant._get_bounded("max_calls") for assistant in assistants), default=1)

    # From message to conversation

    @api.model
    def _route_messages(self):
        """Give each new message its contact and conversation, and say when that is due. Returns how many customers."""
        # One of each sender in turn, and of each company before: see `fair_queue`, which cannot group by customer.
        self.env.cr.execute(
            SQL(
                """SELECT sender_id, address
                     FROM (SELECT sender_id, address, first,
                                  row_number() OVER (PARTITION BY company_id ORDER BY turn, first) AS turn
                             FROM (SELECT sender.id AS sender_id, sender.company_id, head.address, head.first,
                                          row_number() OVER (PARTITION BY sender.id ORDER BY head.first) AS turn
                                     FROM whatsapp_sender sender
                               CROSS JOIN LATERAL (
                                          SELECT address, min(id) AS first
                                            FROM whatsapp_conversation_message message
                                           WHERE message.sender_id = sender.id AND direction = 'inbound'
                                             AND conversation_id IS NULL AND (retry_at IS NULL OR retry_at <= %s)
                                        GROUP BY address ORDER BY first LIMIT %s) head) heads) fair
                 ORDER BY turn, first LIMIT %s""",
                utcnow(),
                _BATCH,
                _BATCH,
            )
        )
        customers = self.env.cr.fetchall()
        self.env.cr.commit()
        return sum(self._try_to_route(*customer) for customer in customers)

    def _try_to_route(self, sender_id, address):
        """Route one customer's messages in a transaction of their own. Returns whether anything was done."""
        try:
            return guarded_commit(
                self.env, lambda context: self.with_context(**context)._route_customer(sender_id, address)
            )
        except Exception as error:
            self.env.cr.rollback()
            self._postpone_routing(sender_id, address, error)
            return False

    def _postpone_routing(self, sender_id, address, error):
        """After a failure: another try later, and after the last one not before the customer writes again."""
        messages = self._get_unrouted(sender_id, address)
        known = {address, strip_channel(address), *messages.mapped("body")}
        for name in PERSONAL:
            known |= {first(line.parameters or {}, name) for line in messages}
        failures = max(messages.mapped("attempts"), default=0)
        if isinstance(error, transactions.RACES):
            wait = timedelta(seconds=dict(enumerate(_RACE_SECONDS)).get(failures, 60 * RETRY_MINUTES[-1]))
        else:
            minutes = dict(enumerate(RETRY_MINUTES)).get(failures)
            wait = timedelta(minutes=minutes) if minutes else _NEVER
        messages.write({"retry_at": utcnow() + wait, "attempts": failures + 1, "error": errors.describe(error, known)})
        self.env.cr.commit()
        if failures or not isinstance(error, transactions.RACES):
            self.env["whatsapp.job.failure"]._record("route", error, messages[:1], known)
        _logger.warning("Messages from %s could not be given a conversation", mask(address))

    def _get_unrouted(self, sender_id, address):
        return self.env["whatsapp.conversation.message"].search_fetch(
            [
                ("direction", "=", "inbound"),
                ("conversation_id", "=", False),
                ("sender_id", "=", sender_id),
                ("address", "=", address),
            ],
            ["state", "kind", "parameters", "create_date", "attempts", "body"],
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
        contact = self._get_contact(sender, address, messages)
        now = utcnow()
        conversation = self.env["whatsapp.conversation"]._get_or_open(contact, sender, now)
        if any(messages.mapped("attempts")):
            for message in messages:
                self.env["whatsapp.job.failure"]._forget("route", message)
        conversation._set_address(contact.address)
        messages.write({"conversation_id": conversation.id, "retry_at": False, "error": False})
        # What fails here is no part of what follows, which goes on without one.
        messages.flush_recordset()
        conversation._on_inbound(messages, now)
        _logger.info("%s: %s new message(s) from %s", conversation, len(messages), mask(address))
        return True

    def _get_contact(self, sender, address, messages):
        """Whose messages these are, which came from one address: each may tell more of who that is."""
        contact = self.env["whatsapp.contact"]
        for identity in dict.fromkeys(identify(address, message.parameters) for message in messages):
            contact = contact._get_or_create(identity, sender.company_id, sender.account_sid)
        return contact

    # From conversation to reply

    @api.model
    def _begin_turns(self, calls):
        """Begin a turn of each conversation that is due, as many as there is room for. Returns how many."""
        claimed = self._claim(min(calls.free("read"), _BATCH), calls.get_rooms("read"))
        for conversation_id, lease in claimed:
            self._try_turn(conversation_id, lease, self._begin_turn, calls)
        return len(claimed)

    def _claim(self, limit, rooms=None):
        """Take the conversations that wait longest, of each sender in turn: [(id, lease)], committed."""
        now = utcnow()
        lease = now + timedelta(seconds=_LEASE_SECONDS)
        ids = fair_queue.claim(
            self.env.cr,
            "whatsapp_conversation",
            SQL("item.due_at <= %(now)s AND (item.leased_until IS NULL OR item.leased_until < %(now)s)", now=now),
            limit,
            order=SQL("item.due_at"),
            rooms=rooms,
            update=SQL("leased_until = %s", lease),
        )
        claimed = [(conversation_id, lease) for conversation_id in ids]
        # Whoever has as much of it as one worker may take has more.
        if claimed and len(claimed) >= min([limit, *filter(None, (rooms or {}).values())]):
            self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_helper")
        self.env.cr.commit()
        return claimed

    def _try_turn(self, conversation_id, lease, step, *args):
        """Run one step of a turn in a transaction of its own; a failure is kept on the conversation."""

        def run(context):
            worker = self.with_context(**context)
            conversation = worker.env["whatsapp.conversation"].browse(conversation_id)
            return getattr(worker, step.__name__)(conversation, lease, *args)

        try:
            guarded_commit(self.env, run)
        except Exception as error:
            self.env.cr.rollback()
            self._postpone(self.env["whatsapp.conversation"].browse(conversation_id), error)

    def _begin_turn(self, conversation, lease, calls):
        messages = conversation._get_unread()
        if not messages:
            conversation.write({"due_at": False, "leased_until": False})
            return
        assistant = conversation.assistant_id
        reader = assistant._get_reader(conversation, messages)
        if wait := messages._get_media_wait(hears=reader.slow):
            conversation.write({"due_at": utcnow() + wait, "leased_until": False})
            self.env["whatsapp.typing.indicator"]._begin_for_turn(messages, calls)
            return
        plain = tuple(message._to_plain(with_media=reader.slow) for message in messages)
        turn = Turn(
            conversation.id,
            lease,
            tuple(messages.ids),
            plain,
            conversation._get_state_for_turn(),
            assistant._get_vocabulary(),
            reader,
        )
        if reader.slow:
            calls.submit(
                "read",
                turn.interpret,
                lambda result: self._try_turn(turn.conversation_id, lease, self._end_turn, turn, result),
                seconds=reader.seconds,
                owner=conversation.sender_id.id,
            )
            self.env["whatsapp.typing.indicator"]._begin_for_turn(messages, calls)
        else:
            self._end_turn(conversation, lease, turn, turn.interpret)

    def _end_turn(self, conversation, lease, turn, get_result):
        """Act on what was understood, unless the conversation is another worker's by now or has gone on meanwhile."""
        if not conversation._lock(lease):
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
        """After a failure: another try later, and after the last one a person, with the error to see.

        Nothing of this hangs on what may have failed: the count is written first and plainly, and where not even a
        hand-over is possible, the conversation is with whoever looks at the inbox.
        """
        known = conversation._get_known_words()
        errors.log(_logger, error, "%s could not be read", conversation, known=known)
        try:
            given_up = transactions.commit(self.env, self._count_failure, conversation, error, known)
            if given_up:
                guarded_commit(self.env, lambda context: conversation.with_context(**context)._hand_over("parked"))
        except Exception as another:
            self.env.cr.rollback()
            self.env["whatsapp.job.failure"]._record("hand_over", another, conversation, known)
            transactions.commit(self.env, self._park, conversation)

    def _count_failure(self, conversation, error, known):
        """Count it on the conversation, and say when it is due again. Returns whether that is never."""
        waits = [timedelta(minutes=minutes) for minutes in _RETRY_MINUTES]
        if isinstance(error, transactions.RACES):
            waits = [timedelta(seconds=seconds) for seconds in _RACE_SECONDS]
        self.env.cr.execute(
            SQL(
                """UPDATE whatsapp_conversation SET failures = COALESCE(failures, 0) + 1, leased_until = NULL,
                          due_at = (%s::timestamp[])[COALESCE(failures, 0) + 1], error = %s
                    WHERE id = %s RETURNING due_at""",
                [utcnow() + wait for wait in waits],
                errors.describe(error, known),
                conversation.id,
            )
        )
        row = self.env.cr.fetchone()
        conversation.invalidate_recordset(["failures", "leased_until", "due_at", "error"])
        if row:
            conversation._mark_changed()
        return bool(row) and row[0] is None

    def _park(self, conversation):
        self.env.cr.execute(
            SQL(
                """WITH called AS (
                        INSERT INTO whatsapp_handover (conversation_id, company_id, reason, called_at, missed_count)
                             SELECT id, company_id, 'parked', %(now)s, 0 FROM whatsapp_conversation
                              WHERE id = %(id)s AND handover_id IS NULL
                        ON CONFLICT DO NOTHING RETURNING id)
                   UPDATE whatsapp_conversation
                      SET stage = 'person', handover_id = COALESCE(handover_id, (SELECT id FROM called)), due_at = NULL,
                          leased_until = NULL, waiting_since = COALESCE(waiting_since, %(now)s)
                    WHERE id = %(id)s""",
                now=utcnow(),
                id=conversation.id,
            )
        )
        conversation.invalidate_recordset()

    def _get_seconds_to_next(self):
        """Seconds until something is due; None when nothing is.

        That is a message after a failure, a conversation, one whose worker died, a file or a reply.
        """
        self.env.cr.execute(
            SQL(
                """SELECT LEAST((SELECT min(GREATEST(due_at, COALESCE(leased_until, due_at)))
                                   FROM whatsapp_conversation WHERE due_at IS NOT NULL),
                                (SELECT min(retry_at) FROM whatsapp_conversation_message
                                  WHERE direction = 'inbound' AND conversation_id IS NULL AND retry_at < %s))""",
                utcnow() + _NEVER / 2,  # what is tried no more is not waited for
            )
        )
        moments = [
            self.env.cr.fetchone()[0],
            self.env["whatsapp.outbox"]._get_next_moment(),
            self.env["whatsapp.media.fetcher"]._get_next_moment(),
        ]
        self.env.cr.rollback()
        moments = [moment for moment in moments if moment]
        return max((min(moments) - utcnow()).total_seconds(), 0) if moments else None
