"""A form that was sent is known again, whatever has changed meanwhile."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..rig.site import SubmissionCase


@tagged("-at_install", "post_install")
class TestSentAgain(SubmissionCase):
    def is_sent(self, company=None, **changes):
        forms = self.env["civic.form"].with_user(self.anonymous)
        return forms._is_sent_sudo(self.form(**changes), company or self.company)

    def test_whether_it_was_sent(self):
        self.assertIs(self.is_sent(), False)
        self.send_form()
        self.assertIs(self.is_sent(), True)
        self.assertIs(self.is_sent(key="khoa-2"), False)
        self.assertIs(self.is_sent(key=""), False)
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        self.assertIs(self.is_sent(other), False, "another province's form")

    def test_the_way_was_closed_meanwhile(self):
        """Whoever presses again gets the receipt, not the way to turn to."""
        report = self.send_form()
        self.procedure.channel_ids = self.env.ref("civic_report.channel_telephone")
        with self.assertRaisesRegex(UserError, "Open ways: Telephone"):
            self.send_form(self.form(key="khoa-2"))
        self.assertEqual(self.send_form(), report)
