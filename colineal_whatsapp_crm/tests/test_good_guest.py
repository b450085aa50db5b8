import re
from collections import Counter
from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields
from odoo.addons.mail.tools.discuss import Store
from odoo.sql_db import Cursor
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import SQL

OURS = "odoo.addons.colineal_whatsapp_crm."

#: What this addon extends of what every shop does all day.
EXTENDED = (
    "crm.lead",
    "discuss.channel",
    "discuss.channel.member",
    "ir.attachment",
    "mail.guest",
    "mail.message",
    "mail.scheduled.message",
    "mail.thread",
    "res.company",
    "res.partner",
    "res.users",
)


@tagged("post_install", "-at_install")
class TestGoodGuest(TransactionCase):
    """What has nothing to do with WhatsApp takes the statements that it takes without this addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "base.group_user,base.group_partner_manager,sales_team.group_sale_salesman_all_leads"
        cls.user = new_test_user(cls.env, "guest_test", groups=groups)
        cls.colleague = new_test_user(cls.env, "guest_test_2", groups="base.group_user")
        cls.country = cls.env.ref("base.ec")
        cls.partner = cls.env["res.partner"].create({"name": "Carpintería Ruiz", "lang": "en_US"})
        phone = {"name": "Tienda Vega", "phone": "+593991234567", "country_id": cls.country.id}
        cls.with_phone = cls.env["res.partner"].create(phone)
        cls.lead = cls.env["crm.lead"].create({"name": "Shelves", "type": "lead"})
        cls.message = cls.partner.with_user(cls.user).message_post(body="Mine", message_type="comment")
        cls.channel = cls.env["discuss.channel"].with_user(cls.user)._create_channel(name="Team", group_id=None)
        cls.said = cls.channel.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
        cls.file = cls.env["ir.attachment"].create({"name": "plan", "raw": b"x", "res_model": "res.partner"})
        cls.file.res_id = cls.partner.id
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Thanks",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "subject": "Thanks",
                "body_html": "<p>Thanks</p>",
                "email_to": "ruiz@example.com",
                "lang": "{{ object.lang }}",
            }
        )

    # What is compared: each takes an environment, and does one thing of those that its name says.

    def do_partners_made(self, env):
        env["res.partner"].create([{"name": f"Somebody {number}"} for number in range(10)])

    def do_partner_renamed(self, env):
        self.with_phone.with_env(env).write({"name": "Tienda Vega e hijos", "email": "vega@example.com"})

    def do_partner_moved(self, env):
        self.partner.with_env(env).write({"street": "Calle 1", "city": "Lima", "country_id": env.ref("base.pe").id})

    def do_partner_in_another_time_zone(self, env):
        self.partner.with_env(env).write({"tz": "America/Lima"})

    def do_partner_saved_as_it_was(self, env):
        values = {"phone": self.with_phone.phone, "country_id": self.country.id, "active": True, "company_id": False}
        self.with_phone.with_env(env).write(values)

    def do_user_renamed(self, env):
        self.colleague.with_env(env(su=True)).write({"name": "Somebody else"})

    def do_leads_made(self, env):
        env["crm.lead"].create([{"name": f"Lead {number}"} for number in range(5)])

    def do_lead_written(self, env):
        self.lead.with_env(env).write({"name": "Tables", "expected_revenue": 100, "priority": "2"})

    def do_posted(self, env):
        self.partner.with_env(env).message_post(
            body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=self.with_phone.ids
        )

    def do_noted(self, env):
        self.lead.with_env(env).message_post(body="A note")

    def do_logged(self, env):
        (self.partner + self.with_phone).with_env(env)._message_log_batch(
            dict.fromkeys((self.partner + self.with_phone).ids, "Logged")
        )

    def do_message_made(self, env):
        env["mail.message"].create({"model": "res.partner", "res_id": self.partner.id, "body": "Made"})

    def do_message_deleted(self, env):
        self.message.with_env(env).unlink()

    def do_message_starred(self, env):
        self.message.with_env(env).toggle_message_starred()

    def do_messages_read(self, env):
        messages = env["mail.message"]._message_fetch(domain=None, thread=self.partner.with_env(env), limit=30)
        Store().add(messages["messages"]).get_result()

    def do_template_sent(self, env):
        self.template.with_env(env).send_mail_batch((self.partner + self.with_phone).ids)

    def do_planned(self, env):
        env["mail.scheduled.message"].create(
            {
                "model": "res.partner",
                "res_id": self.partner.id,
                "author_id": env.user.partner_id.id,
                "body": "Later",
                "scheduled_date": fields.Datetime.add(fields.Datetime.now(), days=1),
            }
        )

    def do_activity_planned(self, env):
        self.lead.with_env(env).activity_schedule("mail.mail_activity_data_todo", user_id=env.uid)

    def do_channel_made(self, env):
        env["discuss.channel"]._create_channel(name="Another team", group_id=None)

    def do_member_added(self, env):
        self.channel.with_env(env)._add_members(users=self.colleague)

    def do_said_in_channel(self, env):
        self.channel.with_env(env).message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")

    def do_channel_shown(self, env):
        Store().add(self.channel.with_env(env)).add(self.said.with_env(env)).get_result()

    def do_file_deleted(self, env):
        self.file.with_env(env).unlink()

    def test_statements_are_those_of_odoo_alone(self):
        for name in [name for name in dir(self) if name.startswith("do_")]:
            with self.subTest(name.removeprefix("do_").replace("_", " ")):
                do = getattr(self, name)
                with self.without_overrides():
                    alone = self.record(do)
                together = self.record(do)
                more = "\n".join(Counter(together) - Counter(alone))
                self.assertLessEqual(len(together), len(alone), f"more than without the addon:\n{more}")
                ours = [each for each in together if re.search(r'(FROM|INTO|UPDATE) "whatsapp_', each)]
                self.assertFalse(ours, "a table of ours has nothing to do with it")

    def test_nobody_looks_for_the_companies_of_each_contact(self):
        """A stored field that depends on a contact's would."""
        for do in (self.do_partner_moved, self.do_partner_in_another_time_zone):
            self.assertNotIn('"res_company"."partner_id" IN', " ".join(self.record(do)))

    def record(self, do):
        """The statements of what `do` does, once the caches that outlive a transaction are filled."""
        for _again in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            statements = []
            savepoint = self.env.cr.savepoint(flush=False)
            env = self.env(user=self.user)
            with patch.object(Cursor, "execute", self.recording(statements)), patch("random.random", lambda: 1):
                do(env)
                env.flush_all()
                env.cr.flush()
            env.clear()
            savepoint.close(rollback=True)
        return statements

    @staticmethod
    def recording(statements):
        execute = Cursor.execute

        def recording(cursor, query, params=None, *args, **kwargs):
            text = query.code if isinstance(query, SQL) else query
            if "SAVEPOINT" not in text:
                statements.append(" ".join(text.split()))
            return execute(cursor, query, params, *args, **kwargs)

        return recording

    @contextmanager
    def without_overrides(self):
        """Odoo as if this addon had overridden nothing of it; its fields stay."""
        taken = []
        for model in EXTENDED:
            classes = self.registry[model].mro()
            for place, cls in enumerate(classes):
                if not cls.__module__.startswith(OURS):
                    continue
                for name in [name for name in vars(cls) if not name.startswith("__")]:
                    method = vars(cls)[name]
                    others = [each for each in classes[place + 1 :] if not each.__module__.startswith(OURS)]
                    if callable(getattr(method, "__func__", method)) and any(name in vars(other) for other in others):
                        taken.append((cls, name, method))
                        delattr(cls, name)
        self.assertIn("create", [name for _cls, name, _method in taken])
        try:
            yield
        finally:
            for cls, name, method in reversed(taken):
                setattr(cls, name, method)

    def test_a_company_follows_its_own_contact(self):
        """Though no dependency tells it."""
        company = self.env["res.company"].create({"name": "Sucursal", "country_id": self.country.id})
        self.assertEqual(company.whatsapp_timezone, "America/Guayaquil")
        company.partner_id.tz = "America/Lima"
        self.assertEqual(company.whatsapp_timezone, "America/Lima")
        self.partner.tz = "America/Bogota"
        company.partner_id = self.partner
        self.assertEqual(company.whatsapp_timezone, "America/Bogota")
        self.partner.write({"tz": False, "country_id": self.country.id})
        self.assertEqual(company.whatsapp_timezone, "America/Guayaquil")
