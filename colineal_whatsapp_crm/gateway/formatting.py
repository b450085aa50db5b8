"""Text as WhatsApp formats it. https://faq.whatsapp.com/539178204879377"""

import re

from odoo.tools import html2plaintext

_MARKS = {"i": "_", "em": "_", "s": "~", "del": "~", "strike": "~", "code": "`", "pre": "```"}
_TAG = re.compile(rf"</?({'|'.join(_MARKS)})\b[^<>]*>", re.IGNORECASE)


def to_whatsapp(html):
    """HTML of Discuss's composer as WhatsApp's plain text: *bold*, _italic_, ~struck~, links by their address."""
    marked = _TAG.sub(lambda tag: _MARKS[tag.group(1).lower()], str(html or ""))
    return html2plaintext(marked, include_references=False).strip()
