from . import (  # isort: skip - what others extend comes first
    allow_looks,
    case_words,
    data_request,
    divert,
    request_disclosure,
)
