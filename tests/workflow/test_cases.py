"""Cases beside a report and its assignments: screens offer what the door and the verbs
let in, and nothing else; in every state, as everybody."""

import base64
import re
from datetime import timedelta

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...devtools.states import FIRST, TITLES
from ...models.workflow.transitions import (
    CASE_TRANSITIONS,
    TRANSITIONS,
)
from ..rig.agreement import offered
from ..rig.case_verbs import CaseVerbs
from ..rig.common import CivicCase
from ..rig.media import WAV
from ..rig.questions import QuestionCase
from ..rig.walks import Walks, written_notice

CASES = CASE_TRANSITIONS.values()
STATE = r"\b(state|can_\w+)\b"
LATER = timedelta(days=3)
WORDS = "Đã xem lại hồ sơ."


@tagged("-at_install", "post_install")
class TestExtensions(CaseVerbs, Walks, CivicCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_walks()
        cls.people = (cls.operator, cls.manager, cls.handler, cls.leader, cls.citizen)

    def setUp(self):
        super().setUp()
        self.part = self.assignment_in("processing").sudo()

    def asked(self):
        notice = written_notice(self.env(user=self.handler))
        date = self.company._civic_today() + LATER
        handler = self.part.with_user(self.handler).sudo(False)
        handler.request_extension("12/CV", date, "Chờ vật tư.", notice)
        return self.part.extension_ids

    def test_every_state(self):
        extension = self.asked()
        arguments = {"grant": (), "reject": (WORDS,)}
        for state in dict(self.part._fields["state"].selection):
            self.part._elevated().write({"state": state})
            self.walk_case(extension, self.people, arguments)
            self.set_state(extension, "asked")
        self.assertSeenBothWays("civic.extension")
        self.assert_all_called("civic.extension")

    def test_work_that_has_ended_has_no_time_to_be_given(self):
        """What was asked for is answered all the same, so that it is nobody's turn."""
        extension = self.asked()
        acting = extension.with_user(self.operator).sudo(False)
        self.assertLessEqual({"grant", "reject"}, offered(acting))
        self.part._elevated().write({"state": "approved"})
        self.assertEqual({"grant", "reject"} & offered(acting), {"reject"})
        with self.assertRaisesRegex(UserError, "the work has ended"):
            acting.grant()
        self.assertIn(extension, extension.search([("is_open", "=", True)]))
        acting.reject(WORDS)
        self.assertEqual(extension.state, "rejected")
        self.assertFalse(extension.is_open)


@tagged("-at_install", "post_install")
class TestViolations(CaseVerbs, CivicCase):
    def setUp(self):
        super().setUp()
        self.people = (
            *(self.operator, self.manager, self.administrator, self.handler),
            *(self.citizen, self.other_citizen),
        )
        self.arguments = dict.fromkeys(("appeal", "uphold", "lift"), (WORDS,))

    def found(self, by):
        report = self.make_report()
        report.with_user(by).mark_violation("untrue", "Sai sự thật.")
        return report.sudo().violation_ids

    def test_every_state(self):
        for finder in (self.operator, self.manager):
            self.walk_case(self.found(finder), self.people, self.arguments)
        self.assertSeenBothWays("civic.violation")
        self.assert_all_called("civic.violation")

    def test_of_a_call_nobody_is_the_sender(self):
        call = self.env["civic.call"].with_user(self.operator).create({})
        call.verify("insult", "Xúc phạm tổng đài viên.")
        self.walk_case(call.sudo().violation_ids, self.people, self.arguments)
        self.assertEqual(self.called, {"uphold", "lift"})

    def test_the_own_page_offers_what_the_door_lets_in(self):
        violation = self.found(self.operator)
        for state in self.states_of(violation):
            self.set_state(violation, state)
            [shown] = violation.report_id._conduct_values()["violations"]
            refusal = self.call_verb(
                violation.with_user(self.citizen), "appeal", (WORDS,)
            )
            self.assertEqual(shown["can_appeal"], refusal is None, state)


@tagged("-at_install", "post_install")
class TestCalls(CaseVerbs, CivicCase):
    def test_every_state(self):
        calls = self.env["civic.call"].with_user(self.operator)
        call = calls.create({"number": "0912 000 001"}).sudo()
        recording = base64.b64encode(WAV).decode()
        today = self.company._civic_today()
        people = (self.operator, self.manager, self.handler, self.plain, self.citizen)
        self.walk_case(
            call,
            people,
            {
                "verify": ("harassment", "Gọi 12 lần."),
                "extract_recording": (recording, "cuoc-goi.wav"),
                "pass_on": (self.agency.id, "12/TTĐH", today),
                "record_result": (WORDS,),
            },
        )
        self.assert_all_called("civic.call")

    def test_what_is_to_be_followed_up(self):
        call = self.env["civic.call"].with_user(self.operator).create({}).sudo()
        for state in self.states_of(call):
            self.set_state(call, state)
            found = call.search([("is_open", "=", True)])
            self.assertEqual(
                call in found, state in ("verified", "extracted", "passed")
            )


@tagged("-at_install", "post_install")
class TestQuestions(CaseVerbs, QuestionCase):
    def test_every_state(self):
        question = self.asked()
        people = (
            *(self.operator, self.manager, self.handler, self.leader),
            *(self.citizen, self.other_citizen),
        )
        arguments = {
            "pass_on": (),
            "decline": (WORDS,),
            "mark_violation": ("wording", "Lời lẽ không chuẩn mực."),
        }
        self.walk_case(question, people, arguments)
        question._elevated().write({"violation": True})
        self.walk_case(question, people, arguments)
        question.report_id._elevated().write({"visibility": "private"})
        self.walk_case(question, people, arguments)
        self.assertSeenBothWays("civic.question")
        self.assert_all_called("civic.question")

    def test_a_finding_stands_in_no_history_of_somebody_else(self):
        question = self.asked()
        events = question.report_id.event_ids
        self.looked_at(question).mark_violation("wording", "Lời lẽ xúc phạm.")
        self.assertEqual(question.report_id.event_ids, events)
        finding = question.violation_ids
        self.assertTrue(question._page_values()["finding"]["can_appeal"])
        question._appeal("Tôi chỉ hỏi.")
        self.assertFalse(question._page_values()["finding"]["can_appeal"])
        finding.with_user(self.manager).sudo(False).lift("Câu hỏi bình thường.")
        self.assertEqual(question.report_id.event_ids, events)
        self.assertFalse(question.violation)

    def test_what_the_centre_decides_stands_in_the_history(self):
        for verb, arguments in (("pass_on", ()), ("decline", (WORDS,))):
            question = self.asked()
            getattr(self.looked_at(question), verb)(*arguments)
            event = question.report_id.event_ids.sorted("id")[-1]
            self.assertEqual(event.code, f"question_{question.state}")
            self.assertEqual(event.user_id, self.operator)


@tagged("-at_install", "post_install")
class TestFollowUps(CaseVerbs, QuestionCase):
    ARGUMENTS = {"mark_violation": ("wording", "Lời lẽ không chuẩn mực.")}

    def setUp(self):
        super().setUp()
        self.people = (
            *(self.operator, self.manager, self.handler, self.leader, self.citizen),
        )

    def test_every_state(self):
        report = self.done()
        report.with_user(self.citizen).follow_up("Bao giờ sơn lại?")
        interaction = report.interaction_ids
        self.walk_case(interaction, self.people, self.ARGUMENTS)
        report._elevated().write({"diverted_at": self.env["civic.door"]._now()})
        self.walk_case(interaction, self.people, self.ARGUMENTS)
        interaction._elevated().write({"violation": True})
        self.walk_case(interaction, self.people, self.ARGUMENTS)
        self.assertSeenBothWays("civic.interaction")
        self.assert_all_called("civic.interaction")

    def test_of_somebody_else(self):
        question = self.asked()
        self.looked_at(question).pass_on()
        self.walk_case(question.interaction_id, self.people, self.ARGUMENTS)
        self.assert_all_called("civic.interaction")

    def test_what_is_overtaken_is_not_answered(self):
        report = self.done()
        report.with_user(self.citizen).follow_up("Bao giờ sơn lại?")
        interaction = report.interaction_ids
        self.set_state(interaction, "overtaken")
        part = interaction.assignment_id.with_user(self.handler).sudo(False)
        with self.assertRaises(UserError):
            part.answer(interaction.id, "Tuần sau sơn.")
        self.assertFalse(interaction.answer)


@tagged("-at_install", "post_install")
class TestLookDays(CaseVerbs, CivicCase):
    def day_of(self, user):
        self.reporter.with_user(user).show("call_back")
        return self.env["civic.look.day"].search([("user_id", "=", user.id)]).sudo()

    def set_state(self, case, state):
        today = case.company_id._civic_today()
        earlier = today - timedelta(days=1)
        case._elevated().write({"day": today if state == "today" else earlier})

    def test_every_day(self):
        people = (self.operator, self.manager, self.administrator, self.handler)
        arguments = {"allow_more": (3, "Gọi lại sau bão số 3")}
        for user in (self.operator, self.manager):
            self.walk_case(self.day_of(user), people, arguments)
        self.assertSeenBothWays("civic.look.day")
        self.assert_all_called("civic.look.day")

    def test_days_are_found_by_their_state(self):
        day = self.day_of(self.operator)
        for state in self.states_of(day):
            self.set_state(day, state)
            self.assertEqual(day.state, state)
            for wanted in self.states_of(day):
                found = day.search([("state", "=", wanted)])
                self.assertEqual(day in found, state == wanted)
            self.assertEqual(
                day in day.search([("is_open", "=", True)]), state == "today"
            )

    def test_a_day_that_is_over_is_refused_in_words(self):
        day = self.day_of(self.operator)
        self.set_state(day, "over")
        with self.assertRaisesRegex(UserError, "“Over”"):
            day.with_user(self.manager).sudo(False).allow_more(3, WORDS)
        with self.assertRaises(AccessError):
            day.with_user(self.operator).sudo(False).allow_more(3, WORDS)


@tagged("-at_install", "post_install")
class TestTable(CivicCase):
    # Buttons that hide by a state alone, since they are no transition.
    NO_VERBS = {
        ("civic.assignment", "Preview Letter"),
        ("civic.periodic.report", "PDF"),
        ("civic.periodic.report", "Spreadsheet"),
    }

    def test_no_button_says_again_what_the_table_says(self):
        """Which state allows what stands in the table; views ask `allowed_verbs`."""
        models = {row.model for row in (*TRANSITIONS.values(), *CASES)}
        views = self.env["ir.ui.view"].search([("model", "in", list(models))])
        found, read = set(), 0
        for view in views:
            for button in etree.fromstring(view.arch_db).iter("button"):
                hidden = button.get("invisible") or ""
                read += "allowed_verbs" in hidden
                if "allowed_verbs" not in hidden and re.search(STATE, hidden):
                    found.add((view.model, button.get("string")))
        self.assertEqual(found, self.NO_VERBS)
        self.assertGreater(read, 80, "it read something")

    def test_every_case_is_drawn(self):
        models = {row.model for row in CASES}
        self.assertLessEqual(models, TITLES.keys())
        self.assertLessEqual(models, FIRST.keys())
        for model, state in FIRST.items():
            states = dict(self.env[model]._fields["state"].selection)
            self.assertIn(state, states)

    def test_every_verb_is_public_and_has_words(self):
        for row in CASES:
            model = self.env[row.model]
            self.assertTrue(model._verb_label(row.verb), row)
            if row.actors:
                self.assertTrue(callable(getattr(model, row.verb)))
            states = dict(model._fields["state"].selection)
            self.assertLessEqual({*row.sources, row.target or "", ""}, {*states, ""})
