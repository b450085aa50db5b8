from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.gateway.address import SHARED_DIGITS, get_candidates
from psycopg2.extras import execute_values


def migrate(cr, version):
    """Partners that came or went after their customer: who has the number now, and who wrote what has no author."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.flush_all()
    cr.execute(
        """SELECT contact.id, contact.phone
             FROM whatsapp_contact contact
        LEFT JOIN res_partner partner ON partner.id = contact.partner_id
            WHERE contact.phone IS NOT NULL AND contact.erased_at IS NULL
              AND (partner.id IS NULL OR NOT partner.active OR partner.company_id != contact.company_id)
              AND right(contact.phone, %(digits)s) IN (SELECT right(phone_sanitized, %(digits)s)
                                                         FROM res_partner
                                                        WHERE active AND phone_sanitized IS NOT NULL)""",
        {"digits": SHARED_DIGITS},
    )
    # The address book may have a number in another form, where a country has two.
    forms = [
        (contact_id, rank, form)
        for contact_id, phone in cr.fetchall()
        for rank, form in enumerate(get_candidates(phone))
    ]
    linked = _link_new(cr, forms)
    env["whatsapp.contact"].invalidate_model(["partner_id"], flush=False)
    left = dict.fromkeys(contact_id for contact_id, _rank, _form in forms if contact_id not in linked)
    env["whatsapp.contact"].browse(left)._link_partner()
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


def _link_new(cr, forms):
    """Give the contacts that never had a partner the one that `whatsapp.contact._find_partner` would find.

    forms
        (contact's id, rank, number) of all forms in which the address book may have a number, the likeliest first.

    Who shares a partner with somebody that shows no number is left to `_link_partner`. Returns whom it was given to.
    """
    linked = execute_values(
        cr._obj,
        """UPDATE whatsapp_contact contact SET partner_id = found.partner_id
             FROM (SELECT DISTINCT ON (contact.id) contact.id, partner.id AS partner_id
                     FROM (VALUES %s) AS form(contact_id, rank, number)
                     JOIN whatsapp_contact contact ON contact.id = form.contact_id AND contact.partner_id IS NULL
                     JOIN res_partner partner
                          ON partner.phone_sanitized = form.number AND partner.active AND partner.partner_share
                         AND (partner.company_id IS NULL OR partner.company_id = contact.company_id)
                 ORDER BY contact.id, form.rank, COALESCE(partner.is_company, false), partner.id DESC) found
            WHERE contact.id = found.id
              AND NOT EXISTS (SELECT 1 FROM whatsapp_contact other
                               WHERE other.partner_id = found.partner_id AND other.phone IS NULL)
        RETURNING contact.id""",
        forms,
        page_size=len(forms) or 1,
        fetch=True,
    )
    return {row[0] for row in linked or ()}
