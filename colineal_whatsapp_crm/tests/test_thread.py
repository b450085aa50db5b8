import io
from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from markupsafe import Markup
from odoo.addons.mail.tools.discuss import Store
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools.misc import verify_limited_field_access_token
from PIL import Image

from ..lib.clock import utcnow
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

    def test_name_is_one_line_of_visible_characters(self):
        self.customer("Hola", ProfileName="Ana\n\u202eoiraM\u202c\u200b  (gerente)\x07" + "x" * 300)
        name = self.get_channel().name
        self.assertTrue(name.startswith("Ana oiraM (gerente) xxx"), name)
        self.assertRegex(name, r"^[^\n\u202a-\u202e\u200b\x07]{1,140}$")
        self.assertEqual(self.get_conversation().contact_id.guest_id.name, name.rpartition(" (")[0])

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

    def test_what_the_customer_marked_is_shown_so(self):
        self.customer("Busco *sofás* y ~mesas~ <b>ya</b>\n- gris\n- azul")
        body = self.get_channel().message_ids.sorted("id")[0].body
        self.assertIn("<strong>sofás</strong> y <s>mesas</s> &lt;b&gt;ya&lt;/b&gt;", body)
        self.assertIn("<ul><li>gris</li><li>azul</li></ul>", body)

    def test_only_what_a_person_writes_to_the_customer_leaves(self):
        self.customer("Busco sofás")
        channel, before = self.get_channel(), len(self.get_conversation().line_ids)
        channel._add_members(users=self.seller | self.boss)
        mine = channel.with_user(self.seller)
        comment = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        inside = [
            mine.message_post(body="RPC without a kind"),
            mine.message_post(body="note", message_type="comment", subtype_xmlid="mail.mt_note"),
            mine.message_post(body="comment without a subtype", message_type="comment"),
            mine.message_post(body="@boss", partner_ids=self.boss.partner_id.ids, **comment),
            mine.message_post(body="@everyone", special_mentions=["everyone"], **comment),
            mine.message_post(body="internal", is_internal=True, **comment),
            channel.message_post(body="automation by OdooBot", **comment),
            channel.message_post(
                body="automatic comment", message_type="auto_comment", subtype_xmlid="mail.mt_comment"
            ),
            mine.message_post(body="an email came", message_type="email", subtype_xmlid="mail.mt_comment"),
        ]
        mine.set_message_pin(channel.message_ids[-1].id, True)
        schedule = {"model": "discuss.channel", "res_id": channel.id, "author_id": self.seller.partner_id.id}
        later = {"body": "scheduled", "scheduled_date": utcnow() + timedelta(hours=1)}
        scheduled = self.env["mail.scheduled.message"].with_user(self.seller).create({**schedule, **later})
        scheduled._post_message()
        template = self.env["mail.template"].create(
            {"name": "T", "model_id": self.env["ir.model"]._get_id("discuss.channel"), "body_html": "<p>template</p>"}
        )
        action = {"name": "Post", "model_id": template.model_id.id, "state": "mail_post", "template_id": template.id}
        for method in ("comment", "note"):
            self.env["ir.actions.server"].create({**action, "mail_post_method": method}).with_context(
                active_id=channel.id, active_ids=channel.ids, active_model=channel._name
            ).run()
        conversation = self.get_conversation()
        conversation.with_user(self.seller).message_post(body="in the chatter", **comment)
        activity = conversation.activity_schedule("mail.mail_activity_data_todo", user_id=self.seller.id)
        activity.with_user(self.seller).action_feedback(feedback="done and said")
        self.assertEqual(len(conversation.line_ids), before)
        self.assertEqual(conversation.stage, "gathering")
        for message in inside[1:7]:
            self.assertEqual(message.subtype_id, self.env.ref("mail.mt_note"), message.body)
        self.assertIn("scheduled", "".join(channel.message_ids.mapped("body")))
        mine.message_post(body="To the customer", **comment)
        self.assertEqual(conversation.line_ids[-1].body, "To the customer")

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
        self.assertEqual(lead.contact_name, "María")
        conversation = self.get_conversation()
        conversation._end_handover("done", "")
        lead.user_id = conversation.user_id = False
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

    def test_file_of_a_colleague_goes_by_an_address_that_ends(self):
        self.customer("Busco sofás")
        attachment = self.env["ir.attachment"].create({"name": "sofa.jpg", "raw": b"x", "mimetype": "image/jpeg"})
        with patch(SEND, return_value="SM1") as send:
            self.say("Mira", attachment_ids=attachment.ids)
            self.work()
        url = send.call_args.args[-1]
        self.assertIn(f"/web/content/{attachment.id}?access_token=", url)
        self.assertEqual(send.call_args.args[2:4], (CUSTOMER, "Mira"))
        self.assertFalse(attachment.access_token, "nothing that opens it for ever")
        token = url.rpartition("=")[2]
        for hours, opens in ((9, True), (11, False)):
            with freeze_time(datetime.now() + timedelta(hours=hours)):
                valid = verify_limited_field_access_token(attachment, "raw", token, scope="binary")
            self.assertEqual(valid, opens, hours)

    def test_files_that_whatsapp_refuses_are_told_before_they_go(self):
        self.customer("Busco sofás")
        png = io.BytesIO()
        Image.new("RGB", (8, 8)).save(png, "PNG")
        for name, raw, reason in (
            ("sofa.webp", b"RIFF\x1a\0\0\0WEBPVP8L" + bytes(18), "JPEG"),
            ("sofa.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "JPEG"),
            ("prices.csv", b"sofa,500", "JPEG"),
            ("shop.html", b"<html><body>x</body></html>", "JPEG"),
            ("all.zip", b"PK\x05\x06" + bytes(18), "JPEG"),
            ("empty.pdf", b"", "empty"),
            ("catalogue.pdf", b"%PDF-1.4" + bytes(17 << 20), "16 MB"),
            ("large.png", png.getvalue() + bytes(6 << 20), "5 MB"),
        ):
            # Unlike its brother for patterns, this one takes back what was written.
            with self.subTest(name), self.assertRaises(UserError) as refused:
                self.say("Mira", attachments=[(name, raw)])
            self.assertIn(reason, str(refused.exception))
        self.assertEqual(len(self.get_thread()), 2)
        self.assertEqual(self.get_conversation().stage, "gathering")
        self.say("Mira", attachments=[("sofa.png", png.getvalue()), ("prices.pdf", b"%PDF-1.4"), ("a.txt", b"x")])
        self.assertEqual(self.get_conversation().line_ids[2:].mapped("kind"), ["image", "document", "document"])

    def test_composer_knows_what_whatsapp_refuses(self):
        file = {"res_model": "mail.compose.message", "res_id": 0}
        for name, fault in (("prices.csv", True), ("prices.txt", False)):
            attachment = self.env["ir.attachment"].create({**file, "name": name, "raw": b"x"})
            (shown,) = Store().add(attachment).get_result()["ir.attachment"]
            self.assertEqual(bool(shown["whatsapp_fault"]), fault, name)
