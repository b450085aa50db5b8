"""PostgreSQL goes away and comes back while Odoo runs, or the database does not exist any more."""

import pytest
import requests
from conftest import Shop
from server import OdooServer, wait_until
from services import OwnPostgres

#: Each with the answer of before the outage.
PATHS = (
    "/api/health",
    "/system/status",
    "/system/config",
    "/api/conversation/+593987654321/status",
    "/api/analytics/x",
)


@pytest.fixture
def postgres():
    postgres = OwnPostgres()
    try:
        yield postgres
    finally:
        postgres.discard()


def assert_says_503(server):
    for path in PATHS:
        answer = requests.get(server.url + path, timeout=60)
        assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/json; charset=utf-8"), path
        assert answer.json() == {
            "status": "error",
            "error": {"code": "unavailable", "message": "The database does not answer."},
        }
        assert int(answer.headers["Retry-After"]) > 0
    for path, body in (("/api/conversation/1/reset", {}), ("/api/messages", {"text": "a" * 1_000_000})):
        answer = requests.post(f"{server.url}{path}", json=body, timeout=60)
        assert answer.json()["error"]["code"] == "unavailable", path
    # Twilio tries again, and shows in its log what it was told.
    for path in ("/api/webhook/whatsapp", "/api/webhook/whatsapp/status?message=1"):
        answer = requests.post(server.url + path, data={"Body": "Hola", "From": "whatsapp:+593987654321"}, timeout=60)
        assert (answer.status_code, answer.text) == (503, "The database does not answer."), path


def is_healthy(server):
    answer = requests.get(f"{server.url}/api/health", timeout=60)
    return answer.status_code == 200 and answer.json() == {"status": "success"}


def test_postgres_goes_away_and_comes_back(tmp_path, postgres, customer):
    server = OdooServer(tmp_path, postgres=postgres)
    try:
        shop = Shop(server.start())
        assert is_healthy(server)
        assert requests.get(f"{server.url}/system/status", timeout=60).json()["system_status"] in ("up", "down")
        postgres.stop()
        assert_says_503(server)
        postgres.start()
        wait_until(lambda: is_healthy(server), what="the server is healthy again")
        sid = shop.twilio.deliver(customer, "Hola")
        assert shop.get_rows(sid)
    finally:
        postgres.ensure()
        server.discard()


def test_database_is_gone(tmp_path):
    """PostgreSQL runs, and has no such database any more."""
    server = OdooServer(tmp_path)
    try:
        server.start()
        assert is_healthy(server)
        server.postgres.drop(server.database)
        assert_says_503(server)
    finally:
        server.discard()
