from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..gateway import content, delivery
from ..gateway.content import Button, Content
from ..lib.clock import utcnow
from .common import WhatsappCase

CONTENT = "odoo.addons.colineal_whatsapp_crm.gateway.content"
SEND = "odoo.addons.colineal_whatsapp_crm.gateway.delivery.send"
FIND = "odoo.addons.colineal_whatsapp_crm.gateway.delivery.find_sent"
OUTBOX = "odoo.addons.colineal_whatsapp_crm.jobs.outbox"
SID = "HX" + "1" * 32
BODY = "Hola {{1}}, tu cotización de {{2}} está lista. ¿Seguimos?"


class TemplateCase(WhatsappCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "sales_team.group_sale_salesman"
        cls.seller = new_test_user(cls.env, "template-seller", group, name="Sofía Vera", lang="en_US")
        cls.manager = new_test_user(cls.env, "template-manager", "sales_team.group_sale_manager", lang="en_US")

    def make(self, body=BODY, samples=("María", "sofá"), **values):
        variables = [{"name": str(number), "sample": text} for number, text in enumerate(samples, 1)]
        return self.env["whatsapp.content.template"].create(
            {
                "name": "Seguimiento de cotización",
                "sender_id": self.sender.id,
                "language": "es",
                "body": body,
                "variable_ids": [Command.create(each) for each in variables],
                **values,
            }
        )

    def make_approved(self, **values):
        template = self.make(**values)
        template.write({"state": "approved", "content_sid": f"HX{template.id:032x}"})
        return template

    def go_live(self):
        self.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "secret"})

    def begin(self, hours=30):
        """A customer whose 24 hours are over, looked after by the seller."""
        self.customer("Hola, soy María José Pérez. Busco un sofá")
        conversation = self.get_conversation()
        conversation.write({"user_id": self.seller.id, "last_inbound_at": utcnow() - timedelta(hours=hours)})
        # Or the next message would have to wait for Meta's limit.
        conversation.line_ids.write({"sent_at": utcnow() - timedelta(hours=hours)})
        self.env.flush_all()
        return conversation

    def send(self, conversation, template, values=None):
        mine = conversation.with_user(self.seller)
        filled = {each["name"]: each["value"] for each in self.offer(conversation, template)["variables"]}
        mine.send_template(template.id, {**filled, **(values or {})})
        return conversation.line_ids[-1]

    def offer(self, conversation, template):
        return next(each for each in conversation.with_user(self.seller).get_templates() if each["id"] == template.id)


@tagged("post_install", "-at_install")
class TestTemplate(TemplateCase):
    """What a template says, and what WhatsApp would reject in it."""

    def assertFault(self, words, **values):
        with self.assertRaises(ValidationError) as raised:
            self.make(**values)
        self.assertIn(words, str(raised.exception))

    def test_what_whatsapp_would_reject_is_said_on_saving(self):
        plain = {"samples": ()}
        for words, values in (
            ("first or the last", {"body": "{{1}}, hola", "samples": ["María"]}),
            ("first or the last", {"body": "Hola {{1}}", "samples": ["María"]}),
            ("side by side", {"body": "Hola {{1}} {{2}}.", "samples": ["María", "Mora"]}),
            ("without gaps", {"body": "Hola {{2}}.", "variable_ids": [Command.create({"name": "2", "sample": "x"})]}),
            ("between two pairs of braces", {"body": "Hola {{nombre}.", **plain}),
            ("needs an example", {"body": "Hola {{1}}.", **plain}),
            ("needs an example", {"body": "Hola {{1}}.", "samples": [" "]}),
            ("{{1}} is not in the message", {"body": "Hola.", "samples": ["María"]}),
            ("1024", {"body": "a" * 1025, **plain}),
            ("60", {"body": "Hola", "header": "a" * 61, **plain}),
            ("60", {"body": "Hola", "footer": "a" * 61, **plain}),
            ("have no variables", {"body": "Hola {{1}}.", "footer": "{{1}}", "samples": ["x"]}),
            ("not both", {"body": "Hola", "header": "Oferta", "media_url": "https://x.example/a.jpg", **plain}),
            ("https://", {"body": "Hola", "media_url": "http://x.example/a.jpg", **plain}),
            ("lowercase", {"body": "Hola", "content_name": "Seguimiento 1", **plain}),
            ("no language", {"body": "Hola", "language": "español", **plain}),
            ("Twilio's console", {"body": "Hola", "category": "authentication", **plain}),
        ):
            with self.subTest(words):
                self.assertFault(words, **values)

    def test_what_whatsapp_would_reject_in_buttons_is_said_on_saving(self):
        reply, page = {"title": "Sí"}, {"kind": "URL", "title": "Ver", "target": "https://x.example"}
        for words, buttons in (
            ("20", [{"title": "a" * 21}]),
            ("same title", [{"title": "Sí"}, {"title": "si"}]),
            ("at most 10", [{"title": f"Opción {number}"} for number in range(11)]),
            ("at most 2", [{**page, "title": f"Ver {number}"} for number in range(3)]),
            ("leads to no page", [{**page, "target": "x.example"}]),
            ("leads to no page", [{**page, "target": "https://x.example/{{1}}/a"}]),
            ("calls no number", [{"kind": "PHONE_NUMBER", "title": "Llamar", "target": "0991234567"}]),
            ("stand together", [reply, page, {"title": "No"}]),
        ):
            with self.subTest(words):
                self.assertFault(
                    words, body="Hola", samples=(), button_ids=[Command.create(button) for button in buttons]
                )

    def test_name_at_whatsapp_comes_from_the_name(self):
        self.assertEqual(self.make().content_name, "seguimiento_de_cotizacion")

    def test_what_is_typed_gets_its_variables_and_a_preview(self):
        with Form(self.env["whatsapp.content.template"].with_user(self.manager)) as form:
            form.name = "Entrega"
            form.sender_id = self.sender
            form.language = "es"
            form.body = "Hola {{1}}, tu *pedido* llega el {{2}}."
            for place, sample in enumerate(("María", "lunes")):
                with form.variable_ids.edit(place) as variable:
                    variable.sample = sample
            self.assertIn("Hola María, tu <strong>pedido</strong> llega el lunes.", form.preview["body"])
            form.body = "Hola {{1}}, tu *pedido* llegó."
            self.assertEqual(len(form.variable_ids), 1)
        self.assertEqual(form.record.variable_ids.mapped("sample"), ["María"])

    def test_what_it_becomes_at_twilio(self):
        def types(*buttons, **values):
            made = [Command.create(button) for button in buttons]
            return content.get_types(self.make(body="Hola", samples=(), button_ids=made, **values)._get_content())

        reply = {"title": "Sí"}
        page = {"kind": "URL", "title": "Ver", "target": "https://x.example/a"}
        call = {"kind": "PHONE_NUMBER", "title": "Llamar", "target": "+593 99 123 4567"}
        self.assertEqual(types(), {"twilio/text": {"body": "Hola"}})
        self.assertEqual(
            types(reply),
            {"twilio/quick-reply": {"body": "Hola", "actions": [{"type": "QUICK_REPLY", "title": "Sí", "id": "Sí"}]}},
        )
        self.assertEqual(
            types(page),
            {
                "twilio/call-to-action": {
                    "body": "Hola",
                    "actions": [{"type": "URL", "title": "Ver", "url": "https://x.example/a"}],
                }
            },
        )
        card = types(reply, call, header="Oferta", footer="Hasta el lunes")["whatsapp/card"]
        self.assertEqual((card["header_text"], card["footer"]), ("Oferta", "Hasta el lunes"))
        self.assertEqual([action.get("phone") for action in card["actions"]], [None, "+593991234567"])

    def test_variables_are_filled_from_records(self):
        conversation = self.begin()
        lead = self.env["crm.lead"].create({"name": "Sofá", "expected_revenue": 1200, "user_id": self.seller.id})
        conversation.lead_id = lead
        template = self.make_approved()
        first, second = template.variable_ids
        for values, expected in (
            ({"source": "placeholder", "placeholder": "name"}, "María José"),
            ({"source": "placeholder", "placeholder": "of_the_product"}, "del sofá"),
            ({"source": "placeholder", "placeholder": "salesperson"}, "Sofía Vera"),
            ({"source": "conversation", "field_path": "customer_name"}, "María José Pérez"),
            ({"source": "conversation", "field_path": "user_id.name"}, "Sofía Vera"),
            ({"source": "conversation", "field_path": "interest_ids"}, "sofá"),
            ({"source": "lead", "field_path": "name"}, "Sofá"),
            ({"source": "lead", "field_path": "user_id"}, "Sofía Vera"),
            ({"source": "partner", "field_path": "city"}, ""),
            ({"source": "partner", "field_path": "city", "text": "tu ciudad"}, "tu ciudad"),
            ({"source": "text", "text": "hoy"}, "hoy"),
        ):
            with self.subTest(values):
                first.write({"text": False, **values})
                found = template.with_user(self.seller)._get_values(conversation.with_user(self.seller))
                self.assertEqual(found["1"], expected)
        second.write({"source": "lead", "field_path": "expected_revenue"})
        self.assertIn("1,200", template._get_values(conversation)["2"].replace(".", ","))

    def test_field_that_no_customer_may_be_told_is_refused(self):
        variable = self.make_approved().variable_ids[0]
        for source, path, words in (
            ("conversation", False, "choose a field"),
            ("conversation", "nothing", "no “nothing”"),
            ("conversation", "sender_id.auth_token", "not for everybody"),
            ("conversation", "line_ids.body", "cannot be said"),
            ("conversation", "understanding", "cannot be said"),
            ("conversation", "user_id.company_id.partner_id.user_id.name", "too far"),
        ):
            with self.subTest(path), self.assertRaises(ValidationError) as raised:
                variable.write({"source": source, "field_path": path})
            self.assertIn(words, str(raised.exception))

    def test_what_the_sender_of_it_may_not_read_fills_nothing(self):
        conversation = self.begin()
        boss = self.env["res.users"].search([("id", "!=", self.seller.id)], limit=1)
        lead = self.env["crm.lead"].create({"name": "Secreto", "user_id": boss.id})
        conversation.lead_id = lead
        template = self.make_approved()
        template.variable_ids[0].write({"source": "lead", "field_path": "name"})
        self.assertEqual(template._get_values(conversation)["1"], "Secreto")
        found = template.with_user(self.seller)._get_values(conversation.with_user(self.seller))
        self.assertEqual(found["1"], "")

    def test_preview_with_a_real_customer(self):
        conversation = self.begin()
        template = self.make()
        template.variable_ids[0].write({"source": "placeholder", "placeholder": "name"})
        self.assertIn("Hola María, tu cotización de sofá", template.preview["body"])
        form = Form(template.with_user(self.manager))
        conversation.customer_name = "Ana Mora"
        form.preview_conversation_id = conversation
        self.assertIn("Hola Ana, tu cotización de sofá", form.preview["body"])

    def test_preview_is_safe_html(self):
        template = self.make(body="Hola <script>alert(1)</script> {{1}}.", samples=["<b>x</b>"])
        self.assertNotIn("<script", template.preview["body"])
        self.assertNotIn("<b>", template.preview["body"])

    def test_what_whatsapp_has_is_changed_by_a_new_draft(self):
        template = self.make_approved()
        mine = template.with_user(self.manager)
        for values in ({"body": "Otra"}, {"category": "marketing"}, {"content_name": "otro"}):
            with self.assertRaises(UserError):
                mine.write(values)
        with self.assertRaises(UserError):
            mine.variable_ids[0].sample = "Ana"
        with self.assertRaises(UserError):
            mine.unlink()
        mine.variable_ids[0].write({"source": "placeholder", "placeholder": "name"})
        draft = self.env["whatsapp.content.template"].browse(mine.action_change()["res_id"])
        self.assertEqual((draft.state, draft.body, draft.content_sid), ("draft", BODY, False))
        self.assertNotEqual(draft.content_name, template.content_name)
        self.assertEqual(draft.variable_ids.mapped("placeholder"), ["name", False])


@tagged("post_install", "-at_install")
class TestApproval(TemplateCase):
    """What is made at Twilio, and what WhatsApp says of it."""

    def setUp(self):
        super().setUp()
        self.calls = {
            name: self.startPatch(f"{CONTENT}.{name}") for name in ("list_contents", "create", "update", "submit")
        }
        self.calls["list_contents"].return_value = []
        self.calls["create"].return_value = SID

    def sync(self, *contents):
        self.calls["list_contents"].return_value = list(contents)
        self.run_job("ir_cron_templates")

    def startPatch(self, target):
        patcher = patch(target)
        self.addCleanup(patcher.stop)
        return patcher.start()

    def test_in_simulation_it_is_approved_at_once(self):
        template = self.make()
        action = template.with_user(self.manager).action_submit()
        self.assertEqual((template.state, action["params"]["type"]), ("approved", "success"))
        self.calls["create"].assert_not_called()

    def test_submitted_once_and_followed(self):
        self.go_live()
        template = self.make(category="marketing")
        template.with_user(self.manager).action_submit()
        self.assertEqual((template.state, template.content_sid), ("pending", SID))
        self.assertEqual(self.calls["submit"].call_args.args[1:], (SID, "seguimiento_de_cotizacion", "MARKETING"))
        with self.assertRaises(UserError):
            template.with_user(self.manager).action_submit()
        self.sync(Content(SID, "seguimiento_de_cotizacion", "es", "twilio/text", BODY, status="rejected",
                          category="MARKETING", reason="INVALID_FORMAT"))  # fmt: skip
        self.assertEqual((template.state, template.reason), ("rejected", "INVALID_FORMAT"))
        self.sync(Content(SID, "seguimiento_de_cotizacion", "es", "twilio/text", BODY, status="approved",
                          category="UTILITY"))  # fmt: skip
        self.assertEqual((template.state, template.reason, template.category), ("approved", False, "utility"))
        self.sync()
        self.assertEqual(template.state, "gone")

    def test_who_submitted_it_hears_of_the_decision(self):
        self.go_live()
        template = self.make()
        template.with_user(self.manager).action_submit()
        with patch.object(type(self.env["res.users"]), "_bus_send") as send:
            self.sync(Content(SID, "x", "es", "twilio/text", BODY, status="approved", category="UTILITY"))
        (call,) = [call for call in send.call_args_list if call.args[0] == "simple_notification"]
        self.assertIn("Seguimiento de cotización", call.args[1]["message"])

    def test_refusal_is_shown_and_nothing_is_lost(self):
        self.go_live()
        template = self.make()
        self.calls["submit"].side_effect = delivery.DeliveryError("Twilio error 20429: busy", delivery.LATER, 20429)
        action = template.with_user(self.manager).action_submit()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertEqual((template.state, template.content_sid), ("draft", SID))
        self.assertTrue(template.error)
        self.calls["submit"].side_effect = None
        template.with_user(self.manager).action_submit()
        self.assertEqual((template.state, template.error), ("pending", False))
        self.calls["create"].assert_called_once()
        self.calls["update"].assert_called_once()

    def test_what_twilio_made_without_saying_so_is_found(self):
        self.go_live()
        template = self.make()
        self.calls["create"].side_effect = delivery.DeliveryError("lost", delivery.UNKNOWN)
        template.with_user(self.manager).action_submit()
        self.assertEqual((template.state, template.content_sid), ("draft", False))
        self.calls["list_contents"].return_value = [
            Content(SID, "seguimiento_de_cotizacion", "es", "twilio/text", BODY)
        ]
        template.with_user(self.manager).action_submit()
        self.assertEqual((template.state, template.content_sid), ("pending", SID))
        self.calls["create"].assert_called_once()

    def test_templates_of_the_account_are_taken_in(self):
        self.go_live()
        others = [
            Content("HX" + "2" * 32, "hola", "en", "twilio/quick-reply", "Hello {{1}}, still there?", status="approved",
                    category="MARKETING", samples={"1": "Ana"}, buttons=(Button("QUICK_REPLY", "Yes"),)),
            Content("HX" + "3" * 32, "menu", "es", "twilio/list-picker", "Elige"),
            Content("no sid", "odd", "es", "twilio/text", "Hola", status="approved"),
        ]  # fmt: skip
        self.sync(*others)
        templates = self.env["whatsapp.content.template"].search([("sender_id", "=", self.sender.id)])
        self.assertEqual(templates.mapped("name"), ["hola"], "what was never submitted is none")
        self.assertEqual((templates.category, templates.state, templates.language), ("marketing", "approved", "en"))
        self.assertEqual(templates.button_ids.mapped("title"), ["Yes"])
        self.assertEqual(templates.variable_ids.mapped("sample"), ["Ana"])
        self.sync(*others)
        self.assertEqual(self.env["whatsapp.content.template"].search_count([("name", "=", "hola")]), 1)
        self.assertTrue(self.sender.templates_synced_at)

    def test_odd_content_of_the_account_harms_nothing(self):
        self.go_live()
        odd = Content("HX" + "4" * 32, "\u202eodd\x00" * 900, "x" * 900, "whatsapp/flows", "", header="h" * 9000,
                      status="approved", category="NEW", buttons=(Button("VOICE_CALL", "a" * 900, "b" * 9000),))  # fmt: skip
        self.sync(odd)
        template = self.env["whatsapp.content.template"].search([("content_sid", "=", odd.sid)])
        self.assertEqual((template.category, template.state), ("marketing", "approved"))

    def test_failed_look_says_why(self):
        self.go_live()
        self.calls["list_contents"].side_effect = delivery.DeliveryError("Twilio did not answer in time", "unknown")
        self.run_job("ir_cron_templates")
        self.assertEqual(self.sender.templates_error, "Twilio did not answer in time")
        action = self.sender.with_user(self.manager).action_sync_templates()
        self.assertEqual(action["params"]["type"], "danger")
        self.calls["list_contents"].side_effect = None
        self.run_job("ir_cron_templates")
        self.assertFalse(self.sender.templates_error)

    def test_simulated_approval_is_none_for_a_live_account(self):
        template = self.make()
        template.with_user(self.manager).action_submit()
        self.go_live()
        self.assertFalse(template._is_sendable())
        self.sync()
        self.assertEqual(template.state, "draft")

    def test_answer_that_is_not_as_documented_is_read_with_care(self):
        class Odd:
            sid, friendly_name, language = 5, None, ["es"]
            types = {"twilio/text": "Hola", "whatsapp/card": None}
            variables, approval_requests = "none", [1]

        read = content._plain(Odd())
        self.assertEqual((read.sid, read.body, read.status, read.samples, read.buttons), ("", "", None, {}, ()))


@tagged("post_install", "-at_install")
class TestSending(TemplateCase):
    """What is sent, as everything is: through the outbox, once."""

    def test_after_24_hours_only_a_template_goes(self):
        self.go_live()
        with patch(SEND, return_value="SM0"):
            conversation = self.begin()
        template = self.make_approved()
        template.variable_ids[0].write({"source": "placeholder", "placeholder": "name"})
        template.variable_ids[1].write({"source": "text", "text": "el sofá"})
        channel = conversation._get_channel().with_user(self.seller)
        with self.assertRaises(UserError):
            channel.message_post(body="Hola", message_type="comment", subtype_xmlid="mail.mt_comment")
        line = self.send(conversation, template)
        words = "Hola María José, tu cotización de el sofá está lista. ¿Seguimos?"
        self.assertEqual((line.body, line.author, line.user_id), (words, "person", self.seller))
        shown = line.mail_message_id
        self.assertIn(words, shown.body)
        self.assertEqual(shown.author_id, self.seller.partner_id)
        member = channel.sudo().channel_member_ids.filtered(lambda each: each.partner_id == self.seller.partner_id)
        self.assertEqual(member.message_unread_counter, 0, "their own words are no news to them")
        with patch(SEND, return_value="SM1") as send:
            self.work()
        self.assertEqual(send.call_args.kwargs["content"], (template.content_sid, {"1": "María José", "2": "el sofá"}))
        self.assertEqual((line.state, line.sid), ("sent", "SM1"))
        self.assertEqual(conversation.stage, "person", "what a person sends is answered by them")

    def test_what_stands_around_the_words_is_shown(self):
        conversation = self.begin()
        template = self.make_approved(
            header="Tu cotización", footer="Colineal", button_ids=[Command.create({"title": "Sí, sigamos"})]
        )
        line = self.send(conversation, template, {"1": "Ana", "2": "mesa"})
        self.work()
        self.assertEqual(line.state, "simulated")
        self.assertIn("<strong>Tu cotización</strong>", line.mail_message_id.body)
        shown = line._get_shown()["template"]
        self.assertEqual((shown["footer"], shown["buttons"][0]["title"]), ("Colineal", "Sí, sigamos"))

    def test_text_that_came_too_late_leads_to_a_template(self):
        conversation = self.begin(hours=1)
        channel = conversation._get_channel().with_user(self.seller)
        channel.message_post(body="Hola", message_type="comment", subtype_xmlid="mail.mt_comment")
        line = conversation.line_ids[-1]
        line._move_to("failed", error="late", error_code="63016")
        self.assertTrue(line._get_shown()["needs_template"])

    def test_every_variable_is_filled_in(self):
        conversation = self.begin()
        template = self.make_approved()
        mine = conversation.with_user(self.seller)
        self.assertEqual(mine.preview_template(template.id, {"1": "Ana", "2": " "})["missing"], ["2"])
        with self.assertRaises(UserError) as raised:
            mine.send_template(template.id, {"1": "Ana", "2": " \n"})
        self.assertIn("{{2}}", str(raised.exception))
        line = self.send(conversation, template, {"1": "Ana\nMora\t" + "x" * 300, "2": "mesa"})
        self.assertEqual(line.content["variables"]["1"][:10], "Ana Mora x")
        self.assertEqual(len(line.content["variables"]["1"]), 255)

    def test_only_approved_templates_of_the_account_are_offered(self):
        conversation = self.begin()
        template = self.make_approved()
        number = {"name": "Other", "number": "+593999000777", "account_sid": "AC" + "7" * 32}
        other = self.env["whatsapp.sender"].create({**number, "assistant_id": self.assistant.id})
        elsewhere = self.make_approved(sender_id=other.id, content_name="otra")
        mine = conversation.with_user(self.seller)
        self.assertEqual([each["id"] for each in mine.get_templates()], [template.id])
        for one in (elsewhere, self.make(content_name="borrador")):
            with self.assertRaises(UserError):
                mine.send_template(one.id, {"1": "Ana", "2": "mesa"})
        template.state = "paused"
        self.assertEqual(mine.get_templates(), [])

    def test_colleague_without_the_customer_sends_nothing(self):
        conversation, template = self.begin(), self.make_approved()
        other = new_test_user(self.env, "template-other", "sales_team.group_sale_salesman")
        for call in (
            lambda mine: mine.get_templates(),
            lambda mine: mine.preview_template(template.id, {}),
            lambda mine: mine.send_template(template.id, {"1": "Ana", "2": "mesa"}),
        ):
            with self.assertRaises(AccessError):
                call(conversation.with_user(other))
        self.assertFalse(conversation.line_ids.filtered("content"))

    def test_salespeople_read_what_is_approved_and_make_nothing(self):
        draft, approved = self.make(), self.make_approved(content_name="aprobada")
        found = (
            self.env["whatsapp.content.template"].with_user(self.seller).search([("id", "in", (draft | approved).ids)])
        )
        self.assertEqual(found, approved)
        with self.assertRaises(AccessError):
            found.name = "Otra"
        with self.assertRaises(AccessError):
            found.copy()
        for values in ({"content_sid": SID}, {"state": "approved"}, {"account_sid": "AC1"}):
            with self.assertRaises(AccessError):
                draft.with_user(self.manager).write(values)

    def test_who_wants_no_messages_gets_no_template(self):
        conversation, template = self.begin(), self.make_approved()
        line = self.send(conversation, template, {"1": "Ana", "2": "mesa"})
        conversation.contact_id._opt_out("customer")
        self.work()
        self.assertEqual(line.state, "dropped")
        offered = self.offer(conversation, template)
        self.assertIn("does not want messages", offered["fault"])
        with self.assertRaises(UserError):
            conversation.with_user(self.seller).send_template(template.id, {"1": "Ana", "2": "mesa"})

    def test_one_customer_gets_so_much_advertising_a_day(self):
        self.go_live()
        with patch(SEND, return_value="SM0"):
            conversation = self.begin()
        template = self.make_approved(category="marketing")
        values = {"1": "Ana", "2": "mesa"}
        first = self.send(conversation, template, values)
        with self.assertRaises(UserError):
            self.send(conversation, template, values)
        # Two colleagues at once come as far as the outbox.
        second = conversation._queue_template(template, values, self.seller)
        with patch(SEND, side_effect=["SM1", "SM2"]):
            self.work()
            self.work()
        self.assertEqual((first.state, second.state), ("sent", "failed"))
        self.assertIn("as much advertising", second.failure)
        self.assertTrue(self.offer(conversation, template)["fault"])
        first.sent_at = utcnow() - timedelta(hours=25)
        self.env.flush_all()
        self.assertFalse(self.offer(conversation, template)["fault"])
        self.sender.marketing_per_day = 0
        self.assertTrue(self.offer(conversation, template)["fault"])
        other = self.make_approved(content_name="util")
        self.assertFalse(self.offer(conversation, other)["fault"], "what is no advertising goes")

    def fail_to_deliver(self, line, code):
        error = delivery.DeliveryError(f"Twilio error {code}: no", delivery.PERMANENT, code)
        with patch(SEND, side_effect=error), mute_logger(OUTBOX):
            self.work()

    def test_advertising_that_whatsapp_held_back_waits_a_day(self):
        self.go_live()
        with patch(SEND, return_value="SM0"):
            conversation = self.begin()
        template = self.make_approved(category="marketing")
        line = self.send(conversation, template, {"1": "Ana", "2": "mesa"})
        self.fail_to_deliver(line, 63049)
        self.assertEqual((line.state, line.retry_at), ("failed", False))
        with self.assertRaises(UserError) as raised:
            line.with_user(self.seller).action_retry()
        self.assertIn("wait a day", str(raised.exception))
        self.assertIn("wait a day", self.offer(conversation, template)["fault"])
        line.sent_at = utcnow() - timedelta(hours=25)
        self.env.flush_all()
        line.with_user(self.seller).action_retry()
        self.assertEqual(line.state, "queued")

    def test_who_switched_advertising_off_gets_all_else(self):
        self.go_live()
        with patch(SEND, return_value="SM0"):
            conversation = self.begin()
        template = self.make_approved(category="marketing")
        self.fail_to_deliver(self.send(conversation, template, {"1": "Ana", "2": "mesa"}), 63033)
        self.assertTrue(conversation.contact_id.no_marketing_at)
        self.assertFalse(conversation.opted_out)
        self.assertIn("does not want advertising", self.offer(conversation, template)["fault"])
        with self.assertRaises(AccessError):
            conversation.contact_id.with_user(self.seller).action_allow_marketing()
        conversation.contact_id.with_user(self.manager).action_allow_marketing()
        self.assertFalse(self.offer(conversation, template)["fault"])

    def test_template_in_doubt_is_looked_for_by_more_than_its_words(self):
        """Twilio puts the words together: that they differ from ours by a blank must not send it twice."""
        self.go_live()
        with patch(SEND, return_value="SM0"):
            conversation = self.begin()
        line = self.send(conversation, self.make_approved(), {"1": "Ana", "2": "mesa"})
        with patch(SEND, side_effect=delivery.DeliveryError("?", delivery.UNKNOWN)), mute_logger(OUTBOX):
            self.work()
        self.assertEqual(line.state, "unknown")
        line.retry_at = utcnow() - timedelta(seconds=1)
        self.env.flush_all()
        with patch(FIND, return_value=["SM0", "SM9"]) as find, patch(SEND) as send:
            self.work()
        self.assertTrue(find.call_args.kwargs["filled"])
        send.assert_not_called()
        self.assertEqual((line.state, line.sid), ("sent", "SM9"))

    def test_template_reopens_a_closed_conversation(self):
        conversation, template = self.begin(), self.make_approved()
        conversation._get_channel()
        conversation.action_close()
        conversation.with_user(self.seller).send_template(template.id, {"1": "Ana", "2": "mesa"})
        again = self.get_conversation()
        self.assertNotEqual(again, conversation)
        self.assertEqual(again.line_ids.template_id, template)
        self.assertEqual(again.channel_id, conversation.channel_id)

    def test_from_a_lead(self):
        conversation = self.begin()
        lead = self.env["crm.lead"].create({"name": "Sofá", "user_id": self.seller.id})
        with self.assertRaises(UserError):
            lead.with_user(self.seller).action_send_whatsapp_template()
        conversation.lead_id = lead
        action = lead.with_user(self.seller).action_send_whatsapp_template()
        self.assertEqual(action["params"]["conversation_id"], conversation.id)

    def test_erased_words_leave_nothing_of_a_template(self):
        conversation = self.begin()
        line = self.send(conversation, self.make_approved(), {"1": "Ana Mora", "2": "mesa"})
        self.work()
        conversation._erase_words()
        self.assertFalse(line.content)
        self.assertFalse(line.body)
