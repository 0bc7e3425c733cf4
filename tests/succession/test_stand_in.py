from datetime import date

from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.workflow.alert import OVERDUE
from ..rig.common import CivicCase, local

MONDAY, FRIDAY = date(2026, 11, 16), date(2026, 11, 20)


@tagged("-at_install", "post_install")
class TestStandIn(CivicCase):
    """Who is away is stood in for: from the day, until the day, and no further."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Of another body altogether: nothing of the agency's is theirs otherwise.
        cls.deputy = cls.make_user("deputy", "civic_report.group_handler")
        cls.leaves = cls.env["civic.stand.in"]

    def leave(self, absent=None, deputy=None, user=None, **values):
        absent = absent or self.leader
        return self.leaves.with_user(user or absent).create(
            {
                "user_id": absent.id,
                "deputy_id": (deputy or self.deputy).id,
                "date_from": MONDAY,
                "date_to": FRIDAY,
                **values,
            }
        )

    def test_of_several_each_is_checked(self):
        good = {
            "user_id": self.leader.id,
            "deputy_id": self.deputy.id,
            "date_from": MONDAY,
            "date_to": FRIDAY,
        }
        for bad in (
            {"user_id": self.handler.id, "date_to": date(2026, 11, 13)},
            {"user_id": self.handler.id, "deputy_id": self.handler.id},
            {"date_from": FRIDAY},
        ):
            with self.before(), self.subTest(bad):
                leaves = self.leaves.with_user(self.administrator)
                with self.assertRaises(ValidationError), self.env.cr.savepoint():
                    leaves.create([good, {**good, **bad}])

    def before(self):
        return self.at("2026-11-13 10:00")

    def meanwhile(self):
        return self.at("2026-11-17 10:00")

    # ------------------------------------------------------------------
    # Acting
    # ------------------------------------------------------------------

    def test_deputy_approves_in_place_of_the_leader(self):
        with self.before():
            report = self.walk_to("submitted")
            self.leave()
            assignment = report.assignment_ids.with_user(self.deputy)
            with self.assertRaises(MissingError):
                assignment.approve()
        with self.meanwhile():
            self.assertTrue(assignment.is_mine)
            mine = assignment.search([("is_mine", "=", True)])
            self.assertEqual(mine, assignment)
            self.assertIn("approve", assignment.allowed_verbs)
            assignment.approve()
        event = report.event_ids.filtered(lambda row: row.code == "approve")
        self.assertEqual(event.user_id, self.deputy)
        self.assertEqual(event.on_behalf_of_id, self.leader)
        self.assertEqual(assignment.sudo().approved_by_id, self.deputy)
        self.assertEqual(assignment.sudo().leader_id, self.leader)

    def test_rights_end_with_the_leave(self):
        with self.before():
            report = self.walk_to("accepted")
            self.leave()
        assignment = report.assignment_ids.with_user(self.deputy)
        for moment, seen in (
            ("2026-11-15 23:59", False),
            ("2026-11-16 00:00", True),
            ("2026-11-20 23:59", True),
            ("2026-11-21 00:00", False),
        ):
            with self.subTest(moment), self.at(moment):
                self.assertEqual(bool(assignment._filtered_access("read")), seen)
                self.assertEqual(bool(report.with_user(self.deputy).search([])), seen)

    def test_back_early(self):
        with self.before():
            report = self.walk_to("submitted")
            row = self.leave()
        with self.meanwhile():
            assignment = report.assignment_ids.with_user(self.deputy)
            self.assertTrue(assignment._filtered_access("read"))
            with self.assertRaises(AccessError):
                row.with_user(self.deputy).action_end()
            row.action_end()
            self.assertFalse(assignment._filtered_access("read"))
            with self.assertRaises(MissingError):
                assignment.approve()
            with self.assertRaises(UserError):
                row.action_end()

    def test_sole_leader_who_wrote_the_result(self):
        """Nobody approves the own hand; the deputy does."""
        self.leader.group_ids |= self.env.ref("civic_report.group_handler")
        self.agency.write(
            {
                "handler_ids": [Command.link(self.leader.id)],
                "focal_handler_id": self.leader.id,
            }
        )
        with self.before():
            report = self.walk_to("processing")
            mine = report.assignment_ids.with_user(self.leader)
            mine.accept()
            mine.submit("Đã vá ổ gà.")
            with self.assertRaises(AccessError):
                mine.approve()
            self.leave()
        with self.meanwhile():
            report.assignment_ids.with_user(self.deputy).approve()
        self.assertEqual(report.state, "resolved")

    def test_deputy_who_wrote_it_does_not_approve(self):
        with self.before():
            report = self.walk_to("accepted")
            self.leave()
            self.leave(self.handler)
        with self.meanwhile():
            assignment = report.assignment_ids.with_user(self.deputy)
            assignment.submit("Đã vá ổ gà.")
            with self.assertRaises(AccessError):
                assignment.approve()

    def test_what_the_deputy_takes_in_stays_the_absent_ones(self):
        with self.before():
            report = self.walk_to("processing")
            self.leave(self.handler)
        with self.meanwhile():
            report.assignment_ids.with_user(self.deputy).accept()
        assignment = report.assignment_ids
        self.assertEqual(assignment.handler_id, self.handler)
        self.assertEqual(self.step_of(assignment, "process").user_id, self.handler)
        event = assignment.event_ids.filtered(lambda row: row.code == "accept")
        self.assertEqual(
            (event.user_id, event.on_behalf_of_id), (self.deputy, self.handler)
        )

    def test_a_new_leave_names_nobody(self):
        leave = self.env["civic.stand.in"].new({"user_id": self.leader.id})
        self.assertNotIn("False", leave.display_name)

    def test_own_acts_are_own(self):
        with self.before():
            self.leave(self.leader, self.other_leader)
        with self.meanwhile():
            report = self.walk_to("received")
            report.dispatch([self.other_agency.id])
            assignment = report.assignment_ids
            assignment.with_user(self.other_handler).accept()
            assignment.with_user(self.other_handler).submit("Đã xong.")
            assignment.with_user(self.other_leader).approve()
        event = assignment.event_ids.filtered(lambda row: row.code == "approve")
        self.assertFalse(event.on_behalf_of_id)

    def test_operator(self):
        other = self.make_user("operator_2", "civic_report.group_operator")
        with self.before():
            report = self.walk_to("resolved")
            self.leave(self.operator, other)
        with self.meanwhile():
            report.with_user(other).publish()
        event = report.event_ids.filtered(lambda row: row.code == "publish")
        self.assertEqual(event.on_behalf_of_id, self.operator)

    def test_province_leader(self):
        """Who decides in the place of the province's leader is said to; another leader
        decides by own right."""
        second, third = (
            self.make_user(f"province_{n}", "civic_report.group_province_leader")
            for n in (2, 3)
        )
        with self.before():
            reports = [self.walk_to("received") for _ in range(2)]
            for report in reports:
                report.ask_designation("Chưa rõ thẩm quyền.")
            self.leave(self.province_leader, second)
        with self.meanwhile():
            for report, user in zip(reports, (second, third), strict=True):
                report.with_user(user).designate(self.agency.ids, "Giao Sở.")
        events = [
            report.event_ids.filtered(lambda row: row.code == "designate")
            for report in reports
        ]
        self.assertEqual(events[0].on_behalf_of_id, self.province_leader)
        self.assertFalse(events[1].on_behalf_of_id)

    # ------------------------------------------------------------------
    # Reminders and messages
    # ------------------------------------------------------------------

    def reminded(self, report):
        return (
            self.env["mail.activity"]
            .search(
                [
                    ("res_model", "=", "civic.report"),
                    ("res_id", "=", report.id),
                    ("civic_step_id", "=", False),
                ]
            )
            .user_id
        )

    def test_what_is_written_meanwhile(self):
        """Senders, agencies that no call reaches: the deputy is reminded, and whoever
        is back."""
        other = self.make_user("operator_2", "civic_report.group_operator")
        with self.before():
            before, later, early = (self.walk_to("accepted") for _ in range(3))
            before.sudo()._elevated()._remind_operator()
            self.leave(self.operator, other)
        with self.at("2026-11-16 00:05"):
            early.sudo()._elevated()._remind_operator()
        with self.at("2026-11-16 00:10"):
            self.run_cron()
            self.assertEqual(self.reminded(before), other)
            self.assertEqual(self.reminded(early), other)
        with self.meanwhile():
            for name in ("activity_sender", "activity_unanswered"):
                later.sudo()._elevated()._remind_operator(name)
            self.assertEqual(self.reminded(later), other)
            # Known already: once is enough.
            before.sudo()._elevated()._remind_operator()
            self.assertEqual(self.reminded(before), other)
            self.assertEqual(later._centre_contacts(), other)
        with self.at("2026-11-21 00:10"):
            self.run_cron()
            for report in (before, later):
                self.assertEqual(self.reminded(report), self.operator)

    def test_cases_of_an_absent_manager(self):
        """A deputy who manages the Centre as well; else the manager's own they stay."""
        second = self.make_user("manager_2", "civic_report.group_centre_manager")
        officers = self.env["res.users"]._civic_officers("centre_manager", self.company)
        plain = self.make_user("operator_2", "civic_report.group_operator")
        with self.before():
            self.leave(self.manager, second)
        with self.meanwhile():
            request = self.env["civic.data.request"]
            row = request.new({"company_id": self.company.id})
            told = row._managers_reminded()
            self.assertEqual(told, officers - self.manager)
            self.leaves.search([]).action_end()
            self.leave(self.manager, plain, date_from=date(2026, 11, 18))
        with self.at("2026-11-18 10:00"):
            self.assertNotIn(plain, row._managers_reminded())

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("civic_report.cron_stand_ins").method_direct_trigger()
        self.env.invalidate_all()

    def test_reminders_go_to_the_deputy_and_back(self):
        with self.before():
            report = self.walk_to("accepted")
            self.leave(self.handler)
            assignment = report.assignment_ids
            self.assertEqual(assignment.activity_ids.user_id, self.handler)
        with self.at("2026-11-16 00:10"):
            self.run_cron()
            self.assertEqual(assignment.activity_ids.user_id, self.deputy)
            later = self.walk_to("processing")
            self.assertEqual(later.assignment_ids.activity_ids.user_id, self.deputy)
            self.assertEqual(
                self.step_of(later.assignment_ids, "accept").user_id, self.handler
            )
        with self.at("2026-11-21 00:10"):
            self.run_cron()
            for row in (assignment, later.assignment_ids):
                self.assertEqual(row.activity_ids.user_id, self.handler)

    def test_alerts_and_messages(self):
        with self.before():
            report = self.walk_to("accepted")
            self.leave(self.handler)
        step = self.step_of(report.assignment_ids, "process")
        with self.meanwhile():
            told = self.env["civic.alert"]._audience([(step.id, 0, OVERDUE)])
            users = {user_id for user_id, _level, _number in told}
            self.assertIn(self.deputy.id, users)
            self.assertNotIn(self.handler.id, users)
            self.env["civic.outbox"].search([]).sudo().unlink()
            self.walk_to("processing")
            rows = self.env["civic.outbox"].search([("audience", "=", "user")])
            self.assertNotIn(self.handler, rows.user_id)

    # ------------------------------------------------------------------
    # Secrecy
    # ------------------------------------------------------------------

    def test_secret_reports_as_far_as_the_absent_one_sees(self):
        with self.before():
            reports = [self.walk_to("accepted") for _ in range(2)]
            for report in reports:
                report.with_user(self.manager).set_visibility("secret", "Tin mật.")
            held, other = reports
            second = self.make_user("second", "civic_report.group_handler")
            self.agency.handler_ids |= second
            other.assignment_ids._elevated().handler_id = second
            self.leave(self.handler)
        with self.meanwhile():
            seen = self.env["civic.report"].with_user(self.deputy)
            self.assertIn(held, seen.search([]))
            self.assertNotIn(other, seen.search([]))
            # Who stands in for a colleague who has nothing secret sees nothing secret.
            absent_sees = self.env["civic.report"].with_user(self.handler).search([])
            self.assertLessEqual(set(seen.search([]).ids), set(absent_sees.ids))

    def test_what_the_absent_one_lost_is_not_lent(self):
        with self.before():
            report = self.walk_to("accepted")
            self.leave(self.handler)
        with self.meanwhile():
            seen = self.env["civic.report"].with_user(self.deputy)
            self.assertIn(report, seen.search([]))
            # Past the check that asks who goes on: an account may change elsewhere.
            inside = self.env["civic.door"]._elevated().env
            self.handler.with_env(inside).group_ids -= self.env.ref(
                "civic_report.group_handler"
            )
            self.assertNotIn(report, seen.search([]))

    def test_no_coordination_by_way_of_a_handler(self):
        """A coordinator who stands in for a handler of a coordinating body sees what
        the handler sees."""
        category = self.env["civic.category"].search(
            [("track", "=", "sensitive")], limit=1
        )
        plain = self.make_user("plain_handler", "civic_report.group_handler")
        self.coordinating_agency.handler_ids |= plain
        both = self.make_user(
            "both", "civic_report.group_handler,civic_report.group_coordinator"
        )
        with self.before():
            report = self.walk_to("received", self.make_report(category_id=category.id))
            report.consult(self.coordinating_agency.id)
            self.leave(plain, both)
        with self.meanwhile():
            seen = self.env["civic.report"]
            self.assertNotIn(report, seen.with_user(plain).search([]))
            self.assertNotIn(report, seen.with_user(both).search([]))
            with self.assertRaises(MissingError):
                report.with_user(both).answer_consult([self.agency.id])

    def test_identity_is_not_lent(self):
        with self.before():
            report = self.walk_to("accepted")
            self.leave(self.handler)
        with self.meanwhile():
            with self.assertRaises(AccessError):
                report.with_user(self.deputy).read(["reporter_id"])
            self.assertFalse(
                self.env["civic.reporter"].with_user(self.deputy).has_access("read")
            )

    # ------------------------------------------------------------------
    # Bad values, and who may enter it
    # ------------------------------------------------------------------

    def test_bad_values(self):
        archived = self.make_user("gone", "civic_report.group_handler")
        archived.active = False
        elsewhere = self.env["res.company"].create({"name": "Tỉnh bên"})
        beyond = self.make_user("beyond", "civic_report.group_handler")
        beyond.write(
            {"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id}
        )
        with self.before():
            for deputy, values, words in (
                (self.leader, {}, "own deputy"),
                (archived, {}, "no officer"),
                (self.citizen, {}, "no officer"),
                (beyond, {}, "another province"),
                (self.operator, {}, "is missing"),
                (self.plain, {}, "is missing"),
                (self.deputy, {"date_to": date(2026, 11, 1)}, "before it begins"),
                (
                    self.deputy,
                    {"date_from": date(2026, 1, 1), "date_to": date(2026, 2, 1)},
                    "over already",
                ),
                (self.deputy, {"date_to": date(2028, 1, 1)}, "succession"),
            ):
                with (
                    self.subTest(words),
                    self.cr.savepoint(),
                    self.assertRaisesRegex(ValidationError, words),
                ):
                    self.leave(deputy=deputy, user=self.administrator, **values)

    def test_deputy_on_leave_too_and_circles(self):
        third = self.make_user("third", "civic_report.group_handler")
        with self.before():
            self.leave(self.handler, self.deputy)
            for absent, deputy, words in (
                (self.leader, self.handler, "away in this time too"),
                (self.deputy, third, "stands in for somebody"),
                (self.deputy, self.handler, "."),
                (self.handler, third, "has a deputy"),
            ):
                with (
                    self.subTest(words),
                    self.cr.savepoint(),
                    self.assertRaisesRegex(ValidationError, words),
                ):
                    self.leave(absent, deputy)
            # Another week is another matter.
            self.leave(
                self.deputy,
                third,
                date_from=date(2026, 11, 23),
                date_to=date(2026, 11, 27),
            )

    def test_deputy_is_archived_meanwhile(self):
        with self.before():
            report = self.walk_to("accepted")
            self.leave(self.handler)
        with self.meanwhile():
            self.deputy.active = False
            self.assertEqual(self.handler._civic_deputies(), self.handler)
            self.assertTrue(
                report.assignment_ids.with_user(self.handler)._filtered_access("read")
            )

    def test_who_may_enter(self):
        with self.before():
            self.leave(self.handler, user=self.leader)
            self.leave(
                self.other_leader,
                self.make_user("d2", "civic_report.group_leader"),
                user=self.administrator,
            )
            for user, absent, deputy in (
                (self.handler, self.leader, self.deputy),
                (self.other_handler, self.leader, self.deputy),
                (self.leader, self.other_handler, self.deputy),
                (self.deputy, self.leader, self.deputy),
                (self.administrator, self.leader, self.administrator),
            ):
                with (
                    self.subTest(user=user.login),
                    self.cr.savepoint(),
                    self.assertRaises(AccessError),
                ):
                    if deputy == self.administrator:
                        deputy.group_ids |= self.env.ref("civic_report.group_leader")
                    self.leave(absent, deputy, user=user)

    def test_what_has_begun_is_kept(self):
        with self.before():
            row = self.leave()
            with self.assertRaises(UserError):
                row.ended_at = local("2026-11-14 00:00")
            row.date_from = date(2026, 11, 15)
        with self.meanwhile():
            for vals in (
                {"deputy_id": self.other_handler.id},
                {"date_from": MONDAY},
                {"user_id": self.handler.id},
            ):
                with self.assertRaises(UserError):
                    row.write(vals)
            with self.assertRaises(UserError):
                row.unlink()
            row.date_to = date(2026, 11, 27)
            self.assertEqual(row.state, "running")
            foreign = row.with_user(self.other_handler)
            self.assertFalse(foreign._filtered_access("read"))
            with self.assertRaises(MissingError):
                foreign.action_end()
        with self.at("2026-12-01 10:00"), self.assertRaises(UserError):
            row.date_to = date(2026, 12, 31)
