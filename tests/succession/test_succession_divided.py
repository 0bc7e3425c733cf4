from odoo.fields import Command
from odoo.tests import tagged

from ..rig.succession import SuccessionCase


@tagged("-at_install", "post_install")
class TestDivided(SuccessionCase):
    """What is divided among several goes to each as the lines say, whole."""

    def two_wards(self):
        wards = self.env["civic.ward"].create(
            [{"name": f"Phường {n}", "code": f"9900{n}"} for n in (1, 2)]
        )
        return wards

    def test_person_divided(self):
        wards = self.two_wards()
        third = self.make_user("third", "civic_report.group_handler")
        reports = [
            self.walk_to("accepted", self.make_report(ward_id=w.id)) for w in wards
        ]
        row = self.end(self.handler, self.new_handler, third, confirm=False)
        row.action_propose()
        lines = row.line_ids.filtered(lambda line: line.kind == "work")
        for line in lines:
            line.to_user_id = self.new_handler if line.ward_id == wards[0] else third
        row.action_confirm()
        for report, person in zip(reports, (self.new_handler, third), strict=True):
            part = report.sudo().assignment_ids
            self.assertEqual(part.handler_id, person)
            self.assertEqual(self.step_of(part, "process").user_id, person)
            self.assertEqual(part.activity_ids.user_id, person)
            events = part.event_ids.filtered(lambda e: e.code == "hand_over")
            self.assertEqual(len(events), 1, events.mapped("note"))
            self.assertIn(person.name, events.note)

    def test_operator_divided(self):
        wards = self.two_wards()
        others = [
            self.make_user(f"op{n}", "civic_report.group_operator") for n in (1, 2)
        ]
        reports = [self.make_report(ward_id=w.id) for w in wards]
        for report in reports:
            report.receive()
            report.sudo()._elevated().operator_id = self.operator
        row = self.end(self.operator, *others, confirm=False)
        for ward, person in zip(wards, others, strict=True):
            row.line_ids = [
                Command.create(
                    {
                        "kind": "work",
                        "ward_id": ward.id,
                        "category_id": self.category.id,
                        "to_user_id": person.id,
                    }
                )
            ]
        row.action_confirm()
        for report, person in zip(reports, others, strict=True):
            self.assertEqual(report.operator_id, person)
            events = report.sudo().event_ids.filtered(lambda e: e.code == "succeed")
            self.assertEqual(len(events), 1)

    def test_agency_divided(self):
        wards = self.two_wards()
        third = self.make_agency(
            "Sở ba",
            "S3",
            self.make_user("h3", "civic_report.group_handler"),
            self.make_user("l3", "civic_report.group_leader"),
        )
        for target in (self.new_agency, third):
            target.handler_ids |= self.make_user(
                f"asked_{target.id}", "civic_report.group_coordinator"
            )
        reports = [
            self.walk_to("accepted", self.make_report(ward_id=w.id)) for w in wards
        ]
        done = [self.walk_to("done", self.make_report(ward_id=w.id)) for w in wards]
        for report in done:
            report._as_sender(self.citizen).follow_up("Còn đoạn sau?")
        held = [self.walk_to("received", self.make_report(ward_id=w.id)) for w in wards]
        for report in held:
            report.sudo()._elevated().coordinator_agency_id = self.agency
        row = self.end(self.agency, self.new_agency, third, confirm=False)
        for ward, target in zip(wards, (self.new_agency, third), strict=True):
            row.line_ids = [
                Command.create(
                    {
                        "kind": "work",
                        "ward_id": ward.id,
                        "category_id": self.category.id,
                        "to_agency_id": target.id,
                    }
                )
            ]
        row.line_ids = [
            Command.create(
                {"kind": "people", "user_id": self.handler.id, "to_agency_id": third.id}
            ),
            Command.create(
                {"kind": "people", "user_id": self.leader.id, "to_agency_id": third.id}
            ),
        ]
        row.action_confirm()
        targets = (self.new_agency, third)
        for report, target in zip(reports, targets, strict=True):
            part = report.sudo().assignment_ids
            self.assertEqual(part.agency_id, target)
            step = self.step_of(part, "process")
            self.assertEqual(step.agency_id, target)
            self.assertIn(part.handler_id, target.handler_ids)
            self.assertEqual(step.user_id, part.handler_id)
            self.assertEqual(
                len(part.event_ids.filtered(lambda e: e.code == "succeed")), 1
            )
        for report, target in zip(done, targets, strict=True):
            self.assertEqual(report.sudo().interaction_ids.agency_id, target)
            step = self.step_of(report.sudo().assignment_ids, "interaction")
            self.assertEqual(step.agency_id, target)
            self.assertIn(step.user_id, target.handler_ids)
        for report, target in zip(held, targets, strict=True):
            self.assertEqual(report.sudo().coordinator_agency_id, target)
            self.assertEqual(
                len(report.sudo().event_ids.filtered(lambda e: e.code == "succeed")), 1
            )


@tagged("-at_install", "post_install")
class TestPassedOn(SuccessionCase):
    """What else hangs on what ends: letters, vacancies, limits, words."""

    def test_letter_numbers_pass_on(self):
        self.procedure.letter_form = "official"
        first = self.walk_to("resolved")
        self.assertTrue(first.assignment_ids.letter_number)
        other = self.dispatched(self.new_agency)
        part = other.assignment_ids
        part.with_user(self.new_handler).accept()
        part.with_user(self.new_handler).submit("Đã vá ổ gà xong.")
        part.with_user(self.new_leader).approve()
        self.assertTrue(part.letter_number)
        self.end(self.agency, self.new_agency)
        self.env.flush_all()
        first.request_fix(first.assignment_ids.ids, "Sửa mẫu.")
        self.env.flush_all()
        self.assertEqual(first.assignment_ids.agency_id, self.new_agency)
        self.assertFalse(first.assignment_ids.letter_number, "the former agency's")

    def test_letter_numbers_pass_on_when_fixed_before(self):
        self.procedure.letter_form = "official"
        first = self.walk_to("resolved")
        first.request_fix(first.assignment_ids.ids, "Sửa mẫu.")
        other = self.dispatched(self.new_agency)
        part = other.assignment_ids
        part.with_user(self.new_handler).accept()
        part.with_user(self.new_handler).submit("Đã vá ổ gà xong.")
        part.with_user(self.new_leader).approve()
        self.assertTrue(part.letter_number)
        self.end(self.agency, self.new_agency)
        self.env.flush_all()
        self.assertEqual(first.assignment_ids.agency_id, self.new_agency)
        self.assertFalse(first.assignment_ids.letter_number, "the former agency's")

    def test_vacancy_then_named(self):
        self.agency.focal_handler_id = False
        report = self.dispatched()
        assignment = report.sudo().assignment_ids
        step = self.step_of(assignment, "accept")
        self.assertEqual(step.user_id, self.leader)
        self.agency.write(
            {
                "handler_ids": [Command.link(self.new_handler.id)],
                "focal_handler_id": self.new_handler.id,
            }
        )
        self.assertEqual(assignment.handler_id, self.new_handler)
        self.assertEqual(self.step_of(assignment, "accept").user_id, self.new_handler)
        self.assertEqual(assignment.activity_ids.user_id, self.new_handler)
        events = assignment.event_ids.filtered(lambda e: e.code == "hand_over")
        self.assertEqual(len(events), 1)

    def test_vacancy_by_person_succession(self):
        report = self.walk_to("accepted")
        assignment = report.sudo().assignment_ids
        self.end(self.handler, self.new_handler)
        self.assertEqual(assignment.handler_id, self.new_handler)
        self.assertEqual(self.step_of(assignment, "process").user_id, self.new_handler)
        self.assertEqual(self.agency.focal_handler_id, self.new_handler)
        self.assertTrue(self.agency.focal_document_missing)
        events = assignment.event_ids.filtered(lambda e: e.code == "hand_over")
        self.assertEqual(len(events), 1)

    def test_vacancy_then_agency_succession(self):
        self.agency.focal_handler_id = False
        report = self.dispatched()
        self.end(self.agency, self.new_agency)
        assignment = report.sudo().assignment_ids
        self.assertEqual(self.step_of(assignment, "accept").user_id, self.new_handler)

    def test_archived_focal_then_succession(self):
        report = self.walk_to("accepted")
        assignment = report.sudo().assignment_ids
        self.agency.focal_handler_id = False
        self.end(self.handler, self.new_handler)
        self.assertEqual(self.step_of(assignment, "process").user_id, self.new_handler)

    def test_own_limit_goes_on_with_category(self):
        new = self.category.copy({"name": "Đường sá mới", "code": "dsm"})
        self.env["civic.agency.limit"].create(
            {
                "agency_id": self.agency.id,
                "category_id": self.category.id,
                "value": 1,
                "unit": "working_day",
            }
        )
        self.end(self.category, new)
        report = self.walk_to("accepted", self.make_report(category_id=new.id))
        step = self.step_of(report.sudo().assignment_ids, "process")
        self.assertTrue(step.is_own_limit)

    def test_ready_answers_go_on_with_agency(self):
        row = self.env["civic.ready.answer"].create(
            {"name": "x", "body": "Đã làm xong.", "agency_id": self.agency.id}
        )
        self.end(self.agency, self.new_agency)
        self.assertEqual(row.agency_id, self.new_agency)

    def promised(self):
        report = self.walk_to("accepted")
        part = report.sudo().assignment_ids
        part.with_user(self.handler).promised_date = "2026-12-20"
        self.submit(part)
        part.with_user(self.leader).approve()
        report.publish()
        return part

    def test_promises_pass_on(self):
        with self.at("2026-11-16 09:00"):
            part = self.promised()
            self.assertEqual(part.activity_ids.user_id, self.handler)
            self.end(self.handler, self.new_handler)
            self.assertEqual(part.activity_ids.user_id, self.new_handler)
            self.end(self.agency, self.new_agency)
            self.assertEqual(part.activity_ids.user_id, self.new_handler)
            part.with_user(self.new_handler).sudo(False).keep_promise("Đã làm xong.")
            self.assertFalse(part.activity_ids)

    def test_promises_of_an_ended_agency(self):
        with self.at("2026-11-16 09:00"):
            part = self.promised()
            self.end(self.agency, self.new_agency)
            # Who went along with the work keeps it.
            self.assertEqual(part.activity_ids.user_id, self.handler)
        with self.at("2026-12-22 09:00"), self.enter_registry_test_mode():
            self.env.ref("civic_report.cron_promises").method_direct_trigger()
            self.assertEqual(part.activity_ids.user_id, self.handler | self.leader)

    def test_the_emergency_service_passes_on(self):
        self.agency.emergency_service = "114"
        third = self.make_agency("Sở ba", "S3", self.handler, self.leader)
        self.end(self.agency, self.new_agency, third)
        self.assertEqual(self.new_agency.emergency_service, "114")
        self.assertFalse(third.emergency_service)
