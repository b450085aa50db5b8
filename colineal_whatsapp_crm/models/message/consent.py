from odoo import models

from ...gateway.inbound import written_at

#: What the customer is told about their request goes in spite of it.
_ABOUT_CONSENT = {"opt_out", "opt_in"}

#: What is to be said whatever else happens in the conversation.
_LASTING = _ABOUT_CONSENT | {"privacy_notice", "confirm_opt_out"}

#: Twilio's codes of who wants no messages. Who has blocked us can lift that, and then write; who is on Twilio's own
#: list cannot. https://www.twilio.com/docs/api/errors
_REASON_OF_CODE = {"21610": "refused", "63014": "blocked"}


class WhatsappConversationMessage(models.Model):
    """What a message says about being written to, and which messages go in spite of it."""

    _inherit = "whatsapp.conversation.message"

    def _was_written_before(self, contact):
        """Whether Twilio dates the message before the contact wanted no more: a webhook that never came may bring it late."""
        self.ensure_one()
        written = written_at(self.sudo().parameters or {})
        return bool(written and contact.opted_out_at and written < contact.opted_out_at)

    def _is_unwanted(self):
        """Whether it must not go because the customer wants no messages."""
        self.ensure_one()
        return self.conversation_id.opted_out and not self._says_any_of(_ABOUT_CONSENT)

    def _must_be_said(self):
        """Whether it is about consent or privacy, and so goes whatever else happens in the conversation."""
        return self._says_any_of(_LASTING)

    def _says_any_of(self, situations):
        return not situations.isdisjoint(self.wording_ids.mapped("situation"))

    def _withdraw_privacy_notice(self):
        """Who did not get the privacy notice is told it another time."""
        notices = self.filtered(lambda line: line._says_any_of({"privacy_notice"}))
        notices.conversation_id.contact_id.informed_at = False

    def _learn_opt_out(self):
        """Twilio's error says that the customer wants no messages."""
        for code, reason in _REASON_OF_CODE.items():
            refused = self.filtered(lambda line, code=code: line.error_code == code)
            refused.conversation_id.contact_id._opt_out(reason)
