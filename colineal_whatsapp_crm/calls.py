"""Calls to others, many at once, while the caller's own thread does everything that touches the database."""

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

#: What follows so many calls is run before the caller may begin new ones in their place.
_AT_ONCE = 4


class Calls:
    """Calls under way, bounded for each lane of its own. A context manager; false when nothing is under way."""

    def __init__(self, **limits):
        """`limits`: how many calls may be under way at once, by lane."""
        self._limits = limits
        self._pool = None
        self._then = {}

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def __len__(self):
        return len(self._then)

    def free(self, lane):
        """How many more calls may begin in a lane."""
        return self._limits[lane] - sum(used == lane for used, _then in self._then.values())

    def submit(self, lane, call, then):
        """Begin `call()` in a thread; `then(result)` follows in the caller's thread, from `finish`.

        `result` is a function: it gives what the call returned or raises what it raised.
        """
        # Threads do not survive a fork and cost memory: they begin with the first call.
        self._pool = self._pool or ThreadPoolExecutor(sum(self._limits.values()), thread_name_prefix="whatsapp.call")
        self._then[self._pool.submit(call)] = lane, then

    def finish(self, seconds=0):
        """Wait at most `seconds` for calls to end, and run what follows the first of them. Returns how many those were."""
        if not self._then:
            return 0
        done, _pending = wait(self._then, timeout=seconds, return_when=FIRST_COMPLETED)
        following = list(done)[:_AT_ONCE]
        for future in following:
            _lane, then = self._then.pop(future)
            then(future.result)
        return len(following)
