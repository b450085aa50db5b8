import json

from odoo import Command, http
from odoo.addons.bus.models.bus import channel_with_db, json_dump
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .common import CUSTOMER
from .test_access import AccessCase
from .test_identity import ID, ID_ALONE, SCOPED

NAME, NUMBER = "María José", "98 765 4321"
PASSWORD = "a password"


class ThreadRightsCase(AccessCase, HttpCase):
    """The thread of a conversation that the owner looks after, and what users send to the server about it."""

    def setUp(self):
        super().setUp()
        self.everything = self.begin()
        self.channel = self.everything["discuss.channel"]
        self.message = self.everything["mail.message"]

    def log_in(self, kind):
        self.users[kind].password = PASSWORD
        self.authenticate(self.users[kind].login, PASSWORD)

    def ask(self, route, **params):
        """A route of Discuss, as the web client calls it. Returns its result as text, or what kind of error it is."""
        with mute_logger("odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule"):
            try:
                return json.dumps(self.make_jsonrpc_request(route, params), ensure_ascii=False)
            except JsonRpcException as error:
                return str(error)

    def call(self, model, method, *args, **kwargs):
        """A method of a model by RPC."""
        return self.ask(
            f"/web/dataset/call_kw/{model}/{method}", model=model, method=method, args=list(args), kwargs=kwargs
        )

    def assertRefused(self, answer):
        self.assertRegex(answer, r"(AccessError|NotFound|UserError|ValidationError|404|Forbidden)", "not refused")

    def ask_all(self, term="María", context=None):
        """What Discuss asks for when it opens, and about one thread."""
        channel_id = self.channel.id
        wanted = ["failures", "systray_get_activities", "init_messaging", "channels_as_member"]
        wanted += [["discuss.channel", [channel_id]]]
        wanted += [["mail.thread", {"thread_model": "discuss.channel", "thread_id": channel_id, "request_list": []}]]
        answers = {
            route: self.ask(route, fetch_params=wanted, **({"context": context} if context else {}))
            for route in ("/mail/data", "/mail/action")
        }
        for route, params in {
            "messages": {},
            "members": {"known_member_ids": []},
            "pinned_messages": {},
            "attachments": {},
            "mark_as_read": {"last_message_id": self.message.id},
            "notify_typing": {"is_typing": True},
            "join": {},
        }.items():
            answers[route] = self.ask(f"/discuss/channel/{route}", channel_id=channel_id, **params)
        answers["threads"] = self.ask("/discuss/channel/sub_channel/fetch", parent_channel_id=channel_id)
        for box in ("inbox", "history", "starred"):
            answers[box] = self.ask(f"/mail/{box}/messages")
        answers["search"] = self.ask("/discuss/search", term=term)
        return answers

    def assertDiscussWithoutTheThread(self, kind, secrets, term="María"):
        """A user who is a member of the thread, and of another group, sees all of Discuss but the thread."""
        self.join(kind)
        user = self.users[kind]
        group = self.env["discuss.channel"].create(
            {
                "name": "Lunch",
                "channel_type": "group",
                "channel_member_ids": [Command.create({"partner_id": user.partner_id.id})],
            }
        )
        self.log_in(kind)
        answers = self.ask_all(term)
        for route in ("/mail/data", "/mail/action"):
            self.assertIn("Lunch", answers[route], f"Discuss of {kind} works: {route}")
        for route, answer in answers.items():
            for secret in secrets:
                self.assertNotIn(secret, answer, f"{kind}: {route}")
        self.assertIn('"messages"', self.ask("/discuss/channel/messages", channel_id=group.id))

    def join(self, kind):
        """Make a user a member, as they may be of old or from when they had other rights."""
        self.env.cr.execute(
            """INSERT INTO discuss_channel_member (channel_id, partner_id, new_message_separator, create_date)
               VALUES (%s, %s, 0, now() AT TIME ZONE 'UTC')""",
            [self.channel.id, self.users[kind].partner_id.id],
        )
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestMembers(ThreadRightsCase):
    def test_member_without_rights_has_discuss_without_the_thread(self):
        for kind in ("internal", "portal"):
            with self.subTest(kind):
                self.assertDiscussWithoutTheThread(kind, (NAME, NUMBER, "Busco sof", "+593"))

    def test_who_is_in_two_companies_has_the_thread_of_the_one_not_ticked(self):
        manager = self.users["manager"]
        manager.company_ids = self.env.company | self.other_company
        self.join("manager")
        self.log_in("manager")
        context = {"allowed_company_ids": self.other_company.ids}
        data = json.loads(self.ask("/mail/data", fetch_params=["channels_as_member"], context=context))
        shown = {channel["id"]: channel for channel in data["discuss.channel"]}[self.channel.id]
        self.assertEqual(shown["whatsapp"]["stage"], "gathering")
        self.assertEqual(shown["whatsapp"]["company_id"], self.env.company.id)
        post = {"body": "Buenos días", "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        where = {"thread_model": "discuss.channel", "thread_id": self.channel.id}
        self.assertIn("Buenos", self.ask("/mail/message/post", post_data=post, context=context, **where))
        line = self.everything["whatsapp.conversation"].line_ids[-1]
        self.assertEqual((line.body, line.user_id), ("Buenos días", manager))

    def test_only_who_may_see_it_is_invited(self):
        self.join("owner")
        self.log_in("owner")
        for kind in ("internal", "portal", "foreign manager"):
            partner = self.users[kind].partner_id
            self.assertRefused(self.call("discuss.channel", "add_members", [self.channel.id], partner_ids=partner.ids))
            values = {"channel_id": self.channel.id, "partner_id": partner.id}
            self.assertRefused(self.call("discuss.channel.member", "create", [values]))
        customer = self.env["res.partner"].create({"name": "Somebody"})
        self.assertRefused(self.call("discuss.channel", "add_members", [self.channel.id], partner_ids=customer.ids))
        self.call("discuss.channel", "add_members", [self.channel.id], partner_ids=self.users["other"].partner_id.ids)
        members = self.channel.channel_member_ids.partner_id.user_ids
        self.assertEqual(members, self.users["owner"] | self.users["other"])

    def test_who_is_offered_to_be_invited(self):
        self.log_in("owner")
        asked = self.call("res.partner", "search_for_channel_invite", search_term="access-", channel_id=self.channel.id)
        offered = set(json.loads(asked)["partner_ids"])
        self.assertIn(self.users["other"].partner_id.id, offered)
        self.assertFalse({self.users[kind].partner_id.id for kind in ("internal", "portal")} & offered)

    def test_who_has_lost_the_rights_does_not_learn_whose_thread_their_words_were_in(self):
        owner = self.users["owner"]
        comment = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        message = self.channel.with_user(owner).message_post(body="Buenos días", **comment)
        message.toggle_message_starred()
        owner.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self.env["whatsapp.conversation"].search([]).user_id = False
        self.log_in("owner")
        starred = self.ask("/mail/starred/messages")
        self.assertIn("Buenos", starred, "their own words they still have")
        for answer in (starred, self.call("mail.message", "read", message.ids, ["record_name", "body"])):
            for secret in (NAME, NUMBER):
                self.assertNotIn(secret, answer)

    def test_reader_invites_nobody(self):
        self.join("reader")
        self.log_in("reader")
        partner = self.users["all"].partner_id
        self.assertRefused(self.call("discuss.channel", "add_members", [self.channel.id], partner_ids=partner.ids))

    def test_member_without_rights_is_told_nothing(self):
        for kind in ("internal", "all"):
            self.join(kind)
        told = {each["id"] for each in self.channel._notify_get_recipients(self.message)}
        self.assertEqual(told, set(self.users["all"].partner_id.ids))

    def test_follower_without_rights_is_told_nothing(self):
        conversation = self.everything["whatsapp.conversation"]
        conversation.message_subscribe((self.users["internal"] | self.users["all"]).partner_id.ids)
        message = conversation.message_post(body="A note", subtype_xmlid="mail.mt_comment")
        self.assertEqual(message.notified_partner_ids.user_ids & self.users["internal"], self.env["res.users"])
        self.assertIn(self.users["all"].partner_id, message.notified_partner_ids)


@tagged("post_install", "-at_install")
class TestCustomerWithoutANumber(ThreadRightsCase):
    """Of somebody whom WhatsApp names by a user id alone, who has no right to the conversation learns neither that nor
    anything else."""

    SECRETS = (ID.partition(".")[2], "maria.jose", "sof\u00e1", "sofás", "quito")

    def customer(self, *bodies, **parameters):
        return super().customer(*bodies, **{**ID_ALONE, "ProfileName": None, **parameters})

    def get_conversation(self, address=SCOPED):
        return super().get_conversation(address)

    def test_member_without_rights_has_discuss_without_the_thread(self):
        self.assertIn("maria.jose", self.channel.name)
        for kind in ("internal", "portal"):
            with self.subTest(kind):
                self.assertDiscussWithoutTheThread(kind, self.SECRETS, term="maria.jose")

    def test_owner_has_it(self):
        """What the others must not get is there to be got."""
        self.join("owner")
        self.log_in("owner")
        self.assertIn("maria.jose", self.ask_all("maria.jose")["/mail/data"])

    def test_by_every_way(self):
        open_ways = []
        for kind in ("internal", "other", "foreign manager"):
            env = self.env(user=self.users[kind])
            for name in ("@maria.jose", "maria.jose", ID, SCOPED):
                for way, call in {
                    "guest": lambda model, name: model("mail.guest").name_search(name),
                    "channel": lambda model, name: model("discuss.channel").name_search(name),
                    "member": lambda model, name: model("discuss.channel.member").name_search(name),
                    "contact": lambda model, name: model("whatsapp.contact").name_search(name),
                    "address": lambda model, name: model("whatsapp.contact.address").name_search(name),
                    "address value": lambda model, name: model("whatsapp.contact.address").search(
                        [("value", "ilike", name)]
                    ),
                    "conversation": lambda model, name: model("whatsapp.conversation").name_search(name),
                    "message": lambda model, name: model("whatsapp.conversation.message").search(
                        [("address", "ilike", name)]
                    ),
                    "partner": lambda model, name: model("res.partner").search(
                        [("whatsapp_contact_ids.username", "ilike", name.lstrip("@"))]
                    ),
                    "partner's address": lambda model, name: model("res.partner").search(
                        [("whatsapp_contact_ids.address_ids.value", "ilike", name)]
                    ),
                    "author": lambda model, name: model("mail.message").search(
                        [("author_guest_id.name", "ilike", name.lstrip("@"))]
                    ),
                }.items():
                    self.env.invalidate_all()
                    try:
                        found = call(env.__getitem__, name)
                    except (AccessError, ValueError):
                        continue
                    if found:
                        open_ways.append((kind, way, name, found))
        self.assertEqual(open_ways, [])

    def test_live_updates(self):
        """Whatever is told to open screens while the customer writes, is seen to be one with another, and is served."""
        conversation = self.everything["whatsapp.conversation"]
        names = [
            f"discuss.channel_{self.channel.id}",
            f"mail.guest_{self.channel.whatsapp_contact_id.guest_id.id}",
            f"whatsapp.conversation_{conversation.id}",
            "whatsapp_conversations",
            "whatsapp_all",
            "whatsapp_unassigned",
        ]
        for kind in ("internal", "portal"):
            self.join(kind)
        kinds = ("owner", "internal", "portal", "public", "other", "foreign manager", "foreign reader")
        channels = {
            kind: {json_dump(channel_with_db(self.env.cr.dbname, each)) for each in self.listen(kind, *names)}
            for kind in kinds
        }
        self.env.cr.precommit.run()
        last = self.env["bus.bus"].search([], order="id desc", limit=1).id or 0
        self.customer("Los sofás de Quito, ¿tienen?")
        self.customer("Quiero hablar con una persona", customer=CUSTOMER, ExternalUserId=ID)
        self.customer("👍", MessageType="reaction", OriginalRepliedMessageSid=conversation.line_ids[:1].sid)
        conversation._get_channel().with_user(self.users["owner"]).message_post(
            body="Sofás de Quito tenemos", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.env.cr.precommit.run()
        rows = self.env["bus.bus"].search([("id", ">", last)])
        heard = {
            kind: json.dumps(
                [json.loads(row.message) for row in rows if row.channel in mine], ensure_ascii=False
            ).lower()
            for kind, mine in channels.items()
        }
        for secret in ("maria.jose", "quito"):
            self.assertIn(secret, heard["owner"], "there is something to be told")
        for kind in kinds[1:]:
            for secret in (*self.SECRETS, "98 765 4321", "987654321"):
                self.assertNotIn(secret.lower(), heard[kind], kind)


@tagged("post_install", "-at_install")
class TestNames(ThreadRightsCase):
    """Who has no right to a conversation does not find out who the customer is, and cannot guess."""

    def test_by_every_way(self):
        guest = self.message.author_guest_id
        self.assertEqual(guest.name, NAME)
        open_ways = []
        for kind in ("internal", "other", "foreign manager"):
            env = self.env(user=self.users[kind])
            for way, call in {
                "guest search": lambda env: env["mail.guest"].search([("name", "ilike", "María")]),
                "guest name": lambda env: env["mail.guest"].name_search("María"),
                "guest group": lambda env: env["mail.guest"].formatted_read_group([("id", "=", guest.id)], ["name"]),
                "guest read": lambda env: env["mail.guest"].browse(guest.id).read(["name"]),
                "channel search": lambda env: env["discuss.channel"].search([("name", "ilike", "María")]),
                "channel name": lambda env: env["discuss.channel"].name_search("María"),
                "channel group": lambda env: env["discuss.channel"].formatted_read_group([], ["name"]),
                "member search": lambda env: env["discuss.channel.member"].search(
                    [("channel_id.name", "ilike", "María")]
                ),
                "member name": lambda env: env["discuss.channel.member"].name_search("María"),
                "members": lambda env: env["discuss.channel.member"].search([("channel_id", "=", self.channel.id)]),
                "message search": lambda env: env["mail.message"].search([("author_guest_id.name", "ilike", "María")]),
                "message body": lambda env: env["mail.message"].search([("body", "ilike", "sof")]),
                "partner": lambda env: env["res.partner"].search([("whatsapp_contact_ids.phone", "ilike", "98")]),
                "attachment": lambda env: env["ir.attachment"].search([("res_model", "=", "discuss.channel")]),
                "activity": lambda env: env["mail.activity"].search([("res_name", "ilike", "María")]),
            }.items():
                self.env.invalidate_all()
                self.channel.channel_member_ids.sudo().unlink()
                self.join("owner")
                try:
                    found = call(env)
                except (AccessError, ValueError):
                    continue
                if way in ("channel group", "message body"):
                    found = NAME in str(found) or (way == "message body" and self.message in found)
                if found:
                    open_ways.append((kind, way, found))
        self.assertEqual(open_ways, [])

    def test_reading_all_fields_works_for_everybody(self):
        """A field of ours that a user has no right to follow is not among those that they read."""
        clerk = self.users["internal"]
        note = clerk.partner_id.message_post(body="A note", subtype_xmlid="mail.mt_comment")
        group = self.env["discuss.channel"].with_user(clerk).create({"name": "Mine", "channel_type": "group"})
        for record in (clerk.partner_id, note, group, self.env["mail.guest"].create({"name": "Visitor"})):
            record = record.with_user(clerk)
            ours = [name for name in record.fields_get() if record._fields[name]._module == "colineal_whatsapp_crm"]
            (values,) = record.read(["id", *ours])
            self.assertEqual(values.keys(), {"id", *ours})


@tagged("post_install", "-at_install")
class TestThreadStays(ThreadRightsCase):
    """By RPC nobody changes a customer's thread, or what was said in it."""

    KINDS = ("owner", "reader", "manager")

    def setUp(self):
        super().setUp()
        for kind in self.KINDS:
            self.join(kind)
        self.users["manager"].group_ids = [Command.link(self.env.ref("base.group_system").id)]
        where = {"model": "discuss.channel", "res_id": self.channel.id}
        owners = self.channel.with_user(self.users["owner"]).sudo()
        self.sent = owners.message_post(
            body="Buenos días",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[("precios.pdf", b"%PDF-1.4 precios")],
        )
        self.forged = {**where, "body": "I want it for nothing", "message_type": "comment"}
        self.said = [(message.body, message.pinned_at) for message in self.get_messages()]

    def get_messages(self):
        return self.channel.message_ids.sorted("id").filtered(lambda message: message.message_type == "comment")

    def assertNothingChanged(self):
        self.env.invalidate_all()
        self.assertEqual([(message.body, message.pinned_at) for message in self.get_messages()], self.said)
        self.assertFalse(self.get_messages().sudo().reaction_ids)

    def test_what_was_said(self):
        guest, files = self.message.author_guest_id.id, self.sent.attachment_ids
        token = files._get_ownership_token()
        for kind in self.KINDS:
            self.log_in(kind)
            for message in (self.message, self.sent):
                ids = message.ids
                for answer in (
                    self.call("mail.message", "write", ids, {"body": "Other words"}),
                    self.call("mail.message", "write", ids, {"author_id": self.users[kind].partner_id.id}),
                    self.call("mail.message", "write", ids, {"attachment_ids": [(5,)]}),
                    self.call("mail.message", "web_save", ids, {"body": "Other words"}, specification={}),
                    self.call("mail.message", "unlink", ids),
                    self.ask("/mail/message/update_content", message_id=message.id, update_data={"body": "Other"}),
                    self.ask("/mail/message/reaction", message_id=message.id, content="👍", action="add"),
                ):
                    self.assertRefused(answer)
            for values in (
                {"author_guest_id": guest},
                {"author_id": self.users["owner"].partner_id.id},
                {"message_type": "user_notification"},
                {"parent_id": self.message.id, "message_type": "notification"},
            ):
                self.assertRefused(self.call("mail.message", "create", {**self.forged, **values}))
            defaults = {f"default_{name}": value for name, value in self.forged.items()}
            self.assertRefused(self.call("mail.message", "create", {}, context=defaults))
            for answer in (
                self.call("ir.attachment", "write", files.ids, {"raw": "x"}),
                self.call("ir.attachment", "unlink", files.ids),
                self.ask("/mail/attachment/delete", attachment_id=files.id, access_token=token),
            ):
                self.assertRefused(answer)
            self.assertNothingChanged()
        self.assertTrue(files.exists())

    def test_thread_itself(self):
        other = self.env["discuss.channel"].create({"name": "Mine", "channel_type": "group"})
        where = {
            "whatsapp_contact_id": self.channel.whatsapp_contact_id.id,
            "whatsapp_sender_id": self.sender.id,
            "whatsapp_conversation_id": self.everything["whatsapp.conversation"].id,
        }
        before = self.channel.read(["name", "description", "active", "avatar_128", "uuid"])
        group = self.env.ref("base.group_user").id
        for kind in self.KINDS:
            self.log_in(kind)
            other.sudo()._add_members(users=self.users[kind])
            ids = self.channel.ids
            for answer in (
                self.call("discuss.channel", "channel_rename", ids, name="Somebody else"),
                self.call("discuss.channel", "channel_change_description", ids, description="Ours"),
                self.ask("/discuss/channel/update_avatar", channel_id=self.channel.id, data="iVBORw0KGgo="),
                self.ask("/discuss/channel/sub_channel/create", parent_channel_id=self.channel.id, name="Side"),
                self.call("discuss.channel", "invite_by_email", ids, ["somebody@example.com"]),
                self.call("discuss.channel", "unlink", ids),
                *(
                    self.call("discuss.channel", "write", ids, {name: value})
                    for name, value in {
                        "name": "Somebody else",
                        "active": False,
                        "uuid": "known",
                        "group_ids": [(4, group)],
                        "channel_partner_ids": [(4, self.users["internal"].partner_id.id)],
                        "whatsapp_conversation_id": False,
                    }.items()
                ),
                self.call("discuss.channel", "write", other.ids, where),
                self.call("discuss.channel", "create", {"name": "Fake", "channel_type": "whatsapp_crm"}),
                self.call("discuss.channel", "create", {"name": "Fake", "channel_type": "group", **where}),
            ):
                self.assertRefused(answer)
        self.env.invalidate_all()
        self.assertEqual(self.channel.read(["name", "description", "active", "avatar_128", "uuid"]), before)
        self.assertNotIn(self.users["internal"].partner_id, self.channel.channel_member_ids.partner_id)

    def test_reader_leaves_nothing(self):
        self.log_in("reader")
        conversation = self.everything["whatsapp.conversation"]
        where = {"thread_model": "discuss.channel", "thread_id": self.channel.id}
        before = self.env["mail.message"].search_count([]), self.env["ir.attachment"].search_count([])
        for kind in ("comment", "notification"):
            post = {"body": "Hola", "message_type": kind, "subtype_xmlid": "mail.mt_note"}
            self.assertRefused(self.ask("/mail/message/post", post_data=post, **where))
            self.assertRefused(
                self.call("discuss.channel", "message_post", self.channel.ids, body="x", message_type=kind)
            )
        partners = self.users["all"].partner_id.ids
        for model, ids in (("discuss.channel", self.channel.ids), ("whatsapp.conversation", conversation.ids)):
            self.assertRefused(self.call(model, "message_notify", ids, body="x", partner_ids=partners))
            file = {"name": "x.txt", "raw": "x", "res_model": model, "res_id": ids[0]}
            self.assertRefused(self.call("ir.attachment", "create", file))
            answer = self.url_open(
                "/mail/attachment/upload",
                data={"thread_id": ids[0], "thread_model": model, "csrf_token": http.Request.csrf_token(self)},
                files={"ufile": ("x.txt", b"x", "text/plain")},
            )
            self.assertIn(answer.status_code, (400, 403, 404), model)
        pin = self.call("discuss.channel", "set_message_pin", self.channel.ids, message_id=self.message.id, pinned=True)
        self.assertRefused(pin)
        plan = {"model": "discuss.channel", "res_id": self.channel.id, "body": "x"}
        self.assertRefused(
            self.call("mail.scheduled.message", "create", {**plan, "scheduled_date": "2099-01-01 00:00:00"})
        )
        activity = {"res_model_id": self.env["ir.model"]._get_id(conversation._name), "res_id": conversation.id}
        self.assertRefused(self.call("mail.activity", "create", {**activity, "summary": "Call"}))
        self.env.invalidate_all()
        self.assertEqual(
            (self.env["mail.message"].search_count([]), self.env["ir.attachment"].search_count([])), before
        )
        self.assertNothingChanged()

    def test_nobody_writes_in_the_customers_name(self):
        contact = self.everything["whatsapp.contact"]
        contact.partner_id = self.env["res.partner"].create({"name": NAME, "phone": CUSTOMER.rpartition(":")[2]})
        self.log_in("owner")
        values = {"body": "I want it", "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        self.call("discuss.channel", "message_post", self.channel.ids, author_id=contact.partner_id.id, **values)
        self.assertEqual(self.get_messages()[-1].author_id, self.users["owner"].partner_id)
        guest = contact._get_guest()
        for forged in (
            {"author_guest_id": guest.id, "date": "2020-01-01 00:00:00", "create_date": "2020-01-01 00:00:00"},
            {"message_type": "email", "author_guest_id": guest.id, "message_id": "<known@example.com>"},
        ):
            before = self.channel.message_ids
            self.call("discuss.channel", "message_post", self.channel.ids, **{**values, **forged})
            posted = (self.channel.message_ids - before).sudo()
            self.assertFalse(posted.author_guest_id)
            self.assertIn(posted.message_type, ("comment", "notification"))
            self.assertGreater(posted.date.year, 2020)
            self.assertGreater(posted.create_date.year, 2020)
            self.assertNotEqual(posted.message_id, "<known@example.com>")
        plan = {"model": "discuss.channel", "res_id": self.channel.id, "body": "x", "author_id": contact.partner_id.id}
        self.assertRefused(
            self.call("mail.scheduled.message", "create", {**plan, "scheduled_date": "2099-01-01 00:00:00"})
        )

    def get_all_said(self):
        self.env.invalidate_all()
        conversation = self.everything["whatsapp.conversation"]
        places = [("discuss.channel", self.channel.id), (conversation._name, conversation.id)]
        return [
            self.env["mail.message"]
            .search([("model", "=", model), ("res_id", "=", res_id), ("message_type", "!=", "notification")])
            .ids
            for model, res_id in places
        ]

    def test_nobody_mails_themselves_into_a_conversation(self):
        """Odoo makes messages as superuser for who mails records, by whatever wizard, or hands in an e-mail."""
        conversation, contact = self.everything["whatsapp.conversation"], self.everything["whatsapp.contact"]
        customer = self.env["res.partner"].create({"name": NAME, "email": "maria@example.com"})
        contact.partner_id = customer
        places = [("discuss.channel", self.channel.id), (conversation._name, conversation.id)]
        failures = self.env["whatsapp.job.failure"].search_count([])
        before = self.get_all_said()
        for kind in ("internal", "other", "reader"):
            self.log_in(kind)
            template = self.env["mail.template"].create(
                {"name": "Mine", "model_id": self.env["ir.model"]._get_id("res.users"), "body_html": "<p>x</p>"}
            )
            mine = self.users[kind]
            for model, res_id in places:
                name = {"author_id": customer.id, "email_from": "maria@example.com", "body": "I want it for nothing"}
                mail = {"composition_mode": "mass_mail", "model": model, "res_ids": f"[{res_id}]", "subject": "x"}
                composer = self.call("mail.compose.message", "create", {**mail, **name})
                self.assertRefused(self.call("mail.compose.message", "action_send_mail", [int(composer)]))
                mail = {**name, "model": model, "res_id": res_id, "message_type": "comment"}
                self.assertRefused(self.call("mail.template", "send_mail", template.ids, mine.id, email_values=mail))
                text = (
                    f"From: María <maria@example.com>\nTo: x@example.com\nSubject: x\nMessage-Id: <{kind}{model}@x>\n"
                    "Content-Type: text/plain\n\nI want it for nothing"
                )
                self.assertIn("ValueError", self.call("mail.thread", "message_process", model, text, thread_id=res_id))
            made = {"contact_id": contact.id, "sender_id": self.sender.id, "user_id": mine.id, "stage": "closed"}
            for model, values in ((conversation._name, made), ("whatsapp.job.failure", {"job": "send"})):
                text = text.replace(".conversation@", ".new@").replace("@x>", f"{model}@x>")
                answer = self.call("mail.thread", "message_process", model, text, custom_values=values)
                self.assertIn("ValueError", answer)
            self.assertEqual(self.get_all_said(), before, kind)
        self.assertEqual(self.env["whatsapp.job.failure"].search_count([]), failures)
        self.assertEqual(self.env["whatsapp.conversation"].search([("contact_id", "=", contact.id)]), conversation)

    def test_reader_who_follows_a_conversation_says_nothing_in_it(self):
        """Odoo lets followers post on what they may only read."""
        conversation = self.everything["whatsapp.conversation"]
        contact = self.everything["whatsapp.contact"]
        contact.partner_id = self.env["res.partner"].create({"name": NAME})
        self.log_in("reader")
        me = self.users["reader"].partner_id
        self.call(conversation._name, "message_subscribe", conversation.ids, me.ids)
        before = self.get_all_said()
        for author in (me, contact.partner_id):
            values = {"body": "x", "author_id": author.id}
            self.assertRefused(
                self.call(conversation._name, "message_post", conversation.ids, message_type="comment", **values)
            )
            where = {"model": conversation._name, "res_id": conversation.id}
            self.assertRefused(self.call("mail.message", "create", {**where, **values}))
        self.assertEqual(self.get_all_said(), before)
        self.log_in("owner")
        note = {"body": "He called.", "message_type": "comment"}
        self.assertRefused(
            self.call(conversation._name, "message_post", conversation.ids, author_id=contact.partner_id.id, **note)
        )
        self.call(conversation._name, "message_post", conversation.ids, **note)
        self.assertEqual(len(self.get_all_said()[1]), len(before[1]) + 1, "who may write takes notes")

    def test_file_that_one_may_not_read_is_not_sent(self):
        secret = self.env["ir.attachment"].create(
            {"name": "salaries.pdf", "raw": b"%PDF-", "res_model": "res.company", "res_id": self.other_company.id}
        )
        self.log_in("owner")
        values = {"body": "x", "message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        self.assertRefused(
            self.call("discuss.channel", "message_post", self.channel.ids, attachment_ids=secret.ids, **values)
        )
        self.assertNothingChanged()
