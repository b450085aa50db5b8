"""Salespeople read and write in WhatsApp threads, in real browsers."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from browsing import expect_fit, log_in
from playwright.sync_api import expect
from server import wait_until

DESKTOP, PHONE = {"width": 1400, "height": 850}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def team(shop):
    """Two salespeople of the team, and one who sees only their own conversations."""
    for login, group in (
        ("sofia", "group_sale_salesman_all_leads"),
        ("pablo", "group_sale_salesman_all_leads"),
        ("nadia", "group_sale_salesman"),
    ):
        shop.add_salesperson(login, group, lang="en_US")


class Screen:
    """What one person has in front of them: the thread of a customer in Discuss."""

    def __init__(self, shop, page):
        self.shop = shop
        self.page = page
        self.bar = page.locator(".o-whatsapp-ThreadBar")
        self.composer = page.locator(".o-mail-Composer-input:visible")
        self.closed = page.locator(".o-whatsapp-Composer-closed")

    def open(self, channel_id):
        self.page.goto(f"{self.shop.server.url}/odoo/discuss?active_id=discuss.channel_{channel_id}")
        self.page.wait_for_selector(".o-whatsapp-ThreadBar")

    def message(self, text):
        return self.page.locator(".o-mail-Message", has_text=text)

    def write(self, text):
        self.composer.fill(text)
        self.composer.press("Enter")


@pytest.fixture
def screen_of(browser, shop, team):
    """A screen for each person asked for."""
    with ExitStack() as screens:

        def make(login, viewport=DESKTOP, apart=False):
            page = screens.enter_context(log_in(browser, shop, login, apart=apart))
            page.set_viewport_size(viewport)
            return Screen(shop, page)

        yield make


def get_channel(shop, customer):
    return shop.open_thread(customer)


def set_last_inbound(shop, customer, when):
    """The customer wrote then; screens are not told."""
    conversation = shop.get_conversation(customer, "id")["id"]
    shop.server.write_rows("whatsapp.conversation", [conversation], last_inbound_at=when)


def utcnow():
    return datetime.now(UTC).replace(tzinfo=None)


def test_two_who_look_first_at_the_same_moment_find_one_thread(shop, customer):
    shop.say(customer, "Busco un sofá")
    with ThreadPoolExecutor(4) as looking:
        threads = set(looking.map(lambda _each: get_channel(shop, customer), range(4)))
    assert len(threads) == 1 and all(threads)
    thread = [("model", "=", "discuss.channel"), ("res_id", "in", [*threads])]
    assert shop.server.call("mail.message", "search_count", thread) == 2


def test_two_salespeople_see_the_same_conversation_live(shop, customer, screen_of):
    shop.say(customer, "Busco un sofá")
    sofia, pablo = screen_of("sofia"), screen_of("pablo")
    for screen in (sofia, pablo):
        screen.open(get_channel(shop, customer))
        expect(screen.bar).to_contain_text("Gathering")
        expect(screen.message("Busco un sofá")).to_be_visible()

    (reply,) = shop.say(customer, "Soy Rosa")
    for screen in (sofia, pablo):
        expect(screen.message("Soy Rosa")).to_be_visible()
        answer = screen.message(reply)
        expect(answer.locator(".o-whatsapp-Message-assistant")).to_be_visible()
        expect(answer.get_by_label("Simulated: reached nobody")).to_be_visible()
        expect(screen.page.locator(".o-mail-DiscussContent-header input")).to_have_value(re.compile("Rosa"))

    sofia.write("Hola Rosa, soy Sofía")
    message = pablo.message("Hola Rosa, soy Sofía")
    expect(message.locator(".o-mail-Message-author")).to_have_text("Sofia")
    expect(message.get_by_label("Simulated: reached nobody")).to_be_visible()
    for screen in (sofia, pablo):
        expect(screen.bar).to_contain_text("With a person")
        expect(screen.message("Hola Rosa, soy Sofía")).to_have_count(1)


def test_a_person_takes_over_while_the_assistant_is_about_to_answer(shop, customer, screen_of):
    shop.say(customer, "Busco una cama")
    sofia = screen_of("sofia")
    sofia.open(get_channel(shop, customer))
    shop.server.call("whatsapp.assistant", "write", [shop.assistant_id], {"coalescing_seconds": 20})
    try:
        sid = shop.twilio.deliver(customer, "Soy Elena")
        expect(sofia.message("Soy Elena")).to_be_visible()
        sofia.bar.get_by_role("button", name="Take over").click()
        expect(sofia.bar).to_contain_text("With a person")
        wait_until(lambda: shop.get_rows(sid)[0]["state"] == "handled", 90, "a turn that is listened to")
    finally:
        shop.server.call("whatsapp.assistant", "write", [shop.assistant_id], {"coalescing_seconds": 0})
    assert len(shop.get_replies(customer)) == 1, "the answer to the first message only"

    sofia.bar.get_by_role("button", name="Hand back to assistant").click()
    expect(sofia.bar.get_by_role("button", name="Take over")).to_be_visible()
    (reply,) = shop.say(customer, "¿Sigues ahí?")
    expect(sofia.message(reply)).to_be_visible()


def test_the_window_closes_and_opens_again(shop, customer, screen_of):
    shop.say(customer, "Busco una mesa")
    sofia = screen_of("sofia", apart=True)
    sofia.page.clock.install()
    set_last_inbound(shop, customer, utcnow() - timedelta(hours=24) + timedelta(seconds=55))
    sofia.open(get_channel(shop, customer))
    sofia.bar.get_by_role("button", name="Take over").click()
    expect(sofia.bar).to_contain_text("1 min left")
    sofia.composer.fill("Tenemos una de roble")
    sofia.page.clock.fast_forward("01:00")
    expect(sofia.closed).to_contain_text(re.compile(r"they ended on [A-Z]\w+ \d+, \d{4}, \d+:\d\d"))
    expect(sofia.closed).to_contain_text("Only an approved template")
    expect(sofia.composer).to_have_count(0)
    shop.say(customer, "¿Qué mesas tienen?")
    expect(sofia.composer).to_have_value("Tenemos una de roble")


def test_refused_text_goes_back_into_the_composer(shop, customer, screen_of):
    shop.say(customer, "Busco una mesa")
    sofia = screen_of("sofia")
    sofia.open(get_channel(shop, customer))
    set_last_inbound(shop, customer, utcnow() - timedelta(hours=25))
    sofia.write("Tenemos una de roble")
    expect(sofia.page.locator(".o_notification")).to_contain_text(re.compile(r"they ended on \d"))
    expect(sofia.composer).to_have_value("Tenemos una de roble")
    expect(sofia.message("Tenemos una de roble")).to_have_count(0)


def test_failed_message_is_sent_again(shop, customer, screen_of):
    (reply,) = shop.say(customer, "Busco una silla")
    for statement, parameters in (
        (
            "UPDATE whatsapp_conversation_message SET state = 'failed', error_code = '63024'"
            " WHERE address = %s AND direction = 'outbound' RETURNING id",
            [f"whatsapp:{customer}"],
        ),
        # A new screen is told again what was told in the last minute: that the message had not failed.
        ("DELETE FROM bus_bus RETURNING id", []),
    ):
        shop.server.postgres.query(shop.server.database, statement, parameters)
    pablo = screen_of("pablo")
    pablo.open(get_channel(shop, customer))
    message = pablo.message(reply)
    expect(message).to_contain_text("Not sent: The customer cannot receive it: they are not on WhatsApp")
    message.get_by_role("button", name="Retry").click()
    expect(message.get_by_label("Simulated: reached nobody")).to_be_visible()
    expect(message).not_to_contain_text("Not sent")


def test_suggestion_is_edited_and_sent(shop, customer, screen_of):
    shop.say(customer, "Soy Ana, busco un sofá")
    sofia = screen_of("sofia")
    sofia.open(get_channel(shop, customer))
    sofia.page.get_by_role("button", name="Suggest a reply").click()
    expect(sofia.composer).to_have_value(re.compile("invertir|presupuesto|rango"))
    before = len(shop.get_replies(customer))
    sofia.write("¿Qué color buscas?")
    wait_until(lambda: shop.get_replies(customer)[before:] == ["¿Qué color buscas?"], what="what was edited")


def test_commands_of_the_composer(shop, customer, screen_of):
    shop.say(customer, "Soy Iris, busco un sofá")
    sofia = screen_of("sofia")
    sofia.open(get_channel(shop, customer))
    sofia.write("/support ")
    expect(sofia.bar).to_contain_text("Support")
    expect(sofia.message("una persona de nuestro equipo")).to_be_visible()
    sofia.write("/assistant ")
    expect(sofia.bar).to_contain_text("Ready")
    assert all("/" not in reply for reply in shop.get_replies(customer)), "commands are not for the customer"


def test_a_colleague_who_may_not_see_it_sees_nothing(shop, customer, screen_of):
    shop.say(customer, "Busco un escritorio")
    channel = shop.open_thread(customer)
    conversation = shop.get_conversation(customer, "id")
    (sofia_user,) = shop.server.search_read("res.users", [("login", "=", "sofia")], ["id"])
    shop.server.call("whatsapp.conversation", "write", [conversation["id"]], {"user_id": sofia_user["id"]})
    nadia = screen_of("nadia")
    frames = []
    nadia.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    nadia.page.goto(f"{shop.server.url}/odoo/discuss?active_id=discuss.channel_{channel}")
    expect(nadia.page.locator(".o-mail-DiscussSidebar")).to_be_visible()
    nadia.page.evaluate(
        "channel => odoo.__WOWL_DEBUG__.root.env.services.bus_service.addChannel(channel)",
        f"discuss.channel_{channel}",
    )
    sofia = screen_of("sofia")
    sofia.open(channel)
    shop.say(customer, "De color blanco")
    expect(sofia.message("De color blanco")).to_be_visible()
    expect(nadia.page.locator("body")).not_to_contain_text("escritorio")
    assert not [frame for frame in frames if "blanco" in frame]


def test_on_a_phone(shop, customer, screen_of):
    shop.say(customer, "Busco un comedor")
    sofia = screen_of("sofia", PHONE)
    sofia.open(get_channel(shop, customer))
    sofia.bar.get_by_role("button", name="Take over").click()
    expect(sofia.bar).to_contain_text("With a person")
    sofia.composer.fill("Hola, te ayudo")
    sofia.page.get_by_role("button", name="Send", exact=True).click()
    expect(sofia.message("Hola, te ayudo")).to_be_visible()
    expect_fit(sofia.page)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_what_customers_mark_is_shown_and_files_that_whatsapp_refuses_are_told(shop, customer, screen_of, viewport):
    shop.say(customer, "*Busco* un _sofá_ ~verde~\n- gris\n- azul\n> o como dijeron\n```SKU-1``` <b>ya</b>")
    sofia = screen_of("sofia", viewport)
    sofia.open(get_channel(shop, customer))
    message = sofia.message("Busco")
    for tag, text in {"strong": "Busco", "em": "sofá", "s": "verde", "code": "SKU-1"}.items():
        expect(message.locator(f".o-mail-Message-body {tag}")).to_have_text(text)
    expect(message.locator("li")).to_have_text(["gris", "azul"])
    expect(message.locator(".o-whatsapp-quote")).to_have_text("o como dijeron")
    expect(message).to_contain_text("<b>ya</b>")

    sofia.composer.fill("Precios")
    files = sofia.page.locator(".o-mail-Composer input[type=file]").first
    files.set_input_files({"name": "precios.csv", "mimeType": "text/csv", "buffer": b"sofa,500"})
    alert = sofia.page.get_by_role("alert").filter(has_text="precios.csv")
    expect(alert).to_contain_text("WhatsApp does not take files of this kind")
    sofia.composer.press("Enter")
    expect(sofia.page.locator(".o_notification")).to_contain_text("precios.csv")
    expect(sofia.composer).to_have_value("Precios")

    sofia.page.locator(".o-mail-Attachment-unlink").click(force=True)
    expect(alert).to_have_count(0)
    files.set_input_files({"name": "precios.txt", "mimeType": "text/plain", "buffer": b"sofa 500"})
    expect(sofia.page.locator(".o-mail-Composer").get_by_text("precios.txt").first).to_be_visible()
    expect(sofia.page.locator(".o-mail-Composer .o-isUploading")).to_have_count(0)
    sofia.composer.press("Enter")
    expect(sofia.message("Precios").get_by_label("Simulated: reached nobody")).to_be_visible()
