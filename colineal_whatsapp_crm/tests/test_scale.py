import json
from contextlib import contextmanager
from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged
from odoo.tools import SQL
from werkzeug.datastructures import MultiDict

from ..lib.thread_calls import Calls
from .common import WhatsappCase, twilio_form

#: Enough for PostgreSQL to prefer an index wherever there is one that fits.
CONVERSATIONS, MESSAGES_EACH = 3_000, 10
#: Nobody says the same fifteen times, and who does gets a person.
SHADES = "negro blanco rojo azul verde beige marfil crema vino ocre gris lila perla arena menta".split()
FILLED = (
    "res_partner",
    "whatsapp_contact",
    "whatsapp_contact_address",
    "whatsapp_conversation",
    "whatsapp_conversation_message",
)


@tagged("post_install", "-at_install")
class TestScale(WhatsappCase):
    """What a message costs does not grow with what is stored."""

    @contextmanager
    def record(self):
        """The statements that run meanwhile, as (query, parameters)."""
        statements = []
        execute = Cursor.execute

        def recording(cursor, query, params=None, *args, **kwargs):
            if isinstance(query, SQL):
                statements.append((query.code, query.params))
            else:
                statements.append((query, params))
            return execute(cursor, query, params, *args, **kwargs)

        with patch.object(Cursor, "execute", recording):
            yield statements

    def record_steps(self, text, **parameters):
        """The statements of each step of one message's way, without those that only the tests' cursors need."""
        form = MultiDict(twilio_form(text, **parameters))
        self.env.flush_all()
        with self.record() as intake:
            self.env["whatsapp.conversation.message"]._receive(self.sender.id, form)
        steps = {"intake": intake}
        with self.as_worker() as env, Calls(read=4, send=4) as calls:
            for name, step in (
                ("routing", env["whatsapp.worker"]._route_messages),
                ("turn", lambda: env["whatsapp.worker"]._begin_turns(calls)),
                ("sending", lambda: env["whatsapp.outbox"]._begin_messages(calls)),
                ("idle", env["whatsapp.worker"]._get_seconds_to_next),
            ):
                with self.record() as steps[name]:
                    step()
        self.sender.invalidate_recordset()
        with self.record() as steps["sender form"]:
            self.sender.read(["last_webhook_at", "waiting_count", "unconfirmed_count", "last_failure"])
        return {name: [each for each in statements if "SAVEPOINT" not in each[0]] for name, statements in steps.items()}

    def fill(self):
        """A shop with years in it."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            WITH partner AS (
                INSERT INTO res_partner (name, active, type, phone_sanitized)
                SELECT 'Customer', true, 'contact', '+1555' || n FROM generate_series(1000000, %(last)s) n
            ), contact AS (
                INSERT INTO whatsapp_contact (address, phone, company_id)
                SELECT 'whatsapp:+1555' || n, '+1555' || n, %(company)s FROM generate_series(1000000, %(last)s) n
                RETURNING id, address
            ), address AS (
                INSERT INTO whatsapp_contact_address (contact_id, company_id, kind, value, key, account, last_seen_at)
                SELECT id, %(company)s, 'number', address, address, '', now() FROM contact
            ), conversation AS (
                INSERT INTO whatsapp_conversation (contact_id, sender_id, company_id, stage, create_date, last_message_at)
                SELECT id, %(sender)s, %(company)s, 'lead', now(), now() FROM contact RETURNING id
            )
            INSERT INTO whatsapp_conversation_message
                   (conversation_id, sender_id, direction, author, address, sid, body, kind, state, create_date, sent_at)
            SELECT id, %(sender)s, side, CASE side WHEN 'inbound' THEN 'customer' ELSE 'assistant' END, 'whatsapp:+1555',
                   'SM' || id || '-' || n || side, 'text', 'text', CASE side WHEN 'inbound' THEN 'handled' ELSE 'read' END,
                   now() - interval '1 day', CASE side WHEN 'inbound' THEN NULL ELSE now() - interval '1 day' END
              FROM conversation, generate_series(1, %(each)s / 2) n, unnest(ARRAY['inbound', 'outbound']) side
            """,
            {
                "company": self.sender.company_id.id,
                "sender": self.sender.id,
                "last": 1000000 + CONVERSATIONS - 1,
                "each": MESSAGES_EACH,
            },
        )
        for table in FILLED:
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    def find_scans(self, query, params):
        """The tables of ours that PostgreSQL would read from end to end for a statement."""
        if not query.lstrip().upper().startswith(("SELECT", "UPDATE", "WITH")):
            return set()
        self.env.cr.execute(f"EXPLAIN (FORMAT JSON) {query}", params)
        plan = self.env.cr.fetchone()[0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        nodes, scanned = [plan[0]["Plan"]], set()
        while nodes:
            node = nodes.pop()
            nodes += node.get("Plans", [])
            if node["Node Type"] == "Seq Scan":
                scanned.add(node["Relation Name"])
        return scanned & set(FILLED)

    def test_statements_do_not_grow_with_the_age_of_a_conversation(self):
        self.customer("Busco un sofá")
        young = {name: len(statements) for name, statements in self.record_steps("De color gris").items()}
        for shade in SHADES:
            self.customer(f"De color {shade}")
        old = {name: len(statements) for name, statements in self.record_steps("De color plata").items()}
        self.assertEqual(old, young)
        self.assertEqual(young["intake"], 2, "the message and the wake-up")

    def test_a_turn_reads_what_it_needs_at_once(self):
        """Not message after message or column after column: a backlog is answered as fast as its turns are short."""
        self.customer("Busco un sofá")
        self.record_steps("De color rojo")
        steps = self.record_steps("De color verde")
        self.assertLessEqual(len(steps["turn"]), 25)
        raw = [query for query, _parameters in steps["turn"] if '"whatsapp_conversation_message"."parameters"' in query]
        self.assertEqual(raw, [], "what Twilio posted was read when it came")

    def test_no_statement_reads_a_whole_table(self):
        self.customer("Soy Ana, busco un sofá")
        # Before and after it has a lead, a salesperson, and a colleague who is told in the thread.
        self.customer("Todavía no sé")
        self.customer("De color rojo")
        few = {name: len(statements) for name, statements in self.record_steps("De color gris").items()}
        self.fill()
        self.customer("Gracias")
        steps = self.record_steps("Para la sala")
        for recorded in (steps, self.record_steps("Hola", customer="whatsapp:+593987654399")):
            for name, statements in recorded.items():
                for query, params in statements:
                    self.assertFalse(self.find_scans(query, params), f"{name}: {query}")
        self.assertLessEqual(len(steps["intake"]), few["intake"])
        self.assertLessEqual(len(steps["routing"]), few["routing"])
