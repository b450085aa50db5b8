"""PostgreSQL and Redis: those the tests share, and some that one test may treat badly."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from traces import TRACES

from devtools.home import QUIET_ABOUT_VALUES, Home


def wait_until(condition, seconds=60, what="the condition"):
    """Poll `condition` until it gives something true, and return that."""
    deadline, pause = time.monotonic() + seconds, 0.05
    while True:
        if result := condition():
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {seconds} s")
        time.sleep(pause)
        # Asking costs the machine something, too, which what is waited for could use.
        pause = min(pause * 1.3, 0.4)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def copying_template():
    """One at a time: PostgreSQL copies no database that somebody is connected to, as who dumps it is."""
    with open(Path(os.environ["COLINEAL_TEMPLATE_DATA_DIR"]) / "template.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Postgres:
    """The cluster that all tests share; the environment names it. It is fast, and not durable."""

    def __init__(self):
        self.host = os.environ["COLINEAL_PG_HOST"]
        self.port = os.environ["COLINEAL_PG_PORT"]
        self.user = os.environ["COLINEAL_PG_USER"]

    def command(self, program, *args):
        path = Path(os.environ["COLINEAL_PG_BIN"]) / program
        return [path, "-h", self.host, "-p", self.port, "-U", self.user, *args]

    def run(self, program, *args):
        subprocess.run(self.command(program, *args), check=True)

    def copy_template(self, database, template):
        with copying_template():
            self.run("createdb", "-T", template, database)

    def drop(self, database):
        self.run("dropdb", "--if-exists", "--force", database)

    def query(self, database, statement, parameters=()):
        """The rows that a statement gives, in a transaction of its own that is committed."""
        place = {"host": self.host, "port": self.port, "user": self.user, "dbname": database}
        with closing(psycopg2.connect(**place)) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []


class OwnPostgres(Postgres):
    """A cluster of one test, with PostgreSQL's defaults: what it acknowledged outlives `crash`."""

    def __init__(self):
        self._shared = Postgres()
        self._folder = Path(tempfile.mkdtemp(prefix="colineal-postgres-"))
        Home.give_to_postgres(self._folder)
        self.host, self.port, self.user = str(self._folder), "5432", "odoo"
        options = "--username=odoo --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync".split()
        self._as_postgres("initdb", *options)
        self._as_postgres("pg_ctl", *self._options, "start")

    @property
    def _options(self):
        settings = ("listen_addresses=", "max_connections=200", *QUIET_ABOUT_VALUES)
        server = f"-k {self._folder} {' '.join(f'-c {setting}' for setting in settings)}"
        return ["-w", "-t", "60", "-l", self._folder / "log", "-o", server]

    def _as_postgres(self, program, *args):
        path = Path(os.environ["COLINEAL_PG_BIN"]) / program
        command = [*Home(self._folder).as_postgres(), path, "-D", self._folder / "data", *args]
        result = subprocess.run(
            command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if result.returncode:
            log = self._folder / "log"
            raise AssertionError(f"{program}: {result.stdout}\n{log.read_text()[-2000:] if log.exists() else ''}")

    def copy_template(self, database, template):
        """By dump and restore, because the template is in another cluster."""
        self.run("createdb", database)
        dump = self._shared.command("pg_dump", "-Fc", "-Z0", template)
        with copying_template(), subprocess.Popen(dump, stdout=subprocess.PIPE) as source:
            subprocess.run(self.command("pg_restore", "-d", database), stdin=source.stdout, check=True)
        assert source.returncode == 0

    def crash(self):
        """Let it end at once, without a chance to write anything down, and start it again."""
        self._as_postgres("pg_ctl", "restart", "-m", "immediate", *self._options)

    def stop(self):
        """As an administrator stops it, whoever is connected."""
        self._as_postgres("pg_ctl", "stop", "-m", "fast")

    def start(self):
        self._as_postgres("pg_ctl", *self._options, "start")

    def ensure(self):
        """Let it run, whatever was done to it."""
        if not (self._folder / "data/postmaster.pid").exists():
            self.start()

    def discard(self):
        self._as_postgres("pg_ctl", "stop", "-m", "immediate")
        TRACES.keep(self._folder / "log")
        shutil.rmtree(self._folder)


class OwnRedis:
    """A Redis of one test."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._port = free_port()
        self._process = None
        self.url = f"redis://127.0.0.1:{self._port}/0"
        TRACES.watch(folder / "redis.log")
        self.start()

    def start(self):
        folder = ["--dir", self._folder, "--save", "", "--appendonly", "no", "--logfile", self._folder / "redis.log"]
        self._process = subprocess.Popen(
            [os.environ["COLINEAL_REDIS_SERVER"], "--port", str(self._port), "--bind", "127.0.0.1", *folder]
        )
        wait_until(self._answers, what="an answer of Redis")

    def _answers(self):
        assert self._process.poll() is None, (self._folder / "redis.log").read_text()[-2000:]
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0

    def kill(self):
        self._process.kill()
        self._process.wait()

    def pause(self):
        """It keeps its connections, and answers nothing until `resume`."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self):
        self._process.send_signal(signal.SIGCONT)
