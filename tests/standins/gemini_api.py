"""Google's Gemini API as far as the addon uses it: strict about requests, and able to misbehave.

https://ai.google.dev/api/generate-content, https://ai.google.dev/api/models
"""

import json
import random
import re
import select
import socket
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from . import gemini_refusals as refusals
from . import gemini_wire as wire
from .gemini_brains import Brain, Request, know_nothing, misshape
from .gemini_refusals import Refusal

MODEL = "gemini-3.5-flash"
_HTML = "text/html; charset=UTF-8"
_REDIRECT = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please accept the terms.</body></html>"
_BAD_GATEWAY = b"<!DOCTYPE html><html lang=en><title>Error 502 (Server Error)!!1</title><p>That's an error.</html>"


class Misbehaviour(StrEnum):
    """What can go wrong with a call. From `HTML` on the status is 200."""

    QUOTA = "quota"  # 429 with RetryInfo of 7 s
    DAILY_QUOTA = "daily quota"  # 429 for the rest of the day, whatever its RetryInfo of 38 s says
    BARE_QUOTA = "bare quota"  # 429 without details
    ERROR = "error"  # 500
    OVERLOADED = "overloaded"  # 503
    DEADLINE = "deadline"  # 504
    BAD_GATEWAY = "bad gateway"  # 502 with HTML
    KEY_REFUSED = "key refused"  # 400 with the reason API_KEY_INVALID
    UNAUTHENTICATED = "unauthenticated"  # 401, for what looks like no key at all
    FORBIDDEN = "forbidden"  # 403
    RETIRED = "retired"  # 404
    HANG = "hang"  # no answer until the client gives up
    CUT = "cut"  # the connection ends without an answer
    CUT_BODY = "cut body"  # the connection ends in the middle of the body
    HTML = "html"
    GARBAGE = "garbage"  # half of the JSON, and its length is right
    NOTHING = "nothing"  # neither candidates nor feedback
    BLOCKED_SAFETY = "blocked safety"  # no candidates: the prompt was refused
    BLOCKED_PROHIBITED = "blocked prohibited"
    MAX_TOKENS = "max tokens"  # from here to MALFORMED_FUNCTION_CALL: a candidate without text
    SAFETY = "safety"
    RECITATION = "recitation"
    SPII = "spii"
    BLOCKLIST = "blocklist"
    PROHIBITED_CONTENT = "prohibited content"
    LANGUAGE = "language"
    OTHER = "other"
    MALFORMED_FUNCTION_CALL = "malformed function call"
    NEW_REASON = "new reason"  # a finish reason that no SDK knows
    NO_PARTS = "no parts"  # STOP, and no parts
    NO_TEXT = "no text"  # STOP, and an empty text
    CUT_TEXT = "cut text"  # MAX_TOKENS in the middle of the text
    FENCED = "fenced"  # the text in ``` fences
    WRONG_SHAPE = "wrong shape"  # JSON, but a list
    WRONG_TYPES = "wrong types"  # JSON of the right shape with values of other types


@dataclass(frozen=True)
class Slow:
    """Wait some seconds, then go on with the answer, or the next thing that goes wrong."""

    seconds: float
    then: Any = None


@dataclass(frozen=True)
class Drip:
    """Send the right answer in small pieces over some seconds: a limit on each read never strikes."""

    seconds: float


@dataclass(frozen=True)
class Hang:
    """Say nothing for some seconds, then end the connection."""

    seconds: float


#: What comes and goes.
TRANSIENT = tuple(
    Misbehaviour(name)
    for name in ("quota", "error", "overloaded", "cut", "cut body", "garbage", "max tokens", "no parts", "cut text")
)
_REASONS = {
    **{kind: kind.name for kind in Misbehaviour if kind.name in wire.ENUMS["FinishReason"]},
    Misbehaviour.NEW_REASON: wire.NEW_REASON,
}
_BLOCKS = {Misbehaviour.BLOCKED_SAFETY: "SAFETY", Misbehaviour.BLOCKED_PROHIBITED: "PROHIBITED_CONTENT"}
_RATED = "HATE_SPEECH DANGEROUS_CONTENT HARASSMENT SEXUALLY_EXPLICIT".split()


class Refused(NamedTuple):
    """A request that was wrong."""

    path: str
    code: int
    message: str


@dataclass
class _Rule:
    answer: Any
    when: Callable[[Request], Any] | None
    times: int | None
    operation: str

    def fits(self, request: Request) -> bool:
        return self.operation == request.operation and (self.when is None or bool(self.when(request)))


class GeminiApi:
    """A server on loopback that knows one key.

    brain
        answers what no rule of `answer` does: a callable that takes a `Request`.
    latency
        seconds that each answer takes, or a callable that gives them.
    thinking
        tokens that the model thinks before it writes, unless its thinking budget is 0; they count as output.
    models, retired
        names without "models/".
    requests
        the valid requests, in order, and what became of each.
    refused
        the others, as `Refused`.
    calls
        how often each operation was called with a valid request, and each misbehaviour met.
    """

    def __init__(self, key: str = "the key", brain: Brain = know_nothing, seed: int = 0, latency: Any = 0.0):
        self.key, self.brain, self.latency = key, brain, latency
        self.thinking = 40
        self.models = [MODEL, "gemini-3.1-flash-lite", "gemini-2.5-flash", "gemini-2.5-pro", "gemini-flash-latest"]
        self.retired = ["gemini-1.5-flash", "gemini-2.0-flash"]
        self.requests: list[Request] = []
        self.refused: list[Refused] = []
        self.calls: Counter[str] = Counter()
        self._rules: list[_Rule] = []
        self._wrong_answers: list[str] = []
        self._lock, self._closing = threading.RLock(), threading.Event()
        self._random, self._rate, self._kinds = random.Random(seed), 0.0, TRANSIENT
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=[0.05], name="gemini api", daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop; fails when it gave an answer that is not as Google describes its own."""
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        assert not self._wrong_answers, self._wrong_answers

    def answer(
        self,
        answer: Any,
        *,
        when: Callable[[Request], Any] | None = None,
        times: int | None = 1,
        operation: str = "generateContent",
    ) -> None:
        """Script the next answers; the first rule that fits a request answers it.

        answer
            a text; something to send as JSON; a `Misbehaviour`, `Slow`, `Drip` or `Hang`; None for what the brain says; or a
            callable that takes the `Request` and gives one of these.
        when
            takes the `Request` and says whether this is for it.
        times
            how many requests it answers; None for all.
        operation
            "generateContent", "countTokens", "getModel" or "listModels".
        """
        with self._lock:
            self._rules.append(_Rule(answer, when, times, operation))

    def forget(self) -> None:
        """Drop all rules."""
        with self._lock:
            self._rules.clear()

    def misbehave(self, rate: float, kinds: Iterable[Any] = TRANSIENT) -> None:
        """From now on let this share of the calls that no rule answers meet one of `kinds`, at random."""
        with self._lock:
            self._rate, self._kinds = rate, tuple(kinds)

    # What follows answers requests.

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                self._serve("GET")

            def do_POST(self) -> None:
                self._serve("POST")

            def _serve(self, method: str) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                try:
                    answer = api._answer(self, method, content)
                except Refusal as refusal:
                    answer = _Answer(refusal.code, refusal.body)
                except _NoAnswer:
                    self.close_connection = True
                    return
                except Exception as error:
                    # A test's own callable failed, or this file did: `close` tells.
                    api._wrong_answers.append(repr(error))
                    answer = _Answer(500, Refusal("INTERNAL", f"The stand-in failed: {error!r}").body)
                self._send(answer)

            def _send(self, answer: _Answer) -> None:
                body = answer.encode()
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if answer.drip:
                    size = -(-len(body) // 20)
                    for begin in range(0, len(body), size):
                        api._wait(answer.drip / 20)
                        self.wfile.write(body[begin : begin + size])
                else:
                    self.wfile.write(body[: len(body) // 2] if answer.cut else body)
                self.close_connection = self.close_connection or answer.cut

            def log_message(self, *_args: object) -> None:
                pass

        return Handler

    def _answer(self, handler: BaseHTTPRequestHandler, method: str, content: bytes) -> "_Answer":
        path, query = _split(handler.path)
        try:
            request = self._read(method, path, query, handler.headers, content)
        except Refusal as refusal:
            with self._lock:
                self.refused.append(Refused(path, refusal.code, str(refusal)))
            raise
        with self._lock:
            self.calls[request.operation] += 1
            self.requests.append(request)
            scripted = self._choose(request)
        scripted = self._resolve(scripted, request)
        self._wait(self.latency() if callable(self.latency) else self.latency)
        if isinstance(scripted, Misbehaviour):
            with self._lock:
                self.calls[scripted] += 1
            request.met = scripted
            self._fail(scripted, request, handler)
            if scripted is Misbehaviour.BAD_GATEWAY:
                return _Answer(502, _BAD_GATEWAY, _HTML)
        message, value = getattr(self, f"_{wire.to_snake(request.operation)}")(request, query, scripted)
        return self._finish(message, value, request, query)

    def _finish(self, message: str, value: Any, request: Request, query: Mapping[str, str]) -> "_Answer":
        enums_as_numbers = "enum-encoding=int" in query.get("$alt", query.get("alt", ""))
        answer = _Answer(200, wire.write(message, value, enums_as_numbers))
        if request.met is Misbehaviour.GARBAGE:
            content = answer.encode()
            return _Answer(200, content[: len(content) // 2])
        if request.met is Misbehaviour.HTML:
            return _Answer(200, _REDIRECT, _HTML)
        answer.cut = request.met is Misbehaviour.CUT_BODY
        answer.drip = request.met.seconds if isinstance(request.met, Drip) else 0.0
        return answer

    # Requests

    def _read(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], content: bytes
    ) -> Request:
        """The valid request in what came."""
        given = headers.get("x-goog-api-key") or query.get("key")
        if not given:
            raise refusals.refuse_anonymous()
        if given != self.key:
            raise refusals.refuse_key()
        if len(content) > refusals.SIZE_LIMIT:
            raise refusals.refuse_size()
        operation, place = _route(method, path)
        unknown = [name for name in query if name not in {*_QUERY, *_QUERIES.get(operation, ())}]
        if unknown:
            text = 'Invalid JSON payload received. Unknown name "{0}": Cannot bind query parameter. '
            text += "Field '{0}' could not be found in request message."
            raise refusals.refuse_fields([("", text.format(name)) for name in unknown])
        body = _parse_body(operation, headers, content) if method == "POST" else {}
        model = place.get("model", "")
        if model:
            self._check_model(model, place["version"])
        if body.get("model", f"models/{model}") != f"models/{model}":
            raise Refusal("INVALID_ARGUMENT", f"The model in the body is not models/{model}.")
        if operation == "generateContent":
            refusals.check(body)
        shown = {name.lower(): value for name, value in headers.items() if name.lower() != "x-goog-api-key"}
        return Request(operation, place["version"], model, shown, body)

    def _check_model(self, model: str, version: str) -> None:
        if model in self.retired:
            raise refusals.refuse_retired(model)
        # The aliases of the latest models are in the beta alone.
        if model not in self.models or (model.endswith("-latest") and version == "v1"):
            raise refusals.refuse_unknown(model, version)

    def _choose(self, request: Request) -> Any:
        for rule in self._rules:
            if rule.fits(request):
                if rule.times is not None:
                    rule.times -= 1
                    if rule.times <= 0:
                        self._rules.remove(rule)
                return rule.answer
        if request.operation == "generateContent" and self._random.random() < self._rate:
            return self._random.choice(self._kinds)
        return None

    # Misbehaving

    def _resolve(self, scripted: Any, request: Request) -> Any:
        """A text, something to send as JSON, a `Misbehaviour`, or None."""
        while True:
            if isinstance(scripted, Slow):
                self._wait(scripted.seconds)
                scripted = scripted.then
            elif isinstance(scripted, Hang):
                request.met = Misbehaviour.HANG
                with self._lock:
                    self.calls[Misbehaviour.HANG] += 1
                self._wait(scripted.seconds)
                raise _NoAnswer
            elif isinstance(scripted, Drip):
                request.met, scripted = scripted, None
            elif callable(scripted):
                scripted = scripted(request)
            elif scripted is None and request.operation == "generateContent":
                scripted = self.brain(request)
                if scripted is None:
                    raise ValueError("The brain says nothing.")
            else:
                return scripted

    def _fail(self, kind: Misbehaviour, request: Request, handler: BaseHTTPRequestHandler) -> None:
        """Fail in the ways that have nothing to do with the answer."""
        if kind is Misbehaviour.HANG:
            self._wait_for_end(handler.connection)
        if kind in (Misbehaviour.HANG, Misbehaviour.CUT):
            raise _NoAnswer
        if kind in _FAILURES:
            raise _FAILURES[kind](request.model or MODEL)

    def _wait(self, seconds: float) -> None:
        if seconds:
            self._closing.wait(seconds)

    def _wait_for_end(self, connection: socket.socket) -> None:
        """Wait until the client gives up, or all is over."""
        while not self._closing.is_set():
            readable, _, _ = select.select([connection], [], [], 0.1)
            try:
                if readable and not connection.recv(1, socket.MSG_PEEK):
                    return
            except OSError:
                return

    # Operations

    def _generate_content(self, request: Request, _query: Mapping[str, str], scripted: Any) -> tuple[str, Any]:
        kind = request.met
        if kind is Misbehaviour.NOTHING:
            return "GenerateContentResponse", _identify(request)
        usage = {"promptTokenCount": sum(each["tokenCount"] for each in _count(request)),
                 "promptTokensDetails": _count(request)}  # fmt: skip
        if kind in _BLOCKS:
            feedback = {"blockReason": _BLOCKS[kind]}
            if kind is Misbehaviour.BLOCKED_SAFETY:
                feedback["safetyRatings"] = _rate("HIGH")
            usage["totalTokenCount"] = usage["promptTokenCount"]
            return "GenerateContentResponse", {"promptFeedback": feedback, "usageMetadata": usage, **_identify(request)}
        limit = request.config.get("maxOutputTokens", 65536)
        thoughts = 0 if request.config.get("thinkingConfig", {}).get("thinkingBudget") == 0 else self.thinking
        candidate: dict[str, Any] = {"index": 0}
        if kind in _REASONS or kind is Misbehaviour.NO_PARTS:
            candidate["finishReason"] = _REASONS.get(kind, "STOP")
            if kind is Misbehaviour.MAX_TOKENS:
                thoughts = limit
            if kind in (Misbehaviour.MAX_TOKENS, Misbehaviour.NO_PARTS):
                candidate["content"] = {"role": "model"}
            if kind is Misbehaviour.SAFETY:
                candidate["safetyRatings"] = _rate("HIGH")
            text = ""
        else:
            text, candidate["finishReason"] = self._say(request, scripted, limit - thoughts)
            if thoughts >= limit:
                thoughts, text = limit, ""
                candidate.update(content={"role": "model"}, finishReason="MAX_TOKENS")
            else:
                candidate["content"] = {"parts": [{"text": text}], "role": "model"}
                candidate["safetyRatings"] = _rate("NEGLIGIBLE")
        if text:
            usage["candidatesTokenCount"] = _tokens(text)
        if thoughts:
            usage["thoughtsTokenCount"] = thoughts
        usage["totalTokenCount"] = usage["promptTokenCount"] + _tokens(text) + thoughts
        return "GenerateContentResponse", {"candidates": [candidate], "usageMetadata": usage, **_identify(request)}

    def _say(self, request: Request, scripted: Any, limit: int) -> tuple[str, str]:
        """The text and the finish reason."""
        kind = request.met
        answer = self.brain(request) if isinstance(scripted, Misbehaviour) else scripted
        if kind in (Misbehaviour.WRONG_SHAPE, Misbehaviour.WRONG_TYPES):
            shape, types = misshape(answer)
            answer = shape if kind is Misbehaviour.WRONG_SHAPE else types
        text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
        if kind is Misbehaviour.NO_TEXT:
            return "", "STOP"
        if kind is Misbehaviour.FENCED:
            return f"```json\n{text}\n```", "STOP"
        if kind is Misbehaviour.CUT_TEXT:
            return text[: len(text) // 2], "MAX_TOKENS"
        if _tokens(text) > limit:
            return text[: max(limit, 0) * 4], "MAX_TOKENS"
        return text, "STOP"

    def _count_tokens(self, request: Request, _query: Mapping[str, str], _scripted: Any) -> tuple[str, Any]:
        details = _count(request)
        total = sum(each["tokenCount"] for each in details)
        return "CountTokensResponse", {"totalTokens": total, "promptTokensDetails": details}

    def _get_model(self, request: Request, _query: Mapping[str, str], _scripted: Any) -> tuple[str, Any]:
        return "Model", _describe(request.model)

    def _list_models(self, request: Request, query: Mapping[str, str], _scripted: Any) -> tuple[str, Any]:
        models = [each for each in self.models if request.version != "v1" or not each.endswith("-latest")]
        begin, size = int(query.get("pageToken") or 0), int(query.get("pageSize") or 50)
        page: dict[str, Any] = {"models": [_describe(each) for each in models[begin : begin + size]]}
        if begin + size < len(models):
            page["nextPageToken"] = str(begin + size)
        return "ListModelsResponse", page


_FAILURES: dict[Misbehaviour, Callable[[str], Refusal]] = {
    Misbehaviour.QUOTA: refusals.refuse_quota,
    Misbehaviour.DAILY_QUOTA: lambda model: refusals.refuse_quota(model, "Day", "38s"),
    Misbehaviour.BARE_QUOTA: lambda model: refusals.refuse_quota(model, retry_after=None),
    Misbehaviour.ERROR: lambda _model: Refusal("INTERNAL", "An internal error has occurred. Please retry."),
    Misbehaviour.OVERLOADED: lambda _model: Refusal("UNAVAILABLE", "The model is overloaded. Please try again later."),
    Misbehaviour.DEADLINE: lambda _model: Refusal("DEADLINE_EXCEEDED", "Deadline expired before operation completed."),
    Misbehaviour.KEY_REFUSED: lambda _model: refusals.refuse_key(),
    Misbehaviour.UNAUTHENTICATED: lambda _model: refusals.refuse_credentials(),
    Misbehaviour.FORBIDDEN: lambda _model: refusals.refuse_project(),
    Misbehaviour.RETIRED: refusals.refuse_retired,
}
_ROUTES = {
    "generateContent": ("POST", re.compile(r"/(?P<version>v1|v1beta)/models/(?P<model>[\w.-]+):generateContent")),
    "countTokens": ("POST", re.compile(r"/(?P<version>v1|v1beta)/models/(?P<model>[\w.-]+):countTokens")),
    "getModel": ("GET", re.compile(r"/(?P<version>v1|v1beta)/models/(?P<model>[\w.-]+)")),
    "listModels": ("GET", re.compile(r"/(?P<version>v1|v1beta)/models")),
}
_MESSAGES = {"generateContent": "GenerateContentRequest", "countTokens": "CountTokensRequest"}
_QUERY = frozenset({"key", "alt", "$alt", "prettyPrint", "fields"})
_QUERIES = {"listModels": {"pageSize", "pageToken"}}


class _NoAnswer(Exception):
    """The connection ends here."""


@dataclass
class _Answer:
    status: int
    body: Any
    content_type: str = "application/json; charset=UTF-8"
    cut: bool = False
    drip: float = 0.0

    def encode(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False, indent=2).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def handle_error(self, *_args: object) -> None:
        """Clients that go away in the middle are what this is for."""


def _split(target: str) -> tuple[str, dict[str, str]]:
    parts = urlsplit(target)
    return unquote(parts.path), dict(parse_qsl(parts.query, keep_blank_values=True))


def _route(method: str, path: str) -> tuple[str, dict[str, str]]:
    for operation, (wanted, pattern) in _ROUTES.items():
        found = pattern.fullmatch(path)
        if found and method == wanted:
            return operation, found.groupdict()
    raise Refusal("NOT_FOUND", f"The requested URL {path} was not found on this server.")


def _parse_body(operation: str, headers: Mapping[str, str], content: bytes) -> dict[str, Any]:
    if headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
        raise Refusal("INVALID_ARGUMENT", "Invalid content type: JSON is expected.")
    try:
        value = json.loads(content)
    except ValueError as error:
        raise Refusal("INVALID_ARGUMENT", f"Invalid JSON payload received. {error}") from error
    violations: list[tuple[str, str]] = []
    try:
        body = wire.parse(_MESSAGES[operation], value, violations)
    except wire.NotServed as field:
        raise Refusal("UNIMPLEMENTED", f"The stand-in does not serve {field}.") from field
    if violations:
        raise refusals.refuse_fields(violations)
    return body


def _describe(model: str) -> dict[str, Any]:
    return {
        "name": f"models/{model}",
        "version": "001",
        "displayName": model.replace("-", " ").title(),
        "description": "A stand-in",
        "inputTokenLimit": 1048576,
        "outputTokenLimit": 65536,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
        "temperature": 1,
        "maxTemperature": 2,
        "topP": 0.95,
        "topK": 64,
        "thinking": True,
    }


def _identify(request: Request) -> dict[str, str]:
    return {"modelVersion": request.model, "responseId": uuid.uuid4().hex[:22]}


def _rate(worst: str) -> list[dict[str, Any]]:
    ratings = [{"category": f"HARM_CATEGORY_{name}", "probability": "NEGLIGIBLE"} for name in _RATED]
    if worst != "NEGLIGIBLE":
        ratings[1].update(probability=worst, blocked=True)
    return ratings


def _tokens(text: str) -> int:
    """About four letters make a token."""
    return -(-len(text) // 4)


def _count(request: Request) -> list[dict[str, Any]]:
    """Tokens of the prompt: a picture has 258, audio of 16 kbit/s has 32 a second."""
    nested = request.body.get("generateContentRequest")
    if nested:
        request = Request(request.operation, request.version, request.model, {}, nested)
    counts = Counter({"TEXT": _tokens(request.system) + _tokens(request.text)})
    for media in request.media:
        if media.mime_type.startswith("image/"):
            counts["IMAGE"] += 258
        else:
            counts["AUDIO"] += 32 * -(-len(media.content) // 2000)
    return [{"modality": modality, "tokenCount": count} for modality, count in counts.items()]
