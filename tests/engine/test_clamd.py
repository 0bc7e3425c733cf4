"""The virus scanner's protocol, against a small server that speaks it."""

import tempfile
import unittest
from pathlib import Path

from ...tools import clamd
from ..rig.clamd import EICAR, daemon


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
