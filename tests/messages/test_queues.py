from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ...tools.queues import awake, back_off, fill, gaps


@tagged("-at_install", "post_install")
class TestQueues(BaseCase):
    """When to try again, when to tell people, and texts with gaps."""

    def test_waits_double_up_to_a_limit(self):
        longest = timedelta(hours=1)
        waits = [back_off(tries, longest, lambda: 0.5) for tries in range(1, 10)]
        minutes = [wait.total_seconds() / 60 for wait in waits]
        self.assertEqual(minutes, [1, 2, 4, 8, 16, 32, 60, 60, 60])
        self.assertEqual(back_off(1000, longest, lambda: 0.5), longest)
        with self.assertRaises(ValueError):
            back_off(0, longest, lambda: 0.5)

    def test_waits_differ(self):
        longest = timedelta(hours=1)
        self.assertEqual(back_off(3, longest, lambda: 0), timedelta(minutes=3))
        self.assertEqual(back_off(3, longest, lambda: 1), timedelta(minutes=5))

    def test_quiet_hours(self):
        for now, start, end, then in (
            ("2026-11-16 20:59", 21, 7, "2026-11-16 20:59"),
            ("2026-11-16 21:00", 21, 7, "2026-11-17 07:00"),
            ("2026-11-16 03:00", 21, 7, "2026-11-16 07:00"),
            ("2026-11-16 07:00", 21, 7, "2026-11-16 07:00"),
            ("2026-12-31 23:30", 21.5, 6.5, "2027-01-01 06:30"),
            ("2026-11-16 12:30", 12, 13, "2026-11-16 13:00"),
            ("2026-11-16 03:00", 7, 7, "2026-11-16 03:00"),
        ):
            with self.subTest(now=now, start=start, end=end):
                moment = awake(datetime.fromisoformat(now), start, end)
                self.assertEqual(moment, datetime.fromisoformat(then))

    def test_gaps_are_filled_once(self):
        for text, values, filled in (
            ("{code}", {"code": "PA"}, "PA"),
            ("{code} {link}", {"code": "{link}", "link": "x"}, "{link} x"),
            ("a\nGround: {reason}\nb", {}, "a\nb"),
            ("a\n\n{reason}\n\nb", {}, "a\n\nb"),
            ("{code}: {reason}", {"code": "PA"}, "PA:"),
            ("{{code}}", {"code": "7*7"}, "{7*7}"),
            ("{0} %s {Code}", {"code": "x"}, "{0} %s {Code}"),
        ):
            with self.subTest(text=text):
                self.assertEqual(fill(text, values), filled)
        self.assertEqual(gaps("{code} {0} {link}"), {"code", "link"})
