"""What Twilio's own OpenAPI description says of requests and answers, as far as it was copied beside this file."""

import json
import re
from pathlib import Path

from jsonschema import Draft202012Validator

_DOCUMENTS = [
    json.loads(Path(__file__).with_name(f"twilio_{name}.openapi.json").read_text())
    for name in ("messages", "senders", "content")
]
_SCHEMAS = {name: schema for document in _DOCUMENTS for name, schema in document["components"]["schemas"].items()}

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class Mismatch(Exception):
    """A request or an answer that is not as described."""


class Operation:
    """One operation: finds out whether a request is for it, and checks parameters and answers."""

    def __init__(self, method, path, description):
        self.name = description["operationId"]
        self.method = method.upper()
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))
        self._path = re.compile(pattern)
        self._path_parameters = _validator(_parameters(description, "path"))
        request = description.get("requestBody", {}).get("content", {})
        #: What a request with a body is written in; None when it has none.
        self.content_type = next(iter(request), None)
        fields = _closed(request[self.content_type]["schema"]) if request else _parameters(description, "query")
        self._fields, self._request = fields["properties"], _validator(fields)
        success = next(iter(description["responses"].values()))
        #: None for an answer without a body.
        self._answer = None
        if "content" in success:
            self._answer = _validator(_complete(success["content"]["application/json"]["schema"]))

    def match(self, path):
        """The path's parameters, or None when the path is another operation's."""
        found = self._path.fullmatch(path)
        return found.groupdict() if found else None

    def check_path(self, parameters):
        _check(self._path_parameters, parameters)

    def check_request(self, fields):
        """Check a form or query string, as `parse_qs` gives it, or JSON; returns its values with their described types."""
        if self.content_type == JSON:
            _check(self._request, fields)
            return fields
        values = {name: _typed(self._fields.get(name, {}), given) for name, given in fields.items()}
        _check(self._request, values)
        return values

    def check_answer(self, answer):
        if self._answer:
            _check(self._answer, answer)
        elif answer != b"":
            raise Mismatch("a body where there is none")


def _parameters(description, place):
    parameters = [each for each in description.get("parameters", ()) if each["in"] == place]
    return {
        "type": "object",
        "properties": {each["name"]: each["schema"] for each in parameters},
        "required": [each["name"] for each in parameters if each.get("required")],
        "additionalProperties": False,
    }


def _closed(schema):
    """The schema of a request, with no properties but those described."""
    schema = _resolve(schema)
    if "properties" not in schema:
        return schema
    properties = {name: _closed(each) for name, each in schema["properties"].items()}
    return {**schema, "properties": properties, "additionalProperties": False}


def _resolve(schema):
    return _SCHEMAS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _complete(schema):
    """The schema of an answer, with every property required and no other allowed."""
    schema = _resolve(schema)
    if schema.get("type") == "array":
        return {**schema, "items": _complete(schema["items"])}
    if "properties" not in schema:
        return schema
    properties = {name: _complete(each) for name, each in schema["properties"].items()}
    return {**schema, "properties": properties, "required": list(properties), "additionalProperties": False}


def _validator(schema):
    """OpenAPI 3.0 says `nullable` where JSON Schema has a type of its own."""
    components = {name: _nullable(each) for name, each in _SCHEMAS.items()}
    return Draft202012Validator({**_nullable(schema), "components": {"schemas": components}})


def _nullable(node):
    if isinstance(node, list):
        return [_nullable(each) for each in node]
    if not isinstance(node, dict):
        return node
    plain = {name: _nullable(each) for name, each in node.items()}
    if plain.pop("nullable", False) is True:
        if "type" in plain:
            plain["type"] = [plain["type"], "null"]
        if "enum" in plain:
            plain["enum"] = [*plain["enum"], None]
    return plain


def _typed(schema, texts):
    """The texts of one field as the type they are described to have; as they are when they do not fit it."""
    kind = schema.get("type")
    if kind == "array":
        return texts
    if len(texts) > 1:
        return texts
    (text,) = texts
    if kind == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    if kind == "number" and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text)
    if kind == "boolean" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return text


def _check(validator, value):
    error = next(validator.iter_errors(value), None)
    if error:
        raise Mismatch(f"{error.json_path}: {error.message}")


OPERATIONS = [
    Operation(method, path, description)
    for document in _DOCUMENTS
    for path, methods in document["paths"].items()
    for method, description in methods.items()
]
