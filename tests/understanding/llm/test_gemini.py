"""The addon's adapters of both Gemini SDKs, on the wire."""

import os
import time

import pytest
from standins.gemini_api import Drip, GeminiApi, Hang, Misbehaviour, Slow
from understanding import Media
from understanding.llm import client
from understanding.llm.breaker import Breaker
from understanding.llm.client import Model, ModelError, Prompt, Settings

KEY = "the account's key"
SCHEMA = {
    "type": "object",
    "properties": {
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"slot": {"type": "string", "enum": ["name", "city"]}, "value": {"type": "string"}},
                "required": ["slot", "value"],
            },
        },
    },
    "required": ["findings"],
}
FOUND = {"findings": [{"slot": "name", "value": "Ana"}]}
PROMPT = Prompt("read", "test-1", "You read messages.", '{"new_messages": ["Soy Ana"]}', SCHEMA)


@pytest.fixture
def api(monkeypatch):
    for name in [name for name in os.environ if name.startswith(("GOOGLE_", "GEMINI_"))]:
        monkeypatch.delenv(name)
    with GeminiApi(KEY) as api:
        yield api


@pytest.fixture(params=client.SDKS)
def ask(api, request):
    """Ask through each SDK; settings and the time may be changed."""

    def ask(prompt=PROMPT, seconds=60.0, **settings):
        values = {"sdk": request.param, "model": "gemini-3.5-flash", "api_key": KEY, "url": api.url, **settings}
        ask.model = Model(Settings(**values), ask.breaker)
        return ask.model.ask(prompt, time.monotonic() + seconds)

    ask.breaker = Breaker()
    ask.sdk = request.param
    return ask


def test_answer_is_the_schemas_object(api, ask):
    api.answer(FOUND)
    assert ask() == FOUND
    (request,) = api.requests
    assert request.system == PROMPT.system
    assert request.text == PROMPT.content
    assert request.config["responseMimeType"] == "application/json"
    assert request.schema["properties"]["findings"]["items"]["properties"]["slot"]["enum"] == ["name", "city"]
    (call,) = ask.model.calls
    assert (call.purpose, call.version, call.failure) == ("read", "test-1", "")
    assert call.tokens_in > 0
    assert call.tokens_out > api.thinking, "thinking is paid for"


def test_voice_note_travels_inline(api, ask):
    api.answer(FOUND)
    ask(Prompt("listen", "test-1", "Transcribe.", "{}", SCHEMA, (Media("audio/ogg", b"OggS..."),)))
    assert [(media.mime_type, media.content) for media in api.requests[0].media] == [("audio/ogg", b"OggS...")]


M = Misbehaviour
FAILURES = {
    M.QUOTA: "quota",
    M.DAILY_QUOTA: "quota",
    M.BARE_QUOTA: "quota",
    M.ERROR: "busy",
    M.OVERLOADED: "busy",
    M.DEADLINE: "timeout",
    M.BAD_GATEWAY: "busy",
    M.KEY_REFUSED: "key",
    M.FORBIDDEN: "key",
    M.RETIRED: "model",
    M.CUT: "network",
    M.CUT_BODY: "network",
    M.HTML: "garbled",
    M.GARBAGE: "garbled",
    M.NOTHING: "blocked",
    M.BLOCKED_SAFETY: "blocked",
    M.BLOCKED_PROHIBITED: "blocked",
    M.MAX_TOKENS: "cut",
    M.SAFETY: "blocked",
    M.RECITATION: "blocked",
    M.SPII: "blocked",
    M.BLOCKLIST: "blocked",
    M.PROHIBITED_CONTENT: "blocked",
    M.LANGUAGE: "blocked",
    M.OTHER: "blocked",
    M.MALFORMED_FUNCTION_CALL: "garbled",
    M.NO_PARTS: "cut",
    M.NO_TEXT: "cut",
    M.CUT_TEXT: "cut",
    M.FENCED: "garbled",
    M.WRONG_SHAPE: "garbled",
}


@pytest.mark.parametrize("misbehaviour", FAILURES, ids=str)
def test_whatever_goes_wrong_is_said_in_one_way(api, ask, misbehaviour):
    api.answer(misbehaviour)
    with pytest.raises(ModelError) as failure:
        ask()
    assert failure.value.kind == FAILURES[misbehaviour]
    assert ask.model.calls[0].failure == FAILURES[misbehaviour]
    assert len(api.requests) == 1, "the SDK does not ask again by itself"


def test_what_looks_like_no_key_at_all(api, ask):
    api.answer(M.UNAUTHENTICATED, times=None)  # google-generativeai refreshes its credentials and asks once more
    with pytest.raises(ModelError) as failure:
        ask()
    assert failure.value.kind == "key"


def test_finish_reason_that_no_sdk_knows_is_a_failure(api, ask):
    api.answer(M.NEW_REASON)
    with pytest.raises(ModelError):
        ask()


@pytest.mark.parametrize("slow", [Hang(30), Slow(30)], ids=["hang", "slow"])
def test_time_out(api, ask, slow):
    """Who waited until the end would get an answer, or see the connection end."""
    api.answer(slow)
    with pytest.raises(ModelError) as failure:
        ask(seconds=0.3)
    assert failure.value.kind == "timeout"


def test_answer_in_drops_comes_in_the_end(api, ask):
    """No SDK limits the whole call: whoever waits must not rely on it."""
    api.answer(Drip(7))
    assert "findings" in ask(seconds=5)


def test_service_says_when_to_ask_again(api, ask):
    api.answer(M.QUOTA)
    with pytest.raises(ModelError) as failure:
        ask()
    assert failure.value.retry_after == 7
    with pytest.raises(ModelError) as failure:
        ask()
    assert failure.value.kind == "resting"
    assert len(api.requests) == 1


def test_quota_of_the_day_is_not_asked_about_every_minute(api, ask):
    api.answer(M.DAILY_QUOTA)
    with pytest.raises(ModelError) as failure:
        ask()
    assert failure.value.retry_after > 3600


def test_server_that_is_not_there(api, ask):
    with pytest.raises(ModelError) as failure:
        ask(url="http://127.0.0.1:9")
    assert failure.value.kind == "network"


def test_wrong_key_and_unknown_model(api, ask):
    for key in ("another key", "llave ñ", "two\nlines", ""):
        with pytest.raises(ModelError) as failure:
            ask(api_key=key)
        assert failure.value.kind == "key"
        ask.breaker = Breaker()
    with pytest.raises(ModelError) as failure:
        ask(model="gemini-1.5-flash")
    assert failure.value.kind == "model"


def test_model_tells_its_title(api, ask):
    model = Model(Settings(ask.sdk, "gemini-3.5-flash", KEY, api.url), Breaker())
    assert "Gemini" in model.describe(2)
    for wrong, kind in (({"model": "gemini-1.5-flash"}, "model"), ({"api_key": "another key"}, "key")):
        values = {"sdk": ask.sdk, "model": "gemini-3.5-flash", "api_key": KEY, "url": api.url, **wrong}
        with pytest.raises(ModelError) as failure:
            Model(Settings(**values), Breaker()).describe(2)
        assert failure.value.kind == kind


def test_two_keys_side_by_side(api, ask):
    api.answer(FOUND, times=None)
    assert ask() == FOUND
    with pytest.raises(ModelError):
        ask(api_key="another key")
    ask.breaker = Breaker()
    assert ask() == FOUND
