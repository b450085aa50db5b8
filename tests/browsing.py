"""The web client in a real browser."""

import os
import re
from contextlib import contextmanager, suppress

from playwright.sync_api import Error, expect
from server import LOGIN, PASSWORD, wait_until

#: Milliseconds for the first page of a server: the web client's assets are made for it, on a machine that may be busy.
FIRST_PAGE = 120_000


#: Milliseconds until what is looked for is there: live updates take a second, and the machine may be very busy.
SOON = 30_000
#: Milliseconds until a page is there, or something can be clicked on.
LATER = 60_000

expect.set_options(timeout=SOON)


#: How many times slower than this machine the pages compute: what they show late, a test must wait for.
SLOWDOWN = float(os.environ.get("BROWSER_SLOWDOWN", "1"))

# What rings for somebody about other customers may lie over what a test clicks on: it is seen, and clicks go through it.
# In Discuss no window lies over anything; on a telephone, one is the thread itself.
_CLICKED_THROUGH = """
const sheet = new CSSStyleSheet();
const over = [".o_notification_manager", ":root:not(:has(.o-mail-Discuss)) .o-mail-ChatHub"];
sheet.replaceSync(`${over.flatMap((part) => [part, part + " *"])} { pointer-events: none !important; }`);
document.adoptedStyleSheets = [sheet];
"""


def authenticate(page, shop, login=LOGIN, password=PASSWORD):
    """Log the page's browser in, without drawing Odoo's login form and the screen that follows it each time.

    Who was logged in before goes on in the same session: to check a password costs the server as much as some pages.
    """
    if login in shop.sessions:
        page.context.add_cookies(shop.sessions[login])
    else:
        params = {"db": shop.server.database, "login": login, "password": password}
        request = {"jsonrpc": "2.0", "params": params}
        answer = page.request.post(f"{shop.server.url}/web/session/authenticate", data=request)
        assert answer.json()["result"]["uid"]
        shop.sessions[login] = page.context.cookies()
    if not shop.was_seen:
        page.goto(f"{shop.server.url}/odoo", timeout=FIRST_PAGE)
        page.wait_for_selector(".o_main_navbar", timeout=FIRST_PAGE)
        shop.was_seen = True


_SCREEN = {"viewport": {"width": 1400, "height": 850}, "locale": "en-US"}
#: All that pages store but what they were made of.
_STORED = "cookies,local_storage,indexeddb,service_workers,cache_storage"


def launch_browser(playwright, folder):
    """Chromium; its first context keeps the web client's scripts in `folder` as it compiled them, a third of a page's cost."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-proxy-server"]
    arguments += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    context = playwright.chromium.launch_persistent_context(
        folder, executable_path=os.environ["CHROMIUM"], args=arguments, **_SCREEN
    )
    return context.browser


def note_what_is_shown(error, page):
    """Tell with a failure what was on a page then: the test may pass the next time."""
    with suppress(Error):
        error.add_note(f"On the page {page.url}:\n{page.inner_text('body', timeout=SOON)[:2000]}")


@contextmanager
def log_in(browser, shop, login=LOGIN, password=PASSWORD, apart=False, answers_calls=False):
    """A blank page of somebody who is logged in; a script error on it fails the test, and it leaves nothing behind.

    apart
        whether it has a context of its own, which costs more: where a test changes one for good, as by a clock.
    answers_calls
        whether notifications and chat windows, which may be about other tests' customers, take clicks.
    """
    kept = browser.contexts[0]
    blank, *others = kept.pages
    context = browser.new_context(**_SCREEN) if others or apart else kept
    page, errors = context.new_page(), []
    page.set_default_timeout(LATER)
    page.on("pageerror", lambda error: errors.append(str(error)))
    if not answers_calls:
        page.add_init_script(_CLICKED_THROUGH)
    if SLOWDOWN > 1:
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    try:
        authenticate(page, shop, login, password)
        yield page
    except Exception as error:
        note_what_is_shown(error, page)
        raise
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


def save(page):
    """Save the form that is shown, and wait until the server has it."""
    button = page.locator(".o_form_button_save")
    button.click()
    expect(button).not_to_be_visible()


def choose(page, field, text):
    """A record in a many-to-one field: from its list, or from the dialog that a telephone opens."""
    box = page.locator(f"div[name={field}] input")
    if page.viewport_size["width"] < 500:
        box.click()
        page.locator(".modal .o_kanban_record, .modal .o_data_row", has_text=text).first.click()
    else:
        box.fill(text)
        page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()
    expect(box).to_have_value(re.compile(text))


def expect_fit(page):
    """Nothing lies beside the screen; what is still being drawn may do so for a moment."""
    fits = "document.documentElement.scrollWidth <= window.innerWidth"
    wait_until(lambda: page.evaluate(fits), SOON / 1000, "a page with nothing to scroll sideways")
