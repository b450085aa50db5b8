import logging
from datetime import datetime, timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.mail.tools.discuss import Store
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import limited_field_access_token

from .. import transactions
from ..clock import utcnow
from ..gateway.delivery import split_body
from ..gateway.formatting import from_whatsapp, to_whatsapp
from ..gateway.inbound import first
from ..parts import guard
from .discuss_channel import WHATSAPP
from .mail_thread import POSTED
from .whatsapp_outbox import WINDOW

_logger = logging.getLogger(__name__)

#: A thread of so many messages is written before anybody looks, by a job that runs more often than this.
_LONG, _LATELY = 50, timedelta(hours=1)

#: How long Twilio may keep a message waiting before it fetches the file that goes with it: the largest ValidityPeriod.
#: https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
_MEDIA_URL_LIFETIME = timedelta(hours=10)


class WhatsappConversation(models.Model):
    """The conversation's thread in Discuss: what people see of it, and what they write in it."""

    _inherit = "whatsapp.conversation"

    channel_id = fields.Many2one("discuss.channel", string="Thread", index="btree_not_null", readonly=True, copy=False)
    window_until = fields.Datetime(
        string="May Be Written To Until",
        compute="_compute_window_until",
        help="WhatsApp lets us write freely for 24 hours after the customer's last message.",
    )

    _unseen_index = models.Index("(last_message_at) WHERE channel_id IS NULL AND stage != 'closed'")

    @api.depends("last_inbound_at")
    def _compute_window_until(self):
        for conversation in self:
            conversation.window_until = conversation._get_window_end()

    def _get_window_end(self):
        """When we may not write freely any more; False before the customer's first message."""
        return self.last_inbound_at and self.last_inbound_at + WINDOW

    def _check_may_write(self):
        """Raise a `UserError` when WhatsApp would refuse a message of ours, or the reader has no right to write."""
        self.ensure_one()
        self.with_env(self.env(su=False)).check_access("write")
        end = self._get_window_end()
        if not end or end < utcnow():
            raise UserError(
                self.env._(
                    "The customer's last message is more than 24 hours old: WhatsApp lets only an approved template "
                    "through. Your text was not sent."
                )
            )

    # Colleagues who are told

    def message_notify(self, **kwargs):
        """Who may only read tells nobody, in a customer's name or their own."""
        if not self.env.su:
            self.check_access("write")
        return super().message_notify(**kwargs)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Followers who may not see the conversation any more are not told of it: the title alone names a customer."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        return [each for each in recipients if not each.get("uid") or self._is_seen_by(each["uid"])]

    def _message_auto_subscribe_notify(self, partner_ids, template):
        users = self.env["res.partner"].sudo().browse(partner_ids).user_ids
        blind = users.filtered(lambda user: not all(each._is_seen_by(user.id) for each in self))
        return super()._message_auto_subscribe_notify(
            [partner for partner in partner_ids if partner not in blind.partner_id.ids], template
        )

    def _is_seen_by(self, user_id):
        """Whether a user may read this conversation, in whichever of their companies it is."""
        self.ensure_one()
        user = self.env["res.users"].sudo().browse(user_id)
        mine = self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return mine.has_access("read")

    # Showing

    def web_read(self, specification):
        """A screen that opens the thread of one conversation finds it there."""
        if len(self) == 1 and self.id and "channel_id" in specification and self.has_access("read"):
            self._checked_sudo("read")._get_channel()
        return super().web_read(specification)

    def _get_channel(self):
        """The thread of this customer with this sender, made when somebody first looks at it or takes part.

        A conversation that nobody looks at costs nothing but its rows in the ledger. The thread begins with all that
        was said in the customer's conversations; from here on, what comes and goes appears at once.
        """
        self.ensure_one()
        if not self.channel_id:
            conversations = self.sudo()._lock_siblings()
            last = conversations[-1]
            channel = self._find_channel(self.contact_id, self.sender_id)
            values = {
                "channel_type": WHATSAPP,
                "name": last.display_name,
                "whatsapp_contact_id": self.contact_id.id,
                "whatsapp_sender_id": self.sender_id.id,
                "whatsapp_conversation_id": last.id,
            }
            channel = channel or self.env["discuss.channel"].sudo().with_context(install_mode=True).create(values)
            channel.whatsapp_conversation_id = last
            conversations.channel_id = channel
            unseen = conversations.line_ids.filtered(lambda line: line.state in _SHOWN and not line.mail_message_id)
            unseen.sorted("id")._post_in(channel)
        self.channel_id.sudo()._come_back()
        return self.channel_id

    @api.model
    def _find_channel(self, contact, sender):
        """The thread of a customer with a sender, archived or not: there cannot be another."""
        channels = self.env["discuss.channel"].sudo().with_context(active_test=False)
        place = [("whatsapp_contact_id", "=", contact.id), ("whatsapp_sender_id", "=", sender.id)]
        return self.env["discuss.channel"].sudo().browse(channels.search(place, limit=1).id)

    @api.model
    def _cron_write_long_threads(self):
        """Write the threads of customers who have written much lately, so that nobody waits at their first look."""
        query = SQL(
            """SELECT conversation.id
                 FROM whatsapp_conversation conversation
                WHERE conversation.channel_id IS NULL AND conversation.stage != 'closed'
                  AND conversation.last_message_at > %s
                  AND (SELECT count(*)
                         FROM (SELECT 1
                                 FROM whatsapp_conversation sibling
                                 JOIN whatsapp_conversation_message line ON line.conversation_id = sibling.id
                                WHERE sibling.contact_id = conversation.contact_id
                                  AND sibling.sender_id = conversation.sender_id
                                LIMIT %s) said) = %s""",
            utcnow() - _LATELY,
            _LONG,
            _LONG,
        )
        self.env.cr.execute(query)
        for (conversation_id,) in self.env.cr.fetchall():
            try:
                transactions.commit(self.env, self.browse(conversation_id)._get_channel)
            except transactions.RACES:
                _logger.info("The thread of conversation %s is written the next time", conversation_id)
            except Exception as error:
                # Who looks at it gets the thread then, or the error; the next customer's is written now.
                self.env.cr.rollback()
                self.env["whatsapp.job.failure"]._note("thread", error, self.browse(conversation_id))

    def _lock_siblings(self):
        """The customer's conversations with this sender, oldest first, locked for this transaction.

        Of two who look at the same moment, the second loses the race, and is served again once the thread is there.
        """
        self.flush_model(["contact_id", "sender_id"])
        query = SQL(
            """SELECT id FROM whatsapp_conversation WHERE contact_id = %s AND sender_id = %s
                ORDER BY id FOR NO KEY UPDATE""",
            self.contact_id.id,
            self.sender_id.id,
        )
        self.env.cr.execute(query, log_exceptions=False)
        return self.browse([row[0] for row in self.env.cr.fetchall()])

    @api.model
    def _get_or_open(self, contact, sender, now):
        conversation = super()._get_or_open(contact, sender, now)
        is_new = not conversation.last_message_at and not conversation.channel_id
        # The next conversation of a customer whose thread somebody has looked at goes on in it.
        if is_new and (channel := self._find_channel(contact, sender)):
            conversation.channel_id = channel
            channel.whatsapp_conversation_id = conversation
        return conversation

    def _tell_channel(self):
        """Let open screens know what the conversation is like now."""
        for conversation in self.filtered("channel_id"):
            channel = conversation.channel_id.sudo()
            if channel.whatsapp_conversation_id != conversation:
                continue
            if channel.name != conversation.display_name:
                channel.name = conversation.display_name
            Store(bus_channel=channel).add(channel, channel._get_whatsapp_store_fields()).bus_send()

    # Writing

    def _send_by_person(self, message):
        """A colleague wrote in the thread: it goes to the customer, and the assistant leaves the conversation to them."""
        self.ensure_one()
        conversation = self.sudo()
        conversation._take_over(self.env.user)
        conversation._queue_by_person(message)

    def _queue_by_person(self, message):
        """Put what a colleague wrote in the thread into the outbox. Returns its parts."""
        text = to_whatsapp(message.body)
        attachments = message.attachment_ids
        if faults := [fault for file in attachments if (fault := file._get_whatsapp_fault())]:
            raise UserError("\n".join(faults))
        values = {
            "conversation_id": self.id,
            "sender_id": self.sender_id.id,
            "direction": "outbound",
            "author": "person",
            "user_id": self.env.uid,
            "address": self.contact_id.address,
            "state": "queued",
            "mail_message_id": message.id,
        }
        parts = [{"body": part} for part in split_body(text)]
        # WhatsApp takes one file a message; the first goes with the words.
        for number, attachment in enumerate(attachments):
            part = {"outgoing_attachment_id": attachment.id, "kind": _kind_of(attachment)}
            if number == 0 and len(parts) == 1 and part["kind"] != "audio":
                parts[0].update(part)
            else:
                parts.append(part)
        lines = self.env["whatsapp.conversation.message"].create([{**values, **part} for part in parts])
        self.last_message_at = fields.Datetime.now()
        self.env["whatsapp.worker"]._wake()
        return lines

    def _note(self, text):
        """A line in the thread that only colleagues see."""
        guard(self, "thread", self._post_note, text)

    def _post_note(self, text):
        self._get_channel().sudo().message_post(
            body=Markup('<div class="o_mail_notification">%s</div>') % text,
            message_type="notification",
            subtype_xmlid="mail.mt_comment",
            author_id=self.env.user.partner_id.id,
        )


def _kind_of(attachment):
    kind = (attachment.mimetype or "").partition("/")[0]
    return kind if kind in ("image", "audio", "video") else "document"


#: Of several parts, the state of the first of these is shown.
_LEAST_SETTLED = ("failed", "unknown", "queued", "sending", "simulated", "sent", "delivered", "read")

#: A message of ours appears in the thread when it goes, and its state is told from then on.
_SHOWN_AS = ("sending", "simulated", "sent", "delivered", "read", "failed", "unknown")
_SHOWN = ("received", "handled", *_SHOWN_AS)


class WhatsappConversationMessage(models.Model):
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
        """Write these messages in a thread, in this order. Returns what was written."""
        messages = self.env["mail.message"].sudo().with_context(whatsapp_posted=POSTED)
        # One by one only where a message may quote one before it.
        quotes = any("OriginalRepliedMessageSid" in (line.sudo().parameters or {}) for line in self)
        for part in self if quotes else [self]:
            posted = messages.create([line._prepare_mail_message(channel) for line in part])
            for line, message in zip(part, posted, strict=True):
                line.mail_message_id = message
            messages += posted
        return messages.with_env(channel.env)

    def _prepare_mail_message(self, channel):
        self.ensure_one()
        contact = self.conversation_id.contact_id
        author = {}
        if self.author == "assistant":
            author["author_id"] = self.conversation_id.assistant_id._get_partner().id
        elif partner := contact._get_partner():
            author["author_id"] = partner.id
        else:
            author.update(author_id=False, author_guest_id=contact._get_guest().id)
        return {
            **author,
            "model": channel._name,
            "res_id": channel.id,
            "body": from_whatsapp(self.body or ""),
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
        messages = self.env["mail.message"].sudo()
        sid = self.direction == "inbound" and first(self.sudo().parameters or {}, "OriginalRepliedMessageSid")
        if not sid:
            return messages
        quoted = self.search([("sender_id", "=", self.sender_id.id), ("sid", "=", sid)], limit=1).mail_message_id.sudo()
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
        parameters = (self.sudo().parameters or {}) if self.kind == "location" else {}
        return {
            "id": self.id,
            "author": self.author,
            "kind": self.kind,
            "state": self.state,
            "failure": self.failure if self.state in ("failed", "unknown", "queued") else False,
            "transcript": self.transcript,
            "media_state": self.media_state,
            "location": "Latitude" in parameters
            and {"latitude": first(parameters, "Latitude"), "longitude": first(parameters, "Longitude")},
        }

    def _tell_thread(self):
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
        return f"{self.sender_id._get_public_url()}/web/content/{attachment.id}?access_token={token}"

    def _move_to(self, state, **values):
        moved = super()._move_to(state, **values)
        if moved and state in _SHOWN_AS:
            outbound = self.filtered(lambda line: line.direction == "outbound")
            shown = outbound.filtered("mail_message_id")
            guard(shown, "thread", shown._tell_thread)
            (outbound - shown)._show()
        return moved

    def action_retry(self):
        """Try once more to send messages that failed."""
        for line in self:
            line.conversation_id._check_may_write()
        failed = self._checked_sudo("read").filtered(
            lambda line: line.state == "failed" and line.direction == "outbound"
        )
        failed.write(
            {"state": "queued", "attempts": 0, "checks": 0, "retry_at": False, "error": False, "error_code": False}
        )
        failed._tell_thread()
        self.env["whatsapp.worker"]._wake()


class WhatsappContact(models.Model):
    _inherit = "whatsapp.contact"

    guest_id = fields.Many2one("mail.guest", index="btree_not_null", ondelete="set null", readonly=True, copy=False)

    def _get_guest(self):
        """Who the person is in Discuss as long as they have no partner."""
        self.ensure_one()
        if not self.guest_id:
            self.sudo().guest_id = self.env["mail.guest"].sudo().create({"name": self._get_guest_name()})
        return self.guest_id

    def _pass_on_messages(self):
        """What these people wrote has them as guests for its author, before their partner goes."""
        for contact in self.filtered("partner_id"):
            written = self.env["whatsapp.conversation.message"].search(
                [
                    ("conversation_id.contact_id", "=", contact.id),
                    ("direction", "=", "inbound"),
                    ("mail_message_id.author_id", "=", contact.partner_id.id),
                ]
            )
            if messages := written.mail_message_id.sudo():
                messages.write({"author_id": False, "author_guest_id": contact._get_guest().id})

    def _get_guest_name(self):
        return self.profile_name or self.display_name


class WhatsappAssistant(models.Model):
    _inherit = "whatsapp.assistant"

    partner_id = fields.Many2one("res.partner", string="Author", ondelete="restrict", readonly=True, copy=False)

    def _get_partner(self):
        """Who the assistant is in threads."""
        self.ensure_one()
        if not self.partner_id:
            # Archived, so that nobody writes to it or finds it among customers.
            self.sudo().partner_id = self.env["res.partner"].sudo().create({"name": self.name, "active": False})
        return self.partner_id


class DiscussChannel(models.Model):
    _inherit = "discuss.channel"

    def _come_back(self):
        """A thread that somebody archived is there again as soon as something happens in it."""
        for channel in self.filtered(lambda channel: not channel.active):
            channel.active = True

    def _announce(self, messages):
        """Show messages on open screens, and notify the members; nobody is a member while the assistant is alone."""
        self.ensure_one()
        for message in messages:
            if self.channel_member_ids:
                self._notify_thread(message)
            else:
                data = Store(bus_channel=self).add(message).get_result()
                self._bus_send("discuss.channel/new_message", {"data": data, "id": self.id})
