"""Processes and databases of our own."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from .console import Problem, last_lines, latest, output_of, run_step
from .machine import free_port, identity, port_is_free, postgres_bin, redis_server
from .odoo import clean_environment
from .paths import ADDON, ROOT

#: PostgreSQL logs a statement that fails, values and all, unless it is told not to: customers' words and numbers.
QUIET_ABOUT_VALUES = ("log_min_error_statement=panic", "log_error_verbosity=terse")


class Home:
    """A folder with one private PostgreSQL cluster, one Redis, one Odoo, and notes about them.

    There are two: .dev for the product, .dev/test for the tests. The notes (state.json) hold
    which processes were started and which databases are complete; what they do not name is
    not ours to stop, and a database that they do not name was never finished.
    """

    def __init__(self, folder, for_tests=False):
        self.folder, self.for_tests = folder, for_tests
        self.notes = folder / "state.json"
        self.state = {"services": {}, "databases": {}}
        with contextlib.suppress(OSError, ValueError):
            self.state |= json.loads(self.notes.read_text())
        if self.state.get("folder") != str(folder):
            # A copied or moved clone: its databases came along, but what runs is another's.
            self.state |= {"folder": str(folder), "services": {}}
        self.started = []

    def save(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        fresh = self.notes.with_suffix(".new")
        fresh.write_text(json.dumps(self.state, indent=1))
        fresh.replace(self.notes)

    # -- services

    def running(self, name):
        """The notes of a service that is alive, or None."""
        service = self.state["services"].get(name)
        alive = service and service["identity"] and identity(service["pid"]) == service["identity"]
        return service if alive else None

    def launch(self, name, argv, log, ready, patience, env=None, **notes):
        """Start a service in the background and wait until it is `ready`."""
        log.parent.mkdir(parents=True, exist_ok=True)
        with open(log, "ab") as output:
            begin = output.tell()
            child = subprocess.Popen(
                [str(part) for part in argv],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                env=env or clean_environment(), start_new_session=True,
            )  # fmt: skip
        self.state["services"][name] = {"pid": child.pid, "identity": identity(child.pid), **notes}
        self.save()
        self.started.append(name)
        deadline = time.monotonic() + patience
        while not ready():
            if child.poll() is not None or time.monotonic() > deadline:
                ended = "ended" if child.poll() is not None else f"did not answer within {patience} s"
                words = log.read_bytes()[begin:].decode(errors="replace").splitlines()[-15:]
                tail = "\n".join("    " + line for line in words)
                raise Problem(f"{name} {ended}. The last lines of {log}:\n{tail}")
            time.sleep(0.05)

    def stop(self, name):
        """Stop a service if it is still the one we started; True when it was."""
        service = self.running(name)
        if service:
            pid = service["pid"]
            os.kill(pid, signal.SIGINT if name == "postgres" else signal.SIGTERM)
            deadline = time.monotonic() + 20
            while self.running(name) and time.monotonic() < deadline:
                time.sleep(0.05)
            if self.running(name):
                os.killpg(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        noted = self.state["services"].pop(name, None)
        if noted and name == "postgres":
            shutil.rmtree(noted["socket"], ignore_errors=True)
        self.save()
        return bool(service)

    def stop_all(self):
        return [name for name in ("odoo", "redis", "postgres") if self.stop(name)]

    @contextlib.contextmanager
    def stopped_on_failure(self):
        """What this run started does not stay behind when it fails or is interrupted."""
        try:
            yield
        except BaseException:
            for name in reversed(self.started):
                self.stop(name)
            raise

    # -- PostgreSQL

    def as_postgres(self):
        """PostgreSQL refuses to run as root: give it its own user then, who may still enter our folder."""
        if os.geteuid():
            return []
        caps = "+dac_override,+dac_read_search"
        switch = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        with_rights = [*switch, f"--inh-caps={caps}", f"--ambient-caps={caps}"]
        allowed = subprocess.run([*with_rights, "true"], stderr=subprocess.DEVNULL).returncode == 0
        return with_rights if allowed else switch

    def start_postgres(self):
        if self.running("postgres"):
            return
        programs, data = postgres_bin(), self.folder / "postgres"
        if not data.exists():
            unfinished = self.folder / "postgres.new"
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True, mode=0o700)
            self.give_to_postgres(unfinished)
            options = "--username=odoo --auth=trust --encoding=UTF8 --locale=C.UTF-8".split()
            initdb = [programs / "initdb", "-D", unfinished, *options]
            if self.for_tests:
                initdb.append("--no-sync")
            run_step(
                "Making a PostgreSQL cluster", [*self.as_postgres(), *initdb],
                env=clean_environment(), cwd="/", log=self.folder / "log/initdb.log",
            )  # fmt: skip
            unfinished.rename(data)
        # A socket in a folder that only we may enter: no port, no password, and no path too long for a socket.
        sockets = tempfile.mkdtemp(prefix="colineal-")
        self.give_to_postgres(sockets)
        argv = [*self.as_postgres(), programs / "postgres", "-D", data, "-k", sockets]
        settings = ["listen_addresses=", *QUIET_ABOUT_VALUES]
        if self.for_tests:
            settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300"]
        for setting in settings:
            argv += ["-c", setting]
        self.launch("postgres", argv, self.folder / "postgres.log", self.postgres_answers, 60, socket=sockets)

    @staticmethod
    def give_to_postgres(folder):
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")

    @property
    def socket(self):
        return self.state["services"]["postgres"]["socket"]

    def postgres_answers(self):
        ask = [postgres_bin() / "pg_isready", "-q", "-h", self.socket, "-U", "odoo", "-d", "postgres"]
        return subprocess.run(ask, stderr=subprocess.DEVNULL).returncode == 0

    def sql(self, statement, database="postgres"):
        psql = [postgres_bin() / "psql", "-h", self.socket, "-U", "odoo", "-d", database]
        return output_of([*psql, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement], env=clean_environment()).strip()

    def run_sql(self, file, database):
        psql = [postgres_bin() / "psql", "-h", self.socket, "-U", "odoo", "-d", database]
        output_of([*psql, "-XAtq", "-v", "ON_ERROR_STOP=1", "-f", file], env=clean_environment())

    def filestore(self, database):
        return self.folder / "data/filestore" / database

    def has_database(self, database):
        """Is there such a database, and was it finished?"""
        return database in self.state["databases"] and self.sql(
            f"SELECT 1 FROM pg_database WHERE datname = '{database}'"
        )

    def drop_database(self, database):
        if self.state["databases"].pop(database, None):
            self.save()
        self.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        shutil.rmtree(self.filestore(database), ignore_errors=True)

    def copy_database(self, source, target):
        """A database and its files; files never change once written, so links to them will do."""
        self.drop_database(target)
        self.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        if self.filestore(source).exists():
            shutil.copytree(self.filestore(source), self.filestore(target), copy_function=os.link)

    def finished_database(self, database, **notes):
        self.state["databases"][database] = notes
        self.save()

    # -- Redis

    def start_redis(self):
        if self.running("redis"):
            return
        folder = self.folder / "redis"
        folder.mkdir(parents=True, exist_ok=True)
        program = folder / "redis-server"
        program.unlink(missing_ok=True)
        program.symlink_to(redis_server())  # the name decides what this program does
        # The same port again, if we may: an Odoo that outlived its Redis still knows it.
        port = self.state.get("redis_port") or free_port()
        port = port if port_is_free(port) else free_port()
        self.state["redis_port"] = port
        argv = [program, "--port", port, "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"]
        self.launch("redis", argv, self.folder / "redis.log", lambda: not port_is_free(port), 15)

    @property
    def redis_url(self):
        return f"redis://127.0.0.1:{self.state['redis_port']}/0"

    # -- Odoo

    def odoo_environment(self, odoo, venv, **more):
        """The venv first on PATH, or Odoo loses it when it restarts itself."""
        return {
            **clean_environment(),
            "PATH": f"{venv.bin}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "PYTHONPATH": str(odoo.library),
            "REDIS_URL": self.redis_url,
            **more,
        }

    def write_config(self, database, port, workers=0, name="odoo.conf"):
        """odoo.conf: one database and no dbfilter (which costs a new connection a request), loopback only."""
        config = self.folder / name
        config.write_text(
            f"""[options]
addons_path = {ROOT}
data_dir = {self.folder / "data"}
db_host = {self.socket}
db_user = odoo
db_name = {database}
list_db = False
unaccent = True
http_interface = 127.0.0.1
http_port = {port}
gevent_port = {port + 3}
workers = {workers}
max_cron_threads = 2
proxy_mode = False
"""
        )
        return config

    def run_odoo(self, title, odoo, venv, database, *args):
        """Install or update modules in a database, as a step that is shown."""
        if not self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{database}'"):
            self.sql(f"CREATE DATABASE \"{database}\" ENCODING 'UTF8' LC_COLLATE 'C' TEMPLATE template0")
            self.sql("CREATE EXTENSION pg_trgm", database)
        # Before Odoo makes its indexes, which go by it; in a database of before, they are made anew.
        self.run_sql(ROOT / ADDON / "data/unaccent.sql", database)
        config = self.write_config(database, free_port())
        run_step(
            title,
            [venv.python, odoo.script, "-c", config, "-d", database, "--stop-after-init", "--no-http", *args],
            env=self.odoo_environment(odoo, venv), cwd=ROOT, log=self.folder / f"log/odoo-{database}.log",
            detail=latest(r"Loading module \S+ \((\d+)/(\d+)\)", "module {0} of {1}"),
        )  # fmt: skip

    def warm(self, odoo, venv, database):
        """Make the web client's files, which the first page would wait for otherwise."""
        config = self.write_config(database, free_port())
        run_step(
            "Preparing the web client",
            [venv.python, odoo.script, "shell", "-c", config, "-d", database, "--no-http"],
            env=self.odoo_environment(odoo, venv),
            cwd=ROOT,
            log=self.folder / f"log/warm-{database}.log",
            script=ROOT / "devtools/warm_assets.py",
        )

    def install(self, odoo, venv, database, *args):
        """Install the addon in a database, and make sure that it happened: Odoo only warns about what it cannot."""
        self.run_odoo(f"Installing {ADDON}", odoo, venv, database, "-i", ADDON, *args)
        state = self.sql(f"SELECT state FROM ir_module_module WHERE name = '{ADDON}'", database)
        if state != "installed":
            log = self.folder / f"log/odoo-{database}.log"
            wrong = [line for line in last_lines(log, 2000) if re.search(r" (WARNING|ERROR|CRITICAL) ", line)][-5:]
            raise Problem(f"{ADDON} could not be installed. See {log}:\n" + "\n".join(wrong))
