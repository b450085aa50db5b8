from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.gateway.display_text import clean
from odoo.tools import convert_file
from psycopg2.extras import execute_values


def migrate(cr, version):
    """Threads are for who may see their conversations; files that went out have no lasting address; names are clean."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    convert_file(env, "colineal_whatsapp_crm", "security/whatsapp_security.xml", None, "init", noupdate=True)
    cr.execute(
        """UPDATE ir_attachment file SET access_token = NULL
             FROM whatsapp_conversation_message line
            WHERE line.outgoing_attachment_id = file.id AND file.res_model = 'discuss.channel'"""
    )
    cr.execute("SELECT id, profile_name FROM whatsapp_contact WHERE profile_name IS NOT NULL")
    names = {row_id: cleaned for row_id, name in cr.fetchall() if (cleaned := clean(name)) != name}
    for contact in env["whatsapp.contact"].browse(names):
        contact.profile_name = names[contact.id] or False
        contact.guest_id.name = contact._get_guest_name()
    _rename_channels(env)


def _rename_channels(env):
    """Threads have the name of their conversation. Nobody has one open, so no screen has to hear of it."""
    cr = env.cr
    cr.execute(
        """SELECT conversation.id, channel.id, channel.name
             FROM whatsapp_conversation conversation
             JOIN discuss_channel channel
                  ON channel.id = conversation.channel_id AND channel.whatsapp_conversation_id = conversation.id"""
    )
    rows = cr.fetchall()
    conversations = env["whatsapp.conversation"].browse([row[0] for row in rows])
    titles = {conversation.id: conversation.display_name for conversation in conversations}
    renamed = [(channel_id, titles[row_id]) for row_id, channel_id, name in rows if titles[row_id] != name]
    execute_values(
        cr._obj,
        """UPDATE discuss_channel channel SET name = new.name
             FROM (VALUES %s) AS new(id, name) WHERE new.id = channel.id""",
        renamed,
        page_size=10_000,
    )
    env["discuss.channel"].invalidate_model(["name"], flush=False)
