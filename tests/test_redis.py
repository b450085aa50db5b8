"""A Redis that is killed, paused and flushed while customers write: nothing is lost, nothing is doubled."""

import threading
from itertools import count

import pytest
import redis
from conftest import Shop
from server import OdooServer
from services import OwnRedis, wait_until


@pytest.fixture
def redis_server(tmp_path):
    folder = tmp_path / "redis"
    folder.mkdir()
    server = OwnRedis(folder)
    yield server
    server.resume()
    server.kill()


@pytest.fixture
def redis_shop(tmp_path, redis_server):
    server = OdooServer(tmp_path, env={"REDIS_URL": redis_server.url})
    try:
        yield Shop(server.start())
    finally:
        server.discard()


class Customers:
    """They write without a pause, each message twice, and every one is acknowledged."""

    def __init__(self, shop):
        self._shop = shop
        self._ended = threading.Event()
        self.sent = {}
        self.failed = []
        self._thread = threading.Thread(target=self._write)
        self._thread.start()

    def _write(self):
        for number in count(593_986_000_000):
            if self._ended.is_set():
                return
            form = self._shop.twilio.form(f"+{number}", "Busco un sofá")
            for _time in range(2):
                response = self._shop.twilio.post(form)
                if response.status_code != 200:
                    self.failed.append(response.status_code)
            self.sent[form["MessageSid"]] = f"+{number}"

    def wait_for_more(self, messages=15):
        goal = len(self.sent) + messages
        wait_until(lambda: len(self.sent) >= goal, 60, "more messages")

    def end(self):
        self._ended.set()
        self._thread.join()


def test_killed_paused_and_flushed_under_load(redis_shop, redis_server):
    def status():
        sender = redis_shop.server.call("whatsapp.sender", "read", [redis_shop.sender_id], ["redis_status"])
        return sender[0]["redis_status"]

    customers = Customers(redis_shop)
    try:
        customers.wait_for_more()
        wait_until(lambda: status() == "up", what="an answer of Redis to Odoo")
        redis.Redis.from_url(redis_server.url).flushall()
        customers.wait_for_more()
        redis_server.pause()
        customers.wait_for_more()
        wait_until(lambda: status() == "down", what="the status that says so")
        redis_server.resume()
        customers.wait_for_more()
        redis_server.kill()
        customers.wait_for_more()
        redis_server.start()
        wait_until(lambda: status() == "up", what="Redis in use again")
        customers.wait_for_more()
    finally:
        customers.end()
    assert customers.failed == []
    rows = redis_shop.server.search_read(
        "whatsapp.conversation.message", [("sid", "in", list(customers.sent))], ["sid"], limit=None
    )
    assert sorted(row["sid"] for row in rows) == sorted(customers.sent)
    everyone = [f"whatsapp:{number}" for number in customers.sent.values()]

    def get_answered():
        replies = redis_shop.server.search_read(
            "whatsapp.conversation.message",
            [("address", "in", everyone), ("direction", "=", "outbound")],
            ["address"],
            limit=None,
        )
        return sorted(reply["address"] for reply in replies)

    wait_until(lambda: len(get_answered()) >= len(everyone), 60, "an answer to everyone")
    assert get_answered() == sorted(everyone), "one answer each"
