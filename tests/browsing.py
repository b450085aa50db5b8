"""The web client in a real browser."""

from contextlib import contextmanager

from server import LOGIN, PASSWORD


@contextmanager
def log_in(browser, shop, login=LOGIN, password=PASSWORD, seconds=30):
    """A page of the logged-in web client; a script error on it fails the test.

    seconds
        how long the client may take to come: longer where its files must be made first.
    """
    page = browser.new_page(viewport={"width": 1400, "height": 850}, locale="en-US")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{shop.server.url}/web/login")
    page.fill("#login", login)
    page.fill("#password", password)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar", timeout=seconds * 1000)
    yield page
    page.close()
    assert errors == []
