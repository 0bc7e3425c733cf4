from . import (  # isort: skip - what others extend comes first
    urgent,
    danger,
    alert,
    outcome,
)
