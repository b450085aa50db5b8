from odoo import api, fields, models


class ResPartner(models.Model):
    """A customer who writes for the first time is looked up by number in the whole address book."""

    _name = "res.partner"
    _inherit = ["res.partner", "whatsapp.access.mixin"]

    whatsapp_contact_ids = fields.One2many("whatsapp.contact", "partner_id", string="On WhatsApp")
    whatsapp_conversation_count = fields.Integer(
        compute="_compute_whatsapp_conversation_count", groups="sales_team.group_sale_salesman"
    )

    _phone_sanitized_index = models.Index("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")

    @api.depends_context("uid")
    def _compute_whatsapp_conversation_count(self):
        domain = [("contact_id.partner_id", "in", self.ids)]
        conversations = self.env["whatsapp.conversation"].search_fetch(domain, ["contact_id"])
        counts = conversations.grouped(lambda conversation: conversation.contact_id.partner_id)
        for partner in self:
            partner.whatsapp_conversation_count = len(counts.get(partner._origin, ()))

    def action_view_whatsapp_conversations(self):
        self.ensure_one()
        domain = [("contact_id.partner_id", "=", self.id)]
        return self.env["whatsapp.conversation"].search(domain)._get_list_action(domain)

    def action_write_on_whatsapp(self):
        """Open the thread of the partner's number."""
        self.ensure_one()
        return self._get_whatsapp_contacts(self.phone_sanitized)._open_thread(self.company_id or self.env.company)

    def _get_whatsapp_contacts(self, phone):
        """Who the partner, or the owner of a number, is on WhatsApp."""
        contacts = self.sudo().whatsapp_contact_ids
        if phone:
            contacts |= contacts.search([("phone", "=", phone)])
        return contacts
