"""The shapes of the HTTP API's answers as JSON Schema, for its OpenAPI document."""


def obj(required=None, **properties):
    """An object that has all these members, or only the `required` ones for certain."""
    return {"type": "object", "required": list(properties) if required is None else required, "properties": properties}


def array(items):
    return {"type": "array", "items": items}


def enum(*values):
    return {"type": "string", "enum": list(values)}


def described(schema, description):
    return {**schema, "description": description}


def nullable(schema):
    return {"anyOf": [schema, {"type": "null"}]}


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


TEXT = {"type": "string"}
FLAG = {"type": "boolean"}
COUNT = {"type": "integer", "minimum": 0}
NUMBER = {"type": "number"}
SHARE = {"type": "number", "minimum": 0, "maximum": 1}
MOMENT = {"type": "string", "format": "date-time"}
DAY = {"type": "string", "format": "date"}
PHONE = {"type": ["string", "null"], "examples": ["+593987654321"]}

QUALITY = enum("hot", "warm", "cold")
URGENCY = enum("high", "medium", "low")
STAGE = enum("new", "gathering", "ready", "lead", "support", "person", "closed")
ACTION = enum(
    "create_lead",
    "ask_clarifying_question",
    "request_contact_info",
    "ask_about_interest",
    "transfer_to_support",
    "gather_more_details",
)
SERVICE_STATUS = enum("up", "degraded", "down", "off", "unknown")

_GROUPS = array(
    obj(
        value={"type": ["string", "integer", "null"]},
        label=nullable(TEXT),
        conversations=COUNT,
        leads=COUNT,
        won=COUNT,
        lead_rate=nullable(SHARE),
    )
)
_OF_QUALITY = obj(conversations=COUNT, leads=COUNT)


def _service(**more):
    return obj(
        status=SERVICE_STATUS,
        latency_ms=described(
            nullable(NUMBER), "Of what was just asked or last heard; null where nothing tells without a call outside."
        ),
        **more,
    )


SCHEMAS = {
    "Conversation": obj(
        phone_number=PHONE,
        stage=STAGE,
        message_count=COUNT,
        last_interaction=nullable(MOMENT),
        collected_data=obj(
            name=nullable(TEXT),
            email=nullable(TEXT),
            product_interest=described(nullable(TEXT), "The products, with commas between them."),
            location=nullable(TEXT),
            budget_range=described(nullable(TEXT), "As people of the shop read it, in the language of the key's user."),
            urgency=nullable(URGENCY),
            specific_needs=nullable(TEXT),
        ),
        is_completed=described(FLAG, "It became a lead, or is closed."),
        data_completeness=SHARE,
    ),
    "Analysis": described(
        obj(
            quality=QUALITY,
            confidence=SHARE,
            action=ACTION,
            completeness=SHARE,
            slots=described(
                {"type": "object", "additionalProperties": True},
                "All that was known after the turn: name, email, products (array), budget ({min, max}), city, urgency, "
                "need.",
            ),
        ),
        "What the turn that the message belongs to was understood to be.",
    ),
    "HistoryEntry": obj(
        timestamp=MOMENT,
        message=TEXT,
        type=described(
            enum("user", "assistant", "system", "agent"), "The customer, the assistant, Odoo itself, or a colleague."
        ),
        kind=described(TEXT, "text, image, audio, video, document, sticker, location, contact, button …"),
        state=described(TEXT, "What became of it: handled, queued, sent, delivered, read, failed …"),
        analysis=described(nullable(ref("Analysis")), "Null for what we wrote, and until it is read."),
    ),
    "Figures": obj(
        conversations=obj(total=COUNT, active=COUNT, completed=COUNT, abandoned=COUNT),
        conversion=obj(leads=COUNT, won=COUNT, lead_rate=nullable(SHARE), won_rate=nullable(SHARE)),
        times=obj(
            assistant_answer_seconds=nullable(NUMBER),
            person_answer_minutes=nullable(NUMBER),
            lead_minutes=nullable(NUMBER),
            conversation_minutes=nullable(NUMBER),
        ),
        messages=obj(
            received=COUNT, sent=COUNT, total=COUNT, per_conversation=nullable(NUMBER), per_lead=nullable(NUMBER)
        ),
        quality=obj(hot=_OF_QUALITY, warm=_OF_QUALITY, cold=_OF_QUALITY, none=_OF_QUALITY),
        drop_off=described(
            array(obj(question=ACTION, conversations=COUNT, without_lead=COUNT)),
            "The assistant's questions that customers stopped answering at.",
        ),
        classifier=obj(
            turns=COUNT,
            reviewed=COUNT,
            fallbacks=COUNT,
            confidence=nullable(SHARE),
            latency_ms=nullable(NUMBER),
            right_rate=described(nullable(SHARE), "Of what people reviewed, the share that was right."),
            right={"type": "object", "additionalProperties": nullable(SHARE)},
        ),
        cost=obj(total_usd=NUMBER, per_conversation_usd=nullable(NUMBER), tokens=COUNT),
        by_stage=_GROUPS,
        by_quality=_GROUPS,
        by_product=_GROUPS,
        by_city=_GROUPS,
        by_source=_GROUPS,
        by_sender=_GROUPS,
        by_salesperson=_GROUPS,
        by_team=_GROUPS,
        by_hour=_GROUPS,
        by_weekday=_GROUPS,
    ),
}

STATUS = obj(conversation=ref("Conversation"))
HISTORY = obj(
    phone_number=PHONE,
    message_count=described(COUNT, "In all, on every page."),
    limit=COUNT,
    offset=COUNT,
    next_offset=described(nullable(COUNT), "Of the next page; null on the last."),
    history=array(ref("HistoryEntry")),
)
RESET = obj(
    phone_number=PHONE,
    was_open=described(FLAG, "Whether there was a conversation to close."),
)
ANALYTICS = obj(
    period={**obj(timezone=TEXT, **{"from": DAY, "to": DAY})},
    analytics=obj(
        total_conversations=COUNT,
        active_conversations=COUNT,
        completed_conversations=COUNT,
        conversion_rate=described(nullable(SHARE), "The share of conversations that became leads."),
        average_conversation_minutes=nullable(NUMBER),
        lead_quality=described(obj(hot=COUNT, warm=COUNT, cold=COUNT), "Leads by their quality."),
        classifier_effectiveness=described(nullable(SHARE), "Of what people reviewed, the share that was right."),
    ),
    figures=ref("Figures"),
)
SYSTEM_STATUS = obj(
    ["system_status"],
    system_status=described(enum("up", "degraded", "down"), "Without a key: up or down."),
    version=TEXT,
    timestamp=MOMENT,
    services=described(
        obj(
            database=_service(),
            redis=_service(),
            twilio=_service(last_received_at=nullable(MOMENT), last_sent_at=nullable(MOMENT)),
            provider=_service(name=TEXT, last_failure=nullable(TEXT)),
            cron=_service(last_run_at=nullable(MOMENT)),
        ),
        "With a key. The latency of cron is the age of its last run.",
    ),
    queue=described(
        obj(to_read=COUNT, to_send=COUNT, in_doubt=COUNT, oldest_seconds=COUNT),
        "With a key: messages that wait to be read or sent, and those that Twilio may or may not have.",
    ),
)
SYSTEM_CONFIG = obj(
    version=TEXT,
    odoo_version=TEXT,
    timezone=TEXT,
    requests_per_minute=described(COUNT, "Of one caller; 0 for no limit."),
    redis_configured=FLAG,
    senders=array(
        obj(
            id=COUNT,
            name=TEXT,
            number=TEXT,
            mode=enum("simulation", "live"),
            company=TEXT,
            assistant_id=COUNT,
            messages_per_second=COUNT,
        )
    ),
    assistants=array(
        obj(
            id=COUNT,
            name=TEXT,
            language=TEXT,
            provider=TEXT,
            model=nullable(TEXT),
            reply_style=TEXT,
            conversation_ttl_days=COUNT,
            coalescing_seconds=COUNT,
            minimum_criteria=obj(contact_info=TEXT, interest_level=TEXT, intent_clarity=FLAG),
        )
    ),
)
HEALTH = obj()
