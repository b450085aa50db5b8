from odoo.exceptions import UserError
from odoo.tests import tagged

from ..lib.clock import utcnow
from .common import WhatsappCase

NUMBER = "+593987654321"


@tagged("post_install", "-at_install")
class TestSms(WhatsappCase):
    """A number that takes SMS beside WhatsApp: those come to the same webhook."""

    def send_sms(self, body):
        replies = self.customer(body, customer=NUMBER, To=self.sender.number, WaId=None, ProfileName=None)
        return replies, self.get_conversation(NUMBER)

    def test_sms_is_shown_to_a_person_and_not_answered(self):
        replies, conversation = self.send_sms("Busco un sofá")
        self.assertFalse(replies)
        line = conversation.line_ids
        self.assertEqual((line.kind, line.state, line.body), ("sms", "handled", "Busco un sofá"))
        self.assertIn("SMS", line.failure)
        self.assertEqual((conversation.handover_reason, conversation.stage), ("sms", "person"))
        self.assertTrue(conversation.awaited_since and conversation.user_id and conversation.waiting_since)
        self.assertIn("SMS", conversation.activity_ids.summary)
        self.assertIn("Busco un sofá", conversation.channel_id.message_ids.mapped("preview"))
        self.assertFalse(conversation.window_until, "it opens no window on WhatsApp")
        self.assertFalse(conversation.due_at)

    def test_nothing_is_sent_into_the_void(self):
        conversation = self.send_sms("Busco un sofá")[1]
        channel = conversation._get_channel().with_user(self.env.ref("base.user_admin"))
        with self.assertRaisesRegex(UserError, "SMS"):
            channel.message_post(body="Hola", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.assertIn("SMS", str(conversation.channel_id._get_whatsapp_state()["silence"]))
        self.assertFalse(conversation._queue("Hola"))
        line = self.env["whatsapp.conversation.message"].create(
            {
                "conversation_id": conversation.id,
                "sender_id": self.sender.id,
                "direction": "outbound",
                "author": "person",
                "address": NUMBER,
                "body": "Hola",
                "state": "queued",
            }
        )
        conversation.last_inbound_at = utcnow()
        self.work()
        self.assertEqual(line.state, "failed")
        self.assertIn("SMS", line.failure)

    def test_wish_by_sms_is_followed(self):
        conversation = self.send_sms("BAJA")[1]
        self.assertTrue(conversation.opted_out)
        self.assertFalse(conversation.line_ids.filtered(lambda line: line.direction == "outbound"))

    def test_wish_by_sms_counts_on_whatsapp_and_the_reverse(self):
        whatsapp = f"whatsapp:{NUMBER}"
        for first, second in ((whatsapp, NUMBER), (NUMBER, whatsapp)):
            with self.subTest(first):
                self.customer("Hola", customer=whatsapp)
                self.send_sms("Hola")
                to = {"To": self.sender.number, "WaId": None} if second == NUMBER else {}
                self.customer("BAJA", customer=second, **to)
                contacts = self.get_conversation(first).contact_id, self.get_conversation(second).contact_id
                self.assertNotEqual(*contacts)
                self.assertEqual([each.opt_out_reason for each in contacts], ["customer", "customer"])
                self.assertEqual([each.phone for each in contacts], [NUMBER, NUMBER])
                for contact in contacts:
                    contact.unlink()
                self.env["phone.blacklist"].search([("number", "=", NUMBER)]).unlink()

    def test_same_person_on_whatsapp_is_answered(self):
        self.send_sms("Busco un sofá")
        self.assertTrue(self.customer("Busco un sofá", customer=f"whatsapp:{NUMBER}"))
