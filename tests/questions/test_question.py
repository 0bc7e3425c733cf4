"""Questions by anybody about a published answer (HUE Điều 12.1–12.2)."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.province.throttle import TooMany
from ...models.report.form import FormError
from ...models.workflow.door import CivicDoor
from ..rig.questions import QuestionCase
from ..rig.site import ASKER, WebsiteCase

KEY = "4b0f2b9a-6a54-4cbe-9a55-3f6b1a5d2c0e"


@tagged("-at_install", "post_install")
class TestQuestions(QuestionCase):
    def test_only_where_the_text_says_so(self):
        for code in ("soc_trang", "bac_giang", "quang_ninh", "binh_phuoc"):
            procedure = self.env.ref(f"civic_report.procedure_{code}", False)
            if procedure:
                self.assertFalse(procedure.anyone_follows_up, code)
        self.assertTrue(self.env.ref("civic_report.procedure_hue").anyone_follows_up)
        report = self.done()
        self.procedure.anyone_follows_up = False
        with self.assertRaises(MissingError):
            self.asked(report)
        self.assertFalse(report._question_values(self.citizen)["is_open"])

    def test_from_asking_to_the_answer(self):
        with self.at("2026-11-16 09:00"):
            report = self.done()
        with self.at("2026-11-17 09:00"):
            question = self.asked(report)
            turns = self.rows_of(report, "duty")
            self.assertIn("question", [(row.facts or {})["duty"] for row in turns])
        self.assertFalse(report.interaction_ids)
        with self.at("2026-11-17 15:00"):
            self.looked_at(question).pass_on()
        interaction = question.interaction_id
        self.assertTrue(interaction.by_other)
        self.assertEqual(interaction.agency_id, report.agency_id)
        step = self.step_of(interaction.assignment_id, "interaction")
        self.assertLocal(step.counted_from, "2026-11-17 09:00")
        # Huế's day, from the asking on; a follow-up of the same hour is due then, too.
        with self.at("2026-11-17 09:00"):
            report.with_user(self.citizen).sudo(False).follow_up("Còn vỉa hè?")
        steps = interaction.assignment_id.step_ids.filtered("interaction_id")
        self.assertEqual(len(set(steps.mapped("deadline"))), 1)
        self.assertEqual(len(steps), 2)
        with self.at("2026-11-17 16:00"):
            self.answered(question)
        [told] = self.told(question)
        self.assertEqual((told.audience, told.channel), ("asker", "email"))
        self.assertEqual(told.notice_id.event, "question_answered")
        self.assertFalse(self.rows_of(report, "answer"), "no question of the sender's")
        self.assertEqual(told._recipient_email(), ASKER["email"])
        _subject, words = told._words()
        self.assertIn("Tuần sau sơn.", words)
        self.assertIn(question._link_path(), words)

    def test_neither_learns_who_the_other_is(self):
        report = self.done()
        question = self.asked(
            report, body="Tôi là Người hỏi, 0912000777: bao giờ sơn lại?"
        )
        self.looked_at(question).pass_on()
        self.answered(question)
        interaction = question.interaction_id
        for word in ("Người hỏi", "0912000777", "912 000 777"):
            self.assertNotIn(word, interaction.body)
            self.assertNotIn(word, str(report.event_ids.mapped("note")))
        own = report._whole_words()._own_values()
        self.assertEqual(own["interactions"], [])
        self.assertNotIn("question", str(report._copy_values(str)["follow_ups"]))
        shown = str(question._page_values())
        self.assertNotIn(self.reporter.name, shown)
        self.assertNotIn(self.reporter.phone, shown)
        for user in (self.handler, self.leader, self.province_leader, self.citizen):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                question.with_user(user).sudo(False).read(["body"])
        self.assertNotIn("question_ids", interaction._fields)
        for event in report.event_ids:
            self.assertNotEqual(event.create_uid, self.citizen)

    def test_declined_with_a_reason(self):
        question = self.asked()
        with self.assertRaises(UserError):
            self.looked_at(question).decline("  ")
        self.looked_at(question).decline("Không nói về kết quả xử lý.")
        self.assertFalse(question.report_id.interaction_ids)
        [told] = self.told(question)
        self.assertIn("Không nói về kết quả xử lý.", told._words()[1])
        for verb in ("pass_on", "decline"):
            with self.assertRaises(UserError):
                getattr(self.looked_at(question), verb)("Lại")

    def test_only_operators_of_the_province_look_at_it(self):
        question = self.asked()
        users = (self.handler, self.leader, self.coordinator, self.citizen)
        for user in (*users, self.province_leader):
            with self.assertRaises(MissingError):
                question.with_user(user).sudo(False).pass_on()
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        beyond = self.operator.copy(
            {
                "login": "operator_beyond",
                "company_id": other.id,
                "company_ids": [(6, 0, other.ids)],
            }
        )
        for verb in ("pass_on", "decline"):
            theirs = question.with_user(beyond).with_company(other).sudo(False)
            with self.assertRaises(MissingError):
                getattr(theirs, verb)("x")

    def test_what_is_not_public_is_not_asked_about(self):
        private = self.done()
        private._elevated().visibility = "private"
        unfinished = self.walk_to("processing").sudo()
        for report in (private, unfinished):
            with self.assertRaises(MissingError):
                self.asked(report)

    def test_withdrawn_between_question_and_answer(self):
        question, late = self.asked(), self.asked()
        report = question.report_id
        late.report_id._elevated().visibility = "private"
        with self.assertRaises(UserError):
            self.looked_at(late).pass_on()
        self.looked_at(late).decline("Không còn công khai.")
        self.looked_at(question).pass_on()
        report._elevated().visibility = "private"
        self.answered(question, "Nhà số 5 đã được báo.")
        self.assertEqual(question._page_values()["answer"], "")
        self.assertEqual(question._page_values()["subject"], "")
        words = "\n".join(self.told(question)._words())
        self.assertNotIn("Nhà số 5", words)
        self.assertNotIn(report.subject, words)

    def test_reopened_meanwhile(self):
        question = self.asked()
        self.looked_at(question).pass_on()
        report = question.report_id.with_user(self.operator).sudo(False)
        report.reopen("Chưa xong.")
        self.assertTrue(question._page_values()["is_overtaken"])
        another = self.asked
        with self.assertRaises(MissingError):
            another(question.report_id)

    def test_every_error_of_the_form_at_once(self):
        report = self.done()
        with self.assertRaises(FormError) as caught:
            self.asked(
                report, body=" \u200b", name="", consent="", phone="12", email="x"
            )
        self.assertEqual(
            set(caught.exception.errors), {"body", "name", "consent", "phone", "email"}
        )
        with self.assertRaises(FormError) as caught:
            self.asked(report, phone="", email="")
        self.assertEqual(set(caught.exception.errors), {"email"})
        with self.assertRaises(FormError):
            self.asked(report, body="x" * 2001)
        for part in ("x", "0", "999999999999999999999"):
            self.assertFalse(self.asked(report, part=part, body=part).assignment_id)

    def test_the_same_form_twice_is_one_question(self):
        report = self.done()
        first = self.asked(report, key=KEY)
        self.assertEqual(self.asked(report, key=KEY), first)
        self.assertNotEqual(self.asked(report, key="'; --"), first)

    def test_the_sender_may_ask_what_somebody_else_asked(self):
        report = self.done()
        self.looked_at(self.asked(report)).pass_on()
        body = report.interaction_ids.body
        report.with_user(self.citizen).sudo(False).follow_up(body)
        self.assertEqual(len(report.interaction_ids), 2)

    def test_floods(self):
        report, public = self.done(), self.env.ref("base.public_user")
        self.forget_counts()
        self.addCleanup(self.forget_counts)
        visitor = {"device": "one", "network": "192.0.2.7"}
        form = {"body": "Sao?", **ASKER, "consent": "1"}
        with self.assertRaises(TooMany):
            for _time in range(100):
                report._ask_sudo(form, user=public, visitor=visitor)

    def test_who_can_only_be_called(self):
        question = self.asked(email="")
        self.assertFalse(question.is_told)
        self.looked_at(question).decline("Không rõ.")
        self.assertFalse(self.told(question))

    def test_texts_on_a_locked_screen(self):
        for notice in self.env["civic.notice"].search([("audience", "=", "asker")]):
            if notice.channel == "sms":
                self.assertNotIn("{answer}", notice.body)
                self.assertNotIn("{question}", notice.body)


@tagged("-at_install", "post_install")
class TestQuestionConduct(QuestionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.procedure.write(
            {
                "violation_source": "Điều 17.1",
                "follow_up_violation_limit": 1,
                "follow_up_violation_months": 1,
                "follow_up_lock_months": 1,
            }
        )

    def found(self, question):
        self.looked_at(question).mark_violation("wording", "Lời lẽ xúc phạm.")
        return question.violation_ids[:1]

    def test_it_counts_against_who_asked(self):
        report = self.done()
        for number in range(2):
            self.found(self.asked(report, body=f"Câu {number}"))
        asker = self.env["civic.question"].search([], limit=1).reporter_id
        self.assertTrue(asker.is_follow_up_locked)
        self.assertFalse(self.reporter.is_follow_up_locked)
        self.assertFalse(self.reporter.violation_ids)
        self.assertEqual(report._whole_words()._own_values()["violations"], [])
        with self.assertRaises(UserError):
            self.asked(report, body="Câu nữa")
        report.with_user(self.citizen).sudo(False).follow_up("Người gửi vẫn hỏi.")
        other = self.asked(report, body="Cùng máy", name="Tên khác")
        self.assertTrue(other.is_flagged)

    def test_by_the_follow_up_as_well(self):
        question = self.asked()
        self.looked_at(question).pass_on()
        interaction = question.interaction_id.with_user(self.operator).sudo(False)
        interaction.mark_violation("wording", "Lời lẽ xúc phạm.")
        finding = question.violation_ids
        self.assertEqual(finding.reporter_id, question.reporter_id)
        self.assertFalse(finding.report_id)
        self.assertEqual(finding.text, question.body)
        self.assertTrue(question.interaction_id.violation)
        with self.assertRaises(UserError):
            self.looked_at(question).mark_violation("wording", "Lần nữa.")

    def test_the_one_who_asked_appeals_and_nobody_else(self):
        report = self.done()
        question = self.asked(report)
        finding = self.found(question)
        words = "\n".join(self.told(question)._words())
        self.assertIn("Lời lẽ xúc phạm.", words)
        granted = report._as_sender(self.citizen)
        for env in (granted.env, self.env(user=self.citizen)):
            with self.assertRaises(MissingError):
                finding.with_env(env).appeal("Không phải tôi.")
        question._appeal("Tôi chỉ hỏi.")
        self.assertEqual(finding.state, "appealed")
        finding.with_user(self.manager).sudo(False).lift("Đúng là chỉ hỏi.")
        self.assertFalse(question.violation)
        self.assertIn("Đúng là chỉ hỏi.", self.told(question)[0]._words()[1])

    def test_data_of_who_asked(self):
        question = self.asked()
        asker = question.reporter_id
        self.assertEqual(
            asker._copy_of_data()["questions"][0]["question"], question.body
        )
        self.assertTrue(asker._deletion_obstacle())
        self.looked_at(question).decline("Không rõ.")
        later = self.env["civic.door"]._now() + timedelta(days=400)
        with patch.object(CivicDoor, "_now", lambda _self: later):
            self.assertFalse(asker.is_over_retention)
        path = question._link_path()
        asker._anonymise("Hết hạn.")
        self.assertEqual(question.body, "…")
        self.assertNotEqual(question._link_path(), path)


@tagged("-at_install", "post_install")
class TestQuestionPages(QuestionCase, WebsiteCase):
    def fill(self, report, changes=None, token=True, **options):
        """Ask by the form of the page, as a browser without scripts does."""
        page = self.page(self.path(report))
        [form] = [form for form in page.forms if form.action.endswith("/hoi#question")]
        hidden = {
            row.name: row.value for row in form.inputs if row.get("type") == "hidden"
        }
        data = {
            **hidden,
            **ASKER,
            "body": "Bao giờ sơn lại vạch?",
            "consent": "1",
            **(changes or {}),
        }
        if not token:
            data["csrf_token"] = "x"
        return self.url_open(f"{self.path(report)}/hoi", data=data, **options)

    def test_asked_and_answered_over_http(self):
        report = self.published()
        answer = self.fill(report)
        self.assertEqual(answer.status_code, 200)
        self.assertRegex(answer.url, r"/phan-anh/hoi/[\w-]{40,}")
        self.assertIn("no-referrer", answer.headers["Referrer-Policy"])
        self.assertIn("The question has arrived", answer.text)
        question = self.env["civic.question"].search([("report_id", "=", report.id)])
        self.assertFalse(question.reporter_id.user_id)
        self.looked_at(question).pass_on("Bao giờ sơn lại vạch kẻ đường?")
        self.answered(question)
        text = self.text(self.page(question._link_path()))
        self.assertIn("Tuần sau sơn.", text)
        public = self.text(self.page(self.path(report)))
        for hidden in ("Tuần sau sơn.", "vạch kẻ đường", ASKER["name"]):
            self.assertNotIn(hidden, public)
        wrong = question._link_path()[:-1] + "0"
        other = wrong if wrong != question._link_path() else wrong[:-1] + "1"
        self.page(other, 404)
        self.page("/phan-anh/hoi/x", 404)

    def test_what_is_wrong_is_said_and_what_was_typed_stays(self):
        report = self.published()
        answer = self.fill(report, {"email": "", "phone": "", "consent": ""})
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Bao giờ sơn lại vạch?", answer.text)
        self.assertIn("the answer goes there", answer.text)
        answer = self.fill(report, token=False)
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Bao giờ sơn lại vạch?", answer.text)
        self.assertFalse(self.env["civic.question"].search([]))

    def test_closed_and_hidden_reports(self):
        report = self.published()
        path = self.path(report)
        report._elevated().visibility = "private"
        for hidden in (path, "/phan-anh/khong-co-pa-26-000000"):
            answer = self.url_open(f"{hidden}/hoi", data={"body": "x"})
            self.assertEqual(answer.status_code, 404)
        report._elevated().visibility = "public"
        self.procedure.anyone_follows_up = False
        self.assertFalse(self.page(path).xpath("//*[@id='question']"))

    def test_a_locked_asker_is_told_and_keeps_the_text(self):
        report = self.published()
        self.fill(report)
        question = self.env["civic.question"].search([("report_id", "=", report.id)])
        question.reporter_id.with_user(self.manager).sudo(False).lock(
            "Xúc phạm.", what="follow_up", basis="Nghị định 15/2020/NĐ-CP"
        )
        answer = self.fill(report, {"body": "Câu khác?"})
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Asking about answers is locked for you", answer.text)
        self.assertIn("Câu khác?", answer.text)
        self.assertEqual(len(question.search([("report_id", "=", report.id)])), 1)

    def test_the_sender_asks_on_the_own_page(self):
        report = self.published()
        self.authenticate(self.citizen.login, self.citizen.login)
        [section] = self.page(self.path(report)).xpath("//*[@id='question']")
        self.assertFalse(section.xpath(".//form"))
        self.assertTrue(section.xpath(".//a[contains(@href, '/my/phan-anh/')]"))

    def test_an_account_asks_as_itself(self):
        report = self.published()
        self.authenticate(self.other_citizen.login, self.other_citizen.login)
        self.fill(report)
        question = self.env["civic.question"].search([("report_id", "=", report.id)])
        self.assertEqual(question.reporter_id.user_id, self.other_citizen)
        for row in (question, *report.event_ids, question.reporter_id):
            self.assertNotEqual(row.create_uid, self.other_citizen)

    def test_an_appeal_over_http(self):
        report = self.published()
        path = self.fill(report).url
        question = self.env["civic.question"].search([("report_id", "=", report.id)])
        self.looked_at(question).mark_violation("wording", "Lời lẽ xúc phạm.")
        self.assertIn("Lời lẽ xúc phạm.", self.url_open(path).text)
        answer = self.url_open(path, data={"body": "  "})
        self.assertIn("o_civic_error", answer.text)
        answer = self.url_open(path, data={"body": "Tôi chỉ hỏi."})
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(question.violation_ids.state, "appealed")
        public = self.page(self.path(report)).text_content()
        self.assertNotIn("xúc phạm", public)


@tagged("-at_install", "post_install")
class TestJoinedSenders(QuestionCase):
    """Whose report was answered with an earlier one asks about that answer, wherever
    senders may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.procedure.anyone_follows_up = False
        cls.second = cls.env["civic.reporter"].create(
            {
                "name": "Người sau",
                "phone": "0905111222",
                "email_from": "sau@example.com",
                "company_id": cls.company.id,
                "user_id": cls.other_citizen.id,
            }
        )

    def answered_together(self):
        first = self.make_report()
        first.standardised_description = "Ổ gà sâu, cần vá."
        self.walk_to("processing", first)
        joined = self.make_report(reporter_id=self.second.id)
        joined.join(first.id)
        part = first.assignment_ids
        part.with_user(self.handler).accept()
        self.submit(part)
        part.with_user(self.leader).approve()
        first.publish()
        return first.sudo(), joined.sudo()

    def follow_up(self, joined, words="Còn vỉa hè?", part=None):
        joined._follow_up_as(self.other_citizen, words, part)
        return joined.joined_question_ids[-1:]

    def test_by_way_of_the_centre(self):
        first, joined = self.answered_together()
        self.assertEqual(joined.state, "done")
        self.assertTrue(joined._own_values()["can_follow_up"])
        question = self.follow_up(joined)
        self.assertEqual(question.reporter_id, self.second)
        with self.assertRaises(UserError):
            self.follow_up(joined)
        [shown] = joined._own_values()["interactions"]
        self.assertFalse(shown["answer"])
        self.assertEqual(shown["agency"], first.agency_id.name)
        self.looked_at(question).pass_on()
        self.answered(question)
        [shown] = joined._own_values()["interactions"]
        self.assertEqual(shown["answer"], "Tuần sau sơn.")
        self.assertEqual(first._own_values()["interactions"], [])
        self.assertEqual(self.told(question)._recipient_email(), "sau@example.com")
        self.assertFalse(self.rows_of(first, "answer"))

    def test_declined_is_on_the_own_page(self):
        _first, joined = self.answered_together()
        self.looked_at(self.follow_up(joined)).decline("Ngoài phạm vi.")
        [shown] = joined._own_values()["interactions"]
        self.assertEqual(shown["answer"], "Ngoài phạm vi.")

    def test_not_about_what_is_not_public(self):
        first, joined = self.answered_together()
        with self.assertRaises(MissingError):
            self.follow_up(joined, part=joined.id + 10**6)
        with self.assertRaises(MissingError):
            joined._follow_up_as(self.citizen, "Không phải của tôi?")
        first._elevated().visibility = "private"
        self.assertFalse(joined._own_values()["can_follow_up"])
        with self.assertRaises(UserError):
            self.follow_up(joined)
