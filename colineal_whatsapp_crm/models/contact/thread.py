from odoo import fields, models
from odoo.exceptions import UserError

from ...gateway.address import to_international


class WhatsappContact(models.Model):
    """The person in Discuss, and the way to their thread."""

    _inherit = "whatsapp.contact"

    guest_id = fields.Many2one("mail.guest", index="btree_not_null", ondelete="set null", readonly=True, copy=False)

    def _get_guest(self):
        """Who the person is in Discuss as long as they have no partner."""
        self.ensure_one()
        if not self.guest_id:
            self.sudo().guest_id = self.env["mail.guest"].sudo().create({"name": self._get_guest_name()})
        return self.guest_id

    def _pass_on_messages(self):
        """What these people wrote has them as guests for its author, before their partner goes."""
        for contact in self.filtered("partner_id"):
            written = self.env["whatsapp.conversation.message"].search(
                [
                    ("conversation_id.contact_id", "=", contact.id),
                    ("direction", "=", "inbound"),
                    ("mail_message_id.author_id", "=", contact.partner_id.id),
                ]
            )
            if messages := written.mail_message_id.sudo():
                messages.write({"author_id": False, "author_guest_id": contact._get_guest().id})

    def _get_guest_name(self):
        return self.profile_name or self.display_name

    def _open_thread(self, company):
        """The conversation of these contacts with a company's senders, to write in; raise when there is none.

        WhatsApp lets a shop answer, not begin: the customer writes first.
        """
        reader = self.env(su=False)
        # Whether a number is a customer's is told to nobody without a right to conversations.
        reader["whatsapp.conversation"].check_access("read")
        if company not in reader.companies:
            company = reader.company
        conversations = self.env["whatsapp.conversation"].sudo()
        conversation = conversations.search(
            [("contact_id", "in", self.ids), ("company_id", "=", company.id)], limit=1
        ).with_env(reader)
        if not conversation:
            senders = self.env["whatsapp.sender"].sudo().search([("company_id", "=", company.id)])
            # What is written to the others reaches nobody.
            sender = senders.filtered(lambda sender: sender.mode == "live")[:1]
            raise UserError(
                self.env._(
                    "This customer has not written on WhatsApp yet, and WhatsApp lets a company answer but not begin. "
                    "Ask them to write to %s first.",
                    to_international(sender.number) if sender else self.env._("your WhatsApp number"),
                )
            )
        if not conversation.has_access("read"):
            raise UserError(
                self.env._(
                    "%s looks after this customer on WhatsApp.", conversation.sudo().user_id.name or company.name
                )
            )
        return conversation._get_form_action()
