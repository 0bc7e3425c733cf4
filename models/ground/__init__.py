from . import (  # isort: skip - what others extend comes first
    not_found,
    named_records,
    citizen,
    links,
    cached,
    kept,
    own_rows,
    buttons,
    health,
)
