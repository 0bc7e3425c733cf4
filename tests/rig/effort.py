"""How much work a call is, counted and not timed: the same on every machine."""

import sys


def calls_of(function):
    """How many functions, of Python's own as well, are called by a function.

    What a regular expression does by itself is one call, however long it takes.
    """
    count = 0

    def came(_frame, event, _of_what):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(came)
    try:
        function()
    finally:
        sys.setprofile(before)
    return count
