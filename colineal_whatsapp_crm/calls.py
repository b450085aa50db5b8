"""Calls to others, many at once, while the caller's own thread does everything that touches the database."""

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait


class Calls:
    """A bounded set of calls under way. Use it as a context manager; false when nothing is under way."""

    def __init__(self, limit):
        self.limit = limit
        self._pool = None
        self._then = {}

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def __len__(self):
        return len(self._then)

    @property
    def free(self):
        """How many more calls may begin."""
        return self.limit - len(self._then)

    def submit(self, call, then):
        """Begin `call()` in a thread; `then(result)` follows in the caller's thread, from `finish`.

        `result` is a function: it gives what the call returned or raises what it raised.
        """
        # Threads do not survive a fork and cost memory: they begin with the first call.
        self._pool = self._pool or ThreadPoolExecutor(self.limit, thread_name_prefix="whatsapp.call")
        self._then[self._pool.submit(call)] = then

    def finish(self, seconds=0):
        """Wait at most `seconds` for calls to end, and run what follows those that have. Returns how many had."""
        if not self._then:
            return 0
        done, _pending = wait(self._then, timeout=seconds, return_when=FIRST_COMPLETED)
        for future in done:
            self._then.pop(future)(future.result)
        return len(done)
