from understanding import Budget, Slot
from understanding.llm.examples import make_example


def test_example_shows_the_correction_and_no_person(vocabulary):
    example = make_example(
        "Soy Paola Mora, mi correo es pmora@gmail.com y mi cel 0987654321, quiero un sofá de hasta 700",
        {},
        {
            "name": Slot("Paola Mora", 1.0, source="person"),
            "email": Slot("pmora@gmail.com", 1.0),
            "products": Slot(("sofá",), 1.0),
            "budget": Slot(Budget(None, 700), 1.0),
        },
        vocabulary,
    )
    shown = f"{example.text} {example.findings}"
    assert not any(secret in shown for secret in ("Paola", "Mora", "pmora", "0987654321"))
    findings = {finding["slot"]: finding for finding in example.findings}
    assert findings["product"] == {"slot": "product", "value": "sofá", "quote": "sofá"}
    assert findings["budget_max"]["value"] == "700"
    assert all(finding["quote"] in example.text for finding in example.findings)


def test_only_what_the_turn_added_is_shown(vocabulary):
    before = {"products": Slot(("sofá",), 1.0)}
    example = make_example(
        "y una mesa de centro", before, {"products": Slot(("sofá", "mesa de centro"), 1.0)}, vocabulary
    )
    assert [finding["value"] for finding in example.findings] == ["mesa de centro"]


def test_correction_that_the_words_do_not_show_makes_no_example(vocabulary):
    assert make_example("el de siempre", {}, {"products": Slot(("sofá",), 1.0)}, vocabulary) is None
