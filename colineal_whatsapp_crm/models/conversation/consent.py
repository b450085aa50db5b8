import logging

from odoo import fields, models

from ...gateway.failure_text import mark as _lt
from ...gateway.inbound import opt_out_type
from ...understanding.consent import (
    CERTAIN,
    LIKELY,
    YES_PHRASES,
    find_consent_request,
    find_request_language,
    is_consent_request,
    read_phrases,
)

_logger = logging.getLogger(__name__)

#: Messages whose words are the customer's own.
SAID = ("text", "button")


class WhatsappConversation(models.Model):
    """Conversations of who wants no messages: nothing is read, asked or answered."""

    _inherit = "whatsapp.conversation"

    opted_out = fields.Boolean(related="contact_id.opted_out")

    def action_opt_out(self):
        self.contact_id.action_opt_out()

    def action_opt_in(self):
        self.contact_id.action_opt_in()

    def _get_silence_text(self):
        """Why nothing may be written, and what can be done about it."""
        return self.env._(self._get_silence_source())

    def _get_silence_source(self):
        """As `_get_silence_text`, to be kept: see `gateway.failure_text`."""
        if self.contact_id.sudo()._is_out_of_reach():
            return _lt(
                "The customer wrote an SMS, and this is WhatsApp: nothing that is written here reaches them. Call them, "
                "or wait until they write on WhatsApp."
            )
        if self.contact_id.sudo().opt_out_reason == "blocked":
            return _lt("The customer has blocked us on WhatsApp. Nothing is sent until they write again.")
        return _lt(
            "The customer does not want messages. Nothing is sent until they write ALTA or START, or a sales "
            "administrator allows messages again on their WhatsApp contact."
        )

    def _skip_turn_without_consent(self, consent_requests):
        """Nothing is read of who wants no messages, and no turn is due for what only said so.

        consent_requests
            the messages that `_follow_consent_requests` has seen to.
        """
        if not (consent_requests or self.opted_out):
            return
        if self.opted_out:
            self._get_unread()._move_to("handled")
        if not self._get_unread():
            self.write({"due_at": False, "waiting_since": False})

    def _follow_consent_requests(self, messages):
        """Do what customers say about being written to. Returns the messages that say it, which are no turn."""
        contact = self.contact_id
        if contact.opt_out_reason == "blocked" and not all(line._was_written_before(contact) for line in messages):
            contact._opt_in("any_message")
        requests = messages.browse()
        for message in messages:
            # Twilio's own list knows the request, and has told the customer so.
            by_twilio = opt_out_type(message.sudo().parameters or {})
            request = CERTAIN if by_twilio == "STOP" else self._get_consent_request(message)
            if request == CERTAIN:
                requests += message
                # What was written before goes unread, and what waits unsent.
                (messages | self._get_unread()).filtered(lambda line, last=message: line.id <= last.id)._move_to(
                    "handled"
                )
                was_known = contact.opt_out_reason == "customer"
                contact._opt_out("customer", message._get_written_at())
                if not was_known and by_twilio != "STOP":
                    self._answer_consent_request("opt_out", message)
            elif request == LIKELY and self._answer_consent_request("confirm_opt_out", message):
                requests += message
                message._move_to("handled")
            elif contact.opted_out and self._asks_to_be_written_to(message):
                requests += message
                message._move_to("handled")
                if not message._was_written_before(contact):
                    contact._opt_in("customer")
                    if not by_twilio:
                        self._answer_consent_request("opt_in", message)
        return requests

    def _asks_to_be_written_to(self, message):
        """Whether the customer, or Twilio's list for them, says in a message that they want messages again."""
        if opt_out_type(message.sudo().parameters or {}) == "START":
            return True
        return not message.is_forwarded and self.assistant_id._wants_in(message.body)

    def _get_consent_request(self, message):
        """Whether a message says that the customer wants no more: `CERTAIN`, `LIKELY` enough to ask, or None.

        They are asked once: who then says yes, or says it again, means it. While a person has the conversation, it is
        theirs to see what the customer means.
        """
        if message.is_forwarded:
            # They show what somebody else wrote.
            return None
        if self.assistant_id._wants_out(message.body):
            return CERTAIN
        request = None
        if message.kind in SAID:
            taught = self.assistant_id._get_vocabulary().taught.opt_outs
            request = find_consent_request(message.body or "", taught)
        if request == LIKELY or is_consent_request(message.body or "", read_phrases("\n".join(YES_PHRASES))):
            if "confirm_opt_out" in self._get_last_replies()[-1:].wording_ids.mapped("situation"):
                return CERTAIN
            if self.opted_out or self.stage == "person":
                return None
        return request

    def _answer_consent_request(self, situation, message):
        """Say something about the customer's request. Returns whether there are words for it."""
        _logger.info("%s: %s", self.contact_id, situation)
        language = self._get_request_language(message)
        values = self._get_placeholder_values(language)
        wordings = self._choose_wordings([situation], values, language=language)
        if wordings:
            self._queue_verbatim(wordings, values)
        return bool(wordings)

    def _get_request_language(self, message):
        """The language to answer a request in that is no turn, so that nobody has read its language."""
        assistant = self.assistant_id
        if not assistant.follow_language:
            return assistant.language
        before = (
            self.classification_id.language
            or self._get_last_replies()[-1:].wording_ids[:1].language
            or self._get_known_language()
        )
        return find_request_language(message.body or "", before) or assistant.language

    def _cancel_replies(self):
        """Take back what waits to be sent, and call nobody to answer."""
        open_ones = self.filtered(lambda conversation: conversation.stage != "closed")
        waiting = [("conversation_id", "in", self.ids), ("state", "in", ("drafting", "queued"))]
        source = _lt("The customer does not want messages.")
        self.env["whatsapp.conversation.message"].search(waiting)._move_to("dropped", error=source)
        for conversation in open_ones.filtered("handover_id"):
            conversation = conversation._with_its_company()
            conversation._end_handover("opted_out", conversation.env._(source))
        open_ones._cancel_followup("opted_out")
        open_ones.waiting_since = False
        for conversation in open_ones:
            conversation.quality = conversation._get_quality(conversation.quality, conversation.stage)
        self._log_consent(source)

    def _log_consent(self, source):
        """Say it on the conversations that are open, in their companies' languages."""
        for conversation in self.filtered(lambda conversation: conversation.stage != "closed"):
            conversation = conversation._with_its_company()
            text = conversation.env._(source)
            if conversation.channel_id:
                conversation._post_internal_note(text)
            else:
                conversation._message_log(body=text)
            conversation._broadcast_state()
            conversation._mark_changed()

    # What is said about it

    def _give_notice(self):
        """Say the privacy notice, in its own words and apart from the answer that it follows."""
        values = self._get_placeholder_values()
        if notice := self._choose_wordings(["privacy_notice"], values):
            self._queue_verbatim(notice, values)
            self.contact_id.informed_at = fields.Datetime.now()

    def _queue_verbatim(self, wordings, values):
        """Queue a text that no model may word, and that answers no turn."""
        lines = self.with_context(whatsapp_consent=True)._queue(wordings._render(values))
        lines.write({"wording_ids": wordings, "classification_id": False})
        self._plan_promises(wordings)
        return lines
