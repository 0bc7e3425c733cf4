from . import (  # isort: skip - what others extend comes first
    record_result,
)
