"""Numbers and addresses of settings: what may be saved, and what becomes of what is there all the same."""

from datetime import timedelta

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..gateway.address import is_web_address
from ..jobs import worker
from ..lib.clock import utcnow
from .common import WhatsappCase

JOBS = (
    "worker",
    "helper",
    "idle_leads",
    "look_after",
    "long_threads",
    "gaps",
    "erase_old",
    "erase_at_twilio",
)


@tagged("post_install", "-at_install")
class TestBounds(WhatsappCase):
    def get_settings(self):
        """The models that people configure the addon with."""
        return [
            self.env[name]
            for name, model in sorted(self.env.registry.items())
            if hasattr(model, "_get_bounded") and not model._abstract
        ]

    def get_record(self, model):
        if model._name == "whatsapp.shop":
            city = self.env["whatsapp.city"].search([], limit=1)
            return model.create({"name": "Centro", "address": "Av. Amazonas 1", "city_id": city.id})
        if model._name in ("whatsapp.followup.rule", "whatsapp.content.button"):
            button = {"title": "Sí"}
            template = self.env["whatsapp.content.template"].create(
                {"name": "Hola", "sender_id": self.sender.id, "body": "Hola", "button_ids": [Command.create(button)]}
            )
            if model._name == "whatsapp.content.button":
                return template.button_ids
            # Without it, no rule may have all the hours that there are.
            return model.create({"assistant_id": self.assistant.id, "hours": 5, "template_id": template.id})
        return {"whatsapp.assistant": self.assistant, "whatsapp.sender": self.sender}.get(
            model._name, model.search([], limit=1)
        )

    def test_every_number_has_bounds(self):
        names = {model._name for model in self.get_settings()}
        self.assertLessEqual(
            {
                "whatsapp.assistant",
                "whatsapp.assistant.wording",
                "whatsapp.city",
                "whatsapp.followup.rule",
                "whatsapp.interest",
                "whatsapp.sender",
            },
            names,
        )
        for model in self.get_settings():
            for name, field in model._fields.items():
                if (
                    field.type in ("integer", "float", "monetary")
                    and field.store
                    and not field.compute
                    and name != "id"
                ):
                    self.assertIn(name, model._get_bounds(), model._name)

    def test_values_beyond_are_refused_in_words(self):
        for model in self.get_settings():
            record = self.get_record(model)
            self.assertTrue(record or not model._get_bounds(), model._name)
            for name, (low, high) in model._get_bounds().items():
                label = model._fields[name].string
                for value in (low - 1, high + 1, -(10**9), 2 * 10**9 + 1):
                    if low <= value <= high:
                        continue
                    with (
                        self.subTest(model=model._name, field=name, value=value),
                        self.assertRaisesRegex(ValidationError, "between|cannot be negative|at least"),
                    ):
                        record.write({name: value})
                    record.invalidate_recordset(flush=False)
                for value in (low, high):
                    record.write({name: value})
                self.assertTrue(label)
        for value in (float("nan"), float("inf")):
            with self.assertRaises(ValidationError):
                self.assistant.price_in = value
            self.assistant.invalidate_recordset(flush=False)

    def set_by_sql(self, record, **values):
        """As an older version or somebody with SQL may have left it: no constraint asks."""
        self.env.flush_all()
        for constraint in ("coalescing_positive", "calls_positive", "ttl_positive", "insist_positive", "idle_positive"):
            self.env.cr.execute(
                f"ALTER TABLE whatsapp_assistant DROP CONSTRAINT IF EXISTS whatsapp_assistant_{constraint}"
            )
        for constraint in ("unsure_percentage", "answer_positive", "return_positive", "retention_positive"):
            self.env.cr.execute(
                f"ALTER TABLE whatsapp_assistant DROP CONSTRAINT IF EXISTS whatsapp_assistant_{constraint}"
            )
        for name, value in values.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = %s",
                    SQL.identifier(record._table),
                    SQL.identifier(name),
                    value,
                    record.id,
                )
            )
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def check_shop(self, customer):
        """Customers are answered and called for, and every job runs."""
        address = f"whatsapp:+5939870003{customer:02d}"
        worker.backoff.reset()
        (reply,) = self.customer("Soy Ana, busco un sofá, tengo $900", customer=address)
        self.assertIn("asesor", reply)
        self.customer("Quiero hablar con una persona", customer=address)
        conversation = self.get_conversation(address)
        self.assertTrue(conversation.awaited_since)
        conversation.write({"last_inbound_at": utcnow() - timedelta(hours=1)})
        conversation.handover_id.answer_by = utcnow()
        for job in JOBS:
            self.run_job(f"ir_cron_{job}")
        self.assertFalse(conversation.error)
        self.assertFalse(self.env["whatsapp.job.failure"].search([]).mapped("error"))
        self.env["whatsapp.conversation.report"].get_dashboard()
        self.sender.read()
        self.assistant.read()

    def test_values_beyond_that_are_there_stop_nothing(self):
        integers = [name for name in self.assistant._get_bounds() if self.assistant._fields[name].type == "integer"]
        # Nobody would be answered for as long as an hour, which is what the customer sees of it.
        integers.remove("coalescing_seconds")
        self.set_by_sql(self.assistant, **dict.fromkeys(integers, 2**31 - 1))
        self.set_by_sql(self.sender, messages_per_second=2**31 - 1)
        self.check_shop(1)
        self.set_by_sql(self.assistant, **dict.fromkeys(integers, -(2**31)))
        self.set_by_sql(self.sender, messages_per_second=-(2**31))
        self.set_by_sql(self.assistant, coalescing_seconds=-5)
        self.check_shop(2)
        self.set_by_sql(self.assistant, **dict.fromkeys(integers, None))
        self.check_shop(3)
        self.set_by_sql(self.assistant, coalescing_seconds=2**31 - 1)
        self.receive("Hola")
        self.work()
        self.assertLess(self.get_conversation().due_at, utcnow() + timedelta(hours=2))

    def test_one_bad_setting_keeps_no_other_shop_waiting(self):
        other = self.assistant.copy({"coalescing_seconds": 0})
        sender = self.sender.copy({"name": "Other", "number": "+593999000333", "assistant_id": other.id})
        self.set_by_sql(self.assistant, idle_hours=2**31 - 1, return_hours=2**31 - 1, files_days=2**31 - 1)
        self.customer("Soy Ana")
        conversation = self.get_conversation()
        conversation.write({"sender_id": sender.id, "last_inbound_at": utcnow() - timedelta(days=3)})
        self.run_job("ir_cron_idle_leads")
        self.assertTrue(conversation.lead_id)
        self.assertFalse(self.env["whatsapp.job.failure"].search([]).mapped("error"))

    def test_public_address(self):
        for address in (
            "http://[::1",
            "https://a b",
            "odoo.example.com",
            "ftp://a.b",
            "https://",
            "https://x:99999",
            "a",
        ):
            self.assertFalse(is_web_address(address), address)
            with self.subTest(address=address), self.assertRaisesRegex(ValidationError, "web address"):
                self.sender.public_url = address
            self.sender.invalidate_recordset(flush=False)
        for address in ("https://odoo.example.com", "http://192.0.2.7:8069", "https://[2001:db8::1]/odoo"):
            self.sender.public_url = address
        for address in ("http://[::1", "https://[", "\\\\", "https://x:99999"):
            self.set_by_sql(self.sender, public_url=address)
            self.sender.search([]).read()
            self.assertEqual(self.sender.setup_state, "todo", "the list can be read, and says what to do")
            self.assertTrue(self.customer("Hola", customer="whatsapp:+593987000398"))
