from . import (  # isort: skip - what others extend comes first
    call,
    harassment,
    desk,
    report,
    grave,
    switchboard,
)
