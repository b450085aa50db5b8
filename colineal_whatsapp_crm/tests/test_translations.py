import re
from collections import Counter

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import PoFileReader, TranslationModuleReader

MODULE = "colineal_whatsapp_crm"

#: What a translation must keep: ``%s``, ``%(name)s``, ``%%``, ``{name}`` and markup.
PLACEHOLDER = re.compile(r"%%|%(?:\(\w+\))?[a-z]|\{\w*\}|</?\w+")

#: Terms that are the same in Spanish, which the .po file therefore leaves empty.
SAME = {
    "%(hours)s h %(minutes)s min",
    "%s h",
    "%s leads",
    "%s min",
    "%s s",
    "+593 99 123 4567",
    "/api/docs",
    "1 lead",
    '<span class="o_stat_text">Lead</span>',
    '<span class="o_stat_text">Ticket</span>',
    '<span class="text-muted">USD</span>',
    "<span>–</span>",
    "AC…",
    "Audio",
    "Av. Amazonas N21-147",
    "Av. Amazonas N21-147, Quito",
    "Av. Amazonas, Quito",
    "Busco un sofá",
    "Comedores",
    "Comprobante.pdf",
    "De 4 a 8 puestos",
    "Entregamos en todo el país en 5 a 8 días laborables. Aceptamos todas las tarjetas.",
    "Error",
    "Ese me gusta",
    "Gemini",
    "General",
    "HTTP",
    "Hola, quiero más información",
    "Hola, soy Lucía, busco una cama de dos plazas",
    "Hola\nsoy Pedro\nquiero un comedor para 6",
    "ID",
    "Lead",
    "Leads",
    "MG…",
    "Natural",
    "Parque La Carolina",
    "Plural",
    "Plural: %s",
    "Quiero un asesor",
    "Redis",
    "SDK",
    "SMS",
    "Sofás de cuero desde $499",
    "Solo este mes",
    "Sticker",
    "Ticket",
    "Tokens",
    "Total",
    "URL",
    "Video",
    "Webhook",
    "Webhooks",
    "WhatsApp",
    "WhatsApp: %s",
    "colineal.com",
    "de lunes a sábado de 9:00 a 19:00",
    "google-genai",
    "google-generativeai",
    "https://erp.example.com/whatsapp",
    "https://maps.app.goo.gl/…",
    "https://odoo.example.com",
    "openapi.json",
    'pip install "openapi-ui-bundles~=0.3.0"',
    "todos los días de 10:00 a 20:00",
    "%(variable)s: %(fault)s",
    "Hola {{1}}, tu cotización de {{2}} está lista. ¿Te ayudo con algo más?",
    "Marketing",
    "Variables",
    "Variable",
    "https://…",
    "¿Qué precio tiene?",
}


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    """Salespeople work in Spanish: whatever Odoo's own export finds in this module has its words in ``es.po``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # As Odoo reads it, which leaves out what the .pot beside it does not have.
        rows = PoFileReader(file_path(f"{MODULE}/i18n/es.po"))
        cls.spanish = {row["src"]: row["value"] for row in rows if row["value"]}

    def is_of_another_module(self, name, xmlid):
        """Whether the term is of a field that the model has from elsewhere: any addon may give mail.thread one."""
        if not name.startswith("ir.model.fields,"):
            return False
        record = self.env.ref(xmlid)
        return MODULE not in self.env[record.model]._fields[record.name]._modules

    def test_every_term_is_in_spanish(self):
        missing = sorted(
            {
                f"{term!r} ({name}: {where})"
                for _module, _type, name, where, term, *_rest in TranslationModuleReader(self.env.cr, [MODULE])
                if term not in self.spanish.keys() | SAME and not self.is_of_another_module(name, where)
            }
        )
        if missing:
            self.fail("Without Spanish in i18n/es.po, or not in the .pot beside it:\n" + "\n".join(missing))

    def test_placeholders_are_kept(self):
        for term, translation in self.spanish.items():
            with self.subTest(term=term):
                kept = Counter(PLACEHOLDER.findall(translation))
                self.assertEqual(kept, Counter(PLACEHOLDER.findall(term)), translation)
