from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import file_open, mute_logger
from twilio.base.exceptions import TwilioRestException

from ..gateway import delivery
from ..gateway.address import parse_address
from ..jobs import outbox
from ..lib.clock import utcnow
from ..lib.thread_calls import Calls
from .common import NUMBER, WhatsappCase

OTHER = "whatsapp:+593987654322"
DELIVERY = "odoo.addons.colineal_whatsapp_crm.gateway.delivery"
SEND = f"{DELIVERY}.send"
OUTBOX = "odoo.addons.colineal_whatsapp_crm.jobs.outbox"
#: PostgreSQL's codes of a lost race and of a deadlock.
LOST_RACE, DEADLOCK = "40001", "40P01"


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
        credentials, number, to, body, status_url, _media_url = send.call_args.args
        self.assertEqual((credentials.account_sid, credentials.auth_token), ("AC" + "1" * 32, "secret"))
        self.assertEqual((number, to, [body]), (NUMBER, address, replies))
        line = self.get_conversation(address).line_ids[-1]
        self.assertEqual(status_url, f"{self.sender._get_public_url()}/api/webhook/whatsapp/status?message={line.id}")
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

    def send_in_vain(self, outcome, code=None):
        self.go_live()
        with patch(SEND, side_effect=delivery.DeliveryError("no", outcome, code)), mute_logger(OUTBOX):
            self.customer("Hola")
        return self.get_reply()

    def test_permanent_failure_is_shown(self):
        reply = self.send_in_vain(delivery.PERMANENT, 63003)
        self.assertEqual((reply.state, reply.error), ("failed", "no"))

    def test_what_twilio_says_names_nobody(self):
        with patch("twilio.rest.api.v2010.account.message.MessageList.create") as create:
            create.side_effect = TwilioRestException(400, "", "The number +593 98-765-4321 is not valid", 21211)
            with self.assertRaises(delivery.DeliveryError) as raised:
                delivery.send(delivery.Credentials("AC1", "x"), "+593999000222", "whatsapp:+593987654321", "Hola")
        self.assertIn("Twilio error 21211: The number ", str(raised.exception))
        self.assertNotIn("765", str(raised.exception))

    def test_answer_of_twilio_that_is_none_is_stored_and_shown(self):
        self.go_live()
        create = "twilio.rest.api.v2010.account.message.MessageList.create"
        for number, code in enumerate(([63016], "9" * 5000, {"code": 1}, 10**4000, -1, None)):
            with self.subTest(str(code)[:9]):
                refusal = TwilioRestException(400, "", "a\x00b\n" + "c" * 5000, code)
                customer = f"whatsapp:+59398765400{number}"
                with patch(create, side_effect=refusal), mute_logger(OUTBOX):
                    self.customer("Hola", customer=customer)
                reply = self.get_conversation(customer).line_ids[-1]
                self.assertEqual(reply.state, "failed")
                self.assertLess(len(reply.failure), 600)

    def test_failure_that_may_pass_is_tried_again_later(self):
        reply = self.send_in_vain(delivery.LATER, 20429)
        self.assertEqual(reply.state, "queued")
        with patch(SEND, return_value="SM1") as send:
            self.work()
            send.assert_not_called()
            reply.retry_at = False
            self.env.flush_all()
            self.work()
        self.assertEqual(reply.state, "sent")

    def test_failure_that_does_not_pass_ends(self):
        reply = self.send_in_vain(delivery.LATER, 20429)
        with patch(SEND, side_effect=delivery.DeliveryError("no", delivery.LATER)), mute_logger(OUTBOX):
            for _try in range(3):
                reply.retry_at = False
                self.env.flush_all()
                self.work()
        self.assertEqual(reply.state, "failed")

    def test_unknown_outcome_is_not_sent_again_blindly(self):
        reply = self.send_in_vain(delivery.UNKNOWN)
        self.assertEqual(reply.state, "unknown")
        with patch(SEND) as send:
            self.work()
        send.assert_not_called()

    def check_doubt(self, reply, sids):
        """The time has come to ask Twilio, which has these messages."""
        reply.retry_at = utcnow()
        self.env.flush_all()
        with patch(f"{DELIVERY}.find_sent", return_value=sids), patch(SEND, return_value="SM2") as send:
            self.work()
        return send

    def test_message_in_doubt_that_twilio_has_is_sent(self):
        reply = self.send_in_vain(delivery.UNKNOWN)
        self.check_doubt(reply, ["SM1"]).assert_not_called()
        self.assertEqual((reply.state, reply.sid), ("sent", "SM1"))

    def test_message_in_doubt_that_twilio_lacks_goes_again(self):
        reply = self.send_in_vain(delivery.UNKNOWN)
        self.check_doubt(reply, []).assert_called_once()
        self.assertEqual((reply.state, reply.sid), ("sent", "SM2"))

    def test_message_in_doubt_that_knows_its_sid_is_settled(self):
        reply = self.send_in_vain(delivery.UNKNOWN)
        reply.sid = "SM1"
        self.check_doubt(reply, ["SM1"]).assert_not_called()
        self.assertEqual(reply.state, "sent")

    def test_message_of_the_same_words_is_not_taken_for_it(self):
        reply = self.send_in_vain(delivery.UNKNOWN)
        earlier = reply.copy({"sid": "SM1", "state": "sent"})
        self.check_doubt(reply, ["SM1"]).assert_called_once()
        self.assertEqual((earlier.sid, reply.sid), ("SM1", "SM2"))

    def test_message_of_another_sender_is_not_taken_for_it(self):
        """A messaging service sends from numbers that may be other senders' too, to the same customer, in the same words."""
        reply = self.send_in_vain(delivery.UNKNOWN)
        other = self.sender.copy({"number": "+593999000444", "account_sid": "AC" + "1" * 32})
        theirs = reply.copy({"sid": "SM1", "state": "sent", "sender_id": other.id})
        self.check_doubt(reply, ["SM1"]).assert_called_once()
        self.assertEqual((theirs.sid, reply.sid), ("SM1", "SM2"))

    def test_message_in_doubt_is_looked_for_by_all_of_the_customers_addresses(self):
        reply = self.send_in_vain(delivery.UNKNOWN)
        other = "whatsapp:EC.A1b2C3d4E5f6"
        contact = reply.conversation_id.contact_id
        contact.env["whatsapp.contact.address"]._add(contact, [parse_address(other)], self.sender.account_sid)
        asked = []

        def find(credentials, sender, addresses, body, since):
            asked.extend(addresses)
            return ["SM1"]

        reply.retry_at = utcnow()
        self.env.flush_all()
        with patch(f"{DELIVERY}.find_sent", side_effect=find), patch(SEND) as send:
            self.work()
        send.assert_not_called()
        self.assertEqual(asked, [reply.address, other])

    def test_what_another_service_sent_is_not_found(self):
        ours, others = "MG" + "3" * 32, "MG" + "4" * 32
        there = [
            SimpleNamespace(sid=f"SM{number}", body=body, messaging_service_sid=service)
            for number, (body, service) in enumerate((("Hola", others), ("Hola", ours), ("Hola", None), ("Otro", ours)))
        ]
        with patch("twilio.rest.api.v2010.account.message.MessageList.list", return_value=there):
            found = delivery.find_sent(delivery.Credentials("AC1", "x"), ours, (OTHER,), "Hola", utcnow())
        self.assertEqual(found, ["SM1"])

    def test_message_of_a_dead_process_is_in_doubt(self):
        reply = self.send_in_vain(delivery.LATER)
        reply.write({"state": "sending", "sent_at": utcnow() - timedelta(minutes=2)})
        self.env.flush_all()
        with patch(SEND) as send:
            self.work()
        send.assert_not_called()
        self.assertEqual(reply.state, "unknown")
        self.check_doubt(reply, ["SM1"])
        self.assertEqual(reply.state, "sent")

    def listen(self):
        """A function that gives what open screens were told since now."""
        self.env.flush_all()
        last = self.env["bus.bus"].search([], order="id desc", limit=1).id
        return lambda: "".join(self.env["bus.bus"].search([("id", ">", last)]).mapped("message"))

    def test_thread_shows_that_a_dead_process_left_a_doubt(self):
        reply = self.send_in_vain(delivery.LATER)
        reply.conversation_id._get_channel()
        reply.write({"state": "sending", "sent_at": utcnow() - timedelta(minutes=2)})
        get_told = self.listen()
        with patch(SEND):
            self.work()
        self.assertIn('"state":"unknown"', get_told())

    def test_thread_shows_that_a_message_waits_for_another_try(self):
        self.go_live()
        self.receive("Hola")
        self.read_only()
        self.get_conversation()._get_channel()
        get_told = self.listen()
        with patch(SEND, side_effect=delivery.DeliveryError("no", delivery.LATER, 20429)), mute_logger(OUTBOX):
            self.work()
        self.assertIn('"state":"queued"', get_told())

    def test_message_whose_outcome_is_never_known_is_shown_as_not_delivered(self):
        reply = self.send_in_vain(delivery.UNKNOWN)
        conversation = reply.conversation_id
        conversation._get_channel()
        self.assertEqual((conversation.outbound_count, conversation.waiting_since), (1, False))
        reply.checks = 5
        get_told = self.listen()
        refused = self.failing_in_database("whatsapp_conversation_message", "NEW.sid = 'SM1'")
        with refused, mute_logger(OUTBOX):
            self.check_doubt(reply, ["SM1"]).assert_not_called()
        self.assertEqual(reply.state, "failed")
        self.assertEqual((conversation.status, conversation.failed_message_id), ("Not delivered", reply))
        self.assertIn("could not be found out", conversation.failure)
        self.assertEqual(conversation.waiting_reason, "Our answer did not arrive", "and so the customer waits")
        self.assertEqual((conversation.outbound_count, conversation.first_assistant_at), (0, False))
        self.assertIn('"state":"failed"', get_told())

    def test_message_that_failed_meanwhile_only_a_person_sends_again(self):
        reply = self.send_in_vain(delivery.UNKNOWN)
        failed = {"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "63003"}
        self.env["whatsapp.conversation.message"]._apply_status(self.sender.id, reply.id, failed)

        def refuse():
            raise delivery.DeliveryError("no", delivery.LATER, 20429)

        with self.as_worker() as env, mute_logger(OUTBOX):
            env["whatsapp.outbox"]._end_sending(reply.id, refuse)
            env["whatsapp.outbox"]._end_check(reply.id, list)
        self.assertEqual((reply.state, reply.error_code), ("failed", "63003"))
        reply.action_retry()
        with patch(SEND, return_value="SM2"):
            self.work()
        self.assertEqual(reply.state, "sent")

    def test_outcome_that_meets_a_callback_is_written_all_the_same(self):
        self.go_live()
        lost = self.failing_in_database("whatsapp_conversation_message", "NEW.state = 'sent'", LOST_RACE, times=1)
        with patch(SEND, return_value="SM1") as send, lost as count:
            self.customer("Hola")
            self.assertEqual(count(), 1)
        send.assert_called_once()
        self.assertEqual((self.get_reply().state, self.get_reply().sid), ("sent", "SM1"))

    def test_outcome_that_cannot_be_written_leaves_a_doubt_and_harms_no_other(self):
        self.go_live()
        self.receive("Hola")
        self.receive("Hola", customer=OTHER)
        self.read_only()

        def send(_credentials, _sender, address, *_args, **_options):
            if address == OTHER:
                return "SM1"
            raise AttributeError("an answer that nobody foresaw")

        with patch(SEND, side_effect=send), self.as_worker() as env, Calls(read=4, send=4) as calls:
            env["whatsapp.outbox"]._begin_messages(calls)
            with mute_logger(OUTBOX):
                while calls:
                    calls.finish(5)
        self.assertEqual(self.get_conversation(OTHER).line_ids[-1].state, "sent")
        reply = self.get_reply()
        self.assertEqual(reply.state, "sending")
        reply.sent_at = utcnow() - timedelta(minutes=2)
        self.env.flush_all()
        self.work()
        self.check_doubt(reply, ["SM2"]).assert_not_called()
        self.assertEqual((reply.state, reply.sid), ("sent", "SM2"))

    def test_lost_races_do_not_go_on_for_ever(self):
        self.go_live()
        self.receive("Hola")
        self.read_only()
        lost = self.failing_in_database("whatsapp_conversation_message", "NEW.state = 'sent'", DEADLOCK)
        with patch(SEND, return_value="SM1") as send, lost as count, mute_logger(OUTBOX):
            self.work()
            self.assertEqual(count(), 5)
        send.assert_called_once()
        self.assertEqual(self.get_reply().state, "sending")

    def test_next_message_waits_for_the_one_before(self):
        self.send_in_vain(delivery.LATER)
        with patch(SEND, return_value="SM1") as send:
            self.customer("Busco sofás")
        send.assert_not_called()
        with self.as_worker() as env:
            self.assertGreater(env["whatsapp.worker"]._get_seconds_to_next(), 30, "the worker rests until then")

    def test_reply_is_dropped_when_a_person_took_over(self):
        self.receive("Hola")
        self.read_only()
        self.get_conversation().stage = "person"
        self.env.flush_all()
        self.work()
        self.assertEqual(self.get_reply().state, "dropped")

    def test_question_is_dropped_when_the_customer_has_written_since(self):
        self.receive("Hola")
        self.read_only()
        self.assistant.coalescing_seconds = 3600
        self.receive("Busco sofás")
        self.work()
        self.assertEqual(self.get_reply().state, "dropped")

    def test_confirmation_goes_though_the_customer_has_written_since(self):
        self.receive("Soy Ana, busco un sofá, tengo $900")
        self.read_only()
        self.assistant.coalescing_seconds = 3600
        self.receive("Gracias")
        self.work()
        self.assertEqual(self.get_reply().state, "simulated")

    def test_nothing_goes_after_24_hours(self):
        self.go_live()
        self.receive("Hola")
        self.read_only()
        self.get_conversation().last_inbound_at = utcnow() - timedelta(hours=25)
        self.env.flush_all()
        with patch(SEND) as send:
            self.work()
        send.assert_not_called()
        self.assertEqual(self.get_reply().state, "failed")
        self.assertIn("24 hours", self.get_reply().failure)

    def test_one_person_gets_no_more_than_meta_allows(self):
        self.go_live()
        self.startPatcher(patch.object(outbox, "_PAIR_SECONDS", 3600))  # it is not over before the fourth
        with patch(SEND, side_effect=("SM1", "SM2", "SM3")) as send:
            for _message in range(3):
                self.customer("Hola")
            self.receive("Hola")
            self.read_only()
            with self.as_worker() as env, Calls(read=4, send=4) as calls:
                env["whatsapp.outbox"]._begin_messages(calls)
        self.assertEqual(send.call_count, 3)
        last = self.get_reply()[-1]
        self.assertEqual(last.state, "queued")
        self.assertGreater(last.retry_at, utcnow())

    def test_sender_sends_no_more_than_its_rate(self):
        self.go_live()
        self.sender.messages_per_second = 2
        for digit in range(3):
            self.receive("Hola", customer=f"whatsapp:+59399988877{digit}")
        self.read_only()
        with patch(SEND, side_effect=("SM1", "SM2")) as send, self.as_worker() as env, Calls(read=4, send=4) as calls:
            env["whatsapp.outbox"]._begin_messages(calls)
            while calls:
                calls.finish(5)
        self.assertEqual(send.call_count, 2)

    def test_long_text_goes_in_parts_that_end_with_sentences(self):
        text = "Una frase de prueba. " * 100
        parts = delivery.split_body(text.strip())
        self.assertTrue(all(len(part) <= delivery.MAX_BODY and part.endswith(".") for part in parts))
        self.assertEqual(" ".join(parts), text.strip())
        self.assertEqual([len(part) for part in delivery.split_body("x" * 3500)], [1600, 1600, 300])
        self.assertEqual(delivery.split_body(""), [])
        self.customer("Hola")
        lines = self.get_conversation()._queue(text.strip())
        self.assertEqual(lines.mapped("body"), parts)

    def test_state_never_goes_back(self):
        self.customer("Hola")
        reply = self.get_reply()
        reply.state = "read"
        self.assertFalse(reply._move_to("delivered"))
        self.assertFalse(reply._move_to("queued"))
        self.assertEqual(reply.state, "read")

    def test_neutralized_database_sends_nothing(self):
        self.go_live()
        self.receive("Hola")
        self.read_only()
        with file_open("colineal_whatsapp_crm/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertEqual(self.sender.mode, "simulation")
        self.assertFalse(self.sender.auth_token)
        with patch(SEND) as send:
            self.work()
        send.assert_not_called()
