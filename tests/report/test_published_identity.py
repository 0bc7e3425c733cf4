"""Every text that everybody will read is looked at, each at every door to the public.

Each text alone names the sender, so that none is looked at in place of another.
"""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..rig.common import CivicCase

NAMED = "Gọi 0912 345 678."  # the sender's
QUIET = "Ổ gà trên đường."
WHY = "Người gửi muốn nêu tên."


@tagged("-at_install", "post_install")
class TestPublishedIdentity(CivicCase):
    TEXTS = ("subject", "standardised_description")

    def behind(self, report, **values):
        """Words that nobody looked at when they were written, as those are that came
        before the sender's number was known."""
        report._elevated().write(values)
        return report

    def kept(self, report):
        return report.sudo().event_ids.filtered(
            lambda row: row.code == "leave_identity"
        )

    def only(self, name):
        return {each: NAMED if each == name else QUIET for each in self.TEXTS}

    def assertAsked(self, act, report):
        with self.assertRaisesRegex(UserError, "telephone number"):
            act()
        self.assertFalse(self.kept(report))

    def test_when_agencies_are_given_it(self):
        for name in self.TEXTS:
            report = self.behind(self.walk_to("received"), **self.only(name))
            with self.subTest(name):
                self.assertAsked(lambda r=report: r.dispatch([self.agency.id]), report)
                report.dispatch([self.agency.id], identity_reason=WHY)
                self.assertIn(WHY, self.kept(report).note)

    def test_when_the_answer_is_published(self):
        for name in (*self.TEXTS, "public_result"):
            report = self.walk_to("resolved")
            values = {**self.only(name), "public_result": QUIET}
            if name == "public_result":
                values[name] = NAMED
            self.behind(report, **values)
            with self.subTest(name):
                self.assertAsked(report.publish, report)
                self.assertEqual(report.state, "resolved")
                self.behind(report, **{name: QUIET})
                report.publish()
                self.assertEqual(report.state, "done")

    def test_when_it_is_shown_to_everybody(self):
        for name in (*self.TEXTS, "public_result"):
            report = self.walk_to("done", self.make_report(visibility="private"))
            values = {**self.only(name), "public_result": QUIET}
            if name == "public_result":
                values[name] = NAMED
            self.behind(report, **values)

            def show(report=report, **reason):
                report.set_visibility("public", "Đã rõ.", "Đồng ý.", **reason)

            with self.subTest(name):
                self.assertAsked(show, report)
                self.assertFalse(report.is_published)
                show(identity_reason=WHY)
                self.assertTrue(report.is_published)

    def test_when_it_is_edited(self):
        for name in self.TEXTS:
            report = self.walk_to("processing")
            with self.subTest(name), self.assertRaisesRegex(UserError, "telephone"):
                report.write({name: NAMED})

    def test_nobody_reads_it_yet(self):
        """What is not published may name its sender."""
        report = self.walk_to("received", self.make_report(visibility="private"))
        for name in self.TEXTS:
            report.write({name: NAMED})
        report.dispatch([self.agency.id], incomplete_reason="Rõ rồi.")
        self.assertFalse(self.kept(report))
        self.assertFalse(report.identity_shown)

    def test_of_several_each_is_looked_at(self):
        first = self.walk_to("received")
        second = self.behind(self.walk_to("received"), subject=NAMED)
        for order in (first | second, second | first):
            with self.subTest(order.ids), self.assertRaises(UserError):
                order.dispatch([self.agency.id], incomplete_reason="Rõ rồi.")
        self.assertEqual((first.state, second.state), ("received", "received"))
