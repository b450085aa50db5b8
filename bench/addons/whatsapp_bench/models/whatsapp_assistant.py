import os

import requests
from odoo import fields, models
from odoo.addons.colineal_whatsapp_crm.understanding.providers import PROVIDERS, RULES, Provider


def _ask_slow_model(messages, state, vocabulary):
    """As slow as the model at BENCH_MODEL_URL, and as clever as the rules."""
    requests.get(os.environ["BENCH_MODEL_URL"], timeout=30).raise_for_status()
    return PROVIDERS[RULES].understand(messages, state, vocabulary)


PROVIDERS["bench_slow"] = Provider(_ask_slow_model, slow=True)


class WhatsappAssistant(models.Model):
    _inherit = "whatsapp.assistant"

    provider = fields.Selection(
        selection_add=[("bench_slow", "Slow model of the benchmark")], ondelete={"bench_slow": "set default"}
    )
