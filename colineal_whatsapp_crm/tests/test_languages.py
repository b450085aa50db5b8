"""Which language a customer is answered in: theirs, as soon as they tell it, and the shop's until then."""

from odoo.tests import tagged

from .common import WhatsappCase


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
