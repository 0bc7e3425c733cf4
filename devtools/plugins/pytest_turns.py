"""Pytest plugin: runs at the same time share the classes of tests, each taking the next
one that nobody took. The longest come first, so that all end at about the same time.

Each run has all tests collected, in the same order; CIVIC_TURNS is a folder of theirs,
CIVIC_DURATIONS a file that says how many seconds a class took when it last ran.
"""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

TURNS = Path(os.environ["CIVIC_TURNS"])
DURATIONS = Path(os.environ["CIVIC_DURATIONS"])
# What to expect of folders of which nothing is known yet; and of the others.
EXPECTED = {"canary": 60, "whole": 30}
LITTLE = 3
SECONDS = Counter()


def _name(item) -> str:
    """The class of a test, or the file of one without."""
    folder = f"{item.path.parent.name}/{item.path.stem}"
    return f"{folder}::{item.cls.__name__}" if item.cls else folder


def _in_order(items) -> list[list]:
    """Tests by class, the longest first."""
    known = json.loads(DURATIONS.read_text()) if DURATIONS.exists() else {}
    groups = {}
    for item in items:
        groups.setdefault(_name(item), []).append(item)

    def expected(name):
        return known.get(name, EXPECTED.get(name.partition("/")[0], LITTLE))

    return [groups[name] for name in sorted(groups, key=expected, reverse=True)]


def _take(name: str) -> bool:
    try:
        (TURNS / name.replace("/", " ")).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _taken(items):
    """Yield the tests of the classes that are ours; one is taken when the tests of the
    one before were begun."""
    for group in _in_order(items):
        if _take(_name(group[0])):
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    SECONDS[_name(item)] += call.duration
    return (yield)


def pytest_terminal_summary(terminalreporter):
    stats = terminalreporter.stats
    counts = {
        "passed": len(stats.get("passed", ())),
        "failed": len(stats.get("failed", ())) + len(stats.get("error", ())),
    }
    told = {"counts": counts, "seconds": SECONDS}
    (TURNS / f"{os.getpid()}.json").write_text(json.dumps(told))
