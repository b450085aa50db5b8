from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.gateway.voice import PLAYED_TYPES
from odoo.addons.colineal_whatsapp_crm.hooks import load_words


def migrate(cr, version):
    """Give the shop the quick replies, and let the voice notes that it has be played."""
    load_words(api.Environment(cr, SUPERUSER_ID, {}), "mail.canned.response")
    cr.execute(
        """INSERT INTO discuss_voice_metadata (attachment_id, create_uid, write_uid, create_date, write_date)
           SELECT file.id, %(uid)s, %(uid)s, now(), now()
             FROM ir_attachment file
             JOIN whatsapp_conversation_message message ON message.id = file.res_id
            WHERE file.res_model = 'whatsapp.conversation.message' AND message.kind = 'audio'
              AND file.mimetype IN %(played)s
              AND NOT EXISTS (SELECT 1 FROM discuss_voice_metadata voice WHERE voice.attachment_id = file.id)""",
        {"uid": SUPERUSER_ID, "played": tuple(PLAYED_TYPES)},
    )
