#!/usr/bin/env python3
"""How long the upgrade of a shop's database takes that has a hundred thousand customers, and what takes it.

    ./dev bench upgrade [--contacts 100000] [--release 19.0.1.1.0] [--json FIGURES.json]

A database with an earlier release (of `tests/releases`) is upgraded as an administrator would have it done, once without
customers and once with them: ten messages each, threads, leads, partners, turns, hand-overs, wishes to hear no more. Odoo's
log tells what took how long; the difference is what the customers cost. Then what there was is counted again.
"""

import argparse
import os
import re
import resource
import shutil
import tarfile
import time
from datetime import datetime
from pathlib import Path

from _common import ROOT, print_table, say, temporary_folder, write_json
from conftest import Shop
from server import OdooServer

from devtools.machine import computed

ADDON = "colineal_whatsapp_crm"
CHUNK = 20_000
#: What every release can store. Of a hundred customers a third had their thread looked at, twenty became leads, ten are
#: in the address book, ten were named by a user id as well, and ten are from Mexico, where a number has two forms.
#: Threads have the names that releases give them, but for some that are older than what is known now.
FILL = """
CREATE TEMP TABLE customer ON COMMIT DROP AS
SELECT n, phone, COALESCE('whatsapp:' || phone, 'whatsapp:' || user_id) AS address, user_id,
       'Customer (' || CASE WHEN phone LIKE '+521%%' THEN '+52 ' || substr(phone, 4)
                            WHEN phone LIKE '+52%%' THEN regexp_replace(phone, '(...)(..)(....)', '\\1 \\2 \\3 ')
                            WHEN phone IS NOT NULL THEN regexp_replace(phone, '(....)(..)(...)', '\\1 \\2 \\3 ')
                            ELSE user_id END || ')' AS title,
       now() AT TIME ZONE 'UTC' - (n %% 700) * interval '1 day' AS at,
       nextval('whatsapp_contact_id_seq') AS contact_id, nextval('whatsapp_conversation_id_seq') AS conversation_id,
       CASE WHEN n %% 3 = 0 THEN nextval('discuss_channel_id_seq') END AS channel_id,
       CASE WHEN n %% 3 = 0 THEN nextval('mail_guest_id_seq') END AS guest_id,
       CASE WHEN n %% 5 = 0 THEN nextval('crm_lead_id_seq') END AS lead_id,
       CASE WHEN n %% 10 = 1 THEN nextval('res_partner_id_seq') END AS partner_id
  FROM generate_series(%(first)s, %(last)s) AS n,
       -- One in five hundred wrote from both forms of a number, and one under a user id alone and then with a number.
       LATERAL (SELECT CASE WHEN n %% 500 = 10 THEN NULL
                            WHEN n %% 500 = 9 THEN '+52' || (5500000000 + n - 1)
                            WHEN n %% 10 = 8 THEN '+521' || (5500000000 + n)
                            ELSE '+593' || (900000000 + n) END AS phone,
                       CASE WHEN n %% 500 = 11 THEN 'US.' || md5((n - 1)::text)
                            WHEN n %% 10 = 0 THEN 'US.' || md5(n::text) END AS user_id) who;

INSERT INTO res_partner (id, name, complete_name, active, type, phone, phone_sanitized, partner_share, create_date)
SELECT COALESCE(partner_id, nextval('res_partner_id_seq')), 'Customer', 'Customer', true, 'contact', phone, phone, true, at
  FROM customer WHERE partner_id IS NOT NULL OR n %% 100 = 2;  -- and some came to the address book later

INSERT INTO mail_guest (id, name, access_token) SELECT guest_id, 'Customer', md5(address) FROM customer WHERE n %% 3 = 0;

INSERT INTO whatsapp_contact (id, address, phone, profile_name, partner_id, guest_id, company_id, create_date)
SELECT contact_id, address, phone, CASE n %% 100 WHEN 7 THEN E'Cust\u202eomer' ELSE 'Customer' END, partner_id, guest_id, 1,
       at
  FROM customer;

INSERT INTO crm_lead (id, name, type, active, phone, phone_sanitized, company_id, stage_id, priority, create_date)
SELECT lead_id, 'Sofa', 'opportunity', true, phone, phone, 1, (SELECT min(id) FROM crm_stage), '0', at
  FROM customer WHERE lead_id IS NOT NULL;

INSERT INTO discuss_channel (id, name, channel_type, active, uuid, whatsapp_contact_id, whatsapp_sender_id)
SELECT channel_id, CASE n %% 60 WHEN 0 THEN 'Somebody' ELSE title END, 'whatsapp_crm', true, md5(contact_id::text),
       contact_id, %(sender)s
  FROM customer WHERE n %% 3 = 0;

INSERT INTO whatsapp_conversation
       (id, contact_id, sender_id, company_id, phone, stage, lead_id, channel_id, customer_name, product_interest,
        understanding, budget_max, urgency, quality, action, handover_reason, handed_at, awaited_since, create_date,
        last_message_at, last_inbound_at)
SELECT conversation_id, contact_id, %(sender)s, 1, phone,
       CASE WHEN n %% 40 = 4 THEN 'person' WHEN n %% 20 = 0 THEN 'gathering' ELSE 'closed' END, lead_id, channel_id,
       'Customer', 'sofá', '{}', n %% 3000, 'high', (ARRAY['hot', 'warm', 'cold'])[1 + n %% 3], 'create_lead',
       CASE WHEN n %% 20 = 4 THEN 'human' END, CASE WHEN n %% 20 = 4 THEN at END, CASE WHEN n %% 40 = 4 THEN at END,
       at, at, at
  FROM customer;

UPDATE discuss_channel SET whatsapp_conversation_id = conversation_id
  FROM customer WHERE discuss_channel.id = channel_id;

CREATE TEMP TABLE line ON COMMIT DROP AS
SELECT customer.*, turn, side,
       CASE WHEN side = 'inbound' THEN 'customer' WHEN n %% 5 = 0 AND turn > 3 THEN 'person' ELSE 'assistant' END AS author,
       CASE WHEN n %% 50 = 3 AND turn = 5 AND side = 'inbound' THEN 'BAJA' ELSE 'Busco un sofá' END AS body,
       nextval('whatsapp_conversation_message_id_seq') AS id,
       CASE WHEN n %% 3 = 0 THEN nextval('mail_message_id_seq') END AS mail_message_id
  FROM customer, generate_series(1, 5) AS turn, unnest(ARRAY['inbound', 'outbound']) AS side ORDER BY n, turn, side;

INSERT INTO mail_message (id, message_type, model, res_id, body, author_guest_id, author_id, subtype_id, date, create_date)
SELECT mail_message_id, 'comment', 'discuss.channel', channel_id, body, CASE WHEN side = 'inbound' THEN guest_id END,
       CASE WHEN side = 'outbound' THEN 2 END, 1, at, at
  FROM line WHERE mail_message_id IS NOT NULL;

INSERT INTO whatsapp_conversation_message
       (id, conversation_id, sender_id, direction, author, address, sid, body, kind, parameters, state, error_code,
        mail_message_id, create_date, write_date)
SELECT id, conversation_id, %(sender)s, side, author, address, 'SM' || md5(id::text), body,
       CASE WHEN n %% 100 = 6 AND side = 'inbound' AND turn = 2 THEN 'audio' ELSE 'text' END,
       CASE side WHEN 'inbound' THEN jsonb_strip_nulls(jsonb_build_object(
           'From', address, 'To', 'whatsapp:+593999000222', 'WaId', ltrim(phone, '+'), 'Body', body, 'NumMedia', '0',
           'ProfileName', 'Customer', 'SmsStatus', 'received', 'MessageSid', 'SM' || md5(id::text), 'NumSegments', '1',
           'AccountSid', 'AC' || md5('account'), 'ApiVersion', '2010-04-01', 'ExternalUserId', user_id)) END,
       CASE WHEN side = 'inbound' THEN 'handled' WHEN n %% 200 = 5 AND turn = 5 THEN 'failed' ELSE 'read' END,
       CASE WHEN n %% 500 = 5 AND turn = 5 AND side = 'outbound' THEN '21610' END, mail_message_id,
       at + turn * interval '1 minute', at + turn * interval '1 minute'
  FROM line ORDER BY id;

INSERT INTO ir_attachment (name, type, mimetype, res_model, res_id, create_uid, create_date)
SELECT 'audio', 'binary', 'audio/ogg', 'whatsapp.conversation.message', id, 1, at
  FROM line WHERE n %% 100 = 6 AND side = 'inbound' AND turn = 2;

INSERT INTO whatsapp_classification
       (conversation_id, provider, slots, quality, completeness, confidence, action, reasons, latency_ms, create_date)
SELECT conversation_id, 'rules', '{}', 'warm', 0.5, 0.8, 'create_lead', '[]', 3, at
  FROM customer, generate_series(1, 5);

INSERT INTO phone_blacklist (number, active, create_uid, write_uid, create_date, write_date)
SELECT phone, true, 1, 1, at, at FROM customer WHERE n %% 50 = 3
"""
#: What releases can store that have a column of this name: who wants no messages, and what was counted.
FILL_WITH = {
    ("whatsapp_contact", "opted_out_at"): """
        UPDATE whatsapp_contact SET opted_out = true, opted_out_at = entry.create_date, opt_out_reason = 'blacklist'
          FROM phone_blacklist entry WHERE entry.number = whatsapp_contact.phone""",
    ("whatsapp_conversation", "inbound_count"): """
        UPDATE whatsapp_conversation
           SET inbound_count = 5, outbound_count = 5, first_inbound_at = create_date, first_assistant_at = create_date,
               first_person_at = CASE WHEN lead_id IS NOT NULL THEN create_date + interval '5 minutes' END,
               lead_at = CASE WHEN lead_id IS NOT NULL THEN create_date END""",
}
TABLES = ("whatsapp_contact", "whatsapp_conversation", "whatsapp_conversation_message", "mail_message", "crm_lead")
#: What Odoo logs when it begins with something, and what that is. A script's time ends with the next of these.
STEPS = (
    (re.compile(r"Running migration \[.*\] (\S+)"), "{0}"),
    (re.compile(r"creating or updating database tables"), "tables, columns, indexes, computed fields"),
    (re.compile(r"loading colineal_whatsapp_crm/security/whatsapp_groups"), "rights, data and views"),
    (re.compile(r"loading translation file"), "translations, and what is not there any more"),
)
BEFORE = "start, and modules it depends on"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--release", default="19.0.1.1.0")
    parser.add_argument("--json")
    options = parser.parse_args()
    with temporary_folder() as folder:
        figures = measure(folder, options.contacts, options.release)
    print_table(("", "before", "after"), [(name, *counts) for name, counts in figures["rows"].items()])
    steps = [(name, *seconds, seconds[1] - seconds[0]) for name, seconds in figures["steps"].items()]
    shown = [step for step in steps if max(step[1:]) >= 0.05]
    print()
    whole = ("in all", *(sum(column) for column in zip(*(step[1:] for step in steps), strict=True)))
    computed_ = ("of which computing", *figures["computed"], figures["computed"][1] - figures["computed"][0])
    heads = ("seconds", "no customers", f"{options.contacts:,}", "difference")
    print_table(heads, [*shown, whole, computed_])
    write_json(options.json, figures)


def measure(folder, contacts, release):
    """Rows by table, before and after; seconds by what Odoo did, and of computing, without customers and with them."""
    with tarfile.open(ROOT / "tests" / "releases" / f"{release}.tar.xz") as archive:
        archive.extractall(folder / "addons", filter="data")
    server = OdooServer(folder, template=os.environ["COLINEAL_BASE_DB"], addons=folder / "addons")
    try:
        say(f"installing {release}")
        server.install(ADDON)
        sender = Shop(server.start()).sender_id
        server.stop()
        say("upgrading a shop without customers")
        empty, empty_computed = time_upgrade_of_copy(server, folder / "empty")
        fill(server, sender, contacts)
        before = {table: count(server, table) for table in TABLES}
        say(f"upgrading a shop with {contacts:,} customers")
        full, full_computed = time_upgrade(server)
        rows = {table: (before[table], count(server, table)) for table in TABLES}
        rows["numbers"] = (None, count(server, "whatsapp_contact_address WHERE kind = 'number'"))
        rows["user ids"] = (None, count(server, "whatsapp_contact_address WHERE kind = 'scoped'"))
        steps = {name: (empty.get(name, 0.0), full[name]) for name in full}
        return {"rows": rows, "steps": steps, "computed": (empty_computed, full_computed)}
    finally:
        server.discard()


def fill(server, sender, contacts):
    for first in range(1, contacts + 1, CHUNK):
        last = min(first + CHUNK - 1, contacts)
        server.postgres.query(server.database, FILL, {"first": first, "last": last, "sender": sender})
        say(f"  {last:,} customers stored")
    for (table, column), query in FILL_WITH.items():
        there = "SELECT 1 FROM information_schema.columns WHERE table_name = %s AND column_name = %s"
        if server.postgres.query(server.database, there, (table, column)):
            server.postgres.query(server.database, query)
    server.postgres.run("vacuumdb", "--quiet", "--analyze", server.database)


def time_upgrade_of_copy(server, folder):
    copy = OdooServer(folder, template=server.database)
    try:
        files = server.folder / "data/filestore"
        shutil.copytree(files / server.database, folder / "data/filestore" / copy.database)
        return time_upgrade(copy)
    finally:
        copy.discard()


def time_upgrade(server):
    """Bring the addon up to date; ({what Odoo did: seconds}, in its order, seconds that it and PostgreSQL computed)."""
    server.addons = os.environ["COLINEAL_ADDONS"]
    logged = len(server.log.read_text()) if server.log.exists() else 0
    computed_before, begun = computed_until_now(server), time.time()
    server.upgrade(ADDON)
    steps = split(server.log.read_text()[logged:], begun, time.time())
    return steps, computed_until_now(server) - computed_before


def computed_until_now(server):
    """Seconds of computing by the programs that have ended here, and by PostgreSQL: others share the machine."""
    folder = server.postgres.query("postgres", "SHOW data_directory")[0][0]
    postmaster = Path(folder, "postmaster.pid").read_text().split()[0]
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return computed(postmaster) + ended.ru_utime + ended.ru_stime


def split(log, begun, ended):
    """{what Odoo did: seconds} by the moments at which its log says that something begins; in all, from begun to ended."""
    marks = [(begun, BEFORE)]
    for line in log.splitlines():
        for pattern, name in STEPS:
            if found := pattern.search(line):
                moment = datetime.strptime(f"{line[:23]}000+0000", "%Y-%m-%d %H:%M:%S,%f%z")
                marks.append((moment.timestamp(), name.format(*found.groups())))
    seconds = {}
    for (moment, name), (end, _next) in zip(marks, [*marks[1:], (ended, None)], strict=True):
        seconds[name] = seconds.get(name, 0.0) + end - moment
    return seconds


def count(server, table):
    return server.postgres.query(server.database, f"SELECT count(*) FROM {table}")[0][0]


if __name__ == "__main__":
    main()
