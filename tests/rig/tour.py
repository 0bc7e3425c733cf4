"""A report's whole way through browsers."""

from contextlib import contextmanager
from unittest.mock import patch

from ...models.province import company
from ...models.workflow.door import CivicDoor
from .common import local, local_text
from .site import WebsiteCase

SUBJECT = "Ổ gà trước cổng trường"


class TourCase(WebsiteCase):
    """A report's whole way, by five people in browsers of their own.

    Monday 31 August to Wednesday 2 September 2026 are days off, and so are the weekends
    before and after. All deadlines here were counted by hand.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # English words, dates as officers in Viet Nam read them.
        cls.env.ref("base.lang_en").write(
            {"date_format": "%d/%m/%Y", "time_format": "%H:%M:%S"}
        )
        # The place suggests the agency; the operator ticks it.
        cls.agency.ward_ids = cls.ward

    @contextmanager
    def at(self, text):
        """Set the workflow's time alone: browsers and sessions live in the real one."""
        moment = local(text)
        with (
            patch.object(CivicDoor, "_now", lambda _self: moment),
            patch.object(company, "now_of", lambda _env: moment),
        ):
            yield

    def authenticate(self, user, password, *, browser=None, **options):
        """Sign in; the browser stands in Viet Nam."""
        if browser:
            browser._websocket_request(
                "Emulation.setTimezoneOverride",
                params={"timezoneId": "Asia/Ho_Chi_Minh"},
            )
        return super().authenticate(user, password, browser=browser, **options)

    def tour(self, name, path, user, moment):
        """Let a person do a part of the job in a browser at a local time."""
        with self.at(moment):
            self.start_tour(path, f"civic_report.{name}", login=user and user.login)
        self.env.invalidate_all()

    def assertDuties(self, report, **deadlines):
        """Compare the open duties, and when each is due in local time."""
        steps = report.step_ids.filtered(lambda step: step.state == "open")
        due = {step.code: local_text(step.deadline) for step in steps}
        self.assertEqual(due, deadlines)

    def assertOnTime(self, report):
        late = report.step_ids.filtered(lambda step: step.is_late or step.is_overdue)
        self.assertFalse(late)

    # ------------------------------------------------------------------
    # The acts, each with what it must leave behind
    # ------------------------------------------------------------------

    def send(self):
        self.tour("citizen_sends", "/phan-anh", self.citizen, moment="2026-08-28 16:30")
        report = self.env["civic.report"].search([("subject", "=", SUBJECT)])
        self.assertEqual(report.state, "new")
        self.assertEqual(report.reporter_id.user_id, self.citizen)
        self.assertEqual(report.attachment_ids.mapped("mimetype"), ["image/jpeg"])
        self.assertLocal(report.received_at, "2026-08-28 16:30")
        self.assertLocal(report.occurred_at, "2026-08-28 16:20")
        # Half of the hour on Friday, half from Thursday 07:30.
        self.assertDuties(report, intake="2026-09-03 08:00")
        return report

    def dispatch(self, report):
        self.tour(
            "operator_dispatches",
            "/odoo/civic-intake",
            self.operator,
            moment="2026-08-28 16:50",
        )
        assignment = report.assignment_ids
        self.assertEqual(report.state, "processing")
        self.assertEqual(assignment.state, "pending")
        self.assertEqual(assignment.agency_id, self.agency)
        self.assertEqual(assignment.handler_id, self.handler)
        self.assertTrue(report.is_published)
        self.assertEqual(report.public_attachment_ids, report.attachment_ids)
        self.assertIn("trước cổng trường", report.standardised_description)
        # Ten minutes of the half hour on Friday; Thursday is day 1 for returning.
        self.assertDuties(
            report, accept="2026-09-03 07:50", return_wrong="2026-09-03 17:00"
        )

    def accept(self, report):
        self.tour(
            "handler_accepts",
            "/odoo/civic-work",
            self.handler,
            moment="2026-09-03 07:45",
        )
        self.assertEqual(report.assignment_ids.state, "accepted")
        # Friday the 4th is day 1, Friday the 11th day 6.
        self.assertDuties(
            report, process="2026-09-11 17:00", return_wrong="2026-09-03 17:00"
        )

    def submit_result(self, report):
        self.tour(
            "handler_submits",
            "/odoo/civic-work",
            self.handler,
            moment="2026-09-10 10:00",
        )
        assignment = report.assignment_ids
        self.assertEqual(assignment.state, "submitted")
        self.assertEqual(assignment.result, "Đã vá xong ổ gà.")
        self.assertEqual(
            assignment.result_attachment_ids.mapped("mimetype"), ["image/jpeg"]
        )
        self.assertDuties(report, approve="2026-09-11 17:00")

    def check_approved(self, report):
        self.assertEqual(report.assignment_ids.state, "approved")
        self.assertEqual(report.assignment_ids.approved_by_id, self.leader)
        self.assertEqual(report.state, "resolved")
        # Half of the hour on Friday, half from Monday 07:30.
        self.assertDuties(report, publish="2026-09-14 08:00")

    def rate_handling(self, report):
        self.tour(
            "citizen_rates",
            f"/my/phan-anh/{report.name.lower()}",
            self.citizen,
            moment="2026-09-14 19:00",
        )
        self.assertEqual(report.rating_level_id, self.procedure.scale_id.level_ids[0])
        self.assertEqual(report.rating_comment, "Xử lý nhanh")
        self.assertNoTrace(report, self.citizen)
