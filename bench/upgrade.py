#!/usr/bin/env python3
"""How long the upgrade of a shop's database takes that has a hundred thousand customers.

    ./dev bench upgrade [--contacts 100000] [--release 19.0.1.1.0] [--json FIGURES.json]

A database with an earlier release (of `tests/releases`) is filled with customers, ten messages each; a tenth of them was
named by a user id as well. Then Odoo upgrades the addon, as an administrator would have it do, and what there was is
counted again.
"""

import argparse
import os
import tarfile
import time

from _common import ROOT, print_table, say, temporary_folder, write_json
from conftest import Shop
from server import OdooServer

ADDON = "colineal_whatsapp_crm"
CHUNK = 20_000
FILL = """
WITH number AS (
    SELECT n, '+1' || (2000000000 + n) AS phone, now() - (n %% 700) * interval '1 day' AS at
      FROM generate_series(%(first)s, %(last)s) AS n
), contact AS (
    INSERT INTO whatsapp_contact (address, phone, profile_name, company_id, create_date)
    SELECT 'whatsapp:' || phone, phone, 'Customer', 1, at FROM number RETURNING id, phone, create_date AS at
), conversation AS (
    INSERT INTO whatsapp_conversation
           (contact_id, sender_id, company_id, phone, stage, create_date, last_message_at, last_inbound_at, understanding)
    SELECT id, %(sender)s, 1, phone, CASE id %% 20 WHEN 0 THEN 'gathering' ELSE 'closed' END, at, at, at, '{}'
      FROM contact RETURNING id, phone, create_date AS at
)
INSERT INTO whatsapp_conversation_message
       (conversation_id, sender_id, direction, author, address, sid, body, kind, parameters, state, create_date, write_date)
SELECT id, %(sender)s, side, CASE side WHEN 'inbound' THEN 'customer' ELSE 'assistant' END, 'whatsapp:' || phone,
       'SM' || md5(id || '-' || n || side), 'Busco un sofá', 'text',
       CASE side WHEN 'inbound' THEN jsonb_build_object('From', 'whatsapp:' || phone, 'WaId', phone, 'Body', 'Busco un sofá')
            || CASE WHEN id %% 10 = 0 THEN jsonb_build_object('ExternalUserId', 'US.' || md5(phone)) ELSE '{}' END END,
       CASE side WHEN 'inbound' THEN 'handled' ELSE 'read' END, at, at
  FROM conversation, generate_series(1, 5) AS n, unnest(ARRAY['inbound', 'outbound']) AS side
"""
TABLES = ("whatsapp_contact", "whatsapp_conversation", "whatsapp_conversation_message")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--release", default="19.0.1.1.0")
    parser.add_argument("--json")
    options = parser.parse_args()
    with temporary_folder() as folder:
        figures = measure(folder, options.contacts, options.release)
    print_table(("", "before", "after"), [(name, *counts) for name, counts in figures["rows"].items()])
    print(f"\nthe upgrade took {figures['seconds']:.1f} s, of which this addon's tables and records took their share")
    write_json(options.json, figures)


def measure(folder, contacts, release):
    with tarfile.open(ROOT / "tests" / "releases" / f"{release}.tar.xz") as archive:
        archive.extractall(folder / "addons", filter="data")
    server = OdooServer(folder, template=os.environ["COLINEAL_BASE_DB"], addons=folder / "addons")
    try:
        say(f"installing {release}")
        server.install(ADDON)
        sender = Shop(server.start()).sender_id
        server.stop()
        for first in range(1, contacts + 1, CHUNK):
            last = min(first + CHUNK - 1, contacts)
            query = f"{FILL} RETURNING id"
            server.postgres.query(server.database, query, {"first": first, "last": last, "sender": sender})
            say(f"  {last:,} customers stored")
        server.postgres.run("vacuumdb", "--quiet", "--analyze", server.database)
        before = {table: count(server, table) for table in TABLES}
        server.addons = os.environ["COLINEAL_ADDONS"]
        say("upgrading")
        begun = time.perf_counter()
        server.upgrade(ADDON)
        seconds = time.perf_counter() - begun
        rows = {table: (before[table], count(server, table)) for table in TABLES}
        rows["numbers"] = (before["whatsapp_contact"], count(server, "whatsapp_contact_address WHERE kind = 'number'"))
        rows["user ids"] = (
            before["whatsapp_contact"] // 10,
            count(server, "whatsapp_contact_address WHERE kind = 'scoped'"),
        )
        return {"seconds": seconds, "rows": rows}
    finally:
        server.discard()


def count(server, table):
    return server.postgres.query(server.database, f"SELECT count(*) FROM {table}")[0][0]


if __name__ == "__main__":
    main()
