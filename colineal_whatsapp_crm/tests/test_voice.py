import io
import re
import sys
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, new_test_user, tagged
from odoo.tools import file_open

from ..gateway.voice import VoiceError, is_opus, make_voice_note
from ..models.conversation.quick_replies import QUICK_REPLY_NAMES
from ..understanding import Media
from ..understanding.templates import names_in
from .common import WhatsappCase
from .test_media import VOICE, MediaCase
from .test_thread import ThreadCase

DATA = Path(__file__).parent / "data"
RECORDED, NOTE = (DATA.joinpath(name).read_bytes() for name in ("voice.mp3", "voice.ogg"))
#: The head of music in OGG.
VORBIS = b"OggS" + bytes(24) + b"\x01vorbis" + bytes(30)
WITHOUT_LIBRARY = patch.dict(sys.modules, {"av": None})


@tagged("post_install", "-at_install")
class TestMaking(BaseCase):
    def test_recording_becomes_one_channel_of_opus(self):
        import av

        note = make_voice_note(RECORDED, "audio/mpeg")
        self.assertTrue(is_opus(note))
        with av.open(io.BytesIO(note)) as file:
            (stream,) = file.streams
            self.assertEqual((stream.codec_context.name, stream.channels), ("opus", 1))
            self.assertAlmostEqual(file.duration / av.time_base, 2, delta=0.2)

    def test_what_is_one_stays_as_it_is(self):
        self.assertEqual(make_voice_note(NOTE, "audio/ogg"), NOTE)

    def test_what_is_no_recording_is_told(self):
        for data, mime_type in ((b"", "audio/mpeg"), (bytes(5000), "audio/mpeg"), (NOTE[:30], "audio/mpeg"),
                                (RECORDED, "audio/wav"), (VORBIS, "audio/ogg")):  # fmt: skip
            with self.subTest(data=data[:8], mime_type=mime_type), self.assertRaises(VoiceError):
                make_voice_note(data, mime_type)
        with patch("odoo.addons.colineal_whatsapp_crm.gateway.voice._MOST_SECONDS", 1), self.assertRaises(VoiceError):
            make_voice_note(RECORDED, "audio/mpeg")

    def test_library_may_be_missing(self):
        with WITHOUT_LIBRARY, self.assertRaises(VoiceError) as caught:
            make_voice_note(RECORDED, "audio/mpeg")
        self.assertTrue(caught.exception.missing)


@tagged("post_install", "-at_install")
class TestReceiving(MediaCase, WhatsappCase):
    def keep(self, mime_type, data=NOTE):
        message = self.receive("", **{**VOICE, "MediaContentType0": mime_type})
        message._expect_media()
        self.env["whatsapp.media.fetcher"]._keep(message, {1: Media(mime_type, data)})
        return message.attachment_ids

    def test_what_browsers_play_is_played_and_the_rest_saved(self):
        for mime_type, is_played in (("audio/ogg", True), ("audio/mp4", True), ("audio/amr", False)):
            self.assertEqual(bool(self.keep(mime_type).voice_ids), is_played, mime_type)

    def test_name_says_what_it_is_and_when_by_the_shops_clock(self):
        self.env["res.lang"]._activate_lang("es_EC")
        self.sender.company_id.partner_id.write({"lang": "es_EC", "tz": "America/Guayaquil"})
        file = self.keep("audio/ogg")
        written = file.create_date.replace(microsecond=0)
        found = re.search(r" (\d{4}-\d\d-\d\d) (\d\d)\.(\d\d)\.ogg$", file.name)
        self.assertEqual(int(found.group(2)), (written.hour - 5) % 24, "Ecuador is five hours behind")


@tagged("post_install", "-at_install")
class TestRecording(ThreadCase):
    """What a colleague has recorded in Discuss, as it is uploaded."""

    def upload(self, name="Voice-2026.mp3", raw=RECORDED, **flags):
        values = {"name": name, "raw": raw, "res_model": "mail.compose.message", "res_id": 0}
        file = self.env["ir.attachment"].create(values)
        file._post_add_create(**flags)
        return file

    def test_in_a_customers_thread_it_becomes_a_voice_note(self):
        self.customer("Busco sofás")
        file = self.upload(voice="true", whatsapp="true")
        self.assertTrue(is_opus(file.raw))
        self.assertEqual(file.mimetype, "audio/ogg")
        self.assertRegex(file.name, r"^\D+ \d{4}-\d\d-\d\d \d\d\.\d\d\.ogg$")
        self.assertFalse(file._get_whatsapp_fault() or file._get_whatsapp_hint())
        self.say("", attachment_ids=file.ids)
        line = self.get_conversation().line_ids[-1]
        self.assertEqual((line.kind, line.outgoing_attachment_id), ("audio", file))
        self.assertIn(f"/web/content/{file.id}/voice.ogg?access_token=", line._get_media_url())

    def test_elsewhere_it_stays_as_it_was(self):
        self.assertEqual(self.upload(voice="true").raw, RECORDED)
        self.assertEqual(self.upload(whatsapp="true").raw, RECORDED, "a song is no voice")

    def test_without_the_library_it_goes_as_a_file_of_sound_and_that_is_said(self):
        self.customer("Busco sofás")
        with WITHOUT_LIBRARY, self.assertLogs("odoo.addons.colineal_whatsapp_crm", "WARNING"):
            file = self.upload(voice="true", whatsapp="true")
        self.assertEqual(file.mimetype, "audio/mpeg")
        self.assertIn("as a file of sound", file._get_whatsapp_hint())
        self.assertFalse(file._get_whatsapp_fault())
        self.say("", attachment_ids=file.ids)
        self.assertEqual(self.get_conversation().line_ids[-1].kind, "audio")

    def test_voice_note_that_twilio_refused_is_sent_again_as_a_file_of_sound(self):
        self.customer("Busco sofás")
        file = self.upload(voice="true", whatsapp="true")
        self.say("", attachment_ids=file.ids)
        line = self.get_conversation().line_ids[-1]
        line.write({"state": "failed", "error_code": "63016"})
        line.with_user(self.seller).action_retry()
        self.assertEqual(file.mimetype, "audio/ogg", "it was not the file")
        line.write({"state": "failed", "error_code": "63019"})
        line.with_user(self.seller).action_retry()
        self.assertEqual((line.state, file.mimetype, file.name[-4:]), ("queued", "audio/mpeg", ".mp3"))
        self.assertNotIn("voice.ogg", line._get_media_url())

    def test_voice_note_that_somebody_saved_goes_on_as_one(self):
        file = self.upload(name="PTT.opus", raw=NOTE, whatsapp="true")
        file.mimetype = "audio/opus"  # where the machine knows the ending
        file._post_add_create(whatsapp="true")
        self.assertEqual((file.name, file.mimetype), ("PTT.opus", "audio/ogg"))

    def test_music_in_ogg_is_refused_before_it_goes(self):
        self.customer("Busco sofás")
        file = self.upload(name="song.ogg", raw=VORBIS)
        self.assertIn("Opus", file._get_whatsapp_fault())
        with self.assertRaisesRegex(UserError, "song.ogg"):
            self.say("", attachment_ids=file.ids)


@tagged("post_install", "-at_install")
class TestQuickReplies(ThreadCase):
    def test_shipped_ones_name_what_is_known_and_belong_to_the_shop(self):
        replies = self.env["mail.canned.response"].search([("source", "=", "saludo")])
        self.assertEqual(replies.group_ids, self.env.ref("sales_team.group_sale_salesman"))
        shipped = self.env["ir.model.data"].search(
            [("module", "=", "colineal_whatsapp_crm"), ("model", "=", "mail.canned.response")]
        )
        self.assertGreaterEqual(len(shipped), 12)
        self.assertEqual(set(shipped.mapped("noupdate")), {True})
        for reply in self.env["mail.canned.response"].browse(shipped.mapped("res_id")):
            self.assertLessEqual(names_in(reply.substitution), set(QUICK_REPLY_NAMES), reply.source)

    def test_screens_know_the_same_placeholders(self):
        with file_open("colineal_whatsapp_crm/static/src/core/quick_replies.js") as file:
            self.assertEqual(tuple(re.findall(r'^    \["(\w+)", _t', file.read(), re.M)), QUICK_REPLY_NAMES)

    def test_values_are_the_conversations_and_the_writers(self):
        self.customer("Soy Irene, busco un sofá")
        conversation = self.get_conversation()
        conversation.user_id = self.seller
        values = conversation.with_user(self.seller).get_quick_reply_values()
        self.assertEqual(set(values), set(QUICK_REPLY_NAMES))
        self.assertEqual((values["name"], values["the_product"], values["city"]), ("Irene", "el sofá", False))
        self.assertEqual(values["salesperson"], self.seller.name)
        self.assertEqual(values["shop"], self.sender.company_id.name)
        with self.assertRaises(AccessError):
            conversation.with_user(new_test_user(self.env, "quick-clerk")).get_quick_reply_values()

    def test_placeholder_that_is_left_does_not_go(self):
        self.customer("Busco sofás")
        before = len(self.get_conversation().line_ids)
        for text in ("Hola {name}", "Hola <b>{nombre}</b>", "a {dirección}"):
            with self.subTest(text), self.assertRaisesRegex(UserError, r"\{\w+\}"):
                self.say(text)
        self.assertEqual(len(self.get_conversation().line_ids), before)
        for text in ("{} y { }", "{1}", '{"a": 1}'):
            self.say(text)
