"""What Twilio posts for a WhatsApp message. https://www.twilio.com/docs/messaging/guides/webhook-request"""

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

    ``MessageType`` says it; older requests have none, and then the media, coordinates or button do.
    """
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
