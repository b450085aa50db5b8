"""What a salesperson sees, in a real browser."""

import re
from contextlib import suppress

from playwright.sync_api import Error, expect


def test_conversation_and_lead_are_linked_both_ways(shop, customer, page):
    for text in ("Soy Carmen, busco una cama", "Mi presupuesto es $700"):
        shop.say(customer, text)
    page.goto(f"{shop.server.url}/odoo/whatsapp-conversations")
    page.locator(".o_kanban_record", has_text="Carmen").first.click()
    form = page.locator(".o_form_view")
    expect(form.locator("h1")).to_contain_text("Carmen (+593 98")
    expect(form.locator("div[name=quality]")).to_have_class(re.compile("text-danger"))
    page.click("button[name=action_view_messages]")
    rows = page.locator("tr.o_data_row")
    expect(rows).to_have_count(4)
    expect(rows.nth(0)).to_contain_text("Soy Carmen, busco una cama")
    expect(rows.nth(3)).to_contain_text("Carmen! He registrado tu interés en camas")
    page.go_back()

    page.click("button[name=action_view_lead]")
    lead = page.locator(".o_form_view")
    expect(lead.locator("div[name=name] textarea")).to_have_value("Cama - Carmen")
    lead.locator("button[name=action_view_whatsapp_conversations]").click()
    expect(page.locator(".o_form_view h1")).to_contain_text("Carmen (+593 98")


def test_browser_that_crashes_takes_one_test_along(browsers):
    crashed = browsers()
    with suppress(Error):
        crashed.contexts[0].new_cdp_session(crashed.contexts[0].pages[0]).send("Browser.crash")
    page = browsers().contexts[0].new_page()
    page.set_content("Hola")
    expect(page.get_by_text("Hola")).to_be_visible()
    page.close()
