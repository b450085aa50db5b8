import pytest
from understanding.llm.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mi cédula es 1710034065", "mi cédula es [identity]"),
        ("RUC 1790011674001, a nombre de Sofía", "RUC [identity], a nombre de Sofía"),
        ("pago con la 4111 1111 1111 1111", "pago con la [card]"),
        ("tarjeta 5500-0000-0000-0004.", "tarjeta [card]."),
    ],
)
def test_identity_and_payment_cards_are_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    ["tengo 1500", "mide 2.20 x 1.80", "llámame al 0987654321", "pedido 1234567890123", "entre 1000 y 2000", ""],
)
def test_other_numbers_stay(text):
    assert mask(text) == text
