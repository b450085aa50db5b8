"""What the webhook takes, refuses and keeps."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from server import wait_until


def test_acknowledged_as_twilio_wants_it(shop, customer):
    response = shop.twilio.post(shop.twilio.form(customer, "Hola"))
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/xml")
    assert response.text.endswith("<Response/>")
    assert "session_id" not in response.cookies


def test_duplicates_in_sequence(shop, customer):
    form = shop.twilio.form(customer, "Busco sofás")
    assert [shop.twilio.post(form).status_code for _time in range(3)] == [200] * 3
    wait_until(lambda: shop.get_replies(customer), what="an answer")
    assert shop.twilio.post(form).status_code == 200
    assert len(shop.get_rows(form["MessageSid"])) == 1
    shop.say(customer, "Hola")
    assert len(shop.get_replies(customer)) == 2


def test_duplicates_twenty_at_once(shop, customer):
    form = shop.twilio.form(customer, "Busco sofás")
    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda _time: shop.twilio.post(form).status_code, range(20)))
    assert statuses == [200] * 20
    wait_until(lambda: shop.get_replies(customer), what="an answer")
    assert len(shop.get_rows(form["MessageSid"])) == 1
    assert len(shop.get_replies(customer)) == 1


@pytest.mark.parametrize(
    "signing",
    [
        {"signature": None},
        {"signature": "bm9wZQ=="},
        {"token": "another token"},
        {"url": "http://127.0.0.1/api/webhook/whatsapp"},
    ],
    ids=["missing", "garbage", "wrong token", "wrong URL"],
)
def test_not_genuine(shop, customer, signing):
    form = shop.twilio.form(customer, "Hola")
    response = shop.twilio.post(form, **signing)
    assert response.status_code == 403
    assert "http" not in response.text
    assert shop.get_rows(form["MessageSid"]) == []
    assert f"WhatsApp request to sender {shop.sender_id} refused" in shop.server.log.read_text()


def test_unknown_sender(shop, customer):
    form = shop.twilio.form(customer, "Hola", To="whatsapp:+593222222222")
    unknown, unsigned = shop.twilio.post(form), shop.twilio.post(form, signature=None)
    known = shop.twilio.post(shop.twilio.form(customer, "Hola"), signature="bm9wZQ==")
    assert {(answer.status_code, answer.text) for answer in (unknown, unsigned, known)} == {(403, unknown.text)}
    assert shop.get_rows(form["MessageSid"]) == []


MEDIA = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/2010-04-01/Accounts/AC/Messages/MM/Media/ME"}


@pytest.mark.parametrize(
    ("kind", "body", "parameters"),
    [
        ("image", "", {"MessageType": "image", **MEDIA, "MediaContentType0": "image/jpeg"}),
        ("audio", "", {"MessageType": "audio", **MEDIA, "MediaContentType0": "audio/ogg; codecs=opus"}),
        ("sticker", "", {"MessageType": "sticker", **MEDIA, "MediaContentType0": "image/webp"}),
        ("location", "", {"MessageType": "location", "Latitude": "-2.9", "Longitude": "-79.0", "Label": "Casa"}),
        ("button", "Sí", {"MessageType": "button", "ButtonText": "Sí", "ButtonPayload": "yes"}),
        ("unsupported", "", {"MessageType": "unsupported"}),
        ("text", "🛋️ quiero un sofá 👍🏽", {}),
        ("text", "a\x00b", {}),
        ("text", "quiero un sofá muy largo " * 200, {}),
        ("text", "Hola", {"ChannelMetadata": '{"type": "whatsapp"}', "AnythingNew": "1"}),
    ],
    ids=["photo", "voice note", "sticker", "location", "button", "unsupported", "emoji", "NUL", "long", "unknown"],
)
def test_every_message_is_kept_and_answered(shop, customer, kind, body, parameters):
    form = shop.twilio.form(customer, body, **parameters)
    assert shop.twilio.post(form).status_code == 200
    wait_until(lambda: shop.get_replies(customer), what="an answer")
    (row,) = shop.get_rows(form["MessageSid"])
    assert row["kind"] == kind
    assert row["parameters"] == {name: value.replace("\x00", "\ufffd") for name, value in form.items()}
    assert (row["body"] or "") == (body.replace("\x00", "\ufffd") or parameters.get("Label", ""))


def test_repeated_parameter_is_kept_whole(shop, customer):
    form = shop.twilio.form(customer, "Hola", Twice=["1", "2"])
    assert shop.twilio.post(form).status_code == 200
    assert shop.get_rows(form["MessageSid"])[0]["parameters"]["Twice"] == ["1", "2"]
