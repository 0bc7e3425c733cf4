from odoo.tests import tagged

from ..rig.common import CivicCase


@tagged("-at_install", "post_install")
class TestQueryCounts(CivicCase):
    """Queries of the verbs: within the aims, and the same for one as for a hundred."""

    def setUp(self):
        super().setUp()
        # The web client always says for which company it asks.
        self.reports = (
            self.env["civic.report"].with_user(self.operator).with_company(self.company)
        )
        # One whole walk fills the caches of models, rules and data.
        self.walk_to("done", self.make(1))

    def count(self, action):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def make(self, count):
        return self.reports.create([self.report_values() for _ in range(count)])

    def test_create(self):
        """One report with its duty, its event and its code."""
        self.assertLessEqual(self.count(lambda: self.make(1)), 14)

    def test_create_batch(self):
        """At most 0.3 queries a report."""
        self.assertLessEqual(self.count(lambda: self.make(100)), 30)

    def test_verbs_in_batches(self):
        """A hundred state changes cost what one costs."""
        one, many = self.make(1), self.make(100)
        limits = {
            "receive": 20,
            "dispatch": 40,
            "accept": 40,
            "submit": 42,
            "approve": 55,
        }
        actions = {
            "receive": lambda reports: reports.receive,
            "dispatch": lambda reports: lambda: reports.dispatch([self.agency.id]),
            "accept": lambda reports: self.assignments(reports, self.handler).accept,
            "submit": lambda reports: (
                lambda: self.assignments(reports, self.handler).submit("Đã xử lý xong.")
            ),
            "approve": lambda reports: self.assignments(reports, self.leader).approve,
        }
        for verb, action in actions.items():
            alone, together = self.count(action(one)), self.count(action(many))
            with self.subTest(verb=verb, alone=alone, together=together):
                self.assertLessEqual(together, limits[verb])
                self.assertLessEqual(together, alone + 3)

    def test_telling(self):
        """What is told of a transition costs one statement, and three to know when
        citizens may be told, however many are told."""
        batches = [self.make(number) for number in (1, 100, 1)]
        told = [self.count(batch.receive) for batch in batches[:2]]
        self.env["civic.notice"].search([]).active = False
        batches[2].receive()  # the notices in use are read anew
        silent = [self.count(self.make(number).receive) for number in (1, 100)]
        one, many = (told[0] - silent[0], told[1] - silent[1])
        self.assertLessEqual(one, 4)
        self.assertEqual(one, many)

    def assignments(self, reports, user):
        return reports.assignment_ids.with_user(user)
