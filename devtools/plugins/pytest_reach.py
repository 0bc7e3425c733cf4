"""Pytest plugin: which lines of the checkout each test runs, and how long it takes.

CIVIC_REACH is a folder; `coverage` there has a context for each test, and one for what
makes a class ready, which is its first test's otherwise. `tests.json` has seconds by
name, of tests that passed and of classes.
"""

import json
import os
from collections import defaultdict
from pathlib import Path

import coverage
import pytest

FOLDER = Path(os.environ["CIVIC_REACH"])
CHECKOUT = Path(__file__).resolve().parents[2]
SOURCES = ("models", "wizards", "controllers", "report", "tools")
TRACED = coverage.Coverage(
    data_file=str(FOLDER / "coverage"),
    config_file=False,
    source=[str(CHECKOUT / name) for name in SOURCES],
)
SECONDS = defaultdict(float)
FAILED = set()


def _class_of(nodeid):
    return nodeid.rpartition("::")[0]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    TRACED.start()
    TRACED.switch_context("loading")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    TRACED.switch_context(_class_of(item.nodeid))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    TRACED.switch_context(item.nodeid)


def pytest_runtest_logreport(report):
    whole = report.when == "setup"
    SECONDS[_class_of(report.nodeid) if whole else report.nodeid] += report.duration
    if report.failed:
        FAILED.add(report.nodeid)


def pytest_sessionfinish():
    TRACED.stop()
    TRACED.save()
    passed = {name: round(each, 2) for name, each in SECONDS.items()}
    passed = {name: each for name, each in passed.items() if name not in FAILED}
    (FOLDER / "tests.json").write_text(json.dumps(passed))
