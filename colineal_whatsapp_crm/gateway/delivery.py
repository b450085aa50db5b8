"""Sending through Twilio's Messages API.

https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from ..server_settings import get_setting

#: Seconds Twilio gets to answer; its client has no limit of its own.
TIMEOUT = 10

#: Where Twilio is reached when not at its own address: a gateway or reverse proxy in front of its API.
BASE_URL_VARIABLE = "TWILIO_API_URL"

# What to do about an error, by its code: https://www.twilio.com/docs/api/errors
PERMANENT, NEEDS_TEMPLATE, LATER, UNKNOWN = "permanent", "needs_template", "later", "unknown"
_BY_CODE = {
    63016: NEEDS_TEMPLATE,  # outside the 24 hour window
    20429: LATER,  # too many requests
    63018: LATER,  # rate limit of the channel
    63038: LATER,  # daily cap of the account
    63012: LATER,  # internal error of the channel
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """One Twilio account. The token also signs the webhooks of that account."""

    account_sid: str
    auth_token: str


class DeliveryError(Exception):
    """Twilio did not take a message.

    outcome
        ``permanent``: never will; ``needs_template``: only as an approved template; ``later``: worth another try;
        ``unknown``: it may have been taken, so it must not be sent again blindly.
    """

    def __init__(self, text, outcome, code=None):
        super().__init__(text)
        self.outcome = outcome
        self.code = code


class _HttpClient(TwilioHttpClient):
    """Twilio's own HTTP client with a time limit, and the base URL of `BASE_URL_VARIABLE` when that is set."""

    def __init__(self):
        super().__init__(timeout=TIMEOUT)
        self._base = urlsplit(get_setting(BASE_URL_VARIABLE) or "")

    def request(self, method, url, *args, **kwargs):
        if self._base.netloc:
            url = urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc).geturl()
        return super().request(method, url, *args, **kwargs)


def send(credentials, sender_number, address, body):
    """Hand one text message to Twilio and return its SID.

    sender_number
        our number in E.164.
    address
        the customer's raw address, exactly as their message carried it.

    Raises `DeliveryError`.
    """
    client = Client(credentials.account_sid, credentials.auth_token, http_client=_HttpClient())
    try:
        return client.messages.create(from_=f"whatsapp:{sender_number}", to=address, body=body).sid
    except TwilioRestException as error:
        outcome = _BY_CODE.get(error.code, LATER if error.status == 429 or error.status >= 500 else PERMANENT)
        raise DeliveryError(f"Twilio error {error.code}: {error.msg}", outcome, error.code) from error
    except requests.exceptions.ReadTimeout as error:
        raise DeliveryError("Twilio did not answer in time", UNKNOWN) from error
    except requests.exceptions.ConnectTimeout as error:
        raise DeliveryError("Twilio could not be reached in time", LATER) from error
    except requests.exceptions.ConnectionError as error:
        # A connection that breaks after the request was written may have delivered it.
        refused = "refused" in str(error) or "resolve" in str(error)
        raise DeliveryError("The connection to Twilio failed", LATER if refused else UNKNOWN) from error
    except (TwilioException, ValueError) as error:
        raise DeliveryError("Twilio gave an answer that cannot be read", UNKNOWN) from error
