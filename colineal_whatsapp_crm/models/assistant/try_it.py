from odoo import models

from ...understanding import SLOT_NAMES, Budget, Message, State, decide, understand
from ...understanding.templates import cut
from ...understanding.wording import customers_words, get_first_name, name_products
from ..conversation.base import format_budget

#: Characters of one WhatsApp message by Twilio.
_LONGEST_TEXT = 1600


class WhatsappAssistant(models.Model):
    """A sentence to try the words and criteria with, where they are set."""

    _inherit = "whatsapp.assistant"

    def try_text(self, text):
        """What the rules make of a sentence as a customer's first, for who reads the assistant. Nothing is stored.

        Returns ``slots`` ([{name, label, value, confidence, quote}]), ``quality`` and ``action`` in words, ``reasons`` (one
        a line of text each) and ``reply``, what would be said; see `whatsapp.simulator` for a whole conversation.
        """
        self.ensure_one()
        self.check_access("read")
        text, vocabulary = cut(str(text or ""), _LONGEST_TEXT), self._get_vocabulary()
        understanding = understand((Message(text),), State(), vocabulary)
        decision = decide(understanding, State(), self._get_criteria())
        turns = self.env["whatsapp.classification"]
        names, slots = turns._subject_names(), understanding.slots
        # What is known stands among the slots.
        reasons = [reason for reason in decision.reasons if reason.code != "known"]
        return {
            "slots": [
                {
                    "name": name,
                    "label": names[name],
                    "value": self._describe_slot(name, slots[name].value),
                    "confidence": round(slots[name].confidence * 100),
                    "quote": slots[name].quote,
                }
                for name in SLOT_NAMES
                if name in slots
            ],
            "quality": dict(turns._fields["quality"]._description_selection(self.env))[decision.quality],
            "action": dict(turns._fields["action"]._description_selection(self.env))[decision.action],
            "reasons": turns._explain_all(reasons).splitlines(),
            "reply": self._word_reply(decision.action, understanding, text),
        }

    def _word_reply(self, action, understanding, text):
        language = understanding.language if self.follow_language else self.language
        slots, values = understanding.slots, self._get_facts(language, company=self.env.company)
        if "name" in slots:
            values["name"] = get_first_name(slots["name"].value)
        if "city" in slots:
            values["city"] = slots["city"].value
        if "products" in slots:
            vocabulary = self._get_vocabulary()
            used = customers_words([text], vocabulary)
            values.update(name_products(slots["products"].value, used, vocabulary))
        values = {name: value for name, value in values.items() if value}
        return self._pick_wording(action, language, values.keys(), ())._render(values)

    def _describe_slot(self, name, value):
        if isinstance(value, Budget):
            return format_budget(self.env, value.min, value.max)
        if isinstance(value, tuple):
            return ", ".join(value)
        if name == "urgency":
            urgencies = self.env["whatsapp.conversation"]._fields["urgency"]._description_selection(self.env)
            return dict(urgencies).get(value, value)
        return value
