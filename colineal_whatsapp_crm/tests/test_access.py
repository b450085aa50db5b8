import json
from types import SimpleNamespace
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..gateway.delivery import Credentials
from ..lib.clock import utcnow
from .common import CUSTOMER, WhatsappCase

#: Each kind of user: its groups, and the company it is in.
KINDS = {
    "public": ("base.group_public", "own"),
    "portal": ("base.group_portal", "own"),
    "internal": ("base.group_user", "own"),
    "other": ("sales_team.group_sale_salesman", "own"),
    "owner": ("sales_team.group_sale_salesman", "own"),
    "reader": ("colineal_whatsapp_crm.whatsapp_group_reader", "own"),
    "all": ("sales_team.group_sale_salesman_all_leads", "own"),
    "manager": ("sales_team.group_sale_manager", "own"),
    "foreign reader": ("colineal_whatsapp_crm.whatsapp_group_reader", "other"),
    "foreign manager": ("sales_team.group_sale_manager", "other"),
}

NOTHING = dict.fromkeys(KINDS, "")
#: What the shop works with, the same for all of its companies: wordings, products, cities.
VOCABULARY = {
    **NOTHING,
    **dict.fromkeys(("other", "owner", "reader", "all", "foreign reader"), "r"),
    **dict.fromkeys(("manager", "foreign manager"), "rwcd"),
}
#: What follows the conversation's salesperson, and nobody changes by hand.
RECORD = {**NOTHING, "owner": "r", "reader": "r", "all": "r", "manager": "r"}
#: What is approved, for who sends it; sales administrators make it.
TEMPLATE = {
    **NOTHING,
    **dict.fromkeys(("other", "owner", "reader", "all"), "r"),
    "manager": "rwcd",
    "foreign manager": "c",
}
#: For those who look at all of a company.
REPORT = {**NOTHING, "reader": "r", "manager": "r"}

#: Who may read, write, create and delete the records of a conversation that the owner looks after. `c` is about the
#: model: what nobody may make by hand is made by the assistant.
TABLE = {
    "whatsapp.assistant": VOCABULARY,
    "whatsapp.assistant.wording": VOCABULARY,
    "whatsapp.interest": VOCABULARY,
    "whatsapp.city": VOCABULARY,
    "whatsapp.synonym": VOCABULARY,
    "whatsapp.phrase": VOCABULARY,
    "whatsapp.shop": {
        **NOTHING,
        **dict.fromkeys(("other", "owner", "reader", "all"), "r"),
        "manager": "rwcd",
        "foreign manager": "c",
    },
    "whatsapp.mailing": {**NOTHING, "manager": "rwd"},
    "whatsapp.mailing.recipient": {**NOTHING, "manager": "r"},
    "whatsapp.content.template": TEMPLATE,
    "whatsapp.content.variable": TEMPLATE,
    "whatsapp.content.button": TEMPLATE,
    "whatsapp.advertisement": {
        **NOTHING,
        **dict.fromkeys(("other", "owner", "reader", "all"), "r"),
        "manager": "rw",
    },
    "whatsapp.sender": {
        **NOTHING,
        **dict.fromkeys(("other", "owner", "reader", "all"), "r"),
        "manager": "rwcd",
        "foreign manager": "c",
    },
    "whatsapp.contact": {
        **NOTHING,
        "owner": "rw",
        "reader": "r",
        "all": "rw",
        "manager": "rwd",
    },
    "whatsapp.contact.address": RECORD,
    "whatsapp.conversation": {**NOTHING, "owner": "rw", "reader": "r", "all": "rw", "manager": "rwd"},
    "whatsapp.conversation.message": RECORD,
    "whatsapp.classification": RECORD,
    "whatsapp.handover": RECORD,
    "whatsapp.followup": RECORD,
    "whatsapp.followup.rule": VOCABULARY,
    "whatsapp.followup.report": RECORD,
    "whatsapp.message.report": RECORD,
    "whatsapp.model.call": REPORT,
    "whatsapp.classification.report": REPORT,
    "whatsapp.twilio.erasure": {**NOTHING, "manager": "r"},
    "whatsapp.job.failure": {**NOTHING, "manager": "r"},
    "whatsapp.webhook": {**NOTHING, "manager": "rwcd", "foreign manager": "c"},
    "whatsapp.webhook.delivery": {**NOTHING, "manager": "r"},
    "whatsapp.conversation.report": RECORD,
    # Odoo's own, as far as they belong to a conversation.
    "discuss.channel": {**NOTHING, "owner": "r", "reader": "r", "all": "r", "manager": "r"},
    "mail.message": {**NOTHING, "owner": "r", "reader": "r", "all": "r", "manager": "r"},
    "ir.attachment": {**NOTHING, "owner": "r", "reader": "r", "all": "r", "manager": "r"},
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}

SECRETS = {
    "whatsapp.sender": ("auth_token", "previous_auth_token", "simulation_token"),
    "whatsapp.assistant": ("api_key",),
    "whatsapp.webhook": ("secret",),
}


class AccessCase(WhatsappCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Other"})
        companies = {"own": cls.env.company, "other": cls.other_company}
        cls.users = {
            kind: new_test_user(
                cls.env,
                f"access-{kind}",
                groups=groups,
                company_id=companies[company].id,
                company_ids=companies[company].ids,
            )
            for kind, (groups, company) in KINDS.items()
        }

    def begin(self):
        """A conversation with all that belongs to one, looked after by the owner. Returns its records by model."""
        self.customer("Busco sofás")
        conversation = self.get_conversation()
        conversation.user_id = self.users["owner"]
        channel = conversation._get_channel()
        turn = conversation.classification_id
        line = conversation.line_ids[0]
        file = {"name": "sofa.jpg", "raw": b"x", "res_model": line._name, "res_id": line.id}
        call = {"assistant_id": self.assistant.id, "classification_id": turn.id, "purpose": "read", "model": "m"}
        attachment = self.env["ir.attachment"].create({**file, "mimetype": "image/jpeg"})
        line.mail_message_id.sudo().attachment_ids = attachment
        erasure = {"sender_id": self.sender.id, "sid": line.sid}
        failure = {"job": "lead", "res_model": conversation._name, "res_id": conversation.id}
        failure["company_id"] = conversation.company_id.id
        called = {"conversation_id": conversation.id, "reason": "human", "called_at": utcnow(), "ended_at": utcnow()}
        handover = self.env["whatsapp.handover"].create(called)
        rule = self.assistant.followup_rule_ids
        rule = rule or rule.create({"assistant_id": self.assistant.id, "hours": 4})
        planned = {"conversation_id": conversation.id, "rule_id": rule.id, "planned_at": utcnow()}
        # Where the rule was there before, the assistant has planned one by itself.
        followup = conversation.followup_ids or conversation.followup_ids.create(planned)
        city = self.env["whatsapp.city"].search([], limit=1)
        shop = {"name": "Centro", "address": "Av. Amazonas 1", "city_id": city.id}
        shop["company_id"] = conversation.company_id.id
        phrases = self.env["whatsapp.phrase"]
        phrase = phrases.search([], limit=1) or phrases.create({"name": "ya cerré la compra", "kind": "elsewhere"})
        url = {"name": "ERP", "url": "https://erp.example.com", "company_id": conversation.company_id.id}
        webhook = self.env["whatsapp.webhook"].create(url)
        delivery = self.env["whatsapp.webhook.delivery"].create(webhook._prepare_delivery("message.received", line))
        template = self.env["whatsapp.content.template"].create(
            {
                "name": "Seguimiento",
                "sender_id": self.sender.id,
                "body": "Hola {{1}}, ¿seguimos?",
                "variable_ids": [Command.create({"name": "1", "text": "cliente", "sample": "María"})],
                "button_ids": [Command.create({"title": "Sí"})],
            }
        )
        template.state = "approved"
        mailing = self.env["whatsapp.mailing"].create(
            {
                "name": "Aviso",
                "company_id": conversation.company_id.id,
                "template_id": template.id,
                "recipient_ids": [Command.create({"conversation_id": conversation.id})],
            }
        )
        self.env.flush_all()
        return {
            "whatsapp.webhook": webhook,
            "whatsapp.mailing": mailing,
            "whatsapp.mailing.recipient": mailing.recipient_ids,
            "whatsapp.webhook.delivery": delivery,
            "whatsapp.content.template": template,
            "whatsapp.content.variable": template.variable_ids,
            "whatsapp.content.button": template.button_ids,
            "whatsapp.assistant": self.assistant,
            "whatsapp.assistant.wording": self.env["whatsapp.assistant.wording"].search([], limit=1),
            "whatsapp.interest": self.env["whatsapp.interest"].search([], limit=1),
            "whatsapp.city": self.env["whatsapp.city"].search([], limit=1),
            "whatsapp.synonym": self.env["whatsapp.synonym"].search([], limit=1),
            "whatsapp.phrase": phrase,
            "whatsapp.shop": self.env["whatsapp.shop"].create(shop),
            "whatsapp.advertisement": self.env["whatsapp.advertisement"].create(
                {"reference": "120210", "headline": "Sofás", "company_id": conversation.company_id.id}
            ),
            "whatsapp.sender": self.sender,
            "whatsapp.contact": conversation.contact_id,
            "whatsapp.contact.address": conversation.contact_id.address_ids,
            "whatsapp.conversation": conversation,
            "whatsapp.conversation.message": conversation.line_ids,
            "whatsapp.classification": turn,
            "whatsapp.handover": handover,
            "whatsapp.followup": followup,
            "whatsapp.followup.rule": rule,
            "whatsapp.followup.report": self.env["whatsapp.followup.report"].browse(followup.id),
            "whatsapp.model.call": self.env["whatsapp.model.call"].create(call),
            "whatsapp.classification.report": self.env["whatsapp.classification.report"].browse(turn.id),
            "whatsapp.conversation.report": self.env["whatsapp.conversation.report"].browse(conversation.id),
            "whatsapp.message.report": self.env["whatsapp.message.report"].browse(conversation.line_ids[:1].id),
            "whatsapp.twilio.erasure": self.env["whatsapp.twilio.erasure"].create(erasure),
            "whatsapp.job.failure": self.env["whatsapp.job.failure"].create(failure),
            "discuss.channel": channel,
            "mail.message": line.mail_message_id,
            "ir.attachment": attachment,
        }

    def listen(self, kind, *names):
        """What a user's browser is subscribed to when it asks for these channels."""
        request = SimpleNamespace(session=SimpleNamespace(uid=self.users[kind].id), cookies={})
        module = "odoo.addons.bus.models.ir_websocket"
        with patch(f"{module}.request", request), patch(f"{module}.wsrequest", request):
            return self.env(user=self.users[kind])["ir.websocket"]._build_bus_channel_list(list(names))

    @staticmethod
    def sees(user, records):
        """Whether a user finds these records, all or none of them."""
        records = records.with_user(user)
        if not records.browse().has_access("read"):
            return False
        found = records.search([("id", "in", records.ids)])
        assert found in (records, records.browse()), "some, but not all"
        return bool(found)


@tagged("post_install", "-at_install")
class TestAccess(AccessCase):
    def test_who_may_do_what(self):
        everything = self.begin()
        wrong = []
        for model, row in TABLE.items():
            records = everything[model]
            for kind, allowed in row.items():
                mine = records.with_user(self.users[kind])
                can = {letter: mine.has_access(operation) for letter, operation in OPERATIONS.items() if letter != "c"}
                if model.startswith("whatsapp."):
                    can["c"] = mine.browse().has_access("create")
                found = "".join(letter for letter in OPERATIONS if can.get(letter))
                if found != allowed:
                    wrong.append(f"{model}: {kind} may {found!r}, not {allowed!r}")
                if self.sees(self.users[kind], records) != ("r" in allowed):
                    wrong.append(f"{model}: what {kind} finds is not what may be read")
        self.assertEqual(wrong, [])

    def test_every_model_has_its_row(self):
        ours = {
            name
            for name, model in self.registry.items()
            if model._original_module == "colineal_whatsapp_crm" and not model._abstract and not model._transient
        }
        self.assertEqual(ours - TABLE.keys(), set(), "say in TABLE who may do what with them")

    def test_every_model_with_a_company_has_a_rule_for_it(self):
        rules = self.env["ir.rule"].search([("groups", "=", False)])
        for name in TABLE:
            model = self.env[name]
            if model._original_module == "colineal_whatsapp_crm" and "company_id" in model._fields:
                domains = rules.filtered(lambda rule, name=name: rule.model_id.model == name).mapped("domain_force")
                self.assertTrue(any("company_ids" in domain for domain in domains), name)

    def test_unassigned_conversation_is_for_its_team(self):
        everything = self.begin()
        conversation = everything["whatsapp.conversation"]
        follow = ("whatsapp.contact", "whatsapp.conversation", "whatsapp.conversation.message", "discuss.channel")
        member, leader, stranger = (self.users[kind] for kind in ("owner", "all", "other"))
        leader.group_ids = [Command.set(self.env.ref("sales_team.group_sale_salesman").ids)]
        team = self.env["crm.team"].create({"name": "Sofas", "member_ids": [member.id], "user_id": leader.id})

        def who_sees():
            self.env.invalidate_all()
            return {user for user in (member, leader, stranger) if all(self.sees(user, everything[m]) for m in follow)}

        conversation.write({"user_id": False, "team_id": False})
        self.assertEqual(who_sees(), {member, leader, stranger}, "without a team it is everybody's")
        conversation.team_id = team
        self.assertEqual(who_sees(), {member, leader})
        conversation.user_id = stranger
        self.assertEqual(who_sees(), {leader, stranger}, "once somebody looks after it, only they and the leader")

    def test_ledger_is_written_by_nobody(self):
        lines = self.begin()["whatsapp.conversation.message"]
        for kind in ("owner", "manager", "reader"):
            with self.assertRaises(AccessError):
                lines[0].with_user(self.users[kind]).write({"body": "other words"})
            with self.assertRaises(AccessError):
                lines[0].with_user(self.users[kind]).unlink()

    def test_raw_parameters_are_for_managers(self):
        line = self.begin()["whatsapp.conversation.message"][0]
        self.assertTrue(line.with_user(self.users["manager"]).parameters)
        for kind in ("owner", "all", "reader"):
            with self.assertRaises(AccessError):
                line.with_user(self.users[kind]).read(["parameters"])

    def test_pipeline_cannot_be_called_from_outside(self):
        for method in ("reply", "hand_over", "create_or_update_lead"):
            self.assertTrue(getattr(type(self.env["whatsapp.conversation"]), method)._api_private, method)


@tagged("post_install", "-at_install")
class TestReadOnly(AccessCase):
    """Who may only read sees all there is, and every way to change something is closed."""

    def setUp(self):
        super().setUp()
        self.everything = self.begin()
        self.reader = self.users["reader"]
        self.conversation = self.everything["whatsapp.conversation"].with_user(self.reader)

    def test_conversation_opens_without_a_button_that_would_be_refused(self):
        with Form(self.conversation) as form:
            self.assertEqual(form.interest_ids[:].mapped("name"), ["sofá"])
        view = self.conversation.get_view(view_type="form")["arch"]
        for button in ("take_over", "hand_back", "close", "confirm", "set_quality", "view_lead"):
            self.assertNotIn(f'name="action_{button}"', view)
        self.assertIn('edit="False"', view.replace('"0"', '"False"').replace('"false"', '"False"'))

    def test_every_action_is_refused(self):
        line = self.everything["whatsapp.conversation.message"][-1].with_user(self.reader)
        conversation = self.conversation.with_context(quality="hot")
        for call in (
            conversation.action_take_over,
            conversation.action_hand_back,
            conversation.action_close,
            conversation.action_reopen,
            conversation.with_context(slot="name").action_toggle_origin,
            conversation.action_follow,
            conversation.action_set_quality,
            conversation.action_confirm,
            conversation.suggest_reply,
            line.action_retry,
            lambda: conversation.write({"city": "Quito"}),
            lambda: conversation.message_post(body="a note"),
            lambda: self.everything["whatsapp.assistant"].with_user(self.reader).write({"name": "Mine"}),
            self.env["whatsapp.simulator"].with_user(self.reader).begin,
        ):
            with self.assertRaises(AccessError):
                call()

    def test_nothing_is_written_in_the_thread(self):
        channel = self.everything["discuss.channel"].with_user(self.reader)
        before = len(channel.sudo().message_ids)
        for arguments in ({"message_type": "comment"}, {}):
            with self.assertRaises(AccessError):
                channel.message_post(body="Hola", **arguments)
        for command in ("update_lead", "assistant", "support"):
            with self.assertRaises(AccessError):
                getattr(channel, f"execute_command_{command}")()
        self.assertEqual(len(channel.sudo().message_ids), before)

    def test_group_beside_one_of_sales_lets_see_more_and_change_no_more(self):
        seller = self.users["other"]
        seller.group_ids = [Command.link(self.env.ref("colineal_whatsapp_crm.whatsapp_group_reader").id)]
        conversation = self.conversation.with_user(seller)
        self.assertTrue(conversation.has_access("read"))
        self.assertFalse(conversation.has_access("write"))

    def test_finds_the_way_and_nothing_else_of_crm(self):
        menus = self.env["ir.ui.menu"].with_user(self.reader).load_menus(False)
        root = self.env.ref("colineal_whatsapp_crm.whatsapp_reader_menu").id
        actions = {menus[child]["action_model"] and menus[child]["xmlid"] for child in menus[root]["children"]}
        names = ("conversation", "waiting", "report")
        self.assertEqual(actions, {f"colineal_whatsapp_crm.whatsapp_reader_{name}_menu" for name in names})
        self.assertNotIn(self.env.ref("crm.crm_menu_root").id, menus)

    def test_screens_know_that_nothing_can_be_written(self):
        for kind, expected in (("reader", True), ("owner", False), ("manager", False)):
            user = self.users[kind]
            values = {}

            class Store:
                add_global_values = staticmethod(lambda values=values, **new: values.update(new))
                add = staticmethod(lambda *_args, **_kwargs: None)

            user.with_user(user)._init_store_data(Store)
            self.assertEqual(values["whatsapp_read_only"], expected, kind)


@tagged("post_install", "-at_install")
class TestCredentials(AccessCase):
    """What opens Twilio and the language model is for system administrators, by whatever way it is asked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "s3cret", "previous_auth_token": "s3cret2"})
        group = cls.env.ref("base.group_allow_export").id
        for kind in ("owner", "reader", "all", "manager"):
            cls.users[kind].group_ids = [Command.link(group)]

    def get_ways(self, model, field):
        webhook = self.env["whatsapp.webhook"].search([], limit=1)
        record = {"whatsapp.sender": self.sender, "whatsapp.assistant": self.assistant}.get(model, webhook)
        related = {"whatsapp.sender": "sender_id", "whatsapp.assistant": "assistant_id"}.get(model, "webhook_id")
        other = "whatsapp.webhook.delivery" if record == webhook else "whatsapp.conversation"
        return {
            "read": lambda env: record.with_env(env).read([field]),
            "web_read": lambda env: record.with_env(env).web_read({field: {}}),
            "search": lambda env: env[model].search([(field, "=like", "s%")]),
            "search_read": lambda env: env[model].search_read([], [field]),
            "web_search_read": lambda env: env[model].web_search_read([], {field: {}}),
            "search_count": lambda env: env[model].search_count([(field, "!=", False)]),
            "order": lambda env: env[model].search([], order=field),
            "read_group": lambda env: env[model].formatted_read_group([], [field], ["__count"]),
            "aggregate": lambda env: env[model].formatted_read_group([], [], [f"{field}:array_agg"]),
            "export": lambda env: record.with_env(env).export_data([field]),
            "related search": lambda env: env[other].search([(f"{related}.{field}", "!=", False)]),
            "related export": lambda env: env[other].search([]).export_data([f"{related}/{field}"]),
            "related order": lambda env: env[other].search([], order=f"{related}.{field}"),
            "write": lambda env: record.with_env(env).write({field: "mine"}),
            "create": lambda env: env[model].create({"name": "Mine", "number": "+593999000777", field: "mine"}),
            "filter": lambda env: record.with_env(env).filtered_domain([(field, "=", "s3cret")]),
            "onchange": lambda env: env[model].onchange({}, [field], {field: {}})["value"][field],
            "attribute": lambda env: record.with_env(env)[field],
            "mapped": lambda env: record.with_env(env).mapped(field),
        }

    @mute_logger("odoo.models", "odoo.osv.expression")
    def test_by_every_way(self):
        self.begin()
        open_ways = []
        for kind in ("internal", "owner", "reader", "all", "manager"):
            env = self.env(user=self.users[kind])
            for model, names in SECRETS.items():
                for name in names:
                    for way, call in self.get_ways(model, name).items():
                        self.env.invalidate_all()
                        try:
                            found = call(env)
                        except (AccessError, UserError, ValueError, KeyError):
                            continue
                        open_ways.append((kind, model, name, way, found))
        self.assertEqual(open_ways, [])

    def test_they_are_not_even_named(self):
        for model, names in SECRETS.items():
            for kind in ("owner", "reader", "all", "manager"):
                fields = self.env(user=self.users[kind])[model].fields_get()
                self.assertFalse(fields.keys() & set(names), (kind, model))

    def test_administrators_set_them(self):
        administrator = new_test_user(self.env, "access-system", "base.group_system,sales_team.group_sale_manager")
        self.sender.with_user(administrator).auth_token = "another"
        self.assertEqual(self.sender.auth_token, "another")

    def test_they_are_in_no_representation(self):
        """What ends up in a log or on an error page."""
        endpoint = self.env["whatsapp.sender"]._find_endpoint(f"whatsapp:{self.sender.number}", "AC" + "1" * 32)
        self.assertIn("s3cret", endpoint.signature_keys)
        for thing in (endpoint, self.sender._get_credentials(), Credentials("AC", "s3cret"), self.sender):
            self.assertNotIn("s3cret", f"{thing} {thing!r}")

    def test_copies_have_none(self):
        copy = self.sender.copy({"number": "+593999000444"})
        self.assertFalse(copy.auth_token or copy.previous_auth_token)
        self.assertNotEqual(copy.simulation_token, self.sender.simulation_token)


@tagged("post_install", "-at_install")
class TestCompanies(AccessCase, HttpCase):
    """Two companies with a sender each: nobody sees the other's."""

    def setUp(self):
        super().setUp()
        self.mine = self.begin()
        values = {"name": "Other", "number": "+593999000888", "company_id": self.other_company.id}
        other = self.env["whatsapp.sender"].create({**values, "assistant_id": self.assistant.id})
        with patch.object(self, "sender", other):
            self.theirs = self.begin()
        # Of those of the other company too: its salespeople cannot be of this one.
        self.theirs["whatsapp.conversation"].user_id = False

    def test_same_customer_is_two_contacts(self):
        contacts = self.mine["whatsapp.contact"] | self.theirs["whatsapp.contact"]
        self.assertEqual(contacts.mapped("address"), [CUSTOMER] * 2)

    def test_each_sees_its_own(self):
        shared = [model for model, row in TABLE.items() if row is VOCABULARY]
        for kind, own, other in (
            ("reader", self.mine, self.theirs),
            ("manager", self.mine, self.theirs),
            ("foreign reader", self.theirs, self.mine),
            ("foreign manager", self.theirs, self.mine),
        ):
            for model in TABLE.keys() - set(shared):
                with self.subTest(kind, model=model):
                    allowed = "r" in TABLE[model][kind.rpartition(" ")[2]]
                    self.assertEqual(self.sees(self.users[kind], own[model]), allowed)
                    self.assertFalse(self.sees(self.users[kind], other[model]))

    def test_who_is_in_both_sees_what_is_chosen(self):
        user = self.users["manager"]
        user.company_ids = self.env.company | self.other_company
        conversations = self.mine["whatsapp.conversation"] | self.theirs["whatsapp.conversation"]
        conversations = conversations.with_user(user)
        for chosen in (self.env.company, self.other_company, self.env.company | self.other_company):
            seen = conversations.with_context(allowed_company_ids=chosen.ids).search([("id", "in", conversations.ids)])
            self.assertEqual(seen.company_id, chosen)

    def test_live_channels(self):
        def get_channels(kind):
            channels = self.listen(kind, "whatsapp_conversations")
            return {tuple(each) for each in channels if isinstance(each, tuple) and str(each[1]).startswith("whatsapp")}

        own, other = self.env.company, self.other_company
        self.assertEqual(get_channels("owner"), {(own, "whatsapp_unassigned")})
        for kind in ("all", "manager", "reader"):
            self.assertEqual(get_channels(kind), {(own, "whatsapp_all")}, kind)
        for kind in ("foreign manager", "foreign reader"):
            self.assertEqual(get_channels(kind), {(other, "whatsapp_all")}, kind)
        for kind in ("internal", "portal", "public"):
            self.assertEqual(get_channels(kind), set(), kind)

    def test_nobody_listens_to_a_thread_by_its_number(self):
        channel = self.mine["discuss.channel"]
        for kind, expected in (("foreign manager", False), ("other", False), ("internal", False), ("owner", True)):
            channels = self.listen(kind, f"discuss.channel_{channel.id}", "whatsapp_all")
            records = [each[0] if isinstance(each, tuple) else each for each in channels]
            self.assertEqual(channel in [each for each in records if not isinstance(each, str)], expected, kind)

    def test_files(self):
        for kind, status in (
            ("owner", 200),
            ("manager", 200),
            ("reader", 200),
            ("other", 404),
            ("foreign manager", 404),
        ):
            user = self.users[kind]
            user.password = "a password"
            self.authenticate(user.login, "a password")
            answer = self.url_open(f"/web/content/{self.mine['ir.attachment'].id}")
            self.assertEqual(answer.status_code, status, kind)

    def test_reviewed_conversations(self):
        for each in (self.mine, self.theirs):
            each["whatsapp.conversation"].sudo().classification_id._review()
        for kind, found in (("manager", self.mine), ("foreign manager", self.theirs)):
            self.users[kind].password = "a password"
            self.authenticate(self.users[kind].login, "a password")
            lines = self.url_open("/whatsapp/reviewed.jsonl").text.splitlines()
            self.assertEqual(
                [json.loads(line)["id"] for line in lines], [f"conversation-{found['whatsapp.conversation'].id}"]
            )
        for kind in ("owner", "all", "reader", "internal"):
            self.users[kind].password = "a password"
            self.authenticate(self.users[kind].login, "a password")
            with mute_logger("odoo.http"):
                self.assertEqual(self.url_open("/whatsapp/reviewed.jsonl").status_code, 403, kind)
