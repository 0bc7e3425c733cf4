"""The virtual environment with what Odoo, the add-on and the tools need."""

import hashlib
import shutil
import sys

from .machine import CHECKOUT, PYTHON, VENV, Failure, lock, run, say

FILES = ("requirements.txt", "requirements-dev.txt")
OLDEST, NEWEST = (3, 10), (3, 13)  # as odoo/release.py says


def interpreter() -> str:
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        if found := shutil.which(f"python3.{minor}"):
            return found
    raise Failure("Odoo 19 runs on Python 3.10 to 3.13; none was found.")


def ensure() -> None:
    wanted = hashlib.sha256()
    for name in FILES:
        wanted.update((CHECKOUT / name).read_bytes())
    key = wanted.hexdigest()
    stamp = VENV / "requirements.sha256"
    if stamp.exists() and stamp.read_text() == key:
        return
    with lock("venv"):
        if stamp.exists() and stamp.read_text() == key:
            return
        if not PYTHON.exists():
            say("making the virtual environment")
            shutil.rmtree(VENV, ignore_errors=True)
            run(interpreter(), "-m", "venv", VENV)
        say("installing Python requirements")
        files = [part for name in FILES for part in ("-r", CHECKOUT / name)]
        run(PYTHON, "-m", "pip", "install", "--quiet", *files)
        stamp.write_text(key)
