from . import (  # isort: skip - what others extend comes first
    follow,
    join,
    joined,
    coordination,
    designation,
    follow_up,
    vacancy,
    duty_way,
    waiting,
    extension,
    commitment,
)
