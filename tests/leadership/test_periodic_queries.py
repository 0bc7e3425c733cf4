"""Drafting costs the same for one agency as for a hundred."""

from odoo.tests import tagged
from odoo.tools import SQL

from ..rig.counted import AGENCY, PeriodicCase


@tagged("-at_install", "post_install")
class TestPeriodicQueries(PeriodicCase):
    def count(self, agencies, matters):
        counted = self.counted_of({agency: dict(AGENCY) for agency in agencies})
        counted["agency_level"] = {}
        late = [self.late_row(part) for part in matters]
        self.fake_facts(counted=counted, late=late)
        report = self.opened()._elevated()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        report._fill()
        self.env.flush_all()
        spent = self.cr.sql_log_count - before
        self.forget_report(report)
        return spent

    def forget_report(self, report):
        """The same period is opened once: the next count wants it again."""
        report.line_ids.unlink()
        for table, column in (
            ("civic_periodic_event", "report_id"),
            ("civic_periodic_report", "id"),
        ):
            self.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE %s = %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    report.id,
                )
            )
        self.env.invalidate_all()

    def agencies(self, number):
        return [
            self.make_agency(
                f"Cơ quan {number}-{n}", f"C{n}", self.handler, self.leader
            )
            for n in range(number)
        ]

    def test_agencies_and_matters(self):
        parts = [self.walk_to("processing").assignment_ids.sudo() for _n in range(12)]
        self.count(self.agencies(1), parts[:1])  # warm
        one = self.count(self.agencies(1), parts[:1])
        many = self.count(self.agencies(90), parts)
        self.assertLessEqual(many, one + 2, "one batch more, nothing for each")
        self.assertLessEqual(one, 45)

    def test_tables_read_the_rows_once(self):
        report = self.drafted(
            counted=self.counted_of({agency: {} for agency in self.agencies(40)})
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        report._tables()
        self.assertLessEqual(self.cr.sql_log_count - before, 20)
