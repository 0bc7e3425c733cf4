from . import (  # isort: skip - what others extend comes first
    driver,
    conversation,
    email,
    sms,
    zalo,
    facebook,
    push,
    call,
    chat,
)
