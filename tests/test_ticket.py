"""Support cases as tickets, in a database that has tickets: another module's own model, and not ours."""

import os
from pathlib import Path

import pytest
from conftest import Shop
from server import OdooServer, wait_until

#: (folder, module): one of the model's shape; and the community's, where somebody has it: a folder with `helpdesk_mgmt`.
MODULES = [(Path(__file__).parent / "addons", "helpdesk_double")]
if folder := os.environ.get("HELPDESK_MGMT"):
    MODULES.append((Path(folder), "helpdesk_mgmt"))
COMPLAINT = "Mi sofá llegó roto, quiero hacer un reclamo"


@pytest.fixture(scope="module", params=MODULES, ids=[module for _folder, module in MODULES])
def shop(request, tmp_path_factory):
    folder, module = request.param
    path = tmp_path_factory.mktemp("tickets")
    server = OdooServer(path, addons=f"{os.environ['COLINEAL_ADDONS']},{folder}")
    try:
        server.install(module)
        yield Shop(server.start())
    finally:
        server.discard()


def get_tickets(shop, customer):
    conversation = shop.get_conversation(customer, "ticket_ref", "lead_id", "stage")
    fields = ["name", "description", "partner_name", "user_id"]
    rows = shop.server.search_read("helpdesk.ticket", [("id", "=", conversation["ticket_ref"])], fields)
    return conversation, rows


def count_tickets(shop):
    return shop.server.call("helpdesk.ticket", "search_count", [])


def test_complaint_becomes_a_ticket_and_no_lead(shop, customer):
    before = count_tickets(shop)
    shop.say(customer, COMPLAINT)
    wait_until(lambda: shop.get_conversation(customer, "ticket_ref")["ticket_ref"], what="a ticket")
    conversation, (ticket,) = get_tickets(shop, customer)
    assert COMPLAINT in ticket["description"]
    assert not conversation["lead_id"]
    assert conversation["stage"] in ("support", "person")
    action = shop.server.call("whatsapp.conversation", "action_view_ticket", [conversation["id"]])
    assert (action["res_model"], action["res_id"]) == ("helpdesk.ticket", ticket["id"])
    shop.say(customer, "Sigue roto, es una vergüenza")
    assert count_tickets(shop) == before + 1, "one case is one ticket"
    about = [("model", "=", "helpdesk.ticket"), ("res_id", "=", ticket["id"])]
    notes = shop.server.search_read("mail.message", about, ["body"])
    assert any("whatsapp.conversation" in note["body"] for note in notes), "the ticket leads to the thread"


def test_who_buys_gets_no_ticket(shop, customer):
    before = count_tickets(shop)
    shop.say(customer, "Soy Ana, busco un sofá")
    assert count_tickets(shop) == before


def test_erased_customer_is_in_no_ticket(shop, customer):
    shop.say(customer, COMPLAINT)
    wait_until(lambda: shop.get_conversation(customer, "ticket_ref")["ticket_ref"], what="a ticket")
    conversation = shop.get_conversation(customer, "contact_id", "ticket_ref")
    wizard = shop.server.call("whatsapp.contact.erase", "create", {"contact_id": conversation["contact_id"][0]})
    shop.server.call("whatsapp.contact.erase", "action_erase", [wizard])
    assert_nobody_in(shop, conversation["ticket_ref"])


def assert_nobody_in(shop, number):
    ticket = [("id", "=", number)]
    (row,) = shop.server.search_read("helpdesk.ticket", ticket, ["description", "partner_name", "name"])
    assert "reclamo" not in row["description"]
    assert not row["partner_name"]
    assert "Cliente" not in row["name"]
    about = [("model", "=", "helpdesk.ticket"), ("res_id", "=", number)]
    notes = shop.server.search_read("mail.message", about, ["body"])
    assert notes
    assert not [note["body"] for note in notes if "Cliente" in note["body"]]


def test_erased_customer_is_in_no_earlier_ticket(shop, customer):
    shop.say(customer, COMPLAINT)
    wait_until(lambda: shop.get_conversation(customer, "ticket_ref")["ticket_ref"], what="a ticket")
    conversation = shop.get_conversation(customer, "contact_id", "ticket_ref")
    first = conversation["ticket_ref"]
    stages = shop.server.call("helpdesk.ticket", "fields_get", ["stage_id"])["stage_id"]["relation"]
    known = shop.server.call(stages, "fields_get", [])
    closed = {name: True for name in ("fold", "closed") if name in known}
    stage = shop.server.call(stages, "create", {"name": "Done", **closed})
    shop.server.call("helpdesk.ticket", "write", [first], {"stage_id": stage})
    shop.server.call("whatsapp.conversation", "action_hand_back", [conversation["id"]])
    shop.say(customer, "Sigue roto, quiero hacer otro reclamo")
    wait_until(lambda: shop.get_conversation(customer, "ticket_ref")["ticket_ref"] != first, what="another ticket")
    second = shop.get_conversation(customer, "ticket_ref")["ticket_ref"]
    wizard = shop.server.call("whatsapp.contact.erase", "create", {"contact_id": conversation["contact_id"][0]})
    shop.server.call("whatsapp.contact.erase", "action_erase", [wizard])
    for number in (first, second):
        assert_nobody_in(shop, number)
