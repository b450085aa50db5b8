from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.hooks import add_wordings


def migrate(cr, version):
    """Have a farewell for customers who give up or put off what they wanted, in assistants of before."""
    add_wordings(api.Environment(cr, SUPERUSER_ID, {}), ("closing_lost", "closing_postponed"))
