from . import (
    editor,
    figures,
    health,
    identity,
    letter,
    lookup,
    original,
    portal,
    public,
    send,
    upload,
    webhook,
)
