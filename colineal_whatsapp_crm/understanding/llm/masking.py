"""Numbers that are nobody else's business: identity and payment cards, masked before a text leaves the house.

Only numbers whose check digits are right are masked, so that budgets, phones and measures stay readable.
"""

import re

from stdnum import luhn
from stdnum.ec import ci, ruc

_LONG_NUMBER = re.compile(r"(?<![\w@.])\d(?:[ .-]?\d){9,18}(?![\w@])")

CARD, IDENTITY = "[card]", "[identity]"


def mask(text: str) -> str:
    """The text with valid payment card numbers (13 to 19 digits), cédulas and RUCs of Ecuador replaced."""
    return _LONG_NUMBER.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match.group())
    if 13 <= len(digits) <= 19 and luhn.is_valid(digits):
        return CARD
    if (len(digits) == 10 and ci.is_valid(digits)) or (len(digits) == 13 and ruc.is_valid(digits)):
        return IDENTITY
    return match.group()
