"""A report and its agencies' parts: what they do while the province has the report, and
which pictures are the report's own."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..rig.wizards import WizardCase


@tagged("-at_install", "post_install")
class TestParts(WizardCase):
    def test_while_the_province_decides_agencies_move_nothing(self):
        report = self.walk_to("accepted")
        part = report.assignment_ids
        report.escalate("Hai cơ quan không thống nhất.")
        with self.assertRaisesRegex(UserError, "province is deciding"):
            part.with_user(self.handler).submit("Đã vá.")
        self.assertEqual((report.state, part.state), ("designating", "accepted"))

    def test_a_part_of_what_turned_out_to_be_sensitive(self):
        """It goes to nobody whom the coordinating agency has not named; that nobody
        takes it is the way out, so that the button stays."""
        report = self.walk_to("received")
        report.dispatch([self.agency.id, self.other_agency.id])
        back = report.assignment_ids.filtered(lambda row: row.agency_id != self.agency)
        back.with_user(self.other_handler).return_wrong("Đường do sở quản lý.")
        report.set_track("sensitive", "Tranh chấp đất.")
        self.assertIn("redispatch", report.allowed_verbs)
        with self.assertRaisesRegex(UserError, "to nobody"):
            report.redispatch(self.coordinating_agency.ids)
        report.redispatch(None, "Sở làm cả phần này.")
        self.assertNotIn("redispatch", report.allowed_verbs)

    def test_a_report_shows_the_duty_of_who_takes_a_part(self):
        """To take in is due first: lists, boards and the page go by that."""
        report = self.walk_to("received")
        report.dispatch([self.agency.id, self.other_agency.id])
        own = report.assignment_ids.filtered(lambda row: row.agency_id == self.agency)
        own.with_user(self.handler).accept()
        (report.assignment_ids - own).with_user(self.other_handler).return_wrong("Sai.")
        report.redispatch(self.coordinating_agency.ids)
        taken = report.assignment_ids.filtered(lambda row: row.state == "pending")
        self.assertEqual(taken.clock_code, "accept")
        self.assertEqual(report.clock_code, "accept")
        self.assertEqual(report.deadline, taken.deadline)

    def test_only_its_own_pictures_are_shown(self):
        report, other = self.walk_to("resolved"), self.walk_to("resolved")
        own, foreign = self.picture(report), self.picture(other)
        report.attachment_ids, other.attachment_ids = own, foreign
        for wrong in (foreign, own | foreign):
            with self.assertRaisesRegex(UserError, "files of this report"):
                report._show_pictures(wrong)
        self.assertFalse(report.public_attachment_ids)
        report._show_pictures(own)
        self.assertEqual(report.public_attachment_ids, own)
        report._show_pictures(own.browse())
        self.assertFalse(report.public_attachment_ids)

    def test_pictures_of_a_result_that_nobody_has_approved(self):
        report = self.walk_to("accepted")
        part = report.assignment_ids
        evidence = self.picture(part, "sau.png")
        part._elevated().result_attachment_ids = evidence
        with self.assertRaises(UserError):
            report._show_pictures(evidence)
        part.with_user(self.handler).submit("Đã vá ổ gà.")
        part.with_user(self.leader).approve()
        report._show_pictures(evidence)
        self.assertEqual(report.public_attachment_ids, evidence)
