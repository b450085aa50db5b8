"""The shop's words, wordings and shops, as an administrator sets them in a real browser."""

import re

import pytest
from browsing import choose, expect_fit, log_in, save
from playwright.sync_api import expect

#: A desktop and a telephone.
SIZES = {"desktop": (1400, 850), "telephone": (390, 844)}


@pytest.fixture(params=SIZES)
def sized_page(request, browser, shop):
    width, height = SIZES[request.param]
    with log_in(browser, shop) as page:
        page.set_viewport_size({"width": width, "height": height})
        yield page


def open_record(shop, page, record_id, action):
    page.goto(f"{shop.server.url}/odoo/action-colineal_whatsapp_crm.{action}/{record_id}")
    expect(page.locator(".o_form_view")).to_be_visible()


#: What is sold in this test on each device, and what customers call it.
WORDS = {"desktop": ("perchero", "colgador", "gancho", "galán", "percha"),
         "telephone": ("zapatera", "botinero", "calzadero", "galpón", "zapatero")}  # fmt: skip


def forget(shop, interest):
    """Nothing is sold by that name: the next device uses the same words, and so does a second attempt."""
    shop.server.call(
        "whatsapp.interest", "unlink", shop.server.call("whatsapp.interest", "search", [("name", "=", interest)])
    )


def test_synonyms_are_tags_and_a_sentence_is_tried(shop, sized_page, request):
    page, device = sized_page, request.node.callspec.params["sized_page"]
    name, first, second, third, fourth = WORDS[device]
    forget(shop, name)
    (interest_id,) = shop.server.call("whatsapp.interest", "create", [{"name": name, "synonyms": first}])
    open_record(shop, page, interest_id, "whatsapp_interest_action")
    field = page.locator("div[name=synonym_ids]")
    expect(field.locator(".o_tag")).to_have_count(1)
    box = field.locator("input.o_whatsapp_synonyms_input")
    box.fill(f"{second}, {third} de noche, {first}")
    expect(field.locator(".o_tag")).to_have_count(3)
    box.fill(fourth)
    box.press("Enter")
    expect(field.locator(".o_tag")).to_have_count(4)
    field.locator(".o_tag", has_text=second).locator(".o_delete").click()
    expect(field.locator(".o_tag")).to_have_count(3)
    field.locator("summary").click()
    plural = field.locator("tr", has_text=f"{third} de noche").locator("input")
    expect(plural).to_have_value({"galán": "galanes de noche", "galpón": "galpones de noche"}[third])
    plural.fill("nocheros raros")
    plural.press("Tab")
    box = page.locator(".o_whatsapp_try_it input")
    box.fill("Soy Ana, quiero dos nocheros raros, tengo $300")
    box.press("Enter")
    result = page.locator(".o_whatsapp_try_it_result")
    expect(result.locator("[data-slot=products]")).to_contain_text(name)
    expect(result.locator("[data-slot=products] q")).to_contain_text("nocheros raros")
    expect(result.locator("[data-slot=name]")).to_contain_text("Ana")
    expect(result).to_contain_text("tu interés en nocheros raros")
    rows = shop.server.search_read("whatsapp.synonym", [("interest_id", "=", interest_id)], ["name", "plural"])
    assert {row["name"] for row in rows} == {first, f"{third} de noche", fourth}
    expect_fit(page)
    forget(shop, name)


def test_synonyms_of_a_city_are_tags_in_the_list(shop, page):
    page.goto(f"{shop.server.url}/odoo/action-colineal_whatsapp_crm.whatsapp_city_action")
    row = page.locator("tr.o_data_row", has_text="Tena")
    row.locator("td[name=synonym_ids]").click()
    box = page.locator("tr.o_selected_row input.o_whatsapp_synonyms_input")
    box.fill("puerto napo, misahuallí,")
    expect(page.locator("tr.o_selected_row .o_tag")).to_have_count(2)
    page.click(".o_list_button_save")
    expect(page.locator("tr.o_selected_row")).to_have_count(0)
    rows = shop.server.search_read("whatsapp.synonym", [("city_id.name", "=", "Tena")], ["name"])
    assert {row["name"] for row in rows} == {"puerto napo", "misahuallí"}


def test_wordings_stand_by_situation_and_are_shown_with_a_real_customer(shop, customer, sized_page):
    page = sized_page
    shop.say(customer, "Soy Filomena, busco dos sillas")
    open_record(shop, page, shop.assistant_id, "whatsapp_assistant_action")
    choose(page, "preview_conversation_id", "Filomena")
    if page.viewport_size["width"] < 500:
        expect(page.locator("div[name=preview_conversation_id] input")).to_have_value(re.compile("Filomena"))
        greeting = page.locator(".o_kanban_record", has_text="¡Hola, {name}!").first
        expect(greeting).to_contain_text("¡Hola, Filomena!")
        expect_fit(page)
        return
    headings = page.locator(".o_whatsapp_wordings_heading")
    wordings = shop.server.search_read(
        "whatsapp.assistant.wording", [("assistant_id", "=", shop.assistant_id)], ["situation", "purpose"]
    )
    expect(headings).to_have_count(len({row["situation"] for row in wordings}))
    assert all(row["purpose"] for row in wordings)
    expect(page.locator("tr.o_data_row", has_text="¡Perfecto, {name}!").first).to_contain_text("¡Perfecto, Filomena!")
    preview = page.locator("tr.o_data_row", has_text="¡Perfecto, {name}!").first.locator("td[name=preview]")
    assert preview.evaluate("cell => cell.scrollWidth <= cell.clientWidth"), "it is read whole"
    row = page.locator("tr.o_data_row").first
    text, preview = row.locator("td[name=text]").bounding_box(), row.locator("td[name=preview]").bounding_box()
    assert text["width"] >= preview["width"], "what is edited has the most room"


def test_shops_are_entered_and_told(shop, customer, sized_page, request):
    page, city = sized_page, "Loja" if "desktop" in request.node.name else "Ambato"
    page.goto(f"{shop.server.url}/odoo/action-colineal_whatsapp_crm.whatsapp_shop_action/new")
    page.locator("div[name=name] input").fill(f"Colineal {city}")
    page.locator("div[name=address] input").fill("Av. Universitaria 12-20")
    choose(page, "city_id", city)
    page.locator("div[name=opening_hours] input").fill("todos los días de 10:00 a 20:00")
    save(page)
    expect(page.locator("div[name=hours_told]")).to_contain_text("todos los días")
    try:
        (reply,) = shop.say(customer, f"Vivo en {city}, ¿dónde quedan?")
        assert f"Te esperamos en Colineal {city}: Av. Universitaria 12-20, {city}." in reply
    finally:
        shops = shop.server.search_read("whatsapp.shop", [], ["id"])
        shop.server.call("whatsapp.shop", "unlink", [row["id"] for row in shops])
