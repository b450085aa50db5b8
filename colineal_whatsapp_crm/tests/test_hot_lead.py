from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time
from odoo.tests import new_test_user, tagged

from .test_handover import HandOverCase

HOT = "Soy Ana Vera, sofá cama, 900 dólares, lo necesito hoy"
WARM = "Me llamo Ana Vera y busco un sofá"


class HotLeadCase(HandOverCase):
    """What pops up on whose screen is kept in `told`: (user, words)."""

    def setUp(self):
        super().setUp()
        users, self.shown = type(self.env["res.users"]), []
        send = users._bus_send

        def see(user, kind, message, **options):
            if kind == "whatsapp.conversation/ring":
                self.shown.append((user, f"{message['title']}. {message['message']}"))
            return send(user, kind, message, **options)

        self.startPatcher(patch.object(users, "_bus_send", see))

    @property
    def told(self):
        return [user for user, _words in self.shown]


@tagged("post_install", "-at_install")
class TestHotLead(HotLeadCase):
    def test_it_rings_who_is_there_with_a_brief(self):
        self.get_presence(self.ana, "offline", minutes=600)
        self.get_presence(self.bruno, "online")
        self.customer(HOT)
        conversation = self.get_conversation()
        self.assertEqual((conversation.quality, conversation.stage), ("hot", "lead"))
        self.assertEqual((conversation.user_id, conversation.lead_id.user_id), (self.bruno, self.bruno))
        self.assertEqual(self.told, [self.bruno])
        ((name, summary),) = self.get_activities(conversation)
        self.assertEqual(name, "Bruno")
        for word in ("Ana Vera", "sofá cama", "$900"):
            self.assertIn(word, summary)
            self.assertEqual(self.shown[0][1].count(word), 1, self.shown[0][1])

    def test_who_is_at_capacity_or_pauses_is_not_asked(self):
        self.get_presence(self.ana, "online")
        self.get_member(self.ana).assignment_max = 0
        self.customer(HOT)
        self.assertEqual(self.get_conversation().lead_id.user_id, self.bruno)

    def test_what_nobody_takes_goes_to_the_next_with_its_lead_then_to_the_leader(self):
        self.customer(HOT)
        conversation = self.get_conversation()
        first = conversation.user_id
        self.pass_time(minutes=4)
        self.assertEqual(conversation.user_id, first)
        self.pass_time(minutes=6)
        second = conversation.user_id
        self.assertEqual(first | second, self.ana | self.bruno)
        self.assertEqual(conversation.lead_id.user_id, second)
        self.pass_time(minutes=12)
        self.assertEqual((conversation.user_id, conversation.lead_id.user_id), (self.leader, self.leader))
        self.assertEqual(self.told, [first, second, self.leader])
        self.assertEqual(conversation.handover_id.missed_user_ids, first | second)

    def test_who_writes_has_taken_it(self):
        self.customer(HOT)
        conversation = self.get_conversation()
        user = conversation.user_id
        self.answer(user, conversation)
        self.pass_time(minutes=30)
        self.assertEqual((conversation.user_id, conversation.lead_id.user_id), (user, user))
        (handover,) = conversation.handover_ids
        self.assertEqual((handover.reason, handover.outcome, handover.answered_by), ("hot", "answered", user))
        self.assertFalse(self.get_activities(conversation))

    def test_lead_shows_what_is_next_and_nobody_has_it_twice(self):
        with freeze_time("2026-03-10 15:00:00"):  # no answer is due on another day than it is, wherever
            self.customer(HOT)
            conversation = self.get_conversation()
            lead, user = conversation.lead_id, conversation.user_id
            self.assertEqual(lead.activity_state, "today", "as CRM's pipeline colours it")
            self.assertIn("Ana Vera", lead.activity_summary)
            self.assertEqual(self.env["mail.activity"].search_count([("user_id", "=", user.id)]), 1)
            found = self.env["crm.lead"].with_user(user).search([("activity_ids.user_id", "=", user.id)])
            self.assertEqual(found, lead)
            self.customer("El sofá que les compré llegó roto, quiero un reclamo")
            self.assertEqual(len(self.get_activities(conversation)), 1, "one that says both")

    def test_activity_goes_to_the_conversation_where_the_lead_is_not_theirs_to_see(self):
        self.customer(HOT)
        conversation = self.get_conversation()
        lead, first = conversation.lead_id, conversation.user_id
        self.assertTrue(lead.activity_ids)
        lead.with_context(whatsapp_assigning=True).user_id = self.leader
        conversation.handover_id.assigned_lead = False
        self.pass_time(minutes=6)
        (activity,) = conversation.activity_ids | lead.activity_ids
        self.assertNotEqual(activity.user_id, first)
        self.assertTrue(
            self.env[activity.res_model].with_user(activity.user_id).browse(activity.res_id).has_access("read")
        )
        self.assertEqual(activity.res_model, "whatsapp.conversation")

    def test_colleague_who_is_asked_about_something_else_finds_it_in_the_conversation(self):
        self.customer(HOT)
        conversation = self.get_conversation()
        conversation._hand_over("human", by_colleague=True)
        self.assertFalse(conversation.lead_id.activity_ids)
        self.assertEqual(len(conversation.activity_ids), 1)

    def test_lead_that_turns_hot_rings_once(self):
        self.customer(WARM)
        self.customer("No sé todavía")
        conversation = self.get_conversation()
        user = conversation.lead_id.user_id
        self.assertEqual(user, self.ana, "a warm lead has its salesperson")
        self.assertEqual((conversation.quality, self.told), ("warm", []))
        self.customer("Tengo hasta 900 dólares")
        self.assertEqual((conversation.quality, conversation.handover_id.reason), ("hot", "hot"))
        self.assertEqual(self.told, [user], "whose lead it is")
        self.customer("Vivo en Quito")
        self.assertEqual(self.told, [user])

    def test_salesperson_of_a_lead_is_rung_and_keeps_it(self):
        self.customer(WARM)
        self.customer("No sé todavía")
        conversation = self.get_conversation()
        conversation.lead_id.user_id = self.leader
        conversation._end_handover("done", "")
        self.customer("Tengo hasta 900 dólares")
        self.assertEqual(self.told, [self.leader])
        self.pass_time(minutes=6)
        self.assertEqual(conversation.lead_id.user_id, self.leader, "their lead, though another answers for them")

    def test_person_who_has_the_conversation_is_not_rung(self):
        self.customer("Hola, busco un sofá")
        conversation = self.get_conversation()
        self.answer(self.ana, conversation)
        self.customer("Soy Ana Vera, 900 dólares, lo necesito hoy")
        self.assertEqual((conversation.quality, conversation.user_id, self.told), ("hot", self.ana, []))

    def test_without_a_team_a_sales_administrator_is_rung(self):
        self.env["crm.team"].search([]).active = False
        self.customer(HOT)
        conversation = self.get_conversation()
        self.assertTrue(conversation.lead_id.user_id.has_group("sales_team.group_sale_manager"))
        self.assertEqual(self.told, [conversation.lead_id.user_id])

    def test_lead_without_a_promise_has_somebody_too(self):
        self.customer(WARM)
        conversation = self.get_conversation()
        self.env["whatsapp.conversation"].search([("id", "=", conversation.id)])._make_idle_lead()
        self.assertTrue(conversation.lead_id.user_id)
        self.assertEqual(self.told, [])
        self.assertTrue(conversation.lead_id.activity_ids)

    def test_lead_that_is_won_or_lost_calls_nobody_any_more(self):
        self.customer(HOT)
        conversation = self.get_conversation()
        conversation.lead_id.action_set_lost()
        self.assertFalse(conversation.handover_id or self.get_activities(conversation))

    def test_lead_that_a_manager_gives_to_another_is_theirs(self):
        self.customer(HOT)
        conversation = self.get_conversation()
        conversation.lead_id.user_id = self.leader
        self.assertEqual((conversation.user_id, conversation.lead_id.activity_ids.user_id), (self.leader, self.leader))
        self.assertEqual(self.told[-1], self.leader)
        self.pass_time(minutes=6)
        self.assertNotEqual(conversation.user_id, self.leader)
        self.assertEqual(conversation.lead_id.user_id, self.leader, "as the manager decided")

    def test_lead_that_is_deleted_calls_nobody_any_more(self):
        self.customer(HOT)
        conversation = self.get_conversation()
        conversation.lead_id.unlink()
        self.assertFalse(conversation.handover_id or self.get_activities(conversation))

    def test_who_takes_it_over_while_it_rings_gets_the_lead(self):
        self.customer(HOT)
        conversation = self.get_conversation()
        conversation.with_user(self.leader).action_take_over()
        self.assertEqual((conversation.user_id, conversation.lead_id.user_id), (self.leader, self.leader))

    def test_minutes_that_are_told_are_those_of_a_hot_lead(self):
        self.customer(HOT)
        self.pass_time(minutes=6)
        self.assertIn("within 5 minutes", self.get_notes(self.get_conversation())[-1])

    def test_lead_that_went_to_another_company_is_not_fetched_back(self):
        company = self.env["res.company"].create({"name": "Another"})
        colleague = new_test_user(
            self.env,
            "hot-lead-foreign",
            "sales_team.group_sale_salesman",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.customer(HOT)
        conversation = self.get_conversation()
        lead = conversation.lead_id
        lead.write({"company_id": company.id, "team_id": False, "user_id": colleague.id})
        self.pass_time(minutes=6)
        self.answer(conversation.user_id, conversation)
        self.pass_time(minutes=6)
        self.assertEqual((lead.company_id, lead.user_id), (company, colleague))


@tagged("post_install", "-at_install")
class TestAtNight(HotLeadCase):
    """The shop opens on Mondays at eight."""

    NIGHT, MORNING = datetime(2026, 3, 7, 15, 0), datetime(2026, 3, 9, 8, 0, 1)

    def setUp(self):
        super().setUp()
        self.assistant.resource_calendar_id = self.make_calendar()

    def open_shop(self):
        self.env.flush_all()
        with freeze_time(self.MORNING):
            self.run_job("ir_cron_look_after")

    def test_it_rings_in_the_morning_who_is_there_then(self):
        with freeze_time(self.NIGHT):
            (reply,) = self.customer(HOT)
        self.assertIn("cerrados", reply)
        self.assertIn("lunes", reply)
        self.assertNotIn("pronto", reply)
        conversation = self.get_conversation()
        self.assertEqual(self.told, [])
        (activity,) = conversation.lead_id.activity_ids
        self.assertEqual(str(activity.date_deadline), "2026-03-09", "what was promised is somebody's from the first")
        other = (self.ana | self.bruno) - activity.user_id
        with freeze_time(self.MORNING):
            self.get_presence(activity.user_id, "offline", minutes=600)
            self.get_presence(other, "online")
        self.open_shop()
        self.assertEqual(self.told, [other])
        self.assertEqual((conversation.user_id, conversation.handover_id.activity_id.user_id), (other, other))
        self.assertEqual(conversation.lead_id.user_id, other)
        self.open_shop()
        self.assertEqual(self.told, [other], "once")

    def test_who_wants_a_person_is_told_when_and_helped_meanwhile(self):
        with freeze_time(self.NIGHT):
            (reply,) = self.customer("Quiero hablar con una persona")
            self.assertIn("lunes", reply)
            (reply,) = self.customer("Busco un sofá")
            self.assertTrue(reply, "the assistant goes on")
            self.assertNotIn("lunes", reply, "once is enough")
        conversation = self.get_conversation()
        self.assertEqual(
            conversation.activity_ids.mapped("summary"), ["A customer on WhatsApp wants to talk to a person"]
        )
        self.assertNotEqual(conversation.stage, "person")
        self.open_shop()
        self.assertEqual((conversation.stage, len(self.told)), ("person", 1))

    def test_shop_that_is_closed_for_weeks_says_the_date_and_rings_nobody(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holidays",
                "calendar_id": self.assistant.resource_calendar_id.id,
                "date_from": datetime(2026, 3, 1),
                "date_to": datetime(2026, 3, 29, 23),
            }
        )
        with freeze_time(self.NIGHT):
            (reply,) = self.customer(HOT)
        self.assertIn("lunes 30 de marzo a las 8:00", reply)
        self.assertEqual(self.told, [])
        self.assertEqual(self.get_conversation().handover_id.notify_at, datetime(2026, 3, 30, 8, 0))
