"""Calls to others, many at once, while the caller's own thread does everything that touches the database."""

import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import NamedTuple


class _Call(NamedTuple):
    lane: str
    then: object
    deadline: float


#: What follows so many calls is run before the caller may begin new ones in their place.
_AT_ONCE = 4


class Calls:
    """Calls under way, bounded for each lane of its own. A context manager; false when nothing is under way."""

    def __init__(self, **limits):
        """`limits`: how many calls may be under way at once, by lane."""
        self._limits = limits
        self._pool = None
        self._calls = {}
        self._abandoned = {}

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def __len__(self):
        return len(self._calls)

    def free(self, lane):
        """How many more calls may begin in a lane. One that was given up takes its place until it really ends."""
        self._abandoned = {future: used for future, used in self._abandoned.items() if not future.done()}
        used = [call.lane for call in self._calls.values()] + list(self._abandoned.values())
        return self._limits[lane] - used.count(lane)

    def submit(self, lane, call, then, seconds=None):
        """Begin `call()` in a thread; `then(result)` follows in the caller's thread, from `finish`.

        seconds
            how long to wait for it, forever by default.

        `result` is a function: it gives what the call returned, raises what it raised, or `TimeoutError` when it is
        not done in time.
        """
        # Threads do not survive a fork and cost memory: they begin with the first call.
        self._pool = self._pool or ThreadPoolExecutor(sum(self._limits.values()), thread_name_prefix="whatsapp.call")
        deadline = float("inf") if seconds is None else time.monotonic() + seconds
        self._calls[self._pool.submit(call)] = _Call(lane, then, deadline)

    def finish(self, seconds=0):
        """Wait at most `seconds` for calls to end, and run what follows the first of them. Returns how many those were."""
        if not self._calls:
            return 0
        wait(self._calls, timeout=seconds, return_when=FIRST_COMPLETED)
        now = time.monotonic()
        ended = [future for future, call in self._calls.items() if future.done() or call.deadline <= now][:_AT_ONCE]
        for future in ended:
            call = self._calls.pop(future)
            if future.done():
                call.then(future.result)
            else:
                self._abandoned[future] = call.lane
                call.then(_raise_timeout)
        return len(ended)


def _raise_timeout():
    raise TimeoutError
