import logging
from datetime import timedelta
from functools import partial

from odoo import api, models
from odoo.tools import SQL

from ..gateway import delivery
from ..lib import errors, fair_queue, rate_limit, transactions
from ..lib.clock import utcnow

_logger = logging.getLogger(__name__)

#: WhatsApp shows it for so long.
_LIFETIME = timedelta(seconds=25)

#: Seconds without another call after one that failed, twice as many after each further one, and at most.
_FIRST_PAUSE, _LONGEST_PAUSE = 60, 3600

#: The senders whose customers could not be shown it lately, by database and id; None: the step itself.
backoff = transactions.Backoff(_LONGEST_PAUSE)


class WhatsappTypingIndicator(models.AbstractModel):
    """Shows customers that their message was read and an answer is being written.

    It is a courtesy. Nobody waits for it, it is tried once, and what goes wrong with it is nobody's business: after a
    failure the sender does without for a while.
    https://www.twilio.com/docs/whatsapp/api/typing-indicators-resource
    """

    _name = "whatsapp.typing.indicator"
    _description = "WhatsApp Typing Indicator"

    @api.model
    def _begin_wanted(self, calls):
        """Begin to show those customers it to whom a colleague writes. Commits, and never fails. Returns how many."""
        place = self.env.cr.dbname, None
        if not backoff.is_due(place):
            return 0
        try:
            return transactions.commit(self.env, self._begin_claimed, calls)
        except Exception as error:
            self.env.cr.rollback()
            backoff.note_failure(place, _FIRST_PAUSE)
            errors.log(_logger, error, "Customers are not shown that somebody writes to them")
            return 0

    def _begin_claimed(self, calls):
        ids = fair_queue.claim(
            self.env.cr,
            "whatsapp_conversation_message",
            # What was wanted longer ago, before an outage, says nothing any more.
            SQL("item.typing_wanted_at > %s", utcnow() - _LIFETIME),
            calls.free("type"),
            rooms=calls.get_rooms("type"),
            update=SQL("typing_wanted_at = NULL"),
        )
        for message in self.env["whatsapp.conversation.message"].browse(ids):
            self._show(message, calls)
        return len(ids)

    @api.model
    def _begin_for_turn(self, messages, calls):
        """Begin to show it while the assistant reads messages of one conversation, where it is to answer them."""
        conversation = messages.conversation_id
        if conversation.stage not in ("person", "closed") and not conversation.silence_reason:
            self._show(messages[-1:], calls)

    def _show(self, message, calls):
        sender = message.sender_id
        place = self.env.cr.dbname, sender.id
        if not (
            message._shows_typing()
            and backoff.is_due(place)
            and calls.free("type")
            # While it is shown, another call shows nothing.
            and rate_limit.hit_typing(self.env.cr.dbname, message.id, _LIFETIME.seconds)
        ):
            return
        call = partial(delivery.show_typing, sender._get_credentials(), message.sid)
        calls.submit("type", call, partial(self._end, place), seconds=delivery.TIMEOUT, owner=sender.id)

    @staticmethod
    def _end(place, get_result):
        try:
            get_result()
        except Exception as error:
            backoff.note_failure(place, _FIRST_PAUSE)
            code = getattr(error, "code", None)
            _logger.info(
                "Sender %s: a customer was not shown that we write: %s %s", place[1], type(error).__name__, code
            )
        else:
            backoff.note_success(place)
