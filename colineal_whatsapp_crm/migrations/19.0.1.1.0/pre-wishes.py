from odoo.tools import sql


def migrate(cr, version):
    """Nobody's wish for no messages was noted before: no customer has to be looked at for it."""
    if not sql.column_exists(cr, "whatsapp_contact", "opted_out"):
        cr.execute("ALTER TABLE whatsapp_contact ADD COLUMN opted_out boolean DEFAULT false")
        cr.execute("ALTER TABLE whatsapp_contact ALTER COLUMN opted_out DROP DEFAULT")
