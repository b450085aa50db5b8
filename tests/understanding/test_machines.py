import pytest
from understanding.machines import fingerprint, is_automatic

AUTOMATIC = [
    "Gracias por comunicarte con Ferretería El Clavo, en breve te atenderemos",
    "¡Gracias por comunicarte con Muebles Vega! ¿Cómo podemos ayudarte?",
    "Gracias por tu mensaje. No estamos disponibles en este momento, pero te responderemos lo antes posible.",
    "Hola 👋 Bienvenido a Óptica Luz. Un asesor te atenderá en unos minutos.",
    "Estimado cliente, hemos recibido su mensaje. Nuestro horario de atención es de lunes a viernes de 8:00 a 17:00.",
    "Este es un mensaje automático",
    "Gracias por escribirnos. Fuera de horario de atención, le contestaremos mañana.",
    "Thank you for contacting Blue Café! Please let us know how we can help you.",
    "Thanks for your message. We're unavailable right now, but will respond as soon as possible.",
    "[Auto-reply] I am out of the office until Monday.",
    "Agradecemos a sua mensagem. Não estamos disponíveis no momento, mas responderemos assim que possível.",
    "Obrigado por entrar em contato com a Padaria Sol! Como podemos ajudar?",
    "Hola! En este momento no podemos responder tu mensaje, pero lo haremos tan pronto sea posible.",
    "Su mensaje ha sido recibido. Un agente lo atenderá en breve.",
    "Estimado cliente, su consulta es importante para nosotros. Le atenderemos en orden de llegada.",
    "Estoy conduciendo, te llamo luego. Enviado automáticamente",
    "Por favor elija una opción: 1. Ventas 2. Soporte 3. Hablar con un asesor",
    "Digite o número da opção: 1 - Vendas, 2 - Suporte",
]


@pytest.mark.parametrize("text", AUTOMATIC)
def test_automatic_answers(text):
    assert is_automatic(text)


@pytest.mark.parametrize(
    "text",
    [
        "Gracias por contactarme, quiero el sofá gris",
        "Gracias por responder. ¿A qué hora abren?",
        "¿Cuál es su horario de atención?",
        "Hola, gracias por su mensaje, sí me interesa el comedor, ¿cuándo me lo entregan?",
        "¿en breve me atienden?",
        "Thanks for your message, do you deliver to Cuenca?",
        "No estoy disponible ahora, le escribo más tarde",
        "hola buenas tardes",
        "¿me podrían ayudar?",
        "¿Un asesor me puede llamar? Gracias",
        "Obrigada! Vocês entregam em Manta?",
        "Responda a las opciones 1 y 2 que le mandé",
        "elijo la opción 1 con 2 veladores",
        "en cuanto sea posible me avisan, gracias",
        "es importante que me respondan en cuanto puedan",
    ],
)
def test_people_are_no_machines(text):
    assert not is_automatic(text)


def test_automatic_answer_says_nothing(named):
    before = named.state
    named.says("Gracias por comunicarte con Muebles Juan Pérez, en Cuenca. Sofás desde $350. En breve te atenderemos.")
    assert named.state.slots == before.slots
    assert named.decision.action == before.last_action
    assert [reason.code for reason in named.decision.reasons][:1] == ["automatic"]
    assert named.says("mi presupuesto es $900").decision.action == "create_lead"


def test_automatic_answers_make_no_lead(named):
    named.says(*AUTOMATIC[:5])
    assert named.decision.action == "gather_more_details"
    assert named.state.automatic == 5


def test_repetition_is_noticed_the_third_time(customer):
    text = "Visite nuestro local en la calle Larga, ticket {}"
    seen = [customer.says(text.format(number)).understanding.repeated for number in range(100, 104)]
    assert seen == [False, False, True, True]
    assert not customer.says("busco un sofá").understanding.repeated


def test_short_words_people_do_repeat(customer):
    seen = [customer.says("ok").understanding.repeated for _turn in range(6)]
    assert seen == [False] * 5 + [True]


def test_different_sums_are_no_repetition():
    assert fingerprint(["mi tope es 1500"]) != fingerprint(["1500"])
    assert fingerprint(["unos 1500"]) != fingerprint(["unos 2000"])
    assert fingerprint(["👍"]) == fingerprint(["👍"]) != fingerprint(["🙏"])
    assert fingerprint([""]) == ""
