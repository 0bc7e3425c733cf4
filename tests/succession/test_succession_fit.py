from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..rig.succession import SuccessionCase


@tagged("-at_install", "post_install")
class TestFitAgencies(SuccessionCase):
    """No work goes where nobody can do it."""

    def empty(self, name="Cơ quan mới lập", **values):
        nobody = self.handler.browse()
        return self.make_agency(name, "MOI", nobody, nobody, **values)

    def split(self):
        """Two wards with work in each, and an agency without people for one."""
        wards = self.env["civic.ward"].create(
            [{"name": "Phường A"}, {"name": "Phường B"}]
        )
        reports = [
            self.walk_to("accepted", self.make_report(ward_id=ward.id))
            for ward in wards
        ]
        self.new_agency.ward_ids = wards[0]
        empty = self.empty(ward_ids=[Command.set(wards[1].ids)])
        row = self.end(self.agency, self.new_agency, empty, confirm=False)
        row.action_propose()
        return row, empty, reports

    def test_an_agency_without_people_gets_nothing(self):
        row, empty, reports = self.split()
        to = {
            line.user_id: line
            for line in row.line_ids.filtered(lambda line: line.kind == "people")
        }
        to[self.handler].to_agency_id = self.new_agency
        with self.assertRaisesRegex(UserError, "Cơ quan mới lập.*Handler"):
            row.action_confirm()
        self.assertEqual(row.state, "draft")
        to[self.handler].to_agency_id = empty
        to[self.leader].to_agency_id = self.new_agency
        with self.assertRaisesRegex(UserError, "Cơ quan mới lập.*Agency leader"):
            row.action_confirm()
        to[self.leader].to_agency_id = empty
        row.action_confirm()
        self.assertEqual(reports[1].assignment_ids.agency_id, empty)
        self.assertEqual(reports[1].assignment_ids.handler_id, self.handler)

    def test_found_out_on_the_day(self):
        with self.at("2026-11-16 10:00"):
            report = self.dispatched()
            row = self.end(
                self.agency,
                self.other_agency,
                self.new_agency,
                date=date(2026, 12, 1),
                confirm=False,
            )
            row.action_propose()
            for line in row.line_ids:
                line.to_agency_id = (
                    self.new_agency if line.kind == "work" else self.other_agency
                )
            row.action_confirm()
            self.new_agency.write(
                {"leader_ids": [Command.clear()], "focal_leader_id": False}
            )
        with self.at("2026-12-01 08:00"):
            self.run_cron()
            self.assertEqual(row.state, "planned")
            self.assertIn("Sở Xây dựng mới", row.problem)
            self.assertEqual(report.assignment_ids.agency_id, self.agency)

    def test_people_above_will_do(self):
        branch = self.empty(parent_id=self.new_agency.id)
        report = self.dispatched()
        self.other_agency.handler_ids |= self.handler
        self.other_agency.leader_ids |= self.leader
        row = self.end(self.agency, branch, self.other_agency, confirm=False)
        row.action_propose()
        for line in row.line_ids:
            line.to_agency_id = branch if line.kind == "work" else self.other_agency
        row.action_confirm()
        self.assertEqual(report.assignment_ids.agency_id, branch)

    def test_without_work_nobody_is_needed(self):
        empty = self.empty()
        self.agency.write(
            {
                "handler_ids": [Command.clear()],
                "leader_ids": [Command.clear()],
                "focal_handler_id": False,
                "focal_leader_id": False,
            }
        )
        self.assertEqual(self.end(self.agency, empty).state, "done")

    def test_coordination_needs_a_coordinator(self):
        category = self.env["civic.category"].search(
            [("track", "=", "sensitive")], limit=1
        )
        report = self.walk_to("received", self.make_report(category_id=category.id))
        report.consult(self.coordinating_agency.id)
        other = self.empty("Phối hợp mới")
        row = self.end(self.coordinating_agency, self.new_agency, other, confirm=False)
        row.line_ids = [
            Command.create(
                {
                    "kind": "work",
                    "category_id": category.id,
                    "to_agency_id": self.new_agency.id,
                }
            ),
            Command.create(
                {
                    "kind": "people",
                    "user_id": self.coordinator.id,
                    "to_agency_id": other.id,
                }
            ),
        ]
        with self.assertRaisesRegex(UserError, "Sở Xây dựng mới.*Coordinator"):
            row.action_confirm()
        row.line_ids.filtered(
            lambda line: line.kind == "people"
        ).to_agency_id = self.new_agency
        row.action_confirm()
        self.assertEqual(self.step_of(report, "consult").user_id, self.coordinator)

    def test_people_are_proposed_with_their_work(self):
        third = self.make_user("third", "civic_report.group_handler")
        self.agency.handler_ids |= third
        row, empty, reports = self.split()
        reports[1].sudo().assignment_ids._elevated().handler_id = third
        row.action_propose()
        to = {line.user_id: line.to_agency_id for line in row.line_ids if line.user_id}
        self.assertEqual((to[self.handler], to[third]), (self.new_agency, empty))

    def test_own_times_go_on_by_matter(self):
        limits = self.env["civic.agency.limit"]
        for category in (self.category, self.category.browse()):
            limits.create(
                {
                    "agency_id": self.agency.id,
                    "category_id": category.id,
                    "value": 1,
                    "unit": "working_day",
                }
            )
        self.end(self.agency, self.new_agency)
        own = limits.search([("agency_id", "=", self.new_agency.id)])
        self.assertEqual(own.category_id, self.category)
        self.assertEqual(len(own), 1)

    def test_own_times_out_of_force_stop_nothing(self):
        self.env["civic.agency.limit"].create(
            {
                "agency_id": self.agency.id,
                "category_id": self.category.id,
                "value": 1,
                "unit": "working_day",
            }
        )
        self.procedure.limit_ids.filtered(
            lambda row: (row.track, row.step) == ("normal", "process")
        ).unit = "day"
        self.env.invalidate_all()
        new = self.category.copy({"name": "Đường sá mới", "code": "dsm"})
        self.end(self.category, new)
        self.assertEqual(self.end(self.agency, self.new_agency).state, "done")


@tagged("-at_install", "post_install")
class TestOthersGoOn(SuccessionCase):
    """One that fails in whatever way stops no other."""

    def test_an_error_of_the_system(self):
        with self.at("2026-11-16 10:00"):
            first = self.end(self.agency, self.new_agency, date=date(2026, 12, 1))
            ward, other = self.env["civic.ward"].create([{"name": "a"}, {"name": "b"}])
            second = self.end(ward, other, date=date(2026, 12, 1))
        model = type(self.env["civic.succession"])
        with (
            self.at("2026-12-01 08:00"),
            patch.object(model, "_pass_competence", side_effect=KeyError("x")),
            mute_logger("odoo.addons.civic_report.models.succession.succession"),
        ):
            self.run_cron()
            self.assertEqual((first.state, second.state), ("planned", "done"))
            self.assertIn("error of the system", first.problem)
            health = self.env["civic.health"]._health_check_successions()
            self.assertEqual(health.state, "broken")
