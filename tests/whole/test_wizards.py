import base64
import json
from ast import literal_eval
from datetime import timedelta

from lxml import etree

from odoo import fields, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..rig.walks import written_notice
from ..rig.wizards import WizardCase


@tagged("-at_install", "post_install")
class TestIntakeWizards(WizardCase):
    """Dialogs of the operator before the dispatch."""

    def test_request_supplement_with_ready_made_words(self):
        report = self.make_report()
        form = self.wizard("civic.wizard.request.supplement", report)
        form.reason_id = self.env.ref("civic_report.reason_ask_place")
        self.assertIn("where it is", form.message)
        form.message = form.message + "\nGần cầu nào?"
        form.save().action_confirm()
        self.assertEqual(report.state, "supplementing")
        self.assertIn("Gần cầu nào?", report.event_ids[0].note)

    def test_ready_made_words_keep_what_was_typed(self):
        form = self.wizard("civic.wizard.request.supplement", self.make_report())
        form.message = "Chào Ông/Bà."
        form.reason_id = self.env.ref("civic_report.reason_ask_place")
        self.assertTrue(form.message.startswith("Chào Ông/Bà."))
        self.assertIn("where it is", form.message)

    def test_supplement_given_by_telephone(self):
        report = self.make_report()
        report.request_supplement("Ở đâu?")
        form = self.wizard("civic.wizard.supply", report)
        self.assertEqual(form.request, "Ở đâu?")
        form.message = "Trước số 12."
        form.save().action_confirm()
        self.assertEqual(report.state, "new")
        self.assertEqual(report.supplied_text, "Trước số 12.")

    def test_refuse_takes_the_words_of_the_ground(self):
        report = self.make_report()
        form = self.wizard("civic.wizard.turn.away", report, default_verb="refuse")
        incomplete = self.env.ref("civic_report.reason_incomplete")
        form.reason_id = incomplete
        self.assertEqual(form.message, incomplete.message)
        form.reason_id = self.env.ref("civic_report.reason_poor_media")
        self.assertNotEqual(form.message, incomplete.message)
        form.message = "Ảnh mờ, mời gửi lại."
        form.reason_id = incomplete
        self.assertEqual(form.message, "Ảnh mờ, mời gửi lại.", "typed words stay")
        form.save().action_confirm()
        self.assertEqual(report.state, "refused")
        self.assertEqual(report.reason_id, incomplete)
        self.assertEqual(report.reason_message, "Ảnh mờ, mời gửi lại.")

    def test_cancel(self):
        report = self.make_report()
        form = self.wizard("civic.wizard.turn.away", report, default_verb="cancel")
        form.reason_id = self.env.ref("civic_report.reason_mistake")
        form.save().action_confirm()
        self.assertEqual(report.state, "cancelled")

    def test_what_is_not_taken_in_is_refused_with_its_guidance(self):
        petition = self.env.ref("civic_report.category_petition")
        report = self.make_report(category_id=petition.id)
        form = self.wizard("civic.wizard.turn.away", report, default_verb="refuse")
        self.assertEqual(
            form.reason_id, self.env.ref("civic_report.reason_out_of_scope")
        )
        self.assertEqual(form.message, petition.guidance)


@tagged("-at_install", "post_install")
class TestDispatchWizard(WizardCase):
    """Suggestions, deadlines and what the operator edits on the way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        wards = cls.env["civic.ward"]
        cls.ward = wards.create({"name": "Phường Thuận Hóa", "code": "TH"})
        cls.other_ward = wards.create({"name": "Phường Vỹ Dạ", "code": "VD"})
        cls.agency.category_ids = cls.category
        cls.other_agency.write(
            {"category_ids": cls.category.ids, "ward_ids": cls.other_ward.ids}
        )

    def received(self, **values):
        return self.walk_to("received", self.make_report(**values))

    def why(self, report, ward=None):
        return report._suggested_agencies(
            report.category_id, ward or self.env["civic.ward"]
        )

    def test_competent_agencies_of_the_place_come_first(self):
        report = self.received(ward_id=self.other_ward.id)
        suggested = self.why(report, self.other_ward)
        self.assertEqual(list(suggested), [self.other_agency, self.agency])
        self.assertIn(self.category.name, suggested[self.other_agency])
        self.assertIn("Vỹ Dạ", suggested[self.other_agency])
        elsewhere = self.why(report, self.ward)
        self.assertEqual(list(elsewhere), [self.agency, self.other_agency])

    def test_agency_named_on_a_return_comes_first_and_the_returner_last(self):
        report = self.received()
        report.dispatch([self.agency.id])
        report.assignment_ids.with_user(self.handler).return_wrong(
            "Không thuộc thẩm quyền.", self.other_agency.id
        )
        suggested = self.why(report)
        self.assertEqual(list(suggested), [self.other_agency, self.agency])
        self.assertIn(self.agency.name, suggested[self.other_agency])
        self.assertIn("returned", suggested[self.agency])

    def test_agencies_of_a_parent_category_count(self):
        child = self.env["civic.category"].create(
            {"name": "Cầu", "parent_id": self.category.id}
        )
        report = self.received(category_id=child.id)
        self.assertIn(self.agency, report._suggested_agencies(child, self.ward))

    def test_deadlines_are_those_that_the_dispatch_sets(self):
        with self.at("2026-08-28 16:50"):
            report = self.received()
            form = self.wizard("civic.wizard.dispatch", report)
            with form.line_ids.edit(0) as line:
                self.assertEqual(line.agency_id, self.agency)
                self.assertTrue(line.is_ticked)
                self.assertLocal(line.accept_deadline, "2026-09-03 07:50")
                shown = line.accept_deadline
            form.save().action_confirm()
            accept = self.step_of(report.assignment_ids, "accept")
            self.assertEqual(accept.deadline, shown)
            # Emergencies are to be taken in within 30 minutes, day and night.
            urgent = self.wizard("civic.wizard.dispatch", self.received())
            urgent.track = "emergency"
            with urgent.line_ids.edit(0) as line:
                self.assertLocal(line.accept_deadline, "2026-08-28 17:20")

    def test_confirm_standardises_and_dispatches(self):
        report = self.received(ward_id=self.ward.id)
        first, second = self.picture(report), self.picture(report)
        report.attachment_ids = first | second
        form = self.wizard("civic.wizard.dispatch", report)
        self.assertEqual(form.standardised_description, report.description)
        self.assertEqual(form.public_attachment_ids[:], first | second)
        form.subject = "Ổ gà trên đường Lê Lợi"
        form.standardised_description = "Ổ gà sâu 20 cm."
        form.note = "Trước giờ cao điểm."
        wizard = form.save()
        wizard.public_attachment_ids -= second  # as the boxes under the pictures do
        wizard.action_confirm()
        self.assertEqual(report.state, "processing")
        self.assertEqual(report.subject, "Ổ gà trên đường Lê Lợi")
        self.assertEqual(report.standardised_description, "Ổ gà sâu 20 cm.")
        self.assertIn("20 cm giữa", report.description, "the original stays")
        self.assertEqual(report.public_attachment_ids, first)
        self.assertEqual(report.assignment_ids.agency_id, self.agency)
        self.assertEqual(report.assignment_ids.note, "Trước giờ cao điểm.")

    def test_another_agency_can_be_added(self):
        report = self.received()
        third = self.make_agency("Sở Y tế", "SYT", self.handler, self.leader)
        form = self.wizard("civic.wizard.dispatch", report)
        with form.line_ids.new() as line:
            line.agency_id = third
            self.assertTrue(line.accept_deadline)
        form.save().action_confirm()
        self.assertEqual(report.assignment_ids.agency_id, self.agency | third)

    def test_new_category_suggests_anew_and_keeps_what_is_ticked(self):
        land = self.env.ref("civic_report.category_land")
        land.agency_ids = self.make_agency("Sở NN&MT", "NM", self.handler, self.leader)
        form = self.wizard("civic.wizard.dispatch", self.received())
        form.category_id = land
        names = [line["agency_id"] for line in form.line_ids._records]
        self.assertEqual(names, [self.agency.id, land.agency_ids.id])
        self.assertEqual(form.track, "sensitive")
        self.assertEqual(form.visibility, "sensitive")

    def test_nothing_ticked_is_said_and_keeps_the_report(self):
        report = self.received()
        form = self.wizard("civic.wizard.dispatch", report)
        with form.line_ids.edit(0) as line:
            line.is_ticked = False
        with self.assertRaisesRegex(UserError, "Tick at least one agency"):
            form.save().action_confirm()
        self.assertEqual(report.state, "received")

    def test_lead_is_asked_for_where_one_leads(self):
        self.procedure.lead_and_co = True
        report = self.received()
        form = self.wizard("civic.wizard.dispatch", report)
        self.assertFalse(form.needs_lead)
        with form.line_ids.edit(1) as line:
            line.is_ticked = True
        self.assertTrue(form.needs_lead)
        form.lead_id = self.other_agency
        form.save().action_confirm()
        lead = report.assignment_ids.filtered(lambda row: row.role == "lead")
        self.assertEqual(lead.agency_id, self.other_agency)

    def test_private_reports_show_no_picture(self):
        report = self.received(visibility="private")
        report.attachment_ids = self.picture(report)
        self.wizard("civic.wizard.dispatch", report).save().action_confirm()
        self.assertFalse(report.public_attachment_ids)


@tagged("-at_install", "post_install")
class TestAgencyWizards(WizardCase):
    """Dialogs of handlers and leaders."""

    def assignment(self, state, user):
        return self.walk_to(state).assignment_ids.with_user(user)

    def test_return_wrong(self):
        assignment = self.assignment("processing", self.handler)
        form = self.wizard("civic.wizard.return.wrong", assignment)
        form.reason = "Đường do phường quản lý."
        form.suggested_agency_id = self.other_agency
        form.save().action_confirm()
        self.assertEqual(assignment.sudo().state, "returned")
        self.assertEqual(assignment.sudo().suggested_agency_id, self.other_agency)

    def test_send_back(self):
        assignment = self.assignment("submitted", self.leader)
        form = self.wizard("civic.wizard.send.back", assignment)
        form.reason = "Nêu rõ ngày hoàn thành."
        form.save().action_confirm()
        self.assertEqual(assignment.state, "processing")
        self.assertEqual(assignment.send_back_reason, "Nêu rõ ngày hoàn thành.")

    def test_correct_and_approve(self):
        assignment = self.assignment("submitted", self.leader)
        form = self.wizard("civic.wizard.correct", assignment)
        self.assertEqual(form.result, assignment.result)
        form.result = "Đã vá xong ngày 20/11/2026."
        form.save().action_confirm()
        self.assertEqual(assignment.state, "approved")
        self.assertEqual(assignment.result, "Đã vá xong ngày 20/11/2026.")

    def test_errors_of_the_verb_reach_the_dialog(self):
        assignment = self.assignment("submitted", self.leader)
        form = self.wizard("civic.wizard.send.back", assignment)
        form.reason = "Làm lại."
        wizard = form.save()
        assignment.approve()
        with self.assertRaisesRegex(UserError, "Approved"):
            wizard.action_confirm()
        self.assertEqual(wizard.reason, "Làm lại.")


@tagged("-at_install", "post_install")
class TestPublicationWizards(WizardCase):
    """Dialogs of the operator after the approval."""

    def test_publish_with_evidence(self):
        report = self.walk_to("submitted")
        assignment = report.assignment_ids
        evidence = self.picture(assignment, "sau.png")
        assignment._elevated().result_attachment_ids = evidence
        assignment.with_user(self.leader).approve()
        form = self.wizard("civic.wizard.publish", report)
        self.assertTrue(form.is_public)
        self.assertEqual(form.public_result, "Đã vá ổ gà.")
        self.assertEqual(form.public_attachment_ids[:], evidence)
        form.public_result = "Đã vá ổ gà ngày 20/11/2026."
        form.save().action_confirm()
        self.assertEqual(report.state, "done")
        self.assertEqual(report.public_result, "Đã vá ổ gà ngày 20/11/2026.")
        self.assertEqual(report.public_attachment_ids, evidence)

    def test_pictures_of_others_cannot_be_published(self):
        report = self.walk_to("resolved")
        foreign = self.picture(self.make_report())
        wizard = self.wizard("civic.wizard.publish", report).save()
        wizard.public_attachment_ids = [Command.set(foreign.ids)]
        with self.assertRaisesRegex(UserError, "files of this report"):
            wizard.action_confirm()
        self.assertFalse(report.public_attachment_ids)

    def test_request_fix(self):
        report = self.walk_to("resolved")
        form = self.wizard("civic.wizard.request.fix", report)
        self.assertEqual(form.assignment_ids[:], report.assignment_ids)
        form.reason = "Chưa đúng mẫu."
        form.save().action_confirm()
        self.assertEqual(report.state, "processing")
        self.assertEqual(report.assignment_ids.send_back_reason, "Chưa đúng mẫu.")


@tagged("-at_install", "post_install")
class TestWizardAccess(WizardCase):
    """Dialogs show and do nothing that their user may not."""

    def open(self, model, record, user):
        return (
            self.env[model]
            .with_user(user)
            .with_context(active_model=record._name, active_id=record.id)
            .default_get(list(self.env[model]._fields))
        )

    def test_foreign_records_do_not_open(self):
        assignment = self.walk_to("submitted").assignment_ids
        for model, user in {
            "civic.wizard.return.wrong": self.other_handler,
            "civic.wizard.send.back": self.other_leader,
            "civic.wizard.correct": self.other_leader,
        }.items():
            with self.subTest(model=model):
                with self.assertRaises(MissingError):
                    self.open(model, assignment, user)
                values = {"assignment_id": assignment.id, "reason": "x", "result": "x"}
                wizards = self.env[model].with_user(user)
                with self.assertRaises(MissingError):
                    wizards.create(
                        {key: val for key, val in values.items() if key in wizards}
                    )

    def test_other_provinces_reports_do_not_open(self):
        company = self.env["res.company"].create(
            {"name": "Tỉnh khác", "civic_procedure_id": self.procedure.id}
        )
        foreign = self.env["civic.report"].create(
            {
                **self.report_values(reporter_id=False),
                "company_id": company.id,
            }
        )
        wizards = self.env["civic.wizard.dispatch"].with_user(self.operator)
        with self.assertRaises(MissingError):
            self.open(wizards._name, foreign, self.operator)
        with self.assertRaises(AccessError):
            wizards.new({"report_id": foreign.id}).candidate_ids.mapped("name")
        with self.assertRaises(MissingError):
            wizards.create(
                {
                    "report_id": foreign.id,
                    "subject": "x",
                    "standardised_description": "x",
                    "category_id": self.category.id,
                    "track": "normal",
                    "visibility": "public",
                }
            )

    def test_dialogs_are_for_their_roles(self):
        # Who stands in for a leader may be a handler, and the other way round.
        for model, allowed in {
            "civic.wizard.dispatch": self.operator,
            "civic.wizard.turn.away": self.operator,
            "civic.wizard.return.wrong": self.handler | self.leader,
            "civic.wizard.send.back": self.handler | self.leader,
        }.items():
            for user in (self.operator, self.handler, self.leader, self.plain):
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(
                        self.env[model].with_user(user).has_access("create"),
                        user in allowed,
                    )


@tagged("-at_install", "post_install")
class TestTrackWizards(WizardCase):
    """Dialogs of the ways besides the normal one."""

    def sensitive(self):
        """A sensitive report that has been received."""
        land = self.env.ref("civic_report.category_land")
        report = self.make_report(category_id=land.id)
        report.receive()
        return report

    def confirm(self, model, record, verb=None, **values):
        context = {"default_verb": verb} if verb else {}
        form = self.wizard(f"civic.wizard.{model}", record, **context)
        for name, value in values.items():
            if isinstance(value, models.BaseModel) and name.endswith("_ids"):
                getattr(form, name).set(value)
            else:
                setattr(form, name, value)
        return form.save().action_confirm()

    def test_sensitive_report_through_its_dialogs(self):
        report = self.sensitive()
        self.assertIn("consult", report.allowed_verbs)
        self.assertNotIn("dispatch", report.allowed_verbs)
        form = self.wizard("civic.wizard.report.agency", report, default_verb="consult")
        self.assertEqual(
            form.agency_id, self.coordinating_agency, "the only one is proposed"
        )
        form.save().action_confirm()
        self.assertEqual(report.state, "consulting")

        asked = report.with_user(self.coordinator)
        self.confirm("answer.consult", asked, agency_ids=self.other_agency)
        self.assertEqual(report.state, "received")
        self.assertNotIn("consult", report.allowed_verbs)
        suggested = report._suggested_agencies(report.category_id, report.ward_id)
        self.assertEqual(next(iter(suggested)), self.other_agency)

        self.wizard("civic.wizard.dispatch", report).save().action_confirm()
        assignment = report.assignment_ids
        self.assertEqual(assignment.agency_id, self.other_agency)
        assignment.with_user(self.other_handler).accept()
        assignment.with_user(self.other_handler).submit("Đã kết luận.")
        assignment.with_user(self.other_leader).approve()
        self.assertIn("ask_concurrence", report.allowed_verbs)
        self.assertNotIn("publish", report.allowed_verbs)
        self.confirm("report.agency", report, "ask_concurrence")
        self.assertEqual(report.state, "concurring")
        self.confirm("report.reason", asked, "disagree", reason="Chưa rõ căn cứ.")
        self.assertEqual(report.state, "received")

    def test_normal_reports_need_no_coordination(self):
        report = self.walk_to("received")
        self.assertNotIn("consult", report.allowed_verbs)
        self.assertIn("dispatch", report.allowed_verbs)

    def test_designation(self):
        report = self.walk_to("received")
        self.confirm("report.reason", report, "ask_designation", reason="Chưa rõ ai.")
        self.assertEqual(report.state, "designating")
        province = report.with_user(self.province_leader)
        form = self.wizard("civic.wizard.designate", province)
        self.assertEqual(form.question, "Chưa rõ ai.")
        form.agency_ids.add(self.other_agency)
        form.note = "Giao phường xử lý."
        form.save().action_confirm()
        self.assertEqual(report.suggested_agency_ids, self.other_agency)

    def test_escalate(self):
        report = self.walk_to("processing")
        self.confirm("report.reason", report, "escalate", reason="Hai cơ quan.")
        self.assertEqual(report.state, "designating")

    def test_forward_and_reopen(self):
        report = self.walk_to("received")
        self.confirm(
            "report.agency",
            report,
            "forward",
            agency_id=self.agency,
            note="Sự việc đã qua.",
        )
        self.assertEqual(report.state, "forwarded")
        self.assertIn("Sự việc đã qua.", report.event_ids[0].note)
        self.confirm("report.reason", report, "reopen", reason="Có bằng chứng mới.")
        self.assertEqual(report.state, "received")

    def test_mark_duplicate(self):
        original, report = self.make_report(), self.make_report()
        self.confirm("mark.duplicate", report, of_id=original)
        self.assertEqual(report.state, "cancelled")
        self.assertEqual(report.duplicate_of_id, original)

    def test_one_of_duplicates_goes_on(self):
        first, second, third = (self.make_report() for _number in range(3))
        self.confirm("mark.duplicate", first, of_id=second)
        with self.assertRaisesRegex(UserError, "this one that goes on"):
            second.mark_duplicate(first.id)
        # A chain is followed to its end.
        self.confirm("mark.duplicate", third, of_id=first)
        self.assertEqual(third.duplicate_of_id, second)
        self.assertEqual(second.support_count, 0, "one person met it")
        second.refuse("mistake", "Ảnh không rõ.")
        with self.assertRaisesRegex(UserError, "goes on"):
            self.make_report().mark_duplicate(second.id)
        # Taken up again, the first one goes its own way.
        first.reopen("Việc khác.")
        self.assertFalse(first.duplicate_of_id)
        self.confirm("mark.duplicate", self.make_report(), of_id=first)

    def test_the_end_of_a_chain_that_is_secret(self):
        report, secret = self.make_report(), self.make_report()
        report.mark_duplicate(secret.id)
        secret._elevated().write({"visibility": "secret", "operator_id": False})
        with self.assertRaises(MissingError):
            self.make_report().mark_duplicate(report.id)

    def test_classify_where_it_is_timed_apart(self):
        report = self.walk_to("received")
        self.assertNotIn("classify", report.allowed_verbs)
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_bg")
        report = self.walk_to("received")
        self.assertIn("classify", report.allowed_verbs)
        trees = self.env.ref("civic_report.category_trees")
        self.confirm("classify", report, category_id=trees)
        self.assertEqual(report.category_id, trees)
        self.assertNotIn("classify", report.allowed_verbs)

    def test_assign(self):
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_bg")
        self.agency.handler_ids += self.other_handler
        report = self.walk_to("accepted")
        assignment = report.assignment_ids.with_user(self.leader)
        self.assertIn("assign", assignment.allowed_verbs)
        self.confirm("assign", assignment, user_id=self.other_handler)
        self.assertEqual(assignment.handler_id, self.other_handler)
        self.assertEqual(assignment.state, "assigned")

    def test_invite_and_extension_where_the_procedure_knows_them(self):
        report = self.walk_to("accepted")
        assignment = report.assignment_ids.with_user(self.handler)
        for verb in ("invite", "request_extension"):
            self.assertNotIn(verb, assignment.allowed_verbs)
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_st")
        self.complete_sender()
        report = self.walk_to("accepted")
        assignment = report.assignment_ids.with_user(self.handler)
        self.confirm(
            "request.extension",
            assignment,
            document="12/SXD",
            committed_date=fields.Date.today() + timedelta(days=30),
            reason="Chờ vật tư.",
            attachment_ids=self.env["ir.attachment"].browse(
                written_notice(assignment.env)
            ),
        )
        extension = assignment.extension_ids
        self.assertEqual(extension.state, "asked")
        self.confirm(
            "reject.extension",
            extension.with_user(self.manager),
            reason="Chưa đủ lý do.",
        )
        self.assertEqual(extension.state, "rejected")
        self.confirm("invite", assignment, agency_ids=self.other_agency)
        self.assertEqual(assignment.co_ids.sudo().agency_id, self.other_agency)

    def test_hand_on_a_returned_part(self):
        report = self.walk_to("received")
        report.dispatch([self.agency.id, self.other_agency.id])
        self.assertNotIn("redispatch", report.allowed_verbs)
        first, second = report.assignment_ids.sorted("id")
        second.with_user(self.other_handler).return_wrong(
            "Đường do sở quản lý.", self.coordinating_agency.id
        )
        self.assertIn("redispatch", report.allowed_verbs)
        search = report.get_view(view_type="search")["arch"]
        waiting = etree.fromstring(search).find(".//filter[@name='part_returned']")
        found = report.search(literal_eval(waiting.get("domain")))
        self.assertIn(report, found)
        form = self.wizard("civic.wizard.redispatch", report)
        self.assertEqual(form.agency_ids[:], self.coordinating_agency)
        form.agency_ids.clear()
        with self.assertRaises(AssertionError):
            form.save()
        form.note = "Sở Xây dựng làm cả phần này."
        form.save().action_confirm()
        self.assertNotIn("redispatch", report.allowed_verbs)
        self.assertNotIn(report, report.search(literal_eval(waiting.get("domain"))))
        self.assertEqual(report.agency_id, first.agency_id)

    def test_penalty(self):
        assignment = self.walk_to("accepted").assignment_ids.with_user(self.handler)
        today = self.company._civic_today()
        basis = "Nghị định 45/2022/NĐ-CP"
        self.confirm("mark.penalty", assignment, basis=basis, number="7/BB", date=today)
        self.assertEqual(assignment.penalty_state, "asked")
        self.assertNotIn("ask_penalty", assignment.allowed_verbs)
        assignment.with_user(self.leader).confirm_penalty()
        self.confirm(
            "mark.penalty",
            assignment,
            "record_penalty_decision",
            number="9/QĐ",
            date=today,
        )
        self.confirm(
            "mark.penalty", assignment, "report_progress", words="Đã ra quyết định."
        )
        self.confirm(
            "mark.penalty", assignment, "end_penalty", words="Đã xử phạt xong."
        )
        self.assertEqual(assignment.penalty_state, "ended")
        self.confirm("mark.penalty", assignment, "record_penalty_execution", date=today)
        self.assertEqual(assignment.penalty_executed_at, today)

    def test_answer_a_follow_up(self):
        report = self.walk_to("done")
        report.with_user(self.citizen).follow_up("Bao giờ sơn lại vạch?")
        interaction = report.interaction_ids.with_user(self.handler)
        form = self.wizard("civic.wizard.answer", interaction)
        self.assertEqual(form.question, "Bao giờ sơn lại vạch?")
        form.body = "Trước ngày 30/11/2026."
        form.save().action_confirm()
        self.assertEqual(interaction.answer, "Trước ngày 30/11/2026.")


@tagged("-at_install", "post_install")
class TestBorderWizard(WizardCase):
    """The dialog of administrators that enters where the wards lie."""

    def load(self, *features):
        text = json.dumps({"type": "FeatureCollection", "features": features})
        form = Form(self.env["civic.load.borders"].with_user(self.administrator))
        form.upload = base64.b64encode(text.encode())
        return form.save().action_confirm()

    def test_load_borders(self):
        ring = [[107.0, 16.0], [107.2, 16.0], [107.2, 16.1], [107.0, 16.0]]
        area = {"type": "Polygon", "coordinates": [ring]}
        ward = self.env["civic.ward"].create({"name": "Phường Có Ranh Giới"})
        known = {"type": "Feature", "properties": {"name": ward.name}}
        outcome = self.load({**known, "geometry": area})
        self.assertTrue(ward.has_border)
        self.assertIn("Borders entered: 1.", outcome["params"]["message"])
        with self.assertRaisesRegex(UserError, ward.name):
            self.load({**known, "geometry": {**area, "coordinates": [ring[:2]]}})

    def test_for_administrators_alone(self):
        for user in (self.operator, self.leader, self.province_leader, self.plain):
            wizards = self.env["civic.load.borders"].with_user(user)
            with self.subTest(user.login):
                self.assertFalse(wizards.has_access("create"))
