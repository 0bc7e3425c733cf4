from . import (  # isort: skip - what others extend comes first
    apply_procedure,
    load_wards,
)
