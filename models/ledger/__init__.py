from . import (  # isort: skip - what others extend comes first
    seal,
    root,
    check,
    receipt,
    root_told,
    company_root,
)
