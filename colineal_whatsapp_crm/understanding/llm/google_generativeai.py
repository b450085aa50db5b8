"""Gemini through `google-generativeai`, over REST: a gRPC channel made before a fork hangs in the child."""

import threading
from functools import lru_cache

import google.generativeai as genai
from google.api_core.exceptions import GoogleAPICallError
from google.generativeai import client, protos
from google.protobuf.json_format import MessageToDict, ParseError
from google.protobuf.message import Message
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException, Timeout

from .client import GARBLED, NETWORK, TIMEOUT, ModelError, Prompt, RawAnswer, Settings
from .gemini import error_of_status, spell_schema, text_of

# The SDK holds one configuration for the whole process; a client keeps the one it was made with.
_configuring = threading.Lock()
_CONNECTIONS = 100


def generate(settings: Settings, prompt: Prompt, seconds: float) -> RawAnswer:
    request = protos.GenerateContentRequest(
        model=f"models/{settings.model}",
        system_instruction={"parts": [{"text": prompt.system}]},
        contents=[
            {
                "role": "user",
                "parts": [
                    *({"inline_data": {"mime_type": each.mime_type, "data": each.data}} for each in prompt.media),
                    {"text": prompt.content},
                ],
            }
        ],
        generation_config={
            "temperature": settings.temperature if prompt.temperature is None else prompt.temperature,
            "max_output_tokens": prompt.max_tokens,
            "response_mime_type": "application/json",
            "response_schema": protos.Schema(spell_schema(prompt.schema, "type_")),
        },
    )
    generative = _get_clients(settings.api_key, settings.url)[0]
    answer = _ask(lambda: generative.generate_content(request, timeout=seconds, retry=None))
    text = text_of(
        [
            (_name(candidate.finish_reason), [part.text for part in candidate.content.parts if part.text])
            for candidate in answer.candidates
        ],
        _name(answer.prompt_feedback.block_reason) if answer.prompt_feedback.block_reason else "",
    )
    usage = answer.usage_metadata
    # Thinking is charged as output, and is in the total only.
    return RawAnswer(text, usage.prompt_token_count, max(usage.total_token_count - usage.prompt_token_count, 0))


def describe(settings: Settings, seconds: float) -> str:
    models = _get_clients(settings.api_key, settings.url)[1]
    model = _ask(lambda: models.get_model(name=f"models/{settings.model}", timeout=seconds, retry=None))
    return model.display_name or model.name


@lru_cache(maxsize=8)
def _get_clients(api_key, url):
    options = {"api_endpoint": url} if url else None
    with _configuring:
        genai.configure(api_key=api_key, transport="rest", client_options=options)
        clients = client.get_default_generative_client(), client.get_default_model_client()
    for each in clients:
        # As many connections as there are calls at once: by default the pool keeps ten, and warns of each one more.
        each.transport._session.mount(url or "https://", HTTPAdapter(pool_maxsize=_CONNECTIONS))
    return clients


def _ask(call):
    try:
        return call()
    except GoogleAPICallError as error:
        details = [MessageToDict(detail) if isinstance(detail, Message) else detail for detail in error.details or ()]
        raise error_of_status(error.code or 500, error.message or "", details) from error
    except Timeout as error:
        raise ModelError(TIMEOUT) from error
    except ParseError as error:
        raise ModelError(GARBLED, "not the service's JSON") from error
    except RequestException as error:
        raise ModelError(NETWORK, type(error).__name__) from error


def _name(value):
    return getattr(value, "name", str(value))
