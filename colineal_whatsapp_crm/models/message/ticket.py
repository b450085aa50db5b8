from markupsafe import Markup
from odoo import fields, models

from ...gateway.formatting import from_whatsapp
from ...lib.guard import guard
from .base import SHOWN, SILENT_KINDS


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
            lambda line: (
                line.conversation_id.ticket_ref
                and not line.ticket_message_id
                and line.state in SHOWN
                and line.kind not in SILENT_KINDS
                # A correction is seen on what it corrects.
                and not (line.kind == "edit" and line._get_target())
            )
        )
        for conversation, lines in new.grouped("conversation_id").items():
            guard(lines, "ticket", lines.sorted("id")._note_on_ticket, conversation)

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
        if self.author == "person":
            author = {"author_id": self.user_id.sudo().partner_id.id}
        else:
            author = self._prepare_author()
        return {
            **author,
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
        text = from_whatsapp(self._get_text() or "") or self._get_shown_words() or ""
        return Markup("<s>%s</s>") % text if self.deleted_at else text

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
            line.ticket_message_id.sudo().body = line._get_ticket_body()

    def _erase_in_ticket(self):
        """The notes go, and their files."""
        notes = self.sudo().ticket_message_id
        notes.attachment_ids.unlink()
        notes.unlink()
