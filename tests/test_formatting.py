"""Text as WhatsApp formats it, both ways, and names fit to be shown: for any text there is."""

import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steps import count_steps

sys.path.insert(0, str(Path(__file__).parent.parent / "colineal_whatsapp_crm"))

from gateway.display_text import clean
from gateway.formatting import from_whatsapp, to_whatsapp

#: What our side writes, and what the customer gets.
OUTGOING = {
    "<p>Hola <b>Ana</b></p><p>¿qué tal?</p>": "Hola *Ana*\n¿qué tal?",
    "<i>ya</i> <s>no</s>": "_ya_ ~no~",
    "uno<br>dos &amp; tres": "uno\ndos & tres",
    "<p>a</p><p><br></p><p>b</p>": "a\n\nb",
    "a&nbsp;b": "a b",
    # lists
    "<ul><li>Sofá</li><li>Mesa</li></ul>": "- Sofá\n- Mesa",
    "<p>Tenemos:</p><ol><li>Sofá <b>gris</b></li><li>Mesa</li></ol><p>¿Cuál?</p>": (
        "Tenemos:\n1. Sofá *gris*\n2. Mesa\n¿Cuál?"
    ),
    "<ol start='3'><li>tres</li><li>cuatro</li></ol>": "3. tres\n4. cuatro",
    "<ul><li>Mesa<ul><li>roble</li><li>pino</li></ul></li><li>Silla</li></ul>": "- Mesa\n  - roble\n  - pino\n- Silla",
    "<ul><li><p>uno</p><p>más</p></li><li><p>dos</p></li></ul>": "- uno\n  más\n- dos",
    # links
    '<a href="https://shop.ec/sofa_gris">Ver el sofá</a>': "Ver el sofá: https://shop.ec/sofa_gris",
    '<a href="https://shop.ec">https://shop.ec</a>': "https://shop.ec",
    '<a href="https://www.shop.ec/">shop.ec</a>': "shop.ec",
    '<a href="mailto:ventas@shop.ec">Escríbanos</a>': "Escríbanos: ventas@shop.ec",
    '<a href="tel:+593987654321">+593 98 765 4321</a>': "+593 98 765 4321",
    '<a href="#">@Ana</a> <a href="javascript:alert(1)">x</a>': "@Ana x",
    '<b><a href="https://shop.ec/a">Aquí</a></b>': "*Aquí*: https://shop.ec/a",
    # headings, nested marks, and marks that would be seen as signs
    "<h1>Oferta</h1><p>hoy</p>": "*Oferta*\nhoy",
    "<h2>Oferta <b>de <strong>hoy</strong></b></h2>": "*Oferta de hoy*",
    "<b>a <i>b <s>c</s></i> </b>d": "*a _b ~c~_* d",
    "<b>uno<br>dos</b>": "*uno*\n*dos*",
    "<b>  </b>x": "x",
    "so<b>f</b>á": "sofá",
    "<b>2*3</b>": "2*3",
    "<strong>Precio:</strong> $500": "*Precio:* $500",
    # quotes, code, tables
    "<blockquote><p>una</p><p>dos</p></blockquote>tres": "> una\n> dos\ntres",
    "<blockquote><ul><li>a</li></ul></blockquote>": "> - a",
    "<pre>x = 1\n  y = *2*</pre>fin": "```x = 1\n  y = *2*```\nfin",
    "usa <code>*x* <b>y</b></code>": "usa `*x* y`",
    "<table><tr><th>Sofá</th><td>$500</td></tr><tr><th>Mesa</th><td>$90</td></tr></table>": "*Sofá* | $500\n*Mesa* | $90",
    "<div>" * 150 + "hondo" + "</div>" * 150: "hondo",
    # what is not to be seen
    "<style>p {}</style><script>x()</script><p>a<!-- b --></p>": "a",
    "": "",
    "<p><br></p>": "",
}

#: What customers write, and what colleagues see.
INCOMING = {
    "Hola": "<p>Hola</p>",
    "*Hola* _ya_ ~no~": "<p><strong>Hola</strong> <em>ya</em> <s>no</s></p>",
    "¡*hola*!": "<p>¡<strong>hola</strong>!</p>",
    "_*a*_ *b _c_ d*": "<p><em><strong>a</strong></em> <strong>b <em>c</em> d</strong></p>",
    "```x *1*\ny``` y `z _1_`": "<p><code>x *1*<br/>y</code> y <code>z _1_</code></p>",
    "2*3*4 a_b_c *a _b* c_": "<p>2*3*4 a_b_c <strong>a _b</strong> c_</p>",
    "* no * *no": "<ul><li>no * *no</li></ul>",
    "*a\nb* ``` **": "<p>*a<br/>b* ``` **</p>",
    "- a\n- *b*\nfin": "<ul><li>a</li><li><strong>b</strong></li></ul><p>fin</p>",
    "2. x\n3. y": '<ol start="2"><li>x</li><li>y</li></ol>',
    "> dijo\n> *eso*\nfin": '<div class="o-whatsapp-quote"><p>dijo<br/><strong>eso</strong></p></div><p>fin</p>',
    "<script>alert(1)</script>": "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "*<img src=x onerror=alert(1)>*": "<p><strong>&lt;img src=x onerror=alert(1)&gt;</strong></p>",
    "https://x.ec/a_b_c*": (
        '<p><a href="https://x.ec/a_b_c" target="_blank" rel="noreferrer noopener">https://x.ec/a_b_c</a>*</p>'
    ),
    "javascript://x https:// ": "<p>javascript://x https:// </p>",
    "": "",
}

SIGNS = st.text(st.sampled_from("*_~`>-. 1\nabá<&\"'\ue000\ue001/:hts"), max_size=60)
TAGS = {"p", "br", "strong", "em", "s", "code", "ul", "ol", "li", "div", "a"}


class Reader(HTMLParser):
    """The tags of a piece of HTML, each closed in its turn, and its words."""

    def __init__(self, html):
        super().__init__()
        self.words, self.open, self.seen = "", [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


@pytest.mark.parametrize("html", OUTGOING)
def test_what_we_write(html):
    assert to_whatsapp(html) == OUTGOING[html]


@pytest.mark.parametrize("text", INCOMING)
def test_what_customers_write(text):
    assert from_whatsapp(text) == INCOMING[text]


@given(st.one_of(SIGNS, st.text(max_size=60)))
@settings(max_examples=1000)
def test_any_text_is_safe_and_whole(text):
    reader = Reader(str(from_whatsapp(text)))
    assert {tag for tag, _attrs in reader.seen} <= TAGS
    for tag, attrs in reader.seen:
        assert attrs.keys() <= {"a": {"href", "target", "rel"}, "div": {"class"}, "ol": {"start"}}.get(tag, set())
        assert attrs.get("href", "https:").lower().startswith(("http:", "https:"))
    assert [sign for sign in text if sign.isalpha()] == [sign for sign in reader.words if sign.isalpha()]


@given(st.one_of(SIGNS, st.text(max_size=60)))
@settings(max_examples=1000)
def test_what_is_shown_would_be_sent_with_the_same_words(text):
    sent = to_whatsapp(from_whatsapp(text))
    assert [sign for sign in sent if sign.isalpha()] == [sign for sign in text if sign.isalpha()]


WORD = st.text(st.sampled_from("abcñ12"), min_size=1, max_size=5)
RUN = st.tuples(WORD, st.sampled_from(["{}", "*{}*", "_{}_", "~{}~", "`{}`", "*_{}_*", "*_~{}~_*"])).map(
    lambda run: run[1].format(run[0])
)
LINE = st.tuples(st.sampled_from(["", "- ", "> "]), st.lists(RUN, min_size=1, max_size=4)).map(
    lambda line: line[0] + " ".join(line[1])
)


@given(st.lists(LINE, min_size=1, max_size=5).map("\n".join))
@settings(max_examples=500)
def test_there_and_back(text):
    assert to_whatsapp(from_whatsapp(text)) == text


@given(st.recursive(
    st.text(max_size=8).map(lambda text: text.replace("<", "").replace("&", "")),
    lambda inner: st.tuples(
        st.sampled_from("p div b i s code ul ol li blockquote pre h1 a table tr td span".split()),
        st.lists(inner, max_size=3).map("".join),
    ).map(lambda part: "<{0}>{1}</{0}>".format(*part)),
    max_leaves=12,
))  # fmt: skip
def test_any_html_is_read(html):
    text = to_whatsapp(html)
    assert text == text.strip()
    assert "\n\n\n" not in text


@pytest.mark.parametrize(
    "sign", ["*", "* ", "*a", "*a ", "_~*", "`", "```", "``` a", "> ", "- ", "1. ", "https://", "\n"]
)
@pytest.mark.parametrize("read", [from_whatsapp, clean, lambda text: to_whatsapp(str(from_whatsapp(text)))])
def test_long_texts_of_signs_are_read(sign, read):
    """A reader that looks at each pair of signs would take 156 times as long for 12.5 times as many."""
    short, long = (count_steps(read, sign * (size // len(sign))) for size in (2_000, 25_000))
    assert long < 14 * short


def test_long_lists_are_read():
    assert to_whatsapp(f"<ol>{'<li>x</li>' * 20_000}</ol>").endswith("\n20000. x")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("María José", "María José"),
        ("  Ana \n\t Mora  ", "Ana Mora"),
        ("\u202eoiram\u202c", "oiram"),
        ("A\u2066n\u2069a\u200b\u2060\ufeff\u00ad\u200f", "Ana"),
        ("Ana\x00\x07\x1b[31m\u2028x", "Ana [31m x"),
        ("👩\u200d👧 Ana ❤\ufe0f", "👩\u200d👧 Ana ❤\ufe0f"),
        ("a\u200db", "ab"),
        ("Z" + "\u0301" * 50 + "algo", "Ź" + "\u0301" * 3 + "algo"),
        ("x" * 500, "x" * 99 + "…"),
        ("مريم", "مريم"),
        ("\u200b", ""),
        (None, ""),
        (False, ""),
    ],
)
def test_name_that_strangers_choose(text, shown):
    assert clean(text) == shown


@given(st.text(max_size=300))
def test_any_name_is_one_visible_line(text):
    shown = clean(text)
    assert len(shown) <= 100
    assert shown == clean(shown)
    assert not any(
        sign in shown for sign in "\n\r\x0b\x0c\x85\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u200b"
    )
