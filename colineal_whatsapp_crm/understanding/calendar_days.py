"""Days that have names or dates, and how far off they are: *antes de Navidad*, *para el 15 de diciembre*, *fin de mes*.

All is counted from the day on which the customer wrote, in the shop's time zone; nothing here asks a clock.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

from dateutil.easter import easter
from dateutil.relativedelta import MO, SU, relativedelta

from .phrases import Phrases
from .text import Text

#: Up to so many days off is this week, or near enough; up to so many, within the next two months.
_SOON, _LATER = 9, 62
#: A date that passed so few days ago is spoken of as past, and not next year's.
_JUST_PAST = 60
#: Who wants something after a day wants it about so many days later.
_AFTER = 7
#: Where the school year begins in May. https://educacion.gob.ec, «régimen Costa-Galápagos».
_COAST = frozenset(
    "Guayaquil Manta Machala Esmeraldas Portoviejo Salinas Samborondón Durán Quevedo Babahoyo Milagro Daule Playas".split()
) | {"Santo Domingo"}

_CLASSES = {
    "until": "para pa antes hasta por en by before for until at ate no na a",
    "past": "despues pasando pasado luego after depois",
    "the": "el la los las lo del de al the o a que sea llegue mi",
    "starts": "inicio inicien inicie entrada regreso vuelta comienzo comiencen comience empiecen empiece entren arranque arranquen volta retorno",
    "weekday": "lunes martes miercoles jueves viernes sabado domingo monday tuesday wednesday thursday friday saturday sunday",
}
_MONTHS = {
    1: "enero ene january jan janeiro",
    2: "febrero feb february fevereiro",
    3: "marzo mar march marco",
    4: "abril abr april apr",
    5: "mayo may maio",
    6: "junio jun june junho",
    7: "julio jul july julho",
    8: "agosto ago august aug",
    9: "septiembre setiembre sept sep september setembro",
    10: "octubre oct october outubro",
    11: "noviembre nov november novembro",
    12: "diciembre dic december dec dezembro",
}
_MONTH_OF = {name: month for month, names in _MONTHS.items() for name in names.split()}
#: Months that are people's names as well: *para Julio*.
_PEOPLE = frozenset(("julio", "abril", "august", "april", "june"))
_STREETS = frozenset(
    "av ave avda avenida calle calles entre esquina barrio sector ciudadela cdla urb estacion parada".split()
)
_ORDINALS = {"primero": 1, "1ro": 1, "1ero": 1, "primer": 1, "first": 1}
_LATEST_OF_MONTH = ("fin", "fines", "final", "finales", "ultimos", "termino", "end", "late", "fim")
_MIDDLE_OF_MONTH = ("mediados", "quincena", "mid", "meados")


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day of each year with a name.

    phrases
        its names, see `phrases.Phrases`.
    on
        when it is in a year.
    example
        a message that names it as a day by which something is wanted.
    """

    phrases: tuple[str, ...]
    on: Callable[[int], date]
    example: str


def _on(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _nth(month: int, weekday: relativedelta) -> Callable[[int], date]:
    return lambda year: date(year, month, 1) + weekday


def _from_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days=days)


def black_friday(year: int) -> date:
    """The day after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)


def first_day_of_school(year: int, coast: bool) -> date:
    """The first Monday of May on the coast, of September in the highlands and the east, as the ministry has set it."""
    return date(year, 5 if coast else 9, 1) + relativedelta(weekday=MO(1))


NAMED_DAYS = (
    NamedDay(("navidad|navidades|christmas|xmas|natal",), _on(12, 25), "lo necesito antes de Navidad"),
    NamedDay(("nochebuena|nochebuenas", "noche buena"), _on(12, 24), "que llegue para Nochebuena"),
    NamedDay(("ano nuevo|novo", "fin|fines de ano", "new year|year's|years", "reveillon"), _on(12, 31), "para Año Nuevo"),
    NamedDay(("reyes", "reyes magos"), _on(1, 6), "para Reyes"),
    NamedDay(("san valentin", "valentine's|valentines day?", "dia de los enamorados", "dia del amor y? la? amistad?"), _on(2, 14),
             "un espejo para San Valentín"),
    NamedDay(("carnaval|carnavales|carnival",), _from_easter(-48), "para Carnaval"),
    NamedDay(("semana santa", "holy week", "semana mayor"), _from_easter(-7), "antes de Semana Santa"),
    NamedDay(("viernes santo", "good friday", "sexta feira santa"), _from_easter(-2), "hasta Viernes Santo"),
    NamedDay(("pascua|pascuas|easter", "domingo de resurreccion"), _from_easter(0), "para Pascua"),
    NamedDay(("dia de la|las|mi madre|mama|madres|mami", "mother's|mothers day", "dia das maes"), _nth(5, relativedelta(weekday=SU(2))),
             "es para el Día de la Madre"),
    NamedDay(("dia del|de padre|papa|papi", "father's|fathers day"), _nth(6, relativedelta(weekday=SU(3))), "para el Día del Padre"),
    NamedDay(("dia de la mujer", "women's day"), _on(3, 8), "para el Día de la Mujer"),
    NamedDay(("dia del nino", "children's day"), _on(6, 1), "para el Día del Niño"),
    NamedDay(("dia del trabajo|trabajador", "feriado de trabajo"), _on(5, 1), "para el feriado del Día del Trabajo"),
    NamedDay(("feriado de mayo", "batalla de pichincha"), _on(5, 24), "antes del feriado de mayo"),
    NamedDay(("feriado de agosto",), _on(8, 10), "para el feriado de agosto"),
    NamedDay(("feriado de octubre", "independencia de guayaquil"), _on(10, 9), "antes del feriado de octubre"),
    NamedDay(("halloween|jaloguin",), _on(10, 31), "para Halloween"),
    NamedDay(("feriado de noviembre|difuntos|finados", "dia de los? difuntos|muertos", "finados|difuntos"), _on(11, 2), "antes del feriado de noviembre"),
    NamedDay(("independencia|fiestas de cuenca",), _on(11, 3), "para las fiestas de Cuenca"),
    NamedDay(("black friday?", "viernes negro"), black_friday, "lo quiero para Black Friday"),
    NamedDay(("cyber monday", "ciber monday|lunes"), lambda year: black_friday(year) + timedelta(days=3), "para el Cyber Monday"),
    NamedDay(("fiestas de quito|quitenas",), _on(12, 6), "para las fiestas de Quito"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundDay:
    """The tokens that name a day by which something is wanted, and how soon that is."""

    first: int
    last: int
    day: date
    level: str


def level_of(days: int) -> str:
    """How urgent something is that is wanted in so many days."""
    return "high" if days <= _SOON else "medium" if days <= _LATER else "low"


_LEADS = "<until>|<past> ..3 "
_SCHOOL = "school"
_NAMED = Phrases(
    [(_LEADS + phrase, named) for named in NAMED_DAYS for phrase in named.phrases]
    + [
        (_LEADS + phrase, _SCHOOL)
        for phrase in ("<starts> a|de|las|del|al? las? clases|aulas|escuela|colegio|cole|ano escolar|lectivo?",
                       "<starts> las? clases|colegio|aulas|escuela", "back to school", "school starts")
    ],
    _CLASSES,
)  # fmt: skip


def find_days(text: Text, today: date, city: str = "") -> Iterator[FoundDay]:
    """The days that a text names, in no order.

    today
        the day on which the text was written.
    city
        where the customer lives, which tells when school begins there.
    """
    if today.year >= MAXYEAR - 1:
        return
    for first, last, day in (*_find_named(text, today, city), *_find_dates(text, today), *_find_months(text, today)):
        if day >= today:
            yield FoundDay(first, last, day, level_of((day - today).days))


def _find_named(text: Text, today: date, city: str) -> Iterator[tuple[int, int, date]]:
    for match in _NAMED.find(text):
        named = match.payload
        if named == _SCHOOL:
            day = _first_day_of_school(text, today, city)
        else:
            day = _next(named.on, today)
        if day and text.norms[match.first] in _CLASSES["past"].split():
            day += timedelta(days=_AFTER)
        if day:
            yield match.first, match.last, day


def _next(on: Callable[[int], date], today: date) -> date | None:
    return next((day for year in (today.year, today.year + 1) if (day := on(year)) >= today), None)


def _first_day_of_school(text: Text, today: date, city: str) -> date | None:
    words = set(text.norms)
    if "costa" in words or "sierra" in words:
        regions: tuple[bool, ...] = ("costa" in words,)
    elif city:
        regions = (city in _COAST,)
    else:
        # Whoever does not say where means the one that comes next.
        regions = (True, False)
    days = [_next(lambda year, coast=coast: first_day_of_school(year, coast), today) for coast in regions]
    return min((day for day in days if day), default=None)


def _find_dates(text: Text, today: date) -> Iterator[tuple[int, int, date]]:
    """*el 15 de diciembre*, *15/12/2026*, *December 15*, *hasta el 15*."""
    norms = text.norms
    for at in range(len(norms)):
        read = _day_and_month(norms, at) or _month_and_day(norms, at) or _day_alone(norms, at)
        if not read:
            continue
        number, month, year, last = read
        day = _date(number, month, year, today)
        first = _lead(norms, at)
        if day and not _is_street(norms, first, at):
            yield first, last, day


def _is_street(norms: list[str], first: int, at: int) -> bool:
    """*Av. 10 de Agosto y Colón*, *Colón y 6 de Diciembre*"""
    before = norms[max(0, first - 2) : first]
    return bool(_STREETS.intersection(before)) or (first == at and before[-1:] in (["y"], ["e"], ["&"]))


def _number(norm: str, most: int) -> int:
    if norm in _ORDINALS:
        return _ORDINALS[norm]
    digits = norm.removesuffix("st").removesuffix("nd").removesuffix("rd").removesuffix("th")
    if digits.isascii() and digits.isdigit() and len(digits) <= 4 and 1 <= int(digits) <= most:
        return int(digits)
    return 0


def _day_and_month(norms: list[str], at: int) -> tuple[int, int, int, int] | None:
    """Day, month, year or 0, and where it ends."""
    number = _number(norms[at], 31)
    rest = norms[at + 1 : at + 6]
    if not number or not rest:
        return None
    if rest[0] in ("/", "-", "–") and len(rest) > 1 and (month := _number(rest[1], 12)):
        if at and norms[at - 1] in ("/", "-", "–", "$"):
            return None
        if len(rest) > 3 and rest[2] == rest[0] and (year := _year(rest[3])):
            return number, month, year, at + 5
        dated = at and norms[at - 1] in ("el", "para", "del", "hasta", "dia", "the", "by", "before", "dia", "ate")
        return (number, month, 0, at + 3) if dated else None
    skip = 0
    while skip < len(rest) and rest[skip] in ("de", "del", "of", "th", "st", "nd", "rd", "ro", "er", "mes"):
        skip += 1
    if skip < len(rest) and rest[skip] in _MONTH_OF:
        return number, _MONTH_OF[rest[skip]], _year_behind(norms, at + skip + 2), at + skip + 2
    return None


def _month_and_day(norms: list[str], at: int) -> tuple[int, int, int, int] | None:
    if norms[at] not in _MONTH_OF or at + 1 >= len(norms):
        return None
    number = _number(norms[at + 1], 31)
    return (number, _MONTH_OF[norms[at]], 0, at + 2) if number else None


def _day_alone(norms: list[str], at: int) -> tuple[int, int, int, int] | None:
    """*para el 15*, *el sábado 12*: the next day of that number."""
    number = _number(norms[at], 31)
    if not number or not at or norms[at] in _ORDINALS:
        return None
    after = norms[at + 1] if at + 1 < len(norms) else ""
    if after[:1].isalnum() and after not in (
        "sin",
        "porque",
        "y",
        "por",
        "porfavor",
        "que",
        "gracias",
        "pero",
        "a",
        "si",
    ):
        return None
    if after in ("/", "-", "–", "%", "$", "°"):
        return None
    before = norms[max(0, at - 3) : at]
    weekday = before[-1:] and before[-1] in _CLASSES["weekday"].split()
    until = before[-1:] in (["el"], ["dia"], ["del"]) and {"para", "antes", "hasta"} & set(before[:-1])
    return (number, 0, 0, at + 1) if weekday or until or before[-2:] == ["el", "dia"] else None


def _lead(norms: list[str], at: int) -> int:
    """Where what leads to a date begins: *para el sábado | 12*."""
    leads = {
        *_CLASSES["until"].split(),
        *_CLASSES["weekday"].split(),
        "el",
        "del",
        "de",
        "dia",
        "the",
        "este",
        "proximo",
    }
    first = at
    while first and at - first < 5 and norms[first - 1] in leads:
        first -= 1
    return first


def _year(norm: str) -> int:
    if norm.isascii() and norm.isdigit():
        value = int(norm)
        return value if 2000 <= value < MAXYEAR else 2000 + value if 20 <= value < 100 and len(norm) == 2 else 0
    return 0


def _year_behind(norms: list[str], at: int) -> int:
    after = [norm for norm in norms[at : at + 2] if norm not in ("de", "del", ",")]
    return _year(after[0]) if after and len(after[0]) == 4 else 0


def _date(number: int, month: int, year: int, today: date) -> date | None:
    """The day that is meant; None for one that there is not, or that has just passed."""
    if not month:
        first = today.replace(day=1)
        months = (first, first + relativedelta(months=1), first + relativedelta(months=2))
        days = (each.replace(day=number) for each in months if number <= monthrange(each.year, each.month)[1])
        return next((day for day in days if day >= today), None)
    if number > monthrange(year or 2024, month)[1]:
        return None
    if year:
        return date(year, month, number)
    for each in (today.year, today.year + 1):
        if number > monthrange(each, month)[1]:
            continue
        day = date(each, month, number)
        if day >= today:
            return day
        if (today - day).days <= _JUST_PAST:
            return None
    return None


def _find_months(text: Text, today: date) -> Iterator[tuple[int, int, date]]:
    """*para enero*, *a fines de marzo*, *a fin de mes*, *la quincena*."""
    norms = text.norms
    for at, norm in enumerate(norms):
        before = norms[max(0, at - 4) : at]
        part = next((word for word in reversed(before) if word in (*_LATEST_OF_MONTH, *_MIDDLE_OF_MONTH)), "")
        if norm in ("mes", "month") and part and (norms[at - 1] in ("de", "del", "the", "este", "this", "of")):
            yield _lead(norms, at - 1 - before[::-1].index(part)), at + 1, _in_month(today, part, today)
        elif norm == "quincena" and before[-1:] in (["la"], ["esta"], ["a"], ["de"]):
            yield _lead(norms, at - 1), at + 1, _payday(today)
        elif norm in _MONTH_OF and len(norm) > 3 and not (at + 1 < len(norms) and _number(norms[at + 1], 31)):
            named = norm in _PEOPLE and text.tokens[at].raw[0].isupper()
            lead = next((word for word in before if word in _CLASSES["until"].split()), "")
            if (before[-1:] and _number(before[-1], 31)) or named or not (lead or part) or "feriado" in before:
                continue
            month = date(today.year + (_MONTH_OF[norm] < today.month), _MONTH_OF[norm], 1)
            first = at - 1 - before[::-1].index(part or lead)
            yield _lead(norms, first), at + 1, _in_month(month, part or lead, today)


def _in_month(month: date, part: str, today: date) -> date:
    """The day of a month that its *end*, its *middle* or *before* it stands for; of one that has begun, none before today."""
    last = month.replace(day=monthrange(month.year, month.month)[1])
    if part in _LATEST_OF_MONTH:
        return last
    if part in ("antes", "hasta", "before", "by", "until", "ate"):
        return max(month.replace(day=1), today)
    middle = month.replace(day=15)
    return middle if middle >= today else last


def _payday(today: date) -> date:
    """The fifteenth or the end of the month, whichever comes next."""
    last = monthrange(today.year, today.month)[1]
    return today.replace(day=15 if today.day <= 15 else last)
