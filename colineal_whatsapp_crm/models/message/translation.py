import time

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import babel_locale_parse

from ...understanding.llm.client import ModelError
from ...understanding.llm.translating import make_prompt, read_translation
from ...understanding.providers import RULES


class WhatsappConversationMessage(models.Model):
    """What a customer wrote, in a colleague's language, where the assistant has a model."""

    _inherit = "whatsapp.conversation.message"

    translations = fields.Json(readonly=True, help="By the reader's language, for those who asked for it.")

    def action_translate(self):
        """What the customer wrote in the reader's language: {"text"}, or {"failure"} in words where the model gives none.

        It is kept, so that the model is asked once for each language. Raises `UserError` without a model.
        """
        self.ensure_one()
        self.check_access("read")
        # The model costs: who may only read does not ask it.
        self.conversation_id.check_access("write")
        message, code = self.sudo(), self.env.lang or "en_US"
        if known := (message.translations or {}).get(code):
            return {"text": known}
        assistant, text = message.conversation_id.assistant_id, message._get_text()
        if assistant.provider == RULES or not text:
            raise UserError(self.env._("The assistant has no model that could translate this."))
        # In English, as the rest of what the model is told.
        language = babel_locale_parse(code).get_display_name("en")
        model, failure = assistant._get_model(), ""
        try:
            deadline = time.monotonic() + assistant._get_bounded("patience_seconds")
            translation = read_translation(model.ask(make_prompt(text, language), deadline))
        except ModelError as error:
            failure = error.kind
        self.env["whatsapp.model.call"]._log_calls(assistant, message.classification_id, model.calls)
        if failure:
            return {"failure": assistant.with_env(self.env)._explain_failure(failure)}
        message.translations = {**(message.translations or {}), code: translation}
        # Other screens show it as well, and this one after it was loaded anew.
        message._broadcast_state()
        return {"text": translation}
