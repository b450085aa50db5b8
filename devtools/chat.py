"""A terminal chat with the assistant, as a customer: what is typed goes through the real webhook, signed as Twilio signs.

Replies are read back from Odoo, with what the assistant understood and decided beside them. Standard library only.

A script (`./dev chat --script FILE`) is an acceptance test. Its lines, of which empty ones and those with # are passed over:

    Busco un sofá                     the customer writes; somebody has to answer
    > ¿cómo te llamas?                an answer has this in it, in capitals or not
    >! presupuesto                    no answer has
    = silence                         nothing is answered
    = action request_contact_info     what the assistant decided: its action …
    = quality warm                    … and the quality
    = products sofá                   a slot, as the chat shows it: name, products, budget, city, email, urgency
    = no budget                       nothing is known of it
    = lead | = no lead                there is one, or none
    = person | = no person            somebody was asked to look at it, or nobody

Lines with > and = are about the message above them. A message that begins with one of #, > and = is written with \\ before
it. The exit status is 0 when all of it came true; what did not is told with its line.
"""

import argparse
import base64
import contextlib
import hashlib
import hmac
import json
import random
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass, field
from pathlib import Path

#: The conversation of the product's own description.
DEMO = ("Hola, buenos días", "Busco sofás", "Soy María, necesito un sofá de 3 puestos", "Mi presupuesto es $2000")
WEBHOOK_PATH = "/api/webhook/whatsapp"
_POLL_SECONDS = 0.15


class ChatError(Exception):
    """Something the person at the terminal can understand and act on."""


class Odoo:
    """The running server, as its own web client talks to it."""

    def __init__(self, url, database, login, password):
        self._url = url
        self._open = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor()
        ).open
        self._lock = threading.Lock()
        try:
            self._call("/web/session/authenticate", db=database, login=login, password=password)
        except OSError as error:
            raise ChatError(f"Odoo does not answer at {url} ({error}). Is it running? ./dev up starts it.") from error

    def search_read(self, model, domain, fields, **options):
        return self._call(
            f"/web/dataset/call_kw/{model}/search_read",
            model=model,
            method="search_read",
            args=[domain, fields],
            kwargs=options,
        )

    def _call(self, path, **params):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}).encode()
        request = urllib.request.Request(self._url + path, body, {"Content-Type": "application/json"})
        with self._lock, self._open(request, timeout=30) as response:
            answer = json.load(response)
        if error := answer.get("error"):
            raise ChatError(f"Odoo refuses: {error['data']['message'] or error['message']}")
        return answer["result"]


class Customer:
    """Somebody with WhatsApp: posts messages to the webhook as Twilio does for them."""

    def __init__(self, url, sender, number, profile_name):
        self.address = f"whatsapp:{number}"
        self._url = url
        self._sender = sender
        self._profile_name = profile_name

    def write(self, text):
        """Send one message and return its SID."""
        sid = f"SM{uuid.uuid4().hex}"
        form = {
            "MessageSid": sid,
            "SmsMessageSid": sid,
            "AccountSid": self._sender["account_sid"] or f"AC{0:032}",
            "From": self.address,
            "To": f"whatsapp:{self._sender['number']}",
            "WaId": self.address.rpartition("+")[2],
            "ProfileName": self._profile_name,
            "Body": text,
            "MessageType": "text",
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
            "ApiVersion": "2010-04-01",
        }
        request = urllib.request.Request(
            self._url + WEBHOOK_PATH,
            data=urllib.parse.urlencode(form).encode(),
            headers={"X-Twilio-Signature": self._sign(form), "User-Agent": "TwilioProxy/1.1"},
        )
        try:
            with urllib.request.urlopen(request, timeout=15):
                return sid
        except urllib.error.HTTPError as error:
            raise ChatError(f"The webhook answered {error.code}: {error.read().decode(errors='replace')}") from error
        except OSError as error:
            raise ChatError(f"The webhook does not answer: {error}") from error

    def _sign(self, form):
        # https://www.twilio.com/docs/usage/webhooks/webhooks-security#validating-signatures-from-twilio
        text = self._sender["webhook_url"] + "".join(name + form[name] for name in sorted(form))
        digest = hmac.new(self._sender["simulation_token"].encode(), text.encode(), hashlib.sha1).digest()
        return base64.b64encode(digest).decode()


class Transcript:
    """Prints what the assistant answers, each reply once."""

    def __init__(self, odoo, address, colour):
        self._odoo = odoo
        self._address = address
        self._colour = colour
        # What was said before this chat is not printed again.
        before = odoo.search_read("whatsapp.classification", self._get_domain(0), ["id"], order="id desc", limit=1)
        self._last_turn = before[0]["id"] if before else 0
        #: What the assistant made of the last message, or None when it was no turn.
        self.turn = None

    def _get_domain(self, turn):
        return [("id", ">", turn), ("conversation_id.contact_id.address", "=", self._address)]

    def wait_for_turn(self, sid, seconds):
        """Wait until the assistant has read message `sid`, print the turn, and return its replies; None after `seconds`."""
        self.turn = None
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            rows = self._odoo.search_read(
                "whatsapp.conversation.message", [("sid", "=", sid)], ["classification_id", "state"], limit=1
            )
            if rows and rows[0]["classification_id"]:
                return self.print_new_turns()
            if rows and rows[0]["state"] == "handled":
                # No turn, but the wish for no more messages, or for messages again.
                return self._print_lines([("id", ">", rows[0]["id"]), ("address", "=", self._address)])
            time.sleep(_POLL_SECONDS)
        return None

    def print_new_turns(self):
        """Print the turns that came since the last call; returns all their replies."""
        turns = self._odoo.search_read(
            "whatsapp.classification",
            self._get_domain(self._last_turn),
            ["quality", "action", "completeness", "confidence", "slots"],
            order="id",
        )
        replies = []
        for turn in turns:
            self._last_turn, self.turn = turn["id"], turn
            replies += self._print_lines([("classification_id", "=", turn["id"])])
            print(f"          {self._paint(self._describe(turn), '2')}\n", flush=True)
        return replies

    def _print_lines(self, domain):
        lines = self._odoo.search_read(
            "whatsapp.conversation.message", [*domain, ("direction", "=", "outbound")], ["body"], order="id"
        )
        for line in lines:
            print(f"{self._paint('assistant', '32')} {line['body']}", flush=True)
        if not lines:
            print(f"{self._paint('assistant', '32')} {self._paint('(says nothing)', '2')}", flush=True)
        return [line["body"] for line in lines]

    def _describe(self, turn):
        slots = " · ".join(f"{name}: {_show(slot['value'])}" for name, slot in (turn["slots"] or {}).items())
        return (
            f"{turn['quality']} · {turn['action']} · {turn['completeness']:.0%} complete · "
            f"{turn['confidence']:.0%} sure" + (f"\n          {slots}" if slots else "")
        )

    def _paint(self, text, code):
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour else text

    def has(self, what):
        """Whether the customer's last conversation has a lead, or an activity of somebody (a person)."""
        field_name = {"lead": "lead_id", "person": "activity_ids"}[what]
        domain = [("contact_id.address", "=", self._address)]
        rows = self._odoo.search_read("whatsapp.conversation", domain, [field_name], order="id desc", limit=1)
        return bool(rows and rows[0][field_name])

    def print_customer(self, text):
        print(f"{self._paint('customer ', '36')} {text}", flush=True)


def _show(value):
    if isinstance(value, dict):
        low, high = value.get("min"), value.get("max")
        return f"${low}-${high}" if low and high else f"up to ${high}" if high else f"from ${low}"
    return ", ".join(value) if isinstance(value, list) else str(value)


@dataclass
class Line:
    """A message of a script, and what is expected of it: (number of the line, sign, text)."""

    number: int
    text: str
    expected: list = field(default_factory=list)


def play(customer, transcript, lines, seconds):
    """Send each line, wait for its answer and compare it with what is expected; returns how much did not come true.

    Raises `ChatError` when no answer comes in time.
    """
    failures = 0
    for line in lines:
        transcript.print_customer(line.text)
        replies = transcript.wait_for_turn(customer.write(line.text), seconds)
        if replies is None:
            raise ChatError(f"No answer to {line.text!r} within {seconds:g} s; see the server's log (.dev/odoo.log).")
        for fault in find_faults(line, replies, transcript):
            failures += 1
            print(f"          ✗ {fault}", file=sys.stderr, flush=True)
    return failures


def find_faults(line, replies, transcript):
    """What of a message's expectations did not come true, in words."""
    if not replies and not any(sign == "=" and text == "silence" for _number, sign, text in line.expected):
        yield f"line {line.number}: the assistant read {line.text!r} and said nothing"
    for number, sign, text in line.expected:
        if sign == "=":
            got = _find(text, replies, transcript)
            right = got == _fold(text)
        else:
            right = any(_fold(text) in _fold(reply) for reply in replies) == (sign == ">")
            got = " | ".join(replies) or "nothing"
        if not right:
            yield f"line {number}: {sign} {text}, but it is: {got}"


def _fold(text):
    return " ".join(text.casefold().split())


def _find(text, replies, transcript):
    """How a fact is, in the form in which it is expected."""
    negated, name = text.startswith("no "), text.removeprefix("no ").split()[0]
    if name == "silence":
        return "silence" if not replies else f"{len(replies)} answers"
    if name in ("lead", "person"):
        there = transcript.has(name)
        return name if there else f"no {name}"
    turn = transcript.turn
    if turn is None:
        return "no turn of the assistant"
    if name in ("action", "quality"):
        return f"{name} {turn[name]}"
    slot = (turn["slots"] or {}).get(name)
    value = _fold(_show(slot["value"])) if slot else ""
    return f"{name} {value}" if slot else f"no {name}" if negated else f"nothing is known of {name}"


def talk(customer, transcript):
    """Read lines from the terminal until it ends; replies appear as they are made, whatever is being typed."""
    ended = threading.Event()

    def watch():
        while not ended.wait(_POLL_SECONDS * 2):
            transcript.print_new_turns()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    print("Write as the customer; an empty line or Ctrl-D ends.\n")
    last = None
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while text := input().strip():
            last = customer.write(text)
    ended.set()
    watcher.join(timeout=5)
    if last:
        transcript.wait_for_turn(last, 10)


def parse_script(path):
    """The `Line`s of a script. Raises `ChatError` with the line that cannot be understood."""
    try:
        rows = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ChatError(f"The script cannot be read: {error}") from error
    lines = []
    for number, row in enumerate(map(str.strip, rows), 1):
        if not row or row.startswith("#"):
            continue
        sign = next((sign for sign in (">!", ">", "=") if row.startswith(sign)), "")
        if not sign:
            lines.append(Line(number, row.removeprefix("\\") if row[1:2] in (">", "=", "#") else row))
            continue
        text = row.removeprefix(sign).strip()
        if not lines:
            raise ChatError(f"{path}:{number}: there is no message above it.")
        if not text or (sign == "=" and not _is_fact(text)):
            raise ChatError(f"{path}:{number}: {row!r} is no expectation; ./dev chat --help lists them.")
        lines[-1].expected.append((number, sign, text))
    if not lines:
        raise ChatError(f"{path} has no messages.")
    return lines


_SLOTS = ("name", "products", "budget", "city", "email", "urgency", "need")


def _is_fact(text):
    negated, words = text.startswith("no "), text.removeprefix("no ").split()
    if words[0] in ("silence", "lead", "person"):
        return len(words) == 1 and not (negated and words[0] == "silence")
    if words[0] in ("action", "quality"):
        return len(words) == 2 and not negated
    return words[0] in _SLOTS and negated == (len(words) == 1)


def find_sender(odoo):
    fields = ["name", "number", "account_sid", "webhook_url", "simulation_token", "mode"]
    senders = [row for row in odoo.search_read("whatsapp.sender", [], fields) if row["mode"] == "simulation"]
    if not senders:
        raise ChatError(
            "No sender is in simulation. Add one without Twilio credentials: CRM > Configuration > WhatsApp."
        )
    return senders[0]


def main(argv, url, database):
    """Run the chat against the server at `url`; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="./dev chat", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--demo", action="store_true", help="play María's conversation, from greeting to lead")
    which.add_argument("--script", metavar="FILE", help="play a file and compare the answers with what it expects")
    parser.add_argument("--number", help="the customer's number (default: a new one each time)")
    parser.add_argument("--name", default="Cliente", help="the customer's name on WhatsApp (default: %(default)s)")
    parser.add_argument("--timeout", type=float, default=30, metavar="S", help="seconds to wait for a reply (30)")
    parser.add_argument("--login", default="admin", help="default: %(default)s")
    parser.add_argument("--password", default="admin", help="default: %(default)s")
    options = parser.parse_args(argv)
    try:
        odoo = Odoo(url, database, options.login, options.password)
        number = options.number or f"+5939{random.randint(10_000_000, 99_999_999)}"
        customer = Customer(url, find_sender(odoo), number, options.name)
        transcript = Transcript(odoo, customer.address, sys.stdout.isatty())
        if options.demo or options.script:
            lines = parse_script(options.script) if options.script else [Line(0, text) for text in DEMO]
            failures = play(customer, transcript, lines, options.timeout)
            if failures:
                raise ChatError(f"{failures} expectation(s) did not come true.")
        else:
            talk(customer, transcript)
    except ChatError as error:
        print(f"chat: {error}", file=sys.stderr)
        return 1
    return 0
