"""From when the time is counted for which identities are kept, and whose is not over.

What came in and what ended lie years apart here: where they coincide, a wrong count
looks right.
"""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged

from ..rig.privacy import DataRequestCase

YEARS = 5  # of the procedure
MOMENT = timedelta(seconds=1)


@tagged("-at_install", "post_install")
class TestRetentionCounted(DataRequestCase):
    def setUp(self):
        super().setUp()
        self.assertEqual(self.procedure.retention_years, YEARS)
        self.made("2026-01-01")

    def made(self, day, reporter=None):
        """The database dates rows by its own clock, which the test does not hold."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE civic_reporter SET create_date = %s WHERE id = %s",
            [day, (reporter or self.reporter).id],
        )
        self.env.invalidate_all()

    def is_due(self, moment, reporter=None):
        self.frozen.move_to(moment)
        self.env.invalidate_all()
        found = self.env["civic.reporter"].search([("is_over_retention", "=", True)])
        return (reporter or self.reporter) in found

    def one_night(self, **options):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["civic.reporter"]._cron_retention(**options)
        self.env.invalidate_all()

    def assertDueAfter(self, moment, reporter=None):
        """Over exactly so many years after a moment."""
        over = moment + relativedelta(years=YEARS)
        self.assertFalse(self.is_due(over - MOMENT, reporter))
        self.assertTrue(self.is_due(over, reporter))

    def closed_after(self, **delay):
        report = self.walk_to("resolved")
        self.go(**delay)
        report.publish()
        self.assertGreaterEqual(report.closed_at, report.received_at + timedelta(1))
        return report

    def test_from_when_a_report_was_closed_not_from_when_it_came(self):
        report = self.closed_after(days=400)
        self.assertFalse(self.is_due(report.received_at + relativedelta(years=YEARS)))
        self.assertDueAfter(report.closed_at)

    def test_from_the_last_of_several(self):
        first = self.closed_after(days=1)
        self.go(days=30)
        last = self.closed_after(days=60)
        self.assertLess(first.closed_at, last.closed_at)
        self.assertDueAfter(last.closed_at)

    def test_of_reports_closed_before_that_was_noted(self):
        """Taken over from elsewhere they have no such time: when they came counts."""
        report = self.closed_after(days=400)
        report._elevated().closed_at = False
        self.assertDueAfter(report.received_at)

    def test_never_sent_anything(self):
        other = self.env["civic.reporter"].create({"name": "Chỉ gọi hỏi"})
        self.made("2026-03-01 07:00", other)
        self.assertDueAfter(fields.Datetime.now().replace(2026, 3, 1, 7, 0), other)

    def test_another_s_report_keeps_nobody(self):
        other = self.env["civic.reporter"].create({"name": "Người khác"})
        self.made("2026-01-01", other)
        self.make_report(reporter_id=other.id)
        self.assertTrue(self.is_due(fields.Datetime.now().replace(2032, 1, 1)))
        self.assertFalse(self.is_due(fields.Datetime.now(), other))

    def test_who_was_asked_about_by_an_authority(self):
        """While somebody may look at the identity, it is there."""
        disclosure = self.by_authority()
        self.as_user(disclosure, self.manager).decide_by_law("Điều 19.1b", "Vụ án.")
        report = disclosure.report_id
        report.with_user(self.operator).refuse("incomplete", "Thiếu.")
        self.made("2026-01-01")
        over = report.closed_at + relativedelta(years=YEARS)
        self.assertEqual(disclosure.state, "granted")
        disclosure._elevated().expires_at = over + timedelta(days=3)
        self.assertFalse(self.is_due(over))
        self.assertTrue(self.is_due(over + timedelta(days=3)))

    def test_each_province_has_its_own_figure(self):
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        other.civic_procedure_id = self.procedure.copy(
            {"name": "Quy chế khác", "code": "KHAC", "company_id": other.id}
        )
        other.civic_procedure_id.retention_years = YEARS + 5
        theirs = self.env["civic.reporter"].create(
            {"name": "Người tỉnh khác", "company_id": other.id}
        )
        self.made("2026-01-01", theirs)
        both = self.env["civic.reporter"].with_context(
            allowed_company_ids=[self.company.id, other.id]
        )

        def due(year):
            self.frozen.move_to(fields.Datetime.now().replace(year, 1, 2))
            self.env.invalidate_all()
            found = both.search([("is_over_retention", "=", True)])
            return found & (self.reporter | theirs)

        self.assertEqual(due(2031), self.reporter)
        self.assertEqual(due(2036), self.reporter | theirs)
        not_due = both.search([("is_over_retention", "=", False)])
        self.assertFalse(not_due & (self.reporter | theirs))

    def test_batch_after_batch(self):
        people = self.reporter
        for number in range(4):
            people |= self.env["civic.reporter"].create({"name": f"Người {number}"})
        for person in people:
            self.made("2026-01-01", person)
        self.company.with_user(self.manager).action_civic_begin_retention()
        self.frozen.move_to(fields.Datetime.now().replace(2031, 1, 2))
        kept = people[1]
        kept.with_user(self.manager).hold("Vụ án.")
        left = []
        for _night in range(4):
            self.one_night(batch=2)
            left.append(len(people.filtered(lambda row: not row.anonymised_at)))
        self.assertEqual(left, [3, 1, 1, 1])
        self.assertFalse(kept.anonymised_at)

    def test_where_nobody_has_begun_nothing_goes(self):
        """One province has, the other has not."""
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        other.civic_procedure_id = self.procedure
        theirs = self.env["civic.reporter"].create(
            {"name": "Người tỉnh khác", "company_id": other.id}
        )
        self.made("2026-01-01", theirs)
        self.company.with_user(self.manager).action_civic_begin_retention()
        self.frozen.move_to(fields.Datetime.now().replace(2031, 1, 2))
        self.one_night()
        self.assertTrue(self.reporter.anonymised_at)
        self.assertFalse(theirs.anonymised_at)
