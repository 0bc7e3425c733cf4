"""A private PostgreSQL: a Unix socket only, fast rather than safe."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .machine import CACHE, IS_ROOT, Failure, lock, run, say, short_hash
from .packages import postgres_bin

PORT = "5469"  # names the socket, nothing listens on the network
USER = "odoo"
# PostgreSQL refuses root; its own user cannot enter root's home folder.
FOLDER = (
    Path("/var/cache/civic_report") / f"pg-{short_hash(str(CACHE))}"
    if IS_ROOT
    else CACHE / "pg"
)
SOCKETS = FOLDER / "socket"
if len(str(SOCKETS)) > 80:  # the system's limit is about 100 with the file's name
    SOCKETS = Path(tempfile.gettempdir()) / f"civic_pg_{short_hash(str(FOLDER))}"
DATA = FOLDER / "data"
AS_OWNER = ["runuser", "-u", "postgres", "--"] if IS_ROOT else []
ENVIRONMENT = {"PGHOST": str(SOCKETS), "PGPORT": PORT, "PGUSER": USER}

# All of it can be made again, so nothing waits for the disk.
SETTINGS = f"""
listen_addresses = ''
port = {PORT}
unix_socket_directories = '{SOCKETS}'
max_connections = 200
shared_buffers = 512MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
checkpoint_timeout = 30min
jit = off
"""


def answers() -> bool:
    command = [postgres_bin() / "pg_isready", "-q", "-h", SOCKETS, "-p", PORT]
    return subprocess.run(command, check=False).returncode == 0


def _own(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if IS_ROOT:
        shutil.chown(folder, "postgres", "postgres")


def ensure() -> None:
    """Make the cluster when there is none, start it when it is down."""
    if answers():
        return
    with lock("postgres"):
        if answers():
            return
        _own(FOLDER)
        _own(SOCKETS)
        if not (DATA / "ready").exists():
            _initialise()
        say("starting the private PostgreSQL")
        log = FOLDER / "log"
        try:
            run(*_pg_ctl("start", "-w", "-t", "60", "-l", log), cwd="/")
        except Failure as failure:
            raise Failure(
                f"{failure}\nIts log is {log}. All of it can be made again: "
                f"remove {FOLDER} to start over."
            ) from failure


def _initialise() -> None:
    shutil.rmtree(DATA, ignore_errors=True)
    options = ["-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    run(*AS_OWNER, postgres_bin() / "initdb", "-D", DATA, *options, cwd="/")
    with open(DATA / "postgresql.conf", "a") as config:
        config.write(SETTINGS)
    (DATA / "ready").touch()


def _pg_ctl(*arguments) -> list:
    return [*AS_OWNER, postgres_bin() / "pg_ctl", "-D", DATA, *arguments]


def stop() -> None:
    run(*_pg_ctl("stop", "-m", "fast"), cwd="/")
    say("stopped the private PostgreSQL")


def environment() -> dict[str, str]:
    """For psql and its like."""
    return {**os.environ, **ENVIRONMENT}
