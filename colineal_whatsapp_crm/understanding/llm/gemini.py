"""What both SDKs of Gemini share: its errors and finish reasons, as kinds of `ModelError`.

https://ai.google.dev/gemini-api/docs/troubleshooting
https://ai.google.dev/api/generate-content#FinishReason
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .client import BLOCKED, BUSY, CUT, GARBLED, KEY, MODEL, QUOTA, REFUSED, TIMEOUT, ModelError

#: Where Gemini is reached when not at Google's own address: a gateway in front of it.
URL_VARIABLE = "GEMINI_API_URL"
KEY_VARIABLE = "GOOGLE_API_KEY"

_BY_STATUS = {401: KEY, 403: KEY, 404: MODEL, 408: TIMEOUT, 429: QUOTA, 504: TIMEOUT}
_BY_FINISH = {"MAX_TOKENS": CUT, "MALFORMED_FUNCTION_CALL": GARBLED, "MALFORMED_RESPONSE": GARBLED}
_SECONDS = re.compile(r"(?<!\d)(\d{1,9}(?:\.\d{1,9})?)s")
_DETAIL_LENGTH = 200
_DAY = 24 * 3600.0


def error_of_status(status: int, message: str, details: Iterable[Mapping[str, Any]] = ()) -> ModelError:
    """An HTTP error of the service as a `ModelError`.

    details
        the ``error.details`` of the answer's body.
    """
    details = [detail for detail in details if isinstance(detail, Mapping)]
    if status == 400:
        # A wrong key is a bad request to Google, told apart by its reason.
        refused_key = any(detail.get("reason", "").startswith("API_KEY") for detail in details)
        kind = KEY if refused_key or "API key" in message else REFUSED
    else:
        kind = _BY_STATUS.get(status, BUSY if status >= 500 else REFUSED)
    return ModelError(kind, f"{status} {message}"[:_DETAIL_LENGTH], _get_retry_delay(details))


def text_of(candidates: list[tuple[str, list[str]]], block_reason: str) -> str:
    """The text of an answer.

    candidates
        of each its finish reason's name and its parts' texts.
    block_reason
        name of the reason for which the prompt was refused, or empty.

    Raises `ModelError` when there is no complete text: the reasons are many, and each is a fall-back to the rules.
    """
    if not candidates:
        raise ModelError(BLOCKED, block_reason or "no candidate")
    finish, texts = candidates[0]
    text = "".join(texts)
    if finish in ("STOP", "FINISH_REASON_UNSPECIFIED", ""):
        if not text:
            raise ModelError(CUT, "an empty answer")
        return text
    raise ModelError(_BY_FINISH.get(finish, BLOCKED), finish)


def spell_schema(schema: Mapping[str, Any], type_name: str = "type") -> dict[str, Any]:
    """A JSON schema as Gemini spells it: the names of types in capitals, under `type_name`."""
    spelt = {name: value for name, value in schema.items() if name != "type"}
    spelt[type_name] = schema["type"].upper()
    if "properties" in schema:
        spelt["properties"] = {name: spell_schema(each, type_name) for name, each in schema["properties"].items()}
    if "items" in schema:
        spelt["items"] = spell_schema(schema["items"], type_name)
    return spelt


def _get_retry_delay(details: list[Mapping[str, Any]]) -> float | None:
    if any("PerDay" in str(violation) for detail in details for violation in detail.get("violations", ())):
        return _DAY  # the delay beside it is that of quotas by the minute
    for detail in details:
        match = _SECONDS.fullmatch(str(detail.get("retryDelay", "")))
        if match:
            return float(match.group(1))
    return None
