from . import (  # isort: skip - what others extend comes first
    older_cases,
    parts,
    columns,
    check,
    run,
    source,
    report,
)
