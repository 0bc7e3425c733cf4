"""Run Odoo on this checkout: configuration, environment, log."""

import os
import re
import subprocess
from pathlib import Path

from . import odoo_source, postgres
from .machine import CACHE, LINK, PYTHON, STATE, Failure
from .packages import browser

CONFIG = STATE / "odoo.conf"
LOGS = STATE / "logs"
DATA = STATE / "data"

CONFIG_TEXT = """\
[options]
addons_path = {addons}
data_dir = {data}
db_host = {host}
db_port = {port}
db_user = {user}
http_interface = 127.0.0.1
list_db = False
unaccent = True
max_cron_threads = 0
limit_time_real = 1200
limit_memory_soft = 4294967296
limit_memory_hard = 0
; no one gets mail from a test or a demo, whatever else this machine runs
smtp_port = 1
"""
# Odoo's browser tests look for this name first. Chromium's background services
# would only fail on a closed network.
BROWSER = """\
#!/bin/sh
exec {browser} --disable-component-update --disable-sync --disable-quic "$@"
"""


def write_config(config: Path, addons: list[Path], data: Path) -> None:
    """Write a configuration on the private PostgreSQL, and make its data folder."""
    text = CONFIG_TEXT.format(
        addons=",".join(map(str, addons)),
        data=data,
        host=postgres.SOCKETS,
        port=postgres.PORT,
        user=postgres.USER,
    )
    data.mkdir(mode=0o700, exist_ok=True)
    config.write_text(text)


def configure() -> None:
    LOGS.mkdir(parents=True, exist_ok=True)
    write_config(CONFIG, [*odoo_source.addons_folders(), LINK.parent], DATA)
    if found := browser():
        wrapper = CACHE / "bin" / "google-chrome"
        if found != str(wrapper):
            wrapper.parent.mkdir(exist_ok=True)
            wrapper.write_text(BROWSER.format(browser=found))
            wrapper.chmod(0o755)


def environment() -> dict[str, str]:
    inherited = {**os.environ}
    # Servers and tests start again and again: without compiled modules each reads
    # Odoo's sources anew. They are kept outside the sources.
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)
    return {
        **inherited,
        "PYTHONPYCACHEPREFIX": str(CACHE / "pycache"),
        "PATH": f"{CACHE / 'bin'}:{PYTHON.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(odoo_source.home()),
        "QT_QPA_PLATFORM": "offscreen",  # wkhtmltopdf without a screen
        # Keys of trial databases go here, never among the developer's own settings.
        "XDG_CONFIG_HOME": str(CACHE / "config"),
    }


def command(*arguments) -> list[str]:
    return [str(PYTHON), "-m", "odoo", *map(str, arguments)]


def logged(name: str, *arguments, code: str = "") -> None:
    """Run Odoo to its end with its log in a file; an error in the log raises."""
    log = LOGS / f"{name}.log"
    with open(log, "w") as output:
        done = subprocess.run(
            command(*arguments),
            env=environment(),
            input=code,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    check_log(log, done.returncode)


def check_log(log: Path, returncode: int) -> None:
    """Print warnings about the add-on, raise on errors."""
    text = log.read_text()
    # A record may span lines: a traceback, for one.
    records = re.split(r"\n(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} )", text)
    errors = []
    for record in records:
        found = re.match(r"\S+ \S+ \d+ (\w+) \S+ (.*)", record, re.DOTALL)
        level, message = found.groups() if found else ("", "")
        if level in ("ERROR", "CRITICAL") or "demo data failed to install" in message:
            errors.append(record)
        elif level == "WARNING" and "civic" in message:
            print(record)
    if errors or returncode:
        shown = "\n".join(errors) or text[-4000:]
        raise Failure(f"{shown}\nOdoo failed ({returncode}); its log: {log}")


def main(arguments: list[str]) -> int:
    """./dev odoo: Odoo's command line with this checkout's configuration."""
    postgres.ensure()
    configure()
    if arguments and not arguments[0].startswith("-"):
        # Odoo wants its sub-command first.
        arguments = [arguments[0], "-c", str(CONFIG), *arguments[1:]]
    else:
        arguments = ["-c", str(CONFIG), *arguments]
    os.execve(PYTHON, command(*arguments), environment())
