import base64
import io
import json
import zipfile
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL, mute_logger
from psycopg2.errors import UniqueViolation

from ..gateway import delivery
from ..lib.clock import utcnow
from .common import CUSTOMER, WhatsappCase
from .test_media import VOICE, MediaCase

OTHER = "whatsapp:+593987654322"
PHONE = CUSTOMER.removeprefix("whatsapp:")
SCOPED = "whatsapp:EC.A1b2C3d4E5"
DELETE = "odoo.addons.colineal_whatsapp_crm.gateway.delivery.delete"
#: What the customer of these tests tells of herself, in the words that she uses.
TRACES = ("Josefina", "josefina@example.com", PHONE, "María José", "para mi abuelita")


class PrivacyCase(MediaCase, WhatsappCase):
    def tell_all(self, **parameters):
        """A customer leaves traces everywhere. Returns her conversation, which ended ten years ago."""
        self.customer("Soy Josefina, josefina@example.com, busco un sofá para mi abuelita, tengo $900", **parameters)
        conversation = self.get_conversation(parameters.get("customer", CUSTOMER))
        channel = conversation._get_channel()
        self.customer("", **VOICE, **parameters)
        channel.with_user(self.env.ref("base.user_admin")).sudo().message_post(
            body="Le escribo, Josefina",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[("sofa.txt", b"sofa")],
        )
        conversation.message_post(body="Josefina llamó")
        self.work()
        conversation.last_message_at = utcnow() - timedelta(days=3650)
        self.env.flush_all()
        return conversation

    def find_traces(self, *models):
        """Where in these models' tables the customer can still be read of."""
        self.env.flush_all()
        found = []
        for model in models:
            table = self.env[model]._table
            for trace in TRACES:
                self.env.cr.execute(f"SELECT id FROM {table} AS t WHERE t::text LIKE %s", [f"%{trace}%"])
                found += [(model, row[0], trace) for row in self.env.cr.fetchall()]
        return found


@tagged("post_install", "-at_install")
class TestRetention(PrivacyCase):
    def setUp(self):
        super().setUp()
        self.env["whatsapp.assistant"].search([]).write({"files_days": 0, "words_days": 0, "analysis_days": 0})

    def clean(self, **days):
        self.assistant.write(days)
        self.env.flush_all()
        self.run_job("ir_cron_erase_old")

    def test_nothing_goes_where_all_is_kept(self):
        conversation = self.tell_all()
        self.clean()
        self.assertEqual(conversation.stage, "person")
        self.assertTrue(conversation.line_ids[0].body)
        self.assertTrue(conversation.line_ids.attachment_ids)

    def test_files_go_first(self):
        conversation = self.tell_all()
        files = conversation.line_ids.attachment_ids | conversation.line_ids.outgoing_attachment_id
        self.assertEqual(len(files), 2)
        self.clean(files_days=30)
        self.assertFalse(files.exists())
        self.assertEqual(conversation.line_ids.mapped("media_state").count("erased"), 1)
        self.assertTrue(conversation.line_ids[0].body)

    def test_words_go_from_ledger_and_thread_and_figures_stay(self):
        conversation = self.tell_all()
        figures = ("quality", "completeness", "action", "product_interest", "create_date", "last_inbound_at")
        before = conversation.read(figures)
        count, channel = len(conversation.line_ids), conversation.channel_id
        self.clean(words_days=30)
        self.assertEqual(conversation.read(figures), before)
        self.assertEqual((len(conversation.line_ids), conversation.stage), (count, "closed"))
        self.assertFalse(channel.exists())
        self.assertFalse(conversation.line_ids.filtered("body") or conversation.line_ids.filtered("attachment_ids"))
        traces = {(model, trace) for model, _id, trace in self.find_traces("whatsapp.conversation.message")}
        self.assertEqual(traces, {("whatsapp.conversation.message", PHONE)}, "the address stays while the contact does")

    def test_analysis_goes_and_what_reports_show_stays(self):
        conversation = self.tell_all()
        turns, lead = conversation.classification_ids, conversation.lead_id
        figures = ("quality", "confidence", "action", "latency_ms", "provider")
        before = turns.read(figures)
        self.clean(words_days=30, analysis_days=30)
        self.assertEqual(turns.read(figures), before)
        self.assertEqual(conversation.product_interest, "sofá")
        self.assertTrue(turns.mapped("explanation"))
        self.assertFalse(conversation.customer_name or conversation.email)
        private = self.find_traces("whatsapp.classification", "whatsapp.conversation")
        self.assertEqual({trace for _model, _id, trace in private}, {PHONE})
        self.assertEqual((lead.contact_name, lead.phone), ("Josefina", PHONE), "leads keep what sales needs")

    def test_stranger_is_forgotten_with_the_last_word(self):
        self.customer("Hola", customer=OTHER)
        conversation = self.get_conversation(OTHER)
        conversation.last_message_at = utcnow() - timedelta(days=3650)
        contact = conversation.contact_id
        known = self.tell_all().contact_id
        self.clean(words_days=30, analysis_days=30)
        self.assertTrue(contact.erased_at)
        self.assertFalse(contact.phone)
        self.assertFalse(known.erased_at, "there is a lead")
        self.assertEqual(conversation.contact_id, contact)

    def test_young_conversation_is_left_alone(self):
        conversation = self.tell_all()
        conversation.last_message_at = utcnow() - timedelta(days=29)
        self.clean(words_days=30)
        self.assertFalse(conversation.words_erased_at)

    def test_conversation_that_lives_is_left_alone(self):
        conversation = self.tell_all()
        conversation.last_message_at = utcnow() - timedelta(days=5)
        self.assistant.ttl_days = 60
        self.clean(words_days=1)
        self.assertFalse(conversation.words_erased_at)

    def test_one_that_fails_stops_no_other(self):
        conversation = self.tell_all()
        self.customer("Hola", customer=OTHER)
        other = self.get_conversation(OTHER)
        other.last_message_at = utcnow() - timedelta(days=3650)
        erased = f"NEW.id = {conversation.id} AND NEW.words_erased_at IS NOT NULL"
        log = "odoo.addons.colineal_whatsapp_crm.models.conversation.retention"
        with self.failing_in_database("whatsapp_conversation", erased), mute_logger(log):
            self.clean(words_days=30)
        self.assertFalse(conversation.words_erased_at)
        self.assertTrue(other.words_erased_at)

    def test_next_message_begins_another_conversation(self):
        conversation = self.tell_all()
        self.clean(words_days=30, analysis_days=30)
        self.customer("Hola de nuevo")
        self.assertNotEqual(self.get_conversation(), conversation)
        channel = self.get_conversation()._get_channel()
        self.assertEqual(len(channel.message_ids), 2)

    # At Twilio

    def get_erasures(self):
        return self.env["whatsapp.twilio.erasure"].search([("sender_id", "=", self.sender.id)])

    def test_what_is_erased_here_is_deleted_at_twilio(self):
        conversation = self.tell_all()
        sids = set(conversation.line_ids.filtered("sid").mapped("sid"))
        with patch(DELETE) as delete:
            self.clean(words_days=30)
            self.run_job("ir_cron_erase_at_twilio")
        self.assertEqual({call.args[1] for call in delete.call_args_list}, sids)
        self.assertFalse(self.get_erasures())

    def test_what_is_to_stay_at_twilio_stays(self):
        self.sender.at_twilio = "keep"
        self.tell_all()
        self.clean(words_days=30)
        self.assertFalse(self.get_erasures())

    def test_deletion_is_tried_again_and_then_given_up(self):
        self.tell_all()
        self.clean(words_days=30)
        row = self.get_erasures()[0]
        (self.get_erasures() - row).unlink()
        with (
            patch(DELETE, side_effect=delivery.DeliveryError("not yet", delivery.LATER, 20009)),
            mute_logger("odoo.addons.colineal_whatsapp_crm.jobs.twilio_erasure"),
        ):
            for _attempt in range(7):
                row.retry_at = utcnow()
                self.env.flush_all()
                self.run_job("ir_cron_erase_at_twilio")
        self.assertEqual((row.attempts, row.retry_at, row.error), (7, False, "not yet"))

    def test_messages_are_deleted_at_twilio_once_they_are_here(self):
        self.sender.at_twilio = "handled"
        conversation = self.tell_all()
        first = conversation.line_ids[0]
        with patch(DELETE) as delete:
            self.run_job("ir_cron_erase_at_twilio")
            delete.assert_not_called()
            self.env.cr.execute(
                "UPDATE whatsapp_conversation_message SET create_date = now() - interval '1 day' WHERE id = %s",
                [first.id],
            )
            self.run_job("ir_cron_erase_at_twilio")
        self.assertEqual([call.args[1] for call in delete.call_args_list], [first.sid])
        self.assertTrue(first.left_twilio)
        self.assertTrue(first.body)


@tagged("post_install", "-at_install")
class TestLogs(WhatsappCase):
    def test_statement_that_fails_is_logged_without_its_values(self):
        self.customer("Hola")
        contact = self.get_conversation().contact_id
        again = SQL(
            "INSERT INTO whatsapp_contact_address (contact_id, kind, account, key, company_id, value)"
            " VALUES (%s, 'number', '', %s, %s, %s)",
            contact.id,
            CUSTOMER,
            contact.company_id.id,
            "Josefina D'Elía \\",
        )
        with (
            self.assertLogs("odoo.sql_db", "ERROR") as logs,
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(again)
        (line,) = logs.output
        self.assertIn("INSERT INTO whatsapp_contact", line)
        self.assertIn("duplicate key", line)
        for word in (PHONE[1:], "Josefina", "Elía"):
            self.assertNotIn(word, line)


@tagged("post_install", "-at_install")
class TestPerson(PrivacyCase):
    """Export and erase of one person."""

    def setUp(self):
        super().setUp()
        self.manager = new_test_user(self.env, "privacy manager", "sales_team.group_sale_manager")
        self.seller = new_test_user(self.env, "privacy seller", "sales_team.group_sale_salesman_all_leads")

    def erase(self, contact, **choices):
        wizard = Form(
            self.env["whatsapp.contact.erase"].with_user(self.manager).with_context(default_contact_id=contact.id)
        )
        for name, value in choices.items():
            setattr(wizard, name, value)
        wizard.save().action_erase()
        self.env.invalidate_all()

    def test_export_has_everything(self):
        contact = self.tell_all().contact_id
        self.assertIn(f"/{contact.id}/export_file/", contact.action_export()["url"])
        archive = zipfile.ZipFile(io.BytesIO(base64.b64decode(contact.with_user(self.manager).export_file)))
        data = json.loads(archive.read("data.json"))
        text = json.dumps(data, ensure_ascii=False)
        for trace in TRACES:
            self.assertIn(trace, text)
        (conversation,) = data["conversations"]
        self.assertEqual(conversation["messages"][0]["direction"], "inbound")
        self.assertEqual(conversation["known"]["name"]["value"], "Josefina")
        self.assertEqual(
            [note["text"] for note in conversation["notes"] if "llamó" in note["text"]], ["Josefina llamó"]
        )
        self.assertEqual(data["leads"][0]["x_product_interest"], "sofá")
        named = {path for message in conversation["messages"] for path in message["files"]}
        self.assertEqual(named | {"data.json"}, set(archive.namelist()))
        self.assertEqual(len(named), 2)

    def test_names_of_files_lead_nowhere(self):
        conversation = self.tell_all()
        line = conversation.line_ids[:1]
        names = ("x/.../.../etc/y", "..", "../../a.pdf", "C:\\Windows\\a.exe", "a\r\nb.pdf", "\u202efdp.exe", "/etc/passwd",
                 "a" * 300 + ".pdf", "~/x", "Plano de la sala (1).pdf", "año.jpg")  # fmt: skip
        for name in names:
            self.env["ir.attachment"].create({"name": name, "raw": b"x", "res_model": line._name, "res_id": line.id})
        self.env.invalidate_all()
        contact = conversation.contact_id.with_user(self.manager)
        archive = zipfile.ZipFile(io.BytesIO(base64.b64decode(contact.export_file)))
        paths = archive.namelist()
        self.assertEqual(len(set(paths)), len(paths))
        for path in set(paths) - {"data.json"}:
            self.assertRegex(path, r"\Afiles/\d+-\d+-[\w (][\w ().-]{0,110}\Z")
            self.assertNotIn("..", path)
        told = json.loads(archive.read("data.json"))["conversations"][0]["messages"]
        self.assertEqual({path for message in told for path in message["files"]} | {"data.json"}, set(paths))
        for name in ("Plano de la sala (1).pdf", "año.jpg", "a.pdf", "a.exe"):
            self.assertTrue(any(path.endswith(f"-{name}") for path in paths), name)

    def test_salesperson_can_neither_export_nor_erase(self):
        contact = self.tell_all().contact_id
        with self.assertRaises(AccessError):
            contact.with_user(self.seller).read(["export_file"])
        with self.assertRaises(AccessError):
            self.env["whatsapp.contact.erase"].with_user(self.seller).create({"contact_id": contact.id})
        with self.assertRaises(AccessError):
            self.env["whatsapp.twilio.erasure"].with_user(self.seller).search([])

    def test_erased_person_is_nowhere_to_be_found(self):
        conversation = self.tell_all()
        contact, channel, guest = conversation.contact_id, conversation.channel_id, conversation.contact_id.guest_id
        lead = conversation.lead_id
        lead.message_post(body="Josefina prefiere la tarde")
        with patch("odoo.addons.colineal_whatsapp_crm.lib.redis_cache.forget_conversation") as forget:
            self.erase(contact)
            self.env.cr.postcommit.run()
        forget.assert_called_with(self.env.cr.dbname, self.sender.id, CUSTOMER)
        self.assertFalse(channel.exists() or guest.exists())
        kinds = [name for name in self.env if name.startswith("whatsapp.") and self.env[name]._auto]
        kinds = [name for name in kinds if not self.env[name]._abstract and not self.env[name]._transient]
        others = ["crm.lead", "mail.message", "mail.activity", "mail.guest", "mail.tracking.value", "discuss.channel"]
        self.assertEqual(self.find_traces(*kinds, *others), [])
        self.assertEqual((lead.name, lead.x_product_interest, lead.x_quality_score), ("Erased customer", "sofá", "hot"))
        self.assertRegex(lead.message_ids.body, "personal data were erased|borraron los datos personales")
        self.assertEqual(len(self.get_erasures(contact)), 2)
        self.assertEqual(conversation.quality, "hot")
        self.assertEqual(contact.display_name, "Erased customer")

    def test_nothing_that_was_planned_for_later_goes_out(self):
        conversation = self.tell_all()
        lead = conversation.lead_id
        partner = self.env["res.partner"].create({"name": "Josefina", "email": TRACES[1]})
        lead.message_subscribe(partner.ids)
        tomorrow = (utcnow() + timedelta(days=1)).replace(microsecond=0)
        for record in (lead, conversation):
            model = self.env["ir.model"]._get_id(record._name)
            planned = self.env["mail.scheduled.message"].create(
                {
                    "model": record._name,
                    "res_id": record.id,
                    "body": "Estimada Josefina",
                    "partner_ids": partner.ids,
                    "author_id": self.env.user.partner_id.id,
                    "scheduled_date": tomorrow,
                }
            )
            planned.attachment_ids = self.env["ir.attachment"].create(
                {"name": "Josefina.txt", "raw": b"x", "res_model": planned._name, "res_id": planned.id}
            )
            self.env["ir.attachment"].create(
                {"name": "Josefina.pdf", "raw": b"x", "res_model": record._name, "res_id": record.id}
            )
            self.env["mail.activity"].create({"summary": "Josefina", "res_model_id": model, "res_id": record.id})
            self.env["calendar.event"].create(
                {"name": "Josefina", "start": tomorrow, "stop": tomorrow, "res_model_id": model, "res_id": record.id}
            )
            message = record.message_post(body="Josefina", partner_ids=partner.ids, subtype_xmlid="mail.mt_comment")
            self.env["mail.mail"].create({"mail_message_id": message.id, "body_html": "Josefina", "state": "outgoing"})
            if "sms.sms" in self.env:
                self.env["sms.sms"].create({"number": PHONE, "body": "Josefina", "mail_message_id": message.id})
        self.erase(conversation.contact_id)
        found = {}
        for model, name in (
            ("mail.scheduled.message", "body"),
            ("mail.activity", "summary"),
            ("calendar.event", "name"),
            ("ir.attachment", "name"),
            ("mail.mail", "body_html"),
            ("sms.sms", "body"),
            ("mail.message", "body"),
        ):
            if model in self.env:
                rows = self.env[model].with_context(active_test=False).search([(name, "ilike", "Josefina")])
                found[model] = len(rows)
        self.assertEqual(found, dict.fromkeys(found, 0))
        self.assertNotIn(partner, lead.message_partner_ids)

    def get_erasures(self, contact):
        return self.env["whatsapp.twilio.erasure"].search([("sender_id", "in", contact.conversation_ids.sender_id.ids)])

    def test_leads_are_kept_if_wanted(self):
        conversation = self.tell_all()
        lead = conversation.lead_id
        self.erase(conversation.contact_id, with_leads=False)
        self.assertEqual(lead.contact_name, "Josefina")

    def test_erased_person_who_writes_again_is_new(self):
        contact = self.tell_all().contact_id
        self.erase(contact)
        self.assertTrue(self.customer("Hola"))
        self.assertNotEqual(self.get_conversation().contact_id, contact)

    def test_who_wanted_no_messages_gets_none_after_the_erasure(self):
        for address in (CUSTOMER, SCOPED):
            self.customer("BAJA", customer=address)
            self.erase(self.get_conversation(address).contact_id)
            self.assertEqual(self.customer("Hola", customer=address), [])
            self.assertTrue(self.get_conversation(address).opted_out)

    def test_message_that_nobody_has_read_goes_too(self):
        contact = self.tell_all().contact_id
        waiting = self.receive("Otra cosa de Josefina")
        self.erase(contact)
        self.assertFalse(waiting.exists())

    def test_what_is_on_its_way_is_deleted_at_twilio_later_and_nothing_more_is_sent(self):
        contact = self.tell_all().contact_id
        reply = contact.conversation_ids.line_ids.filtered(lambda line: line.author == "person")
        reply.write({"state": "sending", "sid": False})
        other = reply.copy({"state": "queued"})
        self.erase(contact)
        self.assertEqual(other.state, "dropped")
        reply._set_sid("SM" + "9" * 32)
        self.assertIn(reply.sid, self.get_erasures(contact).mapped("sid"))

    def test_odoos_own_privacy_tool_finds_and_deletes(self):
        if "privacy.lookup.wizard" not in self.env:
            self.skipTest("Odoo's privacy tool is not installed")
        partner = self.env["res.partner"].create({"name": "Josefina", "email": TRACES[1], "phone": PHONE})
        conversation = self.tell_all()
        contact = conversation.contact_id
        self.assertEqual(contact.partner_id, partner)
        wizard = self.env["privacy.lookup.wizard"].create({"name": "Josefina", "email": TRACES[1]})
        wizard.action_lookup()
        ours = wizard.line_ids.filtered(lambda line: line.res_model.startswith("whatsapp."))
        self.assertEqual(set(ours.mapped("res_model")), {"whatsapp.contact", "whatsapp.conversation"})
        files = conversation.line_ids.attachment_ids
        ours.action_unlink_all()
        self.assertFalse(contact.exists() or conversation.exists() or files.exists())
        kinds = ("whatsapp.conversation.message", "whatsapp.classification", "mail.guest")
        self.assertEqual(self.find_traces(*kinds), [])
