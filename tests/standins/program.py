"""A program of the shop's that takes webhooks: keeps what comes, checks who it is from, and fails when it is told to."""

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: Seconds that a request may be old.
_TOLERANCE = 300


class Program:
    """A server on loopback; a context manager.

    events
        what came and was taken, in this order.
    refused
        how many requests were not from who has the secret.
    answers
        the statuses that the next genuine requests get; 204 without one.
    """

    def __init__(self):
        self.events, self.answers, self.refused, self.secret = [], [], 0, None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/whatsapp"
        threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self._server.shutdown()
        self._server.server_close()

    def of_type(self, kind):
        return [event for event in self.events if event["type"] == kind]

    def _handler(self):
        program = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(program._take(self.headers, body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args):
                pass

        return Handler

    def _take(self, headers, body):
        if not self._is_genuine(headers, body):
            self.refused += 1
            return 401
        status = self.answers.pop(0) if self.answers else 204
        event = json.loads(body)
        assert event["id"] == headers["webhook-id"]
        if status < 300:
            self.events.append(event)
        return status

    def _is_genuine(self, headers, body):
        """As the specification has receivers check it."""
        stamp = headers["webhook-timestamp"]
        signed = f"{headers['webhook-id']}.{stamp}.".encode() + body
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        right = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        is_young = abs(time.time() - int(stamp)) < _TOLERANCE
        return is_young and hmac.compare_digest(right, headers["webhook-signature"])
