import logging
from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.mail.tools.discuss import Store
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime

from ...gateway.delivery import WINDOW, split_body
from ...gateway.formatting import to_whatsapp
from ...lib import transactions
from ...lib.clock import utcnow
from ...lib.guard import guard
from ..inherited.discuss_channel import WHATSAPP
from ..message.base import SHOWN

_logger = logging.getLogger(__name__)

#: A thread of so many messages is written before anybody looks, by a job that runs more often than this.
_LONG, _LATELY = 50, timedelta(hours=1)


#: What a screen of the simulator listens to.
SIMULATOR_CHANGED = "whatsapp.simulator/changed"


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

    def _is_window_open(self):
        """Whether WhatsApp lets us write freely now."""
        end = self._get_window_end()
        return bool(end) and end >= utcnow()

    def _check_may_write(self, by_template=False):
        """Raise a `UserError` when WhatsApp would refuse a message of ours, or the reader has no right to write.

        by_template
            whether it is an approved template, which goes at any time.
        """
        self.ensure_one()
        if self.contact_id._is_out_of_reach():
            raise UserError(self._get_silence_text())
        self.with_env(self.env(su=False)).check_access("write")
        end = self._get_window_end()
        if not end and not by_template:
            raise UserError(
                self.env._(
                    "The customer has not written yet, and until they do WhatsApp lets only an approved template "
                    "through. Your text was not sent: send a template."
                )
            )
        if not self._is_window_open() and not by_template:
            raise UserError(
                self.env._(
                    "WhatsApp lets us write freely for 24 hours after the customer's last message; they ended on "
                    "%(moment)s. Your text was not sent. Only an approved template reaches the customer now: send one.",
                    moment=format_datetime(self.env, end, dt_format="short"),
                )
            )
        if self.opted_out:
            raise UserError(self._get_silence_text())

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
        was said in the customer's conversations; from here on, what comes and goes appears at once. Of what is erased
        there is nothing to show.
        """
        self.ensure_one()
        if not self.channel_id and self.words_erased_at:
            return self.channel_id
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
            conversations._get_unshown_lines()._post_in(channel)
        self.channel_id.sudo()._come_back()
        return self.channel_id

    def _get_unshown_lines(self):
        """What came and went in these conversations and is in no thread yet, oldest first."""
        return self.line_ids.filtered(lambda line: line.state in SHOWN and not line.mail_message_id).sorted("id")

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
                self.env["whatsapp.job.failure"]._record("thread", error, self.browse(conversation_id))

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

    def _continue_thread(self):
        """The next conversation of a customer whose thread somebody has looked at goes on in it."""
        if channel := self._find_channel(self.contact_id, self.sender_id):
            self.channel_id = channel
            channel.whatsapp_conversation_id = self

    def _broadcast_state(self):
        """Let open screens know what the conversation is like now."""
        for conversation in self.filtered("channel_id"):
            channel = conversation.channel_id.sudo()
            if channel.whatsapp_conversation_id != conversation:
                continue
            if channel.name != conversation.display_name:
                channel.name = conversation.display_name
            Store(bus_channel=channel).add(channel, channel._get_whatsapp_store_fields()).bus_send()
            if conversation.is_simulated:
                channel._bus_send(SIMULATOR_CHANGED, {"channel_id": channel.id})

    # Writing

    def show_typing(self):
        """The reader has begun to write to the customer, who sees so."""
        self.ensure_one()
        self._checked_sudo("write")._show_typing()

    def _show_typing(self):
        last = self._get_last_inbound()
        if last and last._shows_typing():
            last._want_typing()

    def _send_by_person(self, message):
        """A colleague wrote in the thread: it goes to the customer, and the assistant leaves the conversation to them."""
        self.ensure_one()
        conversation = self.sudo()
        if not self.env.context.get("whatsapp_assistant_goes_on"):
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
            "address": self._get_address(),
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
        self._on_outbound(lines)
        self.env["whatsapp.worker"]._wake()
        return lines

    def _post_internal_note(self, text):
        """A line in the thread that only colleagues see."""
        guard(self, "thread", self._write_internal_note, text)

    def _write_internal_note(self, text):
        self._get_channel().sudo().message_post(
            body=Markup('<div class="o_mail_notification">%s</div>') % text,
            message_type="notification",
            subtype_xmlid="mail.mt_comment",
            author_id=self.env.user.partner_id.id,
        )


def _kind_of(attachment):
    kind = (attachment.mimetype or "").partition("/")[0]
    return kind if kind in ("image", "audio", "video") else "document"
