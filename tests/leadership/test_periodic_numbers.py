"""Numbers of periodic reports: from 01 each year, a series for each issuer."""

from odoo.tests import tagged

from ...tools.periods import closing_period
from ..rig.counted import PeriodicCase


@tagged("-at_install", "post_install")
class TestPeriodicNumbers(PeriodicCase):
    def issued_on(self, moment, name="hue_month_department"):
        self.move_to(moment)
        kind = self.env.ref(f"civic_report.periodic_{name}")
        self.fake_facts()
        today = self.company._civic_today()
        report = self.opened(kind, closing_period(kind.period_kind, today, 14))
        report.draft()
        report.with_user(self.second_manager).approve()
        report.issue()
        return report.number

    def test_from_01_each_year(self):
        numbers = [
            self.issued_on(moment)
            for moment in (
                *("2026-11-16 10:00", "2026-12-31 23:59"),
                *("2027-01-15 00:00", "2027-02-16 09:00"),
            )
        ]
        self.assertEqual(
            numbers, ["01/BC-STTTT", "02/BC-STTTT", "01/BC-STTTT", "02/BC-STTTT"]
        )

    def test_the_year_begins_where_the_province_is(self):
        """00:30 of 1 January in Viet Nam is 31 December in UTC."""
        self.issued_on("2026-12-31 10:00")
        number = self.issued_on("2027-01-01 00:30", "hue_quarter_department")
        self.assertEqual(number, "01/BC-STTTT")

    def test_each_issuer_has_its_own(self):
        self.assertEqual(self.issued_on("2026-11-16 10:00"), "01/BC-STTTT")
        self.assertEqual(
            self.issued_on("2026-11-16 10:01", "hue_month_centre"), "01/BC-TT"
        )
        self.assertEqual(
            self.issued_on("2026-11-16 10:02", "hue_week_centre"), "02/BC-TT"
        )

    def test_drawn_at_issue_and_not_before(self):
        first, second = (
            self.opened(),
            self.opened(
                self.env.ref("civic_report.periodic_hue_quarter_department"),
                closing_period("quarter", self.company._civic_today(), 14),
            ),
        )
        self.fake_facts()
        for report in (first, second):
            report.draft()
            report.with_user(self.second_manager).approve()
            self.assertFalse(report.number)
        second.issue()
        first.issue()
        self.assertEqual(second.number, "01/BC-STTTT")
        self.assertEqual(first.number, "02/BC-STTTT")

    def test_after_a_savepoint_that_was_undone(self):
        """The lock is still held then: nobody waits for oneself, no number is lost."""
        with self.assertRaises(ValueError), self.env.cr.savepoint():
            self.issued_on("2026-11-16 10:00")
            raise ValueError("undone")
        self.env.invalidate_all()
        self.assertEqual(self.issued_on("2026-11-16 11:00"), "01/BC-STTTT")

    def test_letters_of_agencies_are_another_series(self):
        """Both in one transaction: neither takes the other's last number."""
        self.procedure.letter_form = "official"
        letters = [self.walk_to("resolved").assignment_ids for _n in range(3)]
        self.assertEqual(letters[-1].letter_number, "03/SXD")
        self.assertEqual(self.issued_on("2026-11-16 11:00"), "01/BC-STTTT")

    def test_two_provinces_count_for_themselves(self):
        self.issued_on("2026-11-16 10:00")
        other = self.env["res.company"].create(
            {"name": "Tỉnh khác", "civic_procedure_id": self.procedure.id}
        )
        report = self.env["civic.periodic.report"]._open_periods(
            [(self.kind, closing_period("month", self.company._civic_today(), 14))],
            other,
        )
        self.assertEqual(report._next_in_series(2026), 1)
