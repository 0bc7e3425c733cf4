"""Reports open by themselves at the cut-off; who is warned, and who is told late."""

from datetime import date

from odoo.tests import tagged

from ..rig.counted import PeriodicCase


@tagged("-at_install", "post_install")
class TestPeriodicOpening(PeriodicCase):
    began_at = "2026-11-14 23:59"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.older = cls.env["civic.report"].create(cls.report_values())
        cls.older._elevated().write({"received_at": "2025-01-02 02:00:00"})

    def codes(self):
        found = self.reports().search([])
        return sorted(f"{row.kind_id.code} {row.kind_id.issuer}" for row in found)

    def test_at_the_cut_off(self):
        """14/11 23:59 nothing of November; 15/11 00:00 its reports are open."""
        self.procedure.periodic_kind_ids.since = date(2026, 11, 14)
        self.pass_clock()
        self.assertEqual(self.codes(), [])
        self.pass_clock("2026-11-15 00:00")
        self.assertEqual(
            self.codes(), ["interior department", "month centre", "month department"]
        )
        month = self.reports().search([("kind_id", "=", self.kind.id)])
        self.assertEqual(str(month.period_from), "2026-10-15")
        self.assertEqual(str(month.period_to), "2026-11-14")
        self.assertLocal(month.opened_at, "2026-11-15 00:00")
        self.assertEqual(month.state, "open")
        self.assertFalse(month.drafted_by_id)
        self.pass_clock("2026-11-16 00:00")
        self.assertIn("week centre", self.codes())

    def test_once(self):
        for moment in ("2026-11-15 00:00", "2026-11-15 00:05", "2026-12-14 23:00"):
            self.pass_clock(moment)
        month = self.reports().search([("kind_id", "=", self.kind.id)])
        self.assertEqual(len(month), 1)
        self.pass_clock("2026-12-15 00:00")
        month = self.reports().search([("kind_id", "=", self.kind.id)])
        self.assertEqual(len(month), 2)

    def test_of_what_was_before_nothing_opens(self):
        """Neither from before the regulation, nor from before the first report."""
        self.procedure.periodic_kind_ids.since = date(2026, 11, 15)
        self.pass_clock("2026-11-15 00:00")
        self.assertEqual(self.codes(), [])
        self.procedure.periodic_kind_ids.since = date(2020, 1, 1)
        self.env["civic.report"].search([])._elevated().write(
            {"received_at": "2026-11-20 02:00:00"}
        )
        self.pass_clock("2026-11-21 00:00")
        self.assertEqual(self.codes(), [])

    def test_what_agencies_write_and_what_is_on_demand_does_not(self):
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_bp")
        procedure = self.company.civic_procedure_id
        procedure.period_cutoff_day = 14
        kinds = procedure.periodic_kind_ids
        kinds.write({"since": date(2026, 11, 14), "wants_explanations": False})
        self.pass_clock("2026-11-15 00:00")
        self.assertEqual(self.codes(), ["month centre", "month department"])

    def test_agencies_are_asked_to_explain(self):
        """BP Điều 13.7: with the report; what replaces it asks nobody again."""
        asked = []
        self.patch(
            self.registry["civic.explanation"],
            "_open_for",
            lambda _model, report: asked.append(report),
        )
        self.kind.wants_explanations = True
        self.pass_clock("2026-11-15 00:00")
        [report] = asked
        self.assertEqual(report.kind_id, self.kind)
        self.fake_facts()
        report = report.with_user(self.manager).sudo(False)
        self.kind.wants_explanations = False
        report.draft()
        report.with_user(self.second_manager).approve()
        report.issue()
        self.kind.wants_explanations = True
        report.replace("Sai.")
        self.assertEqual(len(asked), 1)

    def test_until_when_agencies_explain(self):
        """As the kind of explanations of this period says; else with the report."""
        self.move_to("2026-11-15 00:05")
        report = self.opened()
        until = self.env["civic.explanation"]._explain_until
        self.assertEqual(until(report), report.due_at)
        kinds = self.env["civic.periodic.kind"]
        values = {"code": "explain", "issuer": "agency", "name": "Giải trình"}
        values |= {"procedure_id": self.procedure.id, "due_working_days": 3}
        kinds.create({**values, "period_kind": "quarter"})
        self.assertEqual(until(report), report.due_at, "another period's")
        own = kinds.create({**values, "period_kind": "month"})
        # Monday 16, Tuesday 17, Wednesday 18.
        self.assertLocal(until(report), "2026-11-18 17:00")
        self.move_to("2026-11-25 09:00")
        self.assertLocal(until(report), "2026-11-30 17:00")
        own.write({"due_working_days": 0, "due_before_day": 18})
        self.assertFalse(until(report), "its day is gone: nothing is timed")
        self.move_to("2026-11-15 00:05")
        self.assertLocal(until(report), "2026-11-18 00:00")

    def test_another_provinces_fault_is_not_ours(self):
        def broken(_model, company):
            raise ValueError(company.id)

        self.patch(self.registry["civic.periodic.report"], "_warn_of_due", broken)
        with self.assertLogs("odoo.addons.civic_report", "ERROR"):
            self.pass_clock("2026-11-15 00:00")

    def test_by_the_scheduler(self):
        self.move_to("2026-11-15 00:00")
        self.run_cron("cron_periodic")
        self.assertIn("month department", self.codes())


@tagged("-at_install", "post_install")
class TestPeriodicWarnings(PeriodicCase):
    """The report of November is due on Thursday 19 November."""

    def told(self, event=None):
        domain = [("notice_id.event", "like", "periodic_%")]
        if event:
            domain = [("notice_id.event", "=", event)]
        return self.env["civic.outbox"].search(domain, order="id")

    def setUp(self):
        super().setUp()
        self.report = self.opened()
        self.env["civic.report"].search([])._elevated().write(
            {"received_at": "2026-12-01 02:00:00"}
        )

    def test_three_days_and_one_day_before_and_late(self):
        self.pass_clock("2026-11-15 23:59")
        self.assertFalse(self.told())
        self.pass_clock("2026-11-16 00:00")
        first = self.told("periodic_due")
        managers = self.manager | self.second_manager
        self.assertLessEqual(managers, first.user_id)
        group = "civic_report.group_centre_manager"
        self.assertTrue(all(user.has_group(group) for user in first.user_id))
        self.pass_clock("2026-11-17 12:00")
        self.assertEqual(self.told("periodic_due"), first, "each once")
        self.pass_clock("2026-11-18 00:00")
        self.assertEqual(len(self.told("periodic_due")), 2 * len(first))
        self.pass_clock("2026-11-19 23:59")
        self.assertFalse(self.told("periodic_late"))
        self.assertFalse(self.report.is_late)
        self.pass_clock("2026-11-20 00:01")
        late = self.told("periodic_late")
        people = self.manager | self.second_manager | self.province_leader
        self.assertLessEqual(people, late.user_id)
        self.assertTrue(self.report.is_late)
        self.assertIn("late", self.report.event_ids.mapped("verb"))
        self.pass_clock("2026-11-25 00:00")
        self.assertEqual(self.told("periodic_late"), late)

    def test_after_an_outage_only_what_holds_now(self):
        self.pass_clock("2026-11-23 08:00")
        self.assertFalse(self.told("periodic_due"))
        self.assertTrue(self.told("periodic_late"))

    def test_nobody_is_warned_of_what_is_issued(self):
        self.fake_facts()
        self.pass_clock("2026-11-18 08:00")
        self.report.draft()
        self.report.with_user(self.second_manager).approve()
        rows = self.told("periodic_due")
        self.assertFalse(any(row._is_moot() for row in rows))
        self.report.issue()
        self.env.invalidate_all()
        self.assertTrue(all(row._is_moot() for row in rows))
        self.pass_clock("2026-11-23 08:00")
        self.assertFalse(self.told("periodic_late"))
        self.assertFalse(self.report.was_late)

    def test_issued_late(self):
        self.fake_facts()
        self.move_to("2026-11-23 08:00")
        self.report.draft()
        self.report.with_user(self.second_manager).approve()
        self.report.issue()
        self.assertTrue(self.report.was_late)
        self.assertFalse(self.report.is_late)

    def test_found_by_it(self):
        reports = self.reports()
        self.assertNotIn(self.report, reports.search([("is_late", "=", True)]))
        self.move_to("2026-11-23 08:00")
        self.assertIn(self.report, reports.search([("is_late", "=", True)]))
        self.assertNotIn(self.report, reports.search([("is_late", "=", False)]))
