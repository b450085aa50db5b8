"""Templates, through Twilio's client and wire formats, and in a real browser."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from browsing import expect_fit, log_in, save
from conftest import NUMBER
from playwright.sync_api import expect
from server import PASSWORD, wait_until
from standins.twilio_api import Misbehaviour

PHONE = {"width": 390, "height": 844}
BODY = "Hola {{1}}, tu cotización está lista. ¿La vemos juntos?"


@pytest.fixture(scope="module")
def team(live_shop):
    live_shop.add_salesperson("template-seller", "group_sale_salesman_all_leads", name="Sofia", lang="en_US")
    live_shop.add_salesperson("template-manager", "group_sale_manager", name="Marta", lang="en_US")


def sync(shop):
    return shop.server.call("whatsapp.sender", "action_sync_templates", [shop.sender_id])


def get_template(shop, name, *fields):
    found = shop.server.search_read("whatsapp.content.template", [("content_name", "=", name)], [*fields, "state"])
    return found and found[-1]


def close_window(shop, twilio_api, customer):
    """The customer's last message is a day and more ago, here and at WhatsApp."""
    past = (datetime.now(UTC) - timedelta(hours=30)).replace(tzinfo=None, microsecond=0)
    conversation = shop.get_conversation(customer, "id")["id"]
    shop.server.write_rows("whatsapp.conversation", [conversation], last_inbound_at=past)
    twilio_api.closed.add(f"whatsapp:{customer}")
    return conversation


def get_last(shop, customer):
    lines = shop.server.search_read(
        "whatsapp.conversation.message",
        [("address", "=", f"whatsapp:{customer}"), ("direction", "=", "outbound")],
        ["body", "state", "error_code", "content", "sid"],
    )
    return lines[-1]


def test_template_of_the_account_is_fetched_and_sent(live_shop, telling_twilio, customer):
    sid = telling_twilio.contents.add(BODY, "seguimiento_a", "approved", variables={"1": "María"})
    live_shop.say(customer, "Hola, soy Ana")
    conversation = close_window(live_shop, telling_twilio, customer)
    assert sync(live_shop)["params"]["type"] == "success"
    template = get_template(live_shop, "seguimiento_a")
    live_shop.server.call("whatsapp.conversation", "send_template", [conversation], template["id"], {"1": "Ana"})
    wait_until(lambda: get_last(live_shop, customer)["state"] == "delivered", what="a delivered template")
    message = telling_twilio.sent[-1]
    assert (message["ContentSid"], message["From"]) == (sid, f"whatsapp:{NUMBER}")
    assert "Body" not in message
    assert get_last(live_shop, customer)["body"] == "Hola Ana, tu cotización está lista. ¿La vemos juntos?"


@pytest.mark.parametrize("kind", [Misbehaviour.TAKEN_CUT, Misbehaviour.TAKEN_GARBAGE])
def test_template_that_twilio_took_without_saying_so_goes_once(live_shop, twilio_api, customer, kind):
    name = f"callado_{kind.replace(' ', '_')}"
    twilio_api.contents.add("Hola  {{1}},  aquí estamos", name, "approved", variables={"1": "María"})
    live_shop.say(customer, "Hola, soy Ana")
    conversation = close_window(live_shop, twilio_api, customer)
    sync(live_shop)
    template, before = get_template(live_shop, name), len(twilio_api.sent)
    twilio_api.failures[f"whatsapp:{customer}"].append(kind)
    live_shop.server.call("whatsapp.conversation", "send_template", [conversation], template["id"], {"1": "Ana"})
    wait_until(lambda: get_last(live_shop, customer)["state"] in ("unknown", "sent"), what="a message in doubt")
    past = (datetime.now(UTC) - timedelta(seconds=1)).replace(tzinfo=None, microsecond=0)
    line = get_last(live_shop, customer)
    if line["state"] == "unknown":
        live_shop.server.write_rows("whatsapp.conversation.message", [line["id"]], retry_at=past)
        # Whatever comes wakes the worker; who looks after the customer is not answered for.
        live_shop.twilio.deliver(customer, "Gracias")
    wait_until(lambda: get_last(live_shop, customer)["state"] == "sent", what="a settled message")
    assert len(twilio_api.sent) == before + 1
    assert get_last(live_shop, customer)["sid"] == twilio_api.sent[-1]["sid"]


def test_template_is_made_submitted_and_decided(live_shop, twilio_api, browser, team):
    with log_in(browser, live_shop, "template-manager", PASSWORD) as page:
        page.goto(f"{live_shop.server.url}/odoo/crm")
        page.get_by_role("button", name="Configuration").click()
        page.get_by_role("menuitem", name="Templates").click()
        page.get_by_role("button", name="New").click()
        page.locator("div[name=name] input").fill("Cotización lista")
        page.locator("div[name=body] textarea").fill("{{1}}, tu cotización está lista.")
        page.locator("div[name=sender_id] input").fill("System test")
        page.locator(".o-autocomplete--dropdown-item", has_text="System test").first.click()
        page.locator(".o_form_button_save").click()
        expect(page.locator(".o_notification, .modal")).to_contain_text(
            re.compile("first or the last|needs an example")
        )
        page.keyboard.press("Escape")
        page.locator("div[name=body] textarea").fill("Hola {{1}}, tu *cotización* está lista. ¿La vemos?")
        page.locator("div[name=variable_ids] .o_data_row td[name=sample]").click()
        page.locator("div[name=variable_ids] .o_selected_row [name=sample] input").fill("María")
        page.locator("div[name=footer] input").fill("Colineal")
        bubble = page.locator(".o-whatsapp-Template-bubble")
        expect(bubble).to_contain_text("Hola María, tu cotización está lista. ¿La vemos?")
        expect(bubble).to_contain_text("Colineal")
        save(page)
        page.get_by_role("button", name="Submit to WhatsApp").click()
        expect(page.locator(".o_notification")).to_contain_text("WhatsApp looks at it now")
        expect(page.locator(".o_arrow_button_current")).to_have_text(re.compile("Waits for WhatsApp"))
        content = twilio_api.contents.find(get_template(live_shop, "cotizacion_lista", "content_sid")["content_sid"])
        assert content["types"]["whatsapp/card"]["footer"] == "Colineal"
        assert content["variables"] == {"1": "María"}
        twilio_api.contents.decide("cotizacion_lista", "rejected", "TAG_CONTENT_MISMATCH")
        sync(live_shop)
        expect(page.locator(".o_notification")).to_contain_text(["WhatsApp looks", "has rejected"])
        page.reload()
        expect(page.locator(".alert-danger:visible")).to_contain_text("TAG_CONTENT_MISMATCH")
        page.get_by_role("button", name="Change").click()
        expect(page.locator("div[name=content_name] input")).to_have_value("cotizacion_lista_new")


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_refused_text_leads_to_a_template_that_is_answered(
    live_shop, telling_twilio, browser, team, customer, viewport
):
    name = "seguimiento_phone" if viewport else "seguimiento_desktop"
    sid = telling_twilio.contents.add(
        name=name,
        status="approved",
        variables={"1": "María"},
        types={"twilio/quick-reply": {"body": BODY, "actions": [{"title": "Sí, veámosla", "id": "yes"}]}},
    )
    sync(live_shop)
    template = get_template(live_shop, name, "variable_ids")
    live_shop.server.call(
        "whatsapp.content.variable",
        "write",
        template["variable_ids"],
        {"source": "placeholder", "placeholder": "name"},
    )
    live_shop.say(customer, "Hola, soy Irene Mora. Busco un sofá")
    # WhatsApp's clock is ahead of ours: the text is refused when it is there.
    telling_twilio.closed.add(f"whatsapp:{customer}")
    with log_in(browser, live_shop, "template-seller", PASSWORD) as page:
        if viewport:
            page.set_viewport_size(viewport)
        page.goto(f"{live_shop.server.url}/odoo/discuss?active_id=discuss.channel_{live_shop.open_thread(customer)}")
        composer = page.locator(".o-mail-Composer-input:visible")
        composer.fill("¿Sigues interesada?")
        composer.press("Enter")
        failure = page.locator(".o-whatsapp-Message-failure")
        expect(failure).to_contain_text("only lets an approved template through")
        failure.get_by_role("button", name="Send a template").click()
        dialog = page.locator(".modal")
        dialog.get_by_role("option", name=name).click()
        expect(dialog.get_by_label("First name")).to_have_value("Irene")
        expect(dialog.locator(".o-whatsapp-Template-bubble")).to_contain_text("Hola Irene, tu cotización está lista")
        dialog.get_by_label("First name").fill("")
        expect(dialog.get_by_role("button", name="Send")).to_be_disabled()
        dialog.get_by_label("First name").fill("doña Irene")
        expect(dialog.locator(".o-whatsapp-Template-bubble")).to_contain_text("Hola doña Irene, tu cotización")
        expect_fit(page)
        dialog.get_by_role("button", name="Send").click()
        expect(dialog).to_have_count(0)
        sent = page.locator(".o-mail-Message", has_text="Hola doña Irene, tu cotización está lista")
        expect(sent).to_contain_text("Sí, veámosla")
        expect(sent.locator(".o-whatsapp-Message-tick")).to_have_attribute("title", "Delivered")
        telling_twilio.closed.discard(f"whatsapp:{customer}")
        live_shop.twilio.deliver(customer, "Sí, veámosla", ButtonText="Sí, veámosla", ButtonPayload="yes")
        expect(page.locator(".o-mail-Message", has_text="Tapped a button")).to_contain_text("Sí, veámosla")
        expect(composer).to_be_visible()
    assert [message["ContentSid"] for message in telling_twilio.sent if "ContentSid" in message][-1] == sid


def test_after_24_hours_the_composer_offers_a_template(live_shop, telling_twilio, browser, team, customer):
    telling_twilio.contents.add("¡Hola! ¿Seguimos con tu pedido?", "seguimos", "approved")
    sync(live_shop)
    live_shop.say(customer, "Hola, soy Irene")
    close_window(live_shop, telling_twilio, customer)
    with log_in(browser, live_shop, "template-seller", PASSWORD) as page:
        page.goto(f"{live_shop.server.url}/odoo/discuss?active_id=discuss.channel_{live_shop.open_thread(customer)}")
        closed = page.locator(".o-whatsapp-Composer-closed")
        expect(closed).to_contain_text("Only an approved template")
        closed.get_by_role("button", name="Send a template").click()
        page.locator(".modal").get_by_role("option", name="seguimos").click()
        page.locator(".modal").get_by_role("button", name="Send").click()
        expect(page.locator(".o-mail-Message", has_text="¿Seguimos con tu pedido?")).to_be_visible()
    wait_until(lambda: get_last(live_shop, customer)["state"] == "delivered", what="a delivered template")
