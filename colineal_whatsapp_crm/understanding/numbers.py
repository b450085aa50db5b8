"""Numbers as people write them, in digits (`1.500,00`, `2k`, `2 mil 500`) and in words of three languages."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from .text import Text, sound

_UNITS = {
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10, "once": 11,
    "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "diecisiete": 17, "dieciocho": 18,
    "diecinueve": 19, "veinte": 20, "veintiun": 21, "veintiuno": 21, "veintidos": 22, "veintitres": 23,
    "veinticuatro": 24, "veinticinco": 25, "veintiseis": 26, "veintisiete": 27, "veintiocho": 28, "veintinueve": 29,
    "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90,
    "cien": 100, "ciento": 100, "doscientos": 200, "trescientos": 300, "cuatrocientos": 400, "quinientos": 500,
    "seiscientos": 600, "setecientos": 700, "sietecientos": 700, "ochocientos": 800, "novecientos": 900,
    "nuevecientos": 900, "doscientas": 200, "trescientas": 300, "quinientas": 500, "cincocientos": 500,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
    "dois": 2, "duas": 2, "quatro": 4, "sete": 7, "oito": 8, "nove": 9, "dez": 10, "onze": 11, "doze": 12, "treze": 13,
    "quatorze": 14, "vinte": 20, "trinta": 30, "quarenta": 40, "cinquenta": 50, "sessenta": 60, "oitenta": 80,
    "cem": 100, "cento": 100, "duzentos": 200, "trezentos": 300, "quatrocentos": 400, "quinhentos": 500,
    "seiscentos": 600, "setecentos": 700, "oitocentos": 800, "novecentos": 900,
}  # fmt: skip
_SINGLE = {"un": 1, "uno": 1, "una": 1, "one": 1, "um": 1, "a": 1}
_HUNDREDS = frozenset(("cientos", "cientas", "hundred", "hundreds"))
_THOUSAND = frozenset(("mil", "thousand", "miles"))
_MILLION = frozenset(("millon", "millones", "million", "milhao", "milhoes"))
_COLLECTIVE = frozenset("par couple millar".split())
_AND = frozenset(("y", "e", "and", "i"))
#: Written by ear: `sinco`, `treszientos`. *Siento* is not a hundred.
_BY_EAR = {sound(word): value for word, value in _UNITS.items() if len(word) >= 5}
_NOT_NUMBERS = frozenset(("siento", "sienta", "sentar", "sento", "nuevo", "nova", "novo", "nueva", "vienes", "setas"))

_RESTS = frozenset("pico piquito picos piquillo pucho puchito ish".split())
_RESTS_AFTER_AND = frozenset("algo tantos tantas punta fraccion something change pouco poucos tanto pocos".split())
_NOTES = frozenset("billete billetes billetitos billetito bills bill notas nota".split())
MONEY_WORDS = frozenset("dolares dolar dolarito dolaritos dolarcitos dollar dollars bucks usd latas".split())
_GROUPED = re.compile(r"\d{1,3}(?:[.,']\d{3})+(?:[.,]\d{1,2})?")
_DECIMAL = re.compile(r"\d+[.,]\d{1,2}")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: tokens `first` up to `last`, a currency sign or word included.

    money: a currency was written. code: not a quantity of anything (phone, date, order). thousands: *mil* was said.
    fraction: it was written with decimals that are not cents.
    """

    value: float
    first: int
    last: int
    money: bool = False
    code: bool = False
    thousands: bool = False
    fraction: bool = False


def find_numbers(text: Text) -> list[Number]:
    numbers: list[Number] = []
    index, count = 0, len(text)
    while index < count:
        found = None
        if text.tokens[index].kind == "number":
            found = _digits(text, index)
        elif _begins_number(text.norms[index]):
            found = _pair_of(text, index) or _in_words(text, index)
        if found is None:
            index += 1
            continue
        found = _in_notes(text, _with_currency(text, _roughly(text, found)))
        if not (found.code or found.money) and _goes_on(text, index, numbers):
            found = replace(found, code=True)
        numbers.append(found)
        index = max(found.last, index + 1)
    return numbers


def _goes_on(text: Text, index: int, numbers: list[Number]) -> bool:
    """The `654` of `0987 654 321`, the `593` of `+593`: digits that only carry on a code."""
    if text.tokens[index].kind != "number" or not index:
        return False
    at = index - 1
    if text.norms[at] == "+" and text.tokens[at].end == text.tokens[index].start:
        return True
    at -= text.norms[at] in ("-", "–", ".", ")")
    return bool(numbers) and numbers[-1].code and numbers[-1].last == at + 1


def _digits(text: Text, index: int) -> Number:
    written = text.norms[index]
    value, code, fraction = _value(written)
    last = index + 1
    thousands = False
    if last < len(text):
        suffix, raw = text.norms[last], text.tokens[last].raw
        if suffix in _THOUSAND or (raw in ("k", "K") and not code):
            value, last, thousands, fraction = value * 1000, last + 1, True, False
            rest = _digits(text, last) if last < len(text) and text.tokens[last].kind == "number" else None
            if raw not in ("k", "K") and rest and not rest.code and 100 <= rest.value < 1000 and not rest.thousands:
                value, last = value + rest.value, rest.last
        elif suffix in _MILLION:
            value, last = value * 1_000_000, last + 1
        elif suffix in _HUNDREDS and value < 10:
            value, last = value * 100, last + 1
        elif _spaced_group(text, index):
            value, last = value * 1000 + int(text.norms[last]), last + 1
        elif text.norms[last] in (":", "/", "-", "@") and _glued(text, index):
            # 18:30, 12/05, 2-3456 without blanks; a range of prices has two plain numbers.
            code = code or not (_plain_range(text, index) or text.norms[last + 1] == "ish")
    if not code and _glued_before(text, index):
        code = True
    return Number(value, index, last, code=code, thousands=thousands, fraction=fraction)


def _value(written: str) -> tuple[float, bool, bool]:
    """The value of digits, whether they are a code, and whether they have a fraction."""
    if written.isdigit():
        return float(int(written)), len(written) > 6 or (written[0] == "0" and len(written) > 1), False
    if _GROUPED.fullmatch(written) and written[0] != "0":
        whole = re.sub(r"[.,]\d{1,2}$", "", written) if not re.search(r"[.,']\d{3}$", written) else written
        return float(re.sub(r"\D", "", whole)), False, False
    if _DECIMAL.fullmatch(written):
        value = float(written.replace(",", "."))
        return value, False, not written.endswith(("00", ".0", ",0"))
    return 0.0, True, False


def _spaced_group(text: Text, index: int) -> bool:
    """`1 500` is one number when a currency stands beside it."""
    first, second = text.tokens[index], text.tokens[index + 1]
    if not (first.norm.isdigit() and len(first.norm) <= 3 and second.norm.isdigit() and len(second.norm) == 3):
        return False
    before = text.norms[index - 1] if index else ""
    after = text.norms[index + 2] if index + 2 < len(text) else ""
    return second.start - first.end == 1 and (before == "$" or after == "$" or after in MONEY_WORDS)


def _glued(text: Text, index: int) -> bool:
    """Whether a sign follows without a blank and a number or letter follows the sign without a blank."""
    if index + 2 >= len(text):
        return False
    first, sign, second = text.tokens[index], text.tokens[index + 1], text.tokens[index + 2]
    return first.end == sign.start and sign.end == second.start and second.kind in ("number", "word")


def _plain_range(text: Text, index: int) -> bool:
    sign, second = text.norms[index + 1], text.tokens[index + 2]
    after = text.norms[index + 3] if index + 3 < len(text) else ""
    if sign not in ("-", "/") or second.kind != "number" or after in ("-", "/"):
        return False
    low, high = _value(text.norms[index]), _value(second.norm)
    return not low[1] and not high[1] and (low[0] >= 50 or (low[0] < high[0] and after in _THOUSAND))


def _glued_before(text: Text, index: int) -> bool:
    """The `30` of `18:30`, the `120` of `E4-120`, the digits of `N35`."""
    if index == 0:
        return False
    token, before = text.tokens[index], text.tokens[index - 1]
    if before.end != token.start:
        return False
    if before.kind == "word":
        return not (before.norm in MONEY_WORDS or before.norm in ("us", "a", "de"))
    if before.norm in (":", "/", "-", "–") and index >= 2:
        earlier = text.tokens[index - 2]
        if earlier.end != before.start:
            return False
        if earlier.kind == "word":
            return before.norm != ":" and not (earlier.raw in ("k", "K") and text.tokens[index - 3].kind == "number")
        return earlier.kind == "number" and not _plain_range(text, index - 2)
    return False


def _in_words(text: Text, index: int) -> Number | None:
    """A number in words that begins here: `dos mil quinientos`, `ciento ochenta`, `two hundred and fifty`."""
    total = current = 0
    magnitude = 10**9
    thousands = False
    at = index
    while at < len(text):
        word = text.norms[at]
        following = text.norms[at + 1] if at + 1 < len(text) else ""
        value = None if word == "ciento" and at and text.norms[at - 1] == "por" else _word_value(word)
        glued = _glued_thousand(word) if at == index else None
        if glued is not None:
            total, current, magnitude, thousands = (
                glued // 1000 * 1000,
                glued % 1000,
                100 if glued % 1000 else 1000,
                True,
            )
        elif word in _SINGLE and at == index:
            if (following not in _THOUSAND and following != "hundred") or (word == "a" and following == "mil"):
                return None
            current = 1
        elif word in _SINGLE and word != "a" and magnitude in (10, 20, 30, 40, 50, 60, 70, 80, 90):
            current, magnitude = current + 1, 1
        elif value is not None and value < magnitude and not (magnitude < 20 <= 100):
            current += value
            magnitude = value if value < 100 or value % 100 else 100
        elif word in _HUNDREDS and 0 < current < 10:
            current, magnitude = current * 100, 100
        elif word in _THOUSAND and not thousands and (current or word == "mil"):
            total, current, magnitude, thousands = max(current, 1) * 1000, 0, 1000, True
        elif word in _MILLION and current:
            total, current, magnitude = current * 1_000_000, 0, 10**6
        elif (
            thousands
            and not current
            and text.tokens[at].kind == "number"
            and word.isdigit()
            and 100 <= int(word) < 1000
        ):
            total, at = total + int(word), at + 1
            break
        elif word in _AND and at > index and (_word_value(following) is not None or following in _SINGLE):
            step = _word_value(following) or 1
            tens = 20 <= magnitude < 100 and step < 10
            # `dos mil y quinientos` is said; `cien y doscientos` are two numbers.
            if not tens and not (word != "y" and step < magnitude):
                break
        else:
            break
        at += 1
    if at == index or not (total + current):
        return None
    if text.norms[at - 1] in _AND:
        at -= 1
    return Number(float(total + current), index, at, thousands=thousands)


def _pair_of(text: Text, index: int) -> Number | None:
    """*un par de cientos*, *a couple hundred*, *un millar*"""
    words = text.norms[index : index + 5]
    if words and words[0] in _SINGLE:
        index, words = index + 1, words[1:]
    if words[:1] == ["millar"]:
        return Number(1000.0, index, index + 1, thousands=True)
    if words[:1] not in (["par"], ["couple"]):
        return None
    at = 2 if words[1:2] in (["de"], ["of"]) else 1
    unit = words[at] if at < len(words) else ""
    if unit in _HUNDREDS | _THOUSAND:
        return Number(200.0 if unit in _HUNDREDS else 2000.0, index, index + at + 1, thousands=unit in _THOUSAND)
    return None


@lru_cache(maxsize=4096)
def _begins_number(word: str) -> bool:
    known = word in _COLLECTIVE or word in _SINGLE or word in _THOUSAND or _word_value(word) is not None
    return known or _glued_thousand(word) is not None


def _word_value(word: str) -> int | None:
    value = _UNITS.get(word)
    if value is None and len(word) >= 5 and word not in _NOT_NUMBERS:
        value = _BY_EAR.get(sound(word))
    return value


def _glued_thousand(word: str) -> int | None:
    """`dosmil`, `milquinientos`"""
    if len(word) > 5 and word.endswith("mil") and word[:-3] in _UNITS:
        return _UNITS[word[:-3]] * 1000
    return 1000 + _UNITS[word[3:]] if len(word) > 5 and word.startswith("mil") and word[3:] in _UNITS else None


def _roughly(text: Text, number: Number) -> Number:
    """*300 y pico*, *mil y algo*, *500ish*: the sum said, and the small rest left open; *mil y medio* is 1500."""
    last = number.last
    if number.thousands and text.norms[last : last + 2] in (["y", "medio"], ["e", "meio"]):
        return replace(number, value=number.value + 500, last=last + 2)
    if text.norms[last : last + 2] == ["-", "ish"]:
        return replace(number, last=last + 2)
    skip = 1 if text.norms[last : last + 1] in (["y"], ["e"], ["and"], ["i"], ["con"]) else 0
    if text.norms[last + skip : last + skip + 1] == ["un"]:
        skip += 1
    at = last + skip
    rest = text.norms[at] if at < len(text) else ""
    if rest in _RESTS or (skip and rest in _RESTS_AFTER_AND) or (rest in ("odd", "something") and number.value >= 20):
        return replace(number, last=at + 1)
    return number


def _in_notes(text: Text, number: Number) -> Number:
    """*5 billetes de 100*: so many notes of so much."""
    at = number.last
    if number.money or number.code or not 1 <= number.value <= 500:
        return number
    if at + 2 >= len(text) or text.norms[at] not in _NOTES or text.norms[at + 1] not in ("de", "of"):
        return number
    at += 3 if text.norms[at + 2] in ("a", "los") and at + 3 < len(text) else 2
    each = _digits(text, at) if text.tokens[at].kind == "number" else _in_words(text, at)
    if each is None or each.code or each.value not in (1, 2, 5, 10, 20, 50, 100):
        return number
    last = _with_currency(text, each).last
    return Number(number.value * each.value, number.first, last, money=True)


def _is_currency(word: str) -> bool:
    """`dolares`, however it is misspelt."""
    return word in MONEY_WORDS or (
        len(word) > 4 and word.startswith(("do", "dl")) and OSA.distance(word, "dolares", score_cutoff=2) <= 2
    )


def _with_currency(text: Text, number: Number) -> Number:
    first, last, money = number.first, number.last, False
    before = text.norms[first - 1] if first else ""
    if before == "$" or before in ("dolares", "usd"):
        money, first = True, first - 1
        if before == "$" and first and text.norms[first - 1] in ("us", "usd", "dolares"):
            first -= 1
    after = text.norms[last] if last < len(text) else ""
    if (
        after == "$" and not (last + 1 < len(text) and text.tokens[last + 1].kind == "number" and not money)
    ) or _is_currency(after):
        money, last = True, last + 1
    elif after in ("de", "us") and last + 1 < len(text) and text.norms[last + 1] in (*MONEY_WORDS, "$"):
        money, last = True, last + 2
    return Number(number.value, first, last, money, number.code, number.thousands, number.fraction)
