"""How Odoo serves the HTTP API's requests: checked by their declaration, and JSON whatever happens."""

import logging

import psycopg2
from odoo import http
from odoo.exceptions import AccessError, UserError
from pydantic import ValidationError
from pydantic_core import to_json
from werkzeug.exceptions import (
    Forbidden,
    HTTPException,
    MethodNotAllowed,
    ServiceUnavailable,
    UnprocessableEntity,
    UnsupportedMediaType,
)

from ..lib import outage
from ..lib.rate_limit import LogThrottle
from .api_schemas import Error
from .openapi import Access, InvalidParameter, code_of, meaning_of

_logger = logging.getLogger(__name__)

ROUTING_TYPE = "whatsapp_api"

#: Odoo's way to authenticate; see `ir.http`.
_AUTHENTICATION = {Access.KEY: "whatsapp_key", Access.OPTIONAL: "whatsapp_key_or_public", Access.OPEN: "none"}


_log_throttle = LogThrottle(60)


def serve(declaration):
    """Decorate the handler of a declared endpoint; it gets the declared parameters and returns the answer's members."""
    return http.route(
        declaration.route,
        type=ROUTING_TYPE,
        auth=_AUTHENTICATION[declaration.access],
        save_session=False,
        readonly=declaration.method == "GET",
        **({"max_content_length": declaration.most_bytes} if declaration.most_bytes else {}),
        whatsapp_api=declaration,
    )


class ApiDispatcher(http.Dispatcher):
    """Requests of programs: parameters as declared, answers and errors as JSON objects with a ``status``."""

    routing_type = ROUTING_TYPE

    @classmethod
    def is_compatible_with(cls, request):
        return True

    def dispatch(self, endpoint, args):
        # Without a declaration: a path that leads nowhere.
        declaration = endpoint.routing.get("whatsapp_api")
        if declaration:
            self._check(declaration)
            args = self._parse(declaration, args)
        self.request.params = args
        answer = self.request.registry["ir.http"]._dispatch(endpoint)
        return self._respond(self._to_json(declaration, answer))

    def _check(self, declaration):
        if self.request.httprequest.method not in declaration.methods:
            raise MethodNotAllowed(declaration.methods)
        if declaration.access is Access.KEY:
            try:
                self.request.env["whatsapp.conversation"].check_access("read")
            except AccessError as error:
                raise Forbidden("The key's user has no right to WhatsApp conversations.") from error

    def _parse(self, declaration, args):
        try:
            return declaration.parse(args, self.request.httprequest.args, self._read_body(declaration))
        except InvalidParameter as error:
            raise UnprocessableEntity(str(error)) from error

    def _read_body(self, declaration):
        if not declaration.body:
            return None
        if self.request.httprequest.mimetype != "application/json":
            raise UnsupportedMediaType
        return self.request.httprequest.get_data()

    def _to_json(self, declaration, answer):
        try:
            return declaration.validate_response(answer).model_dump_json(by_alias=True, exclude_unset=True)
        except ValidationError as error:
            # The caller gets it all the same: the data may be another addon's, and most programs can do with it.
            if _log_throttle.hit(declaration.name) is not None:
                _logger.error("The answer of %s is not as declared: %s", declaration.name, _format_problems(error))
            return to_json({"status": "success", **answer})

    def handle_error(self, exc):
        status, code, message, headers = 500, None, None, []
        if isinstance(exc, psycopg2.OperationalError | psycopg2.InterfaceError):
            # It went away, or could not do it in several tries.
            exc = ServiceUnavailable(outage.MESSAGE, retry_after=outage.RETRY_AFTER)
        if isinstance(exc, HTTPException):
            if exc.response is not None:
                return exc.response
            status = exc.code
            code = getattr(exc, "error_code", None)
            # werkzeug's own descriptions speak of browsers and URLs.
            if code or exc.description != type(exc).description:
                message = exc.description
            headers = [header for header in exc.get_headers() if header[0] != "Content-Type"]
        elif isinstance(exc, http.SessionExpiredException):
            status = 401
        elif isinstance(exc, UserError):
            # Its text may name records and people.
            status = exc.http_status
        error = Error(
            status="error", error={"code": code or code_of(status), "message": str(message or meaning_of(status))}
        )
        return self._respond(error.model_dump_json(), status, headers)

    def _respond(self, body, status=200, headers=()):
        headers = [*headers, ("Content-Type", "application/json; charset=utf-8")]
        response = self.request.make_response(body, headers=headers, status=status)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def _format_problems(error):
    """What is wrong and where, and nothing of the values."""
    problems = error.errors(include_input=False, include_context=False, include_url=False)
    return ", ".join(f"{'.'.join(map(str, problem['loc']))} ({problem['type']})" for problem in problems)
