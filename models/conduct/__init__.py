from . import (  # isort: skip - what others extend comes first
    lock,
    violation,
    report,
    reporter,
)
