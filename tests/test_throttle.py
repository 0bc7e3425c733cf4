"""Floods are stopped, offices behind one address are not."""

import unittest

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.civic_report.tools.throttle import Throttle


class TestThrottle(unittest.TestCase):
    def test_so_many_and_no_more(self):
        throttle = Throttle(limit=3, seconds=60)
        told = [throttle.allows("a", now=second) for second in range(5)]
        self.assertEqual(told, [True, True, True, False, False])

    def test_time_passes(self):
        throttle = Throttle(limit=2, seconds=60)
        moments = (0, 10, 59.9, 60, 69, 70)
        told = [throttle.allows("a", now=moment) for moment in moments]
        self.assertEqual(told, [True, True, False, True, False, True])

    def test_each_address_has_its_own_count(self):
        throttle = Throttle(limit=1, seconds=60)
        self.assertTrue(throttle.allows("a", now=0))
        self.assertTrue(throttle.allows("b", now=0))
        self.assertFalse(throttle.allows("a", now=1))

    def test_memory_is_bounded(self):
        throttle = Throttle(limit=1, seconds=60, max_keys=10)
        for number in range(1000):
            throttle.allows(str(number), now=0)
        self.assertEqual(len(throttle._acts), 10)
        self.assertFalse(throttle.allows("999", now=0), "the latest are remembered")
        self.assertTrue(throttle.allows("0", now=0))

    @given(st.lists(st.integers(0, 300), max_size=60).map(sorted), st.integers(1, 5))
    def test_never_more_than_the_limit_in_any_window(self, moments, limit):
        throttle = Throttle(limit=limit, seconds=60)
        let_in = [moment for moment in moments if throttle.allows("a", now=moment)]
        for moment in let_in:
            window = [other for other in let_in if moment <= other < moment + 60]
            self.assertLessEqual(len(window), limit)
