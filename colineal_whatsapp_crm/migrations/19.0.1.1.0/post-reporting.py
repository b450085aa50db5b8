from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.hooks import add_segments


def migrate(cr, version):
    """Count and time the conversations that are there already, and fill in the segments of their leads."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(
        """UPDATE whatsapp_conversation conversation SET lead_at = lead.create_date
             FROM crm_lead lead WHERE lead.id = conversation.lead_id AND conversation.lead_at IS NULL"""
    )
    env["whatsapp.conversation"].search([], order="id")._recount()
    # The latest conversation of a lead speaks for it.
    cr.execute(
        """UPDATE crm_lead lead
              SET whatsapp_budget = COALESCE(NULLIF(last.budget_max, 0), last.budget_min, 0),
                  whatsapp_urgency = last.urgency
             FROM (SELECT DISTINCT ON (lead_id) lead_id, budget_min, budget_max, urgency
                     FROM whatsapp_conversation WHERE lead_id IS NOT NULL ORDER BY lead_id, id DESC) last
            WHERE lead.id = last.lead_id"""
    )
    leads = env["crm.lead"].with_context(active_test=False).search([("whatsapp_budget", ">", 0)])
    env.add_to_compute(leads._fields["whatsapp_budget_band"], leads)
    add_segments(env)
