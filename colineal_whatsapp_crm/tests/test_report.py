from datetime import UTC, datetime, timedelta

from freezegun import freeze_time
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..gateway.identity import identify
from ..report import kpis
from ..understanding import Slot, State
from ..understanding.llm.client import Call
from .common import CUSTOMER, WhatsappCase

NOW = "2026-03-10 12:00:00"

#: One conversation a line. Its columns: when it was begun (UTC; the shop is five hours behind), seconds to the assistant's
#: first answer, minutes until a person was called and wrote, minutes to the lead and to the last message, messages
#: received and sent, stage, quality, products, city, salesperson, what became of the lead, the last action.
CONVERSATIONS = """
03-02 14:00 | 10 | -    | 5    | 6  | 3 3 | lead      | hot  | sofá      | Quito     | ana   | won     | create_lead
03-02 14:30 | 20 | -    | 15   | 20 | 5 5 | lead      | hot  | sofá,cama | Quito     | ana   | pending | create_lead
03-02 20:00 | 30 | -    | -    | 1  | 1 1 | gathering | warm | cama      | Cuenca    | -     | -       | request_contact_info
03-03 15:00 | 40 | 2 12 | 30   | 60 | 8 7 | person    | hot  | comedor   | Guayaquil | bruno | lost    | gather_more_details
03-09 04:30 | 50 | -    | -    | 2  | 2 2 | ready     | warm | sofá      | -         | -     | -       | gather_more_details
03-09 05:10 | -  | -    | -    | 0  | 1 0 | new       | -    | -         | -         | -     | -       | -
03-04 13:00 | 60 | 0 30 | -    | 45 | 4 4 | support   | cold | -         | -         | bruno | -       | transfer_to_support
03-05 22:00 | 10 | -    | 1440 | 1  | 2 2 | lead      | warm | cama      | Cuenca    | -     | pending | gather_more_details
03-06 01:00 | 20 | -    | -    | 3  | 2 2 | closed    | cold | -         | -         | -     | -       | ask_about_interest
03-07 17:00 | 30 | -    | 10   | 10 | 4 3 | lead      | warm | comedor   | Quito     | ana   | won     | create_lead
03-10 10:00 | 40 | -    | -    | 5  | 3 3 | gathering | cold | -         | Quito     | bruno | -       | ask_about_interest
03-08 16:00 | 20 | - 80 | -    | 87 | 6 6 | person    | hot  | sofá      | Guayaquil | ana   | -       | request_contact_info
"""
ROWS = CONVERSATIONS.strip().splitlines()
#: Those of the second sender, without a team; from one.
SECOND = (10, 12)


class ReportCase(WhatsappCase):
    """A week of twelve conversations, one of the simulator and one of another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["whatsapp.conversation"].search([]).unlink()
        cls.ana = new_test_user(cls.env, "ana", groups="sales_team.group_sale_salesman", tz="America/Guayaquil")
        cls.bruno = new_test_user(cls.env, "bruno", groups="sales_team.group_sale_salesman")
        cls.chief = new_test_user(cls.env, "chief", groups="sales_team.group_sale_manager", tz="America/Guayaquil")
        cls.team = cls.env["crm.team"].create({"name": "WhatsApp", "member_ids": (cls.ana | cls.bruno).ids})
        cls.sender.team_id = cls.team
        cls.assistant.resource_calendar_id = cls.env["resource.calendar"].create(
            {"name": "Shop", "tz": "America/Guayaquil"}
        )
        cls.second = cls.sender.copy({"name": "Second", "number": "+593999000333", "team_id": False})
        cls.source = cls.env["utm.mixin"]._find_or_create_record("utm.source", "WhatsApp")
        cls.conversations = cls.env["whatsapp.conversation"]
        for number, row in enumerate(ROWS, 1):
            cls.conversations += cls.make(number, cls.second if number in SECOND else cls.sender, row)
        cls.make(13, cls.env["whatsapp.simulator"]._get_sender(cls.assistant.id), ROWS[0])
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        foreign = cls.sender.copy({"number": "+593999000444", "company_id": cls.other_company.id, "team_id": False})
        cls.foreign = cls.make(14, foreign, ROWS[0])
        cls.env.flush_all()

    @classmethod
    def make(cls, number, sender, row):
        cells = [None if cell.strip() == "-" else cell.strip() for cell in row.split("|")]
        begun, answered, person, lead, whole, count, stage, quality, products, city, user, became, action = cells
        begun = datetime.strptime(f"2026-{begun}", "%Y-%m-%d %H:%M")
        asked, wrote = (person or "- -").split()
        received, sent = map(int, count.split())

        def at(minutes):
            return begun + timedelta(minutes=int(minutes)) if minutes not in (None, "-") else False

        slots = {"products": Slot(tuple(products.split(",")), 1.0)} if products else {}
        if city:
            slots["city"] = Slot(city, 1.0)
        contact = cls.env["whatsapp.contact"]._get_or_create(
            identify(f"whatsapp:+5939800000{number:02}", profile_name=f"Customer {number}"), sender.company_id
        )
        values = {
            "contact_id": contact.id,
            "sender_id": sender.id,
            "user_id": user and cls.env["res.users"].search([("login", "=", user)]).id,
            "stage": stage,
            "quality": quality,
            "action": action,
            "understanding": State(slots).to_json(),
            "first_inbound_at": begun,
            "first_assistant_at": answered and begun + timedelta(seconds=int(answered)),
            "person_asked_at": at(asked),
            "first_person_at": at(wrote),
            "lead_at": at(lead),
            # Ana writes four minutes after a lead, Bruno twelve.
            "lead_answered_at": became and user and at(lead) + timedelta(minutes={"ana": 4, "bruno": 12}[user]),
            "last_message_at": at(whole),
            "last_inbound_at": at(whole),
            "waiting_since": begun if not sent else False,
            "inbound_count": received,
            "outbound_count": sent,
            "lead_id": became and cls.make_lead(became).id,
        }
        return cls.env["whatsapp.conversation"].create(values)

    @classmethod
    def make_lead(cls, became):
        lead = cls.env["crm.lead"].create(
            {"name": "Sofa", "type": "opportunity", "source_id": cls.source.id, "user_id": False}
        )
        if became == "won":
            lead.action_set_won()
        elif became == "lost":
            lead.action_set_lost()
        return lead

    def get_figures(self, user=None, date_from=None, date_to=None, domain=()):
        report = self.env["whatsapp.conversation.report"].with_user(user or self.chief)
        with freeze_time(NOW):
            return report._get_kpis(date_from, date_to, domain)

    def search_report(self, domain, user=None):
        """The numbers of the conversations that the report finds, in the order of the table above."""
        with freeze_time(NOW):
            rows = self.env["whatsapp.conversation.report"].with_user(user or self.chief).search(domain)
        return sorted(self.conversations.ids.index(row.id) + 1 for row in rows)


@tagged("post_install", "-at_install")
class TestAnswers(ReportCase):
    def assertBreakdown(self, groups, expected):
        """Groups of {label: (conversations, leads, won)}; the one without a value is None."""
        self.assertEqual(
            {group["label"]: (group["conversations"], group["leads"], group["won"]) for group in groups}, expected
        )

    def test_active_completed_and_abandoned(self):
        self.assertEqual(
            self.get_figures()["conversations"], {"total": 12, "active": 6, "completed": 5, "abandoned": 1}
        )
        self.assertEqual(self.search_report([("progress", "=", "abandoned")]), [3])
        self.assertEqual(self.search_report([("progress", "=", "completed")]), [1, 2, 8, 9, 10])

    def test_conversion_to_lead_and_to_won(self):
        conversion = self.get_figures()["conversion"]
        self.assertEqual((conversion["leads"], conversion["won"]), (5, 2))
        self.assertAlmostEqual(conversion["lead_rate"], 0.416667, 5)
        self.assertAlmostEqual(conversion["won_rate"], 0.166667, 5)

    def test_times(self):
        self.assertEqual(
            self.get_figures()["times"],
            {
                "assistant_answer_seconds": 30,
                "person_answer_minutes": 20,
                "lead_minutes": 300,
                "lead_answer_minutes": 6,
                "conversation_minutes": 20,
            },
        )

    def test_messages(self):
        messages = self.get_figures()["messages"]
        self.assertEqual((messages["received"], messages["sent"], messages["total"]), (41, 38, 79))
        self.assertAlmostEqual(messages["per_conversation"], 6.58333, 4)
        self.assertAlmostEqual(messages["per_lead"], 8.4)

    def test_quality(self):
        self.assertEqual(
            self.get_figures()["quality"],
            {
                "hot": {"conversations": 4, "leads": 3},
                "warm": {"conversations": 4, "leads": 2},
                "cold": {"conversations": 3, "leads": 0},
                "none": {"conversations": 1, "leads": 0},
            },
        )

    def test_question_at_which_customers_stopped_answering(self):
        drop_off = self.get_figures()["drop_off"]
        self.assertEqual(drop_off[0], {"question": "gather_more_details", "conversations": 2, "without_lead": 1})
        self.assertCountEqual(
            drop_off[1:],
            [
                {"question": "request_contact_info", "conversations": 1, "without_lead": 1},
                {"question": "ask_about_interest", "conversations": 1, "without_lead": 1},
            ],
        )
        self.assertEqual(self.search_report([("stopped_at", "!=", False)]), [3, 5, 8, 9])

    def test_breakdowns(self):
        figures = self.get_figures()
        self.assertBreakdown(
            figures["by_stage"],
            {
                "New": (1, 0, 0),
                "Gathering": (2, 0, 0),
                "Ready": (1, 0, 0),
                "Lead": (4, 4, 2),
                "Support": (1, 0, 0),
                "With a person": (2, 1, 0),
                "Closed": (1, 0, 0),
            },
        )
        self.assertBreakdown(
            figures["by_quality"], {"Hot": (4, 3, 1), "Warm": (4, 2, 1), "Cold": (3, 0, 0), None: (1, 0, 0)}
        )
        self.assertBreakdown(
            figures["by_city"], {"Quito": (4, 3, 2), "Cuenca": (2, 1, 0), "Guayaquil": (2, 1, 0), None: (4, 0, 0)}
        )
        self.assertBreakdown(figures["by_source"], {"WhatsApp": (5, 5, 2), None: (7, 0, 0)})
        self.assertBreakdown(figures["by_sender"], {"Test": (10, 4, 1), "Second": (2, 1, 1)})
        self.assertBreakdown(figures["by_team"], {"WhatsApp": (10, 4, 1), None: (2, 1, 1)})
        self.assertBreakdown(
            figures["by_salesperson"],
            {self.ana.name: (4, 3, 2), self.bruno.name: (3, 1, 0), None: (5, 1, 0)},
        )

    def test_conversation_about_two_products_counts_for_both(self):
        figures = self.get_figures()
        self.assertBreakdown(
            figures["by_product"],
            {"sofá": (4, 2, 1), "cama": (3, 2, 0), "comedor": (2, 2, 1), None: (4, 0, 0)},
        )
        self.assertEqual(figures["by_product"][0]["conversations"], 4, "the most wanted first")
        self.assertEqual(figures["conversations"]["total"], 12)
        self.assertEqual(self.search_report([("interest_ids.name", "=", "cama")]), [2, 3, 8])

    def test_hours_and_weekdays_are_the_shops(self):
        figures = self.get_figures()
        self.assertEqual(
            {group["value"]: group["conversations"] for group in figures["by_weekday"]},
            {"1": 4, "2": 2, "3": 1, "4": 2, "6": 1, "7": 2},
        )
        self.assertEqual(
            " ".join(f"{group['value']}h:{group['conversations']}" for group in figures["by_hour"]),
            "00h:1 05h:1 08h:1 09h:2 10h:1 11h:1 12h:1 15h:1 17h:1 20h:1 23h:1",
        )

    def test_half_past_eleven_on_a_sunday_night_is_sunday(self):
        self.assertEqual(self.search_report([("weekday", "=", "7"), ("hour", "=", "23")]), [5])
        self.assistant.resource_calendar_id = False
        self.env.company.whatsapp_timezone = "Europe/Madrid"
        self.assertEqual(self.search_report([("weekday", "=", "1"), ("hour", "=", "05")]), [5])
        self.env.company.whatsapp_timezone = "Asia/Tokyo"
        self.assertEqual(self.search_report([("weekday", "=", "1"), ("hour", "=", "13")]), [5])

    def test_period_ends_before_its_end(self):
        figures = self.get_figures(date_from=datetime(2026, 3, 3, 15), date_to=datetime(2026, 3, 5, 22))
        self.assertEqual(figures["conversations"]["total"], 2, "the fourth and the seventh")
        self.assertEqual(figures["times"]["assistant_answer_seconds"], 50)

    def test_nothing_is_no_error(self):
        figures = self.get_figures(date_to=datetime(2020, 1, 1))
        self.assertEqual(figures["conversations"]["total"], 0)
        self.assertIsNone(figures["conversion"]["lead_rate"])
        self.assertIsNone(figures["times"]["person_answer_minutes"])
        self.assertIsNone(figures["classifier"]["right_rate"])
        self.assertEqual((figures["drop_off"], figures["by_product"]), ([], []))

    def test_classifier_and_cost(self):
        right = dict.fromkeys((f"{mark}_right" for mark in kpis.MARKS), True)
        turn = {"provider": "gemini", "quality": "hot", "action": "create_lead", "latency_ms": 100, "confidence": 0.8}
        first, second = self.conversations[:2]
        self.env["whatsapp.classification"].create(
            [
                {**turn, "conversation_id": first.id, "tokens": 100, "cost": 0.03, "reviewed": True, **right},
                {**turn, "conversation_id": first.id, "tokens": 50, "cost": 0.02, "latency_ms": 400},
                {
                    **turn,
                    "conversation_id": second.id,
                    "cost": 0.01,
                    "latency_ms": 100,
                    "confidence": 0.2,
                    "fallback": "timeout",
                    "reviewed": True,
                    **right,
                    "budget_right": False,
                    "city_right": False,
                },
            ]
        )
        figures = self.get_figures()
        classifier = figures["classifier"]
        self.assertEqual((classifier["turns"], classifier["reviewed"], classifier["fallbacks"]), (3, 2, 1))
        self.assertAlmostEqual(classifier["confidence"], 0.6)
        self.assertAlmostEqual(classifier["latency_ms"], 200)
        self.assertAlmostEqual(classifier["right_rate"], 0.875, msg="14 of 16")
        self.assertEqual((classifier["right"]["name"], classifier["right"]["city"]), (1, 0.5))
        self.assertAlmostEqual(figures["cost"]["total_usd"], 0.06)
        self.assertAlmostEqual(figures["cost"]["per_conversation_usd"], 0.005)
        self.assertEqual(figures["cost"]["tokens"], 150)
        rows = self.env["whatsapp.conversation.report"].browse((first | second).ids)
        self.assertEqual([round(row.cost, 2) for row in rows], [0.05, 0.01])
        self.assertEqual([row.right_rate for row in rows], [1, 0.75])

    def test_pivot_has_the_same_figures(self):
        (group,) = (
            self.env["whatsapp.conversation.report"]
            .with_user(self.chief)
            .formatted_read_group(
                [("interest_ids.name", "=", "sofá")],
                [],
                ["__count", "lead_rate:avg", "won_rate:avg", "assistant_seconds:avg", "lead_message_count:avg"],
            )
        )
        self.assertEqual(
            (group["__count"], group["lead_rate:avg"], group["won_rate:avg"], group["assistant_seconds:avg"]),
            (4, 0.5, 0.25, 25),
        )
        self.assertEqual(group["lead_message_count:avg"], 8)

    def test_salesperson_sees_own_and_unassigned(self):
        self.assertEqual(self.search_report([], self.ana), [1, 2, 3, 5, 6, 8, 9, 10, 12])
        self.assertEqual(self.get_figures(self.bruno)["conversations"]["total"], 8)
        self.assertEqual(self.get_figures(self.ana)["conversion"]["won"], 2)
        self.assertEqual(self.get_figures(self.bruno)["conversion"]["won"], 0)

    def test_turns_of_a_colleague_are_not_counted(self):
        turn = {
            "provider": "rules",
            "quality": "hot",
            "action": "create_lead",
            "conversation_id": self.conversations[0].id,
        }
        self.env["whatsapp.classification"].create(turn)
        self.assertEqual(self.get_figures(self.ana)["classifier"]["turns"], 1)
        self.assertEqual(self.get_figures(self.bruno)["classifier"]["turns"], 0)

    def test_other_company_is_its_own(self):
        foreigner = new_test_user(
            self.env,
            "foreigner",
            groups="sales_team.group_sale_manager",
            company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
        )
        self.assertEqual(self.get_figures(foreigner)["conversations"]["total"], 1)

    def test_colleague_outside_sales_gets_nothing(self):
        outsider = new_test_user(self.env, "outsider", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.get_figures(outsider)

    def test_row_opens_its_conversation(self):
        conversation = self.conversations[0]
        action = self.env["whatsapp.conversation.report"].browse(conversation.id).action_open_conversation()
        self.assertEqual((action["res_model"], action["res_id"]), ("whatsapp.conversation", conversation.id))


@tagged("post_install", "-at_install")
class TestCounters(WhatsappCase):
    """What is counted while a conversation goes on."""

    def get_row(self):
        conversation = self.get_conversation()
        self.env.flush_all()
        return self.env["whatsapp.conversation.report"].browse(conversation.id)

    def test_messages_and_first_answer(self):
        written = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=20)
        answered = written + timedelta(minutes=21)
        with freeze_time(answered):
            self.customer("Busco un sofá", "para la sala", DateSent=written.isoformat())
        self.customer("Soy Ana")
        row, conversation = self.get_row(), self.get_conversation()
        self.assertEqual((row.inbound_count, row.message_count), (3, 5))
        self.assertEqual(row.date, written.replace(tzinfo=None))
        self.assertEqual(conversation.first_assistant_at, answered.replace(tzinfo=None))
        self.assertFalse(conversation.first_person_at)

    def test_persons_answer_counts_from_when_the_customer_waited(self):
        self.customer("Hola")
        self.receive("Quiero hablar con una persona")
        self.work()
        conversation = self.get_conversation()
        asked = conversation.awaited_since
        self.assertTrue(asked)
        self.write_as_person("Buenos días")
        self.assertEqual(conversation.person_asked_at, asked)
        self.assertGreaterEqual(conversation.first_person_at, asked)
        self.assertEqual(conversation.outbound_count, 3)
        first = conversation.first_person_at
        self.write_as_person("¿En qué le ayudo?")
        self.assertEqual(conversation.first_person_at, first)

    def test_persons_answer_counts_from_the_first_message_that_nobody_had_answered(self):
        self.assistant.coalescing_seconds = 3600  # the assistant is not going to
        now = datetime.now(UTC).replace(microsecond=0)
        first, second = now - timedelta(minutes=25), now - timedelta(minutes=5)
        self.receive("Hola", DateSent=first.isoformat())
        self.receive("¿Hay alguien?", DateSent=second.isoformat())
        self.work()
        conversation = self.get_conversation()
        self.assertEqual(conversation.last_inbound_at, second.replace(tzinfo=None))
        self.assertFalse(conversation.handover_id)
        self.write_as_person("Buenos días")
        self.assertEqual(conversation.person_asked_at, first.replace(tzinfo=None))
        self.assertFalse(conversation.waiting_since)

    def test_every_first_answer_counts_also_one_that_nobody_had_waited_for(self):
        self.customer("Hola")
        conversation = self.get_conversation()
        self.assertFalse(conversation.waiting_since, "the assistant has answered")
        with freeze_time(conversation.last_inbound_at + timedelta(minutes=30)):
            self.write_as_person("Buenos días")
        self.assertEqual(conversation.person_asked_at, conversation.last_inbound_at)
        self.assertAlmostEqual(self.get_row().person_minutes, 30)
        self.assertEqual(self.get_row().answered_rate, 1)

    def test_speed_to_lead_is_from_the_lead_to_what_a_person_writes_next(self):
        self.customer("Hola")
        self.write_as_person("Buenos días")
        conversation = self.get_conversation()
        conversation.action_hand_back()
        self.customer("Soy María, necesito un sofá de 3 puestos", "Mi presupuesto es $2000")
        self.assertTrue(conversation.lead_at)
        self.assertFalse(conversation.lead_answered_at, "what was said before the lead is no answer to it")
        with freeze_time(conversation.lead_at + timedelta(minutes=12)):
            self.write_as_person("Hola María")
        self.assertAlmostEqual(self.get_row().lead_answer_minutes, 12)
        first = conversation.lead_answered_at
        self.write_as_person("¿Lo quiere en gris?")
        self.assertEqual(conversation.lead_answered_at, first)

    def test_answer_that_did_not_arrive_was_none(self):
        self.customer("Soy María, necesito un sofá de 3 puestos", "Mi presupuesto es $2000")
        conversation = self.get_conversation()
        conversation.lead_at -= timedelta(minutes=12)
        self.write_as_person("Hola María")
        self.assertTrue(conversation.lead_answered_at)
        line = conversation.line_ids[-1]
        line.write({"state": "sending"})
        line._move_to("failed")
        self.assertFalse(conversation.first_person_at or conversation.lead_answered_at)
        line.action_retry()
        self.assertTrue(conversation.first_person_at and conversation.lead_answered_at)

    def write_as_person(self, text):
        conversation = self.get_conversation()
        conversation._get_channel().with_user(self.env.ref("base.user_admin")).message_post(
            body=text, message_type="comment", subtype_xmlid="mail.mt_comment"
        )

    def test_dropped_and_failed_messages_do_not_count(self):
        self.receive("Busco un sofá")
        self.read_only()
        conversation = self.get_conversation()
        self.assertEqual(conversation.outbound_count, 1)
        line = conversation.line_ids.filtered(lambda line: line.direction == "outbound")
        line._move_to("dropped")
        self.assertEqual((conversation.inbound_count, conversation.outbound_count), (1, 0))
        self.assertFalse(conversation.first_assistant_at)
        self.customer("Soy Ana")
        self.assertEqual(conversation.outbound_count, 1)
        self.assertTrue(conversation.first_assistant_at)

    def test_message_that_failed_counts_once_it_is_tried_again(self):
        self.receive("Busco un sofá")
        self.read_only()
        conversation = self.get_conversation()
        line = conversation.line_ids.filtered(lambda line: line.direction == "outbound")
        line._move_to("failed")
        self.assertEqual(conversation.outbound_count, 0)
        line.action_retry()
        self.assertEqual(conversation.outbound_count, 1)

    def test_moment_of_the_lead_stays(self):
        self.customer("Soy María, necesito un sofá de 3 puestos", "Mi presupuesto es $2000", customer=CUSTOMER)
        conversation = self.get_conversation()
        became = conversation.lead_at
        self.assertTrue(became)
        self.customer("Mejor mi presupuesto es $2500")
        self.assertEqual(conversation.lead_at, became)

    def test_worded_reply_adds_to_the_cost_of_its_turn(self):
        self.customer("Busco un sofá")
        turn = self.get_conversation().classification_id
        turn.write({"tokens": 10, "cost": 0.01})
        self.assistant.write({"price_in": 1000, "price_out": 2000, "model_name": "a model"})
        call = self.env["whatsapp.model.call"]
        call._log_calls(self.assistant, turn, [self.make_call("read")])
        self.assertEqual((turn.tokens, round(turn.cost, 6)), (10, 0.01))
        call._log_calls(self.assistant, turn, [self.make_call("word")])
        self.assertEqual((turn.tokens, round(turn.cost, 6)), (15, 0.017))

    @staticmethod
    def make_call(purpose):
        return Call(purpose, "v1", 0.1, 3, 2, "")
