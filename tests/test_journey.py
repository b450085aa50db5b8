"""From a customer's first word to the salesperson's lead, over HTTP as Twilio speaks it."""


def test_maria_becomes_a_hot_lead(shop, customer):
    assert shop.say(customer, "Hola, buenos días") == ["¿En qué puedo ayudarte hoy?"]
    assert shop.say(customer, "Busco sofás") == ["¿Podrías compartirme tu nombre para personalizar mejor la atención?"]
    assert shop.say(customer, "Soy María, necesito un sofá de 3 puestos") == ["¿Tienes algún presupuesto en mente?"]
    assert shop.get_leads(customer) == []
    assert shop.say(customer, "Mi presupuesto es $2000") == [
        "¡Perfecto, María! He registrado tu interés en sofás. "
        "Un asesor especializado te contactará pronto. ¡Gracias! 🏠✨"
    ]

    fields = ["contact_name", "x_source", "x_product_interest", "x_budget_range", "x_ai_confidence"]
    fields += ["x_quality_score", "priority", "source_id", "description", "type", "phone_sanitized"]
    (lead,) = shop.get_leads(customer, *fields)
    assert lead["contact_name"] == "María"
    assert lead["phone_sanitized"] == customer
    assert lead["x_source"] == lead["source_id"][1] == "WhatsApp"
    assert lead["x_product_interest"] == "sofá"
    assert "2000" in lead["x_budget_range"]
    assert 0 < lead["x_ai_confidence"] <= 1
    assert lead["x_quality_score"] == "hot"
    assert lead["type"] == "opportunity"
    assert "Soy María, necesito un sofá de 3 puestos" in lead["description"]
    notes = shop.server.search_read(
        "mail.message",
        [
            ("model", "=", "crm.lead"),
            ("res_id", "=", lead["id"]),
            ("body", "ilike", "sof"),
            ("message_type", "!=", "user_notification"),
        ],
        ["body"],
    )
    assert len(notes) == 1

    conversation = shop.get_conversation(customer, "stage", "lead_id")
    assert conversation["stage"] == "lead"
    assert conversation["lead_id"][0] == lead["id"]


def test_second_purchase_feeds_the_open_lead(shop, customer):
    for text in ("Soy Elena, busco un comedor", "Mi presupuesto es $900"):
        shop.say(customer, text)
    assert shop.say(customer, "También quiero una mesa de centro")
    (lead,) = shop.get_leads(customer, "x_product_interest")
    assert lead["x_product_interest"] == "comedor, mesa de centro"


def test_simulated_replies_stop_at_the_outbox(shop, customer):
    shop.say(customer, "Hola")
    lines = shop.server.search_read(
        "whatsapp.conversation.message",
        [("address", "=", f"whatsapp:{customer}"), ("direction", "=", "outbound")],
        ["state"],
    )
    assert {line["state"] for line in lines} <= {"queued", "simulated"}
