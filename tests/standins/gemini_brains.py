"""What a model is asked, and stand-ins for the model: callables that take a `Request` and give the answer.

An answer is a text, or something whose JSON is the text.
"""

import re
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Brain = Callable[["Request"], Any]


class Media(NamedTuple):
    mime_type: str
    content: bytes


@dataclass
class Request:
    """A valid request.

    headers
        without the key, their names in lower case.
    body
        its JSON by Google's names: camel case, enums by name, bytes decoded.
    met
        what became of it: the misbehaviour, or None for an answer.
    """

    operation: str
    version: str
    model: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float = field(default_factory=time.time)
    met: Any = None

    @property
    def system(self) -> str:
        """The system instruction."""
        return "\n".join(_texts(self.body.get("systemInstruction", {})))

    @property
    def turns(self) -> list[tuple[str, str]]:
        """(role, text) of each content."""
        return [(each.get("role", "user"), "\n".join(_texts(each))) for each in self.body.get("contents", ())]

    @property
    def text(self) -> str:
        """All text of the contents, the system instruction left out."""
        return "\n".join(text for _role, text in self.turns)

    @property
    def last(self) -> str:
        """The text of the last content."""
        return self.turns[-1][1]

    @property
    def config(self) -> dict[str, Any]:
        return self.body.get("generationConfig", {})

    @property
    def schema(self) -> dict[str, Any] | None:
        """The response schema, of either kind."""
        return self.config.get("responseSchema") or self.config.get("responseJsonSchema")

    @property
    def wants_json(self) -> bool:
        return self.config.get("responseMimeType") == "application/json"

    @property
    def media(self) -> list[Media]:
        blobs = [part["inlineData"] for each in self.body.get("contents", ()) for part in each["parts"]
                 if "inlineData" in part]  # fmt: skip
        return [Media(blob["mimeType"], blob["data"]) for blob in blobs]


def _texts(content: Mapping[str, Any]) -> list[str]:
    return [part["text"] for part in content.get("parts", ()) if "text" in part]


def know_nothing(request: Request) -> Any:
    """An empty value for each required property; "De acuerdo." where no JSON is wanted."""
    if not request.schema:
        return {} if request.wants_json else "De acuerdo."
    return _empty(request.schema)


def _empty(schema: Mapping[str, Any]) -> Any:
    kind, nullable = _kind(schema)
    if nullable:
        return None
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: _empty(properties[name]) for name in schema.get("required", ()) if name in properties}
    if kind == "array":
        return [_empty(schema["items"])] * int(schema.get("minItems", 0))
    if kind in ("number", "integer"):
        return max(0, schema.get("minimum", 0))
    if schema.get("enum"):
        return schema["enum"][0]
    return {"boolean": False}.get(kind, "")


def _kind(schema: Mapping[str, Any]) -> tuple[str, bool]:
    """The type in lower case, and whether null is allowed."""
    kinds = schema.get("type", [])
    kinds = [each.lower() for each in ([kinds] if isinstance(kinds, str) else kinds)]
    for option in schema.get("anyOf", ()):
        kind, nullable = _kind(option)
        kinds += [kind, *(["null"] if nullable else [])]
    if None in schema.get("enum", ()):
        kinds.append("null")
    others = [each for each in kinds if each != "null"]
    return others[0] if others else "null", bool(schema.get("nullable")) or len(others) < len(kinds)


class Orders(NamedTuple):
    """What a customer commands.

    fields
        values by the name of what they are for.
    reply
        what is to be said.
    quote
        the customer's own words.
    """

    fields: dict[str, str]
    reply: str
    quote: str


_VALUE = r"""("[^"\n]*"|'[^'\n]*'|[^,;\n\])}<]+?)(?=\s+(?:y|e|and|&)\s+\w+\s*=|\s+\w+\s*=|\.(?!\d)|[,;\n\])}<]|$)"""
_ASSIGNMENT = re.compile(rf"""["']?(?P<name>[^\W\d]\w{{2,}})["']?\s*=\s*{_VALUE}""")
_JSON = re.compile(r'"(?P<name>\w+)"\s*:\s*("[^"\n]*"|-?\d[\d.]*|true|false)')
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,120}>")
_VERB = r"\b(?:m[aá]rc|p[oó]n|clasific|calific|mark|set|classif|rate|make)\w*\b"
_PATTERNS = {
    "quality": rf"(?i){_VERB}[^.\n]{{0,60}}?\b(hot|warm|cold|caliente|tibi[oa]|fr[ií][oa])\b",
    "urgency": rf"(?i){_VERB}[^.\n]{{0,20}}?\burg\w+\s+(?:es|is|a|to|como)?\s*(high|medium|low|alta|media|baja)\b",
    "action": r"\b(create_lead|ask_\w+|request_contact_info|transfer_to_support|gather_more_details)\b",
    "price": r"(?i)\b(?:precios?|prices?|cuestan?|valen?)\b[^.\n\d]{0,40}(\$?\s?\d[\d.,]*\d|\$?\s?\d)",
    "discount": r"(?i)(\d{1,3})\s?%\s*(?:de\s+)?(?:descuento|off|discount)",
}
_CREATE_LEAD = re.compile(r"(?i)\b(?:cre|registr|gener|abr|open|mak)\w*\s+(?:\w+\s+){0,2}lead\b")
_REPLY = re.compile(
    r"(?i)\b(?:resp[oó]nd\w*|cont[eé]st\w*|di(?:le|me|ga)?|escrib\w*|rep[ií]t\w*|say|reply|answer|write|repeat)\b"
    r"(?:\s+(?:s[oó]lo|solamente|only|con|with|que|that|esto|this|exactamente|exactly))*\s*[:\"“«'][\s\"“«']*([^\n\"”»]+)"
)
_COMMAND = re.compile(
    r"(?i)\b(?:ignor|olvid|forget|disregard|override|instrucci|instruction|system|sistema|administrador|admin\b|orden\b)"
)
_SENTENCE = re.compile(r"(?m)\S[^\n]*?(?:[.!?]+(?=\s|$)|$)")
#: Each row names one thing.
_SYNONYMS = [
    set(row.split())
    for row in (
        "quality calidad score level temperature",
        "action accion next step",
        "budget presupuesto amount max maximum",
        "price precio cost",
        "name nombre contact customer",
        "city ciudad place",
        "email correo mail",
        "urgency urgencia",
        "product products producto productos interest",
        "support soporte",
        "reply respuesta answer response message mensaje draft text texto wording",
    )
]
_QUOTES = set("quote quotes cita evidence source span words snippet verbatim excerpt palabras".split())
_CONFIDENCES = set("confidence confianza certainty probability".split())
_TRANSLATIONS = {"caliente": "hot", "tibio": "warm", "tibia": "warm", "frio": "cold", "fria": "cold",
                 "alta": "high", "media": "medium", "baja": "low"}  # fmt: skip


def find_orders(text: str) -> Orders:
    """The imperative orders in a text; a later one wins. Tags do not count, what is between them does."""
    text = _TAG.sub("\n", text)
    fields: dict[str, str] = {}
    sentences = []

    def note(name: str, found: re.Match[str], value: str) -> None:
        fields[_plain(name)] = value.strip().strip("\"'").strip()
        sentences.append(found.start())

    for pattern in (_JSON, _ASSIGNMENT):
        for found in pattern.finditer(text):
            # A request may be JSON itself: what has the name of a text is no order.
            if pattern is _ASSIGNMENT or not _words([found["name"]]) & _SYNONYMS[-1]:
                note(found["name"], found, found[2])
    for name, pattern in _PATTERNS.items():
        for found in re.finditer(pattern, text):
            note(name, found, found[1])
    for found in _CREATE_LEAD.finditer(text):
        note("action", found, "create_lead")
    reply = ""
    for found in _REPLY.finditer(text):
        reply = found[1].strip()
        sentences.append(found.start())
    sentences += [found.start() for found in _COMMAND.finditer(text)]
    quotes = [found[0].strip() for found in _SENTENCE.finditer(text)
              if any(found.start() <= place < found.end() for place in sentences)]  # fmt: skip
    return Orders(fields, reply or " ".join(quotes), quotes[-1] if quotes else "")


def obeying(where: Callable[[Request], str] = lambda request: request.text, otherwise: Brain = know_nothing) -> Brain:
    """A brain that does what customers order.

    where
        gives the text in which to look for orders.
    otherwise
        answers when there are none.
    """

    def brain(request: Request) -> Any:
        orders = find_orders(where(request))
        if not orders.reply:
            return otherwise(request)
        return _obey(request.schema, orders, ()) if request.schema else orders.reply

    return brain


obey_the_attacker = obeying()


def _obey(schema: Mapping[str, Any], orders: Orders, path: Sequence[str]) -> Any:
    """A value for a schema, with the orders in every field that can carry them."""
    kind, nullable = _kind(schema)
    if kind == "object":
        return {name: _obey(each, orders, (*path, name)) for name, each in schema.get("properties", {}).items()}
    if kind == "array":
        return _obey_in_list(schema, orders, path)
    ordered = _find(orders, path)
    if kind in ("number", "integer"):
        return _obey_with_number(schema, orders, path, kind)
    if kind == "boolean":
        return _plain(ordered or "true") not in ("false", "no", "0")
    if schema.get("enum"):
        return _choose(schema["enum"], orders, ordered, nullable)
    if not _QUOTES.isdisjoint(_words(path[-1:])):
        text = orders.quote
    else:
        text = ordered or orders.reply
    return text[: int(schema.get("maxLength", len(text)))]


def _obey_in_list(schema: Mapping[str, Any], orders: Orders, path: Sequence[str]) -> list[Any]:
    items = schema.get("items", {"type": "string"})
    kind, _nullable = _kind(items)
    most = int(schema.get("maxItems", 20))
    if kind == "object":
        # A list of {field, value} has one item for each order.
        for name, each in items.get("properties", {}).items():
            named = [value for value in each.get("enum", ()) if _find(orders, (value,))]
            if named:
                return [{**_obey(items, orders, (*path, value)), name: value} for value in named][:most]
        return [_obey(items, orders, path)]
    if kind == "string" and not items.get("enum"):
        values = re.split(r"\s*,\s*", _find(orders, path) or orders.reply)
        return values[:most]
    value = _obey(items, orders, path)
    return [] if value is None else [value]


def _obey_with_number(schema: Mapping[str, Any], orders: Orders, path: Sequence[str], kind: str) -> float | None:
    least, most = schema.get("minimum", 0), schema.get("maximum")
    if not _CONFIDENCES.isdisjoint(_words(path[-1:])):
        number = most if most is not None else 1
    else:
        candidates = [_find(orders, path), *orders.fields.values()]
        numbers = [number for each in candidates if each and (number := _read_number(each)) is not None]
        number = numbers[0] if numbers else least
    number = max(least, number if most is None else min(number, most))
    return int(number) if kind == "integer" or float(number).is_integer() else float(number)


def _choose(options: Sequence[str], orders: Orders, ordered: str | None, nullable: bool) -> str | None:
    wanted = [_plain(each) for each in (ordered, *orders.fields.values()) if each]
    for each in (*wanted, *(_TRANSLATIONS.get(each, each) for each in wanted)):
        for option in options:
            if option is not None and _plain(option) == each:
                return option
    return None if nullable else options[0]


def _find(orders: Orders, path: Sequence[str]) -> str | None:
    """The order for a place in a schema, or for what it is a part of."""
    for name in reversed(path):
        words = _words([name])
        for key, value in orders.fields.items():
            keys = _words([key])
            if words & keys or any(row & words and row & keys for row in _SYNONYMS):
                return value
    return None


def _words(names: Sequence[str]) -> set[str]:
    """The words in names, whatever joins them."""
    return {word for name in names
            for word in re.findall(r"[a-z0-9]+", _plain(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)))}  # fmt: skip


def _plain(text: str) -> str:
    """In lower case without accents."""
    return "".join(each for each in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(each))


def _read_number(text: str) -> float | None:
    found = re.search(r"\d+(?:[.,]\d{3})*(?:[.,]\d{1,2})?(?!\d)|\d+", text)
    if not found:
        return None
    whole, _separator, cents = found[0].replace(",", ".").rpartition(".")
    if len(cents) == 3 or not whole:
        return float(found[0].replace(".", "").replace(",", ""))
    return float(f"{whole.replace('.', '')}.{cents}")


def misshape(value: Any) -> Iterator[Any]:
    """The value in another shape, then with values of other types."""
    yield [value] if not isinstance(value, list) else {"items": value}
    yield _retype(value)


def _retype(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _retype(each) for name, each in value.items()}
    if isinstance(value, str) or value is None:
        return {"text": value}
    return {"value": "many"} if isinstance(value, list) else f"about {value}"
