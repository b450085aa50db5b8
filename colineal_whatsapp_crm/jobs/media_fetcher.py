# What is being fetched is committed before Twilio is asked: see the class.
# pylint: disable=invalid-commit
import logging
from base64 import b64encode
from datetime import timedelta
from functools import partial

from odoo import api, models
from odoo.tools import SQL

from ..gateway import media
from ..gateway.failure_text import mark as _lt
from ..gateway.voice import PLAYED_TYPES
from ..lib import errors, fair_queue, transactions
from ..lib.clock import utcnow
from ..lib.guard import guard, guarded_commit

_logger = logging.getLogger(__name__)

#: Minutes before each further try to fetch a file.
_RETRY_MINUTES = (1, 10, 60)

#: A fetch that takes longer was left by a process that died.
_FETCHING_SECONDS = 120
#: So many seconds more nobody fetches the same again: what came until then has to be kept first.
_SPARE_SECONDS = 30


class WhatsappMediaFetcher(models.AbstractModel):
    """Fetches the files that customers send, once they are stored as messages: a message never waits for its files."""

    _name = "whatsapp.media.fetcher"
    _description = "WhatsApp Media"

    @api.model
    def _begin_fetches(self, calls):
        """Begin to fetch what waits. Returns how many messages were touched."""
        waiting = SQL("media_state = 'pending' AND (media_retry_at IS NULL OR media_retry_at <= %s)", utcnow())
        messages = self.env["whatsapp.conversation.message"]._claim(
            waiting, calls.free("fetch"), rooms=calls.get_rooms("fetch")
        )
        return fair_queue.begin(calls, "fetch", "fetch", messages, self._begin_fetch, self._record_failure)

    def _begin_fetch(self, message):
        """The call that fetches the files of a message, and what follows it; None when there is nothing to call."""
        if message.sender_id.is_simulator:
            self._keep(message, message._get_simulated_files())
            return None
        credentials = message.sender_id._get_credentials()
        if not credentials:
            message.write({"media_state": "failed", "media_error": _lt("The sender has no Twilio credentials")})
            return None
        # Put off before the call, so that no other worker begins the same meanwhile.
        message.media_retry_at = utcnow() + timedelta(seconds=_FETCHING_SECONDS + _SPARE_SECONDS)
        wanted, came = message._list_wanted_files(), {}
        call = partial(media.fetch_all, credentials, wanted, came)
        return call, partial(self._end_fetch, message.id, wanted, came), _FETCHING_SECONDS

    def _end_fetch(self, message_id, wanted, came, get_result):
        """Keep what came of the files of a message.

        wanted, came
            as `gateway.media.fetch_all` takes and fills them, whatever is still on its way.
        """
        message = self.env["whatsapp.conversation.message"].browse(message_id)
        try:
            try:
                files = get_result()
            except TimeoutError:
                # Those that hang say nothing of those that are here.
                files = {**dict.fromkeys(wanted, media.get_stalled()), **came}
            guarded_commit(self.env, lambda context: self._keep(message.with_context(**context), files))
        except Exception as error:
            # Whatever it is, it is counted: a file that cannot be stored comes to an end, too.
            self.env.cr.rollback()
            if not isinstance(error, media.MediaError):
                known = message.conversation_id._get_known_words()
                errors.log(_logger, error, "%s: its files could not be kept", message, known=known)
            transactions.commit(self.env, self._record_failure, message, error)

    def _keep(self, message, files):
        """Keep the files that came, and that others did not; those may come at another try."""
        if message.media_state != "pending":
            return
        # Another worker may have kept some of them meanwhile.
        files = {number: files[number] for number in message._list_wanted_files() if number in files}
        here = {number: file for number, file in files.items() if not isinstance(file, media.MediaError)}
        missing = {number: file for number, file in files.items() if number not in here}
        faults = {number: fault for number, fault in (message.media_faults or {}).items() if int(number) not in files}
        faults |= {str(number): {"error": str(error), "lasting": error.lasting} for number, error in missing.items()}
        message.media_faults = faults or False
        self._store(message, here)
        if not faults:
            message.write({"media_state": "fetched", "media_error": False, "media_retry_at": False})
        else:
            lasting = all(fault["lasting"] for fault in faults.values())
            self._record_failure(message, media.MediaError(next(iter(faults.values()))["error"], lasting=lasting))
        guard(message, "thread", message._show_files)
        guard(message, "ticket", message._show_files_in_ticket)

    def _store(self, message, files):
        """Attach files to their message: {number: `Media`}."""
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": message._name_file(number, file.mime_type),
                    "raw": file.data,
                    "mimetype": media.get_safe_type(file.mime_type, file.data),
                    "res_model": message._name,
                    "res_id": message.id,
                }
                for number, file in files.items()
            ]
        )
        if message.kind == "audio":
            # Discuss plays them in the thread.
            attachments.filtered(lambda file: file.mimetype in PLAYED_TYPES)._set_voice_metadata()
        message._read_cards(files.values())

    def _record_failure(self, message, error):
        attempts = message.media_attempts + 1
        known = message.conversation_id._get_known_words()
        values = {"media_attempts": attempts, "media_error": errors.say(error, known) or type(error).__name__}
        if getattr(error, "lasting", False) or attempts > len(_RETRY_MINUTES):
            values["media_state"] = "failed"
        else:
            values["media_retry_at"] = utcnow() + timedelta(minutes=_RETRY_MINUTES[attempts - 1])
        message.write(values)

    @api.model
    def _cron_fetch_pictures(self):
        """Fetch the pictures of advertisements, one after the other: there are few, and nobody waits for them."""
        now = utcnow()
        due = ["|", ("picture_retry_at", "=", False), ("picture_retry_at", "<=", now)]
        for advertisement in self.env["whatsapp.advertisement"].search(
            [("picture_state", "=", "pending"), *due], limit=20
        ):
            # Put off before the call, so that no other process begins the same meanwhile.
            advertisement.write(
                {
                    "picture_retry_at": now + timedelta(seconds=_FETCHING_SECONDS),
                    "picture_attempts": advertisement.picture_attempts + 1,
                }
            )
            # Its conversations may be gone: then any account of the company is one that Twilio may know.
            senders = advertisement.conversation_ids[:1].sender_id | self.env["whatsapp.sender"].search(
                [("company_id", "=", advertisement.company_id.id)]
            )
            credentials = next(filter(None, (sender._get_credentials() for sender in senders)), None)
            url = advertisement.picture_url
            self.env.cr.commit()
            try:
                picture = b64encode(media.fetch_picture(credentials, url))
                # A damaged picture fails when it is scaled.
                values = {"picture": picture, "picture_state": "fetched"}
                transactions.commit(self.env, advertisement.write, values)
            except Exception as error:
                # Whatever it is, it is counted, and the others go on.
                self.env.cr.rollback()
                if not isinstance(error, media.MediaError):
                    errors.log(_logger, error, "%s: its picture could not be kept", advertisement, known=set())
                if not advertisement.exists():
                    continue
                transactions.commit(self.env, self._record_picture_failure, advertisement, error)
            advertisement.conversation_ids._broadcast_state()
            self.env.cr.commit()

    def _record_picture_failure(self, advertisement, error):
        """A picture did not come: there is another try, and after the last one none."""
        attempts = advertisement.picture_attempts
        values = {"picture_error": errors.say(error, set()) or type(error).__name__}
        if getattr(error, "lasting", False) or attempts > len(_RETRY_MINUTES):
            values["picture_state"] = "failed"
        else:
            values["picture_retry_at"] = utcnow() + timedelta(minutes=_RETRY_MINUTES[attempts - 1])
            self.env["ir.cron"]._wake("colineal_whatsapp_crm.ir_cron_pictures", values["picture_retry_at"])
        advertisement.write(values)

    @api.model
    def _get_next_moment(self):
        """When the next file is to be fetched, or None."""
        self.env.cr.execute(
            "SELECT min(COALESCE(media_retry_at, write_date)) FROM whatsapp_conversation_message"
            " WHERE media_state = 'pending'"
        )
        return self.env.cr.fetchone()[0]
