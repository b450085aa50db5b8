from datetime import timedelta
from threading import Event
from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from ..gateway import delivery
from ..jobs import typing_indicator
from ..lib.clock import utcnow
from ..lib.thread_calls import Calls
from .test_model import ModelCase

DELIVERY = "odoo.addons.colineal_whatsapp_crm.gateway.delivery"


@tagged("post_install", "-at_install")
class TestTyping(ModelCase):
    def setUp(self):
        super().setUp()
        typing_indicator.backoff.reset()
        self.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "secret"})
        self.shown = self.startPatcher(patch(f"{DELIVERY}.show_typing"))
        self.sent = self.startPatcher(patch(f"{DELIVERY}.send", side_effect=lambda *args, **kwargs: None))

    def get_shown(self):
        """The SIDs of the messages that somebody was seen to answer."""
        return [call.args[1] for call in self.shown.call_args_list]

    def get_last_sid(self):
        return self.get_conversation()._get_last_inbound().sid

    def begin_typing(self, user):
        """A colleague begins to write in the thread, as Discuss tells the server, and the worker looks around."""
        self.get_member(user)._notify_typing(True)
        self.env.flush_all()
        self.work()

    def get_member(self, user):
        channel = self.get_conversation()._get_channel()
        channel.sudo()._add_members(users=user)
        return channel.with_user(user)._find_or_create_member_for_self()

    def test_customer_sees_that_the_model_reads(self):
        self.assertTrue(self.customer("Hola", "Busco un sofá"))
        self.assertEqual(self.get_shown(), [self.get_last_sid()], "of the messages of a turn the last one")
        credentials = self.shown.call_args.args[0]
        self.assertEqual((credentials.account_sid, credentials.auth_token), ("AC" + "1" * 32, "secret"))
        self.customer("Para mi sala")
        self.assertEqual(len(self.get_shown()), 2, "each answer has its own")

    def test_rules_answer_before_anybody_could_see_it(self):
        self.assistant.provider = "rules"
        self.customer("Hola")
        self.assertEqual(self.get_shown(), [])

    def test_customer_whose_voice_note_is_waited_for_sees_it_once(self):
        url = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
        message = self.receive(NumMedia="1", MediaUrl0=url, MediaContentType0="audio/ogg")
        with self.as_worker() as env, Calls(read=4, send=4, type=4) as calls:
            env["whatsapp.worker"]._route_messages()
            for _look in range(2):
                env["whatsapp.conversation"].search([("due_at", "!=", False)]).due_at = utcnow()
                env["whatsapp.worker"]._begin_turns(calls)
            while calls:
                calls.finish(1)
        self.assertEqual(self.get_shown(), [message.sid])

    def test_nothing_is_shown(self):
        def leave_it_off():
            self.sender.shows_typing = False

        def leave_simulation():
            self.sender.account_sid = False

        def take_over():
            self.get_conversation()._take_over(self.env.user)

        def fall_silent():
            self.get_conversation()._set_silent("loop", "no more")

        def opt_out():
            self.get_conversation().contact_id.sudo()._opt_out("customer")

        self.customer("Hola")
        for case in (leave_it_off, leave_simulation, take_over, fall_silent, opt_out):
            with self.subTest(case.__name__), self.env.cr.savepoint() as savepoint:
                self.shown.reset_mock()
                case()
                self.customer("Busco un sofá")
                self.assertEqual(self.get_shown(), [])
                savepoint.rollback()
                self.env.invalidate_all()

    def test_nothing_is_shown_of_what_twilio_would_not_take(self):
        self.receive("Hola", MessageSid="SMx", SmsMessageSid="SMx")
        self.work()
        self.assertEqual(self.get_shown(), [], "no SID of Twilio's")
        self.customer("Hola")
        message = self.get_conversation()._get_last_inbound()
        self.assertTrue(message._shows_typing())
        long_ago = utcnow() - delivery.WINDOW
        self.env.cr.execute(
            "UPDATE whatsapp_conversation_message SET create_date = %s WHERE id = %s", [long_ago, message.id]
        )
        message.invalidate_recordset()
        self.assertFalse(message._shows_typing(), "older than WhatsApp's 24 hours")
        self.assertFalse(self.get_conversation().line_ids[-1]._shows_typing(), "our own")

    def test_what_fails_costs_nobody_anything(self):
        for error in (delivery.DeliveryError("no", delivery.PERMANENT, 20422), RuntimeError("whatever")):
            with self.subTest(type(error).__name__), patch.object(typing_indicator, "_logger") as logger:
                typing_indicator.backoff.reset()
                self.shown.reset_mock()
                self.shown.side_effect = error
                self.assertTrue(self.customer("Hola"))
                self.assertTrue(self.customer("Busco un sofá"), "answered, and left alone for a while")
                self.assertEqual(len(self.get_shown()), 1)
            logger.info.assert_called_once()
            self.assertNotRegex(str(logger.mock_calls), "98765|Hola")
        self.assertFalse(self.env["whatsapp.job.failure"].search([]))
        self.assertFalse(self.get_conversation().handover_id)

    def test_answer_does_not_wait_for_it(self):
        order, sent = [], Event()

        def send(*_args, **_kwargs):
            order.append("sent")
            sent.set()

        def hang(*_args):
            sent.wait(60)
            order.append("shown")

        self.sent.side_effect = send

        self.shown.side_effect = hang
        self.customer("Hola")
        self.assertEqual(order, ["sent", "shown"])

    def test_customer_sees_that_a_colleague_writes(self):
        seller = new_test_user(self.env, "typing-seller", "sales_team.group_sale_salesman_all_leads")
        self.assistant.provider = "rules"
        self.customer("Hola")
        self.begin_typing(seller)
        self.assertEqual(self.get_shown(), [self.get_last_sid()])
        self.assertFalse(self.get_conversation()._get_last_inbound().typing_wanted_at)
        self.begin_typing(seller)
        self.assertEqual(len(self.get_shown()), 1, "while WhatsApp shows it, another call shows nothing")
        self.customer("¿Hola?")
        self.begin_typing(seller)
        self.assertEqual(self.get_shown()[1:], [self.get_last_sid()])

    def test_who_stops_or_may_not_write_is_not_seen(self):
        self.assistant.provider = "rules"
        self.customer("Hola")
        seller = new_test_user(self.env, "typing-seller", "sales_team.group_sale_salesman_all_leads")
        member = self.get_member(seller)
        member._notify_typing(False)
        reader = new_test_user(self.env, "typing-reader", "colineal_whatsapp_crm.whatsapp_group_reader")
        self.get_member(reader)._notify_typing(True)
        self.work()
        self.assertEqual(self.get_shown(), [])

    def test_colleague_of_an_hour_ago_writes_no_more(self):
        seller = new_test_user(self.env, "typing-seller", "sales_team.group_sale_salesman_all_leads")
        self.assistant.provider = "rules"
        self.customer("Hola")
        self.get_member(seller)._notify_typing(True)
        self.get_conversation()._get_last_inbound().typing_wanted_at = utcnow() - timedelta(hours=1)
        self.env.flush_all()
        self.work()
        self.assertEqual(self.get_shown(), [])
