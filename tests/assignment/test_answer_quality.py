"""Answers that say something (L16), and drafts that do not lose each other (L17)."""

import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..rig.common import CivicCase
from ..rig.media import drawing, saved


@tagged("-at_install", "post_install")
class TestResultQuality(CivicCase):
    def setUp(self):
        super().setUp()
        self.report = self.walk_to("accepted")
        self.assignment = self.report.assignment_ids.with_user(self.handler)

    def test_l16_a_dot_is_no_result(self):
        for text in (".", " … ", "", "-!-"):
            with self.assertRaisesRegex(UserError, "write what was done"):
                self.assignment.submit(text)
        self.assertEqual(self.assignment.state, "accepted")

    def test_l16_a_procedure_without_a_figure_asks_for_none(self):
        for xmlid in ("hue", "st", "bg", "qn", "bp"):
            procedure = self.env.ref(f"civic_report.procedure_{xmlid}")
            self.assertFalse(procedure.result_min_length)
            self.assertFalse(procedure.result_picture)
        self.assignment.submit("Ok")
        self.assertEqual(self.assignment.state, "submitted")
        self.assertFalse(self.assignment.result_gaps)

    def test_l16_a_procedure_that_asks(self):
        self.procedure.result_min_length = 20
        with self.assertRaisesRegex(UserError, "2 characters.*asks for 20"):
            self.assignment.submit("Ok")
        with self.assertRaises(UserError):
            self.assignment.submit("Ok" + " " * 40)
        self.assignment.submit("Đã vá xong ổ gà trước số 10.")
        leader = self.assignment.with_user(self.leader)
        with self.assertRaisesRegex(UserError, "asks for 20"):
            leader.approve("Xong.")
        leader.approve()

    def test_l16_a_missing_picture_is_seen_and_stops_nobody(self):
        self.procedure.result_picture = "all"
        self.assignment.submit("Đã vá xong ổ gà trước số 10.")
        for user in (self.leader, self.operator):
            self.assertIn("no picture", self.assignment.with_user(user).result_gaps)
        self.procedure.result_picture = "marked"
        self.assertFalse(self.assignment.with_user(self.leader).result_gaps)
        self.category.result_picture = True
        self.env.invalidate_all()
        self.assertIn("picture", self.assignment.with_user(self.leader).result_gaps)
        self.assignment.with_user(self.leader).send_back("Thiếu ảnh.")
        picture = self.env["ir.attachment"].with_user(self.handler)
        picture = picture.create(
            {
                "name": "sau.jpg",
                "datas": base64.b64encode(saved(drawing())),
                "res_model": "civic.assignment",
                "res_id": self.assignment.id,
            }
        )
        self.assignment.result_attachment_ids = picture
        self.env.invalidate_all()
        self.assertFalse(self.assignment.with_user(self.leader).result_gaps)

    def test_ready_made_answers_are_the_agencys(self):
        answers = self.env["civic.ready.answer"]
        own = answers.with_user(self.handler).create(
            {"name": "Vá ổ gà", "body": "Đã vá ổ gà, mặt đường êm thuận."}
        )
        self.assertEqual(own.agency_id, self.agency)
        with self.assertRaises(AccessError):
            own.with_user(self.other_handler).body = "Khác"
        self.assertFalse(answers.with_user(self.other_leader).search([]))
        with self.assertRaises(AccessError):
            answers.with_user(self.handler).create(
                {"name": "Lạ", "body": "Lạ", "agency_id": self.other_agency.id}
            )
        with Form(self.assignment) as form:
            form.result = "Kính gửi Ông/Bà."
            form.ready_answer_id = own
            self.assertFalse(form.ready_answer_id)
        self.assertEqual(
            self.assignment.result,
            "Kính gửi Ông/Bà.\n\nĐã vá ổ gà, mặt đường êm thuận.",
        )


@tagged("-at_install", "post_install")
class TestTwoDrafts(CivicCase):
    def setUp(self):
        super().setUp()
        self.colleague = self.make_user("colleague", "civic_report.group_handler")
        self.agency.handler_ids |= self.colleague
        report = self.walk_to("accepted")
        self.first = report.assignment_ids.with_user(self.handler)
        self.second = self.first.with_user(self.colleague)

    def test_l17_the_second_is_told_and_sees_both(self):
        opened = self.second.draft_version
        self.first.write({"result": "Bản của A.", "draft_version": opened})
        with self.assertRaises(UserError) as caught:
            self.second.write({"result": "Bản của B.", "draft_version": opened})
        self.assertIn("Bản của A.", str(caught.exception))
        self.assertIn("Nothing that you typed is lost", str(caught.exception))
        self.assertEqual(self.first.result, "Bản của A.")
        both = "Bản của B.\n\nBản của A."
        self.second.write({"result": both, "draft_version": self.second.draft_version})
        self.assertEqual(self.first.result, both)
        self.assertEqual(self.first.drafted_by_id, self.colleague)

    def test_who_names_no_version_overwrites_nobody(self):
        self.first.result = "Bản của A."
        self.first.result = "Bản hai của A."
        with self.assertRaisesRegex(UserError, "another draft"):
            self.second.result = "Bản của B."
        self.assertEqual(self.first.result, "Bản hai của A.")

    def test_one_person_in_two_tabs(self):
        self.first.write({"result": "Một.", "draft_version": 0})
        with self.assertRaisesRegex(UserError, "Một."):
            self.first.write({"result": "Hai.", "draft_version": 0})

    def test_the_same_words_are_no_conflict(self):
        self.first.result = "Giống nhau."
        self.second.write({"result": "Giống nhau.", "draft_version": 0})
        self.assertEqual(self.first.draft_version, 2)

    def test_the_version_is_nobodys_to_set(self):
        self.first.write({"draft_version": 7})
        self.assertNotEqual(self.first.draft_version, 7)
        with self.assertRaises(UserError):
            self.first.write({"drafted_by_id": self.colleague.id})

    def test_strangers_learn_nothing_of_a_draft(self):
        self.first.result = "Bản của A."
        with self.assertRaises(AccessError) as caught:
            self.first.with_user(self.other_handler).write({"result": "Lạ."})
        self.assertNotIn("Bản của A", str(caught.exception))


@tagged("-at_install", "post_install")
class TestOneTransaction(CivicCase):
    """An agency gets again what it has just been released from."""

    def test_disagree_then_dispatch(self):
        report = self.make_report(track="sensitive", visibility="sensitive")
        report.receive()
        report.consult(self.coordinating_agency.id)
        report.with_user(self.coordinator).answer_consult([self.agency.id])
        report.dispatch([self.agency.id])
        report.assignment_ids.with_user(self.handler).accept()
        self.submit(report.assignment_ids)
        report.assignment_ids.with_user(self.leader).approve()
        report.ask_concurrence()
        self.env.flush_all()
        report.with_user(self.coordinator).disagree("Sai thẩm quyền.")
        report.dispatch([self.agency.id])
        self.env.flush_all()
        self.assertEqual(
            sorted(report.sudo().assignment_ids.mapped("state")), ["dropped", "pending"]
        )

    def test_reopen_then_dispatch(self):
        report = self.walk_to("done")
        self.env.flush_all()
        report.reopen("Chưa xong.")
        report.dispatch([self.agency.id])
        self.env.flush_all()
        former, part = report.assignment_ids.sorted("id")
        self.assertEqual((former.agency_id, part.agency_id), (self.agency,) * 2)
        self.assertEqual((former.state, part.state), ("dropped", "pending"))

    def test_invite_again_in_one_transaction(self):
        self.company.civic_procedure_id = self.env.ref("civic_report.procedure_st")
        self.complete_sender()
        report = self.walk_to("accepted")
        lead = report.assignment_ids.with_user(self.handler)
        lead.invite(self.other_agency.ids, "Phối hợp.")
        self.env.flush_all()
        co = lead.co_ids.with_user(self.other_handler)
        co.return_wrong("Không phải.")
        lead.invite(self.other_agency.ids, "Xin giúp.")
        self.env.flush_all()
        self.assertEqual(lead.co_ids.agency_id, self.other_agency)
        self.assertEqual(sorted(lead.co_ids.mapped("state")), ["pending", "returned"])
