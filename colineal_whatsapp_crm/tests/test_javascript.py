from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestJavascript(HttpCase):
    def test_hoot(self):
        """The web client's parts of this addon, in Odoo's own test runner."""
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=60000&filter=@colineal_whatsapp_crm",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
        )
