import json
import logging
import os
from unittest.mock import patch
from urllib.parse import quote

import psycopg2
from jsonschema import Draft202012Validator
from odoo.sql_db import Cursor
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..controllers import api_dispatcher, api_docs, api_serializers
from ..controllers.api_schemas import Health
from ..controllers.openapi import Access, Endpoint
from ..gateway.address import parse_address
from ..lib import log_masking, rate_limit, redis_cache
from .common import CUSTOMER, NUMBER, WhatsappCase
from .test_gateway import PASTED

PHONE = CUSTOMER.removeprefix("whatsapp:")
STATUS = f"/api/conversation/{PHONE}/status"
HISTORY = f"/api/conversation/{PHONE}/history"
RESET = f"/api/conversation/{PHONE}/reset"
MESSAGES = "/api/messages"
ANALYTICS = "/api/analytics/conversations"
CONFIG = "/system/config"
SYSTEM = "/system/status"
#: Somebody whose number WhatsApp does not show.
ID, PARENT = "EC.Ap1b2C3d4", "EC.ENT.Ap1Parent5"
NAMED = {"WaId": None, "ExternalUserId": ID, "ParentExternalUserId": PARENT, "ProfileUsername": "@ana.paz"}
SERIALIZERS = "odoo.addons.colineal_whatsapp_crm.controllers.api_serializers"
#: Every endpoint that takes a key, with its method.
WITH_KEY = (("GET", STATUS), ("GET", HISTORY), ("POST", RESET), ("GET", ANALYTICS), ("GET", CONFIG), ("POST", MESSAGES))


class ApiCase(WhatsappCase, HttpCase):
    """A conversation, and a program that asks about it with the key of a user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = new_test_user(cls.env, "anna", groups="sales_team.group_sale_salesman")
        cls.bruno = new_test_user(cls.env, "bruno", groups="sales_team.group_sale_salesman")
        cls.chief = new_test_user(cls.env, "chief", groups="sales_team.group_sale_manager")
        cls.outsider = new_test_user(cls.env, "outsider", groups="base.group_user")
        cls.portal = new_test_user(cls.env, "customer", groups="base.group_portal")
        other = cls.env["res.company"].create({"name": "Other"})
        company = {"company_id": other.id, "company_ids": [(6, 0, other.ids)]}
        cls.foreigner = new_test_user(cls.env, "foreigner", groups="sales_team.group_sale_manager", **company)

    def setUp(self):
        super().setUp()
        self.keys = {}
        # Counts of this process alone, and of this test.
        self.startPatcher(patch.object(redis_cache, "_client", lambda: None))
        rate_limit._shared.reset()
        self.customer("Busco sofás", "Soy María, mi presupuesto es de 500 a 900 dólares")
        self.conversation = self.get_conversation()

    def get_key(self, user):
        key = self.keys.get(user)
        if not key:
            keys = self.env(user=user)["res.users.apikeys"].sudo()
            key = self.keys[user] = keys._generate(None, "Test", False)
        return key

    def ask(self, path, user=None, method="GET", key=None, **options):
        """A program calls; its answer, checked to be JSON of the API's form. `answer.data` is the body."""
        key = key or (user and self.get_key(user))
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        answer = self.url_open(path, method=method, headers=headers, **options)
        self.assertEqual(answer.headers["Content-Type"], "application/json; charset=utf-8", path)
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertNotIn("session_id", answer.cookies)
        answer.data = answer.json() if method != "HEAD" else None
        return answer

    def get(self, path, user=None, **options):
        """The body of an answer that is a success, checked against its declaration and the specification."""
        api_dispatcher._log_throttle.reset()
        with self.assertNoLogs(api_dispatcher.__name__, "ERROR"):
            answer = self.ask(path, user or self.chief, **options)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.check(path, answer.data, options.get("method", "GET"))
        return answer.data

    def refuse(self, status, code, path, user=None, **options):
        """An answer that is an error, in words and without insides. Returns it."""
        answer = self.ask(path, user, **options)
        self.assertEqual(answer.status_code, status, answer.text)
        self.assertEqual(answer.data["status"], "error")
        self.assertEqual(answer.data["error"]["code"], code)
        self.assertTrue(answer.data["error"]["message"])
        self.assertNotIn("Traceback", answer.text)
        return answer

    def check(self, path, data, method):
        """Whether an answer is what the specification says."""
        document = self.url_open("/api/openapi.json").json()
        path = path.partition("?")[0].split("/")
        if path[2] == "conversation":
            path[3] = "{phone}"
        response = document["paths"]["/".join(path)][method.lower()]["responses"]["200"]
        schema = response["content"]["application/json"]["schema"]
        validator = Draft202012Validator({**schema, "components": document["components"]})
        self.assertFalse([error.message for error in validator.iter_errors(data)])


@tagged("post_install", "-at_install")
class TestConversationApi(ApiCase):
    def test_status(self):
        conversation = self.get(STATUS)["conversation"]
        self.assertEqual(
            conversation["collected_data"],
            {
                "name": "María",
                "email": None,
                "product_interest": "sofá",
                "location": None,
                "budget_range": "$500 - $900",
                "urgency": None,
                "specific_needs": self.conversation.need or None,
            },
        )
        self.assertEqual(conversation["phone_number"], PHONE)
        self.assertEqual(conversation["stage"], "lead")
        self.assertTrue(conversation["is_completed"])
        self.assertEqual(conversation["message_count"], 3)
        self.assertAlmostEqual(conversation["data_completeness"], self.conversation.completeness)
        self.assertEqual(
            conversation["last_interaction"], self.conversation.last_message_at.isoformat(timespec="seconds") + "+00:00"
        )

    def test_is_completed(self):
        self.customer("Hola", customer="whatsapp:+593987000001")
        path = "/api/conversation/+593987000001"
        self.assertFalse(self.get(f"{path}/status")["conversation"]["is_completed"])
        self.get(f"{path}/reset", method="POST")
        self.assertTrue(self.get(f"{path}/status")["conversation"]["is_completed"])

    def test_stages_are_those_of_the_specification(self):
        document = self.url_open("/api/openapi.json").json()
        schemas = document["components"]["schemas"]
        stages = schemas["Conversation"]["properties"]["stage"]["enum"]
        self.assertEqual(stages, list(dict(self.conversation._fields["stage"].selection)))
        actions = schemas["Analysis"]["properties"]["action"]["enum"]
        self.assertEqual(set(actions), set(dict(self.conversation._fields["action"].selection)))

    def test_number_in_any_form(self):
        self.env.company.country_id = self.env.ref("base.ec")
        for written in (
            "+593987654321",
            "593987654321",
            "0987654321",
            "00593987654321",
            "whatsapp:+593987654321",
            "+593 98 765 4321",
            "098-765-4321",
            "(098) 765 4321",
            # A link has a path of its own.
            *(text for text in PASTED if not any(sign in text for sign in "/;T\uff0b")),
        ):
            with self.subTest(ascii(written)):
                path = f"/api/conversation/{quote(written, safe='')}/status"
                self.assertEqual(self.get(path)["conversation"]["phone_number"], PHONE)

    def say_without_a_number(self, *texts):
        """Somebody whose number WhatsApp does not show writes. Returns the conversation."""
        for text in texts:
            self.receive(text, customer=f"whatsapp:{ID}", **NAMED)
        self.work()
        return self.get_conversation(f"whatsapp:{ID}")

    def test_customer_without_a_number(self):
        conversation = self.say_without_a_number("Busco una cama", "Soy Ana, mi presupuesto es de $700")
        for written in (ID, f"whatsapp:{ID}", PARENT, "@ana.paz", "@ANA.PAZ"):
            with self.subTest(written):
                path = f"/api/conversation/{quote(written, safe='')}"
                status = self.get(f"{path}/status")["conversation"]
                self.assertEqual((status["phone_number"], status["user_id"]), (None, ID))
                self.assertEqual((status["username"], status["collected_data"]["name"]), ("ana.paz", "Ana"))
                history = self.get(f"{path}/history?limit=1")
                self.assertEqual((history["history"][0]["message"], history["phone_number"]), ("Busco una cama", None))
        reset = self.get(f"/api/conversation/{ID}/reset", method="POST")
        self.assertEqual((reset["was_open"], reset["phone_number"]), (True, None))
        self.assertEqual(conversation.stage, "closed")
        self.assertEqual(self.conversation.stage, "lead", "another customer's is left alone")
        self.assertFalse(self.get("/api/conversation/@ana.paz/reset", method="POST")["was_open"])

    def test_number_that_comes_later_is_another_way_to_ask(self):
        self.say_without_a_number("Busco una cama")
        self.customer("Hasta $700", customer="whatsapp:+593987654377", ExternalUserId=ID)
        for written in (ID, "@ana.paz", "0987654377"):
            answer = self.get(f"/api/conversation/{written}/status")["conversation"]
            self.assertEqual((answer["phone_number"], answer["user_id"]), ("+593987654377", ID))

    def test_nobody_is_found_by_part_of_an_id(self):
        self.say_without_a_number("Busco una cama")
        for written in (ID[:-1], f"{ID}1", ID.lower(), "EC.Unknown", "@ana", "@ana.pa_", "@nobody", "ana.paz", "@ana%"):
            with self.subTest(written):
                self.refuse(404, "not_found", f"/api/conversation/{quote(written)}/status", self.chief)
        for written in ("@", "@ ", " ", "x" * 501, "a\tb"):
            with self.subTest(written):
                self.refuse(422, "invalid_parameter", f"/api/conversation/{quote(written)}/status", self.chief)

    def test_no_number_and_an_unknown_one(self):
        self.refuse(422, "invalid_parameter", f"/api/conversation/{'%00' * 9}/status", self.chief)
        # Any of these may be what WhatsApp calls somebody.
        odd = ("hola", "123", "maria@example.com", "+593987654321x", "1" * 16, "５" * 9, "+593987000009")
        for written in odd:
            with self.subTest(written):
                self.refuse(404, "not_found", f"/api/conversation/{written}/status", self.chief)

    def test_ids_in_any_form_that_the_webhook_takes(self):
        odd = ("hello world", "EC.ñandú😀", "<b>x</b>", "a/b?c#d%25", "EC." + "x" * 400, "null", "../status")
        for number, written in enumerate(odd):
            with self.subTest(written[:20]):
                self.receive(f"Busco {number + 1} sofás", customer=f"whatsapp:{written}", WaId=None)
                self.work()
                paths = [f"/api/conversation/{quote(form, safe='')}" for form in (written, f"whatsapp:{written}")]
                for path in paths:
                    history = self.get(f"{path}/history")["history"]
                    self.assertEqual(history[0]["message"], f"Busco {number + 1} sofás")
                told = self.get(f"{paths[0]}/status")["conversation"]["user_id"]
                again = self.get(f"/api/conversation/{quote(told, safe='')}/status")["conversation"]
                self.assertEqual(again["user_id"], told, "what names somebody in an answer finds them")
                self.assertTrue(self.get(f"{paths[0]}/reset", method="POST")["was_open"])

    def refuse_as_ambiguous(self, written, query="", user=None):
        """Whatever is asked about, or done with, several customers is refused. Nothing of it is done."""
        path = f"/api/conversation/{quote(written, safe='')}"
        for method, rest in (("GET", "status"), ("GET", "history"), ("POST", "reset")):
            answer = self.refuse(409, "ambiguous_customer", f"{path}/{rest}{query}", user or self.chief, method=method)
            self.assertIn("number or user id", answer.data["error"]["message"])
        body = {"phone": written, "text": "Hola"}
        self.refuse(409, "ambiguous_customer", MESSAGES, user or self.chief, method="POST", json=body)

    def test_username_of_several_customers(self):
        self.say_without_a_number("Busco una cama")
        other = "EC.Other1"
        for text in ("Busco una mesa", "Para Quito"):
            self.receive(
                text,
                customer=f"whatsapp:{other}",
                **{**NAMED, "ExternalUserId": other, "ParentExternalUserId": None, "ProfileUsername": "Ana.Paz"},
            )
        self.work()
        first, second = (self.get_conversation(f"whatsapp:{each}") for each in (ID, other))
        self.assertNotEqual(first.contact_id, second.contact_id)
        for written in ("@ana.paz", "@ANA.PAZ"):
            self.refuse_as_ambiguous(written)
        self.env.invalidate_all()
        self.assertNotIn("closed", (first | second).mapped("stage"))
        for each in (ID, other):
            self.assertEqual(self.get(f"/api/conversation/{each}/status")["conversation"]["user_id"], each)
        first.user_id, second.user_id = self.anna, self.bruno
        self.env.flush_all()
        seen = self.get("/api/conversation/@ana.paz/status", self.bruno)["conversation"]
        self.assertEqual(seen["user_id"], other, "of what others have, nobody is told")

    def test_id_that_two_accounts_give_to_two_customers(self):
        self.say_without_a_number("Busco una cama")
        contact = self.env["whatsapp.contact"].create({"address": f"whatsapp:{ID}", "company_id": self.env.company.id})
        self.env["whatsapp.contact.address"]._add(contact, [parse_address(f"whatsapp:{ID}")], "AC" + "7" * 32)
        other = self.sender.copy({"name": "Second", "number": "+593999000333"})
        self.env["whatsapp.conversation"].create({"contact_id": contact.id, "sender_id": other.id})
        self.env.flush_all()
        self.refuse_as_ambiguous(ID)
        answers = [
            self.get(f"/api/conversation/{ID}/status?sender={quote(number)}")["conversation"]["message_count"]
            for number in (NUMBER, "+593999000333")
        ]
        self.assertGreater(answers[0], 0)
        self.assertEqual(answers[1], 0, "our number tells which of them")

    def test_history_in_pages(self):
        whole = self.get(HISTORY)
        self.assertEqual([entry["type"] for entry in whole["history"]], ["user", "user", "assistant"])
        self.assertEqual(whole["history"][0]["message"], "Busco sofás")
        self.assertEqual((whole["message_count"], whole["next_offset"]), (3, None))
        pages, offset = [], 0
        while offset is not None:
            page = self.get(f"{HISTORY}?limit=2&offset={offset}")
            self.assertEqual(page["message_count"], 3)
            pages.append(len(page["history"]))
            offset = page["next_offset"]
        self.assertEqual(pages, [2, 1])
        self.assertEqual(self.get(f"{HISTORY}?offset=100")["history"], [])

    def test_history_tells_what_was_understood(self):
        first, _second, reply = self.get(HISTORY)["history"]
        self.assertIsNone(reply["analysis"])
        self.assertEqual(first["analysis"]["action"], "create_lead")
        self.assertEqual(first["analysis"]["quality"], self.conversation.quality)
        self.assertEqual(first["analysis"]["slots"]["name"], "María")
        self.assertEqual(first["analysis"]["slots"]["products"], ["sofá"])
        self.assertEqual(first["analysis"]["slots"]["budget"], {"min": 500, "max": 900})
        self.receive("¿Y sillas?")
        with self.as_worker() as env:
            env["whatsapp.worker"]._route_messages()
        self.assertIsNone(self.get(HISTORY)["history"][-1]["analysis"], "nobody has read it yet")

    def test_history_names_colleagues_and_leaves_out_what_was_not_said(self):
        channel = self.conversation._get_channel()
        channel.with_user(self.chief).message_post(
            body="Le llamo en un momento", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(self.get(HISTORY)["history"][-1]["type"], "agent")
        line = self.conversation.line_ids.filtered(lambda line: line.author == "assistant")
        line.sudo().state = "dropped"
        self.env.flush_all()
        self.assertNotIn("assistant", [entry["type"] for entry in self.get(HISTORY)["history"]])
        self.assertEqual(self.get(STATUS)["conversation"]["message_count"], 3)

    def test_bad_pages(self):
        for query in ("limit=0", "limit=501", "limit=x", "limit=", "limit=1.5", "offset=-1", "offset=1e3"):
            with self.subTest(query):
                answer = self.refuse(422, "invalid_parameter", f"{HISTORY}?{query}", self.chief)
                self.assertIn(query.partition("=")[0], answer.data["error"]["message"])

    def test_everything_that_is_wrong_is_named_at_once_and_nothing_of_it_repeated(self):
        answer = self.refuse(
            422, "invalid_parameter", f"{HISTORY}?limit=María&offset=0999999999999&sender=María", self.chief
        )
        self.assertEqual(
            answer.data["error"]["message"],
            "sender: a phone number is expected; limit: a whole number from 1 to 500 is expected; "
            "offset: a whole number from 0 to 1000000000 is expected.",
        )

    def test_texts_that_python_takes_for_numbers_and_dates_are_refused(self):
        for query in (
            "limit=1_0",
            "limit=%205",
            "limit=5%0A",
            "limit=5%00",
            "limit=٥",
            "limit=true",
            f"limit={'9' * 5000}",
        ):
            with self.subTest(query[:20]):
                self.refuse(422, "invalid_parameter", f"{HISTORY}?{query}", self.chief)
        for query in ("from=1700000000", "from=2026-01-01T00:00:00", "to=2026-01-01%0A", "from=0000-01-01"):
            with self.subTest(query):
                self.refuse(422, "invalid_parameter", f"{ANALYTICS}?{query}", self.chief)

    def test_first_of_a_parameter_counts_and_others_are_passed_over(self):
        self.assertEqual(self.get(f"{HISTORY}?limit=2&limit=x&phone=1&other=1")["limit"], 2)

    def test_reset_begins_anew(self):
        self.assertTrue(self.get(RESET, method="POST")["was_open"])
        self.conversation.invalidate_recordset()
        self.assertEqual(self.conversation.stage, "closed")
        self.assertFalse(self.get(RESET, method="POST")["was_open"])
        self.customer("Hola")
        self.assertNotEqual(self.get_conversation(), self.conversation)
        conversation = self.get(STATUS)["conversation"]
        self.assertEqual((conversation["stage"], conversation["message_count"]), ("new", 2))

    def test_reset_leaves_nothing_to_read(self):
        """A turn under way ends without reopening the conversation, and its messages wait for nobody."""
        message = self.receive("¿Y sillas?")
        with self.as_worker() as env:
            env["whatsapp.worker"]._route_messages()
            [(conversation, lease)] = env["whatsapp.worker"]._claim(1)
        self.get(RESET, method="POST")
        with self.as_worker() as env:
            self.assertFalse(env["whatsapp.conversation"].browse(conversation)._lock(lease))
        message.invalidate_recordset()
        self.assertEqual(message.state, "handled")

    def test_sender_chooses(self):
        other = self.sender.copy({"name": "Second", "number": "+593999000333"})
        self.env["whatsapp.conversation.message"].create(
            {
                "conversation_id": self.env["whatsapp.conversation"]
                .create(
                    {
                        "contact_id": self.conversation.contact_id.id,
                        "sender_id": other.id,
                        "last_message_at": "2100-01-01",
                    }
                )
                .id,
                "sender_id": other.id,
                "direction": "inbound",
                "author": "customer",
                "address": CUSTOMER,
                "state": "handled",
            }
        )
        self.assertEqual(self.get(STATUS)["conversation"]["message_count"], 1)
        first = quote(NUMBER)
        self.assertEqual(self.get(f"{STATUS}?sender={first}")["conversation"]["message_count"], 3)
        for written in (f"tel:{NUMBER}", f"wa.me/{NUMBER[1:]}", f"https://wa.me/{NUMBER[1:]}", f"\u202a{NUMBER}\u202c"):
            answer = self.get(f"{STATUS}?sender={quote(written, safe='')}")
            self.assertEqual(answer["conversation"]["message_count"], 3, ascii(written))
        self.assertTrue(self.get(f"{RESET}?sender={first}", method="POST")["was_open"])
        self.assertEqual(self.get(STATUS)["conversation"]["stage"], "new")
        self.refuse(404, "not_found", f"{STATUS}?sender=%2B593999000444", self.chief)
        self.refuse(422, "invalid_parameter", f"{STATUS}?sender=abc", self.chief)


@tagged("post_install", "-at_install")
class TestApiAccess(ApiCase):
    def test_key_is_needed(self):
        revoked = self.get_key(self.bruno)
        self.env(user=self.bruno)["res.users.apikeys"].sudo().search([("user_id", "=", self.bruno.id)])._remove()
        expired = self.env(user=self.anna)["res.users.apikeys"].sudo()._generate(None, "Old", "2020-01-01")
        for method, path in WITH_KEY:
            for reason, key in {"none": None, "unknown": "0" * 40, "revoked": revoked, "expired": expired}.items():
                with self.subTest(reason, path=path):
                    answer = self.refuse(401, "unauthorized", path, method=method, key=key)
                    self.assertIn("bearer", answer.headers["WWW-Authenticate"].lower())

    def test_session_of_a_browser_is_no_key(self):
        self.authenticate("chief", "chief")
        for method, path in WITH_KEY:
            with self.subTest(path):
                self.refuse(401, "unauthorized", path, method=method)

    def test_address_opened_in_a_browser_shows_no_more_than_to_strangers(self):
        self.authenticate("chief", "chief")
        typed = {
            "Sec-Fetch-Dest": "document",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Site": "same-origin",
            "Sec-Fetch-User": "?1",
        }
        for method, path in WITH_KEY:
            with self.subTest(path):
                answer = self.url_open(path, method=method, headers=typed)
                self.assertEqual(answer.status_code, 401, answer.text)
        self.assertEqual(self.conversation.stage, "lead")
        self.assertEqual(list(self.url_open(SYSTEM, headers=typed).json()), ["status", "system_status"])
        # And a key is its user's, whoever is logged in where it is tried.
        self.conversation.user_id = self.anna
        self.get(STATUS, self.anna)

    def test_who_has_no_right_to_conversations(self):
        for user in (self.portal, self.outsider):
            for method, path in (*WITH_KEY, ("GET", SYSTEM)):
                with self.subTest(user.login, path=path):
                    self.refuse(403, "forbidden", path, user, method=method)

    def test_conversation_of_others_is_as_one_that_is_not_there(self):
        self.conversation.user_id = self.anna
        unknown = self.refuse(404, "not_found", "/api/conversation/+593987000009/status", self.bruno).data
        for user in (self.bruno, self.foreigner):
            for method, path in (("GET", STATUS), ("GET", HISTORY), ("POST", RESET)):
                with self.subTest(user.login, path=path):
                    self.assertEqual(self.refuse(404, "not_found", path, user, method=method).data, unknown)
        self.assertEqual(self.conversation.stage, "lead")
        for user in (self.anna, self.chief):
            self.get(STATUS, user)
            self.get(HISTORY, user)
        self.get(RESET, self.anna, method="POST")

    def test_id_of_others_customer_is_as_one_that_is_not_there(self):
        self.receive("Busco una cama", customer=f"whatsapp:{ID}", **NAMED)
        self.work()
        conversation = self.get_conversation(f"whatsapp:{ID}")
        conversation.user_id = self.anna
        unknown = self.refuse(404, "not_found", "/api/conversation/EC.Unknown/status", self.bruno).data
        for user in (self.bruno, self.foreigner):
            for written in (ID, PARENT, "@ana.paz"):
                for method, kind in (("GET", "status"), ("GET", "history"), ("POST", "reset")):
                    path = f"/api/conversation/{written}/{kind}"
                    with self.subTest(user.login, path=path):
                        self.assertEqual(self.refuse(404, "not_found", path, user, method=method).data, unknown)
        self.assertNotEqual(conversation.stage, "closed")
        self.get(f"/api/conversation/{ID}/status", self.anna)

    def test_unassigned_conversation_is_everybodys(self):
        self.conversation.user_id = False
        self.get(STATUS, self.bruno)
        self.get(HISTORY, self.bruno)

    def test_reset_takes_the_right_to_write(self):
        self.env["ir.rule"].create(
            {
                "name": "Read only",
                "model_id": self.env["ir.model"]._get_id("whatsapp.conversation"),
                "domain_force": "[(0, '=', 1)]",
                "perm_read": False,
            }
        )
        self.refuse(403, "forbidden", RESET, self.chief, method="POST")
        self.get(STATUS)

    def test_figures_are_of_what_the_user_may_see(self):
        self.conversation.user_id = self.anna
        self.env.flush_all()
        mine = [("conversation_id", "=", self.conversation.id)]
        for user, count in ((self.anna, 1), (self.chief, 1), (self.bruno, 0), (self.foreigner, 0)):
            with self.subTest(user.login):
                report = self.env(user=user)["whatsapp.conversation.report"]
                everything = report._get_kpis()["conversations"]["total"]
                self.assertEqual(report._get_kpis(domain=mine)["conversations"]["total"], count)
                self.assertEqual(self.get(ANALYTICS, user)["figures"]["conversations"]["total"], everything)

    def test_config_is_of_the_own_company_and_has_no_secret(self):
        secrets = {
            "auth_token": "the-token-of-the-account",
            "previous_auth_token": "the-token-before",
            "simulation_token": "the-token-of-the-simulation",
        }
        self.sender.write({**secrets, "account_sid": "AC" + "7" * 32})
        self.assistant.write({"api_key": "the-key-of-the-model"})
        settings = {"REDIS_URL": "redis://:the-password@127.0.0.1:1/0", "TWILIO_AUTH_TOKEN": "the-server-s-token"}
        with patch.dict(os.environ, settings):
            answer = self.ask(CONFIG, self.chief)
        for secret in ("the-", "7" * 32):
            self.assertNotIn(secret, answer.text)
        self.assertIn(NUMBER, [sender["number"] for sender in answer.data["senders"]])
        self.assertTrue(answer.data["redis_configured"])
        self.assertNotIn(NUMBER, self.ask(CONFIG, self.foreigner).text)


@tagged("post_install", "-at_install")
class TestApiErrors(ApiCase):
    def test_unknown_paths(self):
        for path in (
            "/api/conversation",
            "/api/conversation/x/y/z",
            "/api/analytics",
            "/system",
            "/system/x",
            "/api/health/x",
        ):
            with self.subTest(path):
                self.refuse(404, "not_found", path, self.chief)

    def test_other_methods(self):
        for path, allowed in ((STATUS, "GET"), (HISTORY, "GET"), (RESET, "POST"), (ANALYTICS, "GET"), (SYSTEM, "GET")):
            for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - {allowed}:
                with self.subTest(path, method=method):
                    answer = self.refuse(405, "method_not_allowed", path, self.chief, method=method)
                    self.assertIn(allowed, answer.headers["Allow"])
        self.assertEqual(self.ask(STATUS, self.chief, method="HEAD").status_code, 200)

    def test_failure_tells_nothing_of_the_insides(self):
        path = f"{SERIALIZERS}.serialize_conversation"
        with patch(path, side_effect=RuntimeError("insides")), mute_logger("odoo.http"):
            answer = self.refuse(500, "internal_error", STATUS, self.chief)
        self.assertNotIn("insides", answer.text)

    def test_answer_that_is_not_as_declared_is_told_in_the_log(self):
        """The stage of another addon is no reason to answer nothing; and what the log says of it names nobody."""
        conversation = api_serializers.serialize_conversation(self.conversation.with_user(self.chief))
        wrong = {**conversation, "stage": "María's", "age": 7}
        api_dispatcher._log_throttle.reset()
        with (
            patch(f"{SERIALIZERS}.serialize_conversation", return_value=wrong),
            self.assertLogs(api_dispatcher.__name__, "ERROR") as logs,
        ):
            answers = [self.ask(STATUS, self.chief) for _time in range(2)]
        self.assertEqual([answer.status_code for answer in answers], [200, 200])
        self.assertEqual(answers[0].data["conversation"]["stage"], "María's")
        self.assertEqual(len(logs.output), 1, "one line a minute")
        self.assertIn("conversation.stage (literal_error), conversation.age (extra_forbidden)", logs.output[0])
        self.assertNotIn("María", logs.output[0])
        self.assertNotIn(PHONE, logs.output[0])

    def test_too_many_requests(self):
        with patch.dict(os.environ, {"API_RATE_LIMIT": "2"}):
            for _time in range(2):
                self.get(CONFIG, self.anna)
            answer = self.refuse(429, "too_many_requests", CONFIG, self.anna)
            self.assertIn(int(answer.headers["Retry-After"]), range(1, 61))
            self.get(CONFIG, self.chief)
            for _time in range(2):
                self.refuse(401, "unauthorized", CONFIG, key="0" * 40)
            self.refuse(429, "too_many_requests", CONFIG, key="0" * 40)
            self.assertEqual(self.ask("/api/health").status_code, 200, "load balancers ask often")

    def test_access_log_names_nobody(self):
        with self.assertLogs("werkzeug", logging.INFO) as logs:
            self.get(f"{STATUS}?sender={quote(NUMBER)}")
            self.refuse(404, "not_found", "/api/conversation/098 765 4321/maria", self.chief)
            self.refuse(404, "not_found", f"/api/conversation/{ID}/status", self.chief)
            self.refuse(404, "not_found", "/api/conversation/@ana.paz/status", self.chief)
            self.ask("/api/health")
            encoded = STATUS.replace("/api/conversation/", "/api%2Fconversation%2F")
            self.assertEqual(self.ask(encoded, self.chief).status_code, 200, "the same endpoint")
        lines = "".join(logs.output)
        self.assertIn("/api/conversation/…/status?… HTTP", lines)
        self.assertIn("/api/health HTTP", lines)
        for said in ("987654321", "765", "maria", NUMBER[1:], ID, "ana.paz"):
            self.assertNotIn(said, lines)

    def test_masked_paths(self):
        for asked, written in {
            "/api/conversation/+593987654321/status": "/api/conversation/…/status",
            "/api/conversation/098 765 4321/history?sender=%2B593999000222&limit=5": "/api/conversation/…/history?…",
            "/api/conversation/whatsapp:+593987654321/reset/": "/api/conversation/…/reset",
            "//api//conversation//María/0987654321": "//api//conversation//…",
            "/api%2Fconversation%2F%2B593987654321%2Fstatus": "/api%2Fconversation%2F…",
            "%2f%2fapi/conversation%2f593987654321/status?a": "%2f%2fapi/conversation%2f…/status?…",
            "/api/conversation": "/api/conversation",
            "/odoo/crm/17": "/odoo/crm/17",
        }.items():
            for line in (asked, f"GET {asked} HTTP/1.1", f'"GET {asked} HTTP/1.1" 200 -'):
                self.assertEqual(log_masking.mask_path(line), line.replace(asked, written))


@tagged("post_install", "-at_install")
class TestSystemApi(ApiCase):
    def test_status_without_a_key_is_up_or_down(self):
        self.worker.lastcall = "2020-01-01"
        self.env.flush_all()
        self.assertEqual(self.ask(SYSTEM).data, {"status": "success", "system_status": "down"})

    def test_status_with_a_key(self):
        self.sender.write({"account_sid": "AC" + "7" * 32, "auth_token": "secret"})
        self.receive("¿Y sillas?")
        data = self.get(SYSTEM, self.chief)
        self.assertEqual(set(data["services"]), {"database", "redis", "twilio", "provider", "cron"})
        self.assertEqual(data["services"]["database"]["status"], "up")
        self.assertGreater(data["services"]["database"]["latency_ms"], 0)
        self.assertEqual(data["services"]["provider"]["name"], "rules")
        self.assertGreaterEqual(data["queue"]["to_read"], 1)
        self.assertEqual(self.get(SYSTEM, self.foreigner)["queue"]["to_read"], 0)

    def test_status_tells_what_is_wrong(self):
        self.worker.lastcall = self.env.cr.now()
        self.sender.write({"account_sid": "AC" + "7" * 32, "auth_token": "secret"})
        reply = self.conversation.line_ids[-1]
        reply.write({"state": "failed", "error_code": "20003", "sent_at": "2100-01-01"})
        self.assistant.provider = "gemini"
        self.env["whatsapp.model.call"].create(
            {"assistant_id": self.assistant.id, "purpose": "read", "model": "m", "failure": "quota", "latency_ms": 12}
        )
        data = self.get(SYSTEM)
        self.assertEqual(data["services"]["twilio"]["status"], "down")
        self.assertEqual(data["services"]["provider"]["status"], "degraded")
        self.assertEqual(data["services"]["provider"]["last_failure"], "quota")
        self.assertNotEqual(data["system_status"], "up")

    def test_status_with_a_bad_key(self):
        self.refuse(401, "unauthorized", SYSTEM, key="0" * 40)

    def test_health(self):
        self.assertEqual(self.get("/api/health", method="GET"), {"status": "success"})
        execute = Cursor.execute

        def fail(cursor, query, *args, **kwargs):
            if query == "SELECT 1":
                raise psycopg2.OperationalError
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", fail):
            self.refuse(503, "unavailable", "/api/health")

    def test_figures_of_a_period(self):
        self.env.company.partner_id.tz = "America/Guayaquil"
        self.assistant.search([]).resource_calendar_id = False
        # Ten at night of the fifth in the shop.
        self.conversation.first_inbound_at = "2020-03-06 03:00:00"
        self.env.flush_all()
        for period, count in {
            "from=2020-03-05&to=2020-03-05": 1,
            "from=2020-03-06&to=2020-03-31": 0,
            "from=2020-01-01&to=2020-03-04": 0,
            "from=0001-01-01&to=2020-03-05": 1,
        }.items():
            with self.subTest(period):
                data = self.get(f"{ANALYTICS}?{period}")
                self.assertEqual(data["analytics"]["total_conversations"], count)
                self.assertEqual(data["period"]["timezone"], "America/Guayaquil")
        data = self.get(f"{ANALYTICS}?from=2020-03-05&to=2020-03-05")["analytics"]
        self.assertEqual(data["completed_conversations"], 1)
        self.assertEqual(data["conversion_rate"], 1.0)
        self.assertEqual(data["lead_quality"], {"hot": 1, "warm": 0, "cold": 0})
        self.assertIsNone(data["classifier_effectiveness"], "nobody reviewed anything")
        self.get(f"{ANALYTICS}?from=2020-01-01&to=9999-12-31")

    def test_bad_periods(self):
        for query in ("from=2026-02-30", "from=20260101", "to=hoy", "from=2026-02-01&to=2026-01-01"):
            with self.subTest(query):
                self.refuse(422, "invalid_parameter", f"{ANALYTICS}?{query}", self.chief)


@tagged("post_install", "-at_install")
class TestApiDocs(ApiCase):
    def test_specification_names_every_endpoint_and_nobody(self):
        answer = self.url_open("/api/openapi.json")
        document = answer.json()
        self.assertEqual(document["openapi"], "3.1.0")
        self.assertEqual(
            set(document["paths"]),
            {
                "/api/conversation/{phone}/status",
                "/api/conversation/{phone}/history",
                "/api/conversation/{phone}/reset",
                "/api/messages",
                "/api/analytics/conversations",
                "/system/status",
                "/system/config",
                "/api/health",
            },
        )
        self.assertNotIn(self.env.cr.dbname, answer.text)

    def test_specification_says_no_more_than_is_meant(self):
        """No titles that repeat names, no `null` for what is not given, and room for members to come."""
        document = self.url_open("/api/openapi.json").json()

        def walk(part):
            if isinstance(part, dict):
                self.assertNotIn("title", part)
                self.assertIsNotNone(part.get("default", ""))
                self.assertIsNot(part.get("additionalProperties"), False)
            for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
                walk(inner)

        walk({"paths": document["paths"], "components": document["components"]})
        history = document["paths"]["/api/conversation/{phone}/history"]["get"]
        limit = next(parameter for parameter in history["parameters"] if parameter["name"] == "limit")
        self.assertEqual(
            (limit["schema"], limit["required"]),
            ({"type": "integer", "minimum": 1, "maximum": 500, "default": 100}, False),
        )
        for path, methods in document["paths"].items():
            for operation in methods.values():
                answer = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
                schema = document["components"]["schemas"][answer.rpartition("/")[2]]
                self.assertIn("status", schema["required"], path)

    def test_page_with_the_bundle(self):
        if not api_docs.has_bundle():
            self.skipTest("no Swagger UI")
        page = self.url_open("/api/docs")
        self.assertIn("script-src 'self'", page.headers["Content-Security-Policy"])
        self.assertEqual(page.headers["X-Content-Type-Options"], "nosniff")
        self.assertNotIn("http://", page.text)
        self.assertNotIn("https://", page.text)
        script = self.url_open("/api/docs/swagger-ui-bundle.js")
        self.assertEqual(script.status_code, 200)
        self.assertTrue(script.headers["Content-Type"].startswith("text/javascript"))
        self.assertIn("SwaggerUIBundle", script.text)
        for name in ("index.html", "__init__.py", "..%2F__init__.py"):
            self.assertEqual(self.url_open(f"/api/docs/{name}").status_code, 404, name)

    def test_page_without_the_bundle(self):
        with patch.object(api_docs, "BUNDLE", "no_such_package"):
            page = self.url_open("/api/docs")
            self.assertEqual(page.status_code, 200)
            self.assertIn("pip install", page.text)
            self.assertIn("/api/openapi.json", page.text)
            self.assertNotIn("<script", page.text)
            self.assertEqual(self.url_open("/api/docs/swagger-ui-bundle.js").status_code, 404)


@tagged("post_install", "-at_install")
class TestDeclaration(WhatsappCase):
    def test_declaration_and_document_agree(self):
        endpoint = Endpoint("/x/{y}", "getX", "X", "X.", Health, access=Access.OPEN)
        self.assertEqual(endpoint.route, "/x/<path:y>")
        self.assertEqual(json.loads(json.dumps(endpoint.describe()))["security"], [])
