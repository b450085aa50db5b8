from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Partners that came or went after their customer: who has the number now, and who wrote what has no author."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    # Of the countries where a number has two forms, each is looked at.
    cr.execute(
        r"""SELECT contact.id
              FROM whatsapp_contact contact
         LEFT JOIN res_partner partner ON partner.id = contact.partner_id
             WHERE contact.phone IS NOT NULL AND contact.erased_at IS NULL
               AND (partner.id IS NULL OR NOT partner.active OR partner.company_id != contact.company_id)
               AND (contact.phone ~ '^\+5[245]'
                    OR EXISTS (SELECT 1 FROM res_partner other
                                WHERE other.phone_sanitized = contact.phone AND other.active))"""
    )
    env["whatsapp.contact"].browse([row[0] for row in cr.fetchall()])._link_partner()
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
