from odoo.exceptions import MissingError
from odoo.tests import tagged

from ..rig.gateways import GatewayCase
from ..rig.site import LookupCase


@tagged("-at_install", "post_install")
class TestTellBy(LookupCase, GatewayCase):
    """Senders say on their own page how they wish to be told."""

    def ways(self, page):
        return [node.get("value") for node in page.xpath("//input[@name='tell_by']")]

    def chosen(self, page):
        return page.xpath("//input[@name='tell_by'][@checked]/@value")

    def test_only_ways_by_which_the_sender_can_be_told(self):
        page = self.prove()
        self.assertEqual(self.ways(page), ["auto", "email", "none"])
        self.make_sms()
        ways = self.ways(self.page(self.path))
        self.assertEqual(ways, ["auto", "email", "sms", "none"])
        self.sender.email_from = False
        self.assertEqual(self.ways(self.page(self.path)), ["auto", "sms", "none"])

    def test_after_a_one_time_code(self):
        self.make_sms()
        page = self.prove()
        self.assertEqual(self.chosen(page), ["auto"])
        self.post(f"{self.path}/bao-tin", page, tell_by="sms")
        self.env.invalidate_all()
        self.assertEqual(self.sender.tell_by, "sms")
        self.assertEqual(self.chosen(self.page(self.path)), ["sms"])
        for wrong in ("zalo", "pigeon", ""):
            answer = self.post(f"{self.path}/bao-tin", tell_by=wrong)
            self.assertIn("Choose one of the ways", answer.text)
        self.env.invalidate_all()
        self.assertEqual(self.sender.tell_by, "sms")

    def test_nobody_else(self):
        self.post(f"{self.path}/bao-tin", tell_by="none")
        self.env.invalidate_all()
        self.assertEqual(self.sender.tell_by, "auto")
        with self.assertRaises(MissingError):
            self.report.with_user(self.other_citizen)._tell_by_as(
                self.other_citizen, "none"
            )

    def test_operators_write_down_what_is_said_on_the_telephone(self):
        self.sender.with_user(self.operator).tell_by = "none"
        self.assertEqual(self.sender.tell_by, "none")
