"""./dev test: pytest on a database that matches the code."""

import argparse
import contextlib
import json
import os
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from . import databases, nginx, odoo, postgres
from .machine import CHECKOUT, LINK, PYTHON, STATE, alive, lock

PLUGINS = CHECKOUT / "devtools" / "plugins"
# A run keeps a core and a half busy: itself, PostgreSQL and at times a browser.
JOBS = min(4, max(1, os.cpu_count() or 1))


def main(arguments: list[str]) -> int:
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
        "--citizens", type=int, default=60, help="how many report in the test of a day"
    )
    parser.add_argument(
        "--jobs",
        type=int,
        help="runs that share the test files, each with a database of its own;"
        f" {JOBS} where all tests are run, else 1",
    )
    options, rest = parser.parse_known_args(arguments)
    paths = _on_link(rest)
    runs_all = str(LINK / "tests") in paths
    jobs = options.jobs or (JOBS if runs_all else 1)
    postgres.ensure()
    odoo.configure()
    kind = "testdemo" if options.with_demo else "test"
    with lock(kind, STATE):
        prepared = databases.prepare(kind, demo=options.with_demo, fresh=options.fresh)
        if runs_all:  # a few tests are quicker without
            databases.make_bundles(kind)
        _drop_left_over(prepared)
        # A clone for each run: runs at the same time do not meet, and what one
        # commits does not stay.
        clones = [f"{prepared}_{os.getpid()}"]
        clones += [f"{clones[0]}_{job}" for job in range(1, jobs)]
        for clone in clones:
            databases.clone(prepared, clone)
    environment = odoo.environment()
    environment["CIVIC_MATRIX"] = options.matrix
    environment["CIVIC_CITIZENS"] = str(options.citizens)
    environment["CIVIC_NGINX"] = nginx.program() or ""
    environment["PYTHONPATH"] += f":{PLUGINS}"
    try:
        if jobs == 1:
            return _pytest(clones[0], paths, environment).wait()
        return _share(clones, paths, environment)
    finally:
        for clone in clones:
            databases.drop(clone)


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
        environment |= {"CIVIC_TURNS": str(turns)}
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
        counts = sum(
            (Counter(json.loads(f.read_text())) for f in turns.glob("*.json")),
            Counter(),
        )
    print(f"{counts['passed']} passed, {counts['failed']} failed", flush=True)
    return int(any(codes))


def _pytest(
    database: str,
    arguments: list[str],
    environment: dict[str, str],
    output=None,
) -> subprocess.Popen:
    command = [
        *(PYTHON, "-m", "pytest", "-c", LINK / "pyproject.toml", "--rootdir", LINK),
        # Above the link, or pytest takes the add-on's root for a package of its own.
        *("--confcutdir", LINK.parent, "-o", f"cache_dir={STATE / 'pytest'}"),
        *("-p", "pytest_strict", "--odoo-http", "--odoo-log-level", "warn"),
        *("--odoo-config", odoo.CONFIG, "--odoo-database", database),
        *arguments,
    ]
    return subprocess.Popen(
        [str(part) for part in command],
        env=environment,
        cwd=STATE,
        stdin=None if "--pdb" in arguments else subprocess.DEVNULL,
        stdout=output,
        stderr=output and subprocess.STDOUT,
    )
