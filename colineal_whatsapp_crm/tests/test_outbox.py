from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from ..gateway import delivery
from .common import CUSTOMER, NUMBER, WhatsappCase

SEND = "odoo.addons.colineal_whatsapp_crm.gateway.delivery.send"
OUTBOX = "odoo.addons.colineal_whatsapp_crm.models.whatsapp_outbox"


@tagged("post_install", "-at_install")
class TestOutbox(WhatsappCase):
    def go_live(self):
        self.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "secret"})

    def get_reply(self):
        return self.get_conversation().line_ids.filtered(lambda line: line.direction == "outbound")

    def test_simulated_sender_keeps_the_reply(self):
        with patch(SEND) as send:
            self.customer("Hola")
        send.assert_not_called()
        self.assertEqual(self.get_reply().state, "simulated")

    def test_live_sender_sends_to_the_raw_address(self):
        self.go_live()
        address = "whatsapp:+5930987654321"
        with patch(SEND, return_value="SM123") as send:
            replies = self.customer("Hola", customer=address)
        credentials, number, to, body = send.call_args.args
        self.assertEqual((credentials.account_sid, credentials.auth_token), ("AC" + "1" * 32, "secret"))
        self.assertEqual((number, to, [body]), (NUMBER, address, replies))
        line = self.get_conversation(address).line_ids[-1]
        self.assertEqual((line.state, line.sid), ("sent", "SM123"))

    def test_token_of_the_server_comes_first(self):
        self.go_live()
        with patch.dict("os.environ", {"TWILIO_AUTH_TOKEN": "of the server"}), patch(SEND, return_value="SM1") as send:
            self.customer("Hola")
        self.assertEqual(send.call_args.args[0].auth_token, "of the server")

    def test_token_of_the_server_is_for_its_account_only(self):
        self.go_live()
        server = {"TWILIO_AUTH_TOKEN": "of the server", "TWILIO_ACCOUNT_SID": "AC" + "2" * 32}
        with patch.dict("os.environ", server), patch(SEND, return_value="SM1") as send:
            self.customer("Hola")
        self.assertEqual(send.call_args.args[0].auth_token, "secret")

    def fail(self, outcome, code=None):
        self.go_live()
        with patch(SEND, side_effect=delivery.DeliveryError("no", outcome, code)), mute_logger(OUTBOX):
            self.customer("Hola")
        return self.get_reply()

    def test_permanent_failure_is_shown(self):
        reply = self.fail(delivery.PERMANENT, 63003)
        self.assertEqual((reply.state, reply.error), ("failed", "no"))

    def test_failure_that_may_pass_is_tried_again_later(self):
        reply = self.fail(delivery.LATER, 20429)
        self.assertEqual(reply.state, "queued")
        with patch(SEND, return_value="SM1") as send:
            self.work()
            send.assert_not_called()
            reply.retry_at = False
            self.env.flush_all()
            self.work()
        self.assertEqual(reply.state, "sent")

    def test_failure_that_does_not_pass_ends(self):
        reply = self.fail(delivery.LATER, 20429)
        with patch(SEND, side_effect=delivery.DeliveryError("no", delivery.LATER)), mute_logger(OUTBOX):
            for _try in range(3):
                reply.retry_at = False
                self.env.flush_all()
                self.work()
        self.assertEqual(reply.state, "failed")

    def test_unknown_outcome_is_not_sent_again(self):
        reply = self.fail(delivery.UNKNOWN)
        self.assertEqual(reply.state, "unknown")
        with patch(SEND) as send:
            self.work()
        send.assert_not_called()

    def test_reply_is_dropped_when_a_person_took_over(self):
        self.receive("Hola")
        with self.enter_registry_test_mode():
            self.worker.method_direct_trigger()
        self.env.invalidate_all()
        conversation = self.get_conversation()
        conversation.stage = "person"
        self.env.flush_all()
        self.work()
        self.assertEqual(self.get_reply().state, "dropped")

    def test_state_never_goes_back(self):
        self.customer("Hola")
        reply = self.get_reply()
        reply.state = "read"
        self.assertFalse(reply._move_to("delivered"))
        self.assertFalse(reply._move_to("queued"))
        self.assertEqual(reply.state, "read")

    def test_neutralized_database_sends_nothing(self):
        self.go_live()
        self.receive("Hola", customer=CUSTOMER)
        with self.enter_registry_test_mode():
            self.worker.method_direct_trigger()
        with file_open("colineal_whatsapp_crm/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertEqual(self.sender.mode, "simulation")
        self.assertFalse(self.sender.auth_token)
        with patch(SEND) as send:
            self.work()
        send.assert_not_called()
