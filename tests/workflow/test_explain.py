"""Every deadline explains itself: to officers in full, to citizens in one line."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..rig.common import CivicCase, local
from ..rig.walks import written_notice


@tagged("-at_install", "post_install")
class TestExplain(CivicCase):
    def lines(self, step, user=None):
        return step.with_user(user or self.handler).explain()

    def test_working_days_with_their_article(self):
        with self.at("2026-10-16 10:00"):
            report = self.walk_to("accepted")
        process = self.step_of(report, "process")
        lines = self.lines(process)
        decision = "Điều 7.3, 43/2020/QĐ-UBND ngày 04/8/2020"
        self.assertEqual(lines[0], f"Limit: 6 working day(s) ({decision})")
        self.assertIn("Calendar: ", lines[1])
        self.assertEqual(
            lines[2:],
            [
                "Counted from 16/10/2026 10:00",
                "The day of the start, Fri 16/10, does not count",
                "No work: Sat 17/10 – Sun 18/10",
                "5 working day(s): Mon 19/10 – Fri 23/10",
                "No work: Sat 24/10 – Sun 25/10",
                "1 working day(s): Mon 26/10",
                "Due: 26/10/2026 17:00",
            ],
        )

    def test_working_hours_and_a_day_off_by_its_name(self):
        calendar = self.company._civic_calendar()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Ngày lễ của tỉnh",
                "calendar_id": calendar.id,
                "date_from": local("2026-10-19 00:00"),
                "date_to": local("2026-10-19 23:59"),
            }
        )
        with self.at("2026-10-16 16:30"):
            report = self.make_report()
        lines = self.lines(self.step_of(report, "intake"), self.operator)
        self.assertEqual(
            lines[2:],
            [
                "Counted from 16/10/2026 16:30",
                "0.5 h: afternoon of Fri 16/10",
                "No work: Sat 17/10 – Sun 18/10",
                "No work: Mon 19/10 · Ngày lễ của tỉnh",
                "0.5 h: morning of Tue 20/10",
                "Due: 20/10/2026 08:00",
            ],
        )

    def test_delay_that_earns_no_time(self):
        with self.at("2026-10-12 10:00"):
            report = self.walk_to("processing")
        with self.at("2026-10-14 10:00"):
            report.assignment_ids.with_user(self.handler).accept()
        lines = self.lines(self.step_of(report, "process"))
        self.assertIn(
            "Counted from 12/10/2026 10:30, when the duty before it was due: delay "
            "earns no time.",
            lines,
        )

    def test_what_stood_still_while_the_centre_had_it(self):
        with self.at("2026-10-16 10:00"):
            report = self.walk_to("submitted")
        with self.at("2026-10-19 10:00"):
            report.assignment_ids.with_user(self.leader).approve()
        with self.at("2026-10-21 09:00"):
            report.request_fix(report.assignment_ids.ids, "Thiếu ảnh.")
        process = self.step_of(report, "process")
        self.assertLocal(process.deadline, "2026-10-29 17:00")
        lines = self.lines(process)
        self.assertIn(
            "The clock stood still from Fri 16/10 – Wed 21/10: 3 working day(s) given "
            "back, due 29/10/2026 17:00",
            lines,
        )
        self.assertIn("1 working day(s): Mon 26/10", lines)
        self.assertEqual(lines[-1], "Due: 29/10/2026 17:00")
        self.assertFalse([line for line in lines if "has changed" in line])
        words = process._counted_words()[process]
        self.assertEqual(
            words,
            "6 working day(s) from 16/10, not counting Sat, Sun, the clock stood still "
            "for 3 working day(s)",
        )

    def test_held_twice(self):
        with self.at("2026-10-16 10:00"):
            report = self.walk_to("submitted")
        assignment = report.assignment_ids
        for approved, fixed in (("19", "21"), ("22", "23")):
            with self.at(f"2026-10-{approved} 10:00"):
                assignment.with_user(self.leader).approve()
            with self.at(f"2026-10-{fixed} 09:00"):
                report.request_fix(assignment.ids, "Thiếu ảnh.")
                self.submit(assignment)
        process = assignment.step_ids.filtered(lambda step: step.code == "process")[-1]
        lines = self.lines(process)
        self.assertEqual(len([line for line in lines if "stood still" in line]), 2)
        self.assertFalse([line for line in lines if "has changed" in line])

    def test_an_extension(self):
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_st")
        with self.at("2026-11-02 10:00"):
            report = self.walk_to("accepted")
            assignment = report.assignment_ids
            assignment.with_user(self.handler).request_extension(
                *("12/TB của người ký", "2026-11-20", "Phức tạp."),
                written_notice(self.env(user=self.handler)),
            )
            assignment.extension_ids.with_user(self.manager).grant()
        process = self.step_of(report, "process")
        lines = self.lines(process)
        self.assertEqual(
            lines[-2:], ["Extended to 20/11/2026 17:00", "Due: 20/11/2026 17:00"]
        )
        self.assertIn("1 working day(s): Mon 09/11", lines)
        self.assertEqual(
            process._counted_words()[process],
            "5 working day(s) from 02/11, not counting Sat, Sun, extended",
        )

    def test_no_limit_a_lifted_one_and_no_hours(self):
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_bp")
        report = self.walk_to("accepted")
        self.assertEqual(
            self.lines(self.step_of(report, "process")),
            ["The regulation sets no limit: the duty has a clock, no deadline."],
        )
        self.company.civic_procedure_id = self.procedure
        report = self.walk_to("accepted")
        assignment = report.assignment_ids.with_user(self.handler)
        assignment.mark_penalty("Nghị định về xử phạt")
        report.assignment_ids.with_user(self.leader).confirm_penalty()
        lines = self.lines(self.step_of(report, "process"))
        self.assertIn("Limit: 6 working day(s)", lines[0])
        self.assertIn("lifted", lines[-1])
        process = self.step_of(report, "process")
        self.assertEqual(process._counted_words()[process], "")

    def test_at_once_with_a_grace(self):
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_bp")
        fire = self.env["civic.category"].search([("track", "=", "emergency")], limit=1)
        with self.at("2026-10-18 02:00"):
            report = self.make_report(category_id=fire.id)
        lines = self.lines(self.step_of(report, "intake"), self.operator)
        self.assertIn("Limit: at once", lines[0])
        self.assertEqual(lines[-1], "Overdue from 18/10/2026 02:05, after a grace.")

    def test_a_calendar_that_changed_since(self):
        with self.at("2026-10-16 10:00"):
            report = self.walk_to("accepted")
        process = self.step_of(report, "process")
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Nghỉ bù",
                "calendar_id": self.company._civic_calendar().id,
                "date_from": local("2026-10-20 00:00"),
                "date_to": local("2026-10-20 23:59"),
            }
        )
        lines = self.lines(process)
        self.assertIn("has changed since", lines[-2])
        self.assertEqual(lines[-1], "Due: 26/10/2026 17:00")
        self.assertEqual(process._counted_words()[process], "")

    def test_the_calendar_of_the_agency(self):
        calendar = self.company._civic_calendar().copy()
        calendar.name = "Giờ của sở"
        self.agency.calendar_id = calendar
        report = self.walk_to("accepted")
        lines = self.lines(self.step_of(report, "process"))
        self.assertEqual(lines[1], "Calendar: Giờ của sở")

    def test_citizens_read_no_names(self):
        with self.at("2026-10-16 10:00"):
            report = self.walk_to("accepted")
            [duty] = report.sudo()._open_duties()
        self.assertEqual(
            duty["counted"], "6 working day(s) from 16/10, not counting Sat, Sun"
        )

    def test_in_vietnamese(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        with self.at("2026-10-16 16:30"):
            report = self.make_report()
        intake = self.step_of(report, "intake").with_context(lang="vi_VN")
        self.assertIn("0,5 giờ: chiều T6 16/10", intake.account)
        words = intake._counted_words()[intake]
        self.assertEqual(words, "1 giờ làm việc từ 16:30 16/10, không tính T7, CN")

    def test_only_who_sees_the_duty(self):
        report = self.walk_to("accepted")
        process = self.step_of(report, "process")
        for user in (self.other_handler, self.citizen, self.plain):
            with self.assertRaises(AccessError):
                self.lines(process, user)

    def test_from_the_form(self):
        report = self.walk_to("accepted")
        process = self.step_of(report, "process")
        for record in (report, report.assignment_ids.with_user(self.handler)):
            action = record.action_explain_deadline()
            self.assertEqual(action["res_id"], process.id)
        self.assertIn("Due: ", process.with_user(self.handler).account)

    def test_where_no_duty_is_open(self):
        requests = self.env["civic.data.request"].with_user(self.operator)
        asked = requests.open_for(self.reporter.id, "copy", "paper", "CCCD")
        for record in (self.walk_to("done"), requests.browse(asked)):
            with self.assertRaisesRegex(UserError, "No duty is open"):
                record.with_user(self.operator).action_explain_deadline()

    def test_the_same_queries_for_one_as_for_many(self):
        reports = [self.walk_to("accepted") for _ in range(4)]

        def queries(number):
            steps = self.env["civic.step"].browse(
                self.step_of(report, "process").id for report in reports[:number]
            )
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            steps.mapped("account")
            return self.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(1), queries(4))
