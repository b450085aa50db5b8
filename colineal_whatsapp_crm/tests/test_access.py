from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import WhatsappCase

MODELS = (
    "whatsapp.sender",
    "whatsapp.assistant",
    "whatsapp.assistant.wording",
    "whatsapp.interest",
    "whatsapp.city",
    "whatsapp.contact",
    "whatsapp.conversation",
    "whatsapp.conversation.message",
    "whatsapp.classification",
    "whatsapp.conversation.report",
)


@tagged("post_install", "-at_install")
class TestAccess(WhatsappCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outsider = new_test_user(cls.env, "outsider", groups="base.group_user")
        cls.anna = new_test_user(cls.env, "anna", groups="sales_team.group_sale_salesman")
        cls.bruno = new_test_user(cls.env, "bruno", groups="sales_team.group_sale_salesman")
        cls.chief = new_test_user(cls.env, "chief", groups="sales_team.group_sale_manager,base.group_allow_export")

    def setUp(self):
        super().setUp()
        self.customer("Busco sofás")
        self.conversation = self.get_conversation()

    def count_seen(self, user):
        """How many records of each model of this conversation the user finds."""
        env = self.env(user=user)
        return {
            "whatsapp.conversation": env["whatsapp.conversation"].search_count([("id", "=", self.conversation.id)]),
            "whatsapp.conversation.message": env["whatsapp.conversation.message"].search_count(
                [("id", "in", self.conversation.line_ids.ids)]
            ),
            "whatsapp.classification": env["whatsapp.classification"].search_count(
                [("id", "in", self.conversation.classification_ids.ids)]
            ),
            "whatsapp.contact": env["whatsapp.contact"].search_count([("id", "=", self.conversation.contact_id.id)]),
        }

    def test_colleague_outside_sales_sees_nothing(self):
        for model in MODELS:
            with self.subTest(model), self.assertRaises(AccessError):
                self.env(user=self.outsider)[model].search([])

    def test_salesperson_sees_own_and_unassigned(self):
        self.assertTrue(all(self.count_seen(self.anna).values()))
        self.conversation.user_id = self.anna
        self.assertTrue(all(self.count_seen(self.anna).values()))
        self.assertFalse(any(self.count_seen(self.bruno).values()))
        self.assertTrue(all(self.count_seen(self.chief).values()))

    def test_other_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreigner = new_test_user(
            self.env,
            "foreigner",
            groups="sales_team.group_sale_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.assertFalse(any(self.count_seen(foreigner).values()))
        self.assertFalse(self.env(user=foreigner)["whatsapp.sender"].search([("id", "=", self.sender.id)]))

    def test_secrets_are_for_system_administrators(self):
        for field in ("auth_token", "previous_auth_token", "simulation_token"):
            with self.subTest(field), self.assertRaises(AccessError):
                self.sender.with_user(self.chief).read([field])
            with self.subTest(field), self.assertRaises(AccessError):
                self.env(user=self.chief)["whatsapp.sender"].search([(field, "!=", False)])
            with self.subTest(field), self.assertRaises(UserError):
                self.sender.with_user(self.chief).export_data([field])

    def test_ledger_is_written_by_nobody(self):
        for user in (self.anna, self.chief):
            with self.assertRaises(AccessError):
                self.conversation.line_ids[0].with_user(user).write({"body": "other words"})
            with self.assertRaises(AccessError):
                self.conversation.line_ids[0].with_user(user).unlink()

    def test_pipeline_cannot_be_called_from_outside(self):
        for method in ("reply", "hand_over", "create_or_update_lead"):
            self.assertTrue(getattr(type(self.conversation), method)._api_private, method)
