"""The words of what the shop sells and of the places it delivers to, compiled once into an index.

The words are data (`whatsapp.interest` and `whatsapp.city` in Odoo, the shipped CSV files outside of it). From each
synonym the index derives plural, diminutive and augmentative, tolerates misspellings, and allows small words and
adjectives between the parts of a compound (`mesa redonda de centro`).
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from .given_names import SURNAMES
from .known_words import known_words
from .lexicon import ALSO_ADJECTIVES, COMMON_WORDS, CONNECTORS, DETERMINERS, GAP_STOPS, NUMBER_WORDS, VERBS
from .name_cues import is_given
from .text import Text, fold, sound

if TYPE_CHECKING:
    from .taught import Taught

#: Words that say a message is about after-sales whatever else it says; a shop adds its own.
SUPPORT_KEYWORDS: tuple[str, ...] = ()
STORE_DOMAINS = ("colineal.com", "colineal.ec", "colineal.com.ec")

_MAX_GAP = 6

#: What stands between words that people list.
_SEPARATORS = re.compile(r"[|\n\r,;]")

#: Characters and words of a name, and how many there may be for one thing or in one list. The search takes time in
#: proportion to the words of the longest.
LONGEST_PHRASE, MOST_WORDS, MOST_SYNONYMS = 120, 8, 200


@dataclass(frozen=True, slots=True)
class Interest:
    """One thing the shop sells, as customers call it.

    general marks the word that only stands for "furniture": it is kept until something specific is said.

    forms
        (synonym, its plural, its gender), of the synonyms whose forms are known; the others follow the rules.
    hot_budget
        the least budget that makes a customer of it hot; 0 where any does.
    """

    name: str
    synonyms: tuple[str, ...] = ()
    plural: str = ""
    gender: str = "m"
    general: bool = False
    forms: tuple[tuple[str, str, str], ...] = ()
    hot_budget: int = 0


@dataclass(frozen=True, slots=True)
class City:
    name: str
    synonyms: tuple[str, ...] = ()
    country: str = "EC"


@dataclass(frozen=True, slots=True)
class Mention:
    """An interest named in a text: tokens `first` up to `last`, the folded `head` word, and how sure the match is."""

    interest: Interest
    first: int
    last: int
    head: str
    sure: float = 1.0


@dataclass(slots=True)
class _Node:
    """A step of the index of compounds: the interest that ends here and the words that may follow."""

    interest: Interest | None = None
    next: dict[str, "_Node"] = field(default_factory=dict)


#: What follows in a text, by the identity of a node and the token: the interest, where it ends, how sure the way is.
_Followed = dict[tuple[int, int], tuple[Interest, int, float] | None]


class Vocabulary:
    """Interests and cities ready to be found in texts. Build it once and reuse it; it never changes."""

    def __init__(
        self,
        interests: Iterable[Interest],
        cities: Iterable[City],
        support_keywords: Sequence[str] = SUPPORT_KEYWORDS,
        store_domains: Sequence[str] = STORE_DOMAINS,
        taught: "Taught | None" = None,
    ):
        # What was saved before there were bounds, or past them, is left out.
        self.interests = tuple(
            replace(each, synonyms=usable(each.synonyms, MOST_WORDS)) for each in interests if is_usable(each.name)
        )
        self.cities = tuple(
            replace(each, synonyms=usable(each.synonyms, MOST_WORDS)) for each in cities if is_usable(each.name)
        )
        self.support_keywords = tuple(" ".join(_words(each)) for each in usable(support_keywords) if _words(each))
        self.store_domains = tuple(
            domain.casefold().strip().lstrip("@") for domain in usable(store_domains) if domain.strip()
        )
        #: What customers say by phrases that the shop has added.
        self.taught = taught
        self.general = frozenset(interest.name for interest in self.interests if interest.general)
        self.hot_budgets = {interest.name: interest.hot_budget for interest in self.interests if interest.hot_budget}
        self._root = _Node()
        # Folded form of a single word → the lemmas (keys of the index) that it may stand for.
        self._forms: dict[str, set[str]] = {}
        # Forms that may be misspelt; a misspelt diminutive looks like too many other words.
        self._plain: set[str] = set()
        for interest in self.interests:
            # A plural that can be derived from the name adds nothing.
            derived = inflections(" ".join(_words(interest.name)))
            plural = "" if " ".join(_words(interest.plural)) in derived else interest.plural
            plurals = (plural for name, plural, _gender in interest.forms if not _is_derived(plural, name))
            for phrase in (interest.name, *usable((plural,), MOST_WORDS), *interest.synonyms,
                           *usable(plurals, MOST_WORDS)):  # fmt: skip
                self._add(phrase, interest)
        self._cities: dict[tuple[str, ...], City] = {}
        for city in self.cities:
            for phrase in (city.name, *city.synonyms):
                words = tuple(_words(phrase))
                if words:
                    self._cities.setdefault(words, city)
        self._city_heads: dict[str, list[tuple[str, ...]]] = {}
        for words in sorted(self._cities, key=len, reverse=True):
            self._city_heads.setdefault(words[0], []).append(words)
        self._sounds: dict[str, set[str]] = {}
        # Forms by first sound and length: a misspelling keeps the one and hardly changes the other.
        self._near: dict[tuple[str, int], list[str]] = {}
        for form in self._plain:
            self._sounds.setdefault(sound(form), set()).add(form)
            self._near.setdefault((sound(form)[:1], len(form)), []).append(form)
        self._city_sounds = {sound(head): head for head in self._city_heads if len(head) >= 5}
        self._known = known_words()
        # Per vocabulary, not per module: another vocabulary reads the same token differently.
        self.lemmas = lru_cache(maxsize=8192)(self._lemmas)
        self.city_word = lru_cache(maxsize=8192)(self._city_word)

    @classmethod
    def from_csv(cls, interests: Path | str, cities: Path | str, **options: Sequence[str]) -> "Vocabulary":
        """Read the addon's own data files; what Odoo does not need to be there for."""
        return cls(
            [
                Interest(
                    name=row["name"],
                    synonyms=split_synonyms(row.get("synonyms")),
                    plural=row.get("plural") or "",
                    gender=row.get("gender") or "m",
                    general=(row.get("general") or "").strip().casefold() in ("true", "1", "yes"),
                )
                for row in _rows(interests)
            ],
            [
                City(row["name"], split_synonyms(row.get("synonyms")), row.get("country") or "EC")
                for row in _rows(cities)
            ],
            **options,
        )

    @classmethod
    def shipped(cls) -> "Vocabulary":
        """The vocabulary that comes with the addon."""
        data = Path(__file__).resolve().parent.parent / "data"
        return cls.from_csv(data / "whatsapp.interest.csv", data / "whatsapp.city.csv")

    def interest(self, name: str) -> Interest | None:
        return next((interest for interest in self.interests if interest.name == name), None)

    def find(self, text: Text) -> list[Mention]:
        """All interests named in a text, the longest compound first where several begin at one word."""
        mentions: list[Mention] = []
        followed: _Followed = {}
        index, count = 0, len(text)
        while index < count:
            mention = self._match(text, index, followed) if text.tokens[index].kind == "word" else None
            if mention:
                mentions.append(mention)
                index = mention.last
            else:
                index += 1
        return mentions

    def compound(self, head: str, modifier: str) -> Interest | None:
        """The interest that a head and a modifier make together, as *silla* and *escritorio* do."""
        for lemma in self.lemmas(head)[0]:
            node = self._root.next.get(lemma)
            for second in self.lemmas(modifier)[0] if node else ():
                if second in node.next and node.next[second].interest:
                    return node.next[second].interest
        return None

    def has(self, word: str) -> bool:
        """Whether a word is one of those of the shop's things or of a city, singular or plural, as it is written.

        word
            folded, as a text's norms are.
        """
        return word in self._plain or any(word in words for words in self._cities)

    def find_cities(self, text: Text) -> list[tuple[City, int, int]]:
        found: list[tuple[City, int, int]] = []
        norms = text.norms
        index = 0
        while index < len(norms):
            step = 1
            head = self.city_word(norms[index]) if text.tokens[index].kind == "word" else None
            for words in self._city_heads.get(head, ()) if head else ():
                if words[1:] == tuple(norms[index + 1 : index + len(words)]):
                    found.append((self._cities[words], index, index + len(words)))
                    step = len(words)
                    break
            index += step
        return found

    def _add(self, phrase: str, interest: Interest) -> None:
        content = [word for word in _words(phrase) if word not in CONNECTORS]
        if not content:
            return
        node = self._root
        for position, word in enumerate(content):
            # A Spanish compound inflects its head, an English one its last word; adjectives agree with either.
            # *muebles de sala* are a set; *un mueble de sala* is not.
            only_plural = len(content) > 1 and len(word) > 4 and word.endswith("s")
            for form in {word} if only_plural else inflections(word):
                self._forms.setdefault(form, set()).add(word)
                self._plain.add(form)
            for form in sized(word) - COMMON_WORDS:
                self._forms.setdefault(form, set()).add(word)
            node = node.next.setdefault(word, _Node())
            if position == len(content) - 1 and node.interest is None:
                node.interest = interest

    def _match(self, text: Text, start: int, followed: _Followed) -> Mention | None:
        lemmas, sure = self.lemmas(text.norms[start])
        if not lemmas and start and _may_name(text.norms[start - 1]):
            lemmas, sure = self._short(text.norms[start])
        best: Mention | None = None
        for lemma in lemmas:
            node = self._root.next.get(lemma)
            if node:
                found = self._follow(text, node, start + 1, followed)
                if found and (best is None or found[1] > best.last):
                    best = Mention(found[0], start, found[1], text.norms[start], min(sure, found[2]))
        return best

    def _follow(self, text: Text, node: _Node, at: int, followed: _Followed) -> tuple[Interest, int, float] | None:
        """The longest compound that continues from here, else what ends here.

        followed
            what was found before, by node and place: from each, the text is followed once.
        """
        key = (id(node), at)
        if key not in followed:
            followed[key] = self._follow_on(text, node, at, followed)
        return followed[key]

    def _follow_on(self, text: Text, node: _Node, at: int, followed: _Followed) -> tuple[Interest, int, float] | None:
        if node.next:
            gap, crossed = at, 0
            while gap < len(text) and gap - at <= _MAX_GAP:
                norm = text.norms[gap]
                if text.tokens[gap].kind == "word":
                    lemmas, second = self.lemmas(norm)
                    hits = [lemma for lemma in lemmas if lemma in node.next]
                    for lemma in hits:
                        found = self._follow(text, node.next[lemma], gap + 1, followed)
                        if found:
                            return found[0], found[1], min(second, found[2])
                    if norm in CONNECTORS or (norm == "en" and gap > at and text.norms[gap - 1] in CONNECTORS):
                        pass
                    elif (
                        norm in GAP_STOPS
                        or crossed == 2
                        or (second == 1.0 and not hits and norm not in ALSO_ADJECTIVES)
                    ):
                        break
                    else:
                        crossed += 1
                elif norm not in ("/", "-", "'"):
                    break
                gap += 1
        return (node.interest, at, 1.0) if node.interest else None

    def _lemmas(self, word: str) -> tuple[tuple[str, ...], float]:
        """The lemmas a word may stand for, and how sure that is (1 when it is spelt right)."""
        exact = self._forms.get(word)
        if exact:
            return tuple(sorted(exact)), 1.0
        if len(word) < 4 or len(word) > 24 or word in COMMON_WORDS:
            return (), 0.0
        alike = self._sounds.get(sound(word))
        if alike:
            return tuple(sorted({lemma for form in alike for lemma in self._forms[form]})), 0.97
        if self._is_another(word):
            return (), 0.0
        best: set[str] = set()
        nearest, first = 3, sound(word)[:1]
        for length in range(max(5, len(word) - 2), len(word) + 3):
            for form in self._near.get((first, length), ()):
                distance = _distance(word, form)
                if distance < nearest:
                    best, nearest = set(), distance
                if distance == nearest < 3:
                    best |= self._forms[form]
        return tuple(sorted(best)), 0.93 if nearest == 1 else 0.85

    def _short(self, word: str) -> tuple[tuple[str, ...], float]:
        """The lemmas that a word too short to be told by itself is a slip away from: *tienen sofs?*, *una msea*."""
        if not 3 <= len(word) <= 5 or word in COMMON_WORDS or self._is_another(word):
            return (), 0.0
        near = [
            form
            for length in range(len(word) - 1, len(word) + 2)
            for form in self._near.get((sound(word)[:1], length), ())
            if 4 <= length <= 5 and OSA.distance(word, form, score_cutoff=1) == 1
        ]
        meant = set.intersection(*(self._forms[form] for form in near)) if near else ()
        return (tuple(sorted(meant)), 0.85) if meant else ((), 0.0)

    def _is_another(self, word: str) -> bool:
        """Whether a word is itself or a common one by ear, not a slip in writing another: *carro*, *Rosero*, *plasas*."""
        return word in self._known or word in SURNAMES or is_given(word) or sound(word) in _common_sounds()

    def _city_word(self, word: str) -> str | None:
        """The first word of a city that this word is or misspells."""
        if word in self._city_heads:
            return word
        if len(word) < 4 or len(word) > 24 or word in COMMON_WORDS or word in self._forms:
            return None
        alike = self._city_sounds.get(sound(word))
        if alike:
            return alike
        if len(word) < 6 or self._is_another(word):
            return None
        for head in self._city_heads:
            if len(head) >= 6 and head[0] == word[0] and _distance(word, head) == 1:
                return head
        return None


def _may_name(before: str) -> bool:
    """Whether a thing is likely to be named after this word."""
    return before in DETERMINERS or before in NUMBER_WORDS or before in VERBS or before.isdigit()


def _is_derived(plural: str, name: str) -> bool:
    """Whether the index knows a plural by itself, word for word."""
    words, singulars = _words(plural), _words(name)
    return len(words) == len(singulars) and all(
        word in inflections(singular) for word, singular in zip(words, singulars, strict=True)
    )


def split_synonyms(cell: str | None) -> tuple[str, ...]:
    """The synonyms of one cell: separated by `|`, by line breaks, or as people list words, by commas and semicolons."""
    parts = (" ".join(part.split()) for part in _SEPARATORS.split(cell or ""))
    return tuple(dict.fromkeys(part for part in parts if part))


def is_list(phrase: str) -> bool:
    """Whether a phrase is several: no customer's word has a comma in it."""
    return bool(_SEPARATORS.search(phrase))


def find_fault(phrases: Sequence[str], most_words: int = LONGEST_PHRASE) -> tuple[str, str]:
    """Why phrases are not taken, and what of them; empty texts when they are.

    One of ``many`` (how many there may be), ``long`` and ``words`` (the phrase that has too many characters, or words).
    """
    if len(phrases) > MOST_SYNONYMS:
        return "many", str(MOST_SYNONYMS)
    for phrase in phrases:
        if len(phrase) > LONGEST_PHRASE:
            return "long", f"{phrase[: LONGEST_PHRASE // 2]}…"
        if len(_words(phrase)) > most_words:
            return "words", phrase
    return "", ""


def usable(phrases: Iterable[str], most_words: int = LONGEST_PHRASE, most: int = MOST_SYNONYMS) -> tuple[str, ...]:
    """The phrases without those that are too long, as many as there may be."""
    return tuple(islice((phrase for phrase in phrases if not find_fault((phrase,), most_words)[0]), most))


def is_usable(name: str) -> bool:
    """Whether a thing or place may be called so."""
    return bool(name.strip()) and not find_fault((name,), MOST_WORDS)[0]


@cache
def _common_sounds() -> frozenset[str]:
    return frozenset(sound(word) for word in COMMON_WORDS if len(word) >= 4)


def inflections(word: str) -> set[str]:
    """A folded word with its plural (or, of a plural, its singular), in the three languages."""
    if len(word) < 3 or not word.isalpha():
        return {word}
    forms = {word}
    stem, last = word[:-1], word[-1]
    if last in "aeiou":
        forms.add(word + "s")
    else:
        forms |= {word + "es", word + "s"}
    if last == "z":
        forms.add(stem + "ces")
    if word.endswith(("lf", "fe")):
        forms.add(word.rstrip("e")[:-1] + "ves")
    if word.endswith("ao"):
        forms.add(word[:-2] + "oes")
    if last == "l":
        forms.add(stem + "is")
    if last == "s" and len(word) > 4:
        forms.add(stem)
    return forms


def sized(word: str) -> set[str]:
    """Diminutives and augmentatives, singular and plural, and what chat makes of them."""
    if len(word) < 3 or not word.isalpha():
        return set()
    base = word[:-1] if word.endswith("s") and len(word) > 4 and word[-2] in "aeiou" else word
    stem, last = base[:-1], base[-1]
    endings: list[str] = []
    if last in "oa":
        soft = stem[:-1] + {"c": "qu", "g": "gu", "z": "c"}[stem[-1]] if stem[-1] in "cgz" else stem
        endings += [root + size + last for root in {soft, soft.removesuffix("i")} for size in ("it", "ot")]
        endings += [base + "cit" + vowel for vowel in "oa"] + [base + "sit" + vowel for vowel in "oa"]
    elif last == "e":
        endings += [stem + middle + vowel for middle in ("it", "ecit", "cit", "ot", "esit") for vowel in "oa"]
        endings += [base + middle + vowel for middle in ("cit", "sit") for vowel in "oa"]
    elif last in "nrldz":
        root = stem if last == "z" else base
        endings += [root + middle + vowel for middle in ("cit", "sit", "it", "ecit", "ot") for vowel in "oa"]
    else:
        endings += [base + middle + vowel for middle in ("cit", "sit", "it") for vowel in "oa"]
    return set(endings) | {ending + "s" for ending in endings}


def _distance(word: str, form: str) -> int:
    """Edits between a word and a form of the same first sound, or 3 when neither is a misspelling of the other."""
    shorter = min(len(word), len(form))
    heard, meant = sound(word), sound(form)
    if shorter < 5:
        return 3
    limit = 2 if shorter >= 9 else 1
    distance = min(OSA.distance(word, form, score_cutoff=limit), OSA.distance(heard, meant, score_cutoff=limit))
    return 3 if distance > limit else distance


def _words(phrase: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(phrase))


def _rows(path: Path | str) -> list[Mapping[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
