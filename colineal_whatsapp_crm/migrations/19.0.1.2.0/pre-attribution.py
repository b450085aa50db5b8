from odoo.tools import sql


def migrate(cr, version):
    """Advertisements are noted from now on: no conversation of before has to be looked through for one."""
    for name in ("campaign_id", "medium_id", "source_id"):
        if not sql.column_exists(cr, "whatsapp_conversation", name):
            sql.create_column(cr, "whatsapp_conversation", name, "int4")
