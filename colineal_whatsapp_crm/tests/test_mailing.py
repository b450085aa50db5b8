from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..lib.clock import utcnow
from .common import WhatsappCase

MAILING = "odoo.addons.colineal_whatsapp_crm.models.mailing.base"
SEND = "odoo.addons.colineal_whatsapp_crm.gateway.delivery.send"


@tagged("post_install", "-at_install")
class TestMailing(WhatsappCase):
    """One template for many customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "mailing-manager", "sales_team.group_sale_manager", lang="en_US")
        cls.template = cls.env["whatsapp.content.template"].create(
            {
                "name": "Aviso",
                "sender_id": cls.sender.id,
                "language": "es",
                "body": "Hola {{1}}, hay novedades.",
                "variable_ids": [
                    Command.create({"name": "1", "sample": "Ana", "source": "placeholder", "placeholder": "name"})
                ],
            }
        )
        cls.template.write({"state": "approved", "content_sid": "HX" + "1" * 32})

    def begin(self, count=3):
        """Customers who wrote a month ago, with names, as conversations."""
        addresses = [f"whatsapp:+5939870001{number:02d}" for number in range(count)]
        for number, address in enumerate(addresses):
            self.customer(f"Soy {'Ana Eva Luz Sol Paz'.split()[number % 5]} Mora, busco un sofá", customer=address)
        conversations = self.env["whatsapp.conversation"].browse(
            [self.get_conversation(address).id for address in addresses]
        )
        conversations.write({"last_inbound_at": utcnow() - timedelta(days=30)})
        conversations.line_ids.write({"sent_at": utcnow() - timedelta(days=30)})
        self.env.flush_all()
        return conversations

    def make(self, records, start=True):
        mailings = self.env["whatsapp.mailing"].with_user(self.manager)
        mailing = mailings.browse(mailings._new_for(records.with_user(self.manager))["res_id"])
        mailing.template_id = self.template
        if start:
            mailing.action_start()
            self.run_job("ir_cron_mailings")
        return mailing

    def get_messages(self, mailing):
        return mailing.sudo().recipient_ids.message_id

    def let_go(self, mailing):
        """The moment of each message has come."""
        self.get_messages(mailing).filtered(lambda each: each.state == "queued").retry_at = utcnow()
        self.env.flush_all()

    def test_it_goes_to_each_customer_once(self):
        conversations = self.begin()
        conversations[2].action_close()
        stages = conversations.mapped("stage")
        mailing = self.make(conversations)
        self.assertEqual((mailing.state, mailing.recipient_count, mailing.waiting_count), ("done", 3, 3))
        self.let_go(mailing)
        self.work()
        messages = self.get_messages(mailing)
        self.assertEqual(messages.mapped("state"), ["simulated"] * 3)
        self.assertEqual(
            sorted(messages.mapped("body")), [f"Hola {name}, hay novedades." for name in ("Ana", "Eva", "Luz")]
        )
        self.assertEqual((mailing.sent_count, mailing.waiting_count, mailing.progress), (3, 0, 100))
        self.assertEqual(conversations.mapped("stage"), stages, "nobody takes over, nothing is opened")
        self.run_job("ir_cron_mailings")
        self.assertEqual(len(conversations.line_ids.filtered("template_id")), 3)

    def test_it_is_paced(self):
        """Half of what the sender may send in a second is left to answers."""
        self.sender.messages_per_second = 4
        mailing = self.make(self.begin())
        first, second, third = self.get_messages(mailing).mapped("retry_at")
        pause = timedelta(seconds=0.5)
        self.assertEqual((second - first, third - second), (pause, pause))

    def test_no_more_than_a_minute_of_it_waits(self):
        self.sender.messages_per_second = 1
        with patch(f"{MAILING}._BATCH", 1), patch(f"{MAILING}._SHARE", 0.01):
            mailing = self.make(self.begin(4))
            self.assertEqual((mailing.state, len(self.get_messages(mailing))), ("sending", 1))
            mailing.sudo().next_at = utcnow()
            self.env.flush_all()
            self.run_job("ir_cron_mailings")
            self.assertEqual(len(self.get_messages(mailing)), 2)

    def test_stop_and_go_on(self):
        conversations = self.begin()
        mailing = self.make(conversations)
        mailing.sudo().state = "sending"
        first = self.get_messages(mailing)[:1]
        first.retry_at = utcnow()
        self.get_messages(mailing)[1:].retry_at = utcnow() + timedelta(hours=1)
        self.env.flush_all()
        self.work()
        self.assertEqual(first.state, "simulated")
        mailing.action_stop()
        self.assertEqual((mailing.state, mailing.waiting_count, mailing.sent_count), ("stopped", 2, 1))
        self.run_job("ir_cron_mailings")
        self.work()
        self.assertEqual(mailing.sent_count, 1)
        mailing.action_start()
        self.run_job("ir_cron_mailings")
        self.let_go(mailing)
        self.work()
        self.assertEqual((mailing.state, mailing.sent_count), ("done", 3))
        sent = conversations.line_ids.filtered(lambda line: line.template_id and line.state == "simulated")
        self.assertEqual(len(sent), 3, "each once")

    def test_who_is_left_out(self):
        conversations = self.begin(4)
        conversations[0].contact_id._opt_out("customer")
        conversations[1]._erase_words()
        conversations[2].customer_name = False
        conversations[2].contact_id.profile_name = False
        mailing = self.make(conversations)
        reasons = {each.conversation_id: each.reason for each in mailing.sudo().recipient_ids}
        self.assertEqual([reasons[each] for each in conversations], ["opted_out", "erased", "unfilled", False])
        self.assertEqual((mailing.left_out_count, len(self.get_messages(mailing))), (3, 1))

    def test_advertising_has_its_limits(self):
        self.template.category = "marketing"
        conversations = self.begin(2)
        conversations[0].contact_id.no_marketing_at = utcnow()
        mailing = self.make(conversations)
        reasons = {each.conversation_id: each.reason for each in mailing.sudo().recipient_ids}
        self.assertEqual([reasons[each] for each in conversations], ["advertising", False])
        again = self.make(conversations)
        self.assertEqual(again.sudo().recipient_ids.mapped("reason"), ["advertising", "advertising"])

    def test_template_of_another_account(self):
        number = {"name": "Other", "number": "+593999000777", "account_sid": "AC" + "7" * 32}
        other = self.env["whatsapp.sender"].create({**number, "assistant_id": self.assistant.id})
        self.template.sender_id = other
        mailing = self.make(self.begin(1))
        self.assertEqual(mailing.sudo().recipient_ids.reason, "no_template")

    def test_template_that_is_not_approved(self):
        mailing = self.make(self.begin(1), start=False)
        self.template.state = "paused"
        with self.assertRaises(UserError):
            mailing.action_start()
        self.template.state = "approved"
        mailing.action_start()
        self.template.state = "paused"
        self.run_job("ir_cron_mailings")
        self.assertEqual(mailing.sudo().recipient_ids.reason, "no_template")

    def test_what_the_customer_writes_meanwhile_does_not_stop_it(self):
        conversations = self.begin(1)
        mailing = self.make(conversations)
        self.customer("¿Tienen mesas?", customer=conversations.contact_id.address)
        self.let_go(mailing)
        self.work()
        self.assertEqual(self.get_messages(mailing).state, "simulated")

    def test_it_answers_nobody(self):
        conversations = self.begin(1)
        conversations.action_take_over()
        conversations.waiting_since = utcnow()
        self.make(conversations)
        self.assertTrue(conversations.waiting_since)

    def test_failure_is_seen_on_the_mailing_alone(self):
        conversations = self.begin(1)
        mailing = self.make(conversations)
        self.get_messages(mailing)._move_to("failed", error="no", error_code="63024")
        self.assertEqual(mailing.failed_count, 1)
        self.assertFalse(conversations.failed_message_id)

    def test_it_goes_by_twilios_content(self):
        conversations = self.begin(1)
        self.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "secret"})
        mailing = self.make(conversations)
        self.let_go(mailing)
        with patch(SEND, return_value="SM1") as send:
            self.work()
        self.assertEqual(send.call_args.kwargs["content"], (self.template.content_sid, {"1": "Ana"}))
        self.assertEqual((self.get_messages(mailing).state, mailing.sent_count), ("sent", 1))

    def test_made_from_leads_and_partners(self):
        conversation = self.begin(1)
        lead = self.env["crm.lead"].create({"name": "Sofá"})
        other = self.env["crm.lead"].create({"name": "Mesa"})
        conversation.lead_id = lead
        partner = self.env["res.partner"].create({"name": "Ana", "phone": conversation.contact_id.phone})
        conversation.contact_id.partner_id = partner
        for records, unknown in ((lead | other, 1), (partner, 0), (conversation, 0)):
            with self.subTest(records._name):
                mailing = self.make(records, start=False)
                self.assertEqual(mailing.recipient_ids.conversation_id, conversation)
                self.assertEqual(mailing.unknown_count, unknown)
        with self.assertRaises(UserError):
            self.make(other, start=False)

    def test_latest_conversation_of_each_customer(self):
        conversation = self.begin(1)
        conversation.action_close()
        self.customer("Hola de nuevo", customer=conversation.contact_id.address)
        latest = self.get_conversation(conversation.contact_id.address)
        self.assertNotEqual(latest, conversation)
        mailing = self.make(conversation | latest, start=False)
        self.assertEqual(mailing.recipient_ids.conversation_id, latest)

    def test_only_sales_administrators_write_to_many(self):
        conversations = self.begin(1)
        seller = new_test_user(self.env, "mailing-seller", "sales_team.group_sale_salesman_all_leads")
        with self.assertRaises(AccessError):
            self.env["whatsapp.mailing"].with_user(seller)._new_for(conversations.with_user(seller))
        mailing = self.make(conversations, start=False)
        for call in ("action_start", "action_stop"):
            with self.assertRaises(AccessError):
                getattr(mailing.with_user(seller), call)()
        for name, value in {"state": "sending", "user_id": self.env.uid, "next_at": utcnow()}.items():
            with self.assertRaises(AccessError):
                mailing.write({name: value})

    def test_what_is_under_way_is_not_changed(self):
        mailing = self.make(self.begin(1))
        mailing.sudo().state = "sending"
        with self.assertRaises(UserError):
            mailing.template_id = self.template.copy()
        with self.assertRaises(UserError):
            mailing.unlink()
