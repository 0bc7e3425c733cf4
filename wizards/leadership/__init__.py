from . import (  # isort: skip - a dialog each
    load_borders,
)
