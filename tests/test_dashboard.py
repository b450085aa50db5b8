"""The dashboard in a real browser: figures, periods, records behind them, live, and each to their own."""

import re

import pytest
from browsing import expect_fit, log_in
from playwright.sync_api import expect

WIDE, NARROW = {"width": 1400, "height": 850}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def salespeople(shop):
    """Two who see their own conversations only, by login."""
    return {login: shop.add_salesperson(login, lang="en_US") for login in ("delia", "efrain")}


def open_dashboard(shop, page):
    page.goto(f"{shop.server.url}/odoo/whatsapp-dashboard")
    page.wait_for_selector(".o_whatsapp_dashboard_grid")


def choose_period(page, which):
    """The first button is today, the last a period of one's own."""
    button = getattr(page.locator(".o_whatsapp_dashboard_filters .btn"), which)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".o_whatsapp_dashboard_grid")).to_have_attribute("aria-busy", "false")


def go_up(page):
    """By the breadcrumbs, or the arrow that a telephone has in their place."""
    page.locator(".o_control_panel .breadcrumb-item a:visible, .o_back_button:visible").last.click()


def find_tile(page, name):
    return page.locator(f".o_whatsapp_tile[data-name={name}]")


def read_count(page, name):
    """The number that a tile shows."""
    return int(re.sub(r"\D", "", find_tile(page, name).locator(".o_whatsapp_tile_value > span").first.inner_text()))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_figures_lead_to_their_records_and_back(shop, customer, page, size):
    page.set_viewport_size(size)
    for text in ("Soy Noemí, busco una cama", "Mi presupuesto es $700"):
        shop.say(customer, text)
    open_dashboard(shop, page)
    expect(page.locator("canvas")).to_be_visible()
    expect_fit(page)
    choose_period(page, "first")
    leads = read_count(page, "leads")
    find_tile(page, "leads").click()
    records = page.locator("tr.o_data_row")
    # The first pivot in a new database has its part of the web client put together.
    expect(records).to_have_count(leads)
    records.filter(has_text="Noemí").first.locator("td[name=conversation_id]").click()
    expect(page.locator(".o_whatsapp_heading")).to_contain_text("Noemí")
    go_up(page)
    expect(records).to_have_count(leads)
    go_up(page)
    expect(find_tile(page, "leads")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_whole_dashboard_is_within_reach_of_the_wheel(shop, customer, page, size):
    page.set_viewport_size(size)
    shop.say(customer, "Soy Noemí, busco una cama")
    open_dashboard(shop, page)
    last = page.locator(".o_whatsapp_dashboard_grid > *").last
    expect(last).not_to_be_in_viewport()
    page.mouse.move(size["width"] / 2, size["height"] / 2)
    page.mouse.wheel(0, 10_000)
    expect(last).to_be_in_viewport()


def test_period(shop, customer, page):
    shop.say(customer, "Soy Odilia, busco una cama")
    open_dashboard(shop, page)
    choose_period(page, "last")
    page.locator("input[type=date]").first.fill("2020-01-01")
    page.locator("input[type=date]").last.fill("2020-01-31")
    expect(page.locator(".o_whatsapp_panel_empty")).to_be_visible()
    choose_period(page, "first")
    expect(page.locator(".o_whatsapp_panel_empty")).to_have_count(0)
    assert read_count(page, "conversations") > 0


def test_new_conversation_appears_by_itself(shop, customer, page):
    open_dashboard(shop, page)
    before = read_count(page, "conversations")
    shop.say(customer, "Soy Petra, busco una cama")
    expect(find_tile(page, "conversations").locator(".o_whatsapp_tile_value > span").first).to_have_text(
        re.compile(rf"^{before + 1}$")
    )


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_salespeople_are_one_click_from_their_conversations(shop, customer, page, salespeople, size):
    page.set_viewport_size(size)
    shop.say(customer, "Soy Hortensia, busco una cama")
    conversation = shop.get_conversation(customer, "id")["id"]
    shop.server.call("whatsapp.conversation", "write", [conversation], {"user_id": salespeople["efrain"]})
    open_dashboard(shop, page)
    row = page.locator("[data-name=people] tr", has_text="Efrain")
    taken = int(row.locator("td").first.inner_text())
    expect_fit(page)
    row.locator("button").click()
    expect(page.locator("tr.o_data_row")).to_have_count(taken)


def test_who_waits_is_one_click_away(shop, customer, page):
    shop.say(customer, "Soy Quintina, quiero hablar con una persona")
    shop.say(customer, "Hola?")
    open_dashboard(shop, page)
    waiting = page.locator("[data-name=waiting]")
    waiting.locator(".o_whatsapp_panel_title").click()
    row = page.locator("tr.o_data_row", has_text="Quintina")
    expect(row).to_be_visible()
    row.locator("td[name=title]").click()
    expect(page.locator(".o_whatsapp_heading")).to_contain_text("Quintina")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_those_who_wait_beside_the_first_are_counted_and_one_click_away(shop, customer, page, size):
    page.set_viewport_size(size)
    for number in range(1, 8):
        shop.say(f"+{int(customer[1:]) + 100_000 * number}", "Quiero hablar con una persona")
    open_dashboard(shop, page)
    waiting = page.locator("[data-name=waiting]")
    count = int(waiting.locator(".badge.rounded-pill").inner_text())
    rows = waiting.locator(".o_whatsapp_row:not(.o_whatsapp_more)")
    more = waiting.locator(".o_whatsapp_more")
    expect(more).to_contain_text(str(count - rows.count()))
    expect_fit(page)
    more.click()
    records = ".o_kanban_record:not(.o_kanban_ghost)" if size == NARROW else ".o_data_row"
    expect(page.locator(records)).to_have_count(count)


def test_colleague_sees_only_own_and_unassigned(shop, customer, another_customer, browser, salespeople):
    shop.say(customer, "Soy Rosalba, busco una cama")
    conversation = shop.get_conversation(customer, "id")["id"]
    shop.server.call("whatsapp.conversation", "write", [conversation], {"user_id": salespeople["delia"]})
    shop.say(another_customer, "Soy Casimira")
    for login in salespeople:
        with log_in(browser, shop, login) as page:
            open_dashboard(shop, page)
            count = read_count(page, "conversations")
            find_tile(page, "conversations").click()
            rows = page.locator("tr.o_data_row")
            expect(rows).to_have_count(count)
            expect(rows.filter(has_text=f"Casimira (+593 98 700 {another_customer[-4:]})")).to_have_count(1)
            expect(rows.filter(has_text=f"Rosalba (+593 98 700 {customer[-4:]})")).to_have_count(int(login == "delia"))
