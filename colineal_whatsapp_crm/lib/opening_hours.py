"""A week's opening hours as people say them."""

from collections.abc import Iterable, Sequence

_DAYS = {
    "es": "lunes martes miércoles jueves viernes sábado domingo".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "pt": "segunda terça quarta quinta sexta sábado domingo".split(),
}
_EACH_DAY = {
    "es": "lunes martes miércoles jueves viernes sábados domingos".split(),
    "en": [f"{day}s" for day in _DAYS["en"]],
    "pt": "às segundas|às terças|às quartas|às quintas|às sextas|aos sábados|aos domingos".split("|"),
}
_RANGE = {"es": "de {} a {}", "en": "{} to {}", "pt": "de {} a {}"}
_HOURS = {"es": "de {} a {}", "en": "from {} to {}", "pt": "das {} às {}"}
_AND = {"es": "y", "en": "and", "pt": "e"}
_ALWAYS = {
    "es": "las 24 horas, todos los días",
    "en": "24 hours a day, every day",
    "pt": "24 horas por dia, todos os dias",
}
_EVERY_DAY = {"es": "todos los días", "en": "every day", "pt": "todos os dias"}

#: Minutes of a day.
_DAY = 24 * 60

_Hours = tuple[tuple[int, int], ...]


def describe_week(attendances: Iterable[tuple[int, float, float]], language: str) -> str:
    """``de lunes a viernes de 9:00 a 18:00 y sábados de 10:00 a 14:00``; empty when it is never open.

    attendances
        (day, from, to): the day from 0, Monday; the times in hours, 24 being midnight.
    language
        ``es``, ``en`` or ``pt``; Spanish for any other.
    """
    language = language if language in _DAYS else "es"
    week = [_merge(attendances, day) for day in range(7)]
    if all(hours == ((0, _DAY),) for hours in week):
        return _ALWAYS[language]
    parts = [f"{_name_days(days, language)} {_name_hours(hours, language)}" for days, hours in _group(week)]
    return _enumerate(parts, language)


def _merge(attendances: Iterable[tuple[int, float, float]], day: int) -> _Hours:
    """The times of a day in minutes, without gaps that are none."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((round(60 * start), round(60 * end)) for at, start, end in attendances if at == day):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple((start, _DAY if end >= _DAY - 1 else end) for start, end in merged)


def _group(week: Sequence[_Hours]) -> list[tuple[list[int], _Hours]]:
    """Days that follow each other with the same hours: ([days], hours)."""
    groups: list[tuple[list[int], _Hours]] = []
    for day, hours in enumerate(week):
        if not hours:
            continue
        if groups and groups[-1][1] == hours and groups[-1][0][-1] == day - 1:
            groups[-1][0].append(day)
        else:
            groups.append(([day], hours))
    return groups


def _name_days(days: Sequence[int], language: str) -> str:
    if len(days) == 7:
        return _EVERY_DAY[language]
    if len(days) > 2:
        return _RANGE[language].format(_DAYS[language][days[0]], _DAYS[language][days[-1]])
    return f" {_AND[language]} ".join(_EACH_DAY[language][day] for day in days)


def _name_hours(hours: _Hours, language: str) -> str:
    parts = [_HOURS[language].format(_name_time(start, language), _name_time(end, language)) for start, end in hours]
    return _enumerate(parts, language)


def _name_time(minutes: int, language: str) -> str:
    hour, minute = divmod(minutes % _DAY, 60)
    if language == "en":
        half = "AM" if hour < 12 else "PM"
        return f"{hour % 12 or 12}:{minute:02} {half}" if minute else f"{hour % 12 or 12} {half}"
    return f"{24 if minutes == _DAY else hour}:{minute:02}"


def _enumerate(parts: Sequence[str], language: str) -> str:
    joint = f" {_AND[language]} "
    # Where one of them has an *y* of its own, commas alone would be read wrong.
    if any(joint in part for part in parts) and len(parts) > 1:
        return "; ".join(parts)
    return joint.join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
