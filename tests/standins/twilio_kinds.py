"""Every kind of message that a customer may send on WhatsApp, as Twilio posts it.

https://www.twilio.com/docs/messaging/guides/webhook-request. What Twilio does not document (reactions, orders,
corrections, deletions, what is unsupported) has WhatsApp's own names.
"""

import io
import json
import uuid

from PIL import Image

CARD = """BEGIN:VCARD
VERSION:3.0
N:Mora;Luis;;;
FN:Luis Mora
ORG:Mora & Hijos <script>
TEL;waid=593991112233:+593 99 111 2233
EMAIL:luis@example.com
END:VCARD
"""

LOCATION = {"MessageType": "location", "Latitude": "-0.1853", "Longitude": "-78.4846"}
BUTTON = {"MessageType": "button", "ButtonText": "Busco un sofá", "ButtonPayload": "wants-sofa"}
LIST = {
    "MessageType": "interactive",
    "ListId": "dining",
    "ListTitle": "Comedores",
    "ListDescription": "De 4 a 8 puestos",
}
FORWARDED = {"Forwarded": "true"}
OFTEN_FORWARDED = {"Forwarded": "true", "FrequentlyForwarded": "true"}
ORDER = {
    "MessageType": "order",
    "ChannelMetadata": json.dumps(
        {
            "type": "whatsapp",
            "data": {"order": {"product_items": [{"product_retailer_id": "SOFA-01", "quantity": 2}]}},
        }
    ),
}
ENQUIRY = {"ChannelMetadata": json.dumps({"context": {"referred_product": {"product_retailer_id": "MESA-09"}}})}
UNSUPPORTED = {"MessageType": "unsupported"}
ADVERTISEMENT = {
    "ReferralBody": "Solo este mes",
    "ReferralHeadline": "Sofás de cuero desde $499",
    "ReferralSourceId": "120210000000000001",
    "ReferralSourceType": "ad",
    "ReferralSourceUrl": "https://fb.me/1AbCdEfGh",
    "ReferralNumMedia": "0",
    "ReferralCtwaClid": "ARAkLkA8rmlFeiCktEJQ",
}


def react(sid):
    return {"MessageType": "reaction", "OriginalRepliedMessageSid": sid}


def reply(sid, sender):
    return {"OriginalRepliedMessageSid": sid, "OriginalRepliedMessageSender": f"whatsapp:{sender}"}


def edit(sid):
    return {"MessageType": "edit", "OriginalRepliedMessageSid": sid}


def delete(sid):
    return {"MessageType": "revoke", "OriginalRepliedMessageSid": sid}


def make_picture(form="JPEG", colour=(150, 100, 60)):
    with io.BytesIO() as file:
        Image.new("RGB", (240, 160), colour).save(file, form)
        return file.getvalue()


class Files:
    """Files that a customer sends, kept at the stand-in for Twilio's API: the parameters that name them.

    api
        a `twilio_api.TwilioApi`.
    """

    def __init__(self, api, customer, sender):
        self.api, self.customer, self.sender = api, f"whatsapp:{customer}", f"whatsapp:{sender}"

    def send(self, message_type, *files, lost=()):
        """A message with files: (content type, bytes) each; those whose numbers are `lost`, from 0, are elsewhere."""
        sid = f"MM{uuid.uuid4().hex}"
        self.api.add_inbound(self.customer, self.sender, media=files, sid=sid)
        urls = self.api.media_urls(sid)
        for number in lost:
            urls[number] = "https://files.example.com/lost"
        parameters = {"MessageSid": sid, "SmsMessageSid": sid, "SmsSid": sid}
        parameters |= {"MessageType": message_type, "NumMedia": str(len(files))}
        for number, ((content_type, _content), url) in enumerate(zip(files, urls, strict=True)):
            parameters |= {f"MediaUrl{number}": url, f"MediaContentType{number}": content_type}
        return parameters
