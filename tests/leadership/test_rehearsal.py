"""A draft tried on what happened: counts, the queue, and who may."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.leadership import rehearsal_run
from ...models.leadership.rehearsal_run import Trial
from ...tools.rehearsal import LATE, NONE
from ..rig.common import CivicCase
from ..rig.walks import written_notice


class RehearsalCase(CivicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.procedure.extension_allowed = True
        cls.draft = cls.procedure.copy({"name": "Dự thảo", "code": "draft"})
        cls.rehearsals = cls.env["civic.rehearsal"].with_user(cls.manager)

    def limit_of(self, procedure, code, track="normal"):
        return procedure.limit_ids.filtered(
            lambda row: (row.track, row.step) == (track, code)
        )

    def ask(self, **values):
        with self.at("2026-06-01 08:00"):
            return self.rehearsals.create(
                {
                    "draft_id": self.draft.id,
                    "date_from": "2026-03-01",
                    "date_to": "2026-03-31",
                    **values,
                }
            )

    def counted(self, **values):
        """A rehearsal that has been counted."""
        row = self.ask(**values).sudo()
        with self.at("2026-06-01 08:05"):
            self.assertTrue(row._rehearse(lambda: True))
        self.assertEqual(row.state, "done", row.problem)
        return row

    def line(self, row, dimension, **values):
        [line] = row.line_ids.filtered(
            lambda line: (
                line.dimension == dimension
                and all(line[name] == value for name, value in values.items())
            )
        )
        return line

    # ------------------------------------------------------------------
    # What happened
    # ------------------------------------------------------------------

    def handled(self, day="2026-03-02", submitted="2026-03-06 10:00", **values):
        """A report that went its way: taken in at once, answered some days later."""
        with self.at(f"{day} 08:00"):
            report = self.make_report(**values)
        with self.at(f"{day} 08:30"):
            report = self.walk_to("accepted", report)
        part = report.assignment_ids
        with self.at(submitted):
            self.submit(part)
            part.with_user(self.leader).approve()
            report.publish()
        return report

    def with_troubles(self):
        """Late taking in, sent back, extended, corrected for the Centre, returned."""
        with self.at("2026-03-03 09:00"):
            report = self.walk_to("processing")
            returned = self.walk_to("processing")
        with self.at("2026-03-03 16:00"):
            returned.assignment_ids.with_user(self.handler).return_wrong("Không phải.")
        part = report.assignment_ids
        with self.at("2026-03-05 09:00"):
            part.with_user(self.handler).accept()
        with self.at("2026-03-06 09:00"):
            self.submit(part)
        with self.at("2026-03-06 15:00"):
            part.with_user(self.leader).send_back("Viết rõ hơn.")
        with self.at("2026-03-10 09:00"):
            part.with_user(self.handler).request_extension(
                "12/CV",
                date(2026, 3, 20),
                "Chờ vật tư.",
                written_notice(self.env(user=self.handler)),
            )
            part.extension_ids.with_user(self.operator).grant()
        with self.at("2026-03-19 09:00"):
            self.submit(part)
        with self.at("2026-03-23 09:00"):
            part.with_user(self.leader).approve()
        with self.at("2026-03-25 09:00"):
            report.request_fix(part.ids, "Thiếu ảnh.")
        with self.at("2026-04-02 09:00"):
            self.submit(part)
            part.with_user(self.leader).approve()
            report.publish()
        return report | returned


@tagged("-at_install", "post_install")
class TestRehearsal(RehearsalCase):
    def test_the_same_figures_give_what_was_kept(self):
        """Counted anew, nothing taken as it was."""
        reports = self.handled() | self.with_troubles()
        row = self.ask().sudo()
        with self.at("2026-06-01 08:05"):
            row._begin_rehearsal()
        trial, counted_at = Trial(row, trust=False), row.counted_at
        duties = row._duties_of_reports(reports.ids)
        seen = set()
        for report in reports:
            for one in trial.judge(
                duties[report.id], report.procedure_id.id, report.category_id.id
            ):
                self.assertEqual(one.draft, one.then, one.duty)
                step = self.env["civic.step"].browse(one.duty.id)
                if one.then != NONE:
                    # Lateness is kept when a duty ends: here one is still open.
                    is_overdue = not step.ended_at and step.overdue_from < counted_at
                    is_late = step.is_late or is_overdue
                    self.assertEqual(one.then == LATE, is_late, step.code)
                    seen.add((step.code, step.is_late))
        self.assertIn(("accept", True), seen)
        self.assertIn(("process", False), seen)

    def test_a_shorter_limit(self):
        self.handled()
        self.handled(submitted="2026-03-04 10:00")
        self.limit_of(self.draft, "process").write({"value": 3, "unit": "working_day"})
        row = self.counted()
        whole = self.line(row, "whole")
        self.assertEqual((whole.then_count, whole.then_on_time), (2, 2))
        self.assertEqual((whole.draft_count, whole.draft_on_time), (2, 1))
        agency = self.line(row, "agency", agency_id=self.agency)
        self.assertEqual((agency.lost_count, agency.would_miss), (1, True))
        self.assertEqual(agency.label, self.agency.name)
        centre = self.line(row, "agency", agency_id=self.agency.browse())
        self.assertEqual(centre.lost_count, 0)
        step = self.line(row, "step", code="process")
        self.assertIn("→ 3 working days", step.limits)
        self.assertEqual(self.line(row, "category").category_id, self.category)
        found = row.line_ids.search(
            [("rehearsal_id", "=", row.id), ("would_miss", "=", True)]
        )
        self.assertIn(agency, found)
        self.assertNotIn(centre, found)
        self.assertIn(self.agency.name, row.summary)
        self.assertIn("3 working days", row.owes_otherwise)

    def test_what_only_one_of_both_limits(self):
        self.handled()
        self.limit_of(self.draft, "accept").unlink()
        self.limit_of(self.draft, "publish").unlink()
        self.draft.write({"assign_step": True})
        self.draft.limit_ids = [
            Command.create({"step": "assign", "value": 1, "unit": "hour"})
        ]
        row = self.counted()
        self.assertIn("Take in", row.owes_less)
        self.assertIn("Assign the work", row.not_known)
        self.assertFalse(row.owes_more)

    def test_nothing_of_a_report_changes(self):
        report = self.handled()
        steps = report.step_ids.read()
        self.limit_of(self.draft, "process").value = 1
        self.counted()
        self.env.invalidate_all()
        self.assertEqual(report.step_ids.read(), steps)

    def test_the_result_stays_true_of_what_was_tried(self):
        self.handled()
        row = self.counted()
        names = ["draft_value", "draft_on_time"]
        before = row.line_ids.sorted("id").read(names)
        self.limit_of(self.draft, "process").value = 1
        self.env.invalidate_all()
        self.assertEqual(row.line_ids.sorted("id").read(names), before)
        row.with_user(self.manager).action_again()
        with self.at("2026-06-02 08:00"):
            row._rehearse(lambda: True)
        self.assertEqual(self.line(row, "step", code="process").draft_value, 1)

    def test_days_of_the_period(self):
        for day in ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01"):
            for moment in ("00:00", "23:59"):
                with self.at(f"{day} {moment}"):
                    self.make_report()
        self.assertEqual(self.counted().report_count, 4)

    def test_another_province_is_not_counted(self):
        self.handled()
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        other.with_context(allowed_company_ids=other.ids)._civic_set_up()
        other.civic_procedure_id = self.procedure
        row = self.counted()
        rows = self.env["civic.rehearsal"]
        with self.at("2026-06-01 08:00"):
            beyond = rows.create(
                {
                    "company_id": other.id,
                    "draft_id": self.draft.id,
                    "date_from": "2026-03-01",
                    "date_to": "2026-03-31",
                }
            )
            beyond._rehearse(lambda: True)
        self.assertEqual((row.report_count, beyond.report_count), (1, 0))
        self.assertFalse(beyond.line_ids)
        self.assertNotIn(beyond, self.rehearsals.search([]))

    def test_secret_reports_are_counted_in_the_whole_alone(self):
        report = self.handled()
        report.with_user(self.manager).set_visibility("secret", "Có tin mật.")
        row = self.counted()
        self.assertTrue(self.line(row, "whole").then_count)
        self.assertFalse(row.agency_line_ids | row.category_line_ids)

    def test_queries_do_not_grow_with_reports(self):
        def queries():
            row = self.ask().sudo()
            self.cr.flush()  # what earlier acts tell others, too
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            with self.at("2026-06-01 08:05"):
                row._rehearse(lambda: True)
            return self.cr.sql_log_count - before

        self.handled()
        queries()  # caches
        few = queries()
        for _again in range(6):
            self.handled()
        self.assertEqual(queries(), few)


@tagged("-at_install", "post_install")
class TestRehearsalQueue(RehearsalCase):
    def test_saving_asks_and_wakes_the_job(self):
        cron = self.env.ref("civic_report.cron_rehearsals")
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        row = self.ask()
        self.assertEqual((row.state, row.user_id), ("queued", self.manager))
        self.assertGreater(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]),
            triggers,
        )

    def test_killed_midway_it_goes_on(self):
        for _again in range(3):
            self.handled()
        whole = self.line(self.counted(), "whole")
        row = self.ask().sudo()
        ended, rounds = False, 0
        with patch.object(rehearsal_run, "BATCH", 1):
            while not ended:
                # As a new worker: nothing of the one before is in memory.
                self.env.flush_all()
                self.env.invalidate_all()
                with self.at("2026-06-01 08:05"):
                    ended = row._rehearse(lambda: False)
                rounds += 1
                self.assertEqual(row.done_count, min(rounds, 3))
        self.assertGreaterEqual(rounds, 3)
        again = self.line(row, "whole")
        names = ("then_count", "then_on_time", "draft_count", "draft_on_time")
        self.assertEqual(*([line[name] for name in names] for line in (whole, again)))
        self.assertFalse(row.batch_ids)
        self.assertEqual(row.progress, 100)

    def test_stopped_between_two_batches(self):
        self.handled()
        self.handled()
        row = self.ask()

        def go_on():
            row.action_stop()
            return True

        with patch.object(rehearsal_run, "BATCH", 1), self.at("2026-06-01 08:05"):
            self.assertTrue(row.sudo()._rehearse(go_on))
        self.assertEqual(row.state, "stopped")
        self.assertFalse(row.line_ids | row.sudo().line_ids)
        self.assertFalse(row.sudo().batch_ids)

    def test_one_that_fails_does_not_stop_the_next(self):
        self.handled()
        first, second = self.ask().sudo(), self.ask().sudo()
        judge = Trial.judge

        def fail_once(trial, *args):
            Trial.judge = judge
            raise ZeroDivisionError

        with (
            patch.object(Trial, "judge", fail_once),
            self.at("2026-06-01 08:05"),
            self.assertLogs("odoo.addons.civic_report", "ERROR"),
        ):
            first._rehearse(lambda: True)
            second._rehearse(lambda: True)
        self.assertEqual((first.state, second.state), ("failed", "done"))
        self.assertIn("ZeroDivisionError", first.summary)
        self.assertFalse(first.line_ids)

    def test_sensible_questions_alone(self):
        for values in (
            {"date_from": "2026-04-01"},
            {"date_to": "2026-06-01"},
            {"date_from": "2020-01-01"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.ask(**values)

    def test_what_was_asked_stays(self):
        row = self.ask()
        for values in ({"date_to": "2026-03-30"}, {"state": "done"}, {"owed": []}):
            with self.subTest(values), self.assertRaises(UserError):
                row.write(values)
        with self.assertRaises(UserError):
            row.unlink()
        row.action_stop()
        row.unlink()
        forged = self.rehearsals.with_context(default_state="done")
        with self.at("2026-06-01 08:00"):
            made = forged.create(
                {
                    "draft_id": self.draft.id,
                    "date_from": "2026-03-01",
                    "date_to": "2026-03-31",
                }
            )
        self.assertEqual(made.state, "queued")

    def test_who_may(self):
        self.handled()
        row = self.counted()
        for user in (self.operator, self.handler, self.leader, self.coordinator):
            with self.subTest(user.login):
                self.assertFalse(row.with_user(user).has_access("read"))
        seen = row.with_user(self.province_leader).sudo(False)
        self.assertTrue(seen.summary)
        self.assertTrue(seen.agency_line_ids.mapped("label"))
        with self.assertRaises(AccessError):
            seen.action_again()
        with self.assertRaises(AccessError):
            self.env["civic.rehearsal"].with_user(self.province_leader).create(
                {
                    "draft_id": self.draft.id,
                    "date_from": "2026-03-01",
                    "date_to": "2026-03-31",
                }
            )
        with self.assertRaises(AccessError):
            row.line_ids.with_user(self.manager).write({"lost_count": 0})

    def test_screens_open(self):
        self.handled()
        row = self.counted()
        for user in (self.manager, self.administrator, self.province_leader):
            seen = row.with_user(user).sudo(False)
            views = seen.get_views(
                [(False, "form"), (False, "list"), (False, "kanban")]
            )
            fields = views["models"]["civic.rehearsal"]["fields"]
            seen.web_read({name: {} for name in fields})
            action = seen.action_results()
            self.assertEqual(action["domain"], [("rehearsal_id", "=", row.id)])
