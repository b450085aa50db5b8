"""What is known after a turn: each finding of the rules is confirmed, dropped or replaced by what was learned."""

from __future__ import annotations

from dataclasses import replace
from math import log
from typing import TYPE_CHECKING, Any

from ..given_names import TITLES
from ..name_words import NameWords
from ..numbers import Number
from ..schema import Budget, Slot, Understanding
from ..text import fold
from ..urgency import find_urgency
from . import features
from .model import Model, shipped
from .view import View

if TYPE_CHECKING:
    from ..rules import Turn

LEAST, MOST = 10, 1_000_000
_QUOTE = 200
#: A longer text is no chat: the rules read it alone, in a time that grows with its length.
MOST_TOKENS = 300
#: How likely it must be that the rules misread, before they are overruled.
_OVERRULE = 0.5
#: The same for a sum that the rules found: its words are plainer than those of other things.
_OVERRULE_SUM = 0.7
#: The same before an urgency that the rules found is taken for none: who says *urgente* says it.
_OVERRULE_URGENCY = 0.8
#: So sure are the rules of a name when its customer says that it is one: *me llamo*, *me dicen*.
_PRESENTED = 0.97


def review(turn: Turn, reading: Understanding, model: Model | None = None) -> Understanding:
    """The reading with what was learned decided anew.

    turn, reading
        a turn that was read by the rules, and what they made of it.
    model
        the one that comes with the addon by default.
    """
    if not 0 < len(turn.readable) <= MOST_TOKENS:
        return reading
    return Review(turn, reading, model or shipped()).decide()


class Review:
    """One turn under review. `sure` keeps how sure each decision was, by its name."""

    def __init__(self, turn: Turn, reading: Understanding, model: Model):
        self.turn, self.reading, self.model = turn, reading, model
        self.view = View(turn, reading)
        self.text = turn.readable
        self.slots: dict[str, Slot] = dict(reading.slots)
        self.sure: dict[str, float] = {}
        self.differs: set[str] = set()
        #: What the decision whether all is right looked at.
        self.described: list[str] = []

    def decide(self) -> Understanding:
        if self.turn.off_topic:
            return self.reading
        self._name()
        self._city()
        support = self._support()
        self._products()
        self._budget()
        self._urgency()
        complained = self.reading.complained
        if not support:
            complained = ()
        elif not self.reading.support:
            wanted = self.slots["products"].value if "products" in self.slots else ()
            named = (thing.interest.name for thing in self.view.things)
            complained = tuple(dict.fromkeys(name for name in named if name not in wanted))
        withdrawn = self.turn.find_withdrawn(self.slots)
        found = replace(self.reading, slots=self.slots, support=support, complained=complained, withdrawn=withdrawn)
        sure = self._turn_confidence()
        confidence = round(min(0.999, self.turn.state.confidence * sure), 4)
        return replace(found, confidence=confidence, turn_confidence=sure)

    def _decide(self, name: str, described: list[str]) -> dict[str, float]:
        return self.model.decisions[name].probabilities(described)

    def _note(self, name: str, probability: float) -> None:
        self.sure[name] = min(self.sure.get(name, 1.0), probability)

    def _is_persons(self, name: str) -> bool:
        slot = self.slots.get(name)
        return bool(slot) and slot.source == "person"

    def _keep(self, name: str) -> None:
        """Nothing new is said of it."""
        if self.slots.get(name) is not self.turn.state.slots.get(name):
            self.differs.add(name)
        if name in self.turn.state.slots:
            self.slots[name] = self.turn.state.slots[name]
        else:
            self.slots.pop(name, None)

    def _put(self, name: str, value: Any, sure: float, first: int, last: int) -> None:
        self.differs.add(name)
        quote = " ".join(self.text.quote(first, last).split())[:_QUOTE]
        self.slots[name] = Slot(value, round(sure, 3), quote, "rule", self.turn.message_at(self.text, first))

    def _name(self) -> None:
        scored = self.model.names.score(features.of_tokens(self.view))
        tags, sure = self.model.names.tag(scored)
        self._note("name", max(sure, 1 - sure))
        if self._is_persons("name"):
            return
        found, before = self.turn.name, self.turn.state.slots.get("name")
        spans = _spans(tags) if sure >= _OVERRULE else []
        if found and any(first < found.last and found.first < last for first, last in spans):
            # The rules write it as it is to be stored.
            return
        if found:
            share = self.model.names.share(scored, found.first, found.last)
            if not spans:
                self.sure["name"] = max(share, 1 - share)
            if share > 1 - _OVERRULE or (found.sure >= _PRESENTED and not spans):
                return
        elif not spans:
            return
        self._keep("name")
        words = NameWords(self.text, [span[1:] for span in self.view.cities], frozenset())
        for first, last in spans:
            while first < last and (self.text.tokens[first].kind != "word" or self.text.norms[first] in TITLES):
                first += 1
            while last > first and self.text.tokens[last - 1].kind != "word":
                last -= 1
            if first == last:
                continue
            name = words.format(first, last)
            known = fold(before.value).split() if before else []
            if not set(fold(name).split()) <= set(known):
                self._put("name", name, sure, first, last)

    def _city(self) -> None:
        if self._is_persons("city"):
            return
        said = self.slots.get("city")
        chosen = None
        for number, (city, first, last) in enumerate(self.view.cities):
            yes = self._decide("city", features.of_city(self.view, number))["yes"]
            self._note("city", max(yes, 1 - yes))
            if yes >= _OVERRULE and (chosen is None or yes >= chosen[0]):
                chosen = yes, city, first, last
        if not self.view.cities:
            return
        if chosen is None:
            if not self.turn.placed:
                self._keep("city")
            return
        yes, city, first, last = chosen
        if not said or said.value != city.name:
            self._put("city", city.name, yes, first, last)

    def _support(self) -> bool:
        yes = self._decide("support", features.of_support(self.view))["yes"]
        self._note("support", max(yes, 1 - yes))
        if self.turn.is_keyword:
            return self.reading.support
        support = yes >= _OVERRULE
        if support != self.reading.support:
            self.differs.add("support")
        return support

    def _products(self) -> None:
        if self._is_persons("products"):
            return
        known = self.view.known
        said = self.slots["products"].value if "products" in self.slots else ()
        wanted: dict[str, float] = {}
        at: dict[str, tuple[int, int]] = {}
        for number, thing in enumerate(self.view.things):
            name = thing.interest.name
            if self.turn.returned and name not in said:
                # What was complained of before a colleague gave the customer back no label tells.
                continue
            yes = self._decide("thing", features.of_thing(self.view, number))["yes"]
            wanted[name] = max(wanted.get(name, 0.0), yes)
            at.setdefault(name, (thing.first, thing.last))
        general = self.turn.vocabulary.general
        for name in known:
            if name not in wanted and name not in general:
                wanted[name] = self._decide("known", features.of_known(self.view, name))["yes"]
        for name, yes in wanted.items():
            if name not in general:
                self._note("products", max(yes, 1 - yes))
        # What is neither named nor known the rules worked out: *muebles* for the terrace.
        order = dict.fromkeys((*known, *said, *wanted))
        products = [name for name in order if (wanted[name] >= _OVERRULE if name in wanted else name in said)]
        if specific := [name for name in products if name not in general]:
            products = specific
        elif any(name in general for name in (*known, *said)) and not products and not at:
            products = [name for name in said if name in general]
        if set(products) == set(said):
            return
        self.differs.add("products")
        if not products:
            self.slots.pop("products", None)
            return
        new = [name for name in products if name in at and name not in known]
        first, last = at[new[0]] if new else (0, min(len(self.text), 12))
        self._put("products", tuple(products), min(wanted.get(name, 0.9) for name in products), first, last)

    def _budget(self) -> None:
        if self._is_persons("budget") or not self.view.numbers:
            return
        before, said = self.turn.state.slots.get("budget"), self.slots.get("budget")
        values = {number.value for number in self.view.numbers}
        ends: dict[str, tuple[float, int]] = {}
        for at, number in enumerate(self.view.numbers):
            odds = self._decide("number", features.of_number(self.view, at))
            kind = max(odds, key=odds.__getitem__)
            self._note("budget", odds[kind])
            said_kind = self._kind_of(number)
            if odds[kind] < (_OVERRULE if said_kind == "no" else _OVERRULE_SUM):
                kind = said_kind
            for name in ("most", "least"):
                if kind == name and LEAST <= number.value <= MOST and odds[name] >= ends.get(name, (0.0, 0))[0]:
                    ends[name] = odds[name], at
        if said and said is not before and not {said.value.min, said.value.max} - {None} <= values:
            # The rules reckoned it.
            return
        if not ends:
            self._keep("budget")
            return
        most, least = (
            int(self.view.numbers[ends[name][1]].value + 0.5) if name in ends else None for name in ("most", "least")
        )
        if most is not None and least is not None and least >= most:
            least = None
        if said and (said.value.min, said.value.max) == (least, most):
            return
        number = self.view.numbers[next(iter(ends.values()))[1]]
        self._put("budget", Budget(least, most), min(sure for sure, _at in ends.values()), number.first, number.last)

    def _kind_of(self, number: Number) -> str:
        """What the rules made of a number."""
        before, said = self.turn.state.slots.get("budget"), self.slots.get("budget")
        if not said or said is before:
            return "no"
        value = int(number.value + 0.5)
        return "most" if value == said.value.max else "least" if value == said.value.min else "no"

    def _urgency(self) -> None:
        if self._is_persons("urgency"):
            return
        odds = self._decide("urgency", features.of_urgency(self.view))
        level = max(odds, key=odds.__getitem__)
        self._note("urgency", odds[level])
        if odds[level] < _OVERRULE:
            return
        before, said = self.turn.state.slots.get("urgency"), self.slots.get("urgency")
        if said is not before and self.turn.day:
            undated = find_urgency(self.text)
            if not undated or undated.level != said.value:
                # Only the calendar tells how far off it is.
                return
        if level == "none":
            if said is before or odds["none"] >= _OVERRULE_URGENCY:
                self._keep("urgency")
        elif not said or said.value != level:
            first, last = self._strongest("urgency", level)
            self._put("urgency", level, odds[level], first, last)

    def _strongest(self, decision: str, level: str) -> tuple[int, int]:
        """The clause whose words weigh most for a class."""
        linear = self.model.decisions[decision]
        column = linear.classes.index(level) + 1
        best, strongest = 0, float("-inf")
        for at, place in self.view.place.items():
            names = (f"w={self.view.words[place]}", f"t={self.view.stems[place]}")
            weight = sum(linear.weights[name][column] for name in names if name in linear.weights)
            if weight > strongest:
                best, strongest = at, weight
        return self.text.clause_range(best)

    def _turn_confidence(self) -> float:
        """How likely nothing of this turn was misread."""
        rules = self.reading.turn_confidence
        self.described = describe(self.sure, self.differs, rules, self.view)
        right = self._decide("right", self.described)["yes"]
        if not self.view.things and self.slots == self.turn.state.slots:
            # Where nothing was found, what the rules miss is all there is to doubt.
            right = min(right, rules)
        products = self.slots["products"].value if "products" in self.slots else ()
        spelt = min((thing.sure for thing in self.view.things if thing.interest.name in products), default=1.0)
        return round(min(0.999, right * spelt), 4)


def _spans(tags: list[str]) -> list[tuple[int, int]]:
    """Where names begin and end."""
    starts = [at for at, tag in enumerate(tags) if tag == "B"]
    return [(first, next((at for at in range(first + 1, len(tags)) if tags[at] != "I"), len(tags))) for first in starts]


def describe(sure: dict[str, float], differs: set[str], rules: float, view: View) -> list[str]:
    """What tells how likely a turn was read rightly: how sure each decision was, in steps, and where readers differ."""
    described = [f"{name}={_step(probability)}" for name, probability in sorted(sure.items())]
    doubt = -sum(log(max(0.01, probability)) for probability in sure.values())
    return [
        *described,
        f"doubt={min(12, int(doubt * 8))}",
        *(f"differs={name}" for name in sorted(differs)),
        f"rules={int(rules * 20)}",
        f"things={min(3, len(view.things))}",
        f"numbers={min(3, len(view.numbers))}",
        view.length,
        *view.context,
    ]


def _step(probability: float) -> int:
    return sum(probability >= bound for bound in (0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.995))
