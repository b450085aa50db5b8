"""Messages that are nothing but the wish to be written to no more, or again.

Only a whole message counts: «baja» is such a wish, «quiero dar de baja mi pedido» and «bájame el precio» are not.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from .text import fold

#: What ends a customer's messages unless the shop says otherwise. Not «cancelar» alone, which means to pay as well.
OPT_OUT_PHRASES = (
    "BAJA",
    "DAR DE BAJA",
    "DARME DE BAJA",
    "DENME DE BAJA",
    "DEME DE BAJA",
    "QUIERO DARME DE BAJA",
    "CANCELAR SUSCRIPCIÓN",
    "CANCELAR LA SUSCRIPCIÓN",
    "CANCELAR MI SUSCRIPCIÓN",
    "DESUSCRIBIR",
    "DESUSCRIBIRME",
    "NO MÁS MENSAJES",
    "NO QUIERO MÁS MENSAJES",
    "NO QUIERO RECIBIR MÁS MENSAJES",
    "NO ENVIAR MÁS MENSAJES",
    "NO ENVÍEN MÁS MENSAJES",
    "NO ME ENVÍEN MÁS MENSAJES",
    "NO ME MANDEN MÁS MENSAJES",
    "NO ME ESCRIBAN MÁS",
    "DEJEN DE ESCRIBIRME",
    "STOP",
    "STOP ALL",
    "STOPALL",
    "STOP MESSAGES",
    "NO MORE MESSAGES",
    "UNSUBSCRIBE",
    "OPT OUT",
    "OPTOUT",
)

#: What lets us write again; heard only from who wanted no more messages.
OPT_IN_PHRASES = (
    "ALTA",
    "DARME DE ALTA",
    "QUIERO DARME DE ALTA",
    "SUSCRIBIR",
    "SUSCRIBIRME",
    "START",
    "UNSTOP",
    "SUBSCRIBE",
    "OPT IN",
    "OPTIN",
)

#: No phrase is longer than this together with its courtesies.
_LONGEST = 120

_WORD = re.compile(r"[^\W_]+")

#: Courtesies around the wish, which change nothing.
_POLITE = frozenset(
    "hola buenos buenas buen dia dias tarde tardes noche noches por favor porfa porfavor porfis xfa muchas mil gracias "
    "ya ok hi hello good morning afternoon evening please pls thanks thank you now".split()
)


@lru_cache(maxsize=64)
def read_phrases(lines: str) -> frozenset[tuple[str, ...]]:
    """Phrases, one a line, as `is_wish` takes them."""
    return frozenset(filter(None, (_get_words(line) for line in lines.splitlines())))


def is_wish(text: str, phrases: Iterable[tuple[str, ...]]) -> bool:
    """Whether a message is one of these phrases and nothing else.

    Case, accents, punctuation, courtesies around it and repetition of the same word make no difference.
    """
    if len(text) > _LONGEST:
        return False
    words = _get_words(text)
    return words in phrases or _strip_courtesies(words) in phrases


def _get_words(text: str) -> tuple[str, ...]:
    words = _WORD.findall(fold(text))
    return tuple(word for before, word in zip(["", *words], words, strict=False) if word != before)


def _strip_courtesies(words: tuple[str, ...]) -> tuple[str, ...]:
    wanted = [position for position, word in enumerate(words) if word not in _POLITE]
    return words[wanted[0] : wanted[-1] + 1] if wanted else ()
