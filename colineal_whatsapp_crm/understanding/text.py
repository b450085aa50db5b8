"""Reading a message as tokens: the one place that folds case and accents and splits sentences and clauses.

Everything downstream works on `Text.flat`, the folded tokens joined by single spaces. A regular expression there never
meets doubled blanks, capitals or accents, and each match leads back to the customer's own words through `Text.span`
and `Text.quote`.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# A WhatsApp message has at most 65,536 characters and no customer writes a hundredth of that. What lies between the
# head and the tail of a longer one is not analysed, so that the cost of a message is bounded.
HEAD, TAIL = 3000, 600
MAX_TOKENS = 900

NEWLINE = "¶"
BREAK = "|"
ELLIPSIS = "…"

SENTENCE_ENDS = frozenset(". ! ? ; ¿ ¡".split()) | {NEWLINE, BREAK}
CLAUSE_ENDS = SENTENCE_ENDS | frozenset(', : ( ) [ ] { } " – — * > <'.split()) | {ELLIPSIS}
CLAUSE_WORDS = frozenset(
    "pero sino aunque porque pues entonces aparte ademas mientras but because although also porem além alem".split()
)
# "y" separates two clauses only when a new predicate follows it; between nouns it makes a list.
CLAUSE_STARTERS = frozenset(
    "quiero quisiera necesito busco soy somos vivo vivimos estoy estamos tengo tenemos me mi mis mire le les es "
    "son ya no "
    "ahora ella hacen cuanto cuando donde como que si yo lo llego pago pagaria puedo podria pueden vi queria deseo "
    "requiero i we my is can do am need want eu meu moro preciso quero sou estou".split()
)

# Chat spellings of function words and of the verbs that cues are built on; products and cities are matched fuzzily.
SPELLINGS = {
    **dict.fromkeys(("q", "k", "ke", "qe"), "que"),
    **dict.fromkeys(("xq", "pq", "porq", "xk", "xke", "pork", "porke"), "porque"),
    **dict.fromkeys(("pa", "pra", "pal", "xa", "paa"), "para"),
    **dict.fromkeys(
        ("xfa", "xfavor", "xfavr", "porfa", "porfis", "porfavor", "pls", "plis", "pliss", "plz"), "porfavor"
    ),
    **dict.fromkeys(("tmb", "tb", "tbn", "tmbn", "tambn", "tanbien", "tambie"), "tambien"),
    **dict.fromkeys(("d",), "de"),
    **dict.fromkeys(("s",), "es"),
    **dict.fromkeys(("t",), "te"),
    **dict.fromkeys(("toy",), "estoy"),
    **dict.fromkeys(("qero", "kero", "quieor"), "quiero"),
    **dict.fromkeys(("quisera", "quisier"), "quisiera"),
    **dict.fromkeys(("necsito", "nesesto", "necesit", "nesito", "necesto"), "necesito"),
    **dict.fromkeys(("buso", "bsuco"), "busco"),
    **dict.fromkeys(("presios", "pricio"), "precio"),
    **dict.fromkeys(
        ("presupesto", "presupueto", "presupusto", "precupuesto", "presuspuesto", "prespuesto", "ppto"), "presupuesto"
    ),
    **dict.fromkeys(("cto", "cuanto", "qanto", "kuanto", "quanto", "cuanro", "cuato"), "cuanto"),
    **dict.fromkeys(("bale", "vle"), "vale"),
    **dict.fromkeys(("aki", "aka", "aca"), "aqui"),
    **dict.fromkeys(("yego", "llgo"), "llego"),
    **dict.fromkeys(("yegarn",), "llegaron"),
    **dict.fromkeys(("trajieron",), "trajeron"),
    **dict.fromkeys(("bino",), "vino"),
    **dict.fromkeys(("torsida",), "torcida"),
    **dict.fromkeys(("torsido",), "torcido"),
    **dict.fromkeys(("fatura",), "factura"),
    **dict.fromkeys(("soi", "soyy"), "soy"),
    **dict.fromkeys(("nonbre", "nombr", "nomber", "nonvre"), "nombre"),
    **dict.fromkeys(("apelido", "apellid"), "apellido"),
    **dict.fromkeys(("llmo", "yamó"), "llamo"),
    **dict.fromkeys(("ata",), "hasta"),
    **dict.fromkeys(("vien", "bn"), "bien"),
    **dict.fromkeys(("envian", "embian", "embio", "enbios", "embios"), "envio"),
    **dict.fromkeys(("ola", "hla", "holi", "holis", "holaa", "wenas", "hols"), "hola"),
    **dict.fromkeys(("grax", "grcs", "grac", "thx", "gracia"), "gracias"),
    **dict.fromkeys(("oki", "okis", "okas", "okok", "okey", "okay"), "ok"),
    **dict.fromkeys(("aora", "haora"), "ahora"),
    **dict.fromkeys(("urgete",), "urgente"),
    **dict.fromkeys(("im",), "i'm"),
    **dict.fromkeys(("vc", "vcs", "voces"), "voce"),
    **dict.fromkeys(("dls", "dlrs", "dol", "dolars", "dollares", "dólares", "dolare", "u$d", "usd"), "dolares"),
}
#: Words that cues are built on: a word that sounds like one is that one, and no other word sounds like it.
_HEARD = """
alquilan alquila alquilar alquiler alquilo arriendan arrendar rentan rentar tapizan tapizar reparan reparar arreglan
restauran dicen llamo llaman llamar llamarme llame escribe escribo escriben habla hablan saluda conocen conoce nombre
nombres apellido apellidos presupuesto precio precios cuesta cuestan necesito necesita necesitamos necesitaba quiero
quieren quisiera queremos busco buscamos buscando deseo compre compramos comprar llegaron trajeron vinieron entregaron
dejaron hacen maximo urgente semana semanas quincena factura garantia reclamo devolver devolucion pedido entrega vivo
vivimos regalar regalo regala cambiar prefiero dolares cotizar cotizacion disculpe averiguando viernes jueves sabado
miercoles gracias envio venden vendo tienen hasta tope minimo gastar pagar ahorre
"""
_BY_EAR: dict[str, str] = {}
# Dots after these belong to the word and end no sentence.
ABBREVIATIONS = frozenset(
    "ma fam ing arq dr dra lic lcda lcdo licda licdo abg ab econ ec sr sra srta sres srs msc mgs mg phd prof tlgo "
    "tlga mr mrs ms "
    "av ave avda sto sta dpto depto dep mz ph cdla urb km num nro tel telf cel cia ltda sa art ref max min aprox "
    "apto apt ofi esq cap gral crnl tnte".split()
)

_TOKEN = re.compile(
    r"""
    (?P<email>[a-z0-9][a-z0-9._%+-]{0,60}@[a-z0-9][a-z0-9.-]{0,60}\.[a-z]{2,12})
  | (?P<url>(?:https?://|www\.|bit\.ly/|wa\.me/)[^\s<>"]{1,200})
  | (?P<number>\d+(?:[.,'’´`]\d+)*)
  | (?P<word>[^\W\d_]+(?:['’´`][^\W\d_]+)*)
  | (?P<newline>[\r\n\u2028\u2029\x0b\x0c\x85]+)
  | (?P<ellipsis>\.{2,}|…)
  | (?P<mark>[.,;:!?¿¡()\[\]{}"“”«»'’‘\-–—/\\#%$€&+*=@_<>°º~|^])
  | (?P<other>[^\s\w])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MARKS = {"“": '"', "”": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "—": "–", "º": "°"}
_LONG_RUN = re.compile(r"([^\W\d])\1{2,}")
#: What is not seen and parts no words, beside Unicode's own format characters (Cf).
_JOINERS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark: as typed (`raw`), folded (`norm`), where it stands, and of what kind."""

    raw: str
    norm: str
    start: int
    end: int
    kind: str


def fold(text: str) -> str:
    """Lower case without accents; `ñ` becomes `n`, because half of the customers type it so."""
    # Words come again; whole messages do not, and would fill the memory.
    return _fold_word(text) if len(text) <= _LONGEST_KEPT else _fold(text)


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_LONGEST_KEPT = 200
_fold_word = lru_cache(maxsize=4096)(_fold)


@lru_cache(maxsize=4096)
def normal_word(raw: str) -> str:
    """The folded word in its usual spelling: `holaaaa` → `hola`, `q` → `que`."""
    word = fold(raw).replace("’", "'").replace("´", "'").replace("`", "'")
    if len(word) > 3:
        word = _LONG_RUN.sub(r"\1", word)
    return SPELLINGS.get(word) or _BY_EAR.get(sound(word), word)


@lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """How a word sounds in Ecuador: what people mix up when they write by ear becomes the same."""
    word = word.replace("qu", "k").replace("ch", "1").replace("ph", "f").replace("ll", "y").replace("h", "")
    word = re.sub(r"c(?=[ei])", "s", word).replace("c", "k").replace("q", "k")
    word = word.replace("z", "s").replace("v", "b").replace("x", "ks")
    word = re.sub(r"g(?=[ei])", "j", word)
    # *burro* is no *buró*: between vowels a double r is another sound.
    word = re.sub(r"(?<=[aeiou])rr+(?=[aeiou])", "R", word)
    return re.sub(r"(.)\1+", r"\1", word)


_BY_EAR.update({sound(word): word for word in _HEARD.split()})


def clean(text: str) -> str:
    """The text without what cannot be written: bounded, composed, no controls, no surrogates, no invisible joiners."""
    if len(text) > HEAD + TAIL:
        text = text[:HEAD] + "\n" + text[-TAIL:]
    if text.isascii() and text.isprintable():
        return text
    # NFKC makes 21⁄2 of `2½`, and a blank of the apostrophe in `1´500`.
    text = text.encode("utf-8", "replace").decode("utf-8").replace("½", " 1/2").replace("´", "'")
    text = unicodedata.normalize("NFKC", text)
    if len(text) > HEAD + TAIL + 1:  # one character may compose into eighteen
        text = text[: HEAD + TAIL]
    text = _JOINERS.sub("", text)
    seen = (char for char in text if unicodedata.category(char) != "Cf")
    return "".join(char if char.isprintable() or char in "\n\r" else " " for char in seen)


def tokenize(text: str) -> list[Token]:
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        if len(tokens) >= MAX_TOKENS:
            break
        kind, raw, start, end = match.lastgroup, match.group(), match.start(), match.end()
        if kind == "word":
            if raw[0] in "'’´`" or len(raw) > 40:
                raw = raw[:40]
            norm = normal_word(raw)
            if norm == "m" and not (tokens and tokens[-1].kind == "number"):
                norm = "me"
            tokens.append(Token(raw, norm, start, end, kind))
        elif kind == "number":
            tokens.append(Token(raw, raw.replace("’", "'").replace("´", "'").replace("`", "'")[:24], start, end, kind))
        elif kind == "email":
            tokens.append(Token(raw, "@", start, end, kind))
        elif kind == "url":
            tokens.append(Token(raw, "://", start, end, kind))
        elif kind == "ellipsis":
            tokens.append(Token(raw, ELLIPSIS, start, end, "mark"))
        elif kind == "newline":
            tokens.append(Token(raw, NEWLINE, start, end, "mark"))
        elif kind == "mark":
            if (
                raw == "."
                and tokens
                and tokens[-1].end == start
                and (tokens[-1].norm in ABBREVIATIONS or _is_initial(tokens))
            ):
                continue
            tokens.append(Token(raw, _MARKS.get(raw, raw), start, end, "mark"))
        elif not tokens or tokens[-1].norm != BREAK:
            tokens.append(Token(raw, BREAK, start, end, "mark"))
    return tokens


def _is_initial(tokens: list[Token]) -> bool:
    """Whether the text so far ends with an initial, as in *Ana M. Torres*."""
    last = tokens[-1].raw
    return len(last) == 1 and last.isupper() and len(tokens) > 1 and tokens[-2].raw.istitle()


class Text:
    """A message (or the several messages of one turn, one after the other) ready for the extractors.

    `sentence[i]` and `clause[i]` number the sentence and clause of token `i`; numbers only grow.
    """

    __slots__ = ("_at", "clause", "flat", "norms", "numbers", "raw", "sentence", "starts", "tokens")

    def __init__(self, raw: str, tokens: Sequence[Token] | None = None):
        self.raw = raw
        self.tokens: list[Token] = list(tokenize(raw) if tokens is None else tokens)
        self.norms = [token.norm for token in self.tokens]
        self.flat = " " + " ".join(self.norms) + " " if self.norms else " "
        self.starts: list[int] = []
        position = 1
        for norm in self.norms:
            self.starts.append(position)
            position += len(norm) + 1
        self.sentence, self.clause = self._segment()
        self._at = [token.start for token in self.tokens]
        #: What `numbers.find_numbers` found, for the next who asks.
        self.numbers: list[Any] | None = None

    def __len__(self) -> int:
        return len(self.tokens)

    def _segment(self) -> tuple[list[int], list[int]]:
        sentences, clauses = [], []
        sentence = clause = 0
        count = len(self.norms)
        for index, norm in enumerate(self.norms):
            if norm in CLAUSE_WORDS or (
                norm in ("y", "e", "and")
                and index + 1 < count
                and self.norms[index + 1] in CLAUSE_STARTERS
                and not (self.norms[index + 1] in ("el", "como", "que", "my") and index == 0)
            ):
                clause += 1
            sentences.append(sentence)
            clauses.append(clause)
            if norm in SENTENCE_ENDS:
                sentence += 1
                clause += 1
            elif norm in CLAUSE_ENDS:
                clause += 1
        return sentences, clauses

    def token_at(self, position: int) -> int:
        """The index of the token at (or after) a position of `flat`."""
        index = bisect_right(self.starts, position) - 1
        if index >= 0 and position < self.starts[index] + len(self.norms[index]):
            return index
        return index + 1

    def span(self, match: "re.Match[str]", group: int | str = 0) -> tuple[int, int]:
        """First token and one past the last token of a match in `flat`."""
        start, end = match.span(group)
        return self.token_at(start), bisect_left(self.starts, end)

    def quote(self, first: int, last: int) -> str:
        """The customer's own words from token `first` up to, not including, token `last`."""
        if first >= last or first >= len(self.tokens):
            return ""
        return self.raw[self.tokens[first].start : self.tokens[min(last, len(self.tokens)) - 1].end]

    def sentence_range(self, index: int) -> tuple[int, int]:
        return _range(self.sentence, index)

    def clause_range(self, index: int) -> tuple[int, int]:
        return _range(self.clause, index)

    def words(self, first: int, last: int) -> str:
        """The folded words of a range, with a blank at both ends, for a regular expression or an `in`."""
        return " " + " ".join(self.norms[first:last]) + " "

    def is_question(self, index: int) -> bool:
        """Whether the sentence of a token is marked as a question."""
        first, last = self.sentence_range(index)
        return (last <= len(self.norms) and last > first and self.norms[last - 1] == "?") or (
            first > 0 and self.norms[first - 1] == "¿"
        )

    def without(self, spans: Iterable[tuple[int, int]]) -> "Text":
        """The same text with these token ranges replaced by a sentence break."""
        dropped = bytearray(len(self.tokens))
        for first, last in spans:
            for index in range(first, last):
                dropped[index] = 1
        kept: list[Token] = []
        for index, token in enumerate(self.tokens):
            if not dropped[index]:
                kept.append(token)
            elif index == 0 or not dropped[index - 1]:
                kept.append(Token("", BREAK, token.start, token.start, "mark"))
        return Text(self.raw, kept)


def _range(numbers: list[int], index: int) -> tuple[int, int]:
    return bisect_left(numbers, numbers[index]), bisect_right(numbers, numbers[index])
