"""./dev up and down: the product in the background."""

import argparse
import hashlib
import os
import re
import shutil
from pathlib import Path

from .console import Problem, Progress, only_one, say
from .home import Home
from .machine import free_port, need_packages, port_is_free, postgres_bin, who_listens
from .odoo import Venv, clean_environment, find_odoo
from .paths import ADDON, ROOT, STATE

LANGUAGE = "es_EC"

#: Those below are for root alone. Live updates need the port that is three above.
FIRST_PORT, LAST_PORT = 1024, 65535 - 3

# Odoo's own scheduled jobs that call its makers' services on the internet.
CALLS_OUTSIDE = (
    "d.module LIKE '%iap%' OR d.module IN ('snailmail', 'partner_autocomplete', 'sms')"
    " OR d.name = 'ir_cron_module_update_notification'"
)
QUIET = f"""
UPDATE ir_cron SET active = false WHERE id IN
    (SELECT d.res_id FROM ir_model_data d WHERE d.model = 'ir.cron' AND ({CALLS_OUTSIDE}));
"""
IN_SPANISH = f"""
UPDATE res_partner SET lang = '{LANGUAGE}' WHERE id = (SELECT partner_id FROM res_users WHERE login = 'admin');
"""


def addon_fingerprint():
    """Changes when an installed addon must be updated; tests and texts for readers do not count."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / ADDON).rglob("*")):
        parts = path.relative_to(ROOT / ADDON).parts
        if path.is_file() and "__pycache__" not in parts and "tests" not in parts and parts[0] != "readme":
            digest.update("/".join(parts).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def set_parameters(home, database, **parameters):
    for key, value in parameters.items():
        key = key.replace("__", ".")
        home.sql(
            f"INSERT INTO ir_config_parameter (key, value) VALUES ('{key}', '{value}')"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            database,
        )


def answers(url):
    import urllib.request  # here, because it is slow to load and ./dev predict is in a hurry

    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url + "/web/login", timeout=60) as response:
            return response.status == 200
    except OSError:
        return False


def chosen(options, now):
    """What to run: what the flags say; else what is running already; else the defaults."""
    defaults = {"port": 8069, "db": "colineal", "workers": 0, "odoo": None}
    given = {key: getattr(options, key, None) for key in defaults}
    if given["db"] and not re.fullmatch(r"[a-z][a-z0-9_-]*", given["db"]):
        raise Problem(f"{given['db']!r} is no good name for a database: small letters, digits, - and _ only.")
    first = FIRST_PORT if os.geteuid() else 1
    if given["port"] is not None and not first <= given["port"] <= LAST_PORT:
        raise Problem(
            f"{given['port']} is no port that can be used: choose one from {first} to {LAST_PORT}, such as"
            " ./dev up --port 8070"
        )
    if given["workers"] is not None and given["workers"] < 0:
        raise Problem("--workers is how many worker processes there are: 0 (threads in one process) or more.")
    if given["odoo"]:
        given["odoo"] = str(Path(given["odoo"]).expanduser().resolve())
    return {key: given[key] if given[key] is not None else (now or defaults)[key] for key in defaults}


def up(options):
    """Everything between an empty clone and an answering server, skipping what is done."""
    with only_one(STATE / "up.lock", "starting the product"):
        home = Home(STATE)
        now = home.running("odoo")
        wanted = chosen(options, now and now["settings"])
        fingerprint, url = addon_fingerprint(), f"http://127.0.0.1:{wanted['port']}"
        done = home.state["databases"].get(wanted["db"], {})
        same = now and now["settings"] == wanted and done.get("addon") == fingerprint and not options.fresh
        if same and home.running("postgres") and home.running("redis") and answers(url):
            return show_ending(url)
        if not port_is_free(wanted["port"]) and not (now and now["settings"]["port"] == wanted["port"]):
            raise Problem(
                f"Port {wanted['port']} is taken ({who_listens(wanted['port'])})."
                f" Choose another one: ./dev up --port {wanted['port'] + 10}"
            )
        options.odoo = wanted["odoo"]
        need_packages()
        odoo, venv = find_odoo(options), Venv()
        venv.need_odoo()
        with home.stopped_on_failure():
            if now:
                say("  Starting Odoo anew, with what changed since.")
            home.stop("odoo")
            home.start_postgres()
            home.start_redis()
            prepare_product_database(home, odoo, venv, wanted["db"], url, fingerprint, options.fresh)
            start_product(home, odoo, venv, wanted, url)
    show_ending(url)


def prepare_product_database(home, odoo, venv, database, url, fingerprint, fresh):
    """Install the addon with demo data, or update it when its files changed since."""
    done = home.has_database(database) and home.state["databases"][database]
    if fresh or not done:
        home.drop_database(database)
        home.install(odoo, venv, database, "--with-demo", f"--load-language={LANGUAGE}")
        home.sql(QUIET + IN_SPANISH, database)
        home.finished_database(database, addon=fingerprint, odoo=odoo.version)
        home.warm(odoo, venv, database)
    elif done != {"addon": fingerprint, "odoo": odoo.version}:
        modules = ADDON if done["odoo"] == odoo.version else "all"
        home.run_odoo(f"Updating {ADDON}", odoo, venv, database, "-u", modules)
        home.finished_database(database, addon=fingerprint, odoo=odoo.version)
    set_parameters(home, database, web__base__url=url, web__base__url__freeze="True")


def start_product(home, odoo, venv, wanted, url):
    config = home.write_config(wanted["db"], wanted["port"], wanted["workers"])
    # More requests at once than database connections would be errors; so few threads that they queue instead.
    env = home.odoo_environment(odoo, venv, ODOO_MAX_HTTP_THREADS="16")
    with Progress("Starting Odoo"):
        home.launch(
            "odoo", [venv.python, odoo.script, "-c", config], STATE / "odoo.log", lambda: answers(url), 180,
            env=env, settings=wanted,
        )  # fmt: skip


def show_ending(url):
    print(
        f"""
Colineal WhatsApp CRM is running at {url}   (user: admin, password: admin)

Three things to try:
  1. In the browser, open CRM > WhatsApp > Conversations.
  2. Write to it as a customer would:  ./dev chat --demo
  3. Run its tests:                    ./dev test

Odoo's log is .dev/odoo.log. To stop it all: ./dev down""",
        flush=True,
    )


def down(options):
    """Stop what `up` started, and nothing else."""
    with only_one(STATE / "up.lock", "starting the product"):
        stopped = Home(STATE).stop_all()
        if options.purge:
            with only_one(STATE / "test.lock", "testing"):
                Home(STATE / "test").stop_all()
                shutil.rmtree(STATE)
    print(f"Stopped {', '.join(stopped)}." if stopped else "Nothing was running.")
    if options.purge:
        print("Deleted .dev with its databases; downloads stay in the cache.")


def product(options):
    """The running product, started first if need be: its home, address and database."""
    home = Home(STATE)
    now = home.running("odoo")
    if not now:
        defaults = {"odoo": None, "port": None, "db": None, "workers": None, "fresh": False}
        up(argparse.Namespace(**{**defaults, **vars(options)}))
        home = Home(STATE)
        now = home.running("odoo")
    return home, f"http://127.0.0.1:{now['settings']['port']}", now["settings"]["db"]


def chat(options):
    """Talk to the running product as a customer (devtools/chat.py)."""
    from . import chat as terminal_chat

    if {"-h", "--help"} & set(options.args):
        # Whoever only asks what it does need not wait for an installation.
        return terminal_chat.main(["--help"], "", "")
    _home, url, database = product(options)
    return terminal_chat.main(options.args, url, database)


def odoo_command(options):
    """Odoo's own command line on the product's database."""
    home, _url, database = product(options)
    odoo, venv = find_odoo(argparse.Namespace(odoo=home.running("odoo")["settings"]["odoo"])), Venv()
    # Not the server's own file: with workers, even a shell would start a server on its port.
    config = home.write_config(database, free_port(), name="command.conf")
    env = home.odoo_environment(odoo, venv, ODOO_RC=str(config))
    os.chdir(ROOT)
    os.execve(venv.python, [str(venv.python), str(odoo.script), *options.args], env)


def psql(options):
    """PostgreSQL's own prompt on the product's database."""
    home, _url, database = product(options)
    program = postgres_bin() / "psql"
    os.execve(
        program, [str(program), "-h", home.socket, "-U", "odoo", "-d", database, *options.args], clean_environment()
    )
