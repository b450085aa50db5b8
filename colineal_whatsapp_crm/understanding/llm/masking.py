"""Numbers that are nobody else's business: of identity, payment cards and accounts, masked before a text leaves the house.

A card or an identity number is known by its check digits, so that budgets, phones and measures stay readable; a
passport, an account or a secret code by the word before it. People write digits in groups, in other scripts and full
width, and with anything between them.
"""

import re
import unicodedata

from stdnum import luhn
from stdnum.ec import ci, ruc
from stdnum.iso7064 import mod_97_10

CARD, IDENTITY, PASSPORT, ACCOUNT, CODE = "[card]", "[identity]", "[passport]", "[account]", "[code]"

#: Digits in groups, with up to four signs or blanks between two of them.
_NUMBER = re.compile(r"\d+(?:[\s.,/\\|:;_·•*‐-―−-]{1,4}\d+)*")
_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,3})?\b")
#: A cue, up to four short words or signs, and what they announce.
_BETWEEN = r"(?:[\s:.#º°-]{1,3}(?:[^\W\d]{1,12}\b)?){0,4}[\s:.#º°-]{0,3}"
_CUES = (
    (PASSPORT, re.compile(rf"\b(?:pasaporte|passaporte|passport){_BETWEEN}(?P<secret>[a-z]{{0,3}}\d{{5,9}})\b", re.I)),
    (ACCOUNT, re.compile(rf"\b(?:cuenta|cta|conta|account){_BETWEEN}(?P<secret>\d[\d -]{{6,30}}\d)\b", re.I)),
    (CODE, re.compile(rf"\b(?:cvv2?|cvc2?|clave|pin|contraseña|password|senha|seguridad){_BETWEEN}(?P<secret>\d{{3,8}})\b", re.I)),
)  # fmt: skip

#: Payment cards: how many digits they have, with what they begin, and the groups they are written in.
#: https://www.iso.org/standard/70484.html (ISO/IEC 7812)
_CARD_LENGTHS, _CARD_BEGINS = range(13, 20), "23456"
#: A number of the most digits, each a group with the most between it and the next.
_LONGEST_WRITTEN = 19 + 18 * 4
_CARD_GROUPS = ((4, 4, 4, 4, 3), (4, 4, 4, 4), (4, 4, 4, 1), (4, 6, 5), (4, 6, 4), (4, 4, 5), (6, 13), (6, 10), (8, 8))


def mask(text: str) -> str:
    """The text, its digits in ASCII, with numbers of payment cards, accounts, passports and identity replaced.

    Of identity those of Ecuador: cédula and RUC.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(_plain(char) for char in text if unicodedata.category(char) != "Cf")
    text = _IBAN.sub(lambda found: ACCOUNT if _is_iban(found.group()) else found.group(), text)
    text = _NUMBER.sub(lambda found: _mask_number(found, text), text)
    for label, pattern in _CUES:
        text = pattern.sub(lambda found, label=label: found.group().replace(found["secret"], label), text)
    return text


def _is_iban(text: str) -> bool:
    letters = re.sub(r"[ -]", "", text)
    return mod_97_10.is_valid(letters[4:] + letters[:4])


def _plain(char: str) -> str:
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def _mask_number(found: re.Match[str], text: str) -> str:
    """Digits in groups, with each part that is a secret number replaced."""
    # The part of an e-mail address: without it, nobody is found by it.
    if text[found.end() : found.end() + 1] == "@" or (found.start() and text[found.start() - 1] == "@"):
        return found.group()
    written = found.group()
    groups = list(re.finditer(r"\d+", written))
    masked, at, first = "", 0, 0
    while first < len(groups):
        last, label = _find_secret(groups, first)
        if label:
            masked += written[at : groups[first].start()] + label
            at = groups[last].end()
        first = last + 1
    return masked + written[at:]


def _find_secret(groups: list[re.Match[str]], first: int) -> tuple[int, str]:
    """The last of the groups that make a secret number with this one, and its kind; this one and nothing otherwise."""
    if first == 0 and groups[-1].end() - groups[0].start() <= _LONGEST_WRITTEN:
        digits = "".join(group.group() for group in groups)
        if label := _kind_of(digits, True):
            return len(groups) - 1, label
    for sizes in _CARD_GROUPS:
        window = groups[first : first + len(sizes)]
        if tuple(len(group.group()) for group in window) == sizes and (
            label := _kind_of("".join(group.group() for group in window), False)
        ):
            return first + len(sizes) - 1, label
    return first, _kind_of(groups[first].group(), True)


def _kind_of(digits: str, may_be_identity: bool) -> str:
    if len(digits) in _CARD_LENGTHS and digits[0] in _CARD_BEGINS and len(set(digits)) > 1 and luhn.is_valid(digits):
        return CARD
    if may_be_identity and (
        (len(digits) == 10 and ci.is_valid(digits)) or (len(digits) == 13 and ruc.is_valid(digits))
    ):
        return IDENTITY
    return ""
