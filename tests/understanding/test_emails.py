import pytest


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("JVERA@ESPOL.EDU.EC", "jvera@espol.edu.ec"),
        ("mi correo es pedro punto lopez arroba yahoo punto com", "pedro.lopez@yahoo.com"),
        ("ana guion bajo lopez arroba hotmail punto com", "ana_lopez@hotmail.com"),
        ("correo juan punto perez 22 arroba espol punto edu punto ec", "juan.perez22@espol.edu.ec"),
        ("ana @ gmail . com", "ana@gmail.com"),
        ("ana@gmail,com", "ana@gmail.com"),
        ("es ana@gmail.com, perdón anita@gmail.com", "anita@gmail.com"),
        ("escribí a ventas@colineal.com, mi correo es ana@x.ec", "ana@x.ec"),
        ("ventas@colineal.com es el correo de ustedes?", None),
        ("arroba", None),
        ("anita@gmail.com, no ana@gmail.com", "anita@gmail.com"),
        ("ana(arroba)gmail.com", "ana@gmail.com"),
        ("ana[at]gmail.com", "ana@gmail.com"),
        ("todo pegado ana m o r a arroba gmail punto com", "anamora@gmail.com"),
    ],
)
def test_email(customer, text, email):
    assert customer.says(text).value("email") == email
