import json

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import json_default

from .test_report import NOW, ReportCase


@tagged("post_install", "-at_install")
class TestDashboard(ReportCase):
    def look(self, user=None, **filters):
        """The dashboard as the browser gets it. Now is Tuesday, 2026-03-10, seven in the morning where the shop is."""
        report = self.env["whatsapp.conversation.report"].with_user(user or self.chief)
        report = report.with_context(tz="America/Guayaquil")
        with freeze_time(NOW):
            return json.loads(json.dumps(report.get_dashboard(**filters), default=json_default))

    def get_values(self, view):
        return {name: figure["value"] for name, figure in view["figures"].items()}

    def test_figures(self):
        values = self.get_values(self.look())
        self.assertEqual(
            (values["conversations"], values["active"], values["completed"], values["abandoned"]), (12, 6, 5, 1)
        )
        self.assertEqual((values["hot"], values["warm"], values["cold"]), (4, 4, 3))
        self.assertEqual((values["leads"], values["won"]), (5, 2))
        self.assertAlmostEqual(values["lead_rate"], 0.416667, 5)
        self.assertEqual((values["assistant_seconds"], values["person_seconds"]), (30, 1200))
        self.assertEqual((values["lead_seconds"], values["duration_seconds"]), (18000, 1200))
        self.assertAlmostEqual(values["lead_messages"], 8.4)

    def test_funnel_narrows(self):
        funnel = self.look()["funnel"]
        self.assertEqual([step["label"] for step in funnel][0::4], ["Wrote", "Won"])
        # Nobody said a name: who named a product and has no lead is known, and not ready.
        self.assertEqual([step["count"] for step in funnel], [12, 8, 5, 5, 2])

    def test_products_and_questions(self):
        view = self.look()
        products = {product["label"]: (product["count"], product["leads"]) for product in view["products"]}
        self.assertEqual(products, {"sofá": (4, 2), "cama": (3, 2), "comedor": (2, 2)})
        self.assertEqual(view["products"][0]["label"], "sofá")
        self.assertEqual(view["stopped"][0]["label"], "Ask for the budget")
        self.assertEqual([question["count"] for question in view["stopped"]], [2, 1, 1])

    def test_salespeople_and_teams(self):
        view = self.look()
        names = ("taken", "answered", "answer_seconds", "leads", "lead_answer_seconds", "won")
        people = {row["label"]: tuple(row[name] for name in names) for row in view["people"]}
        self.assertEqual(people[self.ana.name], (4, 1, None, 3, 240, 2))
        self.assertEqual(people[self.bruno.name], (3, 2, 1200, 1, 720, 0))
        self.assertEqual(people[False], (5, 0, None, 1, None, 0))
        self.assertEqual(
            [row["label"] for row in view["people"]], [self.ana.name, self.bruno.name, False], "nobody comes last"
        )
        teams = {row["label"]: tuple(row[name] for name in names) for row in view["sales_teams"]}
        self.assertEqual(teams["WhatsApp"][:2], (10, 2))
        self.assertEqual(view["figures"]["lead_answer_seconds"]["value"], 360)

    def test_every_figure_leads_to_its_records(self):
        view = self.look()
        names = ("conversations", "active", "completed", "abandoned", "hot", "warm", "cold", "leads", "won")
        counted = [(view["figures"][name]["value"], view["figures"][name]["domain"]) for name in names]
        for part in ("funnel", "products", "stopped"):
            counted += [(row["count"], row["domain"]) for row in view[part]]
        counted += [(row["taken"], row["domain"]) for part in ("people", "sales_teams") for row in view[part]]
        for bar in view["timeline"]["bars"]:
            counted.append((sum(bar[quality] for quality in ("hot", "warm", "cold", "none")), bar["domain"]))
        for count, domain in counted:
            self.assertEqual(len(self.search_report(domain)), count, domain)
        self.assertEqual(self.search_report(view["figures"]["person_seconds"]["domain"]), [4, 7])

    def test_period_is_the_readers(self):
        # 04:30 UTC on the 9th is the evening of the 8th.
        view = self.look(period="custom", date_from="2026-03-08", date_to="2026-03-08")
        self.assertEqual(self.search_report(view["domain"]), [5, 12])
        self.assertEqual(view["timeline"]["granularity"], "hour")
        hours = {bar["begin"][11:13] for bar in view["timeline"]["bars"] if bar["hot"] or bar["warm"]}
        self.assertEqual((len(view["timeline"]["bars"]), hours), (24, {"11", "23"}))
        self.assertEqual(self.search_report(self.look(period="today")["domain"]), [11])
        self.assertEqual(self.look(period="7_days")["date_from"], "2026-03-04")
        self.assertEqual(self.look(period="month")["date_from"], "2026-03-01")
        self.assertEqual(len(self.look(period="month")["timeline"]["bars"]), 10, "a bar for days without anybody, too")

    def test_long_periods_have_wider_bars(self):
        for first, granularity, count in (
            ("2026-02-01", "day", 38),
            ("2026-01-01", "week", 11),
            ("2025-03-15", "month", 13),
        ):
            timeline = self.look(period="custom", date_from=first, date_to="2026-03-10")["timeline"]
            self.assertEqual((timeline["granularity"], len(timeline["bars"])), (granularity, count))
            self.assertEqual(sum(bar["hot"] for bar in timeline["bars"]), 4)

    def test_period_before(self):
        # 2026-03-03 to -05 against 2026-02-28 to 03-02: three conversations against three.
        figures = self.look(period="custom", date_from="2026-03-03", date_to="2026-03-05")["figures"]
        self.assertEqual((figures["conversations"]["value"], figures["conversations"]["before"]), (4, 3))
        self.assertEqual((figures["leads"]["value"], figures["leads"]["before"]), (2, 2))

    def test_senseless_period_is_refused(self):
        with self.assertRaisesRegex(UserError, "ends before it begins"):
            self.look(period="custom", date_from="2026-03-10", date_to="2026-03-01")
        with self.assertRaisesRegex(UserError, "is no period"):
            self.look(period="year")

    def test_team(self):
        view = self.look(team_id=self.team.id)
        self.assertEqual(self.search_report(view["domain"]), [1, 2, 3, 4, 5, 6, 7, 8, 9, 11])
        self.assertIn({"id": self.team.id, "name": "WhatsApp"}, view["teams"])

    def test_who_waits_and_who_is_alone(self):
        view = self.look()
        self.assertEqual([row["id"] for row in view["waiting"]["rows"]], self.conversations[5].ids)
        self.assertEqual(view["waiting"]["count"], 1)
        self.assertEqual(view["alone"]["count"], 0)
        first, second = self.conversations[1], self.conversations[4]
        first.write({"user_id": False})
        second.write({"quality": "hot"})
        self.assertEqual({row["id"] for row in self.look()["alone"]["rows"]}, {first.id, second.id})
        first.lead_id.user_id = self.ana
        self.assertEqual({row["id"] for row in self.look()["alone"]["rows"]}, {second.id})
        self.assertEqual(self.look(period="today")["alone"]["count"], 1, "whenever they wrote")

    def test_who_waits_comes_with_the_number_they_wrote_to_where_there_are_several(self):
        senders = self.env["whatsapp.sender"]
        (senders.search([("company_id", "=", self.sender.company_id.id)]) - self.sender).active = False
        self.assertFalse(self.look()["waiting"]["rows"][0]["sender"])
        senders.create({"name": "Outlet", "number": "+593999000555"})
        self.env.invalidate_all()
        self.assertEqual(self.look()["waiting"]["rows"][0]["sender"], self.conversations[5].sender_id.name)

    def test_nothing_yet(self):
        view = self.look(period="custom", date_from="2020-01-01", date_to="2020-01-02")
        self.assertEqual(view["figures"]["conversations"]["value"], 0)
        self.assertIsNone(view["figures"]["lead_rate"]["value"])
        self.assertEqual(view["products"], [])

    def test_salesperson_sees_own_and_unassigned(self):
        view = self.look(self.bruno)
        self.assertEqual(self.get_values(view)["conversations"], 8)
        self.conversations[5].user_id = self.ana
        self.assertEqual(self.look(self.bruno)["waiting"]["count"], 0)

    def test_colleague_outside_sales_gets_nothing(self):
        outsider = new_test_user(self.env, "outsider", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.look(outsider)

    def test_as_many_statements_whatever_is_stored(self):
        row = "03-09 10:00 | 5 | - | - | 1 | 1 0 | ready | hot | sofá | Quito | - | - | create_lead"
        for number in range(20, 34):
            self.make(number, self.sender, row)
        self.count_statements()  # what Odoo keeps in memory of rights and languages
        few = self.count_statements()
        for number in range(34, 60):
            self.make(number, self.sender, row)
        self.assertEqual(self.count_statements(), few)
        self.assertEqual(self.look()["alone"]["count"], 40)

    def count_statements(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.look()
        return self.env.cr.sql_log_count - before
