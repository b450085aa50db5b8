"""The content of a Twilio account and its approval by WhatsApp, as the Content API shows them.

https://www.twilio.com/docs/content/content-api-resources,
https://www.twilio.com/docs/content/using-variables-with-content-api,
https://www.twilio.com/docs/whatsapp/tutorial/message-template-approvals-statuses
"""

import json
import re
import threading
import uuid
from datetime import UTC, datetime
from urllib.parse import urlencode

from .twilio_refusals import Refusal

ROOT = "https://content.twilio.com/v1"
_PAGE_SIZE = 50
_VARIABLE = re.compile(r"\{\{([^{}]*)\}\}")
_KEY = re.compile(r"[A-Za-z0-9_]{1,16}")
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_CATEGORIES = ("AUTHENTICATION", "MARKETING", "UTILITY")
_LONGEST_VALUE, _MOST_VARIABLES = 255, 100
#: Characters of a body, and how many buttons, by type.
_BODIES = {"twilio/text": 1600, "twilio/quick-reply": 1024, "twilio/call-to-action": 1024, "whatsapp/card": 1024}
_BUTTONS = {"twilio/quick-reply": 10, "twilio/call-to-action": 4, "whatsapp/card": 10}
_LONGEST_TITLE = 25
#: What may be sent within 24 hours without WhatsApp's approval.
_FREE = ("twilio/text", "twilio/media", "twilio/location", "twilio/list-picker", "twilio/quick-reply")
_FREE_BUTTONS = 3
#: Statuses in which another request for approval is none.
_DECIDED = ("received", "pending", "approved", "rejected", "paused", "disabled")


class Contents:
    """Safe to use from several threads. Content waits for its approval until a test decides: see `decide`."""

    def __init__(self, account_sid):
        self._account_sid, self._lock = account_sid, threading.RLock()
        self._contents, self._approvals = {}, {}

    def add(
        self, body="", name="", status="", types=None, language="es", variables=None, category="UTILITY", reason=""
    ):
        """Content made elsewhere, such as in Twilio's console; returns its SID.

        status
            WhatsApp's; without one it was never submitted.
        """
        values = {"language": language, "types": types or {"twilio/text": {"body": body}}}
        content = self.create({**values, "friendly_name": name, "variables": variables or {}})
        if status:
            self._approvals[content["sid"]] = _approval(name, category, content["types"], status, reason)
        return content["sid"]

    def decide(self, name, status, reason="", category=None):
        """WhatsApp's answer to the request with this name: e.g. approved, or rejected for a reason.

        category
            another one than was asked for, which WhatsApp may choose.
        """
        with self._lock:
            (approval,) = [each for each in self._approvals.values() if each["name"] == name]
            approval.update(status=status, rejection_reason=reason, category=category or approval["category"])

    def find(self, sid):
        with self._lock:
            if sid not in self._contents:
                raise Refusal(404, 20404, f"The requested resource /Content/{sid} was not found")
            return self._contents[sid]

    def create(self, values):
        types = _check_content(values)
        if not _LANGUAGE.fullmatch(values["language"]):
            raise Refusal(400, 20001, f"Invalid parameter: language {values['language']}")
        sid, moment = f"HX{uuid.uuid4().hex}", _moment()
        url = f"{ROOT}/Content/{sid}"
        with self._lock:
            self._contents[sid] = {
                "sid": sid,
                "account_sid": self._account_sid,
                "friendly_name": values.get("friendly_name"),
                "language": values["language"],
                "variables": values.get("variables", {}),
                "types": types,
                "url": url,
                "date_created": moment,
                "date_updated": moment,
                "links": {
                    "approval_create": f"{url}/ApprovalRequests/whatsapp",
                    "approval_fetch": f"{url}/ApprovalRequests",
                },
            }
        return self._contents[sid]

    def update(self, sid, values):
        """Change content that WhatsApp has not seen yet."""
        content, types = self.find(sid), _check_content(values)
        with self._lock:
            if sid in self._approvals:
                raise Refusal(409, 20409, "Content that was submitted for approval cannot be changed")
            content.update({**values, "types": types, "date_updated": _moment()})
            return dict(content)

    def delete(self, sid):
        self.find(sid)
        with self._lock:
            del self._contents[sid]
            self._approvals.pop(sid, None)

    def submit(self, sid, values):
        """Ask WhatsApp for its approval: what breaks its rules of form is refused at once, the rest later."""
        content = self.find(sid)
        if not _NAME.fullmatch(values["name"]):
            raise Refusal(
                400, 20001, "Template name may only contain lowercase alphanumeric characters and underscores"
            )
        if values["category"] not in _CATEGORIES:
            raise Refusal(400, 20001, f"Invalid template category {values['category']}")
        _check_samples(content)
        with self._lock:
            known = self._approvals.get(sid, {}).get("status")
            taken = [each for key, each in self._approvals.items() if self._is_taken(key, content, values["name"])]
            if known in _DECIDED or taken:
                raise Refusal(409, 20409, "This template was submitted already, or another one has its name")
            self._approvals[sid] = _approval(values["name"], values["category"], content["types"], "received")
            return dict(self._approvals[sid])

    def _is_taken(self, sid, content, name):
        """WhatsApp has one template by a name and language."""
        return self._approvals[sid]["name"] == name and self._contents[sid]["language"] == content["language"]

    def fetch_approval(self, sid):
        content = self.find(sid)
        with self._lock:
            approval = self._approvals.get(sid)
            return {
                "sid": sid,
                "account_sid": self._account_sid,
                "whatsapp": {"type": "whatsapp", **approval} if approval else None,
                "url": f"{content['url']}/ApprovalRequests",
            }

    def is_free(self, sid):
        """Whether it may be sent within 24 hours as it is; all else needs WhatsApp's approval at any time."""
        ((kind, content),) = self.find(sid)["types"].items()
        return kind in _FREE and len(content.get("actions", ())) <= _FREE_BUTTONS

    def is_approved(self, sid):
        with self._lock:
            return self._approvals.get(sid, {}).get("status") == "approved"

    def render(self, sid, variables):
        """The words of a message of this content. Raises a `Refusal` for variables that it cannot be filled with."""
        content = self.find(sid)
        ((_kind, shown),) = content["types"].items()
        values = {**(content["variables"] or {}), **variables}
        for name in set(_VARIABLE.findall(json.dumps(shown))):
            value = values.get(name)
            if not isinstance(value, str) or not value.strip() or re.search(r"[\n\t]| {5}", value):
                raise Refusal(400, 21656, "The ContentVariables Parameter is invalid.")
        return _VARIABLE.sub(lambda found: values[found[1]], shown.get("body") or shown.get("title") or "")

    def page(self, values, with_approvals=False):
        size, number = values.get("PageSize", _PAGE_SIZE), values.get("Page", 0)
        with self._lock:
            found = [dict(each) for each in reversed(self._contents.values())]
            approvals = dict(self._approvals)
        if with_approvals:
            for each in found:
                del each["url"], each["links"]
                each["approval_requests"] = {**approvals[each["sid"]]} if each["sid"] in approvals else {}
        begin = number * size
        place = "ContentAndApprovals" if with_approvals else "Content"

        def url(page):
            return f"{ROOT}/{place}?{urlencode({'PageSize': size, 'Page': page})}"

        return {
            "contents": found[begin : begin + size],
            "meta": {
                "page": number,
                "page_size": size,
                "first_page_url": url(0),
                "previous_page_url": url(number - 1) if number else None,
                "url": url(number),
                "next_page_url": url(number + 1) if found[begin + size :] else None,
                "key": "contents",
            },
        }


def _approval(name, category, types, status, reason=""):
    return {
        "name": name,
        "category": category,
        "content_type": next(iter(types)),
        "status": status,
        "rejection_reason": reason,
        "allow_category_change": True,
    }


def _moment():
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _check_content(values):
    """Refuse content that Twilio would not keep. Returns its one type."""
    types = {kind: content for kind, content in values["types"].items() if content is not None}
    if len(types) != 1:
        raise Refusal(400, 20001, "One content type is needed")
    ((kind, content),) = types.items()
    if not content.get("body", "x").strip() or len(content.get("body", "")) > _BODIES.get(kind, 1600):
        raise Refusal(400, 20001, f"Invalid body of {kind}")
    actions = content.get("actions", ())
    if kind in _BUTTONS and kind != "whatsapp/card" and not 1 <= len(actions) <= _BUTTONS[kind]:
        raise Refusal(400, 20001, f"{kind} takes 1 to {_BUTTONS[kind]} actions")
    for action in actions:
        if not 1 <= len(action["title"]) <= _LONGEST_TITLE:
            raise Refusal(400, 20001, f"The title of an action may have {_LONGEST_TITLE} characters")
        if action.get("type") in ("URL", "PHONE_NUMBER") and not (action.get("url") or action.get("phone")):
            raise Refusal(400, 20001, f"An action of type {action['type']} leads nowhere")
    if content.get("header_text") and content.get("media"):
        raise Refusal(400, 20001, "A card has a text or a file at its head")
    variables = values.get("variables") or {}
    if len(variables) > _MOST_VARIABLES or not all(map(_KEY.fullmatch, variables)):
        raise Refusal(400, 20001, "Invalid names of variables")
    if any(len(value) > _LONGEST_VALUE for value in variables.values()):
        raise Refusal(400, 20001, f"The value of a variable may have {_LONGEST_VALUE} characters")
    return types


def _check_samples(content):
    """Refuse what WhatsApp would not even look at: variables at an edge or side by side, out of order, without samples."""
    ((_kind, shown),) = content["types"].items()
    body = (shown.get("body") or "").strip()
    used = _VARIABLE.findall(json.dumps(shown))
    numbers = sorted({int(name) for name in used if name.isdecimal()})
    if body.startswith("{{") or body.endswith("}}") or re.search(r"\}\}\s*\{\{", body):
        raise Refusal(400, 20001, "Variables may not stand at the beginning or end, nor side by side")
    if numbers != list(range(1, len(numbers) + 1)):
        raise Refusal(400, 20001, "Variables are numbered from 1, without gaps")
    if any(not (content["variables"] or {}).get(name) for name in used):
        raise Refusal(400, 20001, "Each variable needs a sample")
    if "{{" in (shown.get("footer") or ""):
        raise Refusal(400, 20001, "A footer has no variables")
