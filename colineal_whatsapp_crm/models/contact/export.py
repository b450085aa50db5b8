import base64
import io
import json
import zipfile

from odoo import fields, models
from odoo.tools import html2plaintext
from odoo.tools.json import json_default

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
            "number_told": self.told_phone,
            "username": self.username,
            "addresses": [
                {
                    "kind": each.kind,
                    "address": each.value,
                    "first_seen": each.first_seen_at,
                    "last_seen": each.last_seen_at,
                }
                for each in self.address_ids
            ],
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
