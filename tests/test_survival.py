"""What others changed or broke around a conversation, on the wire: customers are answered, and no log names them."""

from conftest import NUMBER
from server import wait_until
from traces import TRACES

NAME = "Zenaida Quiñónez"


def check_nobody_is_named(shop, customer, *stored):
    """Neither the server's log nor what is stored of errors."""
    for text in (shop.server.log.read_text(), *(str(each) for each in stored)):
        for told in (NAME, "Zenaida", "Quiñónez", customer[1:], "zenaida@example.com"):
            assert told not in text, [line for line in text.splitlines() if told in line][:3]


def test_customer_is_answered_after_the_thread_was_archived(live_shop, customer):
    server = live_shop.server
    live_shop.say(customer, "Busco sofás")
    thread = live_shop.open_thread(customer)
    thread = thread["id"] if isinstance(thread, dict) else thread
    # Nobody may, over RPC; another addon's code can.
    server.write_rows("discuss.channel", [thread], active=False)
    server.call("whatsapp.conversation", "action_close", [live_shop.get_conversation(customer, "id")["id"]])
    assert live_shop.say(customer, "Quiero hablar con una persona")
    (channel,) = server.search_read("discuss.channel", [("whatsapp_contact_id.phone", "=", customer)], ["active"])
    assert channel["active"]


def test_lead_that_the_shops_own_field_keeps_from_being_made(live_shop, customer):
    """PostgreSQL quotes the whole row; the customer is answered, a person called, and told why in words."""
    server = live_shop.server
    TRACES.note(customer, f"Soy {NAME}, busco un sofá")
    (model,) = server.search_read("ir.model", [("model", "=", "crm.lead")], ["id"])
    values = {"name": "x_ruc", "field_description": "RUC", "ttype": "char", "model_id": model["id"]}
    field = server.call("ir.model.fields", "create", values)
    field = field if isinstance(field, list) else [field]
    leads = server.call("crm.lead", "search", [], context={"active_test": False})
    server.call("crm.lead", "write", leads, {"x_ruc": "-"})
    server.call("ir.model.fields", "write", field, {"required": True})
    try:
        mail = "mi correo es zenaida@example.com"
        replies = live_shop.say(customer, f"Soy {NAME}, busco un sofá, tengo $900, {mail}", ProfileName=NAME)
        assert replies
        wanted = "lead_id", "lead_error", "lead_retry_at", "awaited_since", "user_id", "error", "id"
        conversation = live_shop.get_conversation(customer, *wanted)
        assert not conversation["lead_id"]
        assert conversation["awaited_since"]
        assert conversation["user_id"]
        assert "RUC" in conversation["lead_error"]
        failures = server.search_read("whatsapp.job.failure", [], ["job", "error"])
        assert "lead" in {failure["job"] for failure in failures}
        check_nobody_is_named(live_shop, customer, conversation["lead_error"], conversation["error"], failures)
    finally:
        server.call("ir.model.fields", "unlink", field)
    server.call("whatsapp.conversation", "action_retry_lead", [conversation["id"]])
    assert live_shop.get_conversation(customer, "lead_id")["lead_id"]


def test_action_that_an_administrator_broke(live_shop, customer):
    server = live_shop.server
    (data,) = server.search_read(
        "ir.model.data",
        [("module", "=", "colineal_whatsapp_crm"), ("name", "=", "action_create_lead")],
        ["res_id"],
    )
    (action,) = server.call("ir.actions.server", "read", [data["res_id"]], ["code"])
    code = "raise UserError('%s (%s) is unknown to our ERP' % (record.customer_name, record.phone))"
    server.call("ir.actions.server", "write", [data["res_id"]], {"code": code})
    try:
        assert live_shop.say(customer, f"Soy {NAME}, busco un sofá, tengo $900", ProfileName=NAME)
        conversation = live_shop.get_conversation(customer, "lead_id", "error")
        assert conversation["lead_id"]
        assert "is unknown to our ERP" in conversation["error"]
        check_nobody_is_named(live_shop, customer, conversation["error"])
    finally:
        server.call("ir.actions.server", "write", [data["res_id"]], {"code": action["code"]})


def test_refusal_of_twilio_that_repeats_the_number(live_shop, twilio_api, customer):
    address = f"whatsapp:{customer}"
    twilio_api.failures[address].append((400, 21211, f"The 'To' number {address} is not a valid phone number."))
    live_shop.twilio.deliver(customer, "Hola", ProfileName=NAME)

    def get_reply():
        lines = live_shop.server.search_read(
            "whatsapp.conversation.message",
            [("address", "=", f"whatsapp:{customer}"), ("direction", "=", "outbound")],
            ["state", "error"],
        )
        return lines and lines[0]["state"] == "failed" and lines[0]

    wait_until(get_reply, what="a failed reply")
    assert "21211" in get_reply()["error"]
    check_nobody_is_named(live_shop, customer, get_reply()["error"])


def test_sms_is_not_answered_on_whatsapp(live_shop, twilio_api, customer):
    sid = live_shop.twilio.deliver(customer, "Busco un sofá", From=customer, To=NUMBER)

    def get_conversation():
        wanted = ["awaited_since", "user_id", "handover_reason", "window_until"]
        return live_shop.server.search_read("whatsapp.conversation", [("contact_id.address", "=", customer)], wanted)

    wait_until(lambda: get_conversation() and get_conversation()[0]["awaited_since"], what="a call for a person")
    (conversation,) = get_conversation()
    assert conversation["handover_reason"] == "sms"
    assert not conversation["window_until"]
    (row,) = live_shop.get_rows(sid)
    assert (row["kind"], row["state"], row["body"]) == ("sms", "handled", "Busco un sofá")
    assert not [message for message in twilio_api.sent if message["To"].endswith(customer)]
