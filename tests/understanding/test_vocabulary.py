import pytest
from understanding import City, Interest, Message, State, Vocabulary, split_synonyms, understand


@pytest.fixture(scope="module")
def extended(vocabulary):
    hammock = Interest("hamaca", split_synonyms("hammock|chinchorro\nhamaca colgante"))
    return Vocabulary((*vocabulary.interests, hammock), (*vocabulary.cities, City("Zaruma", ("zrm",))))


@pytest.mark.parametrize(
    "text",
    [
        "busco una hamaca",
        "tienen HAMACAS?",
        "unas hamaquitas para la playa",
        "una amaca",
        "hamaka",
        "una hamca grande",
        "do you sell hammocks?",
        "quiero un chinchorro",
        "hamacas colgantes",
        "ya tengo cama, quiero hamaca",
    ],
)
def test_a_new_interest_works_at_once(extended, text):
    slots = understand((Message(text),), State(), extended).slots
    assert slots["products"].value == ("hamaca",)


@pytest.mark.parametrize("text", ["ya tengo hamaca", "no quiero hamaca", "cojines para la hamaca", "compré una hamaca"])
def test_a_new_interest_obeys_the_same_rules(extended, text):
    found = understand((Message(text),), State(), extended).slots.get("products")
    assert found is None or "hamaca" not in found.value


def test_a_new_city_works_at_once(extended):
    assert understand((Message("envían a Zaruma?"),), State(), extended).slots["city"].value == "Zaruma"
    assert understand((Message("vivo en zrm"),), State(), extended).slots["city"].value == "Zaruma"


@pytest.mark.parametrize(
    "text",
    [
        "espero su respuesta",
        "son cuatro",
        "la semilla",
        "un millón de gracias",
        "qué quiere comer",
        "mi cara",
        "la casa",
        "una villa",
        "Camila",
        "un camino largo",
        "me acomoda",
        "queda lejos o toca ir en carro",
        "le falta una libreta",
        "quiero saber de sus librerías",
        "ropas de baño",
        "un volador",
        "dos jarras",
        "las sogas",
        "Rosero",
        "Tomalá",
    ],
)
def test_other_words_are_no_misspellings(customer, text):
    assert customer.says(text).products == set()


@pytest.mark.parametrize(
    ("word", "product"),
    [
        ("espego", "espejo"),
        ("espejp", "espejo"),
        ("comedro", "comedor"),
        ("comeor", "comedor"),
        ("eskritorio", "escritorio"),
        ("esceitorio", "escritorio"),
        ("sillom", "sillón"),
        ("butac", "butaca"),
        ("closwt", "clóset"),
        ("lampar", "lámpara"),
        ("velsdor", "velador"),
        ("colchn", "colchón"),
        ("muwble", "mueble"),
    ],
)
def test_slips(customer, word, product):
    assert customer.says(f"quiero un {word}").products == {product}


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("vivo en Guayakil", "Guayaquil"),
        ("vivo en Portobiejo", "Portoviejo"),
        ("una cama de dos plasas", None),
        ("las salidas de la casa", None),
    ],
)
def test_slips_in_cities(customer, text, city):
    assert customer.says(text).value("city") == city


def test_table_is_not_bed(vocabulary):
    from understanding.text import Text

    for word, name in (("mesa", "mesa"), ("cama", "cama"), ("mesas", "mesa"), ("camita", "cama")):
        assert [m.interest.name for m in vocabulary.find(Text(word))] == [name]


def test_empty_vocabulary():
    empty = Vocabulary((), ())
    assert understand((Message("quiero un sofá en Quito"),), State(), empty).slots == {}


def test_every_shipped_word_is_found(vocabulary):
    from understanding.text import Text

    for interest in vocabulary.interests:
        for phrase in (interest.name, interest.plural, *interest.synonyms):
            assert [m.interest.name for m in vocabulary.find(Text(phrase))] == [interest.name], phrase
    for city in vocabulary.cities:
        for phrase in (city.name, *city.synonyms):
            assert [found.name for found, *_ in vocabulary.find_cities(Text(phrase))] == [city.name], phrase


@pytest.mark.parametrize(
    ("text", "products"),
    [
        ("tienen sofs?", {"sofá"}),
        ("quiero un sfoa", {"sofá"}),
        ("busco una msea", {"mesa"}),
        ("una caam de 2 plazas", {"cama"}),
        ("más burro este robot", set()),
        ("quiero una casa", set()),
    ],
)
def test_slips_in_short_words(customer, text, products):
    assert customer.says(text).products == products


@pytest.mark.parametrize(
    ("synonym", "text"),
    [
        (" ".join(["pata"] * 7 + ["coja"]), "pata " * 900),
        (" ".join(["pata"] * 7 + ["coja"]), "pata de la " * 300),
        (" ".join(["pata"] * 3000), "pata " * 900),
        (" ".join(["pata", "mesa"] * 4), "pata mesa " * 450),
    ],
)
def test_search_takes_steps_in_proportion_to_the_text(synonym, text):
    from understanding.text import Text

    read = Text(text)
    vocabulary = Vocabulary((Interest("banco", (synonym,)), Interest("silla")), ())
    looked_up, steps = vocabulary.lemmas, 0

    def count(word):
        nonlocal steps
        steps += 1
        assert steps < 70 * len(read), "it is read over and over"
        return looked_up(word)

    vocabulary.lemmas = count
    vocabulary.find(read)


def test_what_is_too_long_or_too_much_is_left_out_and_the_rest_is_known(vocabulary):
    long, many = "pata " * 3000, [f"cosa{number}" for number in range(1000)]
    broken = Vocabulary(
        (Interest("banco", (long, "banqueta", "x" * 500)), Interest("silla", tuple(many)), Interest(long)),
        (City("Quito", (long, "uio")),),
        support_keywords=(long, "garantía"),
    )
    assert [(each.name, len(each.synonyms)) for each in broken.interests] == [("banco", 1), ("silla", 200)]
    found = understand((Message("una banqueta para uio"),), State(), broken).slots
    assert (found["products"].value, found["city"].value) == (("banco",), "Quito")
    assert broken.support_keywords == ("garantia",)


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("busco mecedora", "silla"),
        ("tienen gaveteros?", "cómoda"),
        ("precio del escaparate", "clóset"),
        ("quiero sillas para el jardín", "mueble de exterior"),
        ("8 butacos altos", "taburete"),
        ("quiero sillas para el comedor", "silla"),
        ("una butaca", "butaca"),
    ],
)
def test_each_word_of_the_closed_list_is_known(vocabulary, text, product):
    assert understand((Message(text),), State(), vocabulary).slots["products"].value == (product,)
