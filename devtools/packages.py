"""The system's packages: PostgreSQL, wkhtmltopdf, Chromium, fonts, what tests ask."""

import os
import shutil
import subprocess
from pathlib import Path

from .machine import IS_ROOT, Failure, lock, run, say

DEBIAN = [
    "python3-venv",
    "git",
    "postgresql",
    "wkhtmltopdf",
    "chromium",
    "libmagic1",
    "ffmpeg",  # tests decode what is stored
    "libimage-exiftool-perl",  # and look for what it still tells
    "fonts-dejavu-core",
    "fonts-liberation",
    "fonts-croscore",  # Tinos: the letters' serif
    "fonts-noto-core",
    "fonts-noto-color-emoji",
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def postgres_bin() -> Path | None:
    """The folder of the newest PostgreSQL's programs (Debian keeps it off PATH)."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: int(folder.parent.name),
    )
    if folders and (folders[-1] / "initdb").exists():
        return folders[-1]
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _missing_debian() -> list[str]:
    shown = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${Status}\n", *DEBIAN],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    there = {
        line.split()[0] for line in shown.splitlines() if line.endswith(" installed")
    }
    # A browser or a PostgreSQL from elsewhere serves as well.
    if browser():
        there.add("chromium")
    if postgres_bin():
        there.add("postgresql")
    if shutil.which("wkhtmltopdf"):
        there.add("wkhtmltopdf")
    return [name for name in DEBIAN if name not in there]


def _install(names: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Another apt may be at work on the machine.
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300"]
    run(*apt, "update", env=environment)
    run(*apt, "install", "--yes", "--no-install-recommends", *names, env=environment)


def ensure() -> None:
    """Install what is missing as root on Debian; elsewhere say what is missing."""
    if shutil.which("dpkg-query"):
        missing = _missing_debian()
        hint = "sudo apt-get install " + " ".join(missing)
        if missing and IS_ROOT:
            say(f"installing {' '.join(missing)}")
            with lock("packages"):
                _install(missing)
            missing = []
    else:
        missing = [] if browser() else ["chromium"]
        missing += [] if shutil.which("wkhtmltopdf") else ["wkhtmltopdf"]
        hint = "install them with your system's package manager"
    if missing:
        say(f"missing: {' '.join(missing)} — {hint}")
    if not postgres_bin():
        raise Failure("PostgreSQL 13 or later is needed (initdb was not found).")
