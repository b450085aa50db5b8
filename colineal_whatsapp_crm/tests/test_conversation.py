from datetime import timedelta
from threading import Barrier
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger
from werkzeug.datastructures import MultiDict

from ..lib.thread_calls import Calls
from ..understanding import understand as real_understand
from ..understanding.llm.reader import ModelReader
from ..understanding.providers import Reading
from .common import CUSTOMER, WhatsappCase, twilio_form

WORKER = "odoo.addons.colineal_whatsapp_crm.jobs.worker"

ASKS_NAME = "¿Podrías compartirme tu nombre para personalizar mejor la atención?"

#: A message gets its conversation.
ROUTED = "NEW.id = {} AND NEW.conversation_id IS NOT NULL"


#: The rules, as `RulesReader` calls them.
UNDERSTAND = "odoo.addons.colineal_whatsapp_crm.understanding.providers.understand"


@tagged("post_install", "-at_install")
class TestConversation(WhatsappCase):
    def test_seed_flow_word_for_word(self):
        self.assertEqual(self.customer("Hola, buenos días"), ["¿En qué puedo ayudarte hoy?"])
        self.assertEqual(self.customer("Busco sofás"), [ASKS_NAME])
        self.assertEqual(
            self.customer("Soy María, necesito un sofá de 3 puestos"), ["¿Tienes algún presupuesto en mente?"]
        )
        self.assertFalse(self.get_conversation().lead_id)
        self.assertEqual(
            self.customer("Mi presupuesto es $2000"),
            [
                "¡Perfecto, María! He registrado tu interés en sofás. "
                "Un asesor especializado te contactará pronto. ¡Gracias! 🏠✨"
            ],
        )
        conversation = self.get_conversation()
        self.assertEqual(conversation.stage, "lead")
        self.assertEqual(conversation.quality, "hot")
        self.assertEqual(conversation.customer_name, "María")
        self.assertEqual(conversation.product_interest, "sofá")
        self.assertEqual(conversation.budget_max, 2000)

    def test_same_message_twice_changes_nothing(self):
        message = self.receive("Busco sofás")
        self.receive("Busco sofás", MessageSid=message.sid)
        self.work()
        self.receive("Busco sofás", MessageSid=message.sid)
        self.work()
        lines = self.get_conversation().line_ids
        self.assertEqual(lines.mapped("direction"), ["inbound", "outbound"])

    def test_burst_gets_one_answer(self):
        replies = self.customer("Hola", "busco un sofá", "soy María")
        self.assertEqual(replies, ["¿Tienes algún presupuesto en mente?"])
        turn = self.get_conversation().classification_ids
        self.assertEqual(len(turn), 1)
        self.assertEqual(turn.message_ids.filtered(lambda m: m.direction == "inbound").mapped("state"), ["handled"] * 3)

    def test_worker_waits_for_the_customer_to_stop_typing(self):
        self.assistant.coalescing_seconds = 3600
        self.assertEqual(self.customer("Hola"), [])
        conversation = self.get_conversation()
        self.assertEqual(conversation.line_ids.state, "received")
        self.assertGreater(conversation.due_at, fields.Datetime.now() + timedelta(minutes=50))

    def test_question_is_not_worded_the_same_twice_running(self):
        first = self.customer("Hola")
        second = self.customer("Buenas")
        self.assertTrue(first and second)
        self.assertNotEqual(first, second)

    def test_customers_do_not_mix(self):
        other = "whatsapp:+593999888777"
        self.receive("Busco sofás")
        self.receive("Hola", customer=other)
        self.work()
        self.assertEqual(self.get_conversation().product_interest, "sofá")
        self.assertFalse(self.get_conversation(other).product_interest)
        self.assertEqual(self.get_conversation(other).line_ids.mapped("address"), [other] * 2)

    def test_long_silence_starts_another_conversation(self):
        self.customer("Busco sofás")
        first = self.get_conversation()
        first.last_message_at = fields.Datetime.now() - timedelta(days=8)
        self.customer("Hola")
        self.assertEqual(first.stage, "closed")
        self.assertNotEqual(self.get_conversation(), first)
        self.assertFalse(self.get_conversation().product_interest)

    def test_closed_conversation_is_left_alone(self):
        self.customer("Busco sofás")
        first = self.get_conversation()
        first.action_close()
        self.customer("Hola")
        self.assertEqual(first.stage, "closed")
        self.assertEqual(len(first.line_ids), 2)

    def test_support_goes_to_a_person_once(self):
        team = self.env["crm.team"].create({"name": "WhatsApp", "user_id": self.env.ref("base.user_admin").id})
        self.sender.team_id = team
        replies = self.customer("El sofá que compré llegó roto, quiero un reclamo")
        self.assertEqual(len(replies), 1)
        conversation = self.get_conversation()
        self.assertEqual(conversation.stage, "support")
        self.assertEqual(conversation.activity_ids.user_id, team.user_id)
        self.assertEqual(self.customer("El sofá roto es color café"), [])
        self.assertEqual(len(conversation.activity_ids), 1)

    def test_with_a_person_the_assistant_listens_and_is_silent(self):
        self.customer("Hola")
        self.get_conversation().stage = "person"
        self.assertEqual(self.customer("Busco sofás"), [])
        self.assertEqual(self.get_conversation().stage, "person")
        self.assertEqual(self.get_conversation().product_interest, "sofá")

    def test_messages_without_words_are_answered(self):
        reply = self.customer(
            "", MessageType="audio", NumMedia="1", MediaContentType0="audio/ogg", MediaUrl0="https://api.twilio.com/x"
        )
        self.assertEqual(len(reply), 1)
        line = self.get_conversation().line_ids[0]
        self.assertEqual(line.kind, "audio")
        self.assertEqual(line.parameters["MediaUrl0"], "https://api.twilio.com/x")

    def test_scoped_user_id_instead_of_a_number(self):
        address = "whatsapp:EC.A1b2C3d4"
        self.assertEqual(
            self.customer("Busco sofás", customer=address),
            [ASKS_NAME],
        )
        conversation = self.get_conversation(address)
        self.assertFalse(conversation.phone)
        self.assertEqual(conversation.line_ids[-1].address, address)

    def test_conversation_that_cannot_be_read_does_not_stop_the_others(self):
        other = "whatsapp:+593999888777"
        self.receive("veneno")
        self.receive("Hola", customer=other)

        def understand(messages, state, vocabulary):
            if any(message.text == "veneno" for message in messages):
                raise ValueError("cannot be read")
            return real_understand(messages, state, vocabulary)

        self.read_by(understand)
        with mute_logger(WORKER):
            self.work()
        conversation = self.get_conversation()
        self.assertEqual(conversation.failures, 1)
        self.assertEqual(conversation.line_ids.state, "received")
        self.assertIn("cannot be read", conversation.error)
        self.assertEqual(len(self.get_conversation(other).line_ids), 2)

    def test_customer_that_cannot_be_routed_does_not_stop_the_others(self):
        other = "whatsapp:+593999888777"
        message = self.receive("Hola", customer=other)
        self.receive("Busco sofás")
        with self.failing_in_database("whatsapp_conversation_message", ROUTED.format(message.id)), mute_logger(WORKER):
            self.work()
        self.assertEqual(self.get_conversation().product_interest, "sofá")
        self.assertFalse(message.conversation_id)
        self.assertIn("something is in the way", message.error)
        message.retry_at = False
        self.env.flush_all()
        self.work()
        self.assertEqual(message.conversation_id, self.get_conversation(other))
        self.assertFalse(message.error)

    def test_conversation_that_fails_again_and_again_is_given_to_a_person(self):
        self.receive("veneno")

        def understand(*_turn):
            raise ValueError("cannot be read")

        self.read_by(understand)
        with mute_logger(WORKER):
            for _attempt in range(4):
                self.work()
                self.get_conversation().due_at = self.get_conversation().due_at and fields.Datetime.now()
                self.env.flush_all()
        conversation = self.get_conversation()
        self.assertEqual(conversation.stage, "person")
        self.assertFalse(conversation.due_at)
        self.assertEqual((conversation.handover_reason, len(conversation.activity_ids)), ("parked", 1))

    def read_by(self, understand, slow=False):
        """A function stands for the rules, or for what a model reads when it is slow: called in threads, that is."""
        if slow:
            self.assistant.provider = "gemini"
            self.startPatcher(patch.object(ModelReader, "interpret", lambda _self, *turn: Reading(understand(*turn))))
        else:
            self.startPatcher(patch(UNDERSTAND, understand))

    def test_many_slow_readings_at_once(self):
        began = Barrier(3, timeout=60)

        def understand(messages, state, vocabulary):
            began.wait()  # passes only when three are under way at the same time
            return real_understand(messages, state, vocabulary)

        self.read_by(understand, slow=True)
        customers = [f"whatsapp:+59399988877{digit}" for digit in range(3)]
        for customer in customers:
            self.receive("Busco sofás", customer=customer)
        self.work()
        self.assertEqual(
            [self.get_conversation(customer).product_interest for customer in customers], ["sofá", "sofá", "sofá"]
        )

    def test_reader_that_breaks_falls_back_to_the_rules(self):
        def understand(*_turn):
            raise ZeroDivisionError

        self.read_by(understand, slow=True)
        with mute_logger(WORKER):
            self.assertEqual(self.customer("Busco sofás"), [ASKS_NAME])
        turn = self.get_conversation().classification_id
        self.assertEqual((turn.provider, turn.fallback), ("rules", "ZeroDivisionError"))

    def test_what_comes_during_a_slow_reading_is_read_with_it(self):
        self.read_by(real_understand, slow=True)
        message = self.receive("Busco sofás")
        # For PostgreSQL it was written when the transaction of all these tests began, which may be half a minute ago.
        now = (
            "UPDATE whatsapp_conversation_message SET create_date = clock_timestamp() AT TIME ZONE 'UTC' WHERE id = %s"
        )
        self.env.cr.execute(now, [message.id])
        message.invalidate_recordset()
        with self.as_worker() as env, Calls(read=4, send=4) as calls:
            worker = env["whatsapp.worker"]
            worker._route_messages()
            worker._begin_turns(calls)
            form = MultiDict(twilio_form("Soy María"))
            env["whatsapp.conversation.message"]._receive(self.sender.id, form)
            worker._route_messages()
            calls.finish(60)
        self.assertFalse(self.get_conversation().classification_ids, "the turn is begun again, with both")
        self.work()
        self.assertEqual(len(self.get_conversation().classification_ids), 1)
        self.assertEqual(self.get_conversation().customer_name, "María")

    def test_conversation_of_a_dead_worker_is_taken_up_after_its_lease(self):
        self.receive("Busco sofás")
        with self.as_worker() as env:
            env["whatsapp.worker"]._route_messages()
            self.assertTrue(env["whatsapp.worker"]._claim(10), "a worker takes the conversation and dies")
            self.assertFalse(env["whatsapp.worker"]._claim(10))
        self.get_conversation().leased_until = fields.Datetime.now() - timedelta(seconds=1)
        self.work()
        self.assertEqual(len(self.get_conversation().line_ids), 2)

    def test_late_message_gets_a_person(self):
        written = fields.Datetime.now() - timedelta(hours=5)
        self.assertEqual(self.customer("Busco sofás", DateSent=written.isoformat() + "+00:00"), [])
        conversation = self.get_conversation()
        self.assertEqual(conversation.line_ids.state, "handled")
        self.assertEqual((conversation.handover_reason, len(conversation.activity_ids)), ("late", 1))
        self.assertEqual(len(self.customer("Hola")), 1)

    def test_date_that_nobody_wrote_on_breaks_no_screen(self):
        customers = {}
        for number, written in enumerate(("9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00", "1990-01-01", "x")):
            address = f"whatsapp:+59398765400{number}"
            customers[address] = self.receive("Hola", customer=address, DateSent=written)
        self.work()
        for address, message in customers.items():
            with self.subTest(message.parameters["DateSent"]):
                conversation = self.get_conversation(address)
                self.assertEqual(conversation.last_inbound_at, message.create_date, "it opens 24 hours, and no more")
                self.assertTrue(conversation.read())

    def test_profile_name_is_kept_apart_from_the_name_given(self):
        self.customer("Hola")
        conversation = self.get_conversation()
        self.assertFalse(conversation.customer_name)
        self.assertEqual(conversation.contact_id.profile_name, "María José")
        self.assertEqual(conversation.display_name, "María José (+593 98 765 4321)")

    def test_known_partner_is_found_by_any_writing_of_the_number(self):
        partner = self.env["res.partner"].create(
            {"name": "Ana Loor", "phone": "098 765 4321", "country_id": self.env.ref("base.ec").id}
        )
        self.customer("Hola", customer=CUSTOMER)
        self.assertEqual(self.get_conversation().contact_id.partner_id, partner)
