"""Gemini through `google-genai`, the successor of `google-generativeai`."""

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from google import genai
from google.genai import errors, types

from .client import GARBLED, NETWORK, TIMEOUT, ModelError, Prompt, RawAnswer, Settings
from .gemini import error_of_status, spell_schema, text_of

# The SDK speaks through either of these, by its version and what is installed.
_TRANSPORTS = [import_module(name) for name in ("httpx", "httpx2") if find_spec(name)]
_TIMEOUTS = tuple(transport.TimeoutException for transport in _TRANSPORTS)
_BROKEN = tuple(transport.TransportError for transport in _TRANSPORTS)


def generate(settings: Settings, prompt: Prompt, seconds: float) -> RawAnswer:
    media = [types.Part.from_bytes(data=each.data, mime_type=each.mime_type) for each in prompt.media]
    config = types.GenerateContentConfig(
        system_instruction=prompt.system,
        temperature=settings.temperature if prompt.temperature is None else prompt.temperature,
        max_output_tokens=prompt.max_tokens,
        response_mime_type="application/json",
        response_schema=spell_schema(prompt.schema),
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        http_options=_limit(seconds),
    )
    contents = types.Content(role="user", parts=[*media, types.Part.from_text(text=prompt.content)])
    models = _get_client(settings.api_key, settings.url).models
    answer = _ask(lambda: models.generate_content(model=settings.model, contents=contents, config=config))
    feedback = answer.prompt_feedback
    text = text_of(
        [
            (_name(candidate.finish_reason), [part.text for part in _parts(candidate) if part.text])
            for candidate in answer.candidates or ()
        ],
        _name(feedback.block_reason) if feedback else "",
    )
    usage = answer.usage_metadata
    if not usage:
        return RawAnswer(text)
    tokens_in, total = usage.prompt_token_count or 0, usage.total_token_count or 0
    # Thinking is charged as output, and is in the total only.
    return RawAnswer(text, tokens_in, max(total - tokens_in, 0))


def describe(settings: Settings, seconds: float) -> str:
    models = _get_client(settings.api_key, settings.url).models
    config = types.GetModelConfig(http_options=_limit(seconds))
    model = _ask(lambda: models.get(model=settings.model, config=config))
    return model.display_name or model.name


def _limit(seconds):
    # In milliseconds. One attempt: when to give up is our caller's choice.
    return types.HttpOptions(timeout=max(int(seconds * 1000), 1), retry_options=types.HttpRetryOptions(attempts=1))


@lru_cache(maxsize=8)
def _get_client(api_key, url):
    # Kept here: a client that nobody holds closes itself. Structured output is at home in v1beta.
    options = types.HttpOptions(base_url=url, api_version="v1beta")
    return genai.Client(api_key=api_key, vertexai=False, http_options=options)


def _ask(call):
    try:
        return call()
    except errors.APIError as error:
        body = error.details if isinstance(error.details, dict) else {}
        details = body.get("error", body).get("details") or ()
        raise error_of_status(error.code or 500, error.message or "", details) from error
    except _TIMEOUTS as error:
        raise ModelError(TIMEOUT) from error
    except _BROKEN as error:
        raise ModelError(NETWORK, type(error).__name__) from error
    except ValueError as error:
        # The SDK reads the body without a guard of its own: invalid JSON, or JSON of another shape.
        raise ModelError(GARBLED, type(error).__name__) from error


def _parts(candidate):
    return (candidate.content and candidate.content.parts) or ()


def _name(value):
    return "" if value is None else getattr(value, "name", str(value))
