"""./dev shot: a picture of a page of the running demo, as a user sees it."""

import argparse
import http.cookies
import json
import sys
import urllib.request
from pathlib import Path

from . import browser, databases, demo
from .machine import Failure

ANONYMOUS = "-"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser("./dev shot", allow_abbrev=False)
    parser.add_argument("login", help="of demo/logins.tsv; - for nobody")
    parser.add_argument("path", help="/phan-anh or /odoo/…")
    parser.add_argument("out", type=Path)
    parser.add_argument("--width", type=int, default=1280, help="390 is a phone")
    parser.add_argument("--height", type=int, default=800)
    parser.add_argument("--full", action="store_true", help="the whole page")
    # Done in the order given.
    for step, metavar in (
        ("wait", "SELECTOR"),
        ("click", "SELECTOR"),
        ("fill", "SELECTOR=TEXT"),
    ):
        parser.add_argument(
            f"--{step}",
            **{"dest": "steps", "action": "append", "default": [], "metavar": metavar},
            type=lambda value, step=step: (step, value),
        )
    options = parser.parse_args(arguments)
    take(**vars(options))
    return 0


def take(
    login: str,
    path: str,
    out: Path,
    *,
    width: int = 1280,
    height: int = 800,
    full: bool = False,
    steps: list[tuple[str, str]] = (),
) -> None:
    server = demo.running()
    if not server:
        raise Failure("The demo is not running: ./dev demo")
    base = demo.url(server["port"])
    with browser.opened(width, height) as page:
        if login != ANONYMOUS:
            session = _session(base, login)
            page.call("Network.setCookie", name="session_id", value=session, url=base)
        page.open(base + path)
        for step, value in steps:
            if step == "fill":
                page.fill(*_split_fill(value))
            else:
                getattr(page, step)(value)
        picture = page.picture(width, height, full=full)
        for problem in page.problems:
            print(f"{path}: the browser says: {problem}", file=sys.stderr)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(picture)
    print(out)


def _split_fill(value: str) -> tuple[str, str]:
    # A selector may hold a "=" too, in brackets: the text comes after the last.
    selector, _equals, text = value.rpartition("=")
    return selector, text


def _session(base: str, login: str) -> str:
    """Log in and return the session's cookie."""
    passwords = {row[1]: row[2] for row in demo.logins()}
    if login not in passwords:
        raise Failure(f"{login} is not one of {', '.join(passwords)}")
    params = {
        "db": databases.name("demo"),
        "login": login,
        "password": passwords[login],
    }
    request = urllib.request.Request(
        f"{base}/web/session/authenticate",
        data=json.dumps({"params": params}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        if "error" in json.load(answer):
            raise Failure(f"{login} cannot log in with the password of the list")
        cookies = http.cookies.SimpleCookie(answer.headers["Set-Cookie"])
    return cookies["session_id"].value
