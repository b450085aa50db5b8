"""An attacker's kit: what each kind of colleague may write and call, and what somebody tried to get past it.

`rights` says what is right. Attacks are asked over JSON-RPC, as a browser would; the thousands of calls that try every
field and method go to the function that Odoo's route calls. Attacks on threads and messages in Discuss are in
`test_thread_rights`.
"""

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS
from odoo.service.model import call_kw, get_public_method
from odoo.tests import new_test_user, tagged
from odoo.tests.common import JsonRpcException

from ..lib.clock import utcnow
from .attacker import REFUSED, AttackCase
from .rights import ADMINISTRATORS, FIELDS, METHODS, MODULE, NOBODY, SALES, SYSTEM
from .test_access import CUSTOMER, KINDS, NOTHING, TABLE

#: What the fields of each line of `FIELDS` are for whom, beside the right to write the record.
MAY_WRITE = {
    **dict.fromkeys(KINDS, ()),
    **dict.fromkeys(("owner", "other", "all"), (SALES,)),
    **dict.fromkeys(("manager", "foreign manager"), (SALES, ADMINISTRATORS)),
    "system": (SALES, ADMINISTRATORS, SYSTEM),
}
#: Beside sales administrators, those of the settings as well: who sets credentials.
CALLERS = [kind for kind in (*KINDS, "system") if kind != "public"]


@tagged("post_install", "-at_install")
class TestRights(AttackCase):
    """Every field of ours, and every method, for every kind of user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "sales_team.group_sale_manager,base.group_system"
        cls.users["system"] = new_test_user(cls.env, "access-system", groups)

    def log_in(self, kind):
        self.caller = self.users[kind]
        return self.caller

    def try_call(self, model, method, *args, **kwargs):
        with self.env.cr.savepoint() as savepoint:
            try:
                call_kw(self.env(user=self.caller, su=False)[model], method, args, kwargs)
                self.env.flush_all()
                return ""
            except Exception as error:
                return f"{type(error).__module__}.{type(error).__name__}"
            finally:
                savepoint.rollback()

    def begin(self):
        everything = super().begin()
        conversation = everything["whatsapp.conversation"]
        partner = self.env["res.partner"].create({"name": "María José", "phone": CUSTOMER.rpartition(":")[2]})
        conversation.contact_id.partner_id = partner
        values = {"name": "A sofa", "user_id": self.users["owner"].id, "company_id": self.env.company.id}
        lead = self.env["crm.lead"].create(values)
        conversation.lead_id = lead
        erase = self.env["whatsapp.contact.erase"].with_user(self.users["manager"])
        wizard = erase.create({"contact_id": conversation.contact_id.id})
        teach = self.env["whatsapp.teaching"].with_user(self.users["manager"])
        line = conversation.line_ids.filtered(lambda line: line.direction == "inbound")
        lesson = teach.create({"message_id": line.id, "lesson": "closing", "phrase": "ya cerré con el vecino"})
        return {
            **everything,
            "digest.digest": self.env.ref("digest.digest_digest_default"),
            "ir.actions.server": self.env.ref("colineal_whatsapp_crm.action_create_lead"),
            "crm.lead": lead,
            "res.company": self.env.company,
            "res.partner": partner,
            "mail.guest": conversation.contact_id._get_guest(),
            "whatsapp.contact.erase": wizard.sudo(),
            "whatsapp.teaching": lesson.sudo(),
        }

    @staticmethod
    def may(kind, operation, model):
        """What `TABLE` says of the records themselves."""
        row = TABLE.get(model) or ROWS.get(model, NOTHING)
        return operation in row.get(kind, row["manager"])

    def test_every_field_has_its_line(self):
        found = {}
        for name, model in self.registry.items():
            if model._abstract:
                continue
            found[name] = {
                field_name
                for field_name, field in model._fields.items()
                if field._modules[:1] == (MODULE,)
                and (field.store or field.inverse)
                and not field.inherited
                and field_name not in MAGIC_COLUMNS
            }
        said = {name: {field for names in lines.values() for field in names.split()} for name, lines in FIELDS.items()}
        self.maxDiff = None
        self.assertEqual(
            said, {name: names for name, names in found.items() if names}, "say in FIELDS who may write it"
        )

    def get_lines(self, model):
        """[(who, field)] of a model, with the fields that Odoo's modules lend it."""
        said = [(who, name) for who, names in FIELDS[model].items() for name in names.split()]
        if self.env[model]._original_module != MODULE:
            return said
        lent = self.env[model]._fields.keys() - {name for _who, name in said} - set(MAGIC_COLUMNS)
        return said + [(NOBODY, name) for name in sorted(lent)]

    def test_who_writes_what(self):
        """A value that is there already is written over itself: who may not write, may not do even that.

        What is refused is so field by field; what is let through, and what no record of a model is, all at once.
        """
        everything = self.begin()
        wrong = []
        for kind in CALLERS:
            self.log_in(kind)
            for model in FIELDS:
                record = everything[model][:1].sudo()
                for names, allowed in self.split(kind, "w", model):
                    values = {name: self.get_value(record, name) for name in names}
                    error = self.try_call(model, "write", record.ids, values)
                    if (error != REFUSED) != allowed:
                        wrong.append(f"{kind} writes {model}.{names}: {error or 'done'}")
        self.assertEqual(wrong, [])

    def split(self, kind, operation, model):
        """[(fields, whether they may be written)]: calls that between them try every field of a model."""
        lines = self.get_lines(model)
        if not self.may(kind, operation, model):
            return [([name for _who, name in lines], False)]
        mine = [name for who, name in lines if who in MAY_WRITE[kind]]
        return [(mine, True)] * bool(mine) + [([name], False) for _who, name in lines if name not in mine]

    def test_who_creates_with_what(self):
        everything = self.begin()
        wrong = []
        for kind in CALLERS:
            self.log_in(kind)
            for model, given in NEW.items():
                record, given = everything[model][:1].sudo(), given(self)
                for names, allowed in self.split(kind, "c", model):
                    values = {name: self.get_value(record, name) for name in names}
                    # In the company of who asks.
                    values.update({name: self.users[kind].company_id.id for name in names if name == "company_id"})
                    others = {name: value for name, value in given.items() if name not in names}
                    defaults = {f"default_{name}": value for name, value in values.items()}
                    for new, context in (({**others, **values}, {}), (others, defaults)):
                        error = self.try_call(model, "create", [new], context=context)
                        if (error != REFUSED) != allowed:
                            wrong.append(f"{kind} creates {model} with {names}, {context}: {error or 'done'}")
        self.assertEqual(wrong, [])

    @staticmethod
    def get_value(record, name):
        """What a field holds, as a browser would send it; no commands, for fields of many records."""
        field, value = record._fields[name], record[name]
        if field.type in ("one2many", "many2many"):
            return []
        if field.type == "many2one":
            return value.id
        if field.type in ("date", "datetime"):
            return value and fields.Datetime.to_string(value)
        return False if field.type == "binary" else value

    @staticmethod
    def is_odoos(part):
        """Whether a class that a model is made of is one of Odoo's: what it may be called for is decided there."""
        return part.__module__.startswith("odoo.") and not part.__module__.startswith(f"odoo.addons.{MODULE}")

    def test_what_hangs_on_a_conversation(self):
        """Nobody writes or deletes what Odoo's modules keep of it, beyond what `HANGING` says, in whatever column."""
        everything = self.begin_in_discuss()
        wrong = []
        for kind in CALLERS:
            self.log_in(kind)
            for model, row in HANGING.items():
                record = everything[model].sudo()
                values = {
                    name: self.get_value(record, name)
                    for name, field in record._fields.items()
                    if field.store and name not in MAGIC_COLUMNS
                }
                calls = {"w": ("write", record.ids, values), "d": ("unlink", record.ids)}
                found = "".join(letter for letter, call in calls.items() if not self.try_call(model, *call))
                if found != row.get(kind, ""):
                    wrong.append(f"{kind} may {found!r} {model}, not {row.get(kind, '')!r}")
        self.assertEqual(wrong, [])

    def begin_in_discuss(self):
        everything = self.begin()
        conversation, channel = everything["whatsapp.conversation"], everything["discuss.channel"]
        owner = self.users["owner"]
        conversation.with_user(owner).action_follow()
        everything["whatsapp.contact"].partner_id = False
        note = conversation.with_user(owner).message_post(body="Calls back on Monday")
        return {
            **everything,
            "discuss.channel.member": channel.channel_member_ids,
            "mail.activity": conversation.activity_schedule("mail.mail_activity_data_todo", user_id=owner.id),
            "mail.followers": conversation.message_follower_ids[:1],
            "mail.notification": self.env["mail.notification"].create(
                {"mail_message_id": note.id, "res_partner_id": owner.partner_id.id}
            ),
        }

    def test_every_method_has_its_line(self):
        found = {}
        for name, model in self.registry.items():
            for part in model.mro():
                if not part.__module__.startswith(f"odoo.addons.{MODULE}."):
                    continue
                for method in vars(part):
                    try:
                        get_public_method(self.env[name], method)
                    except (AccessError, AttributeError):
                        continue
                    if not any(method in vars(other) for other in model.mro() if self.is_odoos(other)):
                        found.setdefault(name, set()).add(method)
        self.maxDiff = None
        self.assertEqual({name: set(lines) for name, lines in METHODS.items()}, found, "say in METHODS who may call it")

    def test_who_calls_what(self):
        everything = self.begin()
        wrong = []
        for kind in CALLERS:
            self.log_in(kind)
            for model, lines in METHODS.items():
                for method, (allowed, names) in lines.items():
                    code, record = getattr(type(self.env[model]), method), everything.get(model)
                    ids = [] if getattr(code, "_api_model", False) else [record[-1:].ids]
                    known = {"assistant": self.assistant.id, "messages": [], "text": "Hola", "values": {"1": "María"}}
                    known["template"] = everything["whatsapp.content.template"].id
                    arguments = [known[name] for name in names]
                    context = {"quality": "hot"} if method == "action_set_quality" else {}
                    error = self.try_call(model, method, *ids, *arguments, context=context)
                    if (error != REFUSED) != (kind in allowed):
                        wrong.append(f"{kind} calls {model}.{method}: {error or 'done'}")
        self.assertEqual(wrong, [])


#: Rows as in `TABLE`, of what is not in it.
ROWS = {
    "crm.lead": NOTHING | dict.fromkeys(("owner", "all", "manager"), "w"),
    "digest.digest": NOTHING | {"system": "w"},
    "ir.actions.server": NOTHING | {"system": "w"},
    "res.company": NOTHING | {"system": "w"},
    "whatsapp.contact.erase": NOTHING | {"manager": "wc", "system": "wc"},
    # One's own.
    "whatsapp.teaching": NOTHING | {"manager": "wc", "system": ""},
}

#: Who writes and deletes, of what hangs on a conversation whose owner follows it: the customer's photo, their thread, the
#: owner's membership and activity. Odoo's administrators may do more than the addon takes away. For messages, see
#: `test_thread_rights`.
HANGING = {
    "discuss.channel": {},
    "discuss.channel.member": {"owner": "wd", "system": "wd"},
    "mail.guest": {},
    "mail.activity": {"owner": "wd", "all": "wd", "manager": "wd", "system": "wd"},
    "mail.followers": {"system": "wd"},
    "mail.notification": {"system": "d"},
    "ir.attachment": {},
}

#: What a new record needs, of the models that somebody may create.
NEW = {
    "whatsapp.sender": lambda case: {"name": "New", "number": "+593999000555", "assistant_id": case.assistant.id},
    "whatsapp.assistant": lambda case: {"name": "New"},
    "whatsapp.assistant.wording": lambda case: {
        "assistant_id": case.assistant.id,
        "situation": "closing",
        "text": "Adiós",
    },
    "whatsapp.followup.rule": lambda case: {"assistant_id": case.assistant.id, "hours": 9},
    "whatsapp.interest": lambda case: {"name": "hamaca", "plural": "hamacas"},
    "whatsapp.city": lambda case: {"name": "Nueva Loja"},
    "whatsapp.synonym": lambda case: {"name": "amaca", "city_id": case.env["whatsapp.city"].search([], limit=1).id},
    "whatsapp.phrase": lambda case: {"name": "ya cerré con el vecino", "kind": "elsewhere"},
    "whatsapp.shop": lambda case: {
        "name": "New",
        "address": "Av. Amazonas 1",
        "city_id": case.env["whatsapp.city"].search([], limit=1).id,
    },
    "whatsapp.webhook": lambda case: {"name": "New", "url": "https://erp.example.com"},
    "whatsapp.content.template": lambda case: {"name": "New", "sender_id": case.sender.id, "body": "Hola"},
    "whatsapp.contact": lambda case: {"address": "whatsapp:+593987000111", "company_id": case.env.company.id},
    "whatsapp.conversation": lambda case: {"sender_id": case.sender.id},
}


@tagged("post_install", "-at_install")
class TestAttacks(AttackCase):
    """What was, or could have been, the way into others' customers: by a salesperson with own documents, if not said."""

    def setUp(self):
        super().setUp()
        self.records = self.begin()
        self.conversation = self.records["whatsapp.conversation"]
        self.contact = self.records["whatsapp.contact"]
        self.log_in("owner")

    def attack_field(self, record, name, value):
        """Try every way in which a browser can write a field; none may, and nothing is changed."""
        model, before = record._name, record[name]
        self.attack(model, "write", record.ids, {name: value})
        self.attack(model, "web_save", record.ids, {name: value}, {})
        self.attack(model, "web_save_multi", record.ids, [{name: value}], {})
        command = [Command.update(record.id, {name: value})]
        if record == self.conversation:
            self.attack("whatsapp.contact", "write", self.contact.ids, {"conversation_ids": command})
            lead = self.env["crm.lead"].create({"name": "Mine", "user_id": self.users["owner"].id})
            self.attack("crm.lead", "write", lead.ids, {"whatsapp_conversation_ids": command})
        self.call(model, "load", [".id", name], [[str(record.id), str(value)]])
        self.call(model, "load", [".id", f"{name}/.id"], [[str(record.id), str(value)]])
        self.assertEqual(record[name], before)

    def make_private_thread(self):
        boss = self.users["manager"]
        thread = self.env["discuss.channel"].with_user(boss)._create_group(partners_to=boss.partner_id.ids)
        thread.message_post(body="The salaries", message_type="comment", subtype_xmlid="mail.mt_comment")
        return thread.sudo()

    def test_no_way_into_a_private_thread(self):
        """A conversation that points to any thread of Discuss would let its salesperson join and read it."""
        thread = self.make_private_thread()
        self.attack_field(self.conversation, "channel_id", thread.id)
        self.call("whatsapp.conversation", "action_follow", self.conversation.ids)
        self.assertNotIn(self.users["owner"].partner_id, thread.channel_member_ids.partner_id)
        self.assertIn(self.users["owner"].partner_id, self.conversation.channel_id.channel_member_ids.partner_id)

    def test_no_way_into_a_private_thread_by_a_default(self):
        """What a user sets as default for new records is not what the addon's own new records begin with."""
        thread = self.make_private_thread()
        self.call("ir.default", "set", "whatsapp.conversation", "channel_id", thread.id, True)
        channel = self.conversation.channel_id
        self.conversation.last_inbound_at = fields.Datetime.now()
        self.conversation.action_close()
        channel.whatsapp_conversation_id = self.conversation
        kwargs = {"body": "Hola de nuevo", "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        self.call("discuss.channel", "message_post", channel.ids, **kwargs, context={"default_channel_id": thread.id})
        new = self.get_conversation()
        self.assertNotEqual(new, self.conversation)
        self.assertNotEqual(new.channel_id, thread)

    def test_thread_of_ones_own_does_not_take_in_what_customers_write(self):
        values = {"name": "Mine", "whatsapp_contact_id": self.contact.id, "whatsapp_sender_id": self.sender.id}
        self.records["discuss.channel"].unlink()
        for channel_type in ("group", "channel", "whatsapp_crm"):
            self.attack("discuss.channel", "create", [{**values, "channel_type": channel_type}])
        self.attack("discuss.channel", "create", [{"name": "Mine", "channel_type": "whatsapp_crm"}])
        self.attack("discuss.channel", "create", [{"name": "Mine"}], context={"default_channel_type": "whatsapp_crm"})
        mine = self.call("discuss.channel", "create", [{"name": "Mine", "channel_type": "group"}])
        for name, value in list(values.items())[1:]:
            self.attack("discuss.channel", "write", mine, {name: value})
        self.attack("discuss.channel", "write", mine, {"whatsapp_conversation_id": self.conversation.id})

    def test_anybodys_name_and_number(self):
        """A conversation that points to another contact would show and write to who that is."""
        stranger = self.env["whatsapp.contact"].create(
            {"address": "whatsapp:+593987111222", "company_id": self.other_company.id, "profile_name": "Stranger"}
        )
        self.attack_field(self.conversation, "contact_id", stranger.id)
        self.log_in("manager")
        self.attack_field(self.conversation, "contact_id", stranger.id)

    def test_lead_of_others(self):
        """A correction is written on the conversation's lead."""
        lead = self.env["crm.lead"].create({"name": "Theirs", "user_id": self.users["other"].id, "city": "Loja"})
        self.attack_field(self.conversation, "lead_id", lead.id)
        self.attack("crm.lead", "write", lead.ids, {"whatsapp_conversation_ids": [Command.link(self.conversation.id)]})
        self.call("whatsapp.conversation", "write", self.conversation.ids, {"city": "Quito", "customer_name": "Eva"})
        self.assertEqual((lead.city, lead.contact_name), ("Loja", False))
        self.assertEqual(self.conversation.city, "Quito", "corrections are theirs to make")

    def test_another_turn(self):
        """A review of a turn that is another conversation's."""
        self.attack_field(self.conversation, "classification_id", self.records["whatsapp.classification"].id)
        self.log_in("manager")
        self.attack_field(self.conversation, "classification_id", self.records["whatsapp.classification"].id)

    def test_past_the_24_hours(self):
        self.conversation.last_inbound_at = "2026-01-01 00:00:00"
        self.attack_field(self.conversation, "last_inbound_at", fields.Datetime.to_string(fields.Datetime.now()))

    def test_into_another_company(self):
        values = {"name": "Theirs", "number": "+593999000888", "company_id": self.other_company.id}
        sender = self.env["whatsapp.sender"].create({**values, "assistant_id": self.assistant.id})
        for kind in ("owner", "manager"):
            self.log_in(kind)
            self.attack_field(self.conversation, "sender_id", sender.id)
            self.attack_field(self.conversation, "company_id", self.other_company.id)
            self.attack_field(self.contact, "company_id", self.other_company.id)
        self.assertTrue(
            self.try_call("whatsapp.sender", "write", self.sender.ids, {"company_id": values["company_id"]})
        )
        self.attack("whatsapp.sender", "create", [{**values, "number": "+593999000889"}])

    def test_customers_stay_in_the_company_of_their_sender(self):
        self.users["manager"].company_ids |= self.other_company
        self.log_in("manager")
        context = {"allowed_company_ids": [self.env.company.id, self.other_company.id]}
        with self.assertRaises(JsonRpcException) as caught:
            values = {"company_id": self.other_company.id}
            self.call("whatsapp.sender", "write", self.sender.ids, values, context=context)
        self.assertIn("ValidationError", str(caught.exception))

    def test_anybodys_activity(self):
        """Closing a conversation ticks off the activity of who is waited for."""
        boss = self.users["manager"]
        activity = boss.partner_id.with_user(boss).activity_schedule("mail.mail_activity_data_todo", user_id=boss.id)
        handover = self.env["whatsapp.handover"].create(
            {"conversation_id": self.conversation.id, "reason": "human", "called_at": utcnow()}
        )
        self.conversation.sudo().handover_id = handover
        self.attack_field(handover, "activity_id", activity.id)
        self.call("whatsapp.conversation", "action_close", self.conversation.ids)
        self.assertTrue(activity.exists().active)

    def test_words_as_an_administrators(self):
        """A contact's messages appear under the name of its partner."""
        boss = self.users["manager"].partner_id
        self.attack_field(self.contact, "partner_id", boss.id)
        self.attack("res.partner", "write", boss.ids, {"whatsapp_contact_ids": [Command.link(self.contact.id)]})
        self.log_in("manager")
        for partner in (boss, self.assistant._get_partner()):
            with self.assertRaises(JsonRpcException) as caught:
                self.call("whatsapp.contact", "write", self.contact.ids, {"partner_id": partner.id})
            self.assertIn("ValidationError", str(caught.exception))
        customer = self.env["res.partner"].create({"name": "María José"})
        self.call("whatsapp.contact", "write", self.contact.ids, {"partner_id": customer.id})
        self.assertEqual(self.contact.partner_id, customer, "administrators say who a customer is")

    def test_who_has_a_colleagues_number(self):
        """Whoever gives a colleague's entry in the address book a customer's number does not speak as that colleague."""
        boss = self.users["manager"].partner_id
        boss.phone = self.contact.phone
        with self.assertRaises(JsonRpcException):
            self.call("whatsapp.contact", "action_find_partner", self.contact.ids)
        self.assertFalse(self.contact.partner_id)
        partner = self.env["res.partner"].create({"name": "María José", "phone": self.contact.phone})
        self.call("whatsapp.contact", "action_find_partner", self.contact.ids)
        self.assertEqual(self.contact.partner_id, partner)

    def test_customer_is_not_merged_into_a_colleague(self):
        """Who merges contacts would have written what the customer wrote, and so may read it."""
        owner, boss = self.users["owner"].partner_id, self.users["manager"].partner_id
        self.users["owner"].group_ids += self.env.ref("base.group_partner_manager")
        customer = self.env["res.partner"].create({"name": "María José"})
        self.contact.partner_id = customer
        for colleague in (owner, boss):
            both = {"partner_ids": [Command.set((customer + colleague).ids)], "dst_partner_id": colleague.id}
            (customer + colleague).email = "same@example.com"
            wizard = self.call("base.partner.merge.automatic.wizard", "create", both)
            with self.assertRaises(JsonRpcException) as caught:
                self.call("base.partner.merge.automatic.wizard", "action_merge", [wizard])
            self.assertIn("UserError", str(caught.exception))
            self.assertEqual(self.contact.partner_id, customer)
        other = self.env["res.partner"].create({"name": "Maria Jose", "email": "same@example.com"})
        both = {"partner_ids": [Command.set((customer + other).ids)], "dst_partner_id": other.id}
        wizard = self.call("base.partner.merge.automatic.wizard", "create", both)
        self.call("base.partner.merge.automatic.wizard", "action_merge", [wizard])
        self.assertEqual(self.contact.partner_id, other, "a customer who is there twice is merged as any")

    def test_portal_user_with_a_customers_number(self):
        """In a portal everybody writes their own number, and is the customer then: who reads nothing of the thread."""
        portal = self.users["portal"]
        portal.partner_id.phone = self.contact.phone
        self.customer("My address is Av. Loja 12")
        said = self.conversation.line_ids.mail_message_id.filtered(lambda each: each.author_id == portal.partner_id)
        self.assertTrue(said, "what is written from then on is the partner's")
        self.log_in("portal")
        self.assertEqual(self.call("mail.message", "search_read", [("id", "in", said.ids)], ["body"]), [])
        self.attack("mail.message", "read", said.ids, ["body"])

    def test_what_new_records_begin_with(self):
        """Defaults in a browser's request do not reach what a button makes as superuser."""
        self.conversation.lead_id.unlink()
        context = {"default_referred": "Me", "default_tag_ids": [Command.create({"name": "Mine"})]}
        self.call("whatsapp.conversation", "action_retry_lead", self.conversation.ids, context=context)
        lead = self.conversation.lead_id
        self.assertTrue(lead)
        self.assertFalse(lead.referred)
        self.assertNotIn("Mine", lead.tag_ids.mapped("name"))

    def test_customer_of_another_company_is_not_silenced(self):
        """What comes from a number of ours is not answered: so nobody says that another company's customer is ours."""
        self.log_in("foreign manager")
        sender = {"name": "Theirs", "number": self.contact.phone, "assistant_id": self.assistant.id}
        self.call("whatsapp.sender", "create", sender)
        self.customer("Y una mesa")
        self.assertFalse(self.conversation.silence_reason)
        self.log_in("manager")
        sender["number"] = "+593987654320"
        self.call("whatsapp.sender", "create", sender)
        self.assertEqual(self.customer("Busco sofás", customer=f"whatsapp:{sender['number']}"), [])

    def test_time_zone_of_the_shop(self):
        """Hours in the reports, and until when a person has to answer, follow the company, not who edits contacts."""
        company = self.env.company
        company.whatsapp_timezone = "America/Guayaquil"
        self.call("res.partner", "write", company.partner_id.ids, {"tz": "Asia/Tokyo"})
        self.assertEqual(company.whatsapp_timezone, "America/Guayaquil")
        company.partner_id.tz = "America/Lima"
        self.assertEqual(company.whatsapp_timezone, "America/Lima", "the company's administrators move it")

    def test_exchanged_addresses(self):
        """Of two customers who exchange addresses, one would get the other's messages, also who said BAJA."""
        self.customer("BAJA", customer="whatsapp:+593987333444")
        silent = self.get_conversation("whatsapp:+593987333444").contact_id
        for kind in ("owner", "all", "manager"):
            self.log_in(kind)
            for name in ("address", "phone", "opted_out", "opted_out_at", "opt_out_reason"):
                self.attack_field(self.contact, name, silent[name] and str(silent[name]))
        self.attack("whatsapp.contact", "create", [{"address": "whatsapp:+5939", "company_id": self.env.company.id}])

    def test_given_to_who_may_not_know(self):
        """Who is given a conversation is told of it, with the customer's name, and reads it."""
        # Who follows a conversation still sees it when it is another's.
        self.call("whatsapp.conversation", "action_follow", self.conversation.ids)
        outsiders = (self.users["internal"], self.users["portal"], self.users["foreign manager"])
        for user in outsiders:
            with self.assertRaises(JsonRpcException):
                self.call("whatsapp.conversation", "write", self.conversation.ids, {"user_id": user.id})
        self.assertEqual(self.conversation.user_id, self.users["owner"])
        self.assertNotIn(self.users["internal"].partner_id, self.conversation.message_partner_ids)
        values = {"user_id": self.users["other"].id, "team_id": False}
        self.call("whatsapp.conversation", "write", self.conversation.ids, values)
        self.assertEqual(self.conversation.user_id, self.users["other"], "to a colleague they give it")

    def test_team_of_another_company(self):
        team = self.env["crm.team"].create({"name": "Theirs", "company_id": self.other_company.id})
        self.attack("whatsapp.conversation", "write", self.conversation.ids, {"team_id": team.id})

    def test_simulated_lead(self):
        """What is marked as simulated is deleted by *Reset*, and no report counts it."""
        lead = self.env["crm.lead"].create({"name": "Mine", "user_id": self.users["owner"].id})
        self.attack("crm.lead", "write", lead.ids, {"whatsapp_simulated": True})
        self.attack("crm.lead", "create", [{"name": "Mine"}], context={"default_whatsapp_simulated": True})

    def test_delete(self):
        for model in ("whatsapp.conversation", "whatsapp.contact", "whatsapp.conversation.message"):
            self.attack(model, "unlink", self.records[model].ids)
        self.assertTrue(self.records["whatsapp.conversation.message"][0].body)

    def test_twilio_is_called_for_administrators_only(self):
        """*Connect* and *Test* spoke to Twilio and the model before anybody asked who wanted it."""
        self.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "t", "public_url": "https://odoo.example.com"})
        for method in ("action_connect", "action_test_connection", "action_find_gaps"):
            self.attack("whatsapp.sender", method, self.sender.ids)
        self.attack("whatsapp.assistant", "action_test_model", self.assistant.ids)
        self.assertFalse(self.sender.tested_at or self.sender.connect_error)

    def test_whose_number_it_is(self):
        """Who has nothing to do with sales does not learn who is a customer, or of which colleague."""
        partner = self.env["res.partner"].create({"name": "Any", "phone": self.contact.phone})
        for kind in ("internal", "portal"):
            self.log_in(kind)
            self.attack("res.partner", "action_write_on_whatsapp", partner.ids)

    def test_ways_that_are_open(self):
        """What salespeople do all day still goes."""
        write = {"email": "maria@example.com", "budget_max": 900, "interest_ids": [Command.clear()], "need": "sofá"}
        self.call("whatsapp.conversation", "web_save", self.conversation.ids, write, {})
        self.assertEqual((self.conversation.email, self.conversation.budget_max), ("maria@example.com", 900))
        described = self.call("whatsapp.conversation", "fields_get", ["channel_id", "city"], ["readonly"])
        self.assertEqual((described["channel_id"]["readonly"], described["city"]["readonly"]), (True, False))
