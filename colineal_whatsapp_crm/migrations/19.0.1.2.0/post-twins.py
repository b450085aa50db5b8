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
    """Make one contact of each pair's two: all are read at once, and those who are empty then deleted at once."""
    known = contacts.browse(dict.fromkeys(each for pair in pairs for each in pair if each)).exists()
    by_id, stays, guests = {contact.id: contact for contact in known}, {}, contacts.env["mail.guest"].sudo()
    for pair in pairs:
        # Whom an earlier pair made one is looked for under the one who stayed.
        one, other = (by_id.get(_follow(stays, each), contacts) for each in pair)
        if one and other and one != other and not one._has_other_number(other):
            oldest, newer = sorted((one, other), key=lambda each: each.id)  # not as one: they are read with all
            guests |= oldest._absorb(newer)
            stays[newer.id] = oldest.id
    contacts.browse(stays).unlink()
    guests.unlink()
    contacts.env.flush_all()


def _follow(stays, contact_id):
    while contact_id in stays:
        contact_id = stays[contact_id]
    return contact_id
