from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.gateway.address import parse_address

#: Customers whose messages brought a user id that stands with another, who wrote under it or was the last to bring it.
_SHARED_ID = """
    SELECT DISTINCT row.contact_id, told.contact_id
      FROM whatsapp_told_id told  -- of `post-addresses`
      JOIN whatsapp_contact_address row USING (company_id, key, account)
     WHERE told.kind = %s AND row.contact_id != told.contact_id
  ORDER BY 1, 2"""


def migrate(cr, version):
    """Who was two customers, by two forms of one number or by number and user id, is one, and silent if either was."""
    contacts = api.Environment(cr, SUPERUSER_ID, {})["whatsapp.contact"]
    pairs = _find_other_forms(contacts)
    for kind in ("scoped", "parent"):
        cr.execute(_SHARED_ID, [kind])
        pairs += cr.fetchall()
    _merge(contacts, pairs)


def _find_other_forms(contacts):
    """(who has the number, who wrote from another form of it): of these `post-addresses` could make no row."""
    without = contacts.search([("address_ids", "=", False), ("erased_at", "=", False)])
    keys = {contact: parse_address(contact.address).key for contact in without}
    contacts.env.cr.execute(
        "SELECT company_id, key, contact_id FROM whatsapp_contact_address WHERE key = ANY(%s) ORDER BY contact_id",
        [list(keys.values())],
    )
    known = {(company_id, key): contact_id for company_id, key, contact_id in contacts.env.cr.fetchall()}
    return [(known.get((contact.company_id.id, key), 0), contact.id) for contact, key in keys.items()]


def _merge(contacts, pairs):
    merged = {}
    for pair in pairs:
        # Whom an earlier pair made one is looked for under the one who stayed.
        one, other = (contacts.browse(merged.get(each, each)).exists() for each in pair)
        if one and other and one != other and not one._has_other_number(other):
            stays = (one | other)._merge()
            merged.update(dict.fromkeys([*pair, one.id, other.id], stays.id))
    contacts.env.flush_all()
