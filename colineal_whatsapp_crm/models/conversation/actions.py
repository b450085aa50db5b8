from odoo import models


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

    def action_view_lead(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "view_mode": "form",
        }

    def action_view_others(self):
        """The other conversations of this customer."""
        self.ensure_one()
        domain = [("contact_id", "=", self.contact_id.id), ("id", "!=", self.id)]
        return self.search(domain)._get_list_action(domain)

    def action_view_turns(self):
        return self._view_own("whatsapp.classification", self.env._("Turns of %s", self.title))

    def action_view_messages(self):
        return self._view_own("whatsapp.conversation.message", self.env._("Messages of %s", self.title))

    def _view_own(self, model, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("conversation_id", "=", self.id)],
        }

    def action_view_partner(self):
        self.ensure_one()
        # A related field is read as superuser.
        self.check_access("read")
        return self.partner_id.get_formview_action()
