"""Calls to others, many at once, while the caller's own thread does everything that touches the database."""

import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import NamedTuple


class _Call(NamedTuple):
    lane: str
    owner: object
    then: object
    deadline: float


#: What follows so many calls is run before the caller may begin new ones in their place.
_AT_ONCE = 4
#: The share of a lane that is left for others when one owner has all that it may have.
_RESERVE = 4


class Calls:
    """Calls under way, bounded for each lane of its own. A context manager; false when nothing is under way."""

    def __init__(self, on_error=None, **limits):
        """
        limits
            how many calls of one owner may be under way at once, by lane; those of all owners may be a few more, so that
            one whose calls hang leaves room for the others.
        on_error
            what follows when what should follow a call fails: a function of lane and exception; raised by default.
        """
        self._limits = limits
        self._totals = {lane: limit + max(limit // _RESERVE, 1) for lane, limit in limits.items()}
        self._on_error = on_error
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
        return max(self._totals[lane] - len(self._get_owners(lane)), 0)

    def get_rooms(self, lane):
        """{owner: how many more of its calls may begin in a lane}; None: of each owner that is not named."""
        owners, limit = self._get_owners(lane), self._limits[lane]
        return {**{owner: max(limit - owners.count(owner), 0) for owner in set(owners)}, None: limit}

    def _get_owners(self, lane):
        self._abandoned = {future: call for future, call in self._abandoned.items() if not future.done()}
        return [call.owner for call in (*self._calls.values(), *self._abandoned.values()) if call.lane == lane]

    def submit(self, lane, call, then, seconds=None, owner=None):
        """Begin `call()` in a thread; `then(result)` follows in the caller's thread, from `finish`.

        seconds
            how long to wait for it, forever by default.
        owner
            whose call it is, see `get_rooms`.

        `result` is a function: it gives what the call returned, raises what it raised, or `TimeoutError` when it is
        not done in time.
        """
        # Threads do not survive a fork and cost memory: they begin with the first call.
        self._pool = self._pool or ThreadPoolExecutor(sum(self._totals.values()), thread_name_prefix="whatsapp.call")
        deadline = float("inf") if seconds is None else time.monotonic() + seconds
        self._calls[self._pool.submit(call)] = _Call(lane, owner, then, deadline)

    def finish(self, seconds=0):
        """Wait at most `seconds` for calls to end, and run what follows the first of them. Returns how many those were."""
        if not self._calls:
            return 0
        wait(self._calls, timeout=seconds, return_when=FIRST_COMPLETED)
        now = time.monotonic()
        ended = [future for future, call in self._calls.items() if future.done() or call.deadline <= now][:_AT_ONCE]
        for future in ended:
            call = self._calls.pop(future)
            result = future.result
            if not future.done():
                self._abandoned[future] = call
                result = _raise_timeout
            try:
                call.then(result)
            except Exception as error:
                # What follows one call says nothing of the others under way.
                if not self._on_error:
                    raise
                self._on_error(call.lane, error)
        return len(ended)


def _raise_timeout():
    raise TimeoutError
