import pytest
from understanding.llm.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mi cédula es 1710034065", "mi cédula es [identity]"),
        ("RUC 1790011674001, a nombre de Sofía", "RUC [identity], a nombre de Sofía"),
        ("pago con la 4111 1111 1111 1111", "pago con la [card]"),
        ("tarjeta 5500-0000-0000-0004.", "tarjeta [card]."),
        ("4111  1111  1111  1111", "[card]"),
        ("4111/1111/1111/1111", "[card]"),
        ("4111 - 1111 - 1111 - 1111", "[card]"),
        ("4111.1111.1111.1111", "[card]"),
        ("4111\n1111\n1111\n1111", "[card]"),
        ("４１１１ １１１１ １１１１ １１１１", "[card]"),
        ("٤١١١١١١١١١١١١١١١", "[card]"),
        ("4111\u200b1111\u200b1111\u200b1111", "[card]"),
        ("tarjeta4111111111111111gracias", "tarjeta[card]gracias"),
        ("4111 1111 1111 1111 12/28 123", "[card] 12/28 123"),
        ("son 2 y la 4111 1111 1111 1111", "son 2 y la [card]"),
        ("3782 822463 10005", "[card]"),
        ("171003406-5", "[identity]"),
        ("17 1003 4065", "[identity]"),
        ("1790011674 001", "[identity]"),
        ("mi pasaporte es AB1234567", "mi pasaporte es [passport]"),
        ("passport number: 123456789", "passport number: [passport]"),
        ("cuenta de ahorros 2201 2345 67", "cuenta de ahorros [account]"),
        ("IBAN DE89 3704 0044 0532 0130 00", "IBAN [account]"),
        ("cvv 123", "cvv [code]"),
        ("el código de seguridad es 4321", "el código de seguridad es [code]"),
    ],
)
def test_identity_and_payment_cards_are_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "tengo 1500",
        "mide 2.20 x 1.80",
        "llámame al 0987654321",
        "pedido 1234567890123",
        "entre 1000 y 2000",
        "",
        "a cuenta de 500 dólares",
        "llame al +593 98 765 4321",
        "1710034065@gmail.com",
        "1500, 2000 o 2500 o 3000",
        "tengo en cuenta 1500 o 2000",
        "es seguro, 350",
    ],
)
def test_other_numbers_stay(text):
    assert mask(text) == text
