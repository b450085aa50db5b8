"""Contact cards that customers send, as WhatsApp writes them: https://www.rfc-editor.org/rfc/rfc2426

Read here and not by `vobject`, which writes each line that it cannot read into the log: names and numbers of strangers.
"""

import quopri
import re

from .display_text import clean

#: Types of files that are contact cards: https://www.iana.org/assignments/media-types
CARD_TYPES = ("text/vcard", "text/x-vcard", "text/directory")

#: A card with a photo in it may be larger; it is looked at no further than this.
_MOST_BYTES, _MOST_LINES, _LONGEST_LINE = 1024 * 1024, 2_000, 1_000
_MOST_CARDS, _MOST_VALUES = 10, 5
_FOLD = re.compile(r"\r?\n[ \t]")
#: ``item1.TEL;waid=593987654321;type=CELL`` in front of the colon.
_LINE = re.compile(r"(?:[\w-]{1,40}\.)?(?P<name>[A-Za-z]{1,20})(?P<parameters>;[^:]*)?:(?P<value>.*)", re.ASCII)
_WHATSAPP_ID = re.compile(r";waid=(\d{5,15})(?:;|$)", re.IGNORECASE | re.ASCII)
_QUOTED = re.compile(r";(?:encoding=)?quoted-printable(?:;|$)", re.IGNORECASE)
_SHOWN = {"FN": "name", "N": "parts", "ORG": "organization", "TEL": "phones", "EMAIL": "emails"}
_UNESCAPED = {"\\n": " ", "\\N": " ", "\\,": ",", "\\;": ";", "\\:": ":", "\\\\": "\\"}
_ESCAPES = re.compile(r"\\[nN,;:\\]")


def read_cards(data):
    """The people on contact cards, as dicts of texts fit to be shown; empty where nothing can be read.

    data
        the file as bytes, which a stranger wrote.

    Each has ``name``, ``organization``, ``phones`` and ``emails`` (lists), and ``whatsapp`` (list): those of the numbers
    that WhatsApp says are on it, as ``+`` and digits.
    """
    text = _FOLD.sub("", data[:_MOST_BYTES].decode("utf-8", "replace"))
    cards, card = [], None
    for line in text.splitlines()[:_MOST_LINES]:
        # A photo is one long line.
        match = _LINE.fullmatch(line) if len(line) <= _LONGEST_LINE else None
        if not match:
            continue
        name, parameters, value = match["name"].upper(), match["parameters"] or "", match["value"].strip()
        if (name, value.upper()) == ("BEGIN", "VCARD"):
            card = {"name": "", "parts": "", "organization": "", "phones": [], "emails": [], "whatsapp": []}
        elif name == "END" and card:
            cards += _finish(card)
            card = None
        elif card and name in _SHOWN:
            _add(card, _SHOWN[name], parameters, value)
        if len(cards) == _MOST_CARDS:
            break
    return cards


def _add(card, place, parameters, value):
    if _QUOTED.search(parameters):
        value = quopri.decodestring(value.encode("ascii", "replace")).decode("utf-8", "replace")
    if place == "phones" and (number := _WHATSAPP_ID.search(parameters)):
        _append(card["whatsapp"], f"+{number[1]}")
    if place in ("phones", "emails"):
        _append(card[place], _unescape(re.sub(r"^(?:tel|mailto):", "", value, flags=re.IGNORECASE)))
    elif not card[place]:
        parts = [_unescape(part) for part in re.split(r"(?<!\\);", value)]
        if place == "parts":
            # Family name, given name, more names.
            parts = [*parts[1:3], parts[0]]
        card[place] = clean(" ".join(filter(None, parts)) if place == "parts" else ", ".join(filter(None, parts)))


def _append(values, text):
    if text and text not in values and len(values) < _MOST_VALUES:
        values.append(text)


def _unescape(text):
    return clean(_ESCAPES.sub(lambda match: _UNESCAPED[match[0]], text))


def _finish(card):
    """The card in a list, where there is anything on it."""
    parts = card.pop("parts")
    card["name"] = card["name"] or parts
    # The number may stand in the line's parameters alone.
    card["phones"] = card["phones"] or list(card["whatsapp"])
    return [card] if any(card.values()) else []
