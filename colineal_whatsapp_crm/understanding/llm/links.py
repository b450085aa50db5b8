"""Links, addresses and handles in a text, however they are written."""

import re
from functools import cache

#: What else people take for the point of a host name.
_POINTS = str.maketrans(dict.fromkeys("。｡．․‧·•∙", "."))
_TOKEN = re.compile(r"[^\s<>()\[\]{}\"“”«»,;!?¿¡|]+")
#: A label behind a point that something stands before.
_LABEL = re.compile(r"(?<=\w)\.(xn--[a-z0-9-]{2,59}|[^\W\d_]{2,24})(?![\w-])")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{1,20}:/|^(?:mailto|tel|sms|whatsapp|callto|intent):|^www\.")
_NUMERIC = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
#: *evil . com*, *evil punto com*, *evil (dot) xyz*: of endings that are words as well, only these.
_APART = re.compile(
    r"(?:\s\.\s?|\.\s{1,3}|\W(?:punto|dot|ponto)\W{1,3}|\W\W?\.\W{1,2})"
    r"(?:com|net|org|info|biz|xyz|app|dev|shop|store|online|site|top|club|link|click|live|ec|io|ly|gl|ru|cn|tk)(?![\w-])"
)


@cache
def _endings() -> "object":
    # Reading the list takes a tenth of a second, which a process that words no reply need not pay.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(accept_unknown=False)


@cache
def _is_ending(label: str) -> bool:
    """Whether host names end with it: https://publicsuffix.org, as it comes with the package."""
    return _endings().publicsuffix(f"x.{label}") is not None


def find_links(text: str) -> set[str]:
    """The links, addresses, e-mail addresses and handles in a folded text, without what makes no difference."""
    text = text.translate(_POINTS)
    links = {_bare(token) for token in _TOKEN.findall(text) if _leads_somewhere(token)}
    return links | {" ".join(found.group().split()) for found in _APART.finditer(text)}


def hosts_of(links: set[str]) -> set[str]:
    """The hosts of links, which may be said without what follows."""
    return {re.split(r"[/?#:]", link, maxsplit=1)[0] for link in links}


def _leads_somewhere(token: str) -> bool:
    if "@" in token or _SCHEME.search(token) or _NUMERIC.search(token):
        return True
    return any(_is_ending(label) for label in _LABEL.findall(token))


def _bare(token: str) -> str:
    return token.strip(".:'’*_~`").removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
