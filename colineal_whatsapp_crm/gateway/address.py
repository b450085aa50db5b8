"""WhatsApp addresses as Twilio writes them, and phone numbers as people do."""

import re
from urllib.parse import urlsplit

import phonenumbers

#: Twilio's prefix of every WhatsApp address.
CHANNEL = "whatsapp:"
_MAX_DIGITS = 15  # E.164


def strip_channel(address: str) -> str:
    """``whatsapp:+593…`` → ``+593…``; a scoped user id keeps its form (``EC.A1b2…``)."""
    return address.strip().removeprefix(CHANNEL).strip()


def to_e164(text: str, region: str | None = None) -> str | None:
    """The number in E.164 with the trunk and mobile prefixes that people add taken out, or None when it is none.

    `region` (ISO code) is the country of numbers written without one.
    ``+5930987654321`` and ``0987654321`` (region EC) → ``+593987654321``.
    """
    text = strip_channel(text)
    if not re.fullmatch(r"\+?[\d\s().\-/]+", text) or not 5 <= len(re.sub(r"\D", "", text)) <= _MAX_DIGITS:
        return None
    try:
        number = phonenumbers.parse(text, region or None)  # a company without a country has a false one
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def to_international(e164: str) -> str:
    """An E.164 number as people read it: ``+593987654321`` → ``+593 98 765 4321``."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def region_of(e164: str) -> str | None:
    """ISO code of the country a number belongs to, or None."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(e164))
    except phonenumbers.NumberParseException:
        return None


def mask(address: str) -> str:
    """An address fit for a log: enough to tell two apart when helping someone, not enough to call anybody."""
    bare = strip_channel(address)
    return f"{bare[:4]}…{bare[-2:]}" if len(bare) > 8 else "…"


def is_whatsapp(address: str) -> bool:
    """Whether a message came by WhatsApp. An SMS to the same number comes from ``+593…``, others name their channel."""
    return address.strip().startswith(CHANNEL)


def is_web_address(text: str) -> bool:
    """Whether this is scheme and host of a web server, with a port or a path maybe, and nothing else.

    ``https://odoo.example.com`` is; ``http://[::1`` and ``https://a b`` are not.
    """
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    extra = parts.query or parts.fragment or parts.username or parts.password
    return parts.scheme in ("http", "https") and bool(host) and not extra and not re.search(r"[\s<>\"\\]", text)
