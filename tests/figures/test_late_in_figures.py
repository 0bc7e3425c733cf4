"""What was late stays late in every figure (MATRIX §2, for all procedures)."""

from odoo.tests import tagged

from ..rig.common import CivicCase


@tagged("-at_install", "post_install")
class TestLateInFigures(CivicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.figures = cls.env["civic.figure"]
        cls.figures.search([]).unlink()

    def count(self, text):
        with self.at(text):
            self.figures._cron_refresh()

    def row(self, agency=None):
        """(received, handled, on time, overdue, rated) of an agency, or of all."""
        key = agency or self.category
        dimension = "agency" if agency else "category"
        rows = self.figures.search(
            [
                ("company_id", "=", self.company.id),
                ("dimension", "=", dimension),
                ("key", "=", key.id),
            ]
        )
        names = ("received", "handled", "on_time", "overdue", "rated")
        return tuple(sum(rows.mapped(name)) for name in names)

    def part(self, report, agency=None):
        """What an agency has in hand of a report."""
        return report.sudo().assignment_ids.filtered(
            lambda row: (
                row.agency_id == (agency or self.agency)
                and row.state not in ("returned", "dropped")
            )
        )

    def finish(self, part):
        """Submit and approve, as whoever does so in the agency."""
        part.with_user(part.handler_id).sudo(False).submit("Đã vá ổ gà.")
        part.with_user(part.leader_id).sudo(False).approve()

    def answer(self, report, agency=None):
        part = self.part(report, agency)
        part.with_user(part.handler_id).sudo(False).accept()
        self.finish(part)
        report.publish()

    def give_back(self, report, agency=None):
        part = self.part(report, agency)
        part.with_user(part.handler_id).sudo(False).return_wrong("Không phải.")

    def rate(self, report, satisfied=False):
        level = self.procedure.scale_id.level_ids.filtered(
            lambda row: bool(row.is_satisfied) == satisfied
        )
        report.with_user(self.citizen).rate(level[:1].id, "")

    def test_answered_again_in_time(self):
        """Three weeks late, not satisfied, reopened: to the same agency."""
        with self.at("2026-11-02 08:00"):
            report = self.walk_to("accepted")
        with self.at("2026-11-23 08:00"):
            self.submit(report.assignment_ids)
            report.assignment_ids.with_user(self.leader).approve()
            report.publish()
            self.rate(report)
        self.count("2026-11-23 09:00")
        self.assertEqual(self.row(self.agency), (1, 1, 0, 0, 1))
        with self.at("2026-11-24 08:00"):
            report.reopen("Chưa sửa xong.")
        self.count("2026-11-24 08:30")
        self.assertEqual(self.row(self.agency), (1, 1, 0, 0, 0))
        with self.at("2026-11-24 09:00"):
            report.dispatch([self.agency.id])
        self.count("2026-11-24 09:10")
        self.assertEqual(self.row(self.agency), (1, 0, 0, 0, 0), "in hand again")
        with self.at("2026-11-24 09:20"):
            self.answer(report)
            self.rate(report, satisfied=True)
        self.count("2026-11-24 10:00")
        self.assertEqual(self.row(self.agency), (1, 1, 0, 0, 1))
        self.assertEqual(self.row(), (1, 1, 0, 0, 1))

    def test_taken_away(self):
        """Late, and the province names another agency."""
        with self.at("2026-11-02 08:00"):
            report, other = self.walk_to("accepted"), self.walk_to("accepted")
        with self.at("2026-11-03 08:00"):
            other.escalate("Không thống nhất.")
        with self.at("2026-11-23 08:00"):
            report.escalate("Không thống nhất.")
            for each in (report, other):
                each.with_user(self.province_leader).designate(
                    self.other_agency.ids, "Giao phường."
                )
                each.dispatch([self.other_agency.id])
                self.answer(each, self.other_agency)
                self.rate(each)
        self.count("2026-11-23 09:00")
        # What was taken away in time is nobody's part.
        self.assertEqual(self.row(self.agency), (1, 1, 0, 0, 0))
        self.assertEqual(self.row(self.other_agency), (2, 2, 2, 0, 2))
        self.assertEqual(self.row(), (2, 2, 1, 0, 2))
        # Leaders of agencies are told of it (BP Điều 14.3).
        month = self.company._civic_today().replace(2026, 11, 1)
        told = self.env["civic.outbox"]._monthly_figures(self.company, month)
        self.assertEqual(told[self.agency]["on_time"], 0)
        self.assertEqual(told[self.agency]["handled"], 1)

    def test_given_back_late_more_than_once(self):
        """Counted once for a report, however often it was sent there."""
        with self.at("2026-11-02 08:00"):
            report = self.walk_to("processing")
        for day in ("2026-11-05", "2026-11-09"):
            with self.at(f"{day} 08:00"):
                self.give_back(report)
                report.dispatch([self.agency.id])
        with self.at("2026-11-09 08:10"):
            self.give_back(report)
            report.dispatch([self.other_agency.id])
        self.count("2026-11-09 09:00")
        self.assertEqual(self.row(self.agency), (1, 1, 0, 0, 0))
        self.assertEqual(self.row(self.other_agency), (1, 0, 0, 1, 0))

    def test_given_back_after_the_working_day(self):
        """HUE 7.4: taken in at once, returned on the third day."""
        with self.at("2026-11-02 08:00"):
            report = self.walk_to("accepted")
        with self.at("2026-11-05 08:00"):
            self.give_back(report)
            self.assertEqual(
                report.sudo().step_ids.filtered("is_late").mapped("code"),
                ["return_wrong"],
            )
            report.dispatch([self.other_agency.id])
            self.answer(report, self.other_agency)
        self.count("2026-11-05 09:00")
        self.assertEqual(self.row(self.agency), (1, 1, 0, 0, 0))
        self.assertEqual(self.row(self.other_agency), (1, 1, 1, 0, 0))
        self.assertEqual(self.row(), (1, 1, 0, 0, 0))

    def test_a_lead_that_invites_late(self):
        """ST Điều 14.2: one working day; on the third the whole report is late."""
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_st")
        self.complete_sender()
        with self.at("2026-11-02 08:00"):
            report, alone = self.walk_to("accepted"), self.walk_to("done")
            lead = report.assignment_ids.with_user(self.handler)
        with self.at("2026-11-05 08:00"):
            lead.invite([self.other_agency.id], "Phối hợp.")
            co = self.part(report, self.other_agency)
            co.with_user(self.other_handler).sudo(False).accept()
            self.finish(co)
            self.finish(self.part(report))
            report.publish()
        late = report.sudo().step_ids.filtered("is_late")
        self.assertEqual(late.mapped("code"), ["invite"])
        # Whoever needed nobody left the time to invite unused.
        self.assertFalse(alone.sudo().step_ids.filtered("is_late"))
        self.count("2026-11-05 09:00")
        self.assertEqual(self.row(), (2, 2, 1, 0, 0))
        self.assertEqual(self.row(self.agency), (2, 2, 1, 0, 0))

    def test_a_co_agency_that_gives_back_late(self):
        """ST: one working day; the report is late with it."""
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_st")
        self.complete_sender()
        with self.at("2026-11-02 08:00"):
            report = self.walk_to("accepted")
            lead = report.assignment_ids.with_user(self.handler)
            lead.invite([self.other_agency.id], "Phối hợp.")
        with self.at("2026-11-04 08:00"):
            self.give_back(report, self.other_agency)
            late = report.sudo().step_ids.filtered("is_late")
            self.assertEqual(late.mapped("code"), ["co_return"])
            self.finish(self.part(report))
            report.publish()
        self.count("2026-11-05 09:00")
        self.assertEqual(self.row(), (1, 1, 0, 0, 0))

    def test_a_second_part_that_becomes_overdue(self):
        """The report was overdue before: what is counted anew is the month all the
        same."""
        with self.at("2026-11-02 08:00"):
            report = self.make_report()
            report.receive()
            report.dispatch([self.agency.id, self.other_agency.id])
            second = self.part(report, self.other_agency)
            second.with_user(self.other_handler).sudo(False).accept()
        self.count("2026-11-03 08:00")
        self.assertEqual(self.row(self.agency)[3], 1)
        self.assertEqual(self.row(self.other_agency)[3], 0)
        self.count("2026-11-12 08:00")
        self.assertEqual(self.row(self.other_agency)[3], 1)
