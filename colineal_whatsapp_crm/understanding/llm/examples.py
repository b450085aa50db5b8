"""Turns that people corrected, as examples for a prompt.

An example is made only of what is known to tell of nobody: words of closed lists, of the vocabulary, and stand-ins for
name, address, city and sums. Whatever else the customer wrote (other people, streets, plates, documents, what ails
them) is left out, and nothing needs to recognise it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..lexicon import FUNCTION_WORDS, NUMBER_WORDS
from ..numbers import find_numbers
from ..schema import Budget, Slot
from ..text import Text, clean, fold
from ..vocabulary import Mention, Vocabulary
from .reading import Example

_STAND_IN, _STAND_IN_EMAIL = "Ana Pérez", "cliente@example.com"
#: What stands for everything that is left out.
_GAP = "…"
#: Sums become the next of these below: what a customer can spend is theirs.
_SUMS = (10, 20, 50, 100, 200, 300, 500, 800, 1000, 1500, 2000, 3000, 5000, 8000, 10_000, 20_000, 50_000, 100_000)

#: Words of customers of a furniture shop, beside function words, that tell nothing of anybody. Folded.
_WORDS = frozenset(
    """
    hola buenas buenos buen buena dias dia tarde tardes noche noches saludos gracias favor porfavor disculpe listo
    perfecto claro quiero quisiera queremos necesito necesitamos busco buscamos buscando deseo deseamos requiero
    interesa interesan interesado interesada gustaria cotizar cotizacion proforma comprar compro tienen tiene tengo
    tenemos hay venden hacen precio precios costo costos cuesta cuestan vale valen sale cuanto cuantos presupuesto
    maximo minimo tope alrededor aproximadamente aprox dolares gastar invertir pagar nombre llamo llama correo email
    mail vivo vivimos ciudad entrega entregan entregas envio envios envian llegan domicilio puestos plazas cuerpos
    grande grandes pequeno pequena mediano mediana moderno moderna clasico clasica madera cuero tela vidrio sala comedor
    dormitorio cocina oficina catalogo fotos foto modelo modelos medidas mejor prefiero cambio cambie quite agregue
    sumele juego para semana mes urgente pronto ver saber informacion consulta pregunta es son esta estan soy seria
    puede pueden podria want need looking price cost budget name buy have you do like delivery ship dollars color
    quero preciso procuro preco custa orcamento nome moro entregam
    """.split()
)
_HARMLESS = (FUNCTION_WORDS | _WORDS) - NUMBER_WORDS
_MARKS = frozenset(". , ? ! ¿ ¡ :".split())
#: An example with less than this of the customer's words shows nothing.
_LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class _Part:
    """Tokens `first` up to `last` of a turn that show what it should have told: the slot, its value, and the stand-in."""

    first: int
    last: int
    said: str
    slot: str = ""
    value: str = ""


def make_example(
    text: str, before: Mapping[str, Slot], after: Mapping[str, Slot], vocabulary: Vocabulary
) -> Example | None:
    """What the turn should have told, with quotes; None when its words do not show what a person corrected.

    text
        the customer's words.
    before, after
        what was known before, and what should have been known after it.
    """
    read = Text(clean(text))
    mentions = vocabulary.find(read)
    parts: list[_Part] = []
    for name, slot in after.items():
        if name == "need" or (name in before and before[name].value == slot.value):
            continue
        known = before[name].value if name in before else None
        shown = _show(name, slot.value, known, read, mentions, vocabulary)
        if shown is None:
            return None
        parts += shown
    said = _say(read, parts, mentions)
    if said is None:
        return None
    findings = [{"slot": part.slot, "value": part.value, "quote": part.said} for part in parts]
    return Example(said, tuple(findings))


def says(text: str, name: str, value: Any, known: Any, vocabulary: Vocabulary) -> bool:
    """Whether a customer's words say a slot's value: its words, its figures, or a word of the vocabulary for it.

    name
        of a slot whose value has words of its own: name, email, products, budget or city.
    known
        what was read before, of which nothing needs to be shown again; None for nothing.
    """
    read = Text(clean(text))
    return _show(name, value, known, read, vocabulary.find(read), vocabulary) is not None


def _show(
    name: str, value: Any, known: Any, read: Text, mentions: Sequence[Mention], vocabulary: Vocabulary
) -> list[_Part] | None:
    """The parts that say a slot's value; None when the words do not."""
    if isinstance(value, Budget):
        return _show_money(value, read)
    if isinstance(value, tuple):
        wanted = [product for product in value if product not in (known or ())]
        named = {mention.interest.name: mention for mention in reversed(mentions)}
        if not set(wanted) <= named.keys():
            return None
        return [_Part(named[each].first, named[each].last, _name_of(named[each]), "product", each) for each in wanted]
    if name == "name":
        return _show_words(read, value, "name", _STAND_IN, _STAND_IN)
    if name == "email":
        at = next((at for at, token in enumerate(read.tokens) if fold(token.raw) == fold(value)), None)
        return None if at is None else [_Part(at, at + 1, _STAND_IN_EMAIL, "email", _STAND_IN_EMAIL)]
    if name == "city":
        found = next((each for each in vocabulary.find_cities(read) if each[0].name == value), None)
        # Any city does: which one it was is the customer's.
        stand_in = vocabulary.cities[0].name if found else ""
        return [_Part(found[1], found[2], stand_in, "city", stand_in)] if found else None
    return None


def _show_words(read: Text, value: str, slot: str, said: str, stand_in: str) -> list[_Part] | None:
    wanted = re.findall(r"[^\W\d_]+", fold(value))
    words = [fold(token.raw) for token in read.tokens]
    for at in range(len(words) - len(wanted) + 1):
        if wanted and words[at : at + len(wanted)] == wanted:
            return [_Part(at, at + len(wanted), said, slot, stand_in)]
    return None


def _show_money(budget: Budget, read: Text) -> list[_Part] | None:
    numbers = find_numbers(read)
    ends = [(slot, end) for slot, end in (("budget_min", budget.min), ("budget_max", budget.max)) if end is not None]
    sums = [max((each for each in _SUMS if each <= end), default=_SUMS[0]) for _slot, end in ends]
    if len(sums) == 2 and sums[0] == sums[1]:
        sums[1] = _SUMS[min(_SUMS.index(sums[0]) + 1, len(_SUMS) - 1)]
    parts = []
    for (slot, end), shown in zip(ends, sums, strict=True):
        number = next((number for number in numbers if number.value == end), None)
        if number is None:
            return None
        said = f"{shown} dolares" if number.money else str(shown)
        parts.append(_Part(number.first, number.last, said, slot, str(shown)))
    return parts


def _name_of(mention: Mention) -> str:
    """The thing as the vocabulary spells it: what the customer typed for it may be anything that comes near."""
    return mention.interest.name


def _say(read: Text, parts: Iterable[_Part], mentions: Iterable[Mention]) -> str | None:
    """The turn with everything but the harmless left out; None when too little is left."""
    things = [_Part(mention.first, mention.last, _name_of(mention)) for mention in mentions]
    at_token = {part.first: part for part in (*things, *parts)}
    said: list[str] = []
    kept = left_out = at = 0
    while at < len(read):
        part = at_token.get(at)
        norm, kind = read.norms[at], read.tokens[at].kind
        if part:
            said.append(part.said)
            kept += 1
        elif (kind == "word" and norm in _HARMLESS) or norm in _MARKS:
            said.append(norm)
            kept += kind == "word"
        else:
            left_out += kind != "mark"
            if kind != "mark" and said[-1:] != [_GAP]:
                said.append(_GAP)
        at = part.last if part else at + 1
    if not kept or kept < _LEAST_SHARE * (kept + left_out):
        return None
    return re.sub(r" ([.,?!:])", r"\1", re.sub(r"([¿¡]) ", r"\1", " ".join(said)))
