from odoo import models
from odoo.exceptions import UserError

from ..gateway.address import to_international


class WhatsappConversation(models.Model):
    """The ways to conversations from other records."""

    _inherit = "whatsapp.conversation"

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def _get_list_action(self, domain):
        """The conversations of a domain, these: a single one is opened at once."""
        if len(self) == 1:
            return self._get_form_action()
        action = self.env["ir.actions.act_window"]._for_xml_id("colineal_whatsapp_crm.whatsapp_conversation_action")
        return {**action, "views": [(False, "list"), (False, "form")], "domain": domain, "context": {}}


class WhatsappContact(models.Model):
    _inherit = "whatsapp.contact"

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
            sender = self.env["whatsapp.sender"].sudo().search([("company_id", "=", company.id)], limit=1)
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
