"""What is known without reading words: taps, places, one's own card, advertisements."""

from understanding import Exact, Message, Slot, State, Vocabulary, advertise, settle, understand


def read(text, state=None, exact=None, message="1"):
    """What a turn of one message comes to."""
    state, vocabulary = state or State(), Vocabulary.shipped()
    understanding = understand([Message(text, message)], state, vocabulary)
    return settle(understanding, state, exact or Exact(), [text], vocabulary).slots


def tap(option="", label=""):
    return Exact(taps=(("1", option, label),))


def make_state(**slots):
    return State(slots=slots)


def test_label_of_a_tapped_option_is_certain():
    slot = read("Sofás", exact=tap(label="Sofás"))["products"]
    assert (slot.value, slot.confidence, slot.source) == (("sofá",), 1.0, "button")


def test_tapped_option_names_nobody():
    for label in ("Postventa", "Xyzzy", "Luis"):
        for last_action in (None, "request_contact_info"):
            asked = State(last_action=last_action)
            assert "name" not in read(label, asked, tap("l1", label)), label
            known = State(slots={"name": Slot("Ana", 0.9, message="0")}, last_action=last_action)
            assert read(label, known, tap("l1", label))["name"].value == "Ana"
    assert read("Luis", State(last_action="request_contact_info"))["name"].value == "Luis"


def test_name_that_is_typed_beside_a_tap_is_heard():
    vocabulary, texts = Vocabulary.shipped(), ["Xyzzy", "Ana Torres"]
    read_as = understand([Message(text, str(number)) for number, text in enumerate(texts)], State(), vocabulary)
    slots = settle(read_as, State(), Exact(taps=(("0", "l1", "Xyzzy"),)), texts, vocabulary).slots
    assert slots["name"].value == "Ana Torres"


def test_plain_refusal_beside_an_advertisement_counts_whatever_was_asked_before():
    for last_action in (None, "ask_clarifying_question", "ask_about_interest", "request_contact_info"):
        state = advertise(State(last_action=last_action), ["sofá"], "Sofás de cuero", "1")
        for text in ("no busco sofá, quiero una mesa", "No quiero un sofá, busco mesa"):
            assert read(text, state)["products"].value == ("mesa",), (text, last_action)
        assert "products" not in read("no busco sofá", state)
    assert read("no quiero un sofá barato, quiero uno bueno", state)["products"].value == ("sofá",)


def test_two_taps_are_quoted_as_two():
    vocabulary = Vocabulary.shipped()
    for texts, options, quote in (
        (["Sofás", "Comedores"], ("", ""), "Sofás / Comedores"),
        (["Esta", "Esta otra"], ("sofá", "comedor"), "sofá / comedor"),
    ):
        messages = [Message(text, str(number)) for number, text in enumerate(texts)]
        taps = tuple((message.id, option, message.text) for message, option in zip(messages, options, strict=True))
        understanding = understand(messages, State(), vocabulary)
        slot = settle(understanding, State(), Exact(taps), texts, vocabulary).slots["products"]
        assert (slot.value, slot.quote, slot.confidence) == (("sofá", "comedor"), quote, 1.0)


def test_words_beside_a_tap_stay_as_they_were_read():
    assert read("Sofás", exact=Exact(taps=(("2", "", "Sí"),)))["products"].source == "rule"
    vocabulary = Vocabulary.shipped()
    wanted = make_state(products=Slot(("cama",), 1.0, source="button", message="x"))
    for state, texts, tapped in (
        (State(), ["Sofás", "y también un comedor"], 0),
        (State(), ["quiero un comedor", "Sofás"], 1),
        (wanted, ["Sofás", "y también un comedor"], 0),
    ):
        messages = [Message(text, str(number)) for number, text in enumerate(texts)]
        read_as = understand(messages, state, vocabulary)
        exact = Exact(taps=((str(tapped), "", texts[tapped]),))
        slot = settle(read_as, state, exact, texts, vocabulary).slots["products"]
        assert {"sofá", "comedor"} <= set(slot.value)
        assert (slot.confidence, slot.source) == (read_as.slots["products"].confidence, "rule"), texts
        assert slot.confidence < 1


def test_options_own_name_is_read_only_whole():
    assert read("Esta", exact=tap("sofá"))["products"].value == ("sofá",)
    for name in ("sofá-quito-3500", "Juan Pérez $3500", "x", "", "a" * 5000):
        assert "products" not in read("Esta", exact=tap(name)), name


def test_tap_adds_to_what_is_wanted():
    state = make_state(products=Slot(("cama",), 0.9, message="0"))
    assert read("Esta", state, tap("sofá"))["products"].value == ("cama", "sofá")


def test_tap_makes_nothing_certain_that_was_doubtful():
    state = make_state(products=Slot(("cama",), 0.5, message="0"))
    slot = read("Comedores", state, tap("opt-7", "Comedores"))["products"]
    assert (slot.value, slot.confidence, slot.source) == (("cama", "comedor"), 0.5, "rule")
    certain = make_state(products=Slot(("cama",), 1.0, source="button", message="0"))
    assert read("Comedores", certain, tap(label="Comedores"))["products"].confidence == 1.0


def test_label_takes_the_place_of_an_advertisement():
    state = advertise(State(), ["sofá"], "Sofás", "0")
    slot = read("Comedores", state, tap("opt-7", "Comedores"))["products"]
    assert (slot.value, slot.confidence, slot.source) == (("comedor",), 1.0, "button")
    assert read("Esta", state, tap("comedor"))["products"].value == ("comedor",)


def test_articles_of_the_catalogue_are_exact():
    def order(*names):
        return Exact(articles=(("1", names, "1 × X"),))

    slots = read("", exact=order("Mesa de centro Lima con vidrio", "Sofá Lima", "Nada conocido"))
    assert slots["products"] == Slot(("mesa de centro", "sofá"), 1.0, "1 × X", "order", "1")
    assert slots["need"] == Slot("1 × X", 1.0, "1 × X", "order", "1")
    assert read("", State(slots=slots), Exact(articles=(("2", ("X",), "2 × Y"),)))["need"].value == "2 × Y"
    assert "products" not in read("", exact=order("X-77"))
    advertised = advertise(State(), ["cama"], "Camas", "0")
    assert read("", advertised, order("Sofá Lima"))["products"].value == ("sofá",)
    doubtful = make_state(products=Slot(("cama",), 0.5, message="0"))
    slot = read("", doubtful, order("Sofá Lima"))["products"]
    assert (slot.value, slot.confidence) == (("cama", "sofá"), 0.5)
    persons = make_state(products=Slot(("cama",), 1.0, source="person"), need=Slot("x", 1.0, source="person"))
    assert read("", persons, order("Sofá Lima")) == persons.slots


def test_articles_that_came_one_after_the_other_are_all_quoted():
    sofa, table, bed = (
        (str(n), (name,), f"{name} ({n})") for n, name in enumerate(("Sofá Lima", "Mesa Loja", "Cama Ibarra"))
    )
    slots = {}
    for number, articles in enumerate(((sofa,), (table,), (bed,))):
        slots = read("", State(slots=slots), Exact(articles=articles), str(number))
    assert slots["products"].value == ("sofá", "mesa", "cama")
    assert slots["products"].quote == "Sofá Lima (0) / Mesa Loja (1) / Cama Ibarra (2)"
    at_once = read("", exact=Exact(articles=(sofa, table)))
    assert (at_once["products"].quote, at_once["need"].value) == ("Sofá Lima (0) / Mesa Loja (1)",) * 2
    # What was said in words as well; and no more what is not wanted any more, nor the same again.
    said = read("Busco un comedor")
    slots = read("¿Esta la tienen?", State(slots=said), Exact(articles=(sofa,)))
    assert slots["products"].quote == f"{said['products'].quote} / Sofá Lima (0)"
    again = read("Y una cama", State(slots=slots), message="2")
    assert again["products"].quote == f"{said['products'].quote} / Sofá Lima (0) / {again['products'].quote[-4:]}"
    assert again["products"].quote.endswith("cama")
    assert "comedor" not in read("Mejor solo una cama", State(slots=said), message="2")["products"].quote


def test_quotes_do_not_grow_for_ever():
    slots = read("Busco un comedor")
    for number in range(30):
        article = (str(number), ("Sofá Lima",), f"Sofá Lima, número {number}, {'x' * 40}")
        slots = read("", State(slots=slots), Exact(articles=(article,)), str(number))
    assert len(slots["products"].quote) <= 500 and "número 29" in slots["products"].quote


def test_forwarded_words_are_somebody_elses():
    passed_on = Exact(forwarded=frozenset("1"))
    slots = read("Soy Pedro Mora, vivo en Loja, busco un sofá", exact=passed_on)
    assert set(slots) <= {"products", "need"} and slots["products"].confidence == 0.6
    known = make_state(name=Slot("Ana", 0.9, message="0"))
    assert read("Me llamo Pedro Mora", known, passed_on)["name"].value == "Ana"


def test_second_advertisement_takes_the_place_of_the_first():
    state = advertise(State(), ["sofá"], "Sofás", "1")
    assert advertise(state, ["cama"], "Camas", "2").slots["products"].value == ("cama",)


def test_nobody_taps_away_what_a_person_said():
    state = make_state(products=Slot(("cama",), 1.0, source="person"), city=Slot("Loja", 1.0, source="person"))
    for name in ("sofá", "Quito"):
        assert read("Esta", state, tap(name)) == state.slots


def test_place_gives_way_to_words_and_persons():
    place = Exact(places=(("1", "Quito", "Casa"),))
    assert (read("", exact=place)["city"].value, read("", exact=place)["city"].source) == ("Quito", "place")
    assert read("Vivo en Guayaquil", exact=place)["city"].value == "Guayaquil"
    assert read("", make_state(city=Slot("Loja", 0.9)), place)["city"].value == "Quito"
    for source in ("person", "button"):
        assert read("", make_state(city=Slot("Loja", 1.0, source=source)), place)["city"].value == "Loja"


def test_card_names_only_who_has_no_name():
    card = Exact(cards=(("1", "Juan Pérez"),))
    assert read("", exact=card)["name"].source == "card"
    assert read("", make_state(name=Slot("Ana", 0.9)), card)["name"].value == "Ana"


def test_advertisement_counts_where_nothing_is_wanted():
    state = advertise(State(), ["sofá"], "Sofás desde $499", "1")
    slot = state.slots["products"]
    assert (slot.value, slot.source, slot.quote) == (("sofá",), "advertisement", "Sofás desde $499")
    assert Slot.from_json(slot.to_json()) == slot
    assert advertise(State(), [], "", "1") == State()
    known = make_state(products=Slot(("cama",), 0.9))
    assert advertise(known, ["sofá"], "Sofás", "1") is known


def test_customers_words_take_the_place_of_an_advertisement():
    state = advertise(State(), ["sofá", "mesa"], "Sofás y mesas", "0")
    assert read("Hola", state)["products"] == state.slots["products"]
    assert read("Busco una cama", state)["products"].value == ("cama",)
    assert read("Busco un sofá y una cama", state)["products"].value == ("sofá", "cama")
    confirmed = read("Sí, el sofá", state)["products"]
    assert (confirmed.value, confirmed.source) == (("sofá",), "rule")
