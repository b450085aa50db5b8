from odoo import fields, models
from odoo.exceptions import AccessError

_REPORT = "whatsapp.conversation.report"


class DigestDigest(models.Model):
    """What the digest says of WhatsApp, each reader within their own rights."""

    _inherit = "digest.digest"

    kpi_whatsapp_conversations = fields.Boolean("WhatsApp Conversations")
    kpi_whatsapp_conversations_value = fields.Integer(compute="_compute_kpi_whatsapp_conversations_value")
    kpi_whatsapp_leads = fields.Boolean("Leads from WhatsApp")
    kpi_whatsapp_leads_value = fields.Integer(compute="_compute_kpi_whatsapp_leads_value")
    kpi_whatsapp_hot = fields.Boolean("Hot Customers on WhatsApp")
    kpi_whatsapp_hot_value = fields.Integer(compute="_compute_kpi_whatsapp_hot_value")

    def _compute_kpi_whatsapp_conversations_value(self):
        self._count_on_whatsapp(_REPORT, "kpi_whatsapp_conversations_value", "date")

    def _compute_kpi_whatsapp_leads_value(self):
        became = [("lead_id", "!=", False), ("is_simulated", "=", False)]
        self._count_on_whatsapp("whatsapp.conversation", "kpi_whatsapp_leads_value", "lead_at", became)

    def _compute_kpi_whatsapp_hot_value(self):
        self._count_on_whatsapp(_REPORT, "kpi_whatsapp_hot_value", "date", [("quality", "=", "hot")])

    def _count_on_whatsapp(self, model, field, moment, domain=None):
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Only the sales team reads figures of WhatsApp."))
        self._calculate_company_based_kpi(model, field, date_field=moment, additional_domain=domain)

    def _compute_kpis_actions(self, company, user):
        menu = self.env.ref("crm.crm_menu_root").id
        action = f"colineal_whatsapp_crm.whatsapp_dashboard_action?menu_id={menu}"
        names = ("kpi_whatsapp_conversations", "kpi_whatsapp_leads", "kpi_whatsapp_hot")
        return {**super()._compute_kpis_actions(company, user), **dict.fromkeys(names, action)}
