from odoo import http
from odoo.http import request
from psycopg2.extras import Json

_ROUTE = {"type": "http", "auth": "none", "methods": ["POST"], "csrf": False, "save_session": False, "readonly": False}
_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
_HEADERS = [("Content-Type", "text/xml; charset=utf-8")]


class BenchController(http.Controller):
    """What a webhook costs at the least, in Odoo."""

    @http.route("/bench/empty", **_ROUTE)
    def empty(self, **_params):
        return request.make_response(_ANSWER, headers=_HEADERS)

    @http.route("/bench/insert", **_ROUTE)
    def insert(self, **params):
        request.env.cr.execute(
            """INSERT INTO whatsapp_bench_message (sid, body, parameters) VALUES (%s, %s, %s)
               ON CONFLICT (sid) DO NOTHING""",
            [params["MessageSid"], params["Body"], Json(params)],
        )
        return request.make_response(_ANSWER, headers=_HEADERS)
