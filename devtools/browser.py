"""Headless Chromium over its DevTools protocol, as far as pictures need it."""

import base64
import contextlib
import itertools
import json
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

from .machine import Failure
from .packages import browser

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
    *("--no-first-run", "--disable-background-networking", "--disable-quic"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
    *("--remote-debugging-port=0", "--mute-audio", "about:blank"),
)
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{major}.0.0.0 Mobile Safari/537.36"
)
PHONE_WIDTH = 600  # narrower windows are phones
QUIET_SECONDS = 0.6  # without a request going on, a page counts as loaded
WAIT_SECONDS = 30
WORKER = "/bus/websocket_worker_bundle"
# How much taller the window must be for nothing in the page to scroll.
HIDDEN_HEIGHT = """
Math.max(0, ...[...document.querySelectorAll("html, body, body *")].map((node) => {
    const scrolls = node === document.documentElement
        || /auto|scroll/.test(getComputedStyle(node).overflowY);
    return scrolls ? node.scrollHeight - node.clientHeight : 0;
}))
"""


class Page:
    """One page of a browser of its own."""

    def __init__(self, socket_url: str):
        self.socket = websocket.create_connection(
            socket_url, suppress_origin=True, timeout=WAIT_SECONDS
        )
        self.ids = itertools.count(1)
        self.pending = set()
        self.last_request = 0.0
        self.problems = []
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params) -> dict:
        number = next(self.ids)
        message = {"id": number, "method": method, "params": params}
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == number:
                if "error" in answer:
                    raise Failure(f"browser: {method}: {answer['error']['message']}")
                return answer["result"]
            self._note(answer)

    def _note(self, event: dict) -> None:
        params = event.get("params", {})
        match event.get("method"):
            # A worker's script is asked for here, but its arrival is told elsewhere.
            case "Network.requestWillBeSent" if WORKER not in params["request"]["url"]:
                self.pending.add(params["requestId"])
                self.last_request = time.monotonic()
            case "Network.loadingFinished" | "Network.loadingFailed":
                self.pending.discard(params["requestId"])
                self.last_request = time.monotonic()
            case "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                text = details.get("exception", {}).get("description")
                self.problems.append(text or details["text"])
            case "Log.entryAdded" if params["entry"]["level"] == "error":
                entry = params["entry"]
                self.problems.append(f"{entry['text']} {entry.get('url', '')}")

    def emulate(self, width: int, height: int) -> None:
        phone = width < PHONE_WIDTH
        self.call(
            "Emulation.setDeviceMetricsOverride",
            **{"width": width, "height": height, "mobile": phone},
            deviceScaleFactor=2 if phone else 1,
        )
        self.call("Emulation.setTouchEmulationEnabled", enabled=phone)
        self.call("Emulation.setTimezoneOverride", timezoneId="Asia/Ho_Chi_Minh")
        agent = self.call("Browser.getVersion")["userAgent"].replace("Headless", "")
        major = agent.partition("Chrome/")[2].partition(".")[0]
        self.call(
            "Emulation.setUserAgentOverride",
            userAgent=PHONE.format(major=major) if phone else agent,
            acceptLanguage="vi-VN",
        )

    def evaluate(self, expression: str):
        result = self.call(
            "Runtime.evaluate",
            **{"expression": expression, "awaitPromise": True, "returnByValue": True},
        )
        if "exceptionDetails" in result:
            raise Failure(f"browser: {result['exceptionDetails']}")
        return result["result"].get("value")

    def open(self, url: str) -> None:
        failed = self.call("Page.navigate", url=url).get("errorText")
        if failed:
            raise Failure(f"{url}: {failed}")
        self.settle()

    def settle(self) -> None:
        """Wait until the page is loaded and asks for nothing more."""
        deadline = time.monotonic() + WAIT_SECONDS
        self.last_request = time.monotonic()
        while time.monotonic() < deadline:
            time.sleep(0.1)
            loaded = self.evaluate("document.readyState") == "complete"
            quiet = time.monotonic() - self.last_request > QUIET_SECONDS
            if loaded and quiet and not self.pending:
                break
        self.evaluate("document.fonts.ready.then(() => true)")

    def wait(self, selector: str) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not self.evaluate(f"!!document.querySelector({json.dumps(selector)})"):
            if time.monotonic() > deadline:
                raise Failure(f"not on the page after {WAIT_SECONDS} s: {selector}")
            time.sleep(0.1)
        self.settle()

    def click(self, selector: str) -> None:
        self.wait(selector)
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")
        self.settle()

    def fill(self, selector: str, text: str) -> None:
        self.wait(selector)
        self.evaluate(
            f"{{ const node = document.querySelector({json.dumps(selector)});"
            " node.focus(); node.select?.(); }"
        )
        self.call("Input.insertText", text=text)
        self.settle()

    def picture(self, width: int, height: int, *, full: bool) -> bytes:
        if full:
            # Odoo's pages scroll inside: a taller window shows all of them.
            for _again in range(2):
                height += int(self.evaluate(HIDDEN_HEIGHT))
                self.emulate(width, height)
                self.settle()
        return base64.b64decode(self.call("Page.captureScreenshot")["data"])


@contextlib.contextmanager
def opened(width: int, height: int):
    """A page in a browser with an empty profile, which ends with the block."""
    program = browser()
    if not program:
        raise Failure("Chromium was not found; see ./dev setup")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [program, f"--user-data-dir={profile}", *FLAGS],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            page = Page(_socket_url(Path(profile), process))
            page.emulate(width, height)
            yield page
        finally:
            process.terminate()
            process.wait()


def _socket_url(profile: Path, process: subprocess.Popen) -> str:
    port_file = profile / "DevToolsActivePort"
    deadline = time.monotonic() + WAIT_SECONDS
    while not (port_file.exists() and "\n" in port_file.read_text()):
        if process.poll() is not None or time.monotonic() > deadline:
            raise Failure("Chromium did not start.")
        time.sleep(0.05)
    port = port_file.read_text().split("\n")[0]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
        targets = json.load(answer)
    pages = [target for target in targets if target["type"] == "page"]
    return pages[0]["webSocketDebuggerUrl"]
