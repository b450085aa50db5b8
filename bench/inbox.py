#!/usr/bin/env python3
"""How fast salespeople's screens open: short and long threads, few and many conversations, and what a look costs a turn.

    ./dev bench inbox [--conversations 20000] [--messages 5000] [--rounds 15] [--json FIGURES.json]

Each step is what the web client asks of the server for a screen, through Odoo's whole HTTP stack in this process. Its
statements are counted, and PostgreSQL is asked how it finds the rows of each. Times are medians, but for the first look
at a conversation, which happens once: then its thread is written.
"""

import argparse
import itertools
from collections import defaultdict

from _common import print_table, say, temporary_folder, write_json
from lxml import etree
from odoo import SUPERUSER_ID, api
from scale import EACH, Bench, Step
from server import LOGIN, PASSWORD

FEW_CONVERSATIONS, FEW_MESSAGES = 20, 50
CARDS = 40
NEWEST = 30
#: Spread over the columns of the kanban, none closed.
SPREAD = """
UPDATE whatsapp_conversation
   SET stage = (ARRAY['new', 'gathering', 'ready', 'lead', 'support', 'person'])[1 + id %% 6],
       waiting_since = CASE id %% 3 WHEN 0 THEN last_message_at END
 WHERE sender_id = %s
"""
LENGTHEN = """
INSERT INTO whatsapp_conversation_message
       (conversation_id, sender_id, direction, author, address, sid, body, kind, state, create_date)
SELECT %(id)s, %(sender)s, side, CASE side WHEN 'inbound' THEN 'customer' ELSE 'assistant' END, %(address)s,
       'SM' || md5(%(id)s || '-' || n || side), 'Busco un sofá de ' || n || ' puestos', 'text',
       CASE side WHEN 'inbound' THEN 'handled' ELSE 'read' END, now() - interval '1 day' + n * interval '1 second'
  FROM generate_series(1, %(each)s) AS n, unnest(ARRAY['inbound', 'outbound']) AS side
"""


class InboxBench(Bench):
    """The server that salespeople's browsers talk to."""

    def __init__(self, folder):
        super().__init__(folder)
        self._called = itertools.count()

    def look(self, messages, conversations, rounds):
        """{step: `Step`} with a thread of so many messages and so many conversations in the inbox."""
        self._fill_inbox(conversations)
        with self.registry.cursor() as cr:
            self._env = api.Environment(cr, SUPERUSER_ID, {})
            self._calls = self._import_calls()
            self._big = self._find_big_tables()
            self._steps, self._backends = defaultdict(Step), self._find_backends()
            self._ask("/web/session/authenticate", db=self.database, login=LOGIN, password=PASSWORD)
            # Odoo keeps views and rights in memory once they were asked for.
            self._open_kanban()
            for _round in range(3):
                self._open_thread(self._make_conversation(FEW_MESSAGES), 1)
            self._steps = defaultdict(Step)
            self._open_thread(self._make_conversation(messages), rounds)
            for _round in range(rounds):
                self._step("kanban", self._open_kanban)
            self._take_turns(rounds)
            return self._steps

    def _fill_inbox(self, conversations):
        self.fill(conversations * EACH)
        with self.registry.cursor() as cr:
            cr.execute(SPREAD, [self.sender_id])

    def _make_conversation(self, messages):
        customer = f"+{next(self._numbers)}"
        self._converse(customer, "Busco un sofá", "", "")
        conversation = self._env["whatsapp.conversation"].search([("contact_id.address", "=", f"whatsapp:{customer}")])
        each = messages // 2 - 1
        values = {"id": conversation.id, "sender": self.sender_id, "address": f"whatsapp:{customer}", "each": each}
        self._execute(LENGTHEN, values)
        return conversation.id

    def _open_thread(self, conversation, rounds):
        specification = self._get_specification("form")
        for number in range(rounds + 1):
            name = "conversation, again" if number else "conversation, first look"
            self._step(name, lambda: self._call("web_read", [conversation], specification))
        self._env.invalidate_all()
        channel = self._env["whatsapp.conversation"].browse(conversation).channel_id.id
        self._env.cr.rollback()  # what comes next must be seen
        for _round in range(rounds):
            self._step("newest messages of its thread", lambda: self._read_thread(channel))

    def _read_thread(self, channel):
        found = self._ask("/discuss/channel/messages", channel_id=channel, fetch_params={"limit": NEWEST})
        assert len(found["messages"]) == NEWEST, found

    def _open_kanban(self):
        groups = self._call(
            "web_read_group",
            [],
            ["stage"],
            [],
            auto_unfold=True,
            unfold_read_specification=self._get_specification("kanban"),
            unfold_read_default_limit=CARDS,
            context={"read_group_expand": True},
        )["groups"]
        assert any(group.get("__records") for group in groups), groups

    def _take_turns(self, rounds):
        """The same turn in conversations that nobody looks at, and in ones that somebody has looked at."""
        for _round in range(rounds):
            for name in ("unseen", "seen"):
                customer = f"+{next(self._numbers)}"
                self._converse(customer, "Busco un sofá", "", "")
                if name == "seen":
                    place = [("contact_id.address", "=", f"whatsapp:{customer}")]
                    self._env["whatsapp.conversation"].search(place)._get_channel()
                    self._env.cr.commit()
                self._converse(customer, "Me llamo Ana", f"arrival, {name}", f"turn, {name}", f"sending, {name}")

    def _get_specification(self, view):
        """What the web client asks of each record of a view."""
        arch = self._env["whatsapp.conversation"].get_view(view_type=view)["arch"]
        self._env.cr.rollback()  # what comes next must be seen
        names = {node.get("name") for node in etree.fromstring(arch).iterfind(".//field")}
        return {name: {} for name in names if name in self._env["whatsapp.conversation"]._fields}

    def _call(self, method, *args, **kwargs):
        model = "whatsapp.conversation"
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self._ask(path, model=model, method=method, args=list(args), kwargs=kwargs)

    def _ask(self, path, **params):
        question = {"jsonrpc": "2.0", "id": next(self._called), "params": params}
        answer = self._client.post(path, json=question, environ_base={"REMOTE_ADDR": "127.0.0.1"}).json
        assert "error" not in answer, answer["error"]["data"]["debug"]
        return answer["result"]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--conversations", type=int, default=20_000, help="in the inbox at last (default 20000)")
    options.add_argument("--messages", type=int, default=5_000, help="in the long thread (default 5000)")
    options.add_argument("--rounds", type=int, default=15, help="of each step, at both sizes (default 15)")
    options.add_argument("--json", metavar="FILE", help="write the figures here")
    chosen = options.parse_args()
    sizes = ((FEW_MESSAGES, FEW_CONVERSATIONS), (chosen.messages, chosen.conversations))
    figures = []
    with temporary_folder() as folder:
        say("Making a database and loading Odoo")
        bench = InboxBench(folder)
        try:
            for messages, conversations in sizes:
                say(f"A thread of {messages:,} messages, {conversations:,} conversations: measuring")
                steps = bench.look(messages, conversations, chosen.rounds)
                figures.append({name: step.summary() for name, step in steps.items() if name})
        finally:
            bench.discard()
    report(sizes, figures)
    write_json(chosen.json, {"sizes": sizes, "steps": figures})


def report(sizes, figures):
    few, many = figures
    both = " | ".join(f"{messages:,} messages, {conversations:,} conversations" for messages, conversations in sizes)
    print(f"{both}\n")
    rows = []
    for name, each in many.items():
        counts = f"{few[name]['statements']} | {each['statements']}"
        times = [f"{few[name][key]:.1f} | {each[key]:.1f}" for key in ("wall_ms", "odoo_cpu_ms", "postgres_cpu_ms")]
        rows.append([name, counts, *times, ", ".join(sorted(each["seq_scans"])) or "none"])
    print_table(["", "statements", "wall ms", "Odoo CPU ms", "PostgreSQL CPU ms", "sequential scans"], rows)
    print("\nAim: but for the first look, the same at both sizes.")


if __name__ == "__main__":
    main()
