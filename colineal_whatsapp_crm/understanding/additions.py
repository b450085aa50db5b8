"""What a person adds to what is understood, and which messages are read otherwise with it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from .consent import get_words
from .lexicon import COMMON_WORDS, CONNECTORS
from .name_cues import is_given
from .questions import find_courtesies
from .taught import Phrase, Taught, find_fault
from .text import Text, clean, fold
from .vocabulary import City, Interest, Vocabulary

#: Of one message, so many words or phrases are offered to be taught.
_MOST_OFFERED = 8
#: Shorter words name nothing.
_LEAST_LETTERS = 3
#: Words and marks of what may be a courtesy and nothing else.
_LONGEST_COURTESY = 3


@dataclass(frozen=True, slots=True)
class Addition:
    """One thing to add: a product or a city as it will be, in the place of that of the same name, or a phrase.

    words
        what is new: a word, its plural, the name of a new product.
    """

    interest: Interest | None = None
    city: City | None = None
    phrase: Phrase | None = None
    words: tuple[str, ...] = ()

    def apply(
        self, interests: Sequence[Interest], cities: Sequence[City], phrases: Sequence[Phrase]
    ) -> tuple[Sequence[Interest], Sequence[City], Sequence[Phrase]]:
        """What is known with it."""
        return (
            _put(interests, self.interest),
            _put(cities, self.city),
            (*phrases, self.phrase) if self.phrase else phrases,
        )

    def touches(self, texts: Iterable[str], before: Vocabulary, after: Vocabulary) -> bool:
        """Whether a turn with these texts may be read otherwise with it. Where it is not, its words do not occur.

        before, after
            what is known without it, and with it.
        """
        if self.phrase:
            return any(_compile(self.phrase).says(text) for text in texts)
        new = {word for phrase in self.words for word in get_words(phrase)} - CONNECTORS
        return any(_is_touched(Text(clean(text)), new, before, after) for text in texts)


@lru_cache(maxsize=8)
def _compile(phrase: Phrase) -> Taught:
    return Taught([phrase])


def _put(known: Sequence, one: Interest | City | None) -> Sequence:
    if one is None:
        return known
    if all(each.name != one.name for each in known):
        return (*known, one)
    return tuple(one if each.name == one.name else each for each in known)


def _is_touched(text: Text, new: set[str], before: Vocabulary, after: Vocabulary) -> bool:
    for word in dict.fromkeys(text.norms):
        if word[:1].isalpha() and (
            not new.isdisjoint(after.lemmas(word)[0]) or after.city_word(word) != before.city_word(word)
        ):
            return True
    # What is only near to a word, and what is said in several.
    return before.find(text) != after.find(text) or before.find_cities(text) != after.find_cities(text)


def offer_words(text: str, vocabulary: Vocabulary) -> list[str]:
    """The words of a message that may be taught as those of a product or a city, as the customer wrote them.

    They name nothing yet, or are only taken for a word that is known: *salita*, for a small *sala*. A word beside one
    that names a product comes with it as well: *mesa nido*.
    """
    read = Text(clean(text))
    known = {at for mention in vocabulary.find(read) for at in range(mention.first, mention.last)}
    known |= {at for _city, first, last in vocabulary.find_cities(read) for at in range(first, last)}
    offered: list[str] = []
    for at, token in enumerate(read.tokens):
        if token.kind != "word" or len(token.norm) < _LEAST_LETTERS:
            continue
        if at in known and vocabulary.has(token.norm):
            continue
        if token.norm in COMMON_WORDS or is_given(token.norm):
            continue
        if at - 1 in known:
            offered.append(read.quote(at - 1, at + 1))
        offered.append(token.raw)
    return list({fold(word): word for word in offered}.values())[:_MOST_OFFERED]


def offer_phrases(text: str) -> list[str]:
    """The sentences of a message that may be taught as phrases, and their clauses, as the customer wrote them."""
    read = Text(clean(text))
    offered = [*_quote_parts(read, read.sentence), *_quote_parts(read, read.clause)]
    usable = [phrase for phrase in offered if not find_fault(phrase) and not _is_courtesy(Text(phrase))]
    return list({fold(phrase): phrase for phrase in usable}.values())[:_MOST_OFFERED]


def _quote_parts(text: Text, numbers: Sequence[int]) -> Iterator[str]:
    for _number, part in groupby(range(len(text)), lambda at: numbers[at]):
        words = [at for at in part if text.tokens[at].kind != "mark"]
        if words:
            yield " ".join(text.quote(words[0], words[-1] + 1).split())


def _is_courtesy(text: Text) -> bool:
    return bool(find_courtesies(text)) and len(text) <= _LONGEST_COURTESY
