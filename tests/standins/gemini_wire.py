"""The messages of the Gemini API that the stand-in serves, and their JSON as Google's front end reads and writes it.

https://ai.google.dev/api/generate-content, https://protobuf.dev/programming-guides/json
"""

import base64
import binascii
import math
import re
from collections.abc import Mapping
from typing import Any

#: Known to Google, and not to the stand-in.
UNSERVED = "unserved"
#: A finish reason that no SDK knows.
NEW_REASON = "FINISH_REASON_OF_TOMORROW"

#: Fields by their JSON names. `[X]` is repeated, `{X}` a map from names.
MESSAGES: dict[str, dict[str, str]] = {
    "GenerateContentRequest": {
        "model": "string",
        "systemInstruction": "Content",
        "contents": "[Content]",
        "tools": UNSERVED,
        "toolConfig": UNSERVED,
        "safetySettings": "[SafetySetting]",
        "generationConfig": "GenerationConfig",
        "cachedContent": UNSERVED,
        "serviceTier": UNSERVED,
        "store": UNSERVED,
    },
    "CountTokensRequest": {
        "model": "string",
        "contents": "[Content]",
        "generateContentRequest": "GenerateContentRequest",
    },
    "Content": {"parts": "[Part]", "role": "string"},
    "Part": {
        "text": "string",
        "inlineData": "Blob",
        "functionCall": UNSERVED,
        "functionResponse": UNSERVED,
        "fileData": UNSERVED,
        "executableCode": UNSERVED,
        "codeExecutionResult": UNSERVED,
        "thought": "bool",
        "thoughtSignature": "bytes",
        "videoMetadata": UNSERVED,
        "mediaResolution": UNSERVED,
        "partMetadata": UNSERVED,
    },
    "Blob": {"mimeType": "string", "data": "bytes"},
    "SafetySetting": {"category": "HarmCategory", "threshold": "HarmBlockThreshold"},
    "GenerationConfig": {
        "candidateCount": "int32",
        "stopSequences": "[string]",
        "maxOutputTokens": "int32",
        "temperature": "float",
        "topP": "float",
        "topK": "int32",
        "seed": "int32",
        "responseMimeType": "string",
        "responseSchema": "Schema",
        "responseJsonSchema": "any",
        "presencePenalty": "float",
        "frequencyPenalty": "float",
        "responseLogprobs": UNSERVED,
        "logprobs": UNSERVED,
        "enableEnhancedCivicAnswers": "bool",
        "responseModalities": "[Modality]",
        "speechConfig": UNSERVED,
        "thinkingConfig": "ThinkingConfig",
        "imageConfig": UNSERVED,
        "mediaResolution": "MediaResolution",
    },
    "ThinkingConfig": {"includeThoughts": "bool", "thinkingBudget": "int32", "thinkingLevel": "ThinkingLevel"},
    "Schema": {
        "type": "Type",
        "format": "string",
        "title": "string",
        "description": "string",
        "nullable": "bool",
        "enum": "[string]",
        "maxItems": "int64",
        "minItems": "int64",
        "properties": "{Schema}",
        "required": "[string]",
        "minProperties": "int64",
        "maxProperties": "int64",
        "minLength": "int64",
        "maxLength": "int64",
        "pattern": "string",
        "example": "any",
        "anyOf": "[Schema]",
        "propertyOrdering": "[string]",
        "default": "any",
        "items": "Schema",
        "minimum": "double",
        "maximum": "double",
    },
    "GenerateContentResponse": {
        "candidates": "[Candidate]",
        "promptFeedback": "PromptFeedback",
        "usageMetadata": "UsageMetadata",
        "modelVersion": "string",
        "responseId": "string",
    },
    "Candidate": {
        "content": "Content",
        "finishReason": "FinishReason",
        "finishMessage": "string",
        "index": "int32",
        "safetyRatings": "[SafetyRating]",
        "tokenCount": "int32",
    },
    "SafetyRating": {"category": "HarmCategory", "probability": "HarmProbability", "blocked": "bool"},
    "PromptFeedback": {"blockReason": "BlockReason", "safetyRatings": "[SafetyRating]"},
    "UsageMetadata": {
        "promptTokenCount": "int32",
        "candidatesTokenCount": "int32",
        "thoughtsTokenCount": "int32",
        "totalTokenCount": "int32",
        "promptTokensDetails": "[ModalityTokenCount]",
    },
    "ModalityTokenCount": {"modality": "MediaModality", "tokenCount": "int32"},
    "CountTokensResponse": {"totalTokens": "int32", "promptTokensDetails": "[ModalityTokenCount]"},
    "Model": {
        "name": "string",
        "version": "string",
        "displayName": "string",
        "description": "string",
        "inputTokenLimit": "int32",
        "outputTokenLimit": "int32",
        "supportedGenerationMethods": "[string]",
        "temperature": "float",
        "maxTemperature": "float",
        "topP": "float",
        "topK": "int32",
        "thinking": "bool",
    },
    "ListModelsResponse": {"models": "[Model]", "nextPageToken": "string"},
}

_HARM = "DEROGATORY TOXICITY VIOLENCE SEXUAL MEDICAL DANGEROUS HARASSMENT HATE_SPEECH SEXUALLY_EXPLICIT"
_REASONS = "STOP MAX_TOKENS SAFETY RECITATION OTHER LANGUAGE BLOCKLIST PROHIBITED_CONTENT SPII MALFORMED_FUNCTION_CALL"


def _number(*names: str) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


ENUMS: dict[str, dict[str, int]] = {
    "Type": _number("TYPE_UNSPECIFIED", *"STRING NUMBER INTEGER BOOLEAN ARRAY OBJECT NULL".split()),
    "HarmCategory": _number(
        *(f"HARM_CATEGORY_{name}" for name in f"UNSPECIFIED {_HARM} DANGEROUS_CONTENT CIVIC_INTEGRITY".split())
    ),
    "HarmBlockThreshold": _number(
        "HARM_BLOCK_THRESHOLD_UNSPECIFIED",
        *"BLOCK_LOW_AND_ABOVE BLOCK_MEDIUM_AND_ABOVE BLOCK_ONLY_HIGH BLOCK_NONE OFF".split(),
    ),
    "HarmProbability": _number("HARM_PROBABILITY_UNSPECIFIED", *"NEGLIGIBLE LOW MEDIUM HIGH".split()),
    "Modality": _number("MODALITY_UNSPECIFIED", *"TEXT IMAGE AUDIO".split()),
    "MediaModality": _number("MODALITY_UNSPECIFIED", *"TEXT IMAGE VIDEO AUDIO DOCUMENT".split()),
    "MediaResolution": _number(*(f"MEDIA_RESOLUTION_{name}" for name in "UNSPECIFIED LOW MEDIUM HIGH".split())),
    "ThinkingLevel": _number("THINKING_LEVEL_UNSPECIFIED", *"LOW HIGH MEDIUM MINIMAL".split()),
    "FinishReason": {**_number("FINISH_REASON_UNSPECIFIED", *_REASONS.split()), NEW_REASON: 99},
    "BlockReason": _number("BLOCK_REASON_UNSPECIFIED", *"SAFETY OTHER BLOCKLIST PROHIBITED_CONTENT".split()),
}
#: The members of the oneof in a part.
PART_DATA = tuple("text inlineData functionCall functionResponse fileData executableCode codeExecutionResult".split())
_PACKAGE = "type.googleapis.com/google.ai.generativelanguage.v1beta"
_INTEGERS = {"int32": 2**31, "int64": 2**63}


class NotServed(Exception):
    """A field that is right, and that the stand-in cannot handle."""


def to_snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def parse(message: str, value: Any, violations: list[tuple[str, str]], path: str = "") -> dict[str, Any]:
    """A message by its JSON names, its enums by theirs and its bytes decoded.

    violations
        gets (path, description) of what is wrong, worded as Google words it.
    """
    if not isinstance(value, Mapping):
        violations.append((path, f"Invalid value at '{path}' ({_PACKAGE}.{message}), {_show(value)}"))
        return {}
    fields = MESSAGES[message]
    by_name = {**{to_snake(name): name for name in fields}, **{name: name for name in fields}}
    result: dict[str, Any] = {}
    for key, each in value.items():
        name = by_name.get(key)
        place = f"{path}.{to_snake(name or key)}" if path else to_snake(name or key)
        if name is None:
            where = f" at '{path}'" if path else ""
            violations.append((path, f'Invalid JSON payload received. Unknown name "{key}"{where}: Cannot find field.'))
        elif name in result:
            violations.append((path, f"Invalid value at '{place}', the field is already set."))
        elif each is not None:
            result[name] = _parse_field(fields[name], each, violations, place)
    if message == "Part" and len(given := [name for name in PART_DATA if name in result]) > 1:
        text = f"Invalid value at '{path}' (oneof), oneof field 'data' is already set. Cannot set '{given[1]}'"
        violations.append((path, text))
    return result


def _parse_field(kind: str, value: Any, violations: list[tuple[str, str]], path: str) -> Any:
    if kind.startswith("["):
        # Google takes one item for a list of one.
        items = value if isinstance(value, list) else [value]
        return [_parse_field(kind[1:-1], each, violations, f"{path}[{place}]") for place, each in enumerate(items)]
    if kind.startswith("{"):
        if not isinstance(value, Mapping):
            violations.append((path, f"Invalid value at '{path}' (Map), {_show(value)}"))
            return {}
        return {
            key: _parse_field(kind[1:-1], each, violations, f"{path}[{place}].value")
            for place, (key, each) in enumerate(value.items())
        }
    if kind == UNSERVED:
        raise NotServed(path)
    if kind in MESSAGES:
        return parse(kind, value, violations, path)
    if kind in ENUMS:
        return _parse_enum(kind, value, violations, path)
    try:
        return _SCALARS[kind](value) if kind in _SCALARS else _to_integer(value, _INTEGERS[kind])
    except (ValueError, TypeError, OverflowError):
        reason = f", Base64 decoding failed for {_show(value)}" if kind == "bytes" else f", {_show(value)}"
        violations.append((path, f"Invalid value at '{path}' (TYPE_{kind.upper()}){reason}"))
        return None


def _parse_enum(kind: str, value: Any, violations: list[tuple[str, str]], path: str) -> str | None:
    numbers = ENUMS[kind]
    if isinstance(value, str) and value.upper() in numbers:
        return value.upper()
    if isinstance(value, int) and not isinstance(value, bool):
        for name, number in numbers.items():
            if number == value:
                return name
    violations.append((path, f"Invalid value at '{path}' ({_PACKAGE}.{kind}), {_show(value)}"))
    return None


def _to_string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _to_bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _to_float(value: Any) -> float:
    if isinstance(value, bool) or not math.isfinite(float(value)):
        raise TypeError
    return float(value)


def _to_integer(value: Any, limit: int) -> int:
    """Whole numbers may be written as 5, 5.0 and "5"."""
    if isinstance(value, bool) or float(value) != int(float(value)) or not -limit <= int(float(value)) < limit:
        raise TypeError
    return int(value)


def _to_bytes(value: Any) -> bytes:
    """Both alphabets are taken, and no padding is needed."""
    text = _to_string(value).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError from error


_SCALARS = {"string": _to_string, "bool": _to_bool, "float": _to_float, "double": _to_float, "bytes": _to_bytes,
            "any": lambda value: value}  # fmt: skip


def _show(value: Any) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}..."


def write(message: str, value: Mapping[str, Any], enums_as_numbers: bool) -> dict[str, Any]:
    """The JSON of a message of our own; KeyError and ValueError when it is not as described."""
    return {name: _write_field(MESSAGES[message][name], each, enums_as_numbers) for name, each in value.items()}


def _write_field(kind: str, value: Any, enums_as_numbers: bool) -> Any:
    if kind.startswith("["):
        return [_write_field(kind[1:-1], each, enums_as_numbers) for each in value]
    if kind in MESSAGES:
        return write(kind, value, enums_as_numbers)
    if kind in ENUMS:
        number = ENUMS[kind][value]
        return number if enums_as_numbers else value
    violations: list[tuple[str, str]] = []
    _parse_field(kind, value, violations, kind)
    if violations:
        raise ValueError(violations)
    return value
