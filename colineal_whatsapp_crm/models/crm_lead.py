from odoo import fields, models

from .whatsapp_conversation import QUALITIES


class CrmLead(models.Model):
    """The lead's side of a conversation. The ``x_`` names are a contract with the reports and programs that read them."""

    _inherit = "crm.lead"

    x_source = fields.Char(string="Channel", copy=False, help="Where the lead wrote from.")
    x_product_interest = fields.Char(string="Product Interest")
    x_budget_range = fields.Char(string="Budget")
    x_ai_confidence = fields.Float(
        string="Analysis Confidence", copy=False, aggregator="avg", help="How sure the analysis is, from 0 to 1."
    )
    x_quality_score = fields.Selection(QUALITIES, string="Lead Quality", copy=False, index="btree_not_null")
    whatsapp_conversation_ids = fields.One2many("whatsapp.conversation", "lead_id", string="WhatsApp Conversations")
    whatsapp_conversation_count = fields.Integer(compute="_compute_whatsapp_conversation_count")

    def _compute_whatsapp_conversation_count(self):
        counts = dict(
            self.env["whatsapp.conversation"]._read_group([("lead_id", "in", self.ids)], ["lead_id"], ["__count"])
        )
        for lead in self:
            lead.whatsapp_conversation_count = counts.get(lead, 0)

    def action_view_whatsapp_conversations(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("colineal_whatsapp_crm.whatsapp_conversation_action")
        action.update(domain=[("lead_id", "=", self.id)], context={"create": False})
        if self.whatsapp_conversation_count == 1:
            action.update(views=[(False, "form")], res_id=self.whatsapp_conversation_ids.id)
        return action
