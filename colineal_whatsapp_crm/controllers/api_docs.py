"""The HTTP API's OpenAPI document, and a page that shows it without the internet."""

import json
from functools import lru_cache
from importlib.resources import as_file, files
from importlib.util import find_spec

from markupsafe import Markup
from odoo import http
from odoo.http import request
from werkzeug.utils import send_file

from .openapi import describe

#: Swagger UI 5 as files: the first version that shows OpenAPI 3.1. Optional.
BUNDLE = "openapi_ui_bundles"
#: What the page needs of it.
_ASSETS = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript", "favicon-32x32.png": "image/png"}
_ASSET_SECONDS = 24 * 3600

# Swagger UI draws with inline styles and its icons are data URLs; scripts and requests are this server's only.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_DESCRIPTION = """What other programs may ask and do. Each call brings an Odoo API key as `Authorization: Bearer …` and has \
the rights of its user; make one in Odoo under *My Preferences > Security > Add API Key*.

Every answer is a JSON object with `status`, `success` or `error`; an error has its `code` for programs and a `message` \
for people."""

_TAGS = ("Conversations", "Messages", "Analytics", "System")

_OPEN = {"type": "http", "auth": "public", "methods": ["GET"], "save_session": False, "readonly": True}


def has_bundle():
    return find_spec(BUNDLE) is not None


@lru_cache(maxsize=1)
def _write_document(endpoints, version):
    """The OpenAPI document as JSON: making the schemas takes longer than most requests do."""
    info = {"title": "Colineal WhatsApp CRM", "version": version, "description": _DESCRIPTION}
    return json.dumps(describe(endpoints, _TAGS, info))


class ApiDocs(http.Controller):
    @http.route("/api/openapi.json", **_OPEN)
    def openapi(self):
        rules = request.env["ir.http"].routing_map().iter_rules()
        declarations = [rule.endpoint.routing.get("whatsapp_api") for rule in rules]
        endpoints = {declaration.name: declaration for declaration in declarations if declaration}.values()
        document = _write_document(tuple(endpoints), request.env["whatsapp.system.status"]._get_version())
        return request.make_response(document, headers=[("Content-Type", "application/json; charset=utf-8")])

    @http.route("/api/docs", **_OPEN)
    def docs(self):
        page = request.env["ir.qweb"]._render("colineal_whatsapp_crm.api_docs", {"has_bundle": has_bundle()})
        return request.make_response(
            Markup("<!DOCTYPE html>") + page,
            headers=[
                ("Content-Type", "text/html; charset=utf-8"),
                ("Content-Security-Policy", _POLICY),
                ("X-Content-Type-Options", "nosniff"),
                ("Referrer-Policy", "no-referrer"),
            ],
        )

    @http.route("/api/docs/<string:name>", **_OPEN)
    def asset(self, name):
        if name not in _ASSETS or not has_bundle():
            raise request.not_found()
        with as_file(files(BUNDLE) / "swagger_ui" / "vendor" / name) as path:
            return send_file(
                path,
                request.httprequest.environ,
                mimetype=_ASSETS[name],
                max_age=_ASSET_SECONDS,
                response_class=http.Response,
            )
