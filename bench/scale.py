#!/usr/bin/env python3
"""What a message costs in a shop's first days and after a million messages: statements, time, and how they find rows.

    ./dev bench scale [--messages 1000000] [--rounds 30] [--json FIGURES.json]

One database, measured with a hundred stored messages and again with a million, most of them long handled, with their
conversations, contacts, turns and leads. Each step of a message's way runs in this process, the webhook, Twilio's
status callback and what programs ask through Odoo's whole HTTP stack; its statements are counted and PostgreSQL is
asked how it finds the rows of each. Times are medians, of a step that handles one message.
"""

import argparse
import json
import logging
import os
import threading
import time
import uuid
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from unittest.mock import patch

import odoo.http
import odoo.service.server
from _common import NUMBER, PUBLIC_URL, print_table, say, temporary_folder, write_json
from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.sql_db import Cursor, close_all
from odoo.tools import SQL, config
from services import Postgres
from standins.twilio_api import TwilioApi
from standins.twilio_client import WEBHOOK_PATH, TwilioClient
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import Client

ACCOUNT_SID = "AC" + "5" * 32
TOKEN = "the account's primary auth token"
FEW = 100
#: A conversation's messages, half of them received.
EACH = 10
#: One customer in so many has a lead and is in the address book.
KNOWN = 10
BODY = "Busco un sofá de 3 puestos para la sala"
#: Conversations filled at once, so that progress can be shown.
CHUNK = 20_000
#: Messages of the conversation that is called old.
OLD = 400
#: Tables with fewer rows are read faster from end to end than by any index.
BIG = 1000

FILL = """
WITH number AS (
    SELECT n, '+1' || (2000000000 + n) AS phone, now() - random() * interval '700 days' AS at,
           n %% %(known)s = 0 AS is_known
      FROM generate_series(%(first)s, %(last)s) AS n
), partner AS (
    INSERT INTO res_partner (name, complete_name, active, type, phone, phone_sanitized, create_date)
    SELECT 'Customer', 'Customer', true, 'contact', phone, phone, at FROM number WHERE is_known
), lead AS (
    INSERT INTO crm_lead (name, type, active, phone, phone_sanitized, company_id, stage_id, priority, create_date)
    SELECT 'Sofa', 'opportunity', true, phone, phone, %(company)s, (SELECT min(id) FROM crm_stage), '0', at
      FROM number WHERE is_known
    RETURNING id, phone
), contact AS (
    INSERT INTO whatsapp_contact (address, phone, profile_name, company_id, create_date)
    SELECT 'whatsapp:' || phone, phone, 'Customer', %(company)s, at FROM number
    RETURNING id, phone, create_date AS at
), address AS (
    INSERT INTO whatsapp_contact_address (contact_id, company_id, kind, value, key, account, first_seen_at, last_seen_at)
    SELECT id, %(company)s, 'number', 'whatsapp:' || phone, 'whatsapp:' || phone, '', at, at FROM contact
), conversation AS (
    INSERT INTO whatsapp_conversation
           (contact_id, sender_id, company_id, phone, stage, lead_id, customer_name, product_interest, understanding,
            quality, action, create_date, last_message_at, last_inbound_at, first_inbound_at, first_assistant_at, lead_at,
            inbound_count, outbound_count)
    SELECT contact.id, %(sender)s, %(company)s, phone,
           CASE contact.id %% 20 WHEN 0 THEN 'lead' WHEN 1 THEN 'gathering' ELSE 'closed' END, lead.id, 'Customer',
           product, jsonb_build_object('slots', jsonb_build_object('products',
               jsonb_build_object('value', jsonb_build_array(product), 'confidence', 1))),
           (ARRAY['hot', 'warm', 'cold'])[1 + contact.id %% 3], 'create_lead', at, at, at, at, at + interval '6 s',
           CASE WHEN lead.id IS NOT NULL THEN at + interval '10 min' END, %(each)s / 2, %(each)s / 2
      FROM contact LEFT JOIN lead USING (phone),
           LATERAL (SELECT (ARRAY['sofá', 'cama', 'comedor', 'silla'])[1 + contact.id %% 4] AS product) wish
    RETURNING id, phone, create_date AS at
), message AS (
    INSERT INTO whatsapp_conversation_message
           (conversation_id, sender_id, direction, author, address, sid, body, kind, parameters, state, create_date,
            write_date, sent_at)
    SELECT id, %(sender)s, side, CASE side WHEN 'inbound' THEN 'customer' ELSE 'assistant' END, 'whatsapp:' || phone,
           'SM' || md5(id || '-' || n || side), %(body)s, 'text',
           CASE side WHEN 'inbound' THEN %(parameters)s::jsonb END,
           CASE WHEN side = 'inbound' THEN 'handled' WHEN (id + n) %% 500 = 0 THEN 'failed' ELSE 'read' END,
           at, at, CASE side WHEN 'outbound' THEN at END
      FROM conversation, generate_series(1, %(each)s / 2) AS n, unnest(ARRAY['inbound', 'outbound']) AS side
)
INSERT INTO whatsapp_classification
       (conversation_id, provider, slots, quality, completeness, confidence, action, reasons, latency_ms, create_date)
SELECT id, 'rules', '{}', 'warm', 0.5, 0.8, 'create_lead', '[]', 3, at
  FROM conversation, generate_series(1, %(each)s / 2)
"""
FILLED = (
    "res_partner",
    "crm_lead",
    "whatsapp_contact",
    "whatsapp_contact_address",
    "whatsapp_conversation",
    "whatsapp_conversation_message",
    "whatsapp_classification",
)
#: What `_age` adds to a conversation.
AGE_MESSAGES = """
INSERT INTO whatsapp_conversation_message
       (conversation_id, sender_id, direction, author, address, sid, body, kind, state, create_date)
SELECT %(id)s, %(sender)s, side, CASE side WHEN 'inbound' THEN 'customer' ELSE 'assistant' END, %(address)s,
       'SM' || md5(%(id)s || '-' || n || side), 'Hola', 'text', CASE side WHEN 'inbound' THEN 'handled' ELSE 'read' END,
       now()
  FROM generate_series(1, %(old)s / 2) AS n, unnest(ARRAY['inbound', 'outbound']) AS side
"""
AGE_TURNS = """
INSERT INTO whatsapp_classification (conversation_id, provider, slots, quality, action, reasons)
SELECT %(id)s, 'rules', '{}', 'cold', 'ask_about_interest', '[]' FROM generate_series(1, %(old)s / 2)
"""


@contextmanager
def listen():
    """A list of the statements that this thread runs meanwhile: other threads serve Twilio's stand-in."""
    heard, thread, execute = [], threading.get_ident(), Cursor.execute

    def listening(cursor, query, params=None, *args, **kwargs):
        if threading.get_ident() == thread:
            heard.append((query.code, query.params) if isinstance(query, SQL) else (query, params))
        return execute(cursor, query, params, *args, **kwargs)

    with patch.object(Cursor, "execute", listening):
        yield heard


class Step:
    """What is known of one step at one size, each figure a list with one value a round."""

    def __init__(self):
        self.statements, self.wall, self.cpu, self.postgres = [], [], [], []
        #: {table read from end to end: the statement}
        self.scans = {}

    def summary(self):
        return {
            "statements": round(median(self.statements)),
            "most_statements": max(self.statements),
            "wall_ms": median(self.wall) * 1000,
            "odoo_cpu_ms": median(self.cpu) * 1000,
            "postgres_cpu_ms": median(self.postgres) * 1000,
            "seq_scans": self.scans,
        }


class Bench:
    """An Odoo in this process, on a database of its own, with a live sender."""

    def __init__(self, folder):
        self.postgres, self.database = Postgres(), f"scale_{uuid.uuid4().hex[:12]}"
        self.api = TwilioApi(ACCOUNT_SID, TOKEN)
        self.api.callbacks.unreliability.lost = 1.0  # they are made here, as a step
        self._numbers = iter(range(593_980_000_000, 593_990_000_000))
        self._filled = 0
        self.postgres.copy_template(self.database, os.environ["COLINEAL_TEMPLATE_DB"])
        try:
            self._start(folder)
        except BaseException:
            self.discard()
            raise

    def _start(self, folder):
        settings = {
            "TWILIO_API_URL": self.api.url,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "API_RATE_LIMIT": "0",
        }
        os.environ.update(settings)
        options = {
            "addons-path": os.environ["COLINEAL_ADDONS"],
            "data-dir": folder / "data",
            "db_host": self.postgres.host,
            "db_port": self.postgres.port,
            "db_user": self.postgres.user,
            "database": self.database,
            "http-interface": "127.0.0.1",
            "log-level": "warn",
        }
        config.parse_config([f"--{name}={value}" for name, value in options.items()], setup_logging=True)
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        odoo.service.server.load_server_wide_modules()
        self.registry = Registry(self.database)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            # Nothing of the template's demo data is due.
            cr.execute("UPDATE whatsapp_conversation SET due_at = NULL")
            assistant = env.ref("colineal_whatsapp_crm.whatsapp_assistant_sales")
            assistant.coalescing_seconds = 0
            sender = env["whatsapp.sender"].create(
                {"name": "Bench", "number": NUMBER, "public_url": PUBLIC_URL, "account_sid": ACCOUNT_SID}
            )
            self.sender_id, self.company_id = sender.id, sender.company_id.id
            self._key = self._make_key(env)
        self._client = Client(odoo.http.root)
        self._twilio = TwilioClient("", NUMBER, TOKEN, PUBLIC_URL, ACCOUNT_SID)

    def _make_key(self, env):
        """The API key of a salesperson: whose rules cost the most."""
        salesperson = env["res.users"].create(
            {
                "name": "Bench",
                "login": "bench",
                "group_ids": [Command.link(env.ref("sales_team.group_sale_salesman").id)],
            }
        )
        self._salesperson_id = salesperson.id
        return env(user=salesperson.id)["res.users.apikeys"].sudo()._generate(None, "Bench", False)

    def discard(self):
        close_all()
        self.api.close()
        self.postgres.drop(self.database)

    def fill(self, messages):
        """Store conversations until there are so many messages, and let PostgreSQL know."""
        conversations = messages // EACH
        with self.registry.cursor() as cr:
            while self._filled < conversations:
                last = min(self._filled + CHUNK, conversations)
                values = {
                    "first": self._filled + 1,
                    "last": last,
                    "company": self.company_id,
                    "sender": self.sender_id,
                    "known": KNOWN,
                    "each": EACH,
                    "body": BODY,
                    "parameters": json.dumps(self._twilio.form("+12000000000", BODY)),
                }
                cr.execute(FILL, values)
                cr.commit()
                self._filled = last
                say(f"  {last * EACH:,} messages stored")
        say("  bringing PostgreSQL's statistics up to date")
        tables = [f"--table={table}" for table in FILLED]
        self.postgres.run("vacuumdb", "--quiet", "--analyze", *tables, self.database)

    def measure(self, rounds):
        """{step: `Step`}; the first rounds only warm up what Odoo keeps in memory."""
        with self.registry.cursor() as cr:
            self._env = api.Environment(cr, SUPERUSER_ID, {})
            self._calls = self._import_calls()
            self._big = self._find_big_tables()
            self._steps, self._backends = defaultdict(Step), ()
            self._play(3)
            self._backends = self._find_backends()
            self._steps = defaultdict(Step)
            self._play(rounds)
            return self._steps

    @staticmethod
    def _import_calls():
        # Odoo finds its addons only once it is configured.
        from odoo.addons.colineal_whatsapp_crm.lib.thread_calls import Calls

        return Calls

    def _play(self, rounds):
        # Many customers: one who writes too much is made to wait.
        for _round in range(rounds):
            customer, old = (f"+{next(self._numbers)}" for _each in range(2))
            for each in (customer, old):
                self._converse(each, "Hola", "routing of a new customer", "turn of a new customer")
            self._converse(customer, "Busco un sofá", "routing", "turn")
            self._converse(customer, "Me llamo Ana, tengo $900", "routing", "turn with a new lead")
            self._age(old)
            self._converse(old, "Busco un sofá", "routing", f"turn in a conversation of {OLD} messages")
            self._step("look for what is due", self._env["whatsapp.worker"]._get_seconds_to_next)
            self._step("sender form", self._read_sender)
            self._call_api(customer, old)

    def _converse(self, customer, text, routing, turn, sending="sending"):
        """One message all the way, each step under its name."""
        worker, outbox = self._env["whatsapp.worker"], self._env["whatsapp.outbox"]
        with self._calls(read=4, send=4) as calls:

            def send():
                outbox._begin_messages(calls)
                while calls:
                    calls.finish(5)

            self._step("webhook", lambda: self._post(WEBHOOK_PATH, self._twilio.form(customer, text)))
            self._step(routing, worker._route_messages)
            self._step(turn, lambda: worker._begin_turns(calls))
            self._step(sending, send)
        reply = self._env["whatsapp.conversation.message"].search(
            [("address", "=", f"whatsapp:{customer}"), ("direction", "=", "outbound")], order="id desc", limit=1
        )
        if reply.state != "sent":
            raise SystemExit(f"{text!r} was not answered: {reply.state or 'no reply'}")
        form = {
            "MessageSid": reply.sid,
            "MessageStatus": "delivered",
            "AccountSid": ACCOUNT_SID,
            "From": f"whatsapp:{NUMBER}",
            "To": f"whatsapp:{customer}",
        }
        self._env.cr.rollback()
        self._step("status callback", lambda: self._post(f"{WEBHOOK_PATH}/status?message={reply.id}", form))
        # A customer is not sent more than three messages in a row within seconds.
        self._execute(
            "UPDATE whatsapp_conversation_message SET sent_at = sent_at - interval '1 hour' WHERE id = %s", [reply.id]
        )

    def _age(self, customer):
        """Let a conversation have gone on for long."""
        address = f"whatsapp:{customer}"
        self._env.cr.execute(
            "SELECT conversation_id FROM whatsapp_conversation_message WHERE address = %s LIMIT 1", [address]
        )
        (conversation_id,) = self._env.cr.fetchone()
        values = {"id": conversation_id, "sender": self.sender_id, "address": address, "old": OLD}
        self._execute(AGE_MESSAGES, values)
        self._execute(AGE_TURNS, values)

    def _execute(self, statement, values):
        self._env.cr.execute(statement, values)
        self._env.cr.commit()

    def _post(self, path, form):
        signature = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + path, MultiDict(form))
        answer = self._client.post(path, data=form, headers={"X-Twilio-Signature": signature})
        assert answer.status_code in (200, 204), answer.get_data(as_text=True)

    def _call_api(self, customer, old):
        # Salespeople see what they look after.
        self._execute(
            """UPDATE whatsapp_conversation SET user_id = %s
                WHERE id IN (SELECT conversation_id FROM whatsapp_conversation_message WHERE address IN %s)""",
            [self._salesperson_id, (f"whatsapp:{customer}", f"whatsapp:{old}")],
        )
        self._step("API status", lambda: self._ask(customer, "status"))
        self._step(f"API status of {OLD} messages", lambda: self._ask(old, "status"))
        self._step("API history, 100 messages", lambda: self._ask(old, "history"))

    def _ask(self, customer, what):
        answer = self._client.get(
            f"/api/conversation/{customer}/{what}", headers={"Authorization": f"Bearer {self._key}"}
        )
        assert answer.status_code == 200, answer.get_data(as_text=True)

    def _read_sender(self):
        sender = self._env["whatsapp.sender"].browse(self.sender_id)
        sender.invalidate_recordset()
        sender.read(["last_webhook_at", "waiting_count", "waiting_since", "unconfirmed_count", "last_failure"])
        self._env.cr.commit()

    def _step(self, name, run):
        """Run a step and note what it took."""
        step = self._steps[name]
        postgres, cpu, wall = self._get_backends_cpu(), time.thread_time(), time.perf_counter()
        with listen() as statements:
            run()
        step.wall.append(time.perf_counter() - wall)
        step.cpu.append(time.thread_time() - cpu)
        step.postgres.append(self._get_backends_cpu() - postgres)
        step.statements.append(len(statements))
        if len(step.statements) == 1 and self._big:
            for query, params in statements:
                for table in self._find_scans(query, params):
                    step.scans.setdefault(table, " ".join(query.split())[:300])
            self._env.cr.rollback()

    def _find_backends(self):
        """PostgreSQL's processes for this one."""
        query = "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid != pg_backend_pid()"
        return [pid for (pid,) in self.postgres.query(self.database, query, [self.database])]

    def _get_backends_cpu(self):
        return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in self._backends) / 1e9

    def _find_big_tables(self):
        rows = self.postgres.query(
            self.database, "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= %s", [BIG]
        )
        return {name for (name,) in rows}

    def _find_scans(self, query, params):
        """The big tables that PostgreSQL would read from end to end for a statement."""
        if not query.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH", "INSERT")):
            return set()
        self._env.cr.execute(f"EXPLAIN (FORMAT JSON) {query}", params)
        nodes, scanned = [self._env.cr.fetchone()[0][0]["Plan"]], set()
        while nodes:
            node = nodes.pop()
            nodes += node.get("Plans", [])
            if node["Node Type"] == "Seq Scan":
                scanned.add(node["Relation Name"])
        return scanned & self._big


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--messages", type=int, default=1_000_000, help="stored at last (default 1000000)")
    options.add_argument("--rounds", type=int, default=30, help="of each step, at both sizes (default 30)")
    options.add_argument("--json", metavar="FILE", help="write the figures here")
    chosen = options.parse_args()
    figures = {}
    with temporary_folder() as folder:
        say("Making a database and loading Odoo")
        bench = Bench(folder)
        try:
            for size in (FEW, chosen.messages):
                bench.fill(size)
                say(f"{size:,} messages: measuring")
                figures[size] = {name: step.summary() for name, step in bench.measure(chosen.rounds).items()}
        finally:
            bench.discard()
    report(figures)
    write_json(chosen.json, {"sizes": figures})


def report(figures):
    few, many = figures.values()
    sizes = " | ".join(f"{size:,}" for size in figures)
    print(f"Each step with {sizes} messages stored\n")
    keys = ("wall_ms", "odoo_cpu_ms", "postgres_cpu_ms")
    rows = []
    for name, each in many.items():
        counts = f"{few[name]['statements']} | {each['statements']}"
        times = [f"{few[name][key]:.1f} | {each[key]:.1f}" for key in keys]
        rows.append([name, counts, *times, ", ".join(sorted(each["seq_scans"])) or "none"])
    print_table(["", "statements", "wall ms", "Odoo CPU ms", "PostgreSQL CPU ms", "sequential scans"], rows)
    print(
        "\nAims: as many statements at both sizes, and in an old conversation as in a young one; no sequential scan of"
    )
    print(f"a table with {BIG:,} rows or more.")
    for name, each in many.items():
        for table, query in each["seq_scans"].items():
            print(f"\n{name} reads all of {table}: {query}")


if __name__ == "__main__":
    main()
