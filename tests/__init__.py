"""Tests of the add-on; its modules are found by name, so that none is forgotten.

Odoo looks for them as members of this package, in whatever wing they lie.
"""

from collections import Counter
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent

paths = sorted(HERE.rglob("test_*.py"))
if twice := [stem for stem, n in Counter(one.stem for one in paths).items() if n > 1]:
    # The second would take the place of the first, of which nobody would hear again.
    raise ImportError(f"several modules of tests are called {twice}")

for path in paths:
    wing = ".".join(path.parent.relative_to(HERE).parts)
    globals()[path.stem] = import_module(f"{__name__}.{wing}.{path.stem}")
