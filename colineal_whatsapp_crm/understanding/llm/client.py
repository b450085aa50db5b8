"""Asking a model: one interface over the SDKs that reach it.

Whatever goes wrong on the way is a `ModelError` of one of a few kinds, so that callers fall back and people read why.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol

from ..schema import Media
from .breaker import Breaker

# Kinds of failures, see `ModelError`.
KEY, MODEL, QUOTA, REFUSED, BUSY, TIMEOUT, NETWORK = "key", "model", "quota", "refused", "busy", "timeout", "network"
BLOCKED, CUT, GARBLED, BUDGET, RESTING, SDK = "blocked", "cut", "garbled", "budget", "resting", "sdk"

#: Failures of the service rather than of one message: they count for the circuit breaker.
_OF_SERVICE = frozenset((KEY, MODEL, QUOTA, REFUSED, BUSY, TIMEOUT, NETWORK, SDK))
#: Failures that only a person can end: there is no use in trying again soon.
LASTING = frozenset((KEY, MODEL, SDK))

#: The adapters, by the name of their SDK on the package index. Imported when first used: they are slow to import.
SDKS: Mapping[str, str] = {"google-generativeai": "google_generativeai", "google-genai": "google_genai"}


class ModelError(Exception):
    """A model gave no usable answer.

    kind
        ``key``: the API key is missing or refused; ``model``: the model does not exist or not any more; ``quota``: too
        many calls; ``refused``: the request was not understood; ``busy``: a failure of the service, or overload;
        ``timeout``; ``network``: the service was not reached, or the connection broke; ``blocked``: an answer was held
        back for its content; ``cut``: the answer ended too soon; ``garbled``: the answer is not what was asked for;
        ``budget``: the day's calls or tokens are used up; ``resting``: the circuit breaker is open; ``sdk``: the SDK
        is not installed.
    retry_after
        seconds until the service wants to be asked again, when it says.
    """

    def __init__(self, kind: str, detail: str = "", retry_after: float | None = None):
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind
        self.detail = detail
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is asked.

    purpose
        ``read``, ``listen``, ``look`` or ``word``.
    version
        names the wording of the prompt and its schema, to tell measurements apart.
    system
        what it is to do. Nothing that a customer wrote.
    content
        the data it is to work on, customers' words among them.
    schema
        JSON schema of the answer, the subset that Gemini takes.
    """

    purpose: str
    version: str
    system: str
    content: str
    schema: Mapping[str, Any]
    media: tuple[Media, ...] = ()
    max_tokens: int = 2048
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What an adapter got: the text, and the tokens it was charged for."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """How a model is reached. `url` is None for Google's own address."""

    sdk: str
    model: str
    api_key: str
    url: str | None = None
    temperature: float = 0.2


class Adapter(Protocol):
    """One SDK. Modules of this package; see `SDKS`."""

    def generate(self, settings: Settings, prompt: Prompt, seconds: float) -> RawAnswer:
        """The model's text. Raises `ModelError`. May take longer than `seconds` when the answer comes in drops."""

    def describe(self, settings: Settings, seconds: float) -> str:
        """The model's title, which shows that key and model are good. Raises `ModelError`."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a model, for the records. `failure` is the kind of a `ModelError`, empty after success."""

    purpose: str
    version: str
    seconds: float
    tokens_in: int = 0
    tokens_out: int = 0
    failure: str = ""
    detail: str = ""


@dataclass
class Model:
    """A model with a breaker before it and a limit on what it may use.

    is_affordable
        asked before each call; False when the day's budget is used up.
    """

    settings: Settings
    breaker: Breaker
    is_affordable: Callable[[], bool] = lambda: True
    calls: list[Call] = field(default_factory=list)

    def ask(self, prompt: Prompt, deadline: float) -> Mapping[str, Any]:
        """The model's answer as the JSON object that the prompt's schema describes, not checked against it.

        deadline
            `time.monotonic()` by which it must be there.

        Raises `ModelError`. Either way the call is noted in `calls`, unless none was made.
        """
        self._check_key()
        if not self.is_affordable():
            raise ModelError(BUDGET)
        if not self.breaker.allows():
            raise ModelError(RESTING)
        started, raw, failure = time.monotonic(), RawAnswer(""), None
        try:
            seconds = deadline - started
            if seconds <= 0:
                raise ModelError(TIMEOUT, "no time was left")
            raw = load_adapter(self.settings.sdk).generate(self.settings, prompt, seconds)
            return _parse(raw.text)
        except ModelError as error:
            failure = error
            raise
        finally:
            self.breaker.note(*_verdict(failure))
            self.calls.append(
                Call(
                    prompt.purpose,
                    prompt.version,
                    time.monotonic() - started,
                    raw.tokens_in,
                    raw.tokens_out,
                    failure.kind if failure else "",
                    failure.detail if failure else "",
                )
            )

    def describe(self, seconds: float) -> str:
        """The model's title, asked for past breaker and budget. Raises `ModelError`."""
        self._check_key()
        title = load_adapter(self.settings.sdk).describe(self.settings, seconds)
        self.breaker.note(True)
        return title

    def _check_key(self) -> None:
        key = self.settings.api_key
        if not key or not key.isascii() or not key.isprintable():
            raise ModelError(KEY, "no API key, or one with characters that no key has")


def load_adapter(sdk: str) -> Adapter:
    """The adapter of an SDK, which imports it. Raises `ModelError` when it is not installed, or nobody knows it."""
    if sdk not in SDKS:
        raise ModelError(SDK, "an unknown SDK")
    try:
        return import_module(f".{SDKS[sdk]}", __package__)
    except ImportError as error:
        raise ModelError(SDK, f"{sdk} is not installed ({error.name})") from error


def _verdict(failure: ModelError | None) -> tuple[bool, float | None, bool]:
    """For `Breaker.note`: whether the service works, when it wants to be asked again, and whether it is hopeless."""
    if failure is None or failure.kind not in _OF_SERVICE:
        return True, None, False
    return False, failure.retry_after, failure.kind in LASTING


def _parse(text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelError(GARBLED, f"no JSON: {type(error).__name__}") from error
    if not isinstance(value, dict):
        raise ModelError(GARBLED, f"a {type(value).__name__} instead of an object")
    return value
