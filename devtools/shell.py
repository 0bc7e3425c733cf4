"""./dev shell: Python with `env` on the demo database."""

import os

from . import databases, odoo, postgres


def main(arguments: list[str]) -> int:
    postgres.ensure()
    odoo.configure()
    options = ["-c", odoo.CONFIG, "-d", databases.demo(), "--no-http"]
    command = odoo.command("shell", *options, "--log-level", "warn", *arguments)
    os.execve(command[0], command, odoo.environment())
