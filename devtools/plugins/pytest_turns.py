"""Pytest plugin: runs at the same time share the test files, each taking the next one
that nobody took.

Each has all tests collected, in the same order; CIVIC_TURNS is a folder of theirs.
"""

import itertools
import json
import os
from pathlib import Path

import pytest

TURNS = Path(os.environ["CIVIC_TURNS"])


def _take(path: Path) -> bool:
    try:
        (TURNS / path.name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _taken(items):
    """Yield the tests of the files that are ours; one is taken when the tests of the
    one before were begun."""
    for path, group in itertools.groupby(items, key=lambda item: item.path):
        if _take(path):
            yield from group


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    if session.testsfailed:  # while they were collected
        return None
    tests = _taken(session.items)
    item = next(tests, None)
    while item:
        following = next(tests, None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True


def pytest_terminal_summary(terminalreporter):
    stats = terminalreporter.stats
    counts = {
        "passed": len(stats.get("passed", ())),
        "failed": len(stats.get("failed", ())) + len(stats.get("error", ())),
    }
    (TURNS / f"{os.getpid()}.json").write_text(json.dumps(counts))
