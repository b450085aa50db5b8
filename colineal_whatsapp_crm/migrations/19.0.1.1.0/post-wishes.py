from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.hooks import add_wordings


def migrate(cr, version):
    """Say what is new in the shop's assistants too, and know who is on the phone blacklist already."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    add_wordings(env, ("opt_out", "opt_in", "privacy_notice"))
    env["phone.blacklist"]._sync_opt_outs(env["phone.blacklist"].search([]).mapped("number"))
