"""./dev package: the add-on for those who run it, without tests and tools, in dist/.

A wheel for pip and a zip with the folder `civic_report` for an addons path; --check
looks into both and installs the wheel into an Odoo without anything of this checkout.
"""

import argparse
import tempfile
import time
import zipfile
from pathlib import Path

from . import build_backend
from .machine import CHECKOUT, MODULE, PYTHON, STATE, lock, manifest, run, say

DIST = CHECKOUT / "dist"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("./dev package")
    parser.add_argument("--check", action="store_true", help="and try what is made")
    options = parser.parse_args(arguments)
    with lock("package", STATE):
        made = make(DIST)
        for path in made:
            size = path.stat().st_size / 1e6
            say(f"{path.relative_to(CHECKOUT)}: {size:.1f} MB")
        if options.check:
            from . import package_check  # what it needs, makers do not

            return package_check.check(*made)
    return 0


def make(folder: Path) -> tuple[Path, Path]:
    """Make the wheel and the zip in a folder, in place of those that lie there.

    Two makings from one commit are alike, byte by byte.
    """
    folder.mkdir(exist_ok=True)
    for old in [*folder.glob("*.whl"), *folder.glob(f"{MODULE}-*.zip")]:
        old.unlink()
    run(PYTHON, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", folder, CHECKOUT)
    (wheel,) = folder.glob("*.whl")
    return wheel, _zip(folder / f"{MODULE}-{manifest()['version']}.zip")


def _zip(target: Path) -> Path:
    made_at = time.gmtime(build_backend.made_at())[:6]
    with tempfile.TemporaryDirectory() as name:
        root = build_backend.stage(Path(name))
        (root / "pyproject.toml").unlink()  # for whool alone
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
            for path in sorted(root.rglob("*")):
                if path.is_file():
                    entry = zipfile.ZipInfo(str(path.relative_to(name)), made_at)
                    entry.external_attr = 0o100644 << 16
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    packed.writestr(entry, path.read_bytes())
    return target
