import json
from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import WhatsappCase
from .test_hot_lead import HOT, HotLeadCase

LOST, LATER = "no gracias, ya compré en otro lado", "lo consulto con mi esposo y le escribo"


@tagged("post_install", "-at_install")
class TestClosing(WhatsappCase):
    """Customers who give up what they wanted, or put it off."""

    def buy_sofa(self):
        self.customer("Soy María, necesito un sofá", "Mi presupuesto es $2000")
        return self.get_conversation().lead_id

    def give_up(self):
        self.customer("Hola, soy María, busco un sofá")
        return self.customer(LOST)

    def get_situations(self):
        lines = self.get_conversation().line_ids.filtered(lambda line: line.direction == "outbound")
        return lines.sorted("id")[-1].wording_ids.mapped("situation")

    def test_given_up(self):
        replies = self.give_up()
        self.assertEqual(len(replies), 1)
        self.assertNotIn("?", replies[0])
        self.assertEqual(self.get_situations(), ["closing_lost"])
        conversation = self.get_conversation()
        self.assertEqual((conversation.closing, conversation.closing_reason), ("lost", "elsewhere"))
        self.assertEqual(conversation.closing_quote, "ya compré en otro lado")
        self.assertEqual((conversation.quality, conversation.product_interest), ("cold", False))
        self.assertIn("bought elsewhere", conversation.explanation)
        self.assertIn("given it up", conversation.next_step)
        self.assertFalse(conversation.handover_reason, "nobody is called for it")

    def test_put_off(self):
        self.customer("Hola, soy María, busco un sofá")
        replies = self.customer(LATER)
        self.assertEqual((len(replies), self.get_situations()), (1, ["closing_postponed"]))
        conversation = self.get_conversation()
        self.assertEqual((conversation.closing, conversation.closing_reason), ("postponed", "consulting"))
        self.assertEqual((conversation.quality, conversation.product_interest), ("cold", "sofá"))

    def test_put_off_after_the_lead_calls_nobody(self):
        self.buy_sofa()
        before = self.get_conversation().handover_id
        self.assertEqual(len(self.customer("lo pensaré y les aviso")), 1)
        self.assertEqual(self.get_situations(), ["closing_postponed"])
        self.assertEqual(self.get_conversation().handover_id, before)
        self.assertEqual((before.reason or "hot", self.get_conversation().quality), ("hot", "cold"))

    def test_thanks_after_it_are_not_answered(self):
        self.give_up()
        self.assertEqual(self.customer("gracias, igualmente"), [])
        self.assertEqual(self.get_conversation().closing, "lost")

    def test_question_after_it_is_answered_and_nothing_is_asked(self):
        self.assistant.opening_hours = "de 9 a 18"
        self.give_up()
        self.assertEqual(self.customer("¿hasta qué hora atienden?"), ["Atendemos de 9 a 18."])

    def test_new_wish_opens_it_again(self):
        self.give_up()
        self.customer("Ahora busco una mesa")
        conversation = self.get_conversation()
        self.assertEqual((conversation.closing, conversation.quality), (False, "warm"))
        self.assertEqual(conversation.action, "gather_more_details")

    def test_lead_is_proposed_as_lost_and_a_person_confirms(self):
        lead = self.buy_sofa()
        self.customer(LOST)
        reason = self.env.ref("colineal_whatsapp_crm.lost_reason_elsewhere")
        self.assertEqual((lead.whatsapp_closing, lead.whatsapp_lost_reason_id), ("lost", reason))
        self.assertEqual((lead.active, lead.won_status, lead.x_quality_score), (True, "pending", "cold"))
        self.assertEqual(lead.x_product_interest, "sofá", "what was wanted stays to be seen")
        self.assertEqual((lead.name, lead.tag_ids.mapped("name")), ("Sofá - María", ["Sofá"]))
        # In the company's language.
        self.assertRegex(lead.message_ids[0].body, "bought elsewhere|compró en otr")
        seller = new_test_user(self.env, "seller", "sales_team.group_sale_salesman_all_leads")
        lead.with_user(seller).action_confirm_whatsapp_loss()
        self.assertEqual((lead.active, lead.won_status, lead.lost_reason_id), (False, "lost", reason))

    def test_reason_of_crm_is_used_where_there_is_one(self):
        lead = self.buy_sofa()
        self.customer("está muy caro, gracias")
        self.assertEqual(lead.whatsapp_lost_reason_id, self.env.ref("crm.lost_reason_1"))

    def test_lead_without_the_shipped_reason(self):
        self.env.ref("colineal_whatsapp_crm.lost_reason_elsewhere").unlink()
        lead = self.buy_sofa()
        self.customer(LOST)
        self.assertEqual((lead.whatsapp_closing, lead.whatsapp_lost_reason_id.id), ("lost", False))
        lead.action_confirm_whatsapp_loss()
        self.assertFalse(lead.active)

    def test_dismissed_proposal_comes_back_only_with_another_decision(self):
        lead = self.buy_sofa()
        self.customer(LOST)
        lead.action_dismiss_whatsapp_closing()
        self.customer("gracias")
        self.assertFalse(lead.whatsapp_closing)
        self.customer("Pensándolo bien necesito una mesa", "ya no me interesa")
        self.assertEqual(lead.whatsapp_closing, "lost")

    def test_reopened_wish_takes_the_proposal_back(self):
        lead = self.buy_sofa()
        self.customer(LOST)
        self.customer("Ahora busco una mesa")
        self.assertEqual((lead.whatsapp_closing, lead.whatsapp_lost_reason_id.id), (False, False))

    def test_open_lead_of_an_earlier_conversation_hears_of_it(self):
        lead = self.buy_sofa()
        self.get_conversation().action_close()
        self.customer(LOST)
        self.assertEqual(lead.whatsapp_closing, "lost")
        self.assertEqual(self.get_conversation().lead_id, lead)

    def test_who_gave_up_becomes_no_lead_by_silence_and_who_put_off_does(self):
        for words, leads in ((LOST, 0), (LATER, 1)):
            with self.subTest(words):
                address = f"whatsapp:+59398765400{leads}"
                self.customer("Hola, soy María, busco un sofá", customer=address)
                self.customer(words, customer=address)
                conversation = self.get_conversation(address)
                conversation.last_inbound_at = datetime(2020, 1, 1)
                self.run_job("ir_cron_idle_leads")
                self.assertEqual(len(conversation.lead_id), leads)

    def test_person_who_adds_a_product_opens_it_again(self):
        self.give_up()
        conversation = self.get_conversation()
        conversation.interest_ids = self.env["whatsapp.interest"].search([("name", "=", "mesa")])
        self.assertEqual((conversation.closing, conversation.quality), (False, "warm"))

    def test_reviewed_turn_is_exported_as_the_labelled_conversations_are(self):
        self.give_up()
        self.get_conversation().action_confirm()
        (line,) = self.env["whatsapp.classification"]._export_reviewed()
        expected = json.loads(line)["turns"][-1]["expect"]
        self.assertEqual((expected["quality"], expected["action"]), ("warm", "ask_about_interest"))

    def test_report_and_dashboard_count_it(self):
        self.give_up()
        self.customer("Busco una cama", LATER, customer="whatsapp:+593987654001")
        report = self.env["whatsapp.conversation.report"]
        mine = [("sender_id", "=", self.sender.id)]
        rows = report._read_group(mine, ["closing", "closing_reason"], ["given_up_rate:sum", "put_off_rate:sum"])
        self.assertEqual(sorted(rows), [("lost", "elsewhere", 1.0, 0.0), ("postponed", "consulting", 0.0, 1.0)])
        before = report.get_dashboard("7_days")["figures"]
        self.assertGreaterEqual(before["lost"]["value"], 1)
        self.assertEqual(report.search_count(before["lost"]["domain"]), before["lost"]["value"])

    def test_reports_know_what_was_given_up(self):
        self.buy_sofa()
        self.customer(LOST)
        self.env.flush_all()
        report = self.env["whatsapp.conversation.report"]
        mine = [("sender_id", "=", self.sender.id)]
        rows = report._read_group(mine, ["product_interest"], ["given_up_rate:sum"])
        self.assertEqual(rows, [("sofá", 1.0)])
        by_product = report._read_group(mine, ["interest_ids"], ["__count"])
        self.assertEqual([(interest.name, count) for interest, count in by_product], [("sofá", 1)])

    def test_erased_analysis_keeps_the_decision_and_no_words(self):
        self.give_up()
        conversation = self.get_conversation()
        conversation._erase_analysis()
        self.assertEqual((conversation.closing, conversation.closing_reason), ("lost", "elsewhere"))
        self.assertFalse(conversation.closing_quote)

    def test_colleague_without_rights_decides_nothing(self):
        lead = self.buy_sofa()
        self.customer(LOST)
        clerk = new_test_user(self.env, "clerk", "base.group_user")
        for button in ("action_confirm_whatsapp_loss", "action_dismiss_whatsapp_closing"):
            with self.assertRaises(AccessError):
                getattr(lead.with_user(clerk), button)()
        self.assertEqual((lead.active, lead.whatsapp_closing), (True, "lost"))

    def test_farewell_is_the_shops_to_word(self):
        self.assistant.wording_ids.filtered(lambda wording: wording.situation == "closing_lost").text = "¡Suerte!"
        self.assertEqual(self.give_up(), ["¡Suerte!"])

    def test_named_day_counts_from_the_day_it_came_in_the_shops_time_zone(self):
        self.env.company.partner_id.tz = "America/Guayaquil"
        # At four it is still the fifteenth in Ecuador, ten days before.
        for hour, urgency in ((4, "medium"), (6, "high")):
            with self.subTest(hour):
                address = f"whatsapp:+59398765410{hour}"
                line = self.receive("Soy Ana, busco un sofá para Navidad", customer=address)
                self.env.cr.execute(
                    "UPDATE whatsapp_conversation_message SET create_date = %s WHERE id = %s",
                    [datetime(2025, 12, 16, hour), line.id],
                )
                self.env.invalidate_all()
                self.work()
                self.assertEqual(self.get_conversation(address).urgency, urgency)


@tagged("post_install", "-at_install")
class TestClosingHotLead(HotLeadCase):
    def test_nobody_is_rung_for_a_sale_that_is_over(self):
        self.customer(HOT)
        conversation = self.get_conversation()
        handover, told = conversation.handover_id, self.told
        self.assertEqual(handover.reason, "hot")
        self.customer(LOST)
        self.assertEqual((conversation.quality, handover.outcome), ("cold", "done"))
        self.assertFalse(self.get_activities(conversation))
        self.pass_time(minutes=30)
        self.assertEqual(self.told, told)
        self.assertEqual(conversation.lead_id.whatsapp_closing, "lost")

    def test_it_rings_again_for_a_new_wish(self):
        self.customer(HOT)
        self.customer(LOST)
        told = self.told
        self.customer("Ahora necesito un comedor urgente, es para hoy")
        self.assertEqual(self.get_conversation().quality, "hot")
        self.assertEqual(len(self.told), len(told) + 1)
