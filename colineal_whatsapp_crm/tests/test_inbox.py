from base64 import b64decode
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ..lib.clock import utcnow
from ..understanding.llm.client import Model, ModelError
from .test_thread import ThreadCase


@tagged("post_install", "-at_install")
class TestInbox(ThreadCase):
    """What the web client shows of a thread and asks for."""

    def suggest(self, user=None):
        if not user:
            self.get_conversation().user_id = self.seller
        return self.get_conversation().with_user(user or self.seller).suggest_reply()

    def shown(self, message):
        return message.whatsapp_line_ids._get_least_settled()._get_shown()

    def get_messages(self):
        return self.get_channel().message_ids.sorted("id")

    def test_suggestion_is_what_the_assistant_would_say(self):
        self.customer("Busco sofás")
        self.say("Ya te atiendo")
        self.customer("Soy María")
        lines = self.get_conversation().line_ids
        self.assertIn("presupuesto", self.suggest())
        self.assertEqual(self.get_conversation().line_ids, lines, "nothing is queued")
        self.assertEqual(self.get_conversation().stage, "person")

    def test_suggestion_before_anything_was_said_is_empty(self):
        self.receive("Hola")
        with self.as_worker() as env:
            env["whatsapp.worker"]._route_messages()
        self.assertEqual(self.suggest(), "")

    def test_suggestion_after_the_lead_says_where_it_stands(self):
        self.customer("Soy María, busco un sofá, mi presupuesto es $2000")
        self.customer("ok")
        self.assertTrue(self.suggest())

    def test_suggestion_speaks_as_who_reads_it(self):
        """Nobody is told "un asesor te escribirá" by the adviser."""
        self.customer("Soy María, busco un sofá", "Mi presupuesto es $2000, lo necesito hoy")
        self.assertTrue(self.get_conversation().lead_id)
        suggestion = self.suggest()
        self.assertIn(f"Soy {self.seller.name}", suggestion)
        self.assertIn("María", suggestion)
        self.assertNotRegex(suggestion, "asesor|contactará|escribirá")
        self.say("Hola María, qué gusto")
        self.customer("¿Cuánto cuesta el sofá?")
        suggestion = self.suggest()
        self.assertNotIn("Soy", suggestion, "they know each other by now")
        self.assertNotRegex(suggestion, "asesor")
        self.assertIn("confirmo", suggestion)

    def test_suggestion_answers_with_facts_and_asks_on(self):
        self.assistant.write({"opening_hours": "de lunes a viernes de 9 a 18"})
        self.customer("Busco sofás", "¿Cuál es el horario y cuánto cuesta?")
        suggestion = self.suggest()
        self.assertIn("de lunes a viernes de 9 a 18", suggestion)
        self.assertIn(f"Soy {self.seller.name}", suggestion)
        self.assertNotRegex(suggestion, "asesor")
        self.assertTrue(suggestion.endswith("?"), "and what is still to be asked")

    def test_suggestion_in_any_situation_promises_nobody(self):
        for text in ("Mi pedido llegó roto", "Quiero hablar con un asesor", "¿Hacen envíos? ¿Garantía? ¿Tarjeta?"):
            with self.subTest(text):
                address = f"whatsapp:+59398722{len(text):04}"
                self.customer(text, customer=address)
                self.get_conversation(address).user_id = self.seller
                suggestion = self.get_conversation(address).with_user(self.seller).suggest_reply()
                self.assertTrue(suggestion)
                self.assertNotRegex(suggestion, "asesor|persona |equipo|colega")

    def test_model_that_speaks_of_an_adviser_is_not_believed(self):
        self.customer("Soy María, busco un sofá", "Mi presupuesto es $2000, lo necesito hoy")
        self.assistant.provider = "gemini"
        with patch.object(Model, "ask", return_value={"reply": "Hola María, un asesor de nuestro equipo te ayuda."}):
            self.assertIn(f"Soy {self.seller.name}", self.suggest())

    def test_model_words_the_suggestion(self):
        self.customer("Busco sofás, soy María")
        self.assistant.provider = "gemini"
        draft = "María, ¿qué presupuesto tienes pensado para tu sofá?"
        with patch.object(Model, "ask", return_value={"reply": draft}) as ask:
            self.assertEqual(self.suggest(), draft)
        self.assertIn("Busco sofás, soy María", ask.call_args.args[0].content)

    def test_draft_that_promises_or_fails_gives_way_to_the_scripted_wording(self):
        self.customer("Busco sofás, soy María")
        scripted = self.suggest()
        self.assistant.provider = "gemini"
        with patch.object(Model, "ask", return_value={"reply": "Te doy 50% de descuento. ¿Qué presupuesto tienes?"}):
            self.assertEqual(self.suggest(), scripted)
        with patch.object(Model, "ask", side_effect=ModelError("timeout", "")):
            self.assertEqual(self.suggest(), scripted)

    def test_only_who_may_write_gets_suggestions(self):
        self.customer("Busco sofás")
        self.get_conversation().user_id = self.seller
        stranger = new_test_user(self.env, "inbox-stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.suggest(stranger)
        with self.assertRaises(AccessError):
            self.get_conversation().with_user(stranger).action_follow()

    def test_follow(self):
        self.customer("Busco sofás")
        self.get_conversation().with_user(self.boss).action_follow()
        self.assertEqual(self.get_channel().channel_member_ids.partner_id, self.boss.partner_id)
        self.assertEqual(self.get_conversation().stage, "gathering", "the assistant goes on")

    def test_quoted_message_is_the_parent(self):
        first = self.receive("Busco sofás")
        self.work()
        self.customer("¿Este?", OriginalRepliedMessageSid=first.sid)
        self.assertEqual(self.get_messages().parent_id, first.mail_message_id)
        self.customer("¿Y este?", OriginalRepliedMessageSid="SM" + "f" * 32)
        self.assertFalse(self.get_messages().filtered(lambda message: "Y este" in message.body).parent_id)

    def test_place_has_its_coordinates(self):
        self.customer("", MessageType="location", Latitude="-2.9", Longitude="-79.0", Label="Casa")
        shown = self.shown(self.get_messages()[0])
        self.assertEqual(shown["location"], {"latitude": "-2.9", "longitude": "-79.0"})
        self.customer("Hola")
        self.assertFalse(self.shown(self.get_messages()[-1])["location"])

    def test_window_opens_as_soon_as_the_customer_writes(self):
        self.customer("Busco sofás")
        self.get_channel()
        self.get_conversation().last_inbound_at = utcnow() - timedelta(hours=25)
        self.env.flush_all()
        before = self.env["bus.bus"].search([], order="id desc", limit=1).id
        self.receive("¿Siguen ahí?")
        with self.as_worker() as env:
            env["whatsapp.worker"]._route_messages()
        told = "".join(self.env["bus.bus"].search([("id", ">", before)]).mapped("message"))
        self.assertIn(fields.Datetime.to_string(self.get_conversation().window_until), told)

    def test_part_that_failed_is_what_a_message_in_parts_shows(self):
        self.customer("Busco sofás")
        self.say("palabra " * 400)
        self.work()
        lines = self.get_conversation().line_ids.filtered(lambda line: line.author == "person")
        self.assertGreater(len(lines), 1)
        lines[-1].write({"state": "failed", "error": "no"})
        self.assertEqual(self.shown(lines.mail_message_id)["id"], lines[-1].id)

    def test_what_was_sent_cannot_be_changed(self):
        self.customer("Busco sofás")
        self.say("Hola")
        message = self.get_messages()[-1]
        with self.assertRaisesRegex(UserError, "changed"):
            self.get_channel(self.seller)._check_can_update_message_content(message)

    def test_avatar_is_the_customers_photo_or_initial(self):
        self.customer("Soy Rita, busco sofás")
        channel = self.get_channel(self.boss)
        first = channel._get_whatsapp_state()["avatar_key"]
        self.assertIn(b">R<", b64decode(channel.avatar_128))
        self.assertFalse(channel.is_editable)
        self.get_conversation().customer_name = "Ana"
        self.get_conversation()._broadcast_state()
        self.assertNotEqual(channel._get_whatsapp_state()["avatar_key"], first)


@tagged("post_install", "-at_install")
class TestInvitation(HttpCase, ThreadCase):
    def test_nobody_joins_by_a_link(self):
        self.customer("Busco sofás")
        channel = self.get_channel()
        for login in (None, "thread-seller"):
            self.authenticate(login, login)
            answer = self.url_open(f"/chat/{channel.id}/{channel.uuid}")
            self.assertEqual(answer.status_code, 404)
        self.assertFalse(channel.channel_member_ids)
