from collections import namedtuple

# One figure of a procedure: value and unit as in :mod:`..tools.working_time`, and the
# minutes after the deadline from which overdue counting starts.
Limit = namedtuple("Limit", "value unit grace_minutes")

UNITS = [
    ("minute", "Minutes"),
    ("hour", "Hours"),
    ("working_hour", "Working hours"),
    ("day", "Days"),
    ("working_day", "Working days"),
]


def has_passed(moment, now):
    """Whether a time is over. At its very second it is not: what is due at 17:00 is in
    time at 17:00:00. Marks, searches, figures and alerts all follow this; where it is
    asked of the database, it is a plain “<”.

    :param moment: naive UTC datetime or False
    :param now: naive UTC datetime
    """
    return bool(moment) and moment < now
