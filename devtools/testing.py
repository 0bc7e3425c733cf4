"""./dev test: pytest on a database that matches the code."""

import argparse
import contextlib
import json
import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from . import changes, databases, nginx, odoo, postgres
from .machine import CHECKOUT, LINK, PYTHON, STATE, Failure, alive, lock, say

PLUGINS = CHECKOUT / "devtools" / "plugins"
# A run keeps a core and a half busy: itself, PostgreSQL and at times a browser.
JOBS = min(4, max(1, os.cpu_count() or 1))
# How long each class of tests took when it last ran.
DURATIONS = STATE / "durations.json"


def main(arguments: list[str]) -> int:
    options, rest = _parser().parse_known_args(arguments)
    if options.changed:
        rest += changes.tests(changes.files(options.changed))
    paths = _on_link(rest)
    runs_all = str(LINK / "tests") in paths
    jobs = options.jobs or (JOBS if runs_all else 1)
    with _databases(options, jobs, runs_all) as (clones, untouched):
        settings = environment(
            CIVIC_MATRIX=options.matrix,
            CIVIC_WINGS=_wings(options, runs_all),
            CIVIC_CHANGED_TESTS=_changed_tests(options),
            CIVIC_UNTOUCHED=untouched,
            CIVIC_CITIZENS=str(options.citizens or (60 if options.all else 30)),
        )
        if jobs == 1:
            return _pytest(clones[0], paths, settings).wait()
        return _share(clones, paths, settings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("./dev test", allow_abbrev=False)
    parser.add_argument("--fresh", action="store_true", help="install from scratch")
    parser.add_argument("--with-demo", action="store_true", help="load demo data")
    parser.add_argument(
        "--matrix",
        choices=("quick", "full"),
        default="quick",
        help="full: the canary matrix leaves out no call that is known to be refused",
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="trials and canary matrix of every wing, not only of those that differ"
        " from main",
    )
    parser.add_argument(
        "--changed",
        nargs="?",
        const="main",
        metavar="BASE",
        help="run only what mirrors the files that differ from BASE (main)",
    )
    parser.add_argument(
        "--citizens",
        type=int,
        help="how many report in the test of a day; 60 with --all, else 30",
    )
    parser.add_argument(
        "--jobs",
        type=int,
        help="runs that share the test files, each with a database of its own;"
        f" {JOBS} where all tests are run, else 1",
    )
    return parser


@contextlib.contextmanager
def _databases(
    options: argparse.Namespace, jobs: int, runs_all: bool
) -> Iterator[tuple[list[str], str]]:
    """A clone for each run: runs at the same time do not meet, and what one commits
    does not stay. Beside them one that nobody is connected to, which tests that start
    servers copy."""
    postgres.ensure()
    odoo.configure()
    kind = "testdemo" if options.with_demo else "test"
    with lock(kind, STATE):
        prepared = databases.prepare(kind, demo=options.with_demo, fresh=options.fresh)
        if runs_all:  # a few tests are quicker without
            databases.make_bundles(kind)
        _drop_left_over(prepared)
        clones = [f"{prepared}_{os.getpid()}"]
        clones += [f"{clones[0]}_{job}" for job in range(1, jobs)]
        untouched = f"{clones[0]}_untouched"
        for clone in (*clones, untouched):
            databases.clone(prepared, clone)
    try:
        yield clones, untouched
    finally:
        for clone in (*clones, untouched):
            databases.drop(clone)


def _wings(options: argparse.Namespace, runs_all: bool) -> str:
    """Wings whose trials and part of the canary matrix are run: all where tests are
    named."""
    if options.all or not (runs_all or options.changed):
        return "all"
    try:
        found = ",".join(changes.wings(changes.files(options.changed)))
    except Failure:  # no branch to compare with, or no history at all
        return "all"
    if found != "all":
        say(f"trials and canary matrix of {found or 'no wing'}; --all runs all of them")
    return found


def _changed_tests(options: argparse.Namespace) -> str:
    """Test modules that differ themselves, by path under tests/."""
    try:
        changed = changes.files(options.changed)
    except Failure:
        return ""
    tests = (path for path in changed if path.startswith("tests/"))
    return ",".join(path.removeprefix("tests/") for path in tests)


def _drop_left_over(prepared: str) -> None:
    """Drop the clones of runs that were killed."""
    with databases.cursor() as cr:
        cr.execute("SELECT datname FROM pg_database")
        names = [name for (name,) in cr.fetchall()]
    for name in names:
        pid = name.removeprefix(f"{prepared}_").partition("_")[0]
        if pid.isdecimal() and not alive(int(pid)):
            databases.drop(name)


def _on_link(arguments: list[str]) -> list[str]:
    """Name test files by the link: Odoo knows them under the module's name only."""
    mapped, named = [], False
    previous = ""
    for argument in arguments:
        path, colons, node = argument.partition("::")
        path = Path(path)
        if not argument.startswith("-") and previous not in ("-k", "-m", "-p", "-n"):
            if path.resolve().is_relative_to(CHECKOUT) and path.exists():
                relative = path.resolve().relative_to(CHECKOUT)
                argument = f"{LINK / relative}{colons}{node}"
                named = True
        mapped.append(argument)
        previous = argument
    return mapped if named else [*mapped, str(LINK / "tests")]


def _share(clones: list[str], arguments: list[str], environment: dict[str, str]) -> int:
    """Run the tests on all clones at once and close with the sum of their counts.

    The first one's output is seen as it comes, that of the others when all are done.
    """
    with contextlib.ExitStack() as stack:
        turns = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environment |= {"CIVIC_TURNS": str(turns), "CIVIC_DURATIONS": str(DURATIONS)}
        arguments = ["-p", "pytest_turns", *arguments]
        others = []
        for clone in clones[1:]:
            output = stack.enter_context(tempfile.TemporaryFile("w+"))
            run = _pytest(clone, arguments, environment, output)
            stack.callback(run.kill)
            others.append((run, output))
        codes = [_pytest(clones[0], arguments, environment).wait()]
        for run, output in others:
            codes.append(run.wait())
            output.seek(0)
            print(output.read(), end="", flush=True)
        told = [json.loads(f.read_text()) for f in turns.glob("*.json")]
    counts = sum((Counter(one["counts"]) for one in told), Counter())
    _remember(one["seconds"] for one in told)
    print(f"{counts['passed']} passed, {counts['failed']} failed", flush=True)
    return int(any(codes))


def _remember(runs: Iterable[dict[str, float]]) -> None:
    """Keep how long classes took, so that the next runs begin with the longest."""
    known = json.loads(DURATIONS.read_text()) if DURATIONS.exists() else {}
    for seconds in runs:
        known |= seconds
    DURATIONS.write_text(json.dumps(known, indent=0, sort_keys=True))


def command(
    database: str, arguments: list[str], addon: Path = LINK, config: Path = odoo.CONFIG
) -> list[str]:
    """How pytest is called.

    :param addon: the add-on's folder, with Odoo's name for it
    :param config: Odoo's, which names the folder above
    """
    parts = [
        *(PYTHON, "-m", "pytest", "-c", addon / "pyproject.toml", "--rootdir", addon),
        # Above the link, or pytest takes the add-on's root for a package of its own.
        *("--confcutdir", addon.parent, "-o", f"cache_dir={STATE / 'pytest'}"),
        *("-p", "pytest_strict", "--odoo-http", "--odoo-log-level", "warn"),
        *("--odoo-config", config, "--odoo-database", database),
        *arguments,
    ]
    return [str(part) for part in parts]


def environment(**own: str) -> dict[str, str]:
    """What tests find in their environment.

    :param own: more of it
    """
    found = odoo.environment()
    found["CIVIC_MATRIX"] = "quick"
    found["CIVIC_CITIZENS"] = "60"
    found["CIVIC_NGINX"] = nginx.program() or ""
    found["PYTHONPATH"] += f":{PLUGINS}"
    return {**found, **own}


def _pytest(
    database: str,
    arguments: list[str],
    environment: dict[str, str],
    output=None,
) -> subprocess.Popen:
    return subprocess.Popen(
        command(database, arguments),
        env=environment,
        cwd=STATE,
        stdin=None if "--pdb" in arguments else subprocess.DEVNULL,
        stdout=output,
        stderr=output and subprocess.STDOUT,
    )
