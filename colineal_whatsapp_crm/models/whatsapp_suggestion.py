import time

from odoo import Command, models

from ..understanding.llm.client import ModelError
from ..understanding.llm.reading import dictates
from ..understanding.providers import RULES
from .whatsapp_drafts import draft_reply


class WhatsappConversation(models.Model):
    """What the assistant would say, for a colleague to edit."""

    _inherit = "whatsapp.conversation"

    def suggest_reply(self):
        """What the assistant would say now, for a colleague to edit; nothing is queued or sent.

        Returns an empty text when nothing has been read yet. A model words it where the assistant has one; what is not
        good enough to be sent, and what somebody dictated, is not suggested either: then it is the scripted wording.
        """
        self.ensure_one()
        conversation = self._checked_sudo("write")._with_its_company()
        turn = conversation.classification_id
        if not turn:
            return ""
        values = conversation._get_placeholder_values()
        situations = conversation._get_situations(values) or [turn.action]
        wordings = conversation._choose_wordings(situations, values)
        scripted = wordings._render(values)
        if not scripted or conversation.assistant_id.provider == RULES:
            return scripted
        if dictates(line._to_plain() for line in turn.message_ids):
            return scripted
        return conversation._draft_suggestion(scripted, wordings) or scripted

    def _draft_suggestion(self, scripted, wordings):
        """The scripted text in a model's words, or an empty text."""
        assistant = self.assistant_id
        model = assistant._get_model()
        if model.breaker.is_open:
            return ""
        line = self.env["whatsapp.conversation.message"].new(
            {
                "conversation_id": self.id,
                "classification_id": self.classification_id.id,
                "body": scripted,
                "wording_ids": [Command.set(wordings.ids)],
            }
        )
        try:
            draft, fault = draft_reply(
                model, line._get_assignment(), time.monotonic() + assistant._get_bounded("patience_seconds")
            )
        except ModelError as error:
            draft, fault = "", error.kind
        self.env["whatsapp.model.call"]._note(assistant, self.classification_id, model.calls, fault)
        return draft
