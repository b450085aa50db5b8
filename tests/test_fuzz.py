"""The webhook on the wire, asked by somebody who means harm and has read the RFCs.

`FUZZ_REQUESTS` says how many requests; Hypothesis makes the same ones each time unless `FUZZ_RANDOM` is set.
"""

import os
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from urllib.parse import quote_plus, urlencode, urlsplit

import pytest
from conftest import Shop
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from server import OdooServer
from services import wait_until
from standins.twilio_client import WEBHOOK_PATH

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "6000"))
BATCH, CLIENTS = 40, 8
#: Nothing that has this in its MessageSid was signed.
FORGED = "SMforged"

_TEXT = (
    "", "Hola", "x" * 5000, "0", "-1", "²", "9" * 400, "1e309", "NaN", "null", "true", "[]", "\x00", "a\x00b", "\x7f",
    "\u202e", "😀" * 50, "' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "${7*7}", "%s%n", "../../etc/passwd",
    "=cmd|'/c calc'!A1", "whatsapp:", "whatsapp:+", "whatsapp:+0", "whatsapp:+593" + "9" * 60, "+593999000222",
    '{"a":' * 200 + "1" + "}" * 200, "[" * 3000, "\r\nSet-Cookie: a=b", "2020-13-45T99:99:99", "EC.A1b2C3",
)  # fmt: skip
_ESCAPE = (
    "%", "%%", "%0", "%zz", "%00", "%C0%80", "%ED%A0%80", "%ED%B0%80", "%F5%90%80%80",
    "%FF%FE", "+", ";", "&&", "=", "%u0041",
)  # fmt: skip
_NAME = (
    "Body", "From", "To", "MessageSid", "SmsMessageSid", "SmsSid", "AccountSid", "NumMedia", "MediaUrl0",
    "MediaContentType0", "MessageType", "MessageStatus", "ErrorCode", "ErrorMessage", "Latitude", "Longitude", "Label",
    "ButtonText", "ProfileName", "WaId", "DateSent", "OriginalRepliedMessageSid", "ChannelMetadata", "self", "message",
    "endpoint", "db", "debug", "lang", "csrf_token", "__proto__", "a[b][c]", "", "x" * 300, "\x00",
)  # fmt: skip
_METHOD = ("POST",) * 12 + ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "post", "P\x00ST")
_TARGET = (
    (WEBHOOK_PATH,) * 8
    + (WEBHOOK_PATH + "/status",) * 4
    + (
        f"{WEBHOOK_PATH}/status?message=1", f"{WEBHOOK_PATH}/status?message=-1", f"{WEBHOOK_PATH}/status?message=²",
        f"{WEBHOOK_PATH}/status?message=99999999999999999999", f"{WEBHOOK_PATH}?self=1&message=2&debug=1",
        f"{WEBHOOK_PATH}?" + "a=b&" * 2000, f"{WEBHOOK_PATH}?%00%ff", f"{WEBHOOK_PATH}?[", f"{WEBHOOK_PATH}#x",
        f"/{WEBHOOK_PATH}", f"{WEBHOOK_PATH}/", f"{WEBHOOK_PATH}//", "/api/webhook/whats%61pp", "/api/webhook/%2e%2e/whatsapp",
        "/api/webhook/whatsapp;x=1", f"http://evil.example{WEBHOOK_PATH}", "*",
        f"{WEBHOOK_PATH}?x=\xff\xfe", "/api/webhook/../webhook/whatsapp",
    )
)  # fmt: skip
_VERSION = ("HTTP/1.1",) * 12 + ("HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "HTTP/x", "http/1.1", "")
_FORM_TYPE = "application/x-www-form-urlencoded"
_TYPE = (
    (_FORM_TYPE,) * 12
    + (
        f"{_FORM_TYPE}; charset=utf-16", f"{_FORM_TYPE};charset=nonsense", _FORM_TYPE.upper(), "application/json",
        "multipart/form-data; boundary=x", "multipart/form-data", "text/xml", "text/plain", "", "a/b/c;;;=", "\xff\xfe", None,
    )
)  # fmt: skip
_LENGTH = (
    *["right"] * 12, "+5", "-1", "0", "1", "0x10", "5, 5", "٣", "1" + "0" * 30, "100000000", " 7 ", "twice", None,
)  # fmt: skip
_CODING = (
    *[None] * 12, "chunked", " chunked", "chunked, gzip", "xchunked", "identity", "Chunked", "chunked\x0b", "twice",
)  # fmt: skip
_HEADER = (
    "X-Twilio-Signature: ", "X-Twilio-Signature: \xff\xfe", "X-Twilio-Signature: " + "A" * 9000, "X-Twilio-Signature: =",
    "x-twilio-signature: bm9wZQ==", "X_Twilio_Signature: bm9wZQ==", "Cookie: session_id=" + "a" * 84, "Cookie: =;;",
    "Cookie: session_id=../../../../etc/passwd", "Cookie: session_id=" + "é" * 20, "X-Odoo-Database: postgres",
    "X-Odoo-Database: '; DROP TABLE whatsapp_sender", "X-Forwarded-For: 10.0.0.1, \xff", "X-Forwarded-Host: evil.example",
    "X-Forwarded-Proto: gopher", "X-HTTP-Method-Override: DELETE", "Authorization: Bearer x", "Authorization: Basic %%%",
    "Accept-Language: " + "es," * 500, "Accept-Language: \xff", "Expect: 100-continue", "Connection: keep-alive, Upgrade",
    "Range: bytes=0-", "If-None-Match: *", "Content-Encoding: gzip", "Content-Encoding: \xff", "X-Long: " + "a" * 60000,
    " folded: 1", "no colon", ": no name", "Na me: 1", "Origin: null", "Referer: \x01", "User-Agent: ", "TE: trailers",
)  # fmt: skip
_TAIL = (
    b"", b"", b"", b"\r\n", b"0\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"0\r\n\r\nPOST /api/webhook/whatsapp HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na=b",
    b"ffffffffffffffffff\r\n", b"-5\r\nabcde\r\n", b"5;ext=1\r\nabcde\r\n0\r\n\r\n", b"\x00" * 500, b"\x16\x03\x01\x02\x00",
)  # fmt: skip


#: With other values for these a message is none, or another's.
_IDENTITY = ("From", "To", "MessageSid", "SmsMessageSid", "AccountSid", "x" * 300)

#: Bytes that one request is made of.
_SIZE = 24
_KIND = ("genuine", "again", "odd", *["forged"] * 5, *["raw"] * 12)
_REPEATS = (1,) * 20 + (120, 400)


def make_up(data):
    """One request as plain data: how it is signed, its parts, and what is odd about them. Each byte chooses one."""
    numbers = iter(data)

    def pick(table):
        return table[next(numbers) % len(table)]

    return {
        "kind": pick(_KIND),
        "method": pick(_METHOD),
        "target": pick(_TARGET),
        "version": pick(_VERSION),
        "type": pick(_TYPE),
        "length": pick(_LENGTH),
        "coding": pick(_CODING),
        "headers": [pick(_HEADER) for _number in range(pick(range(3)))],
        "fields": [(pick(_NAME), pick(_TEXT)) for _number in range(pick(range(4)))],
        "escape": pick(_ESCAPE),
        "tail": pick(_TAIL),
        "repeats": pick(_REPEATS),
    }


class Attacker:
    """Sends what Hypothesis makes up, and keeps what came of it."""

    def __init__(self, shop):
        self._shop, self._twilio = shop, shop.twilio
        parts = urlsplit(shop.server.url)
        self._address, self._host = (parts.hostname, parts.port), parts.netloc
        self._numbers = count(593_985_000_000)
        self._last = None
        self.genuine, self.signed, self.statuses, self.wrong = set(), set(), Counter(), []
        self.sent = 0

    def send_all(self, drawn):
        prepared = [self._prepare(each) for each in drawn]
        for (request, expected), status in zip(prepared, self._pool.map(self._send, prepared), strict=True):
            self.statuses[status] += 1
            if status not in (expected or _allowed(request)):
                self.wrong.append((status, request[:600]))
        self.sent += len(drawn)

    def __enter__(self):
        self._pool = ThreadPoolExecutor(CLIENTS)
        return self

    def __exit__(self, *_exception):
        self._pool.shutdown()

    def _prepare(self, drawn):
        """The bytes of a request, and the only statuses that are right, if there are any."""
        kind = drawn["kind"]
        if kind == "genuine" or not self._last:
            form = self._twilio.form(f"+{next(self._numbers)}", "Busco un sofá")
            self.genuine.add(form["MessageSid"])
            self._last = self._request(form, self._twilio.sign(form))
        if kind in ("genuine", "again"):
            return self._last, {200}
        form = self._twilio.form(
            f"+{next(self._numbers)}", "Quiero un sofá", MessageSid=f"{FORGED}{next(self._numbers)}"
        )
        if kind == "odd":
            # Twilio signs it, however odd it is.
            form["MessageSid"] = form["SmsMessageSid"] = f"SModd{next(self._numbers)}"
            form.update((name, value) for name, value in drawn["fields"] if name != "AccountSid")
            self.signed |= {form["MessageSid"], form["SmsMessageSid"]}
            return self._request(form, self._twilio.sign(form)), None
        form.update((name, value) for name, value in drawn["fields"] if not name.endswith("Sid"))
        if kind == "forged":
            return self._request(form, self._twilio.sign(form, token="another")), None
        return self._odd_request(drawn, form), None

    def _request(self, form, signature):
        return self._join(
            f"POST {WEBHOOK_PATH} HTTP/1.1",
            urlencode(form).encode(),
            [f"Content-Type: {_FORM_TYPE}", f"X-Twilio-Signature: {signature}"],
        )

    def _odd_request(self, drawn, form):
        body = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in form.items())
        body = ((body + drawn["escape"] + "&") * drawn["repeats"]).encode()
        headers = [f"X-Twilio-Signature: {self._twilio.sign(form, token='another')}", *drawn["headers"]]
        if drawn["type"] is not None:
            headers.append(f"Content-Type: {drawn['type']}")
        coding = drawn["coding"]
        if coding:
            headers += [f"Transfer-Encoding: {coding}"] if coding != "twice" else ["Transfer-Encoding: chunked"] * 2
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
        line = f"{drawn['method']} {drawn['target']} {drawn['version']}"
        return self._join(line, body + drawn["tail"], headers, drawn["length"], len(body))

    def _join(self, line, body, headers, length="right", size=None):
        size = len(body) if size is None else size
        lengths = {"right": [size], "twice": [size, size + 1], None: []}.get(length, [length])
        lines = [line, f"Host: {self._host}", *headers, *(f"Content-Length: {each}" for each in lengths)]
        return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + body

    def _send(self, prepared):
        """The status of the answer; 0 when there is none, which is an answer to what is no HTTP."""
        with socket.create_connection(self._address, 120) as connection:
            try:
                connection.sendall(prepared[0])
                # Who waits for more gets an end.
                connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it has answered already: what it says is read below
            answer = b""
            try:
                while (data := connection.recv(65536)) and len(answer) < 100_000:
                    answer += data
            except ConnectionError:
                pass  # it did not want to hear the rest
        answer = answer.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
        assert b"Traceback" not in answer, answer
        return int(answer[9:12]) if answer.startswith(b"HTTP/1.") else 0


@pytest.fixture
def fuzzed(tmp_path):
    """A server of its own without workers for messages, so that its memory is that of requests alone."""
    options = ["--workers=2", "--max-cron-threads=0", "--log-handler=werkzeug:WARNING"]
    server = OdooServer(tmp_path, env={"REDIS_URL": ""}, options=options)
    try:
        yield Shop(server.start())
    finally:
        server.discard()


def _allowed(request):
    """Any but an error of the server's own.

    505 is what a version of HTTP deserves that is none, and 503 who names a database that does not answer.
    """
    line, _end, head = request.partition(b"\r\n")
    no_version = not line.endswith((b"HTTP/1.0", b"HTTP/1.1", b"HTTP/1.2"))
    return [*range(500), *([505] if no_version else []), *([503] if b"X-Odoo-Database:" in head else [])]


def memory_of(pid):
    """Resident bytes of a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    pages = sum(int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in [pid, *children])
    return pages * os.sysconf("SC_PAGE_SIZE")


def test_fuzz(fuzzed):
    memory = []

    with Attacker(fuzzed) as attacker:

        @settings(
            max_examples=max(REQUESTS // BATCH, 2),
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.binary(min_size=BATCH * _SIZE, max_size=BATCH * _SIZE))
        def attack(drawn):
            attacker.send_all([make_up(drawn[at : at + _SIZE]) for at in range(0, len(drawn), _SIZE)])
            if attacker.sent % (REQUESTS // 10 // BATCH * BATCH or BATCH) == 0:
                memory.append(memory_of(fuzzed.server.pid))

        attack()
    assert not attacker.wrong, "\n".join(f"{status}: {request!r}" for status, request in attacker.wrong[:10])
    print(attacker.sent, attacker.statuses, [each >> 20 for each in memory])
    assert attacker.sent >= REQUESTS - BATCH
    assert {200, 400, 403, 405, 413, 415, 429} <= attacker.statuses.keys(), "it reached every corner"
    # From a fifth of the way on it does not grow: the beginning fills caches.
    assert memory[-1] < memory[1] * 1.1 + (16 << 20), memory
    stored = Counter(
        sid
        for (sid,) in fuzzed.server.postgres.query(
            fuzzed.server.database, "SELECT sid FROM whatsapp_conversation_message"
        )
    )
    assert set(stored.values()) == {1}
    assert attacker.genuine <= stored.keys() <= attacker.genuine | attacker.signed
    log = fuzzed.server.log.read_text()
    assert "Traceback" not in log, log[-5000:]
    assert log.count("colineal_whatsapp_crm") < 50, "a flood does not fill the disk"


def test_odd_messages_are_read(shop):
    """What Twilio has signed is taken in, however odd it is, and the worker comes to an end with it."""
    numbers, sids = count(593_984_000_000), []
    for number in range(len(_NAME)):
        odd = {name: _TEXT[(number + at) % len(_TEXT)] for at, name in enumerate(_NAME) if name not in _IDENTITY}
        form = shop.twilio.form(f"+{next(numbers)}") | odd
        assert shop.twilio.post(form).status_code == 200, odd
        sids.append(form["MessageSid"])

    def get_states():
        found = shop.server.search_read("whatsapp.conversation.message", [("sid", "in", sids)], ["state"], limit=None)
        return [row["state"] for row in found]

    wait_until(lambda: get_states() == ["handled"] * len(sids), 90, "all of them read")
