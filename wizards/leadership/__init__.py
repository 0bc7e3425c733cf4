from . import (  # isort: skip - what others extend comes first
    decide_evaluation,
)
