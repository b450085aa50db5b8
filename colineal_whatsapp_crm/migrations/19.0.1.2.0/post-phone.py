from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.hooks import add_wordings


def migrate(cr, version):
    """Who shows no number is asked for one."""
    add_wordings(api.Environment(cr, SUPERUSER_ID, {}), ("ask_phone",))
