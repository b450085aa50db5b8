from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from twilio.request_validator import RequestValidator

from .common import WhatsappCase, twilio_form

PATH = "/api/webhook/whatsapp"
WEBHOOK = "odoo.addons.colineal_whatsapp_crm.controllers.webhook"


@tagged("post_install", "-at_install")
class TestWebhook(WhatsappCase, HttpCase):
    def post(self, form, token=None, url=None, signature=None):
        """Post a message as Twilio would: signed with the sender's token for the sender's public URL."""
        if signature is None:
            url = url or self.sender.webhook_url
            signature = RequestValidator(token or self.sender.simulation_token).compute_signature(url, form)
        return self.url_open(PATH, data=form, headers={"X-Twilio-Signature": signature} if signature else {})

    def get_stored(self, form):
        return self.env["whatsapp.conversation.message"].search([("sid", "=", form["MessageSid"])])

    def test_genuine_message_is_stored_and_acknowledged(self):
        form = twilio_form("Hola", NewParameter="1")
        response = self.post(form)
        self.assertEqual(response.status_code, 200)
        self.assertIn("text/xml", response.headers["Content-Type"])
        self.assertTrue(response.text.endswith("<Response/>"))
        message = self.get_stored(form)
        self.assertEqual((message.state, message.body), ("received", "Hola"))
        self.assertEqual(message.parameters, form)
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", self.worker.id)]))

    def test_duplicate_is_acknowledged_and_ignored(self):
        form = twilio_form("Hola")
        self.assertEqual([self.post(form).status_code for _time in range(3)], [200] * 3)
        self.assertEqual(len(self.get_stored(form)), 1)

    def test_refused_without_a_genuine_signature(self):
        for reason, arguments in {
            "header is missing": {"signature": ""},
            "does not match": {"signature": "bm9wZQ=="},
            "signature does not match": {"token": "other"},
            "exact URL": {"url": "https://other.example.com" + PATH},
        }.items():
            form = twilio_form("Hola")
            with self.subTest(reason), self.assertLogs(WEBHOOK, "WARNING") as logs:
                self.assertEqual(self.post(form, **arguments).status_code, 403)
                self.assertIn(reason, logs.output[0])
            self.assertFalse(self.get_stored(form))

    def test_unknown_sender(self):
        form = twilio_form("Hola", sender="+593999999999")
        with mute_logger(WEBHOOK):
            self.assertEqual(self.post(form).status_code, 404)
        self.assertFalse(self.get_stored(form))

    def test_live_sender_takes_its_own_account_only(self):
        self.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "secret"})
        mine = twilio_form("Hola", AccountSid="AC" + "1" * 32)
        self.assertEqual(self.post(mine, token="secret").status_code, 200)
        with mute_logger(WEBHOOK):
            self.assertEqual(self.post(twilio_form("Hola"), token="secret").status_code, 404)
            self.assertEqual(self.post(mine).status_code, 403, "the simulation's key opens no live sender")

    def test_previous_token_while_rotating(self):
        self.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "new", "previous_auth_token": "old"})
        for token in ("new", "old"):
            form = twilio_form("Hola", AccountSid="AC" + "1" * 32)
            self.assertEqual(self.post(form, token=token).status_code, 200)

    def test_behind_a_proxy_the_public_address_is_signed(self):
        self.sender.public_url = "https://odoo.example.com/"
        form = twilio_form("Hola")
        self.assertEqual(self.post(form, url="https://odoo.example.com" + PATH).status_code, 200)

    def test_signed_request_that_is_no_message(self):
        with mute_logger(WEBHOOK):
            form = twilio_form("Hola", MessageSid=None, SmsMessageSid=None)
            self.assertEqual(self.post(form).status_code, 400)

    def test_any_kind_of_message_is_kept(self):
        forms = [
            twilio_form(
                "",
                MessageType="image",
                NumMedia="1",
                MediaUrl0="https://api.twilio.com/m",
                MediaContentType0="image/jpeg",
            ),
            twilio_form("", MessageType="location", Latitude="-0.18", Longitude="-78.46", Address="Quito"),
            twilio_form("Sí", MessageType="button", ButtonText="Sí", ButtonPayload="yes"),
            twilio_form("🛋️👍🏽 sofá"),
            twilio_form("con\x00nulo"),
            twilio_form("muy largo " * 400),
        ]
        for form in forms:
            self.assertEqual(self.post(form).status_code, 200, form)
        kinds = [self.get_stored(form).kind for form in forms]
        self.assertEqual(kinds, ["image", "location", "button", "text", "text", "text"])
        self.assertEqual(self.get_stored(forms[3]).body, "🛋️👍🏽 sofá")
        self.assertEqual(self.get_stored(forms[4]).body, "con\ufffdnulo")
        self.assertEqual(len(self.get_stored(forms[5]).body), 4000)

    def test_refusal_is_shown_on_the_sender(self):
        with mute_logger(WEBHOOK):
            self.post(twilio_form("Hola"), signature="bm9wZQ==")
        self.sender.invalidate_recordset()
        self.assertIn("does not match", self.sender.last_refusal)

    def test_log_names_nobody(self):
        form = twilio_form("Soy María y tengo $2000", sender="+593999999999")
        with self.assertLogs(WEBHOOK, "WARNING") as logs:
            self.post(form)
        self.assertNotIn("999999999", "".join(logs.output))
        self.assertNotIn("María", "".join(logs.output))


@tagged("post_install", "-at_install")
class TestStatusCallback(WhatsappCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.customer("Hola")
        self.reply = self.get_conversation().line_ids[-1]
        self.reply.write({"state": "sending", "sid": False})

    def call_back(self, status, sid="SM5", row=None, signature=None, **parameters):
        form = {
            "MessageSid": sid,
            "MessageStatus": status,
            "AccountSid": "AC" + "0" * 32,
            "From": f"whatsapp:{self.sender.number}",
            "To": self.reply.address,
            **parameters,
        }
        url = self.sender._get_status_url(row if row is not None else self.reply)
        signature = signature or RequestValidator(self.sender.simulation_token).compute_signature(url, form)
        path = url.removeprefix(self.sender._get_public_url())
        response = self.url_open(path, data=form, headers={"X-Twilio-Signature": signature})
        self.reply.invalidate_recordset()
        return response.status_code

    def test_states_go_forward_in_any_order(self):
        for status, state in (("read", "read"), ("delivered", "read"), ("sent", "read"), ("queued", "read")):
            self.assertEqual(self.call_back(status), 204)
            self.assertEqual(self.reply.state, state)

    def test_callback_before_the_row_knows_its_sid(self):
        self.call_back("queued")
        self.assertEqual((self.reply.state, self.reply.sid), ("sent", "SM5"))

    def test_callback_of_a_message_that_was_answered_with_an_error(self):
        self.reply.write({"state": "queued", "attempts": 1})
        self.call_back("delivered")
        self.assertEqual((self.reply.state, self.reply.sid), ("delivered", "SM5"), "it must not go again")

    def test_callback_without_the_row_in_its_url(self):
        self.reply.sid = "SM5"
        self.call_back("delivered", row=self.reply.browse(0))
        self.assertEqual(self.reply.state, "delivered")

    def test_first_error_is_kept_and_explained(self):
        self.call_back("failed", ErrorCode="63024")
        self.call_back("undelivered", ErrorCode="30008")
        self.assertEqual((self.reply.state, self.reply.error_code), ("failed", "63024"))
        self.assertIn("not on WhatsApp", self.reply.failure)

    def test_not_genuine(self):
        with mute_logger(WEBHOOK):
            self.assertEqual(self.call_back("read", signature="bm9wZQ=="), 403)
        self.assertEqual(self.reply.state, "sending")

    def test_message_of_another_sender_is_left_alone(self):
        other = self.sender.copy({"number": "+593999000333"})
        foreign = self.reply.copy({"sender_id": other.id, "state": "sending"})
        self.call_back("read", row=foreign)
        self.assertEqual(foreign.state, "sending")

    def test_unknown_message_is_acknowledged(self):
        self.assertEqual(self.call_back("read", sid="SM9", row=self.reply.browse(999999999)), 204)
