"""What Twilio refuses, and in which words. https://www.twilio.com/docs/api/errors"""

import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_MAX_BODY = 1600
_WINDOW = timedelta(hours=24)
#: `whatsapp:+E164`, or a business-scoped user id: country, dot, up to 128 letters and digits.
_ADDRESS = re.compile(r"whatsapp:(\+[1-9]\d{6,14}|[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128})")
_OUR_ADDRESS = re.compile(r"whatsapp:\+[1-9]\d{6,14}")
_URL = re.compile(r"https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d+)?(/\S*)?")


class Refusal(Exception):
    """An answer that says no."""

    def __init__(self, status, code, message, **headers):
        super().__init__(message)
        self.status, self.headers = status, headers
        self.body = {
            "code": code,
            "message": message,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }


def check_message(values, senders, pools):
    """Refuse a message as Twilio would. Returns the variables of its content.

    senders
        the addresses of the account, or None when any may be.
    pools
        the addresses of each messaging service, by its SID; those that are not named have any.
    """
    if "From" not in values and "MessagingServiceSid" not in values:
        raise Refusal(400, 21603, "A 'From' phone number is required.")
    if not _ADDRESS.fullmatch(values["To"]):
        raise Refusal(400, 21211, f"Invalid 'To' Phone Number: {values['To']}")
    sender = values.get("From")
    if sender and (not _OUR_ADDRESS.fullmatch(sender) or (senders is not None and sender not in senders)):
        raise Refusal(400, 63007, "Twilio could not find a Channel with the specified From address")
    if sender and sender not in pools.get(values.get("MessagingServiceSid"), [sender]):
        # https://www.twilio.com/docs/api/errors/21711
        text = "Phone Number, Shortcode, or AlphaSender is not associated to the specified Messaging Service."
        raise Refusal(400, 21711, text)
    if sender == values["To"]:
        raise Refusal(400, 21266, "'To' and 'From' number cannot be the same")
    if not any(values.get(name) for name in ("Body", "MediaUrl", "ContentSid")):
        raise Refusal(400, 21619, "A text message body or media urls must be specified.")
    if "ContentSid" in values and ("Body" in values or "MediaUrl" in values):
        raise Refusal(400, 20001, "ContentSid goes with neither Body nor MediaUrl")
    if len(values.get("Body", "")) > _MAX_BODY:
        raise Refusal(400, 21617, f"The concatenated message body exceeds the {_MAX_BODY} character limit")
    if not _URL.fullmatch(values.get("StatusCallback", "http://none")):
        raise Refusal(400, 21609, f"The 'StatusCallback' URL {values['StatusCallback']} is not a valid URL.")
    return _read_content_variables(values)


def check_typing(message):
    """Refuse to show that somebody writes, where it is no customer's message of these 24 hours.

    message
        as the Messages API shows it.
    """
    if message["direction"] != "inbound" or not message["from"].startswith("whatsapp:"):
        raise Refusal(400, 20422, "Invalid parameter: messageId must be of a message that was received on WhatsApp")
    if parsedate_to_datetime(message["date_created"]) < datetime.now(UTC) - _WINDOW:
        raise Refusal(400, 400, "invalid or incomplete inbound data in MDR")


def _read_content_variables(values):
    if "ContentVariables" not in values:
        return {}
    if "ContentSid" not in values:
        raise Refusal(400, 21654, "ContentSid is required with ContentVariables")
    try:
        variables = json.loads(values["ContentVariables"])
    except ValueError:
        variables = None
    if not isinstance(variables, dict):
        raise Refusal(400, 21656, "The ContentVariables Parameter is invalid.")
    return variables
