"""Voice notes between a customer and a colleague: heard in the thread, recorded in it, and fetched by Twilio."""

import io
import re
from pathlib import Path

import pytest
import requests
from browsing import expect_fit, log_in
from conftest import NUMBER, PUBLIC_URL
from PIL import Image
from playwright.sync_api import expect
from server import wait_until

RECORDINGS = Path(__file__).parent.parent / "colineal_whatsapp_crm/tests/data"
PHONE = {"width": 390, "height": 844}
#: A second or more, as players and recorders show it.
LENGTH = re.compile(r"00 : (?!00)\d\d")


@pytest.fixture(scope="module")
def shop(live_shop):
    """A shop whose sender is live, with a colleague who reads English."""
    live_shop.add_salesperson("voice-seller", "group_sale_salesman_all_leads", lang="en_US")
    return live_shop


@pytest.fixture
def page(browser, shop):
    with log_in(browser, shop, "voice-seller") as page:
        yield page


VOICE, MUSIC = (RECORDINGS.joinpath(name).read_bytes() for name in ("voice.ogg", "voice.mp3"))


def send_sound(shop, twilio_api, customer, content, mime_type):
    """The customer sends a file of sound; its row in the ledger, once the file is here."""
    resource = twilio_api.add_inbound(f"whatsapp:{customer}", f"whatsapp:{NUMBER}", media=[(mime_type, content)])
    (url,) = twilio_api.media_urls(resource["sid"])
    media = {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": mime_type, "MessageType": "audio"}
    shop.twilio.deliver(customer, "", MessageSid=resource["sid"], **media)
    lines = [("sid", "=", resource["sid"]), ("media_state", "=", "fetched")]
    wait_until(lambda: shop.server.search_read("whatsapp.conversation.message", lines, ["id"]), what="the file")
    return shop.server.search_read("whatsapp.conversation.message", lines, ["id", "attachment_ids"])[0]


def open_thread(shop, page, customer):
    page.goto(f"{shop.server.url}/odoo/discuss?active_id=discuss.channel_{shop.open_thread(customer)}")
    page.wait_for_selector(".o-whatsapp-ThreadBar")


def test_customers_voice_note_is_played_and_named_and_dated(shop, twilio_api, page, customer):
    line = send_sound(shop, twilio_api, customer, VOICE, "audio/ogg; codecs=opus")
    shop.server.write_rows("whatsapp.conversation.message", [line["id"]], transcript="quiero una cama")
    # A new screen is told again what was told in the last minute: that nothing was heard.
    shop.server.postgres.query(shop.server.database, "DELETE FROM bus_bus RETURNING id", [])
    open_thread(shop, page, customer)
    message = page.locator(".o-mail-Message", has=page.locator(".o-mail-VoicePlayer"))
    # Chromium has unpacked Opus, and knows how long it is: nearly two seconds.
    expect(message.locator(".o-mail-VoicePlayer")).to_contain_text("00 : 01")
    expect(message).to_contain_text("Heard: quiero una cama")
    name = message.locator(".o-whatsapp-Message-voice")
    expect(name).to_have_text(re.compile(r"^\s*Voice note \d{4}-\d\d-\d\d \d\d:\d\d\.ogg\s*$"))
    message.get_by_title("Play").click()
    expect(message.get_by_title("Pause")).to_be_visible()
    expect(message.get_by_title("Repeat")).to_be_visible()
    with page.expect_download() as download:
        name.click()
    assert download.value.path().read_bytes() == VOICE
    (file,) = shop.server.call("ir.attachment", "read", line["attachment_ids"], ["name"])
    assert re.fullmatch(r"(Voice note|Nota de voz) \d{4}-\d\d-\d\d \d\d\.\d\d\.ogg", file["name"])


def test_sound_that_the_browser_cannot_play_can_be_saved(shop, twilio_api, page, customer):
    # A voice note that is cut off in its head; and a kind that no browser knows.
    send_sound(shop, twilio_api, customer, VOICE[:40], "audio/ogg")
    send_sound(shop, twilio_api, customer, MUSIC, "audio/amr")
    open_thread(shop, page, customer)
    expect(page.get_by_text("This browser cannot play it")).to_be_visible()
    expect(page.locator(".o-whatsapp-Message-voice")).to_have_count(1)
    expect(page.locator(".o-mail-AttachmentCard", has_text=".amr")).to_be_visible()


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_colleague_records_one_and_whatsapp_gets_opus(shop, twilio_api, page, customer, viewport):
    if viewport:
        page.set_viewport_size(viewport)
    shop.say(customer, "Busco un sofá")
    open_thread(shop, page, customer)
    composer = page.locator(".o-mail-Composer")
    composer.get_by_title("More Actions").click()
    page.get_by_text("Voice Message", exact=True).click()
    expect(composer.locator(".o-mail-VoiceRecorder-elapsed")).to_have_text(LENGTH)
    composer.locator(".o-mail-VoiceRecorder").click()
    expect(composer.locator(".o-mail-VoicePlayer")).to_contain_text(LENGTH)
    expect(composer.locator(".o-whatsapp-Composer-hint")).to_have_count(0)
    page.get_by_role("button", name="Send", exact=True).click()
    message = page.locator(".o-mail-Message.o-whatsapp-ours", has=page.locator(".o-mail-VoicePlayer"))
    expect(message.get_by_label("Sent")).to_be_visible()
    expect(message.locator(".o-whatsapp-Message-voice")).to_contain_text("Voice note")
    expect_fit(page)

    sent = [each for each in twilio_api.sent if each["To"] == f"whatsapp:{customer}" and "MediaUrl" in each]
    ((url,),) = [each["MediaUrl"] for each in sent]
    assert url.startswith(f"{PUBLIC_URL}/web/content/") and "/voice.ogg?" in url
    # Twilio asks for head and content, and takes the type from the header.
    url = url.replace(PUBLIC_URL, shop.server.url)
    for answer in (requests.head(url, timeout=60), requests.get(url, timeout=60)):
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "audio/ogg"
        assert "voice.ogg" in answer.headers["Content-Disposition"]
    assert answer.content.startswith(b"OggS") and b"OpusHead" in answer.content[:64]
    assert len(answer.content) < 512 * 1024, "WhatsApp plays no larger one at a tap"


def test_files_that_whatsapp_refuses_are_told_on_a_live_line_too(shop, twilio_api, page, customer):
    shop.say(customer, "Busco un sofá")
    open_thread(shop, page, customer)
    page.locator(".o-mail-Composer-input").fill("Mira")
    files = page.locator(".o-mail-Composer input[type=file]").first
    files.set_input_files(
        {"name": "catalogo.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4" + bytes(17 << 20)}
    )
    expect(page.locator(".o_notification")).to_contain_text("catalogo.pdf is larger than the 16 MB")
    expect(page.locator(".o-mail-Composer .o-mail-AttachmentContainer")).to_have_count(0)
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    for name, mime_type, content, reason in (
        ("grande.png", "image/png", picture.getvalue() + bytes(6 << 20), "larger than the 5 MB"),
        ("musica.ogg", "audio/ogg", b"OggS" + bytes(24) + b"\x01vorbis" + bytes(30), "voice only, in the Opus format"),
        ("sofa.heic", "image/heic", b"\0\0\0\x18ftypheic", "does not take files of this kind"),
    ):
        files.set_input_files({"name": name, "mimeType": mime_type, "buffer": content})
        alert = page.get_by_role("alert").filter(has_text=name)
        expect(alert).to_contain_text(reason)
        page.locator(".o-mail-Composer-input").press("Enter")
        expect(page.locator(".o_notification", has_text=name)).to_be_visible()
        expect(page.locator(".o-mail-Composer-input")).to_have_value("Mira")
        page.locator(".o-mail-Attachment-unlink").click(force=True)
        expect(alert).to_have_count(0)
    assert not [each for each in twilio_api.sent if each["To"] == f"whatsapp:{customer}" and each.get("Body") == "Mira"]
