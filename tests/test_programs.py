"""Other programs: they are told what happens, and write to customers."""

import base64
import uuid

import pytest
import requests
from browsing import log_in
from conftest import Shop
from playwright.sync_api import expect
from server import PASSWORD, OdooServer, wait_until
from standins.program import Program

PDF = base64.b64encode(b"%PDF-1.4 a quotation").decode()


@pytest.fixture(scope="module")
def programs_shop(tmp_path_factory):
    """A shop that may tell programs of its own machine."""
    server = OdooServer(tmp_path_factory.mktemp("programs"), env={"WEBHOOK_HOSTS": "127.0.0.1"})
    try:
        yield Shop(server.start())
    finally:
        server.discard()


@pytest.fixture(scope="module")
def key(programs_shop):
    """An API key, made as a person makes one in their preferences: Odoo asks for the password first."""
    call = programs_shop.server.call
    wanted = call("res.users.apikeys.description", "create", {"name": "Program", "duration": "1"})
    action = call("res.users.apikeys.description", "make_key", [wanted])
    if action["res_model"] == "res.users.identitycheck":
        action = call("res.users.identitycheck", "run_check", [action["res_id"]], context={"password": PASSWORD})
    return action["context"]["default_key"]


@pytest.fixture
def program(programs_shop):
    """A program that wants to know all there is."""
    with Program() as program:
        wanted = dict.fromkeys(("on_messages", "on_statuses", "on_leads", "on_handovers"), True)
        call = programs_shop.server.call
        program.id = call("whatsapp.webhook", "create", {"name": "ERP", "url": program.url, **wanted})
        (row,) = call("whatsapp.webhook", "read", [program.id], ["secret"])
        program.secret = row["secret"]
        yield program
        call("whatsapp.webhook", "write", [program.id], {"active": False})


def send(shop, key, customer, **members):
    answer = requests.post(
        f"{shop.server.url}/api/messages",
        json={"phone": customer, **members},
        headers={"Authorization": f"Bearer {key}"},
        timeout=60,
    )
    return answer.status_code, answer.json()


def test_program_is_told_of_a_sale_from_the_first_word_on(programs_shop, program, customer):
    programs_shop.say(customer, "Soy Ana, busco un sofá de hasta 900 dólares")
    programs_shop.say(customer, "Quiero hablar con una persona")

    def mine(kind):
        told = [event["data"] for event in program.of_type(kind)]
        return [data for data in told if data["conversation"]["phone_number"] == customer]

    wait_until(lambda: mine("handover.called") and mine("lead.created"), what="a lead and a call for a person")
    wait_until(lambda: len(mine("message.received")) == 2 and mine("message.sent"), what="what was said")
    texts = {data["message"]["text"] for data in mine("message.received")}
    assert texts == {"Soy Ana, busco un sofá de hasta 900 dólares", "Quiero hablar con una persona"}
    assert mine("lead.created")[0]["conversation"]["name"] == "Ana"
    assert program.refused == 0


def test_program_that_fails_is_told_again(programs_shop, program, customer):
    program.answers += [500]
    programs_shop.server.call("whatsapp.webhook", "write", [program.id], {"on_messages": False})
    programs_shop.server.call("whatsapp.webhook", "action_ping", [program.id])

    def get_delivery(*fields):
        return programs_shop.server.search_read(
            "whatsapp.webhook.delivery", [("webhook_id", "=", program.id)], list(fields), limit=1
        )[0]

    wait_until(lambda: get_delivery("attempts")["attempts"] == 1, what="a call that failed")
    row = get_delivery("state", "status", "retry_at", "error")
    assert (row["state"], row["status"]) == ("waiting", 500)
    assert row["retry_at"] and row["error"]
    assert program.events == []
    # A minute goes by.
    programs_shop.server.write_rows("whatsapp.webhook.delivery", [row["id"]], retry_at="2020-01-01")
    programs_shop.server.call("whatsapp.webhook", "action_ping", [program.id])
    wait_until(lambda: len(program.of_type("ping")) == 2, what="the same once more, and another")
    wait_until(lambda: get_delivery("state")["state"] == "delivered", what="word that it was told")


def test_program_writes_once_however_often_it_asks(programs_shop, key, program, customer):
    before = len(programs_shop.say(customer, "Hola"))
    message = {
        "text": "Tu cotización",
        "file": {"name": "cotización.pdf", "content": PDF},
        "idempotency_key": uuid.uuid4().hex,
    }
    first, again = (send(programs_shop, key, customer, **message) for _time in range(2))
    assert (first[0], again[0], again[1]["repeated"]) == (200, 200, True)
    assert first[1]["message"]["id"] == again[1]["message"]["id"]
    wait_until(lambda: programs_shop.get_replies(customer)[before:] == ["Tu cotización"], what="the words")

    def get_sent():
        told = [event["data"]["message"] for event in program.of_type("message.sent")]
        return [message for message in told if message["id"] == first[1]["message"]["id"]]

    wait_until(get_sent, what="word that it was sent")
    assert get_sent()[0]["type"] == "agent"


def test_webhook_is_made_and_tried_on_screen(programs_shop, browser):
    with Program() as program, log_in(browser, programs_shop) as page:
        page.goto(f"{programs_shop.server.url}/odoo/action-colineal_whatsapp_crm.whatsapp_webhook_action/new")
        page.locator(".o_field_widget[name=name] input").fill("Bodega")
        page.locator(".o_field_widget[name=url] input").fill(program.url)
        page.locator(".o_form_button_save").click()
        program.secret = wait_until(
            lambda: [
                row["secret"]
                for row in programs_shop.server.search_read("whatsapp.webhook", [("name", "=", "Bodega")], ["secret"])
            ],
            what="the saved webhook",
        )[0]
        page.locator("button[name=action_ping]").click()
        expect(page.locator(".o_data_row")).to_contain_text("ping")
        wait_until(lambda: program.of_type("ping"), what="a test")
