"""Records as the HTTP API tells them, with the rights of the user who asks: the members of the models in `api_schemas`."""

from ..lib.clock import as_utc
from ..models.conversation.inbox import UNSAID
from ..understanding import Slot

#: What a conversation is told by.
CONVERSATION_FIELDS = (
    "phone",
    "stage",
    "last_message_at",
    "customer_name",
    "email",
    "product_interest",
    "city",
    "budget_min",
    "budget_max",
    "urgency",
    "need",
    "lead_id",
    "completeness",
)

#: What programs call the author of a message.
_TYPES = {"customer": "user", "assistant": "assistant", "person": "agent"}


def serialize_conversation(conversation):
    """Where a conversation stands: a `Conversation`."""
    contact = conversation.contact_id
    return {
        "phone_number": conversation.phone or None,
        "user_id": contact._get_user_id() or None,
        "username": contact.username or None,
        "stage": conversation.stage,
        "message_count": conversation.env["whatsapp.conversation.message"].search_count(_said_in(conversation)),
        "last_interaction": as_utc(conversation.last_message_at),
        "collected_data": {
            "name": conversation.customer_name or None,
            "email": conversation.email or None,
            "product_interest": conversation.product_interest or None,
            "location": conversation.city or None,
            "budget_range": conversation.budget_range or None,
            "urgency": conversation.urgency or None,
            "specific_needs": conversation.need or None,
        },
        "is_completed": conversation.stage == "closed" or bool(conversation.lead_id),
        "data_completeness": conversation.completeness,
    }


def serialize_history(conversation, limit, offset):
    """A page of what was said, oldest first, with how much there is in all: a `ConversationHistory`."""
    messages = conversation.env["whatsapp.conversation.message"]
    page = messages.search(_said_in(conversation), order="id", limit=limit, offset=offset)
    total = messages.search_count(_said_in(conversation))
    end = offset + len(page)
    return {
        "phone_number": conversation.phone or None,
        "message_count": total,
        "limit": limit,
        "offset": offset,
        "next_offset": end if end < total and page else None,
        "history": [serialize_message(message) for message in page],
    }


def serialize_message(message):
    """A `HistoryEntry`."""
    inbound = message.direction == "inbound"
    moment = message._get_written_at() if inbound else message.sent_at or message.create_date
    turn = message.classification_id
    return {
        "timestamp": as_utc(moment),
        "message": message._get_text(),
        "type": _TYPES[message.author],
        "kind": message.kind,
        "state": message.state,
        "analysis": serialize_turn(turn) if inbound and turn else None,
    }


def serialize_accepted(lines):
    """The parts of one message of ours, the first first: an `AcceptedMessage`."""
    first = lines.sorted("id")[:1]
    return {
        "id": first.id,
        "parts": lines.sorted("id").ids,
        "state": first.state,
        "timestamp": as_utc(first.create_date),
        "phone_number": first.conversation_id.phone or None,
    }


def serialize_turn(turn):
    """What a turn was understood to be, the judgement and all that was known after it: an `Analysis`."""
    return {
        "quality": turn.quality,
        "confidence": turn.confidence,
        "action": turn.action,
        "completeness": turn.completeness,
        "slots": {name: Slot.from_json(slot).to_json()["value"] for name, slot in (turn.slots or {}).items()},
    }


def _said_in(conversation):
    return [("conversation_id", "=", conversation.id), ("state", "not in", UNSAID)]
