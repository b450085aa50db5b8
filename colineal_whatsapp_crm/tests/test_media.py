import base64
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..clock import utcnow
from ..gateway import media
from ..understanding import Media
from ..understanding.llm import client
from .common import WhatsappCase
from .test_model import ModelCase

FETCH = "odoo.addons.colineal_whatsapp_crm.gateway.media.fetch"
VOICE = {
    "MessageType": "audio",
    "NumMedia": "1",
    "MediaContentType0": "audio/ogg; codecs=opus",
    "MediaUrl0": "https://api.twilio.com/2010-04-01/Accounts/AC/Messages/MM/Media/ME1",
}
PHOTO = {**VOICE, "MessageType": "image", "MediaContentType0": "image/jpeg"}
PIXEL = base64.b64decode("/9j/4AAQSkZJRgABAQEAAAAAAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJ")


class MediaCase:
    def setUp(self):
        super().setUp()
        self.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "secret"})
        self.startPatcher(patch("odoo.addons.colineal_whatsapp_crm.gateway.delivery.send", return_value=None))
        self.fetch = self.startPatcher(patch(FETCH, side_effect=lambda _credentials, _url, kind: Media(kind, PIXEL)))

    def get_message(self):
        return self.get_conversation().line_ids[0]


@tagged("post_install", "-at_install")
class TestMedia(MediaCase, WhatsappCase):
    def test_file_is_fetched_with_the_accounts_credentials_and_kept(self):
        self.customer("", **VOICE)
        credentials, url, kind = self.fetch.call_args.args
        self.assertEqual((credentials.auth_token, url, kind), ("secret", VOICE["MediaUrl0"], "audio/ogg"))
        message = self.get_message()
        self.assertEqual(message.media_state, "fetched")
        self.assertEqual((message.attachment_ids.mimetype, message.attachment_ids.raw), ("audio/ogg", PIXEL))

    def test_with_the_rules_it_is_acknowledged_and_handed_on_once(self):
        self.assertEqual(len(self.customer("", **VOICE)), 1)
        self.customer("", **PHOTO)
        self.assertEqual(len(self.get_conversation().activity_ids), 1)

    def test_file_that_does_not_come_is_tried_again_and_then_given_up(self):
        self.fetch.side_effect = media.MediaError("404")
        self.assertEqual(len(self.customer("", **VOICE)), 1, "the message does not wait for its file")
        message = self.get_message()
        for _attempt in range(3):
            self.assertEqual(message.media_state, "pending")
            message.media_retry_at = utcnow() - timedelta(seconds=1)
            self.work()
        self.assertEqual((message.media_state, message.media_error), ("failed", "404"))

    def test_lasting_failure_is_not_tried_again(self):
        self.fetch.side_effect = media.MediaError("too large", lasting=True)
        self.customer("", **VOICE)
        self.assertEqual(self.get_message().media_state, "failed")

    def test_what_a_browser_would_run_is_only_to_be_downloaded(self):
        self.customer("", **{**VOICE, "MessageType": "document", "MediaContentType0": "text/html"})
        self.assertEqual(self.get_message().attachment_ids.mimetype, "application/x-download")

    def test_colleague_without_rights_gets_no_file(self):
        self.customer("", **PHOTO)
        conversation = self.get_conversation()
        conversation.user_id = new_test_user(self.env, "media-owner", "sales_team.group_sale_salesman")
        stranger = new_test_user(self.env, "media-stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.get_message().attachment_ids.with_user(stranger).read(["raw"])
        self.assertTrue(self.get_message().attachment_ids.with_user(conversation.user_id).raw)


@tagged("post_install", "-at_install")
class TestListening(MediaCase, ModelCase):
    def test_voice_note_is_understood_as_the_message(self):
        self.model.answers["listen"] = {"transcript": "Hola, soy María y busco un sofá de hasta 900 dólares"}
        replies = self.customer("", **VOICE)
        conversation = self.get_conversation()
        self.assertEqual((conversation.customer_name, conversation.product_interest), ("María", "sofá"))
        self.assertEqual(conversation.quality, "hot")
        self.assertTrue(conversation.lead_id)
        self.assertIn("María", replies[0])
        self.assertIn("busco un sofá", self.get_message().transcript)
        self.assertEqual(self.model.prompts[0].media[0].mime_type, "audio/ogg")
        self.assertFalse(conversation.activity_ids)

    def test_voice_note_that_is_not_understood_is_asked_for_in_writing_and_handed_on(self):
        for answer in ({"transcript": "  "}, client.ModelError(client.BUSY)):
            self.model.answers["listen"] = answer
            replies = self.customer("", **VOICE)
            self.assertIn("escri", replies[0])
            self.assertTrue(self.get_conversation().activity_ids)

    def test_photo_gives_a_product_to_confirm(self):
        self.model.answers["look"] = {"description": "Sillón gris de tela", "products": ["sillón", "yate"]}
        self.customer("", **PHOTO)
        conversation = self.get_conversation()
        self.assertEqual(conversation.product_interest, "sillón")
        self.assertEqual(conversation.confidence, 0.5)
        self.assertEqual(self.get_message().transcript, "Sillón gris de tela")

    def test_caption_counts_more_than_the_photo(self):
        self.model.answers["look"] = {"description": "Sillón gris de tela", "products": ["sillón"]}
        self.customer("busco una mesa que combine con este", **PHOTO)
        self.assertEqual(self.get_conversation().product_interest, "mesa")

    def test_turn_waits_for_its_file_but_not_for_ever(self):
        self.fetch.side_effect = media.MediaError("404")
        self.receive("", **VOICE)
        with patch("odoo.addons.colineal_whatsapp_crm.models.whatsapp_media._PATIENCE", timedelta(seconds=1)):
            self.work()
        self.assertEqual(self.model.count("listen"), 0)
        self.assertEqual(len(self.get_conversation().line_ids), 2)
