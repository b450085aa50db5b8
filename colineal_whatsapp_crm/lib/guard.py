"""Steps whose parts others' code may break: a reply must not hang on a lead, nor a message on a thread.

At first a step runs as it is, and what fails fails all of it: that costs nothing. Only then it is run again with
`CAREFUL` in the context, each part by itself; what fails then is left out, and told.
"""

import logging

from . import transactions

_logger = logging.getLogger(__name__)

#: The context key of a second try, see above.
CAREFUL = "whatsapp_careful"


def guard(records, part, step, *args, otherwise=None, lets_through=()):
    """`step(*args)`, which others' code may break: in a careful run by itself, and `otherwise(error)` when it fails.

    records
        whose context says whether this is a careful run; conversations keep what failed.
    part
        what this is, in words for people.

    lets_through
        exceptions that the caller knows what to do about.

    Returns what `step` gives, or what `otherwise` gives, or None.
    """
    if not records.env.context.get(CAREFUL):
        return step(*args)
    # What waits to be written was written before: where it fails, it is no fault of this part, and no part can go on.
    records.env.flush_all()
    try:
        with records.env.cr.savepoint():
            return step(*args)
    except transactions.RACES:
        raise
    except Exception as error:
        if isinstance(error, lets_through):
            raise
        records._record_failed_part(part, error)
        return otherwise(error) if otherwise else None


def guarded_commit(env, run, *, tries=transactions.TRIES):
    """`run(careful)` in a transaction of its own, committed: as it is first, and carefully when that fails.

    run
        a function of the context to add; an empty dictionary at first.

    Raises what the careful run raises, and one of `transactions.LOST_RACE` after a race that is lost again and again.
    """
    try:
        return transactions.commit(env, run, {}, tries=tries)
    except transactions.RACES:
        raise
    except Exception as error:
        env.cr.rollback()
        # What it says, only those can clean who know whom it is about.
        _logger.info("A step failed and is run again, part by part: %s", type(error).__name__)
    # What fails now is no consequence of what failed before.
    return transactions.commit(env, run, {CAREFUL: True}, tries=tries)
