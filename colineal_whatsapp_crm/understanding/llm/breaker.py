"""A circuit breaker: a service that keeps failing is left alone for a while, then tried with a single call."""

import threading
import time
from collections.abc import Hashable

#: Failures in a row that open it.
_FAILURES = 4
#: Seconds it stays open at first, and at most: each failed probe doubles them.
_REST, _LONGEST_REST = 20.0, 600.0


class Breaker:
    """Closed, open, or half open (one probe under way). Safe in threads.

    A call that is allowed must be followed by `note`.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._failures = 0
        self._rest = _REST
        self._open_until = 0.0
        self._probing = False

    @property
    def is_open(self) -> bool:
        return self._failures >= _FAILURES or time.monotonic() < self._open_until

    def allows(self) -> bool:
        """Whether a call may be made now. After a rest only one may, until it is known to have worked."""
        with self._lock:
            if time.monotonic() < self._open_until or self._probing:
                return False
            self._probing = self._failures >= _FAILURES
            return True

    def note(self, works: bool, retry_after: float | None = None, hopeless: bool = False) -> None:
        """What became of a call.

        retry_after
            seconds the service asked to be left alone for.
        hopeless
            more calls would fail the same way: it opens at once, for the longest rest.
        """
        with self._lock:
            self._probing = False
            if works:
                self._failures, self._rest, self._open_until = 0, _REST, 0.0
                return
            self._failures = max(self._failures + 1, _FAILURES if hopeless else 0)
            if hopeless:
                self._rest = _LONGEST_REST
            rest = min(retry_after, _LONGEST_REST) if retry_after else 0.0
            if self._failures >= _FAILURES:
                rest = max(rest, self._rest)
                self._rest = min(self._rest * 2, _LONGEST_REST)
            self._open_until = max(self._open_until, time.monotonic() + rest)


_breakers: dict[Hashable, Breaker] = {}


def get_breaker(key: Hashable) -> Breaker:
    """The breaker of this name, one a process."""
    return _breakers.setdefault(key, Breaker())
