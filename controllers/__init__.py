from . import (
    editor,
    figures,
    health,
    identity,
    letter,
    original,
    portal,
    public,
    send,
    upload,
)
