"""By which way whoever asked is told, where more than one is open."""

from unittest.mock import patch

from odoo.tests import tagged

from ..rig.common import CivicCase


@tagged("-at_install", "post_install")
class TestWayToAsker(CivicCase):
    def way(self, has_provider=True, **values):
        asker = self.env["civic.reporter"].create({"name": "Người hỏi", **values})
        question = self.env["civic.question"].new(
            {"reporter_id": asker.id, "company_id": self.company.id}
        )
        gateways = type(self.env["civic.gateway"])
        with patch.object(gateways, "_of", lambda *_args: has_provider):
            return self.env["civic.outbox"]._way_to_asker(question)

    def test_as_it_was_asked_for(self):
        both = {"email_from": "hoi@example.com", "phone": "0912 000 222"}
        self.assertEqual(self.way(**both, tell_by="sms"), "sms")
        self.assertEqual(self.way(**both, tell_by="email"), "email")
        self.assertEqual(self.way(**both), "email", "the first that is open")

    def test_a_way_that_is_not_open_is_not_gone(self):
        both = {"email_from": "hoi@example.com", "phone": "0912 000 222"}
        self.assertEqual(self.way(False, **both, tell_by="sms"), "email")
        self.assertEqual(self.way(phone="0912 000 222", tell_by="email"), "sms")
        self.assertEqual(self.way(phone="0912 000 222"), "sms")
        self.assertEqual(self.way(False, phone="0912 000 222"), "")
        self.assertEqual(self.way(), "")
