"""What customers may ask of us, from outside."""

import json
import re
import zipfile

from playwright.sync_api import expect

#: On the conversation of who wants no messages, in either language.
SILENCE = re.compile("No messages|No escribir")


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
    expect(page.locator(".o_form_view .badge", has_text=SILENCE)).to_be_visible()
    expect(page.locator("button[name=action_take_over]")).to_have_count(0)
    assert shop.say(customer, "¿Siguen ahí?") == []
    page.goto(f"{shop.server.url}/odoo/whatsapp-conversations")
    expect(page.locator(".o_kanban_record", has_text="Rosalía").locator(".badge", has_text=SILENCE)).to_be_visible()
    assert len(shop.say(customer, "alta")) == 1
    page.goto(f"{shop.server.url}/odoo/whatsapp-conversations/{conversation}")
    expect(composer).to_be_visible()


def test_who_has_the_conversation_of_a_deleted_customer_open_is_led_away(shop, customer, page):
    """Odoo's *Privacy Lookup* deletes the rows as well, of conversations that are over, too."""
    shop.say(customer, "Soy Saturnina, busco una consola")
    conversation = shop.get_conversation(customer, "id", "contact_id")
    page.goto(f"{shop.server.url}/odoo/whatsapp-conversations/{conversation['id']}")
    expect(page.locator(".o-mail-Message", has_text="Saturnina").first).to_be_visible()
    shop.server.call("whatsapp.conversation", "action_close", [conversation["id"]])
    expect(page.locator("button[name=action_reopen]")).to_be_visible()
    shop.server.call("whatsapp.contact", "unlink", [conversation["contact_id"][0]])
    expect(page.locator(".o_kanban_view")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Saturnina")
    expect(page.locator(".modal")).to_have_count(0)


def test_lead_whose_customer_is_erased_shows_the_thread_no_more(shop, customer, page):
    shop.say(customer, "Soy Nicanora, busco un sofá, tengo $900, lo necesito hoy")
    shop.open_thread(customer)
    conversation = shop.get_conversation(customer, "lead_id", "contact_id")
    page.goto(f"{shop.server.url}/odoo/crm.lead/{conversation['lead_id'][0]}")
    page.get_by_role("tab", name="WhatsApp").click()
    said = page.locator(".o_field_whatsapp_thread .o-mail-Message", has_text="Nicanora")
    expect(said.first).to_be_visible()
    wizard = shop.server.call("whatsapp.contact.erase", "create", {"contact_id": conversation["contact_id"][0]})
    shop.server.call("whatsapp.contact.erase", "action_erase", [wizard])
    expect(said).to_have_count(0)
    expect(page.locator(".o_field_whatsapp_thread .o-mail-Composer")).to_have_count(0)
    expect(page.locator(".modal")).to_have_count(0)


def test_one_person_is_exported_and_erased_from_the_contact(shop, customer, page):
    shop.say(customer, "Soy Eduviges, busco una repisa", ProfileName="Eduviges Ch.")
    shop.open_thread(customer)
    contact = shop.get_conversation(customer, "contact_id")["contact_id"][0]
    page.goto(f"{shop.server.url}/odoo/action-colineal_whatsapp_crm.whatsapp_conversation_action")
    page.locator(".o_kanban_record", has_text="Eduviges").click()
    page.locator("div[name=contact_id] button.o_external_button, div[name=contact_id] a").first.click()
    with page.expect_download() as download:
        page.click("button[name=action_export]")
    with zipfile.ZipFile(download.value.path()) as archive:
        data = json.loads(archive.read("data.json"))
    assert (data["phone"], data["profile_name"]) == (customer, "Eduviges Ch.")
    assert data["conversations"][0]["messages"][0]["body"] == "Soy Eduviges, busco una repisa"

    page.locator(".o_statusbar_buttons button", has_text=re.compile("Erase|Borrar|Eliminar")).click()
    expect(page.locator(".modal .o_form_view")).to_contain_text(re.compile("cannot be undone|no se puede deshacer"))
    page.click(".modal button[name=action_erase]")
    expect(page.locator(".o_kanban_view")).to_be_visible()
    expect(page.locator(".o_kanban_record", has_text="Eduviges")).to_have_count(0)
    (left,) = shop.server.search_read("whatsapp.contact", [("id", "=", contact)], ["phone", "profile_name"])
    assert (left["phone"], left["profile_name"]) == (False, False)
    assert shop.get_replies(customer) == []
