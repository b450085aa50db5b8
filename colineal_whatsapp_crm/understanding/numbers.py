"""Numbers as people write them: digits in groups (`1.500,00`, `1 500`, `1'500`), words of three languages, and mixtures.

    amount := step [and] step ...      each step of a lower scale: `2 mil | quinientos`, `un millon | dos mil | y uno`
    step   := group [and half] scale   `dos mil`, `2k`, `1,5 mil`, `two and a half thousand`
            | half scale               `medio millon`, `half a million`
            | scale | group            `mil`, `ciento ochenta`
    group  := digits | item [and] item ...        falling: hundreds, tens, ones
    item   := word | word hundred      `quinientos`, `cinco cientos`, `fifteen hundred`

A text becomes a list of atoms (`_lex`), which the grammar reads from left to right; each of its rules looks at a few
atoms only. A currency, a rest left open (`y pico`) and cents belong to the number beside them.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from .text import Text, Token, sound

# A value and its words: Spanish, Portuguese, English, and how they are misspelt where that is heard (`sound`) in none.
_SMALL_WORDS = """
1 un uno una um uma one
2 dos dois duas two
3 tres three
4 cuatro quatro four
5 cinco five
6 seis six ceis
7 siete sete seven
8 ocho oito eight
9 nueve nove nine
10 diez dez ten dies
11 once onze eleven onse
12 doce doze twelve dose twelv
13 trece treze thirteen
14 catorce catorze quatorze fourteen forteen
15 quince quinze fifteen fiveteen
16 dieciseis dezesseis dezasseis sixteen
17 diecisiete dezessete dezassete seventeen
18 dieciocho dezoito eighteen eightteen
19 diecinueve dezenove dezanove nineteen ninteen
20 veinte vinte twenty veynte
30 treinta trinta thirty treynta
40 cuarenta quarenta forty fourty
50 cincuenta cinquenta fifty cincoenta
60 sesenta sessenta sixty seisenta
70 setenta seventy
80 ochenta oitenta eighty eigthy
90 noventa ninety ninty
100 cien ciento cem cento sien
200 doscientos duzentos
300 trescientos trezentos
400 cuatrocientos quatrocentos
500 quinientos quinhentos quinhetos
600 seiscientos seiscentos
700 setecientos setecentos
800 ochocientos oitocentos
900 novecientos novecentos
"""
_SINGLES = frozenset("un uno una um uma one a".split())
_ENGLISH = frozenset(
    "two three four five six seven eight nine twenty thirty forty fifty sixty seventy eighty ninety".split()
)
_ENGLISH_SCALES = frozenset("thousand million".split())
_HUNDRED = frozenset("cientos cientas centos hundred hundreds hundread hunderd hundered".split())
#: *thousand* and *grand* need a number before them; *mil* is one by itself.
_MIL = frozenset("mil mill".split())
_THOUSAND = _MIL | frozenset("miles thousand thousands tousand thousend thousnd grand".split())
_MILLION = frozenset("millon millones million millions milhao milhoes milion miliones".split())
_HALF = frozenset("medio media meio meia half".split())
_AND = frozenset("y e i and".split())
_COUPLE = frozenset("par couple".split())
#: *siento* is not a hundred, however it sounds.
_NOT_NUMBERS = frozenset("siento sienta sentar sento nuevo nova novo nueva vienes setas".split())

_RESTS = frozenset("pico piquito picos piquillo pucho puchito ish".split())
_RESTS_AFTER_AND = frozenset("algo tantos tantas punta fraccion something change pouco poucos tanto pocos".split())
_NOTES = frozenset("billete billetes billetitos billetito bills bill notas nota".split())
_CENTS = frozenset("centavo centavos centavitos ctv ctvs cents cent centimos".split())
MONEY_WORDS = frozenset(
    "dolares dolar dolarito dolaritos dolarcitos dollar dollars bucks buck usd latas lucas euro euros euritos eur pesos pesitos "
    "soles reais reales pounds quid gbp brl cop mxn pen clp ars bolivares".split()
)
_SIGNS = frozenset("$ € £ ¥ ₡ ₲".split())
#: What stands glued before a sign or a figure: `US$ 500`, `R$1500`, `S/500`.
_SIGNED = frozenset("us usd u r s mx cop a c rd bs eur dolares es".split())

_GROUPS = re.compile(r"\d{1,3}(?:[.,']\d{3})+(?:[.,]\d{1,2})?")
_PLAIN_FIGURE = re.compile(r"\d+[.,](?:\d{1,2}|0{3})")
_DECIMALS = re.compile(r"\d{1,3}[.,]\d+")


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
    """Every number of a text, in the order they stand; linear in the text's length, and read once."""
    if text.numbers is None:
        text.numbers = _find_numbers(text)
    return text.numbers


def _find_numbers(text: Text) -> list[Number]:
    atoms = _lex(text)
    numbers: list[Number] = []
    at = 0
    while at < len(atoms):
        found, following = _couple(text, atoms, at) or _read(text, atoms, at) or (None, at + 1)
        if found is not None:
            number = _in_notes(text, atoms, following, _with_currency(text, _roughly(text, found)))
            number = _with_cents(text, number)
            if not (number.code or number.money) and _goes_on(text, found.first, numbers):
                number = replace(number, code=True)
            numbers.append(number)
            while following < len(atoms) and atoms[following].first < number.last:
                following += 1
        at = following
    return numbers


# Atoms


class _Atom(NamedTuple):
    """A token, or a part of one (`dosmil`), or several (`1 500`), as the grammar sees it.

    kind: small (a word below a thousand), digits, hundred, thousand, million, half, and, dash, code; or nothing of it.
    unit: of a small word: what stays open below it, 1 for nothing.
    """

    kind: str
    value: float
    first: int
    last: int
    word: str
    unit: int = 1
    fraction: bool = False


def _lex(text: Text) -> list[_Atom]:
    atoms: list[_Atom] = []
    at, count = 0, len(text)
    while at < count:
        token = text.tokens[at]
        last = at + 1
        if token.kind == "number":
            for atom in _digits(text, at):
                atoms.append(atom)
                last = atom.last
        elif token.kind == "word":
            if _is_kilo(text, at) and atoms[-1].kind == "digits":
                atoms.append(_Atom("thousand", 1000, at, last, "k"))
            elif parts := _word_parts(token.norm):
                atoms.extend(_Atom(kind, value, at, last, word, unit) for kind, value, word, unit in parts)
            else:
                atoms.append(_Atom("", 0, at, last, token.norm))
        else:
            dash = token.norm == "-" and _is_glued(text, at - 1, at) and _is_glued(text, at, at + 1)
            atoms.append(_Atom("dash" if dash else "", 0, at, last, token.norm))
        at = last
    return atoms


def _is_glued(text: Text, left: int, right: int) -> bool:
    return left >= 0 and right < len(text) and text.tokens[left].end == text.tokens[right].start


_Part = tuple[str, float, str, int]


@lru_cache(maxsize=4096)
def _word_parts(word: str) -> tuple[_Part, ...]:
    """What a word says, in parts: `dosmilquinientos` has three; nothing for other words."""
    if (part := _word_part(word)) is not None:
        return (part,)
    return _unglue(word) if 6 <= len(word) <= 60 else ()


def _word_part(word: str, spelt: bool = False) -> _Part | None:
    """spelt: only as it is in the tables."""
    if word in _AND:
        return "and", 0, word, 1
    if word in _HUNDRED:
        return "hundred", 100, word, 100
    if word in _THOUSAND:
        return "thousand", 1000, word, 1000
    if word in _MILLION:
        return "million", 1_000_000, word, 1_000_000
    if word in _HALF:
        return "half", 0, word, 1
    value = _SMALL.get(word)
    if value is None and not spelt and word not in _NOT_NUMBERS:
        value = (_BY_EAR.get(sound(word)) if len(word) >= 5 else None) or _misspelt(word)
    if value is not None:
        unit = 100 if value % 100 == 0 else 10 if value % 10 == 0 else 1
        return "small", value, word, unit
    return ("small", 1, "a", 1) if word == "a" else None


def _misspelt(word: str) -> int | None:
    """`quiñentos`, `cuatrocietos`: one letter amiss in a word so long that no other is near."""
    if len(word) < 9:
        return None
    return next((value for known, value in _LONG.items() if OSA.distance(word, known, score_cutoff=1) <= 1), None)


@lru_cache(maxsize=4096)
def _unglue(rest: str, after: str = "") -> tuple[_Part, ...]:
    """The parts of numbers written together, `treintaicinco`, if all of it is such.

    after: the kind of the part before; an *and* stands between two numbers only.
    """
    for length in range(min(len(rest), 14), 0, -1):
        part = _word_part(rest[:length], spelt=True)
        if part is None or part[0] == "half" or part[2] == "a" or (part[0] == "and" and after in ("", "and")):
            continue
        more = _unglue(rest[length:], part[0])
        if more or (length == len(rest) and after and part[0] != "and"):
            return part, *more
    return ()


def _digits(text: Text, at: int) -> Iterator[_Atom]:
    """The atoms of a row of figures, which a single blank of any width parts: `1 500`, `098 765 4321`."""
    run = at + 1
    while run < len(text) and run - at < 8 and _blank_between(text, run - 1, run):
        run += 1
    if (grouped := _spaced_groups(text, at, run)) is not None:
        value, code = grouped
        code = code or _is_code(text, at, run)
        yield _Atom("code" if code else "digits", value, at, run, "#")
        return
    chained = run - at >= 3 or (run - at == 2 and _is_dialled(text.norms[at], text.norms[at + 1]))
    for each in range(at, run):
        value, code, fraction = _value(text.norms[each])
        if fraction_bar := _simple_fraction(text, each):
            yield _Atom("half", 0, each, fraction_bar, "half")
            return
        scaled = each + 1 < len(text) and (text.norms[each + 1] in _THOUSAND or _is_kilo(text, each + 1))
        if scaled and _DECIMALS.fullmatch(text.norms[each]):
            value, code, fraction = float(text.norms[each].replace(",", ".")), False, True
        elif _is_kilo(text, each - 1) and _is_glued(text, each - 1, each) and text.norms[each] in "123456789":
            value *= 100  # `2k5`
        code = code or chained or _is_code(text, each, each + 1)
        yield _Atom("code" if code else "digits", value, each, each + 1, text.norms[each], fraction=fraction)


def _blank_between(text: Text, left: int, right: int) -> bool:
    first, second = text.tokens[left], text.tokens[right]
    return first.kind == second.kind == "number" and second.start - first.end == 1


def _spaced_groups(text: Text, at: int, run: int) -> tuple[float, bool] | None:
    """Value and whether it is a code, of tokens that are the groups of one number."""
    first, *groups = text.norms[at:run]
    if not (groups and first.isdigit() and len(first) <= 3 and first[0] != "0"):
        return None
    last, _sign, cents = groups[-1].replace(".", ",").partition(",")
    if not all(len(group) == 3 and group.isdigit() for group in (*groups[:-1], last)) or len(cents) > 2:
        return None
    if at and (_blank_between(text, at - 1, at) or _ends_word(text, at)):
        return None
    value = float(first + "".join(groups[:-1]) + last)
    return value, value > 9_999_999


def _ends_word(text: Text, at: int) -> bool:
    """The `1` of *Lima1 500*, which is no 1500."""
    before = text.tokens[at - 1]
    return _is_glued(text, at - 1, at) and before.kind == "word" and before.norm not in MONEY_WORDS | _SIGNED


def _is_dialled(first: str, second: str) -> bool:
    """`234 5678`; `800 1000` are two sums."""
    plain = first.isdigit() and second.isdigit() and len(first) + len(second) >= 7
    return plain and (int(first) % 50 > 0 or int(second) % 50 > 0)


def _simple_fraction(text: Text, at: int) -> int | None:
    """The end of `1/2` when thousands or millions follow: `2 1/2 mil`."""
    half = (
        text.norms[at : at + 3] == ["1", "/", "2"] and _is_glued(text, at, at + 1) and _is_glued(text, at + 1, at + 2)
    )
    return at + 3 if half and at + 3 < len(text) and text.norms[at + 3] in _THOUSAND | _MILLION else None


def _value(written: str) -> tuple[float, bool, bool]:
    """The value of digits, whether they are a code, and whether they have a fraction."""
    if written.isdigit():
        long = len(written) > 7 or (len(written) == 7 and not written.endswith("000"))
        return float(int(written)), long or (written[0] == "0" and len(written) > 1), False
    if _GROUPS.fullmatch(written) and written[0] != "0":
        whole = written if re.search(r"[.,']\d{3}$", written) else re.sub(r"[.,]\d{1,2}$", "", written)
        return float(re.sub(r"\D", "", whole)), False, False
    if _PLAIN_FIGURE.fullmatch(written):
        value = float(written.replace(",", "."))
        return value, False, not written.endswith(("00", ".0", ",0"))
    return 0.0, True, False


def _is_code(text: Text, first: int, last: int) -> bool:
    """Whether what is glued to digits makes them no quantity: `18:30`, `12/05`, `E4-120`, `N35`, `#12`."""
    if last + 1 < len(text) and text.norms[last] in (":", "/", "-", "@") and _is_glued(text, last - 1, last):
        follows = _is_glued(text, last, last + 1) and text.tokens[last + 1].kind in ("number", "word")
        if follows and not (_is_range(text, first, last) or text.norms[last + 1] == "ish"):
            return True
    if first == 0 or not _is_glued(text, first - 1, first):
        return False
    before = text.tokens[first - 1]
    if before.norm == "#":
        return True
    if before.kind == "word":
        return not (
            before.norm in MONEY_WORDS | _SIGNED | _THOUSAND or _is_kilo(text, first - 1) or before.norm in ("a", "de")
        )
    if before.norm not in (":", "/", "-", "–") or first < 2 or not _is_glued(text, first - 2, first - 1):
        return False
    earlier = text.tokens[first - 2]
    if earlier.kind == "word":
        currency = before.norm == "/" and earlier.raw in ("s", "S")
        return before.norm != ":" and not (currency or _is_kilo(text, first - 2) or earlier.norm in _THOUSAND)
    return earlier.kind == "number" and not _is_range(text, _begin_of_row(text, first - 2), first - 1)


def _is_kilo(text: Text, at: int) -> bool:
    """Whether this is the `k` of `2k`."""
    return at > 0 and text.tokens[at].raw in ("k", "K") and text.tokens[at - 1].kind == "number"


def _begin_of_row(text: Text, at: int) -> int:
    while at and _blank_between(text, at - 1, at):
        at -= 1
    return at


def _is_range(text: Text, first: int, last: int) -> bool:
    """Whether tokens `first` up to `last` and the number behind the sign at `last` are sums: `800-1000`, `5-6 mil`."""
    end = last + 2
    while end < len(text) and _blank_between(text, end - 1, end):
        end += 1
    after = text.norms[end] if end < len(text) else ""
    if text.norms[last] not in ("-", "/") or text.tokens[last + 1].kind != "number" or after in ("-", "/"):
        return False
    low, high = (
        _spaced_groups(text, begin, stop) or _value(text.norms[begin])[:2]
        for begin, stop in ((first, last), (last + 1, end))
    )
    thousands = after in _THOUSAND or (end < len(text) and _is_kilo(text, end))
    return not (low[1] or high[1]) and (low[0] >= 50 or (low[0] < high[0] and thousands))


# The grammar


class _Reading(NamedTuple):
    """A number read from atoms: its value and where the next atom stands.

    wide: an *and* joined it, which may as well part two ends of a range.
    """

    value: float
    following: int
    thousands: bool = False
    fraction: bool = False
    wide: bool = False


def _read(text: Text, atoms: list[_Atom], at: int) -> tuple[Number, int] | None:
    """The number that begins with an atom, and the atom after it."""
    atom = atoms[at]
    if atom.kind == "code":
        return Number(atom.value, atom.first, atom.last, code=True), at + 1
    if atom.kind not in ("digits", "small", "thousand", "half") or _is_percent(text, atom):
        return None
    reading = _amount(atoms, at)
    if reading and reading.wide and _is_between(text, atom.first) and not _parts_range(atoms, reading.following):
        reading = _amount(atoms, at, joined=False)
    if reading is None or (reading.following == at + 1 and atom.word in _SINGLES and not _is_priced(text, atom)):
        return None
    last = atoms[reading.following - 1].last
    number = Number(reading.value, atom.first, last, thousands=reading.thousands, fraction=reading.fraction)
    return number, reading.following


def _is_percent(text: Text, atom: _Atom) -> bool:
    """The *ciento* of *por ciento*."""
    return atom.word in ("ciento", "cento") and atom.first > 0 and text.norms[atom.first - 1] == "por"


def _is_priced(text: Text, atom: _Atom) -> bool:
    """*un dólar* is a number; *un sofá* is none."""
    return atom.word != "a" and atom.last < len(text) and _is_currency(text.norms[atom.last])


def _is_between(text: Text, first: int) -> bool:
    """Whether two ends are announced: *entre ... y ...*"""
    for word in reversed(text.norms[max(0, first - 3) : first]):
        if word in ("entre", "between"):
            return True
        if word in _AND:  # the first end is said
            return False
    return False


def _parts_range(atoms: list[_Atom], at: int) -> bool:
    """Whether what stands between two ends comes next."""
    return at < len(atoms) and (
        atoms[at].kind in ("and", "dash") or atoms[at].word in ("a", "to", "hasta", "ate", "o", "or", "ou")
    )


def _peek(atoms: list[_Atom], at: int) -> str:
    return atoms[at].kind if at < len(atoms) else ""


def _amount(atoms: list[_Atom], at: int, joined: bool = True) -> _Reading | None:
    total, limit, end = 0.0, math.inf, at
    thousands = fraction = wide = False
    while True:
        begin = end
        if end > at and ((joined and _peek(atoms, end) == "and") or _parts_thousands(atoms, end)):
            begin = end + 1
        step = _step(atoms, begin, joined, total)
        if step and begin == end and not _may_follow(atoms, begin, end, step, limit):
            # *dos mil cien y treinta mil*: an *and* may part two numbers.
            step = _step(atoms, begin, False, total)
        if step is None or not _may_follow(atoms, begin, end, step, limit):
            break
        reading, scale = step
        total, end = total + reading.value, reading.following
        thousands, fraction = thousands or reading.thousands, fraction or (reading.fraction and scale == 1)
        wide = wide or reading.wide or (limit < math.inf and atoms[begin - 1].kind == "and")
        limit = scale if reading.value % scale == 0 else 1  # nothing follows `1.5k`
        if limit == 1:
            break
    if end == at:
        return None
    if limit > 1 and (half := _half_after(atoms, end)):
        total, end = total + limit / 2, half
    return _Reading(total, end, thousands, fraction and total != int(total), wide)


def _parts_thousands(atoms: list[_Atom], at: int) -> bool:
    """The comma of *one thousand, five hundred* and *mil, cento e dez*; *mil, quinientos* are two sums."""
    if at >= len(atoms) or atoms[at].word != "," or _peek(atoms, at + 1) != "small":
        return False
    before, after = atoms[at - 1].word, atoms[at + 1].word
    return (before in _ENGLISH_SCALES) or after == "cento" or (after.endswith("entos") and not after.endswith("ientos"))


def _may_follow(atoms: list[_Atom], begin: int, end: int, step: tuple[_Reading, int], limit: float) -> bool:
    """Whether a step goes on with what was read: it is smaller, and no count of something else."""
    (value, following, *_rest), _scale = step
    if limit == math.inf:
        return True
    first = atoms[begin]
    if value >= limit or first.kind == "half":
        return False
    if first.kind == "digits":
        rounded = value >= 100 or (value >= 10 and _peek(atoms, following) == "" and not _has_word(atoms, following))
        return value == int(value) and rounded and "." not in first.word
    if first.word in _SINGLES and following == begin + 1:
        # *mil uno*, *mil e um*; *mil y una mesa* are two things.
        return first.word in ("uno", "one") or (first.word == "um" and begin > end)
    # *tengo mil y dos hijos*
    return not (begin > end and atoms[begin - 1].word in ("y", "i") and value < 10)


def _has_word(atoms: list[_Atom], at: int) -> bool:
    return at < len(atoms) and atoms[at].word.isalpha() and not _is_currency(atoms[at].word)


def _step(atoms: list[_Atom], at: int, joined: bool, said: float) -> tuple[_Reading, int] | None:
    """One step of an amount, after `said` of it, and its scale: a million, a thousand or 1."""
    kind = _peek(atoms, at)
    if kind == "half":
        # *half a million*
        scale = at + 2 if _peek(atoms, at + 1) == "small" and atoms[at + 1].value == 1 else at + 1
        if _peek(atoms, scale) not in ("thousand", "million"):
            return None
        value = atoms[scale].value
        return _Reading(value / 2, scale + 1, thousands=value == 1000), 1000 if value > 1000 else 1
    if kind == "thousand":
        return (_Reading(1000, at + 1, thousands=True), 1000) if atoms[at].word in _MIL else None
    group = _group(atoms, at, joined, said)
    if group is None:
        return None
    after, extra = group.following, 0.0
    if (half := _half_after(atoms, after)) and _peek(atoms, half) in ("thousand", "million"):
        after, extra = half, 0.5
    elif _peek(atoms, after) == "half" and atoms[after].last - atoms[after].first == 3:
        after, extra = after + 1, 0.5
    dash = (
        1
        if _peek(atoms, after) == "dash" and after + 1 < len(atoms) and atoms[after + 1].word in _ENGLISH_SCALES
        else 0
    )
    if _peek(atoms, after + dash) in ("thousand", "million") and not _says_to(atoms, at, after):
        scale = atoms[after + dash]
        value = round((group.value + extra) * scale.value, 2)
        reading = _Reading(value, after + dash + 1, thousands=scale.value == 1000, fraction=True, wide=group.wide)
        return reading, int(scale.value)
    return group, 1


def _says_to(atoms: list[_Atom], at: int, after: int) -> bool:
    """The Spanish *a mil*, which is no *a thousand*."""
    return after == at + 1 and atoms[at].word == "a" and atoms[after].word in _MIL


def _half_after(atoms: list[_Atom], at: int) -> int | None:
    """The end of *y medio*, *and a half*."""
    if _peek(atoms, at) != "and":
        return None
    half = at + 2 if at + 1 < len(atoms) and atoms[at + 1].word == "a" else at + 1
    return half + 1 if _peek(atoms, half) == "half" and atoms[half].word not in ("media", "meia") else None


def _group(atoms: list[_Atom], at: int, joined: bool, said: float) -> _Reading | None:
    """A number below a thousand, or as many hundreds: `fifteen hundred`."""
    if _peek(atoms, at) == "digits":
        atom = atoms[at]
        if _peek(atoms, at + 1) == "hundred" and atom.value < 100 and atom.value == int(atom.value):
            return _below(atoms, _Reading(atom.value * 100, at + 2), 100, joined)
        return _Reading(atom.value, at + 1, fraction=atom.fraction)
    reading = _below(atoms, _Reading(0.0, at), 1000, joined, said)
    if reading.following == at:
        return None
    if not said and atoms[at].value < 10 and reading.following == at + 1:
        return _two_fifty(atoms, at, joined) or reading
    return reading


def _below(atoms: list[_Atom], reading: _Reading, floor: int, joined: bool, said: float = 0.0) -> _Reading:
    """Goes on reading with words that are smaller than `floor`."""
    value, end, wide = reading.value, reading.following, reading.wide
    ten = False
    while True:
        begin, sign = _joint(atoms, end) if value else (end, "")
        if _peek(atoms, begin) != "small":
            break
        item = atoms[begin]
        if item.word == "a" and (value or _peek(atoms, begin + 1) == "" or begin + 1 == len(atoms)):
            break
        if item.value >= floor or (
            sign not in ("", "-") and not (joined and (floor < 100 or _joins(item, sign, atoms[end - 1].word)))
        ):
            break
        # *mil e quinhentos e dois mil* are two numbers, and the second the greater.
        if value and _is_counted(atoms, begin) and 0 < said < item.value * 1000 - value:
            break
        if ten and not (sign and item.value >= 6):
            break
        after = (
            begin
            + 1
            + (_peek(atoms, begin + 1) == "dash" and begin + 2 < len(atoms) and atoms[begin + 2].word in _HUNDRED)
        )
        if value and _peek(atoms, after) == "hundred":
            # *twenty-five hundred*; *one hundred and two hundred* are two.
            if floor > 10 or value + item.value > 99 or sign not in ("", "-"):
                break
            value, end, floor, ten = (value + item.value) * 100, after + 1, 100, False
            continue
        if floor == 100 and value and not sign and item.word in _SINGLES and not _ends_well(atoms, begin):
            break
        wide = wide or sign not in ("", "-")
        if not value and _peek(atoms, after) == "hundred" and item.value < 100:
            value, end, floor = item.value * 100, after + 1, 100
            continue
        value, end, floor, ten = value + item.value, begin + 1, item.unit, item.value == 10
    return _Reading(value, end, wide=wide)


def _joint(atoms: list[_Atom], at: int) -> tuple[int, str]:
    """Past an *and* or a dash, and which it was."""
    begin, sign = at, ""
    for kind in ("dash", "and", "dash"):
        if _peek(atoms, begin) == kind:
            begin, sign = begin + 1, atoms[begin].word
    return begin, sign


def _joins(item: _Atom, sign: str, before: str) -> bool:
    """Whether *and* joins hundreds and what follows: *cento e cinco*, *two hundred and five*, *ciento y cincuenta*."""
    return before == "ciento" if sign in ("y", "i") else item.word not in ("una", "uma") and before != "cem"


def _is_counted(atoms: list[_Atom], at: int) -> bool:
    """Whether thousands follow a number of one word or two: *dois mil*, *vinte e um mil*."""
    last = at + 2 if atoms[at].unit == 10 and _peek(atoms, at + 1) == "and" and _peek(atoms, at + 2) == "small" else at
    return _peek(atoms, last + 1) in ("thousand", "million")


def _ends_well(atoms: list[_Atom], at: int) -> bool:
    """*ciento uno*, *ciento un mil*, *ciento un dólares*, and no *cien una mesa*."""
    following = atoms[at + 1].word if at + 1 < len(atoms) else ""
    return (
        atoms[at].word in ("uno", "one") or _peek(atoms, at + 1) in ("thousand", "million") or _is_currency(following)
    )


def _two_fifty(atoms: list[_Atom], at: int, joined: bool) -> _Reading | None:
    """Two numbers said as one, after the first of them.

    English *two fifty* is 250. Spanish *dos quinientos* is 2500, unless *las dos* are 500 each; *dos cincuenta* is a
    measure or a time, and as a sum nobody knows.
    """
    if _peek(atoms, at + 1) != "small":
        return None
    item, following = atoms[at], atoms[at + 1]
    rest = _below(atoms, _Reading(0.0, at + 1), 1000 if following.value > 100 else 100, joined)
    if following.value < 20 or following.value == 100 or (item.word in _SINGLES and item.word != "uno"):
        return None
    if following.value > 100:
        counted = item.word in _ENGLISH or item.value < 2 or (at and atoms[at - 1].word in ("las", "los"))
        return None if counted else rest._replace(value=item.value * 1000 + rest.value, thousands=True)
    if item.word in _ENGLISH:
        return rest._replace(value=item.value * 100 + rest.value) if following.word in _ENGLISH else None
    return rest._replace(value=item.value + rest.value / 100, fraction=True)


def _couple(text: Text, atoms: list[_Atom], at: int) -> tuple[Number, int] | None:
    """*un par de cientos*, *a couple hundred*, *un par de miles*, *un millar*"""
    begin = at + 1 if atoms[at].word in _SINGLES else at
    words = [atom.word for atom in atoms[begin : begin + 4]]
    if words[:1] == ["millar"]:
        return Number(1000.0, atoms[begin].first, atoms[begin].last, thousands=True), begin + 1
    if not words or words[0] not in _COUPLE:
        return None
    unit = begin + (2 if words[1:2] in (["de"], ["of"]) else 1)
    if _peek(atoms, unit) not in ("hundred", "thousand"):
        return None
    value = 2 * atoms[unit].value
    return Number(value, atoms[begin].first, atoms[unit].last, thousands=value > 200), unit + 1


# What belongs to a number


def _goes_on(text: Text, index: int, numbers: list[Number]) -> bool:
    """The `654` of `0987 654 321`, the `593` of `+593`, what follows *cero*: digits that only carry on a code."""
    if not index:
        return False
    at = index - 1
    if text.norms[at] in ("cero", "zero"):
        return True
    if text.tokens[index].kind != "number":
        before = numbers[-1] if numbers else None
        return bool(before and before.code and before.last == index and text.tokens[before.first].kind == "word")
    if text.norms[at] == "+" and text.tokens[at].end == text.tokens[index].start:
        return True
    at -= text.norms[at] in ("-", "–", ".", ")")
    if not numbers or not numbers[-1].code or numbers[-1].last != at + 1:
        return False
    return not (numbers[-1].first and _ends_word(text, numbers[-1].first))


def _roughly(text: Text, number: Number) -> Number:
    """*300 y pico*, *mil y algo*, *500ish*: the sum said, and the small rest left open."""
    last = number.last
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


def _in_notes(text: Text, atoms: list[_Atom], at: int, number: Number) -> Number:
    """*5 billetes de 100*: so many notes of so much."""
    words = [atom.word for atom in atoms[at : at + 3]]
    if number.money or number.code or not 1 <= number.value <= 500 or len(words) < 3:
        return number
    if words[0] not in _NOTES or words[1] not in ("de", "of"):
        return number
    found = (
        _read(text, atoms, at + (3 if words[2] in ("a", "los") else 2))
        if at + 3 < len(atoms) or words[2] not in ("a", "los")
        else None
    )
    each = found and _with_currency(text, found[0])
    if not each or each.code or each.value not in (1, 2, 5, 10, 20, 50, 100):
        return number
    return Number(number.value * each.value, number.first, each.last, money=True)


def _with_cents(text: Text, number: Number) -> Number:
    """*mil con cincuenta centavos*: the cents belong to the sum, which is whole."""
    at = number.last
    if at + 2 < len(text) and text.norms[at] in ("con", "y", "e", "and", "with"):
        cents = at + 2
        if cents < len(text) and text.norms[cents] in _AND:
            cents += 2
        if cents < len(text) and text.norms[cents] in _CENTS:
            return replace(number, money=True, last=cents + 1)
    return number


@lru_cache(maxsize=4096)
def _is_currency(word: str) -> bool:
    """`dolares`, however it is misspelt."""
    return word in MONEY_WORDS or (
        len(word) > 4 and word.startswith(("do", "dl")) and OSA.distance(word, "dolares", score_cutoff=2) <= 2
    )


def _is_sign(token: Token) -> bool:
    return token.norm in _SIGNS or token.raw in _SIGNS


def _with_currency(text: Text, number: Number) -> Number:
    """The number with a currency before or behind it."""
    first, last, money = number.first, number.last, False
    if first and _is_sign(text.tokens[first - 1]):
        money, first = True, first - 1
        if first and (
            text.norms[first - 1] in ("usd", "dolares")
            or (text.norms[first - 1] in _SIGNED and _is_glued(text, first - 1, first))
        ):
            first -= 1
    elif first and text.norms[first - 1] in MONEY_WORDS and text.norms[first - 1] not in ("dolar", "euro"):
        money, first = True, first - 1
    elif first > 1 and text.norms[first - 1] in ("/", ".") and text.tokens[first - 2].raw in ("S", "s", "Bs", "bs"):
        money, first = True, first - 2
    after = text.norms[last] if last < len(text) else ""
    if last < len(text) and _is_sign(text.tokens[last]):
        # `$500 $600`
        if money or not (last + 1 < len(text) and text.tokens[last + 1].kind == "number"):
            money, last = True, last + 1
    elif _is_currency(after):
        money, last = True, last + 1
    elif (
        after in ("de", "us")
        and last + 1 < len(text)
        and (text.norms[last + 1] in MONEY_WORDS or _is_sign(text.tokens[last + 1]))
    ):
        money, last = True, last + 2
    # So many figures are a phone's, unless they are called money.
    code = number.code and not (money and _is_plain_sum(text, number))
    return replace(number, first=first, last=last, money=money, code=code)


def _is_plain_sum(text: Text, number: Number) -> bool:
    written = text.norms[number.first]
    return number.last - number.first == 1 and written.isdigit() and written[0] != "0" and len(written) <= 7


# The tables


def _read_table(table: str) -> dict[str, int]:
    words: dict[str, int] = {}
    for line in table.split("\n"):
        value, *spellings = line.split() or [""]
        words.update(dict.fromkeys(spellings, int(value or 0)))
    # *doscientas*, *duzentas*; *veinticinco* and *venticinco*
    for word, value in [*words.items()]:
        if value >= 200 and word.endswith("os"):
            words[word[:-2] + "as"] = value
        if 1 <= value <= 9 and word in "un uno una dos tres cuatro cinco seis siete ocho nueve".split():
            words.update({prefix + word: 20 + value for prefix in ("veinti", "venti", "veinty", "veintei")})
    return words


_SMALL = _read_table(_SMALL_WORDS)
#: Written by ear: `sinco`, `treszientos`.
_BY_EAR = {sound(word): value for word, value in _SMALL.items() if len(word) >= 5}
_LONG = {word: value for word, value in _SMALL.items() if len(word) >= 9}
