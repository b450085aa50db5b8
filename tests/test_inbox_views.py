"""The inbox in CRM: kanban, conversation, lead and partner, live and at both widths."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from browsing import expect_fit, save
from playwright.sync_api import expect
from server import wait_until

#: Red, beside the word.
HOT = re.compile("text-danger")
#: The kanban's columns, in this order whatever the language.
STAGES = ("new", "gathering", "ready", "lead", "support", "person", "closed")
FOLDED = re.compile("o_column_folded")
WIDE, NARROW = {"width": 1400, "height": 850}, {"width": 390, "height": 844}


def open_inbox(shop, page):
    page.goto(f"{shop.server.url}/odoo/whatsapp-conversations")
    page.wait_for_selector(".o_kanban_renderer")


def find_card(page, text):
    return page.locator(".o_kanban_record", has_text=text)


def expect_columns_within(page):
    """All stages, or on a telephone the first of those that are shown, can be seen whole without scrolling sideways."""
    columns = page.locator(".o_kanban_group")
    expect(columns).to_have_count(len(STAGES))
    within = """found => found.length && (window.innerWidth < 768 ? found.slice(0, 1) : found).every((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 0 && left >= 0 && Math.floor(right) <= window.innerWidth;
    })"""
    wait_until(lambda: columns.filter(visible=True).evaluate_all(within), what="columns within the screen")


def find_column(page, stage):
    return page.locator(".o_kanban_group").nth(STAGES.index(stage))


def open_conversation(shop, page, customer):
    identifier = shop.get_conversation(customer, "id")["id"]
    page.goto(f"{shop.server.url}/odoo/whatsapp-conversations/{identifier}")
    page.wait_for_selector(".o_whatsapp_pane_understood")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_from_inbox_to_conversation_to_lead_and_back(shop, customer, page, size):
    page.set_viewport_size(size)
    for text in ("Soy Paulina, busco una cama", "Mi presupuesto es $700"):
        shop.say(customer, text)
    open_inbox(shop, page)
    expect_columns_within(page)
    if size == WIDE:
        expect(find_column(page, "closed")).to_have_class(FOLDED)
    card = find_card(page, "Paulina").first
    expect(card.locator(".o_whatsapp_words")).to_contain_text("¡Perfecto, Paulina!")
    expect(card.locator("[name=quality]")).to_have_class(HOT)
    expect(card).to_contain_text("cama")
    expect(card.locator("time")).to_have_count(1)
    expect(card.locator(".fa-hourglass-end, .fa-lock")).to_have_count(0)
    card.click()
    form = page.locator(".o_form_view")
    expect(form.locator("div[name=customer_name] input")).to_have_value("Paulina")
    expect(form.locator(".o_whatsapp_evidence").first).to_contain_text("Paulina")
    expect_fit(page)

    lead = shop.get_leads(customer, "id")[0]["id"]
    page.goto(f"{shop.server.url}/odoo/crm/{lead}")
    page.locator(".o_notebook .nav-link", has_text="WhatsApp").click()
    expect(page.locator("div[name=whatsapp_channel_id]")).to_be_visible()
    expect_fit(page)
    shop.server.call("crm.lead", "write", [lead], {"user_id": 2})
    page.goto(f"{shop.server.url}/odoo/crm")
    expect(find_card(page, "Paulina").first.locator("[name=x_quality_score]")).to_have_class(HOT)


@pytest.fixture
def quiet_shop(shop):
    """The shop with nobody in it but who writes during the test: of the others' conversations none is shown."""
    others = shop.server.call("whatsapp.conversation", "search", [])
    shop.server.write_rows("whatsapp.conversation", others, is_simulated=True)
    yield shop
    shop.server.write_rows("whatsapp.conversation", others, is_simulated=False)


def test_empty_stages_fold_and_open_for_who_comes(quiet_shop, customer, page):
    quiet_shop.say(customer, "Soy Ramona")
    open_inbox(quiet_shop, page)
    for stage in STAGES:
        expected = expect(find_column(page, stage))
        (expected.not_to_have_class if stage == "gathering" else expected.to_have_class)(FOLDED)
    quiet_shop.say(customer, "Busco un comedor")
    expect(find_column(page, "ready")).not_to_have_class(FOLDED)
    expect(find_column(page, "ready")).to_contain_text("Ramona")
    find_column(page, "ready").locator(".o_kanban_header").hover()
    page.set_viewport_size(NARROW)
    expect(find_column(page, "new")).to_be_hidden()
    expect(find_card(page, "Ramona")).to_be_in_viewport()


def test_seven_stages_fit_and_names_are_whole(shop, customer, page):
    name = "María José Vélez Córdova"
    stages = dict(zip(STAGES, range(len(STAGES)), strict=True))
    for stage, number in stages.items():
        shop.say(f"+{int(customer[1:]) + 100_000 * (number + 1)}", "Hola", ProfileName=name)
        conversation = shop.get_conversation(f"+{int(customer[1:]) + 100_000 * (number + 1)}", "id")["id"]
        shop.server.write_rows("whatsapp.conversation", [conversation], stage=stage)
    open_inbox(shop, page)
    expect_columns_within(page)
    titles = page.locator(".o_kanban_record .o_whatsapp_title", has_text=name)
    expect(titles).to_have_count(6)
    cut = "found => found.filter((element) => element.scrollHeight > element.clientHeight + 1).length"
    assert titles.evaluate_all(cut) == 0


def test_card_shows_when_writing_freely_ends_in_place_of_the_last_message(shop, customer, page):
    shop.say(customer, "Soy Zoraida")
    conversation = shop.get_conversation(customer, "id")["id"]
    card = find_card(page, "Zoraida")
    for hours, shows, hides in ((23.5, ".fa-hourglass-end", "time"), (30, "time", ".fa-hourglass-end")):
        moment = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=hours)
        shop.server.write_rows("whatsapp.conversation", [conversation], last_inbound_at=moment, last_message_at=moment)
        open_inbox(shop, page)
        expect(card.locator(shows)).to_have_count(1)
        expect(card.locator(hides)).to_have_count(0)
    expect(card.locator(".fa-lock")).to_have_count(1)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_salesperson_is_in_sight(shop, customer, page, size):
    page.set_viewport_size(size)
    shop.say(customer, "Soy Elvira")
    conversation = shop.get_conversation(customer, "id")["id"]
    shop.server.call("whatsapp.conversation", "write", [conversation], {"user_id": 2})
    open_conversation(shop, page, customer)
    expect(page.locator(".o_whatsapp_heading div[name=user_id] input")).to_be_in_viewport()
    expect(page.locator(".o_whatsapp_heading div[name=user_id] img")).to_be_in_viewport()


def search_for(page, words):
    search = page.locator(".o_searchview_input")
    search.fill(words)
    page.locator(".o_searchview_autocomplete .o-dropdown-item").first.wait_for(state="attached")
    search.press("Enter")
    expect(page.locator(".o_searchview_facet", has_text=words)).to_be_visible()


def test_search_by_number_as_people_write_it(shop, customer, page):
    shop.say(customer, "Soy Teodora, busco una cama")
    open_inbox(shop, page)
    search_for(page, "0" + customer.removeprefix("+593"))
    expect(page.locator(".o_kanban_record:not(.o_kanban_ghost)")).to_have_count(1)
    expect(find_card(page, "Teodora")).to_have_count(1)


def test_kanban_is_live(shop, customer, page):
    open_inbox(shop, page)
    shop.say(customer, "Soy Leonor")
    expect(find_column(page, "gathering").locator(".o_kanban_record", has_text="Leonor")).to_be_visible()
    shop.say(customer, "Estoy en Loja")
    expect(find_card(page, "Leonor").locator(".o_whatsapp_words")).to_contain_text("Leonor")
    shop.say(customer, "Busco un comedor")
    expect(find_column(page, "ready").locator(".o_kanban_record", has_text="Leonor")).to_be_visible()
    expect(find_column(page, "gathering").locator(".o_kanban_record", has_text="Leonor")).to_have_count(0)


def test_form_is_live_and_keeps_what_is_being_typed(shop, customer, page):
    shop.say(customer, "Soy Amparo")
    open_conversation(shop, page, customer)
    page.fill("div[name=city] input", "Loja")
    page.locator("div[name=email] input").focus()
    page.keyboard.type("amparo@")
    shop.say(customer, "Busco un comedor")
    expect(page.locator("div[name=interest_ids]")).to_contain_text("comedor")
    expect(page.locator("div[name=city] input")).to_have_value("Loja")
    expect(page.locator("div[name=email] input")).to_have_value("amparo@")
    page.keyboard.type("example.com")
    save(page)
    conversation = shop.get_conversation(customer, "city", "email", "product_interest")
    assert (conversation["city"], conversation["email"]) == ("Loja", "amparo@example.com")
    assert conversation["product_interest"] == "comedor"
    expect(page.locator(".o_whatsapp_evidence .fa-phone")).to_have_count(2)


def test_take_over_and_hand_back_from_the_form(shop, customer, page):
    shop.say(customer, "Soy Celia")
    open_conversation(shop, page, customer)
    page.click("button[name=action_take_over]")
    expect(page.locator("button[name=action_hand_back]")).to_be_visible()
    assert shop.get_conversation(customer, "stage")["stage"] == "person"
    page.click("button[name=action_hand_back]")
    expect(page.locator("button[name=action_take_over]")).to_be_visible()
    assert shop.get_conversation(customer, "stage")["stage"] == "gathering"


def test_quality_by_a_person(shop, customer, page):
    shop.say(customer, "Soy Berta")
    open_conversation(shop, page, customer)
    buttons = page.locator("button[name=action_set_quality]")
    expect(buttons).to_have_count(3)
    expect(buttons.nth(1)).to_have_class(re.compile(r"\bbtn-warning\b"))
    buttons.first.click()
    expect(page.locator(".o_whatsapp_heading [name=quality]")).to_have_class(HOT)
    expect(buttons.first).to_have_class(re.compile(r"\bbtn-danger\b"))
    expect(buttons.nth(1)).to_have_class(re.compile(r"\bbtn-outline-warning\b"))
    assert shop.get_conversation(customer, "person_quality")["person_quality"] == "hot"


def test_partner_who_has_not_written_must_write_first(shop, customer, page):
    partner = shop.server.call("res.partner", "create", {"name": "Nadie", "phone": customer})
    page.goto(f"{shop.server.url}/odoo/contacts/{partner}")
    page.locator("button[name=action_write_on_whatsapp]").click()
    # The only number here is in simulation, and would reach nobody.
    expect(page.locator(".modal")).to_contain_text("escriba a tu número de WhatsApp")


def test_partner_leads_to_the_conversation(shop, customer, page):
    partner = shop.server.call("res.partner", "create", {"name": "Olga", "phone": customer})
    shop.say(customer, "Busco una cama")
    page.goto(f"{shop.server.url}/odoo/contacts/{partner}")
    page.locator("button[name=action_write_on_whatsapp]").click()
    expect(page.locator(".o_whatsapp_heading")).to_contain_text("Olga")


def test_card_of_who_writes_comes_first_without_being_drawn_anew(shop, customer, page):
    second = f"+{int(customer[1:]) + 500_000}"
    shop.say(customer, "Soy Ximena Quirola")
    shop.say(second, "Soy Yolanda Quirola")
    open_inbox(shop, page)
    # What other customers still have happen to them draws everything anew.
    search_for(page, "Quirola")
    expect(page.locator(".o_kanban_record:not(.o_kanban_ghost)")).to_have_count(2)
    cards = find_column(page, "gathering").locator(".o_kanban_record:not(.o_kanban_ghost)")
    expect(cards.first).to_contain_text("Yolanda")
    ximena = find_card(page, "Ximena").element_handle()
    shop.say(customer, "Estoy en Loja")
    expect(cards.first).to_contain_text("Ximena")
    assert ximena.is_visible(), "the same element: nobody loses their place"


def test_lead_whose_customer_gave_it_up_waits_for_a_person_to_say_so(shop, customer, page):
    shop.say(customer, "Soy Eulogia, busco un sofá, tengo $900")
    shop.say(customer, "no gracias, ya compré en otro lado")
    (lead,) = shop.get_leads(customer, "id", "active")
    assert lead["active"]
    page.set_viewport_size(NARROW)
    open_conversation(shop, page, customer)
    products = page.locator("div[name=interest_ids]")
    expect(products.get_by_placeholder(re.compile("any more|Ya no lo quiere"))).to_be_visible()
    closing = [page.locator(f"div[name={name}]") for name in ("closing", "closing_reason")]
    wait_until(lambda: len({each.bounding_box()["y"] for each in closing}) == 1, what="one line, on a telephone too")
    page.set_viewport_size(WIDE)
    page.goto(f"{shop.server.url}/odoo/crm")
    card = page.locator(".o_kanban_record", has_text="Eulogia")
    expect(card).to_contain_text(re.compile("Given up|Desistió"))
    page.goto(f"{shop.server.url}/odoo/crm/{lead['id']}")
    banner = page.locator(".o_whatsapp_closing")
    expect(banner).to_contain_text(re.compile("Bought elsewhere|otro (lado|lugar)", re.IGNORECASE))
    expect(banner).not_to_contain_text("put it off")
    expect_fit(page)
    banner.locator("button[name=action_confirm_whatsapp_loss]").click()
    expect(banner).to_be_hidden()
    assert not shop.get_leads(customer, "id")


def make_wait(shop, customer):
    """The customer asks for a person, and is told that one comes."""
    shop.say(customer, "Soy Zenaida")
    shop.say(customer, "quiero hablar con una persona")
    assert shop.get_conversation(customer, "last_author")["last_author"] == "assistant"


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_who_waits_is_shown_with_their_words_and_why(shop, customer, page, size):
    page.set_viewport_size(size)
    make_wait(shop, customer)
    page.goto(f"{shop.server.url}/odoo/whatsapp-waiting")
    row = page.locator(".o_data_row, .o_kanban_record", has_text="Zenaida").first
    expect(row).to_contain_text("quiero hablar con una persona")
    expect(row.locator("[name=waiting_reason], .o_whatsapp_why")).to_have_text(re.compile("person"))
    expect_fit(page)


def test_closed_conversation_is_reopened(shop, customer, page):
    shop.say(customer, "Soy Úrsula")
    open_conversation(shop, page, customer)
    page.click("button[name=action_close]")
    page.click("button[name=action_reopen]")
    expect(page.locator("button[name=action_close]")).to_be_visible()
    assert shop.get_conversation(customer, "stage")["stage"] == "gathering"
    page.click("button[name=action_close]")
    expect(page.locator("button[name=action_reopen]")).to_be_visible()
    shop.say(customer, "Busco un comedor")
    page.click("button[name=action_reopen]")
    expect(page.locator("div[name=interest_ids]")).to_contain_text("comedor")
    expect(page.locator("button[name=action_close]")).to_be_visible()


def test_activity_menu_leads_to_what_is_late(shop, customer, page):
    second = f"+{int(customer[1:]) + 500_000}"
    for number, name, days in ((customer, "Tarsila", -1), (second, "Tadeo", 3)):
        shop.say(number, f"Soy {name}")
        conversation = shop.get_conversation(number, "id")["id"]
        (model,) = shop.server.call("ir.model", "search", [("model", "=", "whatsapp.conversation")])
        deadline = (date.today() + timedelta(days=days)).isoformat()
        values = {"res_model_id": model, "res_id": conversation, "date_deadline": deadline, "user_id": 2}
        shop.server.call("mail.activity", "create", [values])
    page.goto(f"{shop.server.url}/odoo/crm")
    page.locator(".o_menu_systray button:has(.fa-clock-o)").first.click()
    # What is late comes first.
    page.locator("[data-model_name='whatsapp.conversation'] span.btn-link").first.click()
    expect(page.locator(".o_searchview_facet")).to_have_count(2)
    rows = page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)")
    expect(rows.filter(has_text="Tarsila")).to_have_count(1)
    expect(rows.filter(has_text="Tadeo")).to_have_count(0)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_fact_from_a_telephone_call_is_said_to_be_one(shop, customer, page, size):
    page.set_viewport_size(size)
    shop.say(customer, "Soy Sabina, busco una cama para Cuenca")
    open_conversation(shop, page, customer)
    page.fill("div[name=email] input", "sabina@example.com")
    page.fill("div[name=customer_name] input", "Cuenca")
    save(page)
    evidence = page.locator(".o_whatsapp_evidence")
    otherwise = evidence.filter(has=page.locator(".fa-phone"))
    expect(otherwise).to_have_count(1)
    otherwise.locator("button").click()
    expect(otherwise).to_have_count(0)
    expect(evidence.filter(has=page.locator(".fa-user"))).to_have_count(2)
    evidence.filter(has=page.locator(".fa-user")).first.locator("button").click()
    expect(otherwise).to_have_count(1)
    expect_fit(page)
