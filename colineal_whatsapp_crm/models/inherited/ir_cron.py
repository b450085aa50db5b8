import logging
import os
import threading

import odoo.sql_db
from odoo import api, fields, models
from odoo.tools import SQL

from ...lib.rate_limit import LogThrottle

_logger = logging.getLogger(__name__)

#: Seconds after start-up at which workers are told of work that was waiting: Odoo's own look around comes after 60.
_START_UP_CALLS = (2, 8)


class _Notifier:
    """Tells Odoo's cron workers that a database has work, from one thread and connection a process.

    `ir.cron._trigger` opens a connection to the ``postgres`` database at each commit, which costs the request more
    than all its other work. Calls that come while one is under way are answered by the next.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._pid = None
        self._wanted = set()
        self._called = None

    def notify(self, dbname):
        with self._lock:
            if self._pid != os.getpid():  # threads do not survive a fork
                self._pid = os.getpid()
                self._wanted = set()
                self._called = threading.Event()
                threading.Thread(target=self._run, name="whatsapp.cron.notifier", daemon=True).start()
            self._wanted.add(dbname)
        self._called.set()

    def _run(self):
        while True:
            self._called.wait()
            try:
                with odoo.sql_db.db_connect("postgres").cursor() as cr:
                    cr._cnx.autocommit = True
                    while self._called.wait():
                        self._called.clear()
                        with self._lock:
                            wanted, self._wanted = self._wanted, set()
                        for dbname in wanted:
                            cr.execute(SQL("SELECT pg_notify('cron_trigger', %s)", dbname))
            except Exception:
                # It costs a minute at most: the trigger row is committed, and cron looks around by itself.
                self._called.clear()
                _logger.warning("Cron workers could not be notified; connecting again", exc_info=True)


_notifier = _Notifier()
_log_throttle = LogThrottle(60)


class IrCron(models.Model):
    _inherit = "ir.cron"

    def _register_hook(self):
        """Work that was waiting when the server stopped is taken up at once, not at cron's next look around."""
        super()._register_hook()
        for seconds in _START_UP_CALLS:
            timer = threading.Timer(seconds, _notifier.notify, [self.env.cr.dbname])
            timer.daemon = True
            timer.start()

    @api.model
    def _wake(self, xmlid, at=None):
        """Run a job soon after the transaction commits: what `_trigger` does, at a fraction of its cost to the caller.

        at
            naive UTC datetime, by default now.

        A job that somebody deleted is not run, and whatever wanted it goes on.
        """
        # Not `env.ref`, which asks the database each time whether the record is still there.
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(xmlid)
        if not cron_id:
            if _log_throttle.hit(xmlid) is not None:
                _logger.error("The scheduled action %s was deleted; upgrade the addon to have it again", xmlid)
            return
        self.env.cr.execute(
            SQL("INSERT INTO ir_cron_trigger (cron_id, call_at) VALUES (%s, %s)", cron_id, at or fields.Datetime.now())
        )
        dbname = self.env.cr.dbname
        self.env.cr.postcommit.add(lambda: _notifier.notify(dbname))
