from . import (  # isort: skip - what others extend comes first
    look_at_question,
)
