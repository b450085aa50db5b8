import mimetypes
import re
from datetime import UTC, timedelta

from markupsafe import Markup
from odoo import api, fields, models
from pytz import timezone

from ...gateway import media
from ...gateway.failure_text import FailureText, explain
from ...gateway.inbound import file_name_of, words_of
from ...gateway.media import list_media
from ...gateway.vcard import CARD_TYPES
from ...gateway.voice import VOICE_TYPE
from ...lib import accent_insensitive
from ...lib.clock import utcnow
from ...lib.guard import guard
from ...understanding import Media, Message

#: How long a customer's turn waits for a voice note or a photo to come.
_PATIENCE = timedelta(seconds=10)

_LOOK_AGAIN = timedelta(seconds=0.5)

#: Parameters of a simulated message that Twilio would not send: what is said in a voice note.
SIMULATED_TRANSCRIPT = "SimulatedTranscript"
#: Where a machine knows none, or several of which the first is not what people expect.
_EXTENSIONS = {"audio/ogg": ".ogg", "audio/amr": ".amr", "audio/webm": ".weba", "image/jpeg": ".jpg"}
#: What may come with words that are about it.
_FILES = ("image", "video", "document", "audio")
#: What says all that it says in words, or nothing.
_NOTHING_TO_HEAR = ("text", "sticker", "reaction", "edit", "deletion")


class WhatsappConversationMessage(models.Model):
    """What came with a message beside words: files, and what was said or seen in them."""

    _inherit = "whatsapp.conversation.message"

    media_state = fields.Selection(
        [("pending", "On its way"), ("fetched", "Here"), ("failed", "Did not come"), ("erased", "Deleted")],
        string="File",
        readonly=True,
    )
    media_attempts = fields.Integer(readonly=True)
    media_retry_at = fields.Datetime(readonly=True)
    media_error = FailureText(readonly=True)
    media_faults = fields.Json(readonly=True, help="What went wrong with which of several files, by their number.")
    attachment_ids = fields.One2many(
        "ir.attachment",
        "res_id",
        string="Files",
        domain=[("res_model", "=", "whatsapp.conversation.message")],
        readonly=True,
    )
    transcript = accent_insensitive.Text(readonly=True, help="What was said in the voice note or is seen in the photo.")
    words = fields.Text(
        compute="_compute_words", help="What the customer said: in writing, or as it was heard or seen."
    )

    _media_index = models.Index("(sender_id, id) WHERE media_state = 'pending'")

    @api.depends("body", "transcript")
    def _compute_words(self):
        for message in self:
            message.words = message._get_words()

    def _expect_media(self):
        """Have the files of new messages fetched."""
        self.filtered(lambda message: media.list_media(message.sudo().parameters or {})).media_state = "pending"
        for message in self.filtered(lambda message: message.sender_id.is_simulator):
            message.transcript = (message.sudo().parameters or {}).get(SIMULATED_TRANSCRIPT)

    def _get_media_wait(self, hears):
        """How long to let a turn wait before it is looked at again, because files are on their way; None: not at all.

        hears
            whether its reader makes anything of voice notes and photos; who is on a contact card, all of them know.
        """
        now = utcnow()
        waiting = self.filtered(
            lambda message: (
                message.media_state == "pending"
                and message.create_date > now - _PATIENCE
                and (hears or (message.kind == "contact" and not message.media_attempts))
            )
        )
        return _LOOK_AGAIN if waiting else None

    def _list_wanted_files(self):
        """The files that are still to be fetched: {number: (URL, MIME type)}."""
        self.ensure_one()
        files = dict(enumerate(list_media(self.sudo().parameters or {}), 1))
        if not self.media_faults:
            return files
        again = {int(number) for number, fault in self.media_faults.items() if not fault["lasting"]}
        return {number: file for number, file in files.items() if number in again}

    def _describe_faults(self):
        """Which of several files will not come and why, in words, one a file; of a single one, why."""
        self.ensure_one()
        count = len(list_media(self.sudo().parameters or {}))
        told = []
        for number, fault in sorted((self.media_faults or {}).items(), key=lambda each: int(each[0])):
            if self.media_state == "pending" and not fault["lasting"]:
                # It may still come.
                continue
            why = explain(self.env, fault["error"])
            if count > 1:
                why = self.env._("File %(number)s of %(count)s: %(why)s", number=number, count=count, why=why)
            told.append(why)
        return told

    def _filter_standing(self):
        """Of these messages, those whose words stand: nothing that was taken back, and what was corrected once.

        A correction is in the place of the words that it corrects, where these are among them.
        """
        standing = self.filtered(lambda line: not line.deleted_at and not line._is_superseded())
        for line in standing.filtered(lambda line: line.kind == "edit"):
            target = line._get_target()
            if target in self or target.deleted_at:
                standing -= line
        return standing

    def _quote_words(self):
        """What stands of these messages in the customer's words, a line each, as HTML."""
        words = [text for line in self._filter_standing() if (text := line._get_words())]
        return Markup("<br/>").join(Markup("<br/>").join(text.splitlines()) for text in words)

    def _get_words(self):
        """What somebody said: the text, and what was heard or seen; nothing of what only names a file or a place."""
        self.ensure_one()
        text = words_of(self.kind, self.body) if self.direction == "inbound" else self.body
        return "\n".join(filter(None, (text, self.transcript)))

    def _get_text(self):
        """All that is shown of it as text."""
        self.ensure_one()
        return "\n".join(filter(None, (self.body, self.transcript)))

    def _is_unheard(self):
        """Whether only a person can tell what the customer sent."""
        self.ensure_one()
        # Of a text that is none, the files that were announced may yet say something.
        is_lost = self.kind == "text" and self.media_state and not self._get_words()
        if (self.kind in _NOTHING_TO_HEAR and not is_lost) or self._told_something():
            return False
        # «Adjunto el comprobante» says less than what it comes with.
        seen = self.kind not in _FILES or self.transcript or not self.classification_id._says_nothing()
        return not (self._get_words() and seen)

    def _store_media_text(self, media_text):
        """Keep what was heard or seen, by message id as text."""
        for message in self:
            if words := media_text.get(str(message.id)):
                message.write({"transcript": words, "translations": False})
                guard(message, "thread", message._broadcast_state)

    def _to_plain(self, with_media=False):
        """The message as a reader takes it; what was heard before is words by now."""
        self.ensure_one()
        files = ()
        if with_media and not self.transcript:
            files = tuple(Media(file.mimetype, file.raw) for file in self.sudo().attachment_ids)
        place = ""
        if self.kind == "location":
            # A street or a hotel may have the name of another city: words count where the coordinates say nothing.
            place = "" if self._find_city() else (self.sudo().parameters or {}).get("Address") or self.body or ""
        return Message(self._get_words(), str(self.id), files, place, self._get_day())

    def _get_day(self):
        """The day on which it came, in the shop's time zone. One that came much later than written no assistant reads."""
        return self._to_shop_time(self.create_date).date()

    def _to_shop_time(self, moment):
        """A moment in naive UTC by the shop's clock."""
        sender = self.sender_id
        # With what else a turn needs of the company, and not a hundred columns.
        sender.company_id.fetch(["partner_id", "whatsapp_timezone"])
        zone = sender.company_id._get_whatsapp_timezone(sender.assistant_id.resource_calendar_id)
        return moment.replace(tzinfo=UTC).astimezone(timezone(zone))

    def _name_file(self, number, mime_type):
        """The name that the customer's file had, or one that says what it is and when it came, by the shop's clock."""
        self.ensure_one()
        name = number == 1 and file_name_of(self.kind, self.body)
        if name:
            # What a path or a text direction could hide behind is no part of a name.
            return re.sub(r"[\x00-\x1f\x7f/\\\u200b-\u200f\u202a-\u202e\u2066-\u2069]", "_", name).lstrip(".")
        extension = _EXTENSIONS.get(mime_type) or mimetypes.guess_extension(mime_type) or ""
        written = self._to_shop_time(self._get_written_at())
        which = f" ({number})" if number > 1 else ""
        language = self.sender_id.company_id._get_whatsapp_language()
        kind = self.with_context(lang=language)._describe_file(mime_type)
        # Without a colon, which file names may not have everywhere.
        return f"{kind} {written:%Y-%m-%d %H.%M}{which}{extension}"

    def _describe_file(self, mime_type):
        """What a file without a name is, in words: among several, each may be something else than the message."""
        if mime_type == VOICE_TYPE:
            return self.env._("Voice note")
        if mime_type == media.UNKNOWN_TYPE:
            return self.env._("Unknown file")
        sort = "contact" if mime_type in CARD_TYPES else mime_type.partition("/")[0]
        return {
            "audio": self.env._("Audio"),
            "image": self.env._("Sticker") if self.kind == "sticker" else self.env._("Photo"),
            "video": self.env._("Video"),
            "contact": self.env._("Contact card"),
        }.get(sort) or self.env._("Document")

    def _get_simulated_files(self):
        """What the tester attached, as it would have come from Twilio: {number: `Media`}."""
        self.ensure_one()
        files = {}
        for number, (url, mime_type) in enumerate(list_media(self.sudo().parameters or {}), 1):
            name = url.rpartition("/")[2]
            attachment = self.env["ir.attachment"].sudo().browse(int(name) if name.isdecimal() else 0).exists()
            if (attachment.res_model, attachment.res_id) == (self.sender_id._name, self.sender_id.id):
                files[number] = Media(mime_type, attachment.raw)
                attachment.unlink()
        return files
