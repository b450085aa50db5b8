from odoo import fields, models
from odoo.exceptions import UserError

from ...gateway.failure_text import explain
from ...lib.clock import utcnow

#: The customer has switched off our advertising in WhatsApp. https://www.twilio.com/docs/api/errors/63033
_REFUSED_CODE = "63033"

#: The text came too late, and an approved template would go. https://www.twilio.com/docs/api/errors/63016
_LATE_CODE = "63016"


class WhatsappConversationMessage(models.Model):
    """A message that Twilio fills in from what is kept there, and what advertising is bound to."""

    _inherit = "whatsapp.conversation.message"

    template_id = fields.Many2one(
        "whatsapp.content.template", index="btree_not_null", ondelete="set null", readonly=True
    )
    mailing_id = fields.Many2one("whatsapp.mailing", index="btree_not_null", ondelete="set null", readonly=True)
    content = fields.Json(
        readonly=True,
        help="Of a template as it was sent: its name at Twilio, what its variables were filled with, and what stands "
        "around the words.",
    )
    is_marketing = fields.Boolean(string="Advertising", readonly=True)

    _marketing_index = models.Index("(conversation_id, sent_at) WHERE is_marketing")

    def _get_content(self):
        """(SID, variables) of what Twilio is to fill in, or None for plain words."""
        self.ensure_one()
        return (self.content["sid"], self.content["variables"]) if self.content else None

    def _get_headed_words(self):
        """The words with what stands above them in bold, in WhatsApp's plain text."""
        header = (self.content or {}).get("header")
        return f"*{header}*\n{self.body or ''}" if header else self.body or ""

    def _get_shown_template(self):
        """What the thread shows around the words of a template; and whether a template would go in place of the words."""
        shown = {}
        if self.content:
            names = ("header", "footer", "media", "buttons")
            shown = {"template": {name: self.content.get(name) for name in names} | {"marketing": self.is_marketing}}
        if self.state == "failed" and self.error_code == _LATE_CODE and not self.content:
            shown["needs_template"] = True
        return shown

    def _get_marketing_fault(self):
        """Why this advertising must not go now, to be kept: see `gateway.failure_text`; None where it may, or is none."""
        self.ensure_one()
        if not self.is_marketing:
            return None
        return self.conversation_id.contact_id._get_marketing_fault(self.sender_id)

    def _check_marketing(self):
        """Raise a `UserError` where this is advertising that must not go now."""
        if fault := self._get_marketing_fault():
            raise UserError(explain(self.env, fault))

    def _learn_marketing_refusal(self):
        """Twilio's error says that the customer wants no advertising; other messages go."""
        refused = self.filtered(lambda line: line.error_code == _REFUSED_CODE)
        refused.conversation_id.contact_id.write({"no_marketing_at": utcnow()})
