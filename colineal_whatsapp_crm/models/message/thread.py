from datetime import datetime, timedelta

from odoo import fields, models
from odoo.addons.mail.tools.discuss import Store
from odoo.tools.misc import limited_field_access_token

from ...gateway.inbound import first, forwarding_of, position_of, target_of
from ...gateway.voice import VOICE_TYPE
from ...lib.guard import guard
from ...lib.languages import in_each_language
from ...understanding.questions import tell_language
from ...understanding.text import Text
from ..inherited.mail_message import POSTED

#: How long Twilio may keep a message waiting before it fetches the file that goes with it: the largest ValidityPeriod.
#: https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
_MEDIA_URL_LIFETIME = timedelta(hours=10)

#: What Twilio answers when a file, or its kind, could not be fetched or taken.
_FILE_REFUSED = ("12300", "63005", "63006", "63019", "63021", "63025", "63037")

#: Of several parts, the state of the first of these is shown.
_LEAST_SETTLED = ("failed", "unknown", "queued", "sending", "simulated", "sent", "delivered", "read")


class WhatsappConversationMessage(models.Model):
    """The message as it appears in the thread in Discuss."""

    _inherit = "whatsapp.conversation.message"

    mail_message_id = fields.Many2one(
        "mail.message", string="In the Thread", index="btree_not_null", ondelete="set null", readonly=True
    )
    outgoing_attachment_id = fields.Many2one(
        "ir.attachment", string="File Sent", index="btree_not_null", ondelete="set null", readonly=True
    )

    def _show(self):
        """Post messages in their threads, as they come and go, where there is one; none is posted twice."""
        new = self.filtered(lambda line: not line.mail_message_id and line.conversation_id.channel_id)
        for conversation, lines in new.grouped("conversation_id").items():
            channel = conversation.channel_id.sudo()
            guard(lines, "thread", lines.sorted("id")._show_in, channel)

    def _show_in(self, channel):
        channel._come_back()
        messages = self._post_in(channel)
        channel.last_interest_dt = fields.Datetime.now()
        channel._announce(messages)

    def _post_in(self, channel):
        """Write these messages in a thread, in this order, but for what is erased. Returns what was written."""
        messages = self.env["mail.message"].sudo().with_context(whatsapp_posted=POSTED)
        lines = self.filtered(lambda line: not line.conversation_id.words_erased_at)
        # One by one only where a message may quote one before it, or be shown on it.
        quotes = any(target_of(line.sudo().parameters or {}) for line in lines)
        for part in lines if quotes else [lines]:
            part = part.filtered(lambda line: not line._goes_onto_another(channel, lines))
            posted = messages.create([line._prepare_mail_message(channel) for line in part])
            for line, message in zip(part, posted, strict=True):
                line.mail_message_id = message
            messages += posted
        return messages.with_env(channel.env)

    def _prepare_author(self):
        """Who said it, as values of a message in Discuss."""
        contact = self.conversation_id.contact_id
        if self.author == "person":
            return {"author_id": self.user_id.sudo().partner_id.id}
        if self.author == "assistant":
            return {"author_id": self.conversation_id.assistant_id._get_partner().id}
        if partner := contact._get_partner():
            return {"author_id": partner.id}
        return {"author_id": False, "author_guest_id": contact._get_guest().id}

    def _prepare_mail_message(self, channel):
        self.ensure_one()
        return {
            **self._prepare_author(),
            "model": channel._name,
            "res_id": channel.id,
            "body": self._get_shown_body(),
            "message_type": "comment",
            # Not `env.ref`, which asks the database each time whether the record is still there.
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment"),
            "email_from": False,
            "reply_to": False,
            "date": self.create_date,
            "attachment_ids": [(4, attachment.id) for attachment in self.attachment_ids],
            "parent_id": self._get_quoted(channel).id,
        }

    def _get_quoted(self, channel):
        """The message in the thread that the customer quotes."""
        quoted = self._get_target().mail_message_id.sudo()
        return quoted.filtered(lambda message: message.model == channel._name and message.res_id == channel.id)

    def _get_least_settled(self):
        """Of the parts of one message that went one by one, the one that says most of what is wrong or still to come."""
        return self.sorted(
            lambda line: _LEAST_SETTLED.index(line.state) if line.state in _LEAST_SETTLED else len(_LEAST_SETTLED)
        )[:1]

    def _get_shown(self):
        """What the thread shows beside the words."""
        if not self:
            return False
        parameters = (self.sudo().parameters or {}) if self.direction == "inbound" else {}
        return {
            "id": self.id,
            "author": self.author,
            "kind": self.kind,
            "state": self.state,
            "failure": self.state in ("failed", "unknown", "queued")
            and bool(self.failure)
            and in_each_language(self, lambda line: line.failure),
            "transcript": self.transcript,
            "translations": self.translations or False,
            "media_state": self.media_state,
            "media_faults": bool(self.media_faults) and in_each_language(self, lambda line: line._describe_faults()),
            "location": self.kind == "location"
            and position_of(parameters)
            and {"latitude": first(parameters, "Latitude"), "longitude": first(parameters, "Longitude")},
            "forwarded": forwarding_of(parameters),
            "language": self.direction == "inbound" and self._get_shown_language(),
            **self._get_shown_extras(parameters),
            **self._get_shown_template(),
        }

    def _get_shown_language(self):
        """The language of its words as they tell it, else that of the turn; False where there are no words.

        See `tell_language` for one that no assistant speaks.
        """
        text = Text(self._get_text())
        return any(map(str.isalpha, text.norms)) and (tell_language(text) or self.classification_id.language)

    def _broadcast_state(self):
        """Let open screens know what became of messages."""
        for message in self.mail_message_id.sudo():
            channel = message.channel_id
            Store(bus_channel=channel).add(message, [message._get_whatsapp_store_field()]).bus_send()

    def _show_files(self):
        """Files came after their message was shown."""
        self.ensure_one()
        message = self.mail_message_id.sudo()
        if message:
            message.attachment_ids = self.sudo().attachment_ids
            channel = message.channel_id
            Store(bus_channel=channel).add(message, message._get_whatsapp_file_fields()).bus_send()

    def _get_media_url(self):
        """Where Twilio fetches the file of a message of ours for the next hours, or None."""
        self.ensure_one()
        attachment = self.outgoing_attachment_id
        if not attachment:
            return None
        until = hex(int((datetime.now() + _MEDIA_URL_LIFETIME).timestamp()))
        token = limited_field_access_token(attachment, "raw", until, scope="binary")
        # A voice note's own name has a date with blanks; WhatsApp wants a plain one, and takes the ending for its type.
        name = "/voice.ogg" if attachment.mimetype == VOICE_TYPE else ""
        return f"{self.sender_id._get_public_url()}/web/content/{attachment.id}{name}?access_token={token}"

    def _show_state(self):
        """Messages of ours appear as they go, and their state is told from then on."""
        outbound = self.filtered(lambda line: line.direction == "outbound")
        shown = outbound.filtered("mail_message_id")
        guard(shown, "thread", shown._broadcast_state)
        (outbound - shown)._show()

    def action_retry(self):
        """Try once more to send messages that failed."""
        for line in self:
            line.conversation_id._check_may_write(bool(line.content))
            line._check_marketing()
        failed = self._checked_sudo("read").filtered(
            lambda line: line.state == "failed" and line.direction == "outbound"
        )
        # Voice notes are what Twilio or WhatsApp are particular about; as a file of sound it is heard at least.
        failed.filtered(lambda line: line.error_code in _FILE_REFUSED).outgoing_attachment_id._become_sound()
        failed._move_to("queued", attempts=0, checks=0, retry_at=False, error=False, error_code=False)
        self.env["whatsapp.worker"]._wake()
