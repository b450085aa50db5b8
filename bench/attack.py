#!/usr/bin/env python3
"""How long genuine messages take while the webhook is flooded with requests that are not.

    ./dev bench attack [--rate 40] [--seconds 5] [--rounds 3] [--json FIGURES.json]

Genuine messages come at 20 a second; the flood at a rate of its own, whatever the answers. Side by side, in turns: no
flood; one of as many requests to a controller that does nothing, which is the least that Odoo can do for a request; and
floods of bad signatures, of unknown senders, and of bodies that are too large. What the flood adds to the log is
measured too: Odoo's own line a request, and ours. All run on the machine of the server, so the clients take their share.
"""

import argparse
import itertools
import os
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from _common import (
    NUMBER,
    PUBLIC_URL,
    Connection,
    percentile,
    print_table,
    request_bytes,
    say,
    temporary_folder,
    write_json,
)
from server import OdooServer
from standins.twilio_client import WEBHOOK_PATH, TwilioClient

BENCH_ADDONS = Path(__file__).resolve().parent / "addons"
MODES = {"threaded": (), "prefork, 2 workers": ("--workers=2",)}
GENUINE_RATE = 20
CLIENTS = 8


def make_server(folder, mode):
    folder.mkdir()
    addons = f"--addons-path={os.environ['COLINEAL_ADDONS']},{BENCH_ADDONS}"
    server = OdooServer(folder, options=[addons, "--max-cron-threads=0", *MODES[mode]])
    try:
        server.install("whatsapp_bench")
        return server.start()
    except BaseException:
        server.discard()
        raise


def make_requests(server):
    """(genuine requests, floods by name), endless iterators of bytes."""
    sender = server.call("whatsapp.sender", "create", {"name": "Bench", "number": NUMBER, "public_url": PUBLIC_URL})
    (read,) = server.call("whatsapp.sender", "read", [sender], ["simulation_token"])
    twilio = TwilioClient(server.url, NUMBER, read["simulation_token"], PUBLIC_URL)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    def make(path=WEBHOOK_PATH, token=None, **parameters):
        for number in itertools.count():
            form = twilio.form(f"+{593_980_000_000 + number % 5000}", "Busco un sofá de 3 puestos", **parameters)
            signed = {**headers, "X-Twilio-Signature": twilio.sign(form, token=token)}
            yield request_bytes(server.url, path, urlencode(form).encode(), signed)

    large = request_bytes(server.url, WEBHOOK_PATH, b"", {**headers, "Content-Length": 10_000_000})
    return make(), {
        "no flood": None,
        "empty controller": make("/bench/empty"),
        "bad signatures": make(token="another"),
        "unknown senders": make(To="whatsapp:+593222222222"),
        "bodies too large": itertools.repeat(large.replace(b"Content-Length: 0\r\n", b"")),
    }


def post_at(rate, url, requests, seconds, clients):
    """Post at a steady rate, as far as the clients come; returns (seconds of each from when it was due, statuses)."""
    prepared = list(itertools.islice(requests, int(rate * seconds)))
    begin, found, lock = time.perf_counter(), [], threading.Lock()

    def run(mine):
        connection = Connection(url)
        for number in mine:
            due = begin + number / rate
            time.sleep(max(0, due - time.perf_counter()))
            if time.perf_counter() > begin + seconds:
                break
            try:
                status = connection.post(prepared[number])
            except OSError:
                connection.close()
                status = None
            with lock:
                found.append((time.perf_counter() - due, status))
        connection.close()

    threads = [threading.Thread(target=run, args=[range(n, len(prepared), clients)]) for n in range(clients)]
    for thread in threads:
        thread.start()
    return threads, found


def measure(server, genuine, flood, rate, seconds):
    """Genuine messages' times in ms, the flood's requests, and the bytes that the log grew for each of these."""
    before, log = server.log.stat().st_size, []
    threads = []
    if flood:
        threads, log = post_at(rate, server.url, flood, seconds, CLIENTS)
    mine, times = post_at(GENUINE_RATE, server.url, genuine, seconds, 2)
    for thread in threads + mine:
        thread.join()
    grown = server.log.read_bytes()[before:]
    own = sum(len(line) for line in grown.splitlines() if b"colineal_whatsapp_crm" in line)
    return {
        "times": [taken for taken, _status in times],
        "lost": sum(status != 200 for _taken, status in times),
        "flood": len(log),
        "log": len(grown),
        "own_log": own,
    }


def summarize(rounds):
    times = [taken for each in rounds for taken in each["times"]]
    return {
        "p50_ms": percentile(times, 0.5) * 1000,
        "p95_ms": percentile(times, 0.95) * 1000,
        "messages": len(times),
        "not_200": sum(each["lost"] for each in rounds),
        "flood": sum(each["flood"] for each in rounds),
        "log_bytes": sum(each["log"] for each in rounds),
        "own_log_bytes": sum(each["own_log"] for each in rounds),
    }


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rate", type=float, default=40, help="requests a second of the flood (default 40)")
    options.add_argument("--seconds", type=float, default=5, help="of each measurement (default 5)")
    options.add_argument("--rounds", type=int, default=3, help="measurements of each, in turns (default 3)")
    options.add_argument("--json", metavar="FILE", help="write the figures here")
    chosen = options.parse_args()
    figures = {}
    with temporary_folder() as folder:
        for number, mode in enumerate(MODES):
            say(f"{mode}: making a database and starting Odoo")
            server = make_server(folder / str(number), mode)
            try:
                genuine, floods = make_requests(server)
                measure(server, genuine, None, 0, 2)
                rounds = {name: [] for name in floods}
                for _round in range(chosen.rounds):
                    for name, flood in floods.items():
                        rounds[name].append(measure(server, genuine, flood, chosen.rate, chosen.seconds))
                figures[mode] = {name: summarize(each) for name, each in rounds.items()}
            finally:
                server.discard()
    heads = ["flood", "p50 ms", "p95 ms", "messages", "not 200", "flood's requests", "log bytes", "of these ours"]
    print_table(
        heads, [[f"{mode}: {name}", *each.values()] for mode, found in figures.items() for name, each in found.items()]
    )
    write_json(chosen.json, {"rate": chosen.rate, "figures": figures})


if __name__ == "__main__":
    main()
