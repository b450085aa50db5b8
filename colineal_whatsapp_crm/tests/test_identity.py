from datetime import timedelta
from itertools import permutations
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import BaseCase, new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure, UniqueViolation
from werkzeug.datastructures import MultiDict

from ..gateway.address import get_candidates, mask, parse_address
from ..gateway.delivery import DeliveryError
from ..gateway.error_codes import LATER
from ..gateway.identity import address_of, identify
from ..lib.clock import utcnow
from ..lib.errors import tidy
from ..understanding import Media
from .common import CUSTOMER, WhatsappCase
from .test_contact import WRITTEN_IN_TWO_WAYS

#: PostgreSQL's code.
UNIQUE_VIOLATION = "23505"

ID, OTHER_ID = "EC.A1b2C3d4E5f6", "EC.Z9y8X7w6V5u4"
SCOPED, OTHER_SCOPED = f"whatsapp:{ID}", f"whatsapp:{OTHER_ID}"
PARENT = "EC.ENT.11815799212886844830"
PHONE = CUSTOMER.removeprefix("whatsapp:")
#: What Twilio posts of one customer: with the number and the id, with one of them alone.
NUMBER_ALONE = {"customer": CUSTOMER}
BOTH = {"customer": CUSTOMER, "ExternalUserId": ID}
ID_ALONE = {"customer": SCOPED, "ExternalUserId": ID, "WaId": None, "ProfileUsername": "@maria.jose"}
ACCOUNT = "AC" + "1" * 32
#: Somebody else, to whom the customer's number was given.
STRANGER = {"customer": CUSTOMER, "ExternalUserId": OTHER_ID, "ProfileName": "Pedro"}


def get_addresses(contact):
    return {(row.kind, row.value) for row in contact.address_ids}


@tagged("post_install", "-at_install")
class TestAddress(BaseCase):
    def test_kinds(self):
        kinds = {
            CUSTOMER: "number",
            "whatsapp:+9990000000001": "number",
            SCOPED: "scoped",
            f"whatsapp:{PARENT}": "parent",
            "whatsapp:US.13491208655302741918": "scoped",
            "whatsapp:EC.with-signs_of.tomorrow": "scoped",
            "whatsapp:null": "other",
            "whatsapp:EC.": "other",
            "whatsapp:": "other",
            PHONE: "other",  # an SMS
        }
        self.assertEqual({address: parse_address(address).kind for address in kinds}, kinds)

    def test_forms_of_a_number_have_one_key(self):
        for number, other in WRITTEN_IN_TWO_WAYS:
            keys = {parse_address(f"whatsapp:{form}").key for form in (number, other, *get_candidates(number))}
            self.assertEqual(len(keys), 1, keys)
        self.assertNotEqual(parse_address(PHONE).key, parse_address(CUSTOMER).key, "an SMS is not WhatsApp")

    def test_odd_ids_can_be_stored_and_told_apart(self):
        long = [f"whatsapp:EC.{letter * 5000}" for letter in "ab"]
        keys = {parse_address(address).key for address in long}
        self.assertEqual(len(keys), 2)
        self.assertLess(max(map(len, keys)), 200)
        self.assertEqual(parse_address(long[0]), parse_address(long[0]))
        self.assertTrue(parse_address("whatsapp:a\x00\u202e\ud800b").value.isprintable())

    def test_only_what_is_an_id_tells_people_apart(self):
        """A fault at Twilio that gave all customers one id would make one customer of them."""
        for odd in ("", " ", "null", "undefined", "0", "None", "EC.", "x" * 5000, "EC." + "x" * 5000):
            identity = identify(CUSTOMER, {"ExternalUserId": odd, "ParentExternalUserId": odd})
            self.assertEqual([each.kind for each in identity.addresses], ["number"], odd[:9])

    def test_surest_first(self):
        told = {"ExternalUserId": ID, "ParentExternalUserId": PARENT, "Username": "@ana", "ProfileName": "Ana\n"}
        identity = identify(CUSTOMER, told)
        self.assertEqual([each.kind for each in identity.addresses], ["scoped", "parent", "number"])
        self.assertEqual((identity.username, identity.profile_name, identity.phone), ("ana", "Ana", PHONE))
        self.assertEqual(identify(SCOPED, {"ExternalUserId": ID}).addresses, (parse_address(SCOPED),))

    def test_number_that_comes_beside_an_id_alone_is_known(self):
        told = {"ExternalUserId": ID, "WaId": PHONE.lstrip("+")}
        identity = identify(SCOPED, told)
        self.assertEqual((identity.address, identity.phone), (SCOPED, PHONE), "and answers go to the id")
        for odd in ("", "13491208655302741918", "0", "null", ID):
            self.assertEqual(identify(SCOPED, {**told, "WaId": odd}).addresses, (parse_address(SCOPED),), odd)

    def test_sender_that_is_not_named_as_it_should_be(self):
        sender = {"To": "whatsapp:+593999000222", "MessageSid": "SM1"}
        self.assertEqual(address_of(MultiDict({**sender, "From": "whatsapp:", "ExternalUserId": ID})), SCOPED)
        self.assertEqual(address_of(MultiDict({**sender, "From": "", "WaId": "593987654321"})), CUSTOMER)
        nobody = {address_of(MultiDict({**sender, "From": "whatsapp:", "MessageSid": sid})) for sid in ("SM1", "SM2")}
        self.assertEqual(len(nobody), 2, "what nobody is known to have written is not one person's")
        self.assertIsNone(address_of(MultiDict(sender)))
        self.assertEqual(address_of(MultiDict({**sender, "ExternalUserId": ID})), SCOPED)
        self.assertEqual(address_of(MultiDict({**sender, "ParentExternalUserId": PARENT})), f"whatsapp:{PARENT}")
        self.assertEqual(address_of(MultiDict({**sender, "WaId": "593987654321"})), CUSTOMER)

    def test_ids_in_logs(self):
        self.assertEqual(mask(SCOPED), "EC.A…f6")
        said = f"Invalid recipient {ID}, {PARENT} or whatsapp:{OTHER_ID}"
        for each in (ID, PARENT, OTHER_ID):
            self.assertNotIn(each, tidy(said))


@tagged("post_install", "-at_install")
class TestIdentity(WhatsappCase):
    """Whoever writes, with a number, without one, by turns: one contact, one conversation, the answer where it belongs."""

    def get_contacts(self):
        return self.env["whatsapp.contact"].search(
            [("conversation_ids.sender_id.company_id", "=", self.env.company.id), ("id", ">", self.last)]
        )

    def setUp(self):
        super().setUp()
        self.last = self.env["whatsapp.contact"].search([], order="id desc", limit=1).id or 0

    def assertOneCustomer(self):
        contact = self.get_contacts()
        self.assertEqual(len(contact), 1)
        self.assertEqual(len(contact.conversation_ids), 1)
        return contact

    def test_one_customer_whatever_comes_first(self):
        for order in permutations((NUMBER_ALONE, BOTH, ID_ALONE)):
            with self.subTest(order=[each["customer"] for each in order]):
                for message in order:
                    self.customer("Busco un sofá", **message)
                contact = self.get_contacts()
                self.assertEqual(len(contact), 1)
                self.assertEqual(get_addresses(contact), {("number", CUSTOMER), ("scoped", SCOPED)})
                self.assertEqual((contact.phone, contact.username), (PHONE, "maria.jose"))
                self.assertEqual(len(contact.conversation_ids.filtered(lambda each: each.stage != "closed")), 1)
                contact.unlink()

    def test_number_first_then_the_id_then_the_id_alone(self):
        for message in (NUMBER_ALONE, BOTH, ID_ALONE):
            self.assertTrue(self.customer("Busco un sofá", **message))
        contact = self.assertOneCustomer()
        self.assertEqual(
            contact.conversation_ids.line_ids.filtered(lambda line: line.direction == "inbound").mapped("address"),
            [CUSTOMER, CUSTOMER, SCOPED],
        )

    def test_answer_goes_where_the_last_message_came_from(self):
        for message, address in ((BOTH, CUSTOMER), (ID_ALONE, SCOPED), (NUMBER_ALONE, CUSTOMER)):
            self.customer("Busco un sofá", **message)
            conversation = self.assertOneCustomer().conversation_ids
            self.assertEqual(conversation.line_ids.sorted("id")[-1].address, address)
            channel = conversation._get_channel().with_user(self.env.ref("base.user_admin"))
            channel.message_post(body="Le escribo", message_type="comment", subtype_xmlid="mail.mt_comment")
            self.assertEqual(conversation.line_ids.sorted("id")[-1].address, address, "a colleague's as well")
            conversation.action_hand_back()

    def test_forms_of_one_number_are_one_customer(self):
        for number, other in WRITTEN_IN_TWO_WAYS[::2]:
            self.customer("Hola", customer=f"whatsapp:{number}")
            self.customer("Busco un sofá", customer=f"whatsapp:{other}")
            contact = self.assertOneCustomer()
            self.assertEqual(contact.conversation_ids._get_address(), f"whatsapp:{other}", "and it is that form's turn")
            contact.unlink()

    def test_parent_id_is_the_same_for_all_accounts(self):
        other = self.env["whatsapp.sender"].create(
            {
                "name": "Other",
                "number": "+593999000333",
                "assistant_id": self.assistant.id,
                "account_sid": "AC" + "2" * 32,
            }
        )
        self.customer("Hola", customer=SCOPED, ParentExternalUserId=PARENT)
        first, self.sender = self.sender, other
        self.receive("Hola", customer=OTHER_SCOPED, ParentExternalUserId=PARENT)
        self.work()
        contact = self.get_contacts()
        self.assertEqual(len(contact), 1)
        self.assertEqual(contact.conversation_ids.sender_id, first | other, "two senders, two conversations")
        addresses = {each.sender_id: each._get_address() for each in contact.conversation_ids}
        self.assertEqual(addresses, {first: SCOPED, other: OTHER_SCOPED}, "each account has an id of its own")

    def test_id_of_one_account_proves_nothing_in_another(self):
        other = self.env["whatsapp.sender"].create(
            {
                "name": "Other",
                "number": "+593999000333",
                "assistant_id": self.assistant.id,
                "account_sid": "AC" + "2" * 32,
            }
        )
        self.customer("Hola", customer=SCOPED)
        self.sender = other
        self.receive("Hola", customer=SCOPED)
        self.work()
        self.assertEqual(len(self.get_contacts()), 2)
        self.assertEqual(self.get_contacts().address_ids.mapped("account"), ["AC" + "2" * 32, ""])

    def test_parent_id_makes_one_of_who_two_accounts_know_by_ids(self):
        self.sender.account_sid = ACCOUNT
        other = self.sender.copy({"number": "+593999000333", "account_sid": "AC" + "2" * 32})
        for sender, scoped in ((self.sender, SCOPED), (other, OTHER_SCOPED)):
            self.sender = sender
            self.receive("Hola", customer=scoped)
            self.work()
        self.assertEqual(len(self.get_contacts()), 2)
        self.receive("Gracias", customer=OTHER_SCOPED, ParentExternalUserId=PARENT)
        self.work()
        self.sender = other.search([("account_sid", "=", ACCOUNT)])
        self.receive("Gracias", customer=SCOPED, ParentExternalUserId=PARENT)
        self.work()
        self.assertEqual(len(self.get_contacts()), 1)

    def test_ids_that_two_accounts_see_are_one_customers_by_the_number(self):
        other = self.env["whatsapp.sender"].create(
            {
                "name": "Other",
                "number": "+593999000333",
                "assistant_id": self.assistant.id,
                "account_sid": "AC" + "2" * 32,
            }
        )
        self.customer("Hola", **BOTH)
        self.sender = other
        for message in ({"customer": CUSTOMER, "ExternalUserId": OTHER_ID}, {"customer": OTHER_SCOPED}):
            self.receive("Hola", **message)
            self.work()
        contact = self.get_contacts()
        self.assertEqual(len(contact), 1)
        self.assertEqual(
            {(row.value, row.account) for row in contact.address_ids},
            {(CUSTOMER, ""), (SCOPED, ""), (OTHER_SCOPED, "AC" + "2" * 32)},
        )

    def test_erased_customer_is_forgotten_by_every_address(self):
        self.customer("Hola", **BOTH, ParentExternalUserId=PARENT)
        self.receive("Busco un sofá", **ID_ALONE)
        contact = self.get_contacts()
        contact._erase()
        self.assertFalse(contact.address_ids)
        self.assertFalse(contact.conversation_ids._get_address().startswith("whatsapp"))
        self.env.flush_all()
        for table in ("whatsapp_contact", "whatsapp_contact_address", "whatsapp_conversation_message"):
            for trace in (ID, PARENT, PHONE, "maria.jose"):
                self.env.cr.execute(f"SELECT id FROM {table} AS t WHERE t::text LIKE %s", [f"%{trace}%"])
                self.assertFalse(self.env.cr.fetchall(), (table, trace))
        self.customer("Hola", **ID_ALONE)
        self.assertNotEqual(self.get_contacts() - contact, contact.browse())

    def test_who_wanted_no_messages_and_was_erased_is_known_by_the_id(self):
        for _time in range(2):
            self.customer("BAJA", **BOTH)
            self.get_contacts().filtered(lambda contact: not contact.erased_at)._erase()
            self.assertEqual(self.customer("Hola", **ID_ALONE), [])
            last = self.get_contacts().filtered(lambda contact: not contact.erased_at)
            self.assertTrue(last.opted_out)
            self.assertTrue(self.customer("ALTA", **ID_ALONE))
            last._erase()
            self.assertTrue(self.customer("Hola", **ID_ALONE), "who wanted messages again is answered")
            self.get_contacts().filtered(lambda contact: not contact.erased_at)._erase()
            self.env["phone.blacklist"].search([("number", "=", PHONE)]).unlink()

    def test_wish_of_an_erased_customer_is_known_though_the_number_comes_with_the_id(self):
        """No blacklist knows the number of who had shown none."""
        for known in ((), (NUMBER_ALONE,)):
            with self.subTest(known=known):
                self.customer("BAJA", **ID_ALONE)
                erased = self.get_contacts()
                erased._erase()
                for message in known:
                    self.assertTrue(self.customer("Hola", **message), "nobody knows yet who it is")
                self.assertEqual(self.customer("Hola", **BOTH), [])
                contact = self.get_contacts() - erased
                self.assertEqual((len(contact), contact.opt_out_reason), (1, "customer"))
                self.assertTrue(self.env["phone.blacklist"].search_count([("number", "=", PHONE)]))
                (contact | erased).unlink()
                self.env["phone.blacklist"].search([("number", "=", PHONE)]).unlink()

    def test_wish_that_was_taken_back_after_an_erasure_is_not_recalled(self):
        self.customer("BAJA", **BOTH, ParentExternalUserId=PARENT)
        self.get_contacts()._erase()
        self.assertEqual(self.customer("Hola", **ID_ALONE), [])
        self.assertTrue(self.customer("ALTA", **ID_ALONE))
        self.assertTrue(self.customer("Busco un sofá", **ID_ALONE, ParentExternalUserId=PARENT))

    def test_wish_that_was_taken_back_by_the_number_is_not_recalled_by_the_id(self):
        self.customer("BAJA", **BOTH)
        erased = self.get_contacts()
        erased._erase()
        erased.opted_out_at -= timedelta(days=1)
        self.assertEqual(self.customer("Hola", **NUMBER_ALONE), [])
        self.assertTrue(self.customer("ALTA", **NUMBER_ALONE))
        self.assertTrue(self.customer("Busco un sofá", **BOTH))

    def test_who_had_only_blocked_us_is_written_to_after_an_erasure(self):
        for reason, answered in (("blocked", True), ("colleague", False)):
            self.customer("Hola", **ID_ALONE)
            contact = self.get_contacts().filtered(lambda each: not each.erased_at)
            contact._opt_out(reason)
            contact._erase()
            self.assertEqual(bool(self.customer("Hola", **ID_ALONE)), answered, reason)
            last = self.get_contacts().filtered(lambda each: not each.erased_at)
            self.assertEqual(last.opt_out_reason, False if answered else reason)
            last._opt_in("administrator")
            last.unlink()

    def test_who_wanted_no_messages_and_was_deleted_is_known_by_the_id(self):
        """As by Odoo's own privacy tool: not even the row stays. The wish can be taken back, by each of the ids."""
        for erased_first in (False, True):
            self.customer("BAJA", **ID_ALONE, ParentExternalUserId=PARENT)
            contact = self.get_contacts()
            if erased_first:
                contact._erase()
            contact.unlink()
            self.env.flush_all()
            self.assertEqual(self.customer("Hola", **ID_ALONE), [])
            self.assertEqual(self.get_contacts().opt_out_reason, "customer")
            self.assertTrue(self.customer("ALTA", **ID_ALONE))
            self.assertTrue(self.customer("Busco un sofá", **ID_ALONE, ParentExternalUserId=PARENT))
            self.get_contacts().unlink()
            traces = self.env["whatsapp.contact.address"].search([("key", "=like", "erased:%")])
            self.assertFalse(traces)

    def test_sender_whose_account_is_another_knows_its_customers(self):
        self.sender.account_sid = ACCOUNT
        self.customer("Hola", **ID_ALONE)
        contact = self.get_contacts()
        self.customer("BAJA", **ID_ALONE)
        self.sender.account_sid = "AC" + "2" * 32
        self.assertEqual(self.customer("Hola", **ID_ALONE), [])
        self.assertEqual(self.get_contacts(), contact)
        self.sender.account_sid = ACCOUNT
        self.customer("Hola", **ID_ALONE)
        self.assertEqual(self.get_contacts(), contact)

    def test_account_that_sees_other_ids_makes_nobody_a_stranger(self):
        self.sender.account_sid = ACCOUNT
        self.customer("Hola", **BOTH)
        contact = self.get_contacts()
        self.sender.account_sid = "AC" + "2" * 32
        self.customer("Hola", customer=CUSTOMER, ExternalUserId=OTHER_ID)
        self.assertEqual(self.get_contacts(), contact)

    def test_username_is_shown_and_tells_nobody_apart(self):
        self.customer("Hola", **ID_ALONE)
        contact = self.get_contacts()
        self.assertIn("@maria.jose", contact.display_name)
        self.customer("Hola", **{**ID_ALONE, "customer": OTHER_SCOPED, "ExternalUserId": OTHER_ID})
        self.assertEqual(len(self.get_contacts()), 2, "whoever takes the name is somebody else")
        self.customer("Hola", **{**ID_ALONE, "ProfileUsername": "otra"})
        self.assertEqual(contact.username, "otra")

    def test_customer_whom_no_address_names(self):
        """Twilio leaves out what it does not know: the id tells who it is all the same."""
        self.customer("Busco un sofá", **BOTH)
        self.customer("Para Quito", **{**BOTH, "From": None})
        self.assertEqual(
            len(self.assertOneCustomer().conversation_ids.line_ids.filtered(lambda line: line.direction == "inbound")),
            2,
        )

    def test_odd_senders_are_kept_and_answered(self):
        for odd in ("whatsapp:???", "whatsapp:" + "x" * 3000, "whatsapp:\u202e", "whatsapp:EC.ñandú"):
            line = self.receive("Hola", customer=odd)
            self.work()
            self.assertEqual(line.parameters["From"], odd)
            replies = line.conversation_id.line_ids - line
            self.assertEqual(replies.mapped("body"), ["¿En qué puedo ayudarte hoy?"])
        self.assertEqual(len(self.get_contacts()), 4)

    def test_all_orders_of_three_customers(self):
        """In one worker; `tests/test_identity.py` has two."""
        people = [(f"+59398700010{n}", f"EC.Person{n}Person") for n in range(3)]
        messages = [
            message
            for number, scoped in people
            for message in (
                {"customer": f"whatsapp:{number}", "ExternalUserId": scoped},
                {"customer": f"whatsapp:{scoped}"},
            )
        ]
        for order in list(permutations(messages))[::97]:
            for message in order:
                self.receive("Hola", **message)
            self.work()
            contacts = self.get_contacts()
            self.assertEqual(len(contacts), 3)
            for number, scoped in people:
                lines = self.env["whatsapp.conversation.message"].search(
                    [("address", "in", [f"whatsapp:{number}", f"whatsapp:{scoped}"]), ("direction", "=", "inbound")]
                )
                self.assertEqual(len(lines), 2)
                self.assertEqual(len(lines.conversation_id), 1)
            contacts.unlink()


@tagged("post_install", "-at_install")
class TestMerge(WhatsappCase):
    """Who came by the number and who came by an id turn out to be one: nothing of either is lost."""

    def get_contact(self, address):
        return self.env["whatsapp.contact"].search([("address_ids.value", "=", address)])

    def open(self, contact):
        return contact.conversation_ids.filtered(lambda each: each.stage != "closed")

    def begin(self, words_by_number=("Busco un sofá",), words_by_id=("Busco una cama",)):
        """The two, before anybody knows. Returns their contacts."""
        self.customer(*words_by_number, **NUMBER_ALONE)
        self.customer(*words_by_id, **ID_ALONE)
        by_number, by_id = self.get_contact(CUSTOMER), self.get_contact(SCOPED)
        self.assertNotEqual(by_number, by_id)
        return by_number, by_id

    def test_nothing_that_was_said_is_lost(self):
        by_number, by_id = self.begin()
        lines = (by_number | by_id).conversation_ids.line_ids
        channels = [contact.conversation_ids._get_channel() for contact in (by_number, by_id)]
        said = lines.mail_message_id
        self.assertEqual(len(said), 4)
        guest = by_id.guest_id
        self.customer("Gracias", **BOTH)
        contact = self.get_contact(SCOPED)
        self.assertEqual((contact, by_id.exists(), guest.exists()), (by_number, by_id.browse(), guest.browse()))
        self.assertEqual(lines.conversation_id.contact_id, contact)
        self.assertEqual([channel.exists() for channel in channels], [channels[0], channels[1].browse()])
        self.assertEqual(set(said.mapped("res_id")), set(channels[0].ids))
        self.assertLessEqual(said, channels[0].message_ids)
        self.assertEqual(said.author_guest_id, contact.guest_id)
        self.assertEqual(contact.conversation_ids.channel_id, channels[0])
        self.assertEqual(channels[0].whatsapp_conversation_id, self.open(contact))

    def test_thread_that_only_one_had(self):
        for place in (0, 1):
            contacts = self.begin()
            channel = contacts[place].conversation_ids._get_channel()
            self.customer("Gracias", **BOTH)
            contact = self.get_contact(SCOPED)
            self.assertEqual(contact.conversation_ids.channel_id, channel)
            words = channel.message_ids.mapped("preview")
            self.assertTrue({"Busco un sofá", "Busco una cama", "Gracias"} <= set(words), words)
            contact.unlink()

    def test_what_is_known_goes_on_in_one_conversation(self):
        self.begin(("Hola, soy María",), ("Busco una cama, vivo en Loja",))
        replies = self.customer("Tengo $900", **BOTH)
        conversation = self.open(self.get_contact(SCOPED))
        self.assertEqual(
            (conversation.customer_name, conversation.product_interest, conversation.city, conversation.budget_max),
            ("María", "cama", "Loja", 900),
        )
        self.assertTrue(conversation.lead_id)
        self.assertEqual(len(replies), 1)

    def test_what_both_wanted_is_wanted(self):
        self.begin(("Soy María, busco un sofá, tengo $900",), ("Busco una cama",))
        self.customer("Gracias", **BOTH)
        conversation = self.open(self.get_contact(SCOPED))
        self.assertEqual(conversation.product_interest, "sofá, cama")
        self.assertEqual(conversation.lead_id.x_product_interest, "sofá, cama")

    def test_what_an_advertisement_named_gives_way_to_what_was_said(self):
        self.customer("Hola", **NUMBER_ALONE, ReferralHeadline="Sofás desde $499", ReferralSourceId="77")
        self.assertEqual(self.get_contact(CUSTOMER).conversation_ids.product_interest, "sofá")
        self.customer("Busco una cama", **ID_ALONE)
        self.customer("Gracias", **BOTH)
        self.assertEqual(self.open(self.get_contact(SCOPED)).product_interest, "cama")

    def test_leads_of_both_stay(self):
        by_number, by_id = self.begin(
            ("Soy María, busco un sofá, tengo $900",), ("Soy María, busco una cama, tengo $700",)
        )
        leads = by_number.conversation_ids.lead_id, by_id.conversation_ids.lead_id
        self.assertEqual(list(map(len, leads)), [1, 1])
        self.customer("Gracias", **BOTH)
        contact = self.get_contact(SCOPED)
        self.assertEqual(contact.conversation_ids.lead_id, leads[0] | leads[1])
        self.assertIn(self.open(contact).lead_id, leads)

    def test_person_is_asked_whether_leads_of_both_are_one_sale(self):
        seller = new_test_user(self.env, "merge-leads", groups="sales_team.group_sale_salesman", lang="en_US")
        by_number, by_id = self.begin(
            ("Soy María, busco un sofá, tengo $900",), ("Soy María, busco una cama, tengo $700",)
        )
        leads = [contact.conversation_ids.lead_id for contact in (by_number, by_id)]
        for lead in leads:
            lead.user_id = seller
        self.customer("Gracias", **BOTH)
        goes_on = self.open(self.get_contact(SCOPED)).lead_id
        (other,) = set(leads) - {goes_on}
        for lead, named in ((goes_on, other), (other, goes_on)):
            self.assertTrue(lead.active)
            (note,) = lead.message_ids.filtered(lambda message, named=named: f'data-oe-id="{named.id}"' in message.body)
            self.assertNotIn("María", note.preview)
        (activity,) = (goes_on | other).activity_ids.filtered(lambda each: each.summary.startswith("Merge"))
        self.assertEqual((activity.res_id, activity.user_id), (goes_on.id, seller))
        self.assertIn(f'data-oe-id="{other.id}"', activity.note)

    def test_leads_that_are_done_with_are_not_proposed(self):
        by_number, _by_id = self.begin(
            ("Soy María, busco un sofá, tengo $900",), ("Soy María, busco una cama, tengo $700",)
        )
        by_number.conversation_ids.lead_id.action_set_lost()
        self.customer("Gracias", **BOTH)
        leads = self.get_contact(SCOPED).conversation_ids.lead_id
        self.assertEqual(len(leads), 1 + 1)
        self.assertFalse(leads.activity_ids.filtered(lambda each: each.summary.startswith(("Merge", "¿"))))

    def test_conversation_that_ends_tells_where_it_goes_on(self):
        by_number, by_id = self.begin()
        both = by_number.conversation_ids | by_id.conversation_ids
        self.customer("Gracias", **BOTH)
        (ends,) = both.filtered(lambda each: each.stage == "closed")
        (stays,) = both - ends
        self.assertTrue(ends.message_ids.filtered(lambda message: f'data-oe-id="{stays.id}"' in message.body))

    def test_who_a_person_writes_with_stays_with_them(self):
        _by_number, by_id = self.begin()
        seller = new_test_user(self.env, "merge-seller", groups="sales_team.group_sale_salesman")
        theirs = by_id.conversation_ids
        theirs.user_id = seller
        theirs.with_user(seller).action_take_over()
        self.assertEqual(self.customer("Gracias", **BOTH), [], "the assistant is silent")
        conversation = self.open(self.get_contact(SCOPED))
        self.assertEqual((conversation, conversation.user_id, conversation.stage), (theirs, seller, "person"))
        self.assertIn(seller.partner_id, conversation.channel_id.channel_member_ids.partner_id)

    def test_who_is_waited_for_is_waited_for(self):
        by_number, by_id = self.begin(words_by_id=("Quiero hablar con una persona",))
        handover = by_id.conversation_ids.handover_id
        self.assertTrue(handover.activity_id)
        self.customer("Soy María, busco un sofá, tengo $900", **NUMBER_ALONE)
        by_number.conversation_ids._end_handover("done", "")
        by_number.conversation_ids.stage = "person"
        self.customer("Gracias", **BOTH)
        conversation = self.open(self.get_contact(SCOPED))
        self.assertEqual(conversation.handover_id, handover)
        self.assertFalse(handover.ended_at)
        self.assertEqual(handover.activity_id.res_id, conversation.id)

    def test_who_wanted_no_messages_gets_none(self):
        for refusing, other in ((NUMBER_ALONE, ID_ALONE), (ID_ALONE, NUMBER_ALONE)):
            self.customer("BAJA", **refusing)
            self.assertTrue(self.customer("Hola", **other))
            self.assertEqual(self.customer("Busco un sofá", **BOTH), [])
            contact = self.get_contact(SCOPED)
            self.assertEqual(contact.opt_out_reason, "customer")
            self.assertTrue(self.env["phone.blacklist"].search_count([("number", "=", PHONE)]))
            self.assertTrue(self.customer("ALTA", **ID_ALONE))
            self.assertFalse(self.env["phone.blacklist"].search_count([("number", "=", PHONE)]))
            contact.unlink()

    def test_last_word_counts(self):
        before = {"DateSent": (utcnow() - timedelta(hours=1)).isoformat() + "+00:00"}
        for refusing, other in ((NUMBER_ALONE, ID_ALONE), (ID_ALONE, NUMBER_ALONE)):
            self.customer("BAJA", **refusing, **before)
            self.customer("ALTA", **other)
            self.assertTrue(self.customer("Busco un sofá", **BOTH), "who asked for messages since gets them")
            contact = self.get_contact(SCOPED)
            self.assertFalse(contact.opted_out_at)
            self.assertFalse(self.env["phone.blacklist"].search_count([("number", "=", PHONE)]))
            contact.unlink()

    def test_word_before_the_last_does_not_count(self):
        before = {"DateSent": (utcnow() - timedelta(hours=1)).isoformat() + "+00:00"}
        self.customer("ALTA", **ID_ALONE, **before)
        self.customer("BAJA", **NUMBER_ALONE)
        self.assertEqual(self.customer("Busco un sofá", **BOTH), [])
        self.assertEqual(self.get_contact(SCOPED).opt_out_reason, "customer")

    def test_what_a_colleague_noted_is_not_taken_back_by_a_merge(self):
        by_number, _by_id = self.begin()
        by_number._opt_out("colleague", utcnow() - timedelta(hours=1))
        self.customer("ALTA", **ID_ALONE)
        self.assertEqual(self.customer("Busco un sofá", **BOTH), [])
        self.assertEqual(self.get_contact(SCOPED).opt_out_reason, "colleague")

    def test_what_waits_to_be_sent_goes_once(self):
        self.customer("Busco un sofá", **NUMBER_ALONE)
        self.receive("Busco una cama", **ID_ALONE)
        self.read_only()
        waiting = self.get_contact(SCOPED).conversation_ids.line_ids.filtered(lambda line: line.state == "queued")
        self.assertEqual(len(waiting), 1)
        self.receive("Gracias", **BOTH)
        self.work()
        self.assertEqual(
            self.open(self.get_contact(SCOPED)).line_ids.filtered(lambda line: line.state in ("queued", "received")),
            waiting.browse(),
        )
        self.assertIn(waiting.state, ("simulated", "dropped"))

    def test_people_with_two_numbers_are_two(self):
        """Who changes the number gets another id: one id with two numbers is somebody's fault, and no proof."""
        self.customer("Hola", **BOTH)
        other = {"customer": "whatsapp:+593987654399"}
        self.customer("Hola", **other)
        self.customer("Hola", **other, ExternalUserId=ID)
        self.assertEqual(self.get_contact(SCOPED).phone, PHONE)
        self.assertEqual(self.get_contact(other["customer"]).phone, "+593987654399")
        self.assertNotEqual(self.get_contact(other["customer"]), self.get_contact(SCOPED))

    def buy_by_number_and_id(self):
        """A customer of a sender of a real account, with a lead and an entry in the address book; returns the contact."""
        self.sender.account_sid = ACCOUNT
        self.env["res.partner"].create({"name": "María Vélez", "phone": PHONE})
        self.customer("Soy María, busco una cama, tengo $900", **BOTH)
        contact = self.get_contact(SCOPED)
        self.assertTrue(contact.conversation_ids.lead_id and contact.partner_id)
        return contact

    def assertNothingInCommon(self, first, second):
        self.assertEqual((len(first), len(second)), (1, 1))
        self.assertNotEqual(first, second)
        self.assertFalse(second.partner_id)
        for name in ("lead_id", "channel_id", "line_ids"):
            self.assertFalse(first.conversation_ids[name] & second.conversation_ids[name], name)
        self.assertEqual((first.phone, get_addresses(first)), (False, {("scoped", SCOPED)}))
        self.assertEqual(
            (second.phone, get_addresses(second)), (PHONE, {("scoped", OTHER_SCOPED), ("number", CUSTOMER)})
        )
        self.assertNotIn("María", str(second.conversation_ids.mapped("customer_name")))

    def test_number_that_a_carrier_gives_to_somebody_else(self):
        first = self.buy_by_number_and_id()
        first.conversation_ids._get_channel()
        self.customer("Soy Pedro, busco un sofá, tengo $700", **STRANGER)
        second = self.get_contact(OTHER_SCOPED)
        self.assertNothingInCommon(first, second)
        self.assertTrue(second.conversation_ids.lead_id)
        self.assertEqual(first.conversation_ids.lead_id.contact_name, "María")
        self.assertEqual(first.conversation_ids._get_address(), SCOPED, "what a colleague writes goes to who it is for")
        notes = " ".join(first.conversation_ids._get_channel().message_ids.mapped("body"))
        self.assertIn("+593 98 765 4321", notes, "who looks after the first is told not to call there")
        leads = [contact.conversation_ids.lead_id for contact in (first, second)]
        self.assertEqual([lead.phone_sanitized for lead in leads], [False, PHONE], "nobody is called for another")
        self.assertNotIn(leads[0], leads[1].duplicate_lead_ids)
        for record in (leads[0], first.partner_id):
            notes = " ".join(record.message_ids.mapped("body"))
            self.assertIn("+593 98 765 4321", notes, record)
        self.assertEqual(first.partner_id.phone_sanitized, PHONE, "the address book is for people to change")
        self.customer("Gracias", **NUMBER_ALONE)
        self.customer("Una pregunta", **ID_ALONE)
        self.assertNothingInCommon(first, second)

    def test_number_goes_to_somebody_else_in_simulation_too(self):
        self.customer("Soy María, busco una cama, tengo $900", **BOTH)
        first = self.get_contact(SCOPED)
        self.assertTrue(first.conversation_ids.lead_id)
        self.assertFalse(self.sender.account_sid)
        self.customer("Soy Pedro, busco un sofá, tengo $700", **STRANGER)
        self.assertNothingInCommon(first, self.get_contact(OTHER_SCOPED))
        self.assertEqual(first.conversation_ids._get_address(), SCOPED)

    def test_who_wanted_no_messages_is_not_who_has_the_number_now(self):
        first = self.buy_by_number_and_id()
        self.customer("BAJA", **BOTH)
        self.customer("Hola", **STRANGER)
        self.assertNothingInCommon(first, self.get_contact(OTHER_SCOPED))
        self.assertEqual(first.opt_out_reason, "customer")
        self.assertNotEqual(self.get_contact(OTHER_SCOPED).opt_out_reason, "customer", "that is another's wish")

    def test_stranger_who_came_by_the_id_before_the_number(self):
        first = self.buy_by_number_and_id()
        self.customer("Hola", **{**STRANGER, "customer": OTHER_SCOPED})
        second = self.get_contact(OTHER_SCOPED)
        self.customer("Soy Pedro, busco un sofá, tengo $700", **STRANGER)
        self.assertEqual(self.get_contact(OTHER_SCOPED), second)
        self.assertNothingInCommon(first, second)

    def test_number_told_takes_the_place_of_one_that_is_somebody_elses(self):
        first = self.buy_by_number_and_id()
        first.told_phone = "+593991234567"
        self.customer("Hola", **STRANGER)
        self.assertEqual(first.conversation_ids.lead_id.phone_sanitized, "+593991234567")
        self.assertIn(
            "+593 98 765 4321", " ".join(first.partner_id.message_ids.mapped("body")), "it is told there as well"
        )

    def test_number_on_a_lead_that_is_not_the_lost_one_stays(self):
        first = self.buy_by_number_and_id()
        lead = first.conversation_ids.lead_id
        lead.phone = "+593 99 123 4567"
        before = lead.message_ids
        self.customer("Hola", **STRANGER)
        self.assertEqual(lead.phone, "+593 99 123 4567")
        self.assertFalse([each for each in lead.message_ids - before if "+593 98 765 4321" in each.body])

    def test_what_waits_for_who_had_the_number_goes_to_them(self):
        """What was in doubt or under way as well, once it is to go again."""
        for state in ("queued", "unknown", "sending"):
            with self.subTest(state=state):
                first = self.buy_by_number_and_id()
                waiting = first.conversation_ids.line_ids.sorted("id")[-1]
                waiting.write({"state": state, "author": "person", "sid": False, "sent_at": utcnow()})
                self.receive("Hola", **STRANGER)
                self.read_only()
                if state == "unknown":
                    self.assertIn(CUSTOMER, waiting._get_possible_recipients(), "Twilio may have it for the number")
                    self.env["whatsapp.outbox"]._record_check(waiting, [])
                elif state == "sending":
                    error = DeliveryError("busy", LATER, "20429")
                    self.env["whatsapp.outbox"]._record_failure(waiting, error)
                    waiting.retry_at = False
                self.work()
                self.assertEqual((waiting.state, waiting.address), ("simulated", SCOPED))
                (first | self.get_contact(OTHER_SCOPED)).unlink()
                self.env["res.partner"].search([("phone_sanitized", "=", PHONE)]).unlink()

    def test_what_waits_goes_where_the_customer_wrote_from(self):
        """A number that shows with the id of somebody else, who is answered there all the same."""
        self.sender.account_sid = ACCOUNT
        self.customer("Hola", **BOTH)
        other = "whatsapp:+593987654399"
        self.customer("Hola", customer=other)
        self.customer("Hola", customer=other, ExternalUserId=ID)
        last = self.get_contact(SCOPED).conversation_ids.line_ids.sorted("id")[-1]
        self.assertEqual((last.direction, last.address), ("outbound", other))

    def test_new_id_with_the_same_parent_is_the_same_person(self):
        first = self.buy_by_number_and_id()
        self.customer("Gracias", **BOTH, ParentExternalUserId=PARENT)
        self.customer("Una pregunta", **STRANGER, ParentExternalUserId=PARENT)
        self.assertEqual(self.get_contact(OTHER_SCOPED), first)

    def test_partner_of_either_is_the_customers(self):
        partner = self.env["res.partner"].create({"name": "María Vélez", "phone": PHONE})
        by_number, by_id = self.begin()
        self.assertEqual((by_number.partner_id, by_id.partner_id), (partner, partner.browse()))
        self.customer("Gracias", **BOTH)
        self.assertEqual(self.get_contact(SCOPED).partner_id, partner)

    def test_partner_who_has_become_a_colleague_is_not_the_customers(self):
        _by_number, by_id = self.begin()
        by_id.conversation_ids._get_channel()
        partner = self.env["res.partner"].create({"name": "María Vélez"})
        new_test_user(self.env, "merge-colleague", groups="sales_team.group_sale_salesman", partner_id=partner.id)
        self.assertFalse(partner.partner_share)
        self.link_past_checks(by_id, partner)
        self.assertTrue(self.customer("Gracias", **BOTH), "what the customer writes is read")
        contact = self.get_contact(SCOPED)
        self.assertEqual((contact, contact.partner_id), (self.get_contact(CUSTOMER), partner.browse()))
        said = contact.conversation_ids.channel_id.message_ids.filtered(lambda each: each.preview == "Gracias")
        self.assertEqual((len(said), said.author_id), (1, partner.browse()))

    def link_past_checks(self, contact, partner):
        """As a group that takes in who is of another one leaves it."""
        self.env.cr.execute("UPDATE whatsapp_contact SET partner_id = %s WHERE id = %s", [partner.id, contact.id])
        self.env.invalidate_all()

    def test_ticket_and_advertisement_go_on(self):
        by_number, by_id = self.begin()
        ad = self.env["whatsapp.advertisement"].create(
            {"company_id": by_number.company_id.id, "reference": "1", "headline": "Sofás"}
        )
        stays, ends = (by_number.conversation_ids | by_id.conversation_ids)._choose_open()
        ends.write({"ticket_ref": 7, "advertisement_id": ad.id, "advertisement_click": "click"})
        self.customer("Gracias", **BOTH)
        self.assertEqual((stays.stage != "closed", ends.stage), (True, "closed"))
        self.assertEqual((stays.ticket_ref, stays.advertisement_id, stays.advertisement_click), (7, ad, "click"))
        self.assertFalse(ends.ticket_ref, "one case, one ticket")
        self.assertFalse(ends.advertisement_id, "one click, one customer")
        self.assertFalse(ends.campaign_id)

    def test_advertisements_of_both_count_for_both(self):
        by_number, by_id = self.begin()
        both = by_number.conversation_ids | by_id.conversation_ids
        for number, conversation in enumerate(both):
            conversation.advertisement_id = self.env["whatsapp.advertisement"].create(
                {"company_id": by_number.company_id.id, "reference": str(number), "headline": "Sofás"}
            )
        ads = both.mapped("advertisement_id")
        self.customer("Gracias", **BOTH)
        self.assertEqual(both.mapped("advertisement_id"), ads)

    def test_what_did_not_arrive_is_still_seen(self):
        _by_number, by_id = self.begin()
        failed = by_id.conversation_ids.line_ids.sorted("id")[-1]
        failed.write({"author": "person", "state": "sent"})
        failed._move_to("failed", error="no")
        self.assertEqual(by_id.conversation_ids.failed_message_id, failed)
        self.customer("Gracias", **BOTH)
        conversation = self.open(self.get_contact(SCOPED))
        self.assertEqual(conversation.failed_message_id, failed)
        self.assertFalse((self.get_contact(SCOPED).conversation_ids - conversation).failed_message_id)

    def test_what_fails_after_the_conversation_ended_is_seen_where_it_goes_on(self):
        self.begin()
        self.customer("Gracias", **BOTH)
        ended = self.get_contact(SCOPED).conversation_ids.filtered(lambda each: each.stage == "closed")
        sent = ended.line_ids.filtered(lambda line: line.direction == "outbound").sorted("id")[-1]
        sent.state = "sent"
        sent._move_to("failed", error="no")
        self.assertEqual(self.open(self.get_contact(SCOPED)).failed_message_id, sent)

    def test_what_was_reacted_with_and_planned_stays(self):
        for partner in (False, True):
            with self.subTest(partner=partner):
                by_number, by_id = self.begin()
                channels = [contact.conversation_ids._get_channel() for contact in (by_number, by_id)]
                if partner:
                    by_number.partner_id = self.env["res.partner"].create({"name": "María Vélez"})
                reaction = self.env["mail.message.reaction"].create(
                    {"message_id": channels[1].message_ids[0].id, "guest_id": by_id._get_guest().id, "content": "👍"}
                )
                planned = self.env["mail.scheduled.message"].create(
                    {
                        "model": "discuss.channel",
                        "res_id": channels[1].id,
                        "author_id": self.env.ref("base.partner_admin").id,
                        "body": "Le escribo mañana",
                        "scheduled_date": "2099-01-01 10:00:00",
                    }
                )
                self.customer("Gracias", **BOTH)
                self.assertTrue(reaction.exists())
                self.assertEqual(
                    reaction.partner_id if partner else reaction.guest_id,
                    (by_number.partner_id if partner else by_number.guest_id),
                )
                self.assertEqual(planned.exists().res_id, channels[0].id)
                by_number.unlink()

    def test_conversation_that_was_emptied_counts_nothing(self):
        for message in (NUMBER_ALONE, ID_ALONE):
            self.receive("Hola", **message)
        with self.as_worker() as env:
            env["whatsapp.worker"]._route_messages()
        ended = self.get_contact(SCOPED).conversation_ids
        self.customer("Gracias", **BOTH)
        ended = (ended | self.get_contact(SCOPED).conversation_ids).filtered(lambda each: each.stage == "closed")
        self.assertEqual(len(ended), 1)
        self.assertEqual((len(ended.line_ids), ended.inbound_count, ended.outbound_count), (0, 0, 0))

    def test_new_number_with_a_new_id_and_the_same_partner(self):
        """As WhatsApp has it when somebody changes the number: two contacts, one person in the address book, one lead."""
        partner = self.env["res.partner"].create({"name": "María Vélez", "phone": PHONE})
        self.customer("Soy María, busco una cama, tengo $900", **BOTH)
        lead = self.get_contact(SCOPED).conversation_ids.lead_id
        partner.phone = "+593987654399"
        new = {"customer": "whatsapp:+593987654399", "ExternalUserId": OTHER_ID}
        self.customer("Soy María, tengo nuevo número, mejor un sofá de $700", **new)
        contact = self.get_contact(new["customer"])
        self.assertEqual(partner.whatsapp_contact_ids, contact | self.get_contact(SCOPED))
        self.assertEqual(contact.conversation_ids.lead_id, lead)
        self.assertEqual(partner.whatsapp_conversation_count, 2)

    def test_number_that_comes_brings_its_partner(self):
        partner = self.env["res.partner"].create({"name": "María Vélez", "phone": PHONE})
        self.customer("Hola", **ID_ALONE)
        self.assertFalse(self.get_contact(SCOPED).partner_id)
        self.customer("Hola", **BOTH)
        self.assertEqual(self.get_contact(SCOPED).partner_id, partner)
        self.assertEqual(self.open(self.get_contact(SCOPED)).phone, PHONE)

    def test_number_that_comes_is_looked_up_on_the_blacklist(self):
        self.env["phone.blacklist"].create({"number": PHONE})
        self.assertTrue(self.customer("Hola", **ID_ALONE))
        self.assertEqual(self.customer("Hola", **BOTH), [])
        self.assertEqual(self.get_contact(SCOPED).opt_out_reason, "blacklist")


@tagged("post_install", "-at_install")
class TestNumberTold(WhatsappCase):
    """Who shows no number is asked for one with the lead, once; what they tell is to be called, and proves nothing."""

    TELLS = "0991234567"
    TOLD = "+593991234567"

    def setUp(self):
        super().setUp()
        self.questions = self.assistant.wording_ids.filtered(lambda wording: wording.situation == "ask_phone")

    def asks(self, replies):
        return any(wording.text.partition("{")[0] in reply for wording in self.questions for reply in replies)

    def buy(self, **parameters):
        """Returns the lead and the replies."""
        replies = self.customer("Soy María, busco una cama, tengo $900", **{**ID_ALONE, **parameters})
        return self.get_conversation(SCOPED).lead_id, replies

    def test_lead_without_a_number(self):
        other = self.env["crm.lead"].create({"name": "Without a phone", "type": "opportunity"})
        lead, _replies = self.buy()
        self.assertNotEqual(lead, other)
        self.assertFalse(lead.phone)
        self.assertEqual((lead.name, lead.contact_name), ("Cama - María", "María"))
        self.assertFalse(lead.duplicate_lead_ids & other)
        self.get_conversation(SCOPED).action_close()
        self.customer("Hola, soy María, busco mejor un sofá, tengo $700", **ID_ALONE)
        self.assertEqual(self.get_conversation(SCOPED).lead_id, lead, "found again by whose it is")

    def test_lead_of_somebody_without_any_name(self):
        self.assistant.contact_criterion = "phone"
        self.customer("Busco una cama", **{**ID_ALONE, "ProfileName": None})
        self.customer("Tengo $900", **{**ID_ALONE, "ProfileName": None})
        lead = self.get_conversation(SCOPED).lead_id
        self.assertEqual(lead.name, "Cama - @maria.jose")
        self.assertNotIn("False", lead.name)

    def test_asked_once(self):
        self.assertTrue(self.asks(self.buy()[1]))
        self.assertFalse(self.asks(self.customer("Gracias", "Vivo en Loja", **ID_ALONE)))
        self.get_conversation(SCOPED).lead_id.action_set_won()
        self.assertFalse(self.asks(self.buy()[1]))

    def test_not_asked_whose_number_is_shown_nor_where_the_shop_does_not_want_it(self):
        self.assertFalse(self.asks(self.customer("Soy María, busco una cama, tengo $900")))
        self.assistant.asks_phone = False
        self.assertFalse(self.asks(self.buy()[1]))

    def test_number_that_is_told(self):
        lead, _replies = self.buy()
        replies = self.customer(self.TELLS, **ID_ALONE)
        updated = self.assistant.wording_ids.filtered(lambda wording: wording.situation == "lead_updated")
        self.assertEqual(len(replies), 1)
        self.assertTrue(any(wording.text[:8] in replies[0] for wording in updated), replies)
        self.assertEqual(lead.phone_sanitized, self.TOLD)
        contact = self.get_conversation(SCOPED).contact_id
        self.assertEqual((contact.told_phone, contact.phone), (self.TOLD, False))
        self.customer("Perdón, es el 099 765 4321, mi celular", **ID_ALONE)
        self.assertEqual(lead.phone_sanitized, "+593997654321")

    def send_card(self, text):
        fetch = "odoo.addons.colineal_whatsapp_crm.gateway.media.fetch"
        self.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "secret"})
        self.startPatcher(patch("odoo.addons.colineal_whatsapp_crm.gateway.delivery.send", return_value=None))
        self.startPatcher(patch(fetch, lambda _credentials, _url, kind: Media(kind, text.encode())))
        self.startPatcher(
            patch("odoo.addons.colineal_whatsapp_crm.models.message.media._PATIENCE", timedelta(minutes=5))
        )
        media = {"NumMedia": "1", "MediaContentType0": "text/vcard", "MediaUrl0": "https://api.twilio.com/ME1"}
        return self.customer("", **{**ID_ALONE, "MessageType": "contacts", **media})

    def test_number_that_is_told_by_a_card(self):
        lead, _replies = self.buy()
        replies = self.send_card(f"BEGIN:VCARD\nFN:Mi amorcito\nTEL;waid={self.TOLD[1:]}:{self.TOLD}\nEND:VCARD")
        updated = self.assistant.wording_ids.filtered(lambda wording: wording.situation == "lead_updated")
        self.assertTrue(any(wording.text[:8] in replies[0] for wording in updated), replies)
        conversation = self.get_conversation(SCOPED)
        self.assertEqual((lead.phone_sanitized, conversation.contact_id.told_phone), (self.TOLD, self.TOLD))
        card = conversation.line_ids.filtered("cards")
        self.assertTrue(card._get_shown()["cards"][0]["own"])
        self.assertNotEqual(conversation.handover_id.reason, "unheard")

    def test_card_of_somebody_else_tells_no_number(self):
        self.customer("Hola", **ID_ALONE)
        self.send_card(f"BEGIN:VCARD\nFN:Rosa Mora\nTEL:{self.TOLD}\nEND:VCARD")
        self.assertFalse(self.get_conversation(SCOPED).contact_id.told_phone)

    def test_card_with_the_customers_name_tells_the_number_unasked(self):
        self.customer("Hola", **ID_ALONE)
        name = self.get_conversation(SCOPED).contact_id.profile_name
        self.send_card(f"BEGIN:VCARD\nFN:{name}\nTEL:{self.TOLD}\nEND:VCARD")
        self.assertEqual(self.get_conversation(SCOPED).contact_id.told_phone, self.TOLD)

    def test_number_in_forwarded_words_is_not_the_customers(self):
        self.buy()
        self.customer(f"Mi celular es {self.TELLS}", **ID_ALONE, Forwarded="true")
        self.assertFalse(self.get_conversation(SCOPED).contact_id.told_phone)

    def test_number_that_is_told_before_it_is_asked_for(self):
        _lead, replies = self.buy()
        self.get_conversation(SCOPED).contact_id.unlink()
        replies = self.customer(f"Soy María, busco una cama, tengo $900, mi celular es {self.TELLS}", **ID_ALONE)
        self.assertEqual(self.get_conversation(SCOPED).lead_id.phone_sanitized, self.TOLD)
        self.assertFalse(self.asks(replies))

    def test_numbers_that_are_not_the_customers(self):
        self.buy()
        for words in ("Mi presupuesto es 1200", "El pedido 0991234567 de mi hermano", "Gracias"):
            self.customer("Hola", **ID_ALONE)
            self.customer(words, **ID_ALONE)
            self.assertFalse(self.get_conversation(SCOPED).contact_id.told_phone, words)

    def test_number_of_another_customer_opens_nothing_of_theirs(self):
        """Anybody can tell any number."""
        partner = self.env["res.partner"].create({"name": "Carlos Andrade", "phone": self.TOLD})
        self.customer("Soy Carlos, busco un sofá, tengo $2000", customer=f"whatsapp:{self.TOLD}")
        victim = self.get_conversation(f"whatsapp:{self.TOLD}")
        lead, _replies = self.buy()
        self.customer(self.TELLS, **ID_ALONE)
        contact = self.get_conversation(SCOPED).contact_id
        self.assertNotEqual(contact, victim.contact_id)
        self.assertNotEqual(lead, victim.lead_id)
        self.assertFalse(contact.partner_id, "a person decides")
        self.customer("BAJA", **ID_ALONE)
        self.assertFalse(victim.opted_out)
        self.assertFalse(self.env["phone.blacklist"].search_count([("number", "=", self.TOLD)]))
        contact.action_find_partner()
        self.assertEqual(contact.partner_id, partner)

    def test_number_told_of_a_partner_of_that_name(self):
        partner = self.env["res.partner"].create({"name": "María Vélez", "phone": self.TOLD})
        lead, _replies = self.buy()
        self.customer(self.TELLS, **ID_ALONE)
        self.assertEqual(self.get_conversation(SCOPED).contact_id.partner_id, partner)
        self.assertEqual(lead.partner_id, partner)

    def test_number_and_first_name_of_a_customer_open_nothing_of_theirs(self):
        """Both are easily known: who tells them is not the customer for it."""
        partner = self.env["res.partner"].create({"name": "María Vélez", "phone": self.TOLD})
        self.customer("Soy María, busco un sofá, tengo $2000", customer=f"whatsapp:{self.TOLD}")
        victim = self.get_conversation(f"whatsapp:{self.TOLD}")
        self.assertEqual(victim.contact_id.partner_id, partner)
        before = victim.lead_id.read(["name", "expected_revenue", "priority", "x_product_interest"])
        self.customer(f"Soy María, busco una cama, tengo $900, mi celular es {self.TELLS}", **ID_ALONE)
        conversation = self.get_conversation(SCOPED)
        self.assertFalse(conversation.contact_id.partner_id)
        self.assertNotEqual(conversation.lead_id, victim.lead_id)
        self.assertEqual(victim.lead_id.read(["name", "expected_revenue", "priority", "x_product_interest"]), before)
        notes = (conversation.message_ids | conversation.channel_id.message_ids).mapped("body")
        self.assertTrue([body for body in notes if "María Vélez" in body], "a person decides")

    def test_lead_of_a_partners_other_contact_needs_a_number_that_is_shown(self):
        partner = self.env["res.partner"].create({"name": "María Vélez", "phone": self.TOLD})
        self.customer("Hola", **ID_ALONE)
        self.get_conversation(SCOPED).contact_id.partner_id = partner
        self.customer("Soy María, busco un sofá, tengo $2000", customer=f"whatsapp:{self.TOLD}")
        victim = self.get_conversation(f"whatsapp:{self.TOLD}").lead_id
        lead, _replies = self.buy()
        self.assertTrue(victim and lead)
        self.assertNotEqual(lead, victim)

    def get_proposals(self, lead):
        return lead.activity_ids.filtered(lambda each: each.summary.startswith("Merge"))

    def test_number_told_that_another_lead_has(self):
        """Whose the lead is may merge the two; the other one's is not touched."""
        seller = new_test_user(self.env, "told-seller", groups="sales_team.group_sale_salesman", lang="en_US")
        self.customer("Soy Carlos, busco un sofá, tengo $2000", customer=f"whatsapp:{self.TOLD}")
        other = self.get_conversation(f"whatsapp:{self.TOLD}").lead_id
        lead, _replies = self.buy()
        lead.user_id = seller
        before = other.message_ids, other.activity_ids
        self.customer(self.TELLS, **ID_ALONE)
        proposal = self.get_proposals(lead)
        self.assertEqual(proposal.user_id, seller)
        (note,) = lead.message_ids.filtered(lambda message: f'data-oe-id="{other.id}"' in message.body)
        for text in (note.body, proposal.note):
            self.assertNotIn("Carlos", text)
        self.assertEqual((other.message_ids, other.activity_ids), before)
        self.assertTrue(lead.active and other.active and lead != other)
        self.customer("Perdón, es el 099 765 4321, mi celular", **ID_ALONE)
        self.customer(f"No, mi celular es {self.TELLS}", **ID_ALONE)
        self.assertEqual(self.get_proposals(lead), proposal, "one is enough")
        self.assertEqual(lead.message_ids.filtered(lambda message: f'data-oe-id="{other.id}"' in message.body), note)
        proposal.action_feedback("They are two.")
        self.customer("Perdón, es el 099 765 4321, mi celular", **ID_ALONE)
        self.customer(f"No, mi celular es {self.TELLS}", **ID_ALONE)
        self.assertFalse(self.get_proposals(lead), "somebody has decided")

    def test_number_told_that_a_new_lead_has_as_well(self):
        first = self.env["crm.lead"].create({"name": "Somebody", "type": "opportunity", "phone": self.TOLD})
        lead, _replies = self.buy()
        self.customer(self.TELLS, **ID_ALONE)
        second = self.env["crm.lead"].create({"name": "Somebody", "type": "opportunity", "phone": self.TOLD})
        self.customer("Perdón, es el 099 765 4321, mi celular", **ID_ALONE)
        self.customer(f"No, mi celular es {self.TELLS}", **ID_ALONE)
        for other in (first, second):
            named = lead.message_ids.filtered(lambda message, other=other: f'data-oe-id="{other.id}"' in message.body)
            self.assertEqual(len(named), 1, other)

    def test_number_told_is_noted_once_whatever_comes_later(self):
        """Of another customer, and of somebody in Contacts: when it is told, and not once more with the lead."""
        for partner in (False, True):
            with self.subTest(partner=partner):
                if partner:
                    self.env["res.partner"].create({"name": "Carlos Andrade", "phone": self.TOLD})
                else:
                    self.customer("Hola, soy Carlos", customer=f"whatsapp:{self.TOLD}", ProfileName="Carlos")
                self.customer("Hola", **ID_ALONE)
                channel = self.get_conversation(SCOPED)._get_channel()
                self.customer(f"Mi celular es {self.TELLS}", **ID_ALONE)
                self.customer("Perdón, es el 099 765 4321, mi celular", **ID_ALONE)
                self.customer(f"No, mi celular es {self.TELLS}", **ID_ALONE)
                self.assertTrue(self.buy()[0])
                link = f'data-oe-model="{"res.partner" if partner else "whatsapp.conversation"}"'
                notes = channel.message_ids.filtered(lambda message, link=link: link in message.body)
                self.assertEqual(len(notes), 1, channel.message_ids.mapped("body"))
                self.env["whatsapp.contact"].search([("told_phone", "=", self.TOLD)]).unlink()
                self.env["whatsapp.contact"].search([("phone", "=", self.TOLD)]).unlink()

    def test_number_told_before_there_is_a_lead(self):
        other = self.env["crm.lead"].create({"name": "Somebody", "type": "opportunity", "phone": self.TOLD})
        self.customer("Hola", **ID_ALONE)
        self.customer(f"Mi celular es {self.TELLS}", **ID_ALONE)
        lead, _replies = self.buy()
        self.assertNotEqual(lead, other)
        self.assertTrue(lead.message_ids.filtered(lambda message: f'data-oe-id="{other.id}"' in message.body))

    def test_number_told_of_another_customer_on_whatsapp(self):
        self.customer("Hola, soy Carlos", customer=f"whatsapp:{self.TOLD}", ProfileName="Carlos")
        other = self.get_conversation(f"whatsapp:{self.TOLD}")
        lead, _replies = self.buy()
        channel = self.get_conversation(SCOPED)._get_channel()
        self.customer(self.TELLS, **ID_ALONE)
        notes = channel.message_ids.filtered(lambda message: f'data-oe-id="{other.id}"' in message.body)
        self.assertEqual(len(notes), 1)
        self.assertNotIn("Carlos", notes.body)
        self.assertFalse(self.get_proposals(lead))

    def test_number_told_that_nobody_has(self):
        lead, _replies = self.buy()
        before = lead.message_ids
        self.customer(self.TELLS, **ID_ALONE)
        self.assertFalse(self.get_proposals(lead))
        self.assertFalse([each for each in lead.message_ids - before if "data-oe-id" in each.body])

    def test_number_told_that_is_on_the_blacklist(self):
        self.env["phone.blacklist"].create({"number": self.TOLD})
        self.buy()
        self.customer(self.TELLS, **ID_ALONE)
        self.assertEqual(self.get_conversation(SCOPED).contact_id.opt_out_reason, "blacklist")

    def test_number_told_on_the_blacklist_that_was_not_the_customers(self):
        """The number that WhatsApp shows is the one that counts."""
        self.env["phone.blacklist"].create({"number": self.TOLD})
        self.buy()
        self.customer(self.TELLS, **ID_ALONE)
        contact = self.get_conversation(SCOPED).contact_id
        self.assertTrue(contact.opted_out)
        self.assertTrue(self.customer("Hola", **BOTH))
        self.assertFalse(contact.opted_out)

    def test_number_told_on_the_blacklist_of_who_turns_out_to_be_another_contact(self):
        self.customer("Hola", **NUMBER_ALONE)
        self.env["phone.blacklist"].create({"number": self.TOLD})
        self.buy()
        self.customer(self.TELLS, **ID_ALONE)
        self.assertTrue(self.customer("Busco un sofá", **BOTH))
        self.assertFalse(self.get_conversation(SCOPED).contact_id.opted_out)

    def test_number_told_that_goes_on_the_blacklist_later(self):
        self.buy()
        self.customer(self.TELLS, **ID_ALONE)
        contact = self.get_conversation(SCOPED).contact_id
        entry = self.env["phone.blacklist"].create({"number": self.TOLD})
        self.assertEqual(contact.opt_out_reason, "blacklist")
        self.assertEqual(self.customer("Hola", **ID_ALONE), [])
        entry.active = False
        self.assertFalse(contact.opted_out)
        self.assertTrue(self.customer("Hola", **ID_ALONE))
        self.env["phone.blacklist"].create({"number": PHONE})
        self.assertFalse(contact.opted_out, "another number")

    def test_number_that_a_colleague_wrote_on_the_lead_stays(self):
        lead, _replies = self.buy()
        partner = self.env["res.partner"].create({"name": "María Vélez"})
        self.get_conversation(SCOPED).contact_id.partner_id = partner
        lead.phone = "+593991111111"
        self.customer(self.TELLS, **ID_ALONE)
        self.assertEqual((lead.partner_id, lead.phone_sanitized), (partner, "+593991111111"))
        self.customer("Perdón, es el 099 765 4321, mi celular", **ID_ALONE)
        self.assertEqual(lead.phone_sanitized, "+593991111111")

    def test_number_that_whatsapp_shows_stands_on_the_lead(self):
        partner = self.env["res.partner"].create({"name": "María Vélez", "phone": PHONE})
        lead, _replies = self.buy()
        self.customer("Gracias", **BOTH)
        self.assertEqual((lead.phone_sanitized, lead.partner_id), (PHONE, partner))


@tagged("post_install", "-at_install")
class TestPrivacyByAnyAddress(WhatsappCase):
    def test_export_tells_all_addresses(self):
        self.customer("Hola", **BOTH)
        self.customer("Hola", **ID_ALONE)
        data = self.get_conversation(SCOPED).contact_id._get_personal_data()
        self.assertEqual({row["address"] for row in data["addresses"]}, {CUSTOMER, SCOPED})
        self.assertEqual((data["username"], data["phone"]), ("maria.jose", PHONE))

    def test_search_knows_ids_and_usernames(self):
        self.customer("Hola", **ID_ALONE)
        conversation = self.get_conversation(SCOPED)
        contact = conversation.contact_id
        for written in ("@maria.jose", "maria.jose", ID, SCOPED):
            with self.subTest(written):
                self.assertIn(contact, contact.browse(dict(contact.name_search(written))))
                self.assertIn(conversation, conversation.search([("number_search", "ilike", written)]))
        self.assertFalse(contact.name_search("@otra"))

    def test_erasure_of_one_that_was_two(self):
        self.customer("Soy Josefina", **NUMBER_ALONE)
        self.customer("Soy Josefina", **ID_ALONE)
        self.customer("Gracias", **BOTH)
        self.get_conversation().contact_id._erase()
        self.env.flush_all()
        for model in ("whatsapp.contact", "whatsapp.contact.address", "whatsapp.conversation", "mail.message",
                      "whatsapp.conversation.message", "whatsapp.classification"):  # fmt: skip
            for trace in (ID, PHONE, "Josefina", "maria.jose"):
                self.env.cr.execute(f"SELECT id FROM {self.env[model]._table} t WHERE t::text LIKE %s", [f"%{trace}%"])
                self.assertFalse(self.env.cr.fetchall(), (model, trace))


@tagged("post_install", "-at_install")
class TestSenders(WhatsappCase):
    SERVICE = "MG" + "3" * 32

    def go_live(self):
        self.sender.write(
            {"account_sid": "AC" + "1" * 32, "auth_token": "secret", "messaging_service_sid": self.SERVICE}
        )

    def test_messaging_service_sends(self):
        self.go_live()
        with patch("odoo.addons.colineal_whatsapp_crm.gateway.delivery.send", return_value="SM1") as send:
            self.customer("Hola", AccountSid="AC" + "1" * 32)
        self.assertEqual(send.call_args.args[1], self.SERVICE)

    def test_customer_is_answered_from_the_number_of_the_pool_that_they_wrote_to(self):
        self.go_live()
        account, pool = "AC" + "1" * 32, "+593999000999"
        for number in (pool, self.sender.number, pool):
            with patch("odoo.addons.colineal_whatsapp_crm.gateway.delivery.send", return_value=f"SM{number}") as send:
                self.customer("¿Tienen camas?", sender=number, AccountSid=account, MessagingServiceSid=self.SERVICE)
            self.assertEqual(
                {(call.args[1], call.kwargs["number"]) for call in send.call_args_list}, {(self.SERVICE, number)}
            )

    def test_service_chooses_where_the_number_is_not_known_any_more(self):
        self.go_live()
        self.receive("Hola", AccountSid="AC" + "1" * 32)
        self.read_only()
        self.get_conversation().line_ids.parameters = False
        with patch("odoo.addons.colineal_whatsapp_crm.gateway.delivery.send", return_value="SM1") as send:
            self.work()
        self.assertEqual((send.call_args.args[1], send.call_args.kwargs["number"]), (self.SERVICE, None))

    def test_messages_to_any_number_of_the_pool_are_the_senders(self):
        self.go_live()
        find = self.env["whatsapp.sender"]._find_endpoint
        account, pool = "AC" + "1" * 32, "whatsapp:+593999000999"
        self.assertEqual(find(pool, account, self.SERVICE).id, self.sender.id)
        self.assertIsNone(find(pool, "AC" + "2" * 32, self.SERVICE), "another account's proves nothing")
        self.assertIsNone(find(pool, account, "MG" + "4" * 32))
        self.assertEqual(find(f"whatsapp:{self.sender.number}", account).id, self.sender.id)

    def test_messaging_service_is_one_senders(self):
        with self.assertRaises(ValidationError):
            self.sender.messaging_service_sid = "AC" + "1" * 32
        self.sender.messaging_service_sid = self.SERVICE
        self.env.flush_all()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.sender.copy({"number": "+593999000444", "messaging_service_sid": self.SERVICE})

    def call_back(self, line, **parameters):
        """Twilio says what became of a message."""
        form = MultiDict({"MessageSid": line.sid, "MessageStatus": "delivered", **parameters})
        self.env["whatsapp.conversation.message"]._apply_status(self.sender.id, line.id, form)

    def answer(self, **parameters):
        """Somebody writes, and is answered by Twilio. Returns the answer's row."""
        self.go_live()
        with patch("odoo.addons.colineal_whatsapp_crm.gateway.delivery.send", return_value="SM" + "b" * 32):
            self.customer("Busco una cama", **parameters)
        line = self.env["whatsapp.conversation.message"].search(
            [("direction", "=", "outbound")], order="id desc", limit=1
        )
        self.assertEqual(line.address, parameters.get("customer", CUSTOMER))
        return line

    def test_number_that_only_a_callback_shows(self):
        partner = self.env["res.partner"].create({"name": "María Vélez", "phone": PHONE})
        line = self.answer(**ID_ALONE)
        self.call_back(line, To=CUSTOMER)
        contact = line.conversation_id.contact_id
        self.assertEqual(line.state, "delivered")
        self.assertEqual((contact.phone, contact.address, contact.partner_id), (PHONE, SCOPED, partner))
        self.assertEqual({row.value for row in contact.address_ids}, {SCOPED, CUSTOMER})
        self.customer("¿Y una mesa?")
        self.assertEqual(self.get_conversation(CUSTOMER), line.conversation_id, "by the number it is the same person")

    def test_id_that_only_a_callback_shows(self):
        line = self.answer()
        self.call_back(line, To=SCOPED)
        self.assertEqual({row.value for row in line.conversation_id.contact_id.address_ids}, {SCOPED, CUSTOMER})

    def test_parent_id_that_only_a_callback_shows(self):
        line = self.answer()
        self.call_back(line, To=CUSTOMER, ParentExternalUserId=PARENT)
        contact = line.conversation_id.contact_id
        self.assertEqual(get_addresses(contact), {("number", CUSTOMER), ("parent", f"whatsapp:{PARENT}")})
        self.customer("¿Y una mesa?", **{**ID_ALONE, "ParentExternalUserId": PARENT})
        self.assertEqual(contact.address_ids.mapped("contact_id"), contact)
        self.assertIn(("scoped", SCOPED), get_addresses(contact), "by the parent id it is the same person")

    def test_callback_that_shows_that_two_are_one(self):
        self.customer("Busco una mesa")
        known = self.get_conversation().contact_id
        line = self.answer(**ID_ALONE)
        self.assertNotEqual(line.conversation_id.contact_id, known)
        self.call_back(line, To=CUSTOMER)
        self.assertEqual(line.conversation_id.contact_id, known)
        self.assertEqual(len(known.conversation_ids.filtered(lambda each: each.stage != "closed")), 1)

    def test_callback_from_which_nothing_is_learned(self):
        line = self.answer(**BOTH)
        contact = line.conversation_id.contact_id
        for named in (CUSTOMER, "whatsapp:+593987654377", "", "whatsapp:", "+593987654321", "nobody"):
            self.call_back(line, To=named)
            self.assertEqual((contact.phone, len(contact.address_ids)), (PHONE, 2), named)
        contact._erase()
        self.call_back(line, To=CUSTOMER)
        self.assertEqual((contact.phone, len(contact.address_ids)), (False, 0))
        self.assertFalse(self.env["whatsapp.contact.address"].search([("value", "=", CUSTOMER)]))

    def test_callback_for_the_address_written_to_costs_as_ever(self):
        line = self.answer(**BOTH)
        counts = []
        for parameters in ({}, {"To": CUSTOMER}):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.call_back(line, **parameters)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.env.cr.execute("UPDATE whatsapp_conversation_message SET state = 'sent' WHERE id = %s", [line.id])
        self.assertEqual(counts[0], counts[1])

    def test_learning_that_fails_leaves_what_the_callback_says(self):
        line = self.answer(**ID_ALONE)
        with (
            self.failing_in_database("whatsapp_contact_address", "TRUE"),
            mute_logger("odoo.addons.colineal_whatsapp_crm.models.conversation.base"),
        ):
            self.call_back(line, To=CUSTOMER)
        self.assertEqual(line.state, "delivered")
        self.assertTrue(line.conversation_id.error)

    def test_address_that_another_callback_brings_at_the_same_moment(self):
        """Odoo reads such a callback anew; nobody is told of an error."""
        line = self.answer(**ID_ALONE)
        taken = self.failing_in_database("whatsapp_contact_address", "TRUE", UNIQUE_VIOLATION)
        with taken, self.assertRaises(SerializationFailure):
            self.call_back(line, To=CUSTOMER)
        self.assertFalse(line.conversation_id.error)

    def test_another_team_gets_all_of_it(self):
        self.customer("Soy Ana, busco un sofá, tengo $900")
        conversation = self.get_conversation()
        channel, lead, lines = conversation._get_channel(), conversation.lead_id, conversation.line_ids
        team = self.env["crm.team"].create({"name": "Camas"})
        conversation.team_id = team
        self.customer("Gracias")
        self.assertEqual((conversation.team_id, conversation.channel_id, conversation.lead_id), (team, channel, lead))
        self.assertLess(lines, conversation.line_ids)

    def test_two_companies_know_the_customer_each_by_itself(self):
        company = self.env["res.company"].create({"name": "Other"})
        other = self.env["whatsapp.sender"].create(
            {"name": "Other", "number": "+593999000333", "assistant_id": self.assistant.id, "company_id": company.id}
        )
        self.customer("Hola", **BOTH)
        first, self.sender = self.sender, other
        self.customer("Hola", **BOTH)
        contacts = self.env["whatsapp.contact"].search([("address_ids.value", "=", SCOPED)])
        self.assertEqual(contacts.company_id, company | first.company_id)
        self.assertEqual(len(contacts), 2)


@tagged("post_install", "-at_install")
class TestSimulated(WhatsappCase):
    def test_colleague_plays_somebody_without_a_number(self):
        simulator = self.env["whatsapp.simulator"].with_user(self.env.ref("base.user_admin"))
        begun = simulator.begin(self.assistant.id)
        sender = self.env["whatsapp.sender"].search([("is_simulator", "=", True)], order="id desc", limit=1)
        for nameless in (False, True):
            message = {"kind": "text", "text": "Soy Ana, busco una cama, tengo $900", "nameless": nameless}
            ((form, signature),) = [each.values() for each in simulator.sign(self.assistant.id, [message])]
            self.assertTrue(signature)
            self.assertEqual("ExternalUserId" in form, nameless)
            self.env.flush_all()
            self.env["whatsapp.conversation.message"]._receive(sender.id, MultiDict(form))
            self.work()
        conversation = self.env["whatsapp.conversation"].browse(begun["conversation_id"])
        self.assertEqual(len(conversation.line_ids.filtered(lambda line: line.direction == "inbound")), 2)
        self.assertEqual(len(conversation.contact_id.address_ids), 2)
        seen = self.env["whatsapp.contact"].with_user(self.env.ref("base.user_admin")).search([])
        self.assertNotIn(conversation.contact_id, seen, "nobody's customer")
        simulator.reset(self.assistant.id)
        self.assertFalse(conversation.exists())
