"""What ends a wish, what puts it off, and what only looks like either."""

from pathlib import Path

import pytest
from understanding import Criteria, Message, State, Vocabulary, advance, decide, understand
from understanding.closing_cues import CLASSES, CUES, REASONS
from understanding.phrases import Phrases

VOCABULARY = Vocabulary.shipped()
_IDS = [f"{number}-{cue.reason}" for number, cue in enumerate(CUES)]


def reason(customer):
    return customer.understanding.closing.reason if customer.understanding.closing else None


@pytest.fixture
def asked(customer):
    """Somebody who wants a sofa and was asked for a name."""
    return customer.says("Busco un sofá")


@pytest.mark.parametrize("cue", CUES, ids=_IDS)
def test_row_is_found_by_its_example(customer, cue):
    asked = customer.says("Hola, busco un sofá") if not cue.whole else customer.says("Hola")
    assert reason(asked.says(cue.example)) == cue.reason
    assert customer.understanding.closing.kind == REASONS[cue.reason]


@pytest.mark.parametrize("cue", CUES, ids=_IDS)
def test_row_is_not_found_in_its_counter_example(asked, cue):
    assert reason(asked.says(cue.counter)) is None


def test_rows_stay_short():
    assert max(len(phrase) for cue in CUES for phrase in cue.phrases) <= 200
    for cue in CUES:
        for phrase in cue.phrases:
            Phrases([(phrase, cue)], CLASSES)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no grasias ya kompre en otro lado", "elsewhere"),
        ("Ya conseguí uno más barato en otra tienda, gracias igual", "elsewhere"),
        ("ya lo compre x otro lado", "elsewhere"),
        ("ya encontré lo que buscaba, gracias", "elsewhere"),
        ("Chévere, pero ya lo compré en Quito en otra tienda", "elsewhere"),
        ("ya conseguí veci, gracias", "elsewhere"),
        ("mi marido ya compró uno ayer", "elsewhere"),
        ("got one already, thanks", "elsewhere"),
        ("acabei comprando em outra loja", "elsewhere"),
        ("ya no nesesito grasias", "no_need"),
        ("ya no ocupo, gracias", "no_need"),
        ("mejor olvidate, gracias vos", "no_need"),
        ("Ya no voy a necesitar nada, muchas gracias", "no_need"),
        ("me regalaron uno, gracias", "no_need"),
        ("we don't need it anymore", "no_need"),
        ("já não quero, obrigado", "no_need"),
        ("ya no me intereza gracias", "not_interested"),
        ("no gracias, no me interesa", "not_interested"),
        ("I'm no longer interested", "not_interested"),
        ("uy no, carísimo, gracias", "too_dear"),
        ("sta muy karo gracias", "too_dear"),
        ("está muy salado, gracias", "too_dear"),
        ("That's way over my budget, thank you", "too_dear"),
        ("lo pensare i les abiso", "thinking"),
        ("dejame pensarlo y te escribo", "thinking"),
        ("me lo voy a pensar", "thinking"),
        ("le pregunto a mi esposo y le aviso", "consulting"),
        ("lo hablo con mi mujer y les escribo", "consulting"),
        ("vou falar com meu marido e te aviso", "consulting"),
        ("ahí te aviso", "will_write"),
        ("cuando tenga la plata le escribo", "will_write"),
        ("apenas cobre le aviso", "will_write"),
        ("el otro mes les aviso", "will_write"),
        ("por ahora no gracias", "not_now"),
        ("de momento no", "not_now"),
        ("lo dejo para el próximo mes", "not_now"),
        ("por enquanto não", "not_now"),
    ],
)
def test_as_people_write(asked, text, why):
    assert reason(asked.says(text)) == why


@pytest.mark.parametrize(
    "text",
    [
        "muy caro",
        "no es caro, gracias",
        "quiero uno que no sea muy caro, gracias",
        "mi mamá dice que es muy caro pero yo lo quiero",
        'mi hermana dijo "muy caro, gracias" y se fue',
        "mi hermana dice que ya no le interesa y que muy caro, gracias",
        "ya no quiero gris, mejor azul",
        "no me interesa el de cuero, el de tela sí",
        "ya hablé con mi esposo, sí lo compramos",
        "les escribo desde Loja",
        "ya tengo 500",
        "ya no aguanto mi colchón, quiero uno nuevo",
        "por ahora solo la mesa",
        "compré con ustedes el año pasado y quiero otra",
        "mande precios y le confirmo",
        "mostrame primero qué hay y después te digo",
        "le confirmo: mi nombre es Ana",
        "no quiero nada más que el sofá",
        "I don't need delivery",
        "vou pensar na cor azul",
        "en otro lado me dan a 400, ¿me mejora?",
        "No gracias, sin envío",
        "avíseme si hay stock",
        "necesito litera o dos camas, aún no decido",
        "gracias",
    ],
)
def test_no_closing(asked, text):
    assert reason(asked.says(text)) is None


def test_quote_and_message_are_kept(customer):
    customer.says("Busco un sofá").turn("Hola", "sabe qué, Ya Compré en otro lado")
    closing = customer.understanding.closing
    assert (closing.kind, closing.quote, closing.message) == ("lost", "Ya Compré en otro lado", "m1")
    assert (closing.source, closing.confidence) == ("rule", 0.95)
    assert State.from_json(customer.state.to_json()) == customer.state


def test_what_is_lost_is_not_wanted_any_more(customer):
    customer.says("Quiero un sofá y una mesa, soy Ana", "muy caro, gracias")
    assert customer.products == set() and customer.value("name") == "Ana"


def test_what_is_put_off_stays_wanted(customer):
    assert customer.says("Quiero un sofá", "lo pensaré y les aviso").products == {"sofá"}


def test_one_of_two_things_ends_nothing(customer):
    customer.says("Quiero un sofá y una mesa")
    assert reason(customer.says("la mesa ya la compré en otro lado")) is None
    assert customer.products == {"sofá"} and not customer.state.closed


def test_last_of_two_things_ends_the_wish(customer):
    customer.says("Quiero un sofá y una mesa", "la mesa ya la compré en otro lado")
    assert reason(customer.says("el sofá también ya lo compré")) == "elsewhere"


def test_order_of_the_shop_is_no_wish(customer):
    customer.says("el sofá que les compré llegó roto", "ya no lo quiero, devuélvanme la plata")
    assert reason(customer) is None and customer.support


def test_bare_no_counts_only_after_the_open_question(customer):
    assert reason(customer.says("Hola", "no gracias")) == "not_interested"
    other = customer.__class__(VOCABULARY).says("Busco un sofá", "no gracias")
    assert reason(other) is None


class Talk:
    """A conversation whose policy hears closings, as an assistant's does."""

    def __init__(self, *texts):
        self.state = State()
        for text in texts:
            self.say(text)

    def say(self, text):
        self.understanding = understand((Message(text),), self.state, VOCABULARY)
        self.decision = decide(self.understanding, self.state, Criteria(closings=True))
        self.state = advance(self.state, self.understanding, self.decision)
        return self

    @property
    def reasons(self):
        return {(each.code, each.subject, each.detail) for each in self.decision.reasons}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no gracias, ya compré en otro lado", ("closed", "lost", "elsewhere")),
        ("lo consulto con mi esposo y le escribo", ("closed", "postponed", "consulting")),
    ],
)
def test_closed_wish_is_cold_and_asked_nothing(text, told):
    talk = Talk("Busco un sofá", "soy Ana Mora", text)
    assert (talk.decision.quality, told in talk.reasons) == ("cold", True)
    # The same words as for any open question, but the reason tells that it is a farewell.
    assert talk.decision.action in ("ask_clarifying_question", "create_lead")
    assert ("minimum_not_met", "", "") not in talk.reasons
    # Who has said what was wanted is not told to have left it out.
    assert ("missing", "products", "") not in talk.reasons


def test_lost_wish_makes_no_lead_and_keeps_one():
    assert Talk("Busco un sofá", "soy Ana Mora", "ya no me interesa").decision.action == "ask_clarifying_question"
    talk = Talk("Soy Ana Mora, busco un sofá, tengo 900", "ya no me interesa")
    assert (talk.decision.action, talk.decision.quality) == ("create_lead", "cold")


@pytest.mark.parametrize("text", ["gracias, igualmente", "ok", "👍", "Dios le pague", "¿atienden los domingos?"])
def test_closed_wish_stays_so(text):
    talk = Talk("Busco un sofá", "soy Ana Mora", "lo pensaré y les aviso", text)
    assert talk.state.closed and talk.decision.quality == "cold"


@pytest.mark.parametrize(
    "text", ["lo pensé y quiero la mesa", "mi presupuesto es 900", "quiero un sofá", "Hola, buenos días", "me urge"]
)
def test_new_wish_opens_it_again(text):
    talk = Talk("Busco un sofá", "soy Ana Mora", "lo pensaré y les aviso", text)
    assert talk.state.closed is None and talk.decision.quality != "cold"
    assert "closed" not in {each.code for each in talk.decision.reasons}


def test_labelled_rules_know_slots_alone(customer):
    customer.says("Busco un sofá", "soy Ana Mora", "ya no me interesa")
    assert (customer.decision.quality, customer.decision.action) == ("warm", "ask_about_interest")
    assert customer.understanding.closing and customer.products == set()


@pytest.mark.parametrize("text", ["lo pensaré y les aviso", "ya no me interesa"])
def test_who_has_a_lead_and_closes_awaits_no_word(text):
    talk = Talk("Soy Ana Mora, busco un sofá, tengo 900", text)
    assert talk.understanding.closing and not talk.understanding.questions
    assert "waiting" in talk.say("¿hay alguien?").understanding.questions


def test_complaint_after_it_is_heard():
    talk = Talk(
        "Busco un sofá", "ya compré en otro lado", "y la silla que me vendieron ustedes llegó rota, quiero reclamar"
    )
    assert talk.decision.action == "transfer_to_support"


def test_automatic_answer_changes_nothing():
    talk = Talk("Busco un sofá", "lo pensaré y les aviso")
    talk.say("Gracias por comunicarse con Ferretería Sur. En breve le atenderemos. Mensaje automático")
    assert talk.understanding.automatic and talk.state.closed


def test_phrase_that_cannot_be_read():
    with pytest.raises(ValueError, match="no class"):
        Phrases([("ya <nothing>", 1)], {})
    with pytest.raises(ValueError, match="no word"):
        Phrases([("..2 ya", 1)], {})


def _read_sentences():
    """(kind or ``none``, sentence) of what customers with a wish write, a line each."""
    lines = (Path(__file__).parent / "data" / "closings.tsv").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t", 1)) for line in lines]


@pytest.mark.parametrize(("kind", "text"), _read_sentences())
def test_sentence(kind, text):
    talk = Talk("Hola, busco un sofá", "Soy Ana Mora", text)
    assert (talk.understanding.closing.kind if talk.understanding.closing else "none") == kind
