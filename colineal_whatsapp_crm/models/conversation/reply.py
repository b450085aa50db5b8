import time
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.addons.mail.tools.discuss import Store

from ...gateway.delivery import split_body
from ...jobs.reply_drafter import draft_reply
from ...lib.clock import utcnow
from ...understanding.llm.client import ModelError
from ...understanding.llm.reading import dictates
from ...understanding.promises import names_staff
from ...understanding.providers import RULES
from ...understanding.wording import get_first_name, name_products
from ..assistant.wording import PROMISING

#: Questions a setting of the assistant may answer, by the placeholders of which one holds the answer.
ANSWERED_BY = {"hours": ("hours",), "address": ("address", "cities")}

#: The order in which answers are given.
QUESTIONS = ("hours", "address", "price", "delivery", "payment", "warranty", "photos", "human")

#: The situations that tell when somebody will be there.
_TELL_CLOSED = {"off_hours", "create_lead_closed", "answer_human_closed"}

#: That the shop is closed is said once in this many hours.
_OFF_HOURS_PAUSE = 12

#: Who awaits a word after the lead gets one at most once in this many hours.
_PATIENCE_PAUSE = 2

_REMEMBERED_REPLIES = 20

#: A model is not asked to word a reply in fewer seconds.
_SHORTEST_DRAFTING = 1.0


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
            told = conversation.stage == "person" and not conversation._announces_handover()
            if told or conversation.stage == "closed":
                continue
            values = conversation._get_placeholder_values()
            situations = [situation] if situation else conversation._get_situations(values)
            if not situations:
                continue
            recent = conversation._get_last_replies()
            if conversation._is_looping(recent):
                situations = conversation._end_loop()
            situations = conversation._say_when_open(situations, values)
            wordings = conversation._choose_wordings(situations, values, recent)
            if wordings:
                greeting = conversation._choose_greeting(values, recent)
                if conversation.assistant_id.greeting == "own" and greeting:
                    conversation._queue(greeting._render(values))
                else:
                    wordings = greeting | wordings
                conversation._queue(wordings._render(values), wordings)
                conversation._plan_promises(wordings)

    def _get_situations(self, values):
        """What the last turn calls for, in the order it is said; empty when silence is right.

        values
            what wordings may name, see `_get_placeholder_values`.
        """
        turn = self.classification_id
        if turn._rests_on("automatic") or self.silence_reason == "own_number":
            return []
        if turn.action == "transfer_to_support":
            return [] if self._is_support_known() else [turn.action, *self._get_off_hours(values)]
        new_lead = turn.action == "create_lead" and not turn._rests_on("lead_exists")
        if self._announces_handover() and not new_lead:
            promise = ["not_understood"] if self.handover_id.reason == "unsure" else []
            return [*self._get_answers(values), *promise, *self._get_off_hours(values)]
        spoken = any(line._get_words() or line._told_something() for line in turn.message_ids)
        if turn._rests_on("closed") and spoken:
            return self._get_farewell(values)
        ordered = any(line._is_order() for line in turn.message_ids)
        if ordered and not new_lead:
            # What is wanted is known to the article: of all questions, only who it is for is left.
            who = [turn.action] if turn.action == "request_contact_info" else []
            return [*self._get_answers(values), "order", *self._get_off_hours(values), *who]
        if turn._rests_on("lead_exists"):
            if turn.slots != self._get_turn_before().slots or self._has_told_number():
                return [*self._get_answers(values), "lead_updated"]
            return self._get_answers(values) or self._get_closing() or self._get_patience()
        if turn._rests_on("sale_over") and spoken:
            greets = turn.courtesies == ["greeting"] and not turn.questions
            answers = self._get_answers(values) or self._get_closing() or self._get_patience()
            return answers or ([turn.action] if greets else [])
        if not spoken and set(turn.message_ids.mapped("kind")) != {"text"}:
            return [self._get_unheard_situation()]
        if turn.action == "ask_clarifying_question" and any(line._is_unheard() for line in turn.message_ids):
            return [*self._get_answers(values), "not_text"]
        # A new lead is promised an adviser anyway.
        answers = [answer for answer in self._get_answers(values) if not new_lead or answer != "answer_human"]
        if turn.action == "create_lead":
            return [*answers, turn.action, *self._get_off_hours(values), *self._get_phone_question()]
        # What is asked comes last, to be answered.
        return [*answers, *self._get_off_hours(values), self._get_question(values)]

    def _get_question(self, values):
        """What the last turn has asked; the same in other words, where it told nothing and was read with little confidence.

        values
            what wordings may name.
        """
        turn = self.classification_id
        if not (self._is_turn_unsure(turn) and turn._says_nothing()):
            return turn.action
        words = self.assistant_id._pick_wording("ask_again", self._get_reply_language(), values.keys(), ())
        return "ask_again" if words else turn.action

    def _get_unheard_situation(self):
        """What to say of a message without words: that we cannot hear it, where the customer might think we did."""
        listens = self.assistant_id.provider != RULES
        return "not_heard" if listens and "audio" in self.classification_id.message_ids.mapped("kind") else "not_text"

    def _get_answers(self, values):
        """One situation a question, but a single one for all that only an adviser can answer."""
        asked = [question for question in QUESTIONS if question in (self.classification_id.questions or ())]
        if not self.handover_id and "human" in asked:
            # Nobody who could come, or somebody who is there.
            asked.remove("human")
        if "address" not in asked and (self._is_told_cities(values) or self._is_told_shop(values)):
            # The city that was asked for in place of an address has come, or where the customer is.
            asked.insert(0, "address")
        facts = [question for question in asked if any(name in values for name in ANSWERED_BY.get(question, ()))]
        others = [question for question in asked if question not in facts]
        if len(others) > 1:
            others = ["several"]
        said = {"address": "cities" if "cities" in values else "shop" if self._has_shops() else "address"}
        return [
            f"answer_{said.get(question, question) if question in facts else question}" for question in facts + others
        ]

    def _has_shops(self):
        return bool(self.env["whatsapp.shop"]._get_ids(self.company_id.id))

    def _is_told_shop(self, values):
        """Whether the customer shared where they are, and there is a shop."""
        places = self.classification_id.message_ids.filtered(lambda line: line.kind == "location")
        return "address" in values and self._has_shops() and any(line._told_something() for line in places)

    def _is_told_cities(self, values):
        """Whether the customer was asked for their city to be told a shop, and it is known now."""
        if "address" not in values or not self.city or not self._has_shops():
            return False
        return "answer_cities" in self._get_last_replies()[-1:].wording_ids.mapped("situation")

    def _choose_greeting(self, values, recent):
        """The wording to greet with, before the first answer of a conversation; none where it is not for greeting.

        recent
            the assistant's last messages.
        """
        assistant = self.assistant_id
        wordings = assistant._get_wordings("greeting") if assistant.greeting in ("joined", "own") else ()
        if not wordings or recent or self.first_person_at or self.classification_id.action == "transfer_to_support":
            return self.env["whatsapp.assistant.wording"]
        # Each customer hears one: so they are used in turn among customers.
        used = [wording.id for wording in wordings[: self.id % len(wordings)]]
        return assistant._pick_wording("greeting", self._get_reply_language(), values.keys(), used)

    def _get_closing(self):
        """A short closing after the customer's thanks, at most once a conversation."""
        courtesies = self.classification_id.courtesies or ()
        if not {"thanks", "farewell"} & set(courtesies):
            return []
        said = self.env["whatsapp.conversation.message"].search_count(
            [("conversation_id", "=", self.id), ("wording_ids.situation", "=", "closing")], limit=1
        )
        return [] if said else ["closing"]

    def _get_patience(self):
        """A word for who has a lead and awaits one, or sent what only a person can make out; not over and over."""
        turn = self.classification_id
        if "waiting" not in (turn.questions or ()) and not any(line._is_unheard() for line in turn.message_ids):
            return []
        return [] if "answer_waiting" in self._get_said_since(hours=_PATIENCE_PAUSE) else ["answer_waiting"]

    def _get_said_since(self, hours):
        """The situations in which the assistant has said something in the last hours."""
        since = fields.Datetime.now() - timedelta(hours=hours)
        recent = self._get_last_replies().filtered(lambda line: line.create_date >= since)
        return set(recent.wording_ids.mapped("situation"))

    def _is_looping(self, recent):
        """Whether another answer would only go on with a circle: the customer repeats, or so much was said in an hour.

        recent
            the assistant's last messages.

        Who is told that a person comes, or that a lead was made of what they said, is told that in any case.
        """
        turn = self.classification_id
        new_lead = turn.action == "create_lead" and not turn._rests_on("lead_exists")
        if new_lead or self._announces_handover():
            return False
        since = fields.Datetime.now() - timedelta(hours=1)
        said = recent.filtered(lambda line: line.create_date >= since and line.state != "dropped")
        return turn._rests_on("repeated") or len(said) >= self.assistant_id._get_bounded("hourly_replies")

    def _end_loop(self):
        """Call a person instead, and say so once. Returns what to say."""
        if self.silence_reason == "loop":
            return []
        if self.classification_id._rests_on("repeated"):
            text = self.env._("The customer says the same again and again. The assistant does not answer it any more.")
        else:
            text = self.env._(
                "The assistant has written %s messages within an hour, which is the most it may.",
                self.assistant_id._get_bounded("hourly_replies"),
            )
        self._set_silent("loop", text)
        self._hand_over("loop")
        return ["not_understood"] if self._announces_handover() else []

    def _get_off_hours(self, values):
        """That the shop is closed, where a person is promised or for a first contact; once while it is closed."""
        if "opening" not in values:
            return []
        return [] if _TELL_CLOSED & self._get_said_since(hours=_OFF_HOURS_PAUSE) else ["off_hours"]

    def _say_when_open(self, situations, values):
        """While the shop is closed, promises say when somebody will be there, where the shop has words for it.

        situations
            what is to be said, in this order.
        values
            what wordings may name.
        """
        if "opening" not in values:
            return situations
        language = self._get_reply_language()
        known = {
            situation: f"{situation}_closed"
            for situation in ("create_lead", "answer_human")
            if situation in situations
            and self.assistant_id._pick_wording(f"{situation}_closed", language, values.keys(), ())
        }
        said = [known.get(situation, situation) for situation in situations]
        return [situation for situation in said if situation != "off_hours"] if known else said

    def _get_last_replies(self):
        """The assistant's last messages, oldest first: enough to vary the wording, and to count those of an hour."""
        domain = [("conversation_id", "=", self.id), ("author", "=", "assistant")]
        limit = max(_REMEMBERED_REPLIES, self.assistant_id._get_bounded("hourly_replies"))
        lines = self.env["whatsapp.conversation.message"]
        return lines.search_fetch(domain, ["create_date", "state"], order="id desc", limit=limit).sorted("id")

    def _choose_wordings(self, situations, values, recent=None, language=None):
        """The wordings for these situations, those that were said least recently.

        recent
            the assistant's last messages, where they are at hand.
        language
            by default the one that the customer is answered in.
        """
        wordings = self.env["whatsapp.assistant.wording"]
        if situations:
            self.assistant_id._report_faults()
            recent = self._get_last_replies() if recent is None else recent
            used = [wording for line in recent for wording in line.wording_ids.ids]
            language = language or self._get_reply_language()
            for situation in situations:
                wordings |= self.assistant_id._pick_wording(situation, language, values.keys(), used)
        return wordings

    def _get_reply_language(self):
        assistant = self.assistant_id
        return self.classification_id.language if assistant.follow_language else assistant.language

    def _get_placeholder_values(self, language=None):
        """What wordings may name, by placeholder, to say in a language; only what is known.

        language
            by default the one that the customer is answered in.
        """
        slots = self._get_state().slots
        near = self.classification_id.message_ids.filtered(lambda line: line.kind == "location")[-1:]._get_position()
        language = language or self._get_reply_language()
        facts = self.assistant_id._get_facts(language, self.city, self.company_id, near)
        values = {"budget": self.budget_range, "city": self.city, **facts}
        if "name" in slots:
            values["name"] = get_first_name(slots["name"].value)
        if "products" in slots:
            vocabulary = self.assistant_id._get_vocabulary()
            values.update(name_products(slots["products"].value, self.product_words or {}, vocabulary))
        return {name: value for name, value in values.items() if value}

    def _queue(self, body, wordings=None):
        """Put one text for the customer into the outbox; in parts, when it is longer than Twilio takes."""
        self.ensure_one()
        refused = self.opted_out and not self.env.context.get("whatsapp_consent")
        if refused or self.contact_id._is_out_of_reach():
            return self.env["whatsapp.conversation.message"]
        parts = split_body(body)
        seconds = self._get_drafting_seconds() if wordings and len(parts) == 1 else 0
        state = {"state": "queued"}
        if seconds:
            state = {"state": "drafting", "retry_at": utcnow() + timedelta(seconds=seconds)}
        lines = self.env["whatsapp.conversation.message"].create(
            [
                {
                    **state,
                    "conversation_id": self.id,
                    "sender_id": self.sender_id.id,
                    "direction": "outbound",
                    "author": "assistant",
                    "address": self._get_address(),
                    "body": part,
                    "classification_id": self.classification_id.id,
                    "wording_ids": [Command.set(wordings.ids if wordings else [])],
                }
                for part in parts
            ]
        )
        self._on_outbound(lines)
        if wordings and self.assistant_id.gives_notice and not self.contact_id.informed_at:
            self._give_notice()
        return lines

    def _queue_scripted(self, situations, values):
        """Say something that answers no turn, in the assistant's own words and no model's.

        values
            what wordings may name.

        Returns the messages, none where there are no words for it.
        """
        wordings = self._choose_wordings(situations, values)
        if not wordings:
            return self.env["whatsapp.conversation.message"]
        lines = self._queue(wordings._render(values))
        lines.wording_ids = wordings
        self.env["whatsapp.worker"]._wake()
        return lines

    def _get_drafting_seconds(self):
        """How long a model may take to word the reply; 0: the scripted wording goes.

        It gets what reading has left of the customer's patience. To who dictates, nothing is said but what is scripted.
        """
        assistant, turn = self.assistant_id, self.classification_id
        if assistant.reply_style == "scripted" or turn.provider == RULES:
            return 0
        seconds = assistant._get_bounded("patience_seconds") - turn.latency_ms / 1000
        enough = seconds >= _SHORTEST_DRAFTING and not assistant._get_model().breaker.is_open
        return seconds if enough and not dictates(line._to_plain() for line in turn.message_ids) else 0

    def _get_history(self, messages, characters):
        """What was said before these messages, oldest first, as readers take it; the last `characters` of it."""
        before = self.env["whatsapp.conversation.message"].search(
            [("conversation_id", "=", self.id), ("id", "not in", messages.ids)],
            order="id desc",
            limit=_REMEMBERED_REPLIES,
        )
        # What is read now in the new words is not said before them.
        corrected = [line._get_target().id for line in messages if line.kind == "edit"]
        history = []
        for line in before._filter_standing().filtered(lambda line: line.id not in corrected):
            text = line._get_words()
            characters -= len(text)
            if characters < 0:
                break
            history.append({"author": line.author, "text": text})
        return tuple(reversed(history))

    def suggest_reply(self):
        """What the reader may say now, for them to edit; nothing is queued or sent.

        It answers and asks what the assistant would, in the words of the colleague who sends it.

        Returns an empty text when nothing has been read yet. A model words it where the assistant has one; what is not
        good enough to be sent, and what somebody dictated, is not suggested either: then it is the scripted wording.
        """
        self.ensure_one()
        conversation = self._checked_sudo("write")._with_its_company()
        turn = conversation.classification_id
        if not turn:
            return ""
        values = {**conversation._get_placeholder_values(), "salesperson": self.env.user.name}
        situations = conversation._get_situations(values) or [turn.action]
        wordings = conversation._say_as_person(conversation._choose_wordings(situations, values), values)
        scripted = wordings._render(values)
        if not scripted or conversation.assistant_id.provider == RULES:
            return scripted
        if dictates(line._to_plain() for line in turn.message_ids):
            return scripted
        return conversation._draft_suggestion(scripted, wordings) or scripted

    def suggest_files(self):
        """What may go with a suggested reply: pictures and catalogues of what the customer asks to see.

        They become files of the reader's composer. Returns {"ids", "data"}, the latter for Discuss's store.
        """
        self.ensure_one()
        conversation = self._checked_sudo("write")
        slots = conversation._get_state().slots
        asked = "photos" in (conversation.classification_id.questions or ())
        names = slots["products"].value if asked and "products" in slots else ()
        files = self.env["whatsapp.interest"].search([("name", "in", names)]).file_ids._filtered_access("read")
        place = {"res_model": "mail.compose.message", "res_id": 0}
        copies = self.env["ir.attachment"].union(*(file.copy({**place, "name": file.name}) for file in files))
        data = Store().add(copies, extra_fields=copies._get_store_ownership_fields()).get_result()
        return {"ids": copies.ids, "data": data}

    def _say_as_person(self, wordings, values):
        """These wordings for a colleague to say: they do not promise that somebody will write, who is somebody.

        values
            what wordings may name.
        """
        promised = wordings.filtered(lambda wording: wording.promises or wording.situation in PROMISING)
        if not promised:
            return wordings
        mine = [("conversation_id", "=", self.id), ("author", "=", "person"), ("user_id", "=", self.env.uid)]
        has_written = self.env["whatsapp.conversation.message"].search_count(mine, limit=1)
        own = self._choose_wordings(["person_again" if has_written else "person_first"], values)
        kept = wordings - promised
        return kept | own if has_written else own | kept

    def _draft_suggestion(self, scripted, wordings):
        """The scripted text in a model's words, or an empty text."""
        assistant = self.assistant_id
        model = assistant._get_model()
        if model.breaker.is_open:
            return ""
        line = self.env["whatsapp.conversation.message"].new(
            {
                "conversation_id": self.id,
                "classification_id": self.classification_id.id,
                "body": scripted,
                "wording_ids": [Command.set(wordings.ids)],
            }
        )
        try:
            draft, fault = draft_reply(
                model, line._get_assignment(), time.monotonic() + assistant._get_bounded("patience_seconds")
            )
        except ModelError as error:
            draft, fault = "", error.kind
        self.env["whatsapp.model.call"]._log_calls(assistant, self.classification_id, model.calls, fault)
        # Of themselves nobody says "one of our advisers".
        return "" if names_staff(draft) else draft
