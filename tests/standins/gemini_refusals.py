"""What Gemini refuses, and in which words.

https://ai.google.dev/gemini-api/docs/troubleshooting, https://cloud.google.com/apis/design/errors
"""

from collections.abc import Iterator, Mapping
from typing import Any

from . import gemini_wire as wire

#: Of a whole request with inline data.
SIZE_LIMIT = 20 * 1024 * 1024
AUDIO = {f"audio/{name}" for name in "wav mp3 mpeg aiff aac ogg flac".split()}
IMAGES = {f"image/{name}" for name in "png jpeg webp heic heif".split()}
_MIME_TYPES = ("text/plain", "application/json", "text/x.enum")
_CODES = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "RESOURCE_EXHAUSTED": 429,
    "INTERNAL": 500,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
_SERVICE = "generativelanguage.googleapis.com"
_RPC = "type.googleapis.com/google.rpc"
_HARM = {
    f"HARM_CATEGORY_{name}"
    for name in "HARASSMENT HATE_SPEECH SEXUALLY_EXPLICIT DANGEROUS_CONTENT CIVIC_INTEGRITY".split()
}
_FORMATS = {
    "STRING": {"enum", "date-time", "date", "time"},
    "INTEGER": {"int32", "int64"},
    "NUMBER": {"float", "double"},
}
#: The smallest and largest value that each number of a generation configuration may have.
_RANGES = {
    "candidateCount": (1, 8),
    "maxOutputTokens": (1, 65536),
    "temperature": (0, 2),
    "topP": (0, 1),
    "topK": (1, 1000),
    "presencePenalty": (-2, 2),
    "frequencyPenalty": (-2, 2),
}
_MOST_THINKING = 32768
#: What Gemini takes of JSON Schema.
_KEYWORDS = set(
    "$id $defs $ref $anchor type format title description enum items prefixItems minItems maxItems minimum maximum"
    " anyOf oneOf properties additionalProperties required propertyOrdering".split()
)


class Refusal(Exception):
    """An answer that says no; `body` is its JSON."""

    def __init__(self, status: str, message: str, *details: Mapping[str, Any]):
        super().__init__(message)
        self.status = status
        self.code = _CODES[status]
        self.body: dict[str, Any] = {"error": {"code": self.code, "message": message, "status": status}}
        if details:
            self.body["error"]["details"] = list(details)


def refuse_key() -> Refusal:
    message = "API key not valid. Please pass a valid API key."
    return Refusal(
        "INVALID_ARGUMENT",
        message,
        {
            "@type": f"{_RPC}.ErrorInfo",
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
            "metadata": {"service": _SERVICE},
        },
        {"@type": f"{_RPC}.LocalizedMessage", "locale": "en-US", "message": message},
    )


def refuse_credentials() -> Refusal:
    return Refusal(
        "UNAUTHENTICATED",
        "Request had invalid authentication credentials.",
        {"@type": f"{_RPC}.ErrorInfo", "reason": "ACCESS_TOKEN_TYPE_UNSUPPORTED", "domain": "googleapis.com"},
    )


def refuse_anonymous() -> Refusal:
    return Refusal(
        "PERMISSION_DENIED",
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other "
        "form of API consumer identity to call this API.",
    )


def refuse_project() -> Refusal:
    return Refusal("PERMISSION_DENIED", "Your project has been denied access. Please contact support.")


def refuse_retired(model: str) -> Refusal:
    return Refusal(
        "NOT_FOUND", f"This model models/{model} is no longer available. Please update your code to use a newer model."
    )


def refuse_unknown(model: str, version: str) -> Refusal:
    return Refusal(
        "NOT_FOUND",
        f"models/{model} is not found for API version {version}, or is not supported for generateContent. "
        "Call ListModels to see the list of available models and their supported methods.",
    )


def refuse_quota(model: str, per: str = "Minute", retry_after: str | None = "7s") -> Refusal:
    """`per` is Minute or Day; without `retry_after` the answer has no details at all."""
    if retry_after is None:
        return Refusal("RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).")
    metric = f"{_SERVICE}/generate_content_free_tier_requests"
    violation = {
        "quotaMetric": metric,
        "quotaId": f"GenerateRequestsPer{per}PerProjectPerModel-FreeTier",
        "quotaDimensions": {"location": "global", "model": model},
        "quotaValue": "5" if per == "Minute" else "20",
    }
    return Refusal(
        "RESOURCE_EXHAUSTED",
        "You exceeded your current quota, please check your plan and billing details.\n"
        f"* Quota exceeded for metric: {metric}, limit: {violation['quotaValue']}, model: {model}\n"
        f"Please retry in {retry_after}.",
        {
            "@type": f"{_RPC}.Help",
            "links": [
                {
                    "description": "Learn more about Gemini API quotas",
                    "url": "https://ai.google.dev/gemini-api/docs/rate-limits",
                }
            ],
        },
        {"@type": f"{_RPC}.QuotaFailure", "violations": [violation]},
        {"@type": f"{_RPC}.RetryInfo", "retryDelay": retry_after},
    )


def refuse_size() -> Refusal:
    return Refusal("INVALID_ARGUMENT", f"Request payload size exceeds the limit: {SIZE_LIMIT} bytes.")


def refuse_fields(violations: list[tuple[str, str]]) -> Refusal:
    return Refusal(
        "INVALID_ARGUMENT",
        "\n".join(description for _path, description in violations),
        {
            "@type": f"{_RPC}.BadRequest",
            "fieldViolations": [
                {**({"field": path} if path else {}), "description": description} for path, description in violations
            ],
        },
    )


def check(request: Mapping[str, Any]) -> None:
    """Refuse a GenerateContentRequest whose fields are well-formed, and whose values are not."""
    contents = request.get("contents", [])
    if any(each.get("role", "user") not in ("user", "model") for each in contents):
        raise Refusal("INVALID_ARGUMENT", "Please use a valid role: user, model.")
    wrong = [
        *_check_contents(contents),
        *_check_parts("system_instruction", request.get("systemInstruction", {"parts": [{"text": "-"}]})),
        *_check_safety(request.get("safetySettings", [])),
        *_check_config(request.get("generationConfig", {})),
    ]
    if wrong:
        lines = "".join(f"* GenerateContentRequest.{path}: {reason}\n" for path, reason in wrong)
        raise Refusal("INVALID_ARGUMENT", lines)
    for content in contents:
        for part in content["parts"]:
            mime_type = part.get("inlineData", {}).get("mimeType", "image/png")
            if mime_type not in AUDIO | IMAGES:
                raise Refusal("INVALID_ARGUMENT", f"Unsupported MIME type: {mime_type}")
    if contents[-1].get("role") == "model":
        raise Refusal("INVALID_ARGUMENT", "Please ensure that multiturn requests end with a user role.")


Wrong = Iterator[tuple[str, str]]


def _check_contents(contents: list[Mapping[str, Any]]) -> Wrong:
    if not contents:
        yield "contents", "contents is not specified"
    for place, content in enumerate(contents):
        if "role" not in content and len(contents) > 1:
            yield f"contents[{place}].role", "role is required in a conversation of several turns."
        yield from _check_parts(f"contents[{place}]", content)


def _check_parts(path: str, content: Mapping[str, Any]) -> Wrong:
    if not content.get("parts"):
        yield f"{path}.parts", "contents.parts must not be empty."
    for place, part in enumerate(content.get("parts", [])):
        where = f"{path}.parts[{place}]"
        # An empty text counts as none.
        if not any(part.get(name) for name in wire.PART_DATA):
            yield f"{where}.data", "required oneof field 'data' must have one initialized field"
        if "inlineData" in part:
            if path == "system_instruction":
                yield where, "system instructions are text."
            for name in ("mimeType", "data"):
                if not part["inlineData"].get(name):
                    yield f"{where}.inline_data.{wire.to_snake(name)}", "must not be empty."


def _check_safety(settings: list[Mapping[str, Any]]) -> Wrong:
    seen = set()
    for place, setting in enumerate(settings):
        category = setting.get("category", "HARM_CATEGORY_UNSPECIFIED")
        if category not in _HARM:
            yield f"safety_settings[{place}]", f"element predicate failed: {category} is not a category for this model."
        if setting.get("threshold", "HARM_BLOCK_THRESHOLD_UNSPECIFIED") == "HARM_BLOCK_THRESHOLD_UNSPECIFIED":
            yield f"safety_settings[{place}].threshold", "threshold is not specified"
        if category in seen:
            yield f"safety_settings[{place}].category", f"{category} has more than one setting."
        seen.add(category)


def _check_config(config: Mapping[str, Any]) -> Wrong:
    path = "generation_config"
    for name, (least, most) in _RANGES.items():
        if name in config and not least <= config[name] <= most:
            yield f"{path}.{wire.to_snake(name)}", f"must be in the range [{least}, {most}]."
    if len(config.get("stopSequences", ())) > 5:
        yield f"{path}.stop_sequences", "at most 5 are allowed."
    if config.get("responseModalities", ["TEXT"]) != ["TEXT"]:
        yield f"{path}.response_modalities", "this model writes text."
    yield from _check_thinking(f"{path}.thinking_config", config.get("thinkingConfig", {}))
    mime_type = config.get("responseMimeType") or "text/plain"
    schema, json_schema = config.get("responseSchema"), config.get("responseJsonSchema")
    if mime_type not in _MIME_TYPES:
        yield f"{path}.response_mime_type", f"allowed mimetypes are {', '.join(f'`{each}`' for each in _MIME_TYPES)}."
    if schema is not None and json_schema is not None:
        yield f"{path}.response_json_schema", "must not be set together with response_schema."
    if (schema is not None or json_schema is not None) and mime_type == "text/plain":
        yield f"{path}.response_schema", "only allowed with the response_mime_type `application/json`."
    if mime_type == "text/x.enum" and not (schema or {}).get("enum"):
        yield f"{path}.response_schema", "`text/x.enum` needs a STRING with an enum."
    if schema is not None:
        yield from _check_schema(f"{path}.response_schema", schema)
    if json_schema is not None:
        yield from _check_json_schema(f"{path}.response_json_schema", json_schema)


def _check_thinking(path: str, config: Mapping[str, Any]) -> Wrong:
    if "thinkingBudget" in config and "thinkingLevel" in config:
        yield path, "only one of thinking_budget and thinking_level may be set."
    if not -1 <= config.get("thinkingBudget", 0) <= _MOST_THINKING:
        yield f"{path}.thinking_budget", f"the budget must be -1 or from 0 to {_MOST_THINKING}."


def _check_schema(path: str, schema: Mapping[str, Any]) -> Wrong:
    kind = schema.get("type", "TYPE_UNSPECIFIED")
    if kind == "TYPE_UNSPECIFIED" and "anyOf" not in schema:
        yield f"{path}.type", "must be specified"
    if kind == "ARRAY" and "items" not in schema:
        yield f"{path}.items", "missing field."
    if kind == "OBJECT" and not schema.get("properties"):
        yield f"{path}.properties", "should be non-empty for OBJECT type"
    if kind != "OBJECT" and ("properties" in schema or "required" in schema):
        yield f"{path}.properties", "only allowed for OBJECT type"
    if schema.get("enum") and kind != "STRING":
        yield f"{path}.enum", "only allowed for STRING type"
    for place, value in enumerate(schema.get("enum", ())):
        if not value:
            yield f"{path}.enum[{place}]", "cannot be empty"
    if schema.get("format") and schema["format"] not in _FORMATS.get(kind, ()):
        allowed = ", ".join(f"'{each}'" for each in sorted(_FORMATS.get(kind, ())))
        yield f"{path}.format", f"only {allowed or 'no format'} supported for {kind} type"
    properties = schema.get("properties", {})
    for name in ("required", "propertyOrdering"):
        for place, each in enumerate(schema.get(name, ())):
            if each not in properties:
                yield f"{path}.{wire.to_snake(name)}[{place}]", "property is not defined"
    for name, each in properties.items():
        yield from _check_schema(f"{path}.properties[{name}]", each)
    if "items" in schema:
        yield from _check_schema(f"{path}.items", schema["items"])
    for place, each in enumerate(schema.get("anyOf", ())):
        yield from _check_schema(f"{path}.any_of[{place}]", each)


def _check_json_schema(path: str, schema: Any) -> Wrong:
    if not isinstance(schema, Mapping):
        yield path, "a schema is an object."
        return
    for keyword in schema.keys() - _KEYWORDS:
        yield path, f"keyword `{keyword}` is not supported."
    for keyword in ("properties", "$defs"):
        for name, each in schema.get(keyword, {}).items():
            yield from _check_json_schema(f"{path}.{keyword}[{name}]", each)
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword, True), Mapping):
            yield from _check_json_schema(f"{path}.{keyword}", schema[keyword])
    for keyword in ("anyOf", "oneOf", "prefixItems"):
        for place, each in enumerate(schema.get(keyword, ())):
            yield from _check_json_schema(f"{path}.{keyword}[{place}]", each)
