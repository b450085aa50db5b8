"""What makes a reading of a turn less sure: signs that something was there to read and was not read.

The figures are shares measured on labelled conversations, rounded down; above 0.9 a turn counts as sure.
"""

import re

from .numbers import find_numbers
from .schema import State, Understanding
from .text import Text

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


def doubt(text: Text, before: State, after: Understanding, set_aside: bool, complaint: float) -> float:
    """How sure a turn is, from what it says and what was made of it.

    set_aside: a thing was named and not taken as wanted. complaint: how sure it is that this is after-sales.
    """
    news = {name for name, slot in after.slots.items() if before.slots.get(name) is not slot}
    # Long messages say more than one thing, and one of them may be misread.
    sure = 0.89 if len(text) > 18 else 1.0
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
    return sure


def _unread_number(text: Text) -> bool:
    """Whether a number that might be a sum of money was not taken as one."""
    return any(
        not number.code
        and (number.money or number.value >= 100)
        and not _UNITS.match(text.words(number.last, number.last + 2))
        for number in find_numbers(text)[:5]
    )
