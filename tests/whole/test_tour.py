from odoo.tests import tagged

from ..rig.asked import ROUTES, trial
from ..rig.tour import TourCase


@tagged("-at_install", "post_install")
class TestTour(TourCase):
    def test_the_main_job(self):
        report = self.send()
        self.dispatch(report)
        self.accept(report)
        self.submit_result(report)
        self.tour(
            "leader_approves",
            "/odoo/civic-approvals",
            self.leader,
            moment="2026-09-11 16:30",
        )
        self.check_approved(report)
        self.tour(
            "operator_publishes",
            "/odoo/civic-intake",
            self.operator,
            moment="2026-09-14 07:40",
        )
        self.assertEqual(report.state, "done")
        self.assertEqual(report.public_result, "Đã vá xong ổ gà và kẻ lại vạch sơn.")
        self.assertEqual(len(report.public_attachment_ids), 2)
        self.assertDuties(report)
        self.assertOnTime(report)
        self.rate_handling(report)
        self.tour("visitor_reads", "/phan-anh", None, moment="2026-09-15 08:00")


@tagged("-at_install", "post_install")
@trial(ROUTES)
class TestTourOnTelephone(TourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_who_is_out_and_about(self):
        report = self.send()
        self.dispatch(report)
        self.accept(report)
        self.submit_result(report)
        with self.at("2026-09-11 16:30"):
            report.assignment_ids.with_user(self.leader).approve()
        self.check_approved(report)
        with self.at("2026-09-14 07:40"):
            report.with_user(self.operator).publish()
        self.rate_handling(report)
