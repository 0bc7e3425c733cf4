from datetime import date

from odoo.exceptions import (
    AccessError,
    MissingError,
    RedirectWarning,
    UserError,
    ValidationError,
)
from odoo.fields import Command
from odoo.tests import tagged

from ...models.messages.delivery import Undelivered
from ..rig.succession import SuccessionCase


@tagged("-at_install", "post_install")
class TestAgencySuccession(SuccessionCase):
    """An agency ends with work in hand (L03)."""

    def test_archiving_with_work_in_hand_says_what_to_do(self):
        report = self.dispatched()
        agency = self.agency.with_user(self.administrator)
        with self.assertRaisesRegex(RedirectWarning, "1 assignments.*Successions"):
            agency.active = False
        with self.assertRaisesRegex(RedirectWarning, "Successions"):
            agency.action_archive()
        # A context of the caller's is no key.
        with self.assertRaises(RedirectWarning):
            agency.with_context(civic_door=True).write({"active": False})
        self.assertTrue(agency.active)
        report.assignment_ids.with_user(self.handler).return_wrong("Không phải của Sở.")
        agency.active = False
        self.assertFalse(agency.active)

    def test_work_moves_with_its_clock(self):
        with self.at("2026-11-16 10:00"):
            pending = self.dispatched()
            accepted = self.walk_to("accepted")
            submitted = self.walk_to("submitted")
        reports = pending | accepted | submitted
        before = [sorted(row.sudo().step_ids.mapped("deadline")) for row in reports]
        with self.at("2026-11-17 08:00"):
            self.end(self.agency, self.new_agency, basis="NQ 12/NQ-HĐND")
        reports.invalidate_recordset()
        assignments = reports.assignment_ids
        self.assertEqual(assignments.agency_id, self.new_agency)
        self.assertEqual(reports.agency_id, self.new_agency)
        self.assertEqual(
            [sorted(row.sudo().step_ids.mapped("deadline")) for row in reports], before
        )
        open_steps = reports.sudo().step_ids.filtered(
            lambda step: step.state == "open" and step.assignment_id
        )
        self.assertEqual(open_steps.agency_id, self.new_agency)
        # People went with the work, which stays in their hands.
        self.assertIn(self.handler, self.new_agency.handler_ids)
        self.assertEqual(accepted.assignment_ids.handler_id, self.handler)
        self.assertEqual(accepted.assignment_ids.activity_ids.user_id, self.handler)
        for assignment in assignments:
            event = assignment.event_ids.filtered(lambda row: row.code == "succeed")
            self.assertIn("Sở Xây dựng → Sở Xây dựng mới", event.note)
            self.assertIn("NQ 12/NQ-HĐND", event.note)
        self.assertFalse(self.agency.active)
        self.assertEqual(self.agency.successor_ids, self.new_agency)
        self.assertEqual(self.agency.ended_on, date(2026, 11, 17))
        # The new agency's own people finish it.
        submitted.assignment_ids.with_user(self.new_leader).approve()
        accepted.assignment_ids.with_user(self.new_handler).submit("Đã xong.")

    def test_who_is_told(self):
        self.dispatched()
        self.new_agency.email = "coquan.moi@example.com"
        self.agency.email = "coquan.cu@example.com"
        self.end(self.agency, self.new_agency)
        rows = self.env["civic.outbox"].search(
            [("notice_id.event", "=", "succession"), ("channel", "=", "email")]
        )
        self.assertEqual(rows.agency_id, self.agency | self.new_agency)
        self.assertEqual(rows.user_id, self.new_handler | self.new_leader)
        _subject, body = rows[0]._words()
        self.assertIn("goes on", body)
        self.assertIn("pass over: 1.", body)

    def test_history_keeps_the_old_name_and_is_the_successors(self):
        report = self.walk_to("done")
        self.end(self.agency, self.new_agency)
        assignment = report.assignment_ids
        self.assertEqual(assignment.agency_id, self.agency)
        seen = assignment.with_user(self.new_handler)
        self.assertTrue(seen.has_access("read"))
        # A question about the old answer is for who stands in its place.
        report._as_sender(self.citizen).follow_up("Còn đoạn phía sau thì sao?")
        step = self.step_of(assignment, "interaction")
        self.assertEqual(step.agency_id, self.new_agency)
        self.assertTrue(step.user_id)
        seen.answer(report.interaction_ids.id, "Sẽ làm trong tuần này.")
        self.assertEqual(report.interaction_ids.state, "answered")

    def test_an_open_question_moves(self):
        report = self.walk_to("done")
        report._as_sender(self.citizen).follow_up("Còn đoạn phía sau thì sao?")
        with self.assertRaises(RedirectWarning):
            self.agency.with_user(self.administrator).active = False
        self.end(self.agency, self.new_agency)
        self.assertEqual(report.interaction_ids.agency_id, self.new_agency)
        step = self.step_of(report.assignment_ids, "interaction")
        self.assertEqual(step.agency_id, self.new_agency)
        self.assertEqual(step.user_id, self.handler)

    def test_sent_back_after_the_end(self):
        report = self.walk_to("resolved")
        self.end(self.agency, self.new_agency)
        report.request_fix(report.assignment_ids.ids, "Thiếu ngày hoàn thành.")
        self.assertEqual(report.assignment_ids.agency_id, self.new_agency)
        self.assertEqual(report.agency_id, self.new_agency)
        step = self.step_of(report.assignment_ids, "process")
        self.assertEqual(step.agency_id, self.new_agency)

    def test_both_had_a_part(self):
        """One part is enough, and nothing written is lost."""
        report = self.dispatched(self.agency, self.new_agency)
        old, new = report.assignment_ids.sorted(lambda row: row.agency_id.id)
        self.assertEqual((old.agency_id, new.agency_id), (self.agency, self.new_agency))
        old.with_user(self.handler).accept()
        old.with_user(self.handler).result = "Đã khảo sát."
        self.end(self.agency, self.new_agency)
        self.assertEqual((old.state, new.state), ("dropped", "pending"))
        self.assertEqual(new.result, "Đã khảo sát.")
        self.assertIn("succeed", new.event_ids.mapped("code"))

    def test_the_other_part_was_answered(self):
        """What is unanswered stays to be answered by who is left."""
        report = self.dispatched(self.agency, self.new_agency)
        new = report.assignment_ids.filtered(
            lambda row: row.agency_id == self.new_agency
        )
        new.with_user(self.new_handler).accept()
        new.with_user(self.new_handler).submit("Đã làm phần mình.")
        new.with_user(self.new_leader).approve()
        self.end(self.agency, self.new_agency)
        self.assertEqual(new.state, "processing")
        self.assertEqual(report.state, "processing")

    def test_lead_and_its_co_agency(self):
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_st")
        self.complete_sender()
        report = self.dispatched()
        lead = report.assignment_ids
        lead.with_user(self.handler).invite([self.new_agency.id], "Giúp đo đạc.")
        co = lead.co_ids
        co.with_user(self.new_handler).accept()
        co.with_user(self.new_handler).submit("Đã đo.")
        co.with_user(self.new_leader).approve()
        self.end(self.agency, self.new_agency)
        self.assertEqual(lead.agency_id, self.new_agency)
        self.assertEqual(co.state, "dropped")
        self.assertEqual(lead.result, "Đã đo.")

    def test_one_successor_leaves_nothing_to_divide(self):
        row = self.end(self.agency, self.new_agency, confirm=False)
        said = row.action_propose()
        self.assertFalse(row.line_ids)
        self.assertEqual(said["tag"], "display_notification")

    def test_several_by_ward_and_category(self):
        wards = self.env["civic.ward"].create(
            [{"name": "Phường A"}, {"name": "Phường B"}]
        )
        self.new_agency.ward_ids = wards[0]
        self.other_agency.ward_ids = wards[1]
        reports = [self.dispatched(ward_id=ward.id) for ward in wards]
        row = self.end(self.agency, self.new_agency, self.other_agency, confirm=False)
        row.action_propose()
        lines = row.line_ids.filtered(lambda line: line.kind == "work")
        self.assertEqual(
            {line.ward_id: line.to_agency_id for line in lines},
            dict(zip(wards, (self.new_agency, self.other_agency), strict=True)),
        )
        self.assertEqual(lines.mapped("number"), [1, 1])
        people = row.line_ids - lines
        self.assertEqual(people.user_id, self.handler | self.leader)
        # The administrator knows better; work that came since follows the area.
        lines.filtered(
            lambda line: line.ward_id == wards[1]
        ).to_agency_id = self.new_agency
        later = self.dispatched(ward_id=wards[0].id)
        row.action_confirm()
        for report in (*reports, later):
            self.assertEqual(report.assignment_ids.agency_id, self.new_agency)
        self.assertEqual(
            set(self.agency.successor_ids.ids),
            {self.new_agency.id, self.other_agency.id},
        )

    def test_branches_competence_and_focal_people(self):
        branch = self.make_agency(
            "Chi nhánh", "CN", self.handler, self.leader, parent_id=self.agency.id
        )
        self.agency.category_ids = self.category
        empty = self.make_agency(
            "Sở mới", "SM", self.handler.browse(), self.leader.browse()
        )
        self.end(self.agency, empty)
        self.assertEqual(branch.parent_id, empty)
        self.assertIn(self.category, empty.category_ids)
        self.assertEqual(empty.focal_handler_id, self.handler)
        self.assertFalse(empty.is_vacant)
        self.assertFalse(self.agency.handler_ids)

    def test_a_branch_goes_on(self):
        branch = self.make_agency(
            "Chi nhánh",
            "CN",
            self.new_handler,
            self.new_leader,
            parent_id=self.agency.id,
        )
        report = self.dispatched()
        self.end(self.agency, branch)
        self.assertFalse(branch.parent_id)
        self.assertEqual(report.assignment_ids.agency_id, branch)

    def test_coordination_moves(self):
        category = self.env["civic.category"].search(
            [("track", "=", "sensitive")], limit=1
        )
        report = self.walk_to("received", self.make_report(category_id=category.id))
        report.consult(self.coordinating_agency.id)
        coordinator = self.make_user("coordinator_2", "civic_report.group_coordinator")
        other = self.make_agency("Phối hợp mới", "PHM", coordinator, coordinator)
        self.end(self.coordinating_agency, other)
        self.assertEqual(report.coordinator_agency_id, other)
        self.assertEqual(self.step_of(report, "consult").agency_id, other)
        self.assertIn("succeed", report.event_ids.mapped("code"))
        report.with_user(coordinator).answer_consult([self.agency.id], "Đúng.")

    def test_chain_leads_to_the_last(self):
        third = self.make_agency("Sở thứ ba", "S3", self.new_handler, self.new_leader)
        report = self.walk_to("done")
        self.end(self.agency, self.new_agency)
        self.end(self.new_agency, third)
        self.assertEqual(self.agency._in_force(), third)
        self.assertIn(self.agency.id, self.new_handler._civic_agency_ids("handler"))
        self.assertEqual(report.assignment_ids._agency_in_charge(), third)

    def test_planned_for_its_day(self):
        with self.at("2026-11-16 10:00"):
            report = self.dispatched()
            row = self.end(self.agency, self.new_agency, date=date(2026, 12, 1))
            self.assertEqual(row.state, "planned")
            self.run_cron()
            self.assertEqual(report.assignment_ids.agency_id, self.agency)
            self.assertTrue(self.agency.active)
        with self.at("2026-12-01 00:05"):
            self.run_cron()
        self.assertEqual(row.state, "done")
        self.assertEqual(report.assignment_ids.agency_id, self.new_agency)

    def test_called_off(self):
        row = self.end(self.agency, self.new_agency, date=date(2030, 1, 1))
        row.action_cancel()
        self.assertEqual(row.state, "cancelled")
        with self.assertRaises(UserError):
            row.action_confirm()

    def test_planned_and_then_impossible(self):
        """What cannot happen is said, and happens when it can."""
        with self.at("2026-11-16 10:00"):
            row = self.end(self.agency, self.new_agency, date=date(2026, 12, 1))
            self.new_agency.active = False
        with self.at("2026-12-01 08:00"):
            self.run_cron()
            self.assertEqual(row.state, "planned")
            self.assertIn("archived", row.problem)
            health = self.env["civic.health"]._health_check_successions()
            self.assertEqual(health.state, "broken")
            self.new_agency.active = True
            self.run_cron()
        self.assertEqual(row.state, "done")
        self.assertFalse(row.problem)

    def test_bad_values(self):
        elsewhere = self.env["res.company"].create({"name": "Tỉnh bên"})
        beyond = self.make_agency(
            "Sở của tỉnh bên", "X", self.handler, self.leader, company_id=elsewhere.id
        )
        archived = self.make_agency("Đã giải thể", "Y", self.handler, self.leader)
        archived.active = False
        planned = self.make_agency("Sắp hết", "Z", self.handler, self.leader)
        self.end(planned, self.other_agency, date=date(2027, 1, 1))
        self.env.user.company_ids |= elsewhere
        self.administrator.company_ids |= elsewhere
        for successors, values, words in (
            ((self.agency,), {}, "own place"),
            ((archived,), {}, "archived"),
            ((beyond,), {}, "another province"),
            ((planned,), {"date": date(2027, 1, 2)}, "itself ends"),
            ((self.new_agency,), {"date": date(1900, 1, 1)}, "30 years"),
            ((self.new_agency,), {"date": date(2999, 1, 1)}, "30 years"),
            ((self.new_agency,), {"user_id": self.handler.id}, "one thing"),
            ((), {}, "Choose who goes on"),
        ):
            with (
                self.subTest(words),
                self.cr.savepoint(),
                self.assertRaisesRegex(UserError, words),
            ):
                self.end(self.agency, *successors, **values)
        # A circle: the one in its place ends in it.
        self.end(self.agency, self.new_agency)
        with self.assertRaisesRegex(ValidationError, "archived"):
            self.end(self.new_agency, self.agency)
        with self.assertRaisesRegex(UserError, "goes on in"):
            self.agency.active = True
        with self.assertRaisesRegex(UserError, "goes on in"):
            self.end(self.agency, self.other_agency)

    def test_who_may(self):
        row = self.end(self.agency, self.new_agency, confirm=False)
        for user in (self.operator, self.manager, self.province_leader):
            seen = row.with_user(user)
            self.assertTrue(seen.has_access("read"))
            for act in ("action_confirm", "action_propose", "action_cancel"):
                with self.subTest(act, user=user.login), self.assertRaises(AccessError):
                    getattr(seen, act)()
        with self.assertRaises(MissingError):
            row.with_user(self.handler).action_confirm()
        for vals in ({"state": "done"}, {"problem": "x"}, {"done_at": "2026-01-01"}):
            with self.assertRaises(UserError):
                row.write(vals)
        with self.assertRaises(UserError):
            self.agency.with_user(self.administrator).successor_ids = self.new_agency
        with self.assertRaises(UserError):
            self.env["civic.ward"].with_user(self.administrator).create(
                {"name": "x", "ended_on": "2026-01-01"}
            )
        row.action_confirm()
        with self.assertRaises(UserError):
            row.basis = "khác"
        with self.assertRaises(UserError):
            row.unlink()

    def test_queries_do_not_grow(self):
        counts = []
        for number in (2, 40):
            old = self.make_agency("Cũ", "C", self.handler, self.leader)
            new = self.make_agency("Mới", "M", self.new_handler, self.new_leader)
            reports = (
                self.env["civic.report"]
                .with_user(self.operator)
                .create([self.report_values() for _ in range(number)])
            )
            reports.receive()
            reports.dispatch(old.ids)
            row = self.end(old, new, confirm=False)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            row.action_confirm()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 6)


@tagged("-at_install", "post_install")
class TestPersonSuccession(SuccessionCase):
    """A person leaves with work in hand (L01)."""

    def test_archiving_says_how_much_and_asks_to_whom(self):
        self.walk_to("accepted")
        with self.assertRaisesRegex(UserError, "1 assignments.*Successions"):
            self.handler.active = False
        with self.assertRaisesRegex(UserError, "civic_handler.*1.*Successions"):
            self.agency.write(
                {"handler_ids": [Command.clear()], "focal_handler_id": False}
            )

    def test_all_goes_to_the_successor(self):
        accepted = self.walk_to("accepted")
        row = self.end(self.handler, self.new_handler, confirm=False)
        self.assertIn("1 assignments", row.open_work)
        row.action_confirm()
        assignment = accepted.assignment_ids
        self.assertEqual(assignment.handler_id, self.new_handler)
        self.assertEqual(self.step_of(assignment, "process").user_id, self.new_handler)
        self.assertEqual(assignment.activity_ids.user_id, self.new_handler)
        self.assertTrue(assignment.with_user(self.new_handler).is_mine)
        self.assertIn("hand_over", assignment.event_ids.mapped("code"))
        self.assertEqual(self.agency.focal_handler_id, self.new_handler)
        self.assertNotIn(self.handler, self.agency.handler_ids)
        self.handler.active = False

    def test_the_leader_leaves(self):
        report = self.walk_to("submitted")
        self.end(self.leader, self.new_leader)
        self.assertEqual(
            self.step_of(report.assignment_ids, "approve").user_id, self.new_leader
        )
        report.assignment_ids.with_user(self.new_leader).approve()

    def test_the_operator_leaves(self):
        report = self.walk_to("resolved")
        self.assertEqual(report.operator_id, self.operator)
        other = self.make_user("operator_2", "civic_report.group_operator")
        with self.assertRaisesRegex(UserError, "Intake operator"):
            self.end(self.operator, self.new_handler)
        self.end(self.operator, other)
        self.assertEqual(report.operator_id, other)
        self.assertEqual(self.step_of(report, "publish").user_id, other)

    def test_bad_values(self):
        self.walk_to("accepted")
        archived = self.make_user("gone", "civic_report.group_handler")
        archived.active = False
        for successor, words in (
            (self.handler, "own place"),
            (archived, "archived"),
            (self.citizen, "no officer"),
            (self.new_leader, "lacks the role"),
        ):
            with (
                self.subTest(words),
                self.cr.savepoint(),
                self.assertRaisesRegex(UserError, words),
            ):
                self.end(self.handler, successor)
        with self.assertRaises(AccessError):
            self.end(self.handler, self.new_handler, archive_account=True)

    def test_account_is_archived_by_who_may(self):
        self.walk_to("accepted")
        self.administrator.group_ids |= self.env.ref("base.group_erp_manager")
        self.end(self.handler, self.new_handler, archive_account=True)
        self.assertFalse(self.handler.active)

    def test_successor_comes_days_later(self):
        """Who is named takes up what the last one still holds (L01)."""
        report = self.walk_to("accepted")
        done = self.walk_to("done")
        self.agency.focal_handler_id = False
        waiting = self.dispatched()
        self.assertTrue(self.agency.is_vacant)
        self.agency.handler_ids = [Command.link(self.new_handler.id)]
        self.agency.focal_handler_id = self.new_handler
        for row in (report, waiting):
            self.assertEqual(row.assignment_ids.handler_id, self.new_handler)
            self.assertEqual(row.assignment_ids.activity_ids.user_id, self.new_handler)
        self.assertEqual(done.assignment_ids.handler_id, self.handler)

    def test_who_works_from_above_keeps_it(self):
        """Handlers of the superior body work for its branches."""
        branch = self.make_agency(
            "Chi nhánh",
            "CN",
            self.other_handler,
            self.other_leader,
            parent_id=self.agency.id,
        )
        report = self.dispatched(branch)
        report.assignment_ids.with_user(self.handler).accept()
        step = self.step_of(report.assignment_ids, "process")
        self.assertEqual(step.user_id, self.handler)

    def test_no_mail_to_who_has_left(self):
        self.dispatched()
        self.end(self.handler, self.new_handler)
        self.end(self.new_handler, self.other_handler)
        row = self.env["civic.outbox"].search(
            [("user_id", "=", self.new_handler.id), ("channel", "=", "email")]
        )
        self.assertTrue(row._words())
        self.new_handler.active = False
        with self.assertRaises(Undelivered):
            row._words()
