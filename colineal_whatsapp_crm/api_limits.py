"""How many requests one caller of the HTTP API may make in a minute: counted in Redis, or in this process."""

import logging

from . import ephemeral
from .floods import Counter
from .lib.settings import get_setting

_logger = logging.getLogger(__name__)

LIMIT_VARIABLE = "API_RATE_LIMIT"
DEFAULT_LIMIT = 300
SECONDS = 60

_own_counts = Counter(SECONDS)


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
    count, rest = ephemeral.count_request(dbname, caller, SECONDS) or _own_counts.add_timed((dbname, caller))
    return max(int(rest), 1) if count > limit else 0
