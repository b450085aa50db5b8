"""Every kind of message that WhatsApp has: stored as it came, shown as what it is, understood where it means something."""

import json
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..gateway import media
from ..gateway.inbound import list_ordered
from ..gateway.vcard import read_cards
from ..lib.clock import utcnow
from ..understanding import Media
from .common import CUSTOMER
from .test_media import FETCH, VOICE
from .test_thread import ThreadCase

CARD = """BEGIN:VCARD
VERSION:3.0
N:Pérez;Juan;;;
FN:Juan Pérez
ORG:Muebles Pérez;Ventas
PHOTO;BASE64:AAAA
 BBBB
item1.TEL;waid=593991112233:+593 99 111 2233
item1.X-ABLabel:Móvil
EMAIL;type=WORK:juan@example.com
END:VCARD
"""
CONTACTS = {**VOICE, "MessageType": "contacts", "MediaContentType0": "text/vcard"}
QUITO = {"MessageType": "location", "Latitude": "-0.1900", "Longitude": "-78.4800"}
OCEAN = {"MessageType": "location", "Latitude": "-30.5", "Longitude": "-120.25"}


class KindsCase(ThreadCase):
    def setUp(self):
        super().setUp()
        self.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "secret"})
        self.startPatcher(patch("odoo.addons.colineal_whatsapp_crm.gateway.delivery.send", return_value=None))
        self.file = CARD.encode()
        self.startPatcher(patch(FETCH, side_effect=lambda _credentials, _url, kind: Media(kind, self.file)))
        self.startPatcher(
            patch("odoo.addons.colineal_whatsapp_crm.models.message.media._PATIENCE", timedelta(minutes=5))
        )  # however busy the machine is, a turn waits for a card that comes

    def get_line(self):
        """The customer's last message."""
        return self.get_conversation().line_ids.filtered(lambda line: line.direction == "inbound").sorted("id")[-1]

    def get_shown(self):
        return self.get_line()._get_shown()

    def get_slot(self, name):
        return self.get_conversation()._get_state().slots.get(name)

    def say_sid(self, body, **parameters):
        """The customer writes. Returns the message's row."""
        self.customer(body, **parameters)
        return self.get_line()


@tagged("post_install", "-at_install")
class TestCards(KindsCase):
    def test_card_is_shown_as_a_card_and_becomes_a_contact(self):
        self.customer("", **CONTACTS)
        (card,) = self.get_shown()["cards"]
        self.assertEqual(
            (card["name"], card["organization"], card["phones"], card["emails"], card["own"]),
            ("Juan Pérez", "Muebles Pérez, Ventas", ["+593 99 111 2233"], ["juan@example.com"], False),
        )
        self.assertFalse(self.get_conversation().customer_name, "the card is of somebody else")
        self.assertEqual(self.get_conversation().handover_id.reason, "unheard")
        line = self.get_line().with_user(self.boss)
        self.boss.group_ids |= self.env.ref("base.group_partner_manager")
        self.get_conversation().customer_name = "Ana"
        partner = self.env["res.partner"].browse(line.action_create_contact(0)["res_id"])
        self.assertEqual((partner.name, partner.phone_sanitized), ("Juan Pérez", "+593991112233"))
        self.assertEqual(partner.email, "juan@example.com")
        self.assertEqual(partner.company_name, "Muebles Pérez, Ventas")
        self.assertIn("Ana", partner.message_ids[:1].preview, "by the name that the conversation has")
        self.assertTrue(self.get_shown()["cards"][0]["opened"], "nothing is left to create")
        self.assertEqual(line.action_create_contact(0)["res_id"], partner.id, "nobody is there twice")

    def test_ones_own_card_tells_the_name(self):
        self.file = CARD.replace("593991112233", "593987654321").encode()
        self.customer("Busco un sofá")
        replies = self.customer("", **CONTACTS)
        self.assertTrue(self.get_shown()["cards"][0]["own"])
        slot = self.get_slot("name")
        self.assertEqual((slot.value, slot.source), ("Juan Pérez", "card"))
        self.assertIn("presupuesto", replies[-1].lower(), "the name is not asked for")
        self.assertFalse(self.get_conversation().handover_id)

    def test_card_with_the_customers_name_is_their_own_whatever_its_number(self):
        self.file = CARD.replace("Juan Pérez", "Maria Jose").encode()
        self.customer("Busco un sofá")
        self.customer("", **CONTACTS)
        self.assertTrue(self.get_shown()["cards"][0]["own"])
        self.assertFalse(self.get_conversation().handover_id, "nobody need look at it")

    def test_card_with_half_a_name_may_be_anybodys(self):
        self.file = CARD.replace("Juan Pérez", "María Vélez").encode()
        self.customer("", **CONTACTS)
        self.assertFalse(self.get_shown()["cards"][0]["own"])

    def test_stranger_makes_no_contact(self):
        self.customer("", **CONTACTS)
        line = self.get_line()
        stranger = new_test_user(self.env, "kinds-stranger", "base.group_user,base.group_partner_manager")
        with self.assertRaises(AccessError):
            line.with_user(stranger).action_create_contact(0)
        with self.assertRaises(AccessError):
            line.with_user(new_test_user(self.env, "kinds-seller", "sales_team.group_sale_salesman")).with_context(
                allowed_company_ids=[self.env["res.company"].create({"name": "Other"}).id]
            ).action_create_contact(0)
        for number in (1, -1, "0", None):
            with self.assertRaises(UserError):
                line.action_create_contact(number)

    def test_what_is_no_card_is_only_a_file(self):
        for odd in (
            b"",
            b"\xff\xfe\x00",
            b"BEGIN:VCARD\nEND:VCARD",
            b"BEGIN:VCARD\n" * 9_000,
            b"BEGIN:VCARD\nFN:" + b"a" * 900_000,
            b"BEGIN:VCARD\nTEL" + b";a=b" * 200_000 + b":1\nEND:VCARD",
            b"<html>",
        ):
            self.assertEqual(read_cards(odd), [], odd[:20])
        card = CARD.replace("Juan Pérez", "\u202eJ<b>uan</b>\x07" + "x" * 500)
        (read,) = read_cards(card.encode())
        self.assertEqual(len(read["name"]), 100)
        self.assertRegex(read["name"], r"^[^\u202a-\u202e\x00-\x1f]+$")

    def test_old_and_quoted_cards_are_read(self):
        old = (
            b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;Mar=C3=ADa\r\n"
            b"TEL;CELL:099 111 2233\r\nEND:VCARD"
        )
        self.assertEqual([(card["name"], card["phones"]) for card in read_cards(old)], [("María", ["099 111 2233"])])
        self.assertEqual(len(read_cards(CARD.encode() * 30)), 10)

    def test_cards_of_every_try_are_kept(self):
        late = [media.MediaError("The file did not come: 404")]
        cards = {"1": CARD, "2": CARD.replace("Juan", "Rosa")}

        def fetch(_credentials, url, kind):
            if url.endswith("2") and late:
                raise late.pop()
            return Media(kind, cards[url[-1]].encode())

        with patch(FETCH, side_effect=fetch):
            second = {"MediaUrl1": VOICE["MediaUrl0"][:-1] + "2", "MediaContentType1": "text/vcard"}
            self.customer("", **{**CONTACTS, "NumMedia": "2", **second})
            self.get_line().media_retry_at = utcnow() - timedelta(seconds=1)
            self.work()
        self.assertEqual([card["name"] for card in self.get_shown()["cards"]], ["Juan Pérez", "Rosa Pérez"])

    def test_contact_of_a_card_with_little_on_it(self):
        self.boss.group_ids |= self.env.ref("base.group_partner_manager")
        for card, name in (
            (b"TEL;waid=593991112244:", "+593991112244"),
            (b"EMAIL:Rosa.Perez@Example.com", "Rosa.Perez@Example.com"),
        ):
            self.file = b"BEGIN:VCARD\n%s\nEND:VCARD" % card
            self.customer("", **CONTACTS)
            line = self.get_line().with_user(self.boss)
            partner = self.env["res.partner"].browse(line.action_create_contact(0)["res_id"])
            self.assertEqual(partner.name, name)
            self.assertEqual(line.action_create_contact(0)["res_id"], partner.id, "nobody is there twice")

    def test_erased_card_is_gone(self):
        self.customer("", **CONTACTS)
        line = self.get_line()
        self.get_conversation()._erase_words()
        self.assertFalse(line.cards or line.attachment_ids)


@tagged("post_install", "-at_install")
class TestAboutAnother(KindsCase):
    """What is about a message shows on that message."""

    def get_reactions(self, message):
        return sorted(message.mail_message_id.reaction_ids.mapped("content"))

    def react(self, sign, line):
        self.customer(sign, MessageType="reaction", OriginalRepliedMessageSid=line.sid)

    def test_reaction_is_on_its_message_and_changes_and_goes(self):
        first = self.say_sid("Busco un sofá")
        answer = self.get_conversation().line_ids.filtered(lambda line: line.direction == "outbound")
        answer.sid = "SM" + "a" * 32
        self.get_channel()
        shown = len(self.get_thread())
        self.react("👍", answer)
        self.react("❤️", first)
        self.assertEqual((self.get_reactions(answer), self.get_reactions(first)), (["👍"], ["❤️"]))
        self.assertEqual(answer.mail_message_id.reaction_ids.guest_id, self.get_conversation().contact_id.guest_id)
        self.react("😂", answer)
        self.assertEqual(self.get_reactions(answer), ["😂"], "WhatsApp lets one react once to a message")
        self.react("", answer)
        self.assertEqual(self.get_reactions(answer), [])
        self.assertEqual(len(self.get_thread()), shown, "no lines of their own")

    def test_reactions_before_anybody_looked_are_there_then(self):
        line = self.say_sid("Busco un sofá")
        self.react("👍", line)
        self.react("🎉", line)
        self.get_channel()
        self.assertEqual(self.get_reactions(line), ["🎉"])
        self.assertEqual(len(self.get_thread()), 2)

    def test_reaction_to_what_is_not_here_is_a_line_of_its_own(self):
        self.customer("Hola")
        other = self.receive("Hola", customer="whatsapp:+593987654322")
        self.work()
        self.get_channel()
        self.react("👍", other)
        self.assertEqual(self.get_thread()[-1][1], "👍")
        self.assertFalse(other.mail_message_id.reaction_ids, "another customer's message is not touched")

    def test_colleagues_still_cannot_react(self):
        line = self.say_sid("Hola")
        self.get_channel()
        with self.assertRaises(UserError):
            line.mail_message_id.sudo()._message_reaction("👍", "add", self.seller.partner_id, self.env["mail.guest"])

    def test_deleted_message_is_struck_out_and_stays_readable(self):
        line = self.say_sid("Mi clave es 1234")
        self.get_channel()
        shown = len(self.get_thread())
        self.assertEqual(self.customer("", MessageType="revoke", OriginalRepliedMessageSid=line.sid), [])
        self.assertTrue(line._get_shown()["deleted"])
        self.assertIn("1234", line.mail_message_id.body)
        self.assertEqual(len(self.get_thread()), shown)

    def test_what_is_taken_back_before_it_is_read_is_not_read(self):
        line = self.receive("Busco un sofá")
        self.receive("", MessageType="revoke", OriginalRepliedMessageSid=line.sid)
        self.work()
        self.assertFalse(self.get_conversation().product_interest)
        self.assertEqual(line.state, "handled")

    def test_correction_shows_on_its_message_and_is_understood(self):
        line = self.say_sid("Busco un sofá")
        self.get_channel()
        shown = len(self.get_thread())
        self.customer("Busco una mesa de centro, no un sofá", MessageType="edit", OriginalRepliedMessageSid=line.sid)
        self.assertEqual(line.body, "Busco una mesa de centro, no un sofá")
        self.assertIn("mesa", line.mail_message_id.body)
        self.assertIn("o-mail-Message-edited", line.mail_message_id.body)
        self.assertEqual(line._get_shown()["earlier"], "Busco un sofá")
        self.assertIn("mesa", self.get_conversation().product_interest)
        said = [text for author, text in self.get_thread() if author == "María José"]
        self.assertEqual(len(said), 1, shown)

    def test_correction_of_what_is_being_read_is_read(self):
        line = self.receive("Busco un sofá")
        with self.as_worker() as env:
            env["whatsapp.worker"]._route_messages()
            ((number, lease),) = env["whatsapp.worker"]._claim(1)
        self.receive("Busco una mesa de centro", MessageType="edit", OriginalRepliedMessageSid=line.sid)
        with self.as_worker() as env:
            env["whatsapp.worker"]._route_messages()
            going = env["whatsapp.conversation"].browse(number)._lock(lease)
        self.assertFalse(going, "what the reader makes of the old words comes to nothing")
        self.work()
        self.assertIn("mesa", self.get_conversation().product_interest)

    def test_correction_without_words_leaves_them(self):
        line = self.say_sid("Busco un sofá")
        replies = self.customer("", MessageType="edit", OriginalRepliedMessageSid=line.sid)
        self.assertEqual((line.body, replies), ("Busco un sofá", []))
        self.assertFalse(self.get_conversation().waiting_since)

    def test_who_takes_back_all_that_is_unanswered_waits_no_longer(self):
        for together in (True, False):
            customer = f"whatsapp:+59398765442{together:d}"
            line = self.receive("Busco un sofá", customer=customer)
            if not together:
                with self.as_worker() as env:
                    env["whatsapp.worker"]._route_messages()
                self.assertTrue(self.get_conversation(customer).waiting_since)
            self.receive("", customer=customer, MessageType="revoke", OriginalRepliedMessageSid=line.sid)
            self.work()
            self.assertFalse(self.get_conversation(customer).waiting_since)

    def test_who_takes_back_one_of_two_still_waits(self):
        line = self.receive("Busco un sofá")
        self.receive("Busco una mesa")
        self.receive("", MessageType="revoke", OriginalRepliedMessageSid=line.sid)
        with self.as_worker() as env:
            env["whatsapp.worker"]._route_messages()
        self.assertTrue(self.get_conversation().waiting_since)

    def take_back(self, line):
        return self.customer("", MessageType="revoke", OriginalRepliedMessageSid=line.sid)

    def edit(self, line, words):
        return self.customer(words, MessageType="edit", OriginalRepliedMessageSid=line.sid)

    def announce(self, kind, sid, words="", **parameters):
        """The customer's correction of a message that may not be here. Returns the replies."""
        return self.customer(words, MessageType=kind, OriginalRepliedMessageSid=sid, **parameters)

    def get_said(self):
        """What the thread shows of the customer."""
        return [text for author, text in self.get_thread() if author == "María José"]

    def test_deletion_that_comes_before_its_message(self):
        self.customer("Hola")
        self.get_channel()
        self.announce("revoke", "SM" + "e" * 32)
        replies = self.customer("Mi clave es 1234, busco un sofá", MessageSid="SM" + "e" * 32)
        line, conversation = self.get_line(), self.get_conversation()
        self.assertEqual((replies, line.state), ([], "handled"))
        self.assertTrue(line._get_shown()["deleted"])
        self.assertFalse(conversation.product_interest)
        self.assertFalse(conversation.waiting_since)
        said = self.get_said()
        self.assertEqual((len(said), "1234" in said[-1]), (2, True), "struck out where the deletion was")
        self.assertNotIn("1234", str(conversation._get_in_flight()))
        self.customer("Busco una mesa")
        self.assertEqual(conversation.product_interest, "mesa", "what comes after it is read")

    def test_correction_that_comes_before_its_message_counts_alone(self):
        self.customer("Hola")
        self.get_channel()
        self.announce("edit", "SM" + "e" * 32, "Busco una mesa de centro")
        replies = self.customer("Busco un sofá", MessageSid="SM" + "e" * 32)
        line, conversation = self.get_line(), self.get_conversation()
        self.assertEqual((replies, conversation.product_interest), ([], "mesa de centro"))
        self.assertEqual((line.body, line._get_shown()["earlier"]), ("Busco una mesa de centro", "Busco un sofá"))
        self.assertFalse(conversation.waiting_since)
        said = self.get_said()
        self.assertEqual(len(said), 2, "once")
        self.assertIn("o-mail-Message-edited", line.mail_message_id.body)
        self.assertNotIn("sofá", " ".join(each["text"] for each in conversation._get_history(line.browse(), 10_000)))
        self.announce("revoke", line.sid)
        self.assertFalse(conversation.product_interest)

    def test_unread_correction_that_comes_before_its_message_is_read_with_it(self):
        self.receive("Busco una mesa de centro", MessageType="edit", OriginalRepliedMessageSid="SM" + "e" * 32)
        with self.as_worker() as env:
            env["whatsapp.worker"]._route_messages()
        replies = self.customer("Busco un sofá", MessageSid="SM" + "e" * 32)
        self.assertEqual((len(replies), self.get_conversation().product_interest), (1, "mesa de centro"))

    def test_correction_in_one_batch_before_its_message(self):
        self.customer("Hola")
        self.get_channel()
        self.receive("Busco una mesa de centro", MessageType="edit", OriginalRepliedMessageSid="SM" + "e" * 32)
        self.receive("Busco un sofá", MessageSid="SM" + "e" * 32)
        self.work()
        self.assertEqual(self.get_conversation().product_interest, "mesa de centro")
        self.assertEqual(len(self.get_said()), 2)

    def test_several_corrections_that_come_before_their_message(self):
        self.customer("Hola")
        self.get_channel()
        for words in ("Busco una mesa de centro", "Busco un comedor"):
            self.announce("edit", "SM" + "e" * 32, words)
        conversation = self.get_conversation()
        self.assertEqual((conversation.product_interest, len(self.get_said())), ("comedor", 2))
        self.customer("Busco un sofá", MessageSid="SM" + "e" * 32)
        self.assertEqual((conversation.product_interest, self.get_line().body), ("comedor", "Busco un comedor"))
        self.assertEqual(len(self.get_said()), 2)

    def test_message_whose_correction_and_deletion_both_came_before_it(self):
        for number, kinds in enumerate((("edit", "revoke"), ("revoke", "edit"))):
            sid = f"SM{number}" + "e" * 31
            for kind in kinds:
                self.announce(kind, sid, "Busco un comedor" if kind == "edit" else "")
            self.customer("Busco un sofá", MessageSid=sid)
            self.assertFalse(self.get_conversation().product_interest, kinds)
            self.assertTrue(self.get_line().deleted_at)

    def test_correction_brings_nothing_back_that_was_deleted(self):
        self.customer("Soy Ana, busco una cama", "Mi presupuesto es $900")
        line = self.say_sid("Y un sofá")
        self.get_channel()
        self.take_back(line)
        lead, shown = self.get_conversation().lead_id, len(self.get_thread())
        replies = self.edit(line, "Y un comedor, vivo en Loja")
        conversation = self.get_conversation()
        self.assertEqual((replies, conversation.product_interest, conversation.city), ([], "cama", False))
        self.assertEqual((lead.x_product_interest, lead.city), ("cama", False))
        self.assertTrue(line._get_shown()["deleted"])
        self.assertEqual((line.body, len(self.get_thread())), ("Y un sofá", shown))
        self.take_back(self.say_sid("Y una mesa"))
        self.assertEqual(conversation.product_interest, "cama")

    def test_of_several_corrections_in_one_turn_the_last_counts(self):
        for together in (True, False):
            line = self.say_sid("Hola")
            for words in ("Busco un comedor", "Busco una cama"):
                self.receive(words, MessageType="edit", OriginalRepliedMessageSid=line.sid)
                if not together:
                    with self.as_worker() as env:
                        env["whatsapp.worker"]._route_messages()
            self.work()
            self.assertEqual((self.get_conversation().product_interest, line.body), ("cama", "Busco una cama"))

    def test_correction_of_a_correction_is_one_of_the_message(self):
        line = self.say_sid("Busco un sofá")
        self.get_channel()
        self.edit(line, "Busco un comedor")
        self.edit(self.get_line(), "Busco una cama")
        conversation, last = self.get_conversation(), self.get_line()
        self.assertEqual((conversation.product_interest, line.body), ("cama", "Busco una cama"))
        self.assertEqual((line.earlier_body, len(self.get_said())), ("Busco un sofá", 1))
        self.take_back(last)
        self.assertTrue(line.deleted_at)
        self.assertFalse(conversation.product_interest)

    def test_correction_of_itself_is_a_message(self):
        self.customer(
            "Busco una cama", MessageSid="SM" + "e" * 32, MessageType="edit", OriginalMessageSid="SM" + "e" * 32
        )
        self.assertEqual(self.get_conversation().product_interest, "cama")

    def test_correction_takes_the_place_of_what_was_read(self):
        line = self.say_sid("Busco un sofá")
        self.edit(line, "Busco un comedor")
        self.assertEqual(self.get_conversation().product_interest, "comedor")
        self.edit(line, "Busco una cama")
        self.assertEqual(self.get_conversation().product_interest, "cama", "and so does the next one")
        self.take_back(line)
        self.assertFalse(self.get_conversation().product_interest)

    def test_correction_leaves_what_others_said(self):
        self.customer("Soy Ana, busco una cama")
        line = self.say_sid("Y un sofá. Vivo en Loja")
        self.edit(line, "Y un comedor")
        conversation = self.get_conversation()
        self.assertEqual(set(self.get_slot("products").value), {"cama", "comedor"})
        self.assertEqual((conversation.customer_name, conversation.city), ("Ana", False))

    def test_what_is_taken_back_is_known_no_more(self):
        self.customer("Soy Ana, busco una cama", "Mi presupuesto es $900")
        line = self.say_sid("Y un sofá, vivo en Loja")
        conversation = self.get_conversation()
        lead = conversation.lead_id
        budget = lead.x_budget_range
        self.assertEqual((lead.x_product_interest, lead.city), ("cama, sofá", "Loja"))
        self.take_back(line)
        self.assertEqual((conversation.product_interest, conversation.city), ("cama", False))
        self.assertEqual((lead.x_product_interest, lead.city), ("cama", False))
        self.assertEqual((lead.contact_name, lead.x_budget_range), ("Ana", budget))
        self.assertNotIn("Loja", conversation.explanation, "what is known now")
        notes = " ".join(lead.message_ids.mapped("body"))
        self.assertIn("eliminó un mensaje", notes)
        self.assertNotIn("vivo en Loja", notes)

    def test_what_is_taken_back_and_said_elsewhere_stays(self):
        line = self.say_sid("Busco un sofá")
        self.customer("Soy Ana, el sofá es para la sala")
        self.take_back(line)
        self.assertEqual(self.get_conversation().product_interest, "sofá")

    def test_what_a_person_wrote_stays_whatever_is_taken_back(self):
        line = self.say_sid("Soy Ana, busco un sofá")
        conversation = self.get_conversation()
        conversation.customer_name = "Ana Paz"
        self.take_back(line)
        self.assertEqual((conversation.customer_name, conversation.product_interest), ("Ana Paz", False))

    def test_wish_that_was_ended_by_mistake_goes_on(self):
        self.customer("Soy Ana, busco una cama", "Mi presupuesto es $900")
        line = self.say_sid("Lo voy a pensar y les aviso")
        self.assertTrue(self.get_conversation()._get_state().closed)
        self.take_back(line)
        self.assertFalse(self.get_conversation()._get_state().closed)

    def test_correction_that_is_taken_back_unread_is_not_read(self):
        line = self.say_sid("Hola")
        self.receive("Busco un comedor", MessageType="edit", OriginalRepliedMessageSid=line.sid)
        self.receive("", MessageType="revoke", OriginalRepliedMessageSid=line.sid)
        self.work()
        self.assertFalse(self.get_conversation().product_interest)

    def test_lead_and_model_see_what_stands_once(self):
        secret, line = self.say_sid("Mi clave es 1234"), self.say_sid("Busco una silla")
        self.edit(line, "Busco un sofá para la sala")
        self.take_back(secret)
        self.customer("Soy Ana", "Mi presupuesto es $900")
        conversation = self.get_conversation()
        description = conversation.lead_id.description
        self.assertNotIn("1234", description)
        self.assertNotIn("silla", description)
        said = description.partition("</blockquote>")[0]
        self.assertEqual(said.count("Busco un sofá para la sala"), 1)
        for now in (self.get_line(), self.get_line().browse()):
            history = [each["text"] for each in conversation._get_history(now, 10_000)]
            self.assertNotIn("1234", " ".join(history))
            self.assertEqual(history.count("Busco un sofá para la sala"), 1)
        said = [each["body"] for each in conversation._get_in_flight()["messages"]]
        self.assertNotIn("1234", " ".join(said))
        edit = conversation.line_ids.filtered(lambda line: line.kind == "edit")
        history = [each["text"] for each in conversation._get_history(edit, 10_000)]
        self.assertNotIn("Busco un sofá para la sala", history, "what is read now was not said before")

    def test_reaction_stays_one_when_the_customer_gets_into_contacts(self):
        line = self.say_sid("Busco un sofá")
        self.get_channel()
        self.react("👍", line)
        contact = self.get_conversation().contact_id
        contact.partner_id = self.env["res.partner"].create({"name": "María José", "phone": contact.phone})
        self.react("👍", line)
        self.assertEqual(len(line.mail_message_id.reaction_ids), 1)
        self.react("❤️", line)
        self.assertEqual(self.get_reactions(line), ["❤️"])
        self.react("", line)
        self.assertEqual(self.get_reactions(line), [])

    def test_nobody_corrects_another_customers_words(self):
        line = self.receive("Busco un sofá", customer="whatsapp:+593987654322")
        self.work()
        for kind in ("edit", "revoke"):
            self.customer("Otra cosa", MessageType=kind, OriginalRepliedMessageSid=line.sid)
        self.assertEqual((line.body, line.deleted_at), ("Busco un sofá", False))

    def test_reply_quotes_its_message(self):
        self.say_sid("Busco un sofá")
        answer = self.get_conversation().line_ids.filtered(lambda line: line.direction == "outbound")
        answer.sid = "SM" + "b" * 32
        self.get_channel()
        line = self.say_sid("Ana", OriginalRepliedMessageSid=answer.sid)
        self.assertEqual(line.mail_message_id.parent_id, answer.mail_message_id)

    def test_forwarding_is_told(self):
        for parameters, told in (
            ({"Forwarded": "true"}, "once"),
            ({"Forwarded": "true", "FrequentlyForwarded": "true"}, "often"),
            ({"Forwarded": "false"}, False),
        ):
            self.customer("Busco un sofá", **parameters)
            self.assertEqual(self.get_shown()["forwarded"], told)


@tagged("post_install", "-at_install")
class TestForwarded(KindsCase):
    """Words that the customer passes on are somebody else's."""

    FORWARDED = {"Forwarded": "true"}

    def test_who_somebody_else_is_is_not_who_forwards_it(self):
        self.customer("Soy Pedro Mora, vivo en Loja, tengo $900, pedro@example.com, busco un sofá", **self.FORWARDED)
        conversation = self.get_conversation()
        told = conversation.read(["customer_name", "email", "city", "budget_max"])[0]
        self.assertFalse(any(value for name, value in told.items() if name != "id"), told)
        slot = self.get_slot("products")
        self.assertEqual((slot.value, slot.confidence), (("sofá",), 0.6))
        self.customer("Soy Ana")
        self.customer("Me llamo Luis", **self.FORWARDED)
        self.assertEqual(conversation.customer_name, "Ana")

    def test_farewell_of_somebody_else_ends_nothing(self):
        self.customer("Soy Ana, busco una cama", "Mi presupuesto es $900")
        self.customer("Ya no quiero nada, compré en otro lado", **self.FORWARDED)
        self.assertFalse(self.get_conversation()._get_state().closed)
        self.assertEqual(self.get_conversation().product_interest, "cama")

    def test_somebody_elses_stop_is_not_the_customers(self):
        for words in ("BAJA", "No quiero recibir más mensajes"):
            self.customer(words, **self.FORWARDED)
            self.assertFalse(self.get_conversation().opted_out, words)
        self.customer("BAJA")
        self.customer("ALTA", **self.FORWARDED)
        self.assertTrue(self.get_conversation().opted_out)


@tagged("post_install", "-at_install")
class TestTaps(KindsCase):
    def test_tap_corrects_what_an_advertisement_shows(self):
        self.customer("Hola", ReferralSourceId="7", ReferralHeadline="Sofás desde $499", ReferralSourceType="ad")
        self.customer("", MessageType="interactive", ListTitle="Comedores", ListId="opt-7")
        slot = self.get_slot("products")
        self.assertEqual((slot.value, slot.source, slot.confidence), (("comedor",), "button", 1.0))

    def test_tapped_option_is_an_exact_answer(self):
        for number, parameters in enumerate(
            (
                {"MessageType": "button", "ButtonText": "Sofás", "ButtonPayload": "x"},
                {"MessageType": "interactive", "ListId": "1", "ListTitle": "Sofás", "ListDescription": "Cuero"},
                {"MessageType": "text", "ListId": "1", "ListTitle": "Sofás"},
            )
        ):
            customer = f"whatsapp:+59398765440{number}"
            self.receive("", customer=customer, **parameters)
            self.work()
            conversation = self.get_conversation(customer)
            slot = conversation._get_state().slots["products"]
            self.assertEqual((slot.value, slot.confidence, slot.source), (("sofá",), 1.0, "button"))
            line = conversation.line_ids.filtered(lambda line: line.direction == "inbound")
            self.assertEqual((line.kind, line.body), ("button", "Sofás"))
            self.assertFalse(conversation.handover_id)
            self.assertEqual(line._get_shown()["listed"], "ListTitle" in parameters)
        self.assertEqual(line._get_shown()["description"], "")

    def test_options_own_name_counts_where_the_label_says_nothing(self):
        self.customer("Esta", MessageType="button", ButtonText="Esta", ButtonPayload="sofá")
        slot = self.get_slot("products")
        self.assertEqual((slot.value, slot.source), (("sofá",), "button"))
        self.customer("Aquí", MessageType="interactive", ListTitle="Aquí", ListId="Guayaquil")
        self.assertEqual((self.get_slot("city").value, self.get_slot("city").source), ("Guayaquil", "button"))

    def test_option_is_nobodys_name(self):
        for number, title in enumerate(("Postventa", "Xyzzy", "Soporte técnico", "Reclamos")):
            customer = f"whatsapp:+59398765441{number}"
            self.receive(title, customer=customer, MessageType="interactive", ListId="l1", ListTitle=title)
            self.work()
            conversation = self.get_conversation(customer)
            self.assertNotIn("name", conversation._get_state().slots, title)
            self.assertEqual(conversation.stage == "support", title != "Xyzzy", title)
            replies = conversation.line_ids.filtered(lambda line: line.direction == "outbound")
            self.assertFalse([reply for reply in replies.mapped("body") if title in reply])

    def test_what_a_person_said_stays(self):
        self.customer("Busco una cama")
        conversation = self.get_conversation()
        conversation.city = "Loja"
        self.customer("", MessageType="interactive", ListTitle="Quito", ListId="Quito")
        self.assertEqual((self.get_slot("city").value, self.get_slot("city").source), ("Loja", "person"))

    def test_evidence_says_that_it_was_tapped(self):
        self.customer("", MessageType="button", ButtonText="Sofás")
        self.assertEqual(self.get_conversation().evidence["products"]["source"], "button")


@tagged("post_install", "-at_install")
class TestPlaces(KindsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["whatsapp.shop"].search([]).active = False
        quito = cls.env["whatsapp.city"].search([("name", "=", "Quito")])
        shop = {"city_id": quito.id, "company_id": cls.sender.company_id.id}
        cls.env["whatsapp.shop"].create(
            [
                {**shop, "name": "Colineal Norte", "address": "Calle A", "latitude": -0.10, "longitude": -78.48},
                {
                    **shop,
                    "name": "Colineal Sur",
                    "address": "Calle B",
                    "map_url": "https://www.google.com/maps/@-0.1950,-78.4810,17z",
                },
            ]
        )

    def test_pin_gives_the_nearest_city_and_shop(self):
        replies = self.customer("", **QUITO)
        slot = self.get_slot("city")
        self.assertEqual((slot.value, slot.source), ("Quito", "place"))
        self.assertEqual(self.get_shown()["near"], {"city": "Quito", "shop": "Colineal Sur", "km": 0.6})
        self.assertIn("Calle B", replies[0])
        self.assertNotIn("Calle A", replies[0])
        self.assertFalse(self.get_conversation().handover_id, "nobody need look at it")

    def test_place_far_from_everything_is_a_persons(self):
        self.customer("", **OCEAN)
        self.assertFalse(self.get_slot("city"))
        self.assertEqual(self.get_conversation().handover_id.reason, "unheard")
        self.assertEqual(self.get_shown()["near"], {"city": False, "shop": None, "km": None})

    def test_words_count_for_more_than_the_pin(self):
        self.receive("Vivo en Guayaquil")
        self.receive("", **QUITO)
        self.work()
        self.assertEqual(self.get_slot("city").value, "Guayaquil")

    def test_name_of_a_street_is_no_city_where_the_pin_is_in_one(self):
        for place in ({"Address": "Av. Guayaquil N3-21"}, {"Label": "Hotel Cuenca", "Address": "Hotel Cuenca"}):
            self.customer("", **QUITO, **place)
            self.assertEqual((self.get_slot("city").value, self.get_slot("city").source), ("Quito", "place"))
        self.customer("", **OCEAN, Address="Av. Quito, Guayaquil")
        self.assertEqual(self.get_slot("city").value, "Guayaquil", "where no city is near, the address tells it")

    def test_what_is_no_place_is_none(self):
        for latitude, longitude in (("x", "y"), ("nan", "inf"), ("91", "0"), ("", "")):
            self.customer("", **{**QUITO, "Latitude": latitude, "Longitude": longitude})
            self.assertFalse(self.get_shown()["location"])
        self.assertFalse(self.get_slot("city"))


@tagged("post_install", "-at_install")
class TestCatalogue(KindsCase):
    def order(self, *articles, **parameters):
        """The customer orders articles of the catalogue: (number, how many) each. Returns the replies."""
        items = [{"product_retailer_id": number, "quantity": count} for number, count in articles]
        context = {"order": {"catalog_id": "1", "product_items": items}}
        metadata = json.dumps({"type": "whatsapp", "data": {"context": context}})
        return self.customer("", MessageType="order", ChannelMetadata=metadata, **parameters)

    def name_articles(self, **names):
        """The shop has these articles as products: number → name."""
        lines = "odoo.addons.colineal_whatsapp_crm.models.message.kinds.WhatsappConversationMessage"
        names = {number.replace("_", "-"): name for number, name in names.items()}
        self.startPatcher(
            patch(
                f"{lines}._find_product_names",
                lambda _line, articles: {number: name for number, name in names.items() if number in articles},
            )
        )

    def get_situations(self):
        last = self.get_conversation().line_ids.filtered(lambda line: line.author == "assistant")[-1:]
        return last.wording_ids.mapped("situation")

    def test_order_is_understood_shown_and_gets_a_person(self):
        self.name_articles(SOFA_01="Sofá Lima 3 puestos", MESA_09="Mesa de centro Loja con vidrio")
        replies = self.order(("SOFA-01", 2), ("MESA-09", "x"))
        self.assertEqual(
            self.get_shown()["ordered"],
            ["2 × Sofá Lima 3 puestos (SOFA-01)", "Mesa de centro Loja con vidrio (MESA-09)"],
        )
        slot, conversation = self.get_slot("products"), self.get_conversation()
        self.assertEqual((slot.value, slot.confidence, slot.source), (("sofá", "mesa de centro"), 1.0, "order"))
        self.assertIn("2 × Sofá Lima 3 puestos (SOFA-01)", conversation.need)
        self.assertEqual(conversation.handover_id.reason, "order")
        self.assertRegex(conversation.activity_ids.summary, "pedido del catálogo|order from the catalogue")
        self.assertEqual(set(self.get_situations()), {"order", "request_contact_info"})
        self.assertTrue(replies[-1].startswith("¡Gracias por tu pedido"), replies)
        self.customer("Soy Ana, mi presupuesto es $900")
        lead = conversation.lead_id
        self.assertEqual(lead.x_product_interest, "sofá, mesa de centro")
        self.assertIn("order", conversation.evidence["products"]["source"])

    def test_order_of_what_the_vocabulary_does_not_know_is_still_an_order(self):
        self.name_articles()
        self.order(("X-7731", 1))
        conversation = self.get_conversation()
        self.assertEqual((conversation.need, conversation.product_interest), ("1 × X-7731", False))
        self.assertEqual((conversation.handover_id.reason, self.get_situations()), ("order", ["order"]))

    def test_order_that_cannot_be_read_gets_a_person_all_the_same(self):
        self.customer("", MessageType="order")
        self.assertEqual(self.get_conversation().handover_id.reason, "order")
        self.assertEqual((self.get_situations(), self.get_shown()["ordered"]), (["order"], False))

    def test_what_is_asked_about_is_what_is_wanted(self):
        self.name_articles(SOFA_01="Sofá Lima")
        referred = {"referred_product": {"catalog_id": "1", "product_retailer_id": "SOFA-01"}}
        replies = self.customer("¿Qué precio tiene?", ChannelMetadata=json.dumps({"context": referred}))
        self.assertEqual((self.get_line().kind, self.get_shown()["ordered"]), ("text", ["Sofá Lima (SOFA-01)"]))
        slot = self.get_slot("products")
        self.assertEqual((slot.value, slot.source), (("sofá",), "order"))
        self.assertFalse(self.get_conversation().handover_id.reason == "order", "nothing is ordered")
        self.assertIn("precio del sofá", replies[-1])

    def ask_about(self, number, text="¿La tienen?"):
        referred = {"referred_product": {"catalog_id": "1", "product_retailer_id": number}}
        return self.say_sid(text, ChannelMetadata=json.dumps({"context": referred}))

    def test_all_that_is_asked_about_is_quoted_and_what_is_taken_back_no_more(self):
        self.name_articles(SOFA_01="Sofá Lima", MESA_09="Mesa Loja")
        first, second = self.ask_about("SOFA-01"), self.ask_about("MESA-09")
        self.assertEqual(self.get_slot("products").quote, "Sofá Lima (SOFA-01) / Mesa Loja (MESA-09)")
        self.customer("", MessageType="revoke", OriginalRepliedMessageSid=first.sid)
        slot = self.get_slot("products")
        self.assertEqual((slot.value, slot.quote), (("mesa",), "Mesa Loja (MESA-09)"))
        self.customer("", MessageType="revoke", OriginalRepliedMessageSid=second.sid)
        self.assertFalse(self.get_slot("products"))

    def test_article_takes_the_place_of_what_an_advertisement_shows(self):
        self.name_articles(MESA_09="Mesa de centro Loja")
        self.customer("Hola", ReferralSourceId="7", ReferralHeadline="Sofás desde $499", ReferralSourceType="ad")
        self.order(("MESA-09", 1))
        self.assertEqual(self.get_slot("products").value, ("mesa de centro",))

    def test_how_many_is_told_where_it_is_a_number_of_things(self):
        self.name_articles(SOFA_01="Sofá Lima")
        for count, shown in (
            (0, "Sofá Lima (SOFA-01)"),
            (-2, "Sofá Lima (SOFA-01)"),
            (None, "Sofá Lima (SOFA-01)"),
            ("varios", "Sofá Lima (SOFA-01)"),
            (1.5, "Sofá Lima (SOFA-01)"),
            (True, "Sofá Lima (SOFA-01)"),
            (1, "1 × Sofá Lima (SOFA-01)"),
            ("3", "3 × Sofá Lima (SOFA-01)"),
        ):
            self.order(("SOFA-01", count))
            self.assertEqual(self.get_shown()["ordered"], [shown], count)

    def test_what_cannot_be_read_is_no_order(self):
        for odd in ("", "{", "[" * 50_000, "null", "7", '{"a": ' * 20 + '{"product_retailer_id": "x"}' + "}" * 20):
            self.assertEqual(list_ordered({"ChannelMetadata": odd}), [])

    def test_what_whatsapp_does_not_pass_on_gets_a_person(self):
        self.customer("", MessageType="unsupported")
        self.assertEqual((self.get_line().kind, self.get_conversation().handover_id.reason), ("unsupported", "unheard"))

    def test_address_is_still_the_customers(self):
        self.assertEqual(self.say_sid("Hola").address, CUSTOMER)
