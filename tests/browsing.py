"""The web client in a real browser."""

import os
from contextlib import contextmanager

from playwright.sync_api import expect, sync_playwright
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


_SCREEN = {"viewport": {"width": 1400, "height": 850}, "locale": "en-US"}
#: All that pages store but what they were made of.
_STORED = "cookies,local_storage,indexeddb,service_workers,cache_storage"


@contextmanager
def launch_browser(folder, *arguments):
    """Chromium; its first context keeps the web client's scripts in `folder` as it compiled them, a third of a page's cost."""
    common = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-proxy-server")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=os.environ["CHROMIUM"], args=[*common, *arguments], **_SCREEN
        )
        yield context.browser
        context.close()


@contextmanager
def log_in(browser, shop, login=LOGIN, password=PASSWORD):
    """A blank page of somebody who is logged in; a script error on it fails the test, and it leaves nothing behind."""
    kept = browser.contexts[0]
    blank, *others = kept.pages
    context = browser.new_context(**_SCREEN) if others else kept
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        authenticate(page, shop, login, password)
        yield page
    finally:
        if context is kept:
            for each in kept.pages[1:]:
                each.close()
            kept.clear_cookies()
            storage = {"origin": shop.server.url, "storageTypes": _STORED}
            kept.new_cdp_session(blank).send("Storage.clearDataForOrigin", storage)
        else:
            context.close()
    assert errors == []
