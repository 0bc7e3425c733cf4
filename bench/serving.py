"""Odoo served on a bench's database, and a blank page of its site to compare with."""

import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from time import perf_counter

import requests

from odoo.tools import config

START_SECONDS = 180
# With a parameter: Odoo keeps the answer of pages without one.
BLANK = "/trang-trong?x=1"


def make_blank_page(env):
    """The page of the site that has nothing on it."""
    env["website.page"].create(
        {
            "name": "Trang trống",
            "url": BLANK.partition("?")[0],
            "key": "civic_report.bench_blank",
            "type": "qweb",
            "is_published": True,
            "arch": '<t t-call="website.layout"><div id="wrap"/></t>',
        }
    )


@contextmanager
def served(env):
    """Odoo on this database, with one worker as a province's page has it.

    :return: a context of the site's address
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "odoo", "-c", config["config"]),
            *("-d", env.cr.dbname, "--db-filter", f"^{env.cr.dbname}$"),
            *("--http-port", str(port), "--max-cron-threads", "0"),
            *("--log-level", "error"),
        ],
        stdin=subprocess.DEVNULL,
    )
    site = f"http://127.0.0.1:{port}"
    try:
        _wait(site, server)
        yield site
    finally:
        server.terminate()
        server.wait()


def _wait(site, server):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            return requests.get(f"{site}/web/health", timeout=5)
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.2)
    raise RuntimeError("the server did not start")


def get_timed(session, address):
    """:return: seconds of asking for a page"""
    start = perf_counter()
    answer = session.get(address, timeout=60)
    taken = perf_counter() - start
    assert answer.status_code == 200, address
    return taken


def sign_in(site, database, login, password):
    """:return: a requests.Session that is signed in"""
    session = requests.Session()
    call(
        session,
        f"{site}/web/session/authenticate",
        {"db": database, "login": login, "password": password},
    )
    return session


def call(session, address, params):
    """Ask for what the web client asks for.

    :return: the answer's result
    :raises RuntimeError: where the answer is an error
    """
    answer = session.post(address, json={"params": params}, timeout=300).json()
    if "error" in answer:
        raise RuntimeError(answer["error"]["data"].get("debug") or answer["error"])
    return answer["result"]


def call_kw(session, site, model, method, *args, **kwargs):
    """Call a method of a model, as the web client does."""
    params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
    return call(session, f"{site}/web/dataset/call_kw/{model}/{method}", params)
