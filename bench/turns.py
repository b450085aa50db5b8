#!/usr/bin/env python3
"""Turns a second and the time from webhook to reply, with a model that takes a second for each answer: Gemini's stand-in.

    ./dev bench turns [--waiting 200] [--limit 40] [--only "2 worker"] [--json FIGURES.json]

Customers write through the webhook, and a reply counts when Twilio's stand-in has it. "Waiting" rows begin with that
many conversations unread, and say how long each waited from then on; "arriving" rows have messages come evenly, and
say how long each customer waited. A row ends when all are answered, or after --limit seconds.
"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from _common import NUMBER, PUBLIC_URL, percentile, print_table, say, temporary_folder, write_json
from server import OdooServer
from services import wait_until
from standins.gemini_api import GeminiApi
from standins.twilio_api import TwilioApi
from standins.twilio_client import TwilioClient

ACCOUNT_SID = "AC" + "5" * 32
TOKEN = "the account's primary auth token"
BENCH_ADDONS = Path(__file__).resolve().parent / "addons"
MODEL_SECONDS = 1.0
COALESCING = 1
ARRIVING, ARRIVING_SECONDS = 10, 20


def answer_at_leisure(request):
    """The model finds what there is to find, and words nothing: its replies are scripted."""
    finding = {"slot": "product", "value": "sofá", "quote": "un sofá de 3 puestos"}
    return {"findings": [finding], "language": "es"} if "findings" in str(request.schema) else {"reply": ""}


@dataclass(frozen=True)
class Row:
    """What is measured: `calls` is how many conversations may be at the model at once, over all workers.

    failing
        the share of the model's calls that fail.
    """

    provider: str
    workers: int
    calls: int
    arriving: bool = False
    failing: float = 0.0

    @property
    def title(self):
        how = f"{ARRIVING} a second arriving" if self.arriving else "waiting"
        failing = f", {self.failing:.0%} failing" if self.failing else ""
        return f"{self.provider}, {how}, {self.workers} worker(s){failing}"


ROWS = (
    Row("gemini", 1, 1),
    Row("gemini", 1, 8),
    Row("gemini", 1, 32),
    Row("gemini", 1, 64),
    Row("rules", 1, 32),
    Row("gemini", 1, 32, arriving=True),
    Row("gemini", 2, 32),
    Row("gemini", 2, 64),
    Row("rules", 2, 32),
    Row("gemini", 2, 64, failing=0.2),
    Row("gemini", 2, 32, arriving=True),
)

#: Not reported: the first turns of a process load Twilio's client and compile the vocabulary.
WARM_UP = Row("rules", 1, 1)


class Bench:
    """One server with a live sender, and the stand-ins it talks to."""

    def __init__(self, folder, workers, model):
        folder.mkdir()
        self.model = model
        self.api = TwilioApi(ACCOUNT_SID, TOKEN)
        env = {
            "TWILIO_API_URL": self.api.url,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "GEMINI_API_URL": model.url,
            "GOOGLE_API_KEY": model.key,
        }
        options = [f"--addons-path={Path(__file__).resolve().parent.parent},{BENCH_ADDONS}", "--log-level=warn"]
        self.server = OdooServer(folder, env, [*options, "--workers=2", f"--max-cron-threads={workers}"])
        self._twilio = TwilioClient(self.server.url, NUMBER, TOKEN, PUBLIC_URL, ACCOUNT_SID)
        self._numbers = iter(range(593_980_000_000, 593_990_000_000))
        try:
            self._set_up()
        except BaseException:
            self.discard()
            raise

    def _set_up(self):
        server = self.server
        server.install("whatsapp_bench")
        server.start()
        self._assistant = server.call("whatsapp.assistant", "search", [], limit=1)[0]
        sender = {"name": "Bench", "number": NUMBER, "public_url": PUBLIC_URL, "account_sid": ACCOUNT_SID}
        server.call("whatsapp.sender", "create", {**sender, "assistant_id": self._assistant})
        self.api.callbacks.server = server.url

    def discard(self):
        self.server.discard()
        self.api.close()

    def measure(self, row, waiting, limit):
        """The figures of one row."""
        values = {"provider": row.provider, "max_calls": row.calls // row.workers}
        values["coalescing_seconds"] = COALESCING if row.arriving else 0
        self.server.call("whatsapp.assistant", "write", [self._assistant], values)
        self.model.misbehave(row.failing)
        customers = [
            f"+{next(self._numbers)}" for _each in range(ARRIVING * ARRIVING_SECONDS if row.arriving else waiting)
        ]
        before = self._get_cpu()
        begun = self._arrive(customers) if row.arriving else self._release(customers)
        before = before if row.arriving else begun.pop("cpu")
        begin = min(begun.values())
        answered = self._await_answers(customers, limit)
        end = max(answered.values()) if len(answered) == len(customers) else time.time()
        odoo, postgres = (after - base for after, base in zip(self._get_cpu(), before, strict=True))
        times = [answered[customer] - begun[customer] for customer in answered]
        by_model = self._count_by_model(customers)
        self._clear_away()
        turns = len(answered)
        return {
            **asdict(row),
            "customers": len(customers),
            "turns": turns,
            "turns_per_second": turns / (end - begin),
            "p50_s": percentile(times, 0.5),
            "p95_s": percentile(times, 0.95),
            "p99_s": percentile(times, 0.99),
            "by_model": by_model / turns if turns else None,
            "odoo_cpu_ms": 1000 * odoo / turns if turns else None,
            "postgres_cpu_ms": 1000 * postgres / turns if turns else None,
        }

    def _arrive(self, customers):
        """Messages come evenly; {customer: when it was acknowledged}."""
        acknowledged = {}

        def deliver(customer):
            self._twilio.deliver(customer, "Busco un sofá de 3 puestos")
            acknowledged[customer] = time.time()

        begin = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            for number, customer in enumerate(customers):
                time.sleep(max(0.0, begin + number / ARRIVING - time.monotonic()))
                pool.submit(deliver, customer)
        return acknowledged

    def _release(self, customers):
        """Messages wait until the worker is let go; {customer: that moment}, and the CPU used until then."""
        self._let_work(False)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda customer: self._twilio.deliver(customer, "Busco un sofá de 3 puestos"), customers))
        cpu = self._get_cpu()
        now = time.time()
        self._let_work(True)
        return {**dict.fromkeys(customers, now), "cpu": cpu}

    def _await_answers(self, customers, limit):
        """{customer: when the reply was taken}, of those that were answered in time."""
        wanted = {f"whatsapp:{customer}" for customer in customers}
        deadline = time.monotonic() + limit
        answered = {}
        while len(answered) < len(wanted) and time.monotonic() < deadline:
            for message in self.api.sent[:]:
                if message["To"] in wanted:
                    answered.setdefault(message["To"].removeprefix("whatsapp:"), self.api.taken_at[message["sid"]])
            time.sleep(0.02)
        return answered

    def _let_work(self, active):
        """Let the worker's jobs run, or not; told to Odoo's scheduler as it tells itself."""
        jobs = (
            "SELECT res_id FROM ir_model_data WHERE model = 'ir.cron' AND name IN ('ir_cron_worker', 'ir_cron_helper')"
        )
        query = self.server.postgres.query
        query(self.server.database, f"UPDATE ir_cron SET active = %s WHERE id IN ({jobs})", [active])
        if active:
            now = "now() AT TIME ZONE 'UTC'"
            query(
                self.server.database,
                f"INSERT INTO ir_cron_trigger (cron_id, call_at) SELECT res_id, {now} FROM ({jobs}) AS jobs",
            )
            query("postgres", "SELECT pg_notify('cron_trigger', %s)", [self.server.database])

    def _count_by_model(self, customers):
        """How many of these customers' turns the model read; the rules read the others."""
        ((count,),) = self.server.postgres.query(
            self.server.database,
            "SELECT count(*) FROM whatsapp_classification turn"
            " JOIN whatsapp_conversation conversation ON conversation.id = turn.conversation_id"
            " WHERE turn.provider = 'gemini' AND conversation.phone = ANY(%s)",
            [customers],
        )
        return count

    def _clear_away(self):
        """Have the rules read what was not answered, so that the next row begins with nothing."""
        self.server.call("whatsapp.assistant", "write", [self._assistant], {"provider": "rules"})
        unfinished = "SELECT 1 FROM whatsapp_conversation_message WHERE state IN ('received', 'queued', 'sending')"
        query, database = self.server.postgres.query, self.server.database
        wait_until(lambda: not query(database, unfinished), 120, "the end of all work")
        self.api.callbacks.wait_until_posted()

    def _get_cpu(self):
        """Seconds of CPU that Odoo's processes used, and PostgreSQL's for this database."""
        odoo = psutil.Process(self.server.pid)
        backends = self.server.postgres.query(
            self.server.database,
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()",
        )
        return (
            sum(_get_seconds(process) for process in [odoo, *odoo.children(recursive=True)]),
            sum(_get_seconds(psutil.Process(pid)) for (pid,) in backends if psutil.pid_exists(pid)),
        )


def _get_seconds(process):
    times = process.cpu_times()
    return times.user + times.system


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--waiting", type=int, default=200, help="conversations that wait (default 200)")
    options.add_argument("--limit", type=float, default=40, help="seconds for each row (default 40)")
    options.add_argument("--only", metavar="TEXT", default="", help="rows with this text in their title")
    options.add_argument("--json", metavar="FILE", help="write the figures here")
    chosen = options.parse_args()
    chosen_rows = [row for row in ROWS if chosen.only in row.title]
    if not chosen_rows:
        options.error("no row has that text in its title: " + "; ".join(row.title for row in ROWS))
    model, figures = GeminiApi("the bench's key", answer_at_leisure, latency=MODEL_SECONDS), []
    with temporary_folder() as folder:
        for workers in sorted({row.workers for row in chosen_rows}):
            say(f"{workers} worker(s): making a database and starting Odoo")
            bench = Bench(folder / str(workers), workers, model)
            try:
                bench.measure(WARM_UP, 20 * workers, chosen.limit)
                for row in chosen_rows:
                    if row.workers == workers:
                        figures.append(bench.measure(row, chosen.waiting, chosen.limit))
                        say(f"  {row.title}, {row.calls} calls: {figures[-1]['turns_per_second']:.1f} turns/s")
            finally:
                bench.discard()
    model.close()
    report(figures)
    write_json(chosen.json, {"model_seconds": MODEL_SECONDS, "coalescing_seconds": COALESCING, "rows": figures})


def report(figures):
    heads = ["", "calls", "by model", "turns", "turns/s", "p50 s", "p95 s", "p99 s", "Odoo ms", "PostgreSQL ms"]
    keys = ("turns_per_second", "p50_s", "p95_s", "p99_s", "odoo_cpu_ms", "postgres_cpu_ms")
    rows = []
    for each in figures:
        row = Row(each["provider"], each["workers"], each["calls"], each["arriving"], each["failing"])
        done = f"{each['turns']}/{each['customers']}"
        rows.append([row.title, row.calls, each["by_model"], done, *(each[key] for key in keys)])
    print_table(heads, rows)
    slow = [each for each in figures if each["provider"] == "gemini"]
    rates = [each["turns_per_second"] for each in slow if not (each["arriving"] or each["failing"])]
    delays = [each["p95_s"] - MODEL_SECONDS - COALESCING for each in slow if each["arriving"] and each["turns"]]
    print()
    if rates:
        print(f"Best with a model of {MODEL_SECONDS:.0f} s: {max(rates):.1f} turns/s (aim: at least 25).")
    if delays:
        print(f"p95 from webhook to reply, beyond model and coalescing: {min(delays):.2f} s (aim: at most 0.5).")


if __name__ == "__main__":
    main()
