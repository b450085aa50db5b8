"""Twilio's Messages resource, as far as the addon uses it: strict about requests, and able to misbehave.

https://www.twilio.com/docs/messaging/api/message-resource
"""

import base64
import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

_KNOWN = {"From", "To", "Body", "StatusCallback", "MediaUrl", "ContentSid", "ContentVariables", "MessagingServiceSid"}


class TwilioApi:
    """A server on loopback. `sent` has the messages it took; `failures` is a queue of (status, code) to answer first."""

    def __init__(self, account_sid, auth_token):
        self.sent = []
        self.failures = []
        self._account_sid = account_sid
        self._credentials = "Basic " + base64.b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, answer = api._answer(self.path, self.headers, parse_qs(body, keep_blank_values=True))
                content = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, path, headers, form):
        if path != f"/2010-04-01/Accounts/{self._account_sid}/Messages.json":
            return self._error(404, 20404, "The requested resource was not found")
        if headers.get("Authorization") != self._credentials:
            return self._error(401, 20003, "Authenticate")
        form = {name: values[0] for name, values in form.items()}
        if unknown := form.keys() - _KNOWN:
            return self._error(400, 20001, f"Unknown parameters {sorted(unknown)}")
        if not form.get("To", "").startswith("whatsapp:") or not form.get("From", "").startswith("whatsapp:+"):
            return self._error(400, 21211, "Invalid 'To' or 'From'")
        if ("Body" in form) == ("ContentSid" in form):
            return self._error(400, 21619, "A text message body, media urls or content sid must be specified")
        if len(form.get("Body", "")) > 1600:
            return self._error(400, 21617, "The concatenated message body exceeds the 1600 character limit")
        if self.failures:
            return self._error(*self.failures.pop(0), "Scripted failure")
        message = {"sid": f"SM{uuid.uuid4().hex}", **form}
        self.sent.append(message)
        return 201, {
            "sid": message["sid"],
            "account_sid": self._account_sid,
            "from": form["From"],
            "to": form["To"],
            "body": form.get("Body"),
            "status": "queued",
            "direction": "outbound-api",
            "num_media": "0",
            "num_segments": "1",
            "error_code": None,
            "error_message": None,
            "date_created": "Sun, 22 Nov 2026 12:00:00 +0000",
            "date_updated": "Sun, 22 Nov 2026 12:00:00 +0000",
            "date_sent": None,
            "price": None,
            "price_unit": "USD",
            "messaging_service_sid": None,
            "api_version": "2010-04-01",
            "uri": f"{path.removesuffix('.json')}/{message['sid']}.json",
            "subresource_uris": {},
        }

    @staticmethod
    def _error(status, code, message):
        return status, {
            "code": code,
            "message": message,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }
