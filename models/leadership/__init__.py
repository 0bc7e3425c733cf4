from . import (  # isort: skip - what others extend comes first
    rehearsal,
    rehearsal_line,
    rehearsal_run,
    rehearsal_words,
    sight,
    sight_count,
)
