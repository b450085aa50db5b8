"""What makes a reading of a turn less sure: signs that something was there to read and was not read, or only just."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .given_names import SURNAMES
from .known_words import known_words
from .lexicon import COMMON_WORDS
from .name_cues import is_given
from .numbers import find_numbers
from .schema import State, Understanding
from .text import Text

#: How many of the turns with a sign were read rightly, on conversations that nothing had been fitted to. Above 0.9 a
#: turn counts as sure; signs with which more than that were right (long turns, things set aside alone) tell nothing.
_RIGHT = {
    "city": 0.56,
    "complaint": 0.6,
    "misspelt thing": 0.62,
    "number": 0.65,
    "trouble": 0.68,
    "other name": 0.71,
    "time": 0.72,
    "no name": 0.75,
    "turned thing": 0.78,
    "strange word": 0.8,
    "no budget": 0.85,
    "strange name": 0.89,
}
#: Near a thing, words that turn what is said of it.
_TURNING = frozenset(
    "no ni nao not sin tampoco nada ya tengo tenemos hay compre compro con with com have vez lugar menos solo nomas "
    "excepto salvo aunque sino mejor perdon digo tenho temos don't already except but".split()
)
_TIMES = re.compile(
    r" (?:hoy|manana|urgente|urge|apuro|pronto|rapido|semana|este mes|fin de mes|lunes|martes|miercoles|jueves"
    r"|viernes|sabado|today|tomorrow|week|month|soon|hoje|amanha|navidad|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre) "
)
_TROUBLE = re.compile(
    r" (?:roto|rota|danad[oa]|compre|compramos|pague|llegaron|me llego|entregaron|trajeron|pedido|orden|factura"
    r"|devolver|cambio|reclamo|queja|problema|cancelar|technician|order|broken|"
    r"bought|refund|servicio|nadie|espero|esperando|instal\w+|arm\w+ron) "
)
_UNITS = re.compile(
    r"^ (?:cm|cms|m|mts?|metros?|puestos?|plazas?|personas?|pulgadas|anos?|meses|dias|horas|semanas|x|por|%"
    r"|unidades|(?:de )?(?:gracias|disculpas|veces|besos|abrazos|bendiciones))\b"
)


@dataclass(frozen=True, slots=True)
class Signs:
    """What a reading noticed on its way.

    set_aside: a thing was named and not taken as wanted. complaint: how sure it is that this is after-sales.
    things: the tokens that name things of the shop. city: a word of a city stands in the text.
    """

    set_aside: bool = False
    complaint: float = 0.0
    things: frozenset[int] = frozenset()
    city: bool = False


def doubt(text: Text, before: State, after: Understanding, signs: Signs) -> float:
    """How sure a turn is, from what it says and what was made of it."""
    return min((_RIGHT[sign] for sign in _doubts(text, before, after, signs)), default=1.0)


def _doubts(text: Text, before: State, after: Understanding, signs: Signs) -> Iterator[str]:
    news = {name for name, slot in after.slots.items() if before.slots.get(name) is not slot}
    yield from _unread(text, before, after, news, signs)
    yield from _shaky(text, before, after, news, signs)


def _unread(text: Text, before: State, after: Understanding, news: set[str], signs: Signs) -> Iterator[str]:
    """Something seems to have been said that nothing was made of."""
    if signs.city and "city" not in news:
        yield "city"
    if not after.support:
        if "budget" not in news and _number_left(text):
            yield "number"
        if "urgency" not in news and _TIMES.search(text.flat):
            yield "time"
        if _TROUBLE.search(text.flat):
            yield "trouble"
    words = [token for token in text.tokens if token.kind == "word"]
    asked = before.last_action
    if asked == "request_contact_info" and "name" not in after.slots and any(w.norm not in COMMON_WORDS for w in words):
        yield "no name"
    beside = after.questions or after.courtesies
    if asked == "gather_more_details" and not ({"budget"} & news or after.support or beside):
        yield "no budget"
    strange = [token for token in words if _is_strange(token.norm)]
    if strange and not (news or signs.complaint or before.support or after.courtesies):
        yield "strange word"
    if "name" not in news and any(token.raw[0].isupper() for token in strange):
        yield "strange name"


def _shaky(text: Text, before: State, after: Understanding, news: set[str], signs: Signs) -> Iterator[str]:
    """What was read hangs on a weak sign."""
    if signs.complaint and signs.complaint < 0.95:
        yield "complaint"
    if "name" in news and "name" in before.slots:
        yield "other name"
    if "products" in news and signs.things:
        if after.slots["products"].confidence < 0.97:
            yield "misspelt thing"
        near = {word for at in signs.things for word in text.norms[max(0, at - 3) : at + 4]}
        if signs.set_aside and not (signs.complaint or near.isdisjoint(_TURNING)):
            yield "turned thing"


def _is_strange(word: str) -> bool:
    return not (word in known_words() or word in COMMON_WORDS or word in SURNAMES or is_given(word))


def _number_left(text: Text) -> bool:
    """Whether a number that might be a sum of money was not taken as one."""
    return any(
        not number.code
        and (number.money or number.value >= 100)
        and not _UNITS.match(text.words(number.last, number.last + 2))
        for number in find_numbers(text)[:5]
    )
