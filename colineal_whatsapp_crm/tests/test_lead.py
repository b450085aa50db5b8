from odoo.tests import Form, tagged

from .common import WhatsappCase


@tagged("post_install", "-at_install")
class TestLead(WhatsappCase):
    def buy_sofa(self, **parameters):
        self.customer("Soy María, necesito un sofá de 3 puestos", "Mi presupuesto es $2000", **parameters)
        return self.get_conversation().lead_id

    def test_lead_fulfils_the_contract(self):
        lead = self.buy_sofa()
        self.assertEqual(len(lead), 1)
        self.assertEqual(lead.contact_name, "María")
        self.assertEqual(lead.phone_sanitized, "+593987654321")
        self.assertTrue(lead.phone.startswith("+593"))
        self.assertEqual(lead.x_source, "WhatsApp")
        self.assertEqual(lead.source_id.name, "WhatsApp")
        self.assertEqual(lead.x_product_interest, "sofá")
        self.assertIn("2000", lead.x_budget_range)
        self.assertEqual(lead.x_quality_score, "hot")
        self.assertGreater(lead.x_ai_confidence, 0)
        self.assertLessEqual(lead.x_ai_confidence, 1)
        self.assertEqual(lead.country_id.code, "EC")
        self.assertIn("sofá de 3 puestos", lead.description)
        self.assertIn("Mi presupuesto es $2000", lead.description)
        self.assertTrue(lead.user_id, "a hot lead is somebody's")
        self.assertEqual(lead.whatsapp_conversation_ids, self.get_conversation())
        notes = lead.message_ids.filtered(lambda message: "WhatsApp" in (message.body or ""))
        self.assertEqual(len(notes), 1)

    def test_lead_or_opportunity_as_crm_is_set(self):
        self.assertEqual(self.buy_sofa().type, "opportunity")
        self.env.ref("base.group_user").implied_ids = [(4, self.env.ref("crm.group_use_lead").id)]
        self.customer("Soy Luis, necesito un sofá", "Mi presupuesto es $2000", customer="whatsapp:+593999888777")
        self.assertEqual(self.get_conversation("whatsapp:+593999888777").lead_id.type, "lead")

    def test_hot_and_urgent_stands_first_then_hot_then_warm(self):
        texts = {
            "whatsapp:+593999888701": ("Soy Ana, busco un sofá", "no sé cuánto"),
            "whatsapp:+593999888702": ("Soy Eva, necesito un sofá urgente para hoy",),
            "whatsapp:+593999888703": ("Soy Luis, busco un sofá", "Mi presupuesto es $900"),
            "whatsapp:+593999888704": ("Soy Leo, busco un sofá, no tengo apuro", "no sé cuánto"),
        }
        for customer, words in texts.items():
            for text in words:
                self.customer(text, customer=customer)
        leads = {customer: self.get_conversation(customer).lead_id for customer in texts}
        stars = {lead.contact_name: (lead.x_quality_score, lead.priority) for lead in leads.values()}
        self.assertEqual(stars, {"Eva": ("hot", "3"), "Luis": ("hot", "2"), "Ana": ("warm", "1"), "Leo": ("warm", "0")})
        found = self.env["crm.lead"].search([("id", "in", [lead.id for lead in leads.values()])])
        self.assertEqual(found.mapped("contact_name"), ["Eva", "Luis", "Ana", "Leo"], "as CRM's kanban shows them")

    def test_stars_follow_urgency_and_a_person_who_says_hot(self):
        self.customer("Soy Ana, busco un sofá")
        self.customer("no sé cuánto")
        conversation = self.get_conversation()
        lead = conversation.lead_id
        self.assertEqual(lead.priority, "1")
        conversation.with_context(quality="hot").action_set_quality()
        self.assertEqual(lead.priority, "2")
        self.customer("Lo necesito hoy mismo, es urgente")
        self.assertEqual(lead.priority, "3")

    def test_stars_that_a_person_gave_or_took_stay(self):
        lead = self.buy_sofa()
        self.assertEqual(lead.priority, "2")
        for stars in ("1", "0"):
            lead.priority = stars
            self.customer("Lo necesito hoy mismo, es urgente")
            self.get_conversation().urgency = "high"
            self.assertEqual(lead.priority, stars)

    def test_expected_revenue_is_the_most_that_the_customer_named(self):
        lead = self.buy_sofa()
        self.assertEqual(lead.expected_revenue, 2000)
        self.customer("Mejor entre 1500 y 2500 dólares")
        self.assertEqual(lead.expected_revenue, 2500)
        self.get_conversation().write({"budget_min": 800, "budget_max": 0})
        self.assertEqual(lead.expected_revenue, 800, "else the least")

    def test_expected_revenue_of_a_person_or_a_quotation_stays(self):
        lead = self.buy_sofa()
        lead.expected_revenue = 3100
        self.customer("Mejor mi presupuesto es $2500")
        self.assertIn("2500", lead.x_budget_range)
        self.assertEqual(lead.expected_revenue, 3100)
        self.get_conversation().budget_max = 4000
        self.assertEqual(lead.expected_revenue, 3100)

    def test_expected_revenue_in_the_currency_of_the_company(self):
        peso = self.env.ref("base.COP")
        peso.active = True
        company = self.env["res.company"].create({"name": "Bogotá", "currency_id": peso.id})
        self.sender = self.env["whatsapp.sender"].create(
            {
                "name": "Bogotá",
                "number": "+573009998877",
                "assistant_id": self.assistant.id,
                "company_id": company.id,
            }
        )
        parameters = {"sender": self.sender.number, "customer": "whatsapp:+573109998877"}
        self.customer("Soy Pilar, busco un sofá", "Tengo 900 dólares", **parameters)
        lead = self.get_conversation("whatsapp:+573109998877").lead_id
        self.assertEqual((lead.company_currency, lead.whatsapp_budget), (peso, 900))
        self.assertEqual(lead.expected_revenue, 0, "no rate, no sum: nine hundred pesos would be wrong")
        today = self.get_conversation("whatsapp:+573109998877").create_date
        self.env["res.currency.rate"].create(
            {
                "name": today.date(),
                "currency_id": self.env.ref("base.USD").id,
                "rate": 1 / 4000,
                "company_id": company.id,
            }
        )
        self.customer("Vivo en Cali", **parameters)
        self.assertEqual(lead.expected_revenue, 3_600_000)

    def test_title_follows_until_a_person_changes_it(self):
        lead = self.buy_sofa()
        self.assertEqual(lead.name, "Sofá - María")
        conversation = self.get_conversation()
        conversation.interest_ids = self.env["whatsapp.interest"].search([("name", "=", "cama")])
        self.assertEqual(lead.name, "Cama - María")
        conversation.customer_name = "María Belén Ruiz"
        self.assertEqual(lead.name, "Cama - María Belén Ruiz")
        lead.name = "Bedroom of María Belén"
        conversation.customer_name = "Belén Ruiz"
        self.customer("También busco una mesa")
        self.assertEqual((lead.name, lead.contact_name), ("Bedroom of María Belén", "Belén Ruiz"))

    def test_what_a_person_takes_away_is_gone_from_the_lead(self):
        lead = self.buy_sofa()
        self.customer("Estoy en Cuenca")
        self.get_conversation().write({"budget_min": 0, "budget_max": 0, "city": False})
        self.assertEqual(
            (lead.city, lead.x_budget_range, lead.whatsapp_budget_band, lead.expected_revenue), (False, False, False, 0)
        )

    def test_next_conversation_takes_the_lead_along_and_forgets_nothing(self):
        lead = self.buy_sofa()
        self.customer("Estoy en Cuenca")
        self.get_conversation().action_close()
        self.customer("Hola, soy María, mejor busco una cama")
        self.customer("todavía no sé cuánto")
        self.assertEqual(self.get_conversation().lead_id, lead)
        self.assertEqual((lead.name, lead.x_product_interest), ("Cama - María", "cama"))
        self.assertEqual(lead.tag_ids.mapped("name"), ["Cama"])
        self.assertEqual((lead.city, lead.expected_revenue, lead.whatsapp_budget), ("Cuenca", 2000, 2000))

    def test_lead_of_an_upgraded_shop_keeps_its_title_and_sum(self):
        lead = self.buy_sofa()
        lead.write({"name": "Sofá - María José", "expected_revenue": 1800})
        conversation = self.get_conversation()
        # As earlier releases left it.
        conversation.lead_values = {
            name: value for name, value in conversation.lead_values.items() if name not in ("name", "expected_revenue")
        }
        self.customer("Soy María Vélez, mejor mi presupuesto es $2500")
        self.assertEqual((lead.name, lead.expected_revenue), ("Sofá - María José", 1800))

    def test_sales_team_of_the_sender(self):
        team = self.env["crm.team"].create({"name": "WhatsApp"})
        self.sender.team_id = team
        self.assertEqual(self.buy_sofa().team_id, team)

    def test_more_information_updates_the_lead(self):
        lead = self.buy_sofa()
        self.customer("Mejor mi presupuesto es $2500")
        self.assertEqual(self.get_conversation().lead_id, lead)
        self.assertIn("2500", lead.x_budget_range)
        self.assertEqual(self.env["crm.lead"].search_count([("phone_sanitized", "=", "+593987654321")]), 1)

    def test_what_a_person_wrote_is_kept(self):
        lead = self.buy_sofa()
        lead.write({"contact_name": "María Vélez", "city": "Loja", "priority": "3"})
        self.customer("Mejor mi presupuesto es $2500, estoy en Cuenca")
        self.assertEqual(lead.contact_name, "María Vélez")
        self.assertEqual(lead.city, "Loja")
        self.assertEqual(lead.priority, "3")

    def test_what_the_assistant_wrote_is_corrected(self):
        self.customer("Soy Maria, busco un sofá", "Mi presupuesto es $2000, vivo en Cuenca")
        lead = self.get_conversation().lead_id
        self.assertEqual(lead.city, "Cuenca")
        self.customer("Perdón, la entrega es en Loja")
        self.assertEqual(lead.city, "Loja")

    def test_next_purchase_with_an_open_lead_feeds_that_lead(self):
        lead = self.buy_sofa()
        self.get_conversation().action_close()
        self.customer("Hola, soy María, necesito un sofá", "Mi presupuesto es $900")
        self.assertEqual(self.get_conversation().lead_id, lead)
        self.assertIn("900", lead.x_budget_range)

    def test_next_purchase_after_a_won_lead_is_a_new_lead(self):
        lead = self.buy_sofa()
        lead.action_set_won()
        self.get_conversation().action_close()
        second = self.buy_sofa()
        self.assertNotEqual(second, lead)
        self.assertEqual(lead.whatsapp_conversation_count, 1)

    def test_what_was_bought_is_not_wanted_any_more(self):
        lead = self.buy_sofa()
        lead.action_set_won()
        self.customer("Hola, ahora busco una mesa de comedor")
        conversation = self.get_conversation()
        self.assertEqual(conversation.product_interest, "mesa")
        self.assertFalse(conversation.budget_range, "what was paid is not offered again")
        self.customer("Mi presupuesto es $1500")
        self.assertNotEqual(conversation.lead_id, lead)
        self.assertEqual(conversation.lead_id.contact_name, lead.contact_name)
        self.assertIn("mesa", conversation.lead_id.x_product_interest)
        self.assertIn("sofá", lead.x_product_interest)
        self.assertIn("1500", conversation.lead_id.x_budget_range)
        self.assertNotIn("sofá", conversation.lead_id.x_product_interest)

    def test_another_of_what_was_bought_is_a_new_wish(self):
        lead = self.buy_sofa()
        lead.action_set_won()
        self.customer("Quiero otro sofá", "Hasta $800")
        self.assertNotEqual(self.get_conversation().lead_id, lead)
        self.assertEqual(self.get_conversation().lead_id.x_product_interest, "sofá")

    def test_thanks_after_a_sale_make_no_lead(self):
        lead = self.buy_sofa()
        lead.action_set_won()
        self.customer("Muchas gracias")
        self.assertEqual(self.get_conversation().lead_id, lead)

    def test_next_purchase_after_a_lost_lead_is_a_new_lead(self):
        lead = self.buy_sofa()
        lead.action_set_lost()
        self.get_conversation().action_close()
        self.assertNotEqual(self.buy_sofa(), lead)
        self.assertFalse(lead.active)

    def test_open_lead_of_another_channel_is_taken_up(self):
        lead = self.env["crm.lead"].create(
            {"name": "From the fair", "phone": "+593 98 765 4321", "contact_name": "M. Vélez", "type": "opportunity"}
        )
        self.assertEqual(self.buy_sofa(), lead)
        self.assertEqual(lead.name, "From the fair")
        self.assertEqual((lead.priority, lead.expected_revenue), ("2", 2000), "what nobody had written")
        self.assertEqual(lead.contact_name, "M. Vélez")
        self.assertEqual(lead.x_product_interest, "sofá")
        self.assertTrue(lead.message_ids.filtered(lambda message: "sof" in (message.body or "")))

    def test_known_partner_is_set_on_the_lead(self):
        partner = self.env["res.partner"].create({"name": "María Vélez", "phone": "+593 98 765 4321"})
        lead = self.buy_sofa()
        self.assertEqual(lead.partner_id, partner)
        self.assertEqual(lead.phone_sanitized, "+593987654321")

    def test_customer_words_are_escaped(self):
        self.customer("Soy María, necesito un sofá <script>alert(1)</script>", "Mi presupuesto es $2000")
        lead = self.get_conversation().lead_id
        self.assertNotIn("<script>", lead.description)
        self.assertFalse(any("<script>" in (message.body or "") for message in lead.message_ids))

    def test_links_both_ways(self):
        lead = self.buy_sofa()
        conversation = self.get_conversation()
        self.assertEqual(conversation.action_view_lead()["res_id"], lead.id)
        self.assertEqual(lead.action_view_whatsapp_conversations()["res_id"], conversation.id)

    def test_no_conversation_is_looked_for_while_a_new_lead_is_typed(self):
        with self.assertNoLogs("odoo.domains", "WARNING"), Form(self.env["crm.lead"]) as form:
            form.name = "Sofá"

    def test_administrator_may_extend_an_action(self):
        self.env.ref("colineal_whatsapp_crm.action_create_lead").code += "\nrecords.lead_id.write({'referred': 'vip'})"
        self.assertEqual(self.buy_sofa().referred, "vip")
