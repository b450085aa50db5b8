"""What makes a reading of a turn less sure: signs that something was there to read and was not read.

The figures are shares measured on labelled conversations, rounded down; above 0.9 a turn counts as sure.
"""

import re
from dataclasses import dataclass

from .given_names import SURNAMES
from .lexicon import COMMON_WORDS
from .name_cues import is_given
from .numbers import find_numbers
from .schema import State, Understanding
from .text import Text, fold

#: Near a thing, words that turn what is said of it.
_TURNING = frozenset(
    "no ni nao not sin tampoco nada ya tengo tenemos hay compre compro con with com have vez lugar menos solo nomas "
    "excepto salvo aunque sino mejor perdon digo tenho temos don't already except but".split()
)
_OWN_BUSINESS = re.compile(
    r" (?:somos|ofrec\w+|mayorista|fabrica\w*|proveedor\w*|distribu\w+|nuestr[oa]s|alquil\w+|rent\w+|repar\w+|arregl\w+|tapiz\w+|retapiz\w+|restaur\w+|vendo) "
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
_SELF = re.compile(r" (?:soy(?! de )|nombre|llamo|dicen|name|chamo|apellido|saluda|habla|atte|firma) ")
_UNITS = re.compile(
    r"^ (?:cm|cms|m|mts?|metros?|puestos?|plazas?|personas?|pulgadas|anos?|meses|dias|horas|semanas|x|por|%"
    r"|unidades)\b"
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
    set_aside, complaint = signs.set_aside, signs.complaint
    news = {name for name, slot in after.slots.items() if before.slots.get(name) is not slot}
    # Long messages say more than one thing, and one of them may be misread.
    sure = 0.89 if len(text) > 22 else 1.0
    if (
        before.last_action == "request_contact_info"
        and "name" not in after.slots
        and 1 <= len(text) <= 3
        and "?" not in text.norms
    ):
        sure = min(sure, 0.85)
    if "name" not in news and _SELF.search(text.flat):
        sure = min(sure, 0.88)
    if set_aside and not complaint:
        sure = min(sure, 0.89)
    if "urgency" not in news and not after.support and _TIMES.search(text.flat):
        sure = min(sure, 0.88)
    if not after.support and _TROUBLE.search(text.flat):
        sure = min(sure, 0.85)
    if complaint and complaint < 0.9:
        sure = min(sure, 0.87)
    if before.support and not complaint and news & {"products"}:
        sure = min(sure, 0.89)
    if "budget" not in news and not after.support and _unread_number(text):
        sure = min(sure, 0.88)
    return min(sure, _missed(text, before, after, news, signs), _shaky(text, before, after, news, signs))


def _missed(text: Text, before: State, after: Understanding, news: set[str], signs: Signs) -> float:
    """Doubt because something seems to have been said that nothing was made of."""
    words = [token.norm for token in text.tokens if token.kind == "word"]
    strange = [norm for norm in words if norm not in COMMON_WORDS]
    silent = not news and not signs.complaint
    if silent and not before.support and len(words) >= 5 and not after.questions and not after.courtesies:
        return 0.87
    if silent and not before.support and len(strange) >= 2 and not after.courtesies:
        return 0.88
    if signs.city and "city" not in news:
        return 0.88
    if before.support and signs.things and not signs.complaint and not news & {"products"}:
        return 0.88
    if before.last_action == "request_contact_info" and "name" not in after.slots and strange:
        return 0.88
    return 1.0


def _shaky(text: Text, before: State, after: Understanding, news: set[str], signs: Signs) -> float:
    """Doubt because what was read hangs on a weak sign."""
    if "products" in news and signs.things:
        near = {word for at in signs.things for word in text.norms[max(0, at - 3) : at + 4]}
        if not near.isdisjoint(_TURNING) or (signs.complaint and "products" in after.slots):
            return 0.89
        if _OWN_BUSINESS.search(text.flat):
            return 0.88
    if "urgency" in news and ("products" not in after.slots or " ya " in text.flat):
        return 0.89
    if "name" in news and not _is_plain_name(text, after):
        return 0.89
    if "budget" in news and len(find_numbers(text)[:5]) > 2:
        return 0.89
    return 1.0


def _is_plain_name(text: Text, after: Understanding) -> bool:
    """Whether the words of the name look like one, and nothing strange stands right behind them."""
    words = fold(after.slots["name"].value).split()
    if not any(is_given(word) or word in SURNAMES for word in words):
        return False
    last = max((at for at, norm in enumerate(text.norms) if norm == words[-1]), default=-1)
    behind = text.norms[last + 1] if 0 <= last < len(text) - 1 else ""
    return not behind.isalpha() or behind in COMMON_WORDS


def _unread_number(text: Text) -> bool:
    """Whether a number that might be a sum of money was not taken as one."""
    return any(
        not number.code
        and (number.money or number.value >= 100)
        and not _UNITS.match(text.words(number.last, number.last + 2))
        for number in find_numbers(text)[:5]
    )
