"""When a reading is less sure."""

import pytest
from conftest import Customer

SURE = 0.9


@pytest.mark.parametrize(
    "turns",
    [
        ["el zutano aquel me la hizo y ahora ya ni modo pues"],
        ["busco una cama", "es que a mi vecino no sé qué ñoñeras"],
        ["busco una cama, mi primo anda por Loja"],
        ["busco una cama", "Paola Mora", "lo que dicen los demás"],
        ["busco una cama, la de $480"],
        ["busco una cama, la otra se la di al servicio"],
    ],
)
def test_less_sure(customer, turns):
    assert customer.says(*turns).decision.confidence < SURE


@pytest.mark.parametrize("turns", [["busco una cama"], ["hola"]])
def test_sure(customer, turns):
    assert customer.says(*turns).decision.confidence >= SURE


def test_a_misspelt_thing_is_less_sure(customer, vocabulary):
    spelt = Customer(vocabulary).says("quiero un espejo").decision.confidence
    assert customer.says("quiero un espejp").decision.confidence < spelt


def test_each_turn_may_have_been_misread(customer):
    confidences = [customer.says(text).decision.confidence for text in ("busco una cama", "Paola Mora", "hasta 400")]
    assert confidences == sorted(confidences, reverse=True)
    assert confidences[-1] > 0.75, "the surest of customers stays one, though not as sure as after one turn"


def test_a_doubt_stays(customer):
    customer.says("quiero un espejp", "Paola Mora")
    assert customer.decision.confidence < SURE
