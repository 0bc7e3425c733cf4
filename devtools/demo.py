"""./dev demo: the add-on with its demo data, served on the loopback address."""

import argparse
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from . import databases, odoo, postgres
from .machine import CHECKOUT, STATE, Failure, alive, lock, say

RUNNING = STATE / "server.json"
LOG = odoo.LOGS / "server.log"
LOGINS = CHECKOUT / "demo" / "logins.tsv"
START_SECONDS = 180


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("./dev demo")
    parser.add_argument("--fresh", action="store_true", help="start over")
    parser.add_argument("--port", type=int, help="8069 when not said")
    options = parser.parse_args(arguments)
    postgres.ensure()
    odoo.configure()
    with lock("demo", STATE):
        server = running()
        port = options.port or (server or {}).get("port", 8069)
        code = databases.served_hash()
        current = server and (server["code"], server["port"]) == (code, port)
        if current and not options.fresh:
            say("already running, the code is unchanged")
        else:
            stop()
            database = databases.prepare("demo", demo=True, fresh=options.fresh)
            databases.make_bundles("demo")
            _start(database, port, code)
    print(f"\n  {url(port)}\n")
    for role, login, password in logins():
        print(f"  {role:32} {login:24} {password}")
    print("\n  ./dev stop ends it.")
    return 0


def url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def logins() -> list[tuple[str, str, str]]:
    """Role, login and password of each user of the demo."""
    if not LOGINS.exists():
        return [("Administrator", "admin", "admin")]
    rows = [line.split("\t") for line in LOGINS.read_text().splitlines()]
    return [tuple(row[:3]) for row in rows if len(row) >= 3 and row[0][:1] != "#"]


def running() -> dict | None:
    """What this checkout's server was started with, when it is alive."""
    if not RUNNING.exists():
        return None
    server = json.loads(RUNNING.read_text())
    # The pid may be another program's by now.
    shown = subprocess.run(
        ["ps", "-o", "args=", "-p", str(server["pid"])],
        capture_output=True,
        text=True,
        check=False,
    )
    return server if databases.name("demo") in shown.stdout else None


def stop() -> bool:
    server = running()
    RUNNING.unlink(missing_ok=True)
    if not server:
        return False
    os.kill(server["pid"], signal.SIGTERM)
    deadline = time.monotonic() + 15
    while alive(server["pid"]) and time.monotonic() < deadline:
        time.sleep(0.1)
    if alive(server["pid"]):
        os.kill(server["pid"], signal.SIGKILL)
    return True


def _start(database: str, port: int, code: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Failure(f"Port {port} is taken; choose one: --port N") from None
    with databases.cursor(database) as cr:  # what links in letters start with
        cr.execute(
            "UPDATE ir_config_parameter SET value = %s WHERE key IN"
            " ('web.base.url', 'civic_report.base_url')",
            [url(port)],
        )
    say("starting the server")
    command = odoo.command(
        *("-c", odoo.CONFIG, "-d", database, "--db-filter", f"^{database}$"),
        *("--http-port", port, "--max-cron-threads", "1"),
    )
    with open(LOG, "w") as log:
        server = subprocess.Popen(
            command,
            env=odoo.environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    RUNNING.write_text(json.dumps({"pid": server.pid, "port": port, "code": code}))
    deadline = time.monotonic() + START_SECONDS
    while not answers(port):
        if server.poll() is not None or time.monotonic() > deadline:
            stop()
            raise Failure(f"{LOG.read_text()[-4000:]}\nThe server failed; log: {LOG}")
        time.sleep(0.3)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"{url(port)}/web/login", timeout=60) as answer:
            return answer.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
