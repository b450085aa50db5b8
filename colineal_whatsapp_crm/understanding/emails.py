"""The customer's e-mail address, typed or dictated."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from .lexicon import FUNCTION_WORDS, VERBS
from .text import Text

_ADDRESS = re.compile(r"[a-z0-9](?:[a-z0-9._+-]{0,60}[a-z0-9_])?@(?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,12}")
_SIGNS = {
    **dict.fromkeys(("punto", "dot", "ponto", "."), "."),
    **dict.fromkeys(("guion", "-", "hifen", "dash", "raya"), "-"),
    **dict.fromkeys(("underscore", "subguion", "subrayado", "_", "barra", "guionbajo"), "_"),
}
_AT = frozenset(("arroba", "@", "at", "aroba", "arrova"))
#: *ana[at]gmail.com*
_BRACKETS = frozenset("()[]<>{}")
_MAIL_HOSTS = frozenset("gmail hotmail outlook yahoo icloud live msn protonmail".split())
_STOPS = (
    FUNCTION_WORDS
    | VERBS
    | frozenset(
        "correo email mail e-mail direccion electronico escribame mandeme envieme enviar mande envie gmail dicto "
        "anote apunte seria pegado junto seguido todo minusculas mayusculas".split()
    )
)
_DENIED = re.compile(r" (?:no es|no era|no|not|ya no uso|no uso|en vez de|era) $")


@dataclass(frozen=True, slots=True)
class FoundEmail:
    email: str
    first: int
    last: int
    sure: float


def find_email(text: Text, store_domains: Collection[str]) -> FoundEmail | None:
    """The last address that is not the shop's own and that the customer does not take back."""
    found: FoundEmail | None = None
    for at, token in enumerate(text.tokens):
        if token.kind == "email":
            candidate = _typed(text, at)
        elif token.norm in _AT:
            candidate = _dictated(text, at)
        else:
            continue
        if candidate is None or _DENIED.search(text.words(max(0, candidate.first - 4), candidate.first)):
            continue
        domain = candidate.email.rpartition("@")[2]
        if any(domain == own or domain.endswith("." + own) for own in store_domains):
            continue
        found = candidate
    return found


def email_tokens(text: Text, found: FoundEmail | None) -> frozenset[int]:
    """Tokens that belong to any address: nothing else is read out of them."""
    tokens = {at for at, token in enumerate(text.tokens) if token.kind in ("email", "url")}
    return frozenset(tokens | set(range(found.first, found.last) if found else ()))


def _typed(text: Text, at: int) -> FoundEmail | None:
    match = _ADDRESS.search(text.tokens[at].raw.lower())
    return FoundEmail(match.group(), at, at + 1, 0.99) if match else None


def _dictated(text: Text, at: int) -> FoundEmail | None:
    """`pedro punto lopez arroba yahoo punto com`, `ana @ gmail,com`, `luis at gmail dot com`."""
    domain, last = _host(text, at + 1)
    if not domain:
        return None
    local, first = _local(text, at - 1 - (at > 0 and text.norms[at - 1] in _BRACKETS))
    address = f"{local}@{domain}"
    if not local or not _ADDRESS.fullmatch(address):
        return None
    return FoundEmail(address, first, last, 0.95)


def _host(text: Text, at: int) -> tuple[str, int]:
    at += at < len(text) and text.norms[at] in _BRACKETS
    host, last = "", at
    pending = ""
    while last < len(text) and last - at < 12:
        token = text.tokens[last]
        sign = "." if token.norm == "," and host in _MAIL_HOSTS else _SIGNS.get(token.norm)
        if sign and host:
            if pending:
                break
            pending = sign
        elif token.kind in ("word", "number") and (not host or pending) and token.raw.isascii():
            host += pending + token.raw.lower()
            pending = ""
        else:
            break
        last += 1
    if pending:
        last -= 1
    if host in _MAIL_HOSTS:
        host += ".com"
    return (host, last) if re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,12}", host) else ("", at)


def _local(text: Text, at: int) -> tuple[str, int]:
    parts: list[str] = []
    joined = True
    first, words = at, 0
    while first >= 0 and at - first < 12:
        token = text.tokens[first]
        sign = _SIGNS.get(token.norm)
        # *ana m o r a*: a letter before a letter is spelled out.
        spelled = bool(parts) and len(token.raw) == len(parts[-1]) == 1 and parts[-1].isalpha()
        if token.norm in ("bajo", "abajo") and first and text.norms[first - 1] in ("guion", "raya"):
            parts.append("_")
            first, joined = first - 1, True
        elif sign and parts and not (token.norm == "." and token.end != text.tokens[first + 1].start):
            parts.append(sign)
            joined = True
        elif (
            token.kind in ("word", "number")
            and token.raw.isascii()
            and (joined or spelled or (token.norm not in _STOPS and words < 4))
        ):
            parts.append(token.raw.lower())
            words += len(token.raw) > 1
            joined = False
        else:
            break
        first -= 1
    return "".join(reversed(parts)).strip(".-_"), first + 1
