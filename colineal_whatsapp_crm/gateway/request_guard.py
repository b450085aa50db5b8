"""What the webhook lets in at all, judged before anybody asks who sent it."""

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

CONTENT_TYPE = "application/x-www-form-urlencoded"

#: Twilio's bodies stay below 64 KiB: a message has 4096 characters at most, each at most 12 bytes percent-encoded.
MOST_BYTES = 128 * 1024
#: Twilio sends about twenty parameters, and two more a file.
MOST_PARAMETERS = 256
MOST_NAME_CHARACTERS = 256
#: Longer names of messages and people are none, and would fit no index.
_MOST_ID_CHARACTERS = 256


class RequestRejected(HTTPException):
    """A request that is not taken in: an answer in plain words, since Twilio shows it in its error log."""

    def __init__(self, status, reason, **headers):
        super().__init__(reason)
        self.code = status
        self._headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def get_response(self, environ=None, scope=None):
        return Response(
            self.description,
            self.code,
            {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", **self._headers},
            content_type="text/plain; charset=utf-8",
        )


def check_shape(request):
    """Read the body of a request that may be Twilio's; raise `RequestRejected` for one that cannot be, mostly unread.

    request
        of Werkzeug; nothing has read its body yet.
    """
    if request.method != "POST":
        raise RequestRejected(405, "Only POST is taken here", Allow="POST")
    if request.mimetype != CONTENT_TYPE:
        raise RequestRejected(415, f"Only {CONTENT_TYPE} is taken here", Accept=CONTENT_TYPE)
    target = request.environ["REQUEST_URI"]
    if not (target.startswith("/") and target.isascii() and target.isprintable()):
        raise RequestRejected(400, "The request must name a path, percent-encoded, and no host")
    coding = request.headers.get("Transfer-Encoding")
    if coding and (coding.strip().lower() != "chunked" or "Content-Length" in request.headers):
        # Two who read such a request may disagree on where it ends.
        raise RequestRejected(400, "The length of the body is not clear")
    # What comes in chunks names no length: it is read until it is known to be too long.
    request.max_content_length = MOST_BYTES + 1
    if (request.content_length or 0) > MOST_BYTES or len(request.get_data()) > MOST_BYTES:
        raise RequestRejected(413, f"A body has at most {MOST_BYTES} bytes")
    if request.get_data().count(b"&") >= MOST_PARAMETERS:
        raise RequestRejected(413, f"A request has at most {MOST_PARAMETERS} parameters")
    if any(len(name) > MOST_NAME_CHARACTERS for name in request.form):
        raise RequestRejected(413, f"The name of a parameter has at most {MOST_NAME_CHARACTERS} characters")


def check_id(text):
    """Whether this can name a message, an account or somebody on WhatsApp."""
    return bool(text) and len(text) <= _MOST_ID_CHARACTERS and text.isprintable()
