from . import (  # isort: skip - what others extend comes first
    same_matter,
    category,
)
