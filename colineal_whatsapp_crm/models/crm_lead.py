from odoo import api, fields, models

from .whatsapp_conversation import QUALITIES


class CrmLead(models.Model):
    """The lead's side of a conversation. The ``x_`` names are a contract with the reports and programs that read them."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "whatsapp.access.mixin"]
    _writable_fields = {
        "sales_team.group_sale_salesman": {
            "x_source",
            "x_product_interest",
            "x_budget_range",
            "x_ai_confidence",
            "x_quality_score",
        }
    }

    x_source = fields.Char(string="Channel", copy=False, help="Where the lead wrote from.")
    x_product_interest = fields.Char(string="Product Interest")
    x_budget_range = fields.Char(string="Budget")
    x_ai_confidence = fields.Float(
        string="Analysis Confidence", copy=False, aggregator="avg", help="How sure the analysis is, from 0 to 1."
    )
    x_quality_score = fields.Selection(QUALITIES, string="Lead Quality", copy=False, index="btree_not_null")
    whatsapp_conversation_ids = fields.One2many("whatsapp.conversation", "lead_id", string="WhatsApp Conversations")
    whatsapp_conversation_count = fields.Integer(compute="_compute_whatsapp_conversation_count")
    whatsapp_channel_id = fields.Many2one(
        "discuss.channel",
        string="WhatsApp Thread",
        compute="_compute_whatsapp_channel_id",
        help="Of the last conversation that the reader may see.",
    )

    def _compute_whatsapp_conversation_count(self):
        counts = dict(
            self.env["whatsapp.conversation"]._read_group([("lead_id", "in", self.ids)], ["lead_id"], ["__count"])
        )
        for lead in self:
            lead.whatsapp_conversation_count = counts.get(lead, 0)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("user_id"):
            self.sudo().whatsapp_conversation_ids._follow_salesperson()
        return result

    def web_read(self, specification):
        """A screen that opens the thread beside one lead finds it there."""
        if len(self) == 1 and self.id and "whatsapp_channel_id" in specification and self.has_access("read"):
            conversation = self.env["whatsapp.conversation"].search([("lead_id", "=", self.id)], limit=1)
            if conversation:
                conversation._checked_sudo("read")._get_channel()
        return super().web_read(specification)

    @api.depends("whatsapp_conversation_ids.channel_id")
    @api.depends_context("uid")
    def _compute_whatsapp_channel_id(self):
        conversations = self.env["whatsapp.conversation"]
        if conversations.has_access("read"):
            conversations = conversations.search([("lead_id", "in", self.ids), ("channel_id", "!=", False)])
        # The last one of a lead comes first, and so is the one that stays.
        channels = {conversation.lead_id: conversation.channel_id for conversation in reversed(conversations)}
        for lead in self:
            lead.whatsapp_channel_id = channels.get(lead._origin)

    def action_view_whatsapp_conversations(self):
        self.ensure_one()
        return self.whatsapp_conversation_ids._get_list_action([("lead_id", "=", self.id)])

    def action_write_on_whatsapp(self):
        """Open the customer's thread, by the lead's own conversations first, then by its number."""
        self.ensure_one()
        contacts = self.whatsapp_conversation_ids.sudo().contact_id
        contacts = contacts or self.partner_id._get_whatsapp_contacts(self.phone_sanitized)
        return contacts._open_thread(self.company_id or self.env.company)

    def _merge_get_fields(self):
        contract = ["x_source", "x_product_interest", "x_budget_range", "x_ai_confidence", "x_quality_score"]
        return [*super()._merge_get_fields(), *contract]

    def _merge_dependences(self, opportunities):
        """Conversations go to the lead that stays, whoever has them."""
        opportunities.sudo().whatsapp_conversation_ids.lead_id = self
        return super()._merge_dependences(opportunities)
