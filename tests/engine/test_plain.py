"""What pages show, as JSON has it."""

import json
import unittest
from datetime import date, datetime

from ...tools.plain import as_json


class TestPlain(unittest.TestCase):
    def test_moments_and_days(self):
        value = {
            "at": datetime(2026, 11, 20, 1, 2, 3, 456),
            "day": date(2026, 11, 20),
            "rows": [{"at": None}, ("a", 1.5, True, False)],
        }
        plain = as_json(value)
        self.assertEqual(
            plain,
            {
                "at": "2026-11-20T01:02:03Z",
                "day": "2026-11-20",
                "rows": [{"at": None}, ["a", 1.5, True, False]],
            },
        )
        self.assertEqual(json.loads(json.dumps(plain)), plain)
