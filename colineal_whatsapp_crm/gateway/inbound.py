"""What Twilio posts for a WhatsApp message. https://www.twilio.com/docs/messaging/guides/webhook-request"""

import json
import math
import re
from datetime import UTC, datetime

from ..lib.text import storable
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
    "contact": "contact",
    "button": "button",
    "list": "button",
    "interactive": "button",
    "reaction": "reaction",
    # Twilio documents none of these; they are WhatsApp's own names, and what else comes by them is shown all the same.
    # https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages
    "order": "order",
    "product": "order",
    "unsupported": "unsupported",
    "unknown": "unsupported",
    "edit": "edit",
    "edited": "edit",
    "revoke": "deletion",
    "revoked": "deletion",
    "deleted": "deletion",
}
_KIND_OF_MEDIA = {"image": "image", "audio": "audio", "video": "video", "application": "document", "text": "document"}


#: The year WhatsApp began. With moments like the first or the last that can be told, nothing can be reckoned.
_FIRST_MOMENT = datetime(2009, 1, 1)


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
    if not is_whatsapp(form.get("From", "").strip() or form.get("To", "")):
        return "sms"
    media = form.get("MediaContentType0", "").partition("/")[0].lower()
    kind = _KIND_OF_MESSAGE_TYPE.get(form.get("MessageType", "").lower())
    if kind and kind != "text":
        return kind
    if media:
        return "contact" if "vcard" in form["MediaContentType0"].lower() else _KIND_OF_MEDIA.get(media, "document")
    if form.get("Latitude"):
        return "location"
    if any(form.get(name) for name in ("ButtonPayload", "ButtonText", "ListId", "ListTitle")):
        return "button"
    # Who taps an advertisement and writes nothing has sent a text without words.
    clicked = any(name.startswith("Referral") for name in form)
    return "text" if kind or form.get("Body") or clicked else "other"


#: Ends of files' names, by what the message is otherwise; a document may have any of them.
_IMAGES = "jpg jpeg png gif webp heic heif bmp tif tiff svg"
_SOUNDS = "mp3 m4a ogg oga opus wav aac amr flac"
_FILMS = "mp4 mov avi mkv 3gp webm m4v"
_ENDS = {
    "image": _IMAGES,
    "audio": _SOUNDS,
    "video": _FILMS,
    "document": f"{_IMAGES} {_SOUNDS} {_FILMS} pdf doc docx docm dot dotx odt rtf txt md xls xlsx xlsm xlsb ods csv tsv "
    "ppt pptx pps ppsx odp key pages numbers zip rar 7z tar gz vcf ics xml json html htm epub eml msg dwg dxf skp 3ds "
    "psd ai eps cdr indd pub mpp vsd vsdx apk exe p7m p12",
}
_ENDS = {kind: frozenset(ends.split()) for kind, ends in _ENDS.items()}
#: File systems let no longer name through.
_LONGEST_NAME = 255


def file_name_of(kind, body):
    """The name of the file that came, where a message's text is that and no caption; None otherwise.

    Twilio gives a document's name as the message's ``Body``.
    """
    name = (body or "").strip()
    stem, _dot, end = name.rpartition(".")
    is_name = stem and "\n" not in name and len(name) <= _LONGEST_NAME and end.lower() in _ENDS.get(kind, ())
    return name if is_name else None


def words_of(kind, body):
    """What of a received message's text is the customer's own words.

    A file's name, a place, the card of somebody and the sign of a reaction are shown, and nothing is read from them.
    """
    return "" if not body or kind in _WITHOUT_WORDS or file_name_of(kind, body) else body


_WITHOUT_WORDS = ("location", "contact", "reaction", "deletion")


def text_of(form):
    """What a message shows as text: what was written, what was tapped, the file's name, or the place shared."""
    place = ", ".join(filter(None, (form.get("Label"), form.get("Address"))))
    return storable(form.get("Body") or form.get("ButtonText") or form.get("ListTitle") or place)


def target_of(parameters):
    """The SID of the message that a reaction, a reply, a correction or a deletion is about; empty where none is named."""
    return first(parameters, "OriginalRepliedMessageSid") or first(parameters, "OriginalMessageSid")


def option_of(parameters):
    """The shop's own name of the option that was tapped, which the customer does not see; empty where none is given."""
    return first(parameters, "ListId") or first(parameters, "ButtonPayload")


def is_listed(parameters):
    """Whether the option that was tapped is one of a list, and no button."""
    return bool(first(parameters, "ListId") or first(parameters, "ListTitle"))


def referral_of(parameters):
    """The advertisement or post that a message came from, as texts; None where it came from none.

    Only the first message after a tap has it. ``kind`` is ``ad`` or ``post``, ``picture_url`` may be empty.
    """
    told = {
        "reference": first(parameters, "ReferralSourceId"),
        "headline": first(parameters, "ReferralHeadline"),
        "text": first(parameters, "ReferralBody"),
        "url": first(parameters, "ReferralSourceUrl"),
    }
    if not any(text.strip() for text in told.values()):
        return None
    kind = "post" if first(parameters, "ReferralSourceType").lower() == "post" else "ad"
    return {**told, "kind": kind, "picture_url": first(parameters, "ReferralMediaUrl")[:2000]}


def identify_referral(parameters):
    """What tells one advertisement from others: Meta's number of it, else its link or headline; empty for none."""
    told = referral_of(parameters) or {}
    return next(filter(None, (told.get(name, "").strip() for name in ("reference", "url", "headline"))), "")


def forwarding_of(parameters):
    """``often`` or ``once`` where a message was forwarded, else False."""
    if first(parameters, "FrequentlyForwarded").lower() == "true":
        return "often"
    return "once" if first(parameters, "Forwarded").lower() == "true" else False


def position_of(parameters):
    """Latitude and longitude of a shared place in degrees, or None where they are none."""
    try:
        latitude, longitude = float(first(parameters, "Latitude")), float(first(parameters, "Longitude"))
    except ValueError:
        return None
    known = math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    return (latitude, longitude) if known else None


#: Things of an order that are shown; nobody looks through more.
_MOST_ORDERED = 30
#: More than this of one article nobody orders.
_MOST_OF_ONE = 10_000
#: Characters and depth of what Twilio repeats as JSON.
_LONGEST_METADATA, _DEEPEST = 100_000, 8


def is_order(parameters):
    """Whether the message is an order from the shop's catalogue, and no question about one of its products."""
    return first(parameters, "MessageType").lower() == "order"


def list_ordered(parameters):
    """What was ordered from, or asked about in, the shop's catalogue: [(how many, article)]; empty where nothing is.

    How many is None where nothing, or no number of things, is given.

    WhatsApp tells an order's ``product_items``; who asks about a product writes a text, whose context has
    ``referred_product``. Both name an article by ``product_retailer_id``, the shop's own number of it.
    https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages

    Twilio does not document where it puts either. It repeats the context of a message as JSON in ``ChannelMetadata``,
    where these names are looked for at any depth; what it does not have, or has in another form, is not there.
    """
    text = first(parameters, "ChannelMetadata")
    try:
        metadata = json.loads(text) if text and len(text) <= _LONGEST_METADATA else None
    except (ValueError, RecursionError):
        return []
    found = []
    _collect_ordered(metadata, found, _DEEPEST)
    return found[:_MOST_ORDERED]


def _collect_ordered(value, found, depth):
    if depth < 0 or len(found) >= _MOST_ORDERED:
        return
    if isinstance(value, dict):
        if name := value.get("product_retailer_id"):
            found.append((_read_count(value.get("quantity")), str(name)[:100]))
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        _collect_ordered(each, found, depth - 1)


def _read_count(value):
    """How many of an article, or None: who orders none, minus two or "some" is asked by a person, and not told one."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,5}", value.strip(), re.ASCII):
        value = int(value)
    return value if type(value) is int and 0 < value < _MOST_OF_ONE else None


def opt_out_type(parameters):
    """``STOP``, ``START`` or ``HELP`` where the customer wrote one of the keywords of a messaging service, else None.

    Twilio has answered it already, and put the number on its list or taken it off. ``INFO`` and ``YES`` are such words,
    too: only who was written to no more has asked for messages by ``START``, and who wants help is a customer.
    https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out
    """
    kind = parameters.get("OptOutType")
    return kind.upper() if isinstance(kind, str) and kind.upper() in ("STOP", "START", "HELP") else None


def first(parameters, name):
    """A parameter of `raw_parameters` as text, also where it came more than once or not at all."""
    value = parameters.get(name) or ""
    return value[0] if isinstance(value, list) else value


def written_at(parameters):
    """When the customer wrote a message, in naive UTC, or None where nothing says it in a form that can be read.

    Webhooks do not; what was found at Twilio has ``DateSent``. A moment before WhatsApp was there is none.
    """
    try:
        moment = datetime.fromisoformat(first(parameters, "DateSent")).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return moment if moment >= _FIRST_MOMENT else None
