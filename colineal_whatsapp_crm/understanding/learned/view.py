"""A turn as the learned decisions see it: the customer's words, with a class in the place of things, cities and sums.

No product's and no city's own word gets through, so that what a shop adds to its vocabulary works at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..emails import email_tokens, find_email
from ..known_words import known_words
from ..numbers import Number, find_numbers
from ..products import merge_mentions
from ..schema import Understanding
from ..vocabulary import City, Mention

if TYPE_CHECKING:
    from ..rules import Turn

#: Inside a thing, a city or a sum of several words.
_INSIDE = "<_>"
#: Nobody states a budget before forty other numbers.
_MOST_NUMBERS = 40
_STEM = 5
_COURTESIES = frozenset(
    "hola holi buenos buenas buen dias dia tardes noches gracias muchas saludos hello hi hey ola oi bom boa tarde noite"
    " estimados estimadas thanks thank obrigado obrigada porfa porfavor please".split()
)
#: Words of a turn that are looked at as a whole.
_BAG = 80


class View:
    """One turn, and what the rules made of it.

    words
        the turn's words and marks in order, folded, or a class such as ``<P>`` for a thing; `stems` are their beginnings.
    place
        where in `words` a token of the text stands.
    """

    def __init__(self, turn: Turn, reading: Understanding):
        self.turn, self.reading, self.state, self.text = turn, reading, turn.state, turn.readable
        products = self.state.slots.get("products")
        self.known: tuple[str, ...] = products.value if products else ()
        self.things: list[Mention] = merge_mentions(self.text, turn.vocabulary, turn.mentions)
        self.numbers: list[Number] = find_numbers(self.text)[:_MOST_NUMBERS]
        self.cities: list[tuple[City, int, int]] = turn.cities
        self.classes = self._classify()
        kept = [
            (at, word) for at, word in enumerate(self.classes) if word != _INSIDE and not self._is_courtesy(at, word)
        ]
        self.place: dict[int, int] = {}
        kept_at, place = {at for at, _word in kept}, -1
        for at in range(len(self.classes)):
            place += at in kept_at
            self.place[at] = max(0, place)
        self.words = [word for _at, word in kept]
        self.stems = [word if word[0] == "<" else word[:_STEM] for word in self.words]
        self.context = [
            f"asked={self.state.last_action}",
            f"support={self.state.support:d}",
            f"lead={self.state.lead:d}",
            *(f"has={name}" for name in self.state.slots if name != "need"),
        ]
        self.length = f"length={min(6, len(self.words) // 4)}"
        stems = self.stems[:_BAG]
        self.bag = sorted({f"t={stem}" for stem in stems} | {f"t2={a}_{b}" for a, b in zip(stems, stems[1:])})  # noqa: B905, RUF007
        words = self.words[:_BAG]
        self.word_bag = sorted({f"w={word}" for word in words} | {f"w2={a}_{b}" for a, b in zip(words, words[1:])})  # noqa: B905, RUF007

    def _is_courtesy(self, at: int, word: str) -> bool:
        """Greetings, thanks and signs are of no weight: who leaves them out says the same."""
        token = self.text.tokens[at]
        return word in _COURTESIES or (
            word[0] != "<" and token.kind == "mark" and token.raw[:1] not in "?,.:;-/%()+=*\n"
        )

    def _classify(self) -> list[str]:
        text, known = self.text, known_words()
        classes = list(text.norms)
        for at, token in enumerate(text.tokens):
            if at and token.kind == "word" and token.raw[:1].isupper() and token.norm not in known:
                classes[at] = "<X>"
        heads = []
        for number in self.numbers:
            heads.append((number.first, number.last, _class_of(number)))
        heads += [(first, last, "<C>") for _city, first, last in self.cities]
        for thing in self.things:
            name = "<PG>" if thing.interest.general else "<PK>" if thing.interest.name in self.known else "<P>"
            heads.append((thing.first, thing.last, name))
        for _first, last, _name in heads:
            classes[_first + 1 : last] = [_INSIDE] * (min(last, len(classes)) - _first - 1)
        for first, _last, name in heads:
            classes[first] = name
        for at in email_tokens(text, find_email(text, self.turn.vocabulary.store_domains)):
            if not classes[at].startswith("<"):
                classes[at] = "<E>"
        return classes

    def around(self, at: int, reach: int = 5) -> Iterator[str]:
        """What stands around a token: each neighbour by its distance, pairs, and the words of its clause and sentence."""
        place, words, stems = self.place[at], self.words, self.stems
        count = len(words)

        def word(index: int) -> str:
            return words[index] if 0 <= index < count else "^" if index < 0 else "$"

        def stem(index: int) -> str:
            return stems[index] if 0 <= index < count else "^" if index < 0 else "$"

        for distance in range(1, reach + 1):
            left, right = place - distance, place + distance
            yield f"L{distance}={word(left)}"
            yield f"R{distance}={word(right)}"
            yield f"l{distance}={stem(left)}"
            yield f"r{distance}={stem(right)}"
        before, after = [stem(place - 3), stem(place - 2), stem(place - 1)], [stem(place + d) for d in (1, 2, 3)]
        yield f"L21={before[1]}_{before[2]}"
        yield f"L32={before[0]}_{before[1]}"
        yield f"L321={'_'.join(before)}"
        yield f"R12={after[0]}_{after[1]}"
        yield f"R123={'_'.join(after)}"
        yield f"LR={before[2]}_{after[0]}"
        yield from (f"lb={stems[index]}" for index in range(max(0, place - 12), place))
        yield from (f"rb={stems[index]}" for index in range(place + 1, min(count, place + 12)))
        for name, (first, last) in (("s", self.text.sentence_range(at)), ("c", self.text.clause_range(at))):
            inside = list(dict.fromkeys(self.place[index] for index in range(first, last)))
            yield from (f"{name}={stems[index]}" for index in inside if index != place)
            yield from (f"{name}2={stems[a]}_{stems[b]}" for a, b in zip(inside, inside[1:]))  # noqa: B905, RUF007
        if self.text.is_question(at):
            yield "question"
        yield f"first={place == 0:d}"
        yield f"alone={count == 1:d}"
        yield self.length


def _class_of(number: Number) -> str:
    if number.money:
        return "<$>"
    if number.code:
        return "<NC>"
    return f"<N{(number.value >= 15) + (number.value >= 100) + (number.value >= 10_000)}>"
