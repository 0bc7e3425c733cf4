from . import (  # isort: skip - what others extend comes first
    reporter,
    finding,
    senders,
    showing,
    access,
    look_reason,
)
