"""nginx for the test of deploy/nginx.conf: the machine's, or Debian's package unpacked.

It is not installed: a service would start with it.
"""

import shutil
import tempfile
from pathlib import Path

from .machine import CACHE, Failure, lock, run, say

UNPACKED = CACHE / "nginx"


def program() -> str | None:
    own = UNPACKED / "usr/sbin/nginx"
    return str(own) if own.exists() else shutil.which("nginx")


def ensure() -> None:
    if program() or not shutil.which("dpkg"):
        return
    with lock("nginx"), tempfile.TemporaryDirectory(dir=CACHE) as name:
        if program():
            return
        say("fetching nginx from Debian (1 MB)")
        folder = Path(name)
        try:
            run("apt-get", "download", "nginx", cwd=folder)
        except Failure as failure:
            say(f"no nginx, its tests will fail: {failure}")
            return
        [package] = folder.glob("nginx_*.deb")
        run("dpkg", "-x", package, folder / "unpacked")
        (folder / "unpacked").rename(UNPACKED)
