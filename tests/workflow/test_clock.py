from odoo.tests import tagged

from ..rig.clock import ClockCase
from ..rig.common import local


@tagged("-at_install", "post_install")
class TestClock(ClockCase):
    """The pass of every minute: marks, warnings, the ladder; each once."""

    def levels(self, step):
        alerts = self.env["civic.alert"].search([("step_id", "=", step.id)])
        return sorted(alerts.mapped("level"))

    def in_hand(self):
        with self.at("2026-11-16 10:00"):
            report = self.walk_to("accepted")
        return report, self.step_of(report.assignment_ids, "process")

    def test_ladder_rung_by_rung(self):
        _report, step = self.in_hand()
        # Six working days, 24 November off: Wednesday the 25th at 17:00.
        self.assertLocal(step.deadline, "2026-11-25 17:00")
        # Monday from 10:00: 5.5 h; then six days of 8 h: 53.5 h. Half, 26.75 h: 21.5 h
        # until Wednesday's close, 5.25 h on Thursday.
        self.assertLocal(step.half_at, "2026-11-19 14:15")
        # 80 %, 42.8 h: 37.5 h until Friday's close, 5.3 h on Monday the 23rd.
        self.assertLocal(step.most_at, "2026-11-23 14:18")
        self.assertEqual(self.beat("2026-11-19 14:15"), [])
        self.assertEqual(
            self.beat("2026-11-19 14:15:01"), [("civic_handler", "1 due soon")]
        )
        self.assertEqual(self.beat("2026-11-19 14:16"), [], "once")
        self.assertEqual(
            self.beat("2026-11-23 14:19"), [("civic_handler", "1 due soon")]
        )
        self.assertEqual(self.beat("2026-11-25 17:00"), [])
        self.assertEqual(
            self.beat("2026-11-25 17:00:01"),
            [("civic_handler", "1 overdue"), ("civic_leader", "1 overdue")],
        )
        # The Centre four hours later, the province after a day.
        centre = self.beat("2026-11-25 21:01")
        self.assertIn(("civic_manager", "1 overdue"), centre)
        self.assertNotIn("civic_handler", dict(centre))
        self.assertEqual(
            self.beat("2026-11-26 17:01"), [("civic_province_leader", "1 overdue")]
        )
        self.assertEqual(self.beat("2027-01-01 00:00"), [])
        self.assertEqual(self.levels(step), [1, 2, 3, 4, 5])

    def test_outage_climbs_at_once(self):
        """Older warnings are moot; everybody on the way is told once."""
        _report, step = self.in_hand()
        told = dict(self.beat("2026-12-01 08:00"))
        self.assertEqual(self.levels(step), [5])
        for login in ("handler", "leader", "manager", "province_leader"):
            self.assertEqual(told[f"civic_{login}"], "1 overdue")

    def test_digest_and_batches(self):
        with self.at("2026-11-16 10:00"):
            for _index in range(3):
                self.walk_to("accepted")
        # As many passes as batches; every duty once.
        self.beat("2026-11-25 18:00", batch=2)
        steps = self.env["civic.step"].search([("code", "=", "process")])
        self.assertEqual(set(steps.mapped("alert_level")), {3})
        self.assertEqual(len(self.env["civic.alert"].search([("level", "=", 3)])), 3)
        self.assertEqual(self.beat("2026-11-25 18:01"), [])

    def test_ended_and_optional_duties_are_silent(self):
        report, step = self.in_hand()
        with self.at("2026-11-16 11:00"):
            report.assignment_ids.with_user(self.handler).submit("Đã xong.")
        self.beat("2026-11-17 09:00")
        self.assertFalse(self.levels(step))
        window = report.step_ids.filtered(lambda row: row.code == "return_wrong")
        self.assertFalse(self.levels(window))
        self.assertFalse(window.alert_at)

    def test_at_once_is_overdue_after_its_grace(self):
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_bp")
        with self.at("2026-11-14 23:00"):
            report = self.make_report(
                category_id=self.env.ref("civic_report.category_emergency").id
            )
            self.assertLocal(report.deadline, "2026-11-14 23:00")
        step = self.step_of(report, "intake")
        self.beat("2026-11-14 23:05")
        self.assertFalse(self.levels(step))
        with self.at("2026-11-14 23:05"):
            self.assertFalse(step.is_overdue)
        self.beat("2026-11-14 23:05:01")
        self.assertEqual(self.levels(step), [4], "the Centre at once")

    def test_without_a_limit_it_is_reminded_of_and_never_overdue(self):
        """Follow-ups in Sóc Trăng: no time in the text, five days as a house figure."""
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_st")
        with self.at("2026-11-09 10:00"):
            report = self.walk_to(
                "done", self.make_report(category_id=self.category.id)
            )
            report.with_user(self.citizen).follow_up("Bao giờ thi công?")
        step = self.step_of(report.assignment_ids, "interaction")
        self.assertFalse(step.deadline or step.is_untimed)
        holder = step.user_id.login
        self.assertEqual(self.beat("2026-11-16 17:00"), [])
        self.assertEqual(self.beat("2026-11-16 17:00:01"), [(holder, "1 due soon")])
        self.assertEqual(self.beat("2026-11-23 17:00:01"), [(holder, "1 due soon")])
        self.assertEqual(self.beat("2027-03-01 08:00"), [])
        self.assertFalse(step.is_overdue)
        labels = self.env["civic.alert"].search([("step_id", "=", step.id)])
        self.assertEqual(len(set(labels.mapped("label"))), 1)
        self.assertIn("no regulation", labels[0].label)
        self.company.civic_procedure_id.interaction_reminder_days = 0
        with self.at("2026-11-09 11:00"):
            report.with_user(self.citizen).follow_up("Và vỉa hè?")
        other = (
            report.sudo().step_ids.filtered(lambda row: row.code == step.code) - step
        )
        self.assertTrue(other)
        self.assertFalse(other.alert_at)

    def test_one_rule_to_the_second(self):
        """Mark, search, lateness, what may be returned and the alert agree: at 17:00:00
        it is in time, a second later it is late."""
        report, step = self.in_hand()
        assignment = report.assignment_ids
        window = report.step_ids.filtered(lambda row: row.code == "return_wrong")
        for text, is_late in (
            ("2026-11-25 16:59:59", False),
            ("2026-11-25 17:00:00", False),
            ("2026-11-25 17:00:01", True),
        ):
            with self.subTest(text), self.at(text):
                self.env.invalidate_all()
                for record in (step, assignment, report):
                    self.assertEqual(record.is_overdue, is_late, record)
                    late = [("id", "=", record.id), ("is_overdue", "=", True)]
                    self.assertEqual(bool(record.search(late)), is_late, record)
                    rest = [("id", "=", record.id), ("is_overdue", "=", False)]
                    self.assertEqual(bool(record.search(rest)), not is_late, record)
                with self.env.cr.savepoint() as savepoint:
                    step.with_env(report._elevated().env)._close("done")
                    self.assertEqual(step.is_late, is_late)
                    savepoint.rollback()
                self.env.invalidate_all()
            self.beat(text)
            self.assertEqual(3 in self.levels(step), is_late, text)
        for second, is_returnable in ((":00", True), (":01", False)):
            with self.at(f"2026-11-17 17:00{second}"):
                self.env.invalidate_all()
                self.assertLocal(window.deadline, "2026-11-17 17:00")
                self.assertEqual(assignment.is_returnable, is_returnable)

    def test_constant_queries(self):
        with self.at("2026-11-16 10:00"):
            self.walk_to("accepted")
        counts = []
        for more in (0, 9):
            with self.at("2026-11-16 10:00"):
                for _index in range(more):
                    self.walk_to("accepted")
            with self.env.cr.savepoint() as savepoint:
                self.env.flush_all()
                before = self.cr.sql_log_count
                alerts = self.env["civic.alert"]._raise_due(
                    local("2027-01-01 00:00"), 99
                )
                self.env["civic.alert"]._tell(alerts)
                counts.append(self.cr.sql_log_count - before)
                savepoint.rollback()
        self.assertEqual(len(alerts), 10)
        self.assertLessEqual(counts[1], counts[0])
