"""Whatever customers send on WhatsApp, on the wire and in the thread: kept as it came, and shown as what it is."""

import json
import os
import re

import pytest
from browsing import expect_fit, log_in
from conftest import NUMBER, Shop
from playwright.sync_api import expect
from server import OdooServer, wait_until
from standins import twilio_kinds as kinds

SCREENS = {"desktop": {"width": 1400, "height": 850}, "phone": {"width": 390, "height": 844}}
ENGLISH = "kinds-seller"


@pytest.fixture(scope="module")
def seller(live_shop):
    live_shop.add_salesperson(ENGLISH, "group_sale_salesman_all_leads", lang="en_US")
    return ENGLISH


@pytest.fixture
def files(live_shop, customer):
    return kinds.Files(live_shop.twilio_api, customer, NUMBER)


def send_everything(shop, customer, files):
    """One message of each kind, in one conversation. Returns their SIDs by kind."""
    picture, card = kinds.make_picture(), kinds.CARD.encode()
    pdf = b"%PDF-1.4\n%%EOF\n"
    sids = {"text": shop.twilio.deliver(customer, "Hola, busco un sofá")}
    # An answer, to react and to reply to.
    wait_until(lambda: find_answer(shop, customer), what="an answer")
    answer = find_answer(shop, customer)
    sent = {
        "image": ("¿Tienen uno así?", files.send("image", ("image/jpeg", picture))),
        "sticker": ("", files.send("sticker", ("image/webp", kinds.make_picture("WEBP", (250, 200, 50))))),
        "video": ("", files.send("video", ("video/mp4", b"\x00\x00\x00\x18ftypmp42"))),
        "document": ("Plano de la sala.pdf", files.send("document", ("application/pdf", pdf))),
        "several": (
            "Estas son las fotos",
            files.send("image", ("image/jpeg", picture), ("image/png", b""), ("image/jpeg", picture), lost=[2]),
        ),
        "unknown": ("", files.send("document", ("application/octet-stream", b"\x00\x01"))),
        "card": ("", files.send("contacts", ("text/vcard", card))),
        "location": ("", kinds.LOCATION),
        "button": ("", kinds.BUTTON),
        "list": ("", kinds.LIST),
        "forwarded": ("Mira esto", kinds.FORWARDED),
        "often": ("Mira esto también", kinds.OFTEN_FORWARDED),
        "order": ("", kinds.ORDER),
        "enquiry": ("¿Esta mesa la tienen?", kinds.ENQUIRY),
        "unsupported": ("", kinds.UNSUPPORTED),
        "reaction": ("👍", kinds.react(answer)),
        "reply": ("Me llamo Ana", kinds.reply(answer, NUMBER)),
        "secret": ("Mi clave es 1234", {}),
        "typo": ("Cuánto cueta", {}),
    }
    for name, (body, parameters) in sent.items():
        sids[name] = shop.twilio.deliver(customer, body, **parameters)
    sids["deletion"] = shop.twilio.deliver(customer, "", **kinds.delete(sids["secret"]))
    sids["edit"] = shop.twilio.deliver(customer, "Cuánto cuesta", **kinds.edit(sids["typo"]))
    for sid in sids.values():
        wait_until(lambda sid=sid: shop.get_rows(sid)[0]["state"] == "handled", what="handled")
    return sids


def find_answer(shop, customer):
    domain = [("address", "=", f"whatsapp:{customer}"), ("direction", "=", "outbound"), ("sid", "!=", False)]
    rows = shop.server.search_read("whatsapp.conversation.message", domain, ["sid"], limit=1)
    return rows and rows[0]["sid"]


def read(shop, sid, *fields):
    return shop.server.search_read("whatsapp.conversation.message", [("sid", "=", sid)], list(fields))[0]


@pytest.mark.parametrize("screen", SCREENS)
def test_every_kind_is_kept_and_shown_as_what_it_is(live_shop, browser, seller, customer, files, screen):
    sids = send_everything(live_shop, customer, files)
    expected = {"card": "contact", "several": "image", "unknown": "document", "list": "button", "secret": "text"}
    for name in ("image", "sticker", "video", "document", "location", "button", "order", "unsupported", "deletion"):
        expected[name] = name
    assert {name: read(live_shop, sids[name], "kind")["kind"] for name in expected} == expected
    wait_until(lambda: read(live_shop, sids["several"], "media_faults")["media_faults"], what="the files that are lost")
    channel = live_shop.open_thread(customer)
    with log_in(browser, live_shop, seller) as page:
        page.set_viewport_size(SCREENS[screen])
        page.goto(f"{live_shop.server.url}/odoo/discuss?active_id=discuss.channel_{channel}")
        thread = page.locator(".o-mail-Thread")
        expect(thread).to_contain_text("Cuánto cuesta")
        take_picture(page, f"{screen}-end")
        look_at_thread(page, thread)
        thread.evaluate("element => element.scrollTop = 0")
        take_picture(page, f"{screen}-begin")
        thread.evaluate("element => element.scrollTop = element.scrollHeight * 0.45")
        take_picture(page, f"{screen}-middle")
        create_contact(page, thread)


@pytest.mark.parametrize("screen", SCREENS)
def test_advertisement_stands_above_the_thread_and_is_counted(live_shop, browser, seller, customer, files, screen):
    parameters = files.send("image", ("image/jpeg", kinds.make_picture(colour=(90, 60, 40))))
    picture = {"ReferralMediaUrl": parameters["MediaUrl0"], "ReferralMediaContentType": "image/jpeg"}
    reference = {"ReferralSourceId": f"12021{customer[-6:]}"}
    (reply,) = live_shop.say(customer, "Hola, quiero más información", **kinds.ADVERTISEMENT | picture | reference)
    assert "nombre" in reply, "what the advertisement shows is not asked for"
    conversation = live_shop.get_conversation(customer, "id", "product_interest", "campaign_id", "advertisement_id")
    assert conversation["product_interest"] == "sofá"
    known = [("id", "=", conversation["advertisement_id"][0]), ("picture_state", "=", "fetched")]
    wait_until(lambda: live_shop.server.search_read("whatsapp.advertisement", known, ["id"]), what="the picture")
    with log_in(browser, live_shop, seller) as page:
        page.set_viewport_size(SCREENS[screen])
        action = "colineal_whatsapp_crm.whatsapp_conversation_action"
        page.goto(f"{live_shop.server.url}/odoo/action-{action}/{conversation['id']}")
        above = page.locator(".o-whatsapp-Advertisement")
        expect(above).to_contain_text("Sofás de cuero desde $499")
        expect(above.locator("img")).to_have_js_property("complete", True)
        expect(above.get_by_title("See the advertisement")).to_have_attribute("href", "https://fb.me/1AbCdEfGh")
        expect(page.locator(".o_whatsapp_evidence", has_text="From the advertisement")).to_be_visible()
        take_picture(page, f"{screen}-advertisement")
        page.goto(f"{live_shop.server.url}/odoo/action-colineal_whatsapp_crm.whatsapp_dashboard_action")
        campaigns = page.locator("[data-name=campaigns]")
        expect(campaigns).to_contain_text("Sofás de cuero desde $499")
        campaigns.scroll_into_view_if_needed()
        take_picture(page, f"{screen}-dashboard")
        page.goto(f"{live_shop.server.url}/odoo/action-colineal_whatsapp_crm.whatsapp_advertisement_action")
        take_picture(page, f"{screen}-advertisements")


def look_at_thread(page, thread):
    def get_message(text):
        return thread.locator(".o-mail-Message", has_text=text).last

    card = thread.locator(".o-whatsapp-Message-card")
    expect(card).to_contain_text("Luis Mora")
    expect(card).to_contain_text("Mora & Hijos <script>")
    expect(card).to_contain_text("+593 99 111 2233")
    expect(get_message("Nearest:")).to_contain_text("Quito")
    expect(get_message("Comedores")).to_contain_text("De 4 a 8 puestos")
    expect(get_message("Mira esto también")).to_contain_text("Forwarded many times")
    expect(thread).to_contain_text("2 × SOFA-01")
    expect(get_message("¿Esta mesa la tienen?")).to_contain_text("MESA-09")
    expect(thread).to_contain_text("Something that WhatsApp does not pass on")
    expect(get_message("Mi clave es 1234")).to_have_class(re.compile("o-whatsapp-deleted"))
    expect(get_message("Cuánto cuesta")).to_contain_text("Cuánto cueta")
    expect(get_message("Cuánto cuesta")).to_contain_text("(edited)")
    expect(get_message("Estas son las fotos")).to_contain_text("File 2 of 3: The file is empty.")
    expect(get_message("Estas son las fotos")).to_contain_text("File 3 of 3: The address of the file is not Twilio's.")
    reaction = thread.locator(".o-mail-MessageReaction")
    expect(reaction).to_contain_text("👍")
    answered = thread.locator(".o-whatsapp-ours", has=page.locator(".o-mail-MessageReaction"))
    answer, sign = answered.locator(".o-mail-Message-body").bounding_box(), reaction.bounding_box()
    assert answer["x"] < sign["x"] < answer["x"] + answer["width"], "it is on its message"
    expect(get_message("Comedores")).to_contain_text("Chose from a list")
    expect(get_message("Me llamo Ana").locator(".o-mail-MessageInReply")).to_be_visible()
    expect_fit(page)


def create_contact(page, thread):
    thread.locator(".o-whatsapp-Message-card").get_by_role("button", name="Create contact").click()
    expect(page.locator(".o_form_view .o_field_widget[name=name] input, .o_form_view textarea").first).to_have_value(
        "Luis Mora"
    )
    page.go_back()
    expect(thread.locator(".o-whatsapp-Message-card").get_by_role("button", name="Open contact")).to_be_visible()


def take_picture(page, name):
    """For who wants to look at it: into the folder of the environment's `KINDS_PICTURES`."""
    if folder := os.environ.get("KINDS_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", animations="disabled")


@pytest.fixture(scope="module")
def product_shop(tmp_path_factory):
    """A shop whose Odoo has products."""
    server = OdooServer(tmp_path_factory.mktemp("products"))
    try:
        server.install("product")
        yield Shop(server.start())
    finally:
        server.discard()


def test_order_names_the_shops_own_products(product_shop, customer):
    call = product_shop.server.call
    call("product.product", "create", [{"name": "Sofá Lima", "default_code": "SOFA-01"}])
    call("product.product", "create", [{"name": "Mesa vieja", "default_code": "MESA-09", "active": False}])
    other = call("res.company", "create", {"name": "Other"})
    call("product.product", "create", [{"name": "Ajeno", "default_code": "CAMA-02", "company_id": other}])
    articles = [{"product_retailer_id": code, "quantity": 2} for code in ("SOFA-01", "MESA-09", "CAMA-02")]
    sid = product_shop.twilio.deliver(
        customer, "", MessageType="order", ChannelMetadata=json.dumps({"order": {"product_items": articles}})
    )
    wait_until(lambda: product_shop.get_rows(sid)[0]["state"] == "handled", what="somebody read it")
    channel = product_shop.open_thread(customer)
    told = product_shop.server.ask("/discuss/channel/messages", channel_id=channel)
    shown = [message["whatsapp"] for message in told["data"]["mail.message"] if message.get("whatsapp")]
    (ordered,) = [each["ordered"] for each in shown if each["ordered"]]
    assert ordered == ["2 × Sofá Lima (SOFA-01)", "2 × MESA-09", "2 × CAMA-02"], (
        "those of others, and of old, are not ours"
    )
    conversation = product_shop.get_conversation(customer, "product_interest", "need")
    assert "sofá" in conversation["product_interest"] and "Sofá Lima (SOFA-01)" in conversation["need"]
