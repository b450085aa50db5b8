import os
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import sync_playwright

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

from browsing import launch_browser, log_in, note_what_is_shown  # noqa: E402
from server import PASSWORD, OdooServer, wait_until  # noqa: E402
from standins.twilio_api import TwilioApi  # noqa: E402
from standins.twilio_client import TwilioClient  # noqa: E402
from traces import TRACES  # noqa: E402

# How long an example takes says how busy the machine is; and what passed once passes again, unless other examples are
# wanted.
settings.register_profile(
    "steady",
    deadline=None,
    derandomize="FUZZ_RANDOM" not in os.environ,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")

NUMBER = "+593999000222"
PUBLIC_URL = "https://crm.example.com"
ACCOUNT_SID = "AC" + "5" * 32
TOKEN = "the account's primary auth token"


class Shop:
    """The product from outside: customers write, the assistant answers, and Odoo can be asked what became of it.

    was_seen
        whether a browser has had a page of it: the server makes the web client's files for the first one.
    sessions
        the cookies of who was logged in, by login.
    """

    was_seen = False

    def __init__(self, server):
        self.server = server
        self.sessions = {}
        # Its greeting would lie over the first screen that somebody opens.
        users = server.call("res.users", "search", [])
        server.call("res.users", "write", users, {"odoobot_state": "disabled"})
        assistant = server.call(
            "whatsapp.assistant", "copy", [server.search_read("whatsapp.assistant", [], ["id"], limit=1)[0]["id"]]
        )[0]
        server.call("whatsapp.assistant", "write", [assistant], {"coalescing_seconds": 0})
        self.assistant_id = assistant
        self.sender_id = server.call(
            "whatsapp.sender",
            "create",
            {"name": "System test", "number": NUMBER, "public_url": PUBLIC_URL, "assistant_id": assistant},
        )
        token = server.call("whatsapp.sender", "read", [self.sender_id], ["simulation_token"])[0]["simulation_token"]
        self.twilio = TwilioClient(server.url, NUMBER, token, PUBLIC_URL)

    def add_salesperson(self, login, group="group_sale_salesman", **values):
        """A colleague with a group of Sales and the administrator's password; returns the id.

        Who is there already stays: a test's second attempt may set up its file's colleagues anew.

        values
            of the user beside these; one who reads English (``lang="en_US"``) finds it installed.
        """
        if known := self.server.call("res.users", "search", [("login", "=", login)]):
            return known[0]
        if values.get("lang") == "en_US":
            english = self.server.call("res.lang", "search", [("code", "=", "en_US")], context={"active_test": False})
            self.server.call("res.lang", "write", english, {"active": True})
        (data,) = self.server.search_read(
            "ir.model.data", [("module", "=", "sales_team"), ("name", "=", group)], ["res_id"]
        )
        user = {"name": login.capitalize(), "login": login, "password": PASSWORD, "group_ids": [(4, data["res_id"])]}
        return self.server.call("res.users", "create", {**user, **values})

    def put_away(self):
        """No list shows a customer who wrote until now, or a lead of theirs."""
        conversations = self.server.call("whatsapp.conversation", "search", [])
        self.server.write_rows("whatsapp.conversation", conversations, is_simulated=True, customer_name="Put away")
        self.server.write_rows("crm.lead", self.server.call("crm.lead", "search", []), active=False)

    def get_rows(self, sid):
        return self.server.search_read(
            "whatsapp.conversation.message", [("sid", "=", sid)], ["body", "kind", "state", "parameters"]
        )

    def get_replies(self, customer):
        """All texts to a customer, oldest first."""
        lines = self.server.search_read(
            "whatsapp.conversation.message",
            [("address", "=", f"whatsapp:{customer}"), ("direction", "=", "outbound")],
            ["body"],
            order="id",
        )
        return [line["body"] for line in lines]

    def say(self, customer, body="", **parameters):
        """The customer writes; returns the texts of the answer once the message was handled."""
        before = len(self.get_replies(customer))
        sid = self.twilio.deliver(customer, body, **parameters)
        wait_until(lambda: self.get_rows(sid)[0]["state"] == "handled", what=f"an answer to {body!r}")
        return self.get_replies(customer)[before:]

    def get_conversation(self, customer, *fields):
        return self.server.search_read(
            "whatsapp.conversation", [("contact_id.address", "=", f"whatsapp:{customer}")], list(fields)
        )[0]

    def open_thread(self, customer):
        """Somebody looks at the customer's conversation; the id of its thread in Discuss."""
        conversation = self.get_conversation(customer, "id")["id"]
        (shown,) = self.server.call("whatsapp.conversation", "web_read", [conversation], {"channel_id": {}})
        return shown["channel_id"]

    def get_leads(self, customer, *fields):
        return self.server.search_read("crm.lead", [("phone_sanitized", "=", customer)], list(fields))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    """Pytest's hook: with a failure, what the test's own page shows."""
    try:
        return (yield)
    except Exception as error:
        if page := pyfuncitem.funcargs.get("page"):
            note_what_is_shown(error, page)
        raise


@pytest.fixture(autouse=True)
def only_customers_of_this_attempt(request):
    """A second attempt looks for its customers by the names that those of the first have: these are shown no more."""
    if getattr(request.node, "execution_count", 1) > 1:
        for name in {"shop", "live_shop"} & {*request.fixturenames}:
            request.getfixturevalue(name).put_away()


@pytest.fixture(scope="session", autouse=True)
def no_customer_in_any_log():
    """Whatever the tests do, no log of Odoo, PostgreSQL or Redis tells who a customer is or what they say."""
    for log in filter(None, os.environ.get("COLINEAL_LOGS", "").split(os.pathsep)):
        TRACES.watch(log)
    yield
    lines = TRACES.find()
    assert not lines, "\n".join(line[:500] for line in lines[:20])


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    """One server for all tests that leave it running; each test brings its own customers."""
    server = OdooServer(tmp_path_factory.mktemp("shop"))
    try:
        yield Shop(server.start())
    finally:
        server.discard()


@contextmanager
def open_live_shop(folder, **env):
    """A shop whose sender is live, and Twilio's REST API beside it as its `twilio_api`.

    env
        the server's environment beside the credentials of Twilio.
    """
    twilio_api = TwilioApi(ACCOUNT_SID, TOKEN)
    credentials = {"TWILIO_API_URL": twilio_api.url, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_ACCOUNT_SID": ACCOUNT_SID}
    server = OdooServer(folder, env={**credentials, **env})
    try:
        shop = Shop(server.start())
        server.call("whatsapp.sender", "write", [shop.sender_id], {"account_sid": ACCOUNT_SID})
        shop.twilio = TwilioClient(server.url, NUMBER, TOKEN, PUBLIC_URL, ACCOUNT_SID)
        shop.twilio_api = shop.twilio.api = twilio_api
        yield shop
    finally:
        server.discard()
        twilio_api.close()


@pytest.fixture(scope="session")
def live_shop(tmp_path_factory):
    """One live shop for all tests that mend what they break; each brings its own customers."""
    with open_live_shop(tmp_path_factory.mktemp("live")) as shop:
        yield shop


@pytest.fixture
def twilio_api(live_shop):
    """What the live shop's Twilio was asked, and how it answers."""
    return live_shop.twilio_api


@pytest.fixture
def telling_twilio(twilio_api, live_shop):
    """The same, telling the shop what becomes of each message."""
    callbacks = twilio_api.callbacks
    callbacks.server = live_shop.server.url
    yield twilio_api
    try:
        callbacks.wait_until_posted()
    finally:
        callbacks.server = None


@pytest.fixture(scope="session")
def browsers(tmp_path_factory):
    """Gives the browser of all tests, and another when that has crashed."""
    with sync_playwright() as playwright:
        running = []

        def get():
            if not (running and running[-1].is_connected()):
                running.append(launch_browser(playwright, tmp_path_factory.mktemp("browser")))
            return running[-1]

        yield get
        for browser in running:
            if browser.is_connected():
                browser.contexts[0].close()


@pytest.fixture
def browser(browsers):
    """One for all tests that are logged in one after the other; it has a microphone, into which something beeps."""
    return browsers()


@pytest.fixture
def page(browser, shop):
    with log_in(browser, shop) as page:
        yield page


@pytest.fixture
def customer(request):
    """A phone number that no other test uses."""
    return _take_number(request)


@pytest.fixture
def another_customer(request):
    """One more phone number that no other test uses."""
    return _take_number(request)


def _take_number(request):
    numbers = request.session.stash.setdefault(_NUMBERS, iter(range(593_987_000_000, 593_988_000_000)))
    return f"+{next(numbers)}"


_NUMBERS = pytest.StashKey()
