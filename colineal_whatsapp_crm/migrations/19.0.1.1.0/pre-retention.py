from odoo.tools import sql


def migrate(cr, version):
    """Delete nothing that a shop has not been asked about: what is there is kept until somebody says how long."""
    for name in ("files_days", "words_days", "analysis_days"):
        if not sql.column_exists(cr, "whatsapp_assistant", name):
            cr.execute(f"ALTER TABLE whatsapp_assistant ADD COLUMN {name} integer DEFAULT 0")
            cr.execute(f"ALTER TABLE whatsapp_assistant ALTER COLUMN {name} DROP DEFAULT")
