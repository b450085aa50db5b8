"""Counting what comes too often, in a memory that does not grow with the number of those who send it."""

import threading
import time
from collections import OrderedDict
from ipaddress import IPv6Address, ip_address

#: Names that are counted at once; a flood from more of them pushes the oldest out.
_MOST_NAMES = 10_000


class Counter:
    """How often each name came within `seconds` of its first time; then its count begins anew."""

    def __init__(self, seconds, most=_MOST_NAMES, clock=time.monotonic):
        self._seconds, self._most, self._clock = seconds, most, clock
        self._counts = OrderedDict()  # name → (begin, count), in the order of their beginnings
        self._lock = threading.Lock()

    def __len__(self):
        return len(self._counts)

    def add(self, name):
        """Count a name once more; returns its count."""
        return self.add_timed(name)[0]

    def add_timed(self, name):
        """Count a name once more; returns its count, and the seconds until that begins anew."""
        with self._lock:
            begin, count = self._get(name)
            if not count:
                self._counts.pop(name, None)
            self._counts[name] = begin, count + 1
            if len(self._counts) > self._most:
                self._counts.popitem(last=False)
            return count + 1, self._seconds - (self._clock() - begin)

    def get(self, name):
        with self._lock:
            return self._get(name)[1]

    def clear(self):
        with self._lock:
            self._counts.clear()

    def _get(self, name):
        now = self._clock()
        begin, count = self._counts.get(name, (now, 0))
        return (begin, count) if now - begin < self._seconds else (now, 0)


class Hush:
    """Lets the first of a kind be told, and from then on one each `seconds`, with how many were left out before it.

    Kinds are kept for good, so there must be few of them: none may come from a request.
    """

    def __init__(self, seconds, clock=time.monotonic):
        self._seconds, self._clock = seconds, clock
        self._told = {}  # kind → (when, left out since)
        self._lock = threading.Lock()

    def ask(self, kind):
        """How many were left out since the last that was told; None: this one is to be left out too."""
        now = self._clock()
        with self._lock:
            when, left_out = self._told.get(kind, (now - self._seconds, 0))
            due = now - when >= self._seconds
            self._told[kind] = (now, 0) if due else (when, left_out + 1)
        return left_out if due else None

    def clear(self):
        with self._lock:
            self._told.clear()


def network_of(address):
    """Whom an IP address belongs to: itself, or the network of 2⁶⁴ addresses that one customer of IPv6 has."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address) and not parsed.ipv4_mapped:
        return int(parsed) >> 64
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
