"""From a complaint to the colleagues who can help, on a real server and in a real browser."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import requests
from browsing import log_in
from playwright.sync_api import expect
from server import LOGIN, PASSWORD, wait_until

LONG_AGO = "2020-01-01 00:00:00"


@pytest.fixture(scope="module")
def colleagues(shop):
    """Ana and Bruno of a sales team whose sender the customers write to; their logins are their names."""
    call = shop.server.call
    users = [shop.add_salesperson(name.lower(), name=name, email=f"{name}@x.ec") for name in ("Ana", "Bruno")]
    team = call("crm.team", "create", {"name": "Hand-over"})
    for user in users:
        call("crm.team.member", "create", {"crm_team_id": team, "user_id": user})
    call("whatsapp.sender", "write", [shop.sender_id], {"team_id": team})
    yield dict(zip(("Ana", "Bruno"), users, strict=True))
    call("whatsapp.sender", "write", [shop.sender_id], {"team_id": False})


@contextmanager
def screen_of(browser, shop, login):
    """A colleague's screen, on some page that has nothing to do with WhatsApp."""
    with log_in(browser, shop, login, answers_calls=True) as page:
        page.goto(f"{shop.server.url}/odoo/crm")
        page.wait_for_selector(".o_kanban_view")
        yield page


def get_unread(shop, customer, user):
    """How many messages a colleague has not read in the customer's thread; None for who is not in it."""
    channel = shop.open_thread(customer)
    members = shop.server.search_read(
        "discuss.channel.member",
        [("channel_id", "=", channel), ("partner_id.user_ids", "=", user)],
        ["message_unread_counter"],
    )
    return members[0]["message_unread_counter"] if members else None


def get_responsible(shop, customer):
    """Who the open activity of the customer's conversation or its lead is for."""
    conversation = shop.get_conversation(customer, "activity_ids", "user_id")
    activities = shop.server.call("mail.activity", "read", conversation["activity_ids"], ["user_id"])
    if not activities:
        (lead,) = shop.get_leads(customer, "activity_ids")
        activities = shop.server.call("mail.activity", "read", lead["activity_ids"], ["user_id"])
    (activity,) = activities
    assert activity["user_id"] == conversation["user_id"]
    return activity["user_id"][1]


def test_complaint_reaches_a_colleague_and_then_the_next(shop, customer, colleagues, browser):
    with screen_of(browser, shop, "ana") as page:
        thread = page.locator(".o-mail-ChatBubble, .o-mail-ChatWindow")
        expect(thread).to_have_count(0)
        shop.say(customer, "Mi sofá llegó roto, quiero un reclamo")
        expect(thread).to_have_count(1)
    assert get_responsible(shop, customer) == "Ana"
    assert get_unread(shop, customer, colleagues["Ana"]) >= 1
    assert get_unread(shop, customer, colleagues["Bruno"]) is None

    conversation = shop.get_conversation(customer, "handover_id")
    assert make_overdue(shop, [conversation["id"]])
    (job,) = shop.server.search_read("ir.cron", [("code", "=", "model._cron_look_after()")], ["id"])
    shop.server.call("ir.cron", "method_direct_trigger", [job["id"]])
    wait_until(lambda: get_responsible(shop, customer) == "Bruno", what="the next colleague")
    assert get_unread(shop, customer, colleagues["Bruno"]) >= 1
    assert get_unread(shop, customer, colleagues["Ana"]) >= 1


def test_who_is_called_opens_the_conversation_from_what_pops_up(shop, customer, colleagues, browser):
    with screen_of(browser, shop, "ana") as page:
        shop.say(customer, "Soy Zoila, sofá cama, 900 dólares, lo necesito hoy")
        told = page.locator(".o_notification", has_text="Zoila")
        expect(told).to_contain_text("$900")
        assert told.inner_text().count("Zoila") == 1
        told.get_by_role("button").filter(has_text="conversa").click()
        expect(page.locator(".o_whatsapp_heading")).to_contain_text("Zoila")
        expect(told).to_have_count(0)


def look_after(shop, job, barrier):
    """The scheduled job runs, from a session of its own, when everybody is at the barrier."""
    with requests.Session() as session:
        place = {"db": shop.server.database, "login": LOGIN, "password": PASSWORD}
        session.post(f"{shop.server.url}/web/session/authenticate", json={"jsonrpc": "2.0", "params": place})
        call = {"model": "ir.cron", "method": "method_direct_trigger", "args": [[job]], "kwargs": {}}
        barrier.wait(120)
        answer = session.post(f"{shop.server.url}/web/dataset/call_kw", json={"jsonrpc": "2.0", "params": call})
        assert "error" not in answer.json(), answer.text


@pytest.mark.parametrize(
    "words", ["Mi sofá llegó roto, quiero un reclamo", "Soy Ana Vera, sofá cama, 900 dólares, lo necesito hoy"]
)
def test_two_workers_pass_a_conversation_on_once(shop, customer, colleagues, words):
    customers = [f"+{int(customer[1:]) + 100_000 * number}" for number in range(1, 9)]
    for number in customers:
        shop.say(number, words)
    conversations = [shop.get_conversation(number, "id")["id"] for number in customers]
    before = {row["id"]: row["user_id"] for row in read_waiting(shop, conversations)}
    (job,) = shop.server.search_read("ir.cron", [("code", "=", "model._cron_look_after()")], ["id"])
    jobs = [job["id"], *shop.server.call("ir.cron", "copy", [job["id"]])]
    try:
        make_overdue(shop, conversations)
        barrier = threading.Barrier(len(jobs))
        with ThreadPoolExecutor() as workers:
            list(workers.map(lambda job: look_after(shop, job, barrier), jobs))
    finally:
        shop.server.call("ir.cron", "unlink", jobs[1:])
    wait_until(lambda: not is_overdue(shop, conversations), what="conversations that were all passed on")
    for row in read_waiting(shop, conversations):
        assert row["user_id"] != before[row["id"]]
        (handover,) = shop.server.search_read(
            "whatsapp.handover", [("conversation_id", "=", row["id"])], ["missed_user_ids", "user_id"]
        )
        assert handover["missed_user_ids"] == [before[row["id"]][0]], "passed on once, not to the next but one"
        assert handover["user_id"] == row["user_id"]


def read_waiting(shop, conversations):
    return shop.server.call("whatsapp.conversation", "read", conversations, ["user_id"])


def make_overdue(shop, conversations):
    """Who was asked has let the time pass. Returns how many conversations wait for a person."""
    handovers = shop.server.search_read(
        "whatsapp.handover", [("conversation_id", "in", conversations), ("ended_at", "=", False)], ["id"]
    )
    shop.server.write_rows("whatsapp.handover", [row["id"] for row in handovers], answer_by=LONG_AGO)
    return len(handovers)


def is_overdue(shop, conversations):
    return shop.server.call(
        "whatsapp.handover", "search_count", [("conversation_id", "in", conversations), ("answer_by", "<=", LONG_AGO)]
    )
