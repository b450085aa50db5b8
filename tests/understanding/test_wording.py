import pytest
from understanding import Interest, Vocabulary
from understanding.grammar import enumerate_words, is_feminine, pluralize
from understanding.wording import customers_words, get_first_name, name_products, product_words

VOCABULARY = Vocabulary.shipped()


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("poltrona", "poltronas"),
        ("sofá", "sofás"),
        ("sillón", "sillones"),
        ("tapiz", "tapices"),
        ("mueble bar", "muebles bar"),
        ("sofá cama", "sofás cama"),
        ("cama king size", "camas king size"),
        ("mesa redonda", "mesas redondas"),
        ("sofá gris", "sofás grises"),
        ("compás", "compases"),
        ("sacacorchos", "sacacorchos"),
        ("pared", "paredes"),
        ("mueble TV", "muebles TV"),
        ("módulo L", "módulos L"),
        ("papel tapiz", "papeles tapiz"),
        ("sofá 3 puestos", "sofás 3 puestos"),
        ("baúl", "baúles"),
        ("reloj", "relojes"),
        ("mini bar", "mini bares"),
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


@pytest.mark.parametrize(
    ("word", "article"),
    [("sofa", "el"), ("arca", "el"), ("alfombra", "la"), ("lámpara", "la"), ("repisa flotante", "la"), ("luz", "la"),
     ("pared", "la"), ("armario", "el"), ("mesón", "el"), ("chaise longue", "la"), ("decoración", "la")],
)  # fmt: skip
def test_articles_of_words_that_people_add(word, article):
    words = product_words(Interest(word, gender="f" if is_feminine(word) else "m"))
    assert words.with_article == f"{article} {word}"
    assert words.of_it == (f"del {word}" if article == "el" else f"de la {word}")


def test_feminine_word_with_a_masculine_article_has_a_feminine_plural():
    words = product_words(Interest("arca", gender="f"))
    assert (words.one, words.of_it, words.all) == ("un arca", "del arca", "las arcas")


def test_forms_that_people_corrected_are_said_and_understood():
    chair = Interest("silla", ("club",), "sillas", "f", forms=(("club", "clubes", "m"),))
    vocabulary = Vocabulary([chair], [])
    used = customers_words(["quiero dos clubes"], vocabulary)
    assert used == {"silla": "club"}
    assert name_products(["silla"], used, vocabulary)["the_products"] == "los clubes"


def test_gender_of_a_synonym_where_its_word_tells_it():
    rack = Interest("zapatera", gender="f")
    assert product_words(rack, "galpón de zapatos").with_article == "el galpón de zapatos"
    assert product_words(rack, "shoe rack").feminine, "a word of another language has its product's gender"


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
        "a_product": "un sofá",
        "the_products": "los sofás y las mesitas de noche",
    }


def test_product_that_left_the_vocabulary_is_said_as_it_stands():
    assert name_products(["hamaca"], {}, VOCABULARY)["products"] == "hamacas"


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("María José", "María José"),
        ("María José Andrade", "María José"),
        ("Juan Carlos Pérez", "Juan Carlos"),
        ("José Luis", "José Luis"),
        ("LUIS ALBERTO", "LUIS ALBERTO"),
        ("Ana Lucía Vera", "Ana Lucía"),
        ("María del Carmen López", "María del Carmen"),
        ("Ana Andrade", "Ana"),
        ("Ana de la Cruz", "Ana"),
        ("María de", "María"),
        ("Xyzzy Ana", "Xyzzy"),
        ("Ana", "Ana"),
        ("", ""),
    ],
)
def test_compound_first_names_are_whole(name, called):
    assert get_first_name(name) == called
