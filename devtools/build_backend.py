"""What pip calls to build the wheel `odoo-addon-civic_report` (PEP 517).

whool makes the wheel. It takes every file that git knows, of a folder that has the
add-on's name, and knows no way to leave any out; here the add-on is the whole
repository, tests and tools included, under whatever name it was cloned. So whool gets
a copy with what is shipped, and with its settings.
"""

import contextlib
import json
import os
import shutil
import tempfile
from pathlib import Path

from .machine import CHECKOUT, MODULE, Failure, files, manifest, run

# What a server needs and whoever runs it reads. A new folder has to be named here; that
# nothing is missing is seen by `./dev package --check`.
SHIPPED = (
    *("__init__.py", "__manifest__.py", "hooks.py", "requirements.txt"),
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"),
    *("controllers/", "data/", "demo/", "deploy/", "docs/", "i18n/", "migrations/"),
    *("models/", "report/", "security/", "static/", "tools/", "views/", "wizards/"),
)
NOT_SHIPPED = ("static/tests/",)
# The manifest says what is needed, requirements.txt in which versions: whool reads the
# first, so each of its names gives way to the lines of the second.
SETTINGS = """\
[build-system]
requires = ["whool"]
build-backend = "whool.buildapi"

[tool.whool]
# The version is the manifest's, not counted on by commits.
post_version_strategy_override = "none"
additional_dependencies = {lines}

[tool.whool.external_dependencies_override.python]
{names}
"""
EARLIEST = 315532800  # 1980, before which a zip knows no time


def shipped() -> list[str]:
    """Paths of all files that a package holds, relative to the add-on's root."""
    return [
        path
        for path in files()
        if path.startswith(SHIPPED) and not path.startswith(NOT_SHIPPED)
    ]


def requirements() -> list[str]:
    """The lines of requirements.txt that name a distribution."""
    lines = (CHECKOUT / "requirements.txt").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def made_at() -> int:
    """The second that files of a package bear, so that two makings are alike.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    if told := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(told)
    with contextlib.suppress(Failure, FileNotFoundError):  # an unpacked archive
        command = ("git", "-c", "safe.directory=*", "log", "-1", "--format=%ct")
        return int(run(*command, cwd=CHECKOUT, capture_output=True).stdout)
    return EARLIEST


def stage(folder: Path) -> Path:
    """Copy what is shipped into a folder, under the add-on's name.

    :return: the add-on's root there, with the settings that whool reads
    """
    root = folder / MODULE
    for path in shipped():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(CHECKOUT / path, target)
        target.chmod(0o644)
    names = manifest()["external_dependencies"]["python"]
    settings = SETTINGS.format(
        lines=json.dumps(requirements()),
        names="\n".join(f"{json.dumps(name)} = []" for name in names),
    )
    (root / "pyproject.toml").write_text(settings)
    return root


@contextlib.contextmanager
def _staged():
    """whool's door, while the staged copy is the working directory."""
    from whool import buildapi  # there only where pip builds

    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        root = stage(Path(name).resolve())
        os.environ["SOURCE_DATE_EPOCH"] = str(made_at())
        # No repository, whatever one the caller or the temporary folder is in: then
        # whool takes all files.
        os.environ["GIT_DIR"] = str(root / ".git")
        os.chdir(root)
        try:
            yield buildapi
        finally:
            os.chdir(before)


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    with _staged() as whool:
        return whool.build_wheel(wheel_directory, config_settings)


def build_sdist(sdist_directory, config_settings=None):
    with _staged() as whool:
        return whool.build_sdist(sdist_directory, config_settings)
