"""*Try the assistant* in a real browser: a colleague plays the customer."""

import re

import pytest
from browsing import expect_fit, log_in
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def seller(shop):
    """The login of a salesperson who reads English."""
    shop.add_salesperson("simulator-seller", name="Sofía Mora", lang="en_US")
    return "simulator-seller"


@pytest.fixture
def simulator(browser, shop, seller):
    """The simulator of an assistant that answers at once, before anything was said."""
    with log_in(browser, shop, seller) as page:
        page.goto(f"{shop.server.url}/odoo/action-colineal_whatsapp_crm.whatsapp_assistant_action/{shop.assistant_id}")
        page.locator("button[name=action_try]").click()
        page.get_by_role("button", name="Reset").click()
        expect(get_known(page)).to_contain_text("Nothing yet")
        expect(get_messages(page)).to_have_count(0)
        yield page


def say(page, text):
    page.get_by_label("Message of the customer").fill(text)
    page.keyboard.press("Enter")


def send_by_dialog(page, button, **values):
    page.get_by_role("button", name=button, exact=True).click()
    dialog = page.get_by_role("dialog")
    for label, value in values.items():
        dialog.get_by_label(re.compile(label)).fill(value)
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_have_count(0)


def get_messages(page):
    return page.locator(".o-mail-Message-body")


def get_known(page):
    return page.get_by_label("What the assistant understood")


def test_what_is_typed_is_answered_and_understood_and_forgotten(simulator):
    say(simulator, "Hola, soy Ana y busco un sofá")
    expect(get_messages(simulator)).to_have_count(2)
    known = get_known(simulator)
    expect(known.locator("[data-slot=name]")).to_contain_text("Ana")
    expect(known.locator("[data-slot=products]")).to_contain_text("sofá")
    expect(known).to_contain_text("Warm")
    expect(known).to_contain_text("Ask for the budget")

    say(simulator, "tengo unos $800 y es urgente")
    expect(get_messages(simulator)).to_have_count(4)
    expect(known).to_contain_text("Hot")
    lead = known.get_by_role("button", name=re.compile("Simula(ted|do): Sofá - Ana"))
    expect(lead).to_be_visible()

    simulator.get_by_role("button", name="Reset").click()
    expect(get_messages(simulator)).to_have_count(0)
    expect(known).to_contain_text("Nothing yet")
    say(simulator, "Busco una cama")
    expect(known.locator("[data-slot=products]")).to_contain_text("cama")
    expect(known.locator("[data-slot=name]")).to_have_count(0)


def test_what_is_typed_while_it_begins_anew_is_kept(simulator):
    say(simulator, "Hola, soy Ana y busco un sofá")
    expect(get_messages(simulator)).to_have_count(2)
    held = []
    simulator.route("**/whatsapp.simulator/reset", lambda route: held.append(route))
    with simulator.expect_response("**/whatsapp.simulator/reset"):
        with simulator.expect_request("**/whatsapp.simulator/reset"):
            simulator.get_by_role("button", name="Reset").click()
        simulator.get_by_label("Message of the customer").fill("Busco una cama")
        held.pop().continue_()
    expect(get_messages(simulator)).to_have_count(0)
    simulator.keyboard.press("Enter")

    known = get_known(simulator)
    expect(known.locator("[data-slot=products]")).to_contain_text("cama")
    expect(known.locator("[data-slot=name]")).to_have_count(0)
    expect(get_messages(simulator)).to_have_count(2)


def test_whatever_else_a_customer_may_send(simulator):
    send_by_dialog(simulator, "Voice note", said="Soy Lucía, busco una cama")
    known = get_known(simulator)
    expect(known.locator("[data-slot=name]")).to_contain_text("Lucía")
    send_by_dialog(simulator, "Location", Address="Av. Amazonas, Quito")
    expect(known.locator("[data-slot=city]")).to_contain_text("Quito")
    send_by_dialog(simulator, "Photo")
    expect(simulator.locator(".o-mail-AttachmentImage")).to_have_count(1)
    simulator.get_by_role("button", name="More").click()
    simulator.get_by_role("menuitem", name="Tap on an advertisement").click()
    simulator.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(simulator.locator(".o-whatsapp-Advertisement")).to_contain_text("Sofás de cuero desde $499")
    # In the company's language.
    expect(
        simulator.get_by_text(re.compile("A colleague would be called now|Ahora se avisaría a un colega")).first
    ).to_be_visible()


def test_burst_gets_one_answer_and_a_duplicate_none(simulator):
    send_by_dialog(simulator, "Burst", line="Hola\nsoy Pedro\nquiero un comedor")
    expect(get_known(simulator).locator("[data-slot=name]")).to_contain_text("Pedro")
    question = get_messages(simulator).filter(has_text=re.compile("presupuesto|invertir|gastar"))
    expect(question).to_have_count(1)
    before = get_messages(simulator).count()
    send_by_dialog(simulator, "Twice", Message="tengo $500")
    expect(get_known(simulator).locator("[data-slot=budget]")).to_contain_text("$500")
    expect(simulator.locator(".o-mail-Message-body", has_text="tengo $500")).to_have_count(1)
    assert get_messages(simulator).count() <= before + 2


def test_on_a_telephone_what_is_understood_has_a_page_of_its_own(simulator):
    simulator.set_viewport_size({"width": 390, "height": 844})
    say(simulator, "Soy Ana, busco un sofá")
    tab = simulator.get_by_role("tab", name=re.compile("Understood"))
    expect(tab).to_contain_text("Warm")
    expect(get_known(simulator)).to_be_hidden()
    tab.click()
    expect(get_known(simulator).locator("[data-slot=name]")).to_contain_text("Ana")
    expect_fit(simulator)


def test_on_a_telephone_several_files_are_on_the_side_of_who_sent_them(simulator):
    simulator.set_viewport_size({"width": 390, "height": 844})
    simulator.get_by_role("button", name="More").click()
    simulator.get_by_role("menuitem", name="Several files in one message").click()
    simulator.get_by_role("dialog").get_by_role("button", name="Send").click()
    sent = simulator.locator(".o-mail-AttachmentContainer")
    expect(sent).to_have_count(3)
    boxes = [file.bounding_box() for file in sent.all()]
    assert {round(box["x"] + box["width"]) for box in boxes} == {round(boxes[0]["x"] + boxes[0]["width"])}
    assert boxes[0]["x"] + boxes[0]["width"] > 340, "it is the customer who sent them"
    expect_fit(simulator)


def test_check_list_of_a_sender_turns_green_by_itself(page, shop, customer, another_customer):
    sender = shop.server.call(
        "whatsapp.sender",
        "create",
        {
            "name": "Setting up",
            "number": another_customer,
            "public_url": "https://crm.example.com",
            "account_sid": "AC" + "0" * 32,
            "auth_token": "a token of the account",
        },
    )
    page.goto(f"{shop.server.url}/odoo/action-colineal_whatsapp_crm.whatsapp_sender_action/{sender}")
    line = page.locator("[data-check=signature]")
    expect(line).to_have_attribute("data-state", "todo")
    expect(page.locator("[data-check=address]")).to_have_attribute("data-state", "todo")
    expect(page.locator("[data-check=webhook] code")).to_have_text(
        "https://crm.example.com/api/webhook/whatsapp#rc=3&rp=all"
    )
    twilio = type(shop.twilio)(shop.server.url, another_customer, "a token of the account", "https://crm.example.com")
    twilio.deliver(customer, "Hola")
    expect(line).to_have_attribute("data-state", "done")


def test_what_was_tried_is_nowhere_else(simulator, shop):
    say(simulator, "Hola, soy Fabricia y busco un sofá")
    expect(get_messages(simulator)).to_have_count(2)
    for path in ("whatsapp-conversations", "whatsapp-waiting"):
        simulator.goto(f"{shop.server.url}/odoo/{path}")
        simulator.wait_for_selector(".o_kanban_renderer, .o_list_renderer, .o_view_nocontent")
        expect(simulator.get_by_text("Fabricia")).to_have_count(0)
    simulator.locator(".o_searchview_input").fill("Fabricia")
    simulator.keyboard.press("Enter")
    expect(simulator.get_by_role("cell", name="Fabricia")).to_have_count(0)
