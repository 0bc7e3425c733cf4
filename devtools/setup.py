"""Bring the machine to where everything else works; quick when it is there."""

import contextlib

from . import nginx, odoo_source, packages, python
from .machine import CACHE, CHECKOUT, LINK


def ensure() -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    packages.ensure()
    odoo_source.ensure()
    python.ensure()
    nginx.ensure()
    LINK.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        LINK.symlink_to(CHECKOUT, target_is_directory=True)
