"""A shop whose assistant asks Gemini: from Twilio's webhook through the model and back to the customer."""

import re
import threading

import pytest
from conftest import NUMBER, open_live_shop
from playwright.sync_api import expect
from server import wait_until
from standins.gemini_api import GeminiApi, Hang, Misbehaviour
from standins.gemini_brains import know_nothing

KEY = "the shop's key"
#: Seconds that the model has for a turn: hardly any, and the most that can be set, for a machine that may be busy.
SHORT, LONG = 5, 40
#: The button's name in the administrator's language.
SUGGEST = re.compile("Suggest a reply|Sugerir una respuesta")


@pytest.fixture(scope="module")
def gemini():
    with GeminiApi(KEY, know_nothing) as api:
        yield api


@pytest.fixture(scope="module")
def model_shop(tmp_path_factory, gemini):
    with open_live_shop(tmp_path_factory.mktemp("model"), GEMINI_API_URL=gemini.url, GOOGLE_API_KEY=KEY) as shop:
        yield shop


@pytest.fixture
def twilio_api(model_shop):
    return model_shop.twilio_api


@pytest.fixture(params=["google-generativeai", "google-genai"])
def shop(model_shop, gemini, request):
    """The shop with each SDK, its breaker closed: settings that differ have one of their own."""
    gemini.forget()
    values = {"provider": "gemini", "sdk": request.param, "patience_seconds": LONG, "reply_style": "natural"}
    values["temperature"] = 0.1 + len(gemini.requests) / 10000
    values["knowledge"] = "Entregamos en todo el Ecuador en 8 días."
    model_shop.server.call("whatsapp.assistant", "write", [model_shop.assistant_id], values)
    return model_shop


def get_replies(shop, customer, count=1):
    return wait_until(lambda: len(replies := shop.get_replies(customer)) >= count and replies, what="a reply")


def get_sent(twilio_api, customer, count=1):
    """The texts that the customer has on their phone."""

    def sent():
        texts = [message["Body"] for message in twilio_api.sent if message["To"] == f"whatsapp:{customer}"]
        return len(texts) >= count and texts

    return wait_until(sent, what="a sent message")


def asks(purpose):
    """Requests of one purpose, by a property that only its schema has."""
    name = {"read": "findings", "word": "reply", "listen": "transcript", "look": "description"}[purpose]
    return lambda request: request.schema and name in request.schema.get("properties", {})


def test_model_reads_and_words_the_reply(shop, gemini, twilio_api, customer):
    findings = [{"slot": "product", "value": "butaca", "quote": "poltronería giratoria"}]
    gemini.answer({"findings": findings, "language": "es"}, when=asks("read"))
    gemini.answer({"reply": "¡Claro! Entregamos en 8 días. ¿Con quién tengo el gusto?"}, when=asks("word"))
    shop.twilio.deliver(customer, "hola, ando viendo poltronería giratoria. cuánto demora la entrega?")
    assert get_sent(twilio_api, customer) == ["¡Claro! Entregamos en 8 días. ¿Con quién tengo el gusto?"]
    assert shop.get_conversation(customer, "product_interest")["product_interest"] == "butaca"


def test_customer_sees_that_the_model_is_at_it(shop, gemini, twilio_api, customer):
    """Twilio is told while the model reads; what becomes of that changes nothing of the answer."""
    shown = []

    def read(_request):
        shown.append(wait_until(lambda: sid and sid[0] in twilio_api.typing, what="a sign of life"))
        return {"findings": [], "language": "es"}

    sid = []
    gemini.answer(Misbehaviour.SAFETY, when=asks("word"))
    gemini.answer(read, when=asks("read"))
    sid.append(shop.twilio.deliver(customer, "Hola, ando viendo algo para mi sala"))
    assert get_sent(twilio_api, customer)
    assert shown == [True]


def test_silent_model_makes_nobody_wait_longer_than_the_time_out(shop, gemini, twilio_api, customer):
    shop.server.call("whatsapp.assistant", "write", [shop.assistant_id], {"patience_seconds": SHORT})
    gemini.answer(Hang(120), times=None)  # far longer than anybody waits here
    shop.twilio.deliver(customer, "Busco sofás")
    assert "nombre" in get_sent(twilio_api, customer)[0]
    conversation = shop.get_conversation(customer, "product_interest", "classification_id")
    assert conversation["product_interest"] == "sofá"
    turn = shop.server.search_read(
        "whatsapp.classification",
        [("id", "=", conversation["classification_id"][0])],
        ["provider", "fallback"],
    )[0]
    assert (turn["provider"], turn["fallback"]) == ("rules", "No answer in time")


def test_draft_that_fails_leaves_the_scripted_words(shop, gemini, twilio_api, customer):
    gemini.answer(Misbehaviour.SAFETY, when=asks("word"))
    shop.twilio.deliver(customer, "Busco sofás")
    assert "nombre" in get_sent(twilio_api, customer)[0]


def test_colleague_is_faster_than_the_model(shop, gemini, twilio_api, customer, page):
    asked, written = threading.Event(), threading.Event()

    def word(_request):
        asked.set()
        written.wait(LONG)
        return {"reply": "¡Claro! ¿Con quién tengo el gusto?"}

    gemini.answer(Misbehaviour.SAFETY, when=asks("word"))
    shop.twilio.deliver(customer, "Hola")
    greeting = get_sent(twilio_api, customer)
    page.goto(f"{shop.server.url}/odoo/discuss?active_id=discuss.channel_{shop.open_thread(customer)}")
    composer = page.locator(".o-mail-Composer-input:visible")
    composer.fill("Hola, soy Sofía, te atiendo yo")
    gemini.answer(word, when=asks("word"))
    shop.twilio.deliver(customer, "Busco sofás")
    assert asked.wait(30)
    composer.press("Enter")
    spoken = [*greeting, "Hola, soy Sofía, te atiendo yo"]
    assert get_sent(twilio_api, customer, 2) == spoken, "while the model is still at it"
    written.set()
    shop.say(customer, "Gracias")
    lines = shop.server.search_read(
        "whatsapp.conversation.message",
        [("address", "=", f"whatsapp:{customer}"), ("author", "=", "assistant")],
        ["state"],
        order="id",
    )
    assert lines[1]["state"] == "dropped"
    assert get_sent(twilio_api, customer) == spoken


def test_suggestion_comes_from_the_model(shop, gemini, twilio_api, customer, page):
    gemini.answer(Misbehaviour.SAFETY, when=asks("word"))
    shop.twilio.deliver(customer, "Busco sofás")
    sent = get_sent(twilio_api, customer)
    page.goto(f"{shop.server.url}/odoo/discuss?active_id=discuss.channel_{shop.open_thread(customer)}")
    gemini.answer({"reply": "Con gusto te ayudo con el sofá. ¿Con quién hablo?"}, when=asks("word"))
    page.get_by_role("button", name=SUGGEST).click()
    composer = page.locator(".o-mail-Composer-input:visible")
    expect(composer).to_have_value("Con gusto te ayudo con el sofá. ¿Con quién hablo?")

    composer.fill("")
    gemini.answer(Misbehaviour.OVERLOADED, when=asks("word"))
    page.get_by_role("button", name=SUGGEST).click()
    expect(composer).to_have_value(re.compile("nombre|quién"))
    assert get_sent(twilio_api, customer) == sent, "nothing is sent by itself"


def test_voice_note_becomes_a_lead(shop, gemini, twilio_api, customer):
    gemini.answer({"transcript": "Soy Rita, busco una cama de hasta 700 dólares"}, when=asks("listen"))
    gemini.answer({"findings": [], "language": "es"}, when=asks("read"))
    audio = b"OggS" + bytes(2000)
    resource = twilio_api.add_inbound(
        f"whatsapp:{customer}", f"whatsapp:{NUMBER}", media=[("audio/ogg; codecs=opus", audio)]
    )
    (url,) = twilio_api.media_urls(resource["sid"])
    shop.twilio.deliver(
        customer,
        MessageSid=resource["sid"],
        MessageType="audio",
        NumMedia="1",
        MediaContentType0="audio/ogg; codecs=opus",
        MediaUrl0=url,
    )
    (lead,) = wait_until(lambda: shop.get_leads(customer, "contact_name", "x_product_interest"), what="a lead")
    assert (lead["contact_name"], lead["x_product_interest"]) == ("Rita", "cama")
    heard = next(request for request in gemini.requests[::-1] if request.media)
    assert [(media.mime_type, media.content) for media in heard.media] == [("audio/ogg", audio)]


def test_connection_is_tested_on_the_wire(shop, gemini):
    def test():
        return shop.server.call("whatsapp.assistant", "action_test_model", [shop.assistant_id])["params"]

    assert test()["type"] == "success"
    gemini.answer(Misbehaviour.RETIRED, operation="getModel")
    assert test()["type"] == "danger"
