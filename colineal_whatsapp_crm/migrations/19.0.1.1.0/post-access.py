from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file


def migrate(cr, version):
    """Who may see what is stricter: the delivered rules, which no upgrade touches otherwise, are set anew."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    convert_file(env, "colineal_whatsapp_crm", "security/whatsapp_security.xml", None, "init", noupdate=True)
