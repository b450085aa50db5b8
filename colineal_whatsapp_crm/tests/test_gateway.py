from odoo.tests import BaseCase, tagged
from werkzeug.datastructures import Headers, MultiDict

from ..gateway.address import mask, region_of, to_e164
from ..gateway.inbound import kind_of, raw_parameters, text_of
from ..gateway.signature import SignatureError, check_signature


@tagged("post_install", "-at_install")
class TestAddress(BaseCase):
    def test_prefixes_that_people_add_are_taken_out(self):
        # The forms that facts about WhatsApp numbers list for Mexico, Brazil and Ecuador.
        self.assertEqual(to_e164("whatsapp:+593987654321"), "+593987654321")
        self.assertEqual(to_e164("+5930987654321"), "+593987654321")
        self.assertEqual(to_e164("098 765-4321", "EC"), "+593987654321")

    def test_what_is_no_number_is_none(self):
        for text in ("", "whatsapp:EC.A1b2C3", "hola", "+", "12", "098765432109876543210", "098 765 4321"):
            self.assertIsNone(to_e164(text), text)

    def test_region(self):
        self.assertEqual(region_of("+593987654321"), "EC")
        self.assertEqual(region_of("+573001234567"), "CO")

    def test_masked_number_cannot_be_called(self):
        masked = mask("whatsapp:+593987654321")
        self.assertNotIn("98765", masked)
        self.assertTrue(masked.endswith("21"))
        self.assertEqual(mask("+123"), "…")


@tagged("post_install", "-at_install")
class TestSignature(BaseCase):
    # The vector of Twilio's own libraries.
    TOKEN = "12345"
    URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
    FORM = MultiDict(
        {
            "CallSid": "CA1234567890ABCDE",
            "Caller": "+14158675309",
            "Digits": "1234",
            "From": "+14158675309",
            "To": "+18005551212",
        }
    )
    SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="

    def check(self, url=URL, keys=(TOKEN,), signature=SIGNATURE):
        headers = Headers({"X-Twilio-Signature": signature} if signature is not None else {})
        check_signature(url, self.FORM, headers, keys)

    def test_genuine(self):
        self.check()

    def test_either_token_while_rotating(self):
        self.check(keys=("new", self.TOKEN))

    def test_refused_with_a_reason(self):
        for reason, arguments in {
            "header is missing": {"signature": None},
            "does not match": {"signature": "bm9wZQ=="},
            "does not match for https://other": {"url": "https://other/x"},
            "no auth token": {"keys": ()},
        }.items():
            with self.subTest(reason), self.assertRaisesRegex(SignatureError, reason):
                self.check(**arguments)


@tagged("post_install", "-at_install")
class TestInbound(BaseCase):
    def test_kind(self):
        for kind, form in {
            "text": {"MessageType": "text", "Body": "hola"},
            "audio": {"NumMedia": "1", "MediaContentType0": "audio/ogg; codecs=opus"},
            "image": {"MessageType": "image", "MediaContentType0": "image/jpeg"},
            "document": {"MediaContentType0": "application/pdf"},
            "contact": {"MediaContentType0": "text/vcard"},
            "location": {"Latitude": "-0.18", "Longitude": "-78.46"},
            "button": {"MessageType": "interactive", "ButtonPayload": "yes"},
            "other": {"Body": ""},
        }.items():
            self.assertEqual(kind_of(MultiDict(form)), kind, form)

    def test_text_is_the_button_or_the_place_when_there_is_no_body(self):
        self.assertEqual(text_of(MultiDict({"Body": "", "ButtonText": "Sí, gracias"})), "Sí, gracias")
        self.assertEqual(text_of(MultiDict({"Label": "Casa", "Address": "Quito"})), "Casa, Quito")
        self.assertEqual(text_of(MultiDict({"Body": ""})), "")

    def test_every_parameter_is_kept(self):
        form = MultiDict([("Body", "a\x00b"), ("New", "1"), ("New", "2"), ("Empty", "")])
        self.assertEqual(raw_parameters(form), {"Body": "a\ufffdb", "New": ["1", "2"], "Empty": ""})
