from odoo.tools import SQL, sql


def migrate(cr, version):
    """Delete nothing that a shop has not been asked about: what is there is kept until somebody says how long."""
    for name in ("files_days", "words_days", "analysis_days"):
        if not sql.column_exists(cr, "whatsapp_assistant", name):
            column = SQL.identifier(name)
            cr.execute(SQL("ALTER TABLE whatsapp_assistant ADD COLUMN %s integer DEFAULT 0", column))
            cr.execute(SQL("ALTER TABLE whatsapp_assistant ALTER COLUMN %s DROP DEFAULT", column))
