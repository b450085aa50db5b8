from odoo.tools import sql


def migrate(cr, version):
    """What customers decided is read from now on: no conversation of before has to be looked through for it."""
    for name in ("closing", "closing_reason"):
        if not sql.column_exists(cr, "whatsapp_conversation", name):
            sql.create_column(cr, "whatsapp_conversation", name, "varchar")
