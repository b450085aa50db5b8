"""What the tests of a break-in are made of: requests that a colleague's browser could send, and what comes of them."""

from odoo.tests import HttpCase
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .test_access import AccessCase

REFUSED = "odoo.exceptions.AccessError"


class AttackCase(AccessCase, HttpCase):
    """A conversation of `owner`, as in `AccessCase`, and users who call the server from outside."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Of all errors that are provoked here, none is news.
        for logger in ("odoo.http", "odoo.models", "odoo.sql_db", "odoo.addons.base.models.ir_model"):
            cls.enterClassContext(mute_logger(logger))
        cls.enterClassContext(mute_logger("odoo.addons.base.models.ir_rule"))

    def log_in(self, kind):
        """What follows is asked by the browser of a user of this kind, see `KINDS`."""
        user = self.users[kind]
        user.password = user.login
        self.authenticate(user.login, user.login)
        return user

    def call(self, model, method, *args, **kwargs):
        """What a call over JSON-RPC returns; raises `JsonRpcException`, whose text is the name of the error."""
        call = {"model": model, "method": method, "args": list(args), "kwargs": kwargs}
        self.env.flush_all()
        try:
            return self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}/{method}", call)
        finally:
            self.env.invalidate_all()

    def try_call(self, model, method, *args, **kwargs):
        """The name of the error that a call ends with, or an empty text. Nothing is left of what it did."""
        self.env.flush_all()
        with self.env.cr.savepoint(flush=False) as savepoint:
            try:
                self.call(model, method, *args, **kwargs)
                return ""
            except JsonRpcException as error:
                return str(error)
            finally:
                savepoint.rollback()
                self.env.invalidate_all()

    def attack(self, model, method, *args, **kwargs):
        """A call that must be refused."""
        with self.assertRaises(JsonRpcException, msg=f"{model}.{method}{args}") as caught:
            self.call(model, method, *args, **kwargs)
        self.assertEqual(str(caught.exception), REFUSED, f"{model}.{method}{args}")
