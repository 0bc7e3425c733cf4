"""Early sight: chances against sums by hand, and work against a plain walk."""

import unittest
from datetime import datetime, timedelta
from fractions import Fraction
from math import comb

from hypothesis import given
from hypothesis import strategies as st

from ...tools.sight import adjusted, chance_of, one_in, projected, rising
from ..rig.hours import properties

NOW = datetime(2026, 3, 2, 1, 0)
THIRD = 1 / 3


def exact(recent, total, share):
    """The tail of the binomial distribution, in fractions."""
    return float(
        sum(
            comb(total, count) * share**count * (1 - share) ** (total - count)
            for count in range(recent, total + 1)
        )
    )


class TestRising(unittest.TestCase):
    def test_by_hand(self):
        self.assertAlmostEqual(chance_of(3, 3, THIRD), 1 / 27)
        self.assertAlmostEqual(chance_of(2, 3, THIRD), 7 / 27)
        self.assertEqual(chance_of(0, 9, THIRD), 1.0)
        self.assertEqual(chance_of(4, 3, THIRD), 0.0)

    @properties
    @given(st.integers(0, 60), st.integers(0, 60))
    def test_against_fractions(self, recent, before):
        total = recent + before
        found = chance_of(recent, total, THIRD)
        self.assertAlmostEqual(found, exact(recent, total, Fraction(1, 3)), places=9)

    def test_large_counts(self):
        self.assertLess(chance_of(40_000, 100_000, THIRD), 1e-12)
        self.assertAlmostEqual(chance_of(33_333, 100_000, THIRD), 0.5, places=2)

    def test_one_that_stands_out(self):
        cells = [(("quiet", n), 4, 8) for n in range(300)] + [("flood", 30, 6)]
        rows = rising(cells, THIRD)
        self.assertEqual([row.key for row in rows], ["flood"])
        self.assertEqual(rows[0].compared, 301)
        self.assertAlmostEqual(rows[0].expected, 3.0)

    def test_many_comparisons_are_allowed_for(self):
        """Of a thousand equal cells one in a hundred looks like a rise: none is one."""
        alone = rising([("a", 7, 3)], THIRD)
        self.assertEqual(len(alone), 1)
        crowd = [(n, 4, 8) for n in range(1000)]
        self.assertFalse(rising([("a", 7, 3), *crowd], THIRD))

    def test_too_few_and_too_little(self):
        self.assertFalse(rising([("a", 5, 0)], THIRD))
        self.assertFalse(rising([("a", 110_000, 200_000)], THIRD))

    @properties
    @given(st.lists(st.floats(0, 1), max_size=40))
    def test_adjusted(self, chances):
        """As the step-up rule says it: the largest i with p(i) ≤ i · rate / m."""
        rate = 0.05
        found = adjusted(chances)
        order = sorted(chances)
        kept = max(
            (i for i, p in enumerate(order, 1) if p * len(order) / i <= rate), default=0
        )
        self.assertEqual(sum(row <= rate for row in found), kept)
        for chance, after in zip(chances, found, strict=True):
            self.assertGreaterEqual(after, chance * (1 - 1e-12))

    def test_one_in(self):
        self.assertEqual(one_in(0.05), 20)
        self.assertEqual(one_in(1 / 24_300), 20_000)
        self.assertEqual(one_in(1), 1)
        self.assertEqual(one_in(0), 10**9)


class TestProjected(unittest.TestCase):
    closes = tuple(NOW + timedelta(days=n, hours=9) for n in range(30))

    def due(self, *days):
        return [NOW + timedelta(days=n) for n in days]

    def test_two_a_day(self):
        found = projected(self.due(1, 1, 1, 5), 2, self.closes, NOW)
        self.assertEqual(found, (1, 0, NOW + timedelta(days=1)))

    def test_late_already(self):
        found = projected(self.due(-3, -1, 9), 1, self.closes, NOW)
        self.assertEqual(found, (0, 2, None))

    def test_no_result_for_weeks(self):
        found = projected([*self.due(4, 2), None], 0, self.closes, NOW)
        self.assertEqual(found, (2, 0, NOW + timedelta(days=2)))

    def test_beyond_the_days_that_are_known(self):
        found = projected(self.due(*range(20, 60)), 0.1, self.closes, NOW)
        self.assertGreater(found.late, 30)

    @properties
    @given(
        st.lists(st.integers(-5, 40), max_size=40),
        st.floats(0.1, 9),
        st.floats(0.1, 9),
    )
    def test_a_quicker_pace_is_never_worse(self, days, pace, more):
        due = self.due(*days)
        slow = projected(due, pace, self.closes, NOW)
        quick = projected(due, pace + more, self.closes, NOW)
        self.assertLessEqual(quick.late, slow.late)
        self.assertEqual(quick.overdue, sum(day < 0 for day in days))
