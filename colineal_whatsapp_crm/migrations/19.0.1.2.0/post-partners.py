from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.gateway.address import get_candidates


def migrate(cr, version):
    """Partners that came or went after their customer: who has the number now, and who wrote what has no author."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute("SELECT DISTINCT phone_sanitized FROM res_partner WHERE active AND phone_sanitized IS NOT NULL")
    taken = {row[0] for row in cr.fetchall()}
    cr.execute(
        """SELECT contact.id, contact.phone
             FROM whatsapp_contact contact
        LEFT JOIN res_partner partner ON partner.id = contact.partner_id
            WHERE contact.phone IS NOT NULL AND contact.erased_at IS NULL
              AND (partner.id IS NULL OR NOT partner.active OR partner.company_id != contact.company_id)"""
    )
    # The address book may have a number in another form, where a country has two.
    known = [contact_id for contact_id, phone in cr.fetchall() if not taken.isdisjoint(get_candidates(phone))]
    env["whatsapp.contact"].browse(known)._link_partner()
    # Who has come to work here is no customer's partner.
    colleagues = env["res.partner"].search([("whatsapp_contact_ids", "!=", False), ("partner_share", "=", False)])
    colleagues.whatsapp_contact_ids._link_partner()
    cr.execute(
        """SELECT conversation.contact_id, array_agg(message.id)
             FROM whatsapp_conversation_message line
             JOIN whatsapp_conversation conversation ON conversation.id = line.conversation_id
             JOIN mail_message message ON message.id = line.mail_message_id
            WHERE line.direction = 'inbound' AND message.author_id IS NULL AND message.author_guest_id IS NULL
            GROUP BY conversation.contact_id"""
    )
    for contact_id, message_ids in cr.fetchall():
        guest = env["whatsapp.contact"].browse(contact_id)._get_guest()
        env["mail.message"].browse(message_ids).author_guest_id = guest
