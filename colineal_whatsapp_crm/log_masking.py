"""Keeps customers' numbers out of the access log: the HTTP API has them in its paths."""

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


class _Mask(logging.Filter):
    def filter(self, record):
        record.msg = mask_path(record.msg) if isinstance(record.msg, str) else record.msg
        if isinstance(record.args, tuple):
            record.args = tuple(mask_path(each) if isinstance(each, str) else each for each in record.args)
        return True


_mask = _Mask()


def install():
    """Mask the paths in the access logs of this process, once."""
    for name in _ACCESS_LOGS:
        logging.getLogger(name).addFilter(_mask)
