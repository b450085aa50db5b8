from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import WhatsappCase


@tagged("post_install", "-at_install")
class TestAssistant(WhatsappCase):
    def set_wording(self, situation, *texts):
        self.assistant.wording_ids.filtered(lambda wording: wording.situation == situation).unlink()
        self.env["whatsapp.assistant.wording"].create(
            [
                {"assistant_id": self.assistant.id, "situation": situation, "text": text, "sequence": sequence}
                for sequence, text in enumerate(texts)
            ]
        )

    def test_changed_wording_is_used_in_the_next_reply(self):
        self.set_wording("ask_clarifying_question", "¡Hola! ¿Qué buscas?")
        self.assertEqual(self.customer("Hola"), ["¡Hola! ¿Qué buscas?"])

    def test_wordings_are_used_in_turn(self):
        self.set_wording("ask_clarifying_question", "Uno", "Dos", "Tres")
        replies = [self.customer("Hola")[0] for _time in range(4)]
        self.assertEqual(replies, ["Uno", "Dos", "Tres", "Uno"])

    def test_wording_that_needs_something_unknown_is_passed_over(self):
        self.set_wording("request_contact_info", "{name}, ¿tu apellido?", "¿Tu nombre, para lo de {product}?")
        self.assertEqual(self.customer("Busco sofás"), ["¿Tu nombre, para lo de sofá?"])

    def test_situation_without_wording_is_silent(self):
        self.set_wording("ask_clarifying_question")
        self.assertEqual(self.customer("Hola"), [])

    def test_unknown_placeholder_is_refused_with_its_name(self):
        with self.assertRaisesRegex(ValidationError, "nombre"):
            self.set_wording("create_lead", "Gracias {nombre}")
        with self.assertRaisesRegex(ValidationError, "name.__class__"):
            self.set_wording("create_lead", "Gracias {name.__class__}")

    def test_braces_that_do_not_match_are_refused(self):
        with self.assertRaises(ValidationError):
            self.set_wording("create_lead", "Gracias {name")

    def test_new_interest_is_understood_in_the_next_message(self):
        self.customer("Busco una hamaca")
        self.assertFalse(self.get_conversation().product_interest)
        self.env["whatsapp.interest"].create({"name": "hamaca", "plural": "hamacas", "gender": "f"})
        self.customer("Busco una hamaca")
        self.assertEqual(self.get_conversation().product_interest, "hamaca")

    def test_archived_interest_is_no_longer_understood(self):
        self.env["whatsapp.interest"].search([("name", "=", "sofá")]).active = False
        self.customer("Busco un sofá")
        self.assertNotEqual(self.get_conversation().product_interest, "sofá")

    def test_explanation_is_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.customer("Soy María, busco un sofá")
        turn = self.get_conversation().classification_id
        self.assertIn("name: María", turn.explanation)
        self.assertIn("missing: e-mail, budget", turn.explanation)
        self.assertIn("nombre: María", turn.with_context(lang="es_ES").explanation)
        self.assertIn("falta: correo, presupuesto", turn.with_context(lang="es_ES").explanation)
