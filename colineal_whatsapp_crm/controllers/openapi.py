"""What an endpoint of the HTTP API is, declared once: its route, the check of its parameters and its OpenAPI text.

Plain Python, no Odoo. https://spec.openapis.org/oas/v3.1.1.html
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

#: Statuses that an endpoint may answer with beside its success, by what makes them possible.
ALWAYS, WITH_KEY, WITH_PARAMETERS, WITH_RECORD = (405, 500), (401, 403, 429), (422,), (404,)

#: Signs between the digits of a number that is pasted, and marks that nobody sees.
_SIGN = r"[ ().\u00A0\u00AD\u2000-\u200F\u2010-\u2015\u2028-\u202F\u205F-\u2069\u2212\uFEFF-]"
_NUMBER = rf"{_SIGN}*(?:(?:whatsapp|tel):{_SIGN}*)?(?:[+]{_SIGN}*|00{_SIGN}*)?(?:[0-9]{_SIGN}*){{5,15}}"
_CHAT_LINK = r"(?:https://)?wa[.]me/[+]?[0-9]{5,15}"
#: A customer's number as people write or paste it: its digits with signs between them, and a prefix or none.
_PHONE = re.compile(f"^{_NUMBER}$")
#: Where no path is in the way, a link to a chat as well.
_PHONE_OR_LINK = re.compile(f"^(?:{_NUMBER}|{_CHAT_LINK})$")
_LONGEST_PHONE = 60
_DATE = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_INTEGER = re.compile(r"^-?[0-9]{1,18}$")


class InvalidParameter(ValueError):
    """A parameter is not what the declaration says. The text names it, and never repeats what was given."""


class Access(Enum):
    """Who may call an endpoint."""

    KEY = "key"
    #: Anybody; a key shows more.
    OPTIONAL = "optional"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of parameter. `parse` turns its text into a value or raises `ValueError` saying what is expected."""

    schema: Mapping[str, Any]
    parse: Callable[[str], Any]


def phone(or_link=False):
    pattern = _PHONE_OR_LINK if or_link else _PHONE

    def parse(text):
        if len(text) > _LONGEST_PHONE or not pattern.fullmatch(text):
            raise ValueError("a phone number is expected")
        return text

    examples = ["+593987654321", "0987654321", "00593 98 765-4321", "whatsapp:+593987654321", "tel:+593-98-765-4321"]
    examples += ["https://wa.me/593987654321"] if or_link else []
    schema = {"type": "string", "pattern": pattern.pattern, "maxLength": _LONGEST_PHONE, "examples": examples}
    return Kind(schema, parse)


def integer(low, high):
    def parse(text):
        if not _INTEGER.fullmatch(text) or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high} is expected")
        return int(text)

    return Kind({"type": "integer", "minimum": low, "maximum": high}, parse)


def day():
    def parse(text):
        try:
            if not _DATE.fullmatch(text):
                raise ValueError
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError("a date like 2026-01-31 is expected") from None

    return Kind({"type": "string", "format": "date"}, parse)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an endpoint, in its path when the path names it and in the query otherwise.

    argument
        what the handler calls it; the parameter's own name when empty.
    default
        its value when it is not given; those of the path always are.
    """

    name: str
    kind: Kind
    description: str
    argument: str = ""
    default: Any = None

    def describe(self, place):
        schema = dict(self.kind.schema)
        if self.default is not None:
            schema["default"] = self.default
        return {
            "name": self.name,
            "in": place,
            "required": place == "path",
            "description": self.description,
            "schema": schema,
        }


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One path with its one method.

    path
        with the names of its parameters in braces.
    response
        JSON schema of the answer's members beside ``status``; may refer to the components.
    """

    path: str
    name: str
    tag: str
    summary: str
    response: Mapping[str, Any]
    description: str = ""
    method: str = "GET"
    access: Access = Access.KEY
    parameters: tuple[Parameter, ...] = ()
    statuses: tuple[int, ...] = ()

    @property
    def route(self):
        """The path as Odoo's router takes it."""
        return re.sub(r"\{(\w+)\}", r"<string:\1>", self.path)

    @property
    def methods(self):
        return ("GET", "HEAD") if self.method == "GET" else (self.method,)

    def parse(self, path, query):
        """The handler's arguments. Raises `InvalidParameter`.

        path
            texts of the path's parameters, by name.
        query
            texts of the query's, by name; others than the declared ones are passed over.
        """
        values = {}
        for parameter in self.parameters:
            text = path.get(parameter.name, query.get(parameter.name))
            try:
                value = parameter.default if text is None else parameter.kind.parse(text)
            except ValueError as error:
                raise InvalidParameter(f"{parameter.name}: {error}.") from None
            values[parameter.argument or parameter.name] = value
        return values

    def describe(self):
        """The OpenAPI operation."""
        answer = {
            "type": "object",
            "required": ["status", *self.response.get("properties", ())],
            "properties": {"status": {"const": "success"}, **self.response.get("properties", {})},
        }
        if "required" in self.response:
            answer["required"] = ["status", *self.response["required"]]
        return {
            "operationId": self.name,
            "tags": [self.tag],
            "summary": self.summary,
            "description": self.description or self.summary,
            "parameters": [parameter.describe(self._place(parameter)) for parameter in self.parameters],
            "security": {Access.KEY: [_BEARER], Access.OPTIONAL: [{}, _BEARER], Access.OPEN: []}[self.access],
            "responses": {
                "200": {"description": "Success.", "content": {"application/json": {"schema": answer}}},
                **{
                    str(status): {"$ref": f"#/components/responses/{_ERRORS[status][0]}"} for status in self._statuses()
                },
            },
        }

    def _place(self, parameter):
        return "path" if f"{{{parameter.name}}}" in self.path else "query"

    def _statuses(self):
        statuses = {*ALWAYS, *self.statuses}
        if self.access is not Access.OPEN:
            statuses |= {*WITH_KEY}
        if self.parameters:
            statuses |= {*WITH_PARAMETERS}
        if "{" in self.path:
            statuses |= {*WITH_RECORD}
        return sorted(statuses)


_BEARER = {"apiKey": []}

#: (code, what it means, headers) by status. The code is what `error.code` says.
_ERRORS = {
    401: ("unauthorized", "No key, or one that is unknown, expired or revoked.", ("WWW-Authenticate",)),
    403: ("forbidden", "The key's user has no right to this.", ()),
    404: ("not_found", "There is no such record, or the key's user may not see it.", ()),
    405: ("method_not_allowed", "The path takes another method.", ("Allow",)),
    422: ("invalid_parameter", "A parameter is not what it must be; the message names it.", ()),
    429: ("too_many_requests", "More requests in a minute than the server lets one caller make.", ("Retry-After",)),
    500: ("internal_error", "The server failed; its log says why.", ()),
    503: ("unavailable", "The server cannot do its work now.", ()),
}

_HEADERS = {
    "WWW-Authenticate": {"description": "How to authenticate.", "schema": {"type": "string"}},
    "Allow": {"description": "The methods that the path takes.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
}


def code_of(status):
    """The code of an error in its body."""
    return _ERRORS[status][0] if status in _ERRORS else f"http_{status}"


def meaning_of(status):
    """What an error of this status means, for a body that has nothing better to say."""
    return _ERRORS[status][1] if status in _ERRORS else "The request was refused."


def describe(endpoints: Iterable[Endpoint], tags: Sequence[str], schemas: Mapping[str, Any], info: Mapping[str, str]):
    """The OpenAPI document of some endpoints.

    tags
        those of the endpoints, in the order in which they are shown.
    schemas
        the components that their responses refer to, by name.
    info
        title, version and description.
    """
    endpoints = sorted(endpoints, key=lambda endpoint: (tags.index(endpoint.tag), endpoint.path))
    used = {status for endpoint in endpoints for status in endpoint._statuses()}
    paths = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = endpoint.describe()
    return {
        "openapi": "3.1.0",
        "info": dict(info),
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in tags],
        "paths": paths,
        "components": {
            "securitySchemes": {"apiKey": {"type": "http", "scheme": "bearer", "description": "An Odoo API key."}},
            "schemas": {**schemas, "Error": _ERROR_SCHEMA},
            "responses": {_ERRORS[status][0]: _describe_error(status) for status in sorted(used)},
        },
    }


_ERROR_SCHEMA = {
    "type": "object",
    "required": ["status", "error"],
    "properties": {
        "status": {"const": "error"},
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string", "description": "For programs: the same for one kind of error."},
                "message": {"type": "string", "description": "For people."},
            },
        },
    },
}


def _describe_error(status):
    code, meaning, headers = _ERRORS[status]
    says_code = {"error": {"properties": {"code": {"const": code}}}}
    schema = {"$ref": "#/components/schemas/Error", "properties": says_code}
    response = {"description": meaning, "content": {"application/json": {"schema": schema}}}
    if headers:
        response["headers"] = {name: {"required": True, **_HEADERS[name]} for name in headers}
    return response
