from odoo.tools import sql


def migrate(cr, version):
    """No lead has a budget yet, so none has to be looked at for its band: `post-reporting` does those that get one."""
    if not sql.column_exists(cr, "crm_lead", "whatsapp_budget_band"):
        sql.create_column(cr, "crm_lead", "whatsapp_budget_band", "varchar")
