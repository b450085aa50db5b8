import json
from pathlib import Path

import pytest
from understanding import Budget, Slot
from understanding.llm.examples import make_example
from understanding.text import fold

SOFA = {"products": Slot(("sofá",), 1.0, source="person")}


def test_example_shows_the_correction_and_no_person(vocabulary):
    example = make_example(
        "Soy Paola Mora, mi correo es pmora@gmail.com y mi cel 0987654321, quiero un sofá de hasta 730, vivo en Cuenca",
        {},
        {
            "name": Slot("Paola Mora", 1.0, source="person"),
            "email": Slot("pmora@gmail.com", 1.0),
            "products": Slot(("sofá",), 1.0),
            "budget": Slot(Budget(None, 730), 1.0),
            "city": Slot("Cuenca", 1.0),
        },
        vocabulary,
    )
    shown = f"{example.text} {example.findings}"
    assert not any(secret in shown for secret in ("Paola", "Mora", "pmora", "0987654321", "730", "Cuenca"))
    findings = {finding["slot"]: finding for finding in example.findings}
    assert findings["product"] == {"slot": "product", "value": "sofá", "quote": "sofá"}
    assert findings["budget_max"]["value"] == "500"
    assert findings["name"]["value"] == "Ana Pérez"
    assert all(finding["quote"] in example.text for finding in example.findings)


@pytest.mark.parametrize(
    "told",
    [
        "es para mi mamá Carmen Quishpe",
        "entreguen en la calle Loja y Cuenca N21-147, dpto 4B",
        "mi placa es PBX-1234",
        "mi pasaporte es AB1234567",
        "mi cédula es 1710034065",
        "soy PAOLA MÓRA",
        "me operaron de la columna y tengo cáncer",
        "estoy embarazada de 7 meses",
        "mi cuenta del Pichincha es 2201234567",
        "cel cero nueve ocho siete seis cinco cuatro tres dos uno",
        "el Dr. Byron Guamán me recomendó",
        "soy de la iglesia evangélica y voto por Noboa",
        "mi usuario es @paolita_88",
    ],
)
def test_what_nobody_needs_to_recognise_is_left_out(vocabulary, told):
    text = f"Hola, quiero cotizar un sofá para la sala, {told}, cuánto cuesta?"
    example = make_example(text, {"name": Slot("Paola Mora", 1.0)}, SOFA, vocabulary)
    shown = fold(json.dumps([example.text, *example.findings], ensure_ascii=False)) if example else ""
    for word in ("carmen quishpe loja cuenca n21 147 4b pbx 1234 ab1234567 1710034065 paola mora operaron columna cancer "
                 "embarazada 7 pichincha 2201234567 cero nueve ocho byron guaman iglesia evangelica noboa paolita").split():  # fmt: skip
        assert word not in shown


def test_examples_are_of_known_words_whatever_customers_wrote(vocabulary):
    """No word of any labelled conversation gets into an example that is not on a list."""
    from understanding.llm import examples

    listed = {*examples._HARMLESS, "ana", "perez", "cliente", "example", "com", "dolares", "slot", "value", "quote"}
    listed |= {word for each in vocabulary.interests for word in fold(each.name).split()}
    listed |= {fold(vocabulary.cities[0].name), *map(str, examples._SUMS)}
    made = 0
    for line in (Path(__file__).parents[1] / "data" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        for turn in json.loads(line)["turns"]:
            slots = {
                name: Slot(tuple(value) if isinstance(value, list) else Budget(**value) if isinstance(value, dict) else value, 1.0)
                for name, value in turn["expect"]["slots"].items()
                if value and name != "urgency"
            }  # fmt: skip
            example = make_example(turn["text"], {}, slots, vocabulary)
            if example:
                made += 1
                words = set("".join(char if char.isalnum() else " " for char in fold(example.text)).split())
                assert words <= listed, example.text
                assert all(finding["quote"] in example.text for finding in example.findings)
    assert made > 30


def test_only_what_the_turn_added_is_shown(vocabulary):
    before = {"products": Slot(("sofá",), 1.0)}
    example = make_example(
        "y una mesa de centro", before, {"products": Slot(("sofá", "mesa de centro"), 1.0)}, vocabulary
    )
    assert [finding["value"] for finding in example.findings] == ["mesa de centro"]


def test_correction_that_the_words_do_not_show_makes_no_example(vocabulary):
    assert make_example("el de siempre", {}, {"products": Slot(("sofá",), 1.0)}, vocabulary) is None


def test_range_stays_a_range(vocabulary):
    example = make_example("tengo entre 810 y 940 dólares", {}, {"budget": Slot(Budget(810, 940), 1.0)}, vocabulary)
    assert {finding["slot"]: finding["value"] for finding in example.findings} == {
        "budget_min": "800",
        "budget_max": "1000",
    }
