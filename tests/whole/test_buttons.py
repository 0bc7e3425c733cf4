from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..rig.succession import SuccessionCase


@tagged("-at_install", "post_install")
class TestButtons(SuccessionCase):
    """What moves on by buttons is neither written by RPC nor given by a context."""

    def test_leader_does_not_lend_elsewhere(self):
        """A leader's word lends what that leader leads, not another agency's work."""
        self.other_agency.handler_ids |= self.handler
        deputy = self.make_user("deputy4", "civic_report.group_handler")
        today = self.company._civic_today()
        with self.assertRaises(AccessError):
            self.env["civic.stand.in"].with_user(self.leader).create(
                {
                    "user_id": self.handler.id,
                    "deputy_id": deputy.id,
                    "date_from": today,
                    "date_to": today,
                }
            )

    def test_defaults_of_context(self):
        today = self.company._civic_today()
        row = (
            self.env["civic.stand.in"]
            .with_user(self.leader)
            .with_context(
                default_is_reminded=True,
                default_entered_by_id=self.operator.id,
                default_ended_at="2020-01-01 00:00:00",
            )
            .create(
                {
                    "user_id": self.leader.id,
                    "deputy_id": self.new_leader.id,
                    "date_from": today,
                    "date_to": today,
                }
            )
        )
        self.assertFalse(row.is_reminded)
        self.assertEqual(row.entered_by_id, self.leader)
        self.assertFalse(row.ended_at)

    def test_succession_defaults_of_context(self):
        row = self.successions.with_context(
            default_state="planned", default_decided_by_id=self.operator.id
        ).create(
            {
                "kind": "agency",
                "agency_id": self.agency.id,
                "successor_agency_ids": [Command.set(self.new_agency.ids)],
            }
        )
        self.assertEqual(row.state, "draft")
        self.assertFalse(row.decided_by_id)

    def test_archive_of_another_account(self):
        self.administrator.group_ids |= self.env.ref("base.group_erp_manager")
        row = self.end(
            self.handler, self.new_handler, confirm=False, archive_account=True
        )
        self.administrator.group_ids -= self.env.ref("base.group_erp_manager")
        with self.assertRaises(AccessError):
            row.user_id = self.other_handler
        with self.assertRaises(AccessError):
            row.action_confirm()

    def test_merger_kept(self):
        b = self.env["res.company"].create({"name": "Tỉnh B"})
        self.administrator.company_ids |= b
        m = (
            self.env["civic.merger"]
            .with_user(self.administrator)
            .create({"source_id": b.id, "company_id": self.company.id})
        )
        with self.assertRaises(UserError):
            m.write({"state": "looked"})
        with self.assertRaises(UserError):
            m.write({"user_id": self.operator.id})
        m2 = (
            self.env["civic.merger"]
            .with_user(self.administrator)
            .with_context(default_state="done")
            .create({"source_id": b.id, "company_id": self.company.id})
        )
        self.assertEqual(m2.state, "draft")

    def test_import_kept(self):
        row = (
            self.env["civic.import"]
            .with_user(self.administrator)
            .with_context(default_state="checked", default_good_count=3)
            .create({"name": "x", "source": "y"})
        )
        self.assertEqual(row.state, "draft")
        for values in ({"state": "draft"}, {"made_count": 0}, {"user_id": 1}):
            with self.assertRaises(UserError):
                row.write(values)
