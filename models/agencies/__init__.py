from . import (  # isort: skip - what others extend comes first
    agency,
    lineage,
    letter,
    officer,
    stand_in,
    deputies,
    officer_desk,
    login,
    emergency_services,
)
