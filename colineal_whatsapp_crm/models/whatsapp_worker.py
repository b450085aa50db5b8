# Each step of the job commits: what is done stays done when a later step fails.
# pylint: disable=invalid-commit
import logging
import time
from datetime import UTC, datetime, timedelta

import psycopg2

from odoo import api, models
from odoo.tools import SQL

from ..gateway.address import mask
from ..understanding import understand

_logger = logging.getLogger(__name__)

#: A run ends before any time limit of Odoo's cron workers and asks for the next one.
_RUN_SECONDS = 40
#: While a customer is still typing the run waits, and looks this often for new messages.
_LOOK_SECONDS = 0.1
_BATCH = 50

#: Minutes before each further try of a conversation that could not be read; then a person gets it.
_RETRY_MINUTES = (1, 5, 15)

_ROUTING_RETRY_MINUTES = 5

#: A burst is answered at the latest after this many times the coalescing wait.
_LONGEST_WAIT_FACTOR = 4


def _utcnow():
    """Now with its fraction of a second, which `fields.Datetime.now` drops and coalescing needs."""
    return datetime.now(UTC).replace(tzinfo=None)


class WhatsappWorker(models.AbstractModel):
    """Reads what the webhook stored: sorts messages into conversations, then takes one turn of each that is due.

    Each step is a short transaction that ends in a commit, so a process that dies loses nothing and repeats at most
    the step it was in. Several workers may run at once: row locks decide who takes what.
    """

    _name = "whatsapp.worker"
    _description = "WhatsApp Worker"

    @api.model
    def _wake(self):
        self.env.ref("colineal_whatsapp_crm.ir_cron_worker").sudo().wake()

    @api.model
    def _cron_work(self):
        """Work until nothing is left to do, for `_RUN_SECONDS` at most."""
        deadline = time.monotonic() + _RUN_SECONDS
        while time.monotonic() < deadline:
            worked = self._route_messages() + self._take_due_turns()
            if not worked:
                next_due = self._get_next_due()
                if next_due is None:
                    return
                wait = (next_due - _utcnow()).total_seconds()
                if wait > deadline - time.monotonic():
                    self.env.ref("colineal_whatsapp_crm.ir_cron_worker")._trigger(at=next_due)
                    return
                time.sleep(min(max(wait, 0.01), _LOOK_SECONDS))
        self._wake()

    @api.model
    def _route_messages(self):
        """Give each new message its contact and conversation, and say when that is due. Returns how many customers."""
        self.env.cr.execute(
            SQL(
                """SELECT sender_id, address FROM whatsapp_conversation_message
                    WHERE direction = 'inbound' AND conversation_id IS NULL AND (retry_at IS NULL OR retry_at <= %s)
                    GROUP BY sender_id, address LIMIT %s""",
                _utcnow(),
                _BATCH,
            )
        )
        customers = self.env.cr.fetchall()
        self.env.cr.commit()
        return sum(self._try_to_route(*customer) for customer in customers)

    def _try_to_route(self, sender_id, address):
        """Route one customer's messages in a transaction of their own. Returns whether anything was done."""
        try:
            done = self._route_customer(sender_id, address)
            self.env.cr.commit()
        except (psycopg2.errors.SerializationFailure, psycopg2.errors.UniqueViolation):
            # Another worker was faster; the next round finds what is left.
            self.env.cr.rollback()
            return False
        except Exception as error:
            self.env.cr.rollback()
            _logger.exception("Messages from %s could not be given a conversation", mask(address))
            self._get_unrouted(sender_id, address).write(
                {
                    "retry_at": _utcnow() + timedelta(minutes=_ROUTING_RETRY_MINUTES),
                    "error": f"{type(error).__name__}: {error}",
                }
            )
            self.env.cr.commit()
            return False
        return done

    def _get_unrouted(self, sender_id, address):
        return self.env["whatsapp.conversation.message"].search(
            [
                ("direction", "=", "inbound"),
                ("conversation_id", "=", False),
                ("sender_id", "=", sender_id),
                ("address", "=", address),
            ]
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
        now = _utcnow()
        conversation = self.env["whatsapp.conversation"]._get_or_open(contact, sender, now)
        messages.write({"conversation_id": conversation.id, "retry_at": False, "error": False})
        conversation.write(
            {
                "last_message_at": now,
                "last_inbound_at": now,
                "due_at": self._get_due(conversation, messages[0].create_date, now),
            }
        )
        _logger.info("%s: %s new message(s) from %s", conversation, len(messages), mask(address))
        return True

    @staticmethod
    def _get_due(conversation, first_at, now):
        """When the customer will have stopped typing: a little after the last message, but not ever later."""
        wait = timedelta(seconds=conversation.assistant_id.coalescing_seconds)
        oldest = conversation._get_unread()[:1].create_date or first_at
        return min(now + wait, max(oldest + _LONGEST_WAIT_FACTOR * wait, now))

    @api.model
    def _take_due_turns(self):
        """Take a turn of each conversation that is due. Returns how many."""
        taken = 0
        while taken < _BATCH:
            conversation = self._claim()
            if not conversation:
                break
            taken += 1
            try:
                self._take_turn(conversation)
                self.env.cr.commit()
            except (psycopg2.errors.SerializationFailure, psycopg2.errors.DeadlockDetected):
                self.env.cr.rollback()
            except Exception as error:
                self.env.cr.rollback()
                _logger.exception("%s could not be read", conversation)
                self._postpone(conversation, error)
                self.env.cr.commit()
        self.env.cr.rollback()
        return taken

    def _claim(self):
        """The conversation that waits longest, locked for this transaction; empty when nothing is due."""
        self.env.cr.execute(
            SQL(
                """SELECT id FROM whatsapp_conversation WHERE due_at <= %s
                 ORDER BY due_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED""",
                _utcnow(),
            )
        )
        row = self.env.cr.fetchone()
        self.env.invalidate_all()
        return self.env["whatsapp.conversation"].browse(row and row[0])

    def _take_turn(self, conversation):
        conversation = conversation._with_its_company()
        messages, turn, state = conversation._read_turn()
        if not messages:
            conversation.due_at = False
            return
        started = time.perf_counter()
        understanding = understand(turn, state, conversation.assistant_id._get_vocabulary())
        latency_ms = (time.perf_counter() - started) * 1000
        conversation._finish_turn(messages, state, understanding, "rules", latency_ms)

    def _postpone(self, conversation, error):
        """After a failure: another try later, and after the last one a person, with the error to see."""
        failures = conversation.failures
        text = f"{type(error).__name__}: {error}"
        if failures < len(_RETRY_MINUTES):
            due_at = _utcnow() + timedelta(minutes=_RETRY_MINUTES[failures])
            conversation.write({"failures": failures + 1, "due_at": due_at, "error": text})
        else:
            conversation.write({"due_at": False, "stage": "person", "error": text})
            conversation._call_person(self.env._("The assistant cannot read this conversation"))

    def _get_next_due(self):
        self.env.cr.execute(SQL("SELECT min(due_at) FROM whatsapp_conversation WHERE due_at IS NOT NULL"))
        next_due = self.env.cr.fetchone()[0]
        self.env.cr.rollback()
        return next_due
