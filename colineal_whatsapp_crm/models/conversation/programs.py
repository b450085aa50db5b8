import json
import re
from hashlib import sha256

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ...understanding import templates

#: Whom a text speaks to, with the comma: as `static/src/core/quick_replies.js` has it.
_CALLED = re.compile(r"(?:,\s{0,9}|\s)\{name\}|^\{name\}[,\s]{0,9}")


class WhatsappConversation(models.Model):
    """What programs and automations write to the customer, by the door and the rules of what a colleague writes."""

    _inherit = "whatsapp.conversation"

    def _send_from_outside(self, text, files, take_over=True):
        """Write to the customer as the user does in the thread. Returns its parts in the outbox.

        text
            plain; None where only files go.
        files
            pairs of name and bytes.
        take_over
            whether the assistant steps back, as after any colleague's message.

        Raises `AccessError`, and `UserError` where it cannot go.
        """
        self.ensure_one()
        channel = self._checked_sudo("write")._get_channel().with_env(self.env)
        message = channel.with_context(whatsapp_assistant_goes_on=not take_over).message_post(
            body=plaintext2html(text) if text else "",
            attachments=files,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        return message.sudo().whatsapp_line_ids.sorted("id")

    def _fill_template(self, template, values=None):
        """What a template's variables are filled with for this customer: what is given, else what is known.

        values
            {name of a variable: text}.

        Raises `UserError` where the template has no such variable.
        """
        known = template._get_values(self)
        if unknown := (values or {}).keys() - known.keys():
            raise UserError(self.env._("The template has no {{%s}}.", "}}, {{".join(sorted(unknown))))
        return known | (values or {})

    @api.model
    def _find_of(self, record):
        """The latest conversation, of those that the user may see, with the customer of a lead, partner or conversation."""
        if record._name == self._name:
            return record.filtered(lambda conversation: conversation.has_access("read"))
        if record._name == "crm.lead" and (found := self.search([("lead_id", "=", record.id)], limit=1)):
            return found
        record.check_access("read")
        partner = record.partner_id if record._name == "crm.lead" else record
        contacts = partner._get_whatsapp_contacts(record.phone_sanitized)
        company = record.company_id.ids or self.env.companies.ids
        return self.search([("contact_id", "in", contacts.ids), ("company_id", "in", company)], limit=1)

    def _fill_in(self, text):
        """A text with the names of quick replies filled in for the user. Raises `UserError` where one is not known.

        A name that is not known is left out with the comma before it: nobody is greeted as somebody else.
        """
        values = self.get_quick_reply_values()
        if not values["name"]:
            text = _CALLED.sub("", text)
        self._check_filled("".join(f"{{{name}}}" for name in sorted(templates.names_in(text)) if not values[name]))
        return templates.fill(text, {name: value for name, value in values.items() if value})

    def _find_sent_before(self, key, said):
        """The parts of what the user has sent by this key already; none when they have not, or without a key.

        said
            all that the message says, of what JSON takes.

        Raises `ValueError` when that was something else.
        """
        lines = self.env["whatsapp.conversation.message"].sudo()
        first = key and lines.search([("user_id", "=", self.env.uid), ("request_key", "=", key)], limit=1)
        if not first:
            return lines
        if first.request_digest != self._digest_request(said):
            raise ValueError("it was used for another message")
        # What is erased has none.
        return first.mail_message_id.whatsapp_line_ids or first

    def _digest_request(self, said):
        """Whether two requests say the same to the same customer; nothing can be read from it."""
        return sha256(json.dumps([self.contact_id.id, said]).encode()).hexdigest()
