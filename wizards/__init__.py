from . import apply_procedure
