from datetime import UTC

from odoo import api, models
from odoo.fields import Domain

from ..understanding import Slot
from .conversation.inbox import UNSAID

#: What a conversation's status is made of.
_STATUS_FIELDS = (
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


def to_timestamp(moment):
    """Naive UTC as ISO 8601 with its time zone; None for none."""
    return moment.replace(tzinfo=UTC).isoformat(timespec="seconds") if moment else None


class WhatsappConversation(models.Model):
    """A conversation as the HTTP API tells it, with the rights of the user who asks."""

    _inherit = "whatsapp.conversation"

    @api.model
    def _find_latest(self, phone, sender=None, stages=None):
        """The customer's latest conversation that the user may see, or an empty record.

        phone, sender
            the customer's number and, when it matters, ours, as people write them.
        stages
            a domain operator and its operand on the stage, for some stages only.
        """
        # The conversation's own rules decide: whether a number is known is told to nobody who may not see one.
        domain = Domain("contact_id", "any!", [("phone", "in", self._get_numbers(phone))])
        if sender is not None:
            domain &= Domain("sender_id", "any!", [("number", "in", self._get_numbers(sender))])
        if stages:
            domain &= Domain("stage", *stages)
        return self.search_fetch(domain, _STATUS_FIELDS, order="last_message_at desc NULLS LAST, id desc", limit=1)

    def _get_api_status(self):
        """Where the conversation stands, as JSON."""
        self.ensure_one()
        return {
            "phone_number": self.phone,
            "stage": self.stage,
            "message_count": self.env["whatsapp.conversation.message"].search_count(self._get_said_domain()),
            "last_interaction": to_timestamp(self.last_message_at),
            "collected_data": {
                "name": self.customer_name or None,
                "email": self.email or None,
                "product_interest": self.product_interest or None,
                "location": self.city or None,
                "budget_range": self.budget_range or None,
                "urgency": self.urgency or None,
                "specific_needs": self.need or None,
            },
            "is_completed": self.stage == "closed" or bool(self.lead_id),
            "data_completeness": self.completeness,
        }

    def _get_api_history(self, limit, offset):
        """A page of what was said, oldest first, with how much there is in all, as JSON."""
        self.ensure_one()
        lines = self.env["whatsapp.conversation.message"]
        page = lines.search(self._get_said_domain(), order="id", limit=limit, offset=offset)
        total = lines.search_count(self._get_said_domain())
        end = offset + len(page)
        return {
            "phone_number": self.phone,
            "message_count": total,
            "limit": limit,
            "offset": offset,
            "next_offset": end if end < total and page else None,
            "history": [line._get_api_entry() for line in page],
        }

    def _get_said_domain(self):
        return [("conversation_id", "=", self.id), ("state", "not in", UNSAID)]


class WhatsappConversationMessage(models.Model):
    _inherit = "whatsapp.conversation.message"

    def _get_api_entry(self):
        self.ensure_one()
        inbound = self.direction == "inbound"
        moment = self._get_written_at() if inbound else self.sent_at or self.create_date
        return {
            "timestamp": to_timestamp(moment),
            "message": self._get_text(),
            "type": _TYPES[self.author],
            "kind": self.kind,
            "state": self.state,
            "analysis": self.classification_id._get_api_analysis() if inbound and self.classification_id else None,
        }


class WhatsappClassification(models.Model):
    _inherit = "whatsapp.classification"

    def _get_api_analysis(self):
        """What the turn was understood to be, as JSON: the judgement, and all that was known after it."""
        self.ensure_one()
        return {
            "quality": self.quality,
            "confidence": self.confidence,
            "action": self.action,
            "completeness": self.completeness,
            "slots": {name: Slot.from_json(slot).to_json()["value"] for name, slot in (self.slots or {}).items()},
        }
