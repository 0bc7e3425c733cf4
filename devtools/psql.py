"""./dev psql: SQL on the demo database."""

import os

from . import databases, postgres


def main(arguments: list[str]) -> int:
    postgres.ensure()
    program = str(postgres.postgres_bin() / "psql")
    command = [program, "-d", databases.demo(), *arguments]
    os.execve(program, command, postgres.environment())
