import logging
import time
from functools import partial

from odoo import api, models
from odoo.tools import SQL

from ..lib import errors, fair_queue
from ..lib.clock import utcnow
from ..lib.guard import guarded_commit
from ..understanding.llm import drafting
from ..understanding.llm.client import ModelError

_logger = logging.getLogger(__name__)


class WhatsappReplyDrafter(models.AbstractModel):
    """Has a model word replies that wait as rows, within the customer's patience.

    A row holds the scripted wording from the first; a good draft replaces it, and in any other case it goes as it is.
    """

    _name = "whatsapp.reply.drafter"
    _description = "WhatsApp Drafts"

    @api.model
    def _begin_drafts(self, calls):
        """Begin to word what waits for it. Returns how many messages were touched."""
        waiting = SQL("state = 'drafting' AND (COALESCE(attempts, 0) = 0 OR retry_at <= %s)", utcnow())
        messages = self.env["whatsapp.conversation.message"]._claim(
            waiting, calls.free("read"), rooms=calls.get_rooms("read")
        )
        return fair_queue.begin(calls, "read", "draft", messages, self._begin_draft, self._give_up)

    def _begin_draft(self, message):
        """The call that has a message worded, and what follows it; None when the message goes as it is."""
        seconds = (message.retry_at - utcnow()).total_seconds() if message.retry_at else 0
        if message._is_stale() or seconds <= 0:
            # The outbox drops what is stale.
            message._queue_now()
            return None
        message.attempts = 1
        model = message.conversation_id.assistant_id._get_model()
        call = partial(draft_reply, model, message._get_assignment(), time.monotonic() + seconds)
        return call, partial(self._end_draft, message.id, model), seconds

    @staticmethod
    def _give_up(message, _error):
        """What cannot be worded goes as it is."""
        message._queue_now()

    def _end_draft(self, message_id, model, get_result):
        message = self.env["whatsapp.conversation.message"].browse(message_id)
        try:
            draft, fault = get_result()
        except ModelError as error:
            draft, fault = "", error.kind
        except TimeoutError:
            model.breaker.note(False)
            draft, fault = "", "timeout"
        except Exception as error:
            # Whatever it is, the customer gets the scripted wording now.
            known = message.conversation_id._get_known_words()
            errors.log(_logger, error, "%s could not be worded", message, known=known)
            draft, fault = "", "garbled"
        guarded_commit(
            self.env, lambda context: self._finish_draft(message.with_context(**context), model, draft, fault)
        )

    def _finish_draft(self, message, model, draft, fault):
        message._lock()
        if message.state != "drafting":
            return
        conversation = message.conversation_id._with_its_company()
        if draft:
            message.write({"body": draft, "drafted": True})
        message._queue_now()
        self.env["whatsapp.model.call"]._log_calls(
            conversation.assistant_id, message.classification_id, model.calls, "" if draft else fault
        )


def draft_reply(model, assignment, deadline):
    """A draft that may go, or none and what is wrong with it. Raises `ModelError`."""
    draft = drafting.read_draft(model.ask(drafting.make_prompt(assignment), deadline))
    fault = drafting.find_fault(draft, assignment)
    return ("" if fault else draft), fault
