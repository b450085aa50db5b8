from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.hooks import add_wordings


def migrate(cr, version):
    """Have a word for customers of the shop's assistants who await one after the lead."""
    add_wordings(api.Environment(cr, SUPERUSER_ID, {}), ("answer_waiting",))
