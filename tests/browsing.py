"""The web client in a real browser."""

from contextlib import contextmanager

from server import LOGIN, PASSWORD

#: Milliseconds for the first page of a server: the web client's assets are made for it, on a machine that may be busy.
FIRST_PAGE = 120_000


@contextmanager
def log_in(browser, shop, login=LOGIN, password=PASSWORD):
    """A page of the logged-in web client; a script error on it fails the test."""
    page = browser.new_page(viewport={"width": 1400, "height": 850}, locale="en-US")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{shop.server.url}/web/login")
    page.fill("#login", login)
    page.fill("#password", password)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar", timeout=FIRST_PAGE)
    yield page
    page.close()
    assert errors == []
