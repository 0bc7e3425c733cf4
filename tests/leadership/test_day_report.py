"""The quick report of the day sends itself at the close of work (ST Điều 28.1)."""

from datetime import date

from odoo.tests import tagged

from ..rig.common import local
from ..rig.counted import AGENCY, Counted
from ..rig.outbox import OutboxCase


@tagged("-at_install", "post_install")
class TestDayReport(Counted, OutboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.procedure = cls.env.ref("civic_report.procedure_st")
        cls.company.civic_procedure_id = cls.procedure
        cls.complete_sender()
        kinds = cls.procedure.periodic_kind_ids
        kinds.since = False
        cls.kind = cls.env.ref("civic_report.periodic_st_day_centre")
        cls.kind.since = date(2026, 11, 1)
        cls.province_leader.email = "lanh.dao@example.com"

    def setUp(self):
        super().setUp()
        clock = self.at("2026-11-20 08:00")  # a Friday
        self.frozen = clock.start()
        self.addCleanup(clock.stop)
        self.part = self.walk_to("processing").assignment_ids.sudo()
        self.fake_facts(late=[self.late_row(self.part)])

    def sent(self, moment):
        self.frozen.move_to(local(moment))
        self.env["civic.periodic.report"]._pass_company(self.company)
        self.env.invalidate_all()
        return self.env["civic.periodic.report"].search([("form", "=", "day")])

    def test_at_the_close_of_work(self):
        self.assertFalse(
            self.sent("2026-11-19 16:59").filtered(self.is_of("2026-11-19"))
        )
        self.assertFalse(
            self.sent("2026-11-20 16:59").filtered(self.is_of("2026-11-20"))
        )
        [report] = self.sent("2026-11-20 17:00").filtered(self.is_of("2026-11-20"))
        self.assertEqual(report.state, "issued")
        self.assertFalse(report.number, "nobody signs it")
        self.assertFalse(report.was_late)
        self.assertFalse(report.issued_by_id)
        self.assertEqual(report.job, "print")

    def is_of(self, day):
        return lambda report: str(report.period_to) == day

    def test_once_and_none_at_the_weekend(self):
        for moment in (
            *("2026-11-20 17:00", "2026-11-20 17:05"),
            *("2026-11-21 18:00", "2026-11-22 18:00", "2026-11-23 16:00"),
        ):
            reports = self.sent(moment)
        self.assertEqual(reports.mapped("period_to"), [date(2026, 11, 20)])
        self.assertEqual(len(self.sent("2026-11-23 17:00")), 2)

    def test_a_saturday_that_is_made_up_for(self):
        calendar = self.company._civic_calendar()
        calendar.civic_makeup_ids = [(0, 0, {"date": "2026-11-21"})]
        reports = self.sent("2026-11-21 17:00")
        self.assertIn(date(2026, 11, 21), reports.mapped("period_to"))

    def test_after_an_outage_the_last_day_alone(self):
        reports = self.sent("2026-11-27 09:00")
        self.assertEqual(reports.mapped("period_to"), [date(2026, 11, 26)])
        self.assertTrue(reports.was_late)

    def test_what_fails_is_tried_again(self):
        def broken(*_arguments, **_options):
            raise ValueError("x")

        facts = self.registry["civic.facts"]
        with self.subTest("fails"):
            count = facts._count
            self.patch(facts, "_count", broken)
            with self.assertLogs("odoo.addons.civic_report", "ERROR"):
                self.assertFalse(self.sent("2026-11-20 17:00"))
        self.patch(facts, "_count", count)
        self.assertTrue(self.sent("2026-11-20 17:05"))

    def test_the_mail_is_the_report(self):
        """Counts and codes; neither what a report says, nor who sent it."""
        self.sent("2026-11-20 17:00")
        self.deliver()
        mails = [mail for mail in self.server.messages if "lanh.dao" in mail["To"]]
        [mail] = mails
        text = mail.get_body(("plain",)).get_content()
        for said in (
            "1. Tiếp nhận: trong ngày 21; luỹ kế tháng 17",
            "2. Không tiếp nhận: 3",
            f"3. Đã phân phối: {AGENCY['given']}",
            "4. Đã công khai, trả lời: 15",
            "5. Đang xử lý: 6",
            "6. Quá hạn: Trung tâm 0; cơ quan 2",
            "7. Khẩn cấp: 1",
            self.part.report_id.name,
            "/odoo/civic-periodic/",
        ):
            self.assertIn(said, text)
        for kept in (self.part.report_id.subject, self.reporter.name, "0912"):
            self.assertNotIn(kept, text)

    def test_only_where_the_text_orders_it(self):
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_hue")
        self.assertFalse(self.sent("2026-11-20 17:00"))
