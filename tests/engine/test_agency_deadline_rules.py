"""What a duty that opens does to its agency's deadline."""

import unittest
from collections import namedtuple
from datetime import datetime, timedelta

from ...tools.agency_deadline import (
    KEEP,
    LIFT,
    SET,
    Opened,
    ahead,
    effect,
    was_late,
    whole,
)

Limit = namedtuple("Limit", "value unit")
DAY = Limit(1, "working_day")
NOW = datetime(2026, 11, 2, 1)


class TestEffects(unittest.TestCase):
    def test_what_sets_it(self):
        for opened in (
            Opened("accept", is_first=True),
            Opened("assign"),
            Opened("process"),
            Opened("process", earlier="dropped"),
            Opened("consolidate", earlier="dropped"),
            Opened("approve", from_completion=True),
            Opened("approve", is_timed_anew=True),
            Opened("process", was_lifted=True, lifts_agency=True, earlier="dropped"),
        ):
            self.assertEqual(effect(opened), SET, opened)

    def test_what_leaves_it(self):
        for opened in (
            Opened("return_wrong"),
            Opened("interaction"),
            Opened("approve"),
            Opened("process", earlier="done"),
            Opened("accept", from_dispatch=True),
            Opened("process", is_halted=True),
            Opened("process", is_lifted=True),
            Opened("process", was_lifted=True, earlier="dropped"),
        ):
            self.assertEqual(effect(opened), KEEP, opened)

    def test_what_lifts_it(self):
        lifted = Opened("process", is_lifted=True, lifts_agency=True)
        self.assertEqual(effect(lifted), LIFT)


class TestAhead(unittest.TestCase):
    LIMITS = {"process": DAY, "approve": DAY, "assign": DAY}

    def test_chains(self):
        self.assertEqual(len(ahead("accept", False, self.LIMITS, True)), 3)
        self.assertEqual(len(ahead("accept", False, self.LIMITS, False)), 2)
        self.assertEqual(len(ahead("process", False, self.LIMITS, True)), 1)
        self.assertEqual(ahead("approve", False, self.LIMITS, True), [])

    def test_without_a_time_to_handle_there_is_none(self):
        """BP; emergencies."""
        self.assertIsNone(ahead("accept", False, {"approve": DAY}, False))
        self.assertEqual(ahead("process", False, {}, False), [])

    def test_a_co_agency_has_its_own(self):
        self.assertIsNone(ahead("accept", True, self.LIMITS, False))
        co = {"co_process": DAY, "co_approve": DAY}
        self.assertEqual(len(ahead("accept", True, co, False)), 2)

    def test_whole(self):
        def add(moment, value, _unit):
            return moment + timedelta(days=value)

        self.assertEqual(whole(NOW, [DAY, DAY], add), NOW + timedelta(days=2))
        self.assertIsNone(whole(None, [DAY], add))
        self.assertIsNone(whole(NOW, None, add))
        self.assertIsNone(whole(NOW, [DAY, DAY], lambda *_args: None))

    def test_late(self):
        """At its very second it has not passed; what was late stays so."""
        self.assertFalse(was_late(NOW, NOW))
        self.assertTrue(was_late(NOW, NOW + timedelta(seconds=1)))
        self.assertFalse(was_late(None, NOW))
        self.assertTrue(was_late(None, NOW, True))
