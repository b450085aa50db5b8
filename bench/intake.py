#!/usr/bin/env python3
"""Requests a second of the webhook, beside an empty controller, one that does one insert, and OCA's mail_gateway.

    ./dev bench intake [--seconds 2] [--rounds 3] [--json FIGURES.json]

All four are routes of the same server and database in the same run, asked in turns. The worker sleeps, so that the
request alone is measured; with --worker it reads along, as in life. The database's `fsync` is off, which favours the
others: with it, every insert waits for the disk. The database is a shop's, in Spanish only, and requests name no
language, as Twilio's do not; Odoo then looks one up for each, at the same cost to all four.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path
from urllib.parse import urlencode

from _common import NUMBER, PUBLIC_URL, load, percentile, print_table, request_bytes, say, temporary_folder, write_json
from server import OdooServer
from standins.twilio_client import WEBHOOK_PATH, TwilioClient

BENCH_ADDONS = Path(__file__).resolve().parent / "addons"
PEER = ("odoo-addon-mail_gateway==19.0.*", "odoo-addon-mail_gateway_telegram==19.0.*")
PEER_NEEDS = ("python-telegram-bot", "lottie", "cairosvg")
CUSTOMERS = 200
MODES = {"threaded": (), "prefork, 2 workers": ("--workers=2",)}
CLIENTS = (1, 8)


def fetch_peer():
    """The folder that holds OCA's mail_gateway and what it imports; fetched once, into the cache."""
    folder = Path(os.environ["COLINEAL_CACHE"]) / "bench-mail_gateway-19.0"
    if not folder.exists():
        say("Fetching OCA's mail_gateway from the package index")
        unfinished = folder.with_suffix(".new")
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        for what in (PEER_NEEDS, ("--no-deps", *PEER)):
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--target", str(unfinished)]
            result = subprocess.run([*pip, *what], env=env, capture_output=True, text=True)
            if result.returncode:
                raise SystemExit(f"OCA's mail_gateway could not be fetched:\n{result.stderr}")
        unfinished.rename(folder)
    return folder


def make_server(folder, peer, mode, worker):
    """A server on a database with everything that is measured."""
    addons = ",".join(map(str, (os.environ["COLINEAL_ADDONS"], BENCH_ADDONS, peer / "odoo/addons")))
    env = {"PYTHONPATH": f"{os.environ['PYTHONPATH']}:{peer}"}
    options = [f"--addons-path={addons}", "--log-level=warn", f"--max-cron-threads={2 if worker else 0}", *MODES[mode]]
    folder.mkdir()
    server = OdooServer(folder, env, options)
    try:
        server.install("whatsapp_bench", "mail_gateway_telegram")
        return server.start()
    except BaseException:
        server.discard()
        raise


def twilio_requests(server, token):
    """Signed messages of many customers, prepared so that the client has little to do meanwhile."""
    twilio = TwilioClient(server.url, NUMBER, token, PUBLIC_URL)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "TwilioProxy/1.1"}

    def make(path):
        for number in itertools.count():
            form = twilio.form(f"+{593_980_000_000 + number % CUSTOMERS}", "Busco un sofá de 3 puestos")
            signed = {**headers, "X-Twilio-Signature": twilio.sign(form)}
            yield request_bytes(server.url, path, urlencode(form).encode(), signed)

    return make


def telegram_requests(server, secret):
    for number in itertools.count(1):
        chat = 500_000_000 + number % CUSTOMERS
        person = {"id": chat, "first_name": "Cliente", "last_name": str(chat)}
        update = {
            "update_id": number,
            "message": {
                "message_id": number,
                "from": {**person, "is_bot": False, "language_code": "es"},
                "chat": {**person, "type": "private"},
                "date": int(time.time()),
                "text": "Busco un sofá de 3 puestos",
            },
        }
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}
        yield request_bytes(server.url, "/gateway/telegram/bench/update", json.dumps(update).encode(), headers)


def prepare(server):
    """Configure both products; returns the endless requests of each thing measured, by its name."""
    sender = {"name": "Bench", "number": NUMBER, "public_url": PUBLIC_URL}
    sender_id = server.call("whatsapp.sender", "create", sender)
    token = server.call("whatsapp.sender", "read", [sender_id], ["simulation_token"])[0]["simulation_token"]
    secret = uuid.uuid4().hex
    gateway = {
        "name": "Bench",
        "gateway_type": "telegram",
        "token": "123456789:" + "A" * 35,
        "webhook_key": "bench",
        "webhook_secret": secret,
        "integrated_webhook_state": "integrated",
        "member_ids": [[4, server.call("res.users", "search", [["login", "=", "admin"]])[0]]],
    }
    server.call("mail.gateway", "create", gateway)
    twilio = twilio_requests(server, token)
    return {
        "empty controller": twilio("/bench/empty"),
        "one insert": twilio("/bench/insert"),
        "webhook": twilio(WEBHOOK_PATH),
        "mail_gateway": telegram_requests(server, secret),
    }


def measure(server, endpoints, clients, seconds, rounds):
    """Requests a second and latencies of each endpoint, all in turns."""
    found = {name: {"times": [], "seconds": 0.0, "wrong": 0} for name in endpoints}
    busy = time.process_time()
    for _round in range(rounds):
        for name, requests in endpoints.items():
            prepared = list(itertools.islice(requests, int(1500 * seconds) if name != "mail_gateway" else 500))
            elapsed, times, wrong = load(server.url, itertools.cycle(prepared), clients, seconds)
            if len(times) > len(prepared):
                raise SystemExit(f"{name}: {len(prepared)} prepared requests were too few")
            found[name]["times"] += times
            found[name]["seconds"] += elapsed
            found[name]["wrong"] += sum(wrong.values())
    say(f"  the clients took {time.process_time() - busy:.1f} s of CPU, preparations included")
    return {
        name: {
            "per_second": len(each["times"]) / each["seconds"],
            "p50_ms": percentile(each["times"], 0.5) * 1000,
            "p95_ms": percentile(each["times"], 0.95) * 1000,
            "requests": len(each["times"]),
            "not_200": each["wrong"],
        }
        for name, each in found.items()
    }


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=2, help="of each measurement (default 2)")
    options.add_argument("--rounds", type=int, default=3, help="measurements of each, in turns (default 3)")
    options.add_argument("--worker", action="store_true", help="let the worker read along")
    options.add_argument("--json", metavar="FILE", help="write the figures here")
    chosen = options.parse_args()
    peer, figures = fetch_peer(), {}
    with temporary_folder() as folder:
        for number, mode in enumerate(MODES):
            say(f"{mode}: making a database and starting Odoo")
            server = make_server(folder / str(number), peer, mode, chosen.worker)
            try:
                endpoints = prepare(server)
                measure(server, endpoints, 2, 0.5, 1)
                for clients in CLIENTS:
                    say(f"{mode}: {clients} client(s)")
                    figures[f"{mode}, {clients} clients"] = measure(
                        server, endpoints, clients, chosen.seconds, chosen.rounds
                    )
            finally:
                server.discard()
    report(figures)
    write_json(chosen.json, {"worker": chosen.worker, "figures": figures})


def report(figures):
    rows = []
    for place, found in figures.items():
        for name, each in found.items():
            ratio = found["webhook"]["per_second"] / each["per_second"]
            wrong = f"{each['not_200']} not 200" if each["not_200"] else ""
            numbers = each["per_second"], each["p50_ms"], each["p95_ms"], f"{ratio:.2f}"
            rows.append([f"{place}: {name}", *numbers, wrong])
    print_table(["", "requests/s", "p50 ms", "p95 ms", "webhook/this", ""], rows)
    print("\nAims: webhook/one insert at least 0.60, webhook/mail_gateway at least 12.")


if __name__ == "__main__":
    main()
