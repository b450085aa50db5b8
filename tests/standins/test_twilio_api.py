"""The stand-in for Twilio, as Twilio's own client sees it."""

import base64
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from services import wait_until
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from werkzeug.datastructures import MultiDict

from standins.twilio_api import Lie, Misbehaviour, TwilioApi
from standins.twilio_callbacks import Unreliability

ACCOUNT_SID = "AC" + "5" * 32
TOKEN = "the account's primary auth token"
SHOP = "whatsapp:+593999000222"
CUSTOMER = "whatsapp:+593987000001"
#: Seconds for an answer that comes: others use the machine too.
PATIENCE = 60
HELLO = {"from_": SHOP, "to": CUSTOMER, "body": "Hola"}
FORM = {"From": SHOP, "To": CUSTOMER, "Body": "Hola"}


class _HttpClient(TwilioHttpClient):
    """Twilio's own, to another host, as a gateway in front of its API is reached."""

    def __init__(self, url, timeout=PATIENCE):
        super().__init__(timeout=timeout)
        self._host = urlsplit(url).netloc

    def request(self, method, url, *args, **kwargs):
        return super().request(
            method, urlsplit(url)._replace(scheme="http", netloc=self._host).geturl(), *args, **kwargs
        )


@pytest.fixture
def api():
    api = TwilioApi(ACCOUNT_SID, TOKEN)
    yield api
    api.close()


@pytest.fixture
def client(api):
    return Client(ACCOUNT_SID, TOKEN, http_client=_HttpClient(api.url))


@pytest.fixture
def post(api):
    """Posts a form to the Messages resource without Twilio's client, which would not let us err."""

    def post(form, auth=(ACCOUNT_SID, TOKEN), account_sid=ACCOUNT_SID, **options):
        url = f"{api.url}/2010-04-01/Accounts/{account_sid}/Messages.json"
        return requests.post(url, data=form, auth=auth, timeout=PATIENCE, **options)

    return post


@pytest.fixture
def listener():
    """A server that takes status callbacks: `.forms` has what came, in order, with whether its signature is right."""
    forms = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = MultiDict(parse_qsl(body, keep_blank_values=True))
            signature = self.headers["X-Twilio-Signature"]
            genuine = RequestValidator(TOKEN).validate(f"https://crm.example.com{self.path}", form, signature)
            forms.append((form["MessageStatus"], form["MessageSid"], genuine))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.forms = forms
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def callbacks(api, listener):
    api.callbacks.server = f"http://127.0.0.1:{listener.server_port}"
    return api.callbacks


def test_create_and_fetch(api, client):
    message = client.messages.create(**HELLO)
    assert (message.status, message.direction, message.body) == ("queued", "outbound-api", "Hola")
    assert message.date_created.tzinfo
    api.callbacks.wait_until_posted()
    fetched = client.messages(message.sid).fetch()
    assert (fetched.sid, fetched.status) == (message.sid, "delivered")
    assert fetched.date_sent >= message.date_created
    assert api.sent == [{"sid": message.sid, **FORM}]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"body": "Hola"}, 400, 20001),
        ({"StatusCallbackUrl": "https://crm.example.com/"}, 400, 20001),
        ({"To": None}, 400, 21604),
        ({"From": None}, 400, 21603),
        ({"To": "+593987000001"}, 400, 21211),
        ({"To": "whatsapp:593987000001"}, 400, 21211),
        ({"From": "+593999000222"}, 400, 63007),
        ({"To": SHOP}, 400, 21266),
        ({"Body": None}, 400, 21619),
        ({"Body": ""}, 400, 21619),
        ({"Body": "a" * 1601}, 400, 21617),
        ({"ContentSid": "HX" + "0" * 32}, 400, 20001),
        ({"Body": None, "ContentSid": "HX1"}, 400, 20001),
        ({"ContentVariables": "{}"}, 400, 21654),
        ({"Body": None, "ContentSid": "HX" + "0" * 32, "ContentVariables": "1: María"}, 400, 21656),
        ({"Body": None, "ContentSid": "HX" + "0" * 32, "ContentVariables": '{"1": "María"}'}, 400, 21655),
        ({"StatusCallback": "crm.example.com/status"}, 400, 21609),
        ({"StatusCallback": "http://my_host/status"}, 400, 21609),
    ],
)
def test_what_twilio_refuses(api, post, change, status, code):
    response = post({name: value for name, value in {**FORM, **change}.items() if value is not None})
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.json().keys() == {"code", "message", "more_info", "status"}
    assert api.sent == []


def test_what_twilio_takes(api, post):
    content = api.contents.add("Hola {{1}}, aquí estamos")
    for change in (
        {"Body": "a" * 1600},
        {"Body": "é" * 1600},
        {"To": "whatsapp:EC.A1b2C3"},
        {"StatusCallback": "https://crm.example.com/api/webhook/whatsapp/status?message=1"},
        {"Body": None, "ContentSid": content, "ContentVariables": '{"1": "María"}'},
        {"MediaUrl": ["https://crm.example.com/1.jpg", "https://crm.example.com/2.jpg"]},
    ):
        assert post({name: value for name, value in {**FORM, **change}.items() if value is not None}).ok, change
    assert len(api.sent) == 6
    assert api.sent[5]["sid"].startswith("MM")


def test_authentication(api, post):
    assert post(FORM, auth=None).status_code == 401
    assert post(FORM, auth=(ACCOUNT_SID, "another token")).json()["code"] == 20003
    assert post(FORM, account_sid="AC" + "6" * 32).status_code == 404
    assert post('{"To": 1}', headers={"Content-Type": "application/json"}).status_code == 415
    assert api.sent == []


def test_only_own_senders(api, post):
    api.senders = {SHOP}
    assert post(FORM).ok
    assert post({**FORM, "From": "whatsapp:+593999000333"}).json()["code"] == 63007


def test_messaging_service_sends_from_the_number_of_its_pool_that_is_asked_for(api, post):
    service, other = "MG" + "3" * 32, "whatsapp:+593999000333"
    api.pools[service] = [SHOP, other]
    form = {**FORM, "MessagingServiceSid": service}
    assert [post({**form, "From": number}).json()["from"] for number in (SHOP, other)] == [SHOP, other]
    assert post({**form, "From": "whatsapp:+593999000444"}).json()["code"] == 21711
    assert post({**form, "From": None}).json()["from"] == SHOP


def test_account(client):
    account = client.api.accounts(ACCOUNT_SID).fetch()
    assert (account.sid, account.status) == (ACCOUNT_SID, "active")
    with pytest.raises(TwilioRestException, match="404"):
        client.api.accounts("AC" + "6" * 32).fetch()


def test_list_filters_and_pages(api, client):
    now = datetime.now(UTC)
    inbound = [
        api.add_inbound(CUSTOMER, SHOP, f"message {hours}", ago=timedelta(hours=hours))["sid"] for hours in range(5)
    ]
    outbound = client.messages.create(**HELLO).sid
    assert {each.sid for each in client.messages.list()} == {*inbound, outbound}
    assert [each.sid for each in client.messages.list(to=SHOP)] == inbound
    assert [each.sid for each in client.messages.list(to=SHOP, page_size=2)] == inbound
    assert [each.sid for each in client.messages.list(from_=SHOP)] == [outbound]
    since = now - timedelta(hours=2, minutes=30)
    assert [each.sid for each in client.messages.list(to=SHOP, date_sent_after=since)] == inbound[:3]
    assert [each.sid for each in client.messages.list(to=SHOP, date_sent_before=since)] == inbound[3:]
    today = client.messages.list(to=SHOP, date_sent=now.date())
    assert {each.sid for each in today} == {
        sid for hours, sid in enumerate(inbound) if (now - timedelta(hours=hours)).date() == now.date()
    }
    message = client.messages(inbound[0]).fetch()
    assert (message.direction, message.status, message.from_) == ("inbound", "received", CUSTOMER)


def test_pages_stay_whole_while_messages_come(api, client):
    inbound = [api.add_inbound(CUSTOMER, SHOP, ago=timedelta(hours=1 + hours))["sid"] for hours in range(4)]
    listed = []
    for message in client.messages.stream(to=SHOP, page_size=1):
        listed.append(message.sid)
        api.add_inbound(CUSTOMER, SHOP)
    assert listed == inbound


def test_media(api, client):
    sid = api.add_inbound(CUSTOMER, SHOP, media=[("image/jpeg", b"a photo")])["sid"]
    (media,) = client.messages(sid).media.list()
    assert client.messages(sid).media(media.sid).fetch().content_type == "image/jpeg"
    (url,) = api.media_urls(sid)
    place = urlsplit(url)._replace(scheme="http", netloc=urlsplit(api.url).netloc).geturl()
    assert requests.get(place, timeout=PATIENCE).status_code == 401
    answer = requests.get(place, auth=(ACCOUNT_SID, TOKEN), timeout=PATIENCE)
    assert (answer.content, answer.headers["Content-Type"]) == (b"a photo", "image/jpeg")
    credentials = base64.b64encode(f"{ACCOUNT_SID}:{TOKEN}".encode()).decode()
    assert (
        requests.get(answer.url, headers={"Authorization": f"Basic {credentials}"}, timeout=PATIENCE).status_code == 400
    )


def test_callbacks_are_signed_for_the_url_that_was_given(callbacks, listener, client):
    url = "https://crm.example.com/status?message=7&key=a%20b"
    sid = client.messages.create(**HELLO, status_callback=url).sid
    callbacks.wait_until_posted()
    assert sorted(listener.forms) == [("delivered", sid, True), ("sent", sid, True)]
    assert {result for _form, result in callbacks.posted} == {204}


def test_fates(api, callbacks, listener, client):
    api.fates[CUSTOMER].append([("sent", None), ("undelivered", 63024)])
    sid = client.messages.create(**HELLO, status_callback="https://crm.example.com/status").sid
    callbacks.wait_until_posted()
    assert {status for status, *_rest in listener.forms} == {"sent", "undelivered"}
    assert {form.get("ErrorCode") for form, _result in callbacks.posted} == {None, "63024"}
    message = client.messages(sid).fetch()
    assert (message.status, message.error_code) == ("undelivered", 63024)


def test_callbacks_get_lost_doubled_and_out_of_order(callbacks, listener, client):
    callbacks.unreliability = Unreliability(delay=(0, 0.1), lost=0.3, duplicated=0.3)
    for _message in range(30):
        client.messages.create(**HELLO, status_callback="https://crm.example.com/status")
    callbacks.wait_until_posted()
    seen = [form[:2] for form in listener.forms]
    assert 0 < len(callbacks.lost) < 30
    assert len(seen) > len(set(seen)) == 60 - len(callbacks.lost)
    assert any(
        seen.index(("delivered", sid)) < seen.index(("sent", sid))
        for _status, sid in seen
        if ("sent", sid) in seen and ("delivered", sid) in seen
    )


def test_unreachable_callback_is_noted(api, callbacks, client):
    callbacks.server = "http://127.0.0.1:9"
    client.messages.create(**HELLO, status_callback="https://crm.example.com/status")
    callbacks.wait_until_posted()
    assert {result for _form, result in callbacks.posted} == {"ConnectionError"}


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (Misbehaviour.BUSY, TwilioRestException),
        (Misbehaviour.ERROR, TwilioRestException),
        (Misbehaviour.HANG, requests.exceptions.ReadTimeout),
        (Misbehaviour.CUT, requests.exceptions.ConnectionError),
        (Misbehaviour.TAKEN_ERROR, TwilioRestException),
        (Misbehaviour.TAKEN_HANG, requests.exceptions.ReadTimeout),
        (Misbehaviour.TAKEN_CUT, requests.exceptions.ConnectionError),
        (Misbehaviour.TAKEN_GARBAGE, (TwilioException, ValueError)),
    ],
)
def test_misbehaviour(api, client, kind, error):
    api.failures[CUSTOMER].append(kind)
    timeout = 1 if error is requests.exceptions.ReadTimeout else PATIENCE
    with pytest.raises(error):
        Client(ACCOUNT_SID, TOKEN, http_client=_HttpClient(api.url, timeout)).messages.create(**HELLO)
    wait_until(lambda: api.calls[kind], what="a call that met it")
    assert api.lied == [Lie(kind, message) for message in api.sent]
    assert len(api.sent) == kind.takes
    assert client.messages.create(**HELLO).sid == api.sent[-1]["sid"]


def test_busy_says_when_to_come_back(api, post):
    api.failures[CUSTOMER].append(Misbehaviour.BUSY)
    response = post(FORM)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "1")


def test_scripted_refusal_is_met_by_whom_it_is_for(api, post):
    api.failures[CUSTOMER].append((400, 63003))
    assert post({**FORM, "To": "whatsapp:+593987000999"}).ok
    assert post(FORM).json()["code"] == 63003
    assert post(FORM).ok


def test_random_misbehaviour(api, post):
    api.misbehave(0.5, [Misbehaviour.BUSY, Misbehaviour.TAKEN_ERROR])
    statuses = [post(FORM).status_code for _call in range(60)]
    assert {201, 429, 500} == set(statuses)
    assert len(api.lied) == statuses.count(500) == api.calls[Misbehaviour.TAKEN_ERROR]
    assert len(api.sent) == statuses.count(500) + statuses.count(201)
    api.misbehave(0)
    assert all(post(FORM).ok for _call in range(20))


WEBHOOKS = {"callback_url": "https://crm.example.com/hook#rc=3&rp=all", "fallback_url": "https://crm.example.com/hook"}


@pytest.fixture
def update_sender(api):
    """Posts JSON to a sender without Twilio's client, which would not let us err."""

    def update_sender(sid, **options):
        return requests.post(
            f"{api.url}/v2/Channels/Senders/{sid}", auth=(ACCOUNT_SID, TOKEN), timeout=PATIENCE, **options
        )

    return update_sender


def test_senders_are_listed_page_by_page(api, client):
    added = [api.registered.add(f"whatsapp:+59399900022{digit}")["sid"] for digit in range(5)]
    api.registered.add("rcs:brand")
    found = client.messaging.v2.channels_senders.list(channel="whatsapp", page_size=2)
    assert [each.sid for each in found] == added
    assert client.messaging.v2.channels_senders(added[0]).fetch().sender_id == "whatsapp:+593999000220"


def test_webhooks_of_a_sender_are_set_and_the_rest_stays(api, update_sender):
    sender = api.registered.add(SHOP, name="Colineal")
    answer = update_sender(sender["sid"], json={"webhook": WEBHOOKS})
    assert answer.status_code == 202
    assert answer.json()["webhook"]["callback_url"] == WEBHOOKS["callback_url"]
    assert (sender["status"], sender["profile"]["name"]) == ("ONLINE:UPDATING", "Colineal")
    update_sender(sender["sid"], json={"profile": None})
    assert sender["profile"] is None


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"data": {"webhook": "https://crm.example.com"}}, 415),
        ({"json": {"webhooks": WEBHOOKS}}, 400),
        ({"json": {"webhook": {**WEBHOOKS, "url": "https://crm.example.com"}}}, 400),
        ({"json": {"webhook": {**WEBHOOKS, "callback_method": "GET"}}}, 400),
        ({"json": {"webhook": {"callback_url": "crm.example.com/hook"}}}, 400),
    ],
)
def test_what_a_sender_refuses(api, update_sender, options, status):
    sender = api.registered.add(SHOP)
    assert update_sender(sender["sid"], **options).status_code == status
    assert sender["webhook"]["callback_url"] is None


def test_sender_of_nobody(update_sender):
    answer = update_sender("XE" + "0" * 32, json={"webhook": WEBHOOKS})
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


def test_message_and_its_files_are_deleted_one_by_one(api, client):
    sid = api.add_inbound(CUSTOMER, SHOP, "Hola", media=[("image/jpeg", b"a sofa")])["sid"]
    (file,) = client.messages(sid).media.list()
    assert file.delete()
    assert client.messages(sid).media.list() == []
    assert client.messages(sid).delete()
    with pytest.raises(TwilioRestException) as error:
        client.messages(sid).fetch()
    assert error.value.code == 20404
    assert client.messages.list() == []


def test_message_on_its_way_cannot_be_deleted(api, client):
    api.fates[CUSTOMER].append([])
    message = client.messages.create(**HELLO)
    with pytest.raises(TwilioRestException) as error:
        message.delete()
    assert (error.value.status, error.value.code) == (409, 20009)


def test_customer_is_shown_that_somebody_writes(api, client):
    sids = [api.add_inbound(CUSTOMER, SHOP, "Hola")["sid"], f"SM{'5' * 32}"]
    api.delivered.add(sids[1])
    for sid in sids:
        assert client.messaging.v2.typing_indicator.create(channel="whatsapp", message_id=sid).success
    assert api.typing == sids


@pytest.fixture
def show_typing(api):
    """Posts a form to the typing indicators, without Twilio's client."""

    def show_typing(form):
        url = f"{api.url}/v2/Indicators/Typing.json"
        return requests.post(url, data=form, auth=(ACCOUNT_SID, TOKEN), timeout=PATIENCE)

    return show_typing


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"channel": "sms"}, 400, 20001),
        ({"channel": None}, 400, 20001),
        ({"messageId": None}, 400, 20001),
        ({"messageId": "SM1"}, 400, 20001),
        ({"messageId": f"SM{'0' * 32}"}, 404, 20404),
        ({"event": "START"}, 400, 20001),
    ],
)
def test_what_a_typing_indicator_refuses(api, show_typing, change, status, code):
    form = {"channel": "whatsapp", "messageId": api.add_inbound(CUSTOMER, SHOP, "Hola")["sid"], **change}
    answer = show_typing(form)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert api.typing == []


def test_only_what_a_customer_wrote_of_late_is_shown_to_be_answered(api, client, show_typing):
    ours = client.messages.create(**HELLO).sid
    old = api.add_inbound(CUSTOMER, SHOP, "Hola", ago=timedelta(hours=25))["sid"]
    answers = [show_typing({"channel": "whatsapp", "messageId": sid}).json()["code"] for sid in (ours, old)]
    assert answers == [20422, 400]


def test_typing_indicator_misbehaves(api, client):
    sid = api.add_inbound(CUSTOMER, SHOP, "Hola")["sid"]
    api.failures["show_typing"] += [Misbehaviour.BUSY, Misbehaviour.ERROR]
    for status in (429, 500):
        with pytest.raises(TwilioRestException) as error:
            client.messaging.v2.typing_indicator.create(channel="whatsapp", message_id=sid)
        assert error.value.status == status
    assert (api.typing, api.lied) == ([], [])


GREETING = {
    "friendly_name": "seguimiento",
    "language": "es",
    "variables": {"1": "María"},
    "types": {"twilio/quick-reply": {"body": "Hola {{1}}, ¿seguimos?", "actions": [{"title": "Sí", "id": "yes"}]}},
}
REQUEST = {"name": "seguimiento", "category": "UTILITY"}


@pytest.fixture
def ask_content(api):
    """Calls the Content API without Twilio's client, which would not let us err."""

    def ask_content(method, path, **options):
        return requests.request(method, f"{api.url}/v1/{path}", auth=(ACCOUNT_SID, TOKEN), timeout=PATIENCE, **options)

    return ask_content


def test_content_is_created_submitted_and_decided(api, client, ask_content):
    sid = ask_content("POST", "Content", json=GREETING).json()["sid"]
    listed = client.content.v1.content_and_approvals.list()
    assert [(each.sid, each.approval_requests) for each in listed] == [(sid, {})]
    answer = ask_content("POST", f"Content/{sid}/ApprovalRequests/whatsapp", json=REQUEST)
    assert (answer.status_code, answer.json()["status"]) == (201, "received")
    api.contents.decide("seguimiento", "rejected", "INVALID_FORMAT", category="MARKETING")
    (listed,) = client.content.v1.content_and_approvals.list()
    wanted = {"status": "rejected", "rejection_reason": "INVALID_FORMAT", "category": "MARKETING"}
    assert wanted.items() <= listed.approval_requests.items()
    fetched = client.content.v1.contents(sid).approval_fetch().fetch()
    assert wanted.items() <= fetched.whatsapp.items()
    assert client.content.v1.contents(sid).fetch().types == GREETING["types"]
    assert client.content.v1.contents(sid).delete()
    assert ask_content("GET", f"Content/{sid}").status_code == 404


def test_content_is_listed_page_by_page(api, client):
    added = [api.contents.add(f"Hola {number}") for number in range(5)]
    assert [each.sid for each in client.content.v1.content_and_approvals.list(page_size=2)] == added[::-1]
    assert len(client.content.v1.contents.list(page_size=2)) == 5


@pytest.mark.parametrize(
    "change",
    [
        {"language": None},
        {"language": "Spanish"},
        {"types": {}},
        {"types": {"twilio/text": {}}},
        {"types": {"twilio/text": {"body": "a" * 1601}}},
        {"types": {"twilio/text": {"body": "Hola", "footer": "Adiós"}}},
        {"types": {"twilio/quick-reply": {"body": "Hola", "actions": []}}},
        {"types": {"twilio/quick-reply": {"body": "Hola", "actions": [{"title": "a" * 26}]}}},
        {"types": {"twilio/call-to-action": {"body": "Hola", "actions": [{"type": "URL", "title": "Ver"}]}}},
        {"types": {"whatsapp/card": {"body": "Hola", "header_text": "Oferta", "media": ["https://x.example/a.jpg"]}}},
        {"variables": {"a name": "María"}},
        {"variables": {"1": "a" * 256}},
        {"variables": {"1": 1}},
        {"friendly": "name"},
    ],
)
def test_what_content_twilio_refuses(ask_content, change):
    values = {name: value for name, value in {**GREETING, **change}.items() if value is not None}
    answer = ask_content("POST", "Content", json=values)
    assert (answer.status_code, answer.json()["code"]) == (400, 20001)
    assert ask_content("GET", "Content").json()["contents"] == []


@pytest.mark.parametrize(
    ("body", "variables", "request_"),
    [
        ("Hola", {}, {"name": "Seguimiento 1", "category": "UTILITY"}),
        ("Hola", {}, {"name": "seguimiento", "category": "utility"}),
        ("Hola", {}, {"name": "seguimiento"}),
        ("Hola {{1}}.", {}, REQUEST),
        ("{{1}}, hola", {"1": "María"}, REQUEST),
        ("Hola {{1}}", {"1": "María"}, REQUEST),
        ("Hola {{1}} {{2}}.", {"1": "María", "2": "Mora"}, REQUEST),
        ("Hola {{2}}.", {"2": "María"}, REQUEST),
    ],
)
def test_what_whatsapp_does_not_even_look_at(api, ask_content, body, variables, request_):
    sid = api.contents.add(body, variables=variables)
    assert ask_content("POST", f"Content/{sid}/ApprovalRequests/whatsapp", json=request_).status_code == 400


def test_submitted_content_neither_changes_nor_is_submitted_again(api, ask_content):
    sid, other = api.contents.add("Hola"), api.contents.add("Otra cosa")
    change = {"types": {"twilio/text": {"body": "Buenas"}}}
    assert ask_content("PUT", f"Content/{sid}", json=change).ok
    submit = f"Content/{sid}/ApprovalRequests/whatsapp"
    assert ask_content("POST", submit, json=REQUEST).ok
    assert ask_content("POST", submit, json=REQUEST).status_code == 409
    assert ask_content("POST", f"Content/{other}/ApprovalRequests/whatsapp", json=REQUEST).status_code == 409
    assert ask_content("PUT", f"Content/{sid}", json=change).status_code == 409
    assert api.contents.find(sid)["types"] == change["types"]


def test_content_is_sent_with_its_variables(api, client):
    api.closed.add(CUSTOMER)
    sid = api.contents.add("Hola {{1}}, tu {{2}} llegó", variables={"2": "sofá"}, name="llego", status="pending")
    send = {"from_": SHOP, "to": CUSTOMER, "content_sid": sid}
    undelivered = client.messages.create(**send, content_variables='{"1": "María"}')
    api.contents.decide("llego", "approved")
    message = client.messages.create(**send, content_variables='{"1": "María"}')
    text = client.messages.create(**HELLO)
    api.callbacks.wait_until_posted()
    assert message.body == "Hola María, tu sofá llegó"
    outcomes = [client.messages(each.sid).fetch() for each in (undelivered, message, text)]
    assert [(each.status, each.error_code) for each in outcomes] == [
        ("undelivered", 63016),
        ("delivered", None),
        ("undelivered", 63016),
    ]


@pytest.mark.parametrize("variables", ["{}", '{"1": ""}', '{"1": "a\\nb"}', '{"1": 5}'])
def test_variables_that_content_cannot_be_filled_with(api, post, variables):
    sid = api.contents.add("Hola {{1}}, aquí estamos")
    answer = post({"From": SHOP, "To": CUSTOMER, "ContentSid": sid, "ContentVariables": variables})
    assert (answer.status_code, answer.json()["code"]) == (400, 21656)


def test_content_api_misbehaves_by_the_name_of_a_call(api, ask_content):
    api.failures["create_content"] += [Misbehaviour.BUSY, Misbehaviour.TAKEN_CUT]
    assert ask_content("POST", "Content", json=GREETING).status_code == 429
    with pytest.raises(requests.ConnectionError):
        ask_content("POST", "Content", json=GREETING)
    assert len(ask_content("GET", "Content").json()["contents"]) == 1
