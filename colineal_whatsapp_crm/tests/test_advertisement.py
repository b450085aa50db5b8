"""Customers who come from an advertisement: where they are counted, what is not asked, what stands above the thread."""

import io
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from PIL import Image
from requests import Response, Session

from ..gateway import delivery, media
from .test_thread import ThreadCase

AD = {
    "ReferralBody": "Solo este mes, envío gratis",
    "ReferralHeadline": "Sofás de cuero desde $499",
    "ReferralSourceId": "120210000000000001",
    "ReferralSourceType": "ad",
    "ReferralSourceUrl": "https://fb.me/1AbCdEfGh",
    "ReferralNumMedia": "0",
    "ReferralCtwaClid": "ARAkLkA8rmlFeiCktEJQ",
}
META = "https://scontent-mia3-1.xx.fbcdn.net/v/t45.1600-4/1234_n.jpg?_nc_cat=1&oh=00_AY"


def make_picture():
    with io.BytesIO() as file:
        Image.new("RGB", (800, 400), (120, 80, 40)).save(file, "JPEG")
        return file.getvalue()


class AdvertisementCase(ThreadCase):
    def get_advertisement(self):
        return self.get_conversation().advertisement_id

    def get_slot(self, name):
        return self.get_conversation()._get_state().slots.get(name)


@tagged("post_install", "-at_install")
class TestAttribution(AdvertisementCase):
    def test_click_is_counted_on_conversation_and_lead(self):
        self.customer("Hola, quiero más información", **AD)
        conversation = self.get_conversation()
        self.assertEqual(
            (conversation.source_id.name, conversation.medium_id.name, conversation.campaign_id.name),
            ("Facebook", "Click-to-WhatsApp Ad", "Sofás de cuero desde $499"),
        )
        self.assertEqual(conversation.advertisement_click, "ARAkLkA8rmlFeiCktEJQ")
        self.customer("Soy Ana", "Mi presupuesto es $900")
        lead = conversation.lead_id
        self.assertEqual(
            (lead.source_id, lead.medium_id, lead.campaign_id),
            (conversation.source_id, conversation.medium_id, conversation.campaign_id),
        )
        self.assertEqual((lead.x_source, lead.x_product_interest), ("WhatsApp", "sofá"))

    def test_who_comes_from_none_is_counted_as_before(self):
        self.customer("Soy Ana, busco un sofá", "Mi presupuesto es $900")
        conversation = self.get_conversation()
        self.assertFalse(conversation.advertisement_id)
        self.assertEqual(conversation.lead_id.source_id.name, "WhatsApp")
        self.assertFalse(conversation.lead_id.campaign_id or conversation.lead_id.medium_id)

    def test_many_customers_of_one_advertisement_share_it(self):
        for number in range(3):
            self.receive("Hola", customer=f"whatsapp:+59398765450{number}", **AD)
        self.work()
        known = self.env["whatsapp.advertisement"].search([("reference", "=", AD["ReferralSourceId"])])
        self.assertEqual((len(known), known.conversation_count), (1, 3))

    def test_campaign_of_a_person_counts_for_all_that_came(self):
        self.customer("Hola", **AD)
        campaign = self.env["utm.campaign"].create({"name": "Navidad"})
        self.get_advertisement().with_user(
            new_test_user(self.env, "ads-manager", "sales_team.group_sale_manager")
        ).campaign_id = campaign
        self.assertEqual(self.get_conversation().campaign_id, campaign)
        self.receive("Hola", customer="whatsapp:+593987654511", **{**AD, "ReferralHeadline": "Otro titular"})
        self.work()
        self.assertEqual(self.get_conversation("whatsapp:+593987654511").campaign_id, campaign)

    def test_who_refuses_in_the_message_of_a_click_does_not_want_it(self):
        for said_before in ((), ("Ofertas",), ("Hola",)):
            customer = f"whatsapp:+5939876545{len(self.env['whatsapp.contact'].search([])):02}"
            for text in said_before:
                self.customer(text, customer=customer)
            self.customer("no busco sofá, quiero una mesa", customer=customer, **AD)
            conversation = self.get_conversation(customer)
            self.assertEqual(conversation._get_state().slots["products"].value, ("mesa",), said_before)

    def test_first_click_brought_the_customer(self):
        self.customer("Hola", **AD)
        first = self.get_advertisement()
        self.customer("Y esto?", **{**AD, "ReferralSourceId": "2", "ReferralHeadline": "Camas"})
        self.assertEqual(self.get_advertisement(), first)

    def test_lead_that_was_made_before_the_click_gets_all_of_it_or_nothing(self):
        self.customer("Soy Ana, busco una cama", "Mi presupuesto es $900")
        conversation = self.get_conversation()
        lead = conversation.lead_id
        self.assertEqual(lead.source_id.name, "WhatsApp")
        self.customer("Hola", **AD)
        self.customer("Vivo en Loja")
        self.assertEqual(
            (lead.source_id, lead.medium_id, lead.campaign_id),
            (conversation.source_id, conversation.medium_id, conversation.campaign_id),
        )

    def test_where_people_say_a_lead_is_from_it_is_from(self):
        self.customer("Soy Ana, busco una cama", "Mi presupuesto es $900")
        lead = self.get_conversation().lead_id
        fair = lead.source_id = self.env["utm.source"].create({"name": "Feria de Loja"})
        self.customer("Vivo en Loja", **AD)
        self.assertEqual((lead.source_id, lead.medium_id.id, lead.campaign_id.id), (fair, False, False))

    def test_later_click_tells_what_the_first_did_not(self):
        self.customer("Hola", ReferralSourceId=AD["ReferralSourceId"], ReferralSourceType="ad")
        advertisement = self.get_advertisement()
        self.assertEqual((advertisement.campaign_id.name, advertisement.headline), (AD["ReferralSourceId"], ""))
        self.receive("Hola", customer="whatsapp:+593987654518", **AD, ReferralMediaUrl=META)
        self.work()
        self.assertEqual(self.get_conversation("whatsapp:+593987654518").advertisement_id, advertisement)
        self.assertEqual(
            (advertisement.headline, advertisement.text, advertisement.url, advertisement.picture_state),
            (AD["ReferralHeadline"], AD["ReferralBody"], AD["ReferralSourceUrl"], "pending"),
        )
        self.assertEqual(advertisement.interest_ids.mapped("name"), ["sofá"])
        self.assertEqual(
            (advertisement.campaign_id.name, advertisement.source_id.name), (AD["ReferralHeadline"], "Facebook")
        )
        advertisement.interest_ids = False
        self.receive("Hola", customer="whatsapp:+593987654519", **{**AD, "ReferralHeadline": "Camas"})
        self.work()
        self.assertEqual((advertisement.headline, advertisement.interest_ids.ids), (AD["ReferralHeadline"], []))

    def test_click_after_a_sale_brings_the_next_wish(self):
        self.customer("Hola", **AD)
        self.customer("Soy Ana", "Mi presupuesto es $900")
        conversation, first = self.get_conversation(), self.get_advertisement()
        lead = conversation.lead_id
        lead.action_set_won()
        self.customer("Hola", **{**AD, "ReferralSourceId": "2", "ReferralHeadline": "Camas desde $300"})
        self.assertEqual(self.get_advertisement().headline, "Camas desde $300")
        self.assertEqual(self.get_slot("products").value, ("cama",))
        self.customer("Mi presupuesto es $700")
        self.assertNotEqual(conversation.lead_id, lead)
        self.assertEqual(conversation.lead_id.x_product_interest, "cama")
        self.assertEqual(conversation.lead_id.campaign_id.name, "Camas desde $300")
        self.assertEqual(lead.campaign_id, first.campaign_id)

    def test_click_that_names_nothing_is_a_message_like_others(self):
        nameless = {"ReferralBody": "Solo este mes", "ReferralSourceType": "ad"}
        self.assertTrue(self.customer("Hola, busco un sofá", **nameless))
        self.assertFalse(self.get_advertisement())
        vocabulary = self.assistant._get_vocabulary()
        for text in ("Solo este mes", "\u200b"):
            parameters = {**nameless, "ReferralBody": text, "ReferralHeadline": "\u202e"}
            found = self.env["whatsapp.advertisement"]._get_or_create(parameters, self.env.company, vocabulary)
            self.assertFalse(found, "what is no name makes no advertisement, and no error")

    def test_advertisement_without_a_headline_is_called_by_how_its_text_begins(self):
        ad = {**AD, "ReferralHeadline": ""}
        self.customer("Hola", **ad)
        first = self.get_advertisement()
        self.assertEqual((first.display_name, first.campaign_id.name), (AD["ReferralBody"],) * 2)
        long = "Nuestra colección de invierno ya está en todas las tiendas de Quito, Loja y Cuenca"
        other = "whatsapp:+593987654518"
        self.customer("Hola", customer=other, **{**ad, "ReferralSourceId": "2", "ReferralBody": long})
        second = self.get_conversation(other).advertisement_id
        self.assertEqual(second.display_name, "Nuestra colección de invierno ya está en todas las tiendas…")
        self.customer("Hola", customer="whatsapp:+593987654519", ReferralSourceId="3", ReferralSourceType="ad")
        self.assertEqual(self.get_conversation("whatsapp:+593987654519").advertisement_id.display_name, "3")
        self.customer("Hola", customer="whatsapp:+593987654517", **AD)
        self.assertEqual(first.campaign_id.name, AD["ReferralHeadline"], "the headline comes later")

    def test_signs_in_a_headline_find_no_other_campaign(self):
        for headline in ("Hasta 50% de descuento", "Hasta 50 sofás de regalo y mesas de descuento"):
            other = self.env["utm.campaign"].create({"name": headline.replace("%", " pesos")})
        self.customer("Hola", **{**AD, "ReferralHeadline": "Hasta 50% de descuento"})
        self.assertEqual(self.get_conversation().campaign_id.name, "Hasta 50% de descuento")
        self.receive("Hola", customer="whatsapp:+593987654514", **{**AD, "ReferralSourceId": "3"})
        self.receive(
            "Hola",
            customer="whatsapp:+593987654515",
            **{**AD, "ReferralSourceId": "4", "ReferralHeadline": AD["ReferralHeadline"].upper()},
        )
        self.work()
        campaigns = [self.get_conversation(f"whatsapp:+59398765451{digit}").campaign_id for digit in (4, 5)]
        self.assertEqual(campaigns[0], campaigns[1], "capitals are the same name")
        self.assertNotIn(other, campaigns)

    def test_erased_customer_clicked_nothing(self):
        self.customer("Hola", **AD)
        conversation = self.get_conversation()
        conversation._erase_words()
        self.assertFalse(conversation.advertisement_click)
        self.assertTrue(conversation.advertisement_id, "what figures are made of stays")

    def test_posts_and_other_places(self):
        self.customer(
            "Hola",
            **{**AD, "ReferralSourceType": "post", "ReferralSourceUrl": "https://www.instagram.com/p/abc"},
        )
        conversation = self.get_conversation()
        self.assertEqual(
            (conversation.medium_id.name, conversation.source_id.name), ("Click-to-WhatsApp Post", "Instagram")
        )

    def test_report_by_campaign(self):
        self.customer("Soy Ana, quiero información", **AD)
        self.customer("Mi presupuesto es $900")
        self.receive("Hola", customer="whatsapp:+593987654512")
        self.work()
        self.env.flush_all()
        campaign = self.get_conversation().campaign_id
        self.get_conversation().classification_ids[0].cost = 0.5
        self.env.flush_all()
        rows = self.env["whatsapp.conversation.report"].get_dashboard()["campaigns"]
        row = next(row for row in rows if row["label"] == campaign.name)
        self.assertEqual(
            (row["count"], row["leads"], row["lead_rate"], row["won"], row["cost"], row["lead_cost"]),
            (1, 1, 1.0, 0, 0.5, 0.5),
        )
        self.assertEqual(rows[-1]["label"], False, "those who came from none are there to compare")
        found = self.env["whatsapp.conversation.report"].search(row["domain"])
        self.assertEqual(found.conversation_id, self.get_conversation())


@tagged("post_install", "-at_install")
class TestAdvertised(AdvertisementCase):
    def test_what_it_said_is_not_asked(self):
        replies = self.customer("Hola", **AD)
        slot = self.get_slot("products")
        self.assertEqual((slot.value, slot.source), (("sofá",), "advertisement"))
        self.assertIn("nombre", replies[0])
        self.assertEqual(self.get_conversation().evidence["products"]["quote"], "Sofás de cuero desde $499")

    def test_second_advertisement_takes_the_place_of_the_first(self):
        self.customer("Hola", **AD)
        self.customer("¿Y esto?", **{**AD, "ReferralSourceId": "2", "ReferralHeadline": "Camas desde $300"})
        slot, conversation = self.get_slot("products"), self.get_conversation()
        self.assertEqual((slot.value, slot.source), (("cama",), "advertisement"))
        self.assertEqual(conversation.campaign_id.name, AD["ReferralHeadline"], "the first brought the customer")
        clicks = [line._get_shown()["advertisement"] for line in conversation.line_ids if line.direction == "inbound"]
        self.assertEqual(clicks, [AD["ReferralHeadline"], "Camas desde $300"])
        self.assertIn("Camas desde $300", self.get_notes(conversation), "and colleagues see the second")
        self.customer("Busco una mesa")
        self.customer("¿Y esto?", **{**AD, "ReferralSourceId": "3", "ReferralHeadline": "Sillas"})
        self.assertEqual(self.get_slot("products").value, ("mesa",), "what the customer says counts for more")

    def get_notes(self, record):
        messages = record.message_ids
        if record._name == "whatsapp.conversation":
            messages |= record.channel_id.message_ids
        return " ".join(messages.mapped("body"))

    def test_other_advertisements_are_noted_once_and_on_the_lead(self):
        self.customer("Soy Ana, mi presupuesto es $900", **AD)
        conversation, other = self.get_conversation(), {**AD, "ReferralSourceId": "2", "ReferralHeadline": "Camas Loja"}
        lead, campaign = conversation.lead_id, conversation.campaign_id
        for _again in range(2):
            self.customer("¿Y esto?", **other)
        for record in (conversation, lead):
            self.assertEqual(self.get_notes(record).count("Camas Loja ("), 1, record)
        self.customer("Gracias", **AD)
        self.assertEqual(self.get_notes(lead).count("(campa"), 2, "the first is no other: one note names both")
        self.assertEqual((conversation.campaign_id, lead.campaign_id), (campaign, campaign))

    def test_click_without_words_goes_on_as_well(self):
        replies = self.customer("", **AD)
        self.assertIn("nombre", replies[0])

    def test_customer_corrects_it(self):
        self.customer("Hola", **AD)
        self.customer("En realidad busco una cama")
        slot = self.get_slot("products")
        self.assertEqual((slot.value, slot.source), (("cama",), "rule"))

    def test_customer_confirms_it(self):
        self.customer("Hola", **AD)
        self.customer("Sí, quiero un sofá")
        slot = self.get_slot("products")
        self.assertEqual((slot.value, slot.source), (("sofá",), "rule"))

    def test_customer_wants_more_than_it_shows(self):
        self.customer("Hola", **AD)
        self.customer("Quiero un sofá y una cama")
        self.assertEqual(set(self.get_slot("products").value), {"sofá", "cama"})

    def test_customer_wants_it_no_more(self):
        self.customer("Hola", **AD)
        self.customer("Ya no quiero el sofá, gracias")
        self.assertFalse(self.get_slot("products"))

    def test_words_beside_the_click_count_first(self):
        self.customer("Busco una cama", **AD)
        self.assertEqual(self.get_slot("products").value, ("cama",))

    def test_person_corrects_it(self):
        self.customer("Hola", **AD)
        bed = self.env["whatsapp.interest"].search([("name", "=", "cama")])
        self.get_conversation().interest_ids = bed
        self.customer("Gracias")
        self.assertEqual((self.get_slot("products").value, self.get_slot("products").source), (("cama",), "person"))

    def test_what_was_wanted_before_stays(self):
        self.customer("Busco una cama")
        self.customer("Vi su anuncio", **AD)
        self.assertEqual(self.get_slot("products").value, ("cama",))

    def test_products_of_a_person_count_for_the_next_customer(self):
        self.customer("Hola", **AD)
        self.get_advertisement().interest_ids = self.env["whatsapp.interest"].search([("name", "=", "cama")])
        self.receive("Hola", customer="whatsapp:+593987654513", **AD)
        self.work()
        state = self.get_conversation("whatsapp:+593987654513")._get_state()
        self.assertEqual(state.slots["products"].value, ("cama",))


@tagged("post_install", "-at_install")
class TestAboveTheThread(AdvertisementCase):
    def get_shown(self):
        return self.get_channel()._get_whatsapp_state()["advertisement"]

    def fetch(self, **outcome):
        with patch.object(media, "fetch_picture", **outcome) as fetch:
            self.run_job("ir_cron_pictures")
        return fetch

    def test_picture_and_headline(self):
        self.customer("Hola", **AD, ReferralMediaUrl=META, ReferralMediaContentType="image/jpeg")
        self.assertFalse(self.get_shown()["picture"])
        fetch = self.fetch(return_value=make_picture())
        self.assertEqual(fetch.call_args.args[1], META)
        shown = self.get_shown()
        self.assertEqual((shown["headline"], shown["picture"]), ("Sofás de cuero desde $499", True))
        self.assertEqual(shown["url"], "https://fb.me/1AbCdEfGh")
        self.assertFalse(self.fetch().called, "once")

    def test_picture_that_does_not_come_is_tried_again_and_given_up(self):
        self.customer("Hola", **AD, ReferralMediaUrl=META)
        advertisement = self.get_advertisement()
        for _attempt in range(4):
            self.assertEqual(advertisement.picture_state, "pending")
            advertisement.picture_retry_at = fields.Datetime.now() - timedelta(seconds=1)
            self.fetch(side_effect=media.MediaError("The file did not come: 404"))
        self.assertEqual(advertisement.picture_state, "failed")
        self.assertEqual(self.get_shown()["headline"], "Sofás de cuero desde $499")

    def test_one_picture_keeps_no_other_away(self):
        self.customer("Hola", **AD, ReferralMediaUrl=META)
        older = self.get_advertisement()
        for number, customer in enumerate(("whatsapp:+593987654516", "whatsapp:+593987654517"), 5):
            self.receive("Hola", customer=customer, **{**AD, "ReferralSourceId": str(number)}, ReferralMediaUrl=META)
        self.work()
        damaged = self.get_conversation("whatsapp:+593987654516").advertisement_id
        lonely = self.get_conversation("whatsapp:+593987654517").advertisement_id
        lonely.conversation_ids.unlink()
        pictures = iter((make_picture(), make_picture()[:300], make_picture()))
        with self.assertLogs("odoo.addons.colineal_whatsapp_crm.jobs.media_fetcher", "ERROR"):
            self.fetch(side_effect=lambda _credentials, _url: next(pictures))
        self.assertEqual([each.picture_state for each in (lonely, damaged, older)], ["fetched", "pending", "fetched"])
        self.assertTrue(damaged.picture_error)

    def test_only_twilio_and_meta_are_asked_for_pictures(self):
        with patch.object(Session, "send") as send:
            for url in (
                "https://evil.example/a.jpg",
                "http://scontent.xx.fbcdn.net/a.jpg",
                "https://fbcdn.net.evil.example/a.jpg",
                "https://evil-fbcdn.net/a.jpg",
                "https://x@scontent.xx.fbcdn.net/a.jpg",
                "https://scontent.xx.fbcdn.net\\@evil.example/a.jpg",
                "https://scontent.xx.fbcdn.net:8443/a.jpg",
                "https://169.254.169.254/latest",
                "file:///etc/passwd",
            ):
                for credentials in (delivery.Credentials("AC" + "1" * 32, "secret"), None):
                    with self.subTest(url, with_credentials=bool(credentials)), self.assertRaises(media.MediaError):
                        media.fetch_picture(credentials, url)
            send.assert_not_called()
        picture = make_picture()
        with patch.object(Session, "send", side_effect=map(self.make_response, (picture, b"<svg/>"))):
            self.assertEqual(media.fetch_picture(None, META), picture)
            with self.assertRaisesRegex(media.MediaError, "no picture"):
                media.fetch_picture(None, META)

    @staticmethod
    def make_response(data):
        response = Response()
        response.status_code, response.raw = 200, io.BytesIO(data)
        return response

    def test_strangers_text_is_shown_as_text(self):
        odd = "\u202eX<img src=x onerror=alert(1)>\n" + "y" * 5000
        for url in ("javascript:alert(1)", "https://a@evil.example", "data:text/html,x", "https://[::1", "x" * 5000):
            parameters = {"ReferralSourceId": url[:20], "ReferralHeadline": odd, "ReferralSourceUrl": url}
            self.receive("Hola", customer=f"whatsapp:+5939876546{len(url) % 100:02}", **AD | parameters)
        self.work()
        for advertisement in self.env["whatsapp.advertisement"].search([("headline", "like", "X<img")]):
            self.assertFalse(advertisement.url)
            self.assertLessEqual(len(advertisement.headline), 200)
            self.assertNotRegex(advertisement.headline, r"[\u202a-\u202e\n]")

    def test_who_may_see_and_change_it(self):
        self.customer("Hola", **AD)
        advertisement = self.get_advertisement()
        self.assertTrue(advertisement.with_user(self.seller).headline)
        for user, values in (
            (self.seller, {"campaign_id": False}),
            (new_test_user(self.env, "ads-boss", "sales_team.group_sale_manager"), {"headline": "x"}),
        ):
            with self.assertRaises(AccessError):
                advertisement.with_user(user).write(values)
        outsider = new_test_user(self.env, "ads-outsider", "base.group_user")
        with self.assertRaises(AccessError):
            advertisement.with_user(outsider).read(["headline"])
        company = self.env["res.company"].create({"name": "Otra"})
        other = new_test_user(
            self.env,
            "ads-other",
            "sales_team.group_sale_salesman_all_leads",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertFalse(self.env["whatsapp.advertisement"].with_user(other).search([]))

    def test_file_of_the_message_is_no_picture_of_the_advertisement(self):
        self.assertEqual(media.list_media({**AD, "NumMedia": "0", "ReferralMediaUrl": META}), [])
