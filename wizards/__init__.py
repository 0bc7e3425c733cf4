from . import (  # isort: skip - the mixin comes before the dialogs built on it
    civic_wizard,
    report,
    assignment,
    emergency,
    conduct,
    questions,
    privacy,
    telephone,
    messages,
    province,
    leadership,
)
