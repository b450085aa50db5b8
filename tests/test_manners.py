"""What people complain about in such systems, on the wire: machines that talk for ever, promises that nobody keeps."""

import pytest

AUTOMATIC = "Gracias por comunicarte con Ferretería El Clavo, en breve te atenderemos"
MEDIA = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/2010-04-01/Accounts/AC/Messages/MM/Media/ME"}


def get_activities(shop, customer):
    """The summaries of the open activities of the customer's conversation."""
    conversation = shop.get_conversation(customer, "lead_id")
    places = [("whatsapp.conversation", conversation["id"]), ("crm.lead", (conversation["lead_id"] or [0])[0])]
    return [
        row["summary"]
        for model, record in places
        for row in shop.server.search_read(
            "mail.activity", [("res_model", "=", model), ("res_id", "=", record)], ["summary"]
        )
    ]


@pytest.mark.parametrize(
    "say",
    [
        lambda _number: AUTOMATIC,
        lambda number: f"Visítenos en la calle Larga 12, de 9 a 18. Ticket {number}",
    ],
    ids=["known words", "any words"],
)
def test_thirty_automatic_texts(shop, customer, say):
    answers = [reply for number in range(30) for reply in shop.say(customer, say(number))]
    assert len(answers) <= 3
    assert len(get_activities(shop, customer)) == 1
    conversation = shop.get_conversation(customer, "silence_reason", "next_step", "lead_id")
    assert conversation["silence_reason"] in ("machine", "loop")
    assert conversation["next_step"]
    assert not conversation["lead_id"]


def test_number_of_another_sender_is_never_answered(shop, customer):
    number = customer
    sender = {"name": "Another", "number": number, "assistant_id": shop.assistant_id}
    shop.server.call("whatsapp.sender", "create", sender)
    for text in ("¿En qué puedo ayudarte hoy?", "Busco un sofá"):
        assert shop.say(number, text) == []
    assert shop.get_conversation(number, "silence_reason")["silence_reason"] == "own_number"


@pytest.mark.parametrize(
    ("body", "parameters"),
    [
        ("", {"MessageType": "location", "Latitude": "-30.5", "Longitude": "-120.25"}),
        ("", {"MessageType": "location", "Latitude": "-30.5", "Longitude": "-120.25", "Label": "Sofás Juan Pérez"}),
        ("", {"MessageType": "contacts", **MEDIA, "MediaContentType0": "text/vcard"}),
        ("", {"MessageType": "sticker", **MEDIA, "MediaContentType0": "image/webp"}),
        ("", {"MessageType": "order"}),
        ("", {"MessageType": "interactive", "InteractiveData": '{"budget": "3500"}'}),
        ("", {"MessageType": "button", "ButtonPayload": "yes"}),
        (
            "Presupuesto 3500 Juan Pérez.pdf",
            {"MessageType": "document", **MEDIA, "MediaContentType0": "application/pdf"},
        ),
    ],
    ids=["place", "named place", "card", "sticker", "order", "Flow", "payload", "document"],
)
def test_promised_person_is_called(shop, customer, body, parameters):
    (reply,) = shop.say(customer, body, **parameters)
    assert "asesor" in reply
    assert len(get_activities(shop, customer)) == 1
    known = shop.get_conversation(customer, "customer_name", "product_interest", "budget_max")
    assert not (known["customer_name"] or known["product_interest"] or known["budget_max"])


def test_reaction_gets_no_question(shop, customer):
    shop.say(customer, "Busco un sofá")
    for sign in ("👍", ""):
        assert shop.say(customer, sign, MessageType="reaction", OriginalRepliedMessageSid="SM" + "1" * 32) == []
    assert get_activities(shop, customer) == []


def test_who_waits_after_the_lead_gets_a_word_once(shop, customer):
    shop.say(customer, "Soy Ana, busco un sofá")
    shop.say(customer, "Mi presupuesto es $900")
    assert len(shop.say(customer, "hola?")) == 1
    assert shop.say(customer, "¿cuándo me llaman?") == []
    assert len(get_activities(shop, customer)) == 1
