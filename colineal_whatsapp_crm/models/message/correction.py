from datetime import timedelta

from markupsafe import Markup
from odoo import fields, models
from odoo.addons.mail.tools.discuss import Store

from ...gateway.formatting import from_whatsapp
from ...gateway.inbound import target_of
from ...lib.guard import guard

#: Kinds of what changes or takes back another message.
CORRECTIONS = ("edit", "deletion")

#: A message may come so long after what corrects it: webhooks come in any order, and what they missed is found later.
_LATEST = timedelta(days=7)

#: So many of a customer's last corrections are looked through for those of one message.
_LOOKED_THROUGH = 100


class WhatsappConversationMessage(models.Model):
    """What customers change or take back after they sent it, in whatever order that and the message come."""

    _inherit = "whatsapp.conversation.message"

    edited_at = fields.Datetime(
        readonly=True, help="When the customer last changed it; of a correction, when another took its place."
    )
    earlier_body = fields.Text(readonly=True, help="The words as they first came, where the customer changed them.")
    deleted_at = fields.Datetime(readonly=True, help="When the customer deleted it for everybody.")

    def _is_superseded(self):
        """Whether it is a correction in whose place there is a later one."""
        return self.kind == "edit" and bool(self.edited_at)

    def _apply_corrections(self):
        """New messages that change or take back what the customer wrote do so, as do those that came before it.

        The last change counts, and a deletion more than any.
        """
        new = self.filtered(lambda line: line.kind in CORRECTIONS)
        early_at = self.conversation_id.contact_id.early_correction_at
        # As it mostly is, which must not cost anything.
        if not new and not (early_at and early_at > fields.Datetime.now() - _LATEST):
            return
        # They say nothing: what was said before stands.
        new.filtered(lambda line: line.kind == "edit" and not line.body)._move_to("handled")
        sids = set(self.mapped("sid"))
        for sid, corrections in self[:1]._group_corrections().items():
            if sid in sids or corrections & new:
                self._correct(sid, corrections)

    def _group_corrections(self):
        """What corrects the customer's messages to this sender, the oldest first: {SID of the message: corrections}.

        What corrects a correction corrects the message.
        """
        own = [("sender_id", "=", self.sender_id.id), ("kind", "in", CORRECTIONS)]
        own += [("conversation_id", "in", self.conversation_id.contact_id.conversation_ids.ids)]
        found = self.search(own, order="id desc", limit=_LOOKED_THROUGH).sorted("id")
        named, groups = {line.sid: target_of(line.sudo().parameters or {}) for line in found}, {}
        for line in found.filtered(lambda line: line.kind == "deletion" or line.body):
            sid, seen = named[line.sid], {line.sid}
            while sid in named and sid not in seen:
                seen.add(sid)
                sid = named[sid]
            if sid:
                groups[sid] = groups.get(sid, self.browse()) | line
        return groups

    def _get_siblings(self):
        """All that corrects the same message as this correction, with it."""
        return next((each for each in self._group_corrections().values() if self in each), self.browse())

    def _correct(self, sid, corrections):
        """A message is as its corrections say, of which some came just now, or the message did: see `_apply_corrections`.

        sid, corrections
            as `_group_corrections` gives them. While the message has not come, the last of them is in its place.
        """
        original = self[:1]._find_by_sid(sid)
        original = original.filtered(
            lambda line: (
                line.direction == "inbound"
                and line.kind not in CORRECTIONS
                and not line.conversation_id.words_erased_at
            )
        )
        if not original:
            self.conversation_id.contact_id.early_correction_at = fields.Datetime.now()
        deletion = corrections.filtered(lambda line: line.kind == "deletion")[:1]
        edits = corrections.filtered(lambda line: line.kind == "edit")
        if deletion:
            self._delete(original | edits, deletion.create_date)
        elif edits[-1] in self or original in self:
            self._edit(original, edits)
        shown = original or edits[-1:] or deletion
        is_moved = shown._take_place_of(corrections - shown)
        guard(self, "thread", shown._show_correction, is_moved)
        guard(self, "ticket", shown._correct_in_ticket)

    def _delete(self, gone, moment):
        """The customer took back a message and all that corrects it."""
        unread = gone.filtered(lambda line: line.state == "received")
        read = gone.filtered(lambda line: not line.deleted_at) - unread
        gone.filtered(lambda line: not line.deleted_at).deleted_at = moment
        # What is taken back before it was read is not read, in its old words or in new ones.
        if unread._move_to("handled"):
            unread.conversation_id._drop_turn()
        if read:
            self._follow(read, "_follow_deletion", gone)
        gone.conversation_id._stop_waiting_for_nothing()

    def _edit(self, original, edits):
        """The last edit is in the place of the message's own words, and of what other edits made of them.

        original
            empty while it has not come.
        """
        last, replaced = edits[-1], edits[:-1].filtered(lambda line: not line.edited_at)
        read = replaced.filtered("classification_id")
        replaced.edited_at = last.create_date
        if original.state == "received":
            # It is read as it is now, unless its new words were read before it came.
            replaced |= last if last.state == "received" else original
        elif last in self:
            read |= original
        if replaced._move_to("handled"):
            replaced.conversation_id._drop_turn()
        if read:
            self._follow(read, "_take_back", original | edits)
        original.write(
            {
                "earlier_body": original.earlier_body or original.body,
                "body": last.body,
                "edited_at": last.create_date,
                "translations": False,
            }
        )

    def _follow(self, read, step, gone):
        """What the conversation knows follows what became of messages that were read; that of an ended one stays."""
        conversation = self.conversation_id
        if conversation in read.conversation_id and conversation.classification_id:
            guard(conversation, "turn", getattr(conversation, step), gone)

    def _take_place_of(self, corrections):
        """Where one of these is shown, for want of this message, this one is. Returns whether one was."""
        moved = False
        for name in ("mail_message_id", "ticket_message_id"):
            shown = corrections.filtered(name)[:1]
            if shown and not self[name]:
                self[name], shown[name] = shown[name], False
                moved = True
        return moved

    def _show_correction(self, is_moved=False):
        """Open screens show what the customer changed.

        is_moved
            it is shown from now on where something else was.
        """
        message = self.mail_message_id.sudo()
        if not message:
            return
        shown = [message._get_whatsapp_store_field()]
        if self.edited_at or is_moved:
            message.body = self._get_shown_body()
            shown.append("body")
        Store(bus_channel=message.channel_id).add(message, shown).bus_send()

    def _get_shown_body(self):
        """The words as HTML; with Discuss's own mark where they were changed."""
        body = from_whatsapp(self._get_headed_words())
        if not self.edited_at:
            return body
        mark = Markup("<span class='o-mail-Message-edited'/>")
        # Within the last paragraph, or it stands on a line of its own.
        return body[:-4] + mark + body[-4:] if body.endswith("</p>") else body + mark
