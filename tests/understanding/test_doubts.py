"""When a reading is less sure."""

import pytest

SURE = 0.9


@pytest.mark.parametrize(
    "turns",
    [
        ["el zutano aquel me la hizo y ahora ya ni modo pues"],
        ["busco una cama", "Xqwzt"],
        ["busco una cama, mi primo anda por Loja"],
        ["quiero un espejo con mesa"],
        ["necesito eso urgente"],
    ],
)
def test_less_sure(customer, turns):
    assert customer.says(*turns).decision.confidence < SURE


@pytest.mark.parametrize("turns", [["busco una cama"], ["busco una cama", "Paola Mora", "hasta 400"], ["hola"]])
def test_sure(customer, turns):
    assert customer.says(*turns).decision.confidence >= SURE


def test_a_doubt_stays(customer):
    customer.says("quiero un espejo con mesa", "Paola Mora")
    assert customer.decision.confidence < SURE
