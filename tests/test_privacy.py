"""What customers may ask of us, from outside."""

from playwright.sync_api import expect


def test_who_wants_no_messages_is_seen_and_written_to_no_more(shop, customer, page):
    shop.say(customer, "Soy Rosalía, busco una vitrina")
    conversation = shop.get_conversation(customer, "id")["id"]
    page.goto(f"{shop.server.url}/odoo/whatsapp-conversations/{conversation}")
    composer = page.locator(".o_field_whatsapp_thread .o-mail-Composer-input")
    composer.fill("Te cuento que")
    (told,) = shop.say(customer, "BAJA, por favor")
    assert "ALTA" in told
    expect(page.locator(".o-whatsapp-Composer-closed")).to_contain_text("ALTA")
    expect(composer).to_have_count(0)
    expect(page.locator(".o_form_view .ribbon")).to_be_visible()
    assert shop.say(customer, "¿Siguen ahí?") == []
    page.goto(f"{shop.server.url}/odoo/whatsapp-conversations")
    expect(page.locator(".o_kanban_record", has_text="Rosalía").locator(".badge .fa-ban")).to_be_visible()
    assert len(shop.say(customer, "alta")) == 1
    page.goto(f"{shop.server.url}/odoo/whatsapp-conversations/{conversation}")
    expect(composer).to_be_visible()
