import base64
import io
import json
import re
import unicodedata
import zipfile

from odoo import fields, models
from odoo.tools import html2plaintext
from odoo.tools.json import json_default

#: Characters of the names of files in the archive.
_LONGEST_NAME, _LONGEST_ENDING = 80, 20

_LEAD_FIELDS = (
    "name",
    "contact_name",
    "partner_name",
    "email_from",
    "phone",
    "street",
    "city",
    "expected_revenue",
    "x_source",
    "x_product_interest",
    "x_budget_range",
    "x_ai_confidence",
    "x_quality_score",
    "create_date",
)
_TURN_FIELDS = (
    "provider",
    "model",
    "slots",
    "right_slots",
    "quality",
    "completeness",
    "confidence",
    "action",
    "explanation",
)


class WhatsappContact(models.Model):
    """All that is known of a person, to be given to them."""

    _inherit = "whatsapp.contact"

    export_file = fields.Binary(compute="_compute_export_file", groups="sales_team.group_sale_manager")

    def action_export(self):
        """Download it; the file is made as it is fetched, and kept nowhere."""
        self.ensure_one()
        self.check_access("read")
        name = f"whatsapp-{self.id}.zip"
        url = f"/web/content/{self._name}/{self.id}/export_file/{name}?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def _compute_export_file(self):
        for contact in self:
            contact.export_file = contact._checked_sudo("read")._make_export() if contact.id else False

    def _make_export(self):
        """A ZIP archive in base64: ``data.json``, and the files that it names."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for conversation in self.conversation_ids:
                for path, file in conversation._list_files():
                    archive.writestr(path, file.raw or b"")
            data = json.dumps(self._get_personal_data(), default=json_default, ensure_ascii=False, indent=2)
            archive.writestr("data.json", data)
        return base64.b64encode(buffer.getvalue())

    def _get_personal_data(self):
        partner = self.partner_id
        return {
            "address": self.address,
            "phone": self.phone,
            "profile_name": self.profile_name,
            "contact": partner and {"name": partner.name, "email": partner.email, "phone": partner.phone},
            "company": self.company_id.name,
            "wants_no_messages_since": self.opted_out_at,
            "told_of_privacy_notice_on": self.informed_at,
            "conversations": [conversation._get_personal_data() for conversation in self.conversation_ids.sorted("id")],
            "leads": [
                {name: lead[name] for name in _LEAD_FIELDS}
                | {"stage": lead.stage_id.name, "description": html2plaintext(lead.description or "")}
                for lead in self.conversation_ids.lead_id
            ],
        }


class WhatsappConversation(models.Model):
    _inherit = "whatsapp.conversation"

    def _get_personal_data(self):
        return {
            "with": self.sender_id.number,
            "stage": self.stage,
            "quality": self.quality,
            "begun": self.create_date,
            "last_message": self.last_message_at,
            "known": (self.understanding or {}).get("slots"),
            "messages": [line._get_personal_data() for line in self.line_ids.sorted("id")],
            "analyses": [
                {"at": turn.create_date} | {name: turn[name] for name in _TURN_FIELDS}
                for turn in self.classification_ids.sorted("id")
            ],
            "notes": [
                {"at": note.date, "author": note.author_id.name, "text": html2plaintext(note.body)}
                for note in (self.message_ids | self.channel_id.message_ids).sorted("id")
                if note.body and not note.whatsapp_line_ids
            ],
        }

    def _list_files(self):
        """(path in the archive, attachment) of all files that were received and sent."""
        return [(path, file) for line in self.line_ids for path, file in line._list_files()]


class WhatsappConversationMessage(models.Model):
    _inherit = "whatsapp.conversation.message"

    def _get_personal_data(self):
        names = ("direction", "author", "kind", "body", "transcript", "state", "parameters")
        return (
            {"at": self.create_date}
            | {name: self[name] for name in names}
            | {"files": [path for path, _file in self._list_files()]}
        )

    def _list_files(self):
        files = self.attachment_ids | self.outgoing_attachment_id
        return [(f"files/{self.id}-{file.id}-{_get_safe_name(file.name)}", file) for file in files]


def _get_safe_name(name):
    """A file's name without what an archive's reader could take for a folder, a drive or a way out of one.

    Customers choose the names of their files. Kept are letters, digits and a few signs, and the ending.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name or ""))[-1]
    safe = "".join(char if char.isalnum() or char in "-_ ()." else "_" for char in last)
    stem, point, ending = re.sub(r"\.{2,}", ".", safe).strip(" .").rpartition(".")
    return f"{stem[:_LONGEST_NAME]}{point}{ending[:_LONGEST_ENDING]}" or "file"
