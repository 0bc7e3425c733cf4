from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..rig.wizards import WizardCase


@tagged("-at_install", "post_install")
class TestCoordination(WizardCase):
    """The ways of a report besides the normal one, to the letter: HUE Điều 3.8 and 11,
    ST Điều 5 and 21."""

    def sensitive(self):
        report = self.make_report(
            category_id=self.env.ref("civic_report.category_land").id
        )
        report.receive()
        return report

    def told(self, report, event):
        """Whom the outbox tells of an event of a report, or of a duty, as (channel,
        name)."""
        rows = self.env["civic.outbox"].search([("report_id", "=", report.id)])
        return {
            (row.channel, (row.agency_id or row.user_id).name)
            for row in rows
            if event in (row.notice_id.event, (row.facts or {}).get("duty"))
            and row.audience != "reporter"
        }

    # ------------------------------------------------------------------
    # Consulting
    # ------------------------------------------------------------------

    def test_only_who_coordinates_is_asked(self):
        report = self.sensitive()
        with self.assertRaisesRegex(UserError, "no coordinator"):
            report.consult(self.agency.id)
        # Who was coordinator and has left answers no more.
        self.coordinating_agency.focal_leader_id = False
        self.coordinator.active = False
        with self.assertRaisesRegex(UserError, "no coordinator"):
            report.consult(self.coordinating_agency.id)
        self.coordinator.active = True
        report.consult(self.coordinating_agency.id)
        self.assertEqual(report.state, "consulting")

    def test_offered_are_those_who_coordinate(self):
        agencies = self.env["civic.agency"]
        branch = self.make_agency(
            "Phòng chuyên môn",
            "PCM",
            agencies.handler_ids,
            agencies.leader_ids,
            parent_id=self.coordinating_agency.id,
        )
        found = agencies.search([("coordinates", "=", True)])
        self.assertIn(branch, found, "its superior's coordinator answers for it")
        self.assertIn(self.coordinating_agency, found)
        self.assertNotIn(self.agency, found)
        self.assertFalse(self.agency.coordinates)
        self.assertTrue(branch.coordinates)

    def test_the_duty_is_the_coordinators(self):
        """Not the focal handler's, who may not answer."""
        other = self.make_user("clerk", "civic_report.group_handler")
        self.coordinating_agency.write(
            {
                "handler_ids": [Command.link(other.id)],
                "focal_handler_id": other.id,
                "email": "phoi.hop@example.com",
            }
        )
        report = self.sensitive()
        report.consult(self.coordinating_agency.id)
        self.assertEqual(self.step_of(report, "consult").user_id, self.coordinator)
        self.assertEqual(
            self.told(report, "consult"),
            {
                ("email", self.coordinating_agency.name),
                ("email", self.coordinator.name),
            },
        )

    def agreed(self):
        report = self.sensitive()
        report.consult(self.coordinating_agency.id)
        asked = report.with_user(self.coordinator)
        asked.answer_consult(self.agency.ids)
        report.dispatch(self.agency.ids)
        report.assignment_ids.with_user(self.handler).accept()
        self.submit(report.assignment_ids)
        report.assignment_ids.with_user(self.leader).approve()
        report.ask_concurrence()
        self.assertTrue(self.told(report, "concur"))
        asked.concur()
        return report

    def test_published_in_one_act(self):
        """HUE Điều 11.5: agreed with, it is edited and published; the history says
        what became public."""
        report = self.agreed()
        self.assertFalse(report.is_published)
        wizard = Form(
            self.env["civic.wizard.publish"]
            .with_user(self.operator)
            .with_context(active_model="civic.report", active_id=report.id)
        )
        self.assertTrue(wizard.make_public)
        self.assertTrue(wizard.is_public)
        wizard.save().action_confirm()
        self.assertEqual((report.state, report.visibility), ("done", "public"))
        self.assertTrue(report.is_published)
        opened = report.event_ids.filtered(lambda row: row.code == "set_visibility")
        self.assertIn("Published Result", opened[0].note)
        self.assertNotIn("picture", opened[0].note)

    def test_pictures_that_become_public_are_counted(self):
        report = self.agreed()
        pictures = self.picture(report, "a.png") | self.picture(report, "b.png")
        report._elevated().public_attachment_ids = pictures
        report.publish(make_public=True)
        opened = report.event_ids.filtered(lambda row: row.code == "set_visibility")
        self.assertIn("2 picture(s) or recording(s)", opened[0].note)

    def test_the_answer_may_stay_the_senders(self):
        report = self.agreed()
        wizard = Form(
            self.env["civic.wizard.publish"]
            .with_user(self.operator)
            .with_context(active_model="civic.report", active_id=report.id)
        )
        wizard.make_public = False
        self.assertFalse(wizard.is_public)
        wizard.save().action_confirm()
        self.assertEqual((report.state, report.visibility), ("done", "sensitive"))

    def test_nothing_becomes_public_without_agreement(self):
        report = self.make_report()
        report._elevated().visibility = "sensitive"
        self.walk_to("resolved", report)
        with self.assertRaisesRegex(UserError, "agreed"):
            report.publish(make_public=True)

    # ------------------------------------------------------------------
    # Designation
    # ------------------------------------------------------------------

    def asked(self, verb="ask_designation"):
        report = self.walk_to("received" if verb == "ask_designation" else "accepted")
        getattr(report, verb)("Chưa rõ thẩm quyền.")
        return report

    def test_the_province_is_told_and_reminded(self):
        with self.at("2026-11-20 16:30"):  # a Friday
            report = self.asked()
        step = self.step_of(report, "designate")
        self.assertEqual(step.user_id, self.province_leader)
        self.assertLocal(step.deadline, "2026-11-23 17:00")
        self.assertEqual(
            self.told(report, "designate"),
            {("email", self.province_leader.name)},
        )
        alerts = self.env["civic.alert"]
        for moment, late in (("2026-11-23 16:50", 0), ("2026-11-23 17:01", 1)):
            with self.at(moment):
                due = alerts._raise_due(self.env["civic.door"]._now(), 100)
                counts = alerts._tell([row for row in due if row[0] == step.id])
                self.assertEqual(counts[self.province_leader]["late"], late)
                self.assertEqual(step.is_overdue, bool(late))
                step.invalidate_recordset()

    def test_where_there_is_no_limit_the_province_is_reminded(self):
        self.procedure.limit_ids.filtered(lambda row: row.step == "designate").unlink()
        with self.at("2026-11-20 16:30"):  # a Friday
            report = self.asked()
        step = self.step_of(report, "designate")
        self.assertFalse(step.deadline)
        self.assertLocal(step.alert_at, "2026-11-23 17:00")
        alerts = self.env["civic.alert"]
        # 24 November is a day off since 2026.
        for day, left in (("2026-11-23", "2026-11-25 17:00"), ("2026-11-25", None)):
            with self.at(f"{day} 17:01"):
                due = alerts._raise_due(self.env["civic.door"]._now(), 100)
                counts = alerts._tell([row for row in due if row[0] == step.id])
                self.assertIn(self.province_leader, counts)
            if left:
                self.assertLocal(step.alert_at, left)
        self.assertFalse(step.alert_at)
        self.assertFalse(step.is_overdue)

    def test_every_leader_of_the_province_is_told(self):
        second = self.make_user("province_2", "civic_report.group_province_leader")
        report = self.asked()
        self.assertEqual(
            self.told(report, "designate"),
            {("email", user.name) for user in (self.province_leader, second)},
        )

    def test_decided_in_words_for_several(self):
        report = self.asked()
        province = report.with_user(self.province_leader)
        agencies = self.agency | self.other_agency
        with self.assertRaisesRegex(UserError, "decided"):
            province.designate(agencies.ids, " ")
        province.designate(agencies.ids, "Sở chủ trì, phường phối hợp.")
        self.assertEqual(report.designated_agency_ids, agencies)
        self.assertIn("Sở chủ trì", report.event_ids[0].note)
        self.assertEqual(report.designation_note, "Sở chủ trì, phường phối hợp.")
        report.dispatch(agencies.ids)
        self.assertEqual(report.assignment_ids.agency_id, agencies)

    def test_to_others_only_with_a_reason(self):
        report = self.asked()
        province = report.with_user(self.province_leader)
        province.designate(self.agency.ids, "Giao Sở.")
        with self.assertRaisesRegex(UserError, "the province named"):
            report.dispatch(self.other_agency.ids)
        report.dispatch(self.other_agency.ids, other_reason="Sở đã giải thể.")
        self.assertIn(
            ("email", self.province_leader.name),
            self.told(report, "dispatch_otherwise"),
        )
        said = report.event_ids.filtered(lambda row: row.code == "dispatch_otherwise")
        self.assertIn("Sở đã giải thể.", said.note)

    def test_agencies_wait_for_the_decision(self):
        report = self.asked("escalate")
        handler = report.assignment_ids.with_user(self.handler)
        self.assertNotIn("submit", handler.allowed_verbs)
        with self.assertRaisesRegex(UserError, "deciding"):
            handler.submit("Đã xong.")
        submitted = self.walk_to("submitted")
        submitted.escalate("Không thống nhất.")
        leader = submitted.assignment_ids.with_user(self.leader)
        self.assertNotIn("approve", leader.allowed_verbs)
        with self.assertRaisesRegex(UserError, "deciding"):
            leader.approve()

    def test_the_page_says_what_a_result_waits_for(self):
        self.procedure.write({"assign_step": True, "lead_and_co": True})
        part = self.walk_to("accepted").assignment_ids
        handler = part.with_user(self.handler)
        self.assertIn("a leader assigns", handler.submit_waits)
        self.assertFalse(part.with_user(self.leader).submit_waits)
        with Form(handler) as form, self.assertRaises(AssertionError):
            form.result = "Đang làm."
        with self.assertRaisesRegex(UserError, "a leader assigns"):
            handler.result = "Đang làm."
        self.assertFalse(part.result)
        part.with_user(self.leader).assign(self.handler.id)
        handler.invalidate_recordset()
        self.assertFalse(handler.submit_waits)
        handler.invite(self.other_agency.ids)
        handler.invalidate_recordset()
        self.assertIn(self.other_agency.name, handler.submit_waits)
        self.assertNotIn("submit", handler.allowed_verbs)
        with Form(handler) as form:
            form.result = "Đang làm."
        self.assertEqual(part.state, "processing")

    def test_forbidden_is_not_late(self):
        """What passed while the province decided is nobody's delay; what was late
        before stays late."""
        with self.at("2026-11-16 08:00"):
            waiting, late = self.walk_to("accepted"), self.walk_to("accepted")
        with self.at("2026-11-17 08:00"):
            waiting.escalate("Không thống nhất.")
        with self.at("2026-11-26 08:00"):
            late.escalate("Không thống nhất.")
            for report in (waiting, late):
                report.with_user(self.province_leader).designate(
                    self.other_agency.ids, "Giao phường."
                )
        first = self.step_of(waiting.assignment_ids, "process", "dropped")
        self.assertFalse(first.is_late)
        self.assertTrue(self.step_of(late.assignment_ids, "process", "dropped").is_late)

    # ------------------------------------------------------------------
    # Forwarded for follow-up
    # ------------------------------------------------------------------

    def test_on_the_list_of_the_body(self):
        self.agency.email = "so.xay.dung@example.com"
        report = self.walk_to("received")
        report.forward(self.agency.id, "Góp ý về biển báo.")
        given = report.assignment_ids.with_user(self.handler)
        self.assertEqual((given.role, given.note), ("follow_up", "Góp ý về biển báo."))
        self.assertFalse(given.step_ids)
        self.assertEqual(
            self.told(report, "forward"),
            {("email", self.agency.name), ("email", self.handler.name)},
        )
        ours = self.env.ref("civic_report.civic_assignment_action_follow_up")
        work = self.env.ref("civic_report.civic_assignment_action_work")
        self.assertIn("follow_up", ours.domain)
        self.assertIn("follow_up", work.domain)
        self.assertEqual(set(given.allowed_verbs) & {"accept", "submit"}, set())
        for verb, arguments in (("accept", ()), ("return_wrong", ("Không phải.",))):
            with (
                self.subTest(verb=verb),
                self.assertRaisesRegex(UserError, "follow-up"),
            ):
                getattr(given, verb)(*arguments)
        given.note_follow_up("Đã thay biển báo.")
        given.note_follow_up("Đã kiểm tra lại.")
        self.assertEqual(given.follow_up_note, "Đã kiểm tra lại.")
        self.assertEqual(report.state, "forwarded")
        with self.assertRaises(AccessError):
            report.assignment_ids.with_user(self.operator).note_follow_up("Xong.")
        # Taken up again, it is somebody's to handle.
        report.reopen("Có bằng chứng mới.")
        self.assertEqual(report.assignment_ids.state, "dropped")

    def test_what_is_to_be_handled_is_no_follow_up(self):
        report = self.walk_to("processing")
        handler = report.assignment_ids.with_user(self.handler)
        self.assertNotIn("note_follow_up", handler.allowed_verbs)
        with self.assertRaisesRegex(UserError, "result"):
            handler.note_follow_up("Đã xem.")
