"""A real Odoo server on a database of its own, for tests that talk to it from outside."""

import os
import shutil
import signal
import subprocess
import uuid
from contextlib import suppress
from pathlib import Path

import requests
from services import Postgres, free_port, wait_until
from traces import TRACES

LOGIN = PASSWORD = "admin"


def _link(source, target):
    """Files of a filestore never change once written: another name for them is as good as a copy."""
    try:
        os.link(source, target)
    except OSError:  # on another disk
        shutil.copy2(source, target)


class OdooServer:
    """Odoo with the addon, started and stopped as a process; its data survives a stop.

    template
        the database to begin with a copy of; by default one with the addon.
    addons
        the folder with the addon, this repository by default.
    """

    def __init__(self, folder: Path, env=None, options=(), postgres=None, template=None, addons=None):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.addons = addons or os.environ["COLINEAL_ADDONS"]
        self.postgres = postgres or Postgres()
        self.database = f"system_{uuid.uuid4().hex[:12]}"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "odoo.log"
        for log in (self.log, folder / "odoo.stderr"):
            TRACES.watch(log)
        self._env = {**os.environ, "ODOO_MAX_HTTP_THREADS": "16", **(env or {})}
        self._options = list(options)
        self._process = None
        self._session = None
        self._copy_from(template or os.environ["COLINEAL_TEMPLATE_DB"])

    def _copy_from(self, template):
        self.postgres.copy_template(self.database, template)
        store = Path(os.environ["COLINEAL_TEMPLATE_DATA_DIR"]) / "filestore" / template
        if store.exists():
            shutil.copytree(store, self.folder / "data/filestore" / self.database, copy_function=_link)

    def start(self):
        """Start and wait until the server answers."""
        with open(self.folder / "odoo.stderr", "ab") as stderr:
            # A group to end together, in our session: Linux gives each session as much of a busy machine as another.
            self._process = subprocess.Popen(self._command(), env=self._env, stderr=stderr, process_group=0)
        wait_until(self._answers, 120, "an answer of the server")
        return self

    def install(self, *modules):
        """Install modules into the database, before the server is started."""
        self.run("--no-http", "--stop-after-init", "-i", ",".join(modules))

    def upgrade(self, *modules):
        """Bring modules up to date, before the server is started."""
        self.run("--no-http", "--stop-after-init", "-u", ",".join(modules))

    def run(self, *options, command="server"):
        """One of Odoo's own commands on the database, while no server runs on it."""
        with open(self.folder / "odoo.stderr", "ab") as stderr:
            subprocess.run([*self._command(command), *options], env=self._env, stderr=stderr, check=True)

    def run_in_shell(self, script):
        """What a script for `odoo shell` prints, while no server runs on the database."""
        return subprocess.run(
            [*self._command("shell"), "--no-http"],
            env=self._env, input=script, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    def _command(self, command="server"):
        return [
            os.environ["COLINEAL_PYTHON"],
            os.environ["COLINEAL_ODOO"],
            command,
            f"--addons-path={self.addons}",
            f"--data-dir={self.folder / 'data'}",
            f"--db_host={self.postgres.host}",
            f"--db_port={self.postgres.port}",
            f"--db_user={self.postgres.user}",
            f"--database={self.database}",
            "--http-interface=127.0.0.1",
            f"--http-port={self.port}",
            f"--gevent-port={free_port()}",
            "--max-cron-threads=2",
            f"--logfile={self.log}",
            *self._options,
        ]

    @property
    def pid(self):
        return self._process.pid

    def has_ended(self):
        """Is it gone, though nobody stopped it?"""
        return self._process.poll() is not None

    def _answers(self):
        if self.has_ended():
            raise AssertionError(f"the server ended:\n{self.log.read_text()[-3000:]}")
        try:
            return requests.get(f"{self.url}/web/health", timeout=5).ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    def stop(self, how=signal.SIGTERM):
        if not self._process:
            return
        with suppress(ProcessLookupError):  # it and all its workers are gone already
            os.killpg(self._process.pid, how)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def kill(self):
        """End the server without a chance to finish anything."""
        self.stop(signal.SIGKILL)

    def discard(self):
        self.stop()
        self.postgres.drop(self.database)

    def call(self, model, method, *args, **kwargs):
        """A method of a model as the administrator, as Odoo's own web client calls it."""
        if not self._session:
            self._session = requests.Session()
            self.ask("/web/session/authenticate", db=self.database, login=LOGIN, password=PASSWORD)
        return self.ask(
            f"/web/dataset/call_kw/{model}/{method}", model=model, method=method, args=list(args), kwargs=kwargs
        )

    def ask(self, path, **params):
        """A JSON route, in the session that `call` began."""
        answer = self._session.post(self.url + path, json={"jsonrpc": "2.0", "params": params}, timeout=180).json()
        if "error" in answer:
            raise AssertionError(answer["error"]["data"]["debug"])
        return answer.get("result")

    def write_rows(self, model, ids, **values):
        """Write columns that nobody may write over RPC, straight into the database: that time went by, mostly."""
        columns = ", ".join(f"{name} = %({name})s" for name in values)
        statement = f"UPDATE {model.replace('.', '_')} SET {columns} WHERE id = ANY(%(ids)s)"
        self.postgres.query(self.database, statement, {**values, "ids": list(ids)})

    def search_read(self, model, domain, fields, **options):
        return self.call(model, "search_read", domain, fields, **options)
