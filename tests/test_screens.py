"""What a salesperson sees, in a real browser."""

import os
import re

import pytest
from playwright.sync_api import expect, sync_playwright
from server import LOGIN, PASSWORD


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-proxy-server"]
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, shop):
    """A page of the logged-in web client; a script error on it fails the test."""
    page = browser.new_page(viewport={"width": 1400, "height": 850}, locale="en-US")
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{shop.server.url}/web/login")
    page.fill("#login", LOGIN)
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_main_navbar")
    yield page
    page.close()
    assert errors == []


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


def test_sender_shows_what_to_set_at_twilio(shop, page):
    page.goto(f"{shop.server.url}/odoo/action-colineal_whatsapp_crm.whatsapp_sender_action/{shop.sender_id}")
    webhook = page.locator("div[name=webhook_setting]")
    expect(webhook).to_contain_text("https://crm.example.com/api/webhook/whatsapp#rc=3&rp=all")
