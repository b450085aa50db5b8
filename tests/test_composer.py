"""What a colleague writes to a customer, and what is stopped before it goes."""

import re

import pytest
from browsing import log_in
from playwright.sync_api import expect
from server import PASSWORD, wait_until

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def team(shop):
    shop.add_salesperson("composer-seller", "group_sale_salesman_all_leads", name="Sofia", lang="en_US")
    shop.add_salesperson("composer-manager", "group_sale_manager", lang="en_US")


@pytest.fixture
def page(browser, shop, team):
    with log_in(browser, shop, "composer-seller", PASSWORD) as page:
        yield page


def open_thread(shop, page, customer):
    page.goto(f"{shop.server.url}/odoo/discuss?active_id=discuss.channel_{shop.open_thread(customer)}")
    page.wait_for_selector(".o-whatsapp-ThreadBar")
    return page.locator(".o-mail-Composer-input:visible")


def send(composer, words):
    composer.fill(words)
    composer.press("Enter")


def test_unknown_command_is_not_sent_as_words(shop, customer, page):
    before = len(shop.say(customer, "Soy Irene, busco un sofá"))
    composer = open_thread(shop, page, customer)
    send(composer, "/presupuesto 500")
    notification = page.locator(".o_notification")
    expect(notification).to_contain_text("There is no command /presupuesto, so nothing was sent")
    expect(notification).to_contain_text("/lead")
    expect(composer).to_have_value("/presupuesto 500")
    # A slash alone makes no command of a sentence.
    send(composer, "/ 500 por silla")
    wait_until(lambda: shop.get_replies(customer)[before:] == ["/ 500 por silla"], what="what is no command")


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_quick_reply_is_filled_in_from_the_conversation(shop, customer, page, viewport):
    if viewport:
        page.set_viewport_size(viewport)
    before = len(shop.say(customer, "Soy Irene, busco un sofá"))
    composer = open_thread(shop, page, customer)
    composer.press_sequentially("::precio")
    suggestion = page.locator(".o-mail-Composer-suggestion", has_text="precio")
    expect(suggestion).to_contain_text("el precio del sofá")
    suggestion.click()
    text = "Con gusto te confirmo el precio del sofá. ¿Qué medida y qué color te gustaría?"
    expect(composer).to_have_value(f"{text} ")
    page.get_by_role("button", name="Send", exact=True).click()
    wait_until(lambda: shop.get_replies(customer)[before:] == [text], what="the quick reply")


def test_who_has_no_name_yet_is_greeted_without_one(shop, customer, page):
    shop.say(customer, "Hola")
    composer = open_thread(shop, page, customer)
    composer.press_sequentially("::saludo")
    page.locator(".o-mail-Composer-suggestion", has_text="¡Hola! Soy Sofia, de").click()
    expect(composer).to_have_value(re.compile("^¡Hola! Soy Sofia, de [^{}]+$"))


def test_placeholder_without_value_never_goes_out(shop, customer, page):
    before = len(shop.say(customer, "Soy Irene, busco un sofá"))
    composer = open_thread(shop, page, customer)
    composer.press_sequentially("::tiempo")
    page.locator(".o-mail-Composer-suggestion", has_text="tiempo").click()
    left = "Estoy consultando el tiempo de entrega a {city} y te lo confirmo por aquí. "
    expect(composer).to_have_value(left)
    composer.press("Enter")
    expect(page.locator(".o_notification")).to_contain_text("in place of {city} (the city)")
    expect(composer).to_have_value(left)
    assert len(shop.get_replies(customer)) == before
    # What is typed now takes its place.
    page.keyboard.type("Cuenca")
    expect(composer).to_have_value(left.replace("{city}", "Cuenca"))
    # Once it is known, the same text is filled in as it goes.
    composer.fill(left)
    before += len(shop.say(customer, "Estoy en Loja"))
    composer.press("Enter")
    sent = left.strip().replace("{city}", "Loja")
    wait_until(lambda: shop.get_replies(customer)[before:] == [sent], what="the filled reply")


def test_colleagues_are_offered_no_placeholders_among_themselves(shop, customer, page):
    shop.say(customer, "Hola")
    open_thread(shop, page, customer)
    group = shop.server.call("discuss.channel", "create", {"name": "Ventas", "channel_type": "channel"})
    page.goto(f"{shop.server.url}/odoo/discuss?active_id=discuss.channel_{group}")
    composer = page.locator(".o-mail-Composer-input:visible")
    composer.press_sequentially("::d")
    expect(page.locator(".o-mail-Composer-suggestion", has_text="direccion")).to_be_visible()
    expect(page.locator(".o-mail-Composer-suggestion", has_text="despedida")).to_have_count(0)


def test_manager_changes_a_quick_reply(shop, browser, team):
    with log_in(browser, shop, "composer-manager", PASSWORD) as page:
        page.goto(f"{shop.server.url}/odoo/crm")
        page.get_by_role("button", name="Configuration").click()
        page.get_by_role("menuitem", name="Quick Replies").click()
        page.locator(".o_data_row", has_text="despedida").locator("[name=substitution]").click()
        page.locator(".o_selected_row [name=substitution] textarea").fill("¡Hasta pronto, {name}!")
        page.locator(".o_list_button_save").first.click()
        expect(page.locator(".o_list_button_save")).to_have_count(0)
    (reply,) = shop.server.search_read("mail.canned.response", [("source", "=", "despedida")], ["substitution"])
    assert reply["substitution"] == "¡Hasta pronto, {name}!"


def test_what_only_the_shop_knows_is_said_to_be_entered_there(shop, customer, page):
    shop.say(customer, "Soy Irma")
    composer = open_thread(shop, page, customer)
    send(composer, "Te esperamos en {address}.")
    told = page.locator(".o_notification")
    expect(told).to_contain_text("in place of {address} (the shop's address)")
    expect(told).to_contain_text("under Shops")
