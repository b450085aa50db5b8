from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.hooks import add_wordings


def migrate(cr, version):
    """Count the first answers that nobody had waited for, and those to leads; show what did not reach a customer."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    # As it goes on from here: whose answer nobody awaited had it since the customer's last message before it.
    cr.execute(
        """UPDATE whatsapp_conversation conversation
              SET person_asked_at = (SELECT max(line.create_date)
                                       FROM whatsapp_conversation_message line
                                      WHERE line.conversation_id = conversation.id AND line.direction = 'inbound'
                                        AND line.create_date <= conversation.first_person_at)
            WHERE first_person_at IS NOT NULL AND person_asked_at IS NULL"""
    )
    cr.execute(
        """UPDATE whatsapp_conversation conversation
              SET lead_answered_at = (SELECT min(line.create_date)
                                        FROM whatsapp_conversation_message line
                                       WHERE line.conversation_id = conversation.id AND line.author = 'person'
                                         AND line.state NOT IN ('dropped', 'failed')
                                         AND line.create_date >= conversation.lead_at)
            WHERE lead_at IS NOT NULL AND lead_answered_at IS NULL AND first_person_at IS NOT NULL"""
    )
    cr.execute(
        """UPDATE whatsapp_conversation conversation SET failed_message_id = last.id
             FROM whatsapp_conversation_message last
            WHERE last.conversation_id = conversation.id AND last.direction = 'outbound' AND last.state = 'failed'
              AND conversation.stage != 'closed'
              AND NOT EXISTS (SELECT 1 FROM whatsapp_conversation_message later
                               WHERE later.conversation_id = last.conversation_id AND later.id > last.id
                                 AND later.direction = 'outbound' AND later.state != 'dropped')"""
    )
    # Who complains or asked for a person, and named nothing to buy, is no cold customer.
    cr.execute(
        """UPDATE whatsapp_conversation conversation SET quality = NULL
             FROM whatsapp_contact contact
            WHERE contact.id = conversation.contact_id AND conversation.quality = 'cold'
              AND conversation.person_quality IS NULL AND (conversation.stage IN ('support', 'person') OR contact.opted_out)
              AND COALESCE(conversation.product_interest, '') = ''
              AND COALESCE(conversation.budget_min, 0) = 0 AND COALESCE(conversation.budget_max, 0) = 0"""
    )
    add_wordings(env, ("person_first", "person_again"))
