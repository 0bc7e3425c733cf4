from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..rig.common import CivicCase, local


@tagged("-at_install", "post_install")
class TestRoster(CivicCase):
    """Focal people, the calendar and the procedure change while work is in hand."""

    def successor(self, role):
        user = new_test_user(
            self.env, login=f"successor_{role}", groups=f"civic_report.group_{role}"
        )
        self.agency[f"{role}_ids"] = [Command.link(user.id)]
        return user

    def test_new_focal_handler_takes_over(self):
        report = self.walk_to("processing")
        assignment = report.assignment_ids
        other = self.make_report()
        self.walk_to("submitted", other)
        successor = self.successor("handler")
        self.agency.focal_handler_id = successor
        self.assertEqual(assignment.handler_id, successor)
        self.assertEqual(self.step_of(assignment, "accept").user_id, successor)
        self.assertEqual(assignment.activity_ids.user_id, successor)
        self.assertIn("hand_over", assignment.event_ids.mapped("code"))
        # What waits for the leader stays with the leader.
        self.assertEqual(other.assignment_ids.activity_ids.user_id, self.leader)
        self.agency.focal_leader_id = self.successor("leader")
        self.assertEqual(
            other.assignment_ids.activity_ids.user_id.login, "successor_leader"
        )

    def test_vacancy_is_flagged_and_overdue_after_seven_days(self):
        with self.at("2026-11-02 09:00"):
            self.handler.active = False
            self.assertFalse(self.agency.focal_handler_id)
            self.assertTrue(self.agency.is_vacant)
        agencies = self.env["civic.agency"].with_user(self.manager)
        self.assertIn(self.agency, agencies.search([("is_vacant", "=", True)]))
        self.assertNotIn(self.other_agency, agencies.search([("is_vacant", "=", True)]))
        for day, overdue in (("2026-11-09", False), ("2026-11-10", True)):
            with self.at(f"{day} 09:00"):
                self.agency.invalidate_recordset()
                self.assertEqual(self.agency.is_vacant_overdue, overdue, day)
        self.agency.focal_handler_id = self.successor("handler")
        self.assertFalse(self.agency.is_vacant)

    def test_holiday_entered_later_moves_only_on_demand(self):
        with self.at("2026-11-16 10:00"):
            report = self.walk_to("accepted")
            step = self.step_of(report.assignment_ids, "process")
            self.assertLocal(step.deadline, "2026-11-25 17:00")
            calendar = self.company._civic_calendar()
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Bão",
                    "calendar_id": calendar.id,
                    "date_from": local("2026-11-19 00:00"),
                    "date_to": local("2026-11-19 23:59"),
                }
            )
            self.assertLocal(step.deadline, "2026-11-25 17:00")
            with self.assertRaises(AccessError):
                calendar.with_user(self.operator).action_civic_move_deadlines()
            calendar.with_user(self.administrator).action_civic_move_deadlines()
            self.assertLocal(step.deadline, "2026-11-26 17:00")
            self.assertLocal(report.assignment_ids.deadline, "2026-11-26 17:00")
            self.assertEqual(
                str(report.assignment_ids.activity_ids.date_deadline), "2026-11-26"
            )
            self.assertIn("deadline_moved", report.event_ids.mapped("code"))
            events = len(report.event_ids)
            calendar.with_user(self.administrator).action_civic_move_deadlines()
            self.assertEqual(len(report.event_ids), events, "nothing more to move")

    def test_procedure_applies_from_its_day(self):
        wizards = self.env["civic.apply.procedure"].with_user(self.administrator)
        soc_trang = self.env.ref("civic_report.procedure_st")
        with self.at("2026-11-16 10:00"):
            before = self.make_report()
            wizards.create(
                {"procedure_id": soc_trang.id, "date_from": date(2026, 12, 1)}
            ).action_confirm()
            self.assertEqual(self.make_report().procedure_id, self.procedure)
        with self.at("2026-12-01 08:00"):
            report = self.make_report()
            copy = report.procedure_id
            self.assertNotEqual(copy, soc_trang)
            self.assertEqual(copy.company_id, self.company)
            self.assertEqual(len(copy.limit_ids), len(soc_trang.limit_ids))
            self.assertLocal(report.deadline, "2026-12-01 13:30")
        self.assertEqual(before.procedure_id, self.procedure)
        # The copy is the company's to edit; what is under way keeps its figures.
        copy.with_user(self.administrator).limit_ids.filtered(
            lambda row: (row.track, row.step) == ("normal", "intake")
        ).value = 1
        self.assertLocal(report.deadline, "2026-12-01 13:30")
        with self.at("2026-12-01 08:00"):
            self.assertLocal(self.make_report().deadline, "2026-12-01 09:00")

    def test_procedure_is_chosen_by_administrators(self):
        wizards = self.env["civic.apply.procedure"]
        with self.assertRaises(AccessError):
            wizards.with_user(self.manager).create({"procedure_id": self.procedure.id})
        with self.at("2026-11-16 10:00"), self.assertRaises(UserError):
            wizards.with_user(self.administrator).create(
                {"procedure_id": self.procedure.id, "date_from": date(2026, 11, 1)}
            ).action_confirm()

    def test_calendar_of_an_agency_counts(self):
        """An agency that works on Saturdays is timed by its own calendar."""
        hours = {"day_period": "morning", "hour_from": 8, "hour_to": 12, "name": "x"}
        self.agency.calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Thứ Bảy",
                "tz": "Asia/Ho_Chi_Minh",
                "attendance_ids": [
                    Command.create({**hours, "dayofweek": str(weekday)})
                    for weekday in range(6)
                ],
            }
        )
        with self.at("2026-11-13 10:00"):
            report = self.walk_to("accepted")
            step = self.step_of(report.assignment_ids, "process")
            # Sat 14 is day 1, Mon 16 day 2, … Thu 19 day 5, Fri 20 day 6.
            self.assertLocal(step.deadline, "2026-11-20 12:00")

    def test_wards_of_a_province_are_loaded_once(self):
        wizards = self.env["civic.load.wards"].with_user(self.administrator)
        wards = self.env["civic.ward"]
        for _time in range(2):
            wizards.create({"province": "46"}).action_confirm()
            loaded = wards.search([("name", "=", "Phường Thuận An")])
            self.assertEqual(loaded.kind, "ward")
            self.assertEqual(loaded.code, "19900")
            self.assertEqual(len(wards.search([])), 40)
        self.assertIn(loaded, wards.search([("search_name", "like", "thuan an")]))
