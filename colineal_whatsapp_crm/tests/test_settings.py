import os
import tempfile
from unittest.mock import patch

from odoo.tests import BaseCase, tagged
from odoo.tools import config

from ..lib.settings import get_setting

SETTING, OPTION = "GEMINI_API_URL", "whatsapp_gemini_api_url"


@tagged("post_install", "-at_install")
class TestServerSettings(BaseCase):
    def setUp(self):
        super().setUp()
        environment = {name: value for name, value in os.environ.items() if name != SETTING}
        self.startPatcher(patch.dict(os.environ, environment, clear=True))

    def get(self, content, **options):
        """The setting of a server that was started with this configuration file."""
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
            file.write(content)
            file.flush()
            with patch.dict(config.options, {"config": file.name, **options}):
                return get_setting(SETTING)

    def test_environment_then_our_section_then_odoos(self):
        section = "[options]\nworkers = 0\n[colineal_whatsapp_crm]\ngemini_api_url = https://mine.example.com/100%\n"
        self.assertEqual(self.get(section), "https://mine.example.com/100%")
        self.assertEqual(self.get(section, **{OPTION: "https://old.example.com"}), "https://mine.example.com/100%")
        self.assertEqual(self.get("[options]\n", **{OPTION: "https://old.example.com"}), "https://old.example.com")
        os.environ[SETTING] = "https://first.example.com"
        self.assertEqual(self.get(section), "https://first.example.com")

    def test_nothing_is_none(self):
        for content in ("", "[options]\n", "[colineal_whatsapp_crm]\ngemini_api_url =\n", "no section\n"):
            self.assertIsNone(self.get(content), content)
