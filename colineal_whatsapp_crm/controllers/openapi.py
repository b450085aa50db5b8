"""What an endpoint of the HTTP API is, declared once: its route, what it takes, what it answers, and its OpenAPI text.

The shapes are pydantic models, whose JSON Schemas stand in the document. Plain Python, no Odoo.
https://spec.openapis.org/oas/v3.1.1.html
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from pydantic import ValidationError
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from .api_schemas import EVENTS, Body, Error, Parameters, Response

#: Statuses that an endpoint may answer with beside its success, by what makes them possible.
ALWAYS, WITH_KEY, WITH_PARAMETERS, WITH_RECORD = (405, 500, 503), (401, 403, 429), (422,), (404,)
WITH_BODY = (413, 415, 422)

_COMPONENT = "#/components/schemas/{model}"


class InvalidParameter(ValueError):
    """A parameter is not what the declaration says. The text names it, and never repeats what was given."""


class Access(Enum):
    """Who may call an endpoint."""

    KEY = "key"
    #: Anybody; a key shows more.
    OPTIONAL = "optional"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One path with its one method.

    path
        with the names of its parameters in braces.
    parameters
        those of its path, and of the query.
    body
        what it takes as JSON, if anything; `most_bytes` of it at most.
    """

    path: str
    name: str
    tag: str
    summary: str
    response: type[Response]
    parameters: type[Parameters] = Parameters
    description: str = ""
    method: str = "GET"
    access: Access = Access.KEY
    statuses: tuple[int, ...] = ()
    body: type[Body] | None = None
    most_bytes: int = 0

    @property
    def route(self):
        """The path as Odoo's router takes it, which undoes the URL's coding first: a parameter may have a slash."""
        return re.sub(r"\{(\w+)\}", r"<path:\1>", self.path)

    @property
    def methods(self):
        return ("GET", "HEAD") if self.method == "GET" else (self.method,)

    def parse(self, path, query, body=None):
        """The handler's arguments. Raises `InvalidParameter`.

        path
            texts of the path's parameters, by name.
        query
            texts of the query's, by name; others than the declared ones are passed over.
        body
            the request's body as it came, where one is declared.
        """
        names = [field.alias or name for name, field in self.parameters.model_fields.items()]
        texts = {name: path.get(name, query.get(name)) for name in names}
        try:
            parameters = self.parameters.model_validate(
                {name: text for name, text in texts.items() if text is not None}
            )
            return {**dict(parameters), **(dict(self.body.model_validate_json(body)) if self.body else {})}
        except ValidationError as error:
            # Never `str(error)`: it repeats what was given.
            problems = [
                f"{'.'.join(map(str, problem['loc'])) or 'body'}: {problem['msg']}"
                for problem in error.errors(include_input=False)
            ]
            raise InvalidParameter("; ".join(problems) + ".") from None

    def validate_response(self, members):
        """The response with these members, as its model. Raises `ValidationError`."""
        return self.response.model_validate({"status": "success", **members})

    def describe(self):
        """The OpenAPI operation."""
        schema = {"$ref": _COMPONENT.format(model=self.response.__name__)}
        body = self.body and {"$ref": _COMPONENT.format(model=self.body.__name__)}
        return {
            "operationId": self.name,
            "tags": [self.tag],
            "summary": self.summary,
            "description": self.description or self.summary,
            "parameters": self._describe_parameters(),
            **({"requestBody": {"required": True, "content": {"application/json": {"schema": body}}}} if body else {}),
            "security": {Access.KEY: [_BEARER], Access.OPTIONAL: [{}, _BEARER], Access.OPEN: []}[self.access],
            "responses": {
                "200": {"description": "Success.", "content": {"application/json": {"schema": schema}}},
                **{
                    str(status): {"$ref": f"#/components/responses/{_ERRORS[status][0]}"} for status in self._statuses()
                },
            },
        }

    def _describe_parameters(self):
        schemas = self.parameters.model_json_schema(schema_generator=_Schemas).get("properties", {})
        return [
            {
                "name": name,
                "in": "path" if f"{{{name}}}" in self.path else "query",
                "required": f"{{{name}}}" in self.path,
                "description": schema.pop("description"),
                "schema": schema,
            }
            for name, schema in schemas.items()
        ]

    def _statuses(self):
        statuses = {*ALWAYS, *self.statuses}
        if self.access is not Access.OPEN:
            statuses |= {*WITH_KEY}
        if self.parameters.model_fields:
            statuses |= {*WITH_PARAMETERS}
        if self.body:
            statuses |= {*WITH_BODY}
        if "{" in self.path:
            statuses |= {*WITH_RECORD}
        return sorted(statuses)


class _Schemas(GenerateJsonSchema):
    """JSON Schemas as people read them, without titles that only repeat names."""

    def field_title_should_be_set(self, schema):
        return False

    def model_schema(self, schema):
        json_schema = super().model_schema(schema)
        json_schema.pop("title", None)
        # We answer with what is declared, and programs are to expect more in later versions.
        json_schema.pop("additionalProperties", None)
        return json_schema

    def default_schema(self, schema):
        # None stands for "not given", which is no value that could be given.
        return (
            self.generate_inner(schema["schema"]) if schema.get("default") is None else super().default_schema(schema)
        )


_BEARER = {"apiKey": []}

#: (code, what it means, headers) by status. The code is what `error.code` says.
_ERRORS = {
    401: ("unauthorized", "No key, or one that is unknown, expired or revoked.", ("WWW-Authenticate",)),
    403: ("forbidden", "The key's user has no right to this.", ()),
    404: ("not_found", "There is no such record, or the key's user may not see it.", ()),
    405: ("method_not_allowed", "The path takes another method.", ("Allow",)),
    409: (
        "not_possible_now",
        "Several customers are meant (code `ambiguous_customer`), or WhatsApp or the customer does not let us write now; "
        "the message says why.",
        (),
    ),
    413: ("too_large", "The request is larger than what the path takes.", ()),
    415: ("unsupported_media_type", "The path takes JSON: Content-Type must be application/json.", ()),
    422: ("invalid_parameter", "A parameter is not what it must be; the message names it.", ()),
    429: ("too_many_requests", "More requests in a minute than the server lets one caller make.", ("Retry-After",)),
    500: ("internal_error", "The server failed; its log says why.", ()),
    503: ("unavailable", "The server cannot do its work now: its database is away.", ("Retry-After",)),
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


#: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
_EVENT_HEADERS = {
    "webhook-id": "Names the event, and stays the same when it is sent again.",
    "webhook-timestamp": "When it is sent: seconds since 1970. Refuse what is minutes old.",
    "webhook-signature": "`v1,` and the base64 of the HMAC-SHA256, by the webhook's secret (what stands behind `whsec_`, "
    "decoded from base64), of id, time stamp and body with dots between them.",
}


def _describe_event(name, model):
    """The OpenAPI path item of a request that we make."""
    headers = [
        {"name": header, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
        for header, text in _EVENT_HEADERS.items()
    ]
    schema = {"$ref": _COMPONENT.format(model=model.__name__)}
    return {
        "post": {
            "operationId": f"on{name.capitalize()}",
            "summary": f"A webhook is told: {name}.",
            "description": "Posted to each webhook that wants to know. Events may come in another order than they "
            "happened, and one may come again.",
            "parameters": headers,
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
            "responses": {
                "2XX": {"description": "It is taken. After anything else it is sent again, later and later."}
            },
        }
    }


def describe(endpoints: Iterable[Endpoint], tags: Sequence[str], info: Mapping[str, str]):
    """The OpenAPI document of some endpoints.

    tags
        those of the endpoints, in the order in which they are shown.
    info
        title, version and description.
    """
    endpoints = sorted(endpoints, key=lambda endpoint: (tags.index(endpoint.tag), endpoint.path))
    used = {status for endpoint in endpoints for status in endpoint._statuses()}
    models = [*(endpoint.response for endpoint in endpoints), Error]
    models += [*(endpoint.body for endpoint in endpoints if endpoint.body), *EVENTS.values()]
    _names, schemas = models_json_schema(
        [(model, "validation") for model in models], ref_template=_COMPONENT, schema_generator=_Schemas
    )
    paths = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = endpoint.describe()
    return {
        "openapi": "3.1.0",
        "info": dict(info),
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in tags],
        "paths": paths,
        "webhooks": {name: _describe_event(name, model) for name, model in EVENTS.items()},
        "components": {
            "securitySchemes": {"apiKey": {"type": "http", "scheme": "bearer", "description": "An Odoo API key."}},
            "schemas": schemas["$defs"],
            "responses": {_ERRORS[status][0]: _describe_error(status) for status in sorted(used)},
        },
    }


def _describe_error(status):
    code, meaning, headers = _ERRORS[status]
    says_code = {"error": {"properties": {"code": {"const": code}}}}
    schema = {"$ref": _COMPONENT.format(model=Error.__name__), "properties": says_code}
    response = {"description": meaning, "content": {"application/json": {"schema": schema}}}
    if headers:
        response["headers"] = {name: {"required": True, **_HEADERS[name]} for name in headers}
    return response
