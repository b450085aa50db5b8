from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.hooks import add_wordings


def migrate(cr, version):
    """Orders from the catalogue are answered in words of their own."""
    add_wordings(api.Environment(cr, SUPERUSER_ID, {}), ("order",))
