from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import WhatsappCase


@tagged("post_install", "-at_install")
class TestVocabulary(WhatsappCase):
    """Words that people add are understood as they meant them, and said back in good Spanish."""

    def get_interest(self, name):
        return self.env["whatsapp.interest"].search([("name", "=", name)])

    def test_a_list_is_as_many_synonyms(self):
        interest = self.get_interest("sofá")
        interest.synonyms = f"{interest.synonyms}, mueblón, sillonazo; diván grande"
        self.assertLessEqual({"mueblón", "sillonazo", "diván grande"}, set(interest.synonym_ids.mapped("name")))
        self.customer("Busco un mueblón")
        self.assertEqual(self.get_conversation().product_interest, "sofá")
        for name in ("mueblón, sillonazo", "a;b", "a|b"):
            with self.subTest(name=name), self.assertRaisesRegex(ValidationError, "list"):
                self.env["whatsapp.synonym"].create({"name": name, "interest_id": interest.id})

    def test_synonyms_that_stay_keep_their_forms(self):
        interest = self.get_interest("sofá")
        interest.synonyms = "club|tresillo"
        interest.synonym_ids[0].write({"plural": "clubes", "gender": "m"})
        interest.synonyms = "club|diván"
        self.assertEqual(interest.synonym_ids.sorted("name").mapped("plural"), ["clubes", "divanes"])

    def test_one_word_means_one_thing(self):
        with self.assertRaisesRegex(ValidationError, "sofá"):
            self.env["whatsapp.synonym"].create({"name": "Sofa", "interest_id": self.get_interest("cama").id})
        with self.assertRaisesRegex(ValidationError, "Guayaquil"):
            quito = self.env["whatsapp.city"].search([("name", "=", "Quito")])
            quito.synonyms = "gye"

    def test_forms_come_by_themselves_and_are_corrected(self):
        interest = self.env["whatsapp.interest"].create({"name": "arca", "synonyms": "baúl antiguo|cofre"})
        self.assertEqual((interest.plural, interest.gender), ("arcas", "f"))
        self.assertEqual(interest.synonym_ids.mapped("plural"), ["baúles antiguos", "cofres"])
        (reply,) = self.customer("¿Qué precio tiene el arca?")
        self.assertIn("el precio del arca", reply)
        interest.synonym_ids[1].plural = "cofrezuelos"
        self.customer("Soy Ana, quiero dos cofrezuelos")
        (reply,) = self.customer("Mi presupuesto es $900")
        self.assertIn("tu interés en cofrezuelos", reply)

    def test_search_by_synonym(self):
        found = self.env["whatsapp.interest"].search([("synonyms", "ilike", "mesita de noche")])
        self.assertEqual(found.name, "velador")

    def test_archived_words_are_free_again(self):
        self.get_interest("sofá").active = False
        self.env["whatsapp.synonym"].create({"name": "Sofa", "interest_id": self.get_interest("cama").id})
        self.customer("Busco un sofá")
        self.assertEqual(self.get_conversation().product_interest, "cama")

    def test_a_sentence_is_tried_and_nothing_kept(self):
        before = self.env["whatsapp.classification"].search_count([])
        result = self.assistant.try_text("Hola, soy Ana de Quito, quiero dos sillas, tengo $300")
        slots = {slot["name"]: (slot["value"], slot["quote"]) for slot in result["slots"]}
        self.assertEqual(slots["products"], ("silla", "sillas"))
        self.assertEqual(slots["name"][0], "Ana")
        self.assertEqual(slots["city"][0], "Quito")
        self.assertIn("sillas", result["reply"])
        self.assertEqual(result["quality"], "Hot")
        self.assertEqual(self.get_interest("silla").try_text("una silla")["slots"][0]["value"], "silla")
        self.assertEqual(self.env["whatsapp.classification"].search_count([]), before)
        self.assistant.try_text("silla " * 5000)
        stranger = new_test_user(self.env, "words-stranger", "base.group_user")
        with self.assertRaises(AccessError):
            self.assistant.with_user(stranger).try_text("Hola")


@tagged("post_install", "-at_install")
class TestHotBudget(WhatsappCase):
    def test_any_budget_will_do_by_default(self):
        self.customer("Soy Ana, busco un sofá, tengo $20")
        self.assertEqual(self.get_conversation().quality, "hot")

    def test_minimum_of_a_product(self):
        self.env["whatsapp.interest"].search([("name", "=", "sofá")]).hot_budget = 500
        self.customer("Soy Ana, busco un sofá para hoy mismo, tengo $200")
        conversation = self.get_conversation()
        self.assertEqual((conversation.quality, conversation.action), ("warm", "create_lead"))
        self.assertIn("budget below the minimum for sofás ($500)", conversation.classification_id.explanation)
        self.customer("Bueno, puedo llegar a $600")
        self.assertEqual(conversation.quality, "hot")
        self.assertNotIn("minimum for", conversation.classification_id.explanation)

    def test_minimum_of_all_products_and_the_lowest_of_several(self):
        self.assistant.hot_budget = 500
        self.env["whatsapp.interest"].search([("name", "=", "lámpara")]).hot_budget = 50
        self.customer("Soy Ana, busco un sofá, tengo $200")
        self.assertEqual(self.get_conversation().quality, "warm")
        self.customer("También quiero una lámpara")
        self.assertEqual(self.get_conversation().quality, "hot")
