from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from werkzeug.datastructures import MultiDict

from ..gateway import delivery
from .common import CUSTOMER, WhatsappCase

SEND = "odoo.addons.colineal_whatsapp_crm.gateway.delivery.send"
OUTBOX = "odoo.addons.colineal_whatsapp_crm.jobs.outbox"
PHONE = CUSTOMER.removeprefix("whatsapp:")
SCOPED = "whatsapp:EC.A1b2C3d4E5"

#: What may happen to a customer who is, or is not, written to no more.
EVENTS = (
    "BAJA",
    "STOP at Twilio",
    "21610",
    "marked by a colleague",
    "put on the blacklist",
    "63014",
    "Hola",
    "taken off the blacklist",
    "allowed by an administrator",
    "ALTA",
    "START at Twilio",
)
#: The reason before: the reason after each of `EVENTS`.
MATRIX = {
    None: ("customer", "customer", "refused", "colleague", "blacklist", "blocked", *[None] * 5),
    "blocked": ("customer", "customer", "refused", "colleague", "blacklist", "blocked", None, "blocked", *[None] * 3),
    "blacklist": ("customer", "customer", "refused", "colleague", *["blacklist"] * 3, *[None] * 4),
    "colleague": ("customer", "customer", "refused", *["colleague"] * 5, *[None] * 3),
    "refused": ("customer", "customer", *["refused"] * 6, *[None] * 3),
    "customer": (*["customer"] * 8, *[None] * 3),
}


@tagged("post_install", "-at_install")
class TestOptOut(WhatsappCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The language of notes about its customers.
        cls.sender.company_id.partner_id.lang = "en_US"

    def go_live(self):
        self.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "secret"})

    def get_contact(self, address=CUSTOMER):
        return self.env["whatsapp.contact"].search([("address", "=", address)])

    def is_blacklisted(self):
        return bool(self.env["phone.blacklist"].search_count([("number", "=", PHONE)]))

    def get_texts(self, situation):
        return self.assistant.wording_ids.filtered(lambda wording: wording.situation == situation).mapped("text")

    def assertSaid(self, replies, situation):
        self.assertEqual(len(replies), 1)
        self.assertIn(replies[0], self.get_texts(situation))

    # What the customer says

    def test_customer_who_wants_no_messages_is_told_once_and_written_to_no_more(self):
        self.assertSaid(self.customer("¡Baja, por favor!"), "opt_out")
        self.assertTrue(self.get_contact().opted_out)
        self.assertTrue(self.is_blacklisted())
        self.assertEqual(self.customer("BAJA"), [])
        self.assertEqual(self.customer("Hola, busco un sofá"), [])

    def test_message_that_ends_messages_is_no_turn(self):
        self.customer("STOP")
        conversation = self.get_conversation()
        self.assertFalse(conversation.classification_ids)
        self.assertFalse(conversation.lead_id)
        self.assertFalse(conversation.due_at)
        self.assertFalse(conversation.waiting_since)
        self.assertEqual(conversation.line_ids.mapped("state"), ["handled", "simulated"])

    def test_what_was_written_before_it_in_the_same_breath_is_not_answered(self):
        self.assertSaid(self.customer("Soy Ana, busco un sofá, tengo $900", "mejor nada", "Stop"), "opt_out")
        self.assertFalse(self.get_conversation().lead_id)

    def test_words_allow_messages_again(self):
        self.customer("BAJA")
        self.assertSaid(self.customer("alta"), "opt_in")
        self.assertFalse(self.get_contact().opted_out)
        self.assertFalse(self.is_blacklisted())
        self.assertTrue(self.customer("Busco un sofá"))

    def test_what_follows_them_in_the_same_breath_is_answered(self):
        self.customer("BAJA")
        replies = self.customer("START", "Busco un sofá")
        self.assertIn(replies[0], self.get_texts("opt_in"))
        self.assertEqual(len(replies), 2)
        self.assertEqual(self.get_conversation().classification_id.message_ids.mapped("body")[0], "Busco un sofá")

    def test_words_to_allow_messages_mean_nothing_else(self):
        self.customer("Busco una cama")
        self.customer("Alta")
        self.assertEqual(len(self.get_conversation().classification_ids), 2)

    def test_phrases_are_the_assistants(self):
        self.assistant.opt_out_words = "Ya no más"
        self.assertSaid(self.customer("ya no mas!!"), "opt_out")
        other = "whatsapp:+593987654399"
        self.assertTrue(self.customer("BAJA", customer=other))
        self.assertFalse(self.get_contact(other).opted_out)

    def test_sentence_with_such_a_word_is_a_sentence(self):
        self.customer("Quiero dar de baja mi pedido")
        self.customer("Bájame el precio")
        self.assertFalse(self.get_contact().opted_out)
        self.assertEqual(len(self.get_conversation().classification_ids), 2)

    def test_person_without_a_number_is_remembered_too(self):
        self.assertSaid(self.customer("STOP", customer=SCOPED), "opt_out")
        self.assertTrue(self.get_contact(SCOPED).opted_out)
        self.assertEqual(self.customer("Hola", customer=SCOPED), [])

    def test_late_message_counts_and_calls_nobody(self):
        self.customer("BAJA", DateSent="2020-01-01T00:00:00+00:00")
        self.assertTrue(self.get_contact().opted_out)
        self.assertFalse(self.get_conversation().activity_ids)

    # What waits, and what is sent

    def test_reply_that_waits_is_dropped(self):
        self.go_live()
        self.receive("Hola")
        self.read_only()
        with patch(SEND, return_value="SM1") as send:
            self.customer("STOP")
        self.assertEqual([call.args[3] in self.get_texts("opt_out") for call in send.call_args_list], [True])
        self.assertEqual(self.get_conversation().line_ids.filtered("error").mapped("state"), ["dropped"])

    def test_outbox_looks_again_before_it_sends(self):
        self.go_live()
        self.receive("Hola")
        self.read_only()
        self.get_contact().write({"opted_out_at": "2026-01-01 00:00:00", "opt_out_reason": "customer"})
        self.env.flush_all()
        with patch(SEND) as send:
            self.work()
        send.assert_not_called()
        self.assertEqual(self.get_conversation().line_ids[-1].state, "dropped")

    def test_turn_under_way_is_given_up(self):
        self.receive("Busco un sofá")
        with self.as_worker() as env:
            env["whatsapp.worker"]._route_messages()
            conversation = env["whatsapp.conversation"].browse(self.get_conversation().id)
            reading = conversation._get_unread().ids
            conversation.contact_id._opt_out("customer")
            conversation._get_unread()._move_to("handled")
            self.assertTrue(conversation._has_gone_on(reading, 30))

    def test_confirmation_goes_though_a_person_has_the_conversation(self):
        self.customer("Hola")
        self.get_conversation().action_take_over()
        self.assertSaid(self.customer("STOP"), "opt_out")
        self.assertEqual(self.get_conversation().line_ids[-1].state, "simulated")

    def test_colleague_cannot_write_and_learns_why(self):
        self.customer("Hola")
        channel = self.get_conversation()._get_channel().with_user(self.env.ref("base.user_admin")).sudo()
        comment = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        channel.message_post(body="Buenos días", **comment)
        self.work()
        self.customer("BAJA")
        with self.assertRaisesRegex(UserError, "does not want messages"):
            channel.message_post(body="¿Seguro?", **comment)
        self.assertIn("ALTA", str(channel._get_whatsapp_state()["silence"]))

    def test_colleagues_see_it(self):
        partner = self.env["res.partner"].create({"name": "Ana", "phone": PHONE})
        self.customer("Hola")
        channel = self.get_conversation()._get_channel()
        self.customer("BAJA")
        self.assertIn("does not want messages", channel.message_ids[0].body + channel.message_ids[1].body)
        self.assertTrue(partner.whatsapp_opted_out)
        self.assertEqual(self.env["whatsapp.conversation"].search([("opted_out", "=", True)]), self.get_conversation())
        self.assertIn("does not want messages", self.get_conversation().next_step)

    def test_nobody_is_waited_for_any_more(self):
        self.customer("Quiero hablar con una persona")
        self.assertTrue(self.get_conversation().awaited_since)
        self.customer("STOP")
        self.assertFalse(self.get_conversation().awaited_since)
        self.assertFalse(self.get_conversation().activity_ids)

    def test_no_lead_is_made_of_their_silence(self):
        self.customer("Soy Ana, busco un sofá")
        self.customer("STOP")
        self.get_conversation().last_inbound_at = "2020-01-01 00:00:00"
        self.env.flush_all()
        self.run_job("ir_cron_idle_leads")
        self.assertFalse(self.get_conversation().lead_id)

    # By other ways

    def test_number_put_on_the_blacklist_by_hand(self):
        self.customer("Hola")
        entry = self.env["phone.blacklist"].create({"number": PHONE})
        self.assertTrue(self.get_contact().opted_out)
        self.assertEqual(self.customer("¿Hay alguien?"), [])
        entry.action_archive()
        self.assertFalse(self.get_contact().opted_out)
        self.assertTrue(self.customer("¿Hay alguien?"))
        self.env["phone.blacklist"].add(PHONE)
        self.assertTrue(self.get_contact().opted_out)
        entry.unlink()
        self.assertFalse(self.get_contact().opted_out)

    def test_number_on_the_blacklist_before_its_first_message(self):
        self.env["phone.blacklist"].create({"number": PHONE})
        self.assertEqual(self.customer("Hola"), [])

    def test_number_counts_for_every_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        other = self.env["whatsapp.contact"].create({"address": CUSTOMER, "phone": PHONE, "company_id": company.id})
        self.customer("STOP")
        self.assertTrue(other.opted_out)
        self.customer("START")
        self.assertFalse(other.opted_out)

    def fail_with(self, code):
        self.go_live()
        with (
            patch(SEND, side_effect=delivery.DeliveryError("no", delivery.PERMANENT, code)),
            mute_logger(OUTBOX),
        ):
            self.customer("Hola")

    def test_who_is_unsubscribed_at_twilio_is_so_here(self):
        self.fail_with(21610)
        self.assertEqual(self.get_contact().opt_out_reason, "refused")
        self.assertTrue(self.is_blacklisted())

    def test_who_has_blocked_us_is_answered_when_they_write_again(self):
        self.fail_with(63014)
        self.assertTrue(self.get_contact().opted_out)
        self.assertFalse(self.is_blacklisted())
        with patch(SEND, return_value="SM1") as send:
            self.customer("Hola")
        send.assert_called_once()

    def test_callback_that_says_so_counts(self):
        self.go_live()
        with patch(SEND, return_value="SM1"):
            self.customer("Hola")
        form = MultiDict({"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "21610"})
        self.env["whatsapp.conversation.message"]._apply_status(self.sender.id, 0, form)
        self.assertTrue(self.get_contact().opted_out)

    def test_buttons(self):
        self.customer("Hola")
        seller = new_test_user(self.env, "seller", "sales_team.group_sale_salesman")
        contact = self.get_contact().with_user(seller)
        contact.action_opt_out()
        self.assertTrue(self.is_blacklisted())
        with self.assertRaises(AccessError):
            contact.action_opt_in()
        with self.assertRaises(AccessError):
            contact.write({"opted_out_at": False})
        manager = new_test_user(self.env, "manager", "sales_team.group_sale_manager")
        contact.with_user(manager).action_opt_in()
        self.assertFalse(self.get_contact().opted_out)

    def test_simulated_customer_leaves_the_blacklist_alone(self):
        simulator = self.env["whatsapp.simulator"]
        simulator.begin(self.assistant.id)
        sender = simulator._get_sender(self.assistant.id)
        contact = simulator._get_contact(sender)
        contact._opt_out("customer")
        self.assertFalse(self.env["phone.blacklist"].search([("number", "=", contact.phone or "")]))
        simulator.reset(self.assistant.id)
        self.assertFalse(simulator._get_contact(sender).opted_out)

    # In sentences

    def test_sentence_that_says_it_plainly_counts(self):
        self.assertSaid(self.customer("Ya no me escriban, por favor. No me interesa."), "opt_out")
        self.assertEqual(self.get_contact().opt_out_reason, "customer")
        self.assertFalse(self.get_conversation().classification_ids)

    def test_portuguese_words_count_as_others_do(self):
        said = ("PARAR", "Sair", "cancelar inscricao", "remover", "Quero parar de receber mensagens", "Descadastrar")
        for number, text in enumerate(said):
            customer = f"whatsapp:+59398765401{number}"
            with self.subTest(text=text):
                self.assertSaid(self.customer(text, customer=customer), "opt_out")
                self.assertSaid(self.customer("Voltar a receber mensagens", customer=customer), "opt_in")
                self.assertFalse(self.get_contact(customer).opted_out)
        self.assertTrue(self.customer("Quero sair para ver a loja"))
        self.assertFalse(self.get_contact().opted_out)

    def test_first_words_tell_the_language_of_the_answer(self):
        self.assistant.language = "es"
        wordings = self.assistant.wording_ids.filtered(lambda wording: wording.situation == "opt_out")
        texts = {wording.text: wording.language for wording in wordings}
        said = {
            "Please stop messaging me": "en",
            "unsubscribe": "en",
            "Não quero mais receber mensagens": "pt",
            "SAIR": "pt",
            "BAJA": "es",
            "STOP": "es",
        }
        for number, (text, language) in enumerate(said.items()):
            with self.subTest(text=text):
                replies = self.customer(text, customer=f"whatsapp:+59398765402{number}")
                self.assertEqual([texts[reply] for reply in replies], [language])
        self.assistant.follow_language = False
        replies = self.customer("unsubscribe", customer="whatsapp:+593987654029")
        self.assertEqual([texts[reply] for reply in replies], ["es"])

    def test_customer_who_is_asked_is_answered_in_the_language_they_were_asked_in(self):
        wordings = self.assistant.wording_ids.filtered(lambda wording: wording.language == "pt")
        texts = {wording.text: wording.situation for wording in wordings}
        said = [self.customer("não quero receber promoções"), self.customer("sim"), self.customer("START")]
        self.assertEqual([texts.get(reply) for (reply,) in said], ["confirm_opt_out", "opt_out", "opt_in"])

    def test_sentence_about_something_else_is_a_turn(self):
        self.customer("No me escriban al correo, mejor por aquí")
        self.assertFalse(self.get_contact().opted_out)
        self.assertEqual(len(self.get_conversation().classification_ids), 1)

    def test_who_may_mean_it_is_asked_instead_of_being_sold_to(self):
        for answer in ("BAJA", "sí, por favor", "ya no quiero recibir promociones", "ya no me escriban"):
            customer = f"whatsapp:+59398765{len(answer):04}"
            with self.subTest(answer=answer):
                self.assertSaid(self.customer("no quiero recibir publicidad", customer=customer), "confirm_opt_out")
                self.assertFalse(self.get_contact(customer).opted_out)
                self.assertFalse(self.get_conversation(customer).waiting_since)
                self.assertSaid(self.customer(answer, customer=customer), "opt_out")
                self.assertTrue(self.get_contact(customer).opted_out)

    def test_who_did_not_mean_it_goes_on(self):
        self.customer("no quiero recibir publicidad")
        self.assertTrue(self.customer("No, busco un sofá"))
        self.assertFalse(self.get_contact().opted_out)
        self.assertEqual(len(self.get_conversation().classification_ids), 1)
        self.customer("sí")
        self.assertFalse(self.get_contact().opted_out)

    def test_nobody_is_asked_while_a_person_has_the_conversation(self):
        self.customer("Hola")
        self.get_conversation().action_take_over()
        self.assertEqual(self.customer("no quiero recibir publicidad"), [])
        self.assertSaid(self.customer("dejen de escribirme"), "opt_out")

    def test_shop_without_words_to_ask_takes_it_as_a_turn(self):
        self.assistant.wording_ids.filtered(lambda wording: wording.situation == "confirm_opt_out").unlink()
        self.assertEqual(len(self.customer("no quiero recibir publicidad")), 1)
        self.assertEqual(len(self.get_conversation().classification_ids), 1)

    def test_question_names_a_word_that_the_customer_may_answer(self):
        wordings = self.assistant.wording_ids.filtered(lambda wording: wording.situation == "confirm_opt_out")
        self.assertEqual(set(wordings.mapped("language")), {"es", "en", "pt"})
        for wording in wordings:
            self.assertRegex(wording.text, r"\b(BAJA|STOP)\b")

    # The later and the stronger reason

    def happen(self, event):
        """One thing that says whether the customer wants messages; `EVENTS` names them."""
        contact = self.get_contact()
        blacklist = self.env["phone.blacklist"]
        failed = self.get_conversation().line_ids.filtered(lambda line: line.state == "failed")
        match event:
            case "BAJA" | "ALTA" | "Hola":
                self.customer(event)
            case "STOP at Twilio":
                self.customer("END", OptOutType="STOP")
            case "START at Twilio":
                self.customer("YES", OptOutType="START")
            case "21610" | "63014":
                failed.write({"state": "sent", "error_code": False})
                failed._move_to("failed", error_code=event)
            case "put on the blacklist":
                blacklist.add(PHONE)
            case "taken off the blacklist":
                blacklist.remove(PHONE)
            case "marked by a colleague":
                contact.action_opt_out()
            case "allowed by an administrator":
                contact.action_opt_in()

    def test_later_and_stronger_reason_wins(self):
        self.customer("Hola")
        line = self.get_conversation().line_ids[-1]
        line.write({"state": "failed", "error": "no"})
        for before, events in MATRIX.items():
            for event, after in zip(EVENTS, events, strict=True):
                with self.subTest(before=before, event=event):
                    savepoint = self.env.cr.savepoint(flush=True)
                    if before:
                        self.get_contact()._opt_out(before)
                        if before == "blacklist":
                            self.env["phone.blacklist"].add(PHONE)
                    self.happen(event)
                    contact = self.get_contact()
                    self.assertEqual(contact.opt_out_reason or None, after)
                    self.assertEqual(contact.opted_out, bool(after))
                    listed = after not in (None, "blocked") and event != "taken off the blacklist"
                    self.assertEqual(self.is_blacklisted(), listed)
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()

    def test_wish_counts_in_every_company_whatever_becomes_of_the_list(self):
        company = self.env["res.company"].create({"name": "Other"})
        values = {"address": CUSTOMER, "phone": PHONE, "company_id": company.id}
        other = self.env["whatsapp.contact"].create(values)
        self.customer("BAJA")
        self.env["phone.blacklist"].remove(PHONE)
        third = self.env["whatsapp.contact"].create(
            {**values, "company_id": self.env["res.company"].create({"name": "Third"}).id}
        )
        self.assertEqual((self.get_contact() | other | third).mapped("opt_out_reason"), ["customer"] * 3)
        self.customer("ALTA")
        self.assertEqual((self.get_contact() | other | third).mapped("opted_out"), [False] * 3)

    def test_wish_that_is_found_late_does_not_undo_what_was_said_after_it(self):
        self.customer("BAJA")
        self.assertEqual(self.customer("ALTA", DateSent="2020-01-01T00:00:00+00:00"), [])
        self.assertTrue(self.get_contact().opted_out)

    def test_who_blocked_us_after_writing_is_not_answered(self):
        self.fail_with(63014)
        self.customer("¿Hay alguien?", DateSent="2020-01-01T00:00:00+00:00")
        self.assertEqual(self.get_contact().opt_out_reason, "blocked")

    def test_who_put_their_number_on_twilios_list_is_not_told_again(self):
        self.assertEqual(self.customer("END", OptOutType="STOP"), [])
        self.assertTrue(self.get_contact().opted_out)
        self.assertEqual(self.customer("YES", OptOutType="START"), [])
        self.assertFalse(self.get_contact().opted_out)

    def test_who_asks_for_help_or_says_yes_is_answered(self):
        self.assertEqual(len(self.customer("info", OptOutType="HELP")), 1)
        self.assertEqual(len(self.customer("sí", OptOutType="START")), 1)

    def test_colleague_may_mark_who_has_blocked_us(self):
        view = self.env["whatsapp.contact"].get_view(view_type="form")["arch"]
        self.assertIn("opt_out_reason in ('colleague', 'refused', 'customer')", view)

    # The privacy notice

    def test_privacy_notice_is_said_once_when_the_shop_wants_it(self):
        self.assertEqual(len(self.customer("Hola", customer=SCOPED)), 1)
        self.assistant.gives_notice = True
        replies = self.customer("Hola")
        self.assertEqual(len(replies), 2)
        self.assertIn(replies[1], self.get_texts("privacy_notice"))
        self.assertEqual(len(self.customer("Busco un sofá")), 1)

    def test_notice_is_said_though_the_answer_before_it_is_overtaken(self):
        self.assistant.gives_notice = True
        self.receive("Hola")
        self.read_only()
        self.receive("Busco un sofá")
        self.work()
        sent = self.get_conversation().line_ids.filtered(lambda line: line.state == "simulated")
        self.assertEqual(len(sent), 2)
        self.assertIn(sent[0].body, self.get_texts("privacy_notice"))

    def test_notice_that_did_not_go_is_said_the_next_time(self):
        self.assistant.gives_notice = True
        self.go_live()
        with (
            patch(SEND, side_effect=delivery.DeliveryError("no", delivery.PERMANENT, 63003)),
            mute_logger(OUTBOX),
        ):
            self.customer("Hola")
        with patch(SEND, return_value="SM1"):
            replies = self.customer("Busco un sofá")
        self.assertIn(replies[1], self.get_texts("privacy_notice"))
