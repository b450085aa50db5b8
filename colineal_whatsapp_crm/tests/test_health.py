from datetime import UTC, timedelta
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..gateway import delivery
from ..lib.clock import utcnow
from .common import CUSTOMER, WhatsappCase

DELIVERY = "odoo.addons.colineal_whatsapp_crm.gateway.delivery"
HEALTH = "odoo.addons.colineal_whatsapp_crm.models.sender.health"


@tagged("post_install", "-at_install")
class TestHealth(WhatsappCase):
    def go_live(self):
        self.sender.write(
            {"account_sid": "AC" + "1" * 32, "auth_token": "secret", "public_url": "https://odoo.example.com"}
        )

    def test_queue_is_shown(self):
        self.assertFalse(self.sender.last_webhook_at)
        message = self.receive("Hola")
        self.sender.invalidate_recordset()
        self.assertEqual((self.sender.waiting_count, self.sender.waiting_since), (1, message.create_date))
        self.assertEqual(self.sender.last_webhook_at, message.create_date)
        self.work()
        self.sender.invalidate_recordset()
        self.assertEqual(self.sender.waiting_count, 0)

    def get_at_twilio(self, sid, minutes_ago, body="Busco sofás", direction="inbound"):
        """A message as Twilio's API describes it."""
        return SimpleNamespace(
            sid=sid,
            account_sid="AC" + "1" * 32,
            from_=CUSTOMER,
            to=f"whatsapp:{self.sender.number}",
            body=body,
            num_media="0",
            direction=direction,
            date_sent=utcnow().replace(tzinfo=UTC) - timedelta(minutes=minutes_ago),
        )

    def test_missed_messages_are_taken_in_once(self):
        self.go_live()
        known = self.receive("Hola", AccountSid="AC" + "1" * 32)
        there = [
            self.get_at_twilio(known.sid, 3, "Hola"),
            self.get_at_twilio("SM" + "e" * 32, 2),
            self.get_at_twilio("SM" + "f" * 32, 1, "our own", "outbound-api"),
        ]
        with patch(f"{DELIVERY}.list_inbound", return_value=there):
            self.assertIn("1 ", self.sender.action_find_gaps()["params"]["message"])
            self.assertIn("0 ", self.sender.action_find_gaps()["params"]["message"])
        lines = self.env["whatsapp.conversation.message"].search([("sender_id", "=", self.sender.id)])
        self.assertEqual(lines.mapped("body"), ["Hola", "Busco sofás"])

    def find_gaps(self, *there):
        """Search an account that has these messages. Returns how many were missed."""

        def list_inbound(_credentials, _number, since, _service):
            return [message for message in there if message.date_sent.replace(tzinfo=None) >= since]

        with patch(f"{DELIVERY}.list_inbound", side_effect=list_inbound):
            return self.sender._find_gaps()

    def was_last_searched(self, **ago):
        self.sender.gaps_searched_at = utcnow() - timedelta(**ago)

    def test_messages_to_another_sender_of_the_service_are_theirs(self):
        """The numbers that a messaging service chooses from may be senders by themselves."""
        self.go_live()
        service = "MG" + "3" * 32
        self.sender.messaging_service_sid = service
        self.sender.copy({"number": "+593999000444", "account_sid": "AC" + "1" * 32, "auth_token": "secret"})
        there = []
        for number, to in enumerate((self.sender.number, "+593999000444", "+593999000999")):
            message = self.get_at_twilio(f"SM{number:032}", 2, to)
            message.to, message.messaging_service_sid = f"whatsapp:{to}", service
            there.append(message)
        self.assertEqual(self.find_gaps(*there), 2)
        lines = self.env["whatsapp.conversation.message"].search([("sender_id", "=", self.sender.id)])
        self.assertEqual(set(lines.mapped("body")), {self.sender.number, "+593999000999"})

    def test_outage_of_days_is_made_up_for(self):
        self.go_live()
        self.was_last_searched(days=3)
        lost = [self.get_at_twilio(f"SMmissed{hours:026}", 60 * hours) for hours in range(70, 0, -10)]
        after = self.receive("Ya funciona", AccountSid="AC" + "1" * 32)
        there = [*lost, self.get_at_twilio(after.sid, 1)]
        self.assertEqual(self.find_gaps(*there), 7)
        self.assertEqual(self.find_gaps(*there), 0)
        self.work()
        conversation = self.get_conversation()
        called = conversation.handover_reason, len(conversation.activity_ids)
        self.assertEqual(called, ("late", 1), "a person is called for what is old")
        replies = conversation.line_ids.filtered(lambda line: line.direction == "outbound")
        self.assertEqual(len(replies), 1, "and only what is new is answered")

    def test_message_on_its_way_during_a_search_is_found_by_the_next(self):
        self.go_live()
        self.was_last_searched(minutes=1)
        self.assertEqual(self.find_gaps(self.get_at_twilio("SM" + "a" * 32, 2)), 1)

    def test_search_that_failed_is_made_up_for(self):
        self.go_live()
        self.was_last_searched(days=4)
        for error in (delivery.DeliveryError("no", delivery.LATER), AttributeError("unforeseen")):
            with patch(f"{DELIVERY}.list_inbound", side_effect=error), mute_logger(HEALTH):
                self.run_job("ir_cron_gaps")
        self.assertEqual(self.find_gaps(self.get_at_twilio("SM" + "a" * 32, 3 * 24 * 60)), 1)

    def test_first_search_leaves_what_another_system_answered(self):
        self.go_live()
        there = [self.get_at_twilio(f"SMmissed{days:026}", days * 24 * 60 - 30) for days in (9, 5, 1)]
        self.assertEqual(self.find_gaps(*there), 1)

    def test_first_search_begins_with_the_last_known_message(self):
        self.go_live()
        known = self.receive("Hola")
        self.env.cr.execute(
            "UPDATE whatsapp_conversation_message SET create_date = create_date - interval '4 days' WHERE id = %s",
            [known.id],
        )
        known.invalidate_recordset()
        there = [self.get_at_twilio(f"SMmissed{days:026}", days * 24 * 60) for days in (9, 5, 3, 1)]
        self.assertEqual(self.find_gaps(*there), 2)

    def test_window_of_a_missed_message_is_that_of_its_writing(self):
        self.go_live()
        self.was_last_searched(days=3)
        self.find_gaps(self.get_at_twilio("SM" + "a" * 32, 30 * 60))
        self.work()
        self.assertLess(self.get_conversation().last_inbound_at, utcnow() - timedelta(hours=29))

    def test_missed_message_is_answered_while_it_is_fresh(self):
        self.go_live()
        for sid, minutes, replies in (("SM" + "a" * 32, 5, 1), ("SM" + "b" * 32, 300, 1)):
            with patch(f"{DELIVERY}.list_inbound", return_value=[self.get_at_twilio(sid, minutes)]):
                self.run_job("ir_cron_gaps")
            with patch(f"{DELIVERY}.send", return_value=f"{sid}out"):
                self.work()
            outbound = self.get_conversation().line_ids.filtered(lambda line: line.direction == "outbound")
            self.assertEqual(len(outbound), replies)
        conversation = self.get_conversation()
        self.assertEqual((conversation.handover_reason, len(conversation.activity_ids)), ("late", 1))

    def test_twilio_out_of_reach_is_said(self):
        self.go_live()
        error = delivery.DeliveryError("Twilio could not be reached in time", delivery.LATER)
        with patch(f"{DELIVERY}.list_inbound", side_effect=error):
            self.assertEqual(self.sender.action_find_gaps()["params"]["type"], "danger")
            self.run_job("ir_cron_gaps")
        self.sender.invalidate_recordset()
        self.assertIn("could not be reached", self.sender.search_error)
        self.assertFalse(self.sender.last_refusal, "nothing was refused at the webhook")
        self.find_gaps()
        self.assertFalse(self.sender.search_error)
