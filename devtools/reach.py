"""Which tests run which lines: measured with coverage.py, kept by test file.

What was measured stays true of a test file until that file changes. Lines of sources
that have moved since are found again by their text.
"""

import difflib
import hashlib
import json
import os
import shutil
import subprocess
import time
from functools import cached_property
from pathlib import Path

import coverage

from . import databases, odoo, postgres, testing
from .machine import CHECKOUT, LINK, STATE, files, lock, say

FOLDER = STATE / "reach"
SOURCES = ("models/", "wizards/", "controllers/", "report/", "tools/")
# It calls every method there is: minutes, and nothing is asked of one line.
LEFT_OUT = ("tests/canary/",)


def test_files() -> list[str]:
    return [
        path
        for path in files(".py")
        if path.startswith("tests/")
        and not path.startswith(LEFT_OUT)
        and Path(path).name.startswith("test_")
    ]


def _digest(path: str) -> str:
    return hashlib.sha256((CHECKOUT / path).read_bytes()).hexdigest()[:16]


def make(paths: list[str]) -> None:
    """Measure test files anew.

    :param paths: of them in the checkout
    """
    say(f"measuring what {len(paths)} test files run")
    started = time.monotonic()
    run = FOLDER / str(time.time_ns())
    building = run.with_suffix(".building")
    building.mkdir(parents=True)
    digests = {path: _digest(path) for path in paths}
    for path in files(".py"):
        if path.startswith(SOURCES):
            kept = building / "sources" / path
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(CHECKOUT / path, kept)
    postgres.ensure()
    odoo.configure()
    with lock("test", STATE):
        prepared = databases.prepare("test")
        clone = f"{prepared}_{os.getpid()}"
        databases.clone(prepared, clone)
    environment = testing.environment(
        CIVIC_UNTOUCHED=prepared, CIVIC_REACH=str(building), COVERAGE_CORE="ctrace"
    )
    arguments = ["-p", "pytest_reach", "-q", *(str(LINK / path) for path in paths)]
    try:
        with open(building / "log", "w") as log:
            subprocess.run(
                testing.command(clone, arguments),
                env=environment,
                cwd=STATE,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
            )
    finally:
        databases.drop(clone)
    (building / "files.json").write_text(json.dumps(digests))
    building.rename(run)
    say(f"measured in {time.monotonic() - started:.0f} s")


class Reach:
    """What has been measured, the newest of each test file.

    :ivar unknown: test files that never were
    :ivar changed: test files that are other ones now; their tests are known by name
    """

    def __init__(self):
        self.runs = []
        self.changed = []
        left = {path: _digest(path) for path in test_files()}
        for folder in sorted(FOLDER.glob("[0-9]*"), reverse=True):
            if folder.suffix:  # it is being made, or was not finished
                continue
            digests = json.loads((folder / "files.json").read_text())
            own = digests.keys() & left.keys()
            if not own:
                shutil.rmtree(folder)
                continue
            self.runs.append(_Run(folder, own))
            self.changed += [path for path in own if left[path] != digests[path]]
            for path in own:
                del left[path]
        self.unknown = sorted(left)

    @cached_property
    def seconds(self) -> dict[str, float]:
        """How long each test takes, and each class to make ready."""
        total = {}
        for run in self.runs:
            total |= run.seconds
        return total

    def tests(self, path: str, lines: set[int]) -> set[str]:
        """Names of tests that run one of these lines."""
        text = (CHECKOUT / path).read_text()
        found = set()
        for run in self.runs:
            found |= run.tests(path, text, lines)
        return found


class _Run:
    def __init__(self, folder: Path, own: set[str]):
        self.folder = folder
        self.own = own
        measured = json.loads((folder / "tests.json").read_text())
        self.seconds = {
            name: each
            for name, each in measured.items()
            if name.partition("::")[0] in own
        }
        self.data = coverage.CoverageData(str(folder / "coverage"))
        self.data.read()
        self.known: dict[str, dict[int, list[str]]] = {}

    def contexts(self, path: str) -> dict[int, list[str]]:
        """Names of tests and classes by line of a file, as it stood then."""
        if path not in self.known:
            contexts = self.data.contexts_by_lineno(str(CHECKOUT / path))
            self.known[path] = contexts
        return self.known[path]

    def tests(self, path: str, text: str, lines: set[int]) -> set[str]:
        known = self.folder / "sources" / path
        if not known.exists():
            return set()
        contexts = self.contexts(path)
        found = set()
        for line in _formerly(known.read_text(), text, lines):
            found.update(contexts.get(line, ()))
        return {name for name in found if name in self.seconds}


def _formerly(old: str, new: str, lines: set[int]) -> set[int]:
    """Numbers that lines of a text had in an older one; of new lines those around."""
    if old == new:
        return lines
    matcher = difflib.SequenceMatcher(None, old.split("\n"), new.split("\n"), False)
    found = set()
    for _tag, first, last, new_first, new_last in matcher.get_opcodes():
        for line in lines:
            if new_first < line <= new_last:
                if last - first == new_last - new_first:
                    found.add(first + line - new_first)
                else:
                    found.update(range(first, last + 2))
    return found
