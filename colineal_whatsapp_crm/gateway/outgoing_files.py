"""Which files WhatsApp takes from us.

What Twilio takes for WhatsApp, and of that what WhatsApp shows:
https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages
https://www.twilio.com/docs/messaging/guides/accepted-mime-types
https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media#supported-media-types
"""

import mimetypes

from .voice import VOICE_TYPE, is_opus

_MB = 1024 * 1024

#: MIME type → the largest size in bytes. Twilio goes by the type that our server says, so it must be one of these.
MOST_BYTES = {
    **dict.fromkeys(("image/jpeg", "image/jpg", "image/png"), 5 * _MB),
    **dict.fromkeys(
        (
            "audio/aac",
            "audio/amr",
            "audio/mp3",
            "audio/mp4",
            "audio/mpeg",
            "audio/ogg",
            "audio/x-m4a",
            "video/3gpp",
            "video/mp4",
            "application/pdf",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "text/plain",
            "text/vcard",
            "text/x-vcard",
        ),
        16 * _MB,
    ),
}


def find_fault(name, mime_type, size, head=b""):
    """Why WhatsApp would refuse a file, and the most megabytes that it takes of such files.

    The reason is ``"empty"``, ``"kind"``, ``"codec"``, ``"size"``, or None where it would take it.

    name
        as people see it. Odoo keeps drawings and pages of most users as plain text: their name says what they are.
    size
        in bytes.
    head
        its first bytes, which say of an OGG file whether it is Opus: of these, WhatsApp takes no other.
    """
    if not size:
        return "empty", 0
    mime_type = (mime_type or "").partition(";")[0].strip().lower()
    named = mimetypes.guess_type(name or "")[0] or mime_type
    if mime_type not in MOST_BYTES or (mime_type == "text/plain" and named not in MOST_BYTES):
        return "kind", 0
    if mime_type == VOICE_TYPE and not is_opus(head):
        return "codec", 0
    most = MOST_BYTES[mime_type]
    return "size" if size > most else None, most // _MB
