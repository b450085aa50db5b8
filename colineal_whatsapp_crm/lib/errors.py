"""What went wrong, in words that name nobody: the one place that makes texts of exceptions, for logs and for people.

PostgreSQL quotes whole rows, Twilio repeats numbers, and others' checks name the customer they stumble over.
"""

import logging
import os
import re
import traceback

import psycopg2

from .text import storable

#: Longer words of an error tell nothing more, and may be a page.
_LONGEST = 500
#: Frames of a traceback that are kept, the innermost.
_FRAMES = 30

#: What PostgreSQL adds to an error: the row, the value, the statement. All of it comes after the error itself.
_ADDED = re.compile(r"\n?(?:DETAIL|HINT|CONTEXT|QUERY|STATEMENT|LINE \d{1,6}):.*", re.DOTALL)
#: A value that PostgreSQL could not read: ``invalid input syntax for type json: "…"``.
_VALUE = re.compile(r": \".*", re.DOTALL)
#: Bounded repetitions: these see whatever anybody sends.
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,255}")
_NUMBER = re.compile(r"\+?\d(?:[ \-().]{0,2}\d){6,19}")
#: What WhatsApp calls somebody whose number it does not show: a country, and many letters and digits.
_SCOPED_ID = re.compile(r"\b[A-Za-z]{2}\.(?:ENT\.)?(?=[A-Za-z]{0,128}\d)[A-Za-z0-9]{6,256}")
_MASK = "…"

#: Shorter names are parts of other words.
_SHORTEST_NAME = 3

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


def scrub(text, known=()):
    """A text without e-mail addresses, numbers that could be called, and what is known of a customer.

    known
        names, words and addresses that must not be told; parts of names count as well.
    """
    # Names last: they may be parts of addresses.
    text = _EMAIL.sub(_MASK, storable(str(text)[: _LONGEST * 4]))
    text = _NUMBER.sub(_MASK, _SCOPED_ID.sub(_MASK, text))
    for name in sorted(_get_forms(known), key=len, reverse=True):
        text = re.sub(re.escape(name), _MASK, text, flags=re.IGNORECASE)
    return text


def _get_forms(known):
    """What is known, line by line and word by word where it is short enough to be a name."""
    forms = set()
    for text in filter(None, known):
        for line in str(text).splitlines():
            line = line.strip()
            words = line.split()
            forms.add(line)
            if len(words) <= 6:
                forms.update(words)
    return {form for form in forms if len(form) >= _SHORTEST_NAME}


def tidy(text, known=()):
    """A text of others on one line, of bounded length, that PostgreSQL can hold and that names nobody."""
    return " ".join(scrub(text, known).split())[:_LONGEST]


def say(error, known=()):
    """What an exception says, on one line and without anybody's data; empty where it says nothing."""
    text = str(error)
    if isinstance(error, psycopg2.Error):
        text = _VALUE.sub(f": {_MASK}", _ADDED.sub("", text))
    return tidy(_ADDED.sub("", text), known)


def describe(error, known=()):
    """An exception by its kind and what it says: ``ValidationError: The VAT number of … is missing.``"""
    words = say(error, known)
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def format_error(error, known=()):
    """A traceback as logs have it, causes first, without what the exceptions quote."""
    parts, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = "".join(traceback.format_tb(error.__traceback__)[-_FRAMES:])
        parts.append(f"Traceback (most recent call last):\n{frames}{describe(error, known)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\nDuring or because of the above, another exception occurred:\n\n".join(reversed(parts))


def log(logger, error, message, *args, known=(), level=logging.ERROR):
    """Log an exception with its traceback, and nothing of what is known of a customer."""
    logger.log(level, f"{message}\n%s", *args, format_error(error, known))


def _tells(error):
    """Whether a traceback tells more than code: PostgreSQL quotes rows, and what we handle is about customers."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, psycopg2.Error):
            return True
        frame = error.__traceback__
        while frame:
            if frame.tb_frame.f_code.co_filename.startswith(_PACKAGE):
                return True
            frame = frame.tb_next
        error = error.__cause__ or error.__context__
    return False


def _clean(record):
    """Take out of a record what its exceptions quote, whoever logs it."""
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    if error is not None and _tells(error):
        # Formatters take this text where there is one.
        record.exc_text = format_error(error)
    if isinstance(record.args, tuple) and any(isinstance(each, BaseException) for each in record.args):
        record.args = tuple(
            say(each) if isinstance(each, BaseException) and _tells(each) else each for each in record.args
        )
    if isinstance(record.msg, BaseException) and _tells(record.msg):
        record.msg, record.args = say(record.msg).replace("%", "%%"), ()
    return record


def install():
    """Clean the exceptions in all that this process logs, by whatever logger. Once."""
    make = logging.getLogRecordFactory()
    if getattr(make, "cleans_errors", False):
        return

    def make_clean(*args, **kwargs):
        return _clean(make(*args, **kwargs))

    make_clean.cleans_errors = True
    logging.setLogRecordFactory(make_clean)
