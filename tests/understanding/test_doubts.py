"""When a reading is less sure."""

import pytest

SURE = 0.9


@pytest.mark.parametrize(
    "turns",
    [
        ["el zutano aquel me la hizo y ahora ya ni modo pues"],
        ["busco una cama", "es que a mi vecino no sé qué ñoñeras"],
        ["busco una cama, mi primo anda por Loja"],
        ["quiero un espejp"],
        ["busco una cama", "Paola Mora", "lo que dicen los demás"],
        ["busco una cama, la de $480"],
        ["busco una cama, la otra se la di al servicio"],
    ],
)
def test_less_sure(customer, turns):
    assert customer.says(*turns).decision.confidence < SURE


@pytest.mark.parametrize("turns", [["busco una cama"], ["busco una cama", "Paola Mora", "hasta 400"], ["hola"]])
def test_sure(customer, turns):
    assert customer.says(*turns).decision.confidence >= SURE


def test_a_doubt_stays(customer):
    customer.says("quiero un espejp", "Paola Mora")
    assert customer.decision.confidence < SURE
