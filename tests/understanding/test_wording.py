import pytest
from understanding import Interest, Vocabulary
from understanding.wording import customers_words, enumerate_words, name_products, pluralize, product_words

VOCABULARY = Vocabulary.shipped()


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("poltrona", "poltronas"),
        ("sofá", "sofás"),
        ("sillón", "sillones"),
        ("tapiz", "tapices"),
        ("mueble bar", "muebles bares"),
        ("mesita de noche", "mesitas de noche"),
        ("juego de comedor", "juegos de comedor"),
        ("espejo", "espejos"),
        ("rack", "racks"),
    ],
)
def test_plural(singular, plural):
    assert pluralize(singular) == plural


def test_customers_own_word_is_kept():
    used = customers_words(["busco poltronas y una mesita de noche"], VOCABULARY)
    assert used == {"butaca": "poltrona", "velador": "mesita de noche"}


def test_misspelt_words_and_diminutives_are_not_said_back():
    assert customers_words(["quiero un comedro y una camita"], VOCABULARY) == {}


def test_missing_accents_are_put_right():
    assert customers_words(["quiero un sofa"], VOCABULARY) == {"sofá": "sofá"}


def test_article_follows_the_word():
    assert product_words(Interest("velador"), "mesita de noche").of_it == "de la mesita de noche"
    assert product_words(Interest("clóset"), "ropero").with_article == "el ropero"
    assert product_words(Interest("cama", gender="f")).of_it == "de la cama"
    assert product_words(Interest("butaca", gender="f"), "love seat").feminine


def test_enumeration():
    assert enumerate_words(["mesas", "sillas", "camas"]) == "mesas, sillas y camas"
    assert enumerate_words(["mesas", "islas"]) == "mesas e islas"
    assert enumerate_words(["mesas", "hieleras"]) == "mesas y hieleras"
    assert enumerate_words(["mesas"]) == "mesas"


def test_products_in_a_sentence():
    words = name_products(["sofá", "velador"], {"velador": "mesita de noche"}, VOCABULARY)
    assert words == {
        "product": "sofá",
        "products": "sofás y mesitas de noche",
        "the_product": "el sofá",
        "of_the_product": "del sofá",
    }


def test_product_that_left_the_vocabulary_is_said_as_it_stands():
    assert name_products(["hamaca"], {}, VOCABULARY)["products"] == "hamacas"
