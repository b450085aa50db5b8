from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.gateway.display_text import clean
from odoo.tools import convert_file


def migrate(cr, version):
    """Threads are for who may see their conversations; files that went out have no lasting address; names are clean."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    convert_file(env, "colineal_whatsapp_crm", "security/whatsapp_security.xml", None, "init", noupdate=True)
    cr.execute(
        """UPDATE ir_attachment file SET access_token = NULL
             FROM whatsapp_conversation_message line
            WHERE line.outgoing_attachment_id = file.id AND file.res_model = 'discuss.channel'"""
    )
    for contact in env["whatsapp.contact"].search([("profile_name", "!=", False)]):
        if (name := clean(contact.profile_name)) != contact.profile_name:
            contact.profile_name = name or False
            contact.guest_id.name = contact._get_guest_name()
    for conversation in env["whatsapp.conversation"].search([("channel_id", "!=", False)]):
        channel = conversation.channel_id
        if channel.whatsapp_conversation_id == conversation and channel.name != conversation.display_name:
            channel.name = conversation.display_name
