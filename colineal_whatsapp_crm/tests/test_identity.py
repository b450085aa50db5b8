from itertools import permutations

from odoo.tests import BaseCase, tagged
from werkzeug.datastructures import MultiDict

from ..gateway.address import get_candidates, mask, parse_address
from ..gateway.identity import address_of, identify
from ..lib.errors import tidy
from .common import CUSTOMER, WhatsappCase
from .test_contact import WRITTEN_IN_TWO_WAYS

ID, OTHER_ID = "EC.A1b2C3d4E5f6", "EC.Z9y8X7w6V5u4"
SCOPED, OTHER_SCOPED = f"whatsapp:{ID}", f"whatsapp:{OTHER_ID}"
PARENT = "EC.ENT.11815799212886844830"
PHONE = CUSTOMER.removeprefix("whatsapp:")
#: What Twilio posts of one customer: with the number and the id, with one of them alone.
NUMBER_ALONE = {"customer": CUSTOMER}
BOTH = {"customer": CUSTOMER, "ExternalUserId": ID}
ID_ALONE = {"customer": SCOPED, "ExternalUserId": ID, "WaId": None, "ProfileUsername": "@maria.jose"}


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

    def test_sender_that_is_not_named_as_it_should_be(self):
        sender = {"To": "whatsapp:+593999000222", "MessageSid": "SM1"}
        self.assertEqual(address_of(MultiDict({**sender, "From": "whatsapp:", "ExternalUserId": ID})), SCOPED)
        self.assertEqual(address_of(MultiDict({**sender, "From": "", "WaId": "593987654321"})), CUSTOMER)
        nobody = {address_of(MultiDict({**sender, "From": "whatsapp:", "MessageSid": sid})) for sid in ("SM1", "SM2")}
        self.assertEqual(len(nobody), 2, "what nobody is known to have written is not one person's")
        self.assertIsNone(address_of(MultiDict(sender)))

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

    def get_addresses(self, contact):
        return {(row.kind, row.value) for row in contact.address_ids}

    def assertOneCustomer(self):
        contact = self.get_contacts()
        self.assertEqual(len(contact), 1)
        self.assertEqual(len(contact.conversation_ids), 1)
        return contact

    def test_one_customer_whatever_comes_first(self):
        for order in ((NUMBER_ALONE, BOTH, ID_ALONE), (ID_ALONE, BOTH, NUMBER_ALONE), (BOTH, ID_ALONE, NUMBER_ALONE)):
            with self.subTest(order=[each["customer"] for each in order]):
                for message in order:
                    self.customer("Busco un sofá", **message)
                if order[0] is not NUMBER_ALONE:
                    contact = self.assertOneCustomer()
                    self.assertEqual(self.get_addresses(contact), {("number", CUSTOMER), ("scoped", SCOPED)})
                    self.assertEqual((contact.phone, contact.username), (PHONE, "maria.jose"))
                self.get_contacts().unlink()

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

    def test_username_is_shown_and_tells_nobody_apart(self):
        self.customer("Hola", **ID_ALONE)
        contact = self.get_contacts()
        self.assertIn("@maria.jose", contact.display_name)
        self.customer("Hola", **{**ID_ALONE, "customer": OTHER_SCOPED, "ExternalUserId": OTHER_ID})
        self.assertEqual(len(self.get_contacts()), 2, "whoever takes the name is somebody else")
        self.customer("Hola", **{**ID_ALONE, "ProfileUsername": "otra"})
        self.assertEqual(contact.username, "otra")

    def test_odd_senders_are_kept_and_answered(self):
        for odd in ("whatsapp:???", "whatsapp:" + "x" * 3000, "whatsapp:\u202e", "whatsapp:EC.ñandú"):
            line = self.receive("Hola", customer=odd)
            self.work()
            self.assertEqual(line.parameters["From"], odd)
            self.assertTrue(line.conversation_id)
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
