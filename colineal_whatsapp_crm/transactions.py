"""Short transactions of the worker's jobs, several of which may want the same rows at once."""

import psycopg2

#: Another transaction was first. What this one did is rolled back, and may be done again on what the other left.
LOST_RACE = (psycopg2.errors.SerializationFailure, psycopg2.errors.DeadlockDetected, psycopg2.errors.UniqueViolation)


def commit(env, step, *args, tries=1):
    """`step(*args)` in a transaction of its own, committed; returns what it gives.

    After a lost race it is done again, `tries` times in all; then one of `LOST_RACE` is raised, as anything else is at
    once. Nothing is rolled back for those others: the caller knows what to keep.
    """
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
