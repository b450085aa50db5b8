from odoo import fields, models

from ...understanding.llm.drafting import Assignment
from ...understanding.templates import cut

#: Characters of what the shop has told the assistant that a model gets to see.
_LONGEST_FACT = 8000


class WhatsappConversationMessage(models.Model):
    """A reply that a language model may word."""

    _inherit = "whatsapp.conversation.message"

    drafted = fields.Boolean(readonly=True, help="Worded by a model.")

    def _queue_now(self):
        """Send the reply as it is worded now."""
        self._move_to("queued", attempts=0, retry_at=False)

    def _get_assignment(self):
        """What a model is to word, for a reply that waits for it."""
        self.ensure_one()
        conversation, turn = self.conversation_id._with_its_company(), self.classification_id
        assistant = conversation.assistant_id
        situations = sorted(self.wording_ids.mapped("situation"), key=lambda situation: situation == turn.action)
        values = conversation._get_placeholder_values()
        facts = {
            "about": assistant.knowledge,
            "hours": values.get("hours"),
            "address": values.get("address") or values.get("cities"),
            "sells": ", ".join(interest.name for interest in assistant._get_vocabulary().interests),
        }
        known = {
            "name": conversation.customer_name,
            "products": conversation.product_interest,
            "budget": conversation.budget_range,
            "city": conversation.city,
        }
        return Assignment(
            self.body,
            tuple(situations),
            self.wording_ids[:1].language,
            assistant._get_bounded("reply_length"),
            {name: cut(fact, _LONGEST_FACT) for name, fact in facts.items() if fact},
            {name: value for name, value in known.items() if value},
            tuple(filter(None, (line._get_words() for line in turn.message_ids))),
            conversation._get_history(turn.message_ids | self, assistant._get_history_characters()),
        )
