"""A terminal chat with the assistant, as a customer: what is typed goes through the real webhook, signed as Twilio signs.

Replies are read back from Odoo, with what the assistant understood and decided beside them. Standard library only.
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

    def _get_domain(self, turn):
        return [("id", ">", turn), ("conversation_id.contact_id.address", "=", self._address)]

    def wait_for_turn(self, sid, seconds):
        """Wait until the assistant has read message `sid`, print the turn, and return its replies; None after `seconds`."""
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
            self._last_turn = turn["id"]
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

    def print_customer(self, text):
        print(f"{self._paint('customer ', '36')} {text}", flush=True)


def _show(value):
    if isinstance(value, dict):
        low, high = value.get("min"), value.get("max")
        return f"${low}-${high}" if low and high else f"up to ${high}" if high else f"from ${low}"
    return ", ".join(value) if isinstance(value, list) else str(value)


def play(customer, transcript, lines, seconds):
    """Send each line and wait for its answer. Raises `ChatError` at the first line that gets none."""
    for text in lines:
        transcript.print_customer(text)
        replies = transcript.wait_for_turn(customer.write(text), seconds)
        if replies is None:
            raise ChatError(f"No answer to {text!r} within {seconds:g} s; see the server's log (.dev/odoo.log).")
        if not replies:
            raise ChatError(f"The assistant read {text!r} and said nothing.")


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
    """The messages of a script: one a line, without empty lines and those that begin with #."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ChatError(f"The script cannot be read: {error}") from error
    messages = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not messages:
        raise ChatError(f"{path} has no messages.")
    return messages


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
    parser = argparse.ArgumentParser(prog="./dev chat", description=__doc__.splitlines()[0])
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--demo", action="store_true", help="play María's conversation, from greeting to lead")
    which.add_argument(
        "--script", metavar="FILE", help="play a file, one message a line; fails when a reply does not come"
    )
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
            play(customer, transcript, DEMO if options.demo else parse_script(options.script), options.timeout)
        else:
            talk(customer, transcript)
    except ChatError as error:
        print(f"chat: {error}", file=sys.stderr)
        return 1
    return 0
