"""Short transactions of the worker's jobs, several of which may want the same rows at once."""

import random
import time

import psycopg2

#: Another transaction was first. What this one did is rolled back, and may be done again on what the other left.
RACES = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.LockNotAvailable,
)

#: The same row written twice at the same moment, which another try finds; or one that is there for good and only hides
#: from the code that looks for it, which no number of tries will change. Hence a race a few times, then an error.
LOST_RACE = (*RACES, psycopg2.errors.UniqueViolation)

#: How often a lost race is run again at once.
TRIES = 3
#: Seconds before the second try, twice as many before each further one; about, or two would meet again.
_PAUSE = 0.01


def commit(env, step, *args, tries=TRIES):
    """`step(*args)` in a transaction of its own, committed; returns what it gives.

    After a lost race it is done again, `tries` times in all; then one of `LOST_RACE` is raised, as anything else is at
    once. Nothing is rolled back for those others: the caller knows what to keep.
    """
    pause = _PAUSE
    while True:
        tries -= 1
        try:
            result = step(*args)
            # pylint: disable-next=invalid-commit
            env.cr.commit()
            return result
        except LOST_RACE:
            env.cr.rollback()
            if tries < 1:
                raise
            time.sleep(pause * random.uniform(0.5, 1.5))
            pause *= 2


class Backoff:
    """When what failed may be tried again: later after each failure in a row, in the memory of this process."""

    def __init__(self, longest=60, clock=time.monotonic):
        """`longest`: seconds between two tries at most."""
        self._longest, self._clock = longest, clock
        self._failures = {}  # key → (how many in a row, when the next try is)

    def is_due(self, key):
        return self._failures.get(key, (0, 0))[1] <= self._clock()

    def note_failure(self, key, first=1):
        """Count a failure; returns how many there were in a row. `first`: seconds until the try after the first one."""
        count = self._failures.get(key, (0, 0))[0] + 1
        # Not `2**count`, which has no end.
        self._failures[key] = count, self._clock() + min(first * 2 ** min(count - 1, 30), self._longest)
        return count

    def reset(self):
        """Nothing has failed: all may be tried at once."""
        self._failures.clear()

    def note_success(self, key):
        """Begin anew; returns how many failures in a row this ends."""
        return self._failures.pop(key, (0, 0))[0]
