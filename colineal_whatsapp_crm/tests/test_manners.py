from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..gateway.identity import identify
from ..models.assistant.wording import PROMISING
from ..understanding.promises import promises
from .common import NUMBER
from .test_handover import HandOverCase
from .test_media import MediaCase

AUTOMATIC = "Gracias por comunicarte con Ferretería El Clavo, en breve te atenderemos"
SHARED = {
    "location": {"MessageType": "location", "Latitude": "-30.5", "Longitude": "-120.25"},
    "named place": {
        "MessageType": "location",
        "Latitude": "-30.5",
        "Longitude": "-120.25",
        "Label": "Sofás Juan Pérez",
        "Address": "Calle 3500",
    },
    "contact card": {"MessageType": "contacts", "NumMedia": "1", "MediaContentType0": "text/vcard"},
    "sticker": {"MessageType": "sticker", "NumMedia": "1", "MediaContentType0": "image/webp"},
    "order": {"MessageType": "order"},
    "Flow answer": {"MessageType": "interactive", "InteractiveData": '{"name": "Juan Pérez"}'},
    "payload-only button": {"MessageType": "button", "ButtonPayload": "Juan Pérez $3500"},
    "unknown": {"MessageType": "hologram"},
}


class MannersCase(HandOverCase):
    def get_activity_users(self, conversation=None):
        conversation = conversation or self.get_conversation()
        return (conversation.activity_ids | conversation.lead_id.activity_ids).user_id

    def make_lead(self):
        """A customer with a lead, whom a colleague has called by telephone. Returns the conversation."""
        self.customer("Soy Ana, busco un sofá", "Mi presupuesto es $900")
        conversation = self.get_conversation()
        self.assertEqual(self.get_activity_users(), self.ana)
        conversation.lead_id.activity_ids.with_user(self.ana).action_feedback("By telephone")
        return conversation

    def get_log(self, conversation):
        return " ".join(conversation.message_ids.mapped("preview"))


@tagged("post_install", "-at_install")
class TestMachines(MannersCase):
    """Two machines do not talk for long, and a customer who writes much is not taken for one."""

    def test_automatic_answers_are_not_answered_and_one_person_is_called(self):
        replies = [self.customer(AUTOMATIC) for _turn in range(8)]
        self.assertEqual(replies, [[]] * 8)
        conversation = self.get_conversation()
        self.assertEqual(self.get_activities(conversation), [("Ana", "A machine seems to answer on WhatsApp")])
        self.assertIn("no person wrote", self.get_log(conversation))
        self.assertIn("automatic", conversation.explanation)
        self.assertIn("a machine answers", conversation.next_step)
        self.assertFalse(conversation.lead_id or conversation.customer_name)

    def test_person_behind_the_machine_is_answered(self):
        self.customer("Busco un sofá")
        self.assertEqual(self.customer(AUTOMATIC), [])
        self.assertEqual(len(self.customer("Soy Ana")), 1)
        conversation = self.get_conversation()
        self.assertFalse(conversation.activity_ids or conversation.silence_reason)
        self.assertEqual(conversation.action, "gather_more_details")

    def test_repetition_gets_a_person_once(self):
        replies = [self.customer(f"Visite nuestro local de la calle Larga, turno {turn}") for turn in range(12)]
        self.assertEqual([len(each) for each in replies], [1, 1, 1] + [0] * 9)
        self.assertIn("una persona de nuestro equipo", replies[2][0])
        conversation = self.get_conversation()
        self.assertEqual((conversation.stage, self.get_activity_users()), ("person", self.ana))
        self.assertIn("same again and again", self.get_log(conversation))

    def test_repetition_goes_on_unanswered_after_the_return(self):
        text = "Visite nuestro local de la calle Larga"
        for _turn in range(4):
            self.customer(text)
        self.get_conversation().with_user(self.ana).action_hand_back()
        replies = [self.customer(text) for _turn in range(4)]
        self.assertEqual([len(each) for each in replies], [1, 0, 0, 0], "a person is promised once more")
        self.get_conversation().with_user(self.ana).action_hand_back()
        self.assertEqual(len(self.customer("Busco un sofá")), 1, "what is new is answered")

    def test_messages_an_hour(self):
        self.assistant.hourly_replies = 5
        replies = [self.customer(f"Cosa {number}, {name}") for number, name in enumerate("abcdefgh")]
        self.assertEqual([len(each) for each in replies], [1] * 6 + [0] * 2)
        self.assertIn("una persona de nuestro equipo", replies[5][0])
        conversation = self.get_conversation()
        self.assertEqual((conversation.stage, conversation.user_id), ("person", self.ana))
        self.assertIn("within an hour", self.get_log(conversation))

    def test_limit_is_neither_none_nor_all(self):
        for number in (0, 4, 201):
            with self.assertRaises(ValidationError):
                self.assistant.hourly_replies = number

    def test_an_hour_later_it_is_another_hour(self):
        self.assistant.hourly_replies = 5
        for number in range(5):
            self.customer(f"Cosa {number}")
        old = [fields.Datetime.now() - timedelta(hours=2), self.get_conversation().id]
        self.env.cr.execute("UPDATE whatsapp_conversation_message SET create_date = %s WHERE conversation_id = %s", old)
        self.env.invalidate_all()
        self.assertEqual(len(self.customer("Busco un sofá")), 1)
        self.assertNotEqual(self.get_conversation().stage, "person")

    def test_customer_who_types_a_lot_is_not_hurt(self):
        words = ["Hola", "buenas", "busco", "un sofá", "gris", "para la sala", "ok", "ok", "mmm", "a ver", "de cuero"]
        for word in words:
            self.customer(word)
        self.assertEqual(len(self.customer("Soy Ana")), 1)
        self.assertFalse(self.get_conversation().activity_ids)

    def test_own_senders_do_not_answer_each_other(self):
        other = self.env["whatsapp.sender"].create(
            {"name": "Other", "number": "+593999000333", "assistant_id": self.assistant.id}
        )
        address = f"whatsapp:{other.number}"
        self.assertEqual(self.customer("¿En qué puedo ayudarte hoy?", customer=address), [])
        self.assertEqual(self.customer("Busco un sofá", customer=address), [])
        conversation = self.get_conversation(address)
        self.assertEqual(
            (conversation.silence_reason, set(conversation.line_ids.mapped("state"))), ("own_number", {"handled"})
        )
        self.assertFalse(conversation.waiting_since or conversation.classification_ids or conversation.activity_ids)
        self.assertEqual(self.get_log(conversation).count("one of your own senders"), 1)
        other.number = "+593999000444"
        self.assertEqual(len(self.customer("Busco un sofá", customer=address)), 1, "it is somebody else's by now")
        self.assertNotEqual(self.sender.number, other.number)
        self.assertEqual(self.sender.number, NUMBER)


@tagged("post_install", "-at_install")
class TestPromises(MannersCase):
    """What the assistant says a person will do, a person is told to do."""

    def test_every_wording_that_promises_calls_a_person(self):
        promised = self.assistant.wording_ids.filtered("promises")
        self.assertEqual(PROMISING - set(promised.mapped("situation")), set())
        values = {
            "name": "Ana",
            "product": "sofá",
            "products": "sofás",
            "the_product": "el sofá",
            "of_the_product": "x",
        }
        values.update(budget="$900", city="Loja", hours="de 9 a 18", address="Loja", opening="lunes")
        for number, wording in enumerate(self.assistant.wording_ids):
            customer = f"whatsapp:+59398711{number:04d}"
            conversation = self.env["whatsapp.conversation"].create(
                {
                    "sender_id": self.sender.id,
                    "contact_id": self.env["whatsapp.contact"]
                    ._get_or_create(identify(customer), self.sender.company_id)
                    .id,
                }
            )
            conversation._queue(wording._render(values), wording)
            conversation._plan_promises(wording)
            self.assertEqual(bool(conversation.activity_ids), wording.promises, wording.text)
            self.assertEqual(wording.promises, wording.situation in PROMISING or promises(wording.text))

    def test_edited_wording_that_promises_calls_a_person(self):
        wordings = self.assistant.wording_ids.filtered(lambda wording: wording.situation == "ask_clarifying_question")
        self.assertFalse(any(wordings.mapped("promises")))
        wordings.text = "¡Hola! Un asesor te contactará hoy. ¿Qué buscas?"
        self.assertTrue(all(wordings.mapped("promises")))
        self.customer("Hola")
        self.assertEqual(
            self.get_activities(self.get_conversation()), [("Ana", "A customer on WhatsApp was promised an answer")]
        )
        wordings.promises = False
        other = "whatsapp:+593987000999"
        self.customer("Hola", customer=other)
        self.assertFalse(self.get_conversation(other).activity_ids, "the shop says that nobody has to do anything")

    def test_what_has_no_words_reaches_a_person(self):
        for number, (name, parameters) in enumerate(SHARED.items()):
            with self.subTest(name):
                customer = f"whatsapp:+59398722{number:04d}"
                (reply,) = self.customer("", customer=customer, **parameters)
                self.assertIn("asesor", reply)
                conversation = self.get_conversation(customer)
                self.assertEqual(len(conversation.activity_ids), 1)
                self.assertFalse(conversation.customer_name or conversation.product_interest or conversation.budget_max)

    def test_click_on_an_advertisement_is_greeted(self):
        advertisement = {
            "ReferralSourceType": "ad",
            "ReferralSourceId": "1",
            "ReferralBody": "Un asesor: Juan Pérez, $3500",
        }
        self.assertEqual(self.customer("", MessageType=None, **advertisement), ["¿En qué puedo ayudarte hoy?"])
        self.assertFalse(self.get_conversation().activity_ids or self.get_conversation().customer_name)

    def test_promise_of_a_price_waits_on_the_list_until_there_is_haste(self):
        self.customer("¿Qué precio tiene la cama?")
        conversation = self.get_conversation()
        self.assertEqual(self.get_activities(conversation), [("Ana", "A customer on WhatsApp was promised an answer")])
        self.assertFalse(conversation.channel_id, "nobody is rung")
        self.assertFalse(conversation.waiting_since, "the assistant has answered")
        self.customer("Soy Luis", "unos $900")
        ((user, summary),) = self.get_activities(conversation)
        self.assertIn("Hot lead: Luis", summary)
        self.assertEqual((user, conversation.lead_id.user_id), ("Ana", self.ana), "who had it on their list")
        self.assertEqual(conversation.channel_id.channel_member_ids.partner_id, self.ana.partner_id)
        self.answer(self.ana, conversation)
        self.assertFalse(self.get_activities(conversation))

    def test_promise_about_a_lead_goes_to_whom_crm_gives_it(self):
        self.customer("Soy Ana, busco un sofá", "Mi presupuesto es $900")
        conversation = self.get_conversation()
        self.assertEqual(self.get_activity_users(), self.ana)
        conversation.lead_id.user_id = self.bruno
        self.assertEqual(self.get_activity_users(), self.bruno)

    def test_promise_that_nobody_keeps_goes_on_to_the_next(self):
        self.customer("¿Qué precio tiene la cama?")
        self.pass_time(minutes=16)
        self.assertEqual(self.get_activity_users(), self.bruno)

    def test_promises_go_to_members_in_turn(self):
        customers = [f"whatsapp:+59398733000{number}" for number in range(4)]
        for customer in customers:
            self.customer("¿Qué precio tiene la cama?", customer=customer)
        users = [self.get_activity_users(self.get_conversation(customer)) for customer in customers]
        self.assertEqual(users, [self.ana, self.bruno, self.ana, self.bruno])


@tagged("post_install", "-at_install")
class TestAfterTheLead(MannersCase):
    def test_who_awaits_a_call_gets_a_word_and_a_person_once(self):
        conversation = self.make_lead()
        self.assertFalse(conversation.activity_ids)
        for text, words in (("hola?", 1), ("¿cuándo me llaman?", 0), ("sigo esperando", 0)):
            replies = self.customer(text)
            self.assertEqual(len(replies), words, text)
            self.assertEqual(self.get_activities(conversation), [("Ana", "A customer on WhatsApp awaits an answer")])
        self.assertIn("hola?", conversation.activity_ids.note)

    def test_who_has_the_lead_is_called(self):
        conversation = self.make_lead()
        conversation.lead_id.user_id = self.bruno
        (reply,) = self.customer("¿cuándo me llaman?")
        self.assertIn("asesor", reply)
        self.assertEqual(self.get_activity_users(), self.bruno)

    def test_any_question_after_the_lead_gets_a_word(self):
        self.make_lead()
        self.assertEqual(len(self.customer("¿y lo tienen en azul?")), 1)
        self.assertTrue(self.get_conversation().activity_ids)

    def test_photo_after_the_lead_gets_a_word(self):
        self.make_lead()
        (reply,) = self.customer("", NumMedia="1", MediaContentType0="image/jpeg", MessageType="image")
        self.assertIn("asesor", reply)
        self.assertNotIn("?", reply)

    def test_that_it_was_read_asks_for_no_word(self):
        self.make_lead()
        for text in ("ok", "listo", "👍"):
            self.assertEqual(self.customer(text), [])
        self.assertFalse(self.get_conversation().activity_ids)

    def test_word_is_said_again_hours_later(self):
        self.make_lead()
        self.customer("hola?")
        old = [fields.Datetime.now() - timedelta(hours=3), self.get_conversation().id]
        self.env.cr.execute("UPDATE whatsapp_conversation_message SET create_date = %s WHERE conversation_id = %s", old)
        self.env.invalidate_all()
        self.assertEqual(len(self.customer("sigo esperando")), 1)

    def win(self):
        conversation = self.make_lead()
        conversation.lead_id.action_set_won()
        return conversation, conversation.lead_id

    def test_new_wish_after_a_won_sale_is_a_lead_of_its_own(self):
        conversation, sofa = self.win()
        self.customer("Ahora busco una mesa")
        self.assertEqual((conversation.product_interest, conversation.customer_name), ("mesa", "Ana"))
        self.assertEqual((conversation.budget_max, conversation.action), (0, "gather_more_details"))
        self.customer("unos $300")
        table = conversation.lead_id
        self.assertNotEqual(table, sofa)
        self.assertEqual((table.x_product_interest, table.contact_name), ("mesa", "Ana"))
        self.assertIn("mesa", table.name.lower())
        self.assertNotIn("sof", table.name.lower())
        self.assertEqual(sofa.x_product_interest, "sofá")

    def test_new_wish_after_a_lost_sale(self):
        conversation = self.make_lead()
        conversation.lead_id.action_set_lost()
        self.customer("Busco una mesa, tengo $300")
        self.assertEqual(conversation.lead_id.x_product_interest, "mesa")

    def test_thanks_after_a_won_sale_make_no_lead(self):
        conversation, sofa = self.win()
        self.assertNotIn("?", " ".join(self.customer("Gracias, ya me llegó, está precioso")))
        self.assertEqual((conversation.lead_id, conversation.stage), (sofa, "lead"))
        self.assertEqual(self.env["crm.lead"].search_count([("phone_sanitized", "=", conversation.phone)]), 1)

    def test_silence_after_a_new_wish_makes_its_lead(self):
        conversation, sofa = self.win()
        self.customer("Busco una mesa")
        conversation.last_inbound_at = fields.Datetime.now() - timedelta(hours=25)
        self.run_job("ir_cron_idle_leads")
        self.assertNotEqual(conversation.lead_id, sofa)
        self.assertEqual(conversation.lead_id.x_product_interest, "mesa")

    def test_silence_after_thanks_makes_none(self):
        conversation, sofa = self.win()
        self.customer("Gracias")
        conversation.last_inbound_at = fields.Datetime.now() - timedelta(hours=25)
        self.run_job("ir_cron_idle_leads")
        self.assertEqual(conversation.lead_id, sofa)

    def test_correction_during_a_new_wish_leaves_the_won_lead(self):
        conversation, sofa = self.win()
        self.customer("Busco una mesa")
        conversation.budget_max = 300
        self.assertIn("900", sofa.x_budget_range)


@tagged("post_install", "-at_install")
class TestReactions(MannersCase):
    def react(self, sign):
        return self.customer(sign, MessageType="reaction", OriginalRepliedMessageSid="SM1")

    def test_reaction_is_shown_and_changes_nothing(self):
        self.customer("Busco un sofá")
        conversation = self.get_conversation()
        turn, since = conversation.classification_id, conversation.waiting_since
        for sign in ("👍", ""):
            self.assertEqual(self.react(sign), [])
        self.assertEqual(conversation.classification_id, turn)
        self.assertEqual((conversation.waiting_since, conversation.due_at), (since, False))
        self.assertFalse(conversation.activity_ids)
        reaction = conversation.line_ids.filtered(lambda line: line.kind == "reaction")[0]
        self.assertEqual((reaction.body, reaction.state), ("👍", "handled"))

    def test_words_beside_a_reaction_are_read(self):
        self.receive("👍", MessageType="reaction")
        self.assertEqual(len(self.customer("Busco un sofá")), 1)
        self.assertEqual(self.get_conversation().product_interest, "sofá")


@tagged("post_install", "-at_install")
class TestFileNames(MediaCase, MannersCase):
    NAME = "Presupuesto 3500 Juan Pérez sofá.pdf"
    DOCUMENT = {
        "MessageType": "document",
        "NumMedia": "1",
        "MediaContentType0": "application/pdf",
        "MediaUrl0": "https://api.twilio.com/2010-04-01/Accounts/AC/Messages/MM/Media/ME1",
    }

    def test_nothing_is_read_from_a_files_name(self):
        (reply,) = self.customer(self.NAME, **self.DOCUMENT)
        self.assertIn("asesor", reply)
        conversation = self.get_conversation()
        self.assertFalse(conversation.customer_name or conversation.budget_max or conversation.product_interest)
        self.assertEqual(conversation.line_ids[0].attachment_ids.name, self.NAME)
        self.assertEqual(len(conversation.activity_ids), 1)
        self.assertIn(self.NAME, conversation.activity_ids.note)

    def test_caption_is_the_customers_word(self):
        self.customer("Soy Ana, busco este sofá", **self.DOCUMENT)
        conversation = self.get_conversation()
        self.assertEqual((conversation.customer_name, conversation.product_interest), ("Ana", "sofá"))

    def test_name_cannot_lead_astray(self):
        self.customer("../..\u202efdp.exe.pdf", **self.DOCUMENT)
        self.assertEqual(self.get_conversation().line_ids[0].attachment_ids.name, "_.._fdp.exe.pdf")
