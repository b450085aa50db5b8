# What is being fetched is committed before Twilio is asked: see the class.
# pylint: disable=invalid-commit
import logging
import mimetypes
import re
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from .. import errors, parts, transactions
from ..clock import utcnow
from ..gateway import media
from ..gateway.inbound import file_name_of, words_of
from ..parts import guard
from ..understanding import Media, Message

_logger = logging.getLogger(__name__)

#: Minutes before each further try to fetch a file.
_RETRY_MINUTES = (1, 10, 60)
#: A fetch that takes longer was left by a process that died.
_FETCHING_SECONDS = 120
#: How long a customer's turn waits for a voice note or a photo to come.
_PATIENCE = timedelta(seconds=10)
_LOOK_AGAIN = timedelta(seconds=0.5)
#: What may come with words that are about it.
_FILES = ("image", "video", "document", "audio")


class WhatsappConversationMessage(models.Model):
    """What came with a message beside words: files, and what was said or seen in them."""

    _inherit = "whatsapp.conversation.message"

    media_state = fields.Selection(
        [("pending", "On its way"), ("fetched", "Here"), ("failed", "Did not come")], string="File", readonly=True
    )
    media_attempts = fields.Integer(readonly=True)
    media_retry_at = fields.Datetime(readonly=True)
    media_error = fields.Char(readonly=True)
    attachment_ids = fields.One2many(
        "ir.attachment",
        "res_id",
        string="Files",
        domain=[("res_model", "=", "whatsapp.conversation.message")],
        readonly=True,
    )
    transcript = fields.Text(readonly=True, help="What was said in the voice note or is seen in the photo.")
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

    def _get_media_wait(self):
        """How long to let a turn wait before it is looked at again, because files are on their way; None: not at all."""
        now = utcnow()
        waiting = self.filtered(
            lambda message: message.media_state == "pending" and message.create_date > now - _PATIENCE
        )
        return _LOOK_AGAIN if waiting else None

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
        if self.kind in ("text", "sticker", "reaction"):
            return False
        # «Adjunto el comprobante» says less than what it comes with.
        seen = self.kind not in _FILES or self.transcript or not self.classification_id._says_nothing()
        return not (self._get_words() and seen)

    def _note_heard(self, heard):
        """Keep what was heard or seen, by message id as text."""
        for message in self:
            if words := heard.get(str(message.id)):
                message.transcript = words
                guard(message, "thread", message._tell_thread)

    def _to_plain(self, with_media=False):
        """The message as a reader takes it; what was heard before is words by now."""
        self.ensure_one()
        files = ()
        if with_media and not self.transcript:
            files = tuple(Media(file.mimetype, file.raw) for file in self.sudo().attachment_ids)
        place = ""
        if self.kind == "location":
            place = (self.sudo().parameters or {}).get("Address") or self.body or ""
        return Message(self._get_words(), str(self.id), files, place)

    def _name_file(self, number, mime_type):
        """The name that the customer's file had, or one that says what it is."""
        self.ensure_one()
        name = number == 1 and file_name_of(self.kind, self.body)
        if name:
            # What a path or a text direction could hide behind is no part of a name.
            return re.sub(r"[\x00-\x1f\x7f/\\\u200b-\u200f\u202a-\u202e\u2066-\u2069]", "_", name).lstrip(".")
        return f"{self.kind}-{self.id}-{number}{mimetypes.guess_extension(mime_type) or ''}"


class WhatsappMedia(models.AbstractModel):
    """Fetches the files that customers send, once they are stored as messages: a message never waits for its files."""

    _name = "whatsapp.media"
    _description = "WhatsApp Media"

    @api.model
    def _begin_fetches(self, calls):
        """Begin to fetch what waits. Returns how many messages were touched."""
        room = calls.free("fetch")
        if not room:
            return 0
        waiting = SQL("media_state = 'pending' AND (media_retry_at IS NULL OR media_retry_at <= %s)", utcnow())
        messages = self.env["whatsapp.conversation.message"]._claim(waiting, room, rooms=calls.get_rooms("fetch"))
        going = []
        for message in messages:
            begun = guard(message, "fetch", self._begin_fetch, message, otherwise=partial(self._note_failure, message))
            if begun:
                going.append((message, begun))
        self.env.cr.commit()
        for message, call in going:
            calls.submit(
                "fetch",
                call,
                partial(self._end_fetch, message.id),
                seconds=_FETCHING_SECONDS,
                owner=message.sender_id.id,
            )
        return len(messages)

    def _begin_fetch(self, message):
        """The call that fetches the files of a message; None when there is nothing to call."""
        if message.sender_id.is_simulator:
            self._store(message, message._get_simulated_files())
            return None
        credentials = message.sender_id._get_credentials()
        if not credentials:
            message.write({"media_state": "failed", "media_error": self.env._("The sender has no Twilio credentials.")})
            return None
        # Put off before the call, so that no other worker begins the same meanwhile.
        message.media_retry_at = utcnow() + timedelta(seconds=_FETCHING_SECONDS)
        return partial(media.fetch_all, credentials, media.list_media(message.parameters or {}))

    def _end_fetch(self, message_id, get_result):
        message = self.env["whatsapp.conversation.message"].browse(message_id)
        try:
            files = get_result()
            parts.commit(self.env, lambda context: self._store(message.with_context(**context), files))
        except Exception as error:
            # Whatever it is, it is counted: a file that cannot be stored comes to an end, too.
            self.env.cr.rollback()
            if not isinstance(error, (media.MediaError, TimeoutError)):
                known = message.conversation_id._get_known_words()
                errors.log(_logger, error, "%s: its files could not be kept", message, known=known)
            transactions.commit(self.env, self._note_failure, message, error)

    def _store(self, message, files):
        if message.media_state != "pending":
            return
        self.env["ir.attachment"].create(
            [
                {
                    "name": message._name_file(number, file.mime_type),
                    "raw": file.data,
                    "mimetype": media.get_safe_type(file.mime_type, file.data),
                    "res_model": message._name,
                    "res_id": message.id,
                }
                for number, file in enumerate(files, 1)
            ]
        )
        message.write({"media_state": "fetched", "media_error": False})
        guard(message, "thread", message._show_files)

    def _note_failure(self, message, error):
        attempts = message.media_attempts + 1
        known = message.conversation_id._get_known_words()
        values = {"media_attempts": attempts, "media_error": errors.say(error, known) or type(error).__name__}
        if getattr(error, "lasting", False) or attempts > len(_RETRY_MINUTES):
            values["media_state"] = "failed"
        else:
            values["media_retry_at"] = utcnow() + timedelta(minutes=_RETRY_MINUTES[attempts - 1])
        message.write(values)

    @api.model
    def _get_next_moment(self):
        """When the next file is to be fetched, or None."""
        self.env.cr.execute(
            "SELECT min(COALESCE(media_retry_at, write_date)) FROM whatsapp_conversation_message"
            " WHERE media_state = 'pending'"
        )
        return self.env.cr.fetchone()[0]
