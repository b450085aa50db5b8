"""How many requests one caller of the HTTP API may make in a minute: counted in Redis, or in this process."""

import logging
import threading
import time
from collections import OrderedDict

from . import ephemeral
from .server_settings import get_setting

_logger = logging.getLogger(__name__)

LIMIT_VARIABLE = "API_RATE_LIMIT"
DEFAULT_LIMIT = 300
SECONDS = 60
#: So many callers are told apart in memory; beyond, those that were quiet longest begin anew.
MOST_CALLERS = 10_000


class _Counters:
    """Counts within the current minute. Safe in threads."""

    def __init__(self):
        self._lock = threading.Lock()
        self._counts = OrderedDict()

    def count(self, caller):
        """One more: how many those are in this minute, and the seconds until it is over."""
        window, passed = divmod(time.time(), SECONDS)
        with self._lock:
            begun, count = self._counts.pop(caller, (window, 0))
            count = count + 1 if begun == window else 1
            self._counts[caller] = window, count
            if len(self._counts) > MOST_CALLERS:
                self._counts.popitem(last=False)
        return count, SECONDS - passed


_counters = _Counters()


def get_limit():
    """Requests a minute; 0 for no limit."""
    text = get_setting(LIMIT_VARIABLE)
    if text is None:
        return DEFAULT_LIMIT
    try:
        return max(int(text), 0)
    except ValueError:
        _logger.warning("%s is no number; %s is taken", LIMIT_VARIABLE, DEFAULT_LIMIT)
        return DEFAULT_LIMIT


def count_request(dbname, caller):
    """Note a request. Returns the whole seconds to wait when it is one too many, otherwise 0."""
    limit = get_limit()
    if not limit:
        return 0
    count, rest = ephemeral.count_request(dbname, caller, SECONDS) or _counters.count((dbname, caller))
    return max(int(rest), 1) if count > limit else 0
