"""Our numbers at Twilio, and where Twilio posts what customers write to them.

https://www.twilio.com/docs/whatsapp/api/senders
"""

from dataclasses import dataclass

from twilio.rest.messaging.v2.channels_sender import ChannelsSenderInstance

from .address import CHANNEL
from .delivery import errors_in_words, make_client

#: The one status in which a sender takes and sends messages; it keeps doing so while it is being changed.
ONLINE = ("ONLINE", "ONLINE:UPDATING")

_PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Sender:
    """One of the account's WhatsApp numbers.

    status
        one of Twilio's, e.g. ``ONLINE`` or ``OFFLINE``.
    reasons
        why it is offline, in Twilio's words.
    webhook
        the URL that Twilio posts messages to, or None.
    """

    sid: str
    status: str
    reasons: tuple[str, ...]
    webhook: str | None


class _WebhookOnly(ChannelsSenderInstance.MessagingV2ChannelsSenderRequestsUpdate):
    """An update that leaves profile and configuration alone: Twilio's own sends null for both."""

    def to_dict(self):
        return {"webhook": self.webhook.to_dict()}


def find_sender(credentials, number):
    """The account's sender with this number (E.164), or None. Raises `DeliveryError`."""
    with errors_in_words():
        senders = make_client(credentials).messaging.v2.channels_senders
        for sender in senders.stream(channel="whatsapp", page_size=_PAGE_SIZE):
            if sender.sender_id == f"{CHANNEL}{number}":
                return _plain(sender)
    return None


def set_webhooks(credentials, sid, webhook_url, fallback_url, status_url):
    """Have Twilio post to these URLs, and return the sender as it is then. Raises `DeliveryError`.

    webhook_url
        for messages; `fallback_url` when that fails.
    status_url
        for what becomes of our messages that name no URL of their own.
    """
    webhook = ChannelsSenderInstance.MessagingV2ChannelsSenderWebhook(
        {
            "callback_url": webhook_url,
            "callback_method": "POST",
            "fallback_url": fallback_url,
            "fallback_method": "POST",
            "status_callback_url": status_url,
            "status_callback_method": "POST",
        }
    )
    with errors_in_words():
        sender = make_client(credentials).messaging.v2.channels_senders(sid)
        return _plain(sender.update(_WebhookOnly({"webhook": webhook})))


def _plain(sender):
    reasons = tuple(reason["message"] for reason in sender.offline_reasons or () if reason and reason.get("message"))
    webhook = sender.webhook or {}
    return Sender(sender.sid, str(sender.status), reasons, webhook.get("callback_url"))
