"""./dev mutate: how many small faults, put in one at a time, the tests would see."""

import argparse
import csv
import json
import os
import queue
import re
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from . import databases, mutants, odoo, postgres, reach, testing
from .machine import CHECKOUT, LINK, MODULE, STATE, Failure, files, lock, say
from .mutant import Mutant
from .mutants_choice import TOPS, Choice

RULES = ("security/civic_rules.xml", "security/ir.model.access.csv")
EQUIVALENTS = CHECKOUT / "devtools" / "equivalents.tsv"
# Seconds that an installation may take.
INSTALLED = 60


@dataclass
class Verdict:
    """What became of one fault.

    :param result: killed, survived, late or equivalent
    :param detail: the test that saw it, how many did not, or why it is no fault
    """

    mutant: Mutant
    result: str
    detail: str = ""
    seconds: float = 0

    @property
    def line(self) -> str:
        mutant = self.mutant
        place = f"{mutant.path}:{mutant.line}"
        return (
            f"{self.result:10} {self.seconds:5.0f} s  {place}\n"
            f"    {mutant.code}\n    {mutant.edit[:160]}\n    {self.detail}"
        )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("./dev mutate", allow_abbrev=False)
    parser.add_argument("--seed", type=int, default=1, help="draws the lines")
    parser.add_argument("--count", type=int, default=20, help="how many lines")
    parser.add_argument(
        "--list", action="store_true", help="only say which faults they would be"
    )
    parser.add_argument(
        "--map",
        action="store_true",
        help="first measure what new or changed tests run",
    )
    parser.add_argument(
        "--budget",
        type=int,
        default=180,
        help="seconds of tests for each fault, the quickest first",
    )
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument(
        "paths", nargs="*", help="folders, files, or lines: FILE:LINE or FILE:FROM-TO"
    )
    options = parser.parse_args(arguments)
    drawn = mutants.sample(_all(options.paths), options.count, options.seed)
    if options.list:
        for mutant in drawn:
            print(f"{mutant.path}:{mutant.line}\n    {mutant.code}\n    {mutant.edit}")
        return 0
    known = reach.Reach()
    if options.map:
        if anew := sorted({*known.unknown, *known.changed}):
            reach.make(anew)
            known = reach.Reach()
    if known.unknown:
        say(
            f"{len(known.unknown)} test files were never measured (--map does it): "
            "those are chosen by the words that they share with the faulty code"
        )
    return _run(drawn, Choice(known, options.budget), options.jobs)


def _all(paths: list[str]) -> list[Mutant]:
    """All faults of what is named, or of the whole."""
    found = []
    for path in files(".py", ".xml", ".csv"):
        if paths:
            lines = next(filter(None, (_lines(path, each) for each in paths)), None)
        else:
            lines = range(1, 10**9) if path.startswith((*TOPS, *RULES)) else None
        if lines is not None:
            text = (CHECKOUT / path).read_text()
            found += [each for each in mutants.find(path, text) if each.line in lines]
    if not found:
        raise Failure("Nothing is there that could be changed.")
    return found


def _lines(path: str, wanted: str) -> range | None:
    """Which lines of a file an argument names."""
    name, _colon, span = wanted.partition(":")
    named = Path(os.path.relpath(Path(name).resolve(), CHECKOUT))
    if path != str(named) and named not in Path(path).parents:
        return None
    first, _dash, last = span.partition("-")
    return range(int(first), int(last or first) + 1) if span else range(1, 10**9)


def _run(drawn: list[Mutant], choice: Choice, jobs: int) -> int:
    started = time.monotonic()
    postgres.ensure()
    odoo.configure()
    with lock("test", STATE):
        prepared = databases.prepare("test")
    waiting: queue.SimpleQueue = queue.SimpleQueue()
    # What needs a process of its own last: it takes longest.
    for mutant in sorted(drawn, key=choice.is_live, reverse=True):
        waiting.put(mutant)
    verdicts: list[Verdict] = []
    reasons = equivalents()
    failures: list[BaseException] = []

    def work(number):
        try:
            with Job(number, prepared, choice) as job:
                while not failures:
                    mutant = waiting.get_nowait()
                    reason = reasons.get((mutant.path, mutant.code, mutant.edit))
                    if reason:
                        verdict = Verdict(mutant, "equivalent", reason)
                    else:
                        verdict = job.judge(mutant)
                    verdicts.append(verdict)
                    print(verdict.line, flush=True)
        except queue.Empty:
            pass
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=[n]) for n in range(max(1, jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    _sum_up(verdicts, time.monotonic() - started)
    return 0


def _sum_up(verdicts: list[Verdict], seconds: float) -> None:
    count = {
        result: sum(verdict.result == result for verdict in verdicts)
        for result in ("killed", "late", "survived", "equivalent")
    }
    seen = count["killed"] + count["late"]
    judged = seen + count["survived"]
    print()
    for verdict in verdicts:
        if verdict.result == "survived":
            print(verdict.line)
    say(
        f"{seen} killed ({count['late']} of them hung), {count['survived']} survived, "
        f"{count['equivalent']} equivalent: {100 * seen / max(1, judged):.0f} %; "
        f"{seconds / max(1, len(verdicts)):.0f} s each"
    )


def equivalents() -> dict[tuple[str, str, str], str]:
    """Reasons why what is listed is no fault, by file, line of code and edit."""
    with open(EQUIVALENTS, newline="") as rows:
        table = csv.reader(rows, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(path, code, edit): reason for path, code, edit, reason in table}


class Job:
    """A database, Odoo loaded on it once, and a folder for faults that this cannot
    take in: what is made when a file is loaded or the module is installed."""

    def __init__(self, number: int, prepared: str, choice: Choice):
        self.prepared = prepared
        self.choice = choice
        self.name = f"{prepared}_{os.getpid()}_{number}"
        self.folder = STATE / "mutants" / f"{os.getpid()}_{number}"
        self.process = None
        self.broken: set[str] = set()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        if self.process:
            self.faults.close()
            self.process.wait()
            self.answers.close()
        for database in (self.name, f"{self.name}_new"):
            databases.drop(database)
        shutil.rmtree(self.folder, ignore_errors=True)

    def judge(self, mutant: Mutant) -> Verdict:
        """Show a fault to the tests that run it."""
        started = time.monotonic()
        names = self.choice.of(mutant)
        verdict = Verdict(mutant, "survived", "no test runs it")
        while names := [name for name in names if name not in self.broken]:
            result, test, ran = self._try(mutant, names)
            verdict = Verdict(mutant, result, test or f"{ran} tests did not see it")
            if result != "killed" or "::" not in test:
                break
            if not self._is_broken(test):
                self.choice.seen.keep(mutant, test)
                break
        verdict.seconds = time.monotonic() - started
        return verdict

    def _is_broken(self, test: str) -> bool:
        """Whether a test fails without the fault as well."""
        answer = self._ask(None, None, [test])
        if answer["result"] == "killed":
            say(f"fails without any fault: {test}")
            self.broken.add(test)
            return True
        return False

    def _try(self, mutant: Mutant, names: list[str]) -> tuple[str, str, int]:
        if self.choice.is_live(mutant):
            answer = self._ask(LINK / mutant.path, mutant.text(), names)
            if answer["result"] != "unfit":
                return answer["result"], answer.get("test", ""), answer.get("ran", 0)
        return self._try_anew(mutant, names)

    # In a fork of what is loaded

    def _ask(self, file, source, names: list[str]) -> dict:
        if not self.process:
            self._load()
        fault = {
            "file": file and str(file),
            "source": source,
            "tests": names,
            "seconds": self.choice.patience(names),
        }
        self.faults.write(json.dumps(fault) + "\n")
        self.faults.flush()
        answer = self._answer()
        if answer["wrote"]:
            databases.clone(self.prepared, self.name)
        return answer

    def _answer(self) -> dict:
        line = self.answers.readline()
        if not line:
            raise Failure(f"Odoo could not be loaded: {self.log}")
        return json.loads(line)

    def _load(self) -> None:
        databases.clone(self.prepared, self.name)
        theirs, ours = os.pipe()
        self.faults = os.fdopen(ours, "w")
        read, answers = os.pipe()
        self.answers = os.fdopen(read)
        self.log = odoo.LOGS / f"{self.name}.log"
        arguments = ["-p", "pytest_mutants", "-q"]
        arguments += [str(LINK / path) for path in self.choice.tests]
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                testing.command(self.name, arguments),
                env=testing.environment(
                    CIVIC_UNTOUCHED=self.prepared,
                    CIVIC_FAULTS=str(theirs),
                    CIVIC_ANSWERS=str(answers),
                ),
                cwd=STATE,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=(theirs, answers),
            )
        os.close(theirs)
        os.close(answers)
        self._answer()

    # In a copy of the checkout, with the module installed anew

    def _try_anew(self, mutant: Mutant, names: list[str]) -> tuple[str, str, int]:
        addon, config = self._copy(mutant)
        database = f"{self.name}_new"
        databases.clone(databases.template(), database)
        try:
            odoo.logged(
                f"{self.name}-new",
                *("-c", config, "-d", database, "--no-http", "--stop-after-init"),
                *("-i", MODULE),
            )
        except Failure:
            return "killed", "it cannot be installed", 0
        limit = INSTALLED + self.choice.patience(names)
        log = odoo.LOGS / f"{self.name}-new-tests.log"
        arguments = ["-x", "-q", *(f"{addon}/{name}" for name in names)]
        with open(log, "w") as output:
            run = subprocess.Popen(
                testing.command(database, arguments, addon, config),
                env=testing.environment(CIVIC_UNTOUCHED=self.prepared),
                cwd=STATE,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code = run.wait(limit)
            except subprocess.TimeoutExpired:
                os.killpg(run.pid, 9)
                run.wait()
                return "late", "", 0
        if not code:
            return "survived", "", len(names)
        return "killed", _failed(log.read_text()), 0

    def _copy(self, mutant: Mutant) -> tuple[Path, Path]:
        """The checkout with the fault, under Odoo's name, and its configuration."""
        shutil.rmtree(self.folder, ignore_errors=True)
        addon = self.folder / "addons" / MODULE
        for path in files():
            target = addon / path
            target.parent.mkdir(parents=True, exist_ok=True)
            # The sources do not change while it runs: a link would do, were it not
            # that what is edited meanwhile would be seen.
            shutil.copyfile(CHECKOUT / path, target)
        (addon / mutant.path).write_text(mutant.text())
        config = self.folder / "odoo.conf"
        text = odoo.CONFIG.read_text()
        config.write_text(text.replace(str(LINK.parent), str(addon.parent)))
        return addon, config


def _failed(output: str) -> str:
    """Name of the test that failed, of pytest's summary."""
    # What stands before the name of a subtest may be anything.
    found = re.search(r"^(?:FAILED|ERROR|SUBFAILED)\b.*? (\S+\.py::\S+)", output, re.M)
    if not found:
        return "its tests could not be run"
    name = found[1]
    return "tests/" + name.partition("/tests/")[2] if "/tests/" in name else name
