import base64

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common import WhatsappCase
from .test_media import make_image

WEBHOOK = "odoo.addons.colineal_whatsapp_crm.controllers.webhook"


class SimulatorCase(WhatsappCase, HttpCase):
    """A salesperson who plays the customer of an assistant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(cls.env, "simulator-seller", "sales_team.group_sale_salesman", name="Sofía Mora")

    @property
    def simulator(self):
        return self.env["whatsapp.simulator"].with_user(self.seller)

    def post(self, messages, times=1, **change):
        """Post as the browser does. Returns the statuses."""
        self.env.flush_all()
        return [
            self.url_open(
                "/api/webhook/whatsapp",
                data={**request["form"], **change},
                headers={"X-Twilio-Signature": request["signature"]},
            ).status_code
            for request in self.simulator.sign(self.assistant.id, messages)
            for _time in range(times)
        ]

    def say(self, *texts, **message):
        """The simulated customer sends these; the assistant answers. Returns what the screen shows."""
        self.simulator.begin(self.assistant.id)
        messages = [{"kind": "text", "text": text, **message} for text in texts] or [message]
        self.assertEqual(set(self.post(messages)), {200})
        self.work()
        return self.look()

    def look(self):
        return self.simulator.look(self.assistant.id)

    def get_lines(self):
        return self.env["whatsapp.conversation"].browse(self.look()["conversation_id"]).line_ids

    def get_slots(self):
        return {slot["name"]: slot["value"] for slot in self.look()["slots"]}


@tagged("post_install", "-at_install")
class TestSimulator(SimulatorCase):
    def test_what_is_typed_is_answered_and_understood(self):
        view = self.say("Hola, soy Ana, busco un sofá")
        self.assertEqual(self.get_slots()["name"], "Ana")
        self.assertEqual((view["quality"], view["busy"]), ("warm", False))
        self.assertIn("budget", view["action"])
        self.assertTrue(view["reasons"])
        self.assertEqual(self.get_lines().mapped("state"), ["handled", "simulated"])
        channel = self.env["discuss.channel"].browse(view["channel_id"]).with_user(self.seller)
        self.assertEqual(len(channel.message_ids), 2)

    @mute_logger(WEBHOOK)
    def test_signature_is_checked(self):
        self.simulator.begin(self.assistant.id)
        self.assertEqual(self.post([{"kind": "text", "text": "Hola"}], Body="Otra cosa"), [403])
        self.assertFalse(self.get_lines())

    def test_burst_gets_one_answer(self):
        self.say("Hola", "soy Ana", "busco un sofá")
        self.assertEqual(self.get_lines().mapped("direction"), ["inbound"] * 3 + ["outbound"])

    def test_duplicate_is_stored_once(self):
        self.simulator.begin(self.assistant.id)
        self.assertEqual(self.post([{"kind": "text", "text": "Hola"}], times=2), [200, 200])
        self.work()
        self.assertEqual(self.get_lines().mapped("direction"), ["inbound", "outbound"])

    def test_voice_note_with_its_words(self):
        self.say(kind="audio", transcript="Soy Ana, busco una cama")
        self.assertEqual(self.get_slots()["products"], "cama")
        line = self.get_lines()[0]
        self.assertEqual((line.kind, line.media_state, line.body), ("audio", "fetched", ""))
        self.assertTrue(line.attachment_ids.mimetype.startswith("audio/"))

    def test_photo_of_ones_own(self):
        data = make_image("PNG")
        file = {"name": "sofa.png", "type": "image/png", "data": base64.b64encode(data).decode()}
        self.say(kind="image", file=file)
        photo = self.get_lines()[0].attachment_ids
        self.assertEqual((photo.raw, photo.mimetype), (data, "image/png"))
        self.assertFalse(
            self.env["ir.attachment"].search_count([("res_model", "=", "whatsapp.sender"), ("name", "=", "sofa.png")])
        )

    def test_several_files_of_ones_own(self):
        image, pdf = make_image("PNG"), b"%PDF-1.4"
        files = [
            {"name": name, "type": mime_type, "data": base64.b64encode(data).decode()}
            for name, mime_type, data in (("plano.pdf", "application/pdf", pdf), ("sofa.png", "image/png", image))
        ]
        self.say(kind="several", files=files)
        line = self.get_last()
        self.assertEqual((line.kind, set(line.attachment_ids.mapped("raw"))), ("document", {image, pdf}))

    def test_location_and_button(self):
        self.say(kind="location", label="Parque", address="Av. Amazonas, Quito")
        self.assertEqual(self.get_slots()["city"], "Quito")
        self.say("Busco un sofá", kind="button")
        self.assertEqual(self.get_lines().filtered(lambda line: line.direction == "inbound")[-1].kind, "button")

    def get_last(self):
        return self.get_lines().filtered(lambda line: line.direction == "inbound").sorted("id")[-1]

    def test_call_for_a_colleague_silences_nothing_else(self):
        self.say("Hola, ¿hacen envíos a Loja?")
        self.say("SOFA-01", kind="order")
        reply = self.get_lines().filtered(lambda line: line.direction == "outbound")[-1]
        self.assertIn("order", reply.wording_ids.mapped("situation"), reply.body)
        self.assertEqual(self.get_lines().conversation_id.handover_id.reason, "order")
        self.say(kind="document", text="Plano.pdf")
        reply = self.get_lines().filtered(lambda line: line.direction == "outbound")[-1]
        self.assertIn("not_text", reply.wording_ids.mapped("situation"), reply.body)

    def test_every_kind_can_be_sent(self):
        self.say("Busco un sofá")
        wanted = self.get_last()
        answer = self.get_lines().filtered(lambda line: line.direction == "outbound")
        self.say("👍", kind="reaction")
        self.assertEqual(answer.mail_message_id.reaction_ids.mapped("content"), ["👍"])
        self.say("Ese me gusta", kind="reply")
        self.assertTrue(self.get_last().mail_message_id.parent_id)
        self.say("Un sofá gris", kind="edit")
        self.assertEqual(self.get_last().kind, "edit")
        for kind, stored, message in (
            ("interactive", "button", {"text": "Comedores", "description": "De 4 a 8 puestos"}),
            ("document", "document", {"text": "Comprobante.pdf"}),
            ("contacts", "contact", {}),
            ("sticker", "sticker", {}),
            ("video", "video", {}),
            ("several", "image", {"text": "Estas son"}),
            ("enquiry", "text", {"text": "¿Qué precio tiene?", "article": "MESA-09"}),
            ("forwarded", "text", {"text": "Mira esto"}),
            ("order", "order", {"text": "SOFA-01, MESA-09"}),
            ("advertisement", "text", {"text": "Hola", "headline": "Camas", "reference": "77"}),
            ("unsupported", "unsupported", {}),
        ):
            self.say(kind=kind, **message)
            self.assertEqual(self.get_last().kind, stored, kind)
        several = self.get_lines().filtered(lambda line: line.body == "Estas son")
        self.assertEqual(set(several.attachment_ids.mapped("mimetype")), {"image/png", "video/mp4", "application/pdf"})
        asked = self.get_lines().filtered(lambda line: line.body == "¿Qué precio tiene?")
        self.assertEqual(asked._get_shown()["ordered"], ["MESA-09"])
        cards = self.get_lines().filtered("cards")
        self.assertEqual(cards.cards[0]["name"], "Luis Mora")
        self.assertEqual(cards.conversation_id.advertisement_id.headline, "Camas")
        self.say(kind="revoke")
        self.assertTrue(self.get_lines().filtered("deleted_at"))
        self.assertEqual(wanted.kind, "text")

    def test_lead_stays_apart(self):
        view = self.say("Hola, soy Ana, busco un sofá, tengo $800 y es urgente")
        lead = self.env["crm.lead"].browse(view["lead"]["id"])
        self.assertEqual(lead.contact_name, "Ana")
        self.assertTrue(lead.whatsapp_simulated)
        self.assertFalse(lead.active or lead.user_id or lead.team_id)
        self.assertEqual(lead.won_status, "pending", "the scoring learns nothing from it")
        self.assertEqual(self.say("y en Quito")["lead"]["id"], lead.id, "the lead is brought up to date")
        self.env.flush_all()
        report = self.env["whatsapp.classification.report"]
        self.assertFalse(report.search([("conversation_id", "=", view["conversation_id"])]))

    def test_no_colleague_is_called(self):
        view = self.say("Quiero poner un reclamo, mi sofá llegó roto")
        conversation = self.env["whatsapp.conversation"].browse(view["conversation_id"])
        self.assertFalse(conversation.activity_ids)
        self.assertFalse(conversation.user_id)
        notes = conversation.channel_id.message_ids.filtered(lambda message: message.message_type == "notification")
        self.assertEqual(len(notes), 1, "it is said that one would be")

    def test_silence_makes_no_lead(self):
        view = self.say("Soy Ana")
        conversation = self.env["whatsapp.conversation"].browse(view["conversation_id"])
        conversation.last_inbound_at = "2020-01-01 00:00:00"
        self.run_job("ir_cron_idle_leads")
        self.assertFalse(conversation.lead_id)

    def test_reset_forgets_everything(self):
        view = self.say("Hola, soy Ana, busco un sofá, tengo $800 y es urgente")
        view_after = self.simulator.reset(self.assistant.id)
        self.assertFalse(view_after["slots"] or view_after["lead"] or view_after["turns"])
        for model, key in (
            ("whatsapp.conversation", view["conversation_id"]),
            ("discuss.channel", view["channel_id"]),
            ("crm.lead", view["lead"]["id"]),
        ):
            self.assertFalse(self.env[model].browse(key).exists(), model)
        self.say("Busco una cama")
        self.assertEqual(self.get_slots()["products"], "cama")

    def test_each_colleague_has_a_conversation_of_their_own(self):
        mine = self.say("Soy Ana")
        other = new_test_user(self.env, "simulator-other", "sales_team.group_sale_salesman")
        theirs = self.env["whatsapp.simulator"].with_user(other).begin(self.assistant.id)
        self.assertNotEqual(mine["conversation_id"], theirs["conversation_id"])
        self.env["whatsapp.simulator"].with_user(other).reset(self.assistant.id)
        self.assertEqual(self.get_slots()["name"], "Ana")

    def test_it_can_never_go_live(self):
        self.say("Hola")
        sender = self.get_lines().sender_id
        with self.assertRaises(ValidationError):
            sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "secret"})
        self.env.cr.execute(
            "UPDATE whatsapp_sender SET account_sid = %s, auth_token = 'secret' WHERE id = %s",
            ["AC" + "1" * 32, sender.id],
        )
        sender.invalidate_recordset()
        self.assertEqual(sender.mode, "simulation")
        self.assertIsNone(sender._get_credentials())

    def test_only_the_sales_team(self):
        clerk = new_test_user(self.env, "simulator-clerk", "base.group_user")
        simulator = self.env["whatsapp.simulator"].with_user(clerk)
        for method in ("begin", "look", "reset"):
            with self.assertRaises(AccessError):
                getattr(simulator, method)(self.assistant.id)
        with self.assertRaises(AccessError):
            simulator.sign(self.assistant.id, [{"kind": "text", "text": "Hola"}])

    def test_simulated_conversations_are_not_among_customers(self):
        view = self.say("Hola")
        action = self.env["ir.actions.act_window"]._for_xml_id("colineal_whatsapp_crm.whatsapp_conversation_action")
        domain = safe_eval(action["domain"])
        self.assertFalse(self.env["whatsapp.conversation"].search([*domain, ("id", "=", view["conversation_id"])]))
