"""What cannot be timed comes in and is handled all the same; somebody is told."""

from datetime import date, datetime, timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.site.submission import Sending
from ..rig.common import CivicCase
from ..rig.walks import written_notice

QUIET = "odoo.addons.civic_report.models.province.calendar"


@tagged("-at_install", "post_install")
class TestUntimed(CivicCase):
    def without_calendar(self):
        """A company whose settings somebody has cleared."""
        self.procedure.calendar_id = False
        self.company.write({"civic_calendar_id": False, "resource_calendar_id": False})
        self.assertFalse(self.company._civic_calendar())

    def close_for_years(self):
        calendar = self.company._civic_calendar()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Đóng cửa",
                "calendar_id": calendar.id,
                "company_id": self.company.id,
                "date_from": datetime(2026, 1, 1),
                "date_to": datetime(2040, 1, 1),
            }
        )

    def asked(self):
        kind = self.env.ref("civic_report.activity_untimed")
        return self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])

    @mute_logger(QUIET)
    def test_a_company_without_a_calendar(self):
        self.without_calendar()
        report = self.make_report()
        self.assertTrue(report.is_untimed)
        self.walk_to("done", report)
        self.assertFalse(report.sudo().step_ids.filtered("is_late"))
        self.assertEqual(self.env["civic.health"]._health_check_hours().state, "broken")

    @mute_logger(QUIET)
    def test_the_form_of_citizens_works_without_one(self):
        self.without_calendar()
        report = self.env["civic.form"]._submit_sudo(
            Sending(
                {
                    **self.form(),
                    "key": "không lịch",
                },
                [],
                user=self.env["res.users"],
                company=self.company,
            )
        )
        self.assertTrue(report.is_untimed)

    def form(self):
        return {
            "subject": "Cháy chợ",
            "description": "Cháy chợ",
            "address": "Chợ",
            "occurred_at": "2026-01-20T08:15",
            "name": "Người gửi thử",
            "phone": "0912345678",
            "email": "a@example.com",
            "consent": "1",
            # No picture is asked for.
            "danger": "",
        }

    def setUp(self):
        super().setUp()
        self.procedure.require_picture = False

    @mute_logger(QUIET)
    def test_a_closure_of_years(self):
        self.close_for_years()
        report = self.make_report()
        self.assertTrue(report.is_untimed)
        self.walk_to("accepted", report)
        window = report.step_ids.filtered(lambda row: row.code == "return_wrong")
        self.assertTrue(window.is_untimed, "what may be left undone, too")
        self.walk_to_done(report)
        self.assertEqual(self.env["civic.health"]._health_check_hours().state, "broken")

    def walk_to_done(self, report):
        assignment = report.assignment_ids
        self.submit(assignment)
        assignment.with_user(self.leader).send_back("Chưa rõ.")
        self.submit(assignment)
        assignment.with_user(self.leader).approve()
        report.request_fix(assignment.ids, "Sai mẫu.")
        self.submit(assignment)
        assignment.with_user(self.leader).approve()
        report.publish()
        report.with_user(self.citizen).follow_up("Bao giờ?")

    @mute_logger(QUIET)
    def test_it_closes_while_work_is_in_hand(self):
        self.procedure.extension_allowed = True
        report = self.walk_to("accepted")
        assignment = report.assignment_ids
        self.close_for_years()
        deadline = assignment.deadline
        self.assertTrue(deadline)
        assignment.with_user(self.handler).request_extension(
            *("12/CV", date.today() + timedelta(30), "Chờ vật tư."),
            written_notice(self.env(user=self.handler)),
        )
        assignment.extension_ids.with_user(self.manager).grant()
        report.set_track("emergency", "Bắt đầu đổ.")
        report.set_track("normal", "Không đổ.")
        self.walk_to_done(report)

    @mute_logger(QUIET)
    def test_administrators_are_asked_once(self):
        self.close_for_years()
        for _index in range(2):
            self.make_report()
        asked = self.asked()
        self.assertIn(self.administrator, asked.user_id)
        self.assertEqual(len(asked), len(asked.user_id))
        self.assertNotIn(self.operator, asked.user_id)

    def test_nobody_is_asked_where_all_is_well(self):
        self.assertEqual(self.env["civic.health"]._health_check_hours().state, "ok")
        report = self.walk_to("done")
        self.assertFalse(report.is_untimed)
        self.assertFalse(self.asked())

    @mute_logger(QUIET)
    def test_what_the_centre_keeps_of_requests_about_data(self):
        self.close_for_years()
        kind = self.env["civic.data.limit"].search([], limit=1).kind
        requests = self.env["civic.data.request"]
        limit = requests._due_times(self.company, kind, datetime(2026, 11, 16), {})
        self.assertTrue(limit["answer_due"] and limit["fulfil_due"])
