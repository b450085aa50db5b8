"""How much work a call is, counted: the same on every machine, whatever else it does."""

import sys


def count_steps(work, *arguments):
    """How many lines Python runs for `work(*arguments)` and how many calls it makes, of built-in functions too.

    What a built-in function does inside counts as one step; how regular expressions grow is looked at by `pattern_fuzz`.
    """
    steps = 0

    def count_line(_frame, _event, _argument):
        nonlocal steps
        steps += 1
        return count_line

    def count_call(_frame, event, _argument):
        nonlocal steps
        steps += event == "c_call"

    before = sys.gettrace(), sys.getprofile()
    sys.settrace(count_line)
    sys.setprofile(count_call)
    try:
        work(*arguments)
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
    return steps
