import ast
import re
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from lxml import etree
from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..lib.clock import utcnow
from .common import CUSTOMER
from .test_thread import ThreadCase

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
OTHER = "whatsapp:+593987111222"


def get_specification(arch):
    """What the web client asks of each record of a view."""
    names = {node.get("name") for node in etree.fromstring(arch).iter("field")}
    return {name: {"fields": {"display_name": {}}} if name in ("user_id", "partner_id") else {} for name in names}


class InboxCase(ThreadCase):
    def get_filter(self, name):
        """The conversations that a filter of the search view shows."""
        view = self.env["whatsapp.conversation"].get_view(view_type="search")["arch"]
        domain = etree.fromstring(view).find(f".//filter[@name='{name}']").get("domain")
        tree = ast.parse(domain, mode="eval")
        domain = eval(compile(tree, "domain", "eval"), {"uid": self.env.uid})
        return self.env["whatsapp.conversation"].search([*domain, ("sender_id", "=", self.sender.id)])

    def find(self, text, field="customer_name"):
        """The conversations that the search box finds."""
        view = self.env["whatsapp.conversation"].get_view(view_type="search")["arch"]
        domain = etree.fromstring(view).find(f".//field[@name='{field}']").get("filter_domain")
        domain = eval(domain, {"self": text}) if domain else [(field, "ilike", text)]
        return self.env["whatsapp.conversation"].search([*domain, ("sender_id", "=", self.sender.id)])

    def read_kanban(self, user=None):
        """The groups of the kanban as the web client asks for them."""
        conversations = self.env["whatsapp.conversation"].with_user(user or self.env.user)
        arch = conversations.get_view(self.env.ref("colineal_whatsapp_crm.whatsapp_conversation_view_kanban").id)
        return conversations.with_context(read_group_expand=True).web_read_group(
            [("sender_id", "=", self.sender.id)],
            ["stage"],
            auto_unfold=True,
            unfold_read_specification=get_specification(arch["arch"]),
            unfold_read_default_limit=40,
        )["groups"]

    def get_column(self, field):
        """A column of who waits, as a salesperson of the company gets it."""
        conversations = self.env["whatsapp.conversation"].with_user(self.seller)
        view = self.env.ref("colineal_whatsapp_crm.whatsapp_conversation_view_list_waiting")
        return etree.fromstring(conversations.get_view(view.id, "list")["arch"]).find(f".//field[@name='{field}']")

    def get_card(self, user=None):
        """The only card of the kanban."""
        cards = [card for group in self.read_kanban(user) for card in group.get("__records", ())]
        self.assertEqual(len(cards), 1)
        return SimpleNamespace(**cards[0])


@tagged("post_install", "-at_install")
class TestInbox(InboxCase):
    def test_filters_that_screens_begin_with_exist(self):
        actions = self.env["ir.actions.act_window"].search([("res_model", "like", "whatsapp.%")])
        begun = 0
        for action in actions:
            names = set(re.findall(r"search_default_(\w+)", action.context or ""))
            view = self.env[action.res_model].get_view(action.search_view_id.id or None, "search")["arch"]
            known = {node.get("name") for node in etree.fromstring(view).iter("filter", "field")}
            self.assertLessEqual(names, known, action.name)
            begun += len(names)
        self.assertGreater(begun, 2)

    def test_every_stage_has_its_column_and_closed_and_empty_ones_are_folded(self):
        self.customer("Hola")
        self.get_conversation().action_close()
        self.customer("Busco sofás")
        groups = {group["stage"]: group for group in self.read_kanban()}
        self.assertEqual(list(groups), ["new", "gathering", "ready", "lead", "support", "person", "closed"])
        self.assertEqual([name for name, group in groups.items() if "__records" in group], ["gathering"])
        self.assertEqual([len(group.get("__records", ())) for group in groups.values()], [0, 1, 0, 0, 0, 0, 0])

    def test_card_has_the_last_words(self):
        self.customer("Soy Rita Paz, busco sofás")
        card = self.get_card()
        self.assertEqual((card.title, card.initials), ("Rita Paz", "RP"))
        self.assertEqual(card.last_author, "assistant")
        self.assertIn("presupuesto", card.last_words)
        self.say("Ya te   atiendo")
        card = self.get_card()
        self.assertEqual((card.last_author, card.last_words), ("person", "Ya te atiendo"))

    def test_card_and_thread_say_which_of_several_numbers_it_is(self):
        senders = self.env["whatsapp.sender"]
        (senders.search([("company_id", "=", self.sender.company_id.id)]) - self.sender).active = False
        self.customer("Busco sofás")
        channel = self.get_conversation()._get_channel()
        self.assertFalse(self.get_card(self.seller).sender_label)
        self.assertFalse(channel._get_whatsapp_state()["sender"])
        self.assertEqual(self.get_column("sender_id").get("optional"), "hide")
        second = senders.create({"name": "Outlet", "number": "+593999000333"})
        self.env.invalidate_all()
        self.assertEqual(self.get_card(self.seller).sender_label, self.sender.name)
        self.assertEqual(channel._get_whatsapp_state()["sender"], self.sender.name)
        self.assertEqual(self.get_column("sender_id").get("optional"), "show")
        second.active = False
        self.env.invalidate_all()
        self.assertFalse(self.get_card(self.seller).sender_label)
        # What was written to a number that is none of ours any more.
        second.active, self.sender.active = True, False
        self.env.invalidate_all()
        self.assertEqual(self.get_card(self.seller).sender_label, self.sender.name)
        self.assertEqual(self.find(self.sender.name, "sender_id"), self.get_conversation())

    def test_voice_note_is_shown_as_such(self):
        self.receive(
            "", MessageType="audio", NumMedia="1", MediaContentType0="audio/ogg", MediaUrl0="https://x.example"
        )
        self.work()
        self.say("Ya te escucho", self.get_conversation().user_id)
        self.receive(
            "", MessageType="audio", NumMedia="1", MediaContentType0="audio/ogg", MediaUrl0="https://x.example"
        )
        self.work()
        card = self.get_card()
        self.assertEqual((card.last_author, card.last_words), ("customer", "Voice note"))
        self.get_conversation().line_ids[-1].transcript = "Quiero una cama"
        self.env.invalidate_all()
        self.assertEqual(self.get_card().last_words, "Voice note: Quiero una cama")

    def test_who_is_nobody_yet_has_the_number(self):
        self.customer("Hola", ProfileName=None)
        card = self.get_card()
        self.assertEqual((card.title, card.initials), ("+593 98 765 4321", ""))

    def test_photo_of_the_partner(self):
        self.env["res.partner"].create({"name": "Rita", "phone": "+593987654321", "image_1920": PIXEL})
        self.customer("Hola")
        self.assertTrue(self.get_card().has_photo)

    def test_unread_for_who_takes_no_part(self):
        self.customer("Busco sofás")
        self.assertEqual(self.get_card(self.boss).unread_count, 0)
        self.say("Ya te atiendo")
        self.customer("Gracias", "¿Hay gris?")
        self.assertEqual(self.get_card(self.boss).unread_count, 2)

    def test_what_the_assistant_says_is_not_unread(self):
        self.customer("Busco sofás")
        channel = self.get_conversation()._get_channel()
        channel._add_members(users=self.seller)
        member = channel.channel_member_ids.filtered(lambda each: each.partner_id == self.seller.partner_id)
        member._mark_as_read(channel.message_ids.ids[0])
        self.env.invalidate_all()
        self.assertEqual(self.get_card(self.seller).unread_count, 0)
        self.assertTrue(self.customer("Me llamo Rosa"), "the assistant answers")
        self.env.invalidate_all()
        self.assertGreater(member.message_unread_counter, 1, "in Discuss all of it is new")
        self.assertEqual(self.get_card(self.seller).unread_count, 1)

    def test_unread_for_a_member_is_what_they_have_not_read(self):
        self.customer("Busco sofás")
        self.say("Ya te atiendo")
        self.work()
        self.customer("Gracias", "¿Hay gris?")
        member = self.get_channel().channel_member_ids
        self.assertEqual(self.get_card(self.seller).unread_count, 2)
        member._mark_as_read(self.get_channel().message_ids.ids[0])
        self.env.invalidate_all()
        self.assertEqual(self.get_card(self.seller).unread_count, 0)
        self.assertEqual(self.get_card(self.boss).unread_count, 2)

    def test_found_by_number_in_any_form(self):
        self.customer("Hola")
        conversation = self.get_conversation()
        for text in (
            "+593987654321",
            "0987654321",
            "098 765 4321",
            "+593 (98) 765-4321",
            "593987654321",
            "00593 98 765 4321",
            "\u202a+593\u00a098 765\u20114321\u202c",
            "tel:+593987654321",
            "https://wa.me/593987654321",
            "4321",
            "765",
        ):
            for field in ("customer_name", "number_search"):
                with self.subTest(text, field=field):
                    self.assertEqual(self.find(text, field), conversation)
        for text in ("0987654322", "21", "María 4321", "+1 987654321"):
            self.assertFalse(self.find(text, "number_search"), text)

    def test_found_by_name_words_and_product(self):
        self.customer("Soy Rita, busco sofás de esquina")
        conversation = self.get_conversation()
        self.assertEqual(self.find("rita"), conversation)
        self.assertEqual(self.find("maría jo"), conversation, "the name on WhatsApp")
        self.assertEqual(self.find("de esquina", "line_ids"), conversation)
        self.assertEqual(self.find("sof", "product_interest"), conversation)
        self.assertFalse(self.find("cama", "line_ids"))
        conversation.line_ids[0].transcript = "una cama grande"
        self.assertEqual(self.find("cama", "line_ids"), conversation)

    def test_unanswered(self):
        self.receive("Busco sofás")
        with self.as_worker() as env:
            env["whatsapp.worker"]._route_messages()
        conversation = self.get_conversation()
        self.assertEqual(self.get_filter("unanswered"), conversation)
        self.work()
        self.assertFalse(self.get_filter("unanswered"), "the assistant answered")
        self.say("Ya te atiendo")
        self.customer("Gracias")
        first = conversation.waiting_since
        self.assertEqual(self.get_filter("unanswered"), conversation)
        self.customer("¿Hay gris?")
        self.assertEqual(conversation.waiting_since, first, "the wait counts from the first unanswered message")
        self.say("Sí")
        self.assertFalse(self.get_filter("unanswered"))

    def test_unanswered_when_the_answer_was_dropped(self):
        self.receive("Busco sofás")
        self.read_only()
        conversation = self.get_conversation()
        self.assertFalse(self.get_filter("unanswered"))
        conversation.with_user(self.seller).action_take_over()
        self.work()
        self.assertEqual(self.get_filter("unanswered"), conversation)
        self.assertEqual(self.get_card().last_words, "Busco sofás")

    def test_filters_of_the_first_day(self):
        self.customer("Soy María, necesito un sofá urgente para hoy")
        conversation = self.get_conversation()
        self.assertFalse(self.get_filter("hot_alone"), "somebody was rung")
        conversation.lead_id.user_id = conversation.user_id = False
        self.assertEqual(self.get_filter("hot_alone"), conversation)
        self.assertEqual(self.get_filter("unassigned"), conversation)
        self.assertFalse(self.get_filter("window_closing"))
        conversation.last_inbound_at = utcnow() - timedelta(hours=22, minutes=30)
        self.assertEqual(self.get_filter("window_closing"), conversation)
        conversation.last_inbound_at = utcnow() - timedelta(hours=24, minutes=1)
        self.assertFalse(self.get_filter("window_closing"))
        conversation.user_id = self.env.user
        self.assertEqual(self.get_filter("mine"), conversation)
        self.assertFalse(self.get_filter("hot_alone") | self.get_filter("unassigned"))

    def test_who_waits_longest_comes_first(self):
        for address in (CUSTOMER, OTHER):
            self.receive("Hola", customer=address)
            self.work()
            self.get_conversation(address).with_user(self.seller).action_take_over()
            self.receive("¿Hola?", customer=address)
            self.work()
        self.get_conversation(OTHER).waiting_since = utcnow() - timedelta(hours=3)
        view = self.env.ref("colineal_whatsapp_crm.whatsapp_conversation_view_list_waiting")
        arch = self.env["whatsapp.conversation"].get_view(view.id)["arch"]
        order = etree.fromstring(arch).get("default_order")
        found = self.env["whatsapp.conversation"].search([("sender_id", "=", self.sender.id)], order=order)
        self.assertEqual(found, self.get_conversation(OTHER) + self.get_conversation())

    def fill(self, first, last):
        self.env.cr.execute(
            """WITH contact AS (
                   INSERT INTO whatsapp_contact (address, phone, profile_name, company_id, create_date)
                   SELECT 'whatsapp:+1555' || n, '+1555' || n, 'Customer ' || n, %(company)s, now()
                     FROM generate_series(%(first)s, %(last)s) n RETURNING id),
               conversation AS (
                   INSERT INTO whatsapp_conversation
                          (contact_id, sender_id, company_id, stage, create_date, last_message_at, quality)
                   SELECT id, %(sender)s, %(company)s, (ARRAY['new', 'gathering', 'lead', 'person'])[1 + id %% 4], now(),
                          now(), 'warm'
                     FROM contact RETURNING id)
               INSERT INTO whatsapp_conversation_message
                      (conversation_id, sender_id, direction, author, address, sid, body, kind, state, create_date)
               SELECT id, %(sender)s, 'inbound', 'customer', 'whatsapp:+1555', 'SM' || id || '-' || n, 'Hola', 'text',
                      'handled', now() FROM conversation, generate_series(1, 4) n""",
            {
                "first": first,
                "last": last,
                "sender": self.sender.id,
                "company": self.sender.company_id.id,
            },
        )
        self.env.cr.execute("ANALYZE whatsapp_conversation, whatsapp_conversation_message, whatsapp_contact")

    def give_partners(self, count):
        """Partners with photos for the customers, salespeople for some and something to do."""
        partners = self.env["res.partner"].create([{"name": f"Partner {n}", "image_1920": PIXEL} for n in range(count)])
        conversations = self.env["whatsapp.conversation"].search([("sender_id", "=", self.sender.id)], limit=count)
        for conversation, partner in zip(conversations, partners, strict=True):
            conversation.contact_id.partner_id = partner
        conversations[: count // 2].user_id = self.seller
        for conversation in conversations[: count // 4]:
            conversation.activity_schedule("mail.mail_activity_data_todo", user_id=self.seller.id)

    def count_queries(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        groups = self.read_kanban(self.boss)
        return self.env.cr.sql_log_count - before, sum(len(group.get("__records", ())) for group in groups)

    def test_queries_do_not_grow_with_the_conversations(self):
        self.fill(1_000_001, 1_000_020)
        self.give_partners(20)
        self.count_queries()
        few, cards = self.count_queries()
        self.assertEqual(cards, 20)
        self.fill(2_000_001, 2_001_980)
        self.give_partners(160)
        many, cards = self.count_queries()
        self.assertEqual(cards, 4 * 40)
        self.assertEqual(many, few)


@tagged("post_install", "-at_install")
class TestTruth(InboxCase):
    """What the screens say is so: why somebody waits, what did not arrive, who has it, and that it is a customer."""

    def test_who_waits_is_shown_with_their_own_words_and_why(self):
        self.customer("Busco sofás", "Quiero hablar con una persona")
        conversation = self.get_conversation()
        self.assertEqual(conversation.last_author, "assistant")
        self.assertEqual(conversation.customer_words, "Quiero hablar con una persona")
        self.assertEqual(conversation.waiting_reason, "Asked for a person")
        self.say("Ya te atiendo", conversation.user_id)
        self.work()
        self.assertFalse(conversation.waiting_reason)
        self.customer("Gracias", "¿Hay gris?")
        self.assertEqual(
            (conversation.customer_words, conversation.waiting_reason), ("¿Hay gris?", "Wrote again to a colleague")
        )
        for view in ("list", "kanban"):
            view = self.env.ref(f"colineal_whatsapp_crm.whatsapp_conversation_view_{view}_waiting")
            names = get_specification(self.env["whatsapp.conversation"].get_view(view.id)["arch"])
            self.assertLessEqual({"customer_words", "waiting_reason", "waiting_since"}, names.keys())
            self.assertNotIn("last_words", names)

    def fail_to_deliver(self, line):
        line.write({"state": "sending"})
        line._move_to("failed", error_code="63016", error="no")
        self.env.flush_all()

    def test_what_did_not_arrive_is_marked_until_something_is_written_again(self):
        self.receive("Busco sofás")
        self.read_only()
        conversation = self.get_conversation()
        self.assertFalse(self.get_filter("not_delivered"))
        self.fail_to_deliver(conversation.line_ids[-1])
        self.assertEqual(self.get_filter("not_delivered"), conversation)
        self.assertIn("template", conversation.failure)
        self.assertTrue(self.get_card().failure)
        self.assertEqual(conversation.status, "Not delivered")
        self.assertEqual(conversation.waiting_reason, "Our answer did not arrive", "and so the customer waits")
        conversation.line_ids[-1].action_retry()
        self.assertFalse(self.get_filter("not_delivered") or conversation.waiting_since, "it is under way again")
        self.fail_to_deliver(conversation.line_ids[-1])
        self.customer("¿Hola?")
        self.assertFalse(self.get_filter("not_delivered"), "the assistant has answered since")

    def test_what_a_colleague_wrote_and_did_not_arrive_is_theirs_to_see(self):
        self.customer("Busco sofás")
        self.say("Te paso la cotización")
        conversation = self.get_conversation()
        self.fail_to_deliver(conversation.line_ids[-1])
        conversation.with_user(self.seller).action_hand_back()
        self.customer("Soy María")
        self.assertEqual(self.get_filter("not_delivered"), conversation, "the assistant's answer is another")
        self.say("Aquí va otra vez")
        self.assertFalse(self.get_filter("not_delivered"))

    def test_who_wants_no_messages_waits_for_none(self):
        self.receive("Busco sofás")
        self.read_only()
        conversation = self.get_conversation()
        conversation.line_ids[-1].write({"state": "sending"})
        conversation.line_ids[-1]._move_to("failed", error_code="21610", error="no")
        self.assertTrue(conversation.opted_out)
        self.assertFalse(conversation.waiting_since)

    def test_who_turns_out_to_want_no_messages_does_not_wait_where_it_goes_on(self):
        self.receive("Busco sofás")
        self.read_only()
        conversation = self.get_conversation()
        conversation.action_close()
        conversation.line_ids[-1].write({"state": "sending"})
        conversation.line_ids[-1]._move_to("failed", error_code="21610", error="no")
        conversation.action_reopen()
        self.assertEqual((conversation.status, conversation.waiting_since), ("Wants no messages", False))

    def test_what_failed_in_a_closed_conversation_is_under_way_again(self):
        self.customer("Busco sofás")
        first = self.get_conversation()
        first.action_close()
        self.customer("Hola")
        second = self.get_conversation()
        self.fail_to_deliver(first.line_ids[-1])
        self.assertIn(second, self.get_filter("not_delivered"), "where people look")
        first.line_ids[-1].action_retry()
        self.assertFalse(self.get_filter("not_delivered"))

    def test_closed_conversation_goes_on(self):
        self.customer("Soy María, busco sofás")
        conversation = self.get_conversation()
        self.get_channel()
        conversation.action_close()
        conversation.last_message_at = utcnow() - timedelta(days=400)
        self.assertFalse(conversation.with_user(self.seller).action_reopen())
        self.assertEqual(conversation.stage, "ready")
        self.customer("¿Siguen ahí?")
        self.assertEqual(self.get_conversation(), conversation, "the customer's next message goes on with it")
        self.assertEqual(conversation.line_ids[-2].body, "¿Siguen ahí?")

    def test_reopening_leads_to_the_open_one(self):
        self.customer("Busco sofás")
        first = self.get_conversation()
        first.action_close()
        self.customer("Hola")
        second = self.get_conversation()
        self.assertNotEqual(first, second)
        self.assertEqual(first.with_user(self.seller).action_reopen()["res_id"], second.id)
        self.assertEqual(first.stage, "closed")
        second.user_id = self.boss
        first.user_id = self.seller
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "colleague"):
            first.with_user(self.seller).action_reopen()

    def test_nothing_is_reopened_that_was_erased(self):
        self.customer("Busco sofás")
        conversation = self.get_conversation()
        conversation.action_close()
        conversation.words_erased_at = utcnow()
        with self.assertRaisesRegex(UserError, "erased"):
            conversation.with_user(self.seller).action_reopen()

    def test_who_does_not_buy_is_no_cold_customer(self):
        for text, status, step in (
            ("Quiero hablar con una persona", "Waits for", "Asked for a person"),
            ("Mi pedido llegó roto, quiero hacer un reclamo", "Waits for", "Support"),
            ("BAJA", "Wants no messages", "does not want messages"),
        ):
            with self.subTest(text):
                address = f"whatsapp:+59398711{len(text):04}"
                self.customer("Hola", text, customer=address)
                conversation = self.get_conversation(address)
                self.assertFalse(conversation.quality)
                self.assertIn(status, conversation.status)
                self.assertIn(step, conversation.next_step)
                self.assertEqual(conversation._get_last_step(), conversation.next_step)
                self.assertNotIn(conversation, self.get_filter("cold"))

    def test_quality_comes_back_with_the_assistant_and_stays_where_something_is_wanted(self):
        self.customer("Hola", "Quiero hablar con una persona")
        conversation = self.get_conversation()
        self.say("Hola", conversation.user_id)
        self.work()
        self.assertIn("With", conversation.status)
        conversation.action_hand_back()
        self.assertEqual((conversation.quality, conversation.status), ("cold", "New"))
        self.customer("Busco sofás", "Quiero hablar con una persona")
        self.assertEqual(conversation.quality, "warm")

    def test_activity_menu_opens_mine_today_and_late(self):
        self.customer("Busco sofás", "Quiero hablar con una persona")
        conversation = self.get_conversation()
        conversation.activity_ids.unlink()
        view = self.env["whatsapp.conversation"].get_view(view_type="search")["arch"]
        filters = {node.get("name"): node.get("domain") for node in etree.fromstring(view).iter("filter")}
        mine = self.env["whatsapp.conversation"].with_user(self.seller)
        conversation.user_id = self.seller
        for days, name in ((-1, "activities_overdue"), (0, "activities_today"), (1, "activities_upcoming_all")):
            deadline = fields.Date.context_today(mine) + timedelta(days=days)
            activity = conversation.activity_schedule(
                "mail.mail_activity_data_todo", date_deadline=deadline, user_id=self.seller.id
            )
            self.env.flush_all()
            found = {
                each
                for each in ("activities_overdue", "activities_today", "activities_upcoming_all")
                if mine.search(ast.literal_eval(filters[each]))
            }
            self.assertEqual(found, {name})
            theirs = ast.literal_eval(filters["filter_activities_my"].replace("uid", str(self.seller.id)))
            self.assertEqual(mine.search(theirs), conversation)
            activity.unlink()


@tagged("post_install", "-at_install")
class TestSimulated(InboxCase):
    """What the simulator made is found nowhere else, and there as ever."""

    def test_found_nowhere_but_in_the_simulator(self):
        simulator = self.env["whatsapp.simulator"].with_user(self.boss)
        view = simulator.begin(self.assistant.id)
        conversation = self.env["whatsapp.conversation"].browse(view["conversation_id"])
        sender = conversation.sender_id
        line = self.env["whatsapp.conversation.message"].create(
            {
                "conversation_id": conversation.id,
                "sender_id": sender.id,
                "direction": "inbound",
                "author": "customer",
                "state": "received",
                "address": conversation.contact_id.address,
                "body": "Soy Ana, busco un sofá",
            }
        )
        turn = self.env["whatsapp.classification"].create(
            {"conversation_id": conversation.id, "provider": "rules", "quality": "cold", "action": "create_lead"}
        )
        handover = self.env["whatsapp.handover"].create(
            {"conversation_id": conversation.id, "reason": "human", "called_at": utcnow()}
        )
        self.env.flush_all()
        for records in (conversation, line, turn, handover, conversation.contact_id):
            records = records.with_user(self.boss)
            with self.subTest(records._name):
                self.assertFalse(records.search([("id", "in", records.ids)]))
                self.assertFalse(records.search_count([("id", "in", records.ids)]))
                self.assertEqual(records._read_group([("id", "in", records.ids)], [], ["__count"]), [(0,)])
                self.assertFalse(records.name_search("", [("id", "in", records.ids)]))
                self.assertTrue(records.has_access("read") and records.read(["display_name"]), "by its id it is read")
                self.assertTrue(records.with_context(active_test=False).search([("id", "in", records.ids)]))
        asked = conversation.with_user(self.boss).search([("is_simulated", "=", True)])
        self.assertIn(conversation, asked)
        self.assertEqual(simulator.look(self.assistant.id)["conversation_id"], conversation.id)

    def test_no_button_counts_it(self):
        simulator = self.env["whatsapp.simulator"].with_user(self.boss)
        conversation = self.env["whatsapp.conversation"].browse(simulator.begin(self.assistant.id)["conversation_id"])
        lead = self.env["crm.lead"].create({"name": "Sofá", "type": "opportunity"})
        partner = self.env["res.partner"].create({"name": "Ana"})
        conversation.lead_id = lead
        conversation.contact_id.partner_id = partner
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(lead.with_user(self.boss).whatsapp_conversation_count, 0)
        self.assertEqual(partner.with_user(self.boss).whatsapp_conversation_count, 0)
        self.assertEqual(partner.with_user(self.boss).action_view_whatsapp_conversations().get("res_id", 0), 0)


@tagged("post_install", "-at_install")
class TestPanel(InboxCase):
    def test_evidence_is_the_customers_own_words(self):
        self.customer("Soy Rita, busco sofás")
        conversation = self.get_conversation()
        evidence = conversation.evidence["name"]
        self.assertIn("Rita", evidence["quote"])
        self.assertEqual(evidence["source"], "rule")
        self.assertGreater(evidence["confidence"], 0.5)
        conversation.with_user(self.seller).customer_name = "Rita Paz"
        self.assertEqual(conversation.evidence["name"]["source"], "person")

    def test_reasons_are_words_that_weigh(self):
        self.customer("Soy Rita, busco una mesa")
        self.customer("Mi presupuesto: máximo 400 dólares")
        conversation = self.get_conversation()
        conversation.user_id = self.seller
        conversation = conversation.with_user(self.seller)
        self.assertIn("says “máximo” before “400 dólares”", conversation.evidence["budget"]["reasons"])
        self.assertIn("says “busco” before “mesa”", conversation.evidence["products"]["reasons"])
        self.env["res.lang"]._activate_lang("es_EC")
        spanish = conversation.with_context(lang="es_EC")
        self.assertIn("dice «máximo» antes de «400 dólares»", spanish.evidence["budget"]["reasons"])
        conversation.budget_max = 500
        self.assertFalse(conversation.evidence["budget"]["reasons"])

    def test_next_step(self):
        self.customer("Busco sofás")
        conversation = self.get_conversation()
        self.assertIn("Ask for the name", conversation.next_step)
        self.assertIn("a lead is made", conversation.next_step)
        conversation.with_user(self.seller).action_take_over()
        self.assertIn("a person answers", conversation.next_step)
        conversation.action_close()
        self.assertIn("new conversation", conversation.next_step)

    def test_lead_is_brought_up_to_date_next(self):
        self.customer("Soy María, necesito un sofá urgente para hoy")
        self.assertIn("goes to the lead", self.get_conversation().next_step)

    def test_earlier_conversations(self):
        self.customer("Busco sofás")
        first = self.get_conversation()
        self.assertFalse(first.other_count)
        first.action_close()
        self.customer("Hola")
        self.assertEqual(self.get_conversation().other_count, 1)
        self.assertEqual(self.get_conversation().action_view_others()["res_id"], first.id)


@tagged("post_install", "-at_install")
class TestLive(InboxCase):
    def told(self, user, do):
        """Whether an open screen of the user is told of the conversation while `do` runs."""
        request = SimpleNamespace(session=SimpleNamespace(uid=user.id))
        module = "odoo.addons.bus.models.ir_websocket"
        with patch(f"{module}.request", request), patch(f"{module}.wsrequest", request):
            listened = set(self.env(user=user)["ir.websocket"]._build_bus_channel_list(["whatsapp_conversations"]))
        self.env.cr.precommit.run()
        with patch.object(type(self.env["bus.bus"]), "_sendone") as send:
            do()
            self.env.cr.precommit.run()
        sent = [call.args for call in send.call_args_list if call.args[1] == "whatsapp.conversation/changed"]
        ids = [ids for channel, _type, payload in sent if channel in listened for ids in payload["ids"]]
        return self.get_conversation().id in ids

    def test_who_may_see_it_is_told(self):
        self.customer("Busco sofás")
        conversation = self.get_conversation()
        stranger = new_test_user(self.env, "live-stranger", "sales_team.group_sale_salesman")
        clerk = new_test_user(self.env, "live-clerk", "base.group_user")
        other = self.env["res.company"].create({"name": "Other"})
        foreigner = new_test_user(
            self.env, "live-other", "sales_team.group_sale_manager", company_id=other.id, company_ids=other.ids
        )

        def change():
            conversation.stage = "ready" if conversation.stage == "gathering" else "gathering"

        for user, expected in ((self.seller, True), (stranger, True), (self.boss, True)):
            self.assertEqual(self.told(user, change), expected, user.name)
        conversation.user_id = self.seller
        for user, expected in ((self.seller, True), (stranger, False), (self.boss, True)):
            self.assertEqual(self.told(user, change), expected, user.name)
        for user in (clerk, foreigner):
            self.assertFalse(self.told(user, change), user.name)

    def test_who_loses_it_is_told(self):
        self.customer("Busco sofás")
        conversation = self.get_conversation()
        stranger = new_test_user(self.env, "live-stranger", "sales_team.group_sale_salesman")
        self.assertTrue(self.told(stranger, lambda: conversation.write({"user_id": self.seller.id})))

    def test_leases_are_nobodys_business(self):
        self.customer("Busco sofás")
        self.assertFalse(self.told(self.boss, lambda: self.get_conversation().write({"leased_until": utcnow()})))


@tagged("post_install", "-at_install")
class TestWays(InboxCase):
    def buy_sofa(self, **parameters):
        self.customer("Soy María, necesito un sofá de 3 puestos", "Mi presupuesto es $2000", **parameters)
        return self.get_conversation(parameters.get("customer", CUSTOMER)).lead_id

    def test_lead_has_the_thread_for_who_may_see_it(self):
        lead = self.buy_sofa()
        conversation = self.get_conversation()
        self.assertEqual(lead.with_user(self.boss).whatsapp_channel_id, conversation.channel_id)
        conversation.user_id = self.boss
        self.env.invalidate_all()
        self.assertFalse(lead.with_user(self.seller).whatsapp_channel_id)

    def test_merged_leads_keep_their_conversations(self):
        first = self.buy_sofa()
        second = self.buy_sofa(customer=OTHER)
        conversations = first.whatsapp_conversation_ids | second.whatsapp_conversation_ids
        merged = (first | second).with_user(self.boss).merge_opportunity()
        self.assertEqual(merged.sudo().whatsapp_conversation_ids, conversations)
        self.assertEqual(merged.whatsapp_conversation_count, 2)
        self.assertEqual((merged.x_source, merged.x_product_interest), ("WhatsApp", "sofá"))

    def test_merging_keeps_conversations_the_reader_may_not_see(self):
        first, second = self.buy_sofa(), self.buy_sofa(customer=OTHER)
        self.get_conversation(OTHER).user_id = self.boss
        (first | second).write({"user_id": self.seller.id})
        merged = (first | second).with_user(self.seller).merge_opportunity()
        self.assertEqual(len(merged.sudo().whatsapp_conversation_ids), 2)

    def test_merging_into_a_lead_of_another_channel_keeps_source_and_quality(self):
        lead = self.buy_sofa()
        other = self.env["crm.lead"].create({"name": "Phone call", "type": "opportunity", "probability": 90})
        merged = (lead | other).merge_opportunity()
        self.assertEqual((merged.x_source, merged.x_quality_score), ("WhatsApp", "hot"))

    def test_write_from_lead_and_partner(self):
        lead = self.buy_sofa()
        conversation = self.get_conversation()
        lead.user_id = conversation.user_id = self.seller
        self.assertEqual(lead.with_user(self.seller).action_write_on_whatsapp()["res_id"], conversation.id)
        partner = self.env["res.partner"].create({"name": "María", "phone": "+593 98 765 4321"})
        self.assertEqual(partner.with_user(self.seller).action_write_on_whatsapp()["res_id"], conversation.id)
        by_hand = self.env["crm.lead"].create({"name": "By hand", "phone": "+593 98 765 4321"})
        self.assertEqual(by_hand.action_write_on_whatsapp()["res_id"], conversation.id)

    def test_who_has_not_written_must_write_first(self):
        partner = self.env["res.partner"].create({"name": "Luis", "phone": "+593 98 000 0000"})
        with self.assertRaisesRegex(UserError, "has not written"):
            partner.with_user(self.seller).action_write_on_whatsapp()
        with self.assertRaisesRegex(UserError, "has not written"):
            self.env["crm.lead"].create({"name": "No number"}).action_write_on_whatsapp()

    def test_number_that_reaches_nobody_is_not_named(self):
        partner = self.env["res.partner"].create({"name": "Luis", "phone": "+593 98 000 0000"})
        with self.assertRaisesRegex(UserError, "write to your WhatsApp number first"):
            partner.action_write_on_whatsapp()
        live = self.sender.copy({"name": "Live", "number": "+593999000333"})
        live.write({"account_sid": "AC" + "5" * 32, "auth_token": "secret"})
        live.signature_seen_at = utcnow()
        self.assertEqual(live.mode, "live")
        with self.assertRaisesRegex(UserError, "write to [+]593 99 900 0333 first"):
            partner.action_write_on_whatsapp()

    def test_colleague_who_has_the_customer_is_named(self):
        self.buy_sofa()
        self.get_conversation().user_id = self.boss
        lead = self.env["crm.lead"].create({"name": "By hand", "phone": "+593 98 765 4321", "user_id": self.seller.id})
        with self.assertRaisesRegex(UserError, "^thread-boss .* looks after"):
            lead.with_user(self.seller).action_write_on_whatsapp()

    def test_partner_counts_the_conversations_the_reader_may_see(self):
        partner = self.env["res.partner"].create({"name": "María", "phone": "+593 98 765 4321"})
        self.customer("Busco sofás")
        self.get_conversation().action_close()
        self.customer("Hola")
        self.assertEqual(partner.with_user(self.seller).whatsapp_conversation_count, 2)
        self.assertEqual(
            self.env["whatsapp.conversation"].search_count(
                partner.with_user(self.seller).action_view_whatsapp_conversations()["domain"]
            ),
            2,
        )
        self.get_conversation().user_id = self.boss
        self.env.invalidate_all()
        self.assertEqual(partner.with_user(self.seller).whatsapp_conversation_count, 1)
