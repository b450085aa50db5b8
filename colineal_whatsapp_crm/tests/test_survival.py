"""What becomes of a conversation when the records around it, or others' code, are not what they were."""

import logging
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..jobs import job_failure, worker
from ..lib.clock import utcnow
from ..lib.thread_calls import Calls
from ..lib.transactions import Backoff
from .common import CUSTOMER, WhatsappCase

_logger = logging.getLogger(__name__)

ADDON = "odoo.addons.colineal_whatsapp_crm"
#: What no log and no stored error may tell.
NAME, NUMBER, EMAIL = "Zenaida Quiñónez", CUSTOMER.removeprefix("whatsapp:"), "zenaida@example.com"


class SurvivalCase(WhatsappCase):
    """A customer with a partner and a lead, whose conversation a salesperson has open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.partner_id.lang = "en_US"
        cls.salesperson, cls.colleague = (
            new_test_user(cls.env, f"survival-{name}", "sales_team.group_sale_salesman") for name in ("one", "two")
        )
        cls.team = cls.env["crm.team"].create({"name": "Sofas", "user_id": cls.colleague.id})
        cls.env["crm.team.member"].create(
            [{"crm_team_id": cls.team.id, "user_id": user.id} for user in (cls.salesperson, cls.colleague)]
        )
        cls.sender.team_id = cls.team
        cls.partner = cls.env["res.partner"].create({"name": NAME, "phone": NUMBER})
        cls.other_company = cls.env["res.company"].create({"name": "Other"})

    def setUp(self):
        super().setUp()
        worker.backoff.reset()

    def begin(self):
        """The customer says who they are and what they want. Returns the conversation."""
        self.customer(f"Soy {NAME}, busco un sofá, tengo $900")
        conversation = self.get_conversation()
        conversation.lead_id.user_id = conversation.user_id = self.salesperson
        conversation._get_channel()
        self.env.flush_all()
        return conversation

    def run_sql(self, query, *params):
        self.env.flush_all()
        self.env.cr.execute(query, params)
        self.env.invalidate_all()

    @contextmanager
    def quietly(self):
        """The addon's own loggers may complain; what they say is kept, with their tracebacks as handlers write them."""
        with self.assertLogs("odoo", "INFO") as logs:
            _logger.warning("begin")
            yield logs


@tagged("post_install", "-at_install")
class TestRecords(SurvivalCase):
    """The table: what kind of record × what happened to it. Next the customer writes, and wants a person."""

    def thread_archived(self, conversation):
        conversation.channel_id.active = False

    def thread_archived_and_conversation_closed(self, conversation):
        conversation.channel_id.active = False
        conversation.action_close()

    def thread_archived_and_forgotten(self, conversation):
        conversation.channel_id.active = False
        conversation.channel_id = False

    def thread_deleted(self, conversation):
        conversation.channel_id.unlink()

    def thread_deleted_and_conversation_closed(self, conversation):
        conversation.channel_id.unlink()
        conversation.action_close()

    def messages_of_thread_deleted(self, conversation):
        conversation.line_ids.mail_message_id.unlink()

    def partner_archived(self, _conversation):
        self.partner.active = False

    def partner_archived_and_lead_gone(self, conversation):
        conversation.lead_id.unlink()
        self.partner.active = False

    def partner_deleted(self, conversation):
        conversation.lead_id.partner_id = False
        self.partner.unlink()

    def partner_merged(self, _conversation):
        twin = self.env["res.partner"].create({"name": "Twin"})
        self.env["base.partner.merge.automatic.wizard"]._merge((self.partner | twin).ids, twin)

    def partner_of_another_company(self, conversation):
        conversation.lead_id.unlink()
        self.partner.company_id = self.other_company

    def team_archived(self, conversation):
        conversation.lead_id.unlink()
        self.team.active = False

    def team_deleted(self, conversation):
        conversation.lead_id.unlink()
        self.team.unlink()

    def team_of_another_company(self, conversation):
        conversation.lead_id.unlink()
        self.team.member_ids = False
        self.team.user_id = False
        self.run_sql("UPDATE crm_team SET company_id = %s WHERE id = %s", self.other_company.id, self.team.id)

    def support_team_archived(self, _conversation):
        self.assistant.support_team_id = self.env["crm.team"].create({"name": "Support", "active": False})

    def salesperson_archived(self, _conversation):
        self.salesperson.active = False

    def salesperson_archived_and_lead_gone(self, conversation):
        conversation.lead_id.unlink()
        self.salesperson.active = False

    def salesperson_of_another_company(self, conversation):
        conversation.lead_id.unlink()
        self.salesperson.write(
            {"company_ids": [Command.set(self.other_company.ids)], "company_id": self.other_company.id}
        )

    def salesperson_without_rights(self, _conversation):
        self.salesperson.group_ids = self.env.ref("base.group_user")

    def whole_team_archived(self, _conversation):
        (self.salesperson | self.colleague).active = False

    def language_switched_off(self, _conversation):
        partner = self.sender.company_id.partner_id
        self.run_sql("UPDATE res_partner SET lang = 'pt_BR' WHERE id = %s", partner.id)

    def company_archived(self, _conversation):
        self.run_sql("UPDATE res_company SET active = false WHERE id = %s", self.sender.company_id.id)

    def assistant_archived(self, _conversation):
        self.assistant.active = False

    def assistant_replaced(self, conversation):
        self.sender.assistant_id = self.assistant.copy({"coalescing_seconds": 0})

    def author_of_assistant_deleted(self, conversation):
        author = self.assistant._get_partner()
        self.assistant.partner_id = False
        author.unlink()

    def wordings_of_last_turn_deleted(self, conversation):
        conversation.line_ids.wording_ids.unlink()

    def interest_archived(self, _conversation):
        self.env["whatsapp.interest"].search([("name", "=", "sofá")]).active = False

    def interest_deleted(self, _conversation):
        self.env["whatsapp.interest"].search([("name", "=", "sofá")]).unlink()

    def every_interest_deleted(self, _conversation):
        self.env["whatsapp.interest"].with_context(active_test=False).search([]).unlink()

    def guest_deleted(self, conversation):
        conversation.contact_id.partner_id = False
        conversation.contact_id._get_guest().unlink()

    def lead_archived(self, conversation):
        conversation.lead_id.active = False

    def lead_deleted(self, conversation):
        conversation.lead_id.unlink()

    def lead_won(self, conversation):
        conversation.lead_id.action_set_won()

    def lead_merged(self, conversation):
        twin = self.env["crm.lead"].create({"name": "Twin", "type": "opportunity", "user_id": self.salesperson.id})
        (twin | conversation.lead_id).merge_opportunity()

    def lead_of_another_company(self, conversation):
        lead = conversation.lead_id
        lead.write({"team_id": False, "user_id": False, "partner_id": False})
        lead.company_id = self.other_company

    def tags_deleted(self, conversation):
        self.env["crm.tag"].search([]).unlink()

    def source_deleted(self, conversation):
        source = conversation.lead_id.source_id
        self.env["crm.lead"].with_context(active_test=False).search([("source_id", "=", source.id)]).unlink()
        source.unlink()

    def activity_deleted(self, conversation):
        self.customer("Quiero hablar con una persona")
        conversation.handover_id.activity_id.unlink()
        conversation.action_hand_back()

    def activity_type_archived(self, _conversation):
        self.env.ref("mail.mail_activity_data_todo").active = False

    def turns_deleted(self, conversation):
        conversation.classification_ids.unlink()

    def server_actions_deleted(self, _conversation):
        for action in ("create_lead", "gather_more_details", "ask_clarifying_question", "transfer_to_support"):
            self.env.ref(f"colineal_whatsapp_crm.action_{action}").unlink()

    def helper_job_deleted(self, _conversation):
        self.env.ref("colineal_whatsapp_crm.ir_cron_helper").unlink()
        self.env.ref("colineal_whatsapp_crm.ir_cron_look_after").unlink()

    def working_hours_deleted(self, _conversation):
        calendar = self.env["resource.calendar"].create({"name": "Shop", "tz": "America/Guayaquil"})
        self.assistant.resource_calendar_id = calendar
        self.env.flush_all()
        self.assistant.resource_calendar_id = False
        calendar.unlink()

    #: Where people must know: the shop's own server action is gone, and the addon's own steps stand in for it.
    told = ("server_actions_deleted",)

    def check(self, case):
        conversation = self.begin()
        getattr(self, case)(conversation)
        self.env.flush_all()
        self.env.invalidate_all()
        muted = mute_logger(*([f"{ADDON}.models.conversation.base", f"{ADDON}.lib.guard"] if case in self.told else []))
        with muted:
            replies = self.customer("¿Y cuánto cuesta el envío a Quito?")
            self.assertTrue(replies, "answered")
            conversation = self.get_conversation()
            self.assertEqual(
                conversation.line_ids.filtered(lambda line: line.state == "received"), conversation.line_ids[:0]
            )
            self.assertFalse(conversation.failures)
            if case not in self.told:
                self.assertFalse(conversation.error)
            self.customer("Quiero hablar con una persona")
        self.assertTrue(conversation.awaited_since, "a person is called")
        self.assertTrue(conversation._filter_assignable(conversation.user_id), "who can come")
        self.assertEqual(conversation.handover_id.activity_id.user_id, conversation.user_id)
        channel = conversation.channel_id
        self.assertTrue(channel.active)
        self.assertIn("Quiero hablar con una persona", channel.message_ids.mapped("preview"))
        self.assertIn(conversation.user_id.partner_id, channel.channel_member_ids.partner_id)
        if case not in self.told:
            self.assertFalse(self.env["whatsapp.job.failure"].search([]))


def _add_cases():
    def make(case):
        def test(self):
            self.check(case)

        return test

    helpers = {"check"}
    for case, method in list(vars(TestRecords).items()):
        if callable(method) and not case.startswith(("test", "_")) and case not in helpers:
            setattr(TestRecords, f"test_{case}", make(case))


_add_cases()


@tagged("post_install", "-at_install")
class TestOthersCode(SurvivalCase):
    """What others' code breaks is left out and told; customers are answered, and a person called, at once."""

    def breaking(self, model, method, only=None):
        """Others' code breaks a method of a model; its error names the customer."""
        original = getattr(type(self.env[model]), method)

        def failing(records, *args, **kwargs):
            if only and not only(records, *args, **kwargs):
                return original(records, *args, **kwargs)
            # pylint: disable-next=translation-required
            raise ValidationError(f"{NAME} ({NUMBER}, {EMAIL}) has no VAT number")

        return patch.object(type(self.env[model]), method, failing)

    def check_logs(self, logs):
        """Nobody is named, in whatever logger's words."""
        text = "\n".join(logs.output)
        for told in (NAME, "Zenaida", "Quiñónez", NUMBER, NUMBER[1:], EMAIL):
            self.assertNotIn(told, text)

    def check_error(self, error):
        self.assertIn("has no VAT number", error)
        self.assertNotIn("Zenaida", error)
        self.assertNotIn(NUMBER[-6:], error)
        self.assertNotIn("@", error)

    def test_lead_that_cannot_be_made(self):
        with self.breaking("crm.lead", "create"), self.quietly() as logs:
            replies = self.customer(f"Soy {NAME}, busco un sofá, tengo $900")
        conversation = self.get_conversation()
        self.assertTrue(replies, "the customer is answered at once")
        self.assertFalse(conversation.lead_id)
        self.assertTrue(conversation.awaited_since, "and a person called")
        self.assertEqual((conversation.handover_reason, conversation.stage), ("no_lead", "lead"))
        self.assertEqual(conversation.lead_failures, 1)
        self.assertGreater(conversation.lead_retry_at, utcnow())
        self.check_error(conversation.lead_error)
        self.assertFalse(conversation.error, "said once")
        self.assertEqual(self.env["whatsapp.job.failure"].search([("job", "=", "lead")]).display_name, "Make the lead")
        self.check_error(self.env["whatsapp.job.failure"].search([("job", "=", "lead")]).error)
        self.check_logs(logs)
        with self.breaking("crm.lead", "create"), self.quietly():
            self.assertTrue(self.customer("¿Cuánto cuesta el envío?"), "nor does the next answer wait for it")
        self.assertEqual(conversation.lead_failures, 1, "its time has not come")
        conversation.lead_retry_at = utcnow()
        self.run_job("ir_cron_idle_leads")
        self.assertEqual(conversation.lead_id.x_product_interest, "sofá")
        self.assertFalse(conversation.lead_error or conversation.lead_failures or conversation.lead_retry_at)

    def test_lead_that_never_can_be_made_comes_to_an_end(self):
        with self.breaking("crm.lead", "create"), self.quietly():
            self.customer(f"Soy {NAME}, busco un sofá, tengo $900")
            conversation = self.get_conversation()
            for _try in range(8):
                if conversation.lead_retry_at:
                    conversation.lead_retry_at = utcnow()
                self.run_job("ir_cron_idle_leads")
        self.assertEqual(conversation.lead_failures, 7)
        self.assertFalse(conversation.lead_retry_at)
        self.check_error(conversation.lead_error)
        with self.assertRaises(ValidationError), self.breaking("crm.lead", "create"):
            conversation.with_user(conversation.user_id).action_retry_lead()
        conversation.with_user(conversation.user_id).action_retry_lead()
        self.assertTrue(conversation.lead_id)

    def test_required_field_of_the_shop(self):
        """As Studio makes them: PostgreSQL's error quotes the whole row."""
        self.env["ir.model.fields"].create(
            {
                "name": "x_survival_ruc",
                "field_description": "RUC",
                "model_id": self.env["ir.model"]._get("crm.lead").id,
                "ttype": "char",
            }
        )
        self.run_sql("ALTER TABLE crm_lead ADD CONSTRAINT survival CHECK (x_survival_ruc IS NOT NULL) NOT VALID")
        with self.quietly() as logs:
            replies = self.customer(f"Soy {NAME}, busco un sofá, tengo $900")
        conversation = self.get_conversation()
        self.assertTrue(replies)
        self.assertTrue(conversation.awaited_since and conversation.lead_error)
        self.assertNotIn("Zenaida", conversation.lead_error)
        self.assertNotIn("DETAIL", conversation.lead_error)
        self.check_logs(logs)

    def test_update_of_a_lead_that_fails(self):
        conversation = self.begin()
        with self.breaking("crm.lead", "write"), self.quietly():
            self.assertTrue(self.customer("Mejor mi presupuesto es $2500"))
        self.assertTrue(conversation.lead_error)

    def test_idle_lead_that_fails_keeps_no_other_waiting(self):
        other = "whatsapp:+593987654322"
        self.customer(f"Soy {NAME}")
        self.customer("Soy Luis", customer=other)
        conversations = self.get_conversation() | self.get_conversation(other)
        conversations.last_inbound_at = utcnow() - timedelta(hours=30)
        failing = self.breaking("crm.lead", "create", lambda _leads, values: "Zenaida" in str(values))
        with failing, self.quietly():
            self.run_job("ir_cron_idle_leads")
        self.assertFalse(self.get_conversation().lead_id)
        self.check_error(self.get_conversation().lead_error)
        self.assertTrue(self.get_conversation(other).lead_id)

    def test_action_that_administrators_broke(self):
        for action in ("create_lead", "transfer_to_support", "ask_clarifying_question"):
            self.env.ref(f"colineal_whatsapp_crm.action_{action}").code = f"raise UserError('{NAME} has no VAT number')"
        with self.quietly() as logs:
            self.assertEqual(self.customer("Hola"), ["¿En qué puedo ayudarte hoy?"])
            (reply,) = self.customer(f"Soy {NAME}, busco un sofá, tengo $900")
            self.assertIn("asesor", reply)
            conversation = self.get_conversation()
            self.assertEqual(conversation.lead_id.contact_name, NAME)
            self.check_error(conversation.error)
            (reply,) = self.customer("Mi sofá llegó roto, quiero un reclamo")
            self.assertIn("una persona de nuestro equipo", reply)
        self.assertTrue(conversation.awaited_since)
        self.check_logs(logs)
        failure = self.env["whatsapp.job.failure"].search([("job", "=", "action")])
        self.assertEqual(failure.failures, 3)
        self.check_error(failure.error)

    def test_each_part_of_a_turn(self):
        """The customer wants a person; whichever part of that fails, they are answered and somebody is called."""
        cases = (
            ("mail.activity", "create"),
            ("discuss.channel", "create"),
            ("discuss.channel", "write"),
            ("discuss.channel", "message_post"),
            ("discuss.channel", "_notify_thread"),
            ("discuss.channel", "_add_members"),
            ("mail.message", "create"),
            ("crm.tag", "create"),
            ("res.partner", "create"),
            ("utm.mixin", "_find_or_create_record"),
            ("whatsapp.conversation", "activity_schedule"),
        )
        for number, (model, method) in enumerate(cases):
            with self.subTest(model=model, method=method), ExitStack() as stack:
                customer = f"whatsapp:+5939870001{number:02d}"
                # As at the beginning, so that every part has its turn.
                self.assistant.partner_id = False
                self.env["crm.tag"].search([]).unlink()
                self.env.flush_all()
                stack.enter_context(self.breaking(model, method))
                logs = stack.enter_context(self.quietly())
                (reply,) = self.customer(f"Soy {NAME}, busco un sofá, tengo $900", customer=customer)
                self.assertIn("asesor", reply)
                (reply,) = self.customer("Quiero hablar con una persona", customer=customer)
                self.assertIn("asesor", reply)
                conversation = self.get_conversation(customer)
                self.assertTrue(conversation.awaited_since and conversation.user_id)
                self.assertFalse(conversation.failures)
                self.check_logs(logs)

    def test_turn_that_always_fails_comes_to_an_end(self):
        """Not even an error that looks like a lost race is tried for ever."""
        # Four turns, each as it is and part by part, but after a lost race; what may be a race three times each.
        kinds = (
            ("23505", "UniqueViolation", 4 * 2 * 3),
            ("40001", "SerializationFailure", 4 * 3),
            ("22012", "DivisionByZero", 4 * 2),
        )
        for number, (sqlstate, name, most) in enumerate(kinds):
            with self.subTest(name):
                customer = f"whatsapp:+59398700020{number}"
                self.receive("Hola", customer=customer)
                with self.failing_in_database("whatsapp_classification", "TRUE", sqlstate) as count, self.quietly():
                    for _try in range(6):
                        self.work()
                        conversation = self.get_conversation(customer)
                        if conversation.due_at:
                            conversation.due_at = utcnow() - timedelta(seconds=1)
                            self.env.flush_all()
                    self.assertEqual(count(), most)
                self.assertFalse(conversation.due_at)
                self.assertEqual((conversation.failures, conversation.stage), (4, "person"))
                self.assertTrue(conversation.awaited_since and conversation.user_id)
                self.assertIn(name, conversation.error)

    def test_person_is_called_though_nothing_works(self):
        no_turn = self.failing_in_database("whatsapp_classification", "TRUE")
        nobody = self.failing_in_database("whatsapp_handover", "NEW.user_id IS NOT NULL")
        self.receive("Hola")
        with no_turn, nobody as count, self.quietly():
            for _try in range(6):
                self.work()
                conversation = self.get_conversation()
                if conversation.due_at:
                    conversation.due_at = utcnow() - timedelta(seconds=1)
                    self.env.flush_all()
            self.assertEqual(count(), 2, "as it is, and part by part")
        self.assertEqual((conversation.stage, conversation.handover_reason), ("person", "parked"))
        self.assertTrue(conversation.waiting_since and conversation.error and not conversation.due_at)

    def test_messages_that_find_no_conversation_come_to_an_end(self):
        message = self.receive("Hola")
        with self.failing_in_database("whatsapp_conversation", "TRUE", "23505") as count, self.quietly() as logs:
            for _try in range(9):
                self.work()
                if message.retry_at < utcnow() + timedelta(days=300):
                    message.retry_at = utcnow() - timedelta(seconds=1)
                    self.env.flush_all()
            self.assertEqual(count(), 7 * 2 * 3, "seven times, as it is and part by part, and each may be a race")
        self.assertGreater(message.retry_at, utcnow() + timedelta(days=300))
        self.check_logs(logs)
        failure = self.env["whatsapp.job.failure"].search([("job", "=", "route")])
        self.assertTrue(failure.activity_ids, "an administrator is told")
        self.assertTrue(self.customer("¿Hola?"), "the customer's next message brings the others along")
        self.assertEqual(message.state, "handled")
        self.assertFalse(failure.exists())

    def test_messages_that_lost_a_race_wait_as_long_as_that_says(self):
        """And not until the worker is called again; what is tried no more is not waited for."""
        message = self.receive("Hola")
        for wait, most in ((timedelta(seconds=2), 2), (timedelta(days=3650), None)):
            message.write({"retry_at": utcnow() + wait, "attempts": 1})
            with self.as_worker() as env:
                seconds = env["whatsapp.worker"]._get_seconds_to_next()
            if most:
                self.assertLessEqual(seconds, most)
            else:
                self.assertTrue(seconds is None or seconds < 365 * 24 * 3600, seconds)

    def test_parameter_that_came_twice_keeps_nobody_waiting(self):
        """Twilio sends each once; whatever else comes must not stop the step that all customers wait for."""
        names = ("ProfileName", "OriginalRepliedMessageSid", "DateSent", "OptOutType", "Latitude", "MediaUrl0")
        odd = self.receive("Hola")
        odd.parameters = {**odd.parameters, **{name: ["a", "b"] for name in names}, "NumMedia": ["1", "1"]}
        routed = f"NEW.id = {odd.id} AND NEW.conversation_id IS NOT NULL"
        with self.failing_in_database("whatsapp_conversation_message", routed), self.quietly():
            other = self.receive("Hola", customer="whatsapp:+593987654322")
            self.work()
        self.assertEqual(other.state, "handled")
        self.assertTrue(odd.retry_at)
        odd.retry_at = False
        self.work()
        self.assertEqual(odd.state, "handled")
        self.assertEqual(odd.conversation_id.contact_id.profile_name, "a")

    def test_error_that_quotes_markup_is_shown_as_it_is(self):
        error = ValueError('<a href="https://evil.example">Log in again</a>')
        with self.quietly(), self.as_worker() as env:
            for _time in range(job_failure.ALERT_AFTER):
                env["whatsapp.job.failure"]._record("gaps", error, lasting=True)
        note = self.env["whatsapp.job.failure"].search([("job", "=", "gaps")]).activity_ids.note
        self.assertIn("&lt;a href", note)
        self.assertNotIn("<a", note)

    def test_step_that_fails_stops_no_other(self):
        free, tries = Calls.free, []

        def fail(calls, lane):
            if lane == "fetch":
                tries.append(lane)
                raise ZeroDivisionError
            return free(calls, lane)

        with patch.object(Calls, "free", fail), self.quietly():
            self.assertEqual(self.customer("Hola"), ["¿En qué puedo ayudarte hoy?"])
        self.assertLessEqual(len(tries), 8, "it is tried less and less often")
        failure = self.env["whatsapp.job.failure"].search([("job", "=", "fetch")])
        self.assertTrue(failure.retry_at)
        with patch.object(Backoff, "is_due", return_value=True):
            self.work()
        self.assertFalse(failure.exists(), "it works again")

    def test_message_that_cannot_be_prepared_stops_no_other(self):
        other = "whatsapp:+593987654322"
        self.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "secret"})
        self.receive("Hola")
        self.receive("Hola", customer=other)
        self.read_only()
        line = self.get_conversation().line_ids[-1]
        failing = self.failing_in_database(
            "whatsapp_conversation_message", f"NEW.id = {line.id} AND NEW.state = 'sending'"
        )
        with failing, patch(f"{ADDON}.gateway.delivery.send", return_value="SM1") as send, self.quietly():
            self.work()
        send.assert_called_once()
        self.assertIn("something is in the way", line.error)
        self.assertEqual(self.get_conversation(other).line_ids[-1].state, "sent")
        self.assertEqual(self.get_conversation().line_ids[-1].state, "failed")
