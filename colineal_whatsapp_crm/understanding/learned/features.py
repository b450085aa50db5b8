"""What each learned decision looks at: names of what is true of a candidate, as many as hold, each counted once."""

from collections.abc import Iterator

from ..given_names import SURNAMES
from ..known_words import known_words
from ..name_cues import is_given
from ..senses import ROOMS
from ..text import fold
from .view import View


def of_thing(view: View, number: int) -> list[str]:
    """A thing that is named: is it wanted after this turn?"""
    thing, things, state = view.things[number], view.things, view.state
    name = thing.interest.name
    features = list(dict.fromkeys(view.around(thing.first)))
    known, again = f"known={name in view.known:d}", any(other.interest == thing.interest for other in things[:number])
    near = [each for each in features if each.startswith(("l1=", "r1=", "L21=", "R12=", "c="))]
    for condition in (known, f"support={state.support:d}", f"asked={state.last_action}"):
        features += [f"{condition}&{each}" for each in near]
    after = view.reading.slots.get("products")
    said = f"{bool(after) and name in after.value:d}"
    return [
        *features,
        *_between(view, number),
        *view.context,
        *view.bag,
        known,
        f"withdrawn={name in state.withdrawn:d}",
        f"general={thing.interest.general:d}",
        f"sure={thing.sure >= 0.97:d}",
        f"nth={min(number, 4)}",
        f"rest={min(4, len(things) - number - 1)}",
        f"wanted={min(3, len(view.known))}",
        f"again={again:d}",
        f"room={thing.head in ROOMS:d}",
        f"room={thing.head in ROOMS:d}&{view.stems[view.place[thing.first] - 1] if view.place[thing.first] else '^'}",
        f"alike={any(other.head == thing.head for other in things if other is not thing):d}",
        f"rule={said}",
        f"rule={said}{view.reading.support:d}",
    ]


def _between(view: View, number: int) -> Iterator[str]:
    """How a thing hangs together with its neighbours: *con*, *de*, *para el*, a comma."""
    things = view.things
    for name, left, right in (("before", number - 1, number), ("after", number, number + 1)):
        if left < 0 or right >= len(things):
            continue
        first, last = view.place[things[left].first] + 1, view.place[things[right].first]
        words = view.words[first:last]
        kind = "G" if things[left if name == "before" else right].interest.general else "S"
        if len(words) <= 4:
            yield f"{name}={'_'.join(words)}"
            yield f"{name} kind={kind}{'_'.join(words)}"
        yield from (f"{name} has={word}" for word in words[:8])
        yield f"{name} far={min(4, len(words) // 2)}"


def of_known(view: View, name: str) -> list[str]:
    """A thing that was wanted and is not named now: is it still wanted?"""
    after = view.reading.slots.get("products")
    new = any(thing.interest.name not in view.known and not thing.interest.general for thing in view.things)
    short = [f"asked={view.state.last_action}&{each}" for each in view.bag] if len(view.words) < 6 else ()
    return [
        *view.bag,
        *view.word_bag,
        *view.context,
        *short,
        view.length,
        f"wanted={min(3, len(view.known))}",
        f"things={min(3, len(view.things))}",
        f"new={new:d}",
        f"last={view.known[-1] == name:d}",
        f"rule={bool(after) and name in after.value:d}",
    ]


def of_number(view: View, number: int) -> list[str]:
    """A number: is it the most or the least that the customer means to spend?"""
    it, numbers, state = view.numbers[number], view.numbers, view.state
    features = list(dict.fromkeys(view.around(it.first, 6)))
    size = sum(it.value >= bound for bound in (15, 40, 100, 300, 1000, 3000, 20_000))
    features += [
        *view.context,
        f"size={size}",
        f"money={it.money:d}",
        f"code={it.code:d}",
        f"thousands={it.thousands:d}",
        f"fraction={it.fraction:d}",
        f"fifties={it.value % 50 == 0:d}",
        f"tens={it.value % 10 == 0:d}",
        f"digits={view.text.tokens[it.first].kind == 'number':d}",
        f"nth={min(number, 4)}",
        f"rest={min(4, len(numbers) - number - 1)}",
        f"things={min(2, len(view.things))}",
        f"most={it.value == max(each.value for each in numbers):d}",
    ]
    for name, other in (("previous", number - 1), ("next", number + 1)):
        if 0 <= other < len(numbers):
            near = numbers[other]
            apart = it.first - near.last if other < number else near.first - it.last
            features += [
                f"{name}={near.value < it.value:d}",
                f"{name} apart={max(0, min(5, apart))}",
                f"{name} times={int(min(9, max(it.value, near.value) / max(1, min(it.value, near.value))))}",
            ]
    joined = [each for each in features if each.startswith(("l1=", "r1=", "l2=", "asked", "money", "has"))]
    features += [f"size={size}&{each}" for each in joined]
    if it.money:
        features += [f"money&{each}" for each in features if each.startswith(("l1=", "r1=", "c=", "L2"))]
    if len(view.words) < 5:
        features.append(f"short&asked={state.last_action}")
    before, after = state.slots.get("budget"), view.reading.slots.get("budget")
    changed = after is not before
    is_most, is_least = (bool(after) and changed and value == it.value for value in _ends(after))
    return [
        *features,
        *view.bag,
        f"known={it.value in _ends(before):d}",
        f"rule={is_most:d}{is_least:d}{changed:d}",
    ]


def of_city(view: View, number: int) -> list[str]:
    """A word of a city: is the customer, or does the furniture go, there?"""
    city, first, last = view.cities[number]
    tokens, state = view.text.tokens, view.state
    known, said = state.slots.get("city"), view.reading.slots.get("city")
    return [
        *dict.fromkeys(view.around(first)),
        *view.context,
        *view.bag,
        f"nth={min(number, 4)}",
        f"rest={min(4, len(view.cities) - number - 1)}",
        f"same={bool(known) and known.value == city.name:d}",
        f"capital={tokens[first].raw[:1].isupper():d}",
        f"capital before={first > 0 and tokens[first - 1].raw[:1].isupper():d}",
        f"capital after={last < len(tokens) and tokens[last].raw[:1].isupper():d}",
        f"surname={tokens[first].norm in SURNAMES:d}",
        f"as named={city.name == view.text.quote(first, last):d}",
        f"rule={bool(said) and said.value == city.name:d}",
    ]


def of_urgency(view: View) -> list[str]:
    """The turn: how soon does it say that the thing is wanted?"""
    words, stems = view.words[:80], view.stems[:80]
    before, after = view.state.slots.get("urgency"), view.reading.slots.get("urgency")
    return [
        *view.bag,
        *view.word_bag,
        *view.context,
        view.length,
        *dict.fromkeys(f"w3={a}_{b}_{c}" for a, b, c in zip(words, words[1:], words[2:])),  # noqa: B905
        *dict.fromkeys(f"skip={a}_{b}" for a, b in zip(stems, stems[2:])),  # noqa: B905
        f"question={'?' in words:d}",
        f"rule={after.value if after else None}{after is not before:d}",
    ]


def of_support(view: View) -> list[str]:
    """The turn: is the conversation about after-sales after it?"""
    stems, support = view.stems[:80], view.state.support
    return [
        *view.bag,
        *view.word_bag,
        *view.context,
        *(f"support={support:d}&{each}" for each in view.bag),
        *dict.fromkeys(f"t3={a}_{b}_{c}" for a, b, c in zip(stems, stems[1:], stems[2:])),  # noqa: B905
        view.length,
        f"question={'?' in view.words:d}",
        f"things={min(3, len(view.things))}",
        f"known things={any(thing.interest.name in view.known for thing in view.things):d}",
        f"wanted={min(3, len(view.known))}",
        f"rule={view.reading.support:d}{support:d}",
    ]


def of_tokens(view: View) -> list[list[str]]:
    """Each token: does the customer's own name begin there, or go on?"""
    tokens = view.text.tokens
    known_name = view.state.slots.get("name")
    own = set(fold(known_name.value).split()) if known_name else set()
    found = view.turn.name
    told = range(found.first, found.last) if found else range(0)
    known = known_words()
    base, marks = [], []
    for at, token in enumerate(tokens):
        word, norm, shape = view.classes[at], token.norm, _shape(token.raw)
        is_word = token.kind == "word"
        kind = f"g{is_word and is_given(norm):d}{is_word and norm in SURNAMES:d}k{norm in known:d}"
        common = word[0] == "<" or not is_word or norm in known
        each = [f"w={word if common else '?'}", f"shape={shape}", kind, f"kind={token.kind}", f"rule={at in told:d}"]
        if norm in own:
            each.append("own")
        base.append(each)
        marks.append((kind, shape))
    words = [token for token in tokens if token.kind == "word"]
    capitals = sum(token.raw[:1].isupper() for token in words) / max(1, len(words))
    style = "low" if capitals < 0.03 else "mixed" if capitals < 0.6 else "high"
    asked = f"asked={view.state.last_action == 'request_contact_info':d}"
    count = len(tokens)

    def word_at(index: int) -> str:
        return base[index][0] if 0 <= index < count else "^"

    rows = []
    for at, (kind, shape) in enumerate(marks):
        row = list(base[at])
        for distance in (-3, -2, -1, 1, 2, 3):
            index = at + distance
            if 0 <= index < count:
                row += [f"{distance}{each}" for each in base[index][: 5 if abs(distance) < 3 else 1]]
            else:
                row.append(f"{distance}end")
        norm = tokens[at].norm
        row += [
            f"suffix={norm[-3:]}",
            f"prefix={norm[:3]}",
            f"b={word_at(at - 2)}|{word_at(at - 1)}",
            f"a={word_at(at + 1)}|{word_at(at + 2)}",
            f"ba={word_at(at - 1)}|{word_at(at + 1)}",
            f"{kind}{shape}{style}",
            f"{kind}|{word_at(at - 1)}",
            f"{kind}|{word_at(at - 2)}|{word_at(at - 1)}",
            f"{kind}{shape}|{word_at(at + 1)}",
            asked,
            f"{asked}{kind}{shape}",
            f"{asked}{bool(own):d}{kind}",
            f"{asked}{view.length}{kind}",
            f"has={bool(own):d}",
            view.length,
            f"left={min(3, at)}",
            f"right={min(3, count - 1 - at)}",
        ]
        rows.append(row)
    return rows


def _shape(raw: str) -> str:
    if raw.isupper() and len(raw) > 1:
        return "A"
    return "Aa" if raw[:1].isupper() else "a" if raw.islower() else "0"


def _ends(budget) -> tuple[int | None, int | None]:
    return (budget.value.max, budget.value.min) if budget else (None, None)
