from odoo.tests import new_test_user, tagged

from .common import CUSTOMER, WhatsappCase

PHONE = CUSTOMER.removeprefix("whatsapp:")
#: As it stands on their phone, and as the address book has it.
WRITTEN_IN_TWO_WAYS = (
    ("+5511987654321", "+551187654321"),
    ("+551187654321", "+5511987654321"),
    ("+5491123456789", "+541123456789"),
    ("+541123456789", "+5491123456789"),
    ("+5215512345678", "+525512345678"),
    ("+525512345678", "+5215512345678"),
)


@tagged("post_install", "-at_install")
class TestContactsPartner(WhatsappCase):
    """Whose partner somebody on WhatsApp is, whatever becomes of the partner."""

    def make_partner(self, **values):
        return self.env["res.partner"].create({"name": "María Vélez", "phone": PHONE, **values})

    def get_contact(self, address=CUSTOMER):
        return self.env["whatsapp.contact"].search([("address", "=", address)])

    def make_lead(self):
        """The customer wants something new. Returns its lead."""
        self.get_conversation().action_close()
        self.customer("Soy María, busco un comedor, tengo $900")
        return self.get_conversation().lead_id

    def get_author(self):
        """Who wrote the customer's last message in the thread."""
        self.customer("Gracias")
        line = self.get_conversation().line_ids.filtered(lambda line: line.direction == "inbound")[-1]
        return line.mail_message_id.author_id or line.mail_message_id.author_guest_id

    def test_partner_that_comes_after_its_customer(self):
        self.customer("Hola")
        channel = self.get_conversation()._get_channel()
        partner = self.make_partner()
        self.assertEqual(self.get_contact().partner_id, partner)
        self.assertIn("María Vélez", channel.name)
        self.assertEqual(self.make_lead().partner_id, partner)

    def test_partner_that_gets_its_number_later(self):
        self.customer("Hola")
        partner = self.make_partner(phone=False)
        self.assertFalse(self.get_contact().partner_id)
        partner.phone = "098 765 4321"
        partner.country_id = self.env.ref("base.ec")
        self.assertEqual(self.get_contact().partner_id, partner)

    def test_partner_that_is_known_stays_when_another_comes(self):
        partner = self.make_partner()
        self.customer("Hola")
        self.make_partner(name="Otra")
        self.assertEqual(self.get_contact().partner_id, partner)

    def test_archived_partner_is_on_no_new_lead(self):
        partner = self.make_partner()
        self.customer("Hola")
        self.get_conversation()._get_channel()
        partner.active = False
        self.assertFalse(self.make_lead().partner_id)
        self.assertEqual(self.get_author()._name, "mail.guest")
        partner.active = True
        self.assertEqual(self.get_author(), partner)

    def test_another_with_the_number_takes_the_place_of_who_is_archived(self):
        partner = self.make_partner()
        self.customer("Hola")
        partner.active = False
        other = self.make_partner(name="Otra")
        self.assertEqual(self.get_contact().partner_id, other)
        other.active = False
        partner.active = True
        self.assertEqual(self.get_contact().partner_id, partner)

    def test_partner_that_went_to_another_company(self):
        partner = self.make_partner()
        self.customer("Hola")
        partner.company_id = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(self.get_contact().partner_id)
        self.assertFalse(self.make_lead().partner_id)

    def test_deleted_partner_leaves_an_author(self):
        partner, other = self.make_partner(), self.make_partner(name="Otra", active=False)
        self.customer("Hola")
        channel = self.get_conversation()._get_channel()
        written = channel.message_ids.filtered(lambda message: message.author_id == partner)
        self.assertTrue(written)
        other.active = True
        partner.unlink()
        self.env.invalidate_all()
        self.assertEqual(written.author_guest_id, self.get_contact().guest_id)
        self.assertTrue(written.author_guest_id)
        self.assertEqual(self.get_contact().partner_id, other)
        self.assertEqual(self.make_lead().partner_id, other)

    def test_partner_who_comes_to_work_here(self):
        partner = self.make_partner()
        self.customer("Hola")
        channel = self.get_conversation()._get_channel()
        written = channel.message_ids.filtered(lambda message: message.author_id == partner)
        self.assertTrue(written)
        user = new_test_user(self.env, "was-a-customer", groups="base.group_portal", partner_id=partner.id)
        self.assertEqual(self.get_contact().partner_id, partner, "who may look at their own orders is a customer")
        user.group_ids = self.env.ref("sales_team.group_sale_salesman")
        self.env.invalidate_all()
        self.assertFalse(self.get_contact().partner_id)
        self.assertEqual((written.author_id, written.author_guest_id), (partner.browse(), self.get_contact().guest_id))
        self.assertFalse(self.make_lead().partner_id)
        partner.with_user(user).message_post(body="Hola")

    def test_colleague_who_is_a_customers_partner_all_the_same(self):
        """As where somebody's groups come to mean more than they did."""
        partner = self.make_partner()
        self.customer("Hola")
        user = new_test_user(self.env, "is-a-customer", groups="base.group_user", partner_id=partner.id)
        contact, conversation = self.get_contact(), self.get_conversation()
        self.env.cr.execute("UPDATE whatsapp_contact SET partner_id = %s WHERE id = %s", [partner.id, contact.id])
        self.env.invalidate_all()
        channel = conversation._get_channel()
        self.customer("Gracias")
        self.assertEqual(self.get_author(), contact.guest_id)
        line = conversation.line_ids.filtered(lambda line: line.direction == "inbound")[-1]
        self.customer("👍", MessageType="reaction", OriginalRepliedMessageSid=line.sid)
        self.assertEqual(line.mail_message_id.reaction_ids.guest_id, contact.guest_id)
        self.assertFalse(channel.message_ids.filtered(lambda message: message.author_id == partner))
        self.assertFalse(self.make_lead().partner_id)
        self.assertFalse(user.share)

    def test_merged_partners(self):
        partner, other = self.make_partner(), self.make_partner(name="María V.", phone=False)
        self.customer("Hola")
        channel = self.get_conversation()._get_channel()
        written = channel.message_ids.filtered(lambda message: message.author_id == partner)
        self.env["base.partner.merge.automatic.wizard"]._merge((partner | other).ids, other)
        self.env.invalidate_all()
        self.assertFalse(partner.exists())
        self.assertEqual(self.get_contact().partner_id, other)
        self.assertEqual(written.author_id, other)
        self.assertEqual(self.make_lead().partner_id, other)

    def test_erased_person_is_linked_to_nobody(self):
        self.customer("Hola")
        contact = self.get_contact()
        contact._erase()
        self.make_partner()
        self.assertFalse(contact.partner_id)

    def test_number_in_either_form_is_the_same_person(self):
        for number, stored in WRITTEN_IN_TWO_WAYS:
            with self.subTest(number=number, stored=stored):
                self.env["whatsapp.contact"].search([("phone", "like", number[-8:])]).partner_id = False
                partner = self.make_partner(phone=False)
                # Other versions of the metadata kept what people wrote.
                self.env.cr.execute("UPDATE res_partner SET phone_sanitized = %s WHERE id = %s", (stored, partner.id))
                partner.invalidate_recordset()
                contact = self.env["whatsapp.contact"].new({"phone": number, "company_id": self.env.company.id})
                self.assertEqual(contact._find_partner(), partner)
                self.assertIn(number, self.env["whatsapp.conversation"]._get_numbers(stored))
                partner.unlink()

    def test_number_on_the_blacklist_in_another_form(self):
        self.env["phone.blacklist"].create({"number": "+541123456789"})
        self.assertEqual(self.customer("Hola", customer="whatsapp:+5491123456789"), [])
        self.env["phone.blacklist"].remove("+541123456789")
        self.assertTrue(self.customer("Hola", customer="whatsapp:+5491123456789"))

    def test_lead_in_another_form_is_the_customers(self):
        lead = self.env["crm.lead"].create({"name": "Sofá", "type": "opportunity", "phone": "+541123456789"})
        self.assertEqual(lead.phone_sanitized, "+541123456789")
        self.customer("Soy Ana, busco un sofá, tengo $900", customer="whatsapp:+5491123456789")
        self.assertEqual(self.get_conversation("whatsapp:+5491123456789").lead_id, lead)
