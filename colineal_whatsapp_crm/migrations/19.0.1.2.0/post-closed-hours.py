from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.hooks import add_wordings


def migrate(cr, version):
    """Promises say when somebody will be there, while the shop is closed."""
    add_wordings(api.Environment(cr, SUPERUSER_ID, {}), ("create_lead_closed", "answer_human_closed"))
