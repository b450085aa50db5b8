"""What is known without reading words: an option that was tapped, an article of the shop's catalogue, a place that was
shared, one's own contact card, the advertisement that somebody comes from. And whose words were only passed on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .schema import Slot, State, Understanding
from .text import Text
from .vocabulary import Vocabulary
from .wording import customers_words

BUTTON, ORDER, PLACE, CARD, ADVERTISEMENT = "button", "order", "place", "card", "advertisement"

#: What leaves no doubt, and what only a person replaces.
CERTAIN = ("person", BUTTON, ORDER)

#: How often the city nearest to a shared place is where the customer is, the name on one's own card one's name, and what
#: an advertisement shows what its reader wants.
_PLACE_SURE, _CARD_SURE, _ADVERTISED_SURE = 0.9, 0.9, 0.8

#: How often the product in somebody else's words is what who forwards them wants.
_FORWARDED_SURE = 0.6

#: Between the words of one message and those of another that said the same thing, in a quote.
BETWEEN_QUOTES = " / "

#: Characters of a quote; the words that were said first give way.
_LONGEST_QUOTE = 500

#: What somebody else's words tell of themselves.
_PERSONAL = ("name", "email", "budget", "city", "urgency")


@dataclass(frozen=True, slots=True)
class Exact:
    """What the messages of a turn tell beside their words.

    taps
        (message, the shop's own name of the option, its label) of each option that was tapped; the name may be empty.
    places
        (message, name of the nearest city, words that came with it) of each place that was shared.
    cards
        (message, name) of each card that is the customer's own.
    articles
        (message, names of the articles, how they are shown) of each order, and of each product that was asked about, from
        the shop's catalogue.
    forwarded
        the messages that were forwarded: somebody else's words.
    """

    taps: tuple[tuple[str, str, str], ...] = ()
    places: tuple[tuple[str, str, str], ...] = ()
    cards: tuple[tuple[str, str], ...] = ()
    articles: tuple[tuple[str, tuple[str, ...], str], ...] = ()
    forwarded: frozenset[str] = frozenset()


def settle(
    understanding: Understanding, state: State, exact: Exact, texts: Iterable[str], vocabulary: Vocabulary
) -> Understanding:
    """What was read of a turn, with what is certain in the place of what was read.

    texts
        the customer's own words of this turn.

    What a person said is never replaced, and what the customer says in words counts for more than where they stand.
    """
    slots = dict(understanding.slots)
    if exact.forwarded:
        understanding = _leave_forwarded(understanding, slots, state, exact.forwarded)
    _correct_advertisement(slots, state, texts, vocabulary)
    _leave_names_of_options(slots, state, exact.taps)
    _take_taps(slots, state, exact.taps, vocabulary)
    _take_articles(slots, state, exact.articles, vocabulary)
    for message, city, words in exact.places:
        if _is_free(slots, state, "city"):
            slots["city"] = Slot(city, _PLACE_SURE, words, PLACE, message)
    for message, name in exact.cards:
        if "name" not in slots:
            slots["name"] = Slot(name, _CARD_SURE, name, CARD, message)
    _quote_kept_products(slots, state, vocabulary)
    return replace(understanding, slots=slots) if slots != understanding.slots else understanding


def _leave_forwarded(
    understanding: Understanding, slots: dict[str, Slot], state: State, forwarded: frozenset[str]
) -> Understanding:
    """Who forwards words shows what they want, at most: who somebody is, and what they have, is the writer's own."""
    for name, slot in tuple(slots.items()):
        if slot.message not in forwarded or slot == state.slots.get(name):
            continue
        if name not in _PERSONAL:
            slots[name] = replace(slot, confidence=min(slot.confidence, _FORWARDED_SURE))
        elif name in state.slots:
            slots[name] = state.slots[name]
        else:
            del slots[name]
    closing = understanding.closing
    if closing and closing.message in forwarded:
        if "products" in state.slots:
            # What somebody else wants no more.
            slots.setdefault("products", state.slots["products"])
        return replace(understanding, closing=None, closed=state.closed)
    return understanding


def _is_free(slots: Mapping[str, Slot], state: State, name: str) -> bool:
    """Whether nobody said it in this turn, and no person ever did."""
    known = slots.get(name)
    return not known or (known == state.slots.get(name) and known.source not in CERTAIN)


def _leave_names_of_options(slots: dict[str, Slot], state: State, taps: Iterable[tuple[str, str, str]]) -> None:
    """The shop writes its options: their words name no customer, whatever they look like."""
    tapped = {message for message, _option, _label in taps}
    name, before = slots.get("name"), state.slots.get("name")
    if not name or name == before or name.message not in tapped or name.source == "person":
        return
    if before:
        slots["name"] = before
    else:
        del slots["name"]


def _take_taps(
    slots: dict[str, Slot], state: State, taps: Iterable[tuple[str, str, str]], vocabulary: Vocabulary
) -> None:
    """A tapped option leaves no doubt: what was read from its label is certain, and so is what its own name says."""
    tapped = {message for message, _option, _label in taps}
    labels = {mention.interest.name for _message, _option, label in taps for mention in vocabulary.find(Text(label))}
    for name, slot in slots.items():
        before = state.slots.get(name)
        if slot.message not in tapped or slot == before or slot.source == "person":
            continue
        if name == "products" and not labels.issuperset(_list_new(slot, before)):
            # Typed beside it: as sure as it was read, for one confidence is told of all.
            continue
        slots[name] = _make_certain(slot, BUTTON, before)
    for message, option, _label in taps:
        if not option or any(slot.message == message for slot in slots.values()):
            continue
        text = Text(option)
        found = [mention for mention in vocabulary.find(text) if mention.sure == 1.0]
        if len(found) == 1 and (found[0].first, found[0].last) == (0, len(text)):
            _add_products(slots, state, (found[0].interest.name,), option, BUTTON, message)
        cities = vocabulary.find_cities(text)
        if len(cities) == 1 and cities[0][1:] == (0, len(text)) and _is_not_persons(slots, "city"):
            slots["city"] = Slot(cities[0][0].name, 1.0, option, BUTTON, message)


def _take_articles(
    slots: dict[str, Slot],
    state: State,
    articles: Iterable[tuple[str, tuple[str, ...], str]],
    vocabulary: Vocabulary,
) -> None:
    """Who points at an article of the catalogue wants what it is, and says exactly which."""
    for message, names, shown in articles:
        wanted = tuple(dict.fromkeys(filter(None, (_find_product(name, vocabulary) for name in names))))
        if wanted:
            _add_products(slots, state, wanted, shown, ORDER, message)
        need = slots.get("need")
        is_new = need and need != state.slots.get("need") and need.message != message
        if is_new and need.source == ORDER:
            shown = BETWEEN_QUOTES.join((need.value, shown))
            slots["need"] = Slot(shown, 1.0, shown, ORDER, message)
        elif not is_new and _is_not_persons(slots, "need"):
            # What is ordered now counts for more than what was asked about, or ordered, before.
            slots["need"] = Slot(shown, 1.0, shown, ORDER, message)


def _find_product(name: str, vocabulary: Vocabulary) -> str | None:
    """What an article is, by its name as the shop writes it: *Mesa de centro Lima con vidrio* is a table."""
    named = [mention for mention in vocabulary.find(Text(name)) if mention.sure == 1.0]
    specific = [mention for mention in named if not mention.interest.general]
    return (specific or named)[0].interest.name if named else None


def _add_products(
    slots: dict[str, Slot], state: State, names: tuple[str, ...], quote: str, source: str, message: str
) -> None:
    """Products that are certainly wanted, beside those that were wanted before and are not more certain by it."""
    if not _is_not_persons(slots, "products"):
        return
    before = slots.get("products")
    kept = before if before and before.source != ADVERTISEMENT else None
    values = tuple(dict.fromkeys((*(kept.value if kept else ()), *names)))
    if kept and kept != state.slots.get("products"):
        # Said in the same turn, each by itself.
        quote = BETWEEN_QUOTES.join((kept.quote, quote))
    slots["products"] = _make_certain(Slot(values, 1.0, quote, source, message), source, kept, names)


def _quote_kept_products(slots: dict[str, Slot], state: State, vocabulary: Vocabulary) -> None:
    """Of products that came one after the other, what said the first stays quoted beside what said the last."""
    before, slot = state.slots.get("products"), slots.get("products")
    if not before or not slot or slot == before or not before.quote or before.source == ADVERTISEMENT:
        return
    said = {mention.interest.name for mention in vocabulary.find(Text(slot.quote))}
    if any(name in before.value and name not in said for name in slot.value):
        quotes = f"{before.quote}{BETWEEN_QUOTES}{slot.quote}".split(BETWEEN_QUOTES)
        parts = list(dict.fromkeys(filter(None, quotes)))
        while len(parts) > 1 and len(BETWEEN_QUOTES.join(parts)) > _LONGEST_QUOTE:
            del parts[0]
        slots["products"] = replace(slot, quote=BETWEEN_QUOTES.join(parts))


def _make_certain(slot: Slot, source: str, before: Slot | None, names: tuple[str, ...] | None = None) -> Slot:
    """What was pointed at, without a doubt; of several products only those that were not there before with one.

    names
        the products that were pointed at; by default those that were not there before.
    """
    if before and before.source not in CERTAIN and isinstance(slot.value, tuple) and before.source != ADVERTISEMENT:
        told = names or _list_new(slot, before)
        if any(name in before.value and name not in told for name in slot.value):
            return replace(slot, confidence=before.confidence, source=before.source)
    return replace(slot, confidence=1.0, source=source)


def _list_new(slot: Slot, before: Slot | None) -> tuple[str, ...]:
    """The products that were not wanted before."""
    return tuple(name for name in slot.value if not before or name not in before.value)


def _is_not_persons(slots: Mapping[str, Slot], name: str) -> bool:
    return name not in slots or slots[name].source != "person"


def _correct_advertisement(slots: dict[str, Slot], state: State, texts: Iterable[str], vocabulary: Vocabulary) -> None:
    """What an advertisement named gives way to what the customer says: in the place of it, or as their own words."""
    before, after = state.slots.get("products"), slots.get("products")
    if not before or before.source != ADVERTISEMENT or not after or after.source in CERTAIN:
        return
    said = customers_words(texts, vocabulary)
    advertised = [name for name in before.value if name in after.value]
    new = [name for name in after.value if name not in before.value]
    confirmed = [name for name in advertised if name in said]
    if new:
        slots["products"] = replace(after, value=(*confirmed, *new))
    elif confirmed:
        words = said[confirmed[0]]
        slots["products"] = replace(after, value=tuple(confirmed), confidence=0.95, source="rule", quote=words)


def advertise(state: State, products: Iterable[str], headline: str, message: str) -> State:
    """The state with what an advertisement shows as what its reader wants, where nothing else is known to be wanted.

    What only another advertisement showed before gives way to it.
    """
    products, known = tuple(products), state.slots.get("products")
    if not products or (known and known.source != ADVERTISEMENT):
        return state
    slot = Slot(products, _ADVERTISED_SURE, headline, ADVERTISEMENT, message)
    return replace(state, slots={**state.slots, "products": slot})
