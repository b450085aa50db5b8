from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import WhatsappCase


@tagged("post_install", "-at_install")
class TestShops(WhatsappCase):
    """Customers are told of the shop that is near them, and of hours that are entered once."""

    def make_calendar(self, *days):
        """A calendar from (day, from, to)."""
        lines = [
            {"name": str(day), "dayofweek": str(day), "hour_from": start, "hour_to": end, "day_period": "morning"}
            for day, start, end in days
        ]
        return self.env["resource.calendar"].create(
            {
                "name": "Shop",
                "tz": "America/Guayaquil",
                "attendance_ids": [Command.clear(), *map(Command.create, lines)],
            }
        )

    def make_shop(self, name, address, city, **values):
        city = self.env["whatsapp.city"].search([("name", "=", city)])
        return self.env["whatsapp.shop"].create({"name": name, "address": address, "city_id": city.id, **values})

    def test_hours_are_told_from_the_calendar_in_the_customers_language(self):
        # Always open, so that nothing is said of being closed.
        days = [(day, 0, 24) for day in range(7)]
        self.assistant.resource_calendar_id = self.make_calendar(*days)
        (reply,) = self.customer("¿A qué hora abren?")
        self.assertIn("Atendemos las 24 horas, todos los días.", reply)
        (reply,) = self.customer("Hi, what are your opening hours?", customer="whatsapp:+593987654301")
        self.assertIn("24 hours a day, every day", reply)
        week = [(day, 9, 18) for day in range(5)] + [(5, 10, 14)]
        self.assistant.resource_calendar_id = self.make_calendar(*week)
        self.assertEqual(self.assistant.hours_told, "de lunes a viernes de 9:00 a 18:00 y sábados de 10:00 a 14:00")
        self.assistant.opening_hours = "cuando quieras"
        self.assertEqual(self.assistant.hours_told, "cuando quieras")

    def test_shop_of_the_customers_city(self):
        self.make_shop("El Recreo", "Av. Maldonado 10", "Quito", map_url="https://maps.example.com/?q=1")
        self.make_shop("Mall del Sol", "Av. Orellana 5", "Guayaquil")
        (reply,) = self.customer("¿Dónde quedan?")
        self.assertIn("Tenemos tiendas en Quito y Guayaquil", reply)
        self.assertEqual(reply.count("?"), 1)
        (reply,) = self.customer("En Guayaquil")
        self.assertIn("Te esperamos en Mall del Sol: Av. Orellana 5, Guayaquil.", reply)
        (reply,) = self.customer("Vivo en Quito, ¿cuál es la dirección?", customer="whatsapp:+593987654302")
        self.assertIn("El Recreo: Av. Maldonado 10, Quito. Así llegas: https://maps.example.com/?q=1", reply)

    def test_pin_of_a_link_counts_before_the_middle_of_the_map(self):
        for link, position in (
            ("https://www.google.com/maps/place/Shop/@-0.1000,-78.4000,17z/data=!3m1!8m2!3d-0.1807!4d-78.4678", True),
            ("https://www.google.com/maps/@-0.1000,-78.4000,17z?q=-0.1807,-78.4678", True),
            ("https://www.google.com/maps/@-0.1000,-78.4000,17z", False),
        ):
            shop = self.make_shop("El Recreo", "Av. Maldonado 10", "Quito", map_url=link)
            expected = (-0.1807, -78.4678) if position else (-0.1, -78.4)
            self.assertEqual((shop.latitude, shop.longitude), expected, link)

    def test_several_shops_in_one_city(self):
        self.make_shop("El Recreo", "Av. Maldonado 10", "Quito")
        self.make_shop("Quicentro", "Av. Naciones Unidas 3", "Quito")
        (reply,) = self.customer("Vivo en Quito, ¿dónde quedan?")
        self.assertIn("El Recreo: Av. Maldonado 10; Quicentro: Av. Naciones Unidas 3", reply)

    def test_only_shop_is_told_to_everybody_with_its_hours(self):
        self.assistant.address = "otra parte"
        self.make_shop("El Recreo", "Av. Maldonado 10", "Quito", opening_hours="todos los días de 10:00 a 20:00")
        (reply,) = self.customer("¿Dónde quedan y a qué hora abren?")
        self.assertIn("todos los días de 10:00 a 20:00", reply)
        self.assertIn("Te esperamos en El Recreo: Av. Maldonado 10, Quito.", reply)

    def test_shops_of_other_companies_are_not_told(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.make_shop("El Recreo", "Av. Maldonado 10", "Quito", company_id=other.id)
        (reply,) = self.customer("Vivo en Quito, ¿dónde quedan?")
        self.assertNotIn("Maldonado", reply)

    def test_what_cannot_be_said_is_refused(self):
        for values in ({"map_url": "javascript:alert(1)"}, {"map_url": "https://a b"}, {"address": "x" * 300}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.make_shop("S", values.pop("address", "A"), "Quito", **values)


@tagged("post_install", "-at_install")
class TestGreeting(WhatsappCase):
    def test_none_by_default(self):
        self.assertEqual(self.customer("Hola"), ["¿En qué puedo ayudarte hoy?"])

    def test_joined_with_the_first_answer_once(self):
        self.assistant.greeting = "joined"
        (reply,) = self.customer("Soy Ana, busco un sofá")
        self.assertEqual(reply, "¡Hola, Ana! Gracias por escribirnos. ¿Tienes algún presupuesto en mente?")
        (reply,) = self.customer("Todavía no sé cuánto")
        self.assertNotIn("¡Hola", reply)

    def test_message_of_its_own_comes_first(self):
        self.assistant.greeting = "own"
        greeting, question = self.customer("Busco un sofá")
        self.assertIn("¡Hola!", greeting)
        self.assertIn("nombre", question)
        self.assertEqual(len(self.customer("Soy Ana")), 1)

    def test_who_complains_is_not_greeted(self):
        self.assistant.greeting = "joined"
        (reply,) = self.customer("Mi sofá llegó roto, quiero un reclamo")
        self.assertNotIn("¡Hola", reply)


@tagged("post_install", "-at_install")
class TestPreview(WhatsappCase):
    def test_a_real_customer(self):
        self.customer("Soy Zulema, busco dos sillas")
        self.assistant.preview_conversation_id = self.get_conversation()
        wordings = self.assistant.wording_ids.filtered(lambda wording: wording.language == "es")
        texts = {wording.text: wording.preview for wording in wordings}
        self.assertEqual(texts["¡Gracias, {name}! ¿Qué mueble o decoración estás buscando?"][:16], "¡Gracias, Zulema")
        self.assertIn("{city}", texts["Sobre la entrega en {city}, un asesor te da los detalles."])
        self.assertIn("de la silla", texts["Un asesor te confirma el precio {of_the_product}."])

    def test_each_situation_says_what_it_is_for(self):
        situations = [situation for situation, _label in self.assistant.wording_ids._fields["situation"].selection]
        self.assertLessEqual(set(situations), set(self.assistant.wording_ids._get_purposes()))
        positions = self.assistant.wording_ids.mapped("position")
        self.assertEqual(positions, sorted(positions), "the wordings of a situation stand together")
