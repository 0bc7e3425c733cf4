from . import (  # isort: skip - what others extend comes first
    merger,
    move,
    both,
    senders,
)
