import base64
from datetime import datetime, timedelta
from unittest.mock import patch
from urllib.parse import urlsplit

from freezegun import freeze_time
from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..gateway import delivery
from ..lib.clock import utcnow
from .test_thread import ThreadCase

PDF = b"%PDF-1.4 a quotation"
LOGGERS = ("odoo.http", "odoo.addons.base.models.ir_binary", "odoo.addons.http_routing.models.ir_http")


@tagged("post_install", "-at_install")
class TestAddresses(ThreadCase, HttpCase):
    """Where Twilio fetches a file of ours: signed, for some hours, and for that file alone."""

    def setUp(self):
        super().setUp()
        self.customer("Busco sofás")
        self.say("Mira", attachments=[("cotización.pdf", PDF)])
        self.line = self.get_conversation().line_ids[-1]
        self.address = urlsplit(self.line._get_media_url())

    def fetch(self, path=None, query=None):
        """What a stranger gets, as Twilio is one: status and content."""
        self.env.flush_all()
        query = self.address.query if query is None else query
        with mute_logger(*LOGGERS):
            answer = self.url_open(f"{path or self.address.path}?{query}")
        return answer.status_code, answer.content

    def assertRefused(self, answer):
        self.assertIn(answer[0], (403, 404))
        self.assertNotIn(PDF, answer[1])

    def test_twilio_gets_it(self):
        self.assertEqual(self.fetch(), (200, PDF))
        attachment = self.line.outgoing_attachment_id
        self.assertFalse(attachment.public or attachment.access_token, "nothing that opens it for ever")

    def test_nobody_gets_it_without_the_signature_or_with_another(self):
        name, _equals, token = self.address.query.partition("=")
        for query in ("", f"{name}=", f"{name}=x", f"{name}={token[:-1]}", f"{name}=0{token[1:]}", f"{name}={token}0"):
            with self.subTest(query):
                self.assertRefused(self.fetch(query=query))
        signature, _o, until = token.rpartition("o")
        later = hex(int(until, 16) + 3600)
        self.assertRefused(self.fetch(query=f"{name}={signature}o{later}"))

    def test_it_opens_no_other_file(self):
        self.say("Y esto", attachments=[("precios.pdf", b"%PDF-1.4 prices")])
        other = self.get_conversation().line_ids[-1].outgoing_attachment_id
        path = self.address.path.replace(str(self.line.outgoing_attachment_id.id), str(other.id))
        self.assertNotEqual(path, self.address.path)
        self.assertRefused(self.fetch(path))

    def test_it_is_over_after_some_hours(self):
        with freeze_time(datetime.now() + timedelta(hours=11)):
            self.assertRefused(self.fetch())

    def test_it_is_gone_with_the_customer(self):
        self.get_conversation()._erase_files()
        self.assertRefused(self.fetch())


@tagged("post_install", "-at_install")
class TestSuggestedFiles(ThreadCase):
    def setUp(self):
        super().setUp()
        self.interest = self.env["whatsapp.interest"].search([("name", "=", "sofá")])
        manager = new_test_user(self.env, "files-manager", "sales_team.group_sale_manager")
        loose = {"name": "sofa.pdf", "raw": PDF, "res_model": "whatsapp.interest", "res_id": 0}
        file = self.env["ir.attachment"].with_user(manager).create(loose)
        self.interest.with_user(manager).write({"file_ids": [(4, file.id)]})
        self.file = file.sudo()

    def suggest(self):
        return self.get_conversation().with_user(self.seller).suggest_files()

    def test_who_asks_for_photos_is_suggested_them(self):
        self.customer("Busco un sofá", "¿Me envían fotos?")
        suggested = self.suggest()
        copy = self.env["ir.attachment"].with_user(self.seller).browse(suggested["ids"])
        self.assertEqual((copy.name, copy.raw, copy.res_model), ("sofa.pdf", PDF, "mail.compose.message"))
        self.assertNotEqual(copy.id, self.file.id)
        (shown,) = suggested["data"]["ir.attachment"]
        self.assertTrue(shown["ownership_token"], "the composer may send it, and take it out again")
        self.say("Mira", attachment_ids=copy.ids)
        self.assertEqual(self.get_conversation().line_ids[-1].outgoing_attachment_id, copy.sudo())

    def test_who_does_not_ask_is_not(self):
        self.customer("Busco un sofá")
        self.assertEqual(self.suggest()["ids"], [])

    def test_files_are_the_products_and_of_kinds_that_whatsapp_takes(self):
        self.assertEqual(self.file.res_id, self.interest.id)
        with self.assertRaises(ValidationError):
            bad = self.env["ir.attachment"].create({"name": "sofa.zip", "raw": b"PK\x05\x06" + bytes(18)})
            self.interest.file_ids = bad


@tagged("post_install", "-at_install")
class TestServerAction(ThreadCase):
    """A step of an automation that writes to the customer."""

    def setUp(self):
        super().setUp()
        self.customer("Soy María, busco un sofá, mi presupuesto es $2000")
        self.lead = self.get_conversation().lead_id
        self.lead.user_id = self.get_conversation().user_id = self.seller
        file = self.env["ir.attachment"].create({"name": "sofa.pdf", "raw": PDF})
        self.action = self.env["ir.actions.server"].create(
            {
                "name": "Write",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "state": "whatsapp_message",
                "whatsapp_text": "Hola {name}, aquí tienes lo que te ofrecí: {the_product}.",
                "whatsapp_attachment_ids": [(6, 0, file.ids)],
            }
        )

    def run_on(self, records, user=None):
        context = {"active_model": records._name, "active_ids": records.ids, "active_id": records[:1].id}
        action = self.action.with_user(user or self.seller).with_context(**context)
        return action.run()["params"]

    def get_sent(self):
        return self.get_conversation().line_ids.filtered(lambda line: line.author == "person")

    def get_note(self, record):
        return record.message_ids[:1].preview or ""

    def test_customer_of_a_lead_gets_words_and_file(self):
        stage = self.get_conversation().stage
        answer = self.run_on(self.lead)
        line = self.get_sent()
        self.assertEqual(line.body, "Hola María, aquí tienes lo que te ofrecí: el sofá.")
        self.assertEqual((line.user_id, line.outgoing_attachment_id.raw), (self.seller, PDF))
        self.assertEqual((answer["type"], self.get_conversation().stage), ("success", stage), "the assistant goes on")
        self.action.whatsapp_assistant_goes_on = False
        self.run_on(self.lead)
        self.assertEqual(self.get_conversation().stage, "person")

    def test_it_goes_from_contacts_and_conversations_as_well(self):
        partner = self.env["res.partner"].create({"name": "María", "phone": "+593987654321"})
        for record in (self.get_conversation(), partner):
            self.action.model_id = self.env["ir.model"]._get_id(record._name)
            before = len(self.get_sent())
            self.run_on(record)
            self.assertEqual(len(self.get_sent()), before + 1, record._name)

    def test_what_cannot_go_is_noted_and_stands_in_no_ones_way(self):
        conversation = self.get_conversation()
        stranger = new_test_user(self.env, "action-stranger", "sales_team.group_sale_salesman_all_leads")

        def too_late():
            conversation.last_inbound_at = utcnow() - delivery.WINDOW - timedelta(hours=1)

        def opted_out():
            conversation.contact_id.sudo()._opt_out("customer")

        def not_known():
            self.action.whatsapp_text = "Te visitamos en {city}"

        def nobody_there():
            conversation.lead_id = False
            self.lead.phone = False

        for case in (too_late, opted_out, not_known, nobody_there):
            with self.subTest(case.__name__), self.env.cr.savepoint() as savepoint:
                case()
                answer = self.run_on(self.lead, stranger)
                self.assertEqual(answer["type"], "warning")
                self.assertIn("0 ", answer["message"])
                self.assertIn("not sent", self.get_note(self.lead))
                self.assertFalse(self.get_sent())
                savepoint.rollback()
                self.env.invalidate_all()

    def add_template(self):
        template = self.env["whatsapp.content.template"].create(
            {
                "name": "Seguimiento",
                "sender_id": self.sender.id,
                "language": "es",
                "body": "Hola {{1}}, ¿seguimos con {{2}}?",
                "variable_ids": [
                    (0, 0, {"name": "1", "sample": "María", "source": "placeholder", "placeholder": "name"}),
                    (0, 0, {"name": "2", "sample": "Sofá", "source": "lead", "field_path": "name"}),
                ],
            }
        )
        template.state = "approved"
        self.lead.name = "Sofá gris"
        self.action.whatsapp_template_id = template
        return template

    def test_template_goes_after_24_hours(self):
        template, conversation = self.add_template(), self.get_conversation()
        self.run_on(self.lead)
        self.assertFalse(self.get_sent().template_id, "words are for nothing")
        conversation.last_inbound_at = utcnow() - delivery.WINDOW - timedelta(hours=1)
        stage = conversation.stage
        self.assertEqual(self.run_on(self.lead)["type"], "success")
        line = self.get_sent()[-1]
        self.assertEqual((line.template_id, line.user_id), (template, self.seller))
        self.assertEqual(line.body, "Hola María, ¿seguimos con Sofá gris?")
        self.assertEqual(conversation.stage, stage, "the assistant goes on")
        self.assertFalse(line.outgoing_attachment_id)

    def test_template_goes_at_once_where_there_is_nothing_else(self):
        self.add_template()
        self.action.write(
            {"whatsapp_text": False, "whatsapp_attachment_ids": False, "whatsapp_assistant_goes_on": False}
        )
        self.assertFalse(self.action.warning)
        self.run_on(self.lead)
        self.assertTrue(self.get_sent().template_id)
        self.assertEqual(self.get_conversation().stage, "person")

    def test_template_that_cannot_go_is_noted(self):
        template = self.add_template()
        self.get_conversation().last_inbound_at = utcnow() - delivery.WINDOW - timedelta(hours=1)
        template.variable_ids[1].write({"source": "partner", "field_path": "city"})
        self.assertIn("{{2}}", self.run_on(self.lead)["message"])
        template.state = "paused"
        self.assertIn("not approved", self.run_on(self.lead)["message"])
        self.assertIn("not sent", self.get_note(self.lead))
        self.assertFalse(self.get_sent())

    def test_who_may_not_write_sends_nothing(self):
        other = new_test_user(self.env, "action-other", "sales_team.group_sale_salesman")
        reader = new_test_user(self.env, "action-reader", "colineal_whatsapp_crm.whatsapp_group_reader")
        self.action.model_id = self.env["ir.model"]._get_id("whatsapp.conversation")
        for user in (other, reader):
            with self.assertRaises(AccessError):
                self.run_on(self.get_conversation(), user)
        # A lead of theirs, of a conversation that is not.
        self.action.model_id = self.env["ir.model"]._get_id("crm.lead")
        self.lead.with_context(whatsapp_assigning=True).user_id = other
        self.assertEqual(self.get_conversation().user_id, self.seller)
        self.assertEqual(self.run_on(self.lead, other)["type"], "warning")
        self.assertFalse(self.get_sent())

    def test_job_writes_in_the_salespersons_name(self):
        root = self.env["res.users"].browse(SUPERUSER_ID)
        self.run_on(self.lead, root)
        self.assertEqual(self.get_sent().user_id, self.seller)
        self.lead.user_id = False
        self.assertEqual(self.run_on(self.lead, root)["type"], "warning")

    def test_action_that_could_not_run_is_refused_when_it_is_saved(self):
        for text in ("Hola {nadie}", "Hola {name", " "):
            with self.subTest(text), self.assertRaises(ValidationError):
                self.action.whatsapp_text = text
        with self.assertRaises(ValidationError):
            bad = self.env["ir.attachment"].create(
                {"name": "a.zip", "datas": base64.b64encode(b"PK\x05\x06" + bytes(18))}
            )
            self.action.whatsapp_attachment_ids = bad
        self.action.write({"whatsapp_text": False, "whatsapp_attachment_ids": False})
        self.assertTrue(self.action.warning)

    def test_file_reaches_twilio(self):
        self.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "secret"})
        self.run_on(self.lead)
        with patch("odoo.addons.colineal_whatsapp_crm.gateway.delivery.send", return_value="SM1") as send:
            self.work()
        file = self.get_sent().outgoing_attachment_id
        self.assertIn(f"/web/content/{file.id}?access_token=", send.call_args.args[-1])
