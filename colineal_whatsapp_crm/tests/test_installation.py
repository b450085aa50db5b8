from odoo.tests import TransactionCase, tagged

MODULE = "colineal_whatsapp_crm"


@tagged("post_install", "-at_install")
class TestInstallation(TransactionCase):
    """Odoo finds nothing to warn of in this module when it is installed."""

    def test_views_are_accessible(self):
        data = self.env["ir.model.data"].search([("module", "=", MODULE), ("model", "=", "ir.ui.view")])
        views = self.env["ir.ui.view"].browse(data.mapped("res_id"))
        self.assertGreater(len(views), 20)
        with self.assertNoLogs("odoo.addons.base.models.ir_ui_view", "WARNING"):
            views.with_context(ir_ui_view_partial_validation=True)._check_xml()

    def test_no_two_fields_of_a_model_have_the_same_label(self):
        ours = [name for name, model in self.env.registry.items() if model._original_module == MODULE]
        with self.assertNoLogs("odoo.addons.base.models.ir_model", "WARNING"):
            self.env["ir.model.fields"]._reflect_fields(ours)
