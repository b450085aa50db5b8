"""Text as WhatsApp formats it, to and from HTML. https://faq.whatsapp.com/539178204879377"""
# Lines and marks go by runs of neighbours, which Odoo's own `groupby` does not make.
# pylint: disable=bad-builtin-groupby

import re
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import urlsplit

from lxml import html as lxml_html
from markupsafe import Markup, escape

# From the outside in: inside code, WhatsApp shows other marks as they are.
_CODE, _BOLD, _ITALIC, _STRUCK = "`", "*", "_", "~"
_MARKS = (_CODE, _BOLD, _ITALIC, _STRUCK)
_MARK_OF_TAG = {
    **dict.fromkeys(("code", "kbd", "samp", "tt"), _CODE),
    **dict.fromkeys(("b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"), _BOLD),
    **dict.fromkeys(("i", "em", "cite"), _ITALIC),
    **dict.fromkeys(("s", "del", "strike"), _STRUCK),
}
_BLOCKS = frozenset(
    "address article aside blockquote dd div dl dt fieldset figure figcaption footer form h1 h2 h3 h4 h5 h6 header hr"
    " li main nav ol p pre section table tbody tfoot thead tr ul".split()
)
_UNSEEN = frozenset(("head", "script", "style", "template", "title"))
_FENCE = "```"
#: Of a quote in what `from_whatsapp` returns: Discuss hides what stands in a `blockquote`, as mails end with them.
QUOTE_CLASS = "o-whatsapp-quote"
#: Deeper elements are read as words only.
_DEEPEST = 100
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass
class _Line:
    """One line of a message: what stands before it, and its runs of (text, marks)."""

    prefix: str = ""
    runs: list = field(default_factory=list)
    is_verbatim: bool = False


class _Writer:
    """Collects the lines of an HTML document."""

    def __init__(self):
        self.lines = [_Line()]
        self.quoted = False
        self.indent = ""
        self.bullet = ""
        #: The next number of each numbered list.
        self.numbers = {}
        self.in_fence = False

    def begin_line(self, always=False):
        if self.lines[-1].runs or self.lines[-1].is_verbatim or always:
            self.lines.append(_Line())

    def add(self, text, marks):
        if not text:
            return
        line = self.lines[-1]
        if not line.runs:
            if not self.in_fence and not text.strip():
                return
            line.prefix = ("> " if self.quoted else "") + self.indent + self.bullet
            # What follows in the same item stands under its first word.
            self.indent, self.bullet = self.indent + " " * len(self.bullet), ""
            text = text if self.in_fence else text.lstrip()
        line.runs.append((text, marks))


def to_whatsapp(html):
    """HTML of Discuss's composer as WhatsApp's plain text.

    *bold* (headings, too), _italic_, ~struck~, `code`, ```blocks of code```, "- " and "1. " before the items of lists,
    "> " before quotes; a link is followed by its address, unless it is that.
    """
    html = _NO_XML.sub("", str(html or "").encode("utf-8", "ignore").decode())
    if not html.strip():
        return ""
    writer = _Writer()
    _walk(lxml_html.fragment_fromstring(html, create_parent="div"), frozenset(), writer, 0)
    lines = [line.prefix + _write_runs(line.runs, line.is_verbatim) for line in writer.lines]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def _walk(element, marks, writer, depth):
    """Write an element and all in it; the text after it is its parent's."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if not tag or tag in _UNSEEN:
        return
    if depth > _DEEPEST:
        writer.add(_collapse(" ".join(element.itertext())), marks)
        return
    if tag == "br":
        writer.begin_line(always=True)
        return
    if tag == "pre" and not writer.in_fence:
        _walk_fence(element, writer)
        return
    is_block = tag in _BLOCKS
    if is_block:
        writer.begin_line()
    if mark := _MARK_OF_TAG.get(tag):
        marks |= {mark}
    is_quote = tag == "blockquote" or QUOTE_CLASS in element.get("class", "").split()
    before = writer.quoted, writer.indent, writer.bullet
    if is_quote:
        writer.quoted = True
    if tag == "li":
        writer.bullet = _get_bullet(element, writer.numbers)
    elif tag in ("ul", "ol") and element.getparent() is not None and element.getparent().tag in ("ul", "ol"):
        writer.indent += "  "
    writer.add(_collapse(element.text), marks)
    for child in element:
        if child.tag in ("td", "th") and writer.lines[-1].runs:
            writer.add(" | ", frozenset())
        _walk(child, marks, writer, depth + 1)
        writer.add(_collapse(child.tail), marks)
    if address := tag == "a" and _get_address(element):
        writer.add(f": {address}", frozenset())
    if is_block:
        writer.begin_line()
    if is_quote or tag in ("li", "ol", "ul"):
        writer.quoted, writer.indent, writer.bullet = before


def _walk_fence(element, writer):
    """A block of code: its lines stay as they are, between two fences."""
    text = "".join(element.itertext()).strip("\n")
    if not text.strip():
        return
    writer.begin_line()
    for number, part in enumerate(f"{_FENCE}{text.replace(_FENCE, '')}{_FENCE}".split("\n")):
        if number:
            writer.begin_line(always=True)
        writer.lines[-1].is_verbatim = True
        writer.lines[-1].runs.append((part, frozenset()))
    writer.begin_line(always=True)


def _collapse(text):
    return re.sub(r"\s+", " ", (text or "").replace("\xa0", " ").replace("\u200b", ""))


def _get_bullet(item, numbers):
    """What stands before an item; `numbers` has the next one of each list, and is moved on."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return "- "
    start = parent.get("start", "")
    number = numbers.get(parent) or (int(start) if re.fullmatch(r"[0-9]{1,6}", start) else 1)
    numbers[parent] = number + 1
    return f"{number}. "


def _get_address(link):
    """Where a link leads, when its words do not say so."""
    address, words = (link.get("href") or "").strip(), _collapse("".join(link.itertext())).strip()
    scheme = urlsplit(address).scheme if "://" in address else address.partition(":")[0].lower()
    if scheme in ("mailto", "tel"):
        address = address.partition(":")[2].partition("?")[0]
        return address if _bare(address) not in _bare(words) else ""
    if scheme not in ("http", "https"):
        return ""
    return address if _bare(words) != _bare(address) else ""


def _bare(address):
    return re.sub(r"^https?://(www\.)?|[\s()-]|/$", "", address.lower())


def _write_runs(runs, is_verbatim):
    """One line's runs with their marks around them."""
    if is_verbatim:
        return "".join(text for text, _marks in runs)
    return _write(runs, _MARKS)


def _write(runs, marks):
    if not marks:
        return "".join(text for text, _marks in runs)
    mark, *inner = marks
    parts = []
    for is_marked, group in groupby(runs, key=lambda run: mark in run[1]):
        parts.append((is_marked, _write(list(group), () if is_marked and mark == _CODE else inner)))
    written = ""
    for number, (is_marked, text) in enumerate(parts):
        after = parts[number + 1][1][:1] if number + 1 < len(parts) else ""
        written += _mark(text, mark, written[-1:], after) if is_marked else text
    return written


def _mark(text, mark, before, after):
    """Words between marks. WhatsApp takes these for marks at the edge of words only; elsewhere they would be shown."""
    words = text.strip()
    if not words or mark in words:
        return text
    start = text[: len(text) - len(text.lstrip())]
    end = text[len(text.rstrip()) :]
    if (not start and _is_word(before)) or (not end and _is_word(after)):
        return text
    return f"{start}{mark}{words}{mark}{end}"


def _is_word(character):
    return character.isalnum()


# Each sign looks no further than the next of its kind, so that a text of signs alone costs no more than one of words.
_SPANS = {
    _BOLD: re.compile(r"(?<![^\W_])(?<!\*)\*(?![\s*])([^*\n]+)(?<!\s)\*(?![^\W_])(?!\*)"),
    _ITALIC: re.compile(r"(?<![^\W_])(?<!_)_(?![\s_])([^_\n]+)(?<!\s)_(?![^\W_])(?!_)"),
    _STRUCK: re.compile(r"(?<![^\W_])(?<!~)~(?![\s~])([^~\n]+)(?<!\s)~(?![^\W_])(?!~)"),
}
_TAG_OF_SIGN = {_BOLD: "strong", _ITALIC: "em", _STRUCK: "s"}
_INLINE_CODE = re.compile(r"`([^`\n]+)`")
_URL = re.compile(r"https?://[^\s<>\"'`\ue000\ue001]+", re.IGNORECASE)
_AFTER_URL = ".,;:!?)]}*_~"
_ITEM = re.compile(r"(?:[-*•]|([0-9]{1,3})[.)])[ \t]+(?=\S)")
_KEPT = re.compile("\ue000([0-9]+)\ue001")


def from_whatsapp(text):
    """What somebody wrote on WhatsApp as safe HTML that looks as it does there; addresses are links.

    Nothing of the text is lost but the marks that are read; all of it is escaped.
    """
    kept = []

    def keep(html):
        """A place in the text for what is finished: no marks are looked for in it."""
        kept.append(_restore(html, kept))
        return f"\ue000{len(kept) - 1}\ue001"

    text = re.sub("[\ue000\ue001]", "", str(text or "")).replace("\r\n", "\n").strip("\n")
    if not text.strip():
        return Markup("")
    text = _keep_fences(text, keep)
    if "`" in text:
        text = _INLINE_CODE.sub(lambda found: keep(Markup("<code>%s</code>") % found.group(1)), text)
    if "://" in text:
        text = _URL.sub(lambda found: _keep_url(found.group(), keep), text)
    blocks = []
    for is_quote, group in groupby(text.split("\n"), key=lambda line: line.startswith("> ")):
        if is_quote:
            quoted = _format_lines([line[2:] for line in group])
            blocks.append(f'<div class="{QUOTE_CLASS}">{quoted}</div>')
        else:
            blocks.append(_format_lines(list(group)))
    return Markup(_restore("".join(blocks), kept))  # noqa: S704 (all words in it are escaped)


def _restore(html, kept):
    return _KEPT.sub(lambda found: str(kept[int(found.group(1))]), str(html))


def _keep_fences(text, keep):
    """Keep what stands between two fences; one that is not closed is text like any other."""
    parts = text.split(_FENCE)
    written = parts[0]
    for number in range(1, len(parts)):
        is_code = number % 2 and number + 1 < len(parts) and parts[number].strip()
        if is_code:
            lines = parts[number].strip("\n").split("\n")
            written += keep(Markup("<code>%s</code>") % Markup("<br/>").join(map(escape, lines)))
        elif number % 2:
            written += _FENCE + parts[number] + (_FENCE if number + 1 < len(parts) else "")
        else:
            written += parts[number]
    return written


def _keep_url(text, keep):
    url = text.rstrip(_AFTER_URL)
    link = Markup('<a href="%s" target="_blank" rel="noreferrer noopener">%s</a>') % (url, url)
    return keep(link) + text[len(url) :]


def _format_lines(lines):
    """Paragraphs and lists of these lines."""
    parts = []
    for tag, group in groupby(lines, key=_get_list_tag):
        group = list(group)
        if not tag:
            parts.append(f"<p>{'<br/>'.join(map(_format_line, group))}</p>")
            continue
        items = "".join(f"<li>{_format_line(line[_ITEM.match(line).end() :])}</li>" for line in group)
        start = int(_ITEM.match(group[0]).group(1) or 1)
        parts.append(f'<{tag} start="{start}">{items}</{tag}>' if start != 1 else f"<{tag}>{items}</{tag}>")
    return "".join(parts)


def _get_list_tag(line):
    item = _ITEM.match(line)
    if not item:
        return ""
    return "ol" if item.group(1) else "ul"


def _format_line(line):
    return _format_spans(str(escape(line)), _BOLD + _ITALIC + _STRUCK)


def _format_spans(text, signs):
    """Escaped words with these marks read; one that is open already is not read inside itself."""
    written, position = [], 0
    ahead = {sign: _SPANS[sign].search(text) for sign in signs if sign in text}
    while any(ahead.values()):
        sign, found = min(((sign, found) for sign, found in ahead.items() if found), key=lambda each: each[1].start())
        inner = _format_spans(found.group(1), signs.replace(sign, ""))
        tag = _TAG_OF_SIGN[sign]
        written += [text[position : found.start()], f"<{tag}>{inner}</{tag}>"]
        position = found.end()
        for sign, found in ahead.items():
            if found and found.start() < position:
                ahead[sign] = _SPANS[sign].search(text, position)
    return "".join([*written, text[position:]])
