# Which messages are being worded is committed before the model is asked: see the class.
# pylint: disable=invalid-commit
import time
from functools import partial

from odoo import api, models
from odoo.tools import SQL

from ..clock import utcnow
from ..understanding.llm import drafting
from ..understanding.llm.client import ModelError


class WhatsappDrafts(models.AbstractModel):
    """Has a model word replies that wait as rows, within the customer's patience.

    A row holds the scripted wording from the first; a good draft replaces it, and in any other case it goes as it is.
    """

    _name = "whatsapp.drafts"
    _description = "WhatsApp Drafts"

    @api.model
    def _begin_drafts(self, calls):
        """Begin to word what waits for it. Returns how many messages were touched."""
        room = calls.free("read")
        if not room:
            return 0
        waiting = SQL("state = 'drafting' AND (COALESCE(attempts, 0) = 0 OR retry_at <= %s)", utcnow())
        messages = self.env["whatsapp.conversation.message"]._claim(waiting, room)
        going = []
        for message in messages:
            seconds = (message.retry_at - utcnow()).total_seconds()
            if message._is_stale() or seconds <= 0:
                # The outbox drops what is stale.
                message._queue_now()
                continue
            message.attempts = 1
            going.append(
                (message._get_assignment(), message.conversation_id.assistant_id._get_model(), message, seconds)
            )
        self.env.cr.commit()
        for assignment, model, message, seconds in going:
            call = partial(draft_reply, model, assignment, time.monotonic() + seconds)
            calls.submit("read", call, partial(self._end_draft, message.id, model), seconds=seconds)
        return len(messages)

    def _end_draft(self, message_id, model, get_result):
        message = self.env["whatsapp.conversation.message"].browse(message_id)
        try:
            draft, fault = get_result()
        except ModelError as error:
            draft, fault = "", error.kind
        except TimeoutError:
            model.breaker.note(False)
            draft, fault = "", "timeout"
        self.env["whatsapp.worker"]._try(self._finish_draft, message, model, draft, fault)

    def _finish_draft(self, message, model, draft, fault):
        message._hold()
        if message.state != "drafting":
            return
        conversation = message.conversation_id._with_its_company()
        if draft:
            message.write({"body": draft, "drafted": True})
        message._queue_now()
        self.env["whatsapp.model.call"]._note(
            conversation.assistant_id, message.classification_id, model.calls, "" if draft else fault
        )


def draft_reply(model, assignment, deadline):
    """A draft that may go, or none and what is wrong with it. Raises `ModelError`."""
    draft = drafting.read_draft(model.ask(drafting.make_prompt(assignment), deadline))
    fault = drafting.find_fault(draft, assignment)
    return ("" if fault else draft), fault
