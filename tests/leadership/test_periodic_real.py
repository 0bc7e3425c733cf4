"""With what is really counted, end to end."""

from odoo.tests import tagged

from ...tools.periods import Period
from ..rig.counted import PeriodicCase


@tagged("-at_install", "post_install")
class TestPeriodicReal(PeriodicCase):
    def test_a_month_as_it_happened(self):
        """14/11 23:59 is November's, 15/11 00:00 is not."""
        self.env["civic.report"].search([])._elevated().write(
            {"received_at": "2030-01-01 00:00:00"}
        )
        self.move_to("2026-11-02 08:00")
        self.walk_to("done")
        late = self.walk_to("processing")
        self.move_to("2026-11-14 23:59")
        self.make_report()
        self.move_to("2026-11-15 00:00")
        self.make_report()
        self.move_to("2026-11-16 08:30")
        report = self.opened()
        report.draft()
        [whole] = self.lines(report, "whole")
        figures = whole.figures
        self.assertEqual((figures["received"], figures["done"]), (3, 1))
        self.assertEqual(figures["open"], 2)
        [agency] = self.lines(report, "agency")
        self.assertEqual(agency.figures["given"], 2)
        self.assertEqual(agency.figures["overdue"], 1)
        [line] = [row for row in self.lines(report, "late") if row.key > 0]
        self.assertEqual(line.label, late.name)
        self.assertEqual(line.key, late.assignment_ids.id)
        for table in report._tables():
            self.assertTrue(table.texts() or table.dimension in ("late",))

    def test_a_day(self):
        self.move_to("2026-11-16 08:30")
        self.walk_to("processing")
        self.move_to("2026-11-16 17:00")
        kind = self.env.ref("civic_report.periodic_st_day_centre")
        day = self.company._civic_today()
        report = self.opened(kind, Period("day", day, day))._elevated()
        report._fill()
        numbers = dict(report._day_numbers())
        self.assertTrue(numbers["Đã phân phối"])
        self.assertIn("trong ngày", numbers["Tiếp nhận"])
