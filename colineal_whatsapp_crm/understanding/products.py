"""What the customer wants to buy: each named thing gets a stance (wanted, owned, refused, or only mentioned).

The words of things are data (`vocabulary.py`); here is only how a sentence treats a thing, whatever it is.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .lexicon import CONNECTORS, DETERMINERS, FUNCTION_WORDS, VERBS
from .product_cues import (
    ADDS,
    ANOTHER,
    ANOTHER_KIND,
    ASKS_NEXT,
    BARE_NO,
    BARE_REFUSALS,
    BECOMES,
    BETTER,
    BROKEN,
    CHOOSES,
    CIRCUMSTANCES,
    COMES_WITH,
    CONTRASTS,
    CORRECTS,
    CREDIT,
    CUES,
    DEFINITE,
    DESCRIBES,
    ENGLISH_HEADS,
    FRONTED,
    GIVES_UP,
    INDEFINITE,
    LACKS,
    LIMITERS,
    LIST_WORDS,
    MENTIONED,
    MISSES,
    NOT_OWNED,
    ONLY,
    OTHERS_WISH,
    OTHERS_WRITE,
    OWNED,
    PLAIN_ENDS,
    PLAIN_REFUSAL,
    POSSESSIVES,
    PREFERRED_TO,
    PRONOUN,
    PURCHASE,
    QUALITIES,
    QUITS,
    REDRESS,
    REFUSED,
    RENEW,
    RESTORES,
    RESUMES,
    RETRACTS,
    SMALL,
    STARRED,
    SUPPOSES,
    SWAPS,
    TAIL_ASKED,
    TAIL_LATER,
    TAIL_ONLY,
    TAIL_OWNED,
    TAIL_REFUSED,
    TAIL_SERVICE,
    TRAILS,
    TURNS,
    UNFIT,
    WANTED,
    WHICH,
    WINDOW,
    WISHED,
    WISHES_FOR,
)
from .senses import belongs_to, is_part, other_sense, room
from .text import BREAK, NEWLINE, Text, fold
from .vocabulary import Mention, Vocabulary

#: *tengo escritorio pero no silla*
_BUT_NO = frozenset(("pero no", ", pero no", ", no", "y no", "but no", "mas nao"))


@dataclass(frozen=True, slots=True)
class Stance:
    mention: Mention
    stance: str
    #: A word of wanting stands right before it: what a purchase inside a complaint needs.
    asked: bool
    #: It is owned by now, and so needs not be bought any more.
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Wishes:
    """The products after a turn, the mentions that put them there, and whether another reading was near."""

    products: tuple[str, ...]
    wanted: tuple[Mention, ...]
    doubtful: bool = False


def find_wishes(
    text: Text,
    vocabulary: Vocabulary,
    mentions: Sequence[Mention],
    known: tuple[str, ...],
    taken: frozenset[int],
    asked_only: bool = False,
    ongoing: bool = False,
    complained: frozenset[str] = frozenset(),
    withdrawn: tuple[str, ...] = (),
) -> Wishes:
    """What is wanted after this text, given what was wanted before it.

    mentions: the things named in the text. taken: tokens that are part of a name or an address. asked_only: count only
    what a word of wanting asks for. ongoing: the conversation is about after-sales and this message no complaint, so
    that it may return to a thing named before. complained: the products that it complained of. withdrawn: those last
    taken off the list, which a pronoun may put back.
    """
    stances = _stances(text, vocabulary, mentions, taken, known)
    stances = [replace(s, stance=REFUSED) if s.settled and s.mention.interest.name in known else s for s in stances]
    stances = [s for s in stances if not (s.stance == REFUSED and _is_kind_of_wanted(s, stances))]
    refused = {s.mention.interest.name for s in stances if s.stance == REFUSED}
    resumes = ongoing and bool(RESUMES.search(text.flat))
    wanted = [
        s.mention
        for s in stances
        if s.stance == WANTED
        and not (asked_only and not ongoing and MISSES.search(_before(text, s.mention)))
        and (
            s.asked
            or not asked_only
            or (resumes and s.mention.interest.name in known)
            or (ongoing and _is_new_beside(text, s.mention, complained))
        )
    ]
    if ongoing and not PURCHASE.search(text.flat):
        wanted = [m for m in wanted if m.interest.name in known or m.interest.name not in complained]
    if ongoing and REDRESS.search(text.flat):
        wanted = [
            m for m in wanted if m.interest.name in known or not m.first or text.norms[m.first - 1] not in DEFINITE
        ]
    replaced = _replaced(text, stances, wanted, known)
    only = any(ONLY.search(_before(text, mention)) or _is_only_one(text, mention, known) for mention in wanted)
    products = [] if only and not asked_only else [name for name in known if name not in replaced]
    last_stance = {s.mention.interest.name: s.stance for s in stances if s.stance in (WANTED, REFUSED)}
    dropped = _dropped(text, wanted)
    if only:
        chosen = [m.first for m in wanted if m.interest.name in known and ONLY.search(_before(text, m))]
        dropped |= {m.interest.name for m in wanted if chosen and m.last <= chosen[0] and m.interest.name in known}
    for mention in wanted:
        name = mention.interest.name
        if name not in products and last_stance.get(name) != REFUSED and name not in dropped:
            products.append(name)
    products = [name for name in products if name not in dropped]
    products = [name for name in products if last_stance.get(name) != REFUSED]
    if not wanted and not refused and known:
        products = _give_up(text, vocabulary, products)
    if not wanted and not refused and withdrawn and not asked_only:
        products += [name for name in _restored(text, vocabulary, withdrawn) if name not in products]
    specific = [name for name in products if name not in vocabulary.general]
    return Wishes(
        tuple(specific or products),
        tuple(wanted),
        doubtful=any(s.stance in (OWNED, MENTIONED) or s.mention.sure < 0.9 for s in stances),
    )


def asks_for(text: Text, mention: Mention) -> bool:
    """Whether the words right before a thing wish for one: *necesitamos cama*, *queremos un comedor*."""
    return bool(WISHES_FOR.search(_before(text, mention)))


def is_plainly_refused(text: Text, mention: Mention) -> bool:
    """*no busco sofá, quiero una mesa*: nothing but the thing stands between the refusal and the end of its clause."""
    after = text.norms[mention.last] if mention.last < len(text) else BREAK
    return after in PLAIN_ENDS and bool(PLAIN_REFUSAL.search(_before(text, mention)))


def _stances(
    text: Text, vocabulary: Vocabulary, named: Sequence[Mention], taken: frozenset[int], known: tuple[str, ...]
) -> list[Stance]:
    stances: list[Stance] = []
    mentions = [
        _recalled(text, vocabulary, mention, known)
        for mention in named
        if not taken.intersection(range(mention.first, mention.last))
    ]
    mentions = merge_mentions(text, vocabulary, mentions)
    for index in range(len(mentions)):
        stances.append(_stance(text, vocabulary, mentions, index, stances, known))
    _share_tails(text, stances)
    return stances


def _is_kind_of_wanted(refused: Stance, stances: list[Stance]) -> bool:
    """*a couch but not a sectional*: a kind is refused of what is wanted under another word."""
    return any(
        s.stance == WANTED
        and s.mention.interest == refused.mention.interest
        and s.mention.last <= refused.mention.first
        and s.mention.head != refused.mention.head
        and s.mention.head[:4] != refused.mention.head[:4]
        for s in stances
    )


def _recalled(text: Text, vocabulary: Vocabulary, mention: Mention, known: tuple[str, ...]) -> Mention:
    """*la mesita*, *esa silla*: the one table or chair that was spoken of before, by its full name."""
    if mention.interest.name in known or not mention.first or text.norms[mention.first - 1] not in DEFINITE:
        return mention
    longer = [name for name in known if name.startswith(mention.interest.name + " ")]
    interest = vocabulary.interest(longer[0]) if len(longer) == 1 else None
    return replace(mention, interest=interest) if interest else mention


def _share_tails(text: Text, stances: list[Stance]) -> None:
    """*cuna y velador ya tengo*: what ends a list says it of all that nothing else was said of."""
    for at in range(len(stances) - 1, 0, -1):
        here, before = stances[at], stances[at - 1]
        between = text.norms[before.mention.last : here.mention.first]
        first = before.mention.first
        alike = between == ["y"] or (
            len(between) == 2 and between[0] == "y" and text.norms[first - 1] in DEFINITE and first
        )
        if here.stance == OWNED and here.settled and alike and before.stance == WANTED and not before.asked:
            stances[at - 1] = replace(before, stance=OWNED, settled=True)


def _is_new_beside(text: Text, mention: Mention, complained: frozenset[str]) -> bool:
    """*un sillón para mi papá* after a complaint of a wardrobe."""
    if not complained or mention.interest.name in complained or not mention.first:
        return False
    before = text.norms[: mention.first]
    return before[-1] in INDEFINITE and (len(before) < 2 or before[-2] not in DESCRIBES)


def _is_only_one(text: Text, mention: Mention, known: tuple[str, ...]) -> bool:
    """*el colchón nomás*, of the things spoken of."""
    if mention.interest.name not in known or text.norms[0] in ("y", "e", "tambien"):
        return False
    return bool(TAIL_ONLY.match(text.words(mention.last, mention.last + 4)))


def _is_others(text: Text, mention: Mention) -> bool:
    """*ella compró un comedor*: the accent, or who bought it, tells it from *compro*."""
    low = max(text.sentence_range(mention.first)[0], mention.first - 4)
    return any(fold(token.raw) == "compro" and token.raw.endswith("ó") for token in text.tokens[low : mention.first])


def merge_mentions(text: Text, vocabulary: Vocabulary, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions with those made one that name one piece of furniture together."""
    return _merge_becoming(text, vocabulary, _merge_adjectives(text, mentions))


def _merge_adjectives(text: Text, mentions: Sequence[Mention]) -> list[Mention]:
    """*un sillón de cuero reclinable*, *a desk lamp*: a thing that only describes its neighbour is none of its own."""
    merged: list[Mention] = []
    for mention in mentions:
        if merged and merged[-1].last == mention.first and mention.head in ENGLISH_HEADS:
            merged.pop()
        if merged and mention.head.startswith("reclin") and mention.last == mention.first + 1:
            between = text.norms[merged[-1].last : mention.first]
            if len(between) <= 3 and not any(word in LIST_WORDS or word in DETERMINERS for word in between):
                merged[-1] = Mention(mention.interest, merged[-1].first, mention.last, merged[-1].head, mention.sure)
                continue
        merged.append(mention)
    return merged


def _merge_becoming(text: Text, vocabulary: Vocabulary, mentions: list[Mention]) -> list[Mention]:
    """*un sofá que de noche se haga cama* is one piece of furniture."""
    merged: list[Mention] = []
    for mention in mentions:
        if merged and BECOMES.fullmatch(text.words(merged[-1].last, mention.first)):
            whole = vocabulary.compound(fold(merged[-1].interest.name), fold(mention.interest.name))
            if whole:
                merged[-1] = replace(merged[-1], interest=whole, last=mention.last)
                continue
        merged.append(mention)
    return merged


def _restored(text: Text, vocabulary: Vocabulary, withdrawn: tuple[str, ...]) -> list[str]:
    """*mejor sí déjela*: of the things withdrawn, those that the pronoun can stand for."""
    match = RESTORES.search(text.flat)
    if not match:
        return []
    pronoun = match["that"] or match["added"] or match["wished"] or ""
    gender = {"la": "f", "lo": "m"}.get(pronoun[:2], "")
    alike = [
        name
        for name in withdrawn
        if not gender or ((interest := vocabulary.interest(name)) and interest.gender == gender)
    ]
    return alike if pronoun.endswith("s") or not pronoun else alike[-1:]


def _stance(
    text: Text,
    vocabulary: Vocabulary,
    mentions: list[Mention],
    index: int,
    before: list[Stance],
    known: tuple[str, ...],
) -> Stance:
    mention = mentions[index]
    previous = mentions[index - 1] if index else None
    if (
        previous
        and text.sentence[previous.last - 1] != text.sentence[mention.first]
        and not _continues(text, previous, mention)
    ):
        previous = None
    low = previous.last if previous else 0
    kind, reach = _cue(text, low, mention.first)
    if other_sense(text, mention, vocabulary):
        return Stance(mention, MENTIONED, False)
    inherited = _inherited(text, previous, mention, before)
    tail = text.words(mention.last, min(len(text), mention.last + 8))
    if is_part(text, vocabulary, previous, mention, kind == WANTED and reach <= 3, known):
        return Stance(mention, MENTIONED, False)
    following = mentions[index + 1] if index + 1 < len(mentions) else None
    comes_with = (known or previous) and COMES_WITH.search(_before(text, mention))
    if comes_with or _is_fronted(text, mention, following) or _is_not_for_sale(text, mention, kind, tail):
        return Stance(mention, MENTIONED, False)
    other_kind = mention.interest.name in known and bool(ANOTHER_KIND.match(tail))
    if previous and before[-1].stance == OWNED and _is_missing_beside(text, previous, mention, tail):
        return Stance(mention, WANTED, False)
    others = previous is not None or bool(set(known) - {mention.interest.name})
    outgrown = UNFIT.match(tail) and _is_renewed(text, mention, following, vocabulary)
    if not outgrown and _is_turned_down(text, mention, tail, other_kind, others):
        return Stance(mention, REFUSED, False)
    anew = kind == OWNED and reach == 0 and _is_renewed(text, mention, following, vocabulary)
    if not anew and room(text, mention, inherited is not None and inherited.stance == MENTIONED):
        return Stance(mention, MENTIONED, False)
    owned_after = TAIL_OWNED.match(tail)
    asked = bool(TAIL_ASKED.match(tail)) or (
        mention.first > 0 and text.norms[mention.first - 1] in WHICH and text.is_question(mention.first)
    )
    if kind is None and inherited and not owned_after and not (asked and inherited.stance == OWNED):
        if inherited.stance == MENTIONED:
            whole = mentions[index - 2] if index > 1 else None
            together = whole is not None and belongs_to(mention, whole)
            return Stance(mention, MENTIONED if together else WANTED, False)
        return replace(inherited, mention=mention)
    if kind == REFUSED and (other_kind or LACKS.search(_before(text, mention))):
        return Stance(mention, WANTED, True)
    if kind == WANTED and _is_others(text, mention):
        kind = OWNED
    owned, broken = kind == OWNED, BROKEN.match(tail)
    renewed = (owned or bool(owned_after or broken)) and _is_renewed(text, mention, following, vocabulary)
    if kind == REFUSED:
        return Stance(mention, REFUSED, False)
    if (owned_after or owned or broken) and not renewed:
        at_home = bool(owned_after) or (owned and text.norms[mention.first - 1] not in POSSESSIVES)
        return Stance(mention, OWNED, False, at_home)
    if kind == MENTIONED:
        return Stance(mention, MENTIONED, False)
    return Stance(mention, WANTED, asked or (kind == WANTED and reach <= 3))


def _is_not_for_sale(text: Text, mention: Mention, kind: str | None, tail: str) -> bool:
    """Whether it should be rented out or repaired, or somebody else will write about it."""
    serviced = kind != WANTED and TAIL_SERVICE.match(tail)
    return bool(serviced or (OTHERS_WRITE.search(text.flat) and OTHERS_WISH.search(_before(text, mention))))


def _is_turned_down(text: Text, mention: Mention, tail: str, other_kind: bool, others: bool) -> bool:
    """Whether another thing is preferred, or what follows refuses it or puts it off while others are bought."""
    if PREFERRED_TO.search(_before(text, mention)) or (others and TAIL_LATER.match(tail)):
        return True
    return bool(TAIL_REFUSED.match(tail)) and not other_kind and not SUPPOSES.search(_before(text, mention))


def _is_missing_beside(text: Text, owned: Mention, mention: Mention, tail: str) -> bool:
    """*tengo escritorio pero no silla*, *el escritorio ya lo tengo, la silla no*"""
    return bool(BARE_NO.match(tail)) or text.words(owned.last, mention.first).strip() in _BUT_NO


def _is_fronted(text: Text, mention: Mention, following: Mention | None) -> bool:
    """*para una mesa de 8, qué mantel me sirve?*: what the thing named next is for."""
    if following is None or text.sentence[following.first] != text.sentence[mention.first]:
        return False
    begin = text.sentence_range(mention.first)[0]
    if not FRONTED.fullmatch(text.words(begin, mention.first)):
        return False
    return bool(ASKS_NEXT.search(text.words(mention.last, following.first)))


def _inherited(text: Text, previous: Mention | None, mention: Mention, before: list[Stance]) -> Stance | None:
    """What was said of the thing before, where a list or a comma lets it hold for this one too."""
    if previous is None or not before or not _listed(text, previous, mention):
        return None
    stance, between = before[-1], text.norms[previous.last : mention.first]
    if stance.stance == REFUSED and ("no" in between or _is_instead(text, previous, mention)):
        return None
    # *cambiarle la cara a mi sala con una alfombra*
    return None if stance.stance == OWNED and "con" in between and not INDEFINITE.isdisjoint(between) else stance


def _cue(text: Text, low: int, high: int) -> tuple[str | None, int]:
    """The nearest word before a thing that says how the customer stands to it, and how far away it is."""
    start = high
    while start > low and high - start < WINDOW and text.sentence[start - 1] == text.sentence[high]:
        start -= 1
    window = text.words(start, high)
    for match in reversed(list(CUES.finditer(window))):
        gap = window[match.end() :].split()
        stance = _reaches(match, gap, window[: match.start()])
        if stance:
            return stance, len(gap)
    # A bare *no* only refuses what follows it at once: *no el librero*.
    words = window.split()
    while words and words[-1] in SMALL and words[-1] != "no":
        words.pop()
    if words and words[-1] in ("no", "nao", "not") and (len(words) < 2 or words[-2] not in ("como", "por", "que")):
        return REFUSED, 1
    return None, 0


def _reaches(match: re.Match[str], gap: list[str], before: str) -> str | None:
    """The stance that a cue gives to the thing after it, if it reaches over the words between."""
    kind, words, small = match.lastgroup, match.group(), all(word in SMALL for word in gap)
    if kind == "wanted":
        return WANTED
    if words in POSSESSIVES:
        if WISHED.search(before):
            return WANTED
        return OWNED if len(gap) <= 1 and gap not in ([","], ["y"]) and DEFINITE.isdisjoint(gap) else None
    if kind == "owned":
        gap = [word for word in gap if word not in CIRCUMSTANCES] if words.startswith("compr") else gap
        if words.startswith(("alquil", "arriend", "rent")):
            gap = [word for word in gap if not word.isdigit()]
        far = len(gap) > 3 or (not small and (len(gap) == 3 or words.startswith(("me ", "nos ", "les "))))
        return None if far or any(word in NOT_OWNED or (word.isdigit() and int(word) > 20) for word in gap) else OWNED
    if kind == "withdrawn":
        if words in BARE_REFUSALS and not small:
            return None
        if not (LIMITERS | CREDIT).isdisjoint(gap):
            return WANTED
        if words.startswith("cancel") and before.endswith((" cuando ", " al ", " si ")):
            return None  # In Ecuador one also *cancela* by paying.
        # A refusal of a colour or of haste is none of the thing.
        plain = all(word in SMALL or word in FUNCTION_WORDS for word in gap) and "para" not in gap
        return REFUSED if len(gap) <= 4 and plain and TURNS.isdisjoint(gap) else None
    return MENTIONED if len(gap) <= 3 and LIST_WORDS.isdisjoint(gap) else None


def _continues(text: Text, previous: Mention, mention: Mention) -> bool:
    """A list may run over line breaks and emoji."""
    return all(word in LIST_WORDS or word in SMALL for word in text.norms[previous.last : mention.first])


def _listed(text: Text, previous: Mention, mention: Mention) -> bool:
    between = text.norms[previous.last : mention.first]
    if len(between) > 7:
        return False
    if not CONTRASTS.isdisjoint(between):
        return False
    joined = not between or any(word in LIST_WORDS for word in between) or all(word in SMALL for word in between)
    return joined and not any(word in VERBS and word not in CONNECTORS for word in between)


def _is_instead(text: Text, previous: Mention, mention: Mention) -> bool:
    """*no la cama, un sofá*: what is named indefinitely after a certain thing refused is wanted in its place."""
    between = text.norms[previous.last : mention.first]
    certain = previous.first > 0 and text.norms[previous.first - 1] in DEFINITE
    return certain and (between[:1] == [","] or len(between) == 1) and not INDEFINITE.isdisjoint(between)


def _is_renewed(text: Text, mention: Mention, following: Mention | None, vocabulary: Vocabulary) -> bool:
    """*renovar mi comedor*, *mi sofá está viejo, quiero otro*: what is owned is to be bought anew."""
    first, _last = text.sentence_range(mention.first)
    if RENEW.search(text.words(max(first, mention.first - 6), mention.first)):
        return True
    after = text.words(mention.last, min(len(text), mention.last + 40))
    match = ANOTHER.search(after)
    if not match or re.search(r" (?:tengo|tenemos|hay|tenia|have|tenho) $", after[: match.start() + 1]):
        return False
    if (
        following
        and text.words(mention.last, following.first).count(" ") - 1 <= after[: match.start()].count(" ")
        and (
            mention.interest.gender != following.interest.gender
            and match.group().split()[0].endswith("a") == (following.interest.gender == "f")
        )
    ):
        return False
    # *otra mesa* is another thing, *uno bueno*, *otro más grande* the same one again.
    word = match.group().split()[-1]
    plain = word in match.group(0).split()[:1] or not word.isalpha() or word in QUALITIES
    return plain and (word in FUNCTION_WORDS or not vocabulary.lemmas(word)[0])


def _before(text: Text, mention: Mention) -> str:
    first = mention.first
    start = first
    while start > 0 and first - start < 8 and text.norms[start - 1] not in (".", "?", "!", NEWLINE):
        start -= 1
    return text.words(start, first)


def _replaced(text: Text, stances: list[Stance], wanted: list[Mention], known: tuple[str, ...]) -> set[str]:
    """Known things that a correction (*perdón, es butaca*; *mejor un sillón*) puts another in the place of."""
    replaced: set[str] = set()
    for mention in wanted if known else ():
        before = _before(text, mention)
        if mention.first and text.norms[mention.first - 1] in DEFINITE:
            # *el sofá que sea cama*: the one spoken of, by its full name.
            replaced.update(name for name in known if mention.interest.name.startswith(name + " "))
        after = text.words(mention.last, min(len(text), mention.last + 3))
        corrects = (
            CORRECTS.search(before)
            or STARRED.fullmatch(text.flat)
            or RETRACTS.search(text.words(max(0, mention.first - 20), mention.first))
        )
        trail = text.words(mention.last, min(len(text), mention.last + 8))
        better = BETTER.search(before) or TRAILS.match(trail)
        if not corrects and not better:
            continue
        if ADDS.search(before) or ADDS.search(after) or mention.interest.name in known:
            continue
        same_turn = [
            s
            for s in stances
            if s.stance == REFUSED and (s.mention.last <= mention.first or s.mention.interest.name in known)
        ]
        earlier = [m for m in wanted if m.last <= mention.first]
        if same_turn or earlier:
            continue
        if len(known) == 1:
            replaced.add(known[0])
        elif corrects and known:
            replaced.add(known[-1])
    return replaced


def _dropped(text: Text, wanted: list[Mention]) -> set[str]:
    """Things of this very message that a correction in it takes back: *un sofá, perdón, una butaca*."""
    dropped: set[str] = set()
    for at, chosen in enumerate(wanted):
        if ONLY.search(_before(text, chosen)):
            dropped |= {other.interest.name for other in wanted[:at] if belongs_to(chosen, other)}
        if CHOOSES.search(_before(text, chosen)):
            dropped |= {other.interest.name for other in wanted[:at]} - {chosen.interest.name}
    for earlier, later in itertools.pairwise(wanted):
        between = text.words(earlier.last, later.first)
        if re.search(r" (?:por|for|with|con) (?:\S+ )?$", between) and SWAPS.search(_before(text, earlier)):
            if earlier.interest != later.interest:
                dropped.add(earlier.interest.name)
            continue
        if (
            (CORRECTS.search(between) or BETTER.search(between))
            and not ADDS.search(between)
            and earlier.interest != later.interest
        ):
            dropped.add(earlier.interest.name)
    return dropped


def _give_up(text: Text, vocabulary: Vocabulary, products: list[str]) -> list[str]:
    """*ya no lo quiero*: the thing that the pronoun can stand for, or everything."""
    if not GIVES_UP.search(text.flat) and not QUITS.search(text.flat):
        return products
    pronoun = PRONOUN.search(text.flat)
    if pronoun and len(products) > 1:
        gender = "f" if pronoun.group(1).startswith("la") else "m"
        alike = [n for n in products if (interest := vocabulary.interest(n)) and interest.gender == gender]
        if alike:
            return [name for name in products if name != alike[-1]]
    return []
