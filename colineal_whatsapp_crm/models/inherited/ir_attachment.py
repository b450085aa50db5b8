import logging

from odoo import fields, models
from odoo.addons.mail.tools.discuss import Store
from odoo.exceptions import UserError

from ...gateway.outgoing_files import find_fault
from ...gateway.voice import VOICE_TYPE, VoiceError, make_sound, make_voice_note

_logger = logging.getLogger(__name__)


def _is_waiting(file):
    """Whether a file is in somebody's composer, and nowhere else yet."""
    return file.sudo().res_model == "mail.compose.message"


class IrAttachment(models.Model):
    """Files that go to customers: WhatsApp does not take all of them, and what they have stays."""

    _inherit = "ir.attachment"

    def _to_store_defaults(self, target):
        """Who puts a file into the composer is told before they send it."""
        fault = Store.Attr("whatsapp_fault", lambda file: file.sudo()._get_whatsapp_fault(), predicate=_is_waiting)
        hint = Store.Attr("whatsapp_hint", lambda file: file.sudo()._get_whatsapp_hint(), predicate=_is_waiting)
        return [*super()._to_store_defaults(target), fault, hint]

    def _post_add_create(self, **kwargs):
        """What is put into the composer of a customer's thread becomes what WhatsApp makes most of: a recording becomes
        a voice note, which the colleague hears as the customer will."""
        result = super()._post_add_create(**kwargs)
        # Guests and customers of the portal upload as well: what they say is a recording, nobody unpacks.
        if kwargs.get("whatsapp") and self.env.user._is_internal():
            for file in self.filtered(lambda file: file.voice_ids or file.mimetype == "audio/opus"):
                file._become_voice_note()
        return result

    def _become_voice_note(self):
        self.ensure_one()
        try:
            note = make_voice_note(self.raw, self.mimetype)
        except VoiceError as error:
            # It goes as it is, if WhatsApp takes such files; `_get_whatsapp_hint` says so.
            _logger.warning("Attachment %s goes as a file of sound, not as a voice note: %s", self.id, error)
            return
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        name = f"{self.env._('Voice note')} {now:%Y-%m-%d %H.%M}.ogg" if self.voice_ids else self.name
        self.write({"name": name, "raw": note, "mimetype": VOICE_TYPE})

    def _become_sound(self):
        """Make a file of sound of a voice note that did not get through; it stays what it is where that fails."""
        for file in self.filtered(lambda file: file.mimetype == VOICE_TYPE):
            try:
                sound = make_sound(file.raw)
            except VoiceError as error:
                _logger.warning("Attachment %s stays a voice note: %s", file.id, error)
                continue
            name = f"{file.name.removesuffix('.ogg')}.mp3"
            file.write({"name": name, "raw": sound, "mimetype": "audio/mpeg"})

    def _get_whatsapp_hint(self):
        """What the customer gets of this file that its sender might not expect, in words; False when all is well."""
        self.ensure_one()
        if not self.voice_ids or self.mimetype == VOICE_TYPE:
            return False
        return self.env._(
            "The customer gets this recording as a file of sound, not as a voice note: on the server, the Python package "
            "“av” is missing or could not read it."
        )

    def _get_whatsapp_fault(self):
        """Why WhatsApp would refuse this file, in words; False when it would not."""
        self.ensure_one()
        head = self.raw[:64] if self.mimetype == VOICE_TYPE else b""
        fault, most = find_fault(self.name, self.mimetype, self.file_size, head)
        if not fault:
            return False
        return {
            "empty": self.env._("%s is empty: WhatsApp takes no empty files.", self.name),
            "kind": self.env._(
                "%s: WhatsApp does not take files of this kind. It takes photos (JPEG, PNG), PDF, Word, Excel and "
                "PowerPoint, plain text, MP4 videos, voice and music (OGG, MP3, AAC, AMR), and contact cards.",
                self.name,
            ),
            "codec": self.env._(
                "%s: of OGG files WhatsApp takes voice only, in the Opus format. Record it here, or send it as MP3.",
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
