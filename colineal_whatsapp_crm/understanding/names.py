"""The customer's own name: introduced, signed, given as an answer, completed or corrected, and told from all others."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import JaroWinkler

from .given_names import COMPANY, RELATIVES, ROLES, SURNAMES, SURNAMES_FIRST, TITLES
from .lexicon import ATTRIBUTES, COMMON_WORDS, FUNCTION_WORDS, VERBS
from .name_cues import (
    ALSO_WORDS,
    CLOSES,
    FILLERS,
    FIXES,
    GREETS,
    INTRODUCES,
    LABELS,
    OPENERS,
    OTHERS,
    PARTICLES,
    PROVES,
    RELATION_LEFT,
    SURNAME,
    SURNAME_AFTER,
    is_given,
)
from .name_words import NameWords
from .text import BREAK, CLAUSE_ENDS, NEWLINE, SENTENCE_ENDS, Text, fold

#: *soy Perencejo, mentira*
_LAUGHS = re.compile(
    r"\b(?:es (?:una )?bromi?t?a|broma|mentira|mentirita|bromeo|es chiste|just kidding|jk|brincadeira)\b", re.IGNORECASE
)


#: *hugo mena necesito sillas*
_ASKS = frozenset("quiero quisiera necesito busco deseo requiero i preciso quero".split())
#: *rafaela la quiero de dos plazas*
_OBJECTS = frozenset("la lo las los me nos se si ya no".split())


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name read in a text: as it should be stored, tokens `first` up to `last`, how sure, and whether it corrects."""

    name: str
    first: int
    last: int
    sure: float
    corrects: bool = False


def find_name(
    text: Text,
    asked: bool,
    known: str | None,
    cities: Sequence[tuple[int, int]],
    products: frozenset[int] = frozenset(),
) -> FoundName | None:
    """The customer's name after this text, when the text says anything about it.

    asked: the turn before asked for it. cities, products: tokens of places and things, which are names only in one.
    """
    if not len(text):
        return None
    found = _find(_Reader(text, cities, products), known, asked)
    return _with_initial(text, found) if found else None


def _find(reader: "_Reader", known: str | None, asked: bool) -> FoundName | None:
    found = reader.introduced() or reader.proved()
    surname = reader.surname()
    fixed = reader.corrected(known) if known else None
    if surname and not (found or known):
        found = reader.answered(asked) or (surname if asked else None)
    if surname and (found or known):
        base = (fixed or found).name if fixed or found else known or ""
        if fold(surname.name) not in fold(base):
            found = FoundName(f"{base} {surname.name}", surname.first, surname.last, 0.95, True)
    if known:
        found = (found if surname else fixed) or found or reader.completed(known, asked)
        return _better(known, found) if found else None
    if found:
        return reader.completed(found.name, False) or found
    return (reader.parted() if asked else None) or reader.signed() or reader.answered(asked)


def _with_initial(text: Text, found: FoundName) -> FoundName:
    """*Katiuska Perlaza B.*: an initial ends the name, with a dot or where nothing follows it."""
    last = found.last
    if last >= len(text) or fold(found.name).split()[-1:] != [text.norms[last - 1]]:
        return found
    token = text.tokens[last]
    if len(token.raw) > 1 or not token.raw.isupper():
        return found
    dotted = text.raw[token.end : token.end + 1] == "."
    ends = last + 1 == len(text) or text.norms[last + 1] in (NEWLINE, BREAK)
    if not (dotted or ends):
        return found
    return replace(found, name=f"{found.name} {token.raw}", last=last + 1)


def _better(known: str, found: FoundName) -> FoundName | None:
    """A fuller or another name replaces the known one; a part of it says nothing new."""
    if found.corrects:
        return found
    old, new = fold(known).split(), fold(found.name).split()
    if set(new) <= set(old):
        return None
    if found.sure < 0.9 and new[0] != old[0]:
        return None
    return found


class _Reader(NameWords):
    """Reads names in one text, in each of the ways they are given."""

    def introduced(self) -> FoundName | None:
        best: FoundName | None = None
        for match in INTRODUCES.finditer(self.text.flat):
            start = self.text.token_at(match.end() + 1)
            kind, cue = match.lastgroup or "", match.group()
            begin = self.text.token_at(match.start())
            if kind in ("here", "notes", "with") and not self._opens_clause(begin):
                continue
            if self._denied(begin, cue):
                continue
            while start < len(self.text) and (
                self.norms[start] in (",", ":", "-", "–", "*", '"', "es", NEWLINE, BREAK) and start - begin < 6
            ):
                start += 1
            found = self.take(start, strict=kind != "sure", cue="" if kind in ("notes", "with") else cue)
            if (
                not found
                or (kind == "notes" and not self._noted(*found))
                or (kind == "with" and not self._answers(*found))
            ):
                continue
            sure = 0.97 if kind == "sure" else 0.96
            if kind != "sure" and self.evidence(*found) < 2 and _LAUGHS.search(self.text.raw):
                continue
            name = FoundName(self.format(*found), found[0], found[1], sure)
            if best is None or self._supersedes(name, best, cue):
                best = name
        return best

    def proved(self) -> FoundName | None:
        """*Paola Mora le saluda*, *Darío Mendoza es mi nombre*."""
        for match in PROVES.finditer(self.text.flat):
            end = self.text.token_at(match.start())
            first = end
            while (
                first > 0
                and end - first < 9
                and (self.norms[first - 1] not in CLAUSE_ENDS or (self.norms[first - 1] == "," and first == end))
            ):
                first -= 1
            if first < end and self.norms[end - 1] == ",":
                end -= 1
            while first < end:
                found = self.take(first, strict=True, cue="")
                if found and found[1] == end and not self._third_party(found[0]):
                    return FoundName(self.format(*found), *found, 0.96)
                first += 1
        return None

    def signed(self) -> FoundName | None:
        """A name alone on the last line, or after a closing formula."""
        closing = CLOSES.search(self.text.flat)
        end = len(self.norms)
        while end and (self.norms[end - 1] in SENTENCE_ENDS or self.norms[end - 1] in (",", "-")):
            end -= 1
        first = end
        while first and (self.norms[first - 1] not in (NEWLINE, ",", ".", "-", "–") or self._is_hyphen(first - 1)):
            first -= 1
        if first == end:
            return None
        if closing:
            first = max(first, self.text.token_at(closing.end()))
        elif not first or self.norms[first - 1] == "," or self.text.is_question(first):
            return None
        while first < end and self.norms[first] in ("-", "–", "*", "~"):
            first += 1
        found = self.take(first, strict=True, cue="")
        # *Nicole de Quito*
        if found and self.cities.get(found[1] + 1) == end and self.norms[found[1]] == "de":
            end = found[1]
        # After a mere full stop a colour may stand alone as well: *quiero un cojín. Blanca*.
        line = bool(closing) or (first > 0 and self.norms[first - 1] == NEWLINE)
        if not line and end - first == 1 and self.norms[first] in ALSO_WORDS:
            return None
        if found and found[1] == end and not self._third_party(found[0]) and self.evidence(*found) >= 2 - line:
            return FoundName(self.format(*found), *found, 0.93)
        return None

    def surname(self) -> FoundName | None:
        match = SURNAME.search(self.text.flat)
        if match:
            start = self.text.token_at(match.end() + 1)
            found = self.take(start, strict=False, cue="apellido")
            if found and not re.search(
                r" (?:su|es mi|como mi|por mi) $", self.text.words(0, self.text.token_at(match.start()))[-9:]
            ):
                return FoundName(self.format(*found), *found, 0.95)
        match = SURNAME_AFTER.search(self.text.flat)
        if match:
            last = first = self.text.token_at(match.start())
            while first and last - first < 3 and self._like_name(first - 1, False) and not self._is_filler(first - 1):
                first -= 1
            if first < last:
                return FoundName(self.format(first, last), first, last, 0.93)
        return None

    def corrected(self, known: str) -> FoundName | None:
        """*mal escrito, es Allan*, *con z: Gonzales*: the word most like one of the name takes its place."""
        words = known.split()
        folded = {fold(word) for word in words}
        starred = self.norms[0] == "*" or self.norms[-1] == "*"
        # *Maritza no, Marisa*
        refused = any(
            norm in folded and (self.norms[at + 1 : at + 2] == ["no"] or "no" in self.norms[max(0, at - 2) : at])
            for at, norm in enumerate(self.norms[:40])
        )
        if not (starred or refused or FIXES.search(self.text.flat)):
            return None
        for at, token in enumerate(self.text.tokens):
            if token.kind != "word" or len(token.raw) < 3 or token.norm in FUNCTION_WORDS or token.norm in VERBS:
                continue
            for place, word in enumerate(words):
                if (
                    fold(word) != token.norm
                    and (
                        JaroWinkler.similarity(fold(word), token.norm) >= 0.84
                        or (len(word) > 4 and fold(word)[:4] == token.norm[:4])
                    )
                    and token.norm not in ATTRIBUTES
                ):
                    fixed = [*words[:place], self.format(at, at + 1), *words[place + 1 :]]
                    return FoundName(" ".join(fixed), at, at + 1, 0.93, True)
                if fold(word) == token.norm and word.casefold() != token.raw.casefold():
                    fixed = [*words[:place], self.format(at, at + 1), *words[place + 1 :]]
                    return FoundName(" ".join(fixed), at, at + 1, 0.93, True)
        return None

    def completed(self, known: str, asked: bool) -> FoundName | None:
        """The known first name again with more behind it, or the surname alone."""
        head = fold(known.split()[0])
        for at, norm in enumerate(self.norms):
            if norm == head and not self._third_party(at):
                found = self.take(at, strict=True, cue="")
                if found and found[1] - found[0] > len(known.split()):
                    return FoundName(self.format(*found), *found, 0.92)
        if (
            len(known.split()) == 1
            and (full := self.answered(False))
            and " " in full.name
            and fold(full.name)[:2] == head[:2]
        ):
            return FoundName(full.name, full.first, full.last, 0.85, True)
        if len(known.split()) == 1 and len(self.norms) <= 3:
            found = self.take(0, strict=True, cue="")
            if found and found[1] - found[0] == len(self.norms) == 1 and self._is_unheard(0):
                return FoundName(f"{known} {self.format(*found)}", *found, 0.8, True)
            if found and all(
                n in SURNAMES and n not in COMMON_WORDS for n in self.norms[found[0] : found[1]] if n not in PARTICLES
            ):
                return FoundName(f"{known} {self.format(*found)}", *found, 0.85, True)
        return None

    def answered(self, asked: bool) -> FoundName | None:
        """A clause that is nothing but a name."""
        if asked and len(self.norms) == 1 and self.norms[0] in SURNAMES_FIRST and self.text.tokens[0].raw.istitle():
            return FoundName(self.format(0, 1), 0, 1, 0.85)
        first, count = 0, len(self.norms)
        position = 0
        while first < count:
            last = first
            while (
                last < count
                and self.norms[last] not in CLAUSE_ENDS
                and self.norms[last] not in ("pero", "but", "porque")
                and not self._is_dash(last)
            ):
                last += 1
            found = self._bare(first, last, asked, position)
            if found:
                return found
            if any(self.norms[at] not in FILLERS for at in range(first, last)):
                position += 1
            first = last + 1
        return None

    def parted(self) -> FoundName | None:
        """First name and surname on two lines, or turned round: *Miller, David*."""
        marks = [at for at, norm in enumerate(self.norms) if norm in (NEWLINE, ",")]
        if len(marks) != 1 or not 0 < marks[0] < len(self.norms) - 1 or len(self.norms) > 6:
            return None
        middle = marks[0]
        former = self.take(0, strict=False, cue="apellido")
        latter = self.take(middle + 1, strict=False, cue="apellido")
        if former != (0, middle) or latter != (middle + 1, len(self.norms)) or middle + 1 in self.cities:
            return None
        given = is_given(self.norms[0]), is_given(self.norms[middle + 1])
        if given == (True, False) and self._is_surname(middle + 1) and middle == 1:
            name = f"{self.format(*former)} {self.format(*latter)}"
        elif given[1] and self.norms[middle] == "," and self._is_surname(0):
            name = f"{self.format(*latter)} {self.format(*former)}"
        else:
            return None
        return FoundName(name, 0, len(self.norms), 0.92)

    def _is_surname(self, at: int) -> bool:
        return self.norms[at] in SURNAMES or self._is_unheard(at)

    def _bare(self, first: int, last: int, asked: bool, position: int) -> FoundName | None:
        start, vocative = first, False
        while start < last and (
            self._is_filler(start) or (asked and self.text.tokens[start].kind in ("number", "email"))
        ):
            vocative = vocative or (self.norms[start] in GREETS and not self._is_titled(start))
            start += 1
        found = self.take(start, strict=True, cue="") if start < last else None
        if not found or found[1] > last or self._third_party(found[0]):
            return None
        end = found[1]
        evidence = self.evidence(*found)
        whole = end == last or all(self._is_filler(at) for at in range(end, last))
        titled = asked and not first and whole and end - start >= 2 and self.norms[0] in TITLES and start == 1
        if vocative and not titled and self.norms[start - 1] != "gusto":
            return None
        if not asked and start and self.norms[start - 1] == "con" and not self._answers(*found):
            return None
        # *soy amigo de Luis*
        if start >= 2 and self.norms[start - 1] == "de" and self.norms[start - 2] in RELATIVES | ROLES:
            return None
        if self._addressed(first, end, last, asked):
            return None
        if not asked:
            if (
                self.text.is_question(start)
                or (end < last and self.norms[end] in GREETS)
                or (self.norms[start] in ALSO_WORDS and end - start == 1 and not asked)
            ):
                return None
            capital = all(
                self.text.tokens[at].raw[0].isupper() for at in range(*found) if self.norms[at] not in PARTICLES
            )
            full = found[1] - found[0] >= 2 and (
                evidence >= 2
                or (evidence == 1 and capital and not self.shouted and self.norms[end - 1] in SURNAMES)
                or (evidence == 1 and capital and self._is_presented(first, start, end, last))
            )
            alone = self._is_whole_message(first, last) and (
                evidence >= 2 or (evidence == 1 and capital and start == first and end == last and not self.shouted)
            )
            goes_on = end < last and not first and full and evidence >= 2 and self.norms[end] in _ASKS
            if not (((full or alone) and whole) or goes_on) or (position > 1 and not full):
                return None
            return FoundName(self.format(*found), *found, 0.88 if evidence >= 2 else 0.8)
        follows = self.norms[end] if end < last else ""
        opens = end < last and (
            follows in OPENERS
            or follows in COMPANY
            or follows in LABELS
            or follows in ROLES
            or self.text.tokens[end].kind in ("number", "email")
            or end in self.products
            or (follows in _OBJECTS and self.text.words(end + 1, end + 2).strip() in VERBS)
        )
        hails = follows == "de" and end + 1 in self.cities
        contact = end < last and (self.text.tokens[end].kind in ("number", "email") or follows in LABELS)
        if not whole and not (opens and evidence >= (0 if hails else 1 if contact else 2)):
            return None
        if evidence < 1 and (position > 0 or not self._is_whole_answer(first, last)):
            return None
        if evidence < 0:
            return None
        return FoundName(self.format(*found), *found, 0.96 if evidence >= 2 else 0.92 if evidence == 1 else 0.8)

    def _answers(self, first: int, last: int) -> bool:
        """*buenas, con Luis, busco una mesa*, as one answers the phone; *con Luis por favor* asks for Luis."""
        following = self.norms[last] if last < len(self.norms) else ""
        word = self.norms[first] in ALSO_WORDS and last - first == 1
        goes_on = following in _ASKS and not word
        return (goes_on or self._noted(first, last)) and following not in ("", "?", "por", "porfavor")

    def _addressed(self, first: int, end: int, last: int, asked: bool) -> bool:
        """*Andrea, buenas tardes*: a single name beside a greeting is the one who is greeted."""
        after = list(self.norms[last + 1 : last + 4])
        before = list(self.norms[max(0, first - 3) : max(0, first - 1)])
        if (
            any(
                n in ("buenas", "buenos", "buen", "hola", "me", "ayudeme", "digame", "disculpe", "tiene", "tienen")
                for n in after[:1]
            )
            and not asked
            and end - first <= 1
        ):
            return True
        return bool(before) and before[-1] in ("hola", "estimada", "estimado", "oye", "oiga") and end - first <= 1

    def _denied(self, begin: int, cue: str) -> bool:
        before = self.text.words(max(0, begin - 4), begin)
        if re.search(r" (?:no|nao|not|tampoco) (?:yo )?$", before) and cue.split()[0] in (
            "soy",
            "yo",
            "me",
            "sou",
            "i'm",
            "mi",
            "eu",
            "a",
            "es",
        ):
            return True
        if cue in ("a nombre de", "de parte de") and re.search(
            r" (?:factura|facturar|facturen|emitir) (?:\w+ ){0,3}$", before
        ):
            return True
        if cue == "mi nombre" and re.search(r" (?:con|a|en|dar|doy|de|por|sobre) $", before):
            return cue != "mi nombre" or bool(re.search(r" (?:dar|doy) $", before))
        if cue in ("this is", "it's") and re.search(r" (?:if|think|because|that) $", before):
            return True
        return self._third_party(begin) and cue not in ("soy", "yo soy", "me llamo")

    def _third_party(self, first: int) -> bool:
        """Whether what stands before (or right after) says that somebody else is named."""
        low = first
        while low > 0 and first - low < 7 and self.norms[low - 1] not in (".", "!", "?", NEWLINE, BREAK, ";"):
            low -= 1
        before = self.text.words(low, first)
        relation = RELATION_LEFT.search(before)
        if relation and relation["who"] in RELATIVES and " soy " not in before:
            return True
        if OTHERS.search(before) and not before.endswith(" , "):
            return True
        after = self.text.words(first, min(len(self.norms), first + 7))
        return bool(
            re.match(
                r" (?:\w+ ){1,3}(?<! y )(?<! and )(?:, |\( )?(?:es )?(?:mi|la|el|su) (?:\w+ )?(?:"
                + "|".join(RELATIVES)
                + r") ",
                after,
            )
            and not re.match(
                r" (?:\w+ ){1,3}(?:, )?(?:es )?(?:la|el) (?:esposa|esposo|mama|papa|hija|hijo|hermana|hermano"
                r"|novia|novio|duena|dueno|cliente|asistente|secretaria|arquitect[oa]|decorador|decoradora)",
                after,
            )
        )

    def _supersedes(self, new: FoundName, old: FoundName, cue: str) -> bool:
        """A later introduction wins, but a nickname or a first name alone does not shorten a fuller name."""
        mine, theirs = fold(new.name).split(), fold(old.name).split()
        if set(mine) <= set(theirs):
            return False
        return not (cue.startswith("me dicen") and len(mine) <= len(theirs)) and cue not in (
            "a nombre de",
            "de parte de",
        )
