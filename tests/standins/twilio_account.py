"""What a Twilio account holds: messages and their files, as the REST API shows them."""

import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from .twilio_refusals import Refusal

ROOT = "/2010-04-01/Accounts"
_PAGE_SIZE = 50
_PAGING = {"Page": 0, "PageSize": _PAGE_SIZE, "PageToken": None}
_ON_ITS_WAY = ("queued", "accepted", "scheduled", "sending")
#: What a message costs, which is known once it was delivered. Twilio writes what it takes as less than zero.
PRICE = "-0.00500"
_BILLED = ("delivered", "read")
_RANK = {
    status: rank
    for rank, statuses in enumerate(
        (
            ("queued", "accepted", "scheduled", "received"),
            ("sending",),
            ("sent",),
            ("delivered", "undelivered", "failed", "canceled"),
            ("read",),
        )
    )
    for status in statuses
}


def now():
    """Twilio's dates are in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass
class Message:
    """`resource` is what the REST API shows."""

    resource: dict[str, Any]
    at: datetime
    callback: str | None = None
    media: dict[str, tuple[dict[str, Any], bytes]] = field(default_factory=dict)

    def advance(self, status, error_code):
        """Move on to a status, but never back from a later one."""
        if _RANK[status] > _RANK[self.resource["status"]]:
            self.resource["status"] = status
        self.resource["date_sent"] = self.resource["date_sent"] or format_datetime(now())
        self.resource["date_updated"] = format_datetime(now())
        self.resource["error_code"] = error_code or self.resource["error_code"]
        if self.resource["status"] in _BILLED:
            self.resource["price"], self.resource["price_unit"] = PRICE, "USD"


class Account:
    """One account; safe to use from several threads."""

    def __init__(self, sid):
        self.sid = sid
        self._messages, self._lock = {}, threading.Lock()

    def describe(self):
        """The account's own resource."""
        uri = f"{ROOT}/{self.sid}"
        return {
            "sid": self.sid,
            "owner_account_sid": self.sid,
            "friendly_name": "Stand-in",
            "status": "active",
            "type": "Full",
            "auth_token": "redacted",
            "date_created": format_datetime(now()),
            "date_updated": format_datetime(now()),
            "uri": f"{uri}.json",
            "subresource_uris": {"messages": f"{uri}/Messages.json"},
        }

    def list(self, filters):
        """The resources of all messages that fit the parameters of a list request, the newest first."""
        with self._lock:
            newest_first = sorted(self._messages.values(), key=lambda message: message.at)[::-1]
        return [message.resource for message in newest_first if _matches(message, filters)]

    def find(self, message_sid, media_sid=None):
        with self._lock:
            message = self._messages.get(message_sid)
        found = message.media.get(media_sid) if message and media_sid else message
        if not found:
            raise Refusal(404, 20404, f"The requested resource {media_sid or message_sid} was not found")
        return found

    def delete(self, message_sid):
        """Forget a message; one on its way cannot be deleted."""
        if self.find(message_sid).resource["status"] in _ON_ITS_WAY:
            raise Refusal(409, 20009, "Cannot delete message because delivery has not been completed.")
        with self._lock:
            self._messages.pop(message_sid, None)

    def page(self, path, key, found, values):
        """One page of a list; the next begins behind the item that its token names."""
        number, size, token = (values.get(name, default) for name, default in _PAGING.items())
        begin = number * size
        if token:
            places = [place for place, each in enumerate(found) if f"PA{each['sid']}" == token]
            begin = places[0] + 1 if places else len(found)
        page = found[begin : begin + size]
        more = found[begin + size :]
        filters = {name: value for name, value in values.items() if name not in _PAGING}
        base = f"{ROOT}/{self.sid}/{path}"

        def uri(page_number, **extra):
            return f"{base}?{urlencode({**filters, 'PageSize': size, 'Page': page_number, **extra})}"

        return {
            key: page,
            "end": begin + max(len(page) - 1, 0),
            "first_page_uri": uri(0),
            "next_page_uri": uri(number + 1, PageToken=f"PA{page[-1]['sid']}") if more else None,
            "page": number,
            "page_size": size,
            "previous_page_uri": uri(number - 1, PageToken=f"PB{page[0]['sid']}") if number and page else None,
            "start": begin,
            "uri": uri(number),
        }

    def store(self, sid, from_, to, body, direction, status, at):
        uri = f"{ROOT}/{self.sid}/Messages/{sid}"
        date = format_datetime(at)
        message = Message(
            {
                "sid": sid,
                "account_sid": self.sid,
                "api_version": "2010-04-01",
                "from": from_,
                "to": to,
                "body": body,
                "status": status,
                "direction": direction,
                "num_media": "0",
                "num_segments": "1",
                "error_code": None,
                "error_message": None,
                "date_created": date,
                "date_updated": date,
                "date_sent": None,
                "price": None,
                "price_unit": None,
                "messaging_service_sid": None,
                "uri": f"{uri}.json",
                "subresource_uris": {"media": f"{uri}/Media.json"},
            },
            at,
        )
        with self._lock:
            self._messages[sid] = message
        return message

    def add_media(self, message, content_type, content):
        sid = f"ME{uuid.uuid4().hex}"
        resource = {
            "sid": sid,
            "account_sid": self.sid,
            "parent_sid": message.resource["sid"],
            "content_type": content_type,
            "date_created": message.resource["date_created"],
            "date_updated": message.resource["date_created"],
            "uri": f"{ROOT}/{self.sid}/Messages/{message.resource['sid']}/Media/{sid}.json",
        }
        message.media[sid] = resource, content


def _matches(message, values):
    """Does a message fit the filters of a list? One that was not sent yet counts by when it was created."""
    resource = message.resource
    if any(values.get(name, resource[key]) != resource[key] for name, key in (("To", "to"), ("From", "from"))):
        return False
    if "DateSent" in values and message.at.date() != _parse_date(values["DateSent"]).date():
        return False
    if "DateSent>" in values and message.at < _parse_date(values["DateSent>"]):
        return False
    return "DateSent<" not in values or message.at <= _parse_date(values["DateSent<"])


def _parse_date(text):
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(400, 20001, f"Invalid date: {text}") from None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
