"""Warnings of work in hand that is taken over: what lies behind is told to nobody,
the next one comes in its time."""

from datetime import timedelta

from odoo.tests import tagged

from ..rig.frozen import frozen
from ..rig.takeover import LINE, ImportCase

RUNGS = ("half_at", "most_at", "overdue_from", "centre_at", "province_at")


@tagged("-at_install", "post_install")
class TestImportAlerts(ImportCase):
    def step(self, number):
        """The duty of a case in hand, taken over now."""
        done = ("resolved_at", "published_at", "result")
        line = {key: value for key, value in LINE.items() if key not in done}
        line |= {"state": "In hand", "number": number, "deadline": "20/03/2026"}
        self.taken_in(line)
        steps = self.report(number).step_ids
        return steps.filtered(lambda row: row.state == "open")

    def test_at_each_rung_of_the_ladder(self):
        with self.at("2026-03-02 10:00"):
            step = self.step("CŨ-010")
        rungs = [step[name] for name in RUNGS]
        self.assertEqual(rungs, sorted(rungs))
        self.assertEqual((step.alert_level, step.alert_at), (0, rungs[0]))
        for number, rung in enumerate(rungs, 1):
            with self.subTest(number), frozen(rung + timedelta(seconds=1)):
                step = self.step(f"CŨ-01{number}")
                following = rungs[number] if number < len(rungs) else False
                self.assertEqual((step.alert_level, step.alert_at), (number, following))
                alerts = self.env["civic.alert"]
                told = [row[0] for row in alerts._raise_due(step.alert_at or rung, 100)]
                self.assertNotIn(step.id, told)
