"""Twilio's REST API as far as the addon uses it: strict about requests, and able to misbehave.

https://www.twilio.com/docs/messaging/api/message-resource, https://www.twilio.com/docs/iam/api/account,
https://www.twilio.com/docs/whatsapp/api/senders, https://www.twilio.com/docs/whatsapp/api/typing-indicators-resource,
https://www.twilio.com/docs/content/content-api-resources
"""

import base64
import json
import random
import re
import select
import socket
import threading
import time
import uuid
from collections import Counter, defaultdict
from datetime import timedelta
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from .twilio_account import ROOT, Account, now
from .twilio_callbacks import Callbacks
from .twilio_contents import Contents
from .twilio_openapi import JSON, OPERATIONS, Mismatch
from .twilio_refusals import Refusal, check_message, check_typing
from .twilio_senders import Senders


class Misbehaviour(StrEnum):
    """What can go wrong with a call. The second half takes the message all the same."""

    BUSY = "busy"  # 429 with Retry-After
    ERROR = "error"  # 500
    HANG = "hang"  # no answer until the client gives up
    CUT = "cut"  # the connection ends without an answer
    TAKEN_ERROR = "taken error"
    TAKEN_HANG = "taken hang"
    TAKEN_CUT = "taken cut"
    TAKEN_GARBAGE = "taken garbage"  # 201, and half of the JSON

    @property
    def takes(self):
        return self.value.startswith("taken")


#: Taken, and the answer denies it: nobody could know. After the others of `takes` the outcome is open, and can be asked.
DENIED = frozenset({Misbehaviour.TAKEN_ERROR})


class Lie(NamedTuple):
    """A message that was taken, and the misbehaviour that kept the client from learning it."""

    kind: Misbehaviour
    message: dict[str, str]


class TwilioApi:
    """A server on loopback that knows one account.

    sent
        the messages it took: the parameters of each request, with its ``sid``.
    taken_at
        when that was, by SID: seconds of `time.time`.
    failures
        what the next valid calls meet, whatever else is called meanwhile: by the address that a message goes to, or by
        the name of another operation, a queue of `Misbehaviour` or (status, code) of a refusal, maybe with its words.
    lied
        each message it took without saying so, as a `Lie`.
    fates
        what becomes of the next messages to an address: by address, a queue of lists of (status, error code or None),
        each of which makes a callback. Without one a message is sent, then delivered.
    named
        by what callbacks and lists name a recipient who was written to by another address, such as a user id: {address: address}.
    callbacks
        how and where status callbacks go: see `Callbacks`.
    registered
        the account's WhatsApp senders, as the Senders API shows them: see `Senders`.
    contents
        the account's content and its approvals, as the Content API shows them: see `Contents`.
    closed
        the addresses whose last message is more than 24 hours old: only approved content reaches them, all else becomes
        undelivered with error 63016.
    senders
        the addresses that messages may come from; None lets every WhatsApp number be one.
    pools
        the addresses of each messaging service, by its SID; one that is not named may send from any.
    typing
        the SIDs of the messages on which customers were shown that somebody writes to them, in this order.
    delivered
        the SIDs of messages that customers wrote and that `account` does not list, see `TwilioClient.api`.
    calls
        how often each operation was called, and each misbehaviour met.
    """

    def __init__(self, account_sid, auth_token, seed=0):
        self.account = Account(account_sid)
        self.sent, self.lied = [], []
        self.typing, self.delivered = [], set()
        self.failures, self.fates = defaultdict(list), defaultdict(list)
        self.registered, self.senders, self.pools = Senders(), None, {}
        self.contents, self.closed = Contents(account_sid), set()
        self.named = {}
        self.taken_at = {}
        self.calls = Counter()
        self.callbacks = Callbacks(auth_token, seed)
        self._credentials = "Basic " + base64.b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        self._wrong_answers = []
        self._lock, self._closing = threading.RLock(), threading.Event()
        self._random, self._rate, self._kinds = random.Random(seed), 0.0, tuple(Misbehaviour)
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=[0.05], name="twilio api", daemon=True).start()

    def close(self):
        """Stop; fails when it gave an answer that is not as Twilio describes its own."""
        self._closing.set()
        self.callbacks.close()
        self._server.shutdown()
        self._server.server_close()
        assert not self._wrong_answers, self._wrong_answers

    def misbehave(self, rate, kinds=tuple(Misbehaviour)):
        """From now on let this share of all valid calls meet one of `kinds`, at random."""
        with self._lock:
            self._rate, self._kinds = rate, tuple(kinds)

    def add_inbound(self, customer, sender, body="", media=(), ago=timedelta(), sid=None):
        """A message that a customer wrote; returns its resource.

        customer, sender
            addresses with their channel.
        media
            (content type, bytes) of each file.
        """
        prefix = "MM" if media else "SM"
        with self._lock:
            message = self.account.store(
                sid or f"{prefix}{uuid.uuid4().hex}", customer, sender, body, "inbound", "received", now() - ago
            )
            message.resource["date_sent"] = message.resource["date_created"]
            message.resource["num_media"] = str(len(media))
            for content_type, content in media:
                self.account.add_media(message, content_type, content)
            return message.resource

    def media_urls(self, sid):
        """The content URLs of a message's files as webhooks name them, at Twilio's own address."""
        return [f"https://api.twilio.com{ROOT}/{self.account.sid}/Messages/{sid}/Media/{each}"
                for each in self.account.find(sid).media]  # fmt: skip

    # What follows answers requests.

    def _handler(self):
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self):
                self._serve("GET", parse_qs(urlsplit(self.path).query, keep_blank_values=True))

            def do_POST(self, method="POST"):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                if _content_type(self) == JSON:
                    try:
                        self._serve(method, json.loads(body))
                    except ValueError:
                        self.send_error(400)
                else:
                    self._serve(method, parse_qs(body, keep_blank_values=True))

            def do_PUT(self):
                self.do_POST("PUT")

            def do_DELETE(self):
                self._serve("DELETE", {})

            def _serve(self, method, fields):
                try:
                    status, answer, headers = api._answer(self, method, urlsplit(self.path).path, fields)
                except Refusal as refusal:
                    status, answer, headers = refusal.status, refusal.body, refusal.headers
                except _NoAnswer:
                    self.close_connection = True
                    return
                content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name.replace("_", "-"), value)
                if status != 204:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_args):
                pass

        return Handler

    def _answer(self, handler, method, path, fields):
        """Status, body (bytes or JSON) and headers for one request."""
        if path.startswith("/content/"):
            return self._serve_content(handler.headers, path.removeprefix("/content/"))
        if handler.headers.get("Authorization") != self._credentials:
            raise Refusal(401, 20003, "Authenticate")
        name, arguments, check = self._route(handler, method, path, fields)
        with self._lock:
            self.calls[name] += 1
            kind = self._next_misbehaviour(arguments["values"]["To"] if name == "create_message" else name)
            if kind:
                self.calls[kind] += 1
        if isinstance(kind, Misbehaviour) and not kind.takes:
            self._misbehave(kind, handler.connection)
        answer = getattr(self, f"_{name}")(**arguments)
        if check:
            self._check(check, answer[1])
        if kind:
            self._hide(kind, handler.connection, name, answer)
        return answer

    def _route(self, handler, method, path, fields):
        """The name of the method that answers, its arguments, and the `Operation` whose description the answer has."""
        known = False
        for operation in OPERATIONS:
            place = operation.match(path)
            known = known or place is not None
            if place is None or operation.method != method:
                continue
            try:
                operation.check_path(place)
            except Mismatch as mismatch:
                raise Refusal(404, 20404, f"The requested resource {path} was not found: {mismatch}") from mismatch
            if "AccountSid" in place:
                self._check_account(place["AccountSid"], path)
            values = self._check_request(handler, operation, fields)
            arguments = {name: value for name, value in place.items() if name != "AccountSid"}
            return _METHODS[operation.name], {**arguments, "values": values}, operation
        for name, pattern in _UNDESCRIBED.items():
            if found := pattern.fullmatch(path):
                if method != "GET":
                    raise Refusal(405, 20004, "Method not allowed")
                place = found.groupdict()
                self._check_account(place.pop("account"), path)
                return name, place, None
        if known:
            raise Refusal(405, 20004, "Method not allowed")
        raise Refusal(404, 20404, f"The requested resource {path} was not found")

    def _check_account(self, account_sid, path):
        if account_sid != self.account.sid:
            raise Refusal(404, 20404, f"The requested resource {path} was not found")

    @staticmethod
    def _check_request(handler, operation, fields):
        if operation.content_type and _content_type(handler) != operation.content_type:
            raise Refusal(415, 20001, "Unsupported content type")
        try:
            return operation.check_request(fields)
        except Mismatch as mismatch:
            code = 21604 if "'To' is a required property" in str(mismatch) else 20001
            raise Refusal(400, code, f"Invalid parameter: {mismatch}") from mismatch

    def _check(self, operation, answer):
        try:
            operation.check_answer(answer)
        except Mismatch as mismatch:
            self._wrong_answers.append(f"{operation.name}: {mismatch}")

    # Misbehaving

    def _next_misbehaviour(self, what):
        if self.failures[what]:
            failure = self.failures[what].pop(0)
            if isinstance(failure, tuple):
                raise _scripted(*failure)
            return failure
        return self._random.choice(self._kinds) if self._random.random() < self._rate else None

    def _misbehave(self, kind, connection):
        if kind is Misbehaviour.BUSY:
            raise Refusal(429, 20429, "Too Many Requests", Retry_After="1")
        if kind is Misbehaviour.ERROR:
            raise Refusal(500, 20500, "An internal server error has occurred")
        if kind is Misbehaviour.HANG:
            self._wait_for_end(connection)
        raise _NoAnswer

    def _hide(self, kind, connection, name, answer):
        """After the work is done, do not tell."""
        if name == "create_message":
            with self._lock:
                (message,) = [each for each in self.sent if each["sid"] == answer[1]["sid"]]
                self.lied.append(Lie(kind, message))
        if kind is Misbehaviour.TAKEN_ERROR:
            raise Refusal(500, 20500, "An internal server error has occurred")
        if kind is Misbehaviour.TAKEN_GARBAGE:
            half = json.dumps(answer[1]).encode()[:40]
            raise _Garbage(answer[0], half)
        if kind is Misbehaviour.TAKEN_HANG:
            self._wait_for_end(connection)
        raise _NoAnswer

    def _wait_for_end(self, connection):
        """Wait until the client gives up, or all is over."""
        while not self._closing.is_set():
            readable, _, _ = select.select([connection], [], [], 0.1)
            try:
                if readable and not connection.recv(1, socket.MSG_PEEK):
                    return
            except OSError:
                return

    # Operations

    def _create_message(self, values):
        variables = check_message(values, self.senders, self.pools)
        body, content = values.get("Body"), values.get("ContentSid")
        if content:
            body = self._render(content, variables)
        with self._lock:
            sid = f"{'MM' if 'MediaUrl' in values else 'SM'}{uuid.uuid4().hex}"
            message = self.account.store(
                sid, self._choose_sender(values), values["To"], body, "outbound-api", "queued", now()
            )
            message.callback = values.get("StatusCallback")
            message.resource["messaging_service_sid"] = values.get("MessagingServiceSid")
            message.resource["num_media"] = str(len(values.get("MediaUrl", ())))
            self.taken_at[sid] = time.time()
            self.sent.append({"sid": sid, **values})
            answer = dict(message.resource)
            message.resource["to"] = self.named.get(values["To"], values["To"])
            fates = self.fates[values["To"]]
            fate = fates.pop(0) if fates else self._get_fate(values["To"], content)
        for status, code in fate:
            self._advance(message, status, code)
        return 201, answer, {}

    def _render(self, content_sid, variables):
        try:
            return self.contents.render(content_sid, variables)
        except Refusal as refusal:
            if refusal.status != 404:
                raise
            raise Refusal(400, 21655, "The ContentSid Parameter is invalid.") from refusal

    def _get_fate(self, address, content_sid):
        """What WhatsApp makes of a message about which no test has said anything."""
        if content_sid and self.contents.is_approved(content_sid):
            return [("sent", None), ("delivered", None)]
        if address in self.closed:
            return [("undelivered", 63016)]
        if content_sid and not self.contents.is_free(content_sid):
            return [("undelivered", 63027)]
        return [("sent", None), ("delivered", None)]

    def _choose_sender(self, values):
        """The number that is asked for; else a messaging service sends from one of its pool, whichever."""
        if "From" in values:
            return values["From"]
        return next(iter(self.pools.get(values["MessagingServiceSid"], ["whatsapp:+593999000222"])))

    def _advance(self, message, status, code):
        resource = message.resource
        recipient = self.named.get(resource["to"], resource["to"])
        form = {
            "SmsSid": resource["sid"],
            "SmsStatus": status,
            "MessageStatus": status,
            "ChannelToAddress": recipient,
            "To": recipient,
            "ChannelPrefix": "whatsapp",
            "MessageSid": resource["sid"],
            "AccountSid": self.account.sid,
            "From": resource["from"],
            "ApiVersion": "2010-04-01",
        }
        if resource["messaging_service_sid"]:
            form["MessagingServiceSid"] = resource["messaging_service_sid"]
        if status in ("delivered", "read"):
            form["EventType"] = status.upper()
        if code:
            form["ErrorCode"] = str(code)

        def come_true():
            with self._lock:
                message.advance(status, code)

        self.callbacks.schedule(message.callback, form, come_true)

    def _list_messages(self, values):
        return 200, self.account.page("Messages.json", "messages", self.account.list(values), values), {}

    def _fetch_message(self, Sid, values):
        return 200, self.account.find(Sid).resource, {}

    def _delete_message(self, Sid, values):
        """The files of a message are not deleted with it."""
        self.account.delete(Sid)
        return 204, b"", {}

    def _list_media(self, MessageSid, values):
        found = [resource for resource, _content in self.account.find(MessageSid).media.values()]
        return 200, self.account.page(f"Messages/{MessageSid}/Media.json", "media_list", found, values), {}

    def _fetch_media(self, MessageSid, Sid, values):
        return 200, self.account.find(MessageSid, Sid)[0], {}

    def _delete_media(self, MessageSid, Sid, values):
        self.account.find(MessageSid, Sid)
        del self.account.find(MessageSid).media[Sid]
        return 204, b"", {}

    def _fetch_content(self, message, media):
        """Media URLs lead on to a content network, which wants no credentials."""
        self.account.find(message, media)
        place = f"http://localhost:{self._server.server_port}/content/{message}/{media}"
        return 307, b"", {"Location": place}

    def _serve_content(self, headers, path):
        if "Authorization" in headers:
            raise Refusal(400, 0, "Only one auth mechanism allowed")
        message, _, media = path.partition("/")
        resource, content = self.account.find(message, media)
        return 200, content, {"Content-Type": resource["content_type"]}

    def _list_senders(self, values):
        return 200, self.registered.page(values), {}

    def _fetch_sender(self, Sid, values):
        return 200, self.registered.find(Sid), {}

    def _update_sender(self, Sid, values):
        return 202, self.registered.update(Sid, values), {}

    def _show_typing(self, values):
        with self._lock:
            sid = values["messageId"]
            if sid not in self.delivered:
                check_typing(self.account.find(sid).resource)
            self.typing.append(sid)
        return 200, {"success": True}, {}

    def _list_contents(self, values):
        return 200, self.contents.page(values), {}

    def _list_contents_and_approvals(self, values):
        return 200, self.contents.page(values, with_approvals=True), {}

    def _create_content(self, values):
        return 201, dict(self.contents.create(values)), {}

    def _fetch_one_content(self, Sid, values):
        return 200, dict(self.contents.find(Sid)), {}

    def _update_content(self, Sid, values):
        return 200, self.contents.update(Sid, values), {}

    def _delete_content(self, Sid, values):
        self.contents.delete(Sid)
        return 204, b"", {}

    def _submit_content(self, ContentSid, values):
        return 201, self.contents.submit(ContentSid, values), {}

    def _fetch_approval(self, Sid, values):
        return 200, self.contents.fetch_approval(Sid), {}

    def _fetch_account(self):
        return 200, self.account.describe(), {}


def _scripted(status, code, *words):
    return Refusal(status, code, *(words or ["Scripted failure"]))


def _content_type(handler):
    return handler.headers.get("Content-Type", "").partition(";")[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_args):
        """Clients that go away in the middle are what this is for."""


class _NoAnswer(Exception):
    """The connection ends here."""


class _Garbage(Refusal):
    """An answer that is cut off."""

    def __init__(self, status, content):
        Exception.__init__(self, "half an answer")
        self.status, self.body, self.headers = status, content, {}


_METHODS = {
    "CreateMessage": "create_message",
    "ListMessage": "list_messages",
    "FetchMessage": "fetch_message",
    "DeleteMessage": "delete_message",
    "ListMedia": "list_media",
    "DeleteMedia": "delete_media",
    "FetchMedia": "fetch_media",
    "ListChannelsSender": "list_senders",
    "FetchChannelsSender": "fetch_sender",
    "UpdateChannelsSender": "update_sender",
    "CreateTypingIndicator": "show_typing",
    "ListContent": "list_contents",
    "ListContentAndApprovals": "list_contents_and_approvals",
    "CreateContent": "create_content",
    "FetchContent": "fetch_one_content",
    "UpdateContent": "update_content",
    "DeleteContent": "delete_content",
    "CreateApprovalCreate": "submit_content",
    "FetchApprovalFetch": "fetch_approval",
}
_UNDESCRIBED = {
    "fetch_account": re.compile(rf"{ROOT}/(?P<account>AC\w+)\.json"),
    "fetch_content": re.compile(rf"{ROOT}/(?P<account>AC\w+)/Messages/(?P<message>\w+)/Media/(?P<media>ME\w+)"),
}
