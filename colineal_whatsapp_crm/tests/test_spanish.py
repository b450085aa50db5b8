import ast
from pathlib import Path
from unittest.mock import patch

from odoo.fields import Char
from odoo.models import BaseModel
from odoo.tests import tagged
from odoo.tools.misc import file_path

from ..gateway.delivery import LATER, PERMANENT, DeliveryError
from ..gateway.error_codes import MEANINGS
from ..gateway.failure_text import FailureText, explain
from .common import WhatsappCase
from .test_handover import COMPLAINT, HandOverCase
from .test_outbox import SEND

MODULE = "colineal_whatsapp_crm"
SPANISH, ENGLISH = "es_EC", "en_US"

#: Texts of failures that code of ours raised or kept: as they are stored, and what a Spanish reader sees of them.
KEPT = {
    "The customer does not want messages.": "El cliente no quiere mensajes.",
    "Twilio error 63016: Failed to send freeform message": "más de 24 horas",
    "Twilio error 20003: Authenticate": "Twilio rechaza las credenciales",
    "The file did not come: ConnectionError": "El archivo no llegó: ConnectionError",
    "the signature does not match (is this the exact URL set at Twilio, and the primary auth token of the account?)"
    ": https://odoo.example.com/whatsapp": "https://odoo.example.com/whatsapp",
}


def languages(env):
    """The environments of a Spanish and of an English reader."""
    for code in (SPANISH, ENGLISH):
        env["res.lang"]._activate_lang(code)
    return [env(context={**env.context, "lang": code}) for code in (SPANISH, ENGLISH)]


@tagged("post_install", "-at_install")
class TestFailuresInSpanish(WhatsappCase):
    """What went wrong is said in its reader's language, whoever it happened to: the worker has none."""

    def setUp(self):
        super().setUp()
        self.spanish, self.english = languages(self.env)

    def test_what_is_kept_is_said_in_the_readers_language(self):
        for kept, said in KEPT.items():
            with self.subTest(kept):
                self.assertIn(said, explain(self.spanish, kept))
        self.assertEqual(explain(self.english, "Twilio did not answer in time"), "Twilio did not answer in time")
        self.assertEqual(explain(self.spanish, "Nobody knows this: at all"), "Nobody knows this: at all")

    def test_every_code_of_twilio_has_its_words(self):
        for code in MEANINGS:
            english, spanish = (explain(env, f"Twilio error {code}: x") for env in (self.english, self.spanish))
            self.assertNotIn(english, ("", spanish), code)

    def test_no_record_is_shown_as_python_writes_it(self):
        gone = "MissingError: Record does not exist or has been deleted. (Record: crm.lead(12,), User: 1)"
        for text in (gone, "whatsapp.model.call()", "res.partner(1, 2) is not one"):
            self.assertNotRegex(explain(self.spanish, text), r"\w\.\w+\(")

    def test_message_that_was_not_sent(self):
        self.sender.write({"account_sid": "AC" + "0" * 32, "auth_token": "0" * 32})
        self.receive("Hola")
        self.read_only()
        with patch(SEND, side_effect=DeliveryError("Twilio did not answer in time", PERMANENT)):
            self.work()
        reply = self.get_conversation().line_ids.filtered(lambda line: line.direction == "outbound")[:1]
        self.assertEqual(reply.state, "failed")
        for env, said in (
            (self.spanish, "Twilio no respondió a tiempo"),
            (self.english, "Twilio did not answer in time"),
        ):
            (row,) = reply.with_env(env).read(["error", "failure"])
            self.assertEqual((row["error"], row["failure"]), (said, said))
            # To screens it goes in every language, whoever's turn made it.
            self.assertEqual(reply.with_context(lang=None)._get_shown()["failure"][env.lang], said)

    def test_credentials_that_twilio_refused(self):
        self.sender.write({"account_sid": "AC" + "0" * 32, "auth_token": "0" * 32})
        refused = DeliveryError("Twilio error 20003: Authenticate", LATER, 20003)
        with patch("odoo.addons.colineal_whatsapp_crm.gateway.delivery.test_account", side_effect=refused):
            answer = self.sender.with_env(self.spanish).action_test_connection()
        said = "Twilio rechaza las credenciales de la línea. (Twilio 20003)"
        self.assertEqual(answer["params"]["message"], said)
        checks = {check["key"]: check for check in self.sender.with_env(self.spanish).setup_checks}
        self.assertEqual(checks["credentials"]["text"], said)

    def test_customer_who_wants_no_messages(self):
        self.customer("Hola")
        conversation = self.get_conversation()
        conversation._get_channel()
        self.sender.company_id.partner_id.lang = SPANISH
        conversation.contact_id.with_context(lang=None).sudo()._opt_out("customer")
        self.assertIn("El cliente no quiere mensajes.", conversation.channel_id.message_ids[:1].body)
        state = conversation.channel_id._get_whatsapp_state()
        self.assertIn("El cliente no quiere mensajes", state["silence"][SPANISH])
        self.assertIn("The customer does not want messages", state["silence"][ENGLISH])

    def test_fields_that_keep_failures_say_them(self):
        """A field in which a job keeps what went wrong is a `FailureText`."""
        plain = {
            f"{name}.{field.name}"
            for name, model in self.registry.items()
            if name.startswith("whatsapp.")
            for field in model._fields.values()
            if field.store and isinstance(field, Char) and field.name.endswith(("error", "last_refusal"))
            if not isinstance(field, FailureText)
        }
        self.assertFalse(plain)

    def test_what_is_computed_in_words_is_kept_by_language(self):
        """What Odoo keeps of one reader's screen for the next must not be in the first one's language."""
        found = set()
        for path in Path(file_path(MODULE)).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef) and node.name.startswith("_compute_"):
                    code, head = ast.unparse(node), " ".join(map(ast.unparse, node.decorator_list))
                    if ("env._(" in code or "_description_selection" in code) and "'lang'" not in head:
                        found.add(f"{path.name}: {node.name}")
        self.assertFalse(found)

    def test_jobs_keep_sentences_and_translate_none(self):
        """In a job, ``self.env`` has no language: what it keeps is marked, what it says is said in somebody's."""
        for name in ("outbox", "media_fetcher", "worker", "reply_drafter", "twilio_erasure"):
            with open(file_path(f"{MODULE}/jobs/{name}.py")) as file:
                tree = ast.parse(file.read())
            said = [
                ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "_"
            ]
            self.assertFalse(said, name)


@tagged("post_install", "-at_install")
class TestColleaguesInSpanish(HandOverCase):
    """The company and the worker are English, the colleague is not."""

    def test_activity_and_notification_are_in_the_colleagues_language(self):
        languages(self.env)
        self.ana.lang = SPANISH
        self.customer(COMPLAINT)
        conversation = self.get_conversation()
        self.assertEqual(conversation.user_id, self.ana)
        self.assertEqual(conversation.activity_ids.summary, "Un cliente necesita soporte por WhatsApp")
        notes = "".join(conversation.channel_id.message_ids.mapped("body"))
        self.assertIn("A customer needs support on WhatsApp", notes)

    def test_alert_of_a_failing_job_is_in_its_readers_language(self):
        languages(self.env)
        self.env.ref("sales_team.group_sale_manager").all_user_ids.lang = SPANISH
        self.env["whatsapp.job.failure"]._count("send", ValueError("no"), None, (), False)
        failure = self.env["whatsapp.job.failure"].search([("job", "=", "send")])
        failure._alert()
        self.assertEqual(failure.activity_ids.summary, "WhatsApp: algo falla una y otra vez")
        self.assertIn("Enviar mensajes", failure.activity_ids.note)


@tagged("post_install", "-at_install")
class TestNamesInSpanish(WhatsappCase):
    def test_app_is_told_in_spanish(self):
        module = self.env["ir.module.module"].search([("name", "=", MODULE)])
        self.assertEqual(
            module.with_env(languages(self.env)[0]).summary,
            "Convierte las conversaciones de WhatsApp en leads calificados",
        )

    def test_names_of_records_are_no_keys(self):
        """A record that is named by a selection is named by its label."""
        for name, model in self.registry.items():
            rec_name = model._rec_name
            if name.startswith("whatsapp.") and rec_name and model._fields[rec_name].type == "selection":
                self.assertIsNot(model._compute_display_name, BaseModel._compute_display_name, name)

    def test_turn_is_named_and_its_reader_too(self):
        self.customer("Hola")
        turn = self.get_conversation().classification_id.with_env(languages(self.env)[0])
        self.assertEqual(turn.display_name, "Preguntar cómo ayudar")
        self.assertEqual(dict(turn._fields["provider"]._description_selection(turn.env))[turn.provider], "Reglas")
        self.assertIn("Reglas", self.env["whatsapp.simulator"].with_env(turn.env)._describe_reader(turn))

    def test_why_a_model_was_not_followed_is_said_in_words(self):
        spanish, english = languages(self.env)
        self.customer("Hola")
        turn = self.get_conversation().classification_id
        turn.fallback = "timeout"
        call = self.env["whatsapp.model.call"].create(
            {"assistant_id": self.assistant.id, "purpose": "word", "model": "gemini", "fault": "length"}
        )
        self.assertEqual(turn.with_env(spanish).read(["fallback"])[0]["fallback"], "Sin respuesta a tiempo")
        self.assertEqual(call.with_env(spanish).read(["fault"])[0]["fault"], "Es demasiado largo")
        self.assertEqual(call.with_env(english).read(["fault"])[0]["fault"], "It is too long")
        self.assertEqual(call.with_env(spanish).display_name, "Redactar una respuesta")

    def test_nothing_is_noted_in_two_languages_when_the_addon_is_installed(self):
        assistant = self.env.ref(f"{MODULE}.whatsapp_assistant_sales")
        self.assertNotRegex("".join(assistant.message_ids.mapped("body")), "WhatsApp Assistant")
