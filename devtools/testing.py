"""./dev test: pytest on a database that matches the code."""

import argparse
import os
import subprocess
from pathlib import Path

from . import databases, nginx, odoo, postgres
from .machine import CHECKOUT, LINK, PYTHON, STATE, alive, lock

PLUGINS = CHECKOUT / "devtools" / "plugins"


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
    options, rest = parser.parse_known_args(arguments)
    paths = _on_link(rest)
    postgres.ensure()
    odoo.configure()
    kind = "testdemo" if options.with_demo else "test"
    with lock(kind, STATE):
        prepared = databases.prepare(kind, demo=options.with_demo, fresh=options.fresh)
        if str(LINK / "tests") in paths:  # a few tests are quicker without
            databases.make_bundles(kind)
        _drop_left_over(prepared)
        # A clone for this run: runs at the same time do not meet, and what one
        # commits does not stay.
        database = f"{prepared}_{os.getpid()}"
        databases.clone(prepared, database)
    try:
        sizes = {"MATRIX": options.matrix, "CITIZENS": str(options.citizens)}
        return _pytest(database, paths, sizes)
    finally:
        databases.drop(database)


def _drop_left_over(prepared: str) -> None:
    """Drop the clones of runs that were killed."""
    with databases.cursor() as cr:
        cr.execute("SELECT datname FROM pg_database")
        names = [name for (name,) in cr.fetchall()]
    for name in names:
        pid = name.removeprefix(f"{prepared}_")
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


def _pytest(database: str, arguments: list[str], sizes: dict[str, str]) -> int:
    environment = odoo.environment()
    environment.update({f"CIVIC_{name}": size for name, size in sizes.items()})
    environment["CIVIC_NGINX"] = nginx.program() or ""
    environment["PYTHONPATH"] += f":{PLUGINS}"
    command = [
        *(PYTHON, "-m", "pytest", "-c", LINK / "pyproject.toml", "--rootdir", LINK),
        # Above the link, or pytest takes the add-on's root for a package of its own.
        *("--confcutdir", LINK.parent, "-o", f"cache_dir={STATE / 'pytest'}"),
        *("-p", "pytest_strict", "--odoo-http", "--odoo-log-level", "warn"),
        *("--odoo-config", odoo.CONFIG, "--odoo-database", database),
        *arguments,
    ]
    return subprocess.run(
        [str(part) for part in command],
        env=environment,
        cwd=STATE,
        stdin=None if "--pdb" in arguments else subprocess.DEVNULL,
        check=False,
    ).returncode
