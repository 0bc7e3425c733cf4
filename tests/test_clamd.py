"""The virus scanner's protocol, against a small server that speaks it."""

import socketserver
import tempfile
import threading
import unittest
from contextlib import contextmanager
from pathlib import Path

from odoo.addons.civic_report.tools import clamd

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Daemon(socketserver.StreamRequestHandler):
    """Finds the EICAR test file, and nothing else."""

    def handle(self):
        if self.rfile.read(10) != b"zINSTREAM\0":
            return
        data = b""
        while size := int.from_bytes(self.rfile.read(4)):
            data += self.rfile.read(size)
        self.server.seen.append(len(data))
        self.wfile.write(self.server.answer or self.verdict(data))

    def verdict(self, data):
        if EICAR in data:
            return b"stream: Eicar-Test-Signature FOUND\0"
        return b"stream: OK\0"


class TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    answer = None


class UnixServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    answer = None


@contextmanager
def daemon(path=None, answer=None):
    """A daemon; gives its address as a setting, and the sizes that it has seen."""
    server = UnixServer(path, Daemon) if path else TcpServer(("127.0.0.1", 0), Daemon)
    server.answer, server.seen = answer, []
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield path or f"127.0.0.1:{server.server_address[1]}", server.seen
    finally:
        server.shutdown()
        server.server_close()


class TestClamd(unittest.TestCase):
    def scan(self, address, data):
        return clamd.scan(clamd.parse_address(address), data, timeout=5)

    def test_verdicts(self):
        large = bytes(clamd.CHUNK * 3 + 7)
        with daemon() as (address, seen):
            self.assertIsNone(self.scan(address, b"harmless"))
            self.assertIsNone(self.scan(address, large))
            self.assertEqual(self.scan(address, EICAR), "Eicar-Test-Signature")
            self.assertEqual(self.scan(address, large + EICAR), "Eicar-Test-Signature")
        self.assertEqual(seen, [8, len(large), len(EICAR), len(large) + len(EICAR)])

    def test_over_a_unix_socket(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        with daemon(str(Path(folder) / "clamd.sock")) as (address, _seen):
            self.assertIsNone(self.scan(address, b"harmless"))
            self.assertEqual(self.scan(address, EICAR), "Eicar-Test-Signature")
        with self.assertRaises(clamd.Unreachable):
            self.scan(str(Path(folder) / "none.sock"), b"x")

    def test_no_verdict(self):
        for answer in (
            b"INSTREAM size limit exceeded. ERROR\0",
            b"stream: \0",
            b"\xff\xfe",
            b"\0",
        ):
            with daemon(answer=answer) as (address, _seen):
                self.assertRaises(clamd.Unreachable, self.scan, address, b"x")
        with self.assertRaises(clamd.Unreachable):  # the one that has just stopped
            self.scan(address, b"x")

    def test_addresses(self):
        self.assertEqual(clamd.parse_address("/run/clamd.sock"), "/run/clamd.sock")
        self.assertEqual(clamd.parse_address(" clamav:3310 "), ("clamav", 3310))
        self.assertEqual(clamd.parse_address("[::1]:3310"), ("::1", 3310))
        for text in (
            "",
            None,
            "clamav",
            ":3310",
            "clamav:",
            "clamav:x",
            "a:0",
            "a:99999",
        ):
            with self.subTest(text), self.assertRaises(ValueError):
                clamd.parse_address(text)
