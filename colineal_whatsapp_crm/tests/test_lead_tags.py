from ast import literal_eval

from odoo.tests import tagged

from .common import WhatsappCase


@tagged("post_install", "-at_install")
class TestLeadTags(WhatsappCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender.company_id.partner_id.lang = "en_US"

    def buy(self, *texts, **parameters):
        self.customer(
            *(texts or ("Soy María, necesito un sofá para hoy, soy de Quito", "Mi presupuesto es $2000")), **parameters
        )
        return self.get_conversation(parameters.get("customer", "whatsapp:+593987654321")).lead_id

    def get_tags(self, lead):
        return set(lead.tag_ids.mapped("name"))

    def test_lead_has_what_it_is_segmented_by(self):
        lead = self.buy()
        self.assertEqual((lead.whatsapp_budget, lead.whatsapp_budget_band), (2000, "3"))
        self.assertEqual(lead.whatsapp_urgency, "high")
        self.assertEqual((lead.city, lead.x_quality_score), ("Quito", "hot"))
        self.customer("Mejor mi presupuesto es $2500")
        self.assertEqual((lead.whatsapp_budget, lead.whatsapp_budget_band), (2500, "4"))

    def test_bands(self):
        lead = self.env["crm.lead"].create({"name": "Sofa"})
        for budget, band in ((0, False), (500, "1"), (501, "2"), (1000, "2"), (2000, "3"), (5000, "4"), (5001, "5")):
            lead.whatsapp_budget = budget
            self.assertEqual(lead.whatsapp_budget_band, band)

    def test_segments_can_be_searched_and_grouped(self):
        """As a mailing does, which takes any domain on stored fields."""
        lead = self.buy()
        segment = [
            ("tag_ids.name", "=", "Sofá"),
            ("x_quality_score", "=", "hot"),
            ("whatsapp_budget_band", "in", ("3", "4")),
            ("whatsapp_urgency", "=", "high"),
            ("city", "=", "Quito"),
        ]
        self.assertEqual(self.env["crm.lead"].search(segment), lead)
        for name in (
            "x_quality_score",
            "x_product_interest",
            "whatsapp_budget_band",
            "whatsapp_urgency",
            "city",
            "tag_ids",
        ):
            self.assertTrue(self.env["crm.lead"]._fields[name].store)
            groups = self.env["crm.lead"]._read_group(segment, [name], ["__count"])
            counts = {count for _group, count in groups}
            self.assertEqual((counts, len(groups)), ({1}, len(lead.tag_ids) if name == "tag_ids" else 1), name)

    def test_shared_favourites_find_their_leads(self):
        lead = self.buy()
        # Somebody was rung for it and has it; here nobody has.
        lead.user_id = False
        favourites = self.env["ir.filters"].search([("model_id", "=", "crm.lead"), ("name", "like", "WhatsApp:")])
        self.assertEqual(len(favourites), 5)
        self.assertFalse(favourites.user_ids, "everybody's")
        found = [self.env["crm.lead"].search(literal_eval(favourite.domain)) for favourite in favourites]
        self.assertEqual(sum(lead in leads for leads in found), 2, "hot without a salesperson, and urgent")

    def test_products_are_tags(self):
        tag = self.env["crm.tag"].create({"name": "Sofá"})
        self.assertEqual(self.buy().tag_ids, tag, "the shop's own one")
        self.assertEqual(
            self.get_tags(self.buy("Soy Luis, busco una cama, $900", customer="whatsapp:+593999888777")), {"Cama"}
        )

    def test_tags_as_the_assistant_is_set(self):
        self.assistant.write(
            {"tag_products": False, "tag_quality": True, "tag_budget": True, "tag_city": True, "tag_urgency": True}
        )
        self.assertEqual(self.get_tags(self.buy()), {"Hot", "$1001 to $2000", "Quito", "Urgency: High"})

    def test_tag_that_is_no_longer_true_goes(self):
        self.assistant.tag_budget = True
        lead = self.buy()
        lead.tag_ids += self.env["crm.tag"].create({"name": "VIP"})
        self.assertEqual(self.get_tags(lead), {"Sofá", "$1001 to $2000", "VIP"})
        self.customer("Mejor mi presupuesto es $2500")
        self.assertEqual(self.get_tags(lead), {"Sofá", "$2001 to $5000", "VIP"})

    def test_tag_that_a_person_took_away_stays_away(self):
        lead = self.buy()
        lead.tag_ids = False
        self.customer("Mejor mi presupuesto es $2500")
        self.assertFalse(lead.tag_ids)

    def test_lead_of_another_channel_gets_the_tags_beside_its_own(self):
        vip = self.env["crm.tag"].create({"name": "VIP"})
        lead = self.env["crm.lead"].create(
            {"name": "From the fair", "phone": "+593 98 765 4321", "type": "opportunity", "tag_ids": vip.ids}
        )
        self.assertEqual(self.buy(), lead)
        self.assertEqual(self.get_tags(lead), {"VIP", "Sofá"})

    def test_correction_by_a_person_reaches_the_tags(self):
        lead = self.buy()
        conversation = self.get_conversation()
        conversation.interest_ids = self.env["whatsapp.interest"].search([("name", "=", "cama")])
        self.assertEqual(self.get_tags(lead), {"Cama"})
