"""The budget: which of the numbers of a message is what the customer means to spend.

Each number, or pair of numbers, is judged by the nearest cue to its left, by what follows it, and by what was asked.
"""

from dataclasses import dataclass

from .budget_cues import (
    ATTRIBUTIVE,
    AVAILABLE,
    BURDENS,
    COPULAS,
    DENIED_FIGURE,
    DENIED_OWN,
    GIVEN,
    GLUE_ONLY,
    HOUSEHOLD,
    INSTALMENTS,
    LEFT,
    LEFT_MEASURE,
    LIMITS,
    MEANS,
    MORE_THAN,
    NEUTRAL,
    NEXT_BOUND,
    PLACES,
    QUANTIFIES,
    REFUSES,
    RIGHT_ADOPTS,
    RIGHT_AGE,
    RIGHT_BAD,
    RIGHT_BUDGET,
    RIGHT_BUYS,
    RIGHT_CEILING,
    RIGHT_DATE,
    RIGHT_DEAR,
    RIGHT_EACH,
    RIGHT_FLOOR,
    RIGHT_FOR_THING,
    RIGHT_INCLUDES,
    RIGHT_MEASURE,
    RIGHT_OWN,
    SAYS,
    TO,
    UNIT_WORDS,
)
from .lexicon import ATTRIBUTES
from .numbers import Number, find_numbers
from .schema import Budget
from .text import ELLIPSIS, Text

LEAST, MOST = 15, 1_000_000
_WINDOW = 10
#: *hasta el 30* is a day.
_DAYS = (" el ", " dia ", " al ", " del ")
#: *soy del 85*, *soy de los 80*
_YEARS = (" del ", " del # al ", " soy de los ", " somos de los ", " ano ", " nos anos ")
# Nobody states a budget before forty other numbers.
_MOST_NUMBERS = 40


@dataclass(frozen=True, slots=True)
class Figure:
    """A budget found in a text: tokens `first` up to `last`, and how sure it is."""

    budget: Budget
    first: int
    last: int
    sure: float
    bound: str = "ceiling"


class _Numbered:
    """A text in which each number is a `#`: what the patterns of this module look at."""

    def __init__(self, text: Text, numbers: list[Number]):
        self.text = text
        self.numbers = numbers

    def left(self, first: int) -> str:
        """What stands before a number in its sentence, nearest words last."""
        sentence = self.text.sentence
        low = first
        while low > 0 and first - low < _WINDOW and sentence[low - 1] == sentence[min(first, len(sentence) - 1)]:
            low -= 1
        return self._view(low, first)

    def right(self, last: int) -> str:
        """What follows a number, up to the end of its sentence."""
        sentence, high = self.text.sentence, last
        home = sentence[last - 1] if last else 0
        while high < len(sentence) and high - last < _WINDOW and sentence[high] == home:
            high += 1
        return self._view(last, high)

    def _view(self, low: int, high: int) -> str:
        words: list[str] = []
        at = low
        inside = {number.first: number for number in self.numbers if low <= number.first < high}
        while at < high:
            number = inside.get(at)
            words.append("#" if number else self.text.norms[at])
            at = number.last if number else at + 1
        return " " + "".join(word + " " for word in words)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the conversation lets one expect of a number.

    asked: the turn before asked for the budget. awaited: it is what is still missing. known: there is one already.
    """

    asked: bool = False
    awaited: bool = False
    known: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One number or range with what stands around it; `kind` and `cue` are the nearest cue to its left."""

    text: Text
    low: Number
    high: Number | None
    left: str
    right: str
    kind: str
    cue: str
    alone: bool

    @property
    def span(self) -> tuple[int, int]:
        return self.low.first, (self.high or self.low).last

    @property
    def digits(self) -> bool:
        return self.text.tokens[self.low.first].kind == "number"

    @property
    def money(self) -> bool:
        return self.low.money or (self.high is not None and self.high.money)


def find_budget(text: Text, expected: Expectation, things: frozenset[int] = frozenset()) -> Figure | None:
    """The budget that a text states, if it does. things: tokens that name products; a number before one counts them."""
    numbers = find_numbers(text)[-_MOST_NUMBERS:]
    numbered = _Numbered(text, numbers)
    figures: list[Figure] = []
    index = 0
    while index < len(numbers):
        paired = _pair(text, numbers, index)
        candidate = _candidate(numbered, numbers[index], numbers[index + 1] if paired else None, things)
        sure = _sureness(candidate, expected, bool(things)) if candidate else 0.0
        if candidate and DENIED_FIGURE.search(candidate.left):
            sure /= 2
        if candidate and sure:
            figures.append(_figure(candidate, sure))
        index += 2 if paired else 1
    return _settle(figures)


def _settle(figures: list[Figure]) -> Figure | None:
    """The last of the surest; a floor and a ceiling of one message make a range."""
    if not figures:
        return None
    sure = max(figure.sure for figure in figures)
    best = [figure for figure in figures if figure.sure >= min(sure, 0.9)]
    last = best[-1]
    if len(best) > 1:
        before = best[-2]
        low = next((f.budget.min for f in (before, last) if f.bound == "floor"), None)
        high = next((f.budget.max for f in (before, last) if f.bound == "ceiling"), None)
        if {before.bound, last.bound} == {"floor", "ceiling"} and low and high and low < high:
            return Figure(Budget(low, high), before.first, last.last, min(before.sure, last.sure), "range")
    return last


def _pair(text: Text, numbers: list[Number], index: int) -> bool:
    """Whether this number and the next are the ends of one range."""
    if index + 1 >= len(numbers):
        return False
    low, high = numbers[index], numbers[index + 1]
    between = text.norms[low.last : high.first]
    if low.code or high.code or len(between) > 4 or _is_measured(text, numbers, index):
        return False
    bottom = _scaled(text, low, high)
    if bottom >= high.value or (bottom < LEAST and not (low.money or high.money)):
        return False
    joined = " ".join(word for word in between if word not in ("los", "unos", "las", "como", "ya", "maximo"))
    if joined in TO:
        return True
    before = text.norms[max(0, low.first - 4) : low.first]
    return joined in ("y", "and", "e") and any(word in ("entre", "between", "rango") for word in before)


def _is_measured(text: Text, numbers: list[Number], index: int) -> bool:
    """The `90` of *1.80 x 90 hasta 300*."""
    return index > 0 and text.norms[numbers[index - 1].last : numbers[index].first] in (["x"], ["por"], ["*"])


def _scaled(text: Text, low: Number, high: Number) -> float:
    """A *mil* said once covers both ends: `entre cinco y seis mil`."""
    if high.thousands and not low.thousands and low.value < 1000 and low.value * 1000 < high.value:
        return low.value * 1000
    # *siete u ochocientos*
    if low.value < 10 and 200 <= high.value < 1000 and high.value % 100 == 0 and low.value * 100 < high.value:
        spelt = all(text.tokens[n.first].kind == "word" for n in (low, high)) or high.last - high.first == 2
        return low.value * 100 if spelt else low.value
    return low.value


def _candidate(numbered: _Numbered, low: Number, high: Number | None, things: frozenset[int]) -> _Candidate | None:
    """The number with its surroundings, unless those say that it is something else than a budget."""
    ends = [low] if high is None else [low, high]
    value, money = ends[-1].value, any(number.money for number in ends)
    if any(number.code for number in ends) or not (5 if money else LEAST) <= value <= MOST:
        return None
    if any(number.fraction for number in ends) and not (money or value >= 100):
        return None
    span = low.first, ends[-1].last
    left, right = numbered.left(span[0]), numbered.right(span[1])
    if _counts_something(numbered.text, span[1], right, money, things):
        return None
    if not money and value < 100 and RIGHT_AGE.match(right):
        return None
    kind, cue = _nearest_cue(left, value, money, ranged=high is not None and low.value >= 50)
    if (kind not in ("own", "floor") and RIGHT_DEAR.match(right)) or (
        not money and (RIGHT_MEASURE.match(right) or LEFT_MEASURE.search(left))
    ):
        return None
    if kind == "floor" and RIGHT_EACH.match(right):
        return None
    if kind == "price" and (
        RIGHT_ADOPTS.match(right) or RIGHT_BUDGET.match(right) or (cue in GIVEN and RIGHT_FOR_THING.match(right))
    ):
        kind = "own"
    if kind == "" and left.endswith(" con ") and RIGHT_BUYS.match(right):
        kind = "own"
    if kind != "own" and _is_questioned_price(numbered.text, span[1], right):
        return None
    if kind == "" and high is None and _prices_a_thing(numbered.text, low, things):
        kind = "approx"
    if kind == "floor" and RIGHT_CEILING.match(right) and left.endswith((" , ", " y ")):
        kind = "ceiling"
    if kind in ("bad", "price") or ((money or not kind) and ATTRIBUTIVE.search(left)):
        return None
    return _Candidate(numbered.text, low, high, left, right, kind, cue, _alone(numbered.text, span))


def _prices_a_thing(text: Text, number: Number, things: frozenset[int]) -> bool:
    """*busco un sofá de 800*: a round sum, too much for a measure; *el sofá de 800* is the shop's."""
    at = number.first - 2
    return (
        at > 0
        and text.norms[at + 1] == "de"
        and at in things
        and text.norms[at - 1] in ("un", "una", "unos", "unas")
        and number.value >= 300
        and number.value % 10 == 0
    )


def _is_questioned_price(text: Text, last: int, right: str) -> bool:
    """*899? muy caro*, *899 es con IVA?*: what the shop asks, said back to it."""
    if last < len(text) and text.norms[last] in ("?", "!"):
        while last < len(text) and text.norms[last] in ("?", "!"):
            last += 1
        return bool(RIGHT_DEAR.match(text.words(last, last + 8)))
    return bool(RIGHT_INCLUDES.match(right)) and text.is_question(last - 1)


def _figure(candidate: _Candidate, sure: float) -> Figure:
    low, high, right = candidate.low, candidate.high, candidate.right
    if high is not None:
        return Figure(
            Budget(round(_scaled(candidate.text, low, high)), round(high.value)), *candidate.span, sure, "range"
        )
    value = round(low.value)
    upwards = RIGHT_FLOOR.match(right)
    if candidate.kind == "floor" or (candidate.kind != "ceiling" and upwards):
        said = NEXT_BOUND.sub(" ", right[upwards.end() if upwards else 0 :].split(",")[0] + " ")
        refused = (candidate.cue in MORE_THAN or candidate.cue.startswith("que ")) and REFUSES.search(candidate.left)
        if not refused and not BURDENS.search(said):
            return Figure(Budget(value, None), *candidate.span, sure, "floor")
    return Figure(Budget(None, value), *candidate.span, sure)


def _sureness(candidate: _Candidate, expected: Expectation, named: bool) -> float:
    """How sure it is that the figure is a budget; 0 when nothing says so. named: the text names a product."""
    kind, right, money = candidate.kind, candidate.right, candidate.money
    before = candidate.text.norms[max(0, candidate.low.first - 1) : candidate.low.first]
    grounds = (
        (kind in ("ceiling", "floor", "own") or RIGHT_OWN.match(right) or RIGHT_CEILING.match(right), 0.97),
        (expected.asked and (money or candidate.alone or kind in ("approx", "better")), 0.96),
        (expected.asked, 0.9),
        (kind == "better" and (expected.known or money), 0.94),
        (money and kind == "approx", 0.94),
        (money, 0.91),
        (RIGHT_FLOOR.match(right), 0.9),
        (kind == "approx", 0.86),
        ((candidate.alone or candidate.cue in QUANTIFIES) and candidate.high is not None, 0.85),
        (candidate.alone and candidate.low.thousands and candidate.digits, 0.86),
        (candidate.alone and named and candidate.low.value >= 100, 0.82),
        (candidate.alone and (expected.known or expected.awaited or before in ([":"], [ELLIPSIS], ["="])), 0.8),
    )
    return next((sure for ground, sure in grounds if ground), 0.0)


def _alone(text: Text, span: tuple[int, int]) -> bool:
    """Whether the clause of a figure has nothing but small words beside it."""
    first, last = text.clause_range(span[0])
    return all(
        norm in NEUTRAL or text.tokens[at].kind == "mark"
        for at, norm in enumerate(text.norms[first:last], first)
        if not span[0] <= at < span[1]
    )


def _counts_something(text: Text, last: int, right: str, money: bool, things: frozenset[int]) -> bool:
    """Whether what follows a number makes it a measure, a quantity, a date or an instalment."""
    if RIGHT_BAD.match(right) or RIGHT_DATE.match(right):
        return True
    if money or last >= len(text):
        return False
    after = text.norms[last]
    if after in UNIT_WORDS or last in things:
        return True
    if after == "-" and last + 1 < len(text) and text.norms[last + 1] in UNIT_WORDS:
        return True
    if text.tokens[last].kind != "word" or after in NEUTRAL:
        return False
    # What is counted stands in the plural.
    counted = after in ATTRIBUTES or (after.endswith("s") and not after.endswith("mos"))
    return counted and not (RIGHT_CEILING.match(right) or RIGHT_OWN.match(right))


def _nearest_cue(left: str, value: float, money: bool, ranged: bool = False) -> tuple[str, str]:
    """The kind and words of the nearest cue before a number that still reaches it.

    ranged: a range of sums, which are no quantities. Approximations and floors are looked through: *estaba como en 500* is a price, *no cuesta más de 500* a ceiling.
    """
    through = words = ""
    if not money and ((value <= 31 and left.endswith(_DAYS)) or (value < 100 and left.endswith(_YEARS))):
        return "bad", ""
    for match in reversed(list(LEFT.finditer(left))):
        kind, cue, gap = match.lastgroup or "", match.group(), left[match.end() :]
        distance, glued = gap.count(" ") - 1, _only_glue(gap)
        if kind == "bad":
            near = (distance <= 2 and glued and not (money or (ranged and cue in QUANTIFIES))) or (
                cue in INSTALMENTS and distance <= 4
            )
            if near and not (cue in PLACES and "," in gap):
                return kind, cue
            continue
        if distance > LIMITS[kind] + (4 if money and kind == "price" else 0):
            continue
        if kind in ("approx", "floor", "ceiling") and not glued:
            continue
        if kind == "approx":
            through, words = (through, words) if through else (kind, cue)
        elif kind == "floor":
            through, words = kind, cue
        elif kind == "price":
            if through and (" , " in gap or " asi que " in gap):
                break
            # *mi mamá tiene 80* tells her age.
            aged = value < 100 and not money
            return _priced(left[: match.start()], cue, through, words, bool(REFUSES.search(left)), aged)
        elif kind == "own" and not through and DENIED_OWN.search(left[: match.start()]):
            return "price", cue
        else:
            return (through, words) if kind == "own" and through == "floor" else (kind, cue)
    if _is_date(left, value, money):
        return "bad", ""
    return ("", "") if words == "entre" else (through, words)


def _priced(before: str, cue: str, through: str, words: str, refused: bool, aged: bool) -> tuple[str, str]:
    """What a word of price makes of a number, given the bound that stands between them."""
    if cue in (COPULAS | GIVEN) and MEANS.search(before):
        return (through, words) if through == "floor" else ("own", cue)
    if through == "floor" and refused:
        return "ceiling", words
    if cue in SAYS and not aged and HOUSEHOLD.search(before):
        return "own", cue
    if cue in AVAILABLE and through == "approx" and (words.startswith("algo") or before.endswith(" que ")):
        return through, words
    return "price", cue


def _only_glue(gap: str) -> bool:
    return bool(GLUE_ONLY.fullmatch(gap)) or not gap.strip()


def _is_date(left: str, value: float, money: bool) -> bool:
    """*en 2024*, *antes del 24*"""
    if money:
        return False
    since = (" del ", " en ", " en el ", " el ", " de ", " desde ", " ano ", " in ", " since ")
    return 1930 <= value <= 2035 and value % 50 != 0 and left.endswith(since)
