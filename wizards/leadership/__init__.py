from . import (  # isort: skip - what others extend comes first
    periodic_words,
    periodic_reason,
    periodic_note,
    periodic_demand,
)
