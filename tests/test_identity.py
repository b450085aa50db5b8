"""Whoever writes, by whichever address, over the wire: one contact, and answers that go where they belong."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from server import wait_until
from standins.twilio_api import Misbehaviour


@pytest.fixture
def scoped(customer):
    """A scoped user id that no other test uses."""
    return f"EC.P{customer.lstrip('+')}x7Kq2"


def get_contacts(shop, *addresses):
    """The contacts of these addresses: [{id, phone, username, address_ids}]."""
    domain = [("address_ids.value", "in", [f"whatsapp:{address}" for address in addresses])]
    return shop.server.search_read("whatsapp.contact", domain, ["phone", "username", "address_ids", "conversation_ids"])


def with_both(number, scoped):
    return {"customer": number, "ExternalUserId": scoped, "ProfileUsername": "ana.veliz"}


def with_id(scoped, parent=None):
    more = {"ParentExternalUserId": parent} if parent else {}
    return {"customer": scoped, "ProfileUsername": "ana.veliz", **more}


def test_number_first_then_the_id_alone(shop, customer, scoped):
    assert shop.say(customer, "Busco una cama")
    assert shop.say(**with_both(customer, scoped), body="De dos plazas")
    assert shop.say(**with_id(scoped), body="Hasta $900"), "the answer goes to the id"
    (contact,) = get_contacts(shop, customer, scoped)
    assert (contact["phone"], contact["username"], len(contact["conversation_ids"])) == (customer, "ana.veliz", 1)


def test_id_first_then_the_number(shop, customer, scoped):
    assert shop.say(**with_id(scoped), body="Busco una cama")
    assert shop.say(**with_both(customer, scoped), body="De dos plazas")
    (contact,) = get_contacts(shop, customer, scoped)
    assert (contact["phone"], len(contact["address_ids"]), len(contact["conversation_ids"])) == (customer, 2, 1)


def test_parent_id_ties_what_two_portfolios_see(shop, scoped):
    parent = f"EC.ENT.{scoped[3:]}"
    assert shop.say(**with_id(scoped, parent), body="Busco una cama")
    assert shop.say(**with_id(f"{scoped}2", parent), body="De dos plazas")
    (contact,) = get_contacts(shop, scoped, f"{scoped}2")
    assert len(contact["address_ids"]) == 3


@pytest.mark.parametrize(
    "odd",
    [
        {"ExternalUserId": ""},
        {"ExternalUserId": "null"},
        {"ExternalUserId": "EC." + "x" * 9000},
        {"ExternalUserId": "\u202e\x00 EC", "ParentExternalUserId": "?"},
        {"ExternalUserId": ["EC.one1", "EC.two2"]},
    ],
    ids=["empty", "null", "long", "unprintable", "twice"],
)
def test_odd_id_beside_a_number(shop, customer, odd):
    form = shop.twilio.form(customer, "Busco una cama", **odd)
    assert shop.twilio.post(form).status_code == 200
    wait_until(lambda: shop.get_replies(customer), what="an answer")
    (row,) = shop.get_rows(form["MessageSid"])
    for name, value in odd.items():
        kept = value if isinstance(value, list) else value.replace("\x00", "\ufffd")
        assert row["parameters"][name] == kept, "as it came"
    (contact,) = get_contacts(shop, customer)
    assert contact["phone"] == customer


@pytest.mark.parametrize("odd", ["", "whatsapp:", "whatsapp:?", "whatsapp:EC." + "y" * 9000, "whatsapp:a\x00b"])
def test_odd_sender_is_never_refused(shop, customer, odd):
    """Each is a customer who would be lost."""
    form = shop.twilio.form(customer, "Busco una cama", From=odd, WaId="")
    assert shop.twilio.post(form).status_code == 200
    wait_until(lambda: shop.get_rows(form["MessageSid"])[0]["state"] == "handled", what="somebody read it")


def test_status_callbacks_of_messages_to_an_id(live_shop, twilio_api, customer, scoped):
    assert live_shop.say(**with_id(scoped), body="Busco una cama")
    (sent,) = wait_until(lambda: [each for each in twilio_api.sent if each["To"] == f"whatsapp:{scoped}"], what="it")
    assert sent["Body"]
    lines = [("address", "=", f"whatsapp:{scoped}"), ("direction", "=", "outbound")]

    def is_known():
        (line,) = live_shop.server.search_read("whatsapp.conversation.message", lines, ["state", "sid"])
        return line["sid"] and line["state"] in ("sent", "delivered", "read")

    wait_until(is_known, what="Twilio's word that it was sent")


def test_number_that_only_a_callback_shows(live_shop, telling_twilio, customer, scoped):
    telling_twilio.named[f"whatsapp:{scoped}"] = f"whatsapp:{customer}"
    assert live_shop.say(**with_id(scoped), body="Busco una cama")
    wait_until(lambda: get_contacts(live_shop, customer), what="the number")
    (contact,) = get_contacts(live_shop, customer, scoped)
    assert (contact["phone"], len(contact["address_ids"])) == (customer, 2)
    assert live_shop.say(**with_id(scoped), body="De dos plazas")
    wait_until(
        lambda: [each["To"] for each in telling_twilio.sent].count(f"whatsapp:{scoped}") == 2,
        what="an answer where the customer writes from",
    )


def test_message_in_doubt_that_twilio_lists_by_another_address(live_shop, twilio_api, customer, scoped):
    """It is not sent a second time."""
    assert live_shop.say(**with_both(customer, scoped), body="Busco una cama")
    wait_until(lambda: [each for each in twilio_api.sent if each["To"] == f"whatsapp:{customer}"], what="the first")
    twilio_api.named[f"whatsapp:{scoped}"] = f"whatsapp:{customer}"
    twilio_api.failures[f"whatsapp:{scoped}"].append(Misbehaviour.TAKEN_GARBAGE)
    assert live_shop.say(**with_id(scoped), body="De dos plazas")
    lines = [("address", "=", f"whatsapp:{scoped}"), ("direction", "=", "outbound")]

    def is_settled():
        rows = live_shop.server.search_read("whatsapp.conversation.message", lines, ["state", "sid"], order="id desc")
        return rows and rows[0]["sid"] and rows[0]["state"] in ("sent", "delivered", "read")

    wait_until(is_settled, seconds=120, what="the message in doubt")
    bodies = [each["Body"] for each in twilio_api.sent if each["To"] == f"whatsapp:{scoped}"]
    assert len(bodies) == len(set(bodies)), "once"


def test_message_in_doubt_for_a_number_that_is_somebody_elses_by_now(live_shop, twilio_api, customer, scoped):
    """It goes to who it is for, and not to who has the number."""
    assert live_shop.say(**with_both(customer, scoped), body="Busco una cama")
    wait_until(lambda: [each for each in twilio_api.sent if each["To"] == f"whatsapp:{customer}"], what="the first")
    twilio_api.failures[f"whatsapp:{customer}"].append(Misbehaviour.CUT)
    live_shop.twilio.deliver(**with_both(customer, scoped), body="De dos plazas")
    doubt = [("address", "=", f"whatsapp:{customer}"), ("state", "=", "unknown")]
    (line,) = wait_until(
        lambda: live_shop.server.search_read("whatsapp.conversation.message", doubt, ["body"]), what="the doubt"
    )
    live_shop.say(customer=customer, ExternalUserId=f"{scoped}9", body="Hola")

    def get_recipients():
        return [each["To"] for each in twilio_api.sent if each.get("Body") == line["body"]]

    wait_until(lambda: f"whatsapp:{scoped}" in get_recipients(), seconds=120, what="the message, by the id")
    assert f"whatsapp:{customer}" not in get_recipients()


KINDS = (
    lambda number, scoped: {"customer": number},
    lambda number, scoped: {"customer": scoped},
    lambda number, scoped: {"customer": number, "ExternalUserId": scoped},
)


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_three_customers_in_two_workers(shop, customer, seed):
    """Each by the number, by the id, and at least once by both, all at once: three contacts, each with its own."""
    chance = random.Random(seed)
    suffix = customer[-6:]
    people = [(f"+59396{n}{suffix}", f"EC.Seed{seed}N{n}C{suffix}") for n in range(3)]
    forms, owners = [], {}
    for person in people:
        for kind in (KINDS[2], *chance.choices(KINDS, k=4)):
            form = shop.twilio.form(**kind(*person), body="Busco una cama")
            forms.append(form)
            owners[form["MessageSid"]] = person
    chance.shuffle(forms)
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(lambda form: shop.twilio.post(form).status_code, forms)) == {200}

    def get_lines():
        sids = [("sid", "in", list(owners))]
        return shop.server.search_read(
            "whatsapp.conversation.message", sids, ["sid", "state", "conversation_id", "address"]
        )

    wait_until(lambda: all(line["state"] == "handled" for line in get_lines()), what="all are read")
    lines = get_lines()
    assert len(lines) == len(forms)
    contacts = get_contacts(shop, *(address for person in people for address in person))
    assert sorted(contact["phone"] for contact in contacts) == sorted(number for number, _scoped in people)
    of_conversation = {each: contact["phone"] for contact in contacts for each in contact["conversation_ids"]}
    for line in lines:
        assert of_conversation[line["conversation_id"][0]] == owners[line["sid"]][0], "nobody has another's words"
    for contact in contacts:
        assert len(contact["address_ids"]) == 2
        open_ones = [("contact_id", "=", contact["id"]), ("stage", "!=", "closed")]
        assert len(shop.server.search_read("whatsapp.conversation", open_ones, ["id"])) == 1
