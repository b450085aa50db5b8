"""How often something may happen, by the library `limits`: fixed windows that begin with the first time.

Counted in Redis, for all processes together, or in this process where Redis is not configured or does not answer. What
one process alone has to know (refusals, lines of the log) is counted in its memory.
https://limits.readthedocs.io/en/stable/strategies.html
"""

import logging
import threading
import time
from collections import OrderedDict
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

import redis
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter

from . import redis_cache
from .settings import get_setting

_logger = logging.getLogger(__name__)

#: Requests a minute that one caller of the HTTP API may make: the setting, and what counts without it.
API_VARIABLE = "API_RATE_LIMIT"
API_DEFAULT = 300
#: No person writes more messages in a minute.
MESSAGES_A_MINUTE = 300
#: Names that a process counts at once; a flood from more of them pushes the oldest out.
_MOST_NAMES = 10_000


class BoundedMemoryStorage(Storage):
    """Counts of this process, in a memory that does not grow with the number of those who come.

    The library's own keeps every name until its window ends and walks through all of them a hundred times a second: a
    flood of 200,000 addresses took 64 MB there and 13 times as long.
    """

    def __init__(self, most=_MOST_NAMES, clock=time.monotonic):
        super().__init__()
        self._most, self._clock = most, clock
        self._counts = OrderedDict()  # key → (end of its window, count), in the order of their beginnings
        self._lock = threading.Lock()

    def __len__(self):
        return len(self._counts)

    @property
    def base_exceptions(self):
        return ()

    def incr(self, key, expiry, amount=1):
        now = self._clock()
        with self._lock:
            end, count = self._counts.get(key, (now, 0))
            if end <= now:
                self._counts.pop(key, None)
                end, count = now + expiry, 0
            self._counts[key] = end, count + amount
            if len(self._counts) > self._most:
                self._counts.popitem(last=False)
            return count + amount

    def get(self, key):
        return self._get(key)[1]

    def get_expiry(self, key):
        """When the window ends, by the clock on the wall, as the library wants it."""
        return time.time() + max(self._get(key)[0] - self._clock(), 0)

    def check(self):
        return True

    def clear(self, key):
        with self._lock:
            self._counts.pop(key, None)

    def reset(self):
        with self._lock:
            self._counts.clear()

    def _get(self, key):
        now = self._clock()
        with self._lock:
            end, count = self._counts.get(key, (now, 0))
        return (end, count) if end > now else (now, 0)


class RedisOrMemoryStorage(Storage):
    """Counts in Redis, and while it cannot be asked in `own`, the memory of this process."""

    def __init__(self):
        super().__init__()
        self.own = BoundedMemoryStorage()

    @property
    def base_exceptions(self):
        return redis.RedisError

    def incr(self, key, expiry, amount=1):
        return self._ask("incr", key, expiry, amount)

    def get(self, key):
        return self._ask("get", key)

    def get_expiry(self, key):
        return self._ask("get_expiry", key)

    def check(self):
        return redis_cache.get_status() == "up"

    def clear(self, key):
        self._ask("clear", key)

    def reset(self):
        """Of this process only: Redis is others' as well."""
        self.own.reset()

    def _ask(self, method, *arguments):
        answer = redis_cache.attempt(lambda client: getattr(_storage_of(client), method)(*arguments))
        return getattr(self.own, method)(*arguments) if answer is None else answer


@lru_cache(maxsize=1)
def _storage_of(client):
    """The library's storage over the connections of our client, time-outs included."""
    return RedisStorage("redis://", connection_pool=client.connection_pool, key_prefix=redis_cache.PREFIX)


def in_memory():
    """A limiter of this process alone."""
    return FixedWindowRateLimiter(BoundedMemoryStorage())


_shared = RedisOrMemoryStorage()
_limiter = FixedWindowRateLimiter(_shared)


def get_api_limit():
    """Requests a minute that one caller of the HTTP API may make; 0 for no limit."""
    text = get_setting(API_VARIABLE)
    if text is None:
        return API_DEFAULT
    try:
        return max(int(text), 0)
    except ValueError:
        _logger.warning("%s is no number; %s is taken", API_VARIABLE, API_DEFAULT)
        return API_DEFAULT


def hit_api(dbname, caller):
    """Count a request to the HTTP API. Returns the whole seconds to wait when it is one too many, otherwise 0."""
    most = get_api_limit()
    if not most:
        return 0
    limit = RateLimitItemPerMinute(most, namespace=f"{dbname}:api")
    if _limiter.hit(limit, caller):
        return 0
    rest = _limiter.get_window_stats(limit, caller).reset_time - time.time()
    return min(max(int(rest), 1), limit.get_expiry())


def hit_message(dbname, sender_id, address):
    """Count a new message of a customer."""
    _limiter.hit(_messages_of(dbname), sender_id, address)


def may_write(dbname, sender_id, address):
    """Whether a customer has written no more within a minute than a person can."""
    return _limiter.test(_messages_of(dbname), sender_id, address)


def count_messages(dbname, sender_id, address):
    """How many messages a customer sent in about the last minute."""
    return _shared.get(_messages_of(dbname).key_for(sender_id, address))


def hit_typing(dbname, message_id, seconds):
    """Count that a customer is shown that their message is being answered. Returns whether it is the first time in a while."""
    return _limiter.hit(RateLimitItemPerSecond(1, seconds, namespace=f"{dbname}:typing"), str(message_id))


def _messages_of(dbname):
    return RateLimitItemPerMinute(MESSAGES_A_MINUTE, namespace=f"{dbname}:rate")


class LogThrottle:
    """Lets the first of a kind be logged, and from then on one each `seconds`, with how many were left out before it.

    Kinds are kept for good, so there must be few of them: none may come from a request.
    """

    def __init__(self, seconds, clock=time.monotonic):
        self._seconds, self._clock = seconds, clock
        self._logged = {}  # kind → (when, left out since)
        self._lock = threading.Lock()

    def hit(self, kind):
        """How many were left out since the last that was logged; None: this one is to be left out too."""
        now = self._clock()
        with self._lock:
            when, left_out = self._logged.get(kind, (now - self._seconds, 0))
            due = now - when >= self._seconds
            self._logged[kind] = (now, 0) if due else (when, left_out + 1)
        return left_out if due else None

    def reset(self):
        with self._lock:
            self._logged.clear()


def network_of(address):
    """Whom an IP address belongs to: itself, or the network of 2⁶⁴ addresses that one customer of IPv6 has."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address) and not parsed.ipv4_mapped:
        return str(int(parsed) >> 64)
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
