import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ..lib.routes import REVIEWED_PATH
from .common import WhatsappCase
from .test_model import ModelCase


@tagged("post_install", "-at_install")
class TestReview(WhatsappCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = new_test_user(cls.env, "review-seller", "sales_team.group_sale_salesman_all_leads")

    def get_mine(self):
        """The conversation as its salesperson sees it."""
        self.get_conversation().user_id = self.salesperson
        return self.get_conversation().with_user(self.salesperson)

    def test_corrected_slot_wins_at_once_and_stays(self):
        self.customer("Busco sofás", "Soy María, presupuesto 2000")
        lead = self.get_conversation().lead_id
        self.get_mine().write({"customer_name": "María Belén Ruiz", "budget_max": 2500})
        self.assertEqual(lead.contact_name, "María Belén Ruiz")
        self.assertIn("2500", lead.x_budget_range)
        self.customer("Me llamo Mar, tengo 100 dólares")
        conversation = self.get_conversation()
        self.assertEqual((conversation.customer_name, conversation.budget_max), ("María Belén Ruiz", 2500))

    def test_correction_of_the_lead_wins_over_what_a_person_wrote_there(self):
        self.customer("Busco sofás", "Soy María, presupuesto 2000")
        lead = self.get_conversation().lead_id
        lead.city = "Manta"
        self.get_mine().city = "Quito"
        self.assertEqual(lead.city, "Quito")

    def test_products_are_corrected_by_interests(self):
        self.customer("Busco sofás")
        bed = self.env["whatsapp.interest"].search([("name", "=", "cama")])
        self.get_mine().interest_ids = bed
        self.assertEqual(self.get_conversation().product_interest, "cama")
        self.get_mine().interest_ids = False
        self.assertFalse(self.get_conversation().product_interest)

    def test_correction_counts_for_the_next_question(self):
        self.customer("Busco sofás")
        self.get_mine().customer_name = "Ana"
        self.assertIn("presupuesto", self.customer("gris de preferencia")[0])

    def test_quality_is_judged_anew(self):
        self.customer("Busco sofás", "Soy María")
        self.assertEqual(self.get_conversation().quality, "warm")
        self.get_mine().budget_max = 900
        self.assertEqual(self.get_conversation().quality, "hot")
        self.assertIn("900", self.get_conversation().explanation)

    def test_hot_by_a_person_in_one_click_reaches_the_lead_and_stays(self):
        self.customer("Soy María, busco sofás")
        self.customer("todavía no sé cuánto")
        conversation = self.get_conversation()
        self.assertEqual(conversation.lead_id.x_quality_score, "warm")
        self.get_mine().with_context(quality="hot").action_set_quality()
        self.assertEqual((conversation.quality, conversation.lead_id.x_quality_score), ("hot", "hot"))
        self.customer("gracias")
        self.assertEqual(conversation.quality, "hot")
        self.get_mine().with_context(quality="hot").action_set_quality()
        self.assertEqual(conversation.quality, "warm")

    def test_correction_is_kept_beside_what_the_machine_said(self):
        self.customer("Soy María, busco sofás. Es para mi hija Mariana")
        self.get_mine().customer_name = "Mariana"
        turn = self.get_conversation().classification_id
        self.assertEqual(turn.slots["name"]["value"], "María")
        self.assertEqual(turn.right_slots["name"]["value"], "Mariana")
        self.assertTrue(turn.reviewed and turn.is_corrected and turn.products_right and turn.quality_right)
        self.assertFalse(turn.name_right)
        self.assertEqual(turn.reviewed_by, self.salesperson)

    def test_fact_from_a_telephone_call_is_no_error_and_no_label(self):
        self.customer("Soy María, busco sofás")
        self.get_mine().write({"city": "Cuenca", "budget_max": 900})
        conversation, turn = self.get_conversation(), self.get_conversation().classification_id
        self.assertEqual((conversation.quality, conversation.evidence["city"]["known_otherwise"]), ("hot", True))
        self.assertIn("900", conversation.explanation)
        self.assertFalse(turn.reviewed, "who adds what was said on the telephone has reviewed nothing")
        self.get_mine().action_confirm()
        self.assertEqual(turn.unjudged, ["budget", "city"])
        self.assertTrue(turn.city_right and turn.quality_right and turn.action_right)
        self.assertFalse(turn.is_corrected)
        self.assertEqual(self.get_measured(turn), {"name": 1.0, "city": None, "budget": None, "quality": 1.0})
        self.customer("gris")
        self.get_mine().action_confirm()
        self.assertEqual(self.get_conversation().classification_id.unjudged, ["budget", "city"], "it goes along")
        self.assertEqual((conversation.city, conversation.budget_max), ("Cuenca", 900))
        [line] = self.env["whatsapp.classification"]._export_reviewed([("conversation_id", "=", conversation.id)])
        for labelled in json.loads(line)["turns"]:
            self.assertEqual(labelled["expect"]["slots"], {"name": "María", "products": ["sofá"]})
            self.assertEqual(labelled["expect"]["unjudged"], ["budget", "city"])
            self.assertNotIn("quality", labelled["expect"])

    def get_measured(self, turn):
        """What the effectiveness report makes of a turn."""
        self.env.flush_all()
        report = self.env["whatsapp.classification.report"].search([("id", "=", turn.id)])
        [row] = report._read_group(
            [("id", "in", report.ids)],
            [],
            ["name_right:avg", "city_right:avg", "budget_right:avg", "quality_right:avg"],
        )
        return {
            name: None if value is False else value
            for name, value in zip(("name", "city", "budget", "quality"), row, strict=True)
        }

    def test_where_a_corrected_value_is_from_is_found_by_itself_and_said_in_one_click(self):
        self.customer("Soy María, busco algo para sentarme en Cuenka, hasta dos mil quinientos. Quizás cama")
        mine = self.get_mine()
        mine.write({"budget_max": 2500, "email": "maria@example.com", "customer_name": "Cama"})
        origin = {name: each["known_otherwise"] for name, each in self.get_conversation().evidence.items()}
        self.assertFalse(origin["budget"] or origin["name"], "the customer wrote the words")
        self.assertTrue(origin["email"])
        turn = self.get_conversation().classification_id
        self.assertFalse(turn.email_right and "email" not in turn.unjudged)
        mine.with_context(slot="email").action_toggle_origin()
        self.assertFalse(self.get_conversation().evidence["email"]["known_otherwise"])
        self.assertFalse(turn.unjudged or turn.email_right)
        mine.with_context(slot="email").action_toggle_origin()
        self.assertEqual((turn.unjudged, turn.email_right), (["email"], True))
        with self.assertRaises(UserError):
            mine.with_context(slot="urgency").action_toggle_origin()

    def test_fact_before_anything_was_read(self):
        self.receive("Hola")
        with self.as_worker() as env:
            env["whatsapp.worker"]._route_messages()
        self.get_mine().city = "Loja"
        self.assertEqual(self.get_conversation().city, "Loja")

    def test_confirming_says_that_all_was_right(self):
        self.customer("Soy María, busco sofás")
        self.get_mine().action_confirm()
        turn = self.get_conversation().classification_id
        self.assertTrue(turn.reviewed and turn.name_right and turn.action_right)
        self.assertFalse(turn.is_corrected)

    def test_effectiveness_counts_reviewed_turns_only(self):
        self.customer("Soy María, busco sofás")
        self.get_mine().action_confirm()
        self.customer("tengo 900", customer="whatsapp:+593999888777")
        self.env.flush_all()
        report = self.env["whatsapp.classification.report"].search([("assistant_id", "=", self.assistant.id)])
        [(turns, reviewed, right)] = report._read_group(
            [("id", "in", report.ids)], [], ["turn_count:sum", "reviewed_count:sum", "name_right:avg"]
        )
        self.assertEqual((turns, reviewed, right), (2, 1, 1.0))

    def test_effectiveness_knows_what_became_of_the_lead(self):
        self.customer("Soy María, busco sofás, tengo 900")
        self.get_conversation().lead_id.action_set_won()
        self.env.flush_all()
        report = self.env["whatsapp.classification.report"].search([("assistant_id", "=", self.assistant.id)])
        self.assertEqual((report.lead_outcome, report.quality, report.lead_count), ("won", "hot", 1))

    def test_colleague_without_rights_corrects_nothing(self):
        self.customer("Busco sofás")
        self.get_conversation().user_id = self.salesperson
        stranger = new_test_user(self.env, "review-stranger", "sales_team.group_sale_salesman")
        theirs = self.get_conversation().with_user(stranger)
        for correct in (
            lambda: theirs.write({"customer_name": "Eva"}),
            theirs.with_context(quality="hot").action_set_quality,
            theirs.action_confirm,
        ):
            with self.assertRaises(AccessError):
                correct()
        with self.assertRaises(AccessError):
            self.env["whatsapp.classification.report"].with_user(stranger).search([])

    def test_predictive_scoring_looks_at_conversations(self):
        used = self.env["ir.config_parameter"].get_param("crm.pls_fields").split(",")
        self.assertLessEqual({"x_quality_score", "x_product_interest", "source_id", "phone_state"}, set(used))
        self.assertEqual(len(used), len(set(used)))
        offered = self.env["crm.lead.scoring.frequency.field"].search([]).field_id.mapped("name")
        self.assertIn("x_quality_score", offered)
        self.assertEqual(offered.count("source_id"), 1)


@tagged("post_install", "-at_install")
class TestExamples(ModelCase):
    def test_corrections_teach_the_model_without_personal_data(self):
        self.customer("Soy Paola Mora y quiero un sofá, no una butaca")
        self.get_conversation().interest_ids = self.env["whatsapp.interest"].search(
            [("name", "in", ("sofá", "butaca"))]
        )
        self.customer("Hola", customer="whatsapp:+593999888777")
        examples = json.loads(self.model.prompts[-1].content)["examples"]
        self.assertIn("butaca", [finding["value"] for finding in examples[0]["findings"]])
        self.assertNotIn("Paola", str(examples))
        self.assistant.max_examples = 0
        self.customer("Hola", customer="whatsapp:+593999888778")
        self.assertNotIn("examples", json.loads(self.model.prompts[-1].content))

    def correct(self):
        self.get_conversation().interest_ids = self.env["whatsapp.interest"].search(
            [("name", "in", ("sofá", "butaca"))]
        )

    def get_shown(self):
        """The examples that the model was shown last."""
        return json.loads(self.model.prompts[-1].content).get("examples", [])

    def test_what_else_a_customer_tells_stays_in_the_house(self):
        self.customer(
            "Soy PAOLA MÓRA y quiero un sofá, no una butaca, para mi mamá Carmen, calle Loja N21, placa PBX-1234, "
            "pasaporte AB1234567, me operaron de la columna"
        )
        self.correct()
        self.customer("Hola", customer="whatsapp:+593999888777")
        shown = str(self.get_shown()).lower()
        for told in ("paola", "móra", "mora", "carmen", "loja", "n21", "pbx", "1234", "operaron", "columna"):
            self.assertNotIn(told, shown)

    def test_company_is_not_shown_customers_of_another(self):
        self.customer("quiero un sofá, no una butaca")
        self.correct()
        other = self.env["res.company"].create({"name": "Other shop"})
        self.sender = self.sender.create(
            {"name": "Other", "number": "+593999000333", "assistant_id": self.assistant.id, "company_id": other.id}
        )
        self.customer("Hola", customer="whatsapp:+593999888777")
        self.assertEqual(self.get_conversation("whatsapp:+593999888777").company_id, other)
        self.assertEqual(self.get_shown(), [])
        self.customer("quiero un sofá, no una butaca", customer="whatsapp:+593999888777")
        self.get_conversation("whatsapp:+593999888777").interest_ids = self.env["whatsapp.interest"].search(
            [("name", "in", ("sofá", "butaca"))]
        )
        self.customer("Hola", customer="whatsapp:+593999888778")
        self.assertEqual(len(self.get_shown()), 1)


@tagged("post_install", "-at_install")
class TestExport(WhatsappCase, HttpCase):
    def test_reviewed_turns_are_exported_as_labelled_conversations(self):
        self.customer("Hola")
        self.customer("Soy María, busco sofás. Es para mi hija Mariana")
        self.get_conversation().customer_name = "Mariana"
        new_test_user(self.env, "review-boss", "sales_team.group_sale_manager")
        self.authenticate("review-boss", "review-boss")
        lines = self.url_open(REVIEWED_PATH).text.splitlines()
        conversation = next(
            line for line in map(json.loads, lines) if line["id"] == f"conversation-{self.get_conversation().id}"
        )
        self.assertEqual(
            [turn["text"] for turn in conversation["turns"]],
            ["Hola", "Soy María, busco sofás. Es para mi hija Mariana"],
        )
        self.assertNotIn("expect", conversation["turns"][0])
        self.assertEqual(
            conversation["turns"][1]["expect"],
            {
                "slots": {"name": "Mariana", "products": ["sofá"]},
                "quality": "warm",
                "action": "gather_more_details",
                "support": False,
            },
        )

    def test_salesperson_does_not_export(self):
        new_test_user(self.env, "review-seller", "sales_team.group_sale_salesman")
        self.authenticate("review-seller", "review-seller")
        self.assertEqual(self.url_open(REVIEWED_PATH).status_code, 403)
