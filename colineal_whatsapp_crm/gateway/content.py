"""What Twilio's Content API keeps: messages that WhatsApp has approved, to be filled in when they are sent.

https://www.twilio.com/docs/content/content-api-resources
"""

import re
from dataclasses import dataclass, field

from .delivery import errors_in_words, make_client

#: How content names what is filled in. https://www.twilio.com/docs/content/using-variables-with-content-api
VARIABLE = re.compile(r"\{\{\s{0,5}([A-Za-z0-9_]{1,16})\s{0,5}\}\}", re.ASCII)

#: Characters that WhatsApp takes: of a name, a body, a header or footer, a button by what it does, what is filled in.
#: https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates/components and, where that is
#: stricter, https://www.twilio.com/docs/content/twilio-quick-reply
MOST_CHARACTERS = {"name": 512, "body": 1024, "header": 60, "footer": 60, "value": 255, "url": 2000, "phone": 20}
MOST_TITLE = {"QUICK_REPLY": 20, "URL": 25, "PHONE_NUMBER": 25}
#: How many buttons of a kind a message may have. https://www.twilio.com/docs/content/whatsappcard
MOST_BUTTONS = {"QUICK_REPLY": 10, "URL": 2, "PHONE_NUMBER": 1}
MOST_BUTTONS_IN_ALL = 10

#: A template's name at WhatsApp. https://www.twilio.com/docs/whatsapp/tutorial/message-template-approvals-statuses
NAME = re.compile(r"[a-z0-9_]+", re.ASCII)
#: Its language as WhatsApp names it. https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates/supported-languages
LANGUAGE = re.compile(r"[a-z]{2,3}(?:_[A-Z]{2,3})?", re.ASCII)

_PAGE_SIZE = 200
#: An account may have 6000 templates at WhatsApp; a list that does not end is none.
_MOST_CONTENTS = 10_000
#: Where Twilio's content has its words, the first that is there.
_BODY_NAMES = ("body", "title")


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a message.

    kind
        ``QUICK_REPLY``, ``URL``, ``PHONE_NUMBER`` or another of Twilio's.
    target
        the address or number it leads to; what a quick reply says to us when it is tapped.
    """

    kind: str
    title: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """One message to be filled in, and what WhatsApp says of it.

    kind
        Twilio's name of its type, such as ``twilio/quick-reply``.
    status, category, reason
        of the request for WhatsApp's approval, in Twilio's words; None before it was asked for.
    name
        by which WhatsApp knows it; its name at Twilio before that.
    samples
        what its variables are filled with where a message does not say: {name: text}.
    """

    sid: str
    name: str
    language: str
    kind: str
    body: str
    header: str = ""
    footer: str = ""
    media: str = ""
    buttons: tuple[Button, ...] = ()
    samples: dict = field(default_factory=dict)
    status: str | None = None
    category: str | None = None
    reason: str = ""


class _Json:
    """A request body as Twilio's client takes it: its own classes send null for all that is not said, and for fields that
    its description does not have."""

    def __init__(self, values):
        self._values = values

    def to_dict(self):
        return self._values


def list_contents(credentials):
    """All content of an account as `Content`, the newest first. Raises `DeliveryError`."""
    with errors_in_words():
        contents = make_client(credentials).content.v1.content_and_approvals
        return [_plain(each) for each in contents.stream(page_size=_PAGE_SIZE, limit=_MOST_CONTENTS)]


def create(credentials, content):
    """Keep a `Content` at Twilio and return its SID. Raises `DeliveryError`."""
    values = {
        "friendly_name": content.name,
        "language": content.language,
        "variables": content.samples,
        "types": get_types(content),
    }
    with errors_in_words():
        return make_client(credentials).content.v1.contents.create(_Json(values)).sid


def update(credentials, content):
    """Change content that WhatsApp has not been asked to approve yet. Raises `DeliveryError`."""
    values = {"friendly_name": content.name, "variables": content.samples, "types": get_types(content)}
    with errors_in_words():
        make_client(credentials).content.v1.contents(content.sid).update(_Json(values))


def submit(credentials, sid, name, category):
    """Ask WhatsApp to approve content, and return the status of the request. Raises `DeliveryError`.

    category
        ``UTILITY`` or ``MARKETING``; WhatsApp may make it another.
    """
    with errors_in_words():
        requests = make_client(credentials).content.v1.contents(sid).approval_create
        return requests.create(_Json({"name": name, "category": category})).status


def get_types(content):
    """What the Content API calls ``types``: the one type that has all that a message is to show."""
    kinds = {button.kind for button in content.buttons}
    if content.header or content.footer or content.media or len(kinds) > 1:
        card = {"body": content.body, "header_text": content.header, "footer": content.footer}
        card |= {"media": content.media and [content.media], "actions": list(map(_get_action, content.buttons))}
        return {"whatsapp/card": {name: value for name, value in card.items() if value}}
    if not kinds:
        return {"twilio/text": {"body": content.body}}
    actions = list(map(_get_action, content.buttons))
    if kinds == {"QUICK_REPLY"}:
        return {"twilio/quick-reply": {"body": content.body, "actions": actions}}
    return {"twilio/call-to-action": {"body": content.body, "actions": actions}}


def _get_action(button):
    name = {"QUICK_REPLY": "id", "URL": "url", "PHONE_NUMBER": "phone"}[button.kind]
    return {"type": button.kind, "title": button.title, name: button.target or button.title}


def find_variables(*texts):
    """The names of the variables in these texts, each once, in the order in which numbers are counted."""
    names = dict.fromkeys(name for text in texts for name in VARIABLE.findall(text or ""))
    return sorted(names, key=lambda name: (not name.isdecimal(), int(name) if name.isdecimal() else 0, name))


def fill(text, values):
    """A text with its variables filled in; those without a value stay."""
    return VARIABLE.sub(lambda found: values.get(found[1]) or found[0], text or "")


def clean_value(text):
    """What a variable is filled with, as WhatsApp takes it: one line, without wide gaps, of a bounded length."""
    return " ".join(str(text or "").split())[: MOST_CHARACTERS["value"]].rstrip()


def _plain(resource):
    """Twilio's resource, of which nothing is believed to have its documented form."""
    approval = _as_dict(resource.approval_requests)
    kind, shown = next(((kind, shown) for kind, shown in _as_dict(resource.types).items() if shown), ("", {}))
    shown = _as_dict(shown)
    media = shown.get("media")
    return Content(
        sid=_as_text(resource.sid),
        name=_as_text(approval.get("name")) or _as_text(resource.friendly_name) or _as_text(resource.sid),
        language=_as_text(resource.language),
        kind=_as_text(kind),
        body=next(filter(None, (_as_text(shown.get(name)) for name in _BODY_NAMES)), ""),
        header=_as_text(shown.get("header_text")),
        footer=_as_text(shown.get("footer")) or _as_text(shown.get("subtitle")),
        media=_as_text(media[0]) if isinstance(media, list) and media else "",
        buttons=tuple(_read_buttons(shown.get("actions"))),
        samples={_as_text(name): _as_text(text) for name, text in _as_dict(resource.variables).items()},
        status=_as_text(approval.get("status")).lower() or None,
        category=_as_text(approval.get("category")).upper() or None,
        reason=_as_text(approval.get("rejection_reason")),
    )


def _read_buttons(actions):
    for action in actions if isinstance(actions, list) else ():
        action = _as_dict(action)
        if title := _as_text(action.get("title")):
            target = next(filter(None, (_as_text(action.get(name)) for name in ("url", "phone", "code", "id"))), "")
            yield Button(_as_text(action.get("type")) or "QUICK_REPLY", title, target)


def _as_dict(value):
    return value if isinstance(value, dict) else {}


def _as_text(value):
    return value.replace("\x00", "") if isinstance(value, str) else ""
