"""An agency's own, shorter time to handle (HUE Điều 7.3, QN Điều 6)."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..rig.common import CivicCase
from ..rig.law import LawCase


@tagged("-at_install", "post_install")
class TestAgencyLimits(CivicCase):
    def limit(self, value, unit="working_day", **values):
        return self.env["civic.agency.limit"].create(
            {"agency_id": self.agency.id, "value": value, "unit": unit, **values}
        )

    def test_they_go_with_their_agency_and_their_category(self):
        agency = self.make_agency("Sở Y tế", "SYT", self.handler, self.leader)
        category = self.env["civic.category"].create({"name": "Nước ngọt"})
        own = self.limit(3, agency_id=agency.id)
        of_category = self.limit(4, category_id=category.id)
        category.unlink()
        self.assertFalse(of_category.exists())
        agency.unlink()
        self.assertFalse(own.exists())

    def process(self, **values):
        with self.at("2026-10-12 10:00"):
            return self.step_of(
                self.walk_to("accepted", self.make_report(**values)), "process"
            )

    def test_an_agencys_own(self):
        self.limit(3)
        step = self.process()
        # 13, 14, 15 October.
        self.assertLocal(step.deadline, "2026-10-15 17:00")
        self.assertTrue(step.is_own_limit)
        self.assertEqual(step.limit_value, 3)
        assignment = step.assignment_id
        self.assertIn("3 working days", assignment.own_limit_words)
        self.assertIn("the agency's own rule; ", "\n".join(step.explain()))
        # Of nobody else.
        with self.at("2026-10-12 10:00"):
            report = self.make_report()
            report.dispatch([self.other_agency.id]) if report.receive() else None
            report.assignment_ids.with_user(self.other_handler).accept()
        other = self.step_of(report, "process")
        self.assertLocal(other.deadline, "2026-10-20 17:00")
        self.assertFalse(other.is_own_limit)
        self.assertFalse(report.assignment_ids.own_limit_words)

    def test_the_nearest_category_counts(self):
        parent = self.env["civic.category"].create({"name": "Hạ tầng", "code": "HT"})
        self.category.parent_id = parent
        self.limit(2)
        self.limit(5, category_id=parent.id)
        self.assertLocal(self.process().deadline, "2026-10-19 17:00")
        self.limit(1, category_id=self.category.id)
        self.assertLocal(self.process().deadline, "2026-10-13 17:00")
        lighting = self.env.ref("civic_report.category_lighting")
        step = self.process(category_id=lighting.id)
        self.assertLocal(step.deadline, "2026-10-14 17:00")

    def test_never_longer_than_the_procedures(self):
        for value, unit in (
            (7, "working_day"),
            (0, "working_day"),
            (-1, "working_day"),
            (1.5, "working_day"),
            (2, "hour"),
            (float("nan"), "working_day"),
        ):
            with (
                self.subTest(value=value, unit=unit),
                self.assertRaises(ValidationError),
            ):
                self.limit(value, unit)
        self.limit(6)

    def test_a_procedure_that_grew_shorter_counts(self):
        row = self.limit(5)
        self.assertTrue(row.is_in_force)
        limits = self.procedure.limit_ids
        limits.filtered(
            lambda one: (one.track, one.step) == ("normal", "process")
        ).value = 4
        self.env.invalidate_all()
        self.assertFalse(row.is_in_force)
        step = self.process()
        self.assertLocal(step.deadline, "2026-10-16 17:00")
        self.assertFalse(step.is_own_limit)

    def test_a_procedure_without_a_time_has_none_to_shorten(self):
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_bp")
        with self.assertRaises(ValidationError):
            self.limit(3)

    def test_an_emergency_has_none(self):
        self.limit(3)
        self.assertFalse(self.process(track="emergency").deadline)

    def test_what_has_begun_keeps_its_limit(self):
        step = self.process()
        self.limit(1)
        self.assertLocal(step.deadline, "2026-10-20 17:00")
        # Sent back it goes on under the old one.
        with self.at("2026-10-13 10:00"):
            self.submit(step.assignment_id)
            step.assignment_id.with_user(self.leader).send_back("Chưa rõ.")
        self.assertLocal(step.assignment_id.deadline, "2026-10-20 17:00")

    def test_the_dialog_of_a_dispatch_shows_it(self):
        self.limit(2)
        self.limit(1, category_id=self.category.id)
        with self.at("2026-10-12 10:00"):
            report = self.walk_to("received")
            agencies = self.agency | self.other_agency
            ends = report._preview_deadlines(agencies, "normal")
            self.assertLocal(ends[self.agency, "process"], "2026-10-13 17:00")
            self.assertLocal(ends[self.other_agency, "process"], "2026-10-20 17:00")
            lighting = self.env.ref("civic_report.category_lighting")
            ends = report._preview_deadlines(agencies, "normal", lighting)
            self.assertLocal(ends[self.agency, "process"], "2026-10-14 17:00")

    def test_administrators_alone_enter_it(self):
        row = self.limit(3)
        for user in (self.handler, self.leader, self.operator, self.manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                row.with_user(user).value = 2
        row.with_user(self.administrator).value = 2
        self.assertLocal(self.process().deadline, "2026-10-14 17:00")
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        stranger = self.make_user("stranger", "civic_report.group_operator")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(
            self.env["civic.agency.limit"].with_user(stranger).search_count([])
        )


@tagged("-at_install", "post_install")
class TestLawOwnLimit(LawCase):
    """Điều 7.3: “theo quy định của từng cơ quan xử lý nhưng tối đa không quá 06 ngày
    làm việc”."""

    province = "hue"

    def test_several_agencies_each_by_its_own_rule(self):
        self.env["civic.agency.limit"].create(
            {"agency_id": self.agency.id, "value": 2, "unit": "working_day"}
        )
        self.tell("""
        # Monday 20 April.
        04-20 09:00 | citizen: send roads | new | intake 04-20 10:00
        04-20 09:10 | operator: receive | received | =
        04-20 09:20 | operator: dispatch A B | processing A:pending B:pending
            | accept@A 04-20 09:50, accept@B 04-20 09:50,
              return_wrong@A 04-21 17:00, return_wrong@B 04-21 17:00
        # 21 and 22 April.
        04-20 09:30 | A.handler: accept | processing A:accepted B:pending
            | accept@B 04-20 09:50, process@A 04-22 17:00,
              return_wrong@A 04-21 17:00, return_wrong@B 04-21 17:00
        # 21, 22, 23, 24, 28, 29 April: 26 is Giỗ Tổ, 27 off for it.
        04-20 09:40 | B.handler: accept | processing A:accepted B:accepted
            | process@A 04-22 17:00, process@B 04-29 17:00,
              return_wrong@A 04-21 17:00, return_wrong@B 04-21 17:00
        04-23 08:00 | A.handler: submit | processing A:submitted B:accepted
            | approve@A 04-24 17:00, process@B 04-29 17:00,
              return_wrong@B 04-21 17:00 | process@A
        """)
