"""Odoo 19 Community: an own checkout (ODOO_HOME) or Debian's package, unpacked."""

import functools
import os
import platform
import re
import shutil
import tempfile
from pathlib import Path

from .machine import CACHE, Failure, lock, run, say

# odoo-19 and what its links to fonts and scripts point to. They are unpacked, not
# installed: their Python dependencies come from PyPI.
PACKAGES = [
    "odoo-19",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
]
UNPACKED = CACHE / "odoo"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
APT_CONFIG = """\
Dir::Etc::sourcelist "{folder}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State::lists "{folder}/lists";
Dir::Cache "{folder}/cache";
APT::Default-Release "{release}";
APT::Sandbox::User "root";
"""


def home() -> Path:
    """The folder that holds the `odoo` package."""
    if own := os.environ.get("ODOO_HOME"):
        return Path(own).expanduser().resolve()
    return UNPACKED / "usr/lib/python3/dist-packages"


def addons_folders() -> list[Path]:
    candidates = [home() / "addons", home() / "odoo" / "addons"]
    # Debian's top-level addons folder holds left-overs without data files.
    return [path for path in candidates if (path / "web" / "views").is_dir()]


@functools.cache
def version() -> str:
    """What a database made with this Odoo is keyed by."""
    release = (home() / "odoo" / "release.py").read_text()
    found = re.search(r"^version_info = \((\d+), (\d+)", release, re.MULTILINE)
    package = UNPACKED / "version"
    exact = "" if "ODOO_HOME" in os.environ else package.read_text().strip()
    return f"{found[1]}.{found[2]} {exact}".strip()


def _mirror_and_release() -> tuple[str, str]:
    """Where this machine gets Debian from, and which release it is."""
    system = platform.freedesktop_os_release()
    release = system.get("VERSION_CODENAME", "sid")
    if system.get("ID") == "debian" and KEYRING.exists():
        targets = run(
            *("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)"),
            capture_output=True,
        )
        for line in targets.stdout.splitlines():
            uri, _, suite = line.partition(" ")
            if suite in (release, system.get("ID"), "stable", "unstable", "sid"):
                return uri, release
    raise Failure(
        "Odoo comes from Debian's archive here, which this machine does not use.\n"
        "Name a checkout of Odoo 19 instead: ODOO_HOME=/path/to/odoo ./dev setup"
    )


def _download(folder: Path) -> list[Path]:
    """Fetch the packages with an apt of our own, leaving the machine's alone."""
    mirror, release = _mirror_and_release()
    (folder / "lists/partial").mkdir(parents=True)
    (folder / "cache/archives/partial").mkdir(parents=True)
    (folder / "sources.list").write_text(
        "".join(
            f"deb [signed-by={KEYRING}] {mirror} {suite} main\n"
            for suite in dict.fromkeys([release, "sid"])
        )
    )
    # The machine's own release first: unstable's font-awesome has other files.
    config = folder / "apt.conf"
    config.write_text(APT_CONFIG.format(folder=folder, release=release))
    environment = {**os.environ, "APT_CONFIG": str(config)}
    run("apt-get", "update", env=environment)
    run("apt-get", "download", *PACKAGES, env=environment, cwd=folder)
    return sorted(folder.glob("*.deb"))


def ensure() -> None:
    if "ODOO_HOME" in os.environ:
        if not (home() / "odoo" / "release.py").exists():
            raise Failure(f"ODOO_HOME={home()} holds no Odoo.")
    elif not (UNPACKED / "version").exists():
        with lock("odoo"):
            if not (UNPACKED / "version").exists():
                _unpack()
    if not version().startswith("19."):
        raise Failure(f"Odoo 19 is needed, {home()} is {version()}.")


def _unpack() -> None:
    with tempfile.TemporaryDirectory(dir=CACHE) as name:
        folder = Path(name)
        say("fetching Odoo 19 from Debian (about 120 MB)")
        packages = _download(folder)
        say("unpacking Odoo 19")
        target = folder / "unpacked"
        for package in packages:
            run("dpkg", "-x", package, target)
        newest = next(folder.glob("odoo-19_*.deb"))
        (target / "version").write_text(newest.name.split("_")[1] + "\n")
        shutil.rmtree(UNPACKED, ignore_errors=True)
        target.rename(UNPACKED)
