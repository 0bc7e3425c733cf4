from . import (  # isort: skip - what others extend comes first
    media,
    upload,
    originals,
    shown,
)
