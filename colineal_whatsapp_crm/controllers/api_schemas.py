"""What the HTTP API takes and answers, as pydantic models: requests are checked by them, answers built to fit them, and
the OpenAPI document is made of them. Docstrings and descriptions here are read by those who write programs for it.

Plain Python, no Odoo.
"""

import re
from base64 import b64decode
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    Strict,
    WithJsonSchema,
    WrapValidator,
    model_validator,
)
from pydantic_core import PydanticCustomError, ValidationError

# What a parameter is

#: Signs between the digits of a number that is pasted, and marks that nobody sees.
_SIGN = r"[ ().\u00A0\u00AD\u2000-\u200F\u2010-\u2015\u2028-\u202F\u205F-\u2069\u2212\uFEFF-]"
_NUMBER = rf"{_SIGN}*(?:(?:whatsapp|tel):{_SIGN}*)?(?:[+]{_SIGN}*|00{_SIGN}*)?(?:[0-9]{_SIGN}*){{5,15}}"
_CHAT_LINK = r"(?:https://)?wa[.]me/[+]?[0-9]{5,15}"
_LONGEST_PHONE, _LONGEST_CUSTOMER = 60, 500
_PHONES = ["+593987654321", "0987654321", "00593 98 765-4321", "whatsapp:+593987654321", "tel:+593-98-765-4321"]
_NUMBER_OR_LINK = re.compile(f"{_NUMBER}|{_CHAT_LINK}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGER = re.compile(r"-?[0-9]{1,18}")


def _expect(what):
    """Whatever is wrong, say what is expected, and nothing of what was given."""

    def validate(value, handler):
        try:
            return handler(value)
        except (ValidationError, ValueError):
            raise PydanticCustomError("expected", "{what} is expected", {"what": what}) from None

    return WrapValidator(validate)


def _only(pattern):
    """Texts of this form alone: pydantic would take ``1_0`` for a number and ``1700000000`` for a date."""

    def validate(text):
        if not pattern.fullmatch(text):
            raise ValueError
        return text

    return BeforeValidator(validate)


def _integer(low, high):
    # The limits first: of what stands behind a check of ours, the document would not tell them.
    return Annotated[int, Field(ge=low, le=high), _only(_INTEGER), _expect(f"a whole number from {low} to {high}")]


#: A customer's number as people write or paste it: its digits with signs between them, and a prefix or none.
Phone = Annotated[
    str, Field(pattern=f"^{_NUMBER}$", max_length=_LONGEST_PHONE, examples=_PHONES), _expect("a phone number")
]
#: Where no path is in the way, a link to a chat as well.
PhoneOrLink = Annotated[
    str,
    Field(
        pattern=f"^(?:{_NUMBER}|{_CHAT_LINK})$",
        max_length=_LONGEST_PHONE,
        examples=[*_PHONES, "https://wa.me/593987654321"],
    ),
    _expect("a phone number"),
]
#: What WhatsApp calls who shows no number: an id of this business, or the name that others find the person by. In
#: whatever form it comes, the customer is known by it.
Customer = Annotated[
    str,
    Field(
        pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f@][^\x00-\x1f\x7f]*$",
        max_length=_LONGEST_CUSTOMER,
        examples=[*_PHONES, "EC.13491208655302741918", "@maria.velez"],
    ),
    _expect("a phone number, a user id or an @username"),
]


def is_number(text):
    """Whether a customer is asked for by a number, and not by a name or id."""
    return bool(_NUMBER_OR_LINK.fullmatch(text))


Day = Annotated[date, _only(_DATE), _expect("a date like 2026-01-31")]


class Parameters(BaseModel):
    """The parameters of an endpoint: those that its path names, and those of the query. All come as text."""

    model_config = ConfigDict(frozen=True)


class ConversationParameters(Parameters):
    phone: Annotated[
        Customer,
        Field(
            description="The customer's number in any usual form, the user id that WhatsApp names them by, whatever its "
            "form, or their username after an @; URL-encoded, a slash too. Several customers may have one username, or one "
            "user id in two accounts: that is answered with 409."
        ),
    ]
    sender: Annotated[
        PhoneOrLink,
        Field(description="Our number, for customers who write to several of ours; otherwise the latest conversation."),
    ] = None


class HistoryParameters(ConversationParameters):
    limit: Annotated[_integer(1, 500), Field(description="Messages on a page.")] = 100
    offset: Annotated[_integer(0, 1_000_000_000), Field(description="Messages to pass over.")] = 0


#: The largest file that WhatsApp takes, and what it becomes in base64.
MOST_FILE_BYTES = 16 * 1024 * 1024
_MOST_FILE_CHARACTERS = (MOST_FILE_BYTES + 2) // 3 * 4
#: Room for the largest file beside the words.
MOST_BODY_BYTES = _MOST_FILE_CHARACTERS + 256 * 1024


def _decode(text):
    if not isinstance(text, str):
        raise ValueError
    return b64decode(text, validate=True)


class Body(BaseModel):
    """What a request carries as JSON. Members that are not declared are passed over."""

    model_config = ConfigDict(frozen=True, strict=True)


class MessageFile(Body):
    """One file: WhatsApp takes photos (JPEG, PNG; up to 5 MB), PDF, Word, Excel and PowerPoint, plain text, MP4 videos,
    voice and music (OGG with Opus, MP3, AAC, AMR), and contact cards, up to 16 MB each."""

    name: Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^/\\\x00-\x1f]+$", examples=["sofa.jpg"])]
    content: Annotated[
        bytes,
        BeforeValidator(_decode),
        WithJsonSchema(
            {
                "type": "string",
                "contentEncoding": "base64",
                "minLength": 4,
                "maxLength": _MOST_FILE_CHARACTERS,
                "pattern": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$",
            }
        ),
        _expect("base64"),
    ]


class MessageTemplate(Body):
    """A template that WhatsApp has approved: it goes at any time."""

    name: Annotated[
        str,
        Field(
            min_length=1,
            max_length=512,
            pattern=r"^[a-z0-9_]+$",
            description="By which WhatsApp knows it.",
            examples=["seguimiento_de_cotizacion"],
        ),
    ]
    language: Annotated[
        str,
        Field(
            max_length=20,
            pattern=r"^[A-Za-z]{2,3}(?:_[A-Za-z]{2,4})?$",
            description="As WhatsApp names it; by default the customer's, where there is one in theirs.",
            examples=["es", "es_MX"],
        ),
    ] = None
    variables: Annotated[
        dict[
            Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,16}$")],
            Annotated[str, Field(min_length=1, max_length=255, pattern=r"\S")],
        ],
        Field(
            max_length=100,
            description="What fills its variables, each a line; those that are not given are filled as Odoo has it.",
            examples=[{"1": "María", "2": "sofá"}],
        ),
    ] = {}


class MessageToSend(Body):
    """A text, a file, a text with a file, or a template."""

    phone: Annotated[
        Customer,
        Field(
            description="The customer's number in any usual form, the user id that WhatsApp names them by, whatever its "
            "form, or their username after an @; 409 where several customers are meant."
        ),
    ]
    sender: Annotated[
        PhoneOrLink,
        Field(
            description="Our number, for customers who write to several of ours; otherwise that of the latest message."
        ),
    ] = None
    text: Annotated[
        str,
        Field(
            min_length=1,
            max_length=10_000,
            pattern=r"\S",
            description="What is longer than WhatsApp takes goes in several messages, cut between sentences.",
            examples=["Tu sofá sale mañana a las 9:00."],
        ),
    ] = None
    file: Annotated[MessageFile, Field(description="Sent with the text, as its caption.")] = None
    template: Annotated[MessageTemplate, Field(description="In place of text and file.")] = None
    take_over: Annotated[
        bool,
        Field(
            description="Whether the assistant steps back, as it does after a colleague's message. False: it goes on "
            "answering the customer."
        ),
    ] = True
    idempotency_key: Annotated[
        str,
        Field(
            min_length=1,
            max_length=255,
            pattern=r"^[\x21-\x7e]+$",
            description="Any text that is new for each message, such as a UUID. A request that brings it again, because "
            "no answer came to the first, sends nothing more and gets the answer of the first.",
        ),
    ] = None

    @model_validator(mode="after")
    def _check_content(self):
        if self.template is None and self.text is None and self.file is None:
            raise PydanticCustomError("missing", "text, file or template is expected")
        if self.template is not None and (self.text is not None or self.file is not None):
            raise PydanticCustomError("too_much", "template stands alone, without text and file")
        return self


class AnalyticsParameters(Parameters):
    date_from: Annotated[
        Day, Field(alias="from", description="First day; thirty days up to the last one by default.")
    ] = None
    date_to: Annotated[Day, Field(alias="to", description="Last day, included; today by default.")] = None


# What an answer is made of

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
#: With its time zone, to the second.
Moment = Annotated[AwareDatetime, Strict(False), PlainSerializer(lambda moment: moment.isoformat(timespec="seconds"))]
PhoneNumber = Annotated[str | None, Field(examples=["+593987654321"])]

Quality = Literal["hot", "warm", "cold"]
Urgency = Literal["high", "medium", "low"]
Stage = Literal["new", "gathering", "ready", "lead", "support", "person", "closed"]
Action = Literal[
    "create_lead",
    "ask_clarifying_question",
    "request_contact_info",
    "ask_about_interest",
    "transfer_to_support",
    "gather_more_details",
]
ServiceState = Literal["up", "degraded", "down", "off", "unknown"]


class Schema(BaseModel):
    """Part of an answer."""

    # Forbidden to us: what is answered is declared. Programs are to expect more members in later versions.
    model_config = ConfigDict(strict=True, extra="forbid")


class Response(Schema):
    """A success."""

    status: Literal["success"]


class ErrorDetail(Schema):
    code: Annotated[str, Field(description="For programs: the same for one kind of error.")]
    message: Annotated[str, Field(description="For people.")]


class Error(Schema):
    status: Literal["error"]
    error: ErrorDetail


# Conversations


class CollectedData(Schema):
    """What is known of the customer."""

    name: str | None
    email: str | None
    product_interest: Annotated[str | None, Field(description="The products, with commas between them.")]
    location: str | None
    budget_range: Annotated[
        str | None, Field(description="As people of the shop read it, in the language of the key's user.")
    ]
    urgency: Urgency | None
    specific_needs: str | None


class Conversation(Schema):
    phone_number: Annotated[PhoneNumber, Field(description="Null while WhatsApp does not show it.")]
    user_id: Annotated[str | None, Field(description="What WhatsApp names the customer by, last seen.")]
    username: Annotated[str | None, Field(description="What they call themselves now; nobody's for good.")]
    stage: Stage
    message_count: Count
    last_interaction: Moment | None
    collected_data: CollectedData
    is_completed: Annotated[bool, Field(description="It became a lead, or is closed.")]
    data_completeness: Share


class Analysis(Schema):
    """What the turn that the message belongs to was understood to be."""

    quality: Quality
    confidence: Share
    action: Action
    completeness: Share
    slots: Annotated[
        dict[str, Any],
        Field(
            description="All that was known after the turn: name, email, products (array), budget ({min, max}), city, "
            "urgency, need."
        ),
    ]


class HistoryEntry(Schema):
    timestamp: Moment
    message: str
    type: Annotated[
        Literal["user", "assistant", "system", "agent"],
        Field(description="The customer, the assistant, Odoo itself, or a colleague."),
    ]
    kind: Annotated[str, Field(description="text, image, audio, video, document, sticker, location, contact, button …")]
    state: Annotated[str, Field(description="What became of it: handled, queued, sent, delivered, read, failed …")]
    analysis: Annotated[Analysis | None, Field(description="Null for what we wrote, and until it is read.")]


class ConversationStatus(Response):
    conversation: Conversation


class ConversationHistory(Response):
    phone_number: PhoneNumber
    message_count: Annotated[Count, Field(description="In all, on every page.")]
    limit: Count
    offset: Count
    next_offset: Annotated[Count | None, Field(description="Of the next page; null on the last.")]
    history: list[HistoryEntry]


class ConversationReset(Response):
    phone_number: PhoneNumber
    was_open: Annotated[bool, Field(description="Whether there was a conversation to close.")]


# Messages


class AcceptedMessage(Schema):
    id: Annotated[Count, Field(description="Of the first part.")]
    parts: Annotated[list[Count], Field(description="The ids of all parts, in the order in which they go.")]
    state: Annotated[
        str, Field(description="What has become of the first part: queued, sent, delivered, read, failed …")
    ]
    timestamp: Moment
    phone_number: PhoneNumber


class MessageAccepted(Response):
    message: AcceptedMessage
    repeated: Annotated[bool, Field(description="Whether an earlier request with this key had sent it already.")]


# What programs are told by webhooks


class EventConversation(Schema):
    """Whose conversation it is about, as it is when the event is sent."""

    id: Count
    phone_number: Annotated[PhoneNumber, Field(description="Null while WhatsApp does not show it.")]
    user_id: str | None
    username: str | None
    name: str | None
    stage: Stage
    quality: Quality | None
    sender: Annotated[str, Field(description="Our number, which the customer writes to.")]


class EventMessage(Schema):
    id: Count
    type: Annotated[
        Literal["user", "assistant", "agent"], Field(description="The customer, the assistant, a colleague.")
    ]
    kind: str
    text: str
    state: Annotated[str, Field(description="When it happened: received, sent, delivered, read, failed …")]
    error_code: Annotated[str | None, Field(description="Twilio's, where it failed.")]
    timestamp: Moment


class EventLead(Schema):
    id: Annotated[Count, Field(description="Of the record in CRM.")]
    name: str
    quality: Quality | None
    product_interest: str | None
    budget_range: str | None
    salesperson: str | None
    team: str | None


class EventHandover(Schema):
    id: Count
    reason: str
    called_at: Moment
    asked: Annotated[str | None, Field(description="The colleague who is waited for, or was last.")]
    ended_at: Moment | None
    outcome: str | None
    answered_by: str | None


class MessageEventData(Schema):
    message: EventMessage
    conversation: EventConversation


class LeadEventData(Schema):
    lead: EventLead
    conversation: EventConversation


class HandoverEventData(Schema):
    handover: EventHandover
    conversation: EventConversation


class PingEventData(Schema):
    """Nothing: somebody tries the address."""


class Event(Schema):
    id: Annotated[str, Field(description="The same when it is sent again, as in the header `webhook-id`.")]
    timestamp: Annotated[Moment, Field(description="When it happened.")]


class MessageEvent(Event):
    type: Literal["message.received", "message.sent", "message.status"]
    data: MessageEventData


class LeadEvent(Event):
    type: Literal["lead.created", "lead.updated"]
    data: LeadEventData


class HandoverEvent(Event):
    type: Literal["handover.called", "handover.ended"]
    data: HandoverEventData


class PingEvent(Event):
    type: Literal["ping"]
    data: PingEventData


#: What a webhook is told, by the name that the document has for it.
EVENTS = {"message": MessageEvent, "lead": LeadEvent, "handover": HandoverEvent, "ping": PingEvent}


# Analytics


class ConversationCounts(Schema):
    total: Count
    active: Count
    completed: Count
    abandoned: Count


class Conversion(Schema):
    leads: Count
    won: Count
    lead_rate: Share | None
    won_rate: Share | None


class Times(Schema):
    assistant_answer_seconds: float | None
    person_answer_minutes: float | None
    lead_minutes: float | None
    lead_answer_minutes: float | None
    conversation_minutes: float | None


class MessageCounts(Schema):
    received: Count
    sent: Count
    total: Count
    per_conversation: float | None
    per_lead: float | None


class QualityCounts(Schema):
    conversations: Count
    leads: Count


class Qualities(Schema):
    hot: QualityCounts
    warm: QualityCounts
    cold: QualityCounts
    none: QualityCounts


class DropOff(Schema):
    question: Action
    conversations: Count
    without_lead: Count


class Classifier(Schema):
    turns: Count
    reviewed: Count
    fallbacks: Count
    confidence: Share | None
    latency_ms: float | None
    right_rate: Annotated[Share | None, Field(description="Of what people reviewed, the share that was right.")]
    right: dict[str, Share | None]


class Cost(Schema):
    total_usd: float
    per_conversation_usd: float | None
    tokens: Count


class Group(Schema):
    value: str | int | None
    label: str | None
    conversations: Count
    leads: Count
    won: Count
    lead_rate: Share | None


class Figures(Schema):
    conversations: ConversationCounts
    conversion: Conversion
    times: Times
    messages: MessageCounts
    quality: Qualities
    drop_off: Annotated[
        list[DropOff], Field(description="The assistant's questions that customers stopped answering at.")
    ]
    classifier: Classifier
    cost: Cost
    by_stage: list[Group]
    by_quality: list[Group]
    by_product: list[Group]
    by_city: list[Group]
    by_source: list[Group]
    by_sender: list[Group]
    by_salesperson: list[Group]
    by_team: list[Group]
    by_hour: list[Group]
    by_weekday: list[Group]


class Period(Schema):
    date_from: Annotated[date, Strict(False), Field(alias="from")]
    date_to: Annotated[date, Strict(False), Field(alias="to")]
    timezone: str


class LeadQuality(Schema):
    hot: Count
    warm: Count
    cold: Count


class Analytics(Schema):
    total_conversations: Count
    active_conversations: Count
    completed_conversations: Count
    conversion_rate: Annotated[Share | None, Field(description="The share of conversations that became leads.")]
    average_conversation_minutes: float | None
    lead_quality: Annotated[LeadQuality, Field(description="Leads by their quality.")]
    classifier_effectiveness: Annotated[
        Share | None, Field(description="Of what people reviewed, the share that was right.")
    ]


class ConversationAnalytics(Response):
    period: Period
    analytics: Analytics
    figures: Figures


# The system


class Service(Schema):
    status: ServiceState
    latency_ms: Annotated[
        float | None,
        Field(description="Of what was just asked or last heard; null where nothing tells without a call outside."),
    ]


class TwilioService(Service):
    last_received_at: Moment | None
    last_sent_at: Moment | None


class ProviderService(Service):
    name: str
    last_failure: str | None


class CronService(Service):
    last_run_at: Moment | None


class Services(Schema):
    database: Service
    redis: Service
    twilio: TwilioService
    provider: ProviderService
    cron: CronService


class Queue(Schema):
    to_read: Count
    to_send: Count
    in_doubt: Count
    oldest_seconds: Count


class SystemStatus(Response):
    system_status: Annotated[Literal["up", "degraded", "down"], Field(description="Without a key: up or down.")]
    version: str = None
    timestamp: Moment = None
    services: Annotated[Services, Field(description="With a key. The latency of cron is the age of its last run.")] = (
        None
    )
    queue: Annotated[
        Queue,
        Field(
            description="With a key: messages that wait to be read or sent, and those that Twilio may or may not have."
        ),
    ] = None


class SenderConfig(Schema):
    id: Count
    name: str
    number: str
    mode: Literal["simulation", "unverified", "live"]
    company: str
    assistant_id: Count
    messages_per_second: Count


class MinimumCriteria(Schema):
    contact_info: str
    interest_level: str
    intent_clarity: bool


class AssistantConfig(Schema):
    id: Count
    name: str
    language: str
    provider: str
    model: str | None
    reply_style: str
    conversation_ttl_days: Count
    coalescing_seconds: Count
    minimum_criteria: MinimumCriteria


class SystemConfig(Response):
    version: str
    odoo_version: str
    timezone: str
    requests_per_minute: Annotated[Count, Field(description="Of one caller; 0 for no limit.")]
    redis_configured: bool
    senders: list[SenderConfig]
    assistants: list[AssistantConfig]


class Health(Response):
    """The server can do its work."""
