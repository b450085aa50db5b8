from unittest.mock import patch

from lxml import etree
from odoo.tests import new_test_user, tagged

from .common import CUSTOMER, WhatsappCase

#: An accent that stands behind its letter, as some telephones write it.
COMBINING = "\u0301"


class AccentCase:
    """What people type without accents finds what is written with them, and the other way round."""

    def setUp(self):
        super().setUp()
        self.customer("Hola, me llamo Verónica Núñez", "Busco un sofá para mi salón", ProfileName="Íñigo 🙂")
        self.conversation = self.get_conversation()
        self.seller = new_test_user(self.env, "zoe", "sales_team.group_sale_salesman", name="Zoé Ibáñez")

    def find(self, model, field, text, view=None):
        """What the search box of a model's screen finds, of the conversation, when a line of it is chosen."""
        records = self.env[model].with_user(self.seller)
        arch = etree.fromstring(records.get_view(view and self.env.ref(view).id, "search")["arch"])
        domain = arch.find(f".//field[@name='{field}']").get("filter_domain")
        domain = eval(domain, {"self": text}) if domain else [(field, "ilike", text)]
        self.env.flush_all()
        return records.search(domain)

    def assertFinds(self, texts, record, field, view=None):
        for text in texts:
            self.assertIn(record, self.find(record._name, field, text, view).sudo(), text)
        self.assertNotIn(record, self.find(record._name, field, f"{texts[0]}x", view).sudo())

    def test_conversation(self):
        self.assertFinds(
            ("veronica", "VERONICA", "Verónica Núñez", "nunez", f"Vero{COMBINING}nica"),
            self.conversation,
            "customer_name",
        )
        self.assertFinds(("inigo", "Íñigo"), self.conversation, "customer_name")
        self.assertFinds(("sofa", "sofá para mi salon"), self.conversation, "line_ids")
        self.assertFinds(("sofa", "SOFÁ"), self.conversation, "product_interest")
        self.conversation.city = "Tulcán"
        self.assertFinds(("tulcan",), self.conversation, "city")
        self.conversation.user_id = self.seller
        self.assertFinds(("zoe ibanez", "Zoé"), self.conversation, "user_id")

    def test_name_in_the_address_book(self):
        partner = self.env["res.partner"].create({"name": "Ángela Güemes", "phone": CUSTOMER.rpartition(":")[2]})
        self.conversation.contact_id.partner_id = partner
        self.assertFinds(("angela", "guemes", "Ángela G"), self.conversation, "customer_name")
        names = dict(self.env["whatsapp.contact"].with_user(self.seller).name_search("angela guemes"))
        self.assertIn(self.conversation.contact_id.id, names)

    def test_accents_of_telephones(self):
        """An accent may be a character of its own."""
        line = self.conversation.line_ids[:1]
        line.body = f"Mi sillo{COMBINING}n esta{COMBINING} roto"
        self.assertFinds(("sillon esta", "sillón está"), self.conversation, "line_ids")

    def test_look_up(self):
        """Fields that offer records while one types."""
        for model, text, record in (
            ("whatsapp.conversation", "veronica", self.conversation),
            ("whatsapp.conversation", "0987654321", self.conversation),
            ("whatsapp.contact", "inigo", self.conversation.contact_id),
            ("whatsapp.contact", "987654321", self.conversation.contact_id),
            ("whatsapp.interest", "sofas cama", self.env["whatsapp.interest"].search([("name", "=", "sofá cama")])),
        ):
            self.assertIn(record.id, dict(self.env[model].with_user(self.seller).name_search(text)), text)
        for model in ("whatsapp.conversation", "whatsapp.contact"):
            self.assertFalse(self.env[model].name_search("nobody at all"), model)

    def test_vocabulary(self):
        interest = self.env["whatsapp.interest"].create(
            {"name": "Sillón reclinable", "plural": "sillones", "synonyms": "triclinio | diván"}
        )
        self.assertFinds(("sillon", "Sillón Reclinable"), interest, "name")
        self.assertFinds(("divan",), interest, "name")
        self.assertFinds(("bogota", "Bogotá"), self.env["whatsapp.city"].search([("name", "=", "Bogotá")]), "name")

    def test_lead(self):
        lead = self.env["crm.lead"].create({"name": "X", "type": "opportunity", "x_product_interest": "Sofás Cama"})
        self.conversation.lead_id = lead
        view = "crm.view_crm_case_opportunities_filter"
        self.seller.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.assertFinds(("sofas cama", "SOFÁS"), lead, "x_product_interest", view)
        self.assertFinds(("veronica nunez",), lead, "whatsapp_conversation_ids", view)

    def test_report(self):
        report = self.env["whatsapp.conversation.report"]
        for field, text in (("conversation_id", "veronica"), ("product_interest", "sofa")):
            self.env.flush_all()
            self.assertEqual(report.search([(field, "ilike", text)]).conversation_id, self.conversation, text)

    def test_signs_mean_themselves(self):
        line = self.conversation.line_ids[:1]
        line.body = r"¿Cuánto (más o menos) cuesta? [*] a+b a|b {2} ^ $ C:\tmp 50%"
        lines = self.env["whatsapp.conversation.message"]
        for text in (
            "(mas o menos)",
            "cuesta?",
            "[*]",
            "a+b",
            "a|b",
            "{2}",
            "^ $",
            r"c:\\tmp",
            r"50\%",
            "cuánto%cuesta",
        ):
            for operator, expected in (("ilike", line), ("not ilike", lines)):
                domain = [("id", "=", line.id), ("body", operator, text)]
                self.assertEqual(lines.search(domain), expected, text)
                self.assertEqual(line.filtered_domain(domain), expected, text)
        for text in ("aab", "a.b", "(mas.o", "x" * 500):
            self.assertFalse(lines.search([("id", "=", line.id), ("body", "ilike", text)]), text)

    def test_empty_and_whole(self):
        self.conversation.city = False
        conversations = self.env["whatsapp.conversation"]
        own = [("id", "=", self.conversation.id)]
        self.assertTrue(conversations.search([*own, ("city", "not ilike", "quito")]))
        self.assertFalse(conversations.search([*own, ("city", "ilike", "quito")]))
        self.conversation.city = "Tulcán"
        for pattern, found in (("tulcan", True), ("tul", False), ("tul%", True)):
            domain = [*own, ("city", "=ilike", pattern)]
            self.assertEqual(bool(conversations.search(domain)), found, pattern)
            self.assertEqual(bool(self.conversation.filtered_domain(domain)), found, pattern)


@tagged("post_install", "-at_install")
class TestAccentsWithUnaccent(AccentCase, WhatsappCase):
    """Where the database has the function, which Odoo then uses for its own fields."""

    def setUp(self):
        super().setUp()
        self.assertTrue(self.env.registry.has_unaccent)


@tagged("post_install", "-at_install")
class TestAccentsWithoutUnaccent(AccentCase, WhatsappCase):
    """Where it does not."""

    def setUp(self):
        super().setUp()
        self.env.cr.execute("ALTER FUNCTION unaccent(text) RENAME TO unaccent_of_another_database")
        registry = self.env.registry
        for name, value in (("has_unaccent", 0), ("unaccent", lambda x: x), ("unaccent_python", lambda x: x)):
            self.startPatcher(patch.object(registry, name, value))
