from odoo import models
from odoo.addons.mail.tools.discuss import Store
from odoo.exceptions import UserError

from ...gateway.outgoing_files import find_fault


class IrAttachment(models.Model):
    """Files that go to customers: WhatsApp does not take all of them, and what they have stays."""

    _inherit = "ir.attachment"

    def _to_store_defaults(self, target):
        """Who puts a file into the composer is told before they send it."""
        fault = Store.Attr(
            "whatsapp_fault",
            lambda file: file.sudo()._get_whatsapp_fault(),
            predicate=lambda file: file.sudo().res_model == "mail.compose.message",
        )
        return [*super()._to_store_defaults(target), fault]

    def _get_whatsapp_fault(self):
        """Why WhatsApp would refuse this file, in words; False when it would not."""
        self.ensure_one()
        fault, most = find_fault(self.name, self.mimetype, self.file_size)
        if not fault:
            return False
        return {
            "empty": self.env._("%s is empty: WhatsApp takes no empty files.", self.name),
            "kind": self.env._(
                "%s: WhatsApp does not take files of this kind. It takes photos (JPEG, PNG), PDF, Word, Excel and "
                "PowerPoint, plain text, MP4 videos, voice and music (OGG, MP3, AAC, AMR), and contact cards.",
                self.name,
            ),
            "size": self.env._(
                "%(name)s is larger than the %(most)s MB that WhatsApp takes.", name=self.name, most=most
            ),
        }[fault]

    def _delete_and_notify(self, message=None):
        """What the customer has is not deleted here either; who uploaded it holds a token to do so."""
        lines = self.env["whatsapp.conversation.message"].sudo()
        if lines.search_count([("outgoing_attachment_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("The customer has this file already: it cannot be deleted any more."))
        return super()._delete_and_notify(message)
