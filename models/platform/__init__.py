from . import (  # isort: skip - what others extend comes first
    health,
    ir_qweb,
    ir_http,
    ir_http_headers,
    ir_module,
    mail_link_preview,
    mail_thread,
)
