"""What went wrong, kept in English as the code has it, and said in the language of whoever reads it.

A job has no language, and what it keeps is read by colleagues of several: it marks its sentences with `mark`, imported as
``_lt`` so that Odoo's export finds them, and stores them in a `FailureText`.
"""

import re

from odoo import fields

from .error_codes import LINK, MEANINGS

#: How `delivery` begins what Twilio answered, which has a code and Twilio's own words.
_CODED = re.compile(r"Twilio error (\d{1,6}): ", re.ASCII)

#: A record as Python writes it, in what Odoo says of one that is gone: ``crm.lead(12,)``.
_RECORD = re.compile(r"\b[a-z][a-z0-9_]{0,60}(?:\.[a-z0-9_]{1,60}){1,6}\((?:[\d, ]{0,200}|<NewId[^)]{0,100})\)")


def mark(source):
    """A sentence to keep as it is: nothing is translated here."""
    return source


def explain(env, text):
    """A text that was kept, in the language of `env`: what Twilio's code means, the sentence, or its part before a colon.

    What is known to nobody, as the words of others' errors, stays as it is, but for records as Python writes them.
    """
    if not text:
        return text
    text = _RECORD.sub("…", text)
    if coded := _CODED.match(text):
        known = MEANINGS.get(int(coded[1]))
        # The code is what an administrator looks up.
        return f"{env._(known.words)} (Twilio {coded[1]})" if known else f"{text} {LINK.format(code=coded[1])}"
    said = env._(text)
    head, colon, rest = text.partition(": ")
    return f"{env._(head)}{colon}{rest}" if colon and said == text else said


class FailureText(fields.Char):
    """A `fields.Char` of a sentence that was kept by `mark`: screens and exports have it in their reader's language.

    words
        the sentences of those that are kept as a code.
    """

    words = {}

    def convert_to_read(self, value, record, use_display_name=True):
        return self._explain(record, super().convert_to_read(value, record, use_display_name))

    def convert_to_export(self, value, record):
        return self._explain(record, super().convert_to_export(value, record))

    def _explain(self, record, text):
        return explain(record.env, self.words.get(text, text))
