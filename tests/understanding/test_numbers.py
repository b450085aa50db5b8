"""Numbers: any amount, in any of its spellings, reads as itself."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from num2words import num2words
from understanding.numbers import find_numbers
from understanding.text import Text, clean, fold

AMOUNTS = st.one_of(
    st.integers(1, 1_000_000),
    st.integers(1, 2_000),
    st.integers(1, 100).map(lambda number: number * 50),
    st.integers(1, 1_000).map(lambda number: number * 1000),
)
LANGUAGES = ("es", "pt", "pt_BR", "en")
RANGES = {
    "es": ("entre {} y {}", "de {} a {}", "{} o {}", "{} - {}"),
    "pt": ("entre {} e {}", "de {} a {}", "{} ou {}"),
    "pt_BR": ("entre {} e {}", "de {} até {}"),
    "en": ("between {} and {}", "from {} to {}", "{} or {}"),
}
GAPS = " .,'’´\u00a0\u202f\u2009"


def in_words(amount, language):
    words = num2words(amount, lang=language)
    # What people say before a thousand and before money.
    return re.sub(r"\buno(?= mil)", "un", words.replace("veintiuno mil", "veintiún mil"))


def by_ear(words):
    """As somebody writes who hears no difference between these letters."""
    words = re.sub(r"c(?=[eiéí])", "s", words.replace("ciento ", "ciénto ").replace("qu", "k"))
    return words.replace("siénto", "ciento").replace("v", "b").replace("z", "s")


def in_groups(amount, gap):
    return f"{amount:,}".replace(",", gap)


@st.composite
def spellings(draw, amounts=AMOUNTS, languages=LANGUAGES):
    """An amount and one of its spellings, without a currency."""
    amount, language = draw(amounts), draw(st.sampled_from(languages))
    ways = [str(amount), *(in_groups(amount, gap) for gap in GAPS), f"{in_groups(amount, '.')},00"]
    ways += [f"{in_groups(amount, ',')}.00", f"{amount}.00", f"{amount},00", f"{in_groups(amount, ' ')}.00"]
    thousands, rest = divmod(amount, 1000)
    if thousands and amount < 1_000_000:
        if amount % 10 == 0:
            ways += [f"{amount / 1000:.3f}".rstrip("0").rstrip(".") + each for each in ("k", "K", " mil", " thousand")]
            ways += [f"{amount / 1000:.3f}".rstrip("0").rstrip(".").replace(".", ",") + each for each in ("k", " mil")]
        for mil in (f"{thousands} mil", f"{thousands}mil"):
            joint = " " if language == "es" else " e "
            ways += [f"{mil}{joint}{in_words(rest, language)}" if rest else mil] if language != "en" else []
            ways += (
                [f"{mil} {rest}", f"{mil}{rest}", f"{in_words(thousands * 1000, 'es')} {rest}"] if rest >= 100 else []
            )
    words = in_words(amount, language)
    ways += [words, fold(words), words.upper(), words.capitalize(), words.replace("-", " ")]
    if language == "es":
        ways += [by_ear(words), words.replace(" y ", " i ")]
        ways += [words.replace(" ", "")] if len(words) <= 38 else []
    return amount, draw(st.sampled_from(ways))


BEFORE = ("$", "$ ", "US$", "US$ ", "USD ", "R$ ", "€", "£ ")
BEHIND = (" dólares", " dolares", " dólarse", "$", " usd", " euros", " €", " reais", " bucks", " pesos", " soles")


def read(text):
    return find_numbers(Text(clean(text)))


@settings(max_examples=400)
@given(spellings(), st.sampled_from([("", "")] * 8 + [(sign, "") for sign in BEFORE] + [("", word) for word in BEHIND]))
def test_any_amount_reads_as_itself(spelt, currency):
    amount, text = spelt
    before, behind = currency
    # *un* and *a* are articles, unless they count money.
    assume(amount > 1 or behind.strip().isalpha() or text[0] == "1")
    whole = before + text + behind
    numbers = read(whole)
    assert [(number.value, number.code, number.fraction) for number in numbers] == [(amount, False, False)], whole
    assert numbers[0].money == bool(before or behind)
    assert Text(clean(whole)).quote(numbers[0].first, numbers[0].last) == clean(whole).strip()


@settings(max_examples=300)
@given(st.data(), st.sampled_from([(language, frame) for language in RANGES for frame in RANGES[language]]))
def test_any_range_has_both_ends(data, way):
    language, frame = way
    low, high = (data.draw(spellings(languages=(language,))) for _end in range(2))
    assume(1 < low[0] < high[0])
    # *mil e setecentos e dois mil* may be read in two ways, and the ends that are nearer to each other are meant.
    assume(high[0] < 20_000 or low[0] % 1000)
    text = frame.format(low[1], high[1])
    assert [number.value for number in read(text)] == [low[0], high[0]], text


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2 mil quinientos", [2500]),
        ("entre 2 mil y 2 mil quinientos", [2000, 2500]),
        ("2k5 o 2k500", [2500, 2500]),
        ("1.5k", [1500]),
        ("1,5 mil", [1500]),
        ("2.350k", [2350]),
        ("1.500 mil", [1500]),
        ("medio millón, half a million, meio milhão, half million", [500_000] * 4),
        ("un millón y medio", [1_500_000]),
        ("two and a half thousand, 2 1/2 mil, 2½ mil, dos y medio mil", [2500] * 4),
        ("mil y medio, dos mil y medio", [1500, 2500]),
        ("mil y pico, 2 mil y pico", [1000, 2000]),
        ("un par de miles, a couple of thousand, un par de cientos, a couple grand", [2000, 2000, 200, 2000]),
        ("dois mil e quinhentos, mil e duzentos, mil, cento e dez", [2500, 1200, 1110]),
        ("kinientos, quiñentos, trecientos, docientos, sincuenta, fourty", [500, 500, 300, 200, 50, 40]),
        ("veinte y cinco, diez y seis, venticinco, treintaicinco, treinta cinco", [25, 16, 25, 35, 35]),
        ("fifteen hundred, twenty-five hundred, two fifty, two-thousand", [1500, 2500, 250, 2000]),
        ("between one hundred and two thousand", [100, 2000]),
        ("between one hundred and fifty and two hundred", [150, 200]),
        ("entre mil e quinhentos e dois mil", [1500, 2000]),
        ("dos quinientos; las dos quinientos", [2500, 2, 500]),
        ("mil quinientos dos mil", [1500, 2000]),
        ("mil, quinientos", [1000, 500]),
        ("2 000-2 500, 2-3 mil, 2-3k", [2000, 2500, 2, 3000, 2, 3000]),
        ("mil dólares con cincuenta centavos, $500 y 25 centavos", [1000, 500]),
        ("1'500.000, 1.500.00, 1500.000", [1_500_000, 1500, 1500]),
        ("mil y una mesa, dos mil una mesa, cien una silla", [1000, 2000, 100]),
        ("tengo mil y dos hijos, 2 mil 10 sillas", [1000, 2, 2000, 10]),
        ("un sofá, una mesa, a mil", [1000]),
        ("20 por ciento, lo siento, once", [20, 11]),
        ("el modelo Lima1 500 dólares", [1, 500]),
    ],
)
def test_ways_of_writing(text, values):
    assert [number.value for number in read(text)] == values


@pytest.mark.parametrize(
    "text",
    [
        "0987 654 321",
        "098 765 4321",
        "+593 98 765 4321",
        "234 5678",
        "4111 1111 1111 1111",
        "171 234 567 8",
        "1712345678",
        "18:30",
        "12/05/2026",
        "E4-120",
        "N35-17",
        "#4521",
        "cero nueve ochenta y siete",
    ],
)
def test_codes_are_no_quantities(text):
    numbers = read(text)
    assert numbers and all(number.code for number in numbers)
