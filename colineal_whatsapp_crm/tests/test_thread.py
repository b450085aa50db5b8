from datetime import timedelta
from unittest.mock import patch

from markupsafe import Markup
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..clock import utcnow
from ..gateway.formatting import to_whatsapp
from .common import CUSTOMER, WhatsappCase
from .test_media import PHOTO, MediaCase

SEND = "odoo.addons.colineal_whatsapp_crm.gateway.delivery.send"


class ThreadCase(WhatsappCase):
    """A thread with a salesperson who may write in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(cls.env, "thread-seller", "sales_team.group_sale_salesman", name="Sofía Mora")
        cls.boss = new_test_user(cls.env, "thread-boss", "sales_team.group_sale_salesman_all_leads")

    def get_channel(self, user=None):
        channel = self.get_conversation()._get_channel()
        return channel.with_user(user) if user else channel

    def get_thread(self):
        """(author, text) of each message in the thread, oldest first."""
        messages = (
            self.get_channel().message_ids.sorted("id").filtered(lambda message: message.message_type == "comment")
        )
        return [((message.author_id or message.author_guest_id).name, message.preview or "") for message in messages]

    def say(self, text, user=None, **kwargs):
        """A colleague writes in the thread."""
        channel = self.get_channel(user or self.seller)
        return channel.sudo().message_post(body=text, message_type="comment", subtype_xmlid="mail.mt_comment", **kwargs)


@tagged("post_install", "-at_install")
class TestThread(ThreadCase):
    def test_both_sides_appear(self):
        self.customer("Busco sofás")
        question = "¿Podrías compartirme tu nombre para personalizar mejor la atención?"
        self.assertEqual(self.get_thread(), [("María José", "Busco sofás"), (self.assistant.name, question)])
        self.assertFalse(self.get_channel().channel_member_ids, "nobody is pinged while the assistant is alone")
        self.assertIn("María José", self.get_channel().name)

    def test_nothing_is_posted_before_somebody_looks(self):
        self.customer("Busco sofás")
        self.assertFalse(self.get_conversation().channel_id)
        self.get_conversation().with_user(self.seller).web_read({"channel_id": {}})
        self.assertEqual(len(self.get_thread()), 2)
        self.customer("Soy Rita")
        self.assertEqual(len(self.get_thread()), 4)

    def test_long_thread_is_there_before_anybody_looks(self):
        self.customer("Busco sofás")
        conversation = self.get_conversation()
        self.run_job("ir_cron_long_threads")
        self.assertFalse(conversation.channel_id)
        more = {
            "conversation_id": conversation.id,
            "sender_id": self.sender.id,
            "address": CUSTOMER,
            "direction": "inbound",
            "author": "customer",
            "state": "handled",
        }
        self.env["whatsapp.conversation.message"].create([{**more, "body": f"Foto {n}"} for n in range(50)])
        self.run_job("ir_cron_long_threads")
        self.assertEqual(len(conversation.channel_id.message_ids), 52)

    def test_name_follows_what_is_understood(self):
        self.customer("Hola")
        self.get_channel()
        self.customer("Soy Rita, busco sofás")
        self.assertIn("Rita", self.get_channel().name)

    def test_one_thread_for_all_conversations(self):
        self.customer("Busco sofás")
        channel = self.get_channel()
        self.get_conversation().action_close()
        self.customer("Hola")
        self.assertEqual(self.get_channel(), channel)
        self.assertEqual(channel.whatsapp_conversation_id, self.get_conversation())

    def test_thread_begins_with_all_that_was_said_before(self):
        self.customer("Busco sofás")
        first = self.get_conversation()
        first.action_close()
        self.customer("Busco camas")
        second = self.get_conversation()
        first.with_user(self.boss).web_read({"channel_id": {}})
        self.assertEqual(first.channel_id, second.channel_id)
        self.assertEqual(first.channel_id.whatsapp_conversation_id, second)
        said = [text for author, text in self.get_thread() if author == "María José"]
        self.assertEqual(said, ["Busco sofás", "Busco camas"])

    def test_colleague_writes_and_the_assistant_is_silent(self):
        self.customer("Busco sofás")
        self.say(Markup("Hola, soy Sofía. ¿De qué <b>color</b>?"))
        conversation = self.get_conversation()
        self.assertEqual((conversation.stage, conversation.user_id), ("person", self.seller))
        self.assertIn(self.seller.partner_id, self.get_channel().channel_member_ids.partner_id)
        self.work()
        line = conversation.line_ids[-1]
        self.assertEqual((line.author, line.user_id, line.state), ("person", self.seller, "simulated"))
        self.assertEqual(line.body, "Hola, soy Sofía. ¿De qué *color*?")
        self.assertEqual(self.customer("gris, soy María"), [])
        self.assertEqual(conversation.customer_name, "María", "it still listens")
        self.assertEqual(len(self.get_thread()), 4)

    def test_what_the_customer_has_is_not_changed_any_more(self):
        self.customer("Busco sofás")
        message = self.say("Hola")
        with self.assertRaises(UserError):
            self.get_channel(self.seller)._message_update_content(message, body="Adiós")

    def test_formatting_is_whatsapps(self):
        for html, text in (
            ("<p>Hola <b>Ana</b></p><p>¿qué tal?</p>", "Hola *Ana*\n¿qué tal?"),
            ("<i>ya</i> <s>no</s>", "_ya_ ~no~"),
            ("uno<br>dos &amp; tres", "uno\ndos & tres"),
        ):
            self.assertEqual(to_whatsapp(Markup(html)), text)

    def test_reply_in_flight_is_dropped(self):
        self.receive("Busco sofás")
        self.read_only()
        self.say("Ya te atiendo")
        self.work()
        states = self.get_conversation().line_ids.filtered(lambda line: line.direction == "outbound").mapped("state")
        self.assertEqual(states, ["dropped", "simulated"])
        self.assertEqual([author for author, _text in self.get_thread()], ["María José", "Sofía Mora"])

    def test_hand_back(self):
        self.customer("Busco sofás")
        self.say("Ya te atiendo")
        self.get_channel(self.seller).execute_command_assistant()
        self.assertEqual(self.get_conversation().stage, "gathering")
        self.assertIn("presupuesto", self.customer("soy María")[0])

    def test_lead_is_made_on_command_and_belongs_to_who_takes_over(self):
        self.customer("Soy María, busco sofás")
        channel = self.get_channel(self.seller)
        with patch.object(type(self.seller), "_bus_send_transient_message") as tell:
            channel.execute_command_update_lead()
        lead = self.get_conversation().lead_id
        self.assertIn(f"data-oe-id='{lead.id}'", str(tell.call_args.args[1]))
        self.assertEqual((lead.contact_name, lead.user_id), ("María", self.env["res.users"]))
        self.say("Ya te atiendo")
        self.assertEqual(lead.user_id, self.seller)

    def test_after_24_hours_nothing_is_sent_and_it_is_said_why(self):
        self.customer("Busco sofás")
        self.get_conversation().last_inbound_at = utcnow() - timedelta(hours=25)
        with self.assertRaisesRegex(UserError, "24"):
            self.say("Hola")
        self.assertEqual(len(self.get_thread()), 2)
        self.assertEqual(self.get_conversation().stage, "gathering")

    def test_thread_of_a_closed_conversation_goes_on_in_a_new_one(self):
        self.customer("Busco sofás")
        first = self.get_conversation()
        first.action_close()
        first._get_channel().with_user(self.seller).sudo().message_post(
            body="¿Cómo te fue?", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertNotEqual(self.get_conversation(), first)
        self.assertEqual(self.get_conversation().line_ids.author, "person")

    def test_failed_message_is_tried_again_on_demand(self):
        self.customer("Busco sofás")
        self.say("Hola")
        line = self.get_conversation().line_ids[-1]
        line.write({"state": "failed", "error": "no", "attempts": 4})
        line.with_user(self.seller).action_retry()
        self.work()
        self.assertEqual(line.state, "simulated")

    def test_who_may_not_see_the_conversation_sees_no_thread(self):
        self.customer("Busco sofás")
        conversation = self.get_conversation()
        conversation.user_id = self.seller
        stranger = new_test_user(self.env, "thread-stranger", "sales_team.group_sale_salesman")
        clerk = new_test_user(self.env, "thread-clerk", "base.group_user")
        for user in (stranger, clerk):
            channel = self.get_channel(user)
            self.assertFalse(channel.search([("id", "=", channel.id)]))
            with self.assertRaises(AccessError):
                channel.message_ids.read(["body"])
            with self.assertRaises(AccessError):
                self.say("Hola", user)
        for user in (self.seller, self.boss):
            channel = self.get_channel(user)
            self.assertTrue(channel.message_ids.mapped("body"))

    def test_other_company_sees_no_thread(self):
        self.customer("Busco sofás")
        other = self.env["res.company"].create({"name": "Other"})
        user = new_test_user(
            self.env, "thread-other", "sales_team.group_sale_manager", company_id=other.id, company_ids=other.ids
        )
        self.assertFalse(self.get_channel().with_user(user).search([("channel_type", "=", "whatsapp_crm")]))


@tagged("post_install", "-at_install")
class TestThreadFiles(MediaCase, ThreadCase):
    def test_file_appears_with_its_message(self):
        self.customer("", **PHOTO)
        message = self.get_channel().message_ids.sorted("id")[0]
        self.assertEqual(message.attachment_ids.mimetype, "image/jpeg")

    def test_file_of_a_colleague_goes_by_a_public_address(self):
        self.customer("Busco sofás")
        attachment = self.env["ir.attachment"].create({"name": "sofa.jpg", "raw": b"x", "mimetype": "image/jpeg"})
        with patch(SEND, return_value="SM1") as send:
            self.say("Mira", attachment_ids=attachment.ids)
            self.work()
        url = send.call_args.args[-1]
        self.assertIn(f"/web/content/{attachment.id}?access_token=", url)
        self.assertEqual(send.call_args.args[2:4], (CUSTOMER, "Mira"))
