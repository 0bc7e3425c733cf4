from . import (  # isort: skip - what others extend comes first
    drop_messages,
    mail_settings,
    show_raw,
)
