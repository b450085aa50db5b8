from odoo import SUPERUSER_ID, api
from odoo.addons.colineal_whatsapp_crm.hooks import add_wordings
from odoo.addons.colineal_whatsapp_crm.understanding.grammar import is_feminine, pluralize
from odoo.addons.colineal_whatsapp_crm.understanding.vocabulary import split_synonyms
from odoo.tools import SQL, sql


def migrate(cr, version):
    """Synonyms are records of their own, one each; and there are words to greet with, to tell shops, and to follow up."""
    if sql.column_exists(cr, "whatsapp_interest", "synonyms"):
        cr.execute("SELECT id, synonyms, gender FROM whatsapp_interest WHERE synonyms IS NOT NULL ORDER BY id")
        for record_id, text, gender in cr.fetchall():
            for name in split_synonyms(text):
                forms = pluralize(name), "f" if is_feminine(name, gender == "f") else "m"
                _insert(cr, SQL("interest_id"), record_id, name, *forms)
        cr.execute("ALTER TABLE whatsapp_interest DROP COLUMN synonyms")
    if sql.column_exists(cr, "whatsapp_city", "synonyms"):
        cr.execute("SELECT id, synonyms FROM whatsapp_city WHERE synonyms IS NOT NULL ORDER BY id")
        for record_id, text in cr.fetchall():
            for name in split_synonyms(text):
                _insert(cr, SQL("city_id"), record_id, name, None, None)
        cr.execute("ALTER TABLE whatsapp_city DROP COLUMN synonyms")
    env = api.Environment(cr, SUPERUSER_ID, {})
    # What was compiled during the upgrade knew no synonyms yet.
    env.registry.clear_cache()
    add_wordings(env, ("greeting", "answer_shop", "answer_cities", "follow_up"))


def _insert(cr, owner, record_id, name, plural, gender):
    """Not through the ORM: what was saved before there were bounds stays as it is, and somebody is told of it."""
    cr.execute(
        SQL(
            """INSERT INTO whatsapp_synonym
                      (%s, name, plural, gender, create_uid, write_uid, create_date, write_date)
               VALUES (%s, %s, %s, %s, %s, %s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')
               ON CONFLICT DO NOTHING""",
            owner,
            record_id,
            name,
            plural,
            gender,
            SUPERUSER_ID,
            SUPERUSER_ID,
        )
    )
