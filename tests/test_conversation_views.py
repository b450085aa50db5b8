"""The inbox in CRM: kanban, conversation, lead and partner, live and at both widths."""

import re

import pytest
from playwright.sync_api import expect
from test_screens import browser, page  # noqa: F401

WIDE, NARROW = {"width": 1400, "height": 850}, {"width": 390, "height": 844}


@pytest.fixture(autouse=True, scope="module")
def in_english(shop):
    """The words on the screens are checked in one language."""
    partner = shop.server.call("res.users", "read", [2], ["partner_id", "lang"])[0]
    shop.server.call("res.partner", "write", [partner["partner_id"][0]], {"lang": "en_US"})
    yield
    shop.server.call("res.partner", "write", [partner["partner_id"][0]], {"lang": partner["lang"]})


def open_inbox(shop, page):  # noqa: F811
    page.goto(f"{shop.server.url}/odoo/whatsapp-conversations")
    page.wait_for_selector(".o_kanban_renderer")


def find_card(page, text):  # noqa: F811
    return page.locator(".o_kanban_record", has_text=text)


def find_column(page, stage):  # noqa: F811
    return page.locator(".o_kanban_group", has=page.locator(".o_column_title", has_text=stage))


def open_conversation(shop, page, customer):  # noqa: F811
    identifier = shop.get_conversation(customer, "id")["id"]
    page.goto(f"{shop.server.url}/odoo/whatsapp-conversations/{identifier}")
    page.wait_for_selector(".o_whatsapp_pane_understood")
    return identifier


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_from_inbox_to_conversation_to_lead_and_back(shop, customer, page, size):  # noqa: F811
    page.set_viewport_size(size)
    for text in ("Soy Paulina, busco una cama", "Mi presupuesto es $700"):
        shop.say(customer, text)
    open_inbox(shop, page)
    for stage in ("New", "Gathering", "Ready", "Lead", "Support", "With a person", "Closed"):
        expect(find_column(page, re.compile(rf"^\s*{stage}\b"))).to_have_count(1)
    card = find_card(page, "Paulina").first
    card.scroll_into_view_if_needed()
    expect(card).to_contain_text("Assistant:")
    expect(card).to_contain_text("Hot")
    expect(card).to_contain_text("cama")
    expect(card).to_contain_text("h left")
    card.click()
    form = page.locator(".o_form_view")
    expect(form.locator("div[name=customer_name] input")).to_have_value("Paulina")
    expect(form.locator(".o_whatsapp_evidence").first).to_contain_text("Paulina")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing to scroll sideways"

    page.goto(page.url)
    lead = shop.get_leads(customer, "id")[0]["id"]
    page.goto(f"{shop.server.url}/odoo/crm/{lead}")
    page.locator(".o_notebook .nav-link", has_text="WhatsApp").click()
    expect(page.locator("div[name=whatsapp_channel_id]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing to scroll sideways"
    shop.server.call("crm.lead", "write", [lead], {"user_id": 2})
    page.goto(f"{shop.server.url}/odoo/crm")
    expect(find_card(page, "Paulina").first).to_contain_text("Hot")


def test_search_by_number_as_people_write_it(shop, customer, page):  # noqa: F811
    shop.say(customer, "Soy Teodora, busco una cama")
    open_inbox(shop, page)
    page.keyboard.type("0" + customer.removeprefix("+593"))
    page.keyboard.press("Enter")
    expect(page.locator(".o_kanban_record:not(.o_kanban_ghost)")).to_have_count(1)
    expect(find_card(page, "Teodora")).to_have_count(1)


def test_kanban_is_live(shop, customer, page):  # noqa: F811
    open_inbox(shop, page)
    # Subscribed when the websocket says so; until then nothing could be told.
    expect(page.locator(".o_kanban_group").first).to_be_visible()
    shop.say(customer, "Soy Leonor")
    expect(find_column(page, "Gathering").locator(".o_kanban_record", has_text="Leonor")).to_be_visible()
    shop.say(customer, "Busco un comedor")
    expect(find_column(page, "Ready").locator(".o_kanban_record", has_text="Leonor")).to_be_visible()
    expect(find_column(page, "Gathering").locator(".o_kanban_record", has_text="Leonor")).to_have_count(0)


def test_form_is_live_and_keeps_what_is_being_typed(shop, customer, page):  # noqa: F811
    shop.say(customer, "Soy Amparo")
    identifier = open_conversation(shop, page, customer)
    page.fill("div[name=city] input", "Loja")
    page.locator("div[name=email] input").focus()
    page.keyboard.type("amparo@")
    shop.say(customer, "Busco un comedor")
    expect(page.locator("div[name=interest_ids]")).to_contain_text("comedor")
    expect(page.locator("div[name=city] input")).to_have_value("Loja")
    expect(page.locator("div[name=email] input")).to_have_value("amparo@")
    page.keyboard.type("example.com")
    page.locator(".o_form_button_save").click()
    expect(page.locator(".o_form_button_save")).not_to_be_visible()
    conversation = shop.get_conversation(customer, "city", "email", "product_interest")
    assert (conversation["city"], conversation["email"]) == ("Loja", "amparo@example.com")
    assert conversation["product_interest"] == "comedor"
    expect(page.locator(".o_whatsapp_evidence", has_text="Corrected by a person")).to_have_count(2)
    assert identifier


def test_take_over_and_hand_back_from_the_form(shop, customer, page):  # noqa: F811
    shop.say(customer, "Soy Celia")
    open_conversation(shop, page, customer)
    page.click("button[name=action_take_over]")
    expect(page.locator("button[name=action_hand_back]")).to_be_visible()
    assert shop.get_conversation(customer, "stage")["stage"] == "person"
    page.click("button[name=action_hand_back]")
    expect(page.locator("button[name=action_take_over]")).to_be_visible()
    assert shop.get_conversation(customer, "stage")["stage"] == "gathering"


def test_quality_by_a_person(shop, customer, page):  # noqa: F811
    shop.say(customer, "Soy Berta")
    open_conversation(shop, page, customer)
    page.click("button[name=action_set_quality]:has-text('Hot')")
    expect(page.locator(".o_whatsapp_heading")).to_contain_text("Hot")
    expect(page.locator(".o_whatsapp_pane_understood")).to_contain_text("set by a person")


def test_partner_who_has_not_written_must_write_first(shop, customer, page):  # noqa: F811
    partner = shop.server.call("res.partner", "create", {"name": "Nadie", "phone": customer})
    page.goto(f"{shop.server.url}/odoo/contacts/{partner}")
    page.locator("button[name=action_write_on_whatsapp]").click()
    expect(page.locator(".modal")).to_contain_text("has not written on WhatsApp yet")


def test_partner_leads_to_the_conversation(shop, customer, page):  # noqa: F811
    partner = shop.server.call("res.partner", "create", {"name": "Olga", "phone": customer})
    shop.say(customer, "Busco una cama")
    page.goto(f"{shop.server.url}/odoo/contacts/{partner}")
    page.locator("button[name=action_write_on_whatsapp]").click()
    expect(page.locator(".o_whatsapp_heading")).to_contain_text("Olga")
