from . import (  # isort: skip - the mixin comes before the dialogs built on it
    civic_wizard,
    apply_procedure,
    dispatch,
    publish,
    request_fix,
    request_supplement,
    supply,
    turn_away,
    return_wrong,
    send_back,
    correct,
)
