"""The HTTP API from outside: as its specification says, whatever comes, and for a program that knows nothing else."""

import os
import subprocess
from urllib.parse import quote

import pytest
import requests
from conftest import Shop
from jsonschema import Draft202012Validator
from playwright.sync_api import expect
from server import PASSWORD, OdooServer

#: The specification's own example of a number: the examples then find a conversation.
CUSTOMER = "+593987654321"

#: How long the specification is tried out, in seconds, and with how many requests an operation in a phase.
SECONDS, EXAMPLES = 45, 40

# A period that ends before it begins is refused, and so are a file that is not what WhatsApp takes and a text with a
# name in braces: no schema can say that.
SCHEMATHESIS = """
[[operations]]
include-operation-id = "getConversationAnalytics"
[operations.checks.positive_data_acceptance]
expected-statuses = [200, 422]

[[operations]]
include-operation-id = "sendMessage"
[operations.checks.positive_data_acceptance]
expected-statuses = [200, 404, 409, 422]
"""


@pytest.fixture(scope="module")
def api_shop(tmp_path_factory):
    """A server that answers as many requests as come."""
    server = OdooServer(tmp_path_factory.mktemp("api"), env={"API_RATE_LIMIT": "0"})
    try:
        shop = Shop(server.start())
        shop.say(CUSTOMER, "Hola, busco un sofá")
        shop.say(CUSTOMER, "Soy María y tengo 900 dólares")
        yield shop
    finally:
        server.discard()


@pytest.fixture(scope="module")
def key(api_shop):
    """An API key, made as a person makes one in their preferences: Odoo asks for the password first."""
    call = api_shop.server.call
    wanted = call("res.users.apikeys.description", "create", {"name": "Program", "duration": "1"})
    action = call("res.users.apikeys.description", "make_key", [wanted])
    if action["res_model"] == "res.users.identitycheck":
        action = call("res.users.identitycheck", "run_check", [action["res_id"]], context={"password": PASSWORD})
    return action["context"]["default_key"]


class Client:
    """A program that knows the API by its specification alone: operations by their id, answers as specified."""

    def __init__(self, url, key):
        self._url, self._headers = url, {"Authorization": f"Bearer {key}"}
        self._document = requests.get(f"{url}/api/openapi.json", timeout=60).json()
        self._operations = {
            operation["operationId"]: (method, path, operation)
            for path, methods in self._document["paths"].items()
            for method, operation in methods.items()
        }

    def call(self, name, body=None, **arguments):
        """The status and the body of an operation's answer."""
        method, path, operation = self._operations[name]
        query = {}
        for parameter in operation["parameters"]:
            value = arguments.pop(parameter["name"], None)
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", quote(str(value), safe=""))
            elif value is not None:
                query[parameter["name"]] = value
        assert not arguments, arguments
        answer = requests.request(method, self._url + path, params=query, json=body, headers=self._headers, timeout=60)
        self._check(operation["responses"][str(answer.status_code)], answer)
        return answer.status_code, answer.json()

    def _check(self, response, answer):
        if "$ref" in response:
            response = self._document["components"]["responses"][response["$ref"].rpartition("/")[2]]
        assert all(name in answer.headers for name in response.get("headers", ()))
        schema = {**response["content"]["application/json"]["schema"], "components": self._document["components"]}
        Draft202012Validator(schema).validate(answer.json())

    @property
    def names(self):
        return set(self._operations)


def test_client_written_from_the_specification(api_shop, key):
    client, customer = Client(api_shop.server.url, key), "+593987100001"
    assert client.call("getConversationStatus", phone=customer)[0] == 404
    api_shop.say(customer, "Hola, soy Ana de Cuenca")
    api_shop.say(customer, "Busco una mesa de comedor urgente, hasta 800 dólares")
    _status, body = client.call("getConversationStatus", phone="0987100001")
    known = body["conversation"]["collected_data"]
    assert (known["name"], known["location"], known["urgency"]) == ("Ana", "Cuenca", "high")
    history, offset = [], 0
    while offset is not None:
        _status, page = client.call("getConversationHistory", phone=customer, limit=3, offset=offset)
        history += page["history"]
        offset = page["next_offset"]
    assert len(history) == page["message_count"]
    assert next(entry["message"] for entry in history if entry["type"] == "user") == "Hola, soy Ana de Cuenca"
    assert history[-2]["analysis"]["slots"]["budget"]["max"] == 800
    message = {"phone": customer, "text": "Tu mesa sale mañana.", "take_over": False}
    assert client.call("sendMessage", message)[1]["message"]["state"] == "queued"
    assert client.call("sendMessage", {"phone": customer})[0] == 422
    assert client.call("resetConversation", phone=customer)[1]["was_open"] is True
    assert client.call("getConversationStatus", phone=customer)[1]["conversation"]["stage"] == "closed"
    assert client.call("getConversationAnalytics")[1]["analytics"]["total_conversations"] >= 2
    assert client.call("getConversationAnalytics", **{"from": "2026-02-30"})[0] == 422
    assert client.call("getSystemStatus")[1]["services"]["database"]["status"] == "up"
    assert client.call("getSystemConfig")[1]["senders"]
    assert client.call("getHealth")[0] == 200
    assert client.names == {
        "getConversationStatus",
        "getConversationHistory",
        "resetConversation",
        "sendMessage",
        "getConversationAnalytics",
        "getSystemStatus",
        "getSystemConfig",
        "getHealth",
    }


def test_customer_without_a_number(api_shop, key):
    client, scoped = Client(api_shop.server.url, key), "EC.Api4711x"
    assert client.call("getConversationStatus", phone=scoped)[0] == 404
    api_shop.say(scoped, "Busco una cama", WaId="", ProfileUsername="rosa.api")
    for written in (scoped, "@rosa.api"):
        _status, body = client.call("getConversationStatus", phone=written)
        known = body["conversation"]
        assert (known["phone_number"], known["user_id"], known["username"]) == (None, scoped, "rosa.api")
        _status, page = client.call("getConversationHistory", phone=written)
        assert page["history"][0]["message"] == "Busco una cama"
    assert client.call("resetConversation", phone=scoped)[1]["was_open"] is True


def test_specification_holds_whatever_comes(api_shop, key, tmp_path):
    """schemathesis: made-up requests, right and wrong, and what the specification says of their answers."""
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(SCHEMATHESIS)
    command = [
        os.environ["COLINEAL_PYTHON"], "-m", "schemathesis.cli", "--config-file", settings, "run",
        f"{api_shop.server.url}/api/openapi.json",
        "--header", f"Authorization: Bearer {key}",
        "--checks", "all", "--max-examples", str(EXAMPLES), "--max-time", str(SECONDS), "--seed", "1",
        "--warnings", "off", "--request-timeout", "60", "--no-color",
    ]  # fmt: skip
    run = subprocess.run(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert run.returncode == 0, run.stdout[-8000:]


def test_log_has_no_numbers(api_shop, key):
    """After all of the above: the access log shows that there were requests, and not about whom."""
    requests.get(
        f"{api_shop.server.url}/api/conversation/{CUSTOMER}/history?sender=%2B593999000222",
        headers={"Authorization": f"Bearer {key}"},
        timeout=60,
    )
    log = api_shop.server.log.read_text()
    assert "GET /api/conversation/…/history?… HTTP" in log
    for number in (CUSTOMER, "987654321", "593999000222", "Api4711x", "rosa.api", key):
        assert number not in log


def test_documentation_without_the_internet(api_shop, browser):
    context = browser.new_context()
    page, asked, complaints = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{api_shop.server.url}/api/docs")
    expect(page.get_by_text("/api/conversation/{phone}/status").first).to_be_visible()
    expect(page.locator(".opblock")).to_have_count(8 + 4)  # with what webhooks are told
    context.close()
    assert not complaints
    assert all(url.startswith((api_shop.server.url, "data:")) for url in asked)
