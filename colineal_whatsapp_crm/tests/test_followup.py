from datetime import UTC, datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..lib.clock import utcnow
from .common import WhatsappCase


class FollowupCase(WhatsappCase):
    """A shop that is always open, whose assistant writes again after four hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.make_calendar(range(7))
        cls.assistant.resource_calendar_id = cls.calendar
        cls.rule = cls.env["whatsapp.followup.rule"].create({"assistant_id": cls.assistant.id, "hours": 4})

    @classmethod
    def make_calendar(cls, days, begin=0, end=24):
        """Working hours in UTC, on these days of the week."""
        attendances = [
            Command.create({"name": "Open", "dayofweek": str(day), "hour_from": begin, "hour_to": end}) for day in days
        ]
        values = {"name": "Shop", "tz": "UTC", "attendance_ids": [Command.clear(), *attendances]}
        return cls.env["resource.calendar"].create(values)

    def begin(self):
        """A warm customer who was asked for a budget, and does not answer. Returns the conversation."""
        self.customer("Hola, soy María, busco un sofá")
        conversation = self.get_conversation()
        self.assertEqual(conversation.quality, "warm")
        return conversation

    def pass_time(self, conversation, hours):
        """The last hours pass: everything in the conversation was so much earlier."""
        self.env.flush_all()
        conversation.last_inbound_at -= timedelta(hours=hours)
        for followup in conversation.followup_ids.filtered(lambda each: each.state == "planned"):
            followup.planned_at -= timedelta(hours=hours)

    def run_followups(self, conversation):
        """The job runs, and what it queued is sent. Returns what the customer gets."""
        before = conversation.line_ids
        self.run_job("ir_cron_follow_up")
        self.work()
        return (conversation.line_ids - before).mapped("body")

    def expire(self, conversation, hours=5):
        self.pass_time(conversation, hours)
        return self.run_followups(conversation)


@tagged("post_install", "-at_install")
class TestFollowup(FollowupCase):
    """Customers who do not answer are written to once more, and only while they may be."""

    def assert_cancelled(self, conversation, obstacle):
        self.assertFalse(conversation.followup_at)
        self.assertEqual(self.expire(conversation), [])
        followup = conversation.followup_ids[:1]
        self.assertEqual((followup.state, followup.obstacle), ("cancelled", obstacle))

    def test_customer_who_does_not_answer(self):
        conversation = self.begin()
        planned = conversation.followup_at
        self.assertAlmostEqual(planned, conversation.last_inbound_at + timedelta(hours=4), delta=timedelta(seconds=1))
        self.assertEqual(self.run_followups(conversation), [], "it is not time yet")
        (said,) = self.expire(conversation)
        self.assertIn("María", said)
        self.assertIn("sofá", said)
        followup = conversation.followup_ids
        self.assertEqual((followup.state, followup.message_id.body), ("sent", said))
        self.assertEqual(followup.message_id.wording_ids.mapped("situation"), ["follow_up"])
        self.assertFalse(conversation.followup_at)

    def test_never_twice(self):
        conversation = self.begin()
        self.assertEqual(len(self.expire(conversation)), 1)
        self.assertEqual(self.expire(conversation), [])
        self.customer("Sí, sigo buscando")
        self.assertFalse(conversation.followup_at, "each rule counts once in a conversation")

    def test_answer_goes_on_where_the_assistant_had_asked(self):
        conversation = self.begin()
        self.expire(conversation)
        self.customer("hasta 900")
        self.assertEqual((conversation.budget_max, conversation.stage), (900, "lead"))
        followup = conversation.followup_ids
        self.assertEqual(followup.state, "answered")
        self.assertTrue(followup.answered_at)

    def test_one_rule_after_the_other(self):
        self.env["whatsapp.followup.rule"].create({"assistant_id": self.assistant.id, "hours": 20})
        conversation = self.begin()
        (first,) = self.expire(conversation)
        self.assertAlmostEqual(
            conversation.followup_at, conversation.last_inbound_at + timedelta(hours=20), delta=timedelta(seconds=1)
        )
        (second,) = self.expire(conversation, 16)
        self.assertNotEqual(first, second, "in other words")
        self.assertEqual(conversation.followup_ids.mapped("hours"), [20, 4])
        self.customer("Ya volví")
        self.assertEqual(conversation.followup_ids.mapped("state"), ["answered", "sent"], "the last one is answered")

    def test_any_answer_ends_it(self):
        conversation = self.begin()
        first = conversation.followup_ids
        self.receive("Déjame ver")
        self.read_only()
        self.assertEqual((first.state, first.obstacle), ("cancelled", "customer"))

    def test_what_has_just_come_is_read_first(self):
        conversation = self.begin()
        self.pass_time(conversation, 5)
        self.receive("Ya te digo")
        before = conversation.line_ids
        self.run_job("ir_cron_follow_up")
        self.assertEqual(conversation.line_ids - before, conversation.line_ids.browse(), "the worker has not run yet")
        self.work()
        self.assertEqual(conversation.followup_ids.sorted("id")[:1].obstacle, "customer")

    def test_person_takes_over(self):
        conversation = self.begin()
        conversation.action_take_over()
        self.assert_cancelled(conversation, "person")

    def test_person_writes(self):
        conversation = self.begin()
        channel = conversation._get_channel()
        channel.with_user(self.env.ref("base.user_admin")).message_post(
            body="Hola, le ayudo", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assert_cancelled(conversation, "person")

    def test_person_is_called(self):
        conversation = self.begin()
        self.customer("Quiero hablar con una persona")
        self.assertFalse(conversation.followup_at)
        self.assertEqual(self.expire(conversation), [])

    def test_closed(self):
        conversation = self.begin()
        conversation.action_close()
        self.assert_cancelled(conversation, "closed")

    def test_wants_no_messages(self):
        conversation = self.begin()
        conversation.action_opt_out()
        self.assert_cancelled(conversation, "opted_out")

    def test_says_no(self):
        conversation = self.begin()
        self.customer("no gracias, ya compré en otro lado")
        self.assertFalse(conversation.followup_at)
        self.assertEqual(self.expire(conversation), [])

    def test_lead_is_won(self):
        conversation = self.begin()
        conversation.lead_id = self.env["crm.lead"].create({"name": "A sofa", "type": "opportunity"})
        conversation.lead_id.action_set_won()
        self.assert_cancelled(conversation, "lead_over")

    def test_lead_is_made(self):
        self.customer("Soy María, necesito un sofá, tengo $900")
        conversation = self.get_conversation()
        self.assertEqual(conversation.stage, "lead")
        self.assertFalse(conversation.followup_at, "an adviser was promised, who writes")

    def test_colleague_cancels(self):
        seller = new_test_user(self.env, "seller", "sales_team.group_sale_salesman")
        conversation = self.begin()
        conversation.user_id = seller
        conversation.with_user(seller).action_cancel_followup()
        self.assert_cancelled(conversation, "colleague")

    def test_other_quality(self):
        self.rule.quality = "hot"
        self.assertFalse(self.begin().followup_at)

    def test_rule_changes_meanwhile(self):
        conversation = self.begin()
        self.rule.unlink()
        self.assertEqual(self.expire(conversation), [])
        self.assertEqual(conversation.followup_ids.obstacle, "changed")

    def test_after_the_24_hours(self):
        conversation = self.begin()
        self.assertEqual(self.expire(conversation, 25), [])
        self.assertEqual(conversation.followup_ids.obstacle, "too_late")

    def test_nothing_to_say(self):
        self.assistant.wording_ids.filtered(lambda wording: wording.situation == "follow_up").unlink()
        conversation = self.begin()
        self.assertEqual(self.expire(conversation), [])
        self.assertEqual(conversation.followup_ids.obstacle, "no_wording")

    def test_assistant_without_rules(self):
        self.rule.unlink()
        self.assertFalse(self.begin().followup_ids)

    def test_simulator_plans_nothing(self):
        conversation = self.begin()
        conversation.followup_ids.unlink()
        conversation.sender_id.is_simulator = True
        conversation._plan_followup()
        self.assertFalse(conversation.followup_ids)

    def test_words_of_the_customers_language(self):
        self.customer("Hello, I am Mary and I am looking for a sofa")
        conversation = self.get_conversation()
        (said,) = self.expire(conversation)
        self.assertIn("Mary", said)
        self.assertIn("furniture", said)

    def test_unsaved_hours(self):
        for hours in (0, 24):
            with self.assertRaises(ValidationError):
                self.rule.hours = hours

    def test_on_the_assistants_form(self):
        with Form(self.assistant) as form, form.followup_rule_ids.new() as rule:
            rule.hours = 12
        self.assertEqual(self.assistant.followup_rule_ids.mapped("hours"), [4, 12])
        self.assertEqual(self.assistant.copy().followup_rule_ids.mapped("hours"), [4, 12])


@tagged("post_install", "-at_install")
class TestTemplates(FollowupCase):
    """After 24 hours only a template still goes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["whatsapp.content.template"].create(
            {
                "name": "Seguimiento",
                "sender_id": cls.sender.id,
                "language": "es",
                "body": "Hola {{1}}, ¿aún te interesa? Soy {{2}}.",
                "variable_ids": [
                    Command.create({"name": "1", "sample": "Ana", "source": "placeholder", "placeholder": "name"}),
                    Command.create({"name": "2", "sample": "Eva", "text": "Colineal"}),
                ],
            }
        )
        cls.template.state = "approved"
        cls.rule.unlink()
        values = {"assistant_id": cls.assistant.id, "hours": 48, "template_id": cls.template.id}
        cls.rule = cls.env["whatsapp.followup.rule"].create(values)

    def assert_cancelled(self, conversation, obstacle):
        self.assertEqual(self.expire(conversation, 49), [])
        self.assertEqual(conversation.followup_ids.mapped("obstacle"), [obstacle])

    def test_customer_who_does_not_answer(self):
        conversation = self.begin()
        planned = conversation.followup_at
        self.assertAlmostEqual(planned, conversation.last_inbound_at + timedelta(hours=48), delta=timedelta(seconds=1))
        self.assertEqual(self.expire(conversation, 49), ["Hola María, ¿aún te interesa? Soy Colineal."])
        line = conversation.line_ids[-1]
        self.assertEqual((line.author, line.template_id, line.state), ("assistant", self.template, "simulated"))
        self.assertEqual(conversation.followup_ids.mapped("state"), ["sent"])
        self.assertIn(conversation.stage, ("new", "gathering", "ready"), "the assistant goes on")
        self.customer("Sí, aún lo busco")
        self.assertEqual(conversation.followup_ids.mapped("state"), ["answered"])

    def test_after_the_assistants_own_words(self):
        self.env["whatsapp.followup.rule"].create({"assistant_id": self.assistant.id, "hours": 4})
        conversation = self.begin()
        (said,) = self.expire(conversation)
        self.assertFalse(conversation.line_ids[-1].template_id)
        self.assertIn("María", said)
        self.assertEqual(len(self.expire(conversation, 44)), 1)
        self.assertEqual(conversation.line_ids[-1].template_id, self.template)

    def test_answer_stops_what_waits_to_be_sent(self):
        conversation = self.begin()
        self.pass_time(conversation, 49)
        self.run_job("ir_cron_follow_up")
        line = conversation.line_ids[-1]
        self.assertEqual((line.template_id, line.state), (self.template, "queued"))
        self.customer("¿Tienen mesas?")
        self.assertEqual(line.state, "dropped")

    def test_template_that_may_not_go(self):
        for values in ({"state": "paused"}, {"category": "marketing"}):
            with self.subTest(values), self.env.cr.savepoint() as savepoint:
                self.sender.marketing_per_day = 0
                conversation = self.begin()
                self.template.write(values)
                self.assert_cancelled(conversation, "no_template")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_word_that_is_not_known(self):
        conversation = self.begin()
        self.template.variable_ids[1].text = False
        self.assert_cancelled(conversation, "no_template")

    def test_who_wants_no_messages(self):
        conversation = self.begin()
        conversation.action_opt_out()
        self.assert_cancelled(conversation, "opted_out")

    def test_long_silence_needs_a_template(self):
        with self.assertRaises(ValidationError):
            self.rule.template_id = False
        self.rule.hours = 23
        self.rule.template_id = False


@tagged("post_install", "-at_install")
class TestWorkingHours(FollowupCase):
    """Nobody is written to in the middle of the night."""

    def get_moment(self, last, days, begin, end, hours=4):
        """When somebody who wrote at a moment in UTC is followed up."""
        conversation = self.begin()
        self.assistant.resource_calendar_id = self.make_calendar(days, begin, end)
        conversation.last_inbound_at = datetime.fromisoformat(last)
        self.rule.hours = hours
        return self.rule._get_moment(conversation)

    def test_shop_is_open(self):
        self.assertEqual(
            self.get_moment("2026-03-02 10:00:00", range(5), 9, 18), datetime.fromisoformat("2026-03-02 14:00:00")
        )

    def test_shop_opens_in_time(self):
        self.assertEqual(
            self.get_moment("2026-03-02 17:00:00", range(5), 9, 18), datetime.fromisoformat("2026-03-03 09:00:00")
        )

    def test_shop_opens_too_late(self):
        # Friday afternoon; the next opening is on Monday.
        self.assertIsNone(self.get_moment("2026-03-06 17:00:00", range(5), 9, 18))

    def test_last_moment(self):
        self.assertEqual(
            self.get_moment("2026-03-02 10:00:00", range(5), 9, 18, hours=23),
            datetime.fromisoformat("2026-03-03 09:00:00"),
        )

    def test_hours_that_cannot_be_read(self):
        self.env.flush_all()
        self.env.cr.execute("UPDATE resource_calendar SET tz = 'Nowhere/Land' WHERE id = %s", [self.calendar.id])
        self.env.invalidate_all()
        with mute_logger("odoo.addons.colineal_whatsapp_crm.models.assistant.base"):
            conversation = self.begin()
        self.assertFalse(conversation.followup_at)
        self.assertFalse(conversation.error, "nothing else of the turn is lost")

    def test_companys_hours_where_the_assistant_has_none(self):
        conversation = self.begin()
        self.assistant.resource_calendar_id = False
        today = datetime.now(UTC).weekday()
        company = self.env.company
        company.resource_calendar_id = self.make_calendar([(today + 3) % 7])
        self.assertIsNone(self.rule._get_moment(conversation))
        company.resource_calendar_id = self.make_calendar(range(7))
        self.assertEqual(self.rule._get_moment(conversation), conversation.last_inbound_at + timedelta(hours=4))

    def test_companys_hours_are_those_of_the_shops_clock(self):
        """Odoo makes a company's working hours in the zone of whoever installs it, which need not be the shop's."""
        conversation = self.begin()
        conversation.last_inbound_at = datetime.fromisoformat("2026-03-03 03:00:00")  # 22:00 in Guayaquil
        calendar = self.make_calendar(range(5), 9, 18)
        calendar.tz = "Europe/Brussels"
        self.env.company.write({"resource_calendar_id": calendar.id, "whatsapp_timezone": "America/Guayaquil"})
        self.assistant.resource_calendar_id = False
        self.assertEqual(self.rule._get_moment(conversation), datetime.fromisoformat("2026-03-03 14:00:00"))
        self.env.company.whatsapp_timezone = False
        self.assertEqual(self.rule._get_moment(conversation), datetime.fromisoformat("2026-03-03 08:00:00"))
        self.env.company.whatsapp_timezone = "America/Guayaquil"
        # What was chosen for the assistant says itself when it is.
        self.assistant.resource_calendar_id = calendar
        self.assertEqual(self.rule._get_moment(conversation), datetime.fromisoformat("2026-03-03 08:00:00"))


@tagged("post_install", "-at_install")
class TestFollowupReport(FollowupCase):
    def sum_up(self, *measures):
        self.env.invalidate_all()
        rows = self.env["whatsapp.followup.report"].search([("assistant_id", "=", self.assistant.id)])
        return {name: sum(rows.mapped(name)) for name in measures}

    def test_answers_leads_and_sales(self):
        measures = ("sent_count", "answered_count", "lead_count", "won_count")
        conversation = self.begin()
        self.expire(conversation)
        self.assertEqual(self.sum_up(*measures), dict(zip(measures, (1, 0, 0, 0), strict=True)))
        self.customer("hasta 900")
        self.assertEqual(self.sum_up(*measures), dict(zip(measures, (1, 1, 1, 0), strict=True)))
        conversation.lead_id.action_set_won()
        self.assertEqual(self.sum_up(*measures), dict(zip(measures, (1, 1, 1, 1), strict=True)))

    def test_lead_without_a_followup_counts_for_none(self):
        self.begin()
        self.customer("hasta 900")
        self.assertEqual(self.sum_up("sent_count", "lead_count"), {"sent_count": 0, "lead_count": 0})

    def test_personal_data_have_it(self):
        conversation = self.begin()
        self.expire(conversation)
        (exported,) = conversation._get_personal_data()["follow_ups"]
        self.assertEqual(exported["state"], "sent")
        self.assertLessEqual(exported["sent"], utcnow())

    def test_erased_customer_is_not_written_to(self):
        conversation = self.begin()
        conversation.contact_id._erase()
        self.assertEqual(self.expire(conversation), [])
        self.assertEqual(conversation.followup_ids.obstacle, "closed")
