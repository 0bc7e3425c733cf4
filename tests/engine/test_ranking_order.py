"""In what order agencies stand: rate in time, then satisfaction, then number."""

import unittest

from ...tools.ranking import group_of, ranked, rate


def row(key, on_time, satisfied, number, group="local"):
    return {
        "key": key,
        "group": group,
        "number": number,
        "on_time_rate": on_time,
        "satisfied_rate": satisfied,
    }


class TestRanking(unittest.TestCase):
    def places(self, *rows):
        return [(found["key"], found["place"]) for found in ranked(rows)]

    def test_a_rate_of_nothing_is_none(self):
        self.assertIsNone(rate(0, 0))
        self.assertEqual(rate(0, 3), 0.0)
        self.assertAlmostEqual(rate(2, 3), 200 / 3)

    def test_order(self):
        self.assertEqual(
            self.places(
                row(1, 90.0, 50.0, 10),
                row(2, 95.0, None, 5),
                row(3, 90.0, 60.0, 6),
                row(4, 90.0, 50.0, 11),
            ),
            [(2, 1), (3, 2), (4, 3), (1, 4)],
        )

    def test_few_results_have_no_place(self):
        self.assertEqual(
            self.places(row(1, 100.0, 100.0, 4), row(2, 10.0, None, 5)),
            [(2, 1), (1, None)],
        )

    def test_equal_ones_share_a_place(self):
        self.assertEqual(
            self.places(
                *(row(key, 90.0, None, 6) for key in (1, 2)), row(3, 1.0, 1.0, 9)
            ),
            [(1, 1), (2, 1), (3, 3)],
        )

    def test_without_limits_by_what_senders_say(self):
        """BP: “không quy định”."""
        self.assertEqual(
            self.places(
                row(1, None, 50.0, 9), row(2, None, 80.0, 9), row(3, 1.0, 1.0, 9)
            ),
            [(3, 1), (2, 2), (1, 3)],
        )

    def test_groups_apart(self):
        rows = (row(1, 50.0, 1.0, 9, "department"), row(2, 90.0, 1.0, 9, "local"))
        self.assertEqual(self.places(*rows), [(1, 1), (2, 1)])
        self.assertEqual(group_of("police"), "other")
        self.assertEqual(group_of("local"), "local")
        self.assertEqual(group_of(None), "other")
