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

    def test_urgency_gives_the_priority(self):
        self.customer("Soy María, necesito un sofá urgente para hoy")
        self.assertEqual(self.get_conversation().lead_id.priority, "3")

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
