"""Bring the machine to where everything else works; quick when it is there."""

from . import odoo_source, packages, python
from .machine import CACHE, CHECKOUT, LINK


def ensure() -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    packages.ensure()
    odoo_source.ensure()
    python.ensure()
    LINK.parent.mkdir(parents=True, exist_ok=True)
    if not LINK.is_symlink():
        LINK.symlink_to(CHECKOUT, target_is_directory=True)
