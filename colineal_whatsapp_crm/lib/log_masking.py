"""Keeps customers' numbers and words out of the logs: of the HTTP API's paths, and of statements that fail."""

import logging
import re

#: The servers that write a line for each request: threads and workers, and the one for live updates.
_ACCESS_LOGS = ("werkzeug", "longpolling")

#: A slash as it is, and as programs write it that encode the whole path; both lead to the same endpoint.
_SLASH = r"(?:/|%2F)"
#: Where the number begins. Only at the first slash of a run: at each of them, a run would be read as often as it is long.
_BASE = re.compile(rf"(?<!/)(?<!%2F){_SLASH}+api{_SLASH}+conversation{_SLASH}+", re.IGNORECASE)
_END_OF_PATH = re.compile(r"[ \"]HTTP/")
_AFTER_NUMBER = ("/status", "/history", "/reset")


def mask_path(text):
    """``GET /api/conversation/+593…/status?sender=…`` without the number and the query.

    Anybody may ask for any path, so this takes time in proportion to its length, whatever is in it.
    """
    base = _BASE.search(text)
    if not base:
        return text
    parts, at = [], 0
    while base:
        end = _END_OF_PATH.search(text, base.end())
        stop = end.start() if end else len(text)
        path, question, _query = text[base.end() : stop].partition("?")
        last = path.removesuffix("/")[-len("/history") :].lower()
        kept = next((after for after in _AFTER_NUMBER if last.endswith(after)), "")
        parts += [text[at : base.end()], "…", kept, "?…" if question else ""]
        at, base = stop, _BASE.search(text, stop)
    return "".join((*parts, text[at:]))


#: Where Odoo writes a statement that failed, values and all: in this order, before the error.
_STATEMENT_LOG, _STATEMENT = "odoo.sql_db", "bad query"

_LITERAL = re.compile(r"'(?:[^']|'')*'")
_DETAIL = re.compile(r"DETAIL:.*")


def mask_statement(statement, error):
    """A failed statement without the values in it, and its error without the row."""
    text = statement.decode(errors="replace") if isinstance(statement, bytes) else str(statement)
    return _LITERAL.sub("'…'", text), _DETAIL.sub("DETAIL: …", str(error))


class _StatementMask(logging.Filter):
    def filter(self, record):
        is_statement = isinstance(record.msg, str) and record.msg.startswith(_STATEMENT)
        if is_statement and isinstance(record.args, tuple) and len(record.args) == 2:
            record.args = mask_statement(*record.args)
        return True


class _Mask(logging.Filter):
    def filter(self, record):
        record.msg = mask_path(record.msg) if isinstance(record.msg, str) else record.msg
        if isinstance(record.args, tuple):
            record.args = tuple(mask_path(each) if isinstance(each, str) else each for each in record.args)
        return True


_mask, _statement_mask = _Mask(), _StatementMask()


def install():
    """Mask what this process logs, once."""
    logging.getLogger(_STATEMENT_LOG).addFilter(_statement_mask)
    for name in _ACCESS_LOGS:
        logging.getLogger(name).addFilter(_mask)
