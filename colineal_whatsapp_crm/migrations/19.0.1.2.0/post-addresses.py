from odoo.addons.colineal_whatsapp_crm.gateway.address import CHANNEL, PREFIXES_OF_VARIANTS, parse_address
from psycopg2.extras import execute_values

_BATCH = 10_000


def migrate(cr, version):
    """Each customer was one address: it becomes a row, and so does each user id that their messages have brought since.

    Nothing is read or written by the ORM: a shop has a hundred thousand customers.
    """
    _collect_told(cr)
    cr.execute("SELECT 1 FROM whatsapp_contact_address LIMIT 1")
    if cr.fetchone():
        return
    cr.execute(
        "UPDATE whatsapp_conversation c SET address = w.address FROM whatsapp_contact w WHERE w.id = c.contact_id"
    )
    _insert_plain_numbers(cr)
    cr.execute(
        """SELECT contact.id, contact.company_id, contact.address, contact.create_date, seen.at
             FROM whatsapp_contact contact
        LEFT JOIN (SELECT contact_id, max(last_message_at) AS at FROM whatsapp_conversation GROUP BY contact_id) seen
               ON seen.contact_id = contact.id
            WHERE contact.erased_at IS NULL AND contact.address NOT LIKE 'erased:%'
              AND NOT EXISTS (SELECT 1 FROM whatsapp_contact_address row WHERE row.contact_id = contact.id)
         ORDER BY seen.at DESC NULLS LAST, contact.id"""
    )
    rows = cr.fetchall()
    for start in range(0, len(rows), _BATCH):
        parsed = [(*row, parse_address(row[2])) for row in rows[start : start + _BATCH]]
        # Of two customers by two forms of one number who wrote last has it, until `post-twins` makes them one.
        execute_values(
            cr._obj,
            """INSERT INTO whatsapp_contact_address
                      (contact_id, company_id, kind, value, key, account, first_seen_at, last_seen_at)
               VALUES %s ON CONFLICT DO NOTHING""",
            [
                (contact_id, company_id, address.kind, address.value, address.key, "", begun, seen or begun)
                for contact_id, company_id, _raw, begun, seen, address in parsed
            ],
            page_size=_BATCH,
        )
    # Who wrote under a user id did so by their senders' accounts, whether or not their messages still tell.
    cr.execute(
        """INSERT INTO whatsapp_contact_address
                  (contact_id, company_id, kind, value, key, account, first_seen_at, last_seen_at)
           SELECT DISTINCT row.contact_id, row.company_id, row.kind, row.value, row.key, sender.account_sid,
                  row.first_seen_at, row.last_seen_at
             FROM whatsapp_contact_address row
             JOIN whatsapp_conversation conversation ON conversation.contact_id = row.contact_id
             JOIN whatsapp_sender sender ON sender.id = conversation.sender_id
            WHERE row.kind = 'scoped' AND row.account = '' AND COALESCE(sender.account_sid, '') != ''
      ON CONFLICT DO NOTHING"""
    )
    # Who wanted no messages and was erased is known by the trace of an id.
    cr.execute(
        """INSERT INTO whatsapp_contact_address
                  (contact_id, company_id, kind, value, key, account, opt_out_reason, opted_out_at)
           SELECT id, company_id, 'scoped', 'erased:' || id, address, '', COALESCE(opt_out_reason, 'customer'),
                  opted_out_at
             FROM whatsapp_contact
            WHERE opted_out_at IS NOT NULL AND COALESCE(opt_out_reason, '') NOT IN ('blocked', 'blacklist')
              AND address ~ '^erased:[0-9a-f]{64}$'
      ON CONFLICT DO NOTHING"""
    )
    # Of an id that stands with two customers, who wrote last has it.
    cr.execute(
        """INSERT INTO whatsapp_contact_address
                  (contact_id, company_id, kind, value, key, account, first_seen_at, last_seen_at)
           SELECT DISTINCT ON (company_id, key, account) contact_id, company_id, kind, key, key, account, first_at, last_at
             FROM whatsapp_told_id
            WHERE key ~ CASE kind WHEN 'scoped' THEN '^whatsapp:[A-Za-z]{2}[.](?!ENT[.])[!-~]{1,180}$'
                                  ELSE '^whatsapp:[A-Za-z]{2}[.]ENT[.][!-~]{1,180}$' END
         ORDER BY company_id, key, account, last_id DESC
      ON CONFLICT DO NOTHING"""
    )
    # What Twilio says they are called.
    cr.execute(
        """UPDATE whatsapp_contact contact SET username = told.name
             FROM (SELECT DISTINCT ON (contact_id) contact_id, left(ltrim(username, '@'), 64) AS name
                     FROM whatsapp_told WHERE username ~ '^[!-~]+$' ORDER BY contact_id, line_id DESC) told
            WHERE told.contact_id = contact.id"""
    )
    # PostgreSQL has never seen the new table full, and would compare each customer with each address.
    cr.execute("ANALYZE whatsapp_contact_address")


def _insert_plain_numbers(cr):
    """Most customers have one number, in the only form that it has: nothing of it needs to be parsed again."""
    cr.execute(
        """INSERT INTO whatsapp_contact_address
                  (contact_id, company_id, kind, value, key, account, first_seen_at, last_seen_at)
           SELECT contact.id, contact.company_id, 'number', contact.address, contact.address, '', contact.create_date,
                  COALESCE(seen.at, contact.create_date)
             FROM (SELECT *, count(*) OVER (PARTITION BY company_id, phone) AS sharers
                     FROM whatsapp_contact WHERE erased_at IS NULL AND phone IS NOT NULL) contact
        LEFT JOIN (SELECT contact_id, max(last_message_at) AS at FROM whatsapp_conversation GROUP BY contact_id) seen
               ON seen.contact_id = contact.id
            WHERE contact.address = %s || contact.phone AND contact.sharers = 1 AND contact.phone NOT LIKE ALL(%s)
         ORDER BY contact.id""",
        [CHANNEL, [f"{prefix}%" for prefix in PREFIXES_OF_VARIANTS]],
    )


def _collect_told(cr):
    """All that the messages tell of who wrote them, read once; `whatsapp_told_id` is for `post-twins` as well."""
    cr.execute(
        """CREATE TEMP TABLE whatsapp_told ON COMMIT DROP AS
           SELECT conversation.contact_id, contact.company_id, COALESCE(sender.account_sid, '') AS account,
                  line.id AS line_id, line.create_date AS at,
                  line.parameters ->> 'ExternalUserId' AS scoped, line.parameters ->> 'ParentExternalUserId' AS parent,
                  COALESCE(line.parameters ->> 'ProfileUsername', line.parameters ->> 'Username') AS username
             FROM whatsapp_conversation_message line
             JOIN whatsapp_conversation conversation ON conversation.id = line.conversation_id
             JOIN whatsapp_contact contact ON contact.id = conversation.contact_id
             JOIN whatsapp_sender sender ON sender.id = line.sender_id
            WHERE line.direction = 'inbound' AND contact.erased_at IS NULL
              AND line.parameters ?| ARRAY['ExternalUserId', 'ParentExternalUserId', 'ProfileUsername', 'Username']"""
    )
    cr.execute(
        """CREATE TEMP TABLE whatsapp_told_id ON COMMIT DROP AS
           SELECT contact_id, company_id, kind, 'whatsapp:' || id AS key,
                  CASE kind WHEN 'scoped' THEN account ELSE '' END AS account,
                  min(at) AS first_at, max(at) AS last_at, max(line_id) AS last_id
             FROM whatsapp_told, LATERAL (VALUES ('scoped', scoped), ('parent', parent)) AS told(kind, id)
            WHERE id != ''
         GROUP BY 1, 2, 3, 4, 5"""
    )
    cr.execute("ANALYZE whatsapp_told_id")
