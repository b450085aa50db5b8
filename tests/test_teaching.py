"""The assistant is taught from a message in the thread, at both widths."""

import pytest
from browsing import choose, expect_fit
from playwright.sync_api import expect
from test_inbox_views import NARROW, WIDE, open_conversation

ADIEU = "hasta nunca señores"


def teach_from(page, words):
    """Open the form from the customer's message that says these words."""
    message = page.locator(".o-mail-Message", has_text=words).first
    message.hover()
    message.locator("[name=whatsapp-teach]").click()
    form = page.locator(".modal .o_whatsapp_teaching")
    expect(form).to_contain_text(words)
    return form


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_word_is_taught_from_the_message(shop, customer, page, size):
    word = "chifonier" if size == WIDE else "baulera"
    page.set_viewport_size(size)
    shop.say(customer, f"Soy Paulina, busco una {word}")
    open_conversation(shop, page, customer)
    form = teach_from(page, f"busco una {word}")
    form.get_by_label("Una palabra para un producto o una ciudad").check()
    form.locator(".o_whatsapp_offered button", has_text=word).first.click()
    expect(form.locator("div[name=phrase] input")).to_have_value(word)
    choose(page, "interest_id", "cómoda")
    change = form.locator(".o_whatsapp_proof_change").first
    expect(change).to_contain_text("Este mensaje")
    expect(change).to_contain_text("cómoda")
    expect_fit(page)
    page.locator(".modal").last.get_by_role("button", name="Enseñarlo").click()
    expect(form).to_have_count(0)
    assert shop.server.search_read("whatsapp.synonym", [("name", "=", word)], ["interest_id"])
    shop.say(customer, f"¿Tienen {word}s en blanco?")
    assert shop.get_conversation(customer, "product_interest")["product_interest"] == "cómoda"


def test_opt_out_is_taught_from_the_message(shop, customer, page):
    shop.say(customer, ADIEU)
    open_conversation(shop, page, customer)
    form = teach_from(page, ADIEU)
    form.get_by_label("No quiere más mensajes").check()
    expect(form.locator(".o_whatsapp_proof_change").first).to_contain_text("no quiere ninguno")
    page.locator(".modal").last.get_by_role("button", name="Enseñarlo").click()
    expect(page.locator(".o_whatsapp_heading")).to_contain_text("No escribir")
    other = f"+{int(customer[1:]) + 100_000}"
    shop.say(other, "¡Hasta nunca, senores!")
    assert shop.get_conversation(other, "opted_out")["opted_out"]
