from . import (  # isort: skip - what others extend comes first
    call,
    desk,
)
