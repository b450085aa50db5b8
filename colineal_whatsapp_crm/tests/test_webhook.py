import hmac
import http.client
from contextlib import closing
from unittest.mock import call, patch

from odoo import api
from odoo.sql_db import db_connect
from odoo.tests import HttpCase, tagged
from odoo.tools import config, mute_logger
from twilio.request_validator import RequestValidator

from ..controllers import webhook
from ..gateway import request_guard
from ..lib import rate_limit
from ..lib.rate_limit import LogThrottle
from .common import CUSTOMER, WhatsappCase, twilio_form

PATH = "/api/webhook/whatsapp"
STATUS_PATH = PATH + "/status"
WEBHOOK = "odoo.addons.colineal_whatsapp_crm.controllers.webhook"
SIGNATURE = "X-Twilio-Signature"


class WebhookCase(WhatsappCase, HttpCase):
    def setUp(self):
        super().setUp()
        for memory in (webhook._rejections.storage, webhook._log_throttle, rate_limit._shared.own):
            memory.reset()

    def sign(self, form, token=None, url=None):
        url = url or self.sender.webhook_url
        return RequestValidator(token or self.sender.simulation_token).compute_signature(url, form)

    def post(self, form, token=None, url=None, signature=None, **headers):
        """Post a message as Twilio would: signed with the sender's token for the sender's public URL."""
        if signature is None:
            signature = self.sign(form, token, url)
        return self.url_open(PATH, data=form, headers={**headers, **({SIGNATURE: signature} if signature else {})})


@tagged("post_install", "-at_install")
class TestWebhook(WebhookCase):
    def get_stored(self, form):
        return self.env["whatsapp.conversation.message"].search([("sid", "=", form["MessageSid"])])

    def test_genuine_message_is_stored_and_acknowledged(self):
        form = twilio_form("Hola", NewParameter="1")
        response = self.post(form)
        self.assertEqual(response.status_code, 200)
        self.assertIn("text/xml", response.headers["Content-Type"])
        self.assertTrue(response.text.endswith("<Response/>"))
        message = self.get_stored(form)
        self.assertEqual((message.state, message.body), ("received", "Hola"))
        self.assertEqual(message.parameters, form)
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", self.worker.id)]))

    def test_duplicate_is_acknowledged_and_ignored(self):
        form = twilio_form("Hola")
        self.assertEqual([self.post(form).status_code for _time in range(3)], [200] * 3)
        self.assertEqual(len(self.get_stored(form)), 1)

    def test_refused_without_a_genuine_signature(self):
        for reason, arguments in {
            "header is missing": {"signature": ""},
            "does not match": {"signature": "bm9wZQ=="},
            "signature does not match": {"token": "other"},
            "exact URL": {"url": "https://other.example.com" + PATH},
        }.items():
            form = twilio_form("Hola")
            webhook._log_throttle.reset()
            with self.subTest(reason), self.assertLogs(WEBHOOK, "WARNING") as logs:
                self.assertEqual(self.post(form, **arguments).status_code, 403)
                self.assertIn(reason, logs.output[0])
            self.assertFalse(self.get_stored(form))

    def test_unknown_sender(self):
        form = twilio_form("Hola", sender="+593999999999")
        with self.assertLogs(WEBHOOK, "WARNING") as logs:
            self.assertEqual(self.post(form).status_code, 403)
        self.assertIn("no sender is configured", logs.output[0])
        self.assertFalse(self.get_stored(form))

    def test_strangers_learn_nothing(self):
        live = self.env["whatsapp.sender"].create(
            {
                "name": "Live",
                "number": "+593999000333",
                "assistant_id": self.assistant.id,
                "account_sid": "AC" + "1" * 32,
                "auth_token": "secret",
                "public_url": "https://odoo.example.com",
            }
        )
        forms = {
            "unknown number": twilio_form("Hola", sender="+593999999999"),
            "wrong signature": twilio_form("Hola"),
            "another account": twilio_form("Hola", sender=live.number, AccountSid="AC" + "2" * 32),
            "wrong signature, live": twilio_form("Hola", sender=live.number, AccountSid=live.account_sid),
        }
        answers = set()
        with mute_logger(WEBHOOK):
            for form in forms.values():
                for signature in ("bm9wZQ==", ""):
                    answer = self.post(form, signature=signature)
                    kept = {name: value for name, value in answer.headers.items() if name != "Date"}
                    answers.add((answer.status_code, answer.text, tuple(sorted(kept.items()))))
        self.assertEqual(len(answers), 1)
        self.assertNotIn("example.com", str(answers))
        live.invalidate_recordset()
        self.assertTrue(live.last_refusal, "but the shop does")

    def test_live_sender_takes_its_own_account_only(self):
        self.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "secret"})
        mine = twilio_form("Hola", AccountSid="AC" + "1" * 32)
        self.assertEqual(self.post(mine, token="secret").status_code, 200)
        with mute_logger(WEBHOOK):
            self.assertEqual(self.post(twilio_form("Hola"), token="secret").status_code, 403)
            self.sender.invalidate_recordset()
            self.assertIn("account", self.sender.last_refusal)
            self.assertEqual(self.post(mine).status_code, 403, "the simulation's key opens no live sender")

    def test_previous_token_while_rotating(self):
        self.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "new", "previous_auth_token": "old"})
        for token in ("new", "old"):
            form = twilio_form("Hola", AccountSid="AC" + "1" * 32)
            self.assertEqual(self.post(form, token=token).status_code, 200)

    def test_behind_a_proxy_the_public_address_is_signed(self):
        self.sender.public_url = "https://odoo.example.com/"
        form = twilio_form("Hola")
        self.assertEqual(self.post(form, url="https://odoo.example.com" + PATH).status_code, 200)

    def test_signed_request_that_is_no_message(self):
        with mute_logger(WEBHOOK):
            form = twilio_form("Hola", MessageSid=None, SmsMessageSid=None)
            self.assertEqual(self.post(form).status_code, 400)

    def test_any_kind_of_message_is_kept(self):
        forms = [
            twilio_form(
                "",
                MessageType="image",
                NumMedia="1",
                MediaUrl0="https://api.twilio.com/m",
                MediaContentType0="image/jpeg",
            ),
            twilio_form("", MessageType="location", Latitude="-0.18", Longitude="-78.46", Address="Quito"),
            twilio_form("Sí", MessageType="button", ButtonText="Sí", ButtonPayload="yes"),
            twilio_form("🛋️👍🏽 sofá"),
            twilio_form("con\x00nulo"),
            twilio_form("muy largo " * 400),
        ]
        for form in forms:
            self.assertEqual(self.post(form).status_code, 200, form)
        kinds = [self.get_stored(form).kind for form in forms]
        self.assertEqual(kinds, ["image", "location", "button", "text", "text", "text"])
        self.assertEqual(self.get_stored(forms[3]).body, "🛋️👍🏽 sofá")
        self.assertEqual(self.get_stored(forms[4]).body, "con\ufffdnulo")
        self.assertEqual(len(self.get_stored(forms[5]).body), 4000)

    def test_stranger_writes_no_line_of_the_log(self):
        for number in ("\nERROR odoo: gone\nX", "\x1b[3mabcdefg", "whatsapp:\r+59399900\n1", "\u202e+5939990022"):
            with self.subTest(number), self.assertLogs(WEBHOOK, "WARNING") as logs:
                webhook._log_throttle.reset()
                self.assertEqual(self.post(twilio_form("Hola", To=number)).status_code, 403)
            self.assertTrue(logs.records[0].getMessage().isprintable(), logs.output)

    def test_refusal_is_shown_on_the_sender(self):
        with mute_logger(WEBHOOK):
            self.post(twilio_form("Hola"), signature="bm9wZQ==")
        self.sender.invalidate_recordset()
        self.assertIn("does not match", self.sender.last_refusal)

    def test_log_names_nobody(self):
        form = twilio_form("Soy María y tengo $2000", sender="+593999999999")
        with self.assertLogs(WEBHOOK, "WARNING") as logs:
            self.post(form)
        self.assertNotIn("999999999", "".join(logs.output))
        self.assertNotIn("María", "".join(logs.output))


@tagged("post_install", "-at_install")
class TestShape(WebhookCase):
    """What cannot be Twilio's is refused before its body is read, in plain words."""

    def send(self, method="POST", path=PATH, body=b"", content_type=request_guard.CONTENT_TYPE, **headers):
        """A request with headers as they are given. Returns (status, body)."""
        with self.allow_requests():
            cookies = "; ".join(f"{name}={value}" for name, value in self.opener.cookies.items())
            headers = {"Content-Length": str(len(body)), "Content-Type": content_type, "Cookie": cookies, **headers}
            connection = http.client.HTTPConnection("127.0.0.1", self.http_port(), timeout=60)
            with closing(connection):
                connection.putrequest(method, path)
                for name, value in headers.items():
                    if value is not None:
                        connection.putheader(name, value)
                connection.endheaders()
                connection.send(body)
                answer = connection.getresponse()
                text = answer.read().decode()
        if answer.status >= 400:
            self.assertEqual(answer.getheader("Content-Type"), "text/plain; charset=utf-8")
            self.assertEqual(answer.getheader("X-Content-Type-Options"), "nosniff")
            self.assertNotIn("<", text)
            self.assertNotIn("Traceback", text)
        return answer.status, text

    def test_only_post(self):
        for path in (PATH, STATUS_PATH):
            for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NONSENSE"):
                self.assertEqual(self.send(method, path)[0], 405, method)

    def test_only_forms(self):
        kinds = ("application/json", "multipart/form-data; boundary=x", "text/plain", "text/xml", "nonsense", "", None)
        for kind in kinds:
            self.assertEqual(self.send(body=b'{"a": 1}', content_type=kind)[0], 415, kind)

    def test_form_in_another_charset_is_a_form(self):
        with mute_logger(WEBHOOK):
            self.assertEqual(self.send(content_type=f"{request_guard.CONTENT_TYPE}; charset=latin-1")[0], 403)

    def test_large_body_is_refused_unread(self):
        length = str(request_guard.MOST_BYTES + 1)
        self.assertEqual(self.send(**{"Content-Length": length})[0], 413, "nothing of it was sent")
        self.assertEqual(self.send(**{"Content-Length": "9" * 30})[0], 413)

    def test_body_in_chunks_has_the_same_limit(self):
        chunk = b"a=%s&" % (b"x" * 0xFFC)
        chunks = b"%x\r\n%s\r\n" % (len(chunk), chunk)
        many = chunks * (request_guard.MOST_BYTES // len(chunk) + 1)
        chunked = {"Transfer-Encoding": "chunked", "Content-Length": None}
        self.assertEqual(self.send(body=many + b"0\r\n\r\n", **chunked)[0], 413)
        with mute_logger(WEBHOOK):
            self.assertEqual(self.send(body=chunks + b"0\r\n\r\n", **chunked)[0], 403, "a small one is read")

    def test_body_of_unclear_length(self):
        for coding in ("chunked", "gzip, chunked", "identity", "xchunked"):
            self.assertEqual(self.send(body=b"0\r\n\r\n", **{"Transfer-Encoding": coding})[0], 400, coding)

    def test_parameters_are_few_and_their_names_short(self):
        self.assertEqual(self.send(body=b"a&" * request_guard.MOST_PARAMETERS)[0], 413)
        self.assertEqual(self.send(body=b"a" * (request_guard.MOST_NAME_CHARACTERS + 1) + b"=1")[0], 413)

    def test_parameters_named_as_arguments_are_only_parameters(self):
        with mute_logger(WEBHOOK):
            for name in ("self", "endpoint", "message", "context", "debug", "db", "lang"):
                for path in (PATH, STATUS_PATH):
                    self.assertEqual(self.send(path=f"{path}?{name}=1", body=f"{name}=2".encode())[0], 403, name)

    def test_target_that_names_another_host(self):
        for target in (f"http://evil.example.com{PATH}", f"https://crm.example.com:8{PATH}"):
            self.assertEqual(self.send(path=target)[0], 400, target)

    def test_values_that_the_database_cannot_hold(self):
        for value in ("a\x00b", "x" * 3000, " \n"):
            form = twilio_form("Hola", MessageSid=value, SmsMessageSid=value)
            with mute_logger(WEBHOOK):
                self.assertEqual(self.post(form).status_code, 400, value[:9])
            # Who wrote may be named in a form that nobody knows yet: a refusal would lose the customer.
            self.assertEqual(self.post(twilio_form("Hola", From=value)).status_code, 200, value[:9])
        with mute_logger(WEBHOOK):
            self.assertEqual(self.post(twilio_form("Hola", From=None, WaId=None)).status_code, 400)
        self.assertEqual(self.post(twilio_form("Hola", From=None)).status_code, 200, "WaId tells who wrote")
        for name in ("To", "AccountSid"):
            with mute_logger(WEBHOOK):
                answer = self.post(twilio_form("Hola", **{name: "a\x00b"}))
            self.assertEqual(answer.status_code, 403 if name == "To" else 200, name)

    def test_error_of_ours_shows_nothing_of_it(self):
        with self.failing_in_database("whatsapp_conversation_message", "TRUE"), mute_logger("odoo.http"):
            answer = self.post(twilio_form("Hola"))
        self.assertEqual(answer.status_code, 500)
        self.assertNotIn("in the way", answer.text)


@tagged("post_install", "-at_install")
class TestFlood(WebhookCase):
    """What comes too often costs little, and genuine messages come through."""

    def test_refusals_of_one_address(self):
        with self.assertLogs(WEBHOOK, "WARNING") as logs:
            answers = [self.post(twilio_form("Hola"), signature="bm9wZQ==") for _time in range(35)]
        self.assertEqual([answer.status_code for answer in answers], [403] * 30 + [429] * 5)
        self.assertEqual(answers[-1].headers["Retry-After"], "60")
        self.assertEqual(len(logs.output), 1, "one line for all of them")
        self.assertEqual(self.post(twilio_form("Hola")).status_code, 200, "Twilio's addresses serve others as well")

    def test_log_says_once_a_minute_how_many_were_left_out(self):
        now = [0.0]
        with (
            patch.object(webhook, "_log_throttle", LogThrottle(60, lambda: now[0])),
            self.assertLogs(WEBHOOK, "WARNING") as logs,
        ):
            for second in (0, 1, 2, 61):
                now[0] = second
                self.post(twilio_form("Hola"), signature="bm9wZQ==")
        self.assertEqual(len(logs.output), 2)
        self.assertIn("2 more since", logs.output[1])

    def test_refusals_are_counted_by_the_address_behind_the_proxy(self):
        proxied = {"X-Forwarded-Host": "crm.example.com"}
        with patch.dict(config.options, proxy_mode=True), mute_logger(WEBHOOK):
            for address in ("203.0.113.7", "203.0.113.8"):
                codes = [
                    self.post(twilio_form(), signature="no", **proxied, **{"X-Forwarded-For": address}).status_code
                    for _time in range(31)
                ]
                self.assertEqual(codes, [403] * 30 + [429], address)

    def test_unknown_senders_cost_no_query_and_leave_nothing_behind(self):
        find = self.env["whatsapp.sender"]._find_endpoint
        find("whatsapp:+1", "AC1")
        cached = sum(map(len, self.registry._Registry__caches.values()))
        with self.assertQueryCount(0):
            for number in range(100):
                self.assertIsNone(find(f"whatsapp:+1{number}", f"AC{number}"))
        self.assertEqual(sum(map(len, self.registry._Registry__caches.values())), cached)

    def test_customer_who_writes_faster_than_people_do(self):
        form = twilio_form("Hola")
        with (
            mute_logger(WEBHOOK),
            patch.object(rate_limit, "MESSAGES_A_MINUTE", 2),
            patch.dict("os.environ", REDIS_URL=""),
        ):
            self.assertEqual(self.post(form).status_code, 200)
            for _time in range(3):
                self.assertEqual(self.post(form).status_code, 200, "a replay counts for nothing")
            # What is told after the commit is not in a test, whose requests commit nothing.
            for _time in range(2):
                rate_limit.hit_message(self.env.cr.dbname, self.sender.id, CUSTOMER)
            over = twilio_form("Hola")
            answer = self.post(over)
            self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (429, "60"))
            self.assertFalse(self.env["whatsapp.conversation.message"].search([("sid", "=", over["MessageSid"])]))
            other = twilio_form("Hola", customer="whatsapp:+593987000001")
            self.assertEqual(self.post(other).status_code, 200, "others are not concerned")

    def test_replays_are_not_counted(self):
        place = (self.env.cr.dbname, self.sender.id)
        with patch.dict("os.environ", REDIS_URL=""):
            message = self.receive("Hola")
            self.env.cr.postcommit.run()
            self.receive("Hola", MessageSid=message.sid)
            self.env.cr.postcommit.run()
            self.assertEqual(rate_limit.count_messages(*place, CUSTOMER), 1)

    def test_noting_a_refusal_waits_for_nobody(self):
        demo = self.env.ref("colineal_whatsapp_crm.whatsapp_sender_demo").id
        connection = db_connect(self.env.cr.dbname)
        with connection.cursor() as holder, connection.cursor() as cr:
            holder.execute("SELECT 1 FROM whatsapp_sender WHERE id = %s FOR UPDATE", (demo,))
            cr.execute("SET LOCAL lock_timeout = '1s'")
            sender = api.Environment(cr, self.env.uid, {})["whatsapp.sender"].browse(demo)
            sender._record_rejection("the signature does not match")
            cr.execute("SELECT last_refusal FROM whatsapp_sender WHERE id = %s", (demo,))
            self.assertEqual(cr.fetchall(), [(None,)])
            holder.rollback()
            cr.rollback()

    def test_signatures_are_compared_in_constant_time(self):
        """Nobody can feel their way to a signature: how much of it is right makes no difference in time."""
        form = twilio_form("Hola")
        genuine = self.sign(form)
        with patch("hmac.compare_digest", wraps=hmac.compare_digest) as compare, mute_logger(WEBHOOK):
            self.assertEqual(self.post(form, signature=f"x{genuine[1:]}").status_code, 403)
            self.assertIn(call(genuine.encode(), f"x{genuine[1:]}".encode()), compare.mock_calls)
            self.assertEqual(self.post(form).status_code, 200)


@tagged("post_install", "-at_install")
class TestStatusCallback(WhatsappCase, HttpCase):
    def setUp(self):
        super().setUp()
        webhook._rejections.storage.reset()
        self.customer("Hola")
        self.reply = self.get_conversation().line_ids[-1]
        self.reply.write({"state": "sending", "sid": False})

    def call_back(self, status, sid="SM5", row=None, signature=None, **parameters):
        form = {
            "MessageSid": sid,
            "MessageStatus": status,
            "AccountSid": "AC" + "0" * 32,
            "From": f"whatsapp:{self.sender.number}",
            "To": self.reply.address,
            **parameters,
        }
        url = self.sender._get_status_url(row if row is not None else self.reply)
        signature = signature or RequestValidator(self.sender.simulation_token).compute_signature(url, form)
        path = url.removeprefix(self.sender._get_public_url())
        response = self.url_open(path, data=form, headers={"X-Twilio-Signature": signature})
        self.reply.invalidate_recordset()
        return response.status_code

    def test_states_go_forward_in_any_order(self):
        for status, state in (("read", "read"), ("delivered", "read"), ("sent", "read"), ("queued", "read")):
            self.assertEqual(self.call_back(status), 204)
            self.assertEqual(self.reply.state, state)

    def test_callback_before_the_row_knows_its_sid(self):
        self.call_back("queued")
        self.assertEqual((self.reply.state, self.reply.sid), ("sent", "SM5"))

    def test_callback_of_a_message_that_was_answered_with_an_error(self):
        self.reply.write({"state": "queued", "attempts": 1})
        self.call_back("delivered")
        self.assertEqual((self.reply.state, self.reply.sid), ("delivered", "SM5"), "it must not go again")

    def test_callback_without_the_row_in_its_url(self):
        self.reply.sid = "SM5"
        self.call_back("delivered", row=self.reply.browse(0))
        self.assertEqual(self.reply.state, "delivered")

    def test_first_error_is_kept_and_explained(self):
        self.call_back("failed", ErrorCode="63024")
        self.call_back("undelivered", ErrorCode="30008")
        self.assertEqual((self.reply.state, self.reply.error_code), ("failed", "63024"))
        self.assertIn("not on WhatsApp", self.reply.failure)

    def test_failure_is_said_in_words_whatever_the_code(self):
        for code, words in {
            "63013": "policy",
            "63049": "advertising",
            "63051": "locked",
            "63018": "You may send it again later",
            "63999": "error 63999. https://www.twilio.com/docs/api/errors/63999",
            "odd code": "error odd code",
        }.items():
            with self.subTest(code):
                self.reply.write({"state": "sent", "error_code": False})
                self.call_back("undelivered", ErrorCode=code)
                self.assertIn(words, self.reply.failure)
        self.reply.write({"state": "queued", "error_code": "63018"})
        self.assertIn("It is tried again", self.reply.failure)

    def test_code_that_is_no_code_breaks_no_screen(self):
        self.reply.write({"state": "sent"})
        self.call_back("failed", ErrorCode="9" * 5000)
        self.assertLess(len(self.reply.error_code), 50)
        self.assertIn("error 9999", self.reply.failure)
        self.reply.error_code = "9" * 5000  # as it was stored before
        self.assertLess(len(self.reply.failure), 200)

    def test_words_of_twilio_name_nobody(self):
        said = f"Cannot reach {self.reply.address} or +593 98-765-4321, ana@example.com\n" + "x" * 9000
        self.call_back("failed", ErrorMessage=said)
        self.assertIn("Cannot reach", self.reply.error)
        for told in ("5432", "765", "@", "\n"):
            self.assertNotIn(told, self.reply.error)
        self.assertLess(len(self.reply.error), 600)

    def test_not_genuine(self):
        with mute_logger(WEBHOOK):
            self.assertEqual(self.call_back("read", signature="bm9wZQ=="), 403)
        self.assertEqual(self.reply.state, "sending")

    def test_message_of_another_sender_is_left_alone(self):
        other = self.sender.copy({"number": "+593999000333"})
        foreign = self.reply.copy({"sender_id": other.id, "state": "sending"})
        self.call_back("read", row=foreign)
        self.assertEqual(foreign.state, "sending")

    def test_words_that_the_database_cannot_hold(self):
        self.assertEqual(self.call_back("failed", ErrorCode="6\x00", ErrorMessage="a\x00b"), 204)
        self.assertEqual((self.reply.state, self.reply.error), ("failed", "a\ufffdb"))
        with mute_logger(WEBHOOK):
            self.assertEqual(self.call_back("failed", sid="SM\x00"), 400)

    def test_unknown_message_is_acknowledged(self):
        self.assertEqual(self.call_back("read", sid="SM9", row=self.reply.browse(999999999)), 204)
