from . import (  # isort: skip - what others extend comes first
    assign,
    correct,
    grant_extension,
    invite,
    keep_promise,
    mark_penalty,
    note_follow_up,
    reject_extension,
    request_extension,
    return_wrong,
    send_back,
)
