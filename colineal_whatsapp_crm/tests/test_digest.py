from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .test_report import ReportCase

KPIS = ("kpi_whatsapp_conversations", "kpi_whatsapp_leads", "kpi_whatsapp_hot")


@tagged("post_install", "-at_install")
class TestDigest(ReportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Week",
                "periodicity": "weekly",
                "user_ids": [Command.set(cls.chief.ids)],
                **dict.fromkeys(KPIS, True),
            }
        )

    def read_values(self, user, first, last):
        self.digest.invalidate_recordset()
        digest = self.digest.with_user(user).with_context(start_datetime=first, end_datetime=last)
        return [digest[f"{name}_value"] for name in KPIS]

    def test_figures_of_a_week(self):
        # From the third conversation to the ninth; the lead of the eighth was made a day after it began.
        week = datetime(2026, 3, 2, 20), datetime(2026, 3, 6, 12)
        self.assertEqual(self.read_values(self.chief, *week), [5, 1, 1])
        self.assertEqual(self.read_values(self.chief, week[0], datetime(2026, 3, 7)), [5, 2, 1])
        self.assertEqual(self.read_values(self.ana, *week), [3, 0, 0], "neither of Bruno's")

    def test_colleague_outside_sales_is_spared(self):
        outsider = new_test_user(self.env, "outsider", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.read_values(outsider, datetime(2026, 3, 1), datetime(2026, 3, 8))

    def test_mail_leads_to_the_dashboard(self):
        actions = self.digest._compute_kpis_actions(self.env.company, self.chief)
        self.assertEqual(
            {actions[name].partition("?")[0] for name in KPIS}, {"colineal_whatsapp_crm.whatsapp_dashboard_action"}
        )
        mails = self.env["mail.mail"].search_count([])
        self.digest._action_send_to_user(self.chief)
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails + 1)
        self.assertIn("WhatsApp Conversations", mail.body_html)
        self.assertIn("whatsapp_dashboard_action", mail.body_html)

    def test_default_digest_has_them(self):
        digest = self.env.ref("digest.digest_digest_default")
        self.assertEqual({name: digest[name] for name in KPIS}, dict.fromkeys(KPIS, True))
