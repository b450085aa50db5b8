import pytest
from lib.opening_hours import describe_week

WEEK = [(day, 9, 18) for day in range(5)]


@pytest.mark.parametrize(
    ("attendances", "language", "told"),
    [
        ([*WEEK, (5, 10, 14)], "es", "de lunes a viernes de 9:00 a 18:00 y sábados de 10:00 a 14:00"),
        ([*WEEK, (5, 10, 14)], "en", "Monday to Friday from 9 AM to 6 PM and Saturdays from 10 AM to 2 PM"),
        ([*WEEK, (5, 10, 14)], "pt", "de segunda a sexta das 9:00 às 18:00 e aos sábados das 10:00 às 14:00"),
        ([(day, 8.5, 20) for day in range(7)], "es", "todos los días de 8:30 a 20:00"),
        ([(5, 0, 24), (6, 22, 24)], "es", "sábados de 0:00 a 24:00 y domingos de 22:00 a 24:00"),
        ([(0, 9, 13), (0, 13, 18)], "es", "lunes de 9:00 a 18:00"),
        ([(0, 9, 13), (0, 14, 18), (1, 9, 13), (1, 14, 18)], "es", "lunes y martes de 9:00 a 13:00 y de 14:00 a 18:00"),
        ([(0, 9, 13), (0, 14, 18), (5, 9, 13)], "es", "lunes de 9:00 a 13:00 y de 14:00 a 18:00; sábados de 9:00 a 13:00"),
        ([(day, 0, 24) for day in range(7)], "es", "las 24 horas, todos los días"),
        ([(0, 12, 12.5)], "en", "Mondays from 12 PM to 12:30 PM"),
        ([], "es", ""),
        ([(0, 18, 9)], "es", ""),
        (WEEK, "xx", "de lunes a viernes de 9:00 a 18:00"),
    ],
)  # fmt: skip
def test_week_in_words(attendances, language, told):
    assert describe_week(attendances, language) == told
