"""What Twilio posts for a WhatsApp message. https://www.twilio.com/docs/messaging/guides/webhook-request"""

from datetime import UTC, datetime

from .address import is_whatsapp

_KIND_OF_MESSAGE_TYPE = {
    "text": "text",
    "image": "image",
    "audio": "audio",
    "voice": "audio",
    "video": "video",
    "document": "document",
    "sticker": "sticker",
    "location": "location",
    "contacts": "contact",
    "button": "button",
    "interactive": "button",
    "reaction": "reaction",
}
_KIND_OF_MEDIA = {"image": "image", "audio": "audio", "video": "video", "application": "document", "text": "document"}


def storable(text):
    """PostgreSQL cannot hold NUL, and UTF-8 no lone surrogate: both become the replacement character."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def raw_parameters(form):
    """All of a MultiDict as JSON can hold it: name → text, or a list of texts where a name came more than once."""
    return {
        storable(name): storable(values[0]) if len(values) == 1 else [storable(value) for value in values]
        for name, values in form.lists()
    }


def kind_of(form):
    """What sort of message this is, one of the kinds of `whatsapp.conversation.message`.

    ``MessageType`` says it; older requests have none, and then the media, coordinates or button do. A number may take
    SMS beside WhatsApp, and then both come to the same webhook.
    """
    if not is_whatsapp(form.get("From", "")):
        return "sms"
    media = form.get("MediaContentType0", "").partition("/")[0].lower()
    kind = _KIND_OF_MESSAGE_TYPE.get(form.get("MessageType", "").lower())
    if kind and kind != "text":
        return kind
    if media:
        return "contact" if "vcard" in form["MediaContentType0"].lower() else _KIND_OF_MEDIA.get(media, "document")
    if form.get("Latitude"):
        return "location"
    if form.get("ButtonPayload") or form.get("ButtonText"):
        return "button"
    return "text" if kind or form.get("Body") else "other"


def text_of(form):
    """What the customer said in words: the text, the button's label, or the name of the place they shared."""
    place = ", ".join(filter(None, (form.get("Label"), form.get("Address"))))
    return storable(form.get("Body") or form.get("ButtonText") or place)


def opt_out_type(parameters):
    """``STOP``, ``START`` or ``HELP`` where the customer wrote one of the keywords of a messaging service, else None.

    Twilio has answered it already, and put the number on its list or taken it off. ``INFO`` and ``YES`` are such words,
    too: only who was written to no more has asked for messages by ``START``, and who wants help is a customer.
    https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
    """
    kind = parameters.get("OptOutType")
    return kind.upper() if isinstance(kind, str) and kind.upper() in ("STOP", "START", "HELP") else None


def written_at(parameters):
    """When the customer wrote a message, in naive UTC, or None where nothing says it in a form that can be read.

    Webhooks do not; what was found at Twilio has ``DateSent``.
    """
    try:
        return datetime.fromisoformat(parameters["DateSent"]).astimezone(UTC).replace(tzinfo=None)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
