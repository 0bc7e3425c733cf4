from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import tagged

from .live import LiveCase, together

FINDINGS = 4


@tagged("-at_install", "post_install")
class TestConductRaces(LiveCase):
    """Findings recorded at the same moment, each in a transaction of its own."""

    @classmethod
    def set_up_live(cls):
        cls.procedure.violation_limit = FINDINGS - 1
        cls.reports = cls.env["civic.report"].create(
            [cls.report_values() for _index in range(FINDINGS)]
        )

    def test_four_at_once_lock_once(self):
        results = together(FINDINGS, self.find)
        self.assertEqual(results, [True] * FINDINGS)
        self.commit()
        self.assertEqual(self.reporter.violation_count, FINDINGS)
        self.assertEqual(len(self.reporter.lock_ids), 1)
        self.assertTrue(self.reporter.is_locked)
        codes = self.reports.event_ids.mapped("code")
        self.assertEqual(codes.count("lock"), 1)
        self.assertEqual(codes.count("mark_violation"), FINDINGS)

    def find(self, index, wait):
        """What the server does of one request, retries included."""
        with db_connect(self.database).cursor() as cr:
            env = self.env(cr=cr, user=self.operator.id, su=False)
            report = self.reports[index].with_env(env)
            wait()
            return retrying(lambda: report.mark_violation("wording", "Xúc phạm."), env)
