"""Replies that leave Odoo, through Twilio's client and wire format."""

import re
from datetime import UTC, datetime, timedelta

from browsing import log_in
from conftest import NUMBER, PUBLIC_URL, TOKEN
from playwright.sync_api import expect
from server import wait_until


def get_reply(shop, customer):
    lines = shop.server.search_read(
        "whatsapp.conversation.message",
        [("address", "=", f"whatsapp:{customer}"), ("direction", "=", "outbound")],
        ["body", "state", "sid", "error"],
    )
    return lines and lines[-1]


def test_reply_reaches_the_customer(live_shop, twilio_api, customer):
    live_shop.twilio.deliver(customer, "Hola")
    wait_until(lambda: (get_reply(live_shop, customer) or {}).get("state") == "sent", what="a sent reply")
    (message,) = [message for message in twilio_api.sent if message["To"] == f"whatsapp:{customer}"]
    reply = get_reply(live_shop, customer)
    assert message["From"] == f"whatsapp:{NUMBER}"
    assert message["Body"] == reply["body"]
    assert message["sid"] == reply["sid"]


def test_messaging_service_answers_from_the_number_that_the_customer_wrote_to(live_shop, twilio_api, customer):
    service, pool = "MG" + "3" * 32, "+593999000777"
    twilio_api.pools[service] = [f"whatsapp:{NUMBER}", f"whatsapp:{pool}"]
    live_shop.server.call("whatsapp.sender", "write", [live_shop.sender_id], {"messaging_service_sid": service})
    try:
        for number in (pool, NUMBER):
            before = len(twilio_api.sent)
            live_shop.twilio.deliver(customer, "Hola", To=f"whatsapp:{number}", MessagingServiceSid=service)
            wait_until(lambda before=before: len(twilio_api.sent) > before, what="an answer at Twilio")
            message = twilio_api.sent[-1]
            assert (message["From"], message["MessagingServiceSid"]) == (f"whatsapp:{number}", service)
        # The number leaves the pool, and the customer does not wait for an answer from it.
        twilio_api.pools[service] = [f"whatsapp:{pool}"]
        before = len(twilio_api.sent)
        live_shop.twilio.deliver(customer, "Busco un sofá", To=f"whatsapp:{NUMBER}", MessagingServiceSid=service)
        wait_until(lambda: len(twilio_api.sent) > before, what="an answer at Twilio")
        message = twilio_api.sent[-1]
        assert (message.get("From"), message["MessagingServiceSid"]) == (None, service), "the service chooses"
    finally:
        live_shop.server.call("whatsapp.sender", "write", [live_shop.sender_id], {"messaging_service_sid": False})


def test_refused_reply_says_why(live_shop, twilio_api, customer):
    twilio_api.failures[f"whatsapp:{customer}"].append((400, 63003))
    live_shop.twilio.deliver(customer, "Hola")
    wait_until(lambda: (get_reply(live_shop, customer) or {}).get("state") == "failed", what="a failed reply")
    assert "63003" in get_reply(live_shop, customer)["error"]


def test_busy_twilio_is_asked_again_later(live_shop, twilio_api, customer):
    twilio_api.failures[f"whatsapp:{customer}"].append((429, 20429))
    live_shop.twilio.deliver(customer, "Hola")
    wait_until(lambda: (get_reply(live_shop, customer) or {}).get("error"), what="a postponed reply")
    assert get_reply(live_shop, customer)["state"] == "queued"


def test_outage_of_three_days_is_made_up_for(live_shop, twilio_api, customer):
    """More was missed than Twilio lists on one page, and all of it is taken in, once."""
    known = live_shop.twilio.deliver(customer, "Hola")
    wait_until(lambda: live_shop.get_rows(known)[0]["state"] == "handled", what="an answer")
    searched_at = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=3)
    # What other tests' customers have at Twilio alone comes first.
    live_shop.server.write_rows("whatsapp.sender", [live_shop.sender_id], gaps_searched_at=searched_at)
    live_shop.server.call("whatsapp.sender", "action_find_gaps", [live_shop.sender_id])
    live_shop.server.write_rows("whatsapp.sender", [live_shop.sender_id], gaps_searched_at=searched_at)
    addresses = f"whatsapp:{customer}", f"whatsapp:{NUMBER}"
    twilio_api.add_inbound(*addresses, "Hola", sid=known)
    missed = {
        twilio_api.add_inbound(*addresses, f"{number}", ago=timedelta(hours=70) - number * timedelta(minutes=3))["sid"]
        for number in range(1100)
    }
    found = live_shop.server.call("whatsapp.sender", "action_find_gaps", [live_shop.sender_id])["params"]["message"]
    assert "1100" in found
    assert (
        "0" in live_shop.server.call("whatsapp.sender", "action_find_gaps", [live_shop.sender_id])["params"]["message"]
    )
    rows = live_shop.server.search_read(
        "whatsapp.conversation.message",
        [("address", "=", addresses[0]), ("direction", "=", "inbound")],
        ["sid"],
    )
    assert sorted(row["sid"] for row in rows) == sorted({*missed, known})
    wait_until(lambda: live_shop.get_conversation(customer, "activity_ids")["activity_ids"], what="a call for a person")


def test_cost_of_messages_is_asked_for_once_twilio_knows_it(live_shop, telling_twilio, customer):
    live_shop.twilio.deliver(customer, "Hola")
    wait_until(
        lambda: live_shop.server.search_read(
            "whatsapp.conversation.message",
            [("address", "=", f"whatsapp:{customer}"), ("state", "=", "delivered")],
            ["sid"],
        ),
        what="a delivered reply",
    )
    (job,) = live_shop.server.search_read("ir.cron", [("code", "=", "model._cron_fetch_prices()")], ["id"])
    live_shop.server.call("ir.cron", "method_direct_trigger", [job["id"]])
    rows = live_shop.server.search_read(
        "whatsapp.message.report",
        [("conversation_id", "=", live_shop.get_conversation(customer, "id")["id"])],
        ["direction", "price", "currency_id"],
    )
    costs = {row["direction"]: (row["price"], row["currency_id"] and row["currency_id"][1]) for row in rows}
    assert costs == {"inbound": (0, False), "outbound": (0.005, "USD")}


def test_missed_photo_is_taken_in_as_its_webhook_would_have_brought_it(live_shop, twilio_api, customer):
    addresses = f"whatsapp:{customer}", f"whatsapp:{NUMBER}"
    sid = twilio_api.add_inbound(*addresses, media=[("image/jpeg", b"a sofa")])["sid"]
    live_shop.server.call("whatsapp.sender", "action_find_gaps", [live_shop.sender_id])
    (row,) = live_shop.get_rows(sid)
    assert row["kind"] == "image"
    assert [row["parameters"]["MediaUrl0"]] == twilio_api.media_urls(sid)


def test_log_has_no_personal_data(live_shop, customer):
    live_shop.twilio.deliver(customer, "Soy Penélope y busco una litera")
    wait_until(lambda: get_reply(live_shop, customer), what="an answer")
    log = live_shop.server.log.read_text()
    for secret in (customer, customer[4:], "Penélope", "litera", TOKEN):
        assert secret not in log


def press(shop, button):
    return shop.server.call("whatsapp.sender", button, [shop.sender_id])["params"]


def test_connect_writes_the_webhooks_and_nothing_else(live_shop, twilio_api):
    assert NUMBER in press(live_shop, "action_connect")["message"]
    for digit in range(120):
        twilio_api.registered.add(f"whatsapp:+5939880001{digit:02}")
    sender = twilio_api.registered.add(f"whatsapp:{NUMBER}", name="Colineal")
    assert press(live_shop, "action_connect")["type"] == "success"
    assert sender["webhook"] == {
        "callback_url": f"{PUBLIC_URL}/api/webhook/whatsapp#rc=3&rp=all",
        "callback_method": "POST",
        "fallback_url": f"{PUBLIC_URL}/api/webhook/whatsapp",
        "fallback_method": "POST",
        "status_callback_url": f"{PUBLIC_URL}/api/webhook/whatsapp/status",
        "status_callback_method": "POST",
    }
    assert sender["profile"]["name"] == "Colineal"
    twilio_api.failures["list_senders"].append((401, 20003))
    assert "20003" in press(live_shop, "action_connect")["message"]


def test_offline_number_says_why(live_shop, twilio_api):
    for sender in twilio_api.registered.page({"Channel": "whatsapp", "PageSize": 1000})["senders"]:
        sender["sender_id"] = "whatsapp:+593988000000"
    twilio_api.registered.add(f"whatsapp:{NUMBER}", status="OFFLINE", reasons=[("63020", "Meta says no")])
    assert "Meta says no" in press(live_shop, "action_connect")["message"]


def test_erased_person_is_deleted_at_twilio_too(live_shop, twilio_api, customer):
    live_shop.twilio.deliver(customer, "Hola")
    wait_until(lambda: (get_reply(live_shop, customer) or {}).get("state") == "sent", what="a sent reply")
    sid = get_reply(live_shop, customer)["sid"]
    assert twilio_api.account.find(sid)
    received = twilio_api.add_inbound(f"whatsapp:{customer}", f"whatsapp:{NUMBER}", media=[("image/jpeg", b"a sofa")])[
        "sid"
    ]
    live_shop.server.call("whatsapp.sender", "action_find_gaps", [live_shop.sender_id])
    wait_until(lambda: live_shop.get_rows(received)[0]["state"] == "handled", what="the photo is taken in")
    wait_until(lambda: get_reply(live_shop, customer)["state"] == "sent", what="a sent reply to the photo")
    contact = live_shop.get_conversation(customer, "contact_id")["contact_id"][0]
    wizard = live_shop.server.call("whatsapp.contact.erase", "create", [{"contact_id": contact}])
    live_shop.server.call("whatsapp.contact.erase", "action_erase", wizard)

    def are_gone():
        messages = twilio_api.account.list({"To": f"whatsapp:{customer}"})
        return not messages and not twilio_api.account.list({"From": f"whatsapp:{customer}"})

    wait_until(are_gone, 90, what="their messages are deleted at Twilio")


def test_what_did_not_arrive_is_marked(live_shop, twilio_api, browser, customer):
    live_shop.say(customer, "Soy Wilma")
    address = f"whatsapp:{customer}"
    wait_until(lambda: address in {message["To"] for message in twilio_api.sent}, what="a reply that arrives")
    twilio_api.failures[address].append((400, 63003))
    live_shop.twilio.deliver(customer, "Busco una cama")
    wait_until(lambda: live_shop.get_conversation(customer, "failure")["failure"], what="a failed reply")
    with log_in(browser, live_shop) as page:
        page.goto(f"{live_shop.server.url}/odoo/whatsapp-conversations")
        card = page.locator(".o_kanban_record", has_text="Wilma")
        expect(card.locator(".o_whatsapp_failed")).to_be_visible()
        toggler = page.locator(".o_searchview_dropdown_toggler")
        toggler.click()
        # No click at its place: the menu grows while it opens, and a dialog to make filters would open instead.
        page.locator(".o_filter_menu .o_menu_item", has_text=re.compile("Not Delivered|No entregad")).dispatch_event(
            "click"
        )
        expect(page.locator(".o_searchview_facet", has_text=re.compile("Not Delivered|No entregad"))).to_be_visible()
        toggler.click()
        expect(page.locator(".o_filter_menu")).to_have_count(0)
        expect(page.locator(".o_kanban_record:not(.o_kanban_ghost)", has_text="Wilma")).to_have_count(1)
        card.click()
        expect(page.locator(".alert", has=page.locator("[name=failure]"))).to_be_visible()
        live_shop.say(customer, "Hola?")
        expect(page.locator(".alert", has=page.locator("[name=failure]"))).to_have_count(0)
