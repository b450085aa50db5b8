#!/usr/bin/env python3
"""How long reports take in a shop with a million messages: dashboard, figures and pivot.

    ./dev bench reports [--messages 1000000] [--rounds 5] [--explain] [--json FIGURES.json]

A database of its own, filled as `scale` fills it: conversations over 700 days. Times are medians of whole calls as a
browser makes them, after one that warms up; beside them what reading the same from the messages would take.
"""

import argparse
import time
from functools import partial
from statistics import median

from _common import print_table, say, temporary_folder, write_json
from odoo import SUPERUSER_ID, Command, api
from scale import Bench, listen

#: Milliseconds in which the dashboard is to open.
AIM = 2000

#: What a report without columns of its own would have to ask.
FROM_MESSAGES = """
SELECT count(*), sum(messages), avg(EXTRACT(EPOCH FROM answered - begun))
  FROM (SELECT conversation_id, count(*) AS messages,
               min(line.create_date) FILTER (WHERE direction = 'inbound') AS begun,
               min(line.create_date) FILTER (WHERE author = 'assistant') AS answered
          FROM whatsapp_conversation_message line
          JOIN whatsapp_conversation conversation ON conversation.id = line.conversation_id
         WHERE conversation.first_inbound_at >= now() - %s * interval '1 day'
      GROUP BY conversation_id) AS counted
"""


class Reports(Bench):
    def measure_reports(self, rounds, explain):
        """{report: {"ms", "first_ms", "statements", "seq_scans"}}."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            manager = self._make_user(env, "manager", "sales_team.group_sale_manager")
            salesperson = self._make_user(env, "salesperson", "sales_team.group_sale_salesman")
            cr.commit()
            self._env, self._big = env, self._find_big_tables()
            return {
                name: self._time(run, rounds, explain and name)
                for name, run in {**self._list_calls(manager), **self._list_calls(salesperson, brief=True)}.items()
            }

    def _make_user(self, env, login, group):
        users = env["res.users"].with_context(no_reset_password=True)
        return users.create({"name": login, "login": login, "group_ids": [Command.link(env.ref(group).id)]})

    def _list_calls(self, user, brief=False):
        report = self._env["whatsapp.conversation.report"].with_user(user).with_context(tz="America/Guayaquil")
        years = {"period": "custom", "date_from": "2000-01-01", "date_to": "2100-01-01"}
        measures = ["__count", "lead_rate:avg", "won_rate:avg", "assistant_seconds:avg", "lead_minutes:avg"]
        calls = {
            f"dashboard, 30 days, {user.login}": report.get_dashboard,
            f"dashboard, all, {user.login}": partial(report.get_dashboard, **years),
        }
        if brief:
            return calls
        return {
            **calls,
            "figures, all": report._get_kpis,
            "pivot by quality, all": partial(report.formatted_read_group, [], ["quality"], measures),
            "pivot by product, all": partial(report.formatted_read_group, [], ["interest_ids"], measures),
            "pivot by weekday and hour, all": partial(report.formatted_read_group, [], ["weekday", "hour"], measures),
            "pivot of the model's cost, all": partial(report.formatted_read_group, [], [], ["cost:sum"]),
            "from messages, 30 days": partial(self._env.cr.execute, FROM_MESSAGES, [30]),
            "from messages, all": partial(self._env.cr.execute, FROM_MESSAGES, [100_000]),
        }

    def _time(self, run, rounds, explain):
        times = []
        for _round in range(rounds + 1):
            self._env.invalidate_all()
            begin = time.perf_counter()
            with listen() as statements:
                run()
            times.append((time.perf_counter() - begin) * 1000)
        scans = set()
        for query, params in statements:
            scans |= self._find_scans(query, params)
            if explain and query.lstrip().upper().startswith("SELECT"):
                self._explain(explain, query, params)
        self._env.cr.rollback()
        return {
            "ms": median(times[1:]),
            "first_ms": times[0],
            "statements": len(statements),
            "seq_scans": sorted(scans),
        }

    def _explain(self, name, query, params):
        self._env.cr.execute(f"EXPLAIN (ANALYZE, COSTS OFF) {query}", params)
        print(f"\n-- {name}: {' '.join(query.split())[:120]}")
        for (line,) in self._env.cr.fetchall():
            print(line)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--messages", type=int, default=1_000_000, help="stored (default 1000000)")
    options.add_argument("--rounds", type=int, default=5, help="of each report, after the first (default 5)")
    options.add_argument("--explain", action="store_true", help="print how PostgreSQL ran each statement")
    options.add_argument("--json", metavar="FILE", help="write the figures here")
    chosen = options.parse_args()
    with temporary_folder() as folder:
        say("Making a database and loading Odoo")
        bench = Reports(folder)
        try:
            bench.fill(chosen.messages)
            figures = bench.measure_reports(chosen.rounds, chosen.explain)
        finally:
            bench.discard()
    rows = [
        [name, each["ms"], each["first_ms"], each["statements"], ", ".join(each["seq_scans"]) or "none"]
        for name, each in figures.items()
    ]
    print(f"Reports with {chosen.messages:,} messages stored\n")
    print_table(["", "ms", "first ms", "statements", "sequential scans"], rows)
    print(
        f"\nAims: the dashboard opens in {AIM} ms, and no report but the two that are compared with reads the messages."
    )
    write_json(chosen.json, {"messages": chosen.messages, "reports": figures})


if __name__ == "__main__":
    main()
