"""Telling the words of a name from the words around it, and writing the name as it should be stored."""

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from .given_names import CITY_SURNAMES, COMPANY, GIVEN, ROLES, SURNAMES, TITLES
from .known_words import known_words
from .lexicon import (
    ATTRIBUTES,
    CHAT_WORDS,
    COMMON_WORDS,
    CONNECTORS,
    DETERMINERS,
    FUNCTION_WORDS,
    NUMBER_WORDS,
    VERBS,
)
from .name_cues import ENDINGS_OF_KINDS, FILLERS, GREETS, LABELS, LANDMARKS, LONGEST, PARTICLES, is_given, is_small
from .text import ABBREVIATIONS, BREAK, CLAUSE_ENDS, Text, fold, sound

#: Common words by their sound: *Presio*, *Infoo*, *Ubicasion* are no names.
_COMMON_SOUNDS = frozenset(sound(word) for word in COMMON_WORDS if len(word) >= 4) - {
    sound(word) for word in GIVEN | SURNAMES
}
_ASKED_OF_SHOPS = (
    "info precio precios informacion catalogo ubicacion cotizacion cotizar promocion promociones disponible oferta "
    "ofertas descuento direccion horario horarios interesado interesada medidas colores price catalog available"
).split()
#: Common words that, even with a capital, are themselves behind a name: *Juan Casas* has another.
_NEVER_SURNAMES = FUNCTION_WORDS | VERBS | CHAT_WORDS | NUMBER_WORDS | DETERMINERS | CONNECTORS
#: *CrediFácil*, *Prestamax*: how firms are called, and *McGregor* is not.
_FIRMS = ("credi", "presta", "finan", "inmob", "distri", "electro", "multi", "tecno", "publi")
_CAMEL = re.compile(r"^(?!Ma?c[A-Z]|De[A-Z]|Di[A-Z]|La[A-Z]|O'|D')\w*[a-záéíóúñ]{2}[A-Z]")


class NameWords:
    """Which words of one text can be a name, and the name they make."""

    def __init__(self, text: Text, cities: Sequence[tuple[int, int]], products: frozenset[int]):
        self.text = text
        self.norms = text.norms
        self.cities = dict(cities)
        self.products = products
        letters = [t.raw for t in text.tokens if t.kind == "word" and len(t.raw) > 1]
        #: Case tells something only where the writer uses both.
        titled = [w[0].isupper() and w[1:].islower() for w in letters]
        self.cased = any(titled) and (any(w.islower() for w in letters) or (len(titled) > 1 and all(titled)))
        self.shouted = bool(letters) and sum(w.isupper() for w in letters) > len(letters) / 2

    def take(self, start: int, strict: bool, cue: str) -> tuple[int, int] | None:
        """The tokens of the name that begins at `start`, titles left out; None when what is there is no name."""
        at = start
        while at < len(self.norms) and (
            (self.norms[at] in TITLES and not (at + 1 >= len(self.norms) or self.norms[at + 1] in CLAUSE_ENDS))
            or (
                self.norms[at] in ("el", "la", "o", "a", "un", "una")
                and at + 1 < len(self.norms)
                and self._opens_name(at + 1)
                and (cue or not _is_attribute(self.norms[at + 1]))
            )
        ):
            at += 1
        first = at
        titled = first > start and self.norms[first - 1] in TITLES
        if first >= len(self.norms) or not self._starts_name(first, strict and not titled, cue):
            return None
        at += 1
        while at < len(self.norms) and at - first < 2 * LONGEST:
            if self._is_hyphen(at) and at + 1 < len(self.norms) and self._like_name(at + 1, True):
                at += 2
            elif at in self.cities:
                if not self._city_is_surname(at):
                    break
                at += 1
            elif self.norms[at] in PARTICLES and self.norms[at] not in SURNAMES:
                following = self._after_particles(at)
                if following is None:
                    break
                at = following + 1
            elif self._like_name(at, True):
                at += 1
            else:
                break
        if any(norm in COMPANY for norm in self.norms[first:at]):
            return None
        return first, at

    def _opens_name(self, at: int) -> bool:
        token = self.text.tokens[at]
        return (
            token.norm in TITLES
            or is_given(token.norm)
            or (token.raw[0].isupper() and token.norm not in COMMON_WORDS and self.cased)
        )

    def _starts_name(self, at: int, strict: bool, cue: str) -> bool:
        token = self.text.tokens[at]
        norm = token.norm
        if token.kind != "word" or len(token.raw) < 2 or norm in PARTICLES:
            return False
        if at in self.products and not is_given(norm) and cue != "apellido":
            return False
        if at in self.cities and not is_given(norm) and cue != "apellido":
            return False
        if is_given(norm):
            following = self.norms[at + 1] if at + 1 < len(self.norms) else ""
            return not (
                norm
                in (
                    "franco",
                    "linda",
                    "feliz",
                    "celeste",
                    "vale",
                    "don",
                    "max",
                    "mando",
                    "mar",
                    "ella",
                    "sol",
                    "nena",
                    "pato",
                    "price",
                    "king",
                    "will",
                )
                and (
                    norm in ROLES
                    or (
                        norm in ("vale", "max", "don", "mando", "ella")
                        and following not in ("", ",", ".", "!", BREAK)
                        and following not in SURNAMES
                    )
                )
            )
        if norm in ROLES or norm in COMPANY:
            return False
        if norm.startswith(_FIRMS) or (_CAMEL.search(token.raw) and norm not in SURNAMES):
            return False
        if strict and not cue and norm not in SURNAMES and _is_misspelt(norm):
            return False
        if strict and self._is_ordinary(at, cue):
            return False
        if norm in COMMON_WORDS and norm not in SURNAMES:
            return (
                not strict
                and self.cased
                and token.raw[0].isupper()
                and norm not in (FUNCTION_WORDS | VERBS | CHAT_WORDS | ATTRIBUTES)
            )
        if norm in SURNAMES:
            return norm not in COMMON_WORDS or (bool(cue) and token.raw[0].isupper())
        if cue == "habla" and not (self.cased and token.raw[0].isupper()):
            return False
        if cue in ("soy", "yo soy", "i'm", "i am", "sou", "it's", "this is", "habla", "aqui", "fala", "somos") or (
            strict and not cue
        ):
            if norm.endswith(ENDINGS_OF_KINDS):
                return token.raw[0].isupper() and at + 1 < len(self.norms) and (self.norms[at + 1] in SURNAMES)
            if self.cased and cue and not token.raw[0].isupper():
                return False
        return not norm.endswith("mente") and len(norm) <= 15

    def _like_name(self, at: int, inside: bool) -> bool:
        token = self.text.tokens[at]
        norm = token.norm
        if token.kind != "word" or len(token.raw) < 2:
            return (
                token.kind == "word"
                and inside
                and token.raw.isupper()
                and self.norms[at] not in ("y", "a", "o", "e", "que", "de")
                and not self.shouted
                and len(token.raw) == 1
                and at + 1 < len(self.norms)
                and self._like_name(at + 1, True)
            )
        if is_given(norm) or norm in SURNAMES:
            # *Ana Vera*, but *soy Ana vale*: a verb or a word of courtesy in small letters is itself.
            return not (
                norm in COMMON_WORDS
                and norm in (VERBS | CHAT_WORDS | FUNCTION_WORDS)
                and norm not in SURNAMES
                and not token.raw[0].isupper()
            )
        if norm in ROLES and norm.endswith(("ano", "eno", "ino")) and self.cased and token.raw.istitle():
            # *Mariana Lojano*: what people are called after their town is written small.
            return inside and is_given(self.norms[at - 1])
        if at in self.products and at + 1 == len(self.norms) and at and token.raw.istitle():
            # *Luis Cama* answers with a surname.
            return inside and is_given(self.norms[at - 1]) and self.cased
        if norm in LABELS or (norm in TITLES and norm not in SURNAMES and not is_given(norm)):
            return False
        if norm in COMMON_WORDS or norm in ROLES or norm in COMPANY or at in self.products:
            return (
                self.cased
                and token.raw[0].isupper()
                and norm not in _NEVER_SURNAMES
                and norm not in COMPANY
                and at not in self.products
                and norm not in ROLES
                and norm not in TITLES
            )
        if self.cased:
            return token.raw[0].isupper()
        return not norm.endswith(ENDINGS_OF_KINDS)

    def _after_particles(self, at: int) -> int | None:
        """The name word that particles lead to, unless they lead to a city, a company or a new clause."""
        ahead = at
        while ahead < len(self.norms) and self.norms[ahead] in PARTICLES and ahead - at < 3:
            ahead += 1
        if ahead >= len(self.norms) or self.text.tokens[ahead].kind != "word":
            return None
        plain = ahead == at + 1 and self.norms[at] in ("de", "la", "los", "las")
        norm, raw = self.norms[ahead], self.text.tokens[ahead].raw
        if ahead in self.cities and (self.norms[at] == "de" or not self._city_is_surname(ahead)):
            return None
        if norm in LANDMARKS and (self.norms[at] == "del" or ahead > at + 1) and ahead not in self.products:
            return ahead
        if norm in COMPANY or norm in ROLES or norm in FUNCTION_WORDS or norm in VERBS or norm in CHAT_WORDS:
            return None
        if self.norms[at] in ("y", "e"):
            return (
                ahead
                if (norm in SURNAMES and norm not in GIVEN - SURNAMES)
                or (self.cased and raw[0].isupper() and norm not in GIVEN)
                else None
            )
        if norm in SURNAMES or is_given(norm):
            return ahead
        # An unheard word after a plain *de* is a firm or a town: *Ernesto Gavilanes de InverFácil*.
        if plain:
            return None
        if norm in COMMON_WORDS or ahead in self.products:
            return None
        return ahead if raw[0].isupper() or not self.cased else None

    def _city_is_surname(self, at: int) -> bool:
        return self.norms[at] in CITY_SURNAMES and self.cities[at] == at + 1

    def evidence(self, first: int, last: int) -> int:
        """How much the words themselves look like a name: 2 known, 1 capitals, 0 nothing, -1 doubtful."""
        words = [at for at in range(first, last) if self.norms[at] not in PARTICLES]
        if (
            is_given(self.norms[words[0]])
            or sum(is_given(self.norms[at]) or self.norms[at] in SURNAMES for at in words) >= 2
        ):
            return 2
        capital = sum(self.text.tokens[at].raw[0].isupper() for at in words)
        if any(self.norms[at] in SURNAMES for at in words) or (len(words) >= 2 and capital == len(words)):
            return 1
        if len(words) > 3 or any(self.norms[at].endswith(("ico", "ica", "ado", "ada", "ido", "ida")) for at in words):
            return -1
        if any(self.norms[at].endswith(("ero", "era", "ar", "er", "ir")) for at in words):
            return 0 if capital else -1
        return 1 if capital and not self.shouted else 0

    def _noted(self, first: int, last: int) -> bool:
        """*ponga Tito Rosero*: what follows is known as a name, and all that is to be written down."""
        return self.evidence(first, last) >= 2 and (
            last == len(self.norms) or self.norms[last] in CLAUSE_ENDS or self._is_filler(last)
        )

    def _opens_clause(self, at: int) -> bool:
        """Whether a token begins its clause, a greeting and the one greeted aside."""
        first = self.text.clause_range(at)[0]
        return at == first or self.norms[at - 1] in GREETS or (at - first <= 3 and self.norms[first] in GREETS)

    def _is_unheard(self, at: int) -> bool:
        """A capitalised word that is nothing else: a surname that no list has."""
        token = self.text.tokens[at]
        return (
            len(token.raw) > 3 and token.raw.istitle() and not is_given(token.norm) and token.norm not in COMMON_WORDS
        )

    def _is_ordinary(self, at: int, cue: str) -> bool:
        """Whether a word that no list of names has is one that people use: *vintage*, *soy vegana*, not *Nube Intriago*."""
        token = self.text.tokens[at]
        if token.norm in SURNAMES or token.norm in ABBREVIATIONS:
            return False
        if token.norm not in known_words() and not _is_attribute(token.norm):
            return False
        following = self.norms[at + 1] if at + 1 < len(self.norms) else ""
        unheard = following.isalpha() and following not in known_words()
        return not (token.raw[0].isupper() and (following in SURNAMES or unheard or (cue and self.cased)))

    def _is_hyphen(self, at: int) -> bool:
        """*Jean-Pierre*"""
        tokens = self.text.tokens
        return (
            at + 1 < len(tokens)
            and self.norms[at] == "-"
            and tokens[at - 1].end == tokens[at].start
            and tokens[at].end == tokens[at + 1].start
        )

    def _is_dash(self, at: int) -> bool:
        """*Marlon Intriago - Quevedo*"""
        return (
            self.norms[at] in ("-", "/")
            and 0 < at < len(self.norms) - 1
            and self.text.tokens[at - 1].end < self.text.tokens[at].start
        )

    def _is_presented(self, first: int, start: int, end: int, last: int) -> bool:
        """Two capitalised words that are the message, or are said to be somebody: *Euclides Moreta, el dueño*."""
        if (
            start != first
            or end != last
            or first
            or self.shouted
            or any(self.norms[at] in COMMON_WORDS for at in range(start, end) if self.norms[at] not in PARTICLES)
        ):
            return False
        after = self.norms[last + 1 : last + 3]
        return last == len(self.norms) or (len(after) == 2 and after[0] in ("el", "la") and after[1] in ROLES)

    def _is_filler(self, at: int) -> bool:
        norm = self.norms[at]
        if is_given(norm) and norm not in ("a", "dona", "linda", "reina"):
            return False
        if norm in ("el", "la", "un", "una") and at + 1 < len(self.norms):
            return self.norms[at + 1] in TITLES
        if len(norm) == 1 and self.text.tokens[at].raw.isupper():
            return True
        return norm in FILLERS or norm in TITLES or self.text.tokens[at].kind in ("mark",)

    def _is_titled(self, at: int) -> bool:
        """*la señora Ana* speaks of herself; *señora Ana* speaks to another."""
        return at > 0 and self.norms[at] in TITLES and self.norms[at - 1] in ("el", "la")

    def _is_whole_message(self, first: int, last: int) -> bool:
        return all(self._is_filler(at) or first <= at < last for at in range(len(self.norms)))

    def _is_whole_answer(self, first: int, last: int) -> bool:
        """Whether nothing but courtesies, numbers and addresses stands beside a clause."""
        return all(
            first <= at < last or self._is_filler(at) or self.text.tokens[at].kind in ("number", "email")
            for at in range(len(self.norms))
        )

    def format(self, first: int, last: int) -> str:
        """Proper case; accents as typed; particles small in a name typed all in one case."""
        words = [self._written(at) for at in range(first, last) if self.text.tokens[at].kind == "word"]
        words[-1] = words[-1].rstrip("-")
        typed = " ".join(words)
        one_case = typed.islower() or typed.isupper()
        shaped = []
        for place, word in enumerate(words):
            if place and fold(word) in PARTICLES:
                shaped.append(word.lower() if one_case else word)
            elif word.islower() or (word.isupper() and len(word) > 1):
                shaped.append(_capital(word))
            else:
                shaped.append(word)
        return " ".join(shaped).replace("- ", "-")

    def _written(self, at: int) -> str:
        """A word with the hyphen that belongs to it: *Jean-Pierre*. Initials stay without their dot."""
        return self.text.tokens[at].raw + "-" if self._is_hyphen(at + 1) else self.text.tokens[at].raw


def _is_attribute(norm: str) -> bool:
    """*la blanca*, *medianito*"""
    return norm in ATTRIBUTES or is_small(norm, ATTRIBUTES)


def _is_misspelt(norm: str) -> bool:
    """Whether a word only sounds like a common one, or is a slip away from what people ask a shop for."""
    if sound(norm) in _COMMON_SOUNDS:
        return True
    return 5 <= len(norm) <= 15 and any(OSA.distance(norm, word, score_cutoff=1) <= 1 for word in _ASKED_OF_SHOPS)


def _capital(word: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda m: m.group()[0].upper() + m.group()[1:].lower(), word)
