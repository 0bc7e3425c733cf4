from . import (  # isort: skip - what others extend comes first
    succession,
    line,
    proposal,
    move,
    agency,
    person,
    told,
    health,
    filters,
    open_work,
    open_work_people,
    stand_in_rights,
)
