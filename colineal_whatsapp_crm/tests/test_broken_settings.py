import signal
from contextlib import contextmanager

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import WhatsappCase

BROKEN_TEXTS = (
    "{product:d}",
    "{product!x}",
    "{product:{0}}",
    "{product:{product.foo}}",
    "{product:x>320000}",
    "{product.__class__}",
    "{product[0]}",
    "{0}",
    "{}",
    "{nombre}",
    "{product",
    "product}",
    " ",
    "a" * 5000,
    "{products} " * 500,
)
MANY_WORDS = " ".join(["pata"] * 3000)


@tagged("post_install", "-at_install")
class TestBrokenSettings(WhatsappCase):
    """What would break a turn is not saved; what is broken all the same breaks none, and somebody is told."""

    def break_by_sql(self, record, **values):
        """Change a record as an import in SQL would: past all checks, and unseen by what is kept in memory."""
        self.env.flush_all()
        for name, value in values.items():
            self.env.cr.execute(f'UPDATE "{record._table}" SET "{name}" = %s WHERE id = %s', (value, record.id))
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    @contextmanager
    def at_an_end(self):
        """What would go on for ever fails in place of it, after a minute of the processor's time."""

        def fail(_number, _frame):
            raise AssertionError("it does not come back")

        before = signal.signal(signal.SIGVTALRM, fail)
        signal.setitimer(signal.ITIMER_VIRTUAL, 60)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)

    def get_wording(self, situation="ask_clarifying_question"):
        self.assistant.wording_ids.filtered(lambda wording: wording.situation == situation)[1:].unlink()
        return self.assistant.wording_ids.filtered(lambda wording: wording.situation == situation)

    def get_activities(self):
        kind = self.env.ref("colineal_whatsapp_crm.mail_activity_type_broken_setting")
        return self.assistant.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def test_broken_wording_is_refused(self):
        wording = self.get_wording()
        for text in BROKEN_TEXTS:
            with self.subTest(text=text[:30]), self.assertRaises(ValidationError):
                wording.text = text
        wording.text = "{{Hola}} {name}, ¿buscas {the_product}?"
        self.assertEqual(wording.preview, "{Hola} María, ¿buscas la cama?")

    def test_broken_wording_gives_way_to_the_shipped_one(self):
        wording = self.get_wording()
        for number, text in enumerate(BROKEN_TEXTS):
            # Who says the same to it again and again gets a person.
            customer = f"whatsapp:+59398744{number:04d}"
            with self.subTest(text=text[:30]):
                self.break_by_sql(wording, text=text)
                self.assertEqual(self.customer("Hola", customer=customer), ["¿En qué puedo ayudarte hoy?"])
                self.assertTrue(wording.search_read([("id", "=", wording.id)], ["preview"])[0]["preview"])
                self.assertFalse(self.get_conversation(customer).error)

    def test_administrator_is_told_once_and_no_longer_than_needed(self):
        wording = self.get_wording()
        self.customer("Hola")
        self.assertFalse(self.get_activities())
        self.break_by_sql(wording, text="Hola {product:d}")
        self.customer("Hola")
        self.customer("Hola")
        activity = self.get_activities()
        self.assertEqual(len(activity), 1)
        self.assertTrue(activity.user_id.has_group("base.group_system"))
        self.assertIn("{product:d}", activity.note)
        self.assertIn("{product:d}", self.assistant.fault_text)
        check = next(check for check in self.sender.setup_checks if check["key"] == "assistant")
        self.assertEqual(check["state"], "problem")
        self.assertIn("{product:d}", check["text"])
        wording.text = "Hola"
        self.assertFalse(self.get_activities())
        self.assertFalse(self.assistant.fault_text)

    def test_filled_wording_is_bounded(self):
        wording = self.get_wording()
        wording.text = "¿Algo más, en {city}?"
        self.customer("Soy Ana")
        values = {"city": "x" * 100_000}
        self.assertLess(len(wording._render(values)), 300)

    def test_words_of_the_vocabulary_are_bounded(self):
        interest = self.env["whatsapp.interest"].search([], limit=1)
        city = self.env["whatsapp.city"].search([], limit=1)
        many = "|".join(f"cosa {number}" for number in range(300))
        for record in (interest, city):
            for values in ({"synonyms": MANY_WORDS}, {"synonyms": "x" * 200}, {"synonyms": many}, {"name": MANY_WORDS},
                           {"name": " "}):  # fmt: skip
                with self.subTest(record=record, values=str(values)[:40]), self.assertRaises(ValidationError):
                    record.write(values)
        with self.assertRaises(ValidationError):
            interest.plural = MANY_WORDS
        interest.synonyms = "mueble para la tele de la sala grande"

    def test_lists_and_texts_of_the_assistant_are_bounded(self):
        many = "\n".join(f"palabra {number}" for number in range(300))
        for name in ("support_keywords", "store_domains", "opt_out_words", "opt_in_words"):
            for value in (many, "x" * 200):
                with self.subTest(name=name), self.assertRaises(ValidationError):
                    self.assistant[name] = value
        for name in ("opening_hours", "address", "knowledge"):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                self.assistant[name] = "x" * 9000

    def test_broken_vocabulary_stops_no_turn(self):
        interest = self.env["whatsapp.interest"].search([("name", "=", "sofá")])
        city = self.env["whatsapp.city"].search([("name", "=", "Quito")])
        for record, owner in ((interest, "interest_id"), (city, "city_id")):
            record.synonyms = "uno|dos" if owner == "interest_id" else "tres|cuatro"
            self.break_by_sql(record.synonym_ids[0], name=MANY_WORDS)
            self.break_by_sql(record.synonym_ids[1], name=" ".join(["pata"] * 40) + " coja")
        self.break_by_sql(self.assistant, support_keywords=MANY_WORDS, opt_out_words=MANY_WORDS + "\nBAJA")
        with self.at_an_end():
            self.customer("Soy Ana, vivo en Quito y busco un sofá. " + "pata " * 600)
        conversation = self.get_conversation()
        self.assertEqual((conversation.product_interest, conversation.city), ("sofá", "Quito"))
        self.assertEqual(len(self.get_activities()), 1)

    def test_broken_calendar_stops_no_turn(self):
        calendar = self.env["resource.calendar"].create({"name": "Tienda", "tz": "America/Guayaquil"})
        self.assistant.resource_calendar_id = calendar
        self.break_by_sql(calendar, tz="Nowhere/Land")
        with mute_logger("odoo.addons.colineal_whatsapp_crm.models.assistant.base"):
            self.assertTrue(self.customer("Hola"))
        self.assertIn("Tienda", self.get_activities().note)

    def test_values_that_no_form_offers_stop_no_turn(self):
        self.break_by_sql(
            self.assistant, language="xx", contact_criterion="shoe", hot_criterion="size", address="y" * 9000
        )
        self.customer("Busco un sofá, ¿dónde quedan?")
        self.assertFalse(self.get_conversation().error)
