from dataclasses import replace
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ...gateway.failure_text import mark as _lt
from ...lib import rate_limit
from ...lib.guard import guard
from ...understanding import advance, begin_anew, decide, settle
from ...understanding.questions import language_of
from ...understanding.text import Text
from ...understanding.wording import customers_words
from ..message.base import SILENT_KINDS

#: Who writes more messages than this in a minute is read in larger parts.
_FLOOD, _FLOOD_WAIT = 30, timedelta(seconds=20)

#: A burst is read at the latest after this many times the coalescing wait.
_LONGEST_WAIT_FACTOR = 4


class WhatsappConversation(models.Model):
    """Reading what the customer wrote: when a turn is due, what it changes, and the action that follows."""

    _inherit = "whatsapp.conversation"

    def _get_state_for_turn(self):
        """As `_get_state`, but after a sale that was won or lost: then what was wanted is wanted no more."""
        state = self._get_state()
        over = state.lead and self.lead_id and not self._is_open(self.lead_id)
        state = begin_anew(state) if over else state
        return state if state.language else replace(state, language=self._get_known_language())

    def _get_known_language(self):
        """The language in which the customer wrote the last time, in another conversation; None where they never did."""
        others = [("contact_id", "=", self.contact_id.id), ("id", "!=", self.id), ("classification_id", "!=", False)]
        return self.search(others, order="id desc", limit=1).classification_id.language or None

    def _schedule_turn(self, messages, now):
        """After messages came: the conversation is due when the customer will have stopped typing, but not ever later.

        Messages that come long after they were written are for a person: an automatic answer would be out of place. So
        are SMS, which WhatsApp cannot answer.
        """
        self.ensure_one()
        if self.contact_id._is_out_of_reach():
            self._handle_sms(messages, now)
            return
        # A reaction is shown, and changes and asks nothing; nor does what was taken back.
        reactions = messages.filtered(lambda message: message.kind in SILENT_KINDS)
        if reactions:
            reactions._move_to("handled")
        if self._comes_from_us():
            messages._move_to("handled")
        late = (messages - reactions).filtered(lambda message: message.is_late and message.state == "received")
        if late:
            late._move_to("handled")
            guard(self, "hand_over", self._hand_over, "late")
        # WhatsApp counts its 24 hours from when the customer wrote.
        written = max(message._get_written_at() for message in messages)
        window_end = self._get_window_end()
        self.write({"last_message_at": now, "last_inbound_at": max(self.last_inbound_at or written, written)})
        if window_end and window_end < now:
            # Who waits to write must not wait for the turn to be read.
            guard(self, "screens", self._broadcast_state)
        if not messages.filtered(lambda message: message.state == "received"):
            return
        wait = timedelta(seconds=self.assistant_id._get_bounded("coalescing_seconds"))
        if rate_limit.count_messages(self.env.cr.dbname, self.sender_id.id, self._get_address()) > _FLOOD:
            wait = max(wait, _FLOOD_WAIT)
        oldest = self._get_unread()[:1].create_date or messages[0].create_date
        latest = max(oldest + _LONGEST_WAIT_FACTOR * wait, now)
        self.due_at = min(now + wait, latest)

    def _handle_sms(self, messages, now):
        """SMS are kept and shown to a person, and open no window to write in."""
        messages.error = _lt("It came as an SMS, which the assistant does not answer.")
        messages._move_to("handled")
        self.last_message_at = now
        guard(self, "hand_over", self._hand_over, "sms")

    def _comes_from_us(self):
        """Whether the customer is one of our own senders: what one of them says, another never answers."""
        ours = self.env["whatsapp.sender"]._get_own_numbers()
        if ours.isdisjoint((company, self.contact_id.phone) for company in (None, self.company_id.id)):
            return False
        conversation = self._with_its_company()
        conversation._set_silent(
            "own_number",
            conversation.env._("This number is one of your own senders: what comes from it is not answered."),
        )
        self.waiting_since = False
        return True

    def _lock(self, lease):
        """Lock the conversation for this transaction; False when it is no longer this worker's."""
        self.env.cr.execute(
            SQL(
                "SELECT 1 FROM whatsapp_conversation WHERE id = %s AND leased_until = %s FOR NO KEY UPDATE",
                self.id,
                lease,
            ),
            log_exceptions=False,  # a lost race is run again
        )
        return bool(self.env.cr.fetchone())

    def _drop_turn(self):
        """What is being read changed meanwhile: a turn under way comes to nothing, and the next one is due at once."""
        for conversation in self.filtered("leased_until"):
            conversation.write({"leased_until": False, "due_at": fields.Datetime.now()})

    def _has_gone_on(self, message_ids, patience):
        """Whether the customer wrote more since a turn was begun, and may be let finish: for `patience` seconds."""
        unread = self._get_unread()
        if unread.ids == list(message_ids):
            return False
        if not unread:
            # They are not to be answered any more.
            return True
        return unread[:1].create_date > fields.Datetime.now() - timedelta(seconds=patience)

    def _finish_turn(self, messages, state, reading, latency_ms):
        """Keep what one turn was understood to say, decide, and act on it: all that follows, in this order.

        messages
            the unread messages the turn was made of.
        state
            what was known before it.
        reading
            what its reader made of it, an `understanding.providers.Reading`.
        """
        self.ensure_one()
        texts = self._get_turn_texts(messages, reading)
        vocabulary = self.assistant_id._get_vocabulary()
        understanding, decision = self._decide_turn(messages, state, reading, texts, vocabulary)
        if state.over and "products" in understanding.slots:
            # What a person thought of the sale before is said of that one.
            self.person_quality = False
        after = advance(state, understanding, decision)
        turn = self._keep_turn(reading, understanding, decision, after, latency_ms)
        guard(self, "activity", self.env["whatsapp.model.call"]._log_calls, self.assistant_id, turn, reading.calls)
        messages._store_media_text(reading.media_text)
        messages._move_to("handled", classification_id=turn.id)
        self._keep_decision(messages, turn, decision, after, texts)
        # Before the lead is made, which has it.
        guard(self, "lead", self._store_told_number, messages)
        guard(self, "hand_over", self._hand_over_after_turn, messages, otherwise=self._wait_for_anybody)
        guard(self, "lead", self._follow_closing)
        # After all is written, so that a server action sees the conversation as it is now.
        guard(self, "action", self._run_action, decision.action, otherwise=lambda _error: self._act(decision.action))
        # After all that may call a person, who then writes.
        guard(self, "follow_up", self._plan_followup)
        guard(self, "screens", self._broadcast_state)
        self._publish_state()

    def _get_turn_texts(self, messages, reading):
        """The customer's own words: what was heard just now as well; what is seen in a photo is the model's."""
        texts = []
        for message in messages:
            heard = reading.media_text.get(str(message.id)) if message.kind == "audio" else ""
            if text := "\n".join(filter(None, (message._get_words(), heard))):
                texts.append(text)
        return texts

    def _decide_turn(self, messages, state, reading, texts, vocabulary):
        """(What was understood in the end, what is decided by it)."""
        understanding = settle(reading.understanding, state, messages._get_exact(), texts, vocabulary)
        if not state.language and not language_of(Text("\n".join(texts))):
            # Neither the words nor anything before tells it.
            understanding = replace(understanding, language=self.assistant_id.language)
        return understanding, decide(understanding, state, self.assistant_id._get_criteria())

    def _keep_turn(self, reading, understanding, decision, after, latency_ms):
        """The turn as a `whatsapp.classification`."""
        return self.env["whatsapp.classification"].create(
            {
                **_get_judgement(decision),
                "turn_confidence": decision.turn_confidence,
                "conversation_id": self.id,
                **self.env["whatsapp.model.call"]._summarize(self.assistant_id, reading),
                "slots": after.to_json()["slots"],
                "support": understanding.support,
                "inquired": understanding.inquired,
                "language": understanding.language,
                "questions": sorted(understanding.questions),
                "courtesies": sorted(understanding.courtesies),
                "reasons": [[reason.code, reason.subject, reason.detail] for reason in decision.reasons],
                "latency_ms": latency_ms,
            }
        )

    def _keep_decision(self, messages, turn, decision, after, texts):
        """What is known and decided after a turn, on the conversation; it is due again when more came meanwhile."""
        stage = self._stage_after(decision.action, after)
        words = customers_words(texts, self.assistant_id._get_vocabulary())
        self.with_context(tracking_disable=True).write(
            {
                **_get_judgement(decision),
                "quality": self._get_quality(decision.quality, stage, after),
                "understanding": after.to_json(),
                "product_words": {**(self.product_words or {}), **words},
                "classification_id": turn.id,
                "stage": stage,
                "due_at": fields.Datetime.now() if self._get_unread() - messages else False,
                "leased_until": False,
                "failures": 0,
                "error": False,
            }
        )

    def _get_turn_before(self):
        """The turn before the last one."""
        self.ensure_one()
        return self.env["whatsapp.classification"].search([("conversation_id", "=", self.id)], offset=1, limit=1)

    def _stage_after(self, action, state):
        return "person" if self.stage == "person" else self._get_stage(action, state)

    def _get_stage(self, action, state):
        """The stage by what is known, for a conversation that no person has taken."""
        if action == "transfer_to_support":
            return "support"
        if action == "create_lead" or state.over:
            return "lead"
        if {"name", "products"} <= state.slots.keys():
            return "ready"
        return "gathering" if state.slots else "new"

    def _get_stage_without_person(self):
        """The stage of a conversation that people have left, or taken up again after it was closed."""
        state = self._get_state()
        action = self.action if self.action != "transfer_to_support" else False
        return "lead" if state.lead else self._get_stage(action, state)

    def _run_action(self, action):
        """Run the server action of one of the six actions on this conversation; administrators may have changed it."""
        self.ensure_one()
        # Not `env.ref`, which asks the database each time whether the record is still there.
        action_id = self.env["ir.model.data"]._xmlid_to_res_id(
            f"colineal_whatsapp_crm.action_{action}", raise_if_not_found=True
        )
        self.env["ir.actions.server"].browse(action_id).sudo().with_context(
            active_model=self._name, active_id=self.id, active_ids=self.ids
        ).run()

    def _act(self, action):
        """What the addon's own server action does, in the place of one that fails; part by part."""
        if action == "create_lead":
            self.create_or_update_lead()
        elif action == "transfer_to_support":
            guard(self, "hand_over", self.hand_over)
        guard(self, "reply", self.reply, otherwise=lambda _error: guard(self, "hand_over", self._hand_over, "parked"))


def _get_judgement(decision):
    return {
        "quality": decision.quality,
        "completeness": decision.completeness,
        "confidence": decision.confidence,
        "action": decision.action,
    }
