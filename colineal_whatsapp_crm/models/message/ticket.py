from markupsafe import Markup
from odoo import fields, models
from odoo.tools import format_datetime

from ...gateway.display_text import clean
from ...gateway.formatting import from_whatsapp
from ...gateway.inbound import target_of
from ...lib.guard import guard
from .base import SHOWN, SILENT_KINDS

#: Kinds whose words alone do not say what came.
_NAMED_KINDS = ("button", "contact", "location", "order", "sms", "unsupported")

_MAP = "https://www.google.com/maps/search/?api=1&query=%s,%s"


class WhatsappConversationMessage(models.Model):
    """The message as a note on the ticket: who may read the case reads what was said, whether or not they are in Sales."""

    _inherit = "whatsapp.conversation.message"

    ticket_message_id = fields.Many2one(
        "mail.message", string="In the Ticket", index="btree_not_null", ondelete="set null", readonly=True, copy=False
    )

    def _show_in_ticket(self):
        """Note messages, as they come and go, on the open tickets of their conversations; none is noted twice."""
        if not self.env["whatsapp.conversation"]._has_tickets():
            return
        new = self.filtered(
            lambda line: line.conversation_id.ticket_ref and not line.ticket_message_id and line._is_for_ticket()
        )
        for conversation, lines in new.grouped("conversation_id").items():
            language = conversation.company_id._get_whatsapp_language()
            guard(lines, "ticket", lines.sorted("id").with_context(lang=language)._note_on_ticket, conversation)

    def _is_for_ticket(self):
        """Whether it is a message by itself: reactions and corrections are seen on what they are about."""
        return (
            self.state in SHOWN
            and self.kind not in SILENT_KINDS
            and not (self.kind == "edit" and (self._is_superseded() or self._get_target()))
        )

    def _note_on_ticket(self, conversation):
        ticket = conversation._get_open_ticket()
        if not ticket or conversation.words_erased_at:
            return
        # Made as they are, and not posted: nobody is notified, the customer least of all.
        notes = self.env["mail.message"].sudo().create([line._prepare_ticket_note(ticket) for line in self])
        for line, note in zip(self, notes, strict=True):
            line.ticket_message_id = note
            line._copy_files_to_ticket()

    def _prepare_ticket_note(self, ticket):
        return {
            **self._prepare_author(),
            "model": ticket._name,
            "res_id": ticket.id,
            "body": self._get_ticket_body(),
            "message_type": "comment",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            # No portal shows it, and no customer.
            "is_internal": True,
            "email_from": False,
            "reply_to": False,
            "date": self.create_date,
        }

    def _get_ticket_body(self):
        """The message as HTML, with what the thread shows beside its words."""
        self.ensure_one()
        text = from_whatsapp(self._get_text() or "")
        if not text or self.kind in _NAMED_KINDS:
            text = Markup("<em>%s</em> %s") % (self._get_kind_name(), text)
        if self.deleted_at:
            text = Markup("<s>%s</s>") % text
        return text + Markup("").join(Markup("<p>%s</p>") % part for part in self._list_ticket_extras())

    def _get_kind_name(self):
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    def _list_ticket_extras(self):
        """What the thread shows beside the words of a message, a paragraph each."""
        shown = self._get_shown()
        parts = [shown["description"], *(shown["ordered"] or ())]
        if answered := self._get_target()._get_shown_words():
            parts.append(self.env._("In answer to: %s", clean(answered)))
        if shown["forwarded"]:
            parts.append(
                self.env._("Forwarded many times") if shown["forwarded"] == "often" else self.env._("Forwarded")
            )
        if shown["advertisement"]:
            parts.append(self.env._("From the advertisement “%s”", shown["advertisement"]))
        if place := shown["location"]:
            link = _MAP % (place["latitude"], place["longitude"])
            parts.append(Markup('<a href="%s" target="_blank">%s</a>') % (link, self.env._("Open the map")))
        for card in shown["cards"]:
            known = (card["name"], card["organization"], *card["phones"], *card["emails"])
            parts.append(" · ".join(filter(None, known)))
        if shown["earlier"]:
            parts.append(Markup("%s <s>%s</s>") % (self.env._("At first:"), shown["earlier"]))
        if self.media_state == "failed":
            parts += self._describe_faults()
        return list(filter(None, parts))

    def _list_for_ticket(self):
        """These messages of one conversation as they are shown to who may read its ticket, the oldest first.

        Returns [{"is_ours", "author", "moment", "body", "files", "state", "failure", "reactions"}].
        """
        states = dict(self._fields["state"]._description_selection(self.env))
        lines = self.sorted("id")
        reactions = {}
        for line in lines.filtered(lambda line: line.kind == "reaction"):
            reactions[target_of(line.sudo().parameters or {})] = clean(line.body)
        return [
            {
                "is_ours": line.direction == "outbound",
                "author": line._get_author_name(),
                "moment": format_datetime(self.env, line.create_date, dt_format="short"),
                "body": line._get_ticket_body(),
                "files": line.ticket_message_id.sudo().attachment_ids,
                "state": line.direction == "outbound" and states[line.state],
                "failure": line.state == "failed" and line.failure,
                "reaction": reactions.get(line.sid),
            }
            for line in lines
            if line._is_for_ticket()
        ]

    def _get_author_name(self):
        if self.author == "customer":
            contact = self.conversation_id.contact_id
            return self.conversation_id.customer_name or clean(contact.profile_name) or contact._get_handle()
        return self.user_id.sudo().name if self.author == "person" else self.env._("Assistant")

    def _show_files_in_ticket(self):
        """Files came after their message was noted, or will not come, which the note says."""
        self._copy_files_to_ticket()
        if self.media_state == "failed":
            self._correct_in_ticket()

    def _copy_files_to_ticket(self):
        """Files are read by who may read what they hang on: the ticket has its own, of which no byte is kept twice."""
        self.ensure_one()
        note = self.ticket_message_id.sudo()
        if not note:
            return
        files = (self.attachment_ids | self.outgoing_attachment_id).sudo()
        known = set(note.attachment_ids.mapped("checksum"))
        place = {"res_model": note.model, "res_id": note.res_id}
        copies = [file.copy({**place, "name": file.name}) for file in files if file.checksum not in known]
        note.attachment_ids += self.env["ir.attachment"].sudo().union(*copies)

    def _correct_in_ticket(self):
        """The note says what the customer changed or took back."""
        for line in self.filtered("ticket_message_id"):
            language = line.conversation_id.company_id._get_whatsapp_language()
            line.ticket_message_id.sudo().body = line.with_context(lang=language)._get_ticket_body()

    def _erase_in_ticket(self):
        """The notes go, and their files."""
        notes = self.sudo().ticket_message_id
        notes.attachment_ids.unlink()
        notes.unlink()
