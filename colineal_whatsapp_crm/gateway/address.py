"""WhatsApp addresses as Twilio writes them, and phone numbers as people do."""

import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

import phonenumbers

from ..lib.text import storable

#: Twilio's prefix of every WhatsApp address.
CHANNEL = "whatsapp:"
#: No country has this code, and none will get it: the simulator's numbers. https://www.itu.int/pub/T-SP-E.164D
NOWHERE = "+999"
#: No country has this code either: the simulator's scoped ids. https://www.iso.org/glossary-for-iso-3166.html
NOBODY = "ZZ."
_MAX_DIGITS = 15  # E.164

#: Nobody pastes a longer number, link included.
_LONGEST = 200
#: Links that open a chat with a number: https://faq.whatsapp.com/5913398998672934
_LINK = re.compile(
    r"(?:https?://)?(?:www\.)?(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?(?:[^#]{0,99}&)?phone=)"
    r"(?:\+|%2B)?(?P<digits>\d{5,15})(?:[/?&#].*)?",
    re.IGNORECASE | re.DOTALL,
)
#: https://www.rfc-editor.org/rfc/rfc3966
_TEL = re.compile(r"tel:(?://)?([^;?]*).*", re.IGNORECASE | re.DOTALL)
_BRACKETED = re.compile(r"^\(\+(\d{1,3})\)")
#: The international prefix that most of the world dials, and the trunk zero that is written for callers at home.
_DIALLED, _TRUNK = re.compile(r"\(?00\)?[\s.\-]*(?=[1-9])"), re.compile(r"(?<=\d)[\s.\-]*\(0\)")

#: Countries where one number is written with a digit or without it, in E.164, as it was dialled before and is now.
#: https://en.wikipedia.org/wiki/Telephone_numbers_in_Mexico and …_in_Brazil, …_in_Argentina
_VARIANTS = (
    (re.compile(r"\+521(\d{10})"), r"+52\1"),
    (re.compile(r"\+52(\d{10})"), r"+521\1"),
    (re.compile(r"\+55(\d\d)9([6-9]\d{7})"), r"+55\1\2"),
    (re.compile(r"\+55(\d\d)([6-9]\d{7})"), r"+55\g<1>9\2"),
    (re.compile(r"\+549(\d{10})"), r"+54\1"),
    (re.compile(r"\+54([1-8]\d{9})"), r"+549\1"),
)
#: What all numbers begin with that have another form, and at least how many of their last digits all forms share.
PREFIXES_OF_VARIANTS, SHARED_DIGITS = ("+52", "+54", "+55"), 8

#: How WhatsApp names people by a scoped id: a country, ``ENT`` where several portfolios of one company share the id, and
#: letters and digits. Signs that are none today are taken as well: what is odd only must not be everybody's.
#: https://developers.facebook.com/docs/whatsapp/business-scoped-user-ids
_SCOPED = re.compile(r"[A-Za-z]{2}\.(?P<parent>ENT\.)?[!-~]+")
_DIGITS = re.compile(r"\+?\d{5,15}")
#: Longer addresses are nobody's, and would fit no index: of these a part and a digest are kept.
_LONGEST_ADDRESS, _LONGEST_PART = 200, 100


@dataclass(frozen=True, slots=True)
class Address:
    """One way to tell, and maybe to reach, somebody.

    kind
        ``number``, ``scoped`` (a user id of this business), ``parent`` (one of all businesses of one owner) or ``other``:
        an SMS, say, or an id in a form that nobody knows.
    value
        as Twilio writes it, to send to.
    key
        what it is matched by: a number's other forms have the same.
    phone
        the number in E.164 where it is one, else None.
    """

    kind: str
    value: str
    key: str
    phone: str | None = None


def parse_address(text: str) -> Address:
    """What an address is: ``whatsapp:+593…``, ``whatsapp:EC.A1b2…``, ``+593…`` of an SMS, or anything else."""
    value = bound_address(text)
    bare = strip_channel(value)
    if not is_whatsapp(value):
        return Address("other", value, value, to_e164(bare))
    if phone := to_e164(bare):
        return Address("number", value, f"{CHANNEL}{get_key_number(phone)}", phone)
    if _DIGITS.fullmatch(bare):
        return Address("number", value, f"{CHANNEL}+{bare.lstrip('+')}")
    if scoped := _SCOPED.fullmatch(bare):
        return Address("parent" if scoped["parent"] else "scoped", value, f"{CHANNEL}{bare}")
    return Address("other", value, value)


def bound_address(text: str) -> str:
    """An address that can be stored and found, however long or odd it is; one that is neither stays as it is."""
    text = text.strip()
    if text.isprintable() and len(text) <= _LONGEST_ADDRESS:
        return text
    shown = "".join(char if char.isprintable() else "\ufffd" for char in storable(text)[:_LONGEST_PART])
    return f"{shown}…{sha256(text.encode(errors='replace')).hexdigest()[:32]}"


def strip_channel(address: str) -> str:
    """``whatsapp:+593…`` → ``+593…``; a scoped user id keeps its form (``EC.A1b2…``)."""
    return address.strip().removeprefix(CHANNEL).strip()


def clean_number(text: str) -> str:
    """A number as people paste it, with what it is made of alone: digits, signs between them, ``+`` for a country.

    Marks that nobody sees, other hyphens and blanks, ``tel:``, ``wa.me/`` and ``00`` are taken out or put in their usual
    form. What is no number comes back with whatever is in it.
    """
    # What is longer is none, and would only cost time.
    text = unicodedata.normalize("NFKC", text[:_LONGEST])
    text = "".join(_PLAIN.get(unicodedata.category(char), char) for char in text).replace("\u2212", "-").strip()
    text = _BRACKETED.sub(r"+\1", strip_channel(text))
    if link := _LINK.fullmatch(text):
        return f"+{link['digits']}"
    if tel := _TEL.fullmatch(text):
        text = tel[1].strip()
    text = _DIALLED.sub("+", text, count=1) if _DIALLED.match(text) else text
    return _TRUNK.sub("", text, count=1) if text.startswith("+") else text


#: By Unicode category: what formats is not there, any blank is one, any hyphen is one.
_PLAIN = {"Cf": "", "Zs": " ", "Pd": "-"}


def to_e164(text: str, region: str | None = None) -> str | None:
    """The number in E.164 with the trunk and mobile prefixes that people add taken out, or None when it is none.

    `region` (ISO code) is the country of numbers written without one.
    ``+5930987654321``, ``00593987654321`` and ``0987654321`` (region EC) → ``+593987654321``.
    """
    text = clean_number(text)
    if not re.fullmatch(r"\+?[\d\s().\-/]+", text) or not 5 <= len(re.sub(r"\D", "", text)) <= _MAX_DIGITS:
        return None
    number = _parse(text, region or None)  # a company without a country has a false one
    if not text.startswith("+") and not (number and phonenumbers.is_valid_number(number)):
        # With a country, and without its sign.
        abroad = _parse("+" + text, None)
        number = abroad if abroad and phonenumbers.is_valid_number(abroad) else number
    return number and phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_known_range(e164: str) -> bool:
    """Whether a number in E.164 is in a range that its country's numbering plan has given out."""
    number = _parse(e164, None)
    return bool(number) and phonenumbers.is_valid_number(number)


def can_exist(e164: str) -> bool:
    """Whether a number in E.164 may be somebody's, though the tables may not know its range yet.

    ``+10987001122`` cannot: a number of Ecuador as it is dialled there, taken for one of the United States.
    """
    if is_known_range(e164):
        return True
    # No range begins with the zero that is dialled before it at home.
    number = _parse(e164, None)
    return (
        bool(number)
        and phonenumbers.is_possible_number(number)
        and not phonenumbers.national_significant_number(number).startswith("0")
    )


def _parse(text, region):
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def get_candidates(e164: str) -> tuple[str, ...]:
    """The forms in which other records may have a number, itself first; see `_VARIANTS`.

    ``+5491123456789`` → itself and ``+541123456789``. To look people up by; answers go to the address as it came.
    """
    others = (pattern.sub(form, e164) for pattern, form in _VARIANTS if pattern.fullmatch(e164))
    return (e164, *others)


def get_key_number(e164: str) -> str:
    """The one form that stands for all of `get_candidates`: the shortest. To find a person by, never to write to."""
    return min(get_candidates(e164), key=lambda form: (len(form), form))


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
    # Strangers name numbers, too: nothing of them may begin a line of its own, or colour one.
    shown = f"{bare[:4]}…{bare[-2:]}" if len(bare) > 8 else "…"
    return shown if shown.isprintable() else "…"


def is_whatsapp(address: str) -> bool:
    """Whether a message came by WhatsApp. An SMS to the same number comes from ``+593…``, others name their channel."""
    return address.strip().startswith(CHANNEL)


def shorten(address: str) -> str:
    """An address as people see it: a number as it is read, of a long id its beginning and end."""
    bare = strip_channel(address)
    if phone := to_e164(bare):
        return to_international(phone)
    return f"{bare[:10]}…{bare[-4:]}" if len(bare) > 18 else bare


#: Words with which people tell their own number, as `understanding.text.fold` leaves them.
_OWN_NUMBER = re.compile(
    r"\b(?:mi|my|meu|al|me)\b[^.\n]{0,20}?\b(?:numero|nro|cel|celular|telefono|fono|whatsapp|phone|number|telefone)\b"
)
_LONGEST_TOLD = 500


def find_number(text: str, regions=()) -> str | None:
    """The first telephone number in words, in E.164; None where there is none, or several different ones.

    regions
        ISO codes of the countries that a number without one may be of, the likeliest first.
    """
    text = text[:_LONGEST_TOLD]
    for region in dict.fromkeys([*regions, None]):
        matches = phonenumbers.PhoneNumberMatcher(text, region)
        found = {phonenumbers.format_number(each.number, phonenumbers.PhoneNumberFormat.E164) for each in matches}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def tells_own_number(folded: str) -> bool:
    """Whether words say that a number in them is the writer's own: *mi celular es …*."""
    return bool(_OWN_NUMBER.search(folded[:_LONGEST_TOLD]))


def get_region(address: str) -> str | None:
    """The country that a scoped id begins with, ISO code in capitals, or None for what is no id."""
    parsed = parse_address(address)
    return strip_channel(address)[:2].upper() if parsed.kind in ("scoped", "parent") else None


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
