from . import (  # isort: skip - what others extend comes first
    figure,
    monthly,
    rule_matters,
)
