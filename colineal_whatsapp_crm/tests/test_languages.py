"""Which language a customer is answered in: theirs, as soon as they tell it, and the shop's until then."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..understanding.llm.client import BUSY, ModelError
from .common import WhatsappCase
from .test_model import ModelCase


@tagged("post_install", "-at_install")
class TestLanguages(WhatsappCase):
    def get_language(self):
        return self.get_conversation().classification_id.language

    def get_wording_languages(self):
        line = self.get_conversation().line_ids.filtered(lambda line: line.direction == "outbound").sorted("id")[-1]
        return set(line.wording_ids.mapped("language"))

    def test_each_is_answered_in_their_own_language(self):
        for number, (text, language) in enumerate(
            (
                ("Hello, I am looking for a sofa", "en"),
                ("Olá, estou procurando um sofá", "pt"),
                ("Hola, busco un sofá", "es"),
            )
        ):
            customer = f"whatsapp:+59398765470{number}"
            self.receive(text, customer=customer)
            self.work()
            conversation = self.get_conversation(customer)
            line = conversation.line_ids.filtered(lambda line: line.direction == "outbound")[-1]
            self.assertEqual(
                (conversation.classification_id.language, set(line.wording_ids.mapped("language"))),
                (language, {language}),
            )

    def test_customer_who_switches_is_followed(self):
        self.customer("Hola, busco un sofá")
        self.customer("Sorry, I would like to have it in English, please")
        self.assertEqual((self.get_language(), self.get_wording_languages()), ("en", {"en"}))
        self.customer("ok")
        self.assertEqual(self.get_language(), "en", "a word or two change nothing")

    def test_what_no_language_is_known_of_is_answered_in_the_shops(self):
        self.assistant.language = "en"
        self.customer("Szukam łóżka")
        self.assertEqual((self.get_language(), self.get_wording_languages()), ("en", {"en"}))

    def test_language_of_the_last_conversation_is_remembered(self):
        self.customer("Hello, I am looking for a sofa")
        self.get_conversation().action_close()
        self.customer("ok 👍")
        self.assertEqual((self.get_language(), self.get_wording_languages()), ("en", {"en"}))


@tagged("post_install", "-at_install")
class TestTranslation(ModelCase):
    """Who reads another language has what the customer wrote translated, where the assistant has a model."""

    def setUp(self):
        super().setUp()
        self.model.answers["translate"] = {"translation": "Hello, I want a sofa"}
        self.customer("Hola, quiero un sofá. Mi tarjeta es 4111 1111 1111 1111")
        self.line = self.get_conversation().line_ids.filtered(lambda line: line.direction == "inbound")
        self.seller = new_test_user(self.env, "languages-seller", "sales_team.group_sale_salesman", lang="en_US")

    def translate(self, user=None):
        return self.line.with_user(user or self.seller).with_context(lang="en_US").action_translate()

    def test_translation_is_asked_for_once_and_costs_on_the_turn(self):
        before = self.line.classification_id.cost
        self.assertEqual(self.translate(), {"text": "Hello, I want a sofa"})
        self.assertEqual(self.translate(), {"text": "Hello, I want a sofa"})
        self.assertEqual(self.model.count("translate"), 1)
        prompt = next(prompt for prompt in self.model.prompts if prompt.purpose == "translate")
        self.assertIn("English", prompt.system)
        self.assertNotIn("quiero", prompt.system, "what the customer wrote is data")
        self.assertNotIn("4111", prompt.content)
        self.assertGreater(self.line.classification_id.cost, before)

    def test_translation_stays_with_its_message(self):
        self.get_conversation()._get_channel()
        self.assertFalse(self.line._get_shown()["translations"])
        before = self.env["bus.bus"].search([], order="id desc", limit=1).id
        self.translate()
        self.assertEqual(self.line._get_shown()["translations"], {"en_US": "Hello, I want a sofa"})
        self.env.cr.precommit.run()
        told = "".join(self.env["bus.bus"].search([("id", ">", before)]).mapped("message"))
        self.assertIn("Hello, I want a sofa", told, "other screens hear of it")

    def test_changed_words_are_translated_anew(self):
        self.translate()
        self.customer("Hola, quiero una mesa", MessageType="edit", OriginalRepliedMessageSid=self.line.sid)
        self.assertFalse(self.line.translations)
        self.model.answers["translate"] = {"translation": "Hello, I want a table"}
        self.assertEqual(self.translate(), {"text": "Hello, I want a table"})
        self.line._store_media_text({str(self.line.id): "Una mesa blanca"})
        self.assertFalse(self.line.translations)

    def test_words_tell_which_language_they_are_in(self):
        for text, told in (
            ("Hola, quiero un sofá", "es"),
            ("Hello, I am looking for a sofa", "en"),
            ("Olá, estou procurando um sofá, obrigado", "pt"),
            ("Ich suche ein Bett und einen Tisch", "und"),
            ("Je cherche un canapé pour la maison", "und"),
            ("Szukam łóżka", "und"),
            ("Cerco un divano letto per la casa, quanto costa?", "und"),
            ("你好", "und"),
            ("Nayeli, mesa gris", self.line.classification_id.language),
            ("trabajan con crédito directo?", self.line.classification_id.language),
            ("Sofá", self.line.classification_id.language),
            ("900", False),
            ("", False),
        ):
            self.line.body = text
            self.assertEqual(self.line._get_shown()["language"], told, text)

    def test_failure_is_told_in_words_and_may_be_tried_again(self):
        self.model.answers["translate"] = ModelError(BUSY)
        self.assertEqual(self.translate()["failure"], "Gemini is overloaded or failing. It is tried again by itself.")
        self.model.answers["translate"] = {"translation": "Hello"}
        self.assertEqual(self.translate(), {"text": "Hello"})

    def test_without_a_model_there_is_none(self):
        self.assistant.provider = "rules"
        self.assertFalse(self.get_conversation()._get_channel()._get_whatsapp_state()["translates"])
        with self.assertRaises(UserError):
            self.translate()

    def test_who_may_only_read_asks_no_model(self):
        reader = new_test_user(self.env, "languages-reader", "colineal_whatsapp_crm.whatsapp_group_reader")
        for user in (reader, new_test_user(self.env, "languages-outsider", "base.group_user")):
            with self.assertRaises(AccessError):
                self.translate(user)

    def test_erased_words_are_gone_in_every_language(self):
        self.translate()
        self.get_conversation()._erase_words()
        self.assertFalse(self.line.translations)
