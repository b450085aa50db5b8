"""Whether a turn ends what the customer wanted (*ya compré en otro lado*) or puts it off (*lo pensaré y les aviso*)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from .closing_cues import CLASSES, CUES, LOST, Cue
from .phrases import Match, Phrases
from .questions import only_assents
from .schema import Closing
from .text import Text

if TYPE_CHECKING:
    from .taught import Closings

_PHRASES = Phrases(((phrase, cue) for cue in CUES for phrase in cue.phrases), CLASSES)

_THANKS = frozenset("gracias thanks thank obrigado obrigada agradezco agradecido agradecida amable".split())
_NO = frozenset("no nop nope nao not nunca tampoco nada ni sin without sem don't isn't".split())
#: What goes on wanting, behind a closing.
_WANTS = frozenset(
    """
    quiero quisiera queremos necesito necesitamos busco buscamos prefiero preferimos preferiria deseo gustaria llevo
    llevamos compro compramos want need prefer like take quero preciso prefiro gostaria levo coticeme cotice cotizar
    """.split()
)
#: What asks the shop for something: then the asking is the customer's.
_ASKS = frozenset(
    """
    deme dame denos digame dime mandeme mandame mandenme enviame envieme envienme muestreme muestrame paseme pasame
    paseme pasenme coticeme cotizame ensename ensenheme hagame hazme separeme apartemelo guardeme reserveme ayudeme
    ayudame mostrame mostra decime ensename fijate mira avise aviseme avisame expliqueme send show give tell manda envia mostre
    """.split()
)
#: Behind these a wish is only supposed.
_SUPPOSES = frozenset("si cuando por cualquier caso if when se quando".split())
#: Whose words follow.
_SAYS = frozenset(
    """
    dice dicen dijo dijeron decia comento opina opinan escribio escribieron puso respondio pregunto contesto says said
    tells told wrote disse diz falou
    """.split()
)
#: Who buys with the customer: what they say, the customer says.
_HOUSEHOLD = frozenset("esposo esposa marido mujer senora pareja novio novia husband wife".split())
#: A purchase with us closes nothing.
_OURS = frozenset("ustedes uds usted aqui ahi colineal vuestra vosotros you here voces".split())
_OWN_SHOP = frozenset("su sus tu your sua".split())
_TAGS = frozenset("si no ok okey vale ya listo verdad cierto bueno le".split())
#: What is less plain than that puts nothing off that is wanted in the same breath: *sofá o butaca, aún no decido*.
_PLAIN = 0.9
#: Loses what a pronoun or a half sentence leaves open.
_SLIP = 0.05


@dataclass(frozen=True, slots=True)
class FoundClosing:
    """A closing, its tokens, and whether it speaks of one thing: of one named (*ya no quiero la mesa*), or pointed at."""

    closing: Closing
    first: int
    last: int
    names: bool
    points: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    match: Match
    sure: float


def find_closing(
    text: Text,
    asked: str | None,
    things: Mapping[int, int],
    wanted: tuple[int, ...],
    taught: Closings | None = None,
) -> FoundClosing | None:
    """What a turn says of the wish's end.

    asked
        the action of the turn before.
    things
        the first token of each thing of the shop that the turn names, and one past its last.
    wanted
        the first tokens of those that it wants.
    taught
        phrases that the shop has added.

    None where there is none, and where the customer goes on: asks, wants something else, or asks for something.
    """
    quoted = _quoted(text)
    found = [
        each
        for each in _candidates(text, asked, things, taught)
        if not quoted.intersection(range(each.match.first, each.match.last))
    ]
    if not found:
        return None
    # Why somebody wants nothing more says more than that they will write.
    chosen = max(found, key=lambda each: (each.match.payload.kind == LOST, each.sure, -each.match.first))
    cue, match = chosen.match.payload, chosen.match
    end = max(each.match.last for each in found if each.match.payload.kind == cue.kind)
    if _goes_on(text, match, end, cue, wanted):
        return None
    if cue.kind != LOST and any(at >= match.last or cue.sure < _PLAIN for at in wanted):
        return None
    closing = Closing(
        cue.kind, cue.reason, " ".join(text.quote(match.first, match.last).split())[:200], round(chosen.sure, 3)
    )
    words = text.norms[match.first : match.last]
    points = any(
        word in ("la", "lo", "las", "los") and before in ("no", "ya", "final") for before, word in pairwise(words)
    )
    return FoundClosing(closing, match.first, match.last, match.thing, points)


def _candidates(
    text: Text, asked: str | None, things: Mapping[int, int], taught: Closings | None
) -> Iterator[_Candidate]:
    for match in chain(_PHRASES.find(text, things), taught.find(text) if taught else ()):
        cue: Cue = match.payload
        if cue.whole and not (
            _is_whole(text, match) and asked in (None, "ask_clarifying_question", "ask_about_interest")
        ):
            continue
        if cue.thanks and not _thanks(text):
            continue
        before = text.norms[max(0, match.first - 2) : match.first]
        own = text.norms[match.first]
        if before and before[-1] in _NO - {"nada"} and own not in ("no", "ya", "nao", "ja") and cue.reason != "not_now":
            # *no lo voy a pensar más*
            continue
        if cue.reason == "too_dear" and _NO.intersection(_same_clause(before)):
            continue
        if cue.reason == "elsewhere" and _with_us(text, match):
            continue
        sure = cue.sure - _SLIP * match.slips
        said = _whose(text, match.first)
        if said == "others":
            continue
        yield _Candidate(match, sure - 0.15 if said == "household" else sure)


def _same_clause(words: Sequence[str]) -> Sequence[str]:
    """What stands behind the last mark."""
    return words[max((at + 1 for at, word in enumerate(words) if not word[0].isalnum()), default=0) :]


def _whose(text: Text, first: int) -> str:
    """Whose words these are: empty for the customer's."""
    begin, _end = text.sentence_range(first)
    before = text.norms[begin:first]
    at = max((index for index, norm in enumerate(before) if norm in _SAYS), default=-1)
    if at < 0 or not ({"que", ":", "q", "that"} & set(before[at:]) or at == len(before) - 1):
        return ""
    return "household" if _HOUSEHOLD.intersection(before[:at]) else "others"


def _with_us(text: Text, match: Match) -> bool:
    _begin, end = text.sentence_range(match.first)
    tail = text.norms[match.first : min(end, match.last + 4)]
    return bool(_OURS.intersection(tail)) or any(
        norm in _OWN_SHOP and after in ("tienda", "local", "almacen", "pagina", "muebleria", "store", "shop", "loja")
        for norm, after in pairwise(tail)
    )


def _thanks(text: Text) -> bool:
    """Whether the message thanks, or begins with a *no* of its own."""
    refused = text.norms[:1] in (["no"], ["nao"]) and (len(text) == 1 or text.tokens[1].kind == "mark")
    return refused or bool(_THANKS.intersection(text.norms))


def _is_whole(text: Text, match: Match) -> bool:
    """Whether nothing but courtesies stands beside it."""
    rest = [token for at, token in enumerate(text.tokens) if not match.first <= at < match.last]
    return only_assents(Text("", rest)) if rest else True


def _goes_on(text: Text, match: Match, end: int, cue: Cue, wanted: tuple[int, ...]) -> bool:
    """Whether the customer asks, wants something else, or asks for something all the same."""
    if _asks(text):
        return True
    if any(norm in _ASKS for at, norm in enumerate(text.norms) if not match.first <= at < end):
        return True
    if cue.kind == LOST and any(at >= match.first for at in wanted):
        return True
    for at in range(end, len(text.norms)):
        if text.norms[at] in _WANTS and not _is_supposed(text, at):
            return True
    return any(
        norm == "si" and text.tokens[at].raw.casefold() == "sí" and at >= match.last and not _ends_there(text, at)
        for at, norm in enumerate(text.norms)
    )


def _ends_there(text: Text, at: int) -> bool:
    return at + 1 >= len(text.norms) or text.tokens[at + 1].kind == "mark"


def _is_supposed(text: Text, at: int) -> bool:
    """*si quiero le aviso*, *no quiero nada*"""
    before = text.norms[max(0, at - 4) : at]
    return bool(_NO.intersection(before) or (_SUPPOSES.intersection(before) and "pero" not in before))


def _asks(text: Text) -> bool:
    """Whether something is asked, beyond a *¿sí?* that asks for nothing."""
    for at, norm in enumerate(text.norms):
        if norm != "?":
            continue
        begin = text.sentence_range(at)[0]
        words = [token.norm for token in text.tokens[begin:at] if token.kind != "mark"]
        tail = words[-1:] if len(words) > 1 and text.norms[at - 2 : at - 1] == [","] else words
        if words and not (len(tail) <= 2 and _TAGS.issuperset(tail)):
            return True
    return False


def _quoted(text: Text) -> frozenset[int]:
    """The tokens between quotation marks."""
    marks = [at for at, norm in enumerate(text.norms) if norm == '"']
    return frozenset(at for first, last in zip(marks[::2], marks[1::2], strict=False) for at in range(first, last))
