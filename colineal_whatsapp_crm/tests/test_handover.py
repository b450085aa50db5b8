from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..understanding import Slot, Understanding
from .common import WhatsappCase
from .test_conversation import UNDERSTAND

OTHER = "whatsapp:+593998887766"

COMPLAINT = "Mi sofá llegó roto, quiero un reclamo"
WANTS_PERSON = "Quiero hablar con una persona"
PROMISE = "Claro, un asesor te va a contactar."


class HandOverCase(WhatsappCase):
    """A sales team of two and its leader, and customers who need one of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.partner_id.lang = "en_US"
        cls.ana, cls.bruno, cls.leader, cls.outsider = (
            new_test_user(
                cls.env, f"handover-{name}", "sales_team.group_sale_salesman", name=name.title(), lang="en_US"
            )
            for name in ("ana", "bruno", "leader", "outsider")
        )
        cls.team = cls.make_team("Sales", cls.ana, cls.bruno, leader=cls.leader)
        cls.sender.team_id = cls.team

    @classmethod
    def make_team(cls, name, *users, leader=None):
        team = cls.env["crm.team"].create({"name": name, "user_id": leader.id if leader else False})
        cls.env["crm.team.member"].create([{"crm_team_id": team.id, "user_id": user.id} for user in users])
        return team

    def make_calendar(self):
        """Monday to Friday from 8 to 17 h."""
        days = [
            (0, 0, {"name": str(day), "dayofweek": str(day), "hour_from": 8, "hour_to": 17, "day_period": "morning"})
            for day in range(5)
        ]
        return self.env["resource.calendar"].create({"name": "Shop", "tz": "UTC", "attendance_ids": [(5,), *days]})

    def get_member(self, user):
        return self.team.crm_team_member_ids.filtered(lambda member: member.user_id == user)

    def complain(self, number=0):
        """A customer of their own complains. Returns their conversation."""
        customer = f"whatsapp:+59398700{number:04d}"
        self.customer(COMPLAINT, customer=customer)
        return self.get_conversation(customer)

    def pass_time(self, **time):
        """The clock goes on, and the job that looks after conversations runs."""
        self.env.flush_all()
        with freeze_time(datetime.now() + timedelta(**time)):
            self.run_job("ir_cron_look_after")

    def answer(self, user, conversation):
        """A colleague writes in the thread, and it goes out."""
        channel = conversation._get_channel().with_user(user)
        channel.sudo().message_post(body="Ya lo veo", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.work()

    def get_activities(self, conversation):
        """Who has what to do: on the lead what is about the sale, on the conversation all else."""
        activities = conversation.activity_ids | conversation.lead_id.activity_ids
        return [(activity.user_id.name, activity.summary) for activity in activities]

    def get_notes(self, conversation):
        messages = conversation._get_channel().message_ids.sorted("id")
        return messages.filtered(lambda message: message.message_type == "notification").mapped("preview")

    def get_presence(self, user, status, minutes=0):
        seen = fields.Datetime.now() - timedelta(minutes=minutes)
        self.env["mail.presence"].create(
            {"user_id": user.id, "status": status, "last_presence": seen, "last_poll": seen}
        )

    def sees(self, user, conversation):
        return bool(conversation.with_user(user).search([("id", "=", conversation.id)]))


@tagged("post_install", "-at_install")
class TestTriggers(HandOverCase):
    def test_complaint_reaches_a_colleague(self):
        conversation = self.complain()
        self.assertEqual((conversation.user_id, conversation.stage), (self.ana, "support"))
        self.assertEqual(self.get_activities(conversation), [("Ana", "A customer needs support on WhatsApp")])
        self.assertIn("roto", conversation.activity_ids.note)
        member = conversation.channel_id.channel_member_ids
        self.assertEqual(member.partner_id, self.ana.partner_id)
        self.assertEqual(member.message_unread_counter, 2, "the complaint, and what the assistant said to it")
        self.assertEqual(self.get_notes(conversation), ["A customer needs support on WhatsApp: handed to Ana."])
        self.assertTrue(conversation.awaited_since)

    def test_customer_waits_until_a_person_answers(self):
        conversation = self.complain()
        self.assertTrue(conversation.waiting_since, "the promise of a person is no answer")
        self.answer(self.ana, conversation)
        self.assertFalse(conversation.waiting_since)

    def test_customer_waits_no_more_when_nobody_is_needed(self):
        conversation = self.complain()
        conversation.with_user(self.ana).action_hand_back()
        self.assertFalse(conversation.waiting_since)

    def test_colleague_is_told_in_their_language_what_it_is_about(self):
        self.env["res.lang"]._activate_lang("es_EC")
        self.ana.lang = "es_EC"
        before = self.env["bus.bus"].search([], order="id desc", limit=1).id
        conversation = self.complain()
        self.assertEqual(conversation.user_id, self.ana)
        told = "".join(self.env["bus.bus"].search([("id", ">", before)]).mapped("message"))
        self.assertIn("Un cliente necesita soporte por WhatsApp", told)
        self.assertNotIn("invited_by_user_id", told)

    def test_only_what_waits_is_unread(self):
        self.customer("Hola", "Busco sofás")
        self.customer(COMPLAINT)
        self.assertEqual(self.get_conversation().channel_id.channel_member_ids.message_unread_counter, 2)

    def test_wish_for_a_person_is_granted_and_confirmed_once(self):
        self.assertEqual(self.customer("Busco sofás. " + WANTS_PERSON), [PROMISE])
        conversation = self.get_conversation()
        self.assertEqual((conversation.stage, conversation.user_id), ("person", self.ana))
        self.assertEqual(self.get_activities(conversation)[0][1], "A customer on WhatsApp wants to talk to a person")
        self.assertEqual(
            conversation.line_ids[-1].state, "simulated", "the promise goes though the assistant is silent"
        )
        self.assertEqual(self.customer(WANTS_PERSON, "¿Hay alguien?"), [])
        self.assertEqual(len(conversation.activity_ids), 1)

    def test_promise_is_dropped_when_the_person_was_faster(self):
        self.receive(WANTS_PERSON)
        self.read_only()
        self.answer(self.ana, self.get_conversation())
        outbound = self.get_conversation().line_ids.filtered(lambda line: line.direction == "outbound")
        self.assertEqual(outbound.mapped("author"), ["assistant", "person"])
        self.assertIn(outbound[1].state, ("simulated", "sent"))

    def test_new_lead_that_wants_a_person_is_promised_one_once(self):
        self.customer("Soy Ana, busco un sofá")
        (reply,) = self.customer("Mi presupuesto es $900, que me llame un asesor")
        self.assertNotIn(PROMISE, reply)
        self.assertIn("asesor", reply)
        conversation = self.get_conversation()
        self.assertEqual((conversation.stage, conversation.lead_id.user_id), ("person", conversation.user_id))

    def test_outside_opening_hours_it_is_said_when_somebody_comes(self):
        self.assistant.resource_calendar_id = self.make_calendar()
        with freeze_time("2026-03-07 15:00:00"):  # a Saturday
            (reply,) = self.customer(WANTS_PERSON)
        self.assertIn("lunes", reply)
        answer_by = self.get_conversation().handover_id.answer_by
        self.assertEqual(answer_by, datetime(2026, 3, 9, 8, 15), "the time to answer begins when the shop opens")
        self.assertEqual(str(self.get_conversation().activity_ids.date_deadline), "2026-03-09")

    def test_photo_reaches_a_colleague_while_the_assistant_goes_on(self):
        replies = self.customer("", NumMedia="1", MediaContentType0="image/jpeg", MessageType="image")
        self.assertEqual(len(replies), 1)
        conversation = self.get_conversation()
        self.assertEqual(
            self.get_activities(conversation)[0][1], "A photo, voice note or file on WhatsApp waits for a person"
        )
        self.assertNotIn(conversation.stage, ("person", "support"))
        self.assertEqual(len(self.customer("Busco sofás")), 1)
        self.assertEqual(self.customer(WANTS_PERSON), [PROMISE])
        self.assertEqual(len(conversation.activity_ids), 1, "one activity that says both")
        self.assertIn("wants to talk to a person", conversation.activity_ids.note)

    def test_files_whose_words_say_nothing_reach_a_colleague(self):
        """A proof of payment is not answered with what may be of interest; what is asked for beside a photo is heard."""
        photo = {"NumMedia": "1", "MediaContentType0": "image/jpeg", "MessageType": "image"}
        (answer,) = self.customer("Adjunto el comprobante de pago", **photo)
        self.assertIn("lo revisará", answer)
        self.assertEqual(len(self.get_conversation().activity_ids), 1)
        (answer,) = self.customer("Busco un sofá como este", From=OTHER, WaId=OTHER[10:], **photo)
        self.assertNotIn("lo revisará", answer)
        self.assertFalse(self.get_conversation(OTHER).activity_ids)

    def test_late_messages_reach_a_colleague(self):
        written = fields.Datetime.now() - timedelta(hours=5)
        self.customer("Busco sofás", DateSent=written.isoformat() + "+00:00")
        self.assertEqual(self.get_conversation().user_id, self.ana)

    def read_with(self, *confidences, name="", questions=frozenset()):
        """The next turns are read with these confidences, and tell nothing or a name."""
        rest = iter(confidences)

        def understand(messages, state, vocabulary):
            slots = {**state.slots, "name": Slot(name, 1.0)} if name else state.slots
            return Understanding(slots, questions=questions, confidence=0.01, turn_confidence=next(rest))

        self.startPatcher(patch(UNDERSTAND, understand))

    def get_texts(self, situation):
        """What the assistant may say in a situation."""
        return self.assistant.wording_ids.filtered(lambda wording: wording.situation == situation).mapped("text")

    def test_who_is_not_understood_twice_gets_a_person(self):
        self.read_with(0.1, 0.1, 0.1)
        (reply,) = self.customer("asdf qwer")
        self.assertIn(reply, self.get_texts("ask_again"))
        self.assertEqual(self.get_conversation().stage, "new")
        (reply,) = self.customer("zxcv")
        self.assertIn("te paso con una persona", reply)
        self.assertEqual((self.get_conversation().stage, self.get_conversation().user_id), ("person", self.ana))
        self.assertEqual(self.customer("qwer"), [])

    def test_who_is_understood_is_kept_however_much_they_write(self):
        self.read_with(0.1, *[0.9] * 4)
        for text in "abcde":
            self.customer(text)
        self.assertLess(self.get_conversation().confidence, 0.1, "of the conversation")
        self.assertFalse(self.get_conversation().awaited_since)

    def test_who_told_something_or_asked_is_not_asked_again(self):
        again = self.get_texts("ask_again")
        self.read_with(0.1, name="Ana")
        (reply,) = self.customer("asdf Ana")
        self.assertNotIn(reply, again, "a name was told")
        self.read_with(0.1, questions=frozenset({"price"}))
        (reply,) = self.customer("asdf cuánto", From=OTHER, WaId=OTHER[10:])
        self.assertFalse(any(text in reply for text in again), "a price was asked for")

    def test_assistant_without_other_words_asks_as_ever(self):
        self.assistant.wording_ids.filtered(lambda wording: wording.situation == "ask_again").unlink()
        self.read_with(0.1)
        (reply,) = self.customer("asdf qwer")
        self.assertIn(reply, self.get_texts("ask_clarifying_question"))

    def test_one_doubt_or_none_wanted_is_no_reason(self):
        self.read_with(0.1, 0.9, 0.1)
        self.customer("a"), self.customer("b"), self.customer("c")
        self.assertFalse(self.get_conversation().awaited_since)
        self.assistant.unsure_percent = 0
        self.read_with(0.1)
        self.customer("d")
        self.assertFalse(self.get_conversation().awaited_since)

    def test_support_command_hands_on_what_a_person_has(self):
        self.customer("Busco sofás")
        conversation = self.get_conversation()
        self.answer(self.ana, conversation)
        conversation._get_channel().with_user(self.ana).execute_command_support()
        self.assertEqual((conversation.user_id, conversation.stage), (self.bruno, "support"))

    def test_support_command_while_the_assistant_talks_tells_the_customer(self):
        self.customer("Busco sofás")
        conversation = self.get_conversation()
        conversation._get_channel().with_user(self.ana).execute_command_support()
        self.work()
        self.assertIn("una persona de nuestro equipo", conversation.line_ids[-1].body)
        self.assertEqual((conversation.line_ids[-1].state, conversation.stage), ("simulated", "support"))
        self.assertEqual(self.customer(COMPLAINT), [], "that was said")

    def test_nobody_is_promised_where_there_is_nobody(self):
        colleagues = self.env.ref("sales_team.group_sale_salesman").all_user_ids
        (colleagues - self.env.user).active = False
        with self.assertLogs("odoo.addons.colineal_whatsapp_crm.models.conversation.handover", "WARNING"):
            (reply,) = self.customer(WANTS_PERSON)
        self.assertNotIn("asesor", reply)
        self.assertNotEqual(self.get_conversation().stage, "person")

    def test_person_who_writes_already_is_not_called_again(self):
        self.customer("Busco sofás")
        self.answer(self.bruno, self.get_conversation())
        self.customer(COMPLAINT, WANTS_PERSON)
        self.assertFalse(self.get_conversation().activity_ids)
        self.assertEqual(self.get_conversation().user_id, self.bruno)


@tagged("post_install", "-at_install")
class TestAssignment(HandOverCase):
    def test_salesperson_of_the_lead_first(self):
        self.customer("Soy Ana, busco un sofá", "Mi presupuesto es $900")
        self.get_conversation().lead_id.user_id = self.bruno
        self.customer(COMPLAINT)
        self.assertEqual(self.get_conversation().user_id, self.bruno)

    def test_salesperson_who_cannot_be_reached_is_passed_over(self):
        self.customer("Busco sofás")
        self.get_conversation().user_id = self.bruno
        self.get_presence(self.bruno, "offline", minutes=60)
        self.customer(COMPLAINT)
        self.assertEqual(self.get_conversation().user_id, self.ana)

    def test_members_in_turn(self):
        users = [self.complain(number).user_id for number in range(4)]
        self.assertEqual(users, [self.ana, self.bruno, self.ana, self.bruno])

    def test_least_loaded_for_their_capacity(self):
        self.get_member(self.bruno).assignment_max = 90
        users = [self.complain(number).user_id for number in range(4)]
        self.assertEqual(users.count(self.bruno), 3)

    def test_member_who_pauses_or_has_no_capacity_gets_nothing(self):
        self.get_member(self.ana).assignment_optout = True
        self.assertEqual(self.complain(1).user_id, self.bruno)
        self.get_member(self.bruno).assignment_max = 0
        self.assertEqual(self.complain(2).user_id, self.leader)

    def test_team_that_skips_assignment_leaves_it_to_its_leader(self):
        self.team.assignment_optout = True
        self.assertEqual(self.complain().user_id, self.leader)

    def test_domain_of_a_member(self):
        self.customer("Soy Ana, busco un sofá", "Mi presupuesto es $900")
        self.get_conversation()._end_handover("done", "")
        self.get_conversation().lead_id.user_id = self.get_conversation().user_id = False
        self.get_member(self.ana).assignment_domain = "[('x_product_interest', 'ilike', 'cama')]"
        self.customer(WANTS_PERSON)
        self.assertEqual(self.get_conversation().user_id, self.bruno)
        self.assertEqual(self.get_conversation().lead_id.user_id, self.bruno, "the lead is theirs too")

    def test_who_is_at_the_screen_comes_first(self):
        self.get_presence(self.bruno, "online")
        self.assertEqual([self.complain(number).user_id for number in range(2)], [self.bruno, self.bruno])

    def test_who_is_away_comes_after_who_may_be_there(self):
        self.get_presence(self.ana, "away", minutes=40)
        self.assertEqual(self.complain(1).user_id, self.bruno)
        self.bruno.manual_im_status = "busy"
        self.assertEqual(self.complain(2).user_id, self.ana, "it is somebody's though nobody is there")

    def test_only_in_ones_working_hours(self):
        night = self.env["resource.calendar"].create({"name": "Never", "tz": "UTC", "attendance_ids": [(5,)]})
        self.env["resource.resource"].create({"name": "Ana", "user_id": self.ana.id, "calendar_id": night.id})
        self.assertEqual(self.complain().user_id, self.bruno)

    def test_member_of_another_company_only_gets_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.ana.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertEqual(self.complain().user_id, self.bruno)

    def test_support_team_gets_complaints_but_not_sales(self):
        clerk = new_test_user(self.env, "handover-clerk", "sales_team.group_sale_salesman", name="Clerk")
        self.assistant.support_team_id = self.make_team("Support", clerk)
        self.assertEqual(self.complain().user_id, clerk)
        self.customer(WANTS_PERSON)
        self.assertEqual(self.get_conversation().user_id, self.ana)

    def test_team_that_crm_would_choose_where_the_sender_has_none(self):
        self.sender.team_id, self.team.sequence = False, -1
        conversation = self.complain()
        self.assertIn(conversation.user_id, self.ana | self.bruno)
        self.assertEqual(conversation.handover_id.team_id, self.team)
        second = self.make_team("Second", self.outsider)
        conversation.lead_id = self.env["crm.lead"].create({"name": "Sofa", "user_id": False, "team_id": second.id})
        self.assertEqual(conversation._pick_assignee("human", self.ana | self.bruno), self.outsider)
        self.assistant.support_team_id = self.team
        other = self.get_conversation(f"whatsapp:+59398700{0:04d}")
        other.lead_id = False
        self.assertNotEqual(other._get_handover_team("human")[0], self.team, "support sells nothing")

    def test_sales_administrator_when_there_is_no_team(self):
        self.sender.team_id = False
        self.env["crm.team.member"].search([]).assignment_max = 0
        user = self.complain().user_id
        self.assertTrue(user.has_group("sales_team.group_sale_manager"))


@tagged("post_install", "-at_install")
class TestEscalation(HandOverCase):
    def test_unanswered_goes_to_the_next_and_then_to_the_leader(self):
        conversation = self.complain()
        self.pass_time(minutes=14)
        self.assertEqual(conversation.user_id, self.ana)
        self.pass_time(minutes=16)
        self.assertEqual(conversation.user_id, self.bruno)
        self.assertEqual(self.get_activities(conversation), [("Bruno", "A customer needs support on WhatsApp")])
        self.assertIn("Ana has not answered within 15 minutes: handed to Bruno.", self.get_notes(conversation))
        self.pass_time(minutes=16)
        self.assertEqual(conversation.user_id, self.bruno, "run again, nothing changes")
        self.pass_time(minutes=32)
        self.assertEqual(conversation.user_id, self.leader)
        self.pass_time(hours=5)
        self.assertEqual(conversation.user_id, self.leader)
        self.assertEqual(len(self.get_notes(conversation)), 3)
        members = conversation.channel_id.channel_member_ids.partner_id
        self.assertEqual(members, (self.ana | self.bruno | self.leader).partner_id)

    def test_who_was_asked_goes_on_seeing_it_and_others_do_not(self):
        conversation = self.complain()
        self.pass_time(minutes=16)
        seeing = [user.name for user in (self.ana, self.bruno, self.outsider) if self.sees(user, conversation)]
        self.assertEqual(seeing, ["Ana", "Bruno"])
        for records in (conversation.line_ids, conversation.classification_ids, conversation.contact_id):
            self.assertTrue(records.with_user(self.ana).read(["id"]))
            with self.assertRaises(AccessError):
                records.with_user(self.outsider).read(["create_date"])

    def test_answer_ends_the_waiting_and_the_activity(self):
        conversation = self.complain()
        self.answer(self.ana, conversation)
        self.assertFalse(conversation.awaited_since)
        self.assertFalse(conversation.activity_ids)
        done = conversation.message_ids.filtered("mail_activity_type_id")
        self.assertEqual(done.author_id, self.ana.partner_id)
        self.assertIn("Answered on WhatsApp by Ana.", done.body)
        self.pass_time(minutes=16)
        self.assertEqual(conversation.user_id, self.ana)

    def test_time_to_answer_is_of_those_that_were_answered(self):
        conversations = [self.complain(number) for number in range(2)]
        handovers = conversations[0].handover_id + conversations[1].handover_id

        def get_average():
            self.env.flush_all()
            return handovers._read_group([("id", "in", handovers.ids)], [], ["minutes_to_answer:avg"])[0][0]

        self.assertFalse(get_average())
        handovers[0].called_at -= timedelta(minutes=10)
        self.answer(self.ana, conversations[0])
        self.assertAlmostEqual(get_average(), 10, delta=2)

    def test_message_that_did_not_go_is_no_answer(self):
        conversation = self.complain()
        channel = conversation._get_channel().with_user(self.ana).sudo()
        channel.message_post(body="Hola", message_type="comment", subtype_xmlid="mail.mt_comment")
        conversation.line_ids[-1]._move_to("failed", error="Twilio said no")
        self.assertTrue(conversation.awaited_since)

    def test_old_message_that_is_read_now_is_no_answer(self):
        self.customer("Busco sofás")
        conversation = self.get_conversation()
        self.answer(self.ana, conversation)
        old = conversation.line_ids[-1]
        old.state = "delivered"
        conversation.with_user(self.ana).action_hand_back()
        self.customer(COMPLAINT)
        old._move_to("read")
        self.assertTrue(conversation.awaited_since)

    def test_ticked_off_activity_ends_it(self):
        conversation = self.complain()
        conversation.activity_ids.with_user(self.ana).action_feedback("By telephone")
        self.pass_time(minutes=16)
        self.assertEqual(conversation.user_id, self.ana)
        self.assertFalse(conversation.awaited_since)

    def test_who_is_asked_last_ticks_it_off_too(self):
        conversation = self.complain()
        self.pass_time(minutes=16)
        self.pass_time(minutes=32)
        self.assertFalse(conversation.handover_id.answer_by)
        self.pass_time(minutes=33)
        self.assertTrue(conversation.awaited_since)
        conversation.activity_ids.with_user(self.leader).action_feedback("By telephone")
        self.pass_time(minutes=34)
        self.assertFalse(conversation.awaited_since)

    def test_promise_on_the_list_of_who_is_archived_is_somebody_elses(self):
        conversation = self.complain()
        conversation.with_user(self.ana).action_hand_back()
        conversation.user_id = False
        conversation._hand_over("promised")
        asked = conversation.activity_ids.user_id
        asked.action_archive()
        self.assertFalse(conversation.activity_ids, "Odoo deletes them")
        self.pass_time(minutes=1)
        self.assertTrue(conversation.activity_ids.user_id)
        self.assertNotEqual(conversation.activity_ids.user_id, asked)
        self.assertEqual(conversation.handover_id.reason, "promised")

    def test_take_over_by_a_colleague_starts_their_time(self):
        boss = new_test_user(self.env, "handover-boss", "sales_team.group_sale_salesman_all_leads", name="Boss")
        conversation = self.complain()
        conversation.with_user(boss).action_take_over()
        self.assertEqual((conversation.user_id, conversation.stage), (boss, "person"))
        self.assertEqual([user for user, _summary in self.get_activities(conversation)], ["Boss"])

    def test_never_passed_on_if_not_wanted(self):
        self.assistant.answer_minutes = 0
        conversation = self.complain()
        self.pass_time(hours=20)
        self.assertEqual(conversation.user_id, self.ana)

    def test_nobody_else_to_ask(self):
        (self.get_member(self.bruno) | self.get_member(self.ana)).assignment_optout = True
        self.sender.team_id.user_id = self.ana
        conversation = self.complain()
        self.pass_time(minutes=16)
        self.assertEqual(conversation.user_id, self.ana)
        self.assertIn("nobody else to ask", self.get_notes(conversation)[-1])

    def test_one_that_cannot_be_passed_on_does_not_keep_others_waiting(self):
        first, second = self.complain(1), self.complain(2)
        asked_next = f"NEW.id = {first.id} AND NEW.user_id <> {first.user_id.id}"
        with (
            self.failing_in_database("whatsapp_conversation", asked_next),
            self.assertLogs("odoo.addons.colineal_whatsapp_crm.jobs.job_failure", "ERROR"),
        ):
            self.pass_time(minutes=16)
        self.assertEqual(len(second.handover_id.missed_user_ids), 1)
        self.assertFalse(first.handover_id.missed_user_ids)
        self.pass_time(minutes=40)
        self.assertTrue(first.handover_id.missed_user_ids, "it is tried again")

    def test_closing_ends_it(self):
        conversation = self.complain()
        conversation.with_user(self.ana).action_close()
        self.assertFalse(conversation.activity_ids or conversation.awaited_since)
        self.pass_time(minutes=16)
        self.assertEqual(conversation.user_id, self.ana)


@tagged("post_install", "-at_install")
class TestReturn(HandOverCase):
    def test_given_back_after_a_day_without_a_colleague(self):
        self.customer("Busco sofás")
        conversation = self.get_conversation()
        self.answer(self.ana, conversation)
        self.pass_time(hours=23)
        self.assertEqual(conversation.stage, "person")
        self.pass_time(hours=25)
        self.assertEqual(conversation.stage, "gathering")
        self.assertIn("for 24 hours", self.get_notes(conversation)[-1])
        self.assertTrue(self.customer("Soy María"))

    def test_activity_left_open_is_closed(self):
        self.customer(WANTS_PERSON)
        conversation = self.get_conversation()
        for minutes in (16, 32):
            self.pass_time(minutes=minutes)
        self.assertEqual([user for user, _summary in self.get_activities(conversation)], ["Leader"])
        self.pass_time(hours=30)
        self.assertFalse(conversation.activity_ids or conversation.awaited_since)
        self.assertIn("Nobody has answered", self.get_notes(conversation)[-1])

    def test_never_if_not_wanted(self):
        self.assistant.return_hours = 0
        self.customer("Busco sofás")
        self.answer(self.ana, self.get_conversation())
        self.pass_time(hours=100)
        self.assertEqual(self.get_conversation().stage, "person")

    def test_support_given_back_is_spoken_to_again(self):
        conversation = self.complain()
        customer = conversation.contact_id.address
        conversation.with_user(self.ana).action_hand_back()
        self.assertNotEqual(conversation.stage, "support")
        self.assertFalse(conversation.activity_ids)
        self.assertTrue(self.customer("Gracias. ¿Qué horario tienen?", customer=customer))
        self.assertTrue(self.customer("Otro reclamo: la mesa llegó rota", customer=customer), "it is a new case")
        self.assertEqual(len(conversation.activity_ids), 1)

    def test_support_is_not_left_with_the_sale(self):
        clerk, second = self.make_support("Clerk", "Second")
        self.customer("Soy Ana, busco un sofá")
        conversation = self.get_conversation()
        conversation.user_id = self.bruno
        self.customer(COMPLAINT)
        self.assertEqual(conversation.user_id, clerk)
        self.pass_time(minutes=16)
        self.assertEqual(conversation.user_id, second)
        self.answer(second, conversation)
        conversation.with_user(second).action_hand_back()
        self.assertEqual(conversation.user_id, self.bruno)
        self.assertTrue(self.sees(second, conversation), "who hands back goes on seeing what they have on their screen")

    def test_who_had_no_salesperson_before_support_has_none_after_it(self):
        (clerk,) = self.make_support("Clerk")
        conversation = self.complain()
        self.answer(clerk, conversation)
        self.pass_time(hours=25)
        self.assertFalse(conversation.user_id)

    def test_lead_made_while_support_has_the_conversation(self):
        (clerk,) = self.make_support("Clerk")
        self.customer("Soy Ana, busco un sofá")
        self.get_conversation().user_id = self.bruno
        self.customer(COMPLAINT)
        conversation = self.get_conversation()
        conversation.create_or_update_lead()
        self.assertEqual((conversation.user_id, conversation.lead_id.user_id), (clerk, self.bruno))
        conversation.lead_id.user_id = self.ana
        conversation.with_user(clerk).action_hand_back()
        self.assertEqual(conversation.user_id, self.ana, "the lead's salesperson")

    def test_salesperson_who_was_given_it_during_the_case_keeps_it(self):
        (clerk,) = self.make_support("Clerk")
        conversation = self.complain()
        self.answer(clerk, conversation)
        conversation.user_id = self.ana
        conversation.with_user(self.ana).action_hand_back()
        self.assertEqual(conversation.user_id, self.ana)

    def test_salesperson_who_left_meanwhile_does_not_come_back(self):
        (clerk,) = self.make_support("Clerk")
        self.customer("Busco sofás")
        conversation = self.get_conversation()
        conversation.user_id = self.bruno
        self.customer(COMPLAINT)
        self.bruno.active = False
        conversation.with_user(clerk).action_hand_back()
        self.assertFalse(conversation.user_id)

    def test_without_a_team_for_support_who_helped_goes_on_selling(self):
        conversation = self.complain()
        conversation.with_user(self.ana).action_hand_back()
        self.assertEqual(conversation.user_id, self.ana)

    def make_support(self, *names):
        """A team for support only; returns its members."""
        users = [
            new_test_user(self.env, f"handover-{name}".lower(), "sales_team.group_sale_salesman", name=name)
            for name in names
        ]
        self.assistant.support_team_id = self.make_team("Support", *users)
        return users

    def test_wish_for_a_person_is_granted_again_after_the_return(self):
        self.customer(WANTS_PERSON)
        self.get_conversation().with_user(self.ana).action_hand_back()
        self.assertEqual(len(self.customer(WANTS_PERSON)), 1)
        self.assertEqual(self.get_conversation().stage, "person")


@tagged("post_install", "-at_install")
class TestFollow(HandOverCase):
    def test_follower_is_told_but_the_assistant_goes_on(self):
        self.customer("Busco sofás")
        conversation = self.get_conversation().with_user(self.ana)
        conversation.action_follow()
        self.assertTrue(conversation.is_followed)
        self.assertEqual(len(self.customer("Soy María")), 1)
        member = conversation.sudo().channel_id.channel_member_ids
        self.assertEqual(member.partner_id, self.ana.partner_id)
        self.assertGreater(member.message_unread_counter, 0)
        self.assertFalse(conversation.user_id)
        conversation.action_unfollow()
        self.assertFalse(conversation.is_followed)

    def test_only_what_one_may_see(self):
        self.customer("Busco sofás")
        self.get_conversation().user_id = self.ana
        with self.assertRaises(AccessError):
            self.get_conversation().with_user(self.outsider).action_follow()


@tagged("post_install", "-at_install")
class TestWhoLeft(HandOverCase):
    """What colleagues had who are not there any more goes to the next by the rules."""

    def leave(self, user, how="archived"):
        if how == "archived":
            user.active = False
        elif how == "rights":
            user.group_ids = self.env.ref("base.group_user")
        else:
            company = self.env["res.company"].create({"name": f"Company of {user.name}"})
            user.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.env.flush_all()

    def look_after(self):
        self.run_job("ir_cron_look_after")

    def test_who_is_waited_for(self):
        for number, how in enumerate(("archived", "rights", "company")):
            with self.subTest(how=how):
                user = new_test_user(self.env, f"left-{how}", "sales_team.group_sale_salesman")
                conversation = self.complain(number)
                conversation._assign_to(user)
                self.leave(user, how)
                self.look_after()
                self.assertIn(conversation.user_id, self.ana | self.bruno)
                self.assertEqual(conversation.handover_id.activity_id.user_id, conversation.user_id)
                self.assertEqual(conversation.handover_reason, "support", "the reason is what it was")

    def test_who_writes_with_the_customer(self):
        conversation = self.complain()
        self.answer(self.ana, conversation)
        self.assertFalse(conversation.awaited_since)
        self.leave(self.ana)
        self.look_after()
        self.assertEqual((conversation.user_id, conversation.handover_reason), (self.bruno, "left"))
        self.assertTrue(conversation.awaited_since)

    def test_whose_lead_it_is(self):
        self.customer("Soy María, busco un sofá, tengo $2000")
        conversation = self.get_conversation()
        conversation.user_id = conversation.lead_id.user_id = self.ana
        self.leave(self.ana)
        self.look_after()
        self.assertIn(conversation.lead_id.user_id, self.bruno | self.leader)
        self.assertNotEqual(conversation.user_id, self.ana)
        self.customer(WANTS_PERSON)
        self.assertEqual(conversation.user_id, conversation.lead_id.user_id)

    def test_lead_that_is_over_stays_with_who_made_it(self):
        self.customer("Soy María, busco un sofá, tengo $2000")
        lead = self.get_conversation().lead_id
        lead.user_id = self.ana
        lead.action_set_won()
        self.leave(self.ana)
        self.look_after()
        self.assertEqual(lead.user_id, self.ana)

    def test_whole_team(self):
        conversation = self.complain()
        for user in (self.ana, self.bruno, self.leader):
            self.leave(user)
        self.look_after()
        self.assertTrue(conversation._filter_assignable(conversation.user_id), "a sales administrator")

    def test_team_that_was_archived(self):
        self.team.active = False
        self.assistant.support_team_id = self.make_team("Support", self.outsider)
        self.assistant.support_team_id.active = False
        conversation = self.complain()
        self.assertTrue(conversation._filter_assignable(conversation.user_id))
        self.assertNotIn(conversation.user_id, self.ana | self.bruno | self.outsider)
        self.customer("Soy María, busco un sofá, tengo $2000")
        self.assertNotEqual(self.get_conversation().lead_id.team_id, self.team)

    def test_leader_who_left_is_no_end(self):
        self.leave(self.leader)
        conversation = self.complain()
        self.pass_time(minutes=16)
        self.pass_time(minutes=33)
        self.assertTrue(conversation._filter_assignable(conversation.user_id))
        self.assertNotIn(conversation.user_id, self.ana | self.bruno | self.leader)
