from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.gateway.address import parse_address


def migrate(cr, version):
    """Who was two customers, by two forms of one number, is one: the addresses tell, which the script before made."""
    contacts = api.Environment(cr, SUPERUSER_ID, {})["whatsapp.contact"]
    for contact in contacts.search([("address_ids", "=", False), ("erased_at", "=", False)]):
        key = parse_address(contact.address).key
        (contact | contacts.search([("company_id", "=", contact.company_id.id), ("address_ids.key", "=", key)]))._merge()
