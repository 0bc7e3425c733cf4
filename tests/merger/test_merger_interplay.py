from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..rig.merger import MergerMixin
from ..rig.succession import SuccessionCase


@tagged("-at_install", "post_install")
class TestMergedMidway(MergerMixin, SuccessionCase):
    """What was begun in a province that ends goes on in the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_neighbour()
        cls.other.civic_procedure_id = cls.procedure
        cls.deputy = cls.make_beyond("deputy", "leader")
        cls.heir = cls.make_agency(
            "Sở Giao thông mới",
            "SGTM",
            cls.make_beyond("new_handler", "handler"),
            cls.make_beyond("new_leader", "leader"),
            company_id=cls.other.id,
        )
        cls.second = cls.env["civic.reporter"].create(
            {"name": "B", "phone": "0987654321", "company_id": cls.other.id}
        )

    @classmethod
    def make_beyond(cls, name, role):
        user = cls.make_user(f"beyond_{name}", f"civic_report.group_{role}")
        user.write(
            {"company_ids": [Command.set(cls.other.ids)], "company_id": cls.other.id}
        )
        return user

    def in_hand(self):
        report = self.make_other()
        report.receive()
        report.dispatch([self.agency_of_other.id])
        report.assignment_ids.with_user(self.handler_of_other).accept()
        return report

    def test_joined_reports_go_on(self):
        report = self.in_hand()
        follower = self.make_other(reporter_id=self.second.id)
        follower.join(report.id)
        self.merge()
        part = report.assignment_ids
        part.with_user(self.handler_of_other).submit("Đã làm xong việc.")
        part.with_user(self.leader_of_other).approve()
        self.assertEqual(follower.state, "joined")
        report.publish()
        self.assertEqual(follower.state, "done")
        self.assertEqual(follower.company_id, self.company)

    def test_planned_succession_happens(self):
        report = self.in_hand()
        today = self.company._civic_today()
        row = self.env["civic.succession"].create(
            {
                "kind": "agency",
                "company_id": self.other.id,
                "agency_id": self.agency_of_other.id,
                "successor_agency_ids": [Command.set(self.heir.ids)],
                "date": today + timedelta(days=2),
            }
        )
        row.with_user(self.administrator).with_context(
            allowed_company_ids=(self.other | self.company).ids
        ).action_confirm()
        self.merge()
        with self.at(f"{today + timedelta(days=2)} 08:00"):
            self.run_cron()
        self.assertEqual(row.state, "done", row.problem)
        self.assertEqual(report.assignment_ids.agency_id, self.heir)

    def test_deputies_and_penalties(self):
        report = self.in_hand()
        part = report.sudo().assignment_ids
        today = self.company._civic_today()
        self.env["civic.stand.in"].with_user(self.leader_of_other).create(
            {
                "user_id": self.leader_of_other.id,
                "deputy_id": self.deputy.id,
                "company_id": self.other.id,
                "date_from": today,
                "date_to": today + timedelta(days=3),
            }
        )
        mine = part.with_user(self.handler_of_other).sudo(False)
        mine.ask_penalty("Nghị định 16/2022/NĐ-CP", "07/BB", today)
        self.merge()
        acting = part.with_user(self.deputy).sudo(False)
        self.assertIn("confirm_penalty", acting.allowed_verbs)
        acting.confirm_penalty()
        mine.end_penalty("Xong.")
        step = self.step_of(part, "process")
        self.assertTrue(step.deadline)
        step.with_user(self.handler_of_other).sudo(False).explain()
        row = self.env["civic.stand.in"].search([("deputy_id", "=", self.deputy.id)])
        self.assertEqual(row.company_id, self.company)
        row.with_user(self.leader_of_other).action_end()
        self.assertFalse(part.with_user(self.deputy).sudo(False).has_access("read"))
