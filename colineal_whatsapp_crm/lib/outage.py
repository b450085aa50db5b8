"""What callers are told while Odoo has no database: 503, where it would answer 404 and a page.

Without a database Odoo looks a path up among those of its server-wide modules alone. This adds ours to them as soon as
the addon is loaded. Odoo itself ends where PostgreSQL is away when it starts, and with worker processes soon after it
went away: then the proxy has to say so.
"""

import json
from functools import cache

from odoo import http
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from .routes import API_BASES, WEBHOOK_PATH

MESSAGE = "The database does not answer."
#: Nothing of a body is looked at; what is larger is refused by a page of Odoo's. A message may carry a file.
_MOST_BYTES = 32 * 1024 * 1024
#: Seconds after which it is worth asking again.
RETRY_AFTER = 10

_HEADERS = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def _answer_program(**_parameters):
    body = {"status": "error", "error": {"code": "unavailable", "message": MESSAGE}}
    return Response(json.dumps(body), 503, _HEADERS, content_type="application/json; charset=utf-8")


def _answer_twilio(**_parameters):
    return Response(MESSAGE, 503, _HEADERS, content_type="text/plain; charset=utf-8")


#: By the path's beginning.
_ANSWERS = {
    WEBHOOK_PATH: _answer_twilio,
    **dict.fromkeys(API_BASES, _answer_program),
}


@cache
def install():
    """Have this process answer for our paths while it has no database. Once, when all those modules are loaded."""
    for base, answer in _ANSWERS.items():
        paths = [base, f"{base}/<path:rest>"]
        answer.routing = {
            "type": "http",
            "auth": "none",
            "routes": paths,
            "methods": None,
            "csrf": False,
            "save_session": False,
            "max_content_length": _MOST_BYTES,
        }
        for path in paths:
            http.root.nodb_routing_map.add(Rule(path, endpoint=answer))
