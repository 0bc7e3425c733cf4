from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..rig.succession import SuccessionCase


class PeopleCase(SuccessionCase):
    """People of several roles and provinces who leave."""

    def sensitive(self):
        category = self.env["civic.category"].search(
            [("track", "=", "sensitive")], limit=1
        )
        return self.walk_to("received", self.make_report(category_id=category.id))

    def consulted(self):
        report = self.sensitive()
        report.consult(self.coordinating_agency.id)
        return report

    def designating(self):
        report = self.walk_to("received")
        report.ask_designation("Chưa rõ thẩm quyền.")
        return report

    def reminders(self, user, records=None, name="activity_sender"):
        domain = [
            ("user_id", "=", user.id),
            ("activity_type_id", "=", self.env.ref(f"civic_report.{name}").id),
        ]
        if records is not None:
            domain.append(("res_id", "in", records.ids))
        return self.env["mail.activity"].search(domain)

    def archiver(self):
        self.administrator.group_ids |= self.env.ref("base.group_erp_manager")


@tagged("-at_install", "post_install")
class TestRolesGoOn(PeopleCase):
    """What needs a role goes to somebody who has it."""

    def test_decisions_of_a_province_leader(self):
        report = self.designating()
        step = self.step_of(report, "designate")
        self.assertEqual(step.user_id, self.province_leader)
        with self.assertRaisesRegex(UserError, "new_leader.*Province leader"):
            self.end(self.province_leader, self.new_leader)
        second = self.make_user("province_2", "civic_report.group_province_leader")
        self.archiver()
        self.end(self.province_leader, second, archive_account=True)
        self.assertEqual(step.user_id, second)
        self.assertFalse(self.province_leader.active)
        report.with_user(second).designate(self.agency.ids, "Giao Sở.")

    def test_decisions_without_archiving(self):
        """Who leaves may be the first of the province's leaders still."""
        report = self.designating()
        second = self.make_user("province_2", "civic_report.group_province_leader")
        self.end(self.province_leader, second)
        step = self.step_of(report, "designate")
        self.assertEqual(step.user_id, second)
        self.assertEqual(report.activity_ids.user_id, second)

    def test_decisions_fall_to_the_other_leader(self):
        report = self.designating()
        second = self.make_user("province_2", "civic_report.group_province_leader")
        self.end(self.province_leader, self.new_leader)
        self.assertEqual(self.step_of(report, "designate").user_id, second)

    def test_the_only_coordinator(self):
        report = self.consulted()
        with self.assertRaisesRegex(UserError, "new_handler.*Coordinat"):
            self.end(self.coordinator, self.new_handler)
        second = self.make_user("coordinator_2", "civic_report.group_coordinator")
        self.end(self.coordinator, second)
        self.assertEqual(self.step_of(report, "consult").user_id, second)
        report.with_user(second).answer_consult([self.agency.id], "Đúng.")

    def test_a_coordinator_who_is_a_handler(self):
        """A handler in the place of both leaves nobody to be asked."""
        self.coordinator.group_ids |= self.env.ref("civic_report.group_handler")
        self.coordinator.group_ids |= self.env.ref("civic_report.group_leader")
        with self.assertRaisesRegex(UserError, "Coordinat"):
            both = self.make_user(
                "both", "civic_report.group_handler,civic_report.group_leader"
            )
            self.end(self.coordinator, both)
        # Where another is left who can answer, a handler will do.
        other = self.make_user("coordinator_2", "civic_report.group_coordinator")
        self.coordinating_agency.handler_ids |= other
        report = self.consulted()
        self.end(self.coordinator, both)
        self.assertEqual(self.step_of(report, "consult").user_id, other)

    def test_several_roles_are_divided(self):
        """A handler who is an operator too leaves to one of each."""
        self.handler.group_ids |= self.env.ref("civic_report.group_operator")
        accepted, taken = self.walk_to("accepted"), self.make_report()
        taken.with_user(self.handler).receive()
        taken.sudo()._elevated().operator_id = self.handler
        operator = self.make_user("operator_2", "civic_report.group_operator")
        row = self.end(self.handler, self.new_handler, operator, confirm=False)
        row.action_propose()
        self.assertEqual(
            {(line.role, line.to_user_id) for line in row.line_ids},
            {("handler", self.new_handler), ("operator", operator)},
        )
        row.action_confirm()
        self.assertEqual(accepted.assignment_ids.handler_id, self.new_handler)
        self.assertEqual(taken.operator_id, operator)
        self.assertIn(self.new_handler, self.agency.handler_ids)
        self.assertNotIn(operator, self.agency.handler_ids)

    def test_a_line_says_of_which_role(self):
        self.handler.group_ids |= self.env.ref("civic_report.group_operator")
        roles = "civic_report.group_handler,civic_report.group_operator"
        both = [self.make_user(f"both_{n}", roles) for n in (1, 2)]
        accepted, taken = self.walk_to("accepted"), self.walk_to("received")
        taken.sudo()._elevated().operator_id = self.handler
        row = self.end(self.handler, *both, confirm=False)
        place = {"kind": "work", "category_id": self.category.id}
        row.line_ids = [
            Command.create({**place, "to_user_id": both[0].id}),
            Command.create({**place, "role": "operator", "to_user_id": both[1].id}),
        ]
        row.action_confirm()
        self.assertEqual(accepted.assignment_ids.handler_id, both[0])
        self.assertEqual(taken.operator_id, both[1])

    def test_a_line_to_who_lacks_the_role(self):
        self.walk_to("accepted")
        row = self.end(self.handler, self.new_handler, self.new_leader, confirm=False)
        row.line_ids = [
            Command.create(
                {
                    "kind": "work",
                    "category_id": self.category.id,
                    "to_user_id": self.new_leader.id,
                }
            )
        ]
        with self.assertRaisesRegex(UserError, "new_leader.*Handler"):
            row.action_confirm()


@tagged("-at_install", "post_install")
class TestRemindersGoOn(PeopleCase):
    """What senders and agencies wrote is somebody's to read, whoever leaves."""

    def reminded(self):
        report = self.walk_to("accepted")
        report.sudo()._elevated()._remind_operator()
        self.assertTrue(self.reminders(self.operator, report))
        return report

    def test_reminders_of_what_was_written(self):
        report, done = self.reminded(), self.walk_to("done")
        done.sudo()._elevated()._remind_operator("activity_agency")
        second = self.make_user("operator_2", "civic_report.group_operator")
        self.end(self.operator, second)
        self.assertFalse(self.reminders(self.operator))
        self.assertEqual(len(self.reminders(second, report)), 1)
        self.assertTrue(self.reminders(second, done, "activity_agency"))

    def test_nobody_is_reminded_twice(self):
        report = self.reminded()
        second = self.make_user("operator_2", "civic_report.group_operator")
        row = self.reminders(self.operator, report)
        quiet = row.sudo().with_context(mail_activity_quick_update=True)
        quiet.copy({"user_id": second.id})
        self.end(self.operator, second)
        self.assertEqual(len(self.reminders(second, report)), 1)

    def test_what_another_holds_reminds_nobody_else(self):
        report = self.reminded()
        second = self.make_user("operator_2", "civic_report.group_operator")
        report.sudo()._elevated().operator_id = second
        report.sudo()._elevated()._remind_operator()
        self.assertTrue(self.reminders(second, report))
        report.sudo()._elevated()._remind_operator()
        self.assertEqual(len(self.reminders(second, report)), 1)

    def test_written_after_the_operator_has_left(self):
        """The Centre's managers are told of what nobody has in hand any more."""
        report = self.walk_to("done")
        second = self.make_user("operator_2", "civic_report.group_operator")
        self.archiver()
        self.end(self.operator, second, archive_account=True)
        self.assertEqual(report.operator_id, self.operator)
        report.sudo()._elevated()._remind_operator()
        self.assertTrue(self.reminders(self.manager, report))

    def test_an_account_is_not_archived_over_reminders(self):
        report = self.walk_to("done")
        report.sudo()._elevated()._remind_operator()
        with self.assertRaisesRegex(UserError, "1 reminders"):
            self.operator.active = False


@tagged("-at_install", "post_install")
class TestProvincesApart(PeopleCase):
    """Who works in two provinces leaves the one alone that enters it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.beyond = cls.env["res.company"].create(
            {"name": "Tỉnh bên", "civic_procedure_id": cls.procedure.id}
        )
        cls.handler.company_ids |= cls.beyond
        cls.agency_beyond = cls.make_agency(
            "Sở của tỉnh bên", "X", cls.handler, cls.leader, company_id=cls.beyond.id
        )
        sender = cls.reporter.create(
            {"name": "Người gửi ở tỉnh bên", "company_id": cls.beyond.id}
        )
        report = cls.env["civic.report"].create(
            cls.report_values(company_id=cls.beyond.id, reporter_id=sender.id)
        )
        cls.part_beyond = (
            cls.env["civic.door"]
            ._elevated()
            .env["civic.assignment"]
            .create(
                {
                    "report_id": report.id,
                    "agency_id": cls.agency_beyond.id,
                    "company_id": cls.beyond.id,
                    "handler_id": cls.handler.id,
                    "role": "lead",
                    "state": "processing",
                }
            )
        )
        # By id the first: whatever asks across provinces would meet it.
        report.sudo()._elevated().operator_id = cls.handler
        cls.report_beyond = report

    def test_the_other_province_is_left_alone(self):
        here = self.walk_to("accepted")
        row = self.end(self.handler, self.new_handler, confirm=False)
        self.assertIn("1 assignments", row.open_work)
        self.assertNotIn("taken", row.open_work)
        row.action_confirm()
        self.assertEqual(here.assignment_ids.handler_id, self.new_handler)
        self.assertEqual(self.part_beyond.handler_id, self.handler)
        self.assertEqual(self.report_beyond.operator_id, self.handler)
        self.assertIn(self.handler, self.agency_beyond.handler_ids)
        self.assertNotIn(self.new_handler, self.agency_beyond.handler_ids)

    def test_an_account_with_work_elsewhere(self):
        self.archiver()
        with self.assertRaisesRegex(UserError, "Tỉnh bên: 1 assignments"):
            self.end(self.handler, self.new_handler, archive_account=True)
        self.assertTrue(self.handler.active)

    def test_each_province_plans_its_own(self):
        here = self.end(self.handler, self.new_handler, date="2030-01-01")
        third = self.make_user("h3", "civic_report.group_handler")
        third.company_ids |= self.beyond
        row = self.env["civic.succession"].create(
            {
                "kind": "person",
                "company_id": self.beyond.id,
                "user_id": self.handler.id,
                "successor_user_ids": [Command.set(third.ids)],
                "date": "2030-01-01",
            }
        )
        row._keyed().write({"state": "planned"})
        self.env.flush_all()
        self.assertEqual(here.state, "planned")
        self.assertEqual((here | row).mapped("user_id"), self.handler)
        self.assertEqual((here | row).mapped("company_id"), self.company | self.beyond)


@tagged("-at_install", "post_install")
class TestStanding(PeopleCase):
    """Roles and provinces are not taken from who has work in hand that needs them."""

    def test_a_role(self):
        self.walk_to("accepted")
        group = self.env.ref("civic_report.group_handler")
        words = "civic_handler.*1 assignments, 2 duties.*Successions"
        with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
            self.handler.group_ids -= group
        with self.assertRaisesRegex(UserError, words), self.cr.savepoint():
            group.user_ids -= self.handler
        self.assertTrue(self.handler.has_group("civic_report.group_handler"))
        # A role that none of it needs goes freely.
        self.handler.group_ids |= self.env.ref("civic_report.group_operator")
        self.handler.group_ids -= self.env.ref("civic_report.group_operator")
        self.end(self.handler, self.new_handler)
        self.handler.group_ids -= group

    def test_each_role_with_its_work(self):
        self.designating()
        self.consulted()
        self.walk_to("submitted")
        for user, role in (
            (self.province_leader, "province_leader"),
            (self.coordinator, "coordinator"),
            (self.leader, "leader"),
            (self.operator, "operator"),
        ):
            with (
                self.subTest(role),
                self.assertRaisesRegex(UserError, "in hand"),
                self.cr.savepoint(),
            ):
                user.group_ids -= self.env.ref(f"civic_report.group_{role}")

    def test_a_province(self):
        beyond = self.env["res.company"].create({"name": "Tỉnh bên"})
        self.handler.company_ids |= beyond
        self.walk_to("accepted")
        self.handler.company_ids -= beyond
        self.handler.company_ids |= beyond
        with self.assertRaisesRegex(UserError, "1 assignments"):
            self.handler.write(
                {"company_ids": [Command.set(beyond.ids)], "company_id": beyond.id}
            )

    def test_the_button_opens_a_succession(self):
        self.archiver()
        self.walk_to("accepted")
        user = self.handler.with_user(self.administrator)
        with self.assertRaises(RedirectWarning) as caught:
            user.action_archive()
        words, action, _button, context = caught.exception.args
        self.assertIn("1 assignments", words)
        self.assertEqual(action["res_model"], "civic.succession")
        fields = ["kind", "user_id", "company_id"]
        values = self.successions.with_context(**context).default_get(fields)
        self.assertEqual(values["kind"], "person")
        self.assertEqual(values["user_id"], self.handler.id)
        self.assertEqual(values["company_id"], self.company.id)

    def test_who_enters_no_successions_gets_words(self):
        self.walk_to("accepted")
        self.operator.group_ids |= self.env.ref("base.group_erp_manager")
        with self.assertRaisesRegex(UserError, "Successions"):
            self.handler.with_user(self.operator).action_archive()
