"""The web client in a real browser."""

from contextlib import contextmanager

from playwright.sync_api import expect
from server import LOGIN, PASSWORD

#: Milliseconds for the first page of a server: the web client's assets are made for it, on a machine that may be busy.
FIRST_PAGE = 120_000


#: Milliseconds until what is looked for is there: live updates take a second, and the machine may be busy.
SOON = 15_000

expect.set_options(timeout=SOON)


def authenticate(page, shop, login=LOGIN, password=PASSWORD):
    """Log the page's browser in, without drawing Odoo's login form and the screen that follows it each time."""
    params = {"db": shop.server.database, "login": login, "password": password}
    answer = page.request.post(f"{shop.server.url}/web/session/authenticate", data={"jsonrpc": "2.0", "params": params})
    assert answer.json()["result"]["uid"]
    if not shop.was_seen:
        page.goto(f"{shop.server.url}/odoo", timeout=FIRST_PAGE)
        page.wait_for_selector(".o_main_navbar", timeout=FIRST_PAGE)
        shop.was_seen = True


@contextmanager
def log_in(browser, shop, login=LOGIN, password=PASSWORD):
    """A blank page of somebody who is logged in; a script error on it fails the test."""
    page = browser.new_page(viewport={"width": 1400, "height": 850}, locale="en-US")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    authenticate(page, shop, login, password)
    yield page
    page.close()
    assert errors == []
