from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.gateway.display_text import MOST_CHARACTERS, clean
from odoo.tools import convert_file
from psycopg2.extras import execute_values

#: A name that is clean as it stands, for PostgreSQL: words of Latin letters and digits.
_PLAIN = r"^[A-Za-z0-9\u00c0-\u024f.,'&+-]+( [A-Za-z0-9\u00c0-\u024f.,'&+-]+)*$"


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
    # All but those that have it for certain: a plain name, and the digits of the number however they are spaced.
    cr.execute(
        """SELECT conversation.id, channel.id, channel.name
             FROM whatsapp_conversation conversation
             JOIN discuss_channel channel
                  ON channel.id = conversation.channel_id AND channel.whatsapp_conversation_id = conversation.id
             JOIN whatsapp_contact contact ON contact.id = conversation.contact_id
        LEFT JOIN res_partner partner ON partner.id = contact.partner_id,
          LATERAL (SELECT COALESCE(NULLIF(conversation.customer_name, ''), NULLIF(partner.name, ''),
                                   contact.profile_name) AS name) person
            WHERE contact.erased_at IS NOT NULL
               OR (person.name ~ %s AND length(person.name) <= %s AND starts_with(channel.name, person.name || ' (')
                   AND translate(substr(channel.name, length(person.name) + 3), ' -.()', '') = contact.phone) IS NOT TRUE""",
        [_PLAIN, MOST_CHARACTERS],
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
