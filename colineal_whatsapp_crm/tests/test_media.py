import io
import os
import socket
import struct
import threading
import zlib
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import BaseCase, HttpCase, new_test_user, tagged
from odoo.tests.common import _super_send
from PIL import Image

from ..gateway import media
from ..gateway.delivery import Credentials
from ..lib.clock import utcnow
from ..lib.safe_http import is_public
from ..understanding import Media
from ..understanding.llm import client
from .common import WhatsappCase
from .test_model import ModelCase

FETCH = "odoo.addons.colineal_whatsapp_crm.gateway.media.fetch"
VOICE = {
    "MessageType": "audio",
    "NumMedia": "1",
    "MediaContentType0": "audio/ogg; codecs=opus",
    "MediaUrl0": "https://api.twilio.com/2010-04-01/Accounts/AC/Messages/MM/Media/ME1",
}
PHOTO = {**VOICE, "MessageType": "image", "MediaContentType0": "image/jpeg"}


def make_image(kind):
    with io.BytesIO() as file:
        Image.new("RGB", (1, 1)).save(file, kind)
        return file.getvalue()


def make_bomb(width, height):
    """A PNG of a few kilobytes that unpacks to so many pixels."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes((width // 8 + 1) * min(height, 20_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


PIXEL = make_image("JPEG")


class MediaCase:
    def setUp(self):
        super().setUp()
        self.sender.write({"account_sid": "AC" + "1" * 32, "auth_token": "secret"})
        self.startPatcher(patch("odoo.addons.colineal_whatsapp_crm.gateway.delivery.send", return_value=None))
        self.fetch = self.startPatcher(patch(FETCH, side_effect=lambda _credentials, _url, kind: Media(kind, PIXEL)))

    def get_message(self):
        return self.get_conversation().line_ids[0]


@tagged("post_install", "-at_install")
class TestMedia(MediaCase, WhatsappCase):
    def test_file_is_fetched_with_the_accounts_credentials_and_kept(self):
        self.customer("", **VOICE)
        credentials, url, kind = self.fetch.call_args.args
        self.assertEqual((credentials.auth_token, url, kind), ("secret", VOICE["MediaUrl0"], "audio/ogg"))
        message = self.get_message()
        self.assertEqual(message.media_state, "fetched")
        self.assertEqual((message.attachment_ids.mimetype, message.attachment_ids.raw), ("audio/ogg", PIXEL))

    def test_with_the_rules_it_is_acknowledged_and_handed_on_once(self):
        self.assertEqual(len(self.customer("", **VOICE)), 1)
        self.customer("", **PHOTO)
        self.assertEqual(len(self.get_conversation().activity_ids), 1)

    def test_file_that_does_not_come_is_tried_again_and_then_given_up(self):
        self.fetch.side_effect = media.MediaError("404")
        self.assertEqual(len(self.customer("", **VOICE)), 1, "the message does not wait for its file")
        message = self.get_message()
        for _attempt in range(3):
            self.assertEqual(message.media_state, "pending")
            message.media_retry_at = utcnow() - timedelta(seconds=1)
            self.work()
        self.assertEqual((message.media_state, message.media_error), ("failed", "404"))

    def test_lasting_failure_is_not_tried_again(self):
        self.fetch.side_effect = media.MediaError("too large", lasting=True)
        self.customer("", **VOICE)
        self.assertEqual(self.get_message().media_state, "failed")

    def test_photo_that_would_unpack_to_gigabytes_is_kept_as_it_is(self):
        for size in ((13_000, 13_000), (50_000, 50_000)):
            bomb = make_bomb(*size)
            self.fetch.side_effect = lambda _credentials, _url, kind, bomb=bomb: Media(kind, bomb)
            self.customer("", **{**PHOTO, "MediaContentType0": "image/png"})
            message = self.get_conversation().line_ids.filtered("attachment_ids")[-1:]
            self.assertEqual((message.media_state, message.attachment_ids.raw), ("fetched", bomb), size)
            self.assertEqual(message.attachment_ids.mimetype, "application/x-download")

    def test_files_that_hang_lose_none_that_came(self):
        going, ended = threading.Event(), threading.Event()
        self.addCleanup(ended.set)

        def fetch(_credentials, url, kind):
            if url[-1] in "12":
                ended.wait()
            going.set()
            return Media(kind, PIXEL)

        self.fetch.side_effect = fetch
        urls = {f"MediaUrl{n}": f"{PHOTO['MediaUrl0'][:-1]}{n + 1}" for n in range(4)}
        types = {f"MediaContentType{n}": "image/jpeg" for n in range(4)}
        self.receive("", **{**PHOTO, **urls, **types, "NumMedia": "4"})
        with patch("odoo.addons.colineal_whatsapp_crm.jobs.media_fetcher._FETCHING_SECONDS", 3):
            self.work()
        message = self.get_message()
        self.assertTrue(going.is_set())
        self.assertEqual((message.media_state, sorted(message.media_faults)), ("pending", ["1", "2"]))
        self.assertEqual(len(message.attachment_ids), 2)
        self.assertEqual(sorted(message._list_wanted_files()), [1, 2], "only those are tried again")
        ended.set()
        message.media_retry_at = utcnow() - timedelta(seconds=1)
        self.work()
        self.assertEqual((message.media_state, len(message.attachment_ids)), ("fetched", 4))

    def test_file_that_two_workers_fetched_is_there_once(self):
        self.fetch.side_effect = media.MediaError("x")
        urls = {f"{name}1": PHOTO[f"{name}0"] for name in ("MediaUrl", "MediaContentType")}
        self.customer("", **{**PHOTO, **urls, "NumMedia": "2"})
        message, fetcher = self.get_message(), self.env["whatsapp.media.fetcher"]
        for _worker in range(2):
            fetcher._keep(message, {1: Media("image/jpeg", PIXEL), 2: media.MediaError("x")})
        self.assertEqual((len(message.attachment_ids), list(message.media_faults)), (1, ["2"]))

    def test_more_files_than_whatsapp_lets_through_in_a_message(self):
        self.fetch.side_effect = lambda _credentials, _url, kind: Media(kind, bytes(media.MOST_BYTES))
        urls = {f"MediaUrl{number}": VOICE["MediaUrl0"] for number in range(10)}
        self.customer("", **VOICE | urls | {"NumMedia": "10"})
        self.assertEqual(self.get_message().media_state, "failed")
        self.assertEqual(self.fetch.call_count, 3)

    def receive_several(self, **outcomes):
        """A message with words and as many files; what comes of each is bytes or an error, by the end of its address."""
        names = list(outcomes)
        self.fetch.side_effect = lambda _credentials, url, kind: self.meet(outcomes[url.rpartition("/")[2]], kind)
        parameters = {"MessageType": "image", "NumMedia": str(len(names))}
        for number, name in enumerate(names):
            parameters |= {
                f"MediaUrl{number}": f"https://api.twilio.com/{name}",
                f"MediaContentType{number}": "image/jpeg",
            }
        replies = self.customer("Busco un sofá como este", **parameters)
        return replies, self.get_message()

    def meet(self, outcome, kind):
        if isinstance(outcome, Exception):
            raise outcome
        return Media(kind, outcome)

    def test_one_file_that_fails_keeps_no_other_away_nor_the_words(self):
        lost = media.MediaError("The file is larger than WhatsApp lets through.", lasting=True)
        late = media.MediaError("The file did not come: 404")
        replies, message = self.receive_several(a=PIXEL, b=lost, c=late, d=PIXEL)
        self.assertIn("nombre", replies[0])
        self.assertEqual(self.get_conversation().product_interest, "sofá")
        self.assertEqual(len(message.attachment_ids), 2)
        self.assertEqual(message.media_state, "pending")
        self.fetch.reset_mock()
        self.fetch.side_effect = lambda _credentials, _url, kind: Media(kind, PIXEL)
        message.media_retry_at = utcnow() - timedelta(seconds=1)
        self.work()
        self.assertEqual([call.args[1][-1] for call in self.fetch.call_args_list], ["c"], "only what may still come")
        self.assertEqual((message.media_state, len(message.attachment_ids)), ("failed", 3))
        self.assertEqual(message._describe_faults(), ["File 2 of 4: The file is larger than WhatsApp lets through."])

    def test_files_come_in_any_order_with_several_messages(self):
        late = media.MediaError("The file did not come: 404")
        self.receive_several(a=late)
        self.receive_several(b=PIXEL)
        first, second = self.get_conversation().line_ids.filtered(lambda line: line.direction == "inbound").sorted("id")
        self.assertEqual((first.media_state, second.media_state), ("pending", "fetched"))
        self.fetch.side_effect = lambda _credentials, _url, kind: Media(kind, PIXEL)
        first.media_retry_at = utcnow() - timedelta(seconds=1)
        self.work()
        self.assertEqual((first.media_state, len(first.attachment_ids)), ("fetched", 1))
        self.assertFalse(first.media_faults or first.media_error)

    def test_empty_file_and_one_without_address_are_told(self):
        _replies, message = self.receive_several(a=b"")
        self.assertEqual((message.media_state, message.media_error), ("failed", "The file is empty."))
        self.customer("Mira", MessageType="image", NumMedia="1", MediaContentType0="image/jpeg")
        message = self.get_conversation().line_ids.filtered("media_state").sorted("id")[-1]
        self.assertEqual(message._describe_faults(), ["Twilio has not said where the file is."])

    def test_files_that_are_announced_without_an_address_are_told(self):
        english = "File %s of 3: Twilio has not said where the file is."
        self.customer("Busco un sofá", NumMedia="3")
        message = self.get_message()
        self.assertEqual((message.kind, message.media_state), ("text", "failed"))
        self.assertEqual(message._describe_faults(), [english % number for number in (1, 2, 3)])
        self.assertEqual(self.get_conversation().product_interest, "sofá")
        self.assertFalse(self.get_conversation().handover_id, "the words say what is wanted")
        self.customer("", **{**PHOTO, "NumMedia": "3"})
        message = self.get_conversation().line_ids.filtered("media_state").sorted("id")[-1]
        self.assertEqual((message.media_state, len(message.attachment_ids)), ("failed", 1))
        self.assertEqual(message._describe_faults(), [english % number for number in (2, 3)])

    def test_nothing_but_files_without_an_address_gets_a_person(self):
        self.customer("", NumMedia="2")
        self.assertEqual(self.get_conversation().handover_id.reason, "unheard")

    def test_each_file_is_called_what_it_is(self):
        kinds = {"a": "image/jpeg", "b": "application/pdf", "c": "application/octet-stream", "d": "text/vcard"}
        self.fetch.side_effect = lambda _credentials, _url, kind: Media(kind, b"x")
        parameters = {"MessageType": "image", "NumMedia": "4"}
        for number, kind in enumerate(kinds.values()):
            parameters |= {f"MediaUrl{number}": f"https://api.twilio.com/{number}", f"MediaContentType{number}": kind}
        self.customer("", **parameters)
        names = [name.split(" 20")[0] for name in self.get_message().attachment_ids.sorted("id").mapped("name")]
        english = self.get_message().with_context(lang="en_US")
        described = [english._describe_file(kind) for kind in kinds.values()]
        self.assertEqual(described, ["Photo", "Document", "Unknown file", "Contact card"])
        self.assertEqual(len(set(names)), 4, names)

    def test_odd_counts_and_types_are_no_files(self):
        for odd in ("²", "-1", "9" * 40, "1e3", "", "x"):
            self.assertEqual(media.list_media({**VOICE, "NumMedia": odd})[1:], [], odd)
        self.assertEqual(len(media.list_media({**VOICE, "NumMedia": ["1", "2"]})), 1)

    def test_colleague_without_rights_gets_no_file(self):
        self.customer("", **PHOTO)
        conversation = self.get_conversation()
        conversation.user_id = new_test_user(self.env, "media-owner", "sales_team.group_sale_salesman")
        stranger = new_test_user(self.env, "media-stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.get_message().attachment_ids.with_user(stranger).read(["raw"])
        self.assertTrue(self.get_message().attachment_ids.with_user(conversation.user_id).raw)


@tagged("post_install", "-at_install")
class TestServing(MediaCase, WhatsappCase, HttpCase):
    """What browsers get of what customers sent."""

    def keep(self, mime_type, data, kind="document"):
        """A customer sends a file. Returns its id."""
        message = self.receive("", **{**VOICE, "MessageType": kind, "MediaContentType0": mime_type})
        message._expect_media()
        self.env["whatsapp.media.fetcher"]._keep(message, {1: Media(mime_type, data)})
        return message.attachment_ids.id

    def get_file(self, mime_type, data, path="/web/content/{}", kind="document"):
        attachment = self.keep(mime_type, data, kind)
        self.authenticate("admin", "admin")
        return self.url_open(path.format(attachment))

    def assertOnlyDownloaded(self, answer):
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.headers["Content-Disposition"].startswith("attachment"), answer.headers)
        self.assertIn(answer.headers["Content-Type"], ("application/x-download", "application/octet-stream"))
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(answer.headers["Content-Security-Policy"], "default-src 'none'")

    def test_pages_and_drawings_are_only_downloaded(self):
        page = b"<html><script>alert(1)</script></html>"
        drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
        for mime_type, data in {
            "text/html": page,
            "application/xhtml+xml": page,
            "audio/x+xml": page,
            "image/svg+xml": drawing,
            "application/octet-stream": page,
        }.items():
            attachment = self.keep(mime_type, data)
            self.authenticate("admin", "admin")
            for path in (
                "/web/content/{}",
                "/web/content/{}?mimetype=text/html",
                "/web/content/{}?mimetype=image/svg%2Bxml&filename=a.svg",
                "/web/content/{}/page.html",
                "/web/image/{}",
                "/web/image/{}/100x100",
            ):
                with self.subTest(mime_type, path=path):
                    self.assertOnlyDownloaded(self.url_open(path.format(attachment)))

    def test_file_that_is_not_what_it_says(self):
        for mime_type in ("image/png", "image/gif", "application/pdf"):
            self.assertOnlyDownloaded(self.get_file(mime_type, b"<html></html>"))

    def test_photo_is_shown_and_nothing_else_is_made_of_it(self):
        answer = self.get_file("image/jpeg", PIXEL, "/web/content/{}?mimetype=text/html", "image")
        self.assertEqual(answer.headers["Content-Type"], "image/jpeg")
        self.assertTrue(answer.headers["Content-Disposition"].startswith("inline"))
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_photo_too_large_to_scale_is_not_scaled(self):
        self.assertOnlyDownloaded(self.get_file("image/png", make_bomb(50_000, 50_000), "/web/image/{}/100x100"))

    def test_nobody_gets_a_file_without_logging_in(self):
        attachment = self.keep("image/jpeg", PIXEL, "image")
        self.assertEqual(self.url_open(f"/web/content/{attachment}").status_code, 404)


class Site:
    """A web server on a loopback address of its own that answers as a test wants it.

    pages
        by path: (status, headers, the body or what writes it).
    asked
        (path, whether with credentials) of each request.
    """

    def __init__(self, test, address="127.0.0.1"):
        self.pages, self.asked = {}, []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.asked.append((self.path, "Authorization" in self.headers))
                status, headers, body = site.pages[self.path]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    for part in [body] if isinstance(body, bytes) else body:
                        self.wfile.write(part)
                except OSError:
                    return  # who asked has heard enough

            def log_message(self, *_args):
                pass

        server = ThreadingHTTPServer((address, 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        test.addCleanup(server.server_close)
        test.addCleanup(server.shutdown)
        self.port = server.server_port
        self.url = f"http://{address}:{self.port}"


@tagged("post_install", "-at_install")
class TestFetch(BaseCase):
    """Twilio and whom it leads to, played by servers that mean harm."""

    PATH = "/2010-04-01/Accounts/AC/Messages/MM/Media/ME"
    ELSEWHERE = "127.0.0.2"

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        return _super_send(session, request, **options)

    def setUp(self):
        super().setUp()
        self.twilio, self.elsewhere = Site(self), Site(self, self.ELSEWHERE)
        self.startPatcher(patch.dict(os.environ, TWILIO_API_URL=self.twilio.url))

    def fetch(self, url=f"https://api.twilio.com{PATH}"):
        return media.fetch(Credentials("AC", "secret"), url, "image/jpeg")

    def assertRefused(self, words, url=f"https://api.twilio.com{PATH}", lasting=True):
        with self.assertRaisesRegex(media.MediaError, words) as raised:
            self.fetch(url)
        self.assertEqual(raised.exception.lasting, lasting)

    def answer(self, body=b"", status=200, **headers):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        self.twilio.pages[self.PATH] = (status, names, body)

    def lead_to(self, target):
        self.answer(status=307, Location=target)

    def test_credentials_go_to_twilio_and_no_further(self):
        self.lead_to(f"http://localhost:{self.twilio.port}/content")
        self.twilio.pages["/content"] = (200, {"Content-Length": "6"}, b"a sofa")
        self.assertEqual(self.fetch().data, b"a sofa")
        self.assertEqual(self.twilio.asked, [(self.PATH, True), ("/content", False)])

    def test_only_twilios_own_address_gets_credentials(self):
        for url in (
            "http://api.twilio.com/x",
            "https://api.twilio.com.evil.example/x",
            "https://evil.example/api.twilio.com",
            "https://api.twilio.com@evil.example/x",
            "https://api.twilio.com:pw@evil.example/x",
            "https://api.twilio.com\\@evil.example/x",
            "https://evil.example#@api.twilio.com/x",
            "https://evil.example?.twilio.com/x",
            "https://api.twilio.com:8443/x",
            "https://api.twilio.com./x",
            "https://api.twilio.com",
            "https://apitwilio.com/x",
            "https://evil.twilio.com/x",
            "https://api.twilio。com/x",
            "https://xn--api-twilio.com/x",
            "https://api.twilio.com/x y",
            "https://api.twilio.com/\r\nHost: evil.example",
            "//api.twilio.com/x",
            "file:///etc/passwd",
            "ftp://api.twilio.com/x",
            "https://[::1]/x",
            "https://169.254.169.254/latest/meta-data",
            f"http://{self.ELSEWHERE}:{self.elsewhere.port}/x",
            f"https://127.0.0.1:{self.twilio.port}/x",
        ):
            with self.subTest(url):
                self.assertRefused("not Twilio's", url)
        self.assertEqual(self.twilio.asked + self.elsewhere.asked, [])

    def test_redirect_into_a_private_network_is_not_followed(self):
        for scheme in ("http", "https"):
            self.lead_to(f"{scheme}://{self.ELSEWHERE}:{self.elsewhere.port}/secret")
            self.assertRefused("private network")
        self.assertEqual(self.elsewhere.asked, [])

    def test_name_that_leads_into_a_private_network(self):
        look_up = socket.getaddrinfo

        def rebind(host, *args, **kwargs):
            return look_up(self.ELSEWHERE if host == "cdn.example.com" else host, *args, **kwargs)

        self.lead_to(f"https://cdn.example.com:{self.elsewhere.port}/secret")
        with patch("socket.getaddrinfo", rebind):
            self.assertRefused("private network")
        self.assertEqual(self.elsewhere.asked, [])

    def test_redirect_that_is_not_safe(self):
        for target in ("file:///etc/passwd", "ftp://cdn.example.com/x", "https://cdn.example.com@evil.example/x"):
            self.lead_to(target)
            self.assertRefused("not safe")
        with patch.dict(os.environ, TWILIO_API_URL=self.twilio.url):
            self.lead_to(self.PATH)
            self.assertRefused("one to another")

    def test_addresses_of_the_public_internet(self):
        for address in ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"):
            self.assertTrue(is_public(address), address)
        for address in (
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.251",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1%eth0",
            "fd00:ec2::254",
            "::ffff:127.0.0.1",
            "2002:7f00:1::",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "64:ff9b:1:fffe::7f00:1",
            "::127.0.0.1",
            "::93.184.215.14",
            "::ffff:0:7f00:1",
            "::ffff:0:5db8:d70e",
            "fec0::1",
            "168.63.129.16",
            "::ffff:168.63.129.16",
            "64:ff9b::a83f:8110",
            "192.0.0.192",
            "192.88.99.1",
            "198.18.0.1",
            "240.0.0.1",
            "100.100.100.200",
            "2001:0:5db8:d70e::1",
            "2002:5db8:d70e::1",
            "2001:db8::1",
            "3fff::1",
            "4000::1",
            "ff02::1",
            "5f00::1",
            "100::1",
            "0x7f.0.0.1",
            "0177.0.0.1",
            "2130706433",
            "127.1",
            "localhost",
            "",
        ):
            self.assertFalse(is_public(address), address)

    def test_too_large_by_its_own_account_is_not_read(self):
        taken = []
        self.answer((taken.append(1) or bytes(1 << 20) for _time in range(1000)), Content_Length=str(1000 << 20))
        self.assertRefused("larger than WhatsApp")
        self.assertLess(len(taken) << 20, media.MOST_BYTES, "no more than fits between two sockets")

    def test_endless_file(self):
        self.answer(bytes(1 << 20) for _time in range(1000))
        self.assertRefused("larger than WhatsApp")

    def test_file_that_comes_a_byte_at_a_time(self):
        given_up, came_through = threading.Event(), []

        def drip():
            for _time in range(400):
                if given_up.wait(0.05):
                    return
                yield b"x"
            came_through.append(True)

        with patch.object(media, "SECONDS", 0.5):
            self.answer(drip())
            self.assertRefused("", lasting=False)
        given_up.set()
        self.assertFalse(came_through)

    def test_packed_file(self):
        self.answer(zlib.compress(bytes(1 << 20)), Content_Encoding="deflate")
        self.assertRefused("packed")

    def test_half_a_file(self):
        self.answer(b"a so", Content_Length="6")
        self.assertRefused("came|did not come", lasting=False)

    def test_address_that_is_none(self):
        for url in ("https://[", "http://[::1", "//", "https://api.twilio.com:x/", "\x00"):
            with self.subTest(url):
                self.assertRefused("address", url)

    def test_errors_are_told_apart(self):
        for status, lasting in ((404, False), (401, False), (500, False), (410, True)):
            self.answer(status=status)
            self.assertRefused(str(status), lasting=lasting)

    def test_what_browsers_may_show(self):
        for mime_type, kind in media._IMAGE_FORMATS.items():
            self.assertEqual(media.get_safe_type(mime_type, make_image(kind)), mime_type)
        self.assertEqual(media.get_safe_type("image/webp", b"RIFF....WEBPVP8L"), "image/webp")
        self.assertEqual(media.get_safe_type("audio/ogg", b"OggS"), "audio/ogg")
        self.assertEqual(media.get_safe_type("application/pdf", b"%PDF-1.7"), "application/pdf")
        for mime_type, data in (
            ("image/svg+xml", b"<svg/>"),
            ("image/tiff", b"II*"),
            ("image/png", PIXEL),
            ("image/png", make_bomb(50_000, 50_000)),
            ("image/png", b""),
            ("image/webp", b"<html/>"),
            ("image/jpeg", PIXEL[:20]),
            ("audio/x+xml", b"<html/>"),
            ("text/html", b"<html/>"),
            ("application/pdf", b"<html/>"),
            ("", b""),
        ):
            self.assertEqual(media.get_safe_type(mime_type, data), media.DOWNLOAD_ONLY, (mime_type, data[:9]))


@tagged("post_install", "-at_install")
class TestListening(MediaCase, ModelCase):
    def test_voice_note_is_understood_as_the_message(self):
        self.model.answers["listen"] = {"transcript": "Hola, soy María y busco un sofá de hasta 900 dólares"}
        replies = self.customer("", **VOICE)
        conversation = self.get_conversation()
        self.assertEqual((conversation.customer_name, conversation.product_interest), ("María", "sofá"))
        self.assertEqual(conversation.quality, "hot")
        self.assertTrue(conversation.lead_id)
        self.assertIn("María", replies[0])
        self.assertIn("busco un sofá", self.get_message().transcript)
        self.assertEqual(self.model.prompts[0].media[0].mime_type, "audio/ogg")
        self.assertTrue(conversation.lead_id.activity_ids, "a call is promised")
        self.assertEqual(conversation.handover_reason, "hot")

    def test_first_voice_note_is_answered_in_its_language(self):
        self.model.answers["listen"] = {"transcript": "Olá, estou procurando um sofá, vocês têm?"}
        self.model.answers["read"] = {"findings": [], "language": "pt"}
        self.customer("", **VOICE)
        reply = self.get_conversation().line_ids.filtered(lambda line: line.direction == "outbound")[-1:]
        self.assertEqual(
            (self.get_conversation().classification_id.language, set(reply.wording_ids.mapped("language"))),
            ("pt", {"pt"}),
        )

    def test_voice_note_that_is_not_understood_is_asked_for_in_writing_and_handed_on(self):
        for answer in ({"transcript": "  "}, client.ModelError(client.BUSY)):
            self.model.answers["listen"] = answer
            replies = self.customer("", **VOICE)
            self.assertIn("escri", replies[0])
            self.assertTrue(self.get_conversation().activity_ids)

    def test_photo_gives_a_product_to_confirm(self):
        self.model.answers["look"] = {"description": "Sillón gris de tela", "products": ["sillón", "yate"]}
        self.customer("", **PHOTO)
        conversation = self.get_conversation()
        self.assertEqual(conversation.product_interest, "sillón")
        self.assertEqual(conversation.confidence, 0.5)
        self.assertEqual(self.get_message().transcript, "Sillón gris de tela")
        self.assertFalse(conversation.product_words, "the customer has used none")

    def test_caption_counts_more_than_the_photo(self):
        self.model.answers["look"] = {"description": "Sillón gris de tela", "products": ["sillón"]}
        self.customer("busco una mesa que combine con este", **PHOTO)
        self.assertEqual(self.get_conversation().product_interest, "mesa")

    def test_turn_waits_for_its_file_but_not_for_ever(self):
        self.fetch.side_effect = media.MediaError("404")
        self.receive("", **VOICE)
        with patch("odoo.addons.colineal_whatsapp_crm.models.message.media._PATIENCE", timedelta(seconds=1)):
            self.work()
        self.assertEqual(self.model.count("listen"), 0)
        self.assertEqual(len(self.get_conversation().line_ids), 2)
