"""Rules of conduct: findings, locks, appeals, harassing calls (ST Điều 17.1, 20)."""

import base64
import unittest
from datetime import date, timedelta

from lxml import html
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.conduct.lock import FOREVER
from ...tools.conduct import months_later, most_within
from ..rig.media import WAV
from ..rig.site import SubmissionCase, WebsiteCase

OFFICERS = (
    *("handler", "leader", "other_handler", "coordinator", "province_leader", "plain"),
)
CITIZENS = ("citizen", "other_citizen")


class TestMonths(unittest.TestCase):
    def test_a_month_ends_on_the_corresponding_day(self):
        for day, wanted in {
            "2026-01-15": "2026-02-15",
            "2026-01-31": "2026-02-28",
            "2028-01-31": "2028-02-29",
            "2026-12-01": "2027-01-01",
        }.items():
            self.assertEqual(str(months_later(date.fromisoformat(day), 1)), wanted)

    def test_most_within_a_month(self):
        for days, wanted in {
            "": 0,
            "2026-03-05": 1,
            "2026-03-05 2026-03-05 2026-04-05 2026-04-05": 4,
            "2026-03-05 2026-03-06 2026-03-07 2026-04-06": 3,
            # Thirty-one days make a month from March on, not in February.
            "2026-02-01 2026-02-02 2026-02-03 2026-03-04": 3,
            "2026-03-04 2026-02-03 2026-02-02 2026-03-01 2026-02-01": 4,
        }.items():
            moments = [date.fromisoformat(day) for day in days.split()]
            self.assertEqual(most_within(moments, 1), wanted, days)


class ConductCase(SubmissionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A procedure that locks by count, as Sóc Trăng's does.
        cls.procedure.write(
            {
                "violation_source": "Điều 17.1",
                "violation_limit": 3,
                "follow_up_violation_limit": 3,
                "follow_up_violation_months": 1,
                "follow_up_lock_months": 1,
            }
        )

    def find(self, count=1, reporter=None, kind="wording"):
        """So many reports of a sender, each found in violation."""
        reports = self.env["civic.report"].with_user(self.operator)
        for _index in range(count):
            report = self.make_report(reporter_id=(reporter or self.reporter).id)
            report.mark_violation(kind, "Lời lẽ xúc phạm.")
            reports |= report
        return reports

    def ask(self, report, moment):
        """A follow-up at a moment, found in violation a day later."""
        body = f"Hỏi lần {len(report.sudo().interaction_ids)}: làm ăn kiểu gì đấy?"
        with self.at(moment):
            report.with_user(self.citizen).follow_up(body)
        interaction = report.sudo().interaction_ids.sorted("id")[-1:]
        with self.at(moment):
            interaction.with_user(self.operator).mark_violation(
                "wording", "Lời lẽ không chuẩn mực."
            )
        return interaction

    def events(self, reports, code):
        return reports.sudo().event_ids.filtered(lambda event: event.code == code)


@tagged("-at_install", "post_install")
class TestLocks(ConductCase):
    def test_more_than_three_reports(self):
        reports = self.find(3)
        self.assertFalse(self.reporter.is_locked)
        self.assertEqual(self.reporter.violation_count, 3)
        reports |= self.find(1)
        self.assertTrue(self.reporter.is_locked)
        self.assertEqual(self.reporter.locked_until, FOREVER)
        self.assertEqual(len(self.reporter.lock_ids), 1)
        self.assertEqual(len(self.events(reports, "mark_violation")), 4)
        lock = self.events(reports, "lock")
        self.assertEqual(lock.report_id, reports[-1])
        self.assertFalse(lock.is_public)
        self.find(1)
        self.assertEqual(len(self.reporter.lock_ids), 1, "locked once")

    def test_a_procedure_may_give_the_lock_an_end(self):
        self.procedure.write({"violation_limit": 1, "account_lock_months": 2})
        with self.at("2026-12-31 09:00"):
            self.find(2)
            # 28 February is the last day of the second month.
            self.assertLocal(self.reporter.locked_until, "2027-03-01 00:00")
            self.assertIn("28/02/2027 24:00", self.reporter.lock_words)
        with self.at("2027-02-28 23:59"):
            self.assertTrue(self.reporter.is_locked)
            self.reporter.invalidate_recordset()
        with self.at("2027-03-01 00:01"):
            self.assertFalse(self.reporter.is_locked)
            self.find(1)
            self.assertFalse(self.reporter.is_locked, "counting begins anew")
            self.find(1)
            self.assertTrue(self.reporter.is_locked)
            self.assertEqual(len(self.reporter.lock_ids), 2)

    def test_follow_ups_within_a_month(self):
        for moments, locked in {
            "2026-03-05 2026-03-06 2026-03-07": False,
            "2026-03-05 2026-03-06 2026-03-07 2026-04-05": True,
            "2026-03-05 2026-03-06 2026-03-07 2026-04-06": False,
            "2026-01-31 2026-01-31 2026-02-01 2026-02-28": True,
            "2026-01-31 2026-02-01 2026-02-02 2026-03-01": False,
        }.items():
            with self.subTest(moments=moments), self.env.cr.savepoint() as savepoint:
                with self.at("2026-01-05 08:00"):
                    report = self.walk_to("done")
                for day in moments.split():
                    interaction = self.ask(report, f"{day} 10:00")
                self.assertTrue(interaction.violation)
                until = self.reporter.follow_up_locked_until
                self.assertEqual(bool(until), locked)
                self.assertFalse(self.reporter.locked_until, "reports are apart")
                savepoint.rollback()

    def test_a_locked_follow_up_is_refused_until_the_month_is_over(self):
        with self.at("2026-03-02 08:00"):
            report = self.walk_to("done")
        for day in ("02", "02", "03", "04"):
            self.ask(report, f"2026-03-{day} 10:00")
        self.assertLocal(self.reporter.follow_up_locked_until, "2026-04-05 00:00")
        with (
            self.at("2026-04-04 23:00"),
            self.assertRaisesRegex(UserError, "04/04/2026 24:00"),
        ):
            report.with_user(self.citizen).follow_up("Bao giờ thi công?")
        with self.at("2026-04-04 23:00"):
            self.send_form(user=self.citizen)  # reports are still taken in
        with self.at("2026-04-05 00:01"):
            report.with_user(self.citizen).follow_up("Bao giờ thi công?")

    def test_calls_and_lifted_findings_do_not_count(self):
        self.find(3)
        lifted = self.find(1).violation_ids
        self.assertTrue(self.reporter.is_locked)
        lifted.with_user(self.manager).lift("Không phải lời lẽ xúc phạm.")
        self.assertFalse(self.reporter.is_locked)
        self.assertEqual(self.reporter.violation_count, 3)
        self.assertTrue(self.reporter.lock_ids.is_void)
        self.assertTrue(self.events(lifted.report_id, "unlock"))
        self.find(1)
        self.assertTrue(self.reporter.is_locked, "the other three go on counting")

    def test_twice_is_once(self):
        report = self.find(1)
        self.assertNotIn("mark_violation", report.allowed_verbs)
        with self.assertRaisesRegex(UserError, "already"):
            report.mark_violation("wording", "Lần nữa.")
        report.violation_ids.with_user(self.manager).lift("Nhầm.")
        report.mark_violation("untrue", "Sai sự thật.")
        self.assertEqual(self.reporter.violation_count, 1)

    def test_nobody_known_to_have_sent_it(self):
        report = self.make_report(reporter_id=False)
        with self.assertRaisesRegex(UserError, "nobody"):
            report.mark_violation("wording", "Lời lẽ xúc phạm.")

    def test_arguments(self):
        report = self.make_report()
        for kind, note in (("wording", " "), ("", "Lời"), ("drop table", "Lời")):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                report.mark_violation(kind, note)

    def test_where_the_text_knows_no_lock_by_count(self):
        """HUE, BG, QN, BP: findings are kept, and nobody is locked by them."""
        self.procedure.write(
            {
                "violation_source": False,
                "violation_limit": 0,
                "follow_up_violation_limit": 0,
                "follow_up_lock_months": 0,
            }
        )
        self.find(6)
        with self.at("2026-03-02 08:00"):
            report = self.walk_to("done")
        for _number in range(5):
            self.ask(report, "2026-03-03 10:00")
        self.assertEqual(self.reporter.violation_count, 6)
        self.assertFalse(self.reporter.lock_ids)
        reporter = self.reporter.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "legal basis"):
            reporter.lock("Nhiều lần gọi điện xúc phạm.", "follow_up")
        reporter.lock("Nhiều lần xúc phạm.", "follow_up", "Luật An ninh mạng, Điều 16")
        self.assertEqual(self.reporter.follow_up_locked_until, FOREVER)
        self.assertEqual(self.reporter.lock_ids.source, "Luật An ninh mạng, Điều 16")

    def test_by_hand(self):
        reporter = self.reporter.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "reason"):
            reporter.lock(" ")
        with self.assertRaises(UserError):
            reporter.lock("Lý do", "everything")
        report = self.make_report()
        reporter.lock("Nhiều lần gọi điện xúc phạm.")
        self.assertTrue(self.reporter.is_locked)
        self.assertEqual(self.reporter.lock_ids.locked_by_id, self.manager)
        self.assertTrue(self.events(report, "lock"))
        with self.assertRaisesRegex(UserError, "already"):
            reporter.lock("Lần nữa.")
        # What a manager decided is not undone by a count.
        self.find(1).violation_ids.with_user(self.manager).lift("Nhầm.")
        self.assertTrue(self.reporter.is_locked)
        reporter.unlock("Đã cam kết.")
        self.assertFalse(self.reporter.is_locked)
        with self.assertRaisesRegex(UserError, "not locked"):
            reporter.unlock("Lần nữa.")
        self.find(3)
        self.assertFalse(self.reporter.is_locked, "counting began anew")


@tagged("-at_install", "post_install")
class TestEntrance(ConductCase):
    """Who is locked, at every entrance."""

    def setUp(self):
        super().setUp()
        self.procedure.violation_limit = 1
        self.emergency = self.env.ref("civic_report.category_emergency")

    def test_an_account_is_refused_in_clear_words(self):
        self.find(2)
        with self.assertRaises(UserError) as caught:
            self.send_form(user=self.citizen)
        for words in ("until the intake centre lifts it", "appeal", "113", "43/2020"):
            self.assertIn(words, str(caught.exception))

    def test_emergencies_are_taken_in_and_flagged(self):
        self.find(2)
        form = self.form(category_id=str(self.emergency.id))
        report = self.send_form(form, user=self.citizen)
        self.assertEqual(report.conduct_flag, "emergency")
        self.assertEqual(report.state, "new")

    def anonymous_reporter(self, **changes):
        return self.send_form(self.form(**changes)).reporter_id

    def test_the_same_telephone_under_another_name_is_flagged_not_refused(self):
        self.find(2, self.anonymous_reporter(key="1"))
        with self.assertRaisesRegex(UserError, "locked"):
            self.send_form(self.form(key="2"))
        other = self.send_form(self.form(key="3", name="Người khác"))
        self.assertEqual(other.conduct_flag, "contact")
        self.assertFalse(other.reporter_id.is_locked)
        by_mail = self.send_form(self.form(key="4", phone="0987 654 321"))
        self.assertEqual(by_mail.conduct_flag, "contact")
        changes = {"phone": "0987 654 321", "email": "khac@example.com"}
        elsewhere = self.send_form(self.form(key="5", name="Ai đó", **changes))
        self.assertFalse(elsewhere.conduct_flag)

    def test_another_name_for_each_report_is_no_way_round(self):
        self.procedure.violation_limit = 3
        for number in range(3):
            reporter = self.anonymous_reporter(key=str(number), name=f"Tên {number}")
            self.find(1, reporter)
            self.assertFalse(reporter.is_locked)
        last = self.anonymous_reporter(key="4", name="Tên 4")
        self.find(1, last)
        self.assertEqual(last.violation_count, 4)
        self.assertTrue(last.is_locked)
        self.assertEqual(
            self.send_form(self.form(key="5", name="Tên 5")).conduct_flag, "contact"
        )

    def test_an_account_answers_for_itself_alone(self):
        """Somebody else's number typed into a form locks nobody's account."""
        self.procedure.violation_limit = 1
        phone = self.reporter.phone
        self.find(1, self.anonymous_reporter(key="1", phone=phone))
        self.find(1, self.anonymous_reporter(key="2", phone=phone))
        self.assertFalse(self.reporter.is_locked)
        self.assertFalse(
            self.send_form(self.form(key="3"), user=self.citizen).conduct_flag
        )

    def test_follow_ups_of_a_locked_account(self):
        report = self.walk_to("done")
        self.find(2)
        with self.assertRaisesRegex(UserError, "locked"):
            report.with_user(self.citizen).follow_up("Bao giờ thi công?")
        level = self.procedure.scale_id.level_ids[0]
        report.with_user(self.citizen).rate(level.id)

    def test_the_centre_may_write_down_for_a_locked_caller(self):
        self.find(2)
        self.assertEqual(self.make_report().state, "new")


@tagged("-at_install", "post_install")
class TestAppeals(ConductCase):
    def setUp(self):
        super().setUp()
        self.violation = self.find(1).violation_ids
        self.as_citizen = self.violation.with_user(self.citizen)

    def test_the_sender_appeals_once(self):
        with self.assertRaisesRegex(UserError, "why"):
            self.as_citizen.appeal(" ")
        self.as_citizen.appeal("Tôi chỉ nói sự thật.")
        violation = self.violation.sudo()
        self.assertEqual(violation.state, "appealed")
        self.assertEqual(violation.appeal_text, "Tôi chỉ nói sự thật.")
        self.env(user=self.citizen.id).flush_all()
        self.assertNotEqual(violation.write_uid, self.citizen)
        event = self.events(self.violation.report_id, "violation_appealed")
        self.assertFalse(event.user_id)
        with self.assertRaisesRegex(UserError, "Appealed"):
            self.as_citizen.appeal("Lần nữa.")

    def test_somebody_else_decides(self):
        report = self.make_report()
        report.with_user(self.manager).mark_violation("untrue", "Sai sự thật.")
        own = report.violation_ids.with_user(self.manager)
        self.assertNotIn("lift", own.allowed_verbs)
        with self.assertRaisesRegex(AccessError, "another"):
            own.lift("Tôi nghĩ lại.")
        self.as_citizen.appeal("Tôi chỉ nói sự thật.")
        violation = self.violation.with_user(self.manager)
        self.assertLessEqual({"lift", "uphold"}, set(violation.allowed_verbs))
        with self.assertRaisesRegex(UserError, "why"):
            violation.uphold(" ")
        violation.uphold("Đã nghe lại, vẫn xúc phạm.")
        self.assertEqual(violation.state, "upheld")
        self.assertEqual(violation.decided_by_id, self.manager)
        with self.assertRaisesRegex(UserError, "Upheld"):
            violation.lift("Thôi.")

    def test_without_an_appeal_nothing_is_upheld(self):
        with self.assertRaisesRegex(UserError, "Found"):
            self.violation.with_user(self.manager).uphold("Đúng.")

    def test_a_follow_up_s_finding_is_lifted(self):
        interaction = self.ask(self.walk_to("done"), "2026-11-20 10:00")
        violation = self.env["civic.violation"].search(
            [("interaction_id", "=", interaction.id)]
        )
        violation.with_user(self.manager).lift("Câu hỏi bình thường.")
        self.assertFalse(interaction.violation)


@tagged("-at_install", "post_install")
class TestGuards(ConductCase):
    """Every verb as every role; nothing of it by another way."""

    def call(self):
        return (
            self.env["civic.call"]
            .with_user(self.operator)
            .create({"number": "0912 000 001", "kind": "harassment"})
        )

    def test_roles(self):
        report = self.walk_to("done")
        report.with_user(self.citizen).follow_up("Bao giờ thi công?")
        violation = self.find(1).violation_ids
        interaction = report.sudo().interaction_ids
        centre = {"operator", "manager", "administrator"}
        managers = centre - {"operator"}
        mark = ("wording", "Lời lẽ xúc phạm.")
        verbs = {
            (report, "mark_violation", mark): centre,
            (interaction, "mark_violation", mark): centre,
            (violation, "appeal", ("Không đúng.",)): {"citizen"},
            (violation, "lift", ("Nhầm.",)): managers,
            (self.reporter, "lock", ("Lý do.",)): managers,
            (self.call(), "verify", ("harassment", "Gọi 12 lần.")): centre,
            (self.call(), "show_number", ("Gửi công an.",)): centre,
            (self.call(), "action_same_number", ()): centre,
        }
        for (record, verb, arguments), allowed in verbs.items():
            for role in (*centre, *OFFICERS, *CITIZENS):
                acting = record.with_user(getattr(self, role))
                with self.subTest(verb=verb, model=record._name, role=role):
                    self.try_one(acting, verb, arguments, role in allowed)

    def try_one(self, acting, verb, arguments, allowed):
        with self.env.cr.savepoint() as savepoint:
            if allowed:
                getattr(acting, verb)(*arguments)
            else:
                with self.assertRaises(UserError) as caught:
                    getattr(acting, verb)(*arguments)
                self.assertIn(type(caught.exception), (MissingError, AccessError))
            savepoint.rollback()
        self.env.invalidate_all()

    def test_unlock_and_decide_roles(self):
        self.reporter.with_user(self.manager).lock("Lý do.")
        for role in ("operator", *OFFICERS, *CITIZENS):
            with self.assertRaises(UserError):
                self.reporter.with_user(getattr(self, role)).unlock("Thôi.")
        violation = self.find(1).violation_ids
        violation.with_user(self.citizen).appeal("Không đúng.")
        for role in ("operator", *OFFICERS, *CITIZENS):
            for verb in ("uphold", "lift"):
                with self.assertRaises(UserError):
                    getattr(violation.with_user(getattr(self, role)), verb)("Đúng.")

    def test_nothing_is_written_directly(self):
        report = self.find(1)
        violation, call = report.violation_ids, self.call()
        self.reporter.with_user(self.manager).lock("Lý do.")
        lock = self.reporter.lock_ids
        new = {"reporter_id": self.reporter.id, "company_id": self.company.id}
        for attempt in (
            lambda env: self.reporter.with_env(env).write({"locked_until": False}),
            lambda env: self.reporter.with_env(env).write({"violation_count": 0}),
            lambda env: self.reporter.with_env(env).write({"lock_ids": [(5,)]}),
            lambda env: env["civic.reporter"].create(
                {"name": "A", "locked_until": FOREVER}
            ),
            lambda env: violation.with_env(env).write({"state": "lifted"}),
            lambda env: violation.with_env(env).unlink(),
            lambda env: violation.with_env(env).copy(),
            lambda env: lock.with_env(env).write({"until": "2020-01-01"}),
            lambda env: lock.with_env(env).unlink(),
            lambda env: env["civic.lock"].create({**new, "what": "account"}),
            lambda env: report.with_env(env).write({"conduct_flag": "contact"}),
            lambda env: call.with_env(env).write({"state": "closed"}),
            lambda env: call.with_env(env).unlink(),
            lambda env: env["civic.call"].create({"state": "closed"}),
            lambda env: env["civic.call"].create({"operator_id": self.manager.id}),
            lambda env: env["civic.call.event"].create({"call_id": call.id}),
            lambda env: report.sudo().interaction_ids.with_env(env).create({}),
        ):
            for env in (self.env, self.env(user=self.administrator.id)):
                keyed = env(context={"civic_door": True})
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    attempt(keyed)

    def test_defaults_of_a_caller_are_no_way_round(self):
        """A context comes over RPC: what it says must not end in guarded fields."""
        defaults = {
            "default_state": "closed",
            "default_kind": "silent",
            "default_is_void": True,
            "default_ended_at": "2020-01-01",
            "default_locked_until": "2030-01-01",
            "default_note": "Khác",
            "default_user_id": self.manager.id,
        }
        report = self.make_report()
        report.with_context(**{**defaults, "default_state": "lifted"}).mark_violation(
            "wording", "Lời lẽ xúc phạm."
        )
        self.assertEqual(report.violation_ids.state, "found")
        self.assertEqual(self.events(report, "mark_violation").user_id, self.operator)
        self.reporter.with_user(self.manager).with_context(**defaults).lock("Lý do.")
        self.assertFalse(self.reporter.lock_ids.ended_at)
        self.assertFalse(self.reporter.lock_ids.is_void)
        call = self.env["civic.call"].with_user(self.operator)
        call = call.with_context(**defaults).create({"number": "0912 000 001"})
        self.assertEqual(call.state, "logged")
        reporters = self.env["civic.reporter"].with_user(self.operator)
        made = reporters.with_context(**defaults).create({"name": "Người khác"})
        self.assertFalse(made.locked_until)
        reports = self.env["civic.report"].with_user(self.operator)
        made = reports.with_context(
            default_state="done", default_conduct_flag="contact"
        ).create(self.report_values())
        self.assertEqual(made.state, "new")
        self.assertFalse(made.conduct_flag)

    def test_another_province_s_records_are_not_there(self):
        violation, call = self.find(1).violation_ids, self.call()
        company = self.env["res.company"].create({"name": "Tỉnh khác"})
        operator = self.make_user("foreign", "civic_report.group_centre_manager")
        operator.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for record, verb, arguments in (
            (violation, "lift", ("Nhầm.",)),
            (self.reporter, "lock", ("Lý do.",)),
            (call, "verify", ("insult", "Xúc phạm.")),
            (call, "show_number", ("Gửi công an.",)),
        ):
            for target in (record, record.browse(10**9)):
                with self.assertRaises(MissingError):
                    getattr(target.with_user(operator), verb)(*arguments)

    def test_whoever_sent_it_decides_in_no_other_province(self):
        """A Centre manager of one province is a citizen of another: the own appeal is
        all that there is to do with a finding there."""
        company = self.env["res.company"].create({"name": "Tỉnh khác"})
        foreign = self.make_user("foreign", "civic_report.group_centre_manager")
        foreign.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        sender = self.reporter.create({"name": "Người ở xa", "user_id": foreign.id})
        violation = self.find(1, sender).violation_ids
        own = violation.with_user(foreign)
        with self.assertRaises(MissingError):
            own.lift("Tôi nghĩ lại.")
        own.appeal("Tôi chỉ nói sự thật.")
        for verb in ("uphold", "lift"):
            with self.assertRaises(MissingError):
                getattr(own, verb)("Tôi nghĩ lại.")
        self.assertEqual(violation.sudo().state, "appealed")

    def test_whoever_sent_it_decides_not_in_the_own_province_either(self):
        sender = self.reporter.create(
            {"name": "Quản lý 2", "user_id": self.manager.id, "phone": "0912000999"}
        )
        violation = self.find(1, sender).violation_ids
        own = violation.with_user(self.manager)
        for verb in ("uphold", "lift"):
            self.assertNotIn(verb, own.allowed_verbs)
        with self.assertRaisesRegex(AccessError, "what you sent"):
            own.lift("Tôi nghĩ lại.")
        own.appeal("Tôi chỉ nói sự thật.")
        with self.assertRaisesRegex(AccessError, "what you sent"):
            own.uphold("Đúng.")
        self.assertEqual(violation.sudo().state, "appealed")

    def test_dialogs_show_nothing_foreign(self):
        interaction = self.walk_to("done").sudo().interaction_ids
        wizard = self.env["civic.wizard.violation.follow.up"].with_user(self.handler)
        with self.assertRaises(AccessError):
            wizard.create({"interaction_id": interaction.id, "kind": "wording"})


@tagged("-at_install", "post_install")
class TestCalls(ConductCase):
    def call(self, number="0912 000 001", **values):
        calls = self.env["civic.call"].with_user(self.operator)
        return calls.create({"number": number, "duration": 42, **values})

    def recording(self):
        return base64.b64encode(WAV).decode()

    def test_the_whole_course(self):
        call = self.call(note="Chửi bới tổng đài viên.")
        call.verify("insult", "Đã nghe lại: lời lẽ xúc phạm.")
        self.assertEqual(call.violation_ids.kind, "insult")
        with self.assertRaisesRegex(UserError, "recording"):
            call.extract_recording()
        call.extract_recording(self.recording(), "cuoc-goi.wav")
        self.assertEqual(base64.b64decode(call.recording), WAV)
        today = self.company._civic_today()
        with self.assertRaises(UserError):
            call.pass_on(self.agency.id, "12/TTĐH", today + timedelta(days=1))
        call.pass_on(self.agency.id, "12/TTĐH", str(today))
        call.record_result("Đã xử phạt hành chính.")
        self.assertEqual(call.state, "closed")
        self.assertEqual(
            call.event_ids.sorted("id").mapped("code"),
            ["verify", "extract", "pass", "result"],
        )
        self.assertEqual(call.event_ids.user_id, self.operator)

    def test_no_step_is_skipped_or_done_twice(self):
        call = self.call(recording=self.recording())
        steps = {
            "verify": ("harassment", "Gọi 12 lần."),
            "extract_recording": (),
            "pass_on": (self.agency.id, "12/TTĐH", "2026-01-05"),
            "record_result": ("Đã nhắc nhở.",),
        }
        for done in steps:
            for verb, arguments in steps.items():
                if verb != done:
                    with self.assertRaisesRegex(UserError, "possible only from"):
                        getattr(call, verb)(*arguments)
            getattr(call, done)(*steps[done])

    def test_number_and_recording_are_sealed(self):
        call = self.call(recording=self.recording())
        self.assertEqual(call.number, "••• ••• 001")
        self.assertNotIn("0912", call.display_name)
        self.assertFalse(call.recording, "extracted first")
        call.verify("harassment", "Gọi 12 lần.")
        call.flush_recordset()
        self.env.cr.execute("SELECT * FROM civic_call WHERE id = %s", call.ids)
        self.assertNotIn("912000001", str(self.env.cr.fetchall()))
        file = self.env["ir.attachment"].search(
            [("res_model", "=", "civic.call"), ("res_field", "=", "recording_sealed")]
        )
        self.assertNotIn(b"WAVE", file.raw)
        with self.assertRaises(AccessError):
            call.read(["number_sealed"])
        with self.assertRaisesRegex(UserError, "why"):
            call.show_number("")
        self.assertEqual(call.show_number("Gửi công an."), "+84912000001")
        self.assertEqual(call.event_ids[0].code, "show")
        self.assertEqual(call.event_ids[0].note, "Gửi công an.")

    def test_the_same_number_is_found_again(self):
        first, second = self.call(), self.call("+84 912 000 001")
        other = self.call("0912 000 002")
        first.verify("harassment", "Gọi 12 lần.")
        self.assertEqual(second.harassing_count, 1)
        self.assertEqual(other.harassing_count, 0)
        calls = self.env["civic.call"].with_user(self.operator)
        repeated = [("harassing_count", ">", 1)]
        self.assertFalse(calls.search(repeated))
        second.verify("harassment", "Lại gọi.")
        self.assertEqual(calls.search(repeated), first | second)
        found = calls.search(first.action_same_number()["domain"])
        self.assertEqual(found, first | second)

    def test_what_is_no_number_and_no_recording(self):
        for values in (
            {"number": "abc"},
            {"recording": base64.b64encode(b"<html>").decode()},
            {"recording": base64.b64encode(self.photo).decode()},
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.call(**values)
        with (
            self.assertRaises(CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.call(duration=-1).flush_recordset()


@tagged("-at_install", "post_install")
class TestOwnPage(WebsiteCase, ConductCase):
    """What the sender reads, and the appeal from there."""

    def setUp(self):
        super().setUp()
        self.procedure.violation_limit = 1
        self.authenticate("civic_citizen", "civic_citizen")

    def test_found_locked_appealed_unlocked(self):
        report = self.find(2)[-1]
        path = f"/my/phan-anh/{report.name.lower()}"
        page = self.page(path)
        for words in (
            *("Improper wording", "Lời lẽ xúc phạm.", "43/2020"),
            *("Locked: Sending reports", "until the intake centre lifts it"),
        ):
            self.assertIn(words, self.text(page))
        self.assertIn("Locked: Sending reports", self.text(self.page("/my/phan-anh")))
        form = next(form for form in page.forms if form.action.endswith("/xem-lai"))
        answer = self.url_open(path + "/xem-lai", data={**form.fields, "body": " "})
        self.assertEqual(answer.status_code, 422)
        fields = {**form.fields, "body": "Tôi chỉ nói sự thật."}
        answer = self.url_open(path + "/xem-lai", data=fields)
        self.assertIn("is being looked at", self.text(html.fromstring(answer.content)))
        report.violation_ids.with_user(self.manager).lift("Đã xem lại.")
        text = self.text(self.page(path))
        self.assertIn("Lifted: it does not count", text)
        self.assertIn("Đã xem lại.", text)
        self.assertNotIn("Locked: Sending reports", text)

    def test_a_locked_sender_keeps_the_text(self):
        self.find(2)
        answer = self.send()
        self.assertEqual(answer.status_code, 422)
        page = html.fromstring(answer.content)
        self.assertIn("locked", self.text(page.get_element_by_id("error_summary")))
        self.assertEqual(page.get_element_by_id("name").value, "Người gửi thử")

    def test_nobody_else_reads_or_appeals(self):
        report = self.published()
        report.with_user(self.operator).mark_violation("wording", "Lời lẽ xúc phạm.")
        public = self.text(self.page(self.path(report)))
        self.assertNotIn("xúc phạm", public)
        self.assertNotIn("Violation", public)
        other = self.make_report(reporter_id=False)
        fields = {"violation": report.violation_ids.id, "body": "Không đúng."}
        self.authenticate("civic_other_citizen", "civic_other_citizen")
        page = self.page("/phan-anh/gui")
        fields["csrf_token"] = page.xpath("//input[@name='csrf_token']/@value")[0]
        for target in (report, other):
            path = f"/my/phan-anh/{target.name.lower()}/xem-lai"
            self.assertEqual(self.url_open(path, data=fields).status_code, 404)
        self.assertEqual(report.violation_ids.state, "found")

    def test_a_finding_of_another_report_is_not_appealed_here(self):
        report, other = self.find(2)
        page = self.page(f"/my/phan-anh/{report.name.lower()}")
        form = next(form for form in page.forms if form.action.endswith("/xem-lai"))
        fields = {**form.fields, "violation": other.violation_ids.id, "body": "Không."}
        answer = self.url_open(form.action, data=fields)
        self.assertEqual(answer.status_code, 404)
        self.assertEqual(other.violation_ids.state, "found")
