"""Pytest plugin: a skipped test fails, and so does one that logs an error.

Errors that a test expects are inside `assertLogs` or `mute_logger`, which keep them
from the root logger.
"""

import logging

import pytest

# What tests measure is said at the end of the run.
FIGURES = logging.getLogger("civic_report.figures")


class _Figures(logging.Handler):
    def __init__(self):
        super().__init__(logging.INFO)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


SAID = _Figures()


class _Errors(logging.Handler):
    def __init__(self):
        super().__init__(logging.ERROR)
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
        self.found = []

    def emit(self, record):
        self.found.append(self.format(record))

    def take(self):
        taken, self.found = self.found, []
        return "\n".join(taken)


ERRORS = _Errors()


def pytest_configure():
    logging.getLogger().addHandler(ERRORS)
    FIGURES.addHandler(SAID)
    FIGURES.setLevel(logging.INFO)
    FIGURES.propagate = False


def pytest_terminal_summary(terminalreporter):
    for line in SAID.lines:
        terminalreporter.write_line(line)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    result = yield
    if logged := ERRORS.take():
        pytest.fail(f"{item.nodeid} logged what it did not expect:\n{logged}", False)
    return result


def _refuse_skip(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"a skipped test is a failed test here: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return _refuse_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return _refuse_skip((yield))
