"""The WhatsApp senders of a Twilio account, as its Senders API shows them. https://www.twilio.com/docs/whatsapp/api/senders"""

import re
import threading
import uuid
from urllib.parse import urlencode

from .twilio_refusals import Refusal

ROOT = "https://messaging.twilio.com/v2/Channels/Senders"
_PAGE_SIZE = 20
_URL = re.compile(r"https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d+)?(/\S*)?")
_PROFILE = (
    "name about address description logo_url banner_url privacy_url terms_of_service_url accent_color vertical websites "
    "emails phone_numbers"
).split()
_CONFIGURATION = "waba_id verification_method verification_code voice_application_sid account_type".split()
_WEBHOOK = {
    "callback_url": None,
    "callback_method": "POST",
    "fallback_url": None,
    "fallback_method": "POST",
    "status_callback_url": None,
    "status_callback_method": "POST",
}


class Senders:
    """Safe to use from several threads."""

    def __init__(self):
        self._senders, self._lock = {}, threading.Lock()

    def add(self, address, status="ONLINE", reasons=(), name="Stand-in"):
        """Register a number (``whatsapp:+…``); returns its resource, which later updates change.

        reasons
            why it is offline: (code, message).
        """
        sid = f"XE{uuid.uuid4().hex}"
        with self._lock:
            self._senders[sid] = {
                "sid": sid,
                "status": status,
                "sender_id": address,
                "configuration": {**dict.fromkeys(_CONFIGURATION), "waba_id": "12345678912345"},
                "webhook": dict(_WEBHOOK),
                "profile": {**dict.fromkeys(_PROFILE), "name": name},
                "properties": {"quality_rating": "HIGH", "messaging_limit": "10K Customers/24hr"},
                "offline_reasons": [
                    {"code": code, "message": message, "more_info": f"https://www.twilio.com/docs/api/errors/{code}"}
                    for code, message in reasons
                ]
                or None,
                "compliance": None,
                "url": f"{ROOT}/{sid}",
            }
        return self._senders[sid]

    def find(self, sid):
        with self._lock:
            if sid not in self._senders:
                raise Refusal(404, 20404, f"The requested resource /v2/Channels/Senders/{sid} was not found")
            return self._senders[sid]

    def update(self, sid, values):
        """What is not given stays as it is; what is given as null is taken away."""
        sender = self.find(sid)
        for part, given in values.items():
            for name, value in (given or {}).items():
                if name.endswith("url") and value and not _URL.fullmatch(value):
                    raise Refusal(400, 20001, f"Invalid parameter: {part}.{name} is not a valid URL")
        with self._lock:
            for part, given in values.items():
                sender[part] = {**sender[part], **given} if given is not None else None
            if sender["status"] == "ONLINE":
                sender["status"] = "ONLINE:UPDATING"
            return dict(sender)

    def page(self, values):
        size, number = values.get("PageSize", _PAGE_SIZE), values.get("Page", 0)
        with self._lock:
            found = [
                each for each in self._senders.values() if each["sender_id"].partition(":")[0] == values["Channel"]
            ]
        begin = number * size

        def url(page):
            return f"{ROOT}?{urlencode({'PageSize': size, 'Page': page, 'Channel': values['Channel']})}"

        return {
            "senders": found[begin : begin + size],
            "meta": {
                "page": number,
                "page_size": size,
                "first_page_url": url(0),
                "previous_page_url": url(number - 1) if number else None,
                "url": url(number),
                "next_page_url": url(number + 1) if found[begin + size :] else None,
                "key": "senders",
            },
        }
