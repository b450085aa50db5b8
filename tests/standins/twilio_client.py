"""Twilio's side of a webhook: posts what customers write, signed as Twilio signs."""

import uuid

import requests
from traces import TRACES
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

WEBHOOK_PATH = "/api/webhook/whatsapp"


class TwilioClient:
    """Delivers messages to one sender of a running server.

    server_url
        where the request really goes.
    public_url
        scheme and host that Twilio was told, and signs for.
    api
        the stand-in of Twilio's REST API, if any, which then knows of the messages that are delivered.
    patience
        seconds until an answer that does not come is given up; a machine may be busier than Twilio would put up with.
    """

    api = None
    patience = 60

    def __init__(self, server_url, number, token, public_url, account_sid="AC" + "0" * 32):
        self.server_url = server_url
        self.number = number
        self.token = token
        self.public_url = public_url
        self.account_sid = account_sid

    def form(self, customer, body="", **parameters):
        """The parameters of one message; a keyword replaces or adds one."""
        sid = f"SM{uuid.uuid4().hex}"
        TRACES.note(customer, body)
        # Who shows no number is named by a scoped user id, and by it alone.
        is_number = customer.startswith("+")
        names = {"WaId": customer.lstrip("+")} if is_number else {"ExternalUserId": customer}
        return {
            "MessageSid": sid,
            "SmsMessageSid": sid,
            "SmsSid": sid,
            "AccountSid": self.account_sid,
            "From": f"whatsapp:{customer}",
            "To": f"whatsapp:{self.number}",
            **names,
            "ProfileName": "Cliente",
            "Body": body,
            "MessageType": "text",
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
            "ApiVersion": "2010-04-01",
            **parameters,
        }

    def post(self, form, **signing):
        """Post a form; see `sign` for the keywords that make the signature wrong on purpose."""
        headers = {"X-Twilio-Signature": self.sign(form, **signing), "User-Agent": "TwilioProxy/1.1"}
        return requests.post(
            self.server_url + WEBHOOK_PATH,
            data=form,
            headers={name: value for name, value in headers.items() if value is not None},
            timeout=self.patience,
        )

    def sign(self, form, token=None, url=None, signature=...):
        if signature is not ...:
            return signature
        return RequestValidator(token or self.token).compute_signature(
            url or self.public_url + WEBHOOK_PATH, MultiDict(form)
        )

    def deliver(self, customer, body="", **parameters):
        """One message arrives; returns its SID. Fails when the server does not acknowledge it."""
        form = self.form(customer, body, **parameters)
        if self.api:
            self.api.delivered.add(form["MessageSid"])
        response = self.post(form)
        assert response.status_code == 200, f"{response.status_code}: {response.text}"
        return form["MessageSid"]
