"""A plugin of pytest for tests inside Odoo: whom they ask may take a minute to answer, as the machine has others to serve.

Odoo's own tests give its server 12 seconds, a browser 10; the addon itself gives Redis a twentieth of one, and then leaves
it alone for a while.
"""

PATIENCE = 60


def pytest_configure():
    """Pytest's hook; pytest-odoo has set Odoo up by then."""
    from odoo.addons.colineal_whatsapp_crm.lib import redis_cache
    from odoo.tests import common

    give_time(common.HttpCase, "url_open")
    give_time(common.HttpCase, "make_jsonrpc_request")
    give_time(common.ChromeBrowser, "_websocket_request")
    common.CHECK_BROWSER_ITERATIONS = int(PATIENCE / common.CHECK_BROWSER_SLEEP)
    common.BaseCase.test_cursor_lock_timeout = 2 * PATIENCE
    redis_cache._TIMEOUT = PATIENCE


def give_time(owner, name):
    """Whoever calls this method waits at least that long, whatever they say."""
    method = getattr(owner, name)

    def wait(self, *args, timeout=PATIENCE, **options):
        return method(self, *args, timeout=max(timeout, PATIENCE), **options)

    setattr(owner, name, wait)
