"""A server that dies between a message and its answer."""

import pytest
from conftest import Shop
from server import OdooServer, wait_until


@pytest.fixture
def mortal_shop(tmp_path):
    server = OdooServer(tmp_path)
    try:
        yield Shop(server.start())
    finally:
        server.discard()


def test_acknowledged_message_is_answered_after_a_crash(mortal_shop, customer):
    server = mortal_shop.server
    server.call("whatsapp.assistant", "write", [mortal_shop.assistant_id], {"coalescing_seconds": 20})
    sid = mortal_shop.twilio.deliver(customer, "Busco sofás")
    server.kill()
    state = "SELECT state FROM whatsapp_conversation_message WHERE sid = %s"
    assert server.postgres.query(server.database, state, [sid]) == [("received",)]
    server.start()
    wait_until(lambda: mortal_shop.get_replies(customer), 120, "an answer after the restart")
    assert len(mortal_shop.get_replies(customer)) == 1
    assert len(mortal_shop.get_rows(sid)) == 1
