"""Sending through Twilio's Messages API.

https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
"""

import json
import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from functools import partial
from urllib.parse import urlsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from ..lib import errors
from ..lib.settings import get_setting
from .address import CHANNEL
from .error_codes import LATER, MEANINGS, PERMANENT, UNKNOWN
from .failure_text import mark as _lt

# Twilio's client logs each request with its parameters: our customers' numbers.
logging.getLogger("twilio.http_client").setLevel(logging.WARNING)

#: Seconds Twilio gets to answer; its client has no limit of its own.
TIMEOUT = 10

#: Where Twilio is reached when not at its own address: a gateway or reverse proxy in front of its API.
BASE_URL_VARIABLE = "TWILIO_API_URL"

_API = "https://api.twilio.com"

#: WhatsApp lets us write freely for this long after the customer's last message.
WINDOW = timedelta(hours=24)

#: A text message may be this long; longer ones are refused with error 21617.
MAX_BODY = 1600
_SENTENCE_END = re.compile(r"[.!?…\n]\s")

_CLOCK_TOLERANCE = timedelta(minutes=5)
_LIST_LIMIT = 1000
#: The largest page of a list that Twilio gives.
_PAGE_SIZE = 1000

_NOT_FOUND = 20404
#: https://www.twilio.com/docs/api/errors/21711
_NOT_IN_POOL = 21711
#: Twilio's codes have five digits.
_CODES = 1_000_000


@dataclass(frozen=True, slots=True)
class Credentials:
    """One Twilio account. The token also signs the webhooks of that account."""

    account_sid: str
    auth_token: str = field(repr=False)


class DeliveryError(Exception):
    """Twilio did not take a message, or did not answer a question.

    outcome
        `PERMANENT`, `NEEDS_TEMPLATE`, `LATER` or `UNKNOWN`, see `error_codes`.
    """

    def __init__(self, text, outcome, code=None):
        super().__init__(text)
        self.outcome = outcome
        self.code = code


class _HttpClient(TwilioHttpClient):
    """Twilio's own HTTP client with a time limit, and the base URL of `BASE_URL_VARIABLE` when that is set."""

    def __init__(self):
        super().__init__(timeout=TIMEOUT)
        self._base = urlsplit(get_setting(BASE_URL_VARIABLE) or "")

    def request(self, method, url, *args, **kwargs):
        if self._base.netloc:
            url = urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc).geturl()
        return super().request(method, url, *args, **kwargs)


def send(credentials, sender, address, body, status_url=None, media_url=None, number=None, content=None):
    """Hand one message to Twilio and return its SID.

    sender
        our number in E.164, or the SID of the messaging service.
    address
        the customer's raw address, exactly as their message carried it.
    status_url
        where Twilio tells what becomes of the message.
    media_url
        where Twilio fetches the one file that goes with it.
    number
        the number of the messaging service's pool, in E.164, that it is to go from; by default the service chooses one,
        as it does when that number is not in its pool any more.
    content
        in place of words and file, what is kept at Twilio: its SID, and {name of a variable: text}.

    Raises `DeliveryError`.
    """
    words = {"body": body} if body else {}
    files = {"media_url": [media_url]} if media_url else {}
    if content:
        sid, variables = content
        words, files = {"content_sid": sid, "content_variables": json.dumps(variables, ensure_ascii=False)}, {}
    with errors_in_words():
        create = partial(
            make_client(credentials).messages.create, to=address, status_callback=status_url, **words, **files
        )
        try:
            message = create(**_name_sender(sender, number))
        except TwilioRestException as error:
            if not number or error.code != _NOT_IN_POOL:
                raise
            message = create(**_name_sender(sender))
        return message.sid


def show_typing(credentials, sid):
    """Show a customer that their message was read and an answer is being written. Raises `DeliveryError`.

    sid
        of the message that they sent.

    It is seen until the answer comes, for 25 seconds at most.
    https://www.twilio.com/docs/whatsapp/api/typing-indicators-resource
    """
    with errors_in_words():
        make_client(credentials).messaging.v2.typing_indicator.create(channel="whatsapp", message_id=sid)


def _name_sender(sender, number=None):
    if not is_service(sender):
        return {"from_": f"{CHANNEL}{sender}"}
    # Twilio takes both: https://www.twilio.com/docs/api/errors/21603
    return {"messaging_service_sid": sender, **({"from_": f"{CHANNEL}{number}"} if number else {})}


def is_service(sender):
    """Whether this is a messaging service and no number."""
    return sender.startswith("MG")


def find_sent(credentials, sender, addresses, body, since, filled=False):
    """The SIDs of messages with these words that Twilio took for this customer, the oldest first.

    addresses
        the one that the message was sent to, and the customer's others: Twilio may list it under any of them.

    since
        naive UTC datetime; Twilio's clock may differ a little, so some minutes before it count as well.
    filled
        whether Twilio put the words together, of content that it keeps: others may be the same then, and come last.

    Raises `DeliveryError`.
    """
    with errors_in_words():
        client, found, others = make_client(credentials), {}, {}
        for address in addresses:
            messages = client.messages.list(
                # Of a service, whichever number it chose: the list cannot be asked for one service's.
                **({} if is_service(sender) else _name_sender(sender)),
                to=address,
                date_sent_after=since.replace(tzinfo=UTC) - _CLOCK_TOLERANCE,
                limit=_LIST_LIMIT,
            )
            for message in reversed(messages):
                if is_service(sender) and message.messaging_service_sid != sender:
                    continue
                if message.body == body:
                    found[message.sid] = message
                elif filled:
                    others[message.sid] = message
        return [*found, *others]


def list_inbound(credentials, sender_number, since, service_sid=None):
    """All of Twilio's messages to this sender since a naive UTC datetime, the oldest first. Raises `DeliveryError`.

    service_sid
        of the messaging service to whose other numbers messages come as well.
    """
    ours = f"{CHANNEL}{sender_number}"
    to = {} if service_sid else {"to": ours}
    with errors_in_words():
        messages = make_client(credentials).messages.list(
            **to, date_sent_after=since.replace(tzinfo=UTC), page_size=_PAGE_SIZE
        )
        return [
            each
            for each in reversed(messages)
            if not service_sid or each.to == ours or each.messaging_service_sid == service_sid
        ]


def list_prices(credentials, sender_number, since, service_sid=None):
    """What Twilio asks for the messages to and from one of our senders since a naive UTC datetime.

    service_sid
        of the messaging service whose other numbers take part as well.

    Returns {SID: (amount, currency)}, the currency as ISO 4217 writes it, of those that have a price by now: Twilio
    knows it some time after a message went. What it asks for, Twilio writes as less than zero.
    https://www.twilio.com/docs/messaging/api/message-resource#message-properties
    Raises `DeliveryError`.
    """
    ours = f"{CHANNEL}{sender_number}"
    prices = {}
    with errors_in_words():
        messages = make_client(credentials).messages
        for place in ({},) if service_sid else ({"from_": ours}, {"to": ours}):
            for each in messages.stream(**place, date_sent_after=since.replace(tzinfo=UTC), page_size=_PAGE_SIZE):
                if (not service_sid or service_sid == each.messaging_service_sid or ours in (each.from_, each.to)) and (
                    each.price and each.price_unit
                ):
                    prices[each.sid] = -float(each.price) or 0.0, each.price_unit.upper()
    return prices


def list_media(message):
    """The files of a message of `list_inbound`: (content type, URL as webhooks name it). Raises `DeliveryError`."""
    with errors_in_words():
        return [(each.content_type, f"{_API}{each.uri.removesuffix('.json')}") for each in message.media.list()]


def delete(credentials, sid):
    """Delete a message and its files at Twilio; one that is gone already is well. Raises `DeliveryError`."""
    if not credentials:
        raise DeliveryError(_lt("The sender has no Twilio credentials"), LATER)
    try:
        with errors_in_words():
            message = make_client(credentials).messages(sid)
            for file in message.media.list():
                file.delete()
            message.delete()
    except DeliveryError as error:
        if error.code != _NOT_FOUND:
            raise


def test_account(credentials):
    """The name of the account, which shows that Twilio takes the credentials. Raises `DeliveryError`."""
    with errors_in_words():
        return make_client(credentials).api.accounts(credentials.account_sid).fetch().friendly_name


def split_body(body, limit=MAX_BODY):
    """A text in parts that Twilio takes, cut at the ends of sentences, else between words, else anywhere."""
    parts = []
    while len(body) > limit:
        head = body[: limit + 1]
        ends = [match.end() for match in _SENTENCE_END.finditer(head)]
        cut = ends[-1] if ends else head.rfind(" ") + 1 or limit
        parts.append(body[:cut].rstrip())
        body = body[cut:].lstrip()
    return [*parts, body] if body else parts


def make_client(credentials):
    """Twilio's client for one account, with a time limit."""
    return Client(credentials.account_sid, credentials.auth_token, http_client=_HttpClient())


def _refusal(status, code, message):
    code = code if isinstance(code, int) and 0 <= code < _CODES else None
    known = MEANINGS.get(code)
    outcome = known.outcome if known else LATER if status == 429 or status >= 500 else PERMANENT
    # Twilio repeats the customer's number in its words.
    words = errors.tidy(message)
    return DeliveryError(f"Twilio error {code}: {words}" if code else words, outcome, code)


@contextmanager
def errors_in_words():
    """Whatever goes wrong between Twilio and us, as a `DeliveryError`."""
    try:
        yield
    except TwilioRestException as error:
        raise _refusal(error.status, error.code, error.msg) from error
    except requests.exceptions.ReadTimeout as error:
        raise DeliveryError(_lt("Twilio did not answer in time"), UNKNOWN) from error
    except requests.exceptions.ConnectTimeout as error:
        raise DeliveryError(_lt("Twilio could not be reached in time"), LATER) from error
    except requests.exceptions.ConnectionError as error:
        # Refused before anything was written; a connection that breaks later may have delivered the message.
        refused = isinstance(getattr(error.args[0] if error.args else None, "reason", None), NewConnectionError)
        raise DeliveryError(_lt("The connection to Twilio failed"), LATER if refused else UNKNOWN) from error
    except TwilioException as error:
        # What Twilio's client makes of a list that is refused: (words, response).
        response = error.args[1] if len(error.args) > 1 else None
        try:
            answer = json.loads(response.text)
            refusal = _refusal(response.status_code, answer["code"], answer["message"])
        except (AttributeError, ValueError, KeyError, TypeError):
            raise DeliveryError(_lt("Twilio gave an answer that cannot be read"), UNKNOWN) from error
        raise refusal from error
    except (requests.exceptions.RequestException, ValueError, KeyError, TypeError) as error:
        raise DeliveryError(_lt("Twilio gave an answer that cannot be read"), UNKNOWN) from error
