"""Why a value is believed, in the customer's words: those that weigh most for it, and where they stand."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .learned import features
from .learned.model import Linear, shipped
from .learned.review import MOST_TOKENS
from .learned.view import View
from .rules import Turn
from .schema import Budget, Message, State
from .vocabulary import Vocabulary

#: More than these nobody reads.
_MOST = 3
#: A word of less weight tells nothing by itself.
_LEAST = 0.2
#: Nor do words as short as *de*, and those that go with any noun.
_SHORTEST = 3
_ARTICLES = frozenset("una uno unos unas los las del que the and uma umas dos das com".split())
#: Where what a feature says stands: so many words to the left or to the right.
_AT = {
    f"{side}{distance}": way * distance
    for side, way in (("L", -1), ("l", -1), ("R", 1), ("r", 1))
    for distance in range(1, 7)
}
_BAGS = frozenset(("lb", "rb", "c", "s", "t", "w"))


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that speaks for a value.

    word
        as the customer wrote it.
    side
        ``before`` or ``after`` what it speaks of, or empty where it speaks for the message as a whole.
    of
        what it speaks of, as the customer wrote it.
    """

    word: str
    side: str = ""
    of: str = ""


def find_cues(text: str, values: Mapping[str, object], vocabulary: Vocabulary) -> dict[str, tuple[Cue, ...]]:
    """By slot the words of a message that weigh most for its value, the strongest first.

    text
        the message that said it.
    values
        slots and what they hold. Only products, budget, city and urgency are weighed word by word; others give nothing.
    """
    turn = Turn((Message(text),), State(), vocabulary)
    if len(turn.text) > MOST_TOKENS:
        return {}
    view = View(turn, turn.read())
    return {name: cues for name, value in values.items() if (cues := _find(view, name, value))}


def _find(view: View, name: str, value: object) -> tuple[Cue, ...]:
    weights: dict[tuple[int, int | None], float] = defaultdict(float)
    for described, linear, column, at in _candidates(view, name, value):
        inside = _clause(view, at)
        for index, weight in _weigh(view, described, linear, column, at):
            if index in inside:
                weights[index, at] += weight
    found: dict[str, Cue] = {}
    for (index, at), weight in sorted(weights.items(), key=lambda item: (-item[1], item[0][0])):
        word = _word(view, index)
        if weight < _LEAST or not word or word.lower() in found:
            continue
        side = "" if at is None else "before" if index < view.place[at] else "after"
        found[word.lower()] = Cue(word, side, "" if at is None else _of(view, at))
    return tuple(found.values())[:_MOST]


def _clause(view: View, at: int | None) -> Collection[int]:
    """Where a word speaks for what stands at a token: in its clause, and next to it."""
    if at is None:
        return range(len(view.words))
    places = {view.place[index] for index in range(*view.text.clause_range(at))}
    return places | {view.place[at] - 1, view.place[at] + 1}


def _candidates(view: View, name: str, value: object) -> Iterator[tuple[Sequence[str], Linear, int, int | None]]:
    """What was decided on: its features, who decided, the column of what was decided, and the token it stands at."""
    decisions = shipped().decisions
    if name == "products":
        for number, thing in enumerate(view.things):
            if isinstance(value, tuple) and thing.interest.name in value:
                yield features.of_thing(view, number), decisions["thing"], 1, thing.first
    elif name == "budget" and isinstance(value, Budget):
        linear = decisions["number"]
        for number, it in enumerate(view.numbers):
            for kind, end in (("most", value.max), ("least", value.min)):
                if int(it.value + 0.5) == end:
                    yield features.of_number(view, number), linear, linear.classes.index(kind) + 1, it.first
    elif name == "city":
        for number, (city, first, _last) in enumerate(view.cities):
            if city.name == value:
                yield features.of_city(view, number), decisions["city"], 1, first
    elif name == "urgency":
        linear = decisions["urgency"]
        if value in linear.classes:
            yield features.of_urgency(view), linear, linear.classes.index(str(value)) + 1, None


def _weigh(
    view: View, described: Sequence[str], linear: Linear, column: int, at: int | None
) -> Iterator[tuple[int, float]]:
    """Each word by its place in the view, and what a feature that is about it alone adds."""
    places = defaultdict(list)
    for index, (word, stem) in enumerate(zip(view.words, view.stems, strict=True)):
        for each in {word, stem}:
            places[each].append(index)
    rows = {feature: linear.weights[feature] for feature in set(described) if feature in linear.weights}
    length = sum(row[0] ** 2 for row in rows.values()) ** 0.5 if linear.normal else 1.0
    for feature, row in rows.items():
        kind, _sign, word = feature.partition("=")
        weight = row[0] * row[column] / (length or 1.0)
        if kind in _AT and at is not None:
            yield view.place[at] + _AT[kind], weight
        elif kind in _BAGS and word in places:
            for index in places[word]:
                yield index, weight / len(places[word])


def _word(view: View, index: int) -> str:
    """A word as it was written; nothing where it tells a reader nothing."""
    if not 0 <= index < len(view.words) or len(view.words[index]) < _SHORTEST or view.words[index] in _ARTICLES:
        return ""
    tokens = (view.text.tokens[at] for at, place in view.place.items() if place == index)
    return next((token.raw for token in tokens if token.norm == view.words[index]), "")


def _of(view: View, at: int) -> str:
    last = next((last for first, last in _spans(view) if first == at), at + 1)
    return " ".join(view.text.quote(at, last).split())


def _spans(view: View) -> Iterator[tuple[int, int]]:
    yield from ((thing.first, thing.last) for thing in view.things)
    yield from ((number.first, number.last) for number in view.numbers)
    yield from ((first, last) for _city, first, last in view.cities)
