"""./dev bench: run bench/NAME.py's `main(env)` on a database of its own."""

import ast
import os
import subprocess

from . import databases, odoo, postgres
from .machine import CHECKOUT, MODULE, STATE, Failure, lock

FOLDER = CHECKOUT / "bench"


def main(arguments: list[str]) -> int:
    scripts = {path.stem: path for path in sorted(FOLDER.glob("[!_]*.py"))}
    if not arguments:
        for name, path in scripts.items():
            text = ast.get_docstring(ast.parse(path.read_text())) or ""
            print(f"  {name:24} {text.partition(chr(10))[0]}")
        return 0
    unknown = [name for name in arguments if name not in scripts]
    if unknown:
        raise Failure(f"no such bench: {' '.join(unknown)}; ./dev bench lists them")
    postgres.ensure()
    odoo.configure()
    return max(_measure(name) for name in arguments)


def _measure(name: str) -> int:
    with lock("test", STATE):
        prepared = databases.prepare("test")
        database = f"{prepared}_{os.getpid()}"  # as ./dev test names its clones
        databases.clone(prepared, database)
    print(f"== {name}", flush=True)
    options = ["-c", odoo.CONFIG, "-d", database, "--no-http", "--log-level", "warn"]
    try:
        return subprocess.run(
            odoo.command("shell", *options),
            env=odoo.environment(),
            input=f"from odoo.addons.{MODULE}.bench import {name}\n{name}.main(env)\n",
            text=True,
            check=False,
        ).returncode
    finally:
        databases.drop(database)
