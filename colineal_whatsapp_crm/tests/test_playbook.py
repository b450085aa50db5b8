from datetime import datetime, timedelta

from freezegun import freeze_time
from odoo import Command, fields
from odoo.tests import tagged

from .common import WhatsappCase


@tagged("post_install", "-at_install")
class TestPlaybook(WhatsappCase):
    """Each setting of the assistant, changed as a shop manager would, changes what the next message gets."""

    def get_action(self):
        return self.get_conversation().action

    def test_contact_criterion(self):
        self.assistant.write({"contact_criterion": "phone", "clear_intent": False})
        self.customer("Busco un sofá")
        self.assertEqual(self.get_action(), "create_lead")

    def test_contact_by_email(self):
        self.customer("Busco un sofá, mi correo es ana@example.com")
        self.assertEqual(self.get_action(), "request_contact_info")
        self.assistant.contact_criterion = "name_or_email"
        self.customer("Es para la sala")
        self.assertEqual(self.get_action(), "gather_more_details")

    def test_interest_criterion(self):
        self.customer("Soy Ana y quiero amoblar mi departamento con muebles")
        self.assertEqual(self.get_action(), "ask_about_interest")
        self.assistant.interest_criterion = "any"
        self.customer("Muebles bonitos")
        self.assertEqual(self.get_action(), "gather_more_details")

    def test_clear_intent(self):
        self.assistant.clear_intent = False
        self.customer("Soy Ana, busco un sofá")
        self.assertEqual(self.get_action(), "create_lead")

    def test_hot_criterion(self):
        self.assistant.hot_criterion = "urgency"
        self.customer("Soy Ana, busco un sofá, tengo $900")
        self.assertEqual(self.get_conversation().quality, "warm")
        self.assistant.hot_criterion = "budget"
        self.customer("De color gris")
        self.assertEqual(self.get_conversation().quality, "hot")
        self.assistant.hot_criterion = "all"
        self.customer("Con patas de madera")
        self.assertEqual(self.get_conversation().quality, "warm")

    def test_warm_criteria(self):
        self.customer("Busco un sofá")
        self.assertEqual(self.get_conversation().quality, "warm")
        self.assistant.warm_products = False
        self.customer("De color gris")
        self.assertEqual(self.get_conversation().quality, "cold")

    def test_insist(self):
        self.assistant.insist = 2
        self.customer("Soy Ana, busco un sofá")
        self.customer("Todavía no sé cuánto")
        self.assertEqual(self.get_action(), "gather_more_details")
        self.customer("De verdad no sé")
        self.assertEqual(self.get_action(), "create_lead")

    def test_insist_never(self):
        self.assistant.insist = 0
        self.customer("Soy Ana, busco un sofá")
        self.assertEqual(self.get_action(), "create_lead")

    def make_idle(self, hours):
        conversation = self.get_conversation()
        conversation.last_inbound_at = fields.Datetime.now() - timedelta(hours=hours)
        self.run_job("ir_cron_idle_leads")
        return conversation

    def test_silence_makes_a_warm_lead(self):
        self.customer("Busco un sofá")
        self.assertFalse(self.make_idle(23).lead_id)
        conversation = self.make_idle(25)
        self.assertEqual(conversation.lead_id.x_quality_score, "warm")
        self.assertEqual(conversation.stage, "lead")
        self.assertEqual(len(conversation.line_ids), 2, "nothing is written to the customer")
        self.customer("Soy Ana, mi presupuesto es $900")
        self.assertEqual(conversation.lead_id.contact_name, "Ana")
        self.assertEqual(conversation.lead_id.x_quality_score, "hot")

    def test_silence_after_a_mere_greeting_makes_none(self):
        self.customer("Hola")
        self.assertFalse(self.make_idle(25).lead_id)

    def complain(self, *bodies):
        """A customer comes for support, and then a colleague gives the conversation back to the assistant."""
        for body in bodies:
            self.customer(body)
        conversation = self.get_conversation()
        self.assertEqual(conversation.stage, "support")
        conversation.action_hand_back()
        self.assertNotIn(conversation.stage, ("support", "person"))
        return conversation

    def test_silence_after_a_complaint_makes_none(self):
        conversation = self.complain("Soy Ana, mi sofá llegó roto, quiero hacer un reclamo")
        self.assertEqual(conversation.customer_name, "Ana")
        self.assertFalse(self.make_idle(25).lead_id)
        self.assertEqual(self.env["crm.lead"].search_count([("phone_sanitized", "=", conversation.phone)]), 0)
        self.assertFalse(conversation.handover_id, "no salesperson is called")
        self.customer("Gracias, quedo atenta")
        self.assertFalse(self.make_idle(25).lead_id)

    def test_silence_after_a_complaint_that_nobody_looked_after_makes_none(self):
        self.customer("Soy Ana, mi sofá llegó roto, quiero hacer un reclamo")
        conversation = self.get_conversation()
        with freeze_time(datetime.now() + timedelta(hours=self.assistant.return_hours + 1)):
            self.run_job("ir_cron_look_after")
            self.run_job("ir_cron_idle_leads")
        self.assertNotIn(conversation.stage, ("support", "person"))
        self.assertFalse(conversation.lead_id)

    def test_silence_after_support_that_a_colleague_called_makes_none(self):
        self.customer("Hola, soy Ana")
        conversation = self.get_conversation()
        conversation._hand_over("support", by_colleague=True)
        conversation.action_hand_back()
        self.assertFalse(self.make_idle(25).lead_id)

    def test_wish_before_a_complaint_makes_a_lead(self):
        self.complain("Hola, soy Ana. ¿Cuánto cuesta el envío a Loja?", "Además mi mesa llegó rota, quiero un reclamo")
        self.assertTrue(self.make_idle(25).lead_id)

    def test_wish_after_a_complaint_makes_a_lead(self):
        self.complain("Soy Ana, mi sofá llegó roto, quiero hacer un reclamo")
        self.customer("Ya me lo arreglaron, gracias. Ahora busco una mesa de comedor")
        self.assertEqual(self.make_idle(25).lead_id.x_product_interest, "mesa")

    def test_idle_hours(self):
        self.customer("Busco un sofá")
        self.assistant.idle_hours = 0
        self.assertFalse(self.make_idle(1000).lead_id)
        self.assistant.idle_hours = 2
        self.assertTrue(self.make_idle(3).lead_id)

    def test_lifetime(self):
        self.assistant.ttl_days = 1
        self.customer("Busco un sofá")
        first = self.get_conversation()
        first.last_message_at = fields.Datetime.now() - timedelta(hours=25)
        self.customer("Hola")
        self.assertEqual(first.stage, "closed")

    def test_support_keywords(self):
        self.customer("Tengo un siniestro")
        self.assertNotEqual(self.get_action(), "transfer_to_support")
        self.assistant.support_keywords = "siniestro\navería total"
        self.customer("Tengo un siniestro")
        self.assertEqual(self.get_action(), "transfer_to_support")

    def test_store_domains(self):
        self.assistant.store_domains = "mitienda.ec"
        self.customer("Les escribí a ventas@mitienda.ec")
        self.assertFalse(self.get_conversation().email)
        self.customer("Mi correo es ana@example.com")
        self.assertEqual(self.get_conversation().email, "ana@example.com")

    def test_answer_in_the_customers_language(self):
        (reply,) = self.customer("Hi, good morning, I am looking for a sofa")
        self.assertIn("name", reply)
        self.assistant.follow_language = False
        (reply,) = self.customer("Do you have it in grey?")
        self.assertIn("¿", reply)

    def test_short_answers_keep_the_language(self):
        self.customer("Hi, good morning, I am looking for a sofa")
        self.customer("Peter")
        (reply,) = self.customer("around 300")
        self.assertIn("Thank you", reply)

    def test_language(self):
        self.assistant.write({"language": "pt", "follow_language": False})
        self.assertEqual(self.customer("Hola"), ["Em que posso ajudar hoje?"])

    def test_opening_hours(self):
        (reply,) = self.customer("¿A qué hora abren?")
        self.assertIn("horario", reply)
        self.assistant.opening_hours = "de lunes a sábado de 9:00 a 19:00"
        (reply,) = self.customer("¿Y hasta qué hora atienden?")
        self.assertIn("Atendemos de lunes a sábado de 9:00 a 19:00.", reply)

    def test_address(self):
        (reply,) = self.customer("¿Dónde están ubicados?")
        self.assertIn("asesor", reply)
        self.assistant.address = "la Av. Amazonas, Quito"
        (reply,) = self.customer("¿Cuál es la dirección de la tienda?")
        self.assertIn("Nos encuentras en la Av. Amazonas, Quito.", reply)

    def set_working_hours(self, *hours):
        """The shop is open on every day from and to these hours."""
        attendances = [
            Command.create(
                {
                    "name": "Open",
                    "dayofweek": str(day),
                    "hour_from": hours[0],
                    "hour_to": hours[1],
                    "day_period": "morning",
                }
            )
            for day in range(7)
        ]
        self.assistant.resource_calendar_id = self.env["resource.calendar"].create(
            {"name": "Shop", "tz": "America/Guayaquil", "attendance_ids": [Command.clear(), *attendances]}
        )

    def test_closed_shop_says_so_once(self):
        hour = (fields.Datetime.now() - timedelta(hours=5)).hour  # in Ecuador
        self.set_working_hours((hour + 3) % 23, (hour + 3) % 23 + 1)
        (first,) = self.customer("Busco un sofá")
        self.assertIn("estamos cerrados", first)
        self.assertRegex(first, r"a las \d+:00")
        self.assertTrue(first.endswith("?"), "what is asked comes last")
        (second,) = self.customer("Soy Ana")
        self.assertNotIn("cerrados", second)

    def test_open_shop_says_nothing_of_it(self):
        self.set_working_hours(0, 24)
        (reply,) = self.customer("Busco un sofá")
        self.assertNotIn("cerrados", reply)


@tagged("post_install", "-at_install")
class TestTone(WhatsappCase):
    """Replies read as a good salesperson would write them."""

    def test_price_is_acknowledged_and_one_thing_is_asked(self):
        (reply,) = self.customer("¿Qué precio tiene la cama de 2 plazas?")
        self.assertIn("el precio de la cama", reply)
        self.assertEqual(reply.count("?"), 1)
        self.assertIn("nombre", reply)

    def test_several_questions_get_one_acknowledgement(self):
        (reply,) = self.customer("Precio del comedor, formas de pago y cuánto demora la entrega?")
        self.assertIn("todo eso", reply.lower())
        self.assertEqual(reply.count("?"), 1)

    def test_first_name_and_plural_products(self):
        self.customer("Soy Ana Lucía Mora, quiero una cama y dos veladores")
        (reply,) = self.customer("Mi presupuesto es $900")
        self.assertIn("Ana Lucía!", reply)
        self.assertIn("camas y veladores", reply)

    def test_no_question_after_the_lead(self):
        self.customer("Soy Ana, busco un sofá", "Mi presupuesto es $900")
        (reply,) = self.customer("Lo quiero gris y vivo en Loja")
        self.assertNotIn("?", reply)

    def test_thanks_are_answered_once(self):
        self.customer("Soy Ana, busco un sofá", "Mi presupuesto es $900")
        self.assertEqual(len(self.customer("Muchas gracias")), 1)
        self.assertEqual(self.customer("Gracias, gracias"), [])

    def test_question_after_the_lead_is_acknowledged(self):
        self.customer("Soy Ana, busco un sofá", "Mi presupuesto es $900")
        (reply,) = self.customer("¿Y hacen envíos?")
        self.assertIn("entrega", reply)

    def test_silent_after_the_hand_over_until_a_new_purchase(self):
        self.assertEqual(len(self.customer("Mi sofá llegó roto, quiero un reclamo")), 1)
        self.assertEqual(self.customer("Es el pedido 4432"), [])
        self.assertEqual(self.customer("Gracias"), [])
        self.assertEqual(len(self.customer("Además quiero comprar un comedor nuevo")), 1)
        self.assertEqual(self.get_conversation().stage, "gathering")

    def test_product_as_the_customer_called_it(self):
        self.customer("Soy Ana, quiero poltronas")
        (reply,) = self.customer("Mi presupuesto es $900")
        self.assertIn("tu interés en poltronas", reply)
        self.assertEqual(self.get_conversation().lead_id.x_product_interest, "butaca")
