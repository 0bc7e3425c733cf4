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
