from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.modules.db import FunctionStatus
from odoo.tests import new_test_user, tagged

from ..gateway import delivery
from ..gateway.senders import Sender
from ..lib.clock import utcnow
from .common import WhatsappCase

GATEWAY = "odoo.addons.colineal_whatsapp_crm.gateway"
SETUP = "odoo.addons.colineal_whatsapp_crm.models.sender.setup"

URL = "https://odoo.example.com"
WEBHOOK = f"{URL}/api/webhook/whatsapp#rc=3&rp=all"


@tagged("post_install", "-at_install")
class TestSetup(WhatsappCase):
    def setUp(self):
        super().setUp()
        self.note_run(utcnow())

    def note_run(self, at):
        self.env.cr.execute("UPDATE ir_cron SET lastcall = %s WHERE id = %s", [at, self.worker.id])
        self.worker.invalidate_recordset()

    def go_live(self):
        self.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "secret", "public_url": URL})

    def check(self, key):
        """(state, text) of one line of the check list."""
        self.sender.invalidate_recordset()
        check = next(check for check in self.sender.setup_checks if check["key"] == key)
        return check["state"], check["text"]

    def assertCheck(self, key, state, words=""):
        actual, text = self.check(key)
        self.assertEqual(actual, state, text)
        self.assertIn(words, text)

    def test_new_sender_says_what_to_do(self):
        self.assertCheck("jobs", "done")
        self.assertCheck("assistant", "done", "rules")
        self.assertCheck("credentials", "todo", "account SID")
        self.assertCheck("address", "todo", "https")
        self.assertCheck("webhook", "todo")
        self.assertCheck("signature", "todo")
        self.assertEqual(self.sender.setup_state, "todo")

    def test_who_cannot_see_the_token_is_not_told_to_enter_it(self):
        manager = new_test_user(self.env, "manager", "sales_team.group_sale_manager")
        self.assertNotIn("auth_token", self.sender.with_user(manager).fields_get())
        for sid in (False, "AC" + "1" * 32):
            self.sender.account_sid = sid
            self.assertNotIn("system administrator", self.check("credentials")[1])
            checks = self.sender.with_user(manager).setup_checks
            (text,) = (check["text"] for check in checks if check["key"] == "credentials")
            self.assertIn("system administrator", text)

    def test_jobs(self):
        self.note_run(utcnow() - timedelta(hours=1))
        self.assertCheck("jobs", "problem", "last ran")
        self.note_run(None)
        self.assertCheck("jobs", "todo")
        self.worker.active = False
        self.assertCheck("jobs", "problem", "switched off")
        with patch.dict(f"{SETUP}.config.options", {"max_cron_threads": 0}):
            self.assertCheck("jobs", "problem", "max_cron_threads")

    def test_credentials(self):
        self.assertEqual(self.sender.action_test_connection()["params"]["type"], "info")
        self.sender.account_sid = "AC" + "1" * 32
        self.assertCheck("credentials", "problem", "no auth token")
        self.go_live()
        self.assertCheck("credentials", "todo")
        with patch(f"{GATEWAY}.delivery.test_account", return_value="Colineal S.A."):
            answer = self.sender.action_test_connection()["params"]
        self.assertEqual(answer["type"], "success")
        self.assertCheck("credentials", "done", "Colineal S.A.")
        refusal = delivery.DeliveryError("Twilio error 20003: Authenticate", delivery.PERMANENT, 20003)
        with patch(f"{GATEWAY}.delivery.test_account", side_effect=refusal):
            answer = self.sender.action_test_connection()["params"]
        said = ("danger", "Twilio refuses the sender's credentials. (Twilio 20003)")
        self.assertEqual((answer["type"], answer["message"]), said)
        self.assertCheck("credentials", "problem", "20003")
        self.sender.auth_token = "another"
        self.assertCheck("credentials", "todo")

    def test_address_is_shown_by_a_genuine_message_alone(self):
        self.receive("Hola")
        self.read_only()
        self.assertCheck("signature", "todo")  # signed by ourselves, in simulation
        self.go_live()
        self.assertCheck("address", "todo", URL)
        with patch(f"{GATEWAY}.delivery.test_account", return_value="Colineal S.A."):
            self.sender.action_test_connection()
        self.assertCheck("address", "todo", URL)
        self.receive("Hola")
        self.read_only()
        self.assertCheck("address", "done", URL)
        for url in ("http://odoo.example.com", "https://localhost", "https://192.168.1.4", "https://odoo.local"):
            self.sender.public_url = url
            self.assertCheck("address", "problem", url)

    def add(self, number, **values):
        return self.env["whatsapp.sender"].create({"name": number, "number": number, **values})

    def test_number_is_completed_by_the_companys_country(self):
        company = self.env["res.company"].create({"name": "Muebles", "country_id": self.env.ref("base.ec").id})
        sender = self.add("0987001122", company_id=company.id)
        self.assertEqual(sender.number, "+593987001122")
        sender.number = "098 700 1133"
        self.assertEqual(sender.number, "+593987001133")
        self.assertEqual(self.add("+57 310 700 1122", company_id=company.id).number, "+573107001122")
        # Where the company has no country, its other senders tell.
        company.country_id = False
        self.assertEqual(self.add("310 700 1144", company_id=company.id).number, "+573107001144")
        draft = self.env["whatsapp.sender"].new({"number": "0987001155", "company_id": company.id})
        draft._onchange_number()
        self.assertEqual(draft.number, "+593987001155")

    def test_number_that_cannot_be_is_refused(self):
        company = self.env.company
        company.country_id = self.env.ref("base.us")
        for number, words in (
            ("0987001122", "0987001122 is no phone number of United States"),
            ("+10987001122", r"\+10987001122 is no phone number with its country code"),
            ("+593 12", r"\+593 12 is no phone number"),
            ("Colineal", "Colineal is no phone number"),
        ):
            with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
                self.add(number)
        other = self.env["res.company"].create({"name": "Nowhere"})
        other.country_id = False
        with self.assertRaisesRegex(ValidationError, "0987001122 is no phone number with its country code"):
            self.add("0987001122", company_id=other.id)

    def test_live_once_twilio_took_the_credentials(self):
        self.assertEqual(self.sender.mode, "simulation")
        self.go_live()
        self.assertEqual(self.sender.mode, "unverified")
        refusal = delivery.DeliveryError("Twilio error 20003: Authenticate", delivery.PERMANENT, 20003)
        for answer, mode in (({"side_effect": refusal}, "unverified"), ({"return_value": "Colineal"}, "live")):
            with patch(f"{GATEWAY}.delivery.test_account", **answer):
                self.sender.action_test_connection()
            self.assertEqual(self.sender.mode, mode)
        self.sender.auth_token = "another"
        self.assertEqual(self.sender.mode, "unverified")
        with patch(f"{GATEWAY}.delivery.list_inbound", side_effect=refusal):
            self.run_job("ir_cron_gaps")
        self.assertEqual(self.sender.mode, "unverified")
        with patch(f"{GATEWAY}.delivery.list_inbound", return_value=[]):
            self.run_job("ir_cron_gaps")
        self.assertEqual(self.sender.mode, "live")
        self.assertCheck("credentials", "done", "has shown")
        self.sender.auth_token = "a third"
        self.assertEqual(self.sender.mode, "unverified")
        self.receive("Hola")
        self.read_only()
        self.assertEqual(self.sender.mode, "live", "who signs with the token has shown it")
        self.sender.auth_token = False
        self.assertEqual(self.sender.mode, "simulation")

    def test_search_without_accents_is_asked_for(self):
        registry = self.env.registry
        for status, state, words in (
            (FunctionStatus.INDEXABLE, "done", "All of Odoo"),
            (FunctionStatus.PRESENT, "todo", "no index may use it"),
            (FunctionStatus.MISSING, "optional", "contacts, leads"),
        ):
            with patch.object(registry, "has_unaccent", status):
                self.assertCheck("accents", state, words)
                check = next(check for check in self.sender.setup_checks if check["key"] == "accents")
                self.assertEqual("data/unaccent.sql" in check.get("copy", ""), bool(state != "done"))

    def test_assistant_without_a_key(self):
        self.assistant.provider = "gemini"
        with patch(f"{SETUP}.get_setting", return_value=None):
            self.assertCheck("assistant", "problem", "API key")
            self.assistant.api_key = "key"
            self.assertCheck("assistant", "todo")
            call = {"assistant_id": self.assistant.id, "purpose": "read", "model": "gemini"}
            self.env["whatsapp.model.call"].create(call)
            self.assertCheck("assistant", "done")
            self.env["whatsapp.model.call"].create({**call, "failure": "quota"})
            self.assertCheck("assistant", "problem", "quota")

    def test_first_genuine_message_turns_it_green_on_open_screens(self):
        manager = new_test_user(self.env, "setup-manager", "sales_team.group_sale_manager")
        self.go_live()
        self.assertCheck("signature", "todo", self.sender.number)
        self.env["bus.bus"].search([]).unlink()
        self.receive("Hola")
        self.read_only()
        self.assertCheck("signature", "done")
        self.env["bus.bus"].flush_model()
        told = self.env["bus.bus"].search([("message", "like", "whatsapp.sender/changed")])
        self.assertTrue(told.filtered(lambda sent: f'"res.partner",{manager.partner_id.id}' in sent.channel))

    def test_message_found_at_twilio_shows_no_signature(self):
        self.receive("Hola", DateSent="2020-01-01T00:00:00+00:00")
        self.read_only()
        self.assertCheck("signature", "todo")

    def test_refused_message_is_a_problem_until_one_is_taken(self):
        self.go_live()
        self.sender._record_rejection("the signature does not match")
        self.assertCheck("signature", "problem", "does not match")
        self.sender.last_refusal_at = utcnow() - timedelta(minutes=1)
        self.receive("Hola")
        self.read_only()
        self.assertCheck("signature", "done")

    def test_failed_search_is_no_refused_message(self):
        self.go_live()
        error = delivery.DeliveryError("Twilio: Authenticate (20003)", delivery.PERMANENT)
        with patch(f"{GATEWAY}.delivery.list_inbound", side_effect=error):
            self.run_job("ir_cron_gaps")
        self.assertCheck("missed", "problem", "20003")
        self.assertCheck("signature", "todo")
        with patch(f"{GATEWAY}.delivery.list_inbound", return_value=[]):
            self.run_job("ir_cron_gaps")
        self.assertCheck("missed", "done")

    def test_timezone_comes_from_the_company_or_is_asked_for(self):
        company = self.sender.company_id
        calendar = self.env["resource.calendar"].create({"name": "Tienda", "tz": "Europe/Brussels"})
        company.partner_id.tz = False
        company.country_id = self.env.ref("base.ec")
        self.assertEqual(company._get_whatsapp_timezone(), "America/Guayaquil")
        self.assertCheck("timezone", "done", "Guayaquil")
        self.assistant.resource_calendar_id = calendar
        self.assertCheck("timezone", "todo", "Brussels")
        self.assistant.resource_calendar_id = False
        company.country_id = self.env.ref("base.br")
        company.resource_calendar_id.tz = "Europe/Brussels"
        self.assertFalse(company.whatsapp_timezone, "Brazil has several")
        self.assertCheck("timezone", "todo", "time zone or the country")
        self.assertEqual(self.sender.action_open_company()["res_id"], company.id)
        company.whatsapp_timezone = "America/Sao_Paulo"
        self.assertCheck("timezone", "done", "Sao_Paulo")
        self.assertEqual(str(self.env["whatsapp.system.status"]._get_timezone()), "America/Sao_Paulo")

    def connect(self, found, after=None):
        """Press *Connect* at an account where the number is `found`, and is `after` the webhooks are set."""
        set_webhooks = patch(f"{GATEWAY}.senders.set_webhooks", side_effect=[after])
        with patch(f"{GATEWAY}.senders.find_sender", side_effect=[found]), set_webhooks as sent:
            answer = self.sender.action_connect()["params"]
        return answer, sent

    def test_connect(self):
        self.go_live()
        here = Sender("XE" + "1" * 32, "ONLINE", (), None)
        answer, sent = self.connect(here, Sender(here.sid, "ONLINE:UPDATING", (), WEBHOOK))
        self.assertEqual(answer["type"], "success")
        self.assertEqual(
            sent.call_args.args[1:],
            (here.sid, WEBHOOK, f"{URL}/api/webhook/whatsapp", f"{URL}/api/webhook/whatsapp/status"),
        )
        self.assertCheck("webhook", "done")
        self.sender.public_url = "https://crm.example.com"
        self.assertCheck("webhook", "todo")

    def test_connect_says_what_went_wrong(self):
        self.assertIn("credentials", self.sender.action_connect()["params"]["message"])
        self.go_live()
        self.assertIn(self.sender.number, self.connect(None)[0]["message"])
        here = Sender("XE" + "1" * 32, "ONLINE", (), None)
        offline = Sender(here.sid, "OFFLINE", ("No delivery",), WEBHOOK)
        self.assertIn("No delivery", self.connect(here, offline)[0]["message"])
        self.assertIn("shows another", self.connect(here, here)[0]["message"])
        refusal = delivery.DeliveryError("Twilio error 20404: not found", delivery.PERMANENT, 20404)
        self.assertEqual(self.connect(here, refusal)[0]["type"], "danger")
        self.assertCheck("webhook", "problem", "20404")
        self.sender.public_url = "http://localhost:8069"
        self.assertIn("https", self.sender.action_connect()["params"]["message"])
