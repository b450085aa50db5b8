from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.hooks import add_wordings


def migrate(cr, version):
    """Confidence says how likely a reading is right, and is lower: who had the old proposal gets the new one.

    That of a turn alone was not kept; it was no lower.
    """
    cr.execute("UPDATE whatsapp_assistant SET unsure_percent = 30 WHERE unsure_percent = 50")
    cr.execute("UPDATE whatsapp_classification SET turn_confidence = confidence WHERE turn_confidence IS NULL")
    add_wordings(api.Environment(cr, SUPERUSER_ID, {}), ("ask_again",))
