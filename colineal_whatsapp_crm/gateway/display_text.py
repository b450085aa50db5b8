"""Texts from outside, fit to be shown: names that strangers choose for themselves."""

import re
import unicodedata

#: Longer names are nobody's, and take the place of everything beside them.
MOST_CHARACTERS = 100

# What turns the direction of the words that follow, or is not to be seen at all. A joiner between two emoji and what
# chooses their colour make one picture, so those stay: see `clean`.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
_LOOSE_JOINER = re.compile(
    "(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d|\u200d(?![\u2190-\u2bff\U0001f000-\U0001faff])"
)
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
#: More signs on one letter than any language has run over the lines around it.
_PILED_MARKS = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]{3})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]+"
)


def clean(text, most=MOST_CHARACTERS):
    """A name or other short text from outside as one line of visible characters, at most so many of them.

    Nothing is left that changes the direction of what is shown beside it, hides a part or breaks the line. ``""`` where
    nothing is to be seen.
    """
    # What is far too long is cut before anything looks at it closely.
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", str(text or "")[: 20 * most]))
    text = _PILED_MARKS.sub(r"\1", _LOOSE_JOINER.sub("", text))
    text = _SPACE.sub(" ", text).strip()
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
