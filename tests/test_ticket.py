"""Support cases as tickets, in a database that has tickets: another module's own model, and not ours."""

import os
import re
from pathlib import Path

import pytest
import requests
from conftest import Shop
from server import PASSWORD, OdooServer, wait_until
from standins import twilio_kinds as kinds

#: (folder, module): one of each model's shape; and the community's own, where somebody has it: a folder with
#: `helpdesk_mgmt`.
ADDONS = Path(__file__).parent / "addons"
MODULES = [(ADDONS, "helpdesk_double"), (ADDONS, "helpdesk_mgmt_double")]
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
        shop = Shop(server.start())
        shop.module, shop.company = module, server.call("res.company", "search", [], limit=1)[0]
        make_teams(shop)
        yield shop
    finally:
        server.discard()


def make_teams(shop):
    """The other company's team comes first of all, as the first that anybody made."""
    call = shop.server.call
    other = call("res.company", "create", {"name": "Another company"})
    (me,) = call("res.users", "search", [("login", "=", "admin")])
    call("res.users", "write", [me], {"company_ids": [(4, other)]})
    model = call("helpdesk.ticket", "fields_get", ["team_id"])["team_id"]["relation"]
    shop.companies = {"context": {"allowed_company_ids": [shop.company, other]}}
    known = call(model, "fields_get", [])
    shop.members = next(name for name in ("member_ids", "user_ids") if name in known)
    if "active" in known:
        # Those of demonstration data would come first.
        call(model, "write", call(model, "search", []), {"active": False})
    for name, company in (("A team of another company", other), ("Support", shop.company)):
        shop.team = call(model, "create", {"name": name, "company_id": company}, **shop.companies)
    shop.team_model = model


def wait_for_ticket(shop, customer, but=0):
    """The number of the customer's ticket, once it is another than `but`."""
    wait_until(lambda: shop.get_conversation(customer, "ticket_ref")["ticket_ref"] not in (0, but), what="a ticket")
    return shop.get_conversation(customer, "ticket_ref")["ticket_ref"]


def close_ticket(shop, ticket):
    stages = shop.server.call("helpdesk.ticket", "fields_get", ["stage_id"])["stage_id"]["relation"]
    known = shop.server.call(stages, "fields_get", [])
    closed = {name: True for name in ("fold", "closed") if name in known}
    stage = shop.server.call(stages, "create", {"name": "Done", **closed})
    shop.server.call("helpdesk.ticket", "write", [ticket], {"stage_id": stage})


def get_notes(shop, ticket, *fields):
    about = [("model", "=", "helpdesk.ticket"), ("res_id", "=", ticket)]
    return shop.server.search_read("mail.message", about, ["body", "attachment_ids", *fields], order="id")


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
    assert any(f"/whatsapp/ticket/{ticket['id']}" in note["body"] for note in notes), "the ticket leads to the thread"


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
    assert not [note["body"] for note in notes if "Cliente" in note["body"] or "reclamo" in note["body"]]
    files = [("res_model", "=", "helpdesk.ticket"), ("res_id", "=", number)]
    assert not shop.server.search_read("ir.attachment", files, ["name"])


def test_erased_customer_is_in_no_earlier_ticket(shop, customer):
    shop.say(customer, COMPLAINT)
    wait_until(lambda: shop.get_conversation(customer, "ticket_ref")["ticket_ref"], what="a ticket")
    conversation = shop.get_conversation(customer, "contact_id", "ticket_ref")
    first = conversation["ticket_ref"]
    close_ticket(shop, first)
    shop.server.call("whatsapp.conversation", "action_hand_back", [conversation["id"]])
    shop.say(customer, "Sigue roto, quiero hacer otro reclamo")
    wait_until(lambda: shop.get_conversation(customer, "ticket_ref")["ticket_ref"] != first, what="another ticket")
    second = shop.get_conversation(customer, "ticket_ref")["ticket_ref"]
    wizard = shop.server.call("whatsapp.contact.erase", "create", {"contact_id": conversation["contact_id"][0]})
    shop.server.call("whatsapp.contact.erase", "action_erase", [wizard])
    for number in (first, second):
        assert_nobody_in(shop, number)


def test_ticket_is_of_a_team_of_the_conversations_company(shop, customer):
    shop.say(customer, COMPLAINT)
    ticket = wait_for_ticket(shop, customer)
    (row,) = shop.server.search_read(
        "helpdesk.ticket", [("id", "=", ticket)], ["company_id", "team_id", "description"], **shop.companies
    )
    assert row["company_id"][0] == shop.company
    assert row["team_id"][0] == shop.team
    assert customer in row["description"], "not every model of tickets has a field for the number"


def test_channel_of_the_community_is_whatsapp(shop, customer):
    if "channel_id" not in shop.server.call("helpdesk.ticket", "fields_get", []):
        pytest.skip("Odoo's own tickets have no channel")
    channel = shop.server.call("helpdesk.ticket.channel", "create", {"name": "WhatsApp"})
    shop.say(customer, COMPLAINT)
    ticket = wait_for_ticket(shop, customer)
    (row,) = shop.server.search_read("helpdesk.ticket", [("id", "=", ticket)], ["channel_id"])
    assert row["channel_id"][0] == channel


def test_thread_is_on_the_ticket_as_it_goes_on_and_erased_with_the_rest(shop, customer):
    shop.say(customer, COMPLAINT)
    ticket = wait_for_ticket(shop, customer)
    shop.say(customer, "Les mando más detalles: la pata de atrás")
    channel = shop.open_thread(customer)
    channel = channel[0] if isinstance(channel, list | tuple) else channel
    file = {"name": "guia.pdf", "raw": "JVBERi0=", "mimetype": "application/pdf", "res_model": "mail.compose.message"}
    attachment = shop.server.call("ir.attachment", "create", file)
    shop.server.call(
        "discuss.channel",
        "message_post",
        [channel],
        body="Soy de soporte, mire la guía",
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        attachment_ids=[attachment],
    )
    wait_until(lambda: any("mire la guía" in note["body"] for note in get_notes(shop, ticket)), what="a note")
    notes = get_notes(shop, ticket, "author_id", "is_internal", "notified_partner_ids")
    said = [note for note in notes if note["is_internal"]]
    words = " ".join(note["body"] for note in said)
    assert words.index("roto") < words.index("pata de atrás") < words.index("mire la guía")
    assert not any(note["notified_partner_ids"] for note in said), "nobody is mailed what is said"
    notified = [partner for note in notes for partner in note["notified_partner_ids"]]
    strangers = [("id", "in", notified), ("partner_share", "=", True)]
    assert not shop.server.search_read("res.partner", strangers, ["name"]), "the customer least of all"
    assert [note for note in said if note["attachment_ids"]], "files are there as well"
    conversation = shop.get_conversation(customer, "contact_id")
    wizard = shop.server.call("whatsapp.contact.erase", "create", {"contact_id": conversation["contact_id"][0]})
    shop.server.call("whatsapp.contact.erase", "action_erase", [wizard])
    assert_nobody_in(shop, ticket)
    assert "pata de atrás" not in " ".join(note["body"] for note in get_notes(shop, ticket))


def test_complaint_after_the_ticket_was_closed_is_a_new_case(shop, customer):
    shop.say(customer, COMPLAINT)
    first = wait_for_ticket(shop, customer)
    close_ticket(shop, first)
    shop.say(customer, "Gracias")
    conversation = shop.get_conversation(customer, "ticket_ref", "stage", "handover_id")
    assert conversation["ticket_ref"] == first, "who says thanks has no case"
    assert conversation["stage"] not in ("support", "person")
    assert not conversation["handover_id"]
    assert shop.say(customer, "Otra vez se rompió el sofá, quiero reclamar"), "there is an answer"
    assert wait_for_ticket(shop, customer, but=first) > first
    conversation = shop.get_conversation(customer, "stage", "handover_id", "handover_reason")
    assert (conversation["stage"], conversation["handover_reason"]) == ("support", "support"), "a person is called"


def test_complaint_right_after_the_ticket_was_closed_is_a_new_case(shop, customer):
    shop.say(customer, COMPLAINT)
    first = wait_for_ticket(shop, customer)
    close_ticket(shop, first)
    shop.say(customer, "Me trajeron la mesa con una pata rota, quiero hacer un reclamo")
    assert wait_for_ticket(shop, customer, but=first) > first


def test_open_ticket_goes_on_in_the_next_conversation(shop, customer):
    shop.say(customer, COMPLAINT)
    first = wait_for_ticket(shop, customer)
    before = count_tickets(shop)
    shop.server.call("whatsapp.conversation", "action_close", [shop.get_conversation(customer, "id")["id"]])
    shop.say(customer, "Sigue roto mi sofá, quiero hacer un reclamo")
    assert wait_for_ticket(shop, customer) == first
    assert count_tickets(shop) == before
    assert "Sigue roto" in " ".join(note["body"] for note in get_notes(shop, first))


def test_ticket_goes_from_hand_to_hand_with_the_case(shop, customer):
    call = shop.server.call
    people = [shop.add_salesperson(f"{name}{customer}") for name in ("ana", "bruno")]
    team = call("crm.team", "create", {"name": f"Team {customer}", "member_ids": [(6, 0, people)]})
    sender = shop.server.search_read("whatsapp.sender", [("id", "=", shop.sender_id)], ["team_id"])[0]
    call("whatsapp.sender", "write", [shop.sender_id], {"team_id": team})
    call(shop.team_model, "write", [shop.team], {shop.members: [(6, 0, people)]})
    try:
        shop.say(customer, COMPLAINT)
        ticket = wait_for_ticket(shop, customer)

        def get_user():
            return (
                shop.server.search_read("helpdesk.ticket", [("id", "=", ticket)], ["user_id"])[0]["user_id"] or [0]
            )[0]

        first = get_user()
        assert first in people
        handover = shop.get_conversation(customer, "handover_id")["handover_id"][0]
        shop.server.write_rows("whatsapp.handover", [handover], answer_by="2026-01-01 00:00:00")
        (job,) = call("ir.model.data", "search_read", [("name", "=", "ir_cron_look_after")], ["res_id"])
        call("ir.cron", "method_direct_trigger", [job["res_id"]])
        assert {first, get_user()} == set(people), "it does not stay with who missed it"
    finally:
        call("whatsapp.sender", "write", [shop.sender_id], {"team_id": sender["team_id"] and sender["team_id"][0]})
        call(shop.team_model, "write", [shop.team], {shop.members: [(5,)]})


def test_who_is_not_of_the_tickets_team_is_not_given_it(shop, customer):
    (outsider,) = shop.server.call("res.users", "search", [("login", "=", "demo")]) or [
        shop.server.call("res.users", "create", {"name": "Elsewhere", "login": f"elsewhere{customer}"})
    ]
    shop.server.call(shop.team_model, "write", [shop.team], {shop.members: [(6, 0, [outsider])]})
    try:
        shop.say(customer, COMPLAINT)
        ticket = wait_for_ticket(shop, customer)
        (row,) = shop.server.search_read("helpdesk.ticket", [("id", "=", ticket)], ["user_id"])
        assert not row["user_id"], "who is called is in Sales, and not in this team"
    finally:
        shop.server.call(shop.team_model, "write", [shop.team], {shop.members: [(5,)]})


def test_ticket_is_not_of_odoo_itself_which_opens_it(shop, customer):
    automatic = "helpdesk_mgmt_ticket_auto_assign"
    if automatic not in shop.server.call("res.company", "fields_get", []):
        pytest.skip("Odoo's own tickets are nobody's at first")
    shop.server.call("res.company", "write", [shop.company], {automatic: True})
    try:
        shop.say(customer, COMPLAINT)
        ticket = wait_for_ticket(shop, customer)
        (row,) = shop.server.search_read("helpdesk.ticket", [("id", "=", ticket)], ["user_id"])
        case = [("conversation_id.ticket_ref", "=", ticket)]
        (handover,) = shop.server.search_read("whatsapp.handover", case, ["user_id"])
        assert row["user_id"] == handover["user_id"], "it is whose the case is"
    finally:
        shop.server.call("res.company", "write", [shop.company], {automatic: False})


def log_in(shop, login):
    session = requests.Session()
    place = {"db": shop.server.database, "login": login, "password": PASSWORD}
    session.post(f"{shop.server.url}/web/session/authenticate", json={"jsonrpc": "2.0", "params": place})
    return session


@pytest.fixture(scope="module")
def helper(shop):
    """A session of a colleague who looks after tickets, and is not in Sales."""
    groups = shop.server.search_read(
        "ir.model.access", [("model_id.model", "=", "helpdesk.ticket"), ("perm_read", "=", True)], ["group_id"]
    )
    user = {"name": "Helper", "login": "helper", "password": PASSWORD}
    named = [("name", "=", "group_user"), ("module", "=", "base")]
    (internal,) = shop.server.search_read("ir.model.data", named, ["res_id"])
    wanted = [row["group_id"][0] for row in groups if row["group_id"]]
    shop.server.call("res.users", "create", {**user, "group_ids": [(6, 0, [internal["res_id"], *wanted])]})
    with log_in(shop, "helper") as session:
        yield session


def get_link(shop, ticket):
    """Where the ticket leads to its thread."""
    bodies = " ".join(note["body"] for note in get_notes(shop, ticket))
    (path,) = set(re.findall(r'href="(/whatsapp/[^"]*)"', bodies))
    return f"{shop.server.url}{path}"


def follow_link(shop, session, ticket):
    """What the ticket's link to the thread answers to who clicks on it."""
    return session.get(get_link(shop, ticket), allow_redirects=False)


def test_who_reads_the_ticket_and_is_not_in_sales_reads_its_thread(shop, customer, another_customer, helper):
    shop.say(another_customer, "Soy Ramiro, mi mesa llegó astillada, quiero un reclamo")
    shop.say(customer, COMPLAINT)
    ticket = wait_for_ticket(shop, customer)
    shop.say(customer, "Estamos aquí", **kinds.LOCATION)
    shop.say(customer, "", **kinds.ORDER)
    page = follow_link(shop, helper, ticket)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "roto" in page.text
    assert "google.com/maps" in page.text, "a place is one that can be looked at"
    assert "SOFA-01" in page.text, "and so are articles"
    assert "astillada" not in page.text, "of another customer there is nothing"
    body = " ".join(note["body"] for note in get_notes(shop, ticket))
    assert "google.com/maps" in body and "SOFA-01" in body, "the ticket itself says the same"
    assert helper.get(f"{shop.server.url}/whatsapp/ticket/999999").status_code == 404


def test_who_may_see_the_conversation_gets_it_by_the_tickets_link(shop, customer):
    shop.say(customer, COMPLAINT)
    ticket = wait_for_ticket(shop, customer)
    shop.add_salesperson("tickets-chief", "group_sale_salesman_all_leads")
    with log_in(shop, "tickets-chief") as session:
        answer = follow_link(shop, session, ticket)
    conversation = shop.get_conversation(customer, "id")["id"]
    assert answer.headers["Location"].endswith(f"/whatsapp.conversation/{conversation}")


def test_thread_is_for_nobody_who_may_not_read_the_ticket(shop, customer, helper):
    shop.say(customer, COMPLAINT)
    ticket = wait_for_ticket(shop, customer)
    link = get_link(shop, ticket)
    (model,) = shop.server.call("ir.model", "search", [("model", "=", "helpdesk.ticket")])
    rule = {"name": "Not this one", "model_id": model, "domain_force": f"[('id', '!=', {ticket})]"}
    rule = shop.server.call("ir.rule", "create", rule)
    try:
        assert helper.get(link).status_code == 403
    finally:
        shop.server.call("ir.rule", "unlink", [rule])
    with requests.Session() as stranger:
        assert stranger.get(link, allow_redirects=False).status_code == 303, "a stranger has to log in"
    portal = shop.server.search_read(
        "ir.model.data", [("name", "=", "group_portal"), ("module", "=", "base")], ["res_id"]
    )
    login = f"portal-of-ticket-{ticket}"
    user = {"name": "Customer", "login": login, "password": PASSWORD, "group_ids": [(6, 0, [portal[0]["res_id"]])]}
    shop.server.call("res.users", "create", user)
    with log_in(shop, login) as session:
        assert session.get(link).status_code == 403


def test_erased_words_are_on_no_page(shop, customer, helper):
    shop.say(customer, COMPLAINT)
    ticket = wait_for_ticket(shop, customer)
    url = f"{shop.server.url}/whatsapp/ticket/{ticket}"
    assert "roto" in helper.get(url).text
    conversation = shop.get_conversation(customer, "contact_id")
    wizard = shop.server.call("whatsapp.contact.erase", "create", {"contact_id": conversation["contact_id"][0]})
    shop.server.call("whatsapp.contact.erase", "action_erase", [wizard])
    page = helper.get(url)
    assert page.status_code == 404 and "roto" not in page.text
