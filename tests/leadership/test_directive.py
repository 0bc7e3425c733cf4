"""Directives: issued, answered, late, closed, withdrawn; each agency its own."""

from datetime import date, timedelta
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...tools.periods import Period
from ..rig.acts import ActsCase
from ..rig.case_verbs import CaseVerbs
from ..rig.common import CivicCase

ANSWER = "Đã kiểm điểm người phụ trách, khắc phục xong."


class DirectiveCase(ActsCase):
    def as_leader(self, directive, user=None):
        return directive.with_user(user or self.leader).sudo(False)

    def reminded(self, directive):
        reminders = self.env["mail.activity"]._civic_reminders(directive.sudo())
        return reminders.user_id

    def in_days(self, days):
        return self.company._civic_today() + timedelta(days=days)


@tagged("-at_install", "post_install")
class TestDirective(DirectiveCase):
    # ------------------------------------------------------------------
    # Drafting
    # ------------------------------------------------------------------

    def test_who_drafts(self):
        for user in (self.province_leader, self.manager):
            self.assertEqual(self.drafted(user).state, "draft")
        for user in (self.operator, self.leader, self.handler):
            with self.assertRaises(AccessError):
                self.drafted(user)
        with self.assertRaises(MissingError):  # of agencies as well
            self.drafted(self.plain)

    def test_a_draft_is_the_issuer_s(self):
        """Agencies see nothing of it, not even when it is withdrawn as a draft."""
        directive = self.drafted()
        with self.assertRaises(AccessError):
            self.as_leader(directive).read(["subject"])
        directive.withdraw("Soạn nhầm.")
        with self.assertRaises(AccessError):
            self.as_leader(directive).read(["subject"])
        self.assertEqual(directive.state, "withdrawn")

    def test_nothing_is_issued_by_writing(self):
        directive = self.drafted()
        for values in ({"state": "issued"}, {"issued_at": "2026-01-01 00:00:00"}):
            with self.assertRaises(UserError):
                directive.write(values)
        with self.assertRaises(UserError):
            directive.unlink()

    def test_what_was_issued_stays(self):
        directive = self.issued()
        for values in ({"subject": "Khác"}, {"due_date": self.in_days(9)}):
            with self.assertRaisesRegex(UserError, "issued"):
                directive.write(values)

    def test_of_the_own_province_alone(self):
        self.set_up_neighbour()
        agencies = self.agency | self.beyond_agency
        with self.assertRefused(ValidationError, MissingError):
            self.drafted(agency_ids=[Command.set(agencies.ids)])
        directive = self.issued()
        for user in (self.beyond_manager, self.beyond_province, self.beyond_leader):
            self.assertFalse(directive.with_user(user).search([]))
            with self.assertRaises(MissingError):
                directive.with_user(user).close("Xong.")

    # ------------------------------------------------------------------
    # Issuing
    # ------------------------------------------------------------------

    def test_what_is_missing_is_said(self):
        tomorrow = self.in_days(1)
        for words, values in {
            "number": {"number": False},
            "which body": {"issuer": " "},
            "day of the document": {"date": tomorrow},
            "at least one agency": {"agency_ids": [Command.clear()]},
            "by when": {"kind": "report"},
            "from today on": {"due_date": self.in_days(-1)},
            "text": {"body": False},
        }.items():
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                self.drafted(**values).issue()

    def test_an_agency_that_has_ended(self):
        directive = self.drafted()
        self.agency.active = False
        with self.assertRaisesRegex(UserError, "has ended"):
            directive.issue()

    def test_from_paper_the_document_is_attached(self):
        directive = self.drafted(self.manager)
        with self.assertRaisesRegex(UserError, "Attach"):
            directive.issue()
        files = self.uploaded(self.manager, "civic.directive")
        directive.attachment_ids = [Command.set(files)]
        directive.issue()
        self.assertTrue(directive.is_recorded)
        # The agency opens it, and nobody takes it away.
        attachment = self.as_leader(directive).attachment_ids
        self.assertTrue(attachment.raw)
        for act in (
            lambda file: file.unlink(),
            lambda file: file.write({"raw": b"x"}),
        ):
            with self.assertRaises(UserError):
                act(attachment.with_user(self.manager))

    def test_files_are_documents(self):
        with self.assertRaises(ValidationError):
            self.env["ir.attachment"].with_user(self.manager).create(
                {"name": "x.exe", "raw": b"MZ\x90\x00", "res_model": "civic.directive"}
            )

    def test_leaders_are_told_and_reminded(self):
        self.forget_messages()
        directive = self.issued(
            agency_ids=[Command.set((self.agency | self.other_agency).ids)],
            due_date=self.in_days(10),
        )
        told = {(user.login, "email") for user in (self.leader, self.other_leader)}
        self.assertEqual(self.told_of("directive_issued"), told)
        self.assertEqual(self.reminded(directive), self.leader | self.other_leader)
        row = self.env["civic.outbox"].search([("user_id", "=", self.leader.id)])[-1:]
        _subject, body = row._words()
        self.assertIn("12/CT-UBND", body)
        self.assertIn(f"/odoo/civic-directives/{directive.id}", body)

    def test_a_leaderless_agency_is_told_at_its_address(self):
        self.agency.write({"leader_ids": [(5,)], "focal_leader_id": False})
        self.forget_messages()
        self.issued()
        self.assertEqual(
            self.told_of("directive_issued"), {(self.agency.code, "email")}
        )
        self.set_up_above()
        self.forget_messages()
        self.issued(number="13/CT-UBND")
        self.assertEqual(
            self.told_of("directive_issued"), {(self.above_leader.login, "email")}
        )

    def test_an_archived_leader_is_told_nothing(self):
        self.leader.active = False
        self.forget_messages()
        self.issued()
        self.assertNotIn((self.leader.login, "email"), self.told_of("directive_issued"))

    def test_reports_say_that_they_are_named(self):
        report = self.walk_to("accepted")
        self.issued(report_ids=[Command.set(report.ids)])
        event = report.event_ids.filtered(lambda row: row.code == "directive")
        self.assertIn("12/CT-UBND", event.note)
        self.assertFalse(event.is_public)

    def test_words_name_nobody_without_a_reason(self):
        directive = self.drafted(body="Liên hệ 0905 111 222 để xử lý.")
        with self.assertRaisesRegex(UserError, "a telephone number"):
            directive.issue()
        directive.issue("Số của chỉ huy hiện trường.")
        event = directive.sudo().event_ids.filtered(
            lambda row: row.code == "directive_issued"
        )
        self.assertIn("Số của chỉ huy", event.note)

    def test_the_centre_does_not_name_a_sender_unnoticed(self):
        report = self.walk_to("accepted")
        directive = self.drafted(
            self.manager,
            body="Theo phản ánh của Người phản ánh.",
            report_ids=[Command.set(report.ids)],
            attachment_ids=[
                Command.set(self.uploaded(self.manager, "civic.directive"))
            ],
        )
        with self.assertRaisesRegex(UserError, "the sender's name"):
            directive.issue()

    def test_the_same_number_and_day_once(self):
        self.issued()
        again = self.drafted()
        with self.assertRaisesRegex(UserError, "number and date"):
            again.issue()
        # Of two at once the index refuses the second.
        with (
            patch.object(type(again), "_same_number", lambda _self: 0),
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            again.issue()
            self.env.flush_all()

    # ------------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------------

    def two(self, **values):
        agencies = self.agency | self.other_agency
        return self.issued(agency_ids=[Command.set(agencies.ids)], **values)

    def test_each_agency_answers_for_itself(self):
        directive = self.two(due_date=self.in_days(5))
        self.forget_messages()
        files = self.uploaded(self.leader)
        self.as_leader(directive).answer(ANSWER, files)
        answer = directive.sudo().answer_ids
        self.assertEqual(answer.agency_id, self.agency)
        self.assertEqual(answer.answered_by, self.leader)
        self.assertFalse(answer.is_late)
        self.assertEqual(directive.waiting_agency_ids, self.other_agency)
        self.assertFalse(directive.answered_all_at)
        self.assertEqual(self.reminded(directive), self.other_leader)
        self.assertEqual(
            self.told_of("directive_answered"),
            self.told_above("centre_manager", "province_leader"),
        )
        # The second agency sees nothing of the first one's answer.
        other = self.as_leader(directive, self.other_leader)
        self.env.invalidate_all()
        self.assertFalse(other.answer_ids)
        with self.assertRaises(AccessError):
            answer.with_user(self.other_leader).sudo(False).read(["text"])
        with self.assertRaises(AccessError):
            answer.attachment_ids.with_user(self.other_leader).sudo(False).read(["raw"])
        with self.assertRaises(AccessError):
            other.read(["waiting_agency_ids"])
        other.answer("Đã chấn chỉnh.")
        self.assertTrue(directive.answered_all_at)
        self.assertFalse(self.reminded(directive))

    def test_an_answer_is_given_once_and_stays(self):
        directive = self.two()
        self.as_leader(directive).answer(ANSWER)
        with self.assertRaisesRegex(UserError, "answered already"):
            self.as_leader(directive).answer("Bổ sung.")
        answer = directive.sudo().answer_ids.sudo(False)
        for user in (self.leader, self.manager):
            with self.assertRaises(UserError):
                answer.with_user(user).write({"text": "Khác"})
            with self.assertRaises(UserError):
                answer.with_user(user).unlink()

    def test_who_leads_none_of_them_finds_nothing(self):
        directive = self.issued()
        for user in (self.other_leader, self.handler, self.coordinator):
            with self.assertRefused(AccessError, MissingError):
                self.as_leader(directive, user).answer(ANSWER)

    def test_who_leads_several_says_for_which(self):
        self.other_agency.leader_ids |= self.leader
        directive = self.two()
        acting = self.as_leader(directive)
        for agency_id in (None, self.coordinating_agency.id, True, "x"):
            with self.assertRaisesRegex(UserError, "Choose for which"):
                acting.answer(ANSWER, None, agency_id)
        acting.answer(ANSWER, None, self.other_agency.id)
        self.assertEqual(directive.sudo().answer_ids.agency_id, self.other_agency)
        acting.answer(ANSWER)  # one is left

    def test_foreign_files_are_not_taken(self):
        directive = self.issued()
        files = self.uploaded(self.other_leader)
        with self.assertRaises(MissingError):
            self.as_leader(directive).answer(ANSWER, files)

    def test_after_the_day_it_is_late(self):
        with self.at("2026-11-16 09:00"):
            directive = self.issued(due_date="2026-11-18")
        self.assertLocal(directive.due_at, "2026-11-18 17:00")
        with self.at("2026-11-18 17:00"):
            self.as_leader(directive).answer(ANSWER)
        self.assertFalse(directive.sudo().answer_ids.is_late)
        with self.at("2026-11-16 09:00"):
            directive = self.issued(number="13/CT-UBND", due_date="2026-11-18")
        with self.at("2026-11-18 17:00:01"):
            self.as_leader(directive).answer(ANSWER)
        self.assertTrue(directive.sudo().answer_ids.is_late)

    def test_a_day_off_ends_at_midnight(self):
        with self.at("2026-11-16 09:00"):
            directive = self.issued(due_date="2026-11-21")  # a Saturday
        self.assertLocal(directive.due_at, "2026-11-22 00:00")

    # ------------------------------------------------------------------
    # The clock
    # ------------------------------------------------------------------

    def test_warned_and_late_once(self):
        with self.at("2026-11-16 09:00"):
            directive = self.two(due_date="2026-11-20")
            self.as_leader(directive, self.other_leader).answer(ANSWER)
        moments = {
            "2026-11-16 10:00": (0, 0),
            "2026-11-18 17:00": (1, 0),
            "2026-11-18 17:10": (1, 0),
            "2026-11-20 16:00": (2, 0),
            "2026-11-20 17:10": (3, 1),
            "2026-11-23 09:00": (3, 1),
        }
        for moment, (due, late) in moments.items():
            with self.at(moment):
                self.pass_clock("civic.directive")
            outbox = self.env["civic.outbox"]
            rows = outbox.search([("notice_id.event", "=", "directive_due")])
            with self.subTest(moment):
                self.assertEqual(len(rows), due)
                # Only who has not answered.
                self.assertLessEqual(rows.user_id, self.leader)
                told = (
                    self.told_above("province_leader", "centre_manager")
                    if late
                    else set()
                )
                self.assertEqual(self.told_of("directive_late"), told)
        with self.at("2026-11-20 17:10"):
            self.assertTrue(directive.is_overdue)
            found = directive.search([("is_overdue", "=", True)])
            self.assertIn(directive, found)
        codes = directive.sudo().event_ids.mapped("code")
        self.assertEqual(codes.count("directive_late"), 1)

    def test_without_a_day_there_is_no_clock(self):
        directive = self.issued()
        self.assertFalse(directive.due_at or directive.alert_at)
        with self.at("2027-06-01 09:00"):
            self.pass_clock("civic.directive")
            self.assertFalse(directive.is_overdue)

    # ------------------------------------------------------------------
    # Figures (F15)
    # ------------------------------------------------------------------

    def test_figures_are_those_of_the_end_of_the_period(self):
        with self.at("2026-11-16 09:00"):
            stays, closed, taken = (
                self.two(number=f"{number}/CT", due_date="2026-11-20")
                for number in (1, 2, 3)
            )
            self.as_leader(stays).answer(ANSWER)
        with self.at("2026-12-10 09:00"):
            taken.withdraw("Nhầm.")
        with self.at("2026-12-16 09:00"):
            closed.close("Xong.")
            self.as_leader(stays, self.other_leader).answer(ANSWER)
        first, second = self.agency, self.other_agency
        # Till when: issued and unanswered of each of the two.
        for last, figures in {
            date(2026, 11, 30): ((3, 2), (3, 3)),
            date(2026, 12, 14): ((2, 1), (2, 2)),
            date(2026, 12, 31): ((2, 0), (2, 0)),
        }.items():
            period = Period("demand", date(2026, 11, 1), last)
            with self.at("2027-01-04 09:00"):
                counted = self.env["civic.facts"]._count(self.company, period)
            rows = (counted["agency"][agency.id] for agency in (first, second))
            found = tuple((row["directives"], row["directives_open"]) for row in rows)
            self.assertEqual(found, figures, last)

    # ------------------------------------------------------------------
    # End
    # ------------------------------------------------------------------

    def test_withdrawn_with_answers(self):
        directive = self.two(due_date=self.in_days(5))
        self.as_leader(directive).answer(ANSWER)
        self.forget_messages()
        with self.assertRaisesRegex(UserError, "Write"):
            directive.withdraw(" ")
        directive.withdraw("Ban hành nhầm thẩm quyền.")
        self.assertEqual(directive.state, "withdrawn")
        self.assertEqual(directive.sudo().answer_ids.text, ANSWER)
        self.assertFalse(self.reminded(directive))
        told = {(user.login, "email") for user in (self.leader, self.other_leader)}
        self.assertEqual(self.told_of("directive_withdrawn"), told)
        with self.assertRaises(UserError):
            self.as_leader(directive, self.other_leader).answer(ANSWER)
        with self.at("2027-06-01 09:00"):
            self.pass_clock("civic.directive")
        self.assertFalse(self.told_of("directive_late"))

    def test_closed_by_whom(self):
        directive = self.issued()
        with self.assertRaises(AccessError):
            self.as_leader(directive).close("Xong.")
        directive.with_user(self.manager).close("Các cơ quan đã khắc phục.")
        self.assertEqual(directive.state, "closed")
        with self.assertRaises(UserError):
            directive.withdraw("Muộn.")

    def test_many_are_closed_in_as_many_queries(self):
        def count(number):
            ids = [
                self.issued(number=f"{number}-{index}/CT", due_date=self.in_days(9)).id
                for index in range(number)
            ]
            rows = self.env["civic.directive"].with_user(self.manager).browse(ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows.withdraw("Sai.")
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(1)
        one, many = count(2), count(15)
        self.assertLessEqual(many, one + 3)

    def test_many_agencies_are_told_in_as_many_queries(self):
        def count(number):
            directive = self.drafted(
                number=f"{number}/CT",
                due_date=self.in_days(9),
                agency_ids=[Command.set(self.led_agencies(number).ids)],
            )
            return self.queries_of(directive.issue)

        count(1)
        one, many = count(2), count(12)
        self.assertLessEqual(many, one + 3)
        self.assertLessEqual(many, 45)

    def test_an_answer_costs_the_same_among_many_agencies(self):
        def count(number):
            agencies = self.led_agencies(number)
            directive = self.issued(
                number=f"{number}/CT",
                due_date=self.in_days(9),
                agency_ids=[Command.set(agencies.ids)],
            )
            acting = self.as_leader(directive, agencies[0].leader_ids)
            return self.queries_of(lambda: acting.answer(ANSWER))

        count(1)
        one, many = count(2), count(12)
        self.assertLessEqual(many, one + 3)
        self.assertLessEqual(many, 55)

    # ------------------------------------------------------------------
    # Dialogs
    # ------------------------------------------------------------------

    def dialog(self, name, directive, **context):
        return Form(
            directive.env[name].with_context(
                active_model="civic.directive", active_id=directive.id, **context
            )
        )

    def test_issued_by_the_dialog(self):
        directive = self.drafted(body="Gọi 0905 111 222.")
        form = self.dialog("civic.wizard.issue.directive", directive)
        self.assertEqual(form.named, "a telephone number")
        form.identity_reason = "Số của chỉ huy."
        form.save().action_confirm()
        self.assertEqual(directive.state, "issued")

    def test_answered_on_one_screen(self):
        directive = self.as_leader(self.issued())
        form = self.dialog("civic.wizard.answer.directive", directive)
        self.assertEqual(form.agency_id, self.agency)
        self.assertIn("Khắc phục", form.body)
        form.text = ANSWER
        form.save().action_confirm()
        self.assertEqual(directive.answer_ids.text, ANSWER)

    def test_ended_by_the_dialog(self):
        for verb, state in (("close", "closed"), ("withdraw", "withdrawn")):
            directive = self.issued(number=f"{verb}/CT")
            form = self.dialog(
                "civic.wizard.end.directive", directive, default_verb=verb
            )
            form.reason = "Đủ rồi."
            form.save().action_confirm()
            self.assertEqual(directive.state, state)


@tagged("-at_install", "post_install")
class TestDirectiveVerbs(CaseVerbs, DirectiveCase, CivicCase):
    def test_every_state(self):
        directive = self.drafted().sudo()
        people = (
            *(self.province_leader, self.manager, self.operator, self.leader),
            *(self.other_leader, self.handler, self.plain),
        )
        arguments = {
            "issue": (),
            "answer": (ANSWER,),
            "close": ("Xong.",),
            "withdraw": ("Sai.",),
        }
        files = self.uploaded(self.manager, "civic.directive")
        directive.attachment_ids = [Command.set(files)]
        directive._elevated().issued_at = self.env["civic.door"]._now()
        self.walk_case(directive, people, arguments)
        self.set_state(directive, "issued")
        self.as_leader(directive).answer(ANSWER)
        self.walk_case(directive, people, arguments)
        self.assertSeenBothWays("civic.directive")
        self.assert_all_called("civic.directive")
