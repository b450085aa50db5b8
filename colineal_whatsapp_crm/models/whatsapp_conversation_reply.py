from datetime import timedelta

from odoo import Command, api, fields, models

from ..gateway.delivery import split_body
from ..understanding.wording import name_products

#: Questions a setting of the assistant may answer, by the placeholder that holds the answer.
ANSWERED_BY = {"hours": "hours", "address": "address"}

#: The order in which answers are given.
QUESTIONS = ("hours", "address", "price", "delivery", "payment", "warranty", "photos", "human")

#: That the shop is closed is said once in this many hours.
_OFF_HOURS_PAUSE = 12

_REMEMBERED_REPLIES = 20


class WhatsappConversation(models.Model):
    """What the assistant says: which wording answers a turn, and the words that fill it."""

    _inherit = "whatsapp.conversation"

    @api.private
    def reply(self, situation=None):
        """Put the assistant's answer to the last turn into the outbox; nothing when there is nothing new to say.

        situation
            what to say, one of the situations of `whatsapp.assistant.wording`; by default what the turn calls for.

        One message: first the questions the customer asked, then the one thing to say or to ask.
        """
        for conversation in self:
            if conversation.stage in ("person", "closed"):
                continue
            values = conversation._get_placeholder_values()
            situations = [situation] if situation else conversation._get_situations(values)
            wordings = conversation._choose_wordings(situations, values)
            if wordings:
                conversation._queue(" ".join(wording._render(values) for wording in wordings), wordings)

    def _get_situations(self, values):
        """What the last turn calls for, in the order it is said; empty when silence is right.

        values
            what wordings may name, see `_get_placeholder_values`.
        """
        turn = self.classification_id
        if turn.action == "transfer_to_support":
            handed_over = self._get_turn_before().action == turn.action
            return [] if handed_over else [turn.action, *self._get_off_hours(values)]
        if turn._rests_on("lead_exists"):
            if turn.slots != self._get_turn_before().slots:
                return [*self._get_answers(values), "lead_updated"]
            return self._get_answers(values) or self._get_closing()
        if not any(line.body for line in turn.message_ids):
            return ["not_text"]
        return [*self._get_answers(values), turn.action, *self._get_off_hours(values)]

    def _get_answers(self, values):
        """One situation a question, but a single one for all that only an adviser can answer."""
        asked = [question for question in QUESTIONS if question in (self.classification_id.questions or ())]
        facts = [question for question in asked if ANSWERED_BY.get(question) in values]
        others = [question for question in asked if question not in facts]
        if len(others) > 1:
            others = ["several"]
        return [f"answer_{question}" for question in facts + others]

    def _get_closing(self):
        """A short closing after the customer's thanks, at most once a conversation."""
        courtesies = self.classification_id.courtesies or ()
        if not {"thanks", "farewell"} & set(courtesies):
            return []
        said = self.env["whatsapp.conversation.message"].search_count(
            [("conversation_id", "=", self.id), ("wording_ids.situation", "=", "closing")], limit=1
        )
        return [] if said else ["closing"]

    def _get_off_hours(self, values):
        """That the shop is closed, where a person is promised or for a first contact; once while it is closed."""
        if "opening" not in values:
            return []
        recently = fields.Datetime.now() - timedelta(hours=_OFF_HOURS_PAUSE)
        recent = self._get_last_replies().filtered(lambda line: line.create_date >= recently)
        return [] if "off_hours" in recent.wording_ids.mapped("situation") else ["off_hours"]

    def _get_last_replies(self):
        """The assistant's last messages, oldest first: enough to vary the wording."""
        domain = [("conversation_id", "=", self.id), ("author", "=", "assistant")]
        return (
            self.env["whatsapp.conversation.message"]
            .search(domain, order="id desc", limit=_REMEMBERED_REPLIES)
            .sorted("id")
        )

    def _choose_wordings(self, situations, values):
        wordings = self.env["whatsapp.assistant.wording"]
        if situations:
            used = [wording for line in self._get_last_replies() for wording in line.wording_ids.ids]
            language = self._get_reply_language()
            for situation in situations:
                wordings |= self.assistant_id._pick_wording(situation, language, values.keys(), used)
        return wordings

    def _get_reply_language(self):
        assistant = self.assistant_id
        return self.classification_id.language if assistant.follow_language else assistant.language

    def _get_placeholder_values(self):
        """What wordings may name, by placeholder; only what is known."""
        slots = self._get_state().slots
        values = {"budget": self.budget_range, "city": self.city, **self.assistant_id._get_facts()}
        if "name" in slots:
            values["name"] = slots["name"].value.split()[0]
        if "products" in slots:
            vocabulary = self.assistant_id._get_vocabulary()
            values.update(name_products(slots["products"].value, self.product_words or {}, vocabulary))
        return {name: value for name, value in values.items() if value}

    def _queue(self, body, wordings=None):
        """Put one text for the customer into the outbox; in parts, when it is longer than Twilio takes."""
        self.ensure_one()
        lines = self.env["whatsapp.conversation.message"].create(
            [
                {
                    "conversation_id": self.id,
                    "sender_id": self.sender_id.id,
                    "direction": "outbound",
                    "author": "assistant",
                    "address": self.contact_id.address,
                    "body": part,
                    "state": "queued",
                    "classification_id": self.classification_id.id,
                    "wording_ids": [Command.set(wordings.ids if wordings else [])],
                }
                for part in split_body(body)
            ]
        )
        self.last_message_at = fields.Datetime.now()
        return lines
