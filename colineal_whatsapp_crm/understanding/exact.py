"""What is known without reading words: an option that was tapped, a place that was shared, one's own contact card, the
advertisement that somebody comes from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .schema import Slot, State, Understanding
from .text import Text
from .vocabulary import Vocabulary
from .wording import customers_words

BUTTON, PLACE, CARD, ADVERTISEMENT = "button", "place", "card", "advertisement"

#: How often the city nearest to a shared place is where the customer is, the name on one's own card one's name, and what
#: an advertisement shows what its reader wants.
_PLACE_SURE, _CARD_SURE, _ADVERTISED_SURE = 0.9, 0.9, 0.8


@dataclass(frozen=True, slots=True)
class Exact:
    """What the messages of a turn tell beside their words.

    taps
        (message, the shop's own name of the option) of each option that was tapped; the name may be empty.
    places
        (message, name of the nearest city, words that came with it) of each place that was shared.
    cards
        (message, name) of each card that is the customer's own.
    """

    taps: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[str, str, str], ...] = ()
    cards: tuple[tuple[str, str], ...] = ()


def settle(
    understanding: Understanding, state: State, exact: Exact, texts: Iterable[str], vocabulary: Vocabulary
) -> Understanding:
    """What was read of a turn, with what is certain in the place of what was read.

    texts
        the customer's own words of this turn.

    What a person said is never replaced, and what the customer says in words counts for more than where they stand.
    """
    slots = dict(understanding.slots)
    _take_taps(slots, state, exact.taps, vocabulary)
    for message, city, words in exact.places:
        if _is_free(slots, state, "city"):
            slots["city"] = Slot(city, _PLACE_SURE, words, PLACE, message)
    for message, name in exact.cards:
        if "name" not in slots:
            slots["name"] = Slot(name, _CARD_SURE, name, CARD, message)
    _correct_advertisement(slots, state, texts, vocabulary)
    return replace(understanding, slots=slots) if slots != understanding.slots else understanding


def _is_free(slots: Mapping[str, Slot], state: State, name: str) -> bool:
    """Whether nobody said it in this turn, and no person ever did."""
    known = slots.get(name)
    return not known or (known == state.slots.get(name) and known.source not in ("person", BUTTON))


def _take_taps(slots: dict[str, Slot], state: State, taps: Iterable[tuple[str, str]], vocabulary: Vocabulary) -> None:
    """A tapped option leaves no doubt: what was read from its label is certain, and so is what its own name says."""
    tapped = {message for message, _option in taps}
    for name, slot in slots.items():
        if slot.message in tapped and slot != state.slots.get(name) and slot.source != "person":
            slots[name] = replace(slot, confidence=1.0, source=BUTTON)
    for message, option in taps:
        if not option or any(slot.message == message for slot in slots.values()):
            continue
        text = Text(option)
        found = [mention for mention in vocabulary.find(text) if mention.sure == 1.0]
        if len(found) == 1 and (found[0].first, found[0].last) == (0, len(text)) and _is_not_persons(slots, "products"):
            before = slots["products"].value if "products" in slots else ()
            kept = () if _is_advertised(slots) else before
            names = tuple(dict.fromkeys((*kept, found[0].interest.name)))
            slots["products"] = Slot(names, 1.0, option, BUTTON, message)
        cities = vocabulary.find_cities(text)
        if len(cities) == 1 and cities[0][1:] == (0, len(text)) and _is_not_persons(slots, "city"):
            slots["city"] = Slot(cities[0][0].name, 1.0, option, BUTTON, message)


def _is_not_persons(slots: Mapping[str, Slot], name: str) -> bool:
    return name not in slots or slots[name].source != "person"


def _is_advertised(slots: Mapping[str, Slot]) -> bool:
    return "products" in slots and slots["products"].source == ADVERTISEMENT


def _correct_advertisement(slots: dict[str, Slot], state: State, texts: Iterable[str], vocabulary: Vocabulary) -> None:
    """What an advertisement named gives way to what the customer says: in the place of it, or as their own words."""
    before, after = state.slots.get("products"), slots.get("products")
    if not before or before.source != ADVERTISEMENT or not after or after.source in ("person", BUTTON):
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
    """The state with what an advertisement shows as what its reader wants, where nothing else is known to be wanted."""
    products = tuple(products)
    if not products or "products" in state.slots:
        return state
    slot = Slot(products, _ADVERTISED_SURE, headline, ADVERTISEMENT, message)
    return replace(state, slots={**state.slots, "products": slot})
