from odoo.tests import BaseCase, tagged
from werkzeug.datastructures import Headers, MultiDict

from ..gateway.address import can_exist, get_candidates, mask, region_of, to_e164
from ..gateway.error_codes import _GROUPS, LATER, MEANINGS, NEEDS_TEMPLATE, PERMANENT, UNKNOWN
from ..gateway.inbound import kind_of, raw_parameters, text_of
from ..gateway.signature import SignatureError, check_signature

#: One number, as browsers, phones and address books give it.
PASTED = (
    "\u202a+593 98 765 4321\u202c",
    "\u200e+593\u00a098\u00a0765\u00a04321",
    "+593\u201198\u2011765\u20114321",
    "+593\u202f98\u2009765 4321\u200b",
    "+593 \u2013 98 765 4321",
    "\uff0b\uff15\uff19\uff13 987654321",
    "tel:+593-98-765-4321",
    "tel:+593987654321;ext=12",
    "TEL:+593987654321",
    "00593987654321",
    "00 593 98 765 4321",
    "(00593) 98 765 4321",
    "+593 (0)98 765 4321",
    "+593 (98) 765-4321",
    "(+593) 98.765.4321",
    "593987654321",
    "wa.me/593987654321",
    "https://wa.me/593987654321",
    "https://wa.me/593987654321?text=Hola%20qu%C3%A9%20tal",
    "http://www.wa.me/+593987654321/",
    "https://api.whatsapp.com/send?phone=593987654321&text=Hola",
    "https://api.whatsapp.com/send/?text=Hola&phone=%2B593987654321",
    "whatsapp:+593987654321",
)


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

    def test_what_can_be_nobodys(self):
        for number in ("+10987001122", "+59312", "+5930", "+999123456789", "+1", ""):
            self.assertFalse(can_exist(number), number)
        # Of telephones, shops, Twilio's sandbox, an Italian line, and a range that the tables do not know.
        for number in ("+593987001122", "+59322345678", "+14155238886", "+390612345678", "+15551234567"):
            self.assertTrue(can_exist(number), number)

    def test_numbers_as_people_paste_them(self):
        for text in PASTED:
            self.assertEqual(to_e164(text), "+593987654321", ascii(text))
            self.assertEqual(to_e164(text, "US"), "+593987654321", ascii(text))
        for text in ("https://wa.me/", "wa.me/hola", "tel:", "tel:hola", "\u202a\u202c", "00", "María +593987654321"):
            self.assertIsNone(to_e164(text, "EC"), ascii(text))

    def test_candidates(self):
        for one, other in (
            ("+5491123456789", "+541123456789"),
            ("+5215512345678", "+525512345678"),
            ("+5511987654321", "+551187654321"),
        ):
            self.assertEqual(get_candidates(one), (one, other))
            self.assertEqual(get_candidates(other), (other, one))
        # Of a landline in Brazil, and elsewhere, there is one form.
        for number in ("+551132654321", "+593987654321", "+12025550123"):
            self.assertEqual(get_candidates(number), (number,))

    def test_region(self):
        self.assertEqual(region_of("+593987654321"), "EC")
        self.assertEqual(region_of("+573001234567"), "CO")

    def test_masked_number_cannot_be_called(self):
        masked = mask("whatsapp:+593987654321")
        self.assertNotIn("98765", masked)
        self.assertTrue(masked.endswith("21"))
        self.assertEqual(mask("+123"), "…")
        self.assertEqual(mask("+59\nERROR: all is lost"), "…", "nor does it begin a line of the log")


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
            "does not match .*: https://other": {"url": "https://other/x"},
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
            self.assertEqual(kind_of(MultiDict({"From": "whatsapp:+593987654321", **form})), kind, form)
        self.assertEqual(kind_of(MultiDict({"From": "+593987654321", "MessageType": "text", "Body": "hola"})), "sms")

    def test_text_is_the_button_or_the_place_when_there_is_no_body(self):
        self.assertEqual(text_of(MultiDict({"Body": "", "ButtonText": "Sí, gracias"})), "Sí, gracias")
        self.assertEqual(text_of(MultiDict({"Label": "Casa", "Address": "Quito"})), "Casa, Quito")
        self.assertEqual(text_of(MultiDict({"Body": ""})), "")

    def test_every_parameter_is_kept(self):
        form = MultiDict([("Body", "a\x00b"), ("New", "1"), ("New", "2"), ("Empty", "")])
        self.assertEqual(raw_parameters(form), {"Body": "a\ufffdb", "New": ["1", "2"], "Empty": ""})


@tagged("post_install", "-at_install")
class TestErrorCodes(BaseCase):
    def test_each_code_has_one_meaning(self):
        self.assertEqual(len(MEANINGS), sum(len(codes) for _words, _outcome, codes in _GROUPS))
        for code, meaning in MEANINGS.items():
            self.assertIn(meaning.outcome, (PERMANENT, NEEDS_TEMPLATE, LATER, UNKNOWN), code)
            self.assertRegex(meaning.words._source, r"^[A-Z].{10,}[.?]$", code)

    def test_codes_of_whatsapp(self):
        """Twilio's dictionary of them, but for what is of other channels or could not be confirmed."""
        other_channels, warnings, unconfirmed = {63035, 63036}, {63046}, {63004, 63048, 63050, 63053}
        missing = set(range(63001, 63055)) - MEANINGS.keys() - other_channels - warnings - unconfirmed
        self.assertEqual(missing, set())
        for code in (63005, 63013, 63020, 63030, 63032, 63049, 63051, 30008):
            self.assertIn(code, MEANINGS)

    def test_what_is_to_be_done(self):
        self.assertEqual(MEANINGS[63016].outcome, NEEDS_TEMPLATE)
        for code in (20429, 63018, 63038, 63012):
            self.assertEqual(MEANINGS[code].outcome, LATER, code)
        for code in (63003, 63024, 63007, 21610, 63014, 21617, 63021, 63049, 63051):
            self.assertEqual(MEANINGS[code].outcome, PERMANENT, code)
