"""Keeps customers' numbers and words out of the logs: of the HTTP API's paths, and of statements that fail."""

import logging
import re

#: The servers that write a line for each request: threads and workers, and the one for live updates.
_ACCESS_LOGS = ("werkzeug", "longpolling")

_PATH = re.compile(
    r"(?P<base>/+api/+conversation/+).*?(?P<end>/(?:status|history|reset))?/?(?P<query>\?.*?)?(?=[ \"]HTTP/|$)", re.I
)


def mask_path(text):
    """``GET /api/conversation/+593…/status?sender=…`` without the number and the query."""
    return _PATH.sub(lambda found: f"{found['base']}…{found['end'] or ''}{'?…' if found['query'] else ''}", text)


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
