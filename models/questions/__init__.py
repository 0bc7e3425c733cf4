from . import (  # isort: skip - what others extend comes first
    question,
    conduct,
    told,
    joined,
)
