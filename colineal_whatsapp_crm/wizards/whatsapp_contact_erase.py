from odoo import api, fields, models
from odoo.exceptions import AccessError


class WhatsappContactErase(models.TransientModel):
    """Says what goes and what stays before a person is erased."""

    _name = "whatsapp.contact.erase"
    _inherit = "whatsapp.access.mixin"
    _description = "Erase a Person"
    _writable_fields = {"sales_team.group_sale_manager": {"contact_id", "with_leads"}}

    contact_id = fields.Many2one(
        "whatsapp.contact", string="WhatsApp Contact", required=True, readonly=True, ondelete="cascade"
    )
    with_leads = fields.Boolean(string="Also from Their Leads", default=True)
    conversation_count = fields.Integer(compute="_compute_counts")
    message_count = fields.Integer(compute="_compute_counts")
    file_count = fields.Integer(compute="_compute_counts")
    lead_count = fields.Integer(compute="_compute_counts")
    partner_id = fields.Many2one(related="contact_id.partner_id")
    at_twilio = fields.Selection(
        [("deleted", "Deleted"), ("kept", "Kept")], compute="_compute_counts", help="Empty in simulation."
    )

    @api.depends("contact_id")
    def _compute_counts(self):
        for wizard in self:
            conversations = wizard.contact_id._checked_sudo("read").conversation_ids
            lines = conversations.line_ids
            wizard.conversation_count = len(conversations)
            wizard.message_count = len(lines)
            wizard.file_count = len(lines.attachment_ids | lines.outgoing_attachment_id)
            wizard.lead_count = len(conversations.lead_id)
            senders = conversations.sender_id.filtered(lambda sender: sender.mode != "simulation")
            kept = any(sender.at_twilio == "keep" for sender in senders)
            wizard.at_twilio = ("kept" if kept else "deleted") if senders else False

    def action_erase(self):
        self.ensure_one()
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales administrators may erase a person."))
        self.contact_id._checked_sudo("unlink")._erase(self.with_leads)
        return self.env["ir.actions.act_window"]._for_xml_id("colineal_whatsapp_crm.whatsapp_conversation_action")
