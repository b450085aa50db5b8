import base64
import hashlib
import hmac
import json
import socket
from datetime import timedelta
from unittest.mock import patch

import requests
from freezegun import freeze_time
from jsonschema import Draft202012Validator
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open, mute_logger

from ..jobs.webhook_delivery import RETRY_MINUTES
from ..lib import webhook_call
from ..lib.clock import utcnow
from ..lib.safe_http import PrivateAddressError
from .common import CUSTOMER, WhatsappCase
from .test_api import MESSAGES, PHONE, ApiCase

CALL = "odoo.addons.colineal_whatsapp_crm.lib.webhook_call.call"
DELIVERY = "odoo.addons.colineal_whatsapp_crm.jobs.webhook_delivery"
PDF = base64.b64encode(b"%PDF-1.4 a quotation").decode()


@tagged("post_install", "-at_install")
class TestSending(ApiCase):
    """`POST /api/messages`."""

    def send(self, user=None, **members):
        return self.get(MESSAGES, user or self.chief, method="POST", json={"phone": PHONE, **members})

    def refuse_to_send(self, status, code, user=None, **members):
        body = {"phone": PHONE, **members}
        return self.refuse(status, code, MESSAGES, user or self.chief, method="POST", json=body)

    def get_sent(self):
        return self.conversation.line_ids.filtered(lambda line: line.author == "person").sorted("id")

    def test_text_is_written_as_a_colleagues(self):
        answer = self.send(text="Tu *sofá* sale <hoy>.\nGracias.")
        line = self.get_sent()
        self.assertEqual(line.body, "Tu *sofá* sale <hoy>.\nGracias.")
        self.assertEqual((line.user_id, line.address), (self.chief, CUSTOMER))
        self.assertEqual(answer["message"]["id"], line.id)
        self.assertEqual((answer["message"]["state"], answer["message"]["phone_number"]), ("queued", PHONE))
        self.assertFalse(answer["repeated"])
        self.assertEqual(line.mail_message_id.author_id, self.chief.partner_id, "seen in the thread")
        self.assertEqual(self.conversation.stage, "person")
        self.work()
        self.assertEqual(line.state, "simulated")

    def test_assistant_goes_on_if_wanted(self):
        stage = self.conversation.stage
        self.send(text="Tu sofá sale hoy.", take_over=False)
        self.assertEqual(self.conversation.stage, stage)
        self.assertTrue(self.customer("¿A qué hora atienden?"), "and answers")

    def test_file_goes_with_its_words(self):
        answer = self.send(text="La cotización", file={"name": "cotización.pdf", "content": PDF})
        line = self.get_sent()
        self.assertEqual(
            (line.body, line.kind, line.outgoing_attachment_id.name), ("La cotización", "document", "cotización.pdf")
        )
        self.assertEqual(line.outgoing_attachment_id.raw, b"%PDF-1.4 a quotation")
        self.assertFalse(line.outgoing_attachment_id.public or line.outgoing_attachment_id.access_token)
        self.assertEqual(answer["message"]["parts"], line.ids)
        self.send(file={"name": "cotización.pdf", "content": PDF})
        self.assertFalse(self.get_sent()[-1].body)

    def test_long_text_goes_in_parts(self):
        answer = self.send(text="Una frase corta. " * 150)
        self.assertEqual(answer["message"]["parts"], self.get_sent().ids)
        self.assertEqual(len(self.get_sent()), 2)

    def test_what_is_asked_for_again_is_sent_once(self):
        first = self.send(text="Hola", idempotency_key="order-17")
        again = self.send(text="Hola", idempotency_key="order-17")
        self.assertEqual((again["message"]["parts"], again["repeated"]), (first["message"]["parts"], True))
        self.assertEqual(len(self.get_sent()), 1)
        self.refuse_to_send(422, "invalid_parameter", text="Otra cosa", idempotency_key="order-17")
        self.send(text="Hola", idempotency_key="order-18")
        self.conversation.user_id = False
        self.send(self.anna, text="Hola", idempotency_key="order-17")
        self.assertEqual(len(self.get_sent()), 3, "another key, and another user's")

    def test_two_who_ask_at_the_same_moment_send_once(self):
        """The second finds the first only when it commits: the database lets no two have the key."""
        self.send(text="Hola", idempotency_key="order-17")
        conversation = self.conversation.with_user(self.chief)
        find = "odoo.addons.colineal_whatsapp_crm.models.conversation.programs.WhatsappConversation._find_sent_before"
        nothing = self.env["whatsapp.conversation.message"]
        with patch(find, return_value=nothing), mute_logger("odoo.sql_db", "odoo.service.model"):
            answer = self.ask(
                MESSAGES,
                self.chief,
                method="POST",
                json={"phone": PHONE, "text": "Hola", "idempotency_key": "order-17"},
            )
        self.assertGreaterEqual(answer.status_code, 500)
        self.env.invalidate_all()
        self.assertEqual(len(self.get_sent()), 1)
        self.assertTrue(conversation)

    def test_right_to_write_is_needed(self):
        self.conversation.user_id = self.anna
        self.env.flush_all()
        self.send(self.anna, text="Hola")
        self.refuse_to_send(404, "not_found", self.bruno, text="Hola")
        self.refuse_to_send(403, "forbidden", self.outsider, text="Hola")
        reader = new_test_user(self.env, "reads", groups="colineal_whatsapp_crm.whatsapp_group_reader")
        self.refuse_to_send(403, "forbidden", reader, text="Hola")
        self.assertEqual(len(self.get_sent()), 1)

    def test_customer_whom_whatsapp_lets_nobody_write_to(self):
        self.conversation.last_inbound_at = utcnow() - timedelta(hours=25)
        self.env.flush_all()
        answer = self.refuse_to_send(409, "not_possible_now", text="Hola")
        self.assertIn("24", answer.data["error"]["message"])
        self.conversation.last_inbound_at = utcnow()
        self.conversation.contact_id.sudo()._opt_out("customer")
        self.env.flush_all()
        self.refuse_to_send(409, "not_possible_now", text="Hola")
        self.assertFalse(self.get_sent())

    def make_template(self, name="seguimiento", **values):
        variables = [{"name": "1", "sample": "María", "source": "placeholder", "placeholder": "name"}]
        template = self.env["whatsapp.content.template"].create(
            {
                "name": name,
                "sender_id": self.conversation.sender_id.id,
                "language": "es",
                "body": "Hola {{1}}, tu cotización de {{2}} está lista. ¿Seguimos?",
                "variable_ids": [Command.create(each) for each in (*variables, {"name": "2", "sample": "sofá"})],
                **values,
            }
        )
        template.state = "approved"
        self.conversation.customer_name = "Ana Mora"
        self.conversation.last_inbound_at = utcnow() - timedelta(hours=25)
        self.env.flush_all()
        return template

    def test_template_goes_after_24_hours(self):
        template, stage = self.make_template(), self.conversation.stage
        asked = {"name": "seguimiento", "language": "es", "variables": {"2": "mesa"}}
        self.refuse_to_send(409, "not_possible_now", text="Hola")
        answer = self.send(template=asked, take_over=False, idempotency_key="quote-17")
        line = self.get_sent()
        self.assertEqual(line.body, "Hola Ana, tu cotización de mesa está lista. ¿Seguimos?")
        self.assertEqual((line.template_id, line.user_id), (template, self.chief))
        self.assertEqual(line.content["variables"], {"1": "Ana", "2": "mesa"})
        self.assertEqual(answer["message"]["parts"], line.ids)
        self.assertEqual(line.mail_message_id.author_id, self.chief.partner_id, "seen in the thread")
        self.assertEqual(self.conversation.stage, stage, "the assistant goes on")
        self.assertTrue(self.send(template=asked, take_over=False, idempotency_key="quote-17")["repeated"])
        self.refuse_to_send(
            422, "invalid_parameter", template={**asked, "variables": {"2": "sofá"}}, idempotency_key="quote-17"
        )
        self.assertEqual(self.get_sent(), line)
        self.send(template=asked)
        self.assertEqual(self.conversation.stage, "person")

    def test_templates_that_cannot_go(self):
        template = self.make_template()
        filled = {"name": "seguimiento", "variables": {"1": "Ana", "2": "mesa"}}
        for asked in (
            {"name": "seguimiento"},
            {**filled, "language": "en"},
            {**filled, "name": "otra"},
            {**filled, "variables": {"2": "mesa", "3": "x"}},
        ):
            with self.subTest(asked):
                self.refuse_to_send(422, "invalid_parameter", template=asked)
        template.category = "marketing"
        self.env.flush_all()
        self.send(template=filled)
        self.refuse_to_send(409, "not_possible_now", template=filled)
        template.category = "utility"
        self.conversation.contact_id.sudo()._opt_out("customer")
        self.env.flush_all()
        self.refuse_to_send(409, "not_possible_now", template=filled)
        template.state = "paused"
        self.env.flush_all()
        self.refuse_to_send(422, "invalid_parameter", template=filled)
        self.assertEqual(len(self.get_sent()), 1)

    def test_files_that_whatsapp_refuses(self):
        for name, raw in (
            ("a.zip", b"PK\x05\x06" + bytes(18)),
            ("a.csv", b"sofa,1"),
            ("a.pdf", b"%PDF-1.4" + bytes(17 << 20)),
        ):
            with self.subTest(name):
                content = base64.b64encode(raw).decode()
                answer = self.ask(
                    MESSAGES,
                    self.chief,
                    method="POST",
                    json={"phone": PHONE, "file": {"name": name, "content": content}},
                )
                self.assertIn(answer.status_code, (413, 422), answer.text)
        self.assertFalse(self.get_sent())

    def test_what_is_no_request(self):
        for members in (
            {},
            {"text": ""},
            {"text": "  "},
            {"text": 5},
            {"text": "Hola", "take_over": "yes"},
            {"text": "Hola", "idempotency_key": "a b"},
            {"text": "x" * 10_001},
            {"file": {"name": "a.pdf"}},
            {"file": {"name": "a/b.pdf", "content": PDF}},
            {"file": {"name": "a.pdf", "content": "no base64!"}},
            {"text": "Hola", "phone": ""},
            {"text": "Hola {name}"},
            {"text": "Hola", "template": {"name": "seguimiento"}},
            {"template": {"name": "Seguimiento"}},
            {"template": {"name": "seguimiento", "variables": {"1": 5}}},
            {"template": {"name": "no_such_template"}},
        ):
            with self.subTest(members):
                answer = self.refuse_to_send(422, "invalid_parameter", **members)
                self.assertNotIn("no base64!", answer.text)
        post = {"method": "POST", "data": "text=Hola"}
        self.refuse(415, "unsupported_media_type", MESSAGES, self.chief, **post)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.get_key(self.chief)}"}
        for text in ("", "{", "[]", "\x00"):
            answer = self.url_open(MESSAGES, data=text, headers=headers, method="POST")
            self.assertEqual((answer.status_code, answer.json()["error"]["code"]), (422, "invalid_parameter"), text)
        self.refuse(405, "method_not_allowed", MESSAGES, self.chief)
        self.refuse_to_send(404, "not_found", phone="+593987111222", text="Hola")
        self.assertFalse(self.get_sent())

    def test_erased_message_is_not_known_any_more(self):
        self.send(text="Hola", idempotency_key="order-17")
        self.conversation._erase_words()
        self.assertFalse(self.get_sent().request_digest)


class WebhookCase(WhatsappCase):
    """A program that wants to know everything, at an address that is never really called."""

    def setUp(self):
        super().setUp()
        values = {"name": "ERP", "url": "https://erp.example.com/whatsapp", "on_statuses": True}
        self.webhook = self.env["whatsapp.webhook"].create({**values, "on_leads": True, "on_handovers": True})
        self.call = self.startPatcher(patch(CALL, return_value=204))

    def deliver(self):
        self.env.flush_all()
        self.run_job("ir_cron_webhooks")

    def get_events(self):
        """What the program was told, as it reads it, in the order of the events' rows."""
        bodies = [json.loads(call.args[3]) for call in self.call.call_args_list]
        known = self.webhook_deliveries().mapped("event_id")
        return sorted(bodies, key=lambda body: known.index(body["id"]))

    def webhook_deliveries(self):
        return self.env["whatsapp.webhook.delivery"].search([("webhook_id", "=", self.webhook.id)], order="id")


@tagged("post_install", "-at_install")
class TestWebhooks(WebhookCase):
    def test_program_is_told_what_happens(self):
        self.customer("Soy María, busco un sofá de hasta 900 dólares, llámenme", "Necesito hablar con una persona")
        self.deliver()
        events = self.get_events()
        types = [event["type"] for event in events]
        self.assertEqual(types.count("message.received"), 2)
        self.assertIn("message.sent", types)
        self.assertIn("lead.created", types)
        self.assertIn("handover.called", types)
        received = events[0]
        self.assertEqual(received["data"]["message"]["text"], "Soy María, busco un sofá de hasta 900 dólares, llámenme")
        self.assertEqual(received["data"]["message"]["type"], "user")
        conversation = self.get_conversation()
        told = received["data"]["conversation"]
        self.assertEqual((told["id"], told["phone_number"]), (conversation.id, CUSTOMER.removeprefix("whatsapp:")))
        lead = next(event for event in events if event["type"] == "lead.created")["data"]["lead"]
        self.assertEqual(lead["id"], conversation.lead_id.id)
        self.assertEqual(set(self.webhook_deliveries().mapped("state")), {"delivered"})
        url, secret, event_id, _body = self.call.call_args.args
        self.assertEqual((url, secret), (self.webhook.url, self.webhook.secret))
        self.assertIn(event_id, self.webhook_deliveries().mapped("event_id"))

    def test_it_is_told_what_becomes_of_a_message(self):
        self.customer("Hola")
        line = self.get_conversation().line_ids[-1]
        line.state = "sent"
        line._move_to("delivered")
        line._move_to("read")
        self.deliver()
        states = [e["data"]["message"]["state"] for e in self.get_events() if e["type"] == "message.status"]
        self.assertEqual(states, ["delivered", "read"], "as they were then")

    def test_only_what_is_wanted_is_told_and_only_of_the_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        values = {"name": "Other", "url": "https://other.example.com", "company_id": other.id}
        self.env["whatsapp.webhook"].create(values)
        self.webhook.write({"on_messages": False, "on_statuses": False})
        self.customer("Hola")
        self.assertFalse(self.env["whatsapp.webhook.delivery"].search([]))

    def test_simulated_customers_are_nobodys_business(self):
        self.customer("Hola")
        self.webhook_deliveries().unlink()
        self.get_conversation().is_simulated = True
        self.customer("Busco un sofá")
        self.assertFalse(self.webhook_deliveries())

    def test_failure_is_tried_again_and_ends_where_a_person_sees_it(self):
        self.call.return_value = 500
        self.customer("Hola")
        self.webhook.on_messages = False
        delivery = self.webhook_deliveries()[0]
        (self.webhook_deliveries() - delivery).unlink()
        now = utcnow()
        for minutes in RETRY_MINUTES:
            with freeze_time(now), mute_logger(DELIVERY):
                self.deliver()
            self.assertEqual(delivery.state, "waiting")
            self.assertAlmostEqual(delivery.retry_at, now + timedelta(minutes=minutes), delta=timedelta(seconds=5))
            self.assertFalse(self.webhook.activity_ids)
            calls = self.call.call_count
            with freeze_time(now):
                self.deliver()
            self.assertEqual(self.call.call_count, calls, "not before its time")
            now += timedelta(minutes=minutes, seconds=1)
        with freeze_time(now), mute_logger(DELIVERY):
            self.deliver()
        self.assertEqual((delivery.state, delivery.attempts, delivery.status), ("failed", len(RETRY_MINUTES) + 1, 500))
        self.assertTrue(self.webhook.activity_ids, "somebody is told")
        self.assertEqual(self.webhook.failed_count, 1)
        self.call.return_value = 200
        delivery.action_retry()
        self.assertFalse(self.webhook.activity_ids)
        self.deliver()
        self.assertEqual((delivery.state, self.webhook.error), ("delivered", False))
        self.assertEqual(len({call.args[2] for call in self.call.call_args_list}), 1, "the same event, by its id")

    def test_why_it_was_not_told(self):
        self.webhook.on_messages = False
        for fault, words in (
            (PrivateAddressError("10.0.0.1"), "private network"),
            (requests.exceptions.ConnectTimeout("María"), "in time"),
            (requests.exceptions.SSLError("María"), "certificate"),
            (RuntimeError("María"), "could not be reached"),
            (301, "led elsewhere"),
            (404, "refused"),
        ):
            with self.subTest(words), mute_logger(DELIVERY):
                self.call.side_effect = fault if isinstance(fault, Exception) else None
                self.call.return_value = fault
                self.webhook.action_ping()
                self.deliver()
                self.assertIn(words, self.webhook_deliveries()[-1].error)
                self.assertNotIn("María", self.webhook_deliveries()[-1].error)

    def test_log_tells_nothing_of_customers(self):
        self.customer("Soy Josefina, mi correo es josefina@example.com")
        self.deliver()
        rows = self.webhook_deliveries().read()
        self.assertTrue(rows)
        self.assertNotRegex(json.dumps(rows, default=str), "Josefina|josefina|98765")

    def test_what_is_erased_is_told_to_nobody(self):
        self.customer("Soy Josefina")
        self.get_conversation()._erase_words()
        self.deliver()
        self.assertNotIn("Josefina", str(self.call.call_args_list))
        self.assertIn("gone", self.webhook_deliveries().mapped("state"))

    def test_nobody_who_wants_to_know_costs_nothing(self):
        self.webhook.active = False
        messages = self.receive("Hola")
        self.env["whatsapp.webhook"]._get_subscribers()
        with self.assertQueryCount(0):
            self.env["whatsapp.webhook"]._tell("message.received", messages)

    def test_program_that_hangs_holds_up_no_other(self):
        self.webhook.on_messages = False
        hanging = self.env["whatsapp.webhook"].create({"name": "Hangs", "url": "https://hangs.example.com"})
        for _times in range(10):
            hanging.action_ping()
        self.webhook.action_ping()
        self.env.flush_all()
        claimed = self.env["whatsapp.webhook.delivery"]._claim(5, {None: 4})
        webhooks = self.env["whatsapp.webhook.delivery"].browse(claimed).webhook_id
        self.assertEqual(webhooks, self.webhook | hanging)
        self.assertEqual(len(self.env["whatsapp.webhook.delivery"]._claim(5, {None: 4, hanging.id: 0})), 1)

    def test_addresses_that_may_be_told(self):
        for url in (
            "http://erp.example.com",
            "ftp://erp.example.com",
            "https://",
            "https://a:b@erp.example.com",
            "erp",
            "https://a b",
        ):
            with self.subTest(url), self.assertRaises(ValidationError):
                self.webhook.url = url
        with patch.dict("os.environ", {"WEBHOOK_HOSTS": "erp.lan, other.lan"}):
            self.webhook.url = "http://erp.lan:8080/whatsapp"

    def test_secret_is_system_administrators(self):
        manager = new_test_user(self.env, "webhook-manager", "sales_team.group_sale_manager")
        mine = self.webhook.with_user(manager)
        self.assertTrue(mine.url)
        with self.assertRaises(AccessError):
            mine.read(["secret"])
        with self.assertRaises(AccessError):
            mine.action_renew_secret()
        created = mine.create({"name": "New", "url": "https://new.example.com"})
        self.assertTrue(webhook_call.is_secret(created.sudo().secret))
        for secret in ("", "secret", "whsec_", "whsec_!!", "whsec_" + base64.b64encode(b"short").decode()):
            with self.subTest(secret), self.assertRaises(ValidationError):
                self.webhook.secret = secret

    def test_neutralized_database_tells_nobody(self):
        self.customer("Hola")
        before = self.webhook.secret
        self.env.flush_all()
        with file_open("colineal_whatsapp_crm/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertFalse(self.webhook.active)
        self.assertNotEqual(self.webhook.secret, before)
        self.assertTrue(webhook_call.is_secret(self.webhook.secret))
        self.assertFalse(self.webhook_deliveries())


@tagged("post_install", "-at_install")
class TestSignature(WhatsappCase):
    def test_signature_is_that_of_the_specification(self):
        """The example of the specification's own libraries."""
        secret, event_id, timestamp = (
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
        )
        body = b'{"test": 2432232314}'
        signature = webhook_call.sign(secret, event_id, timestamp, body)
        self.assertEqual(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        key = base64.b64decode(secret.removeprefix("whsec_"))
        other = hmac.new(key, b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265331." + body, hashlib.sha256).digest()
        self.assertNotEqual(signature, "v1," + base64.b64encode(other).decode())

    def test_nobody_inside_is_reached(self):
        with socket.create_server(("127.0.0.1", 0)) as inside:
            port = inside.getsockname()[1]
            for url in (f"https://127.0.0.1:{port}/", f"https://localhost:{port}/", f"http://127.0.0.1:{port}/"):
                with self.subTest(url), self.assertRaises(PrivateAddressError):
                    webhook_call.call(url, webhook_call.make_secret(), "evt_1", b"{}")


@tagged("post_install", "-at_install")
class TestEventsInTheDocument(WebhookCase, ApiCase):
    def test_events_are_as_the_document_says(self):
        self.customer("Soy María, busco un sofá de hasta 900 dólares", "Necesito hablar con una persona")
        self.get_conversation().action_close()
        self.webhook.action_ping()
        self.deliver()
        document = self.url_open("/api/openapi.json").json()
        seen = set()
        for event in self.get_events():
            name = event["type"].partition(".")[0]
            schema = document["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"]
            errors = Draft202012Validator({**schema, "components": document["components"]}).iter_errors(event)
            self.assertFalse([error.message for error in errors], event["type"])
            seen.add(name)
        self.assertEqual(seen, set(document["webhooks"]))
