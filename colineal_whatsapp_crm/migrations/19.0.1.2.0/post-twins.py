from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.gateway.address import parse_address

#: Customers whose messages brought a user id that stands with another, who wrote under it or was the last to bring it.
_SHARED_ID = """
    SELECT DISTINCT row.contact_id, conversation.contact_id
      FROM whatsapp_conversation_message line
      JOIN whatsapp_conversation conversation ON conversation.id = line.conversation_id
      JOIN whatsapp_contact contact ON contact.id = conversation.contact_id
      JOIN whatsapp_sender sender ON sender.id = line.sender_id
      JOIN whatsapp_contact_address row
           ON row.company_id = contact.company_id AND row.contact_id != contact.id
              AND row.key = 'whatsapp:' || (line.parameters ->> %(name)s)
              AND row.account = CASE WHEN %(kind)s = 'scoped' THEN COALESCE(sender.account_sid, '') ELSE '' END
     WHERE line.direction = 'inbound' AND contact.erased_at IS NULL"""


def migrate(cr, version):
    """Who was two customers, by two forms of one number or by number and user id, is one, and silent if either was."""
    contacts = api.Environment(cr, SUPERUSER_ID, {})["whatsapp.contact"]
    pairs = []
    for contact in contacts.search([("address_ids", "=", False), ("erased_at", "=", False)]):
        key = parse_address(contact.address).key
        known = contacts.search([("company_id", "=", contact.company_id.id), ("address_ids.key", "=", key)], limit=1)
        pairs.append((known.id, contact.id))
    for name, kind in (("ExternalUserId", "scoped"), ("ParentExternalUserId", "parent")):
        cr.execute(_SHARED_ID, {"name": name, "kind": kind})
        pairs += cr.fetchall()
    merged = {}
    for pair in pairs:
        # Whom an earlier pair made one is looked for under the one who stayed.
        one, other = (contacts.browse(merged.get(each, each)).exists() for each in pair)
        if one and other and one != other and not one._has_other_number(other):
            stays = (one | other)._merge()
            merged.update(dict.fromkeys([*pair, one.id, other.id], stays.id))
