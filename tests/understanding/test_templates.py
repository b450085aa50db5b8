import pytest
from understanding.templates import LONGEST_FILLED, BraceError, fill, find_fault, names_in

KNOWN = ("name", "product")


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("¡Gracias, {name}!", "¡Gracias, Ana!"),
        ("{name}: {product}, {product}", "Ana: sofá, sofá"),
        ("{{name}} es {name}", "{name} es Ana"),
        ("{name}{{", "Ana{"),
        ("nada", "nada"),
        ("{city}", ""),
    ],
)
def test_names_are_filled_in(text, filled):
    assert fill(text, {"name": "Ana", "product": "sofá"}) == filled


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Hola {name}", ""),
        ("{product:d}", "unknown"),
        ("{product!x}", "unknown"),
        ("{product:{0}}", "braces"),
        ("{product:{product.foo}}", "braces"),
        ("{product:x>320000}", "unknown"),
        ("{product.__class__}", "unknown"),
        ("{product[0]}", "unknown"),
        ("{}", "unknown"),
        ("{0}", "unknown"),
        ("{ name }", "unknown"),
        ("{ciudad}", "unknown"),
        ("{name", "braces"),
        ("name}", "braces"),
        ("  \n", "empty"),
        ("a" * 4001, "long"),
        ("{name} " * 100, "long"),
        ("{" * 100_000, "long"),
    ],
)
def test_placeholders_are_names_alone_and_texts_bounded(text, fault):
    assert find_fault(text, KNOWN)[0] == fault


def test_filled_text_is_bounded_whatever_is_filled_in():
    assert len(fill("{name}", {"name": "a" * 100_000})) == 200
    assert len(fill("{name} " * 1000, {"name": "a" * 200})) <= LONGEST_FILLED


def test_lone_brace_is_an_error():
    with pytest.raises(BraceError):
        names_in("a } b")
