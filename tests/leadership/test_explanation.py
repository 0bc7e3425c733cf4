"""Explanations of delays: opened with their lines, written and signed by the leader."""

from datetime import date, timedelta

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import Form, tagged

from ...tools.periods import Period
from ..rig.acts import ActsCase
from ..rig.case_verbs import CaseVerbs

WORDS = {
    "cause": "Thiếu vật tư.",
    "remedy": "Đã thay nhà thầu.",
    "new_date": "2026-11-30",
}


class ExplanationCase(ActsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kinds = cls.procedure.periodic_kind_ids
        months = kinds.filtered(lambda kind: kind.period_kind == "month")
        cls.kind = months.filtered(lambda kind: kind.issuer == "department")
        # As BP Điều 13.7 orders it, three working days after the period (D5).
        cls.env["civic.periodic.kind"].create(
            {
                "procedure_id": cls.procedure.id,
                "name": "Giải trình",
                "code": "explain",
                "period_kind": "month",
                "issuer": "agency",
                "due_working_days": 3,
            }
        )

    def period_report(self, last=date(2026, 11, 14), period_kind="month"):
        """A report of a month, as it opens at its cut-off; nobody was asked yet."""
        period = Period(period_kind, last - timedelta(days=30), last)
        reports = self.env["civic.periodic.report"]
        return reports._open_periods([(self.kind, period)], self.company)

    def matter(self, part, **values):
        """As `civic.facts._late_matters` counts it."""
        part = part.sudo()
        return {
            "assignment_id": part.id,
            "report_id": part.report_id.id,
            "agency_id": part.agency_id.id,
            "code": part.report_id.name,
            "given_at": part.dispatched_at,
            "deadline": part.dispatched_at + timedelta(days=6),
            "done_at": None,
            "days_late": 3.5,
            "extended_to": None,
            "step": "process",
            "handler_id": part.handler_id.id,
            "leader_id": part.leader_id.id,
            "is_private": False,
            **values,
        }

    def opened(self, *parts):
        """Explanations of a period in which these were late, opened at its end."""
        parts = parts or (self.walk_to("accepted").assignment_ids,)
        report = self.period_report()
        with self.at("2026-11-15 00:10"):
            return self.env["civic.explanation"]._open_for(
                report, [self.matter(part) for part in parts]
            )

    def as_leader(self, explanation, user=None):
        # Without the key of the door, which what was opened has with it.
        return explanation.with_env(self.env).with_user(user or self.leader)


@tagged("-at_install", "post_install")
class TestExplanation(ExplanationCase):
    def test_each_agency_gets_one_with_its_matters(self):
        mine = [self.walk_to("accepted").assignment_ids for _index in range(2)]
        report = self.walk_to("received")
        report.dispatch([self.other_agency.id])
        centre = {**self.matter(mine[0]), "agency_id": 0}
        opening = self.period_report()
        matters = [self.matter(part) for part in (*mine, report.assignment_ids)]
        explanations = self.env["civic.explanation"]
        self.forget_messages()
        with self.at("2026-11-15 00:10"):
            found = explanations._open_for(opening, [*matters, centre])
            again = explanations._open_for(opening, [*matters, centre])
        self.assertEqual(found.agency_id, self.agency | self.other_agency)
        self.assertFalse(again)
        by_agency = {row.agency_id: row for row in found}
        own = by_agency[self.agency]
        self.assertEqual(own.line_ids.assignment_id, mine[0] | mine[1])
        self.assertEqual(own.line_count, 2)
        # Sunday 15; Monday 16, Tuesday 17, Wednesday 18.
        self.assertLocal(own.due_at, "2026-11-18 17:00")
        told = {(user.login, "email") for user in (self.leader, self.other_leader)}
        self.assertEqual(self.told_of("explanation_opened"), told)

    def test_asked_for_later_it_is_due_later(self):
        report = self.period_report()
        part = self.walk_to("accepted").assignment_ids
        with self.at("2026-11-25 09:00"):
            row = self.env["civic.explanation"]._open_for(report, [self.matter(part)])
        self.assertLocal(row.due_at, "2026-11-30 17:00")

    def test_nothing_late_nothing_asked(self):
        report = self.period_report()
        self.assertFalse(self.env["civic.explanation"]._open_for(report, []))

    def test_lines_are_the_facts_of_the_period(self):
        part = self.walk_to("accepted").assignment_ids
        line = self.opened(part).line_ids
        self.assertEqual(line.code, part.report_id.name)
        self.assertEqual(line.days_late, 3.5)
        self.assertEqual(line.agency_id, self.agency)

    # ------------------------------------------------------------------
    # Writing and signing
    # ------------------------------------------------------------------

    def explain(self, explanation, user=None):
        for line in self.as_leader(explanation, user).line_ids:
            line.write(WORDS)

    def test_the_leader_writes_and_signs(self):
        explanation = self.opened()
        with self.at("2026-11-16 09:00"):
            acting = self.as_leader(explanation)
            with self.assertRaisesRegex(UserError, "why it was late"):
                acting.sign()
            acting.line_ids.write({"cause": "Thiếu vật tư.", "remedy": "Đã mua."})
            with self.assertRaisesRegex(UserError, "by when"):
                acting.sign()
            self.explain(explanation)
            self.forget_messages()
            acting.sign()
        self.assertEqual(explanation.state, "signed")
        self.assertEqual(explanation.signed_by, self.leader)
        self.assertFalse(explanation.is_late)
        self.assertEqual(
            self.told_of("explanation_signed"), self.told_above("centre_manager")
        )
        self.assertFalse(self.env["mail.activity"]._civic_reminders(explanation))
        with self.assertRaises(UserError):
            self.as_leader(explanation).line_ids.write({"cause": "Khác"})

    def test_what_is_done_needs_no_new_day(self):
        part = self.walk_to("accepted").assignment_ids
        report = self.period_report()
        matter = self.matter(part, done_at=part.dispatched_at + timedelta(days=9))
        with self.at("2026-11-15 00:10"):
            row = self.env["civic.explanation"]._open_for(report, [matter])
        with self.at("2026-11-16 09:00"):
            acting = self.as_leader(row)
            acting.line_ids.write({"cause": "Thiếu vật tư.", "remedy": "Đã xong."})
            acting.sign()
        self.assertEqual(row.state, "signed")

    def test_only_words_are_written(self):
        line = self.as_leader(self.opened()).line_ids
        other = self.walk_to("accepted").assignment_ids
        with self.at("2026-11-16 09:00"):
            for values in (
                {"days_late": 0},
                {"code": "PA-26-000001"},
                {"assignment_id": other.id},
                {"cause": "x", "deadline": "2027-01-01 00:00:00"},
            ):
                with self.assertRaises(UserError):
                    line.write(values)
            for day in ("2026-11-15", "2028-01-01", "ngày mai", 5):
                with self.assertRaisesRegex(UserError, "from today on"):
                    line.write({"new_date": day})
            with self.assertRaises(UserError):
                line.unlink()
            with self.assertRaises(UserError):
                line.create({"explanation_id": line.explanation_id.id, "code": "x"})

    def test_nobody_else_s(self):
        self.set_up_neighbour()
        explanation = self.opened()
        for user in (self.other_leader, self.handler, self.beyond_leader):
            with self.assertRefused(AccessError, MissingError):
                self.as_leader(explanation, user).sign()
            with self.assertRaises(UserError):
                self.as_leader(explanation.line_ids, user).write({"cause": "x"})
        for user in (self.manager, self.province_leader):
            self.assertTrue(self.as_leader(explanation, user).line_ids)
            with self.assertRaises(UserError):
                self.as_leader(explanation, user).line_ids.write({"cause": "x"})
            with self.assertRaises(AccessError):
                self.as_leader(explanation, user).sign()

    def test_no_sender_in_the_words(self):
        explanation = self.opened()
        with self.at("2026-11-16 09:00"):
            self.explain(explanation)
            line = self.as_leader(explanation).line_ids
            line.write({"cause": "Người dân 0905 111 222 không nghe máy."})
            with self.assertRaisesRegex(UserError, "names somebody"):
                self.as_leader(explanation).sign()

    def test_by_the_form(self):
        explanation = self.as_leader(self.opened())
        with (
            self.at("2026-11-16 09:00"),
            Form(explanation) as form,
            form.line_ids.edit(0) as line,
        ):
            line.cause = WORDS["cause"]
            line.remedy = WORDS["remedy"]
            line.new_date = WORDS["new_date"]
        self.assertEqual(explanation.line_ids.cause, WORDS["cause"])

    # ------------------------------------------------------------------
    # The clock
    # ------------------------------------------------------------------

    def test_not_handed_in_is_listed_and_can_be_signed_late(self):
        explanation = self.opened()
        self.forget_messages()
        with self.at("2026-11-18 17:00"):
            self.pass_clock("civic.explanation")
            self.assertEqual(explanation.state, "open")
        with self.at("2026-11-18 17:01"):
            self.pass_clock("civic.explanation")
        self.assertEqual(explanation.state, "missed")
        self.assertEqual(
            self.told_of("explanation_late"),
            self.told_above("centre_manager", "province_leader"),
        )
        with self.at("2026-11-19 09:00"):
            self.assertTrue(explanation.is_overdue)
            self.explain(explanation)
            self.as_leader(explanation).sign()
        self.assertEqual(explanation.state, "signed")
        self.assertTrue(explanation.is_late)
        codes = explanation.sudo().event_ids.mapped("code")
        self.assertEqual(
            set(codes),
            {"explanation_opened", "explanation_missed", "explanation_signed"},
        )

    def test_an_agency_without_a_leader(self):
        part = self.walk_to("done").assignment_ids
        self.agency.write({"leader_ids": [(5,)], "focal_leader_id": False})
        self.forget_messages()
        self.opened(part)
        self.assertEqual(
            self.told_of("explanation_opened"), {(self.agency.code, "email")}
        )

    def test_many_lines_cost_no_more(self):
        def count(number):
            parts = [self.walk_to("accepted").assignment_ids for _ in range(number)]
            report = self.period_report(next(lasts))
            matters = [self.matter(part) for part in parts]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            with self.at("2026-11-15 00:10"):
                self.env["civic.explanation"]._open_for(report, matters)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        lasts = (date(2026, month, 14) for month in range(1, 10))
        count(1)
        one, many = count(1), count(15)
        self.assertLessEqual(many, one + 3)

    def test_many_are_signed_in_as_many_queries(self):
        def count(number):
            ids = []
            for _index in range(number):
                report = self.period_report(next(lasts))
                part = self.walk_to("accepted").assignment_ids
                with self.at("2026-11-15 00:10"):
                    opening = self.env["civic.explanation"]
                    row = opening._open_for(report, [self.matter(part)])
                row.line_ids.with_env(row.env).write(WORDS)
                ids.append(row.id)
            with self.at("2026-11-16 09:00"):
                acting = self.as_leader(self.env["civic.explanation"].browse(ids))
                return self.queries_of(acting.sign)

        lasts = (date(2026 - year, 5, 14) for year in range(30))
        count(1)
        one, many = count(2), count(12)
        self.assertLessEqual(many, one + 3)
        self.assertLessEqual(many, 35)


@tagged("-at_install", "post_install")
class TestExcused(ExplanationCase):
    """The report for which agencies were asked is dropped."""

    def setUp(self):
        super().setUp()
        mine = self.walk_to("accepted").assignment_ids
        report = self.walk_to("received")
        report.dispatch([self.other_agency.id])
        self.report = self.period_report(period_kind="demand")
        with self.at("2026-11-15 00:10"):
            found = self.env["civic.explanation"]._open_for(
                self.report,
                [self.matter(part) for part in (mine, report.assignment_ids)],
            )
        by_agency = {row.agency_id: row for row in found}
        self.own, self.other = by_agency[self.agency], by_agency[self.other_agency]

    def drop(self):
        with self.at("2026-11-16 10:00"):
            self.report.with_user(self.manager).sudo(False).drop("Mở nhầm.")
        self.env.invalidate_all()

    def sign(self, explanation, user):
        with self.at("2026-11-16 09:00"):
            acting = self.as_leader(explanation, user)
            acting.line_ids.write(WORDS)
            acting.sign()

    def reminders(self, explanation):
        return self.env["mail.activity"]._civic_reminders(explanation)

    def owed_now(self, agency):
        """How many explanations the kept counts say that an agency owes."""
        self.env["civic.now"]._count_now(self.env["civic.door"]._now())
        row = self.env["civic.now"].search([("agency_id", "=", agency.id)])
        return (row.counts or {}).get("counts", {}).get("explanations", 0)

    def test_nobody_owes_one_any_more(self):
        self.assertTrue(self.reminders(self.own))
        self.assertEqual(self.owed_now(self.agency), 1)
        opened = self.env["civic.outbox"].search(
            [("notice_id.event", "=", "explanation_opened")]
        )
        self.assertFalse(any(row._is_moot() for row in opened))
        self.drop()
        for explanation in self.own | self.other:
            self.assertEqual(explanation.state, "excused")
            self.assertFalse(explanation.alert_at or explanation.is_overdue)
            self.assertFalse(self.reminders(explanation))
            self.assertIn("explanation_excused", explanation.event_ids.mapped("code"))
        self.assertEqual(self.owed_now(self.agency), 0)
        told = {(user.login, "email") for user in (self.leader, self.other_leader)}
        self.assertEqual(self.told_of("explanation_excused"), told)
        self.assertTrue(all(row._is_moot() for row in opened), "nobody is asked late")
        with self.assertRaises(UserError):
            self.sign(self.own, self.leader)
        with self.at("2026-11-25 09:00"):
            self.pass_clock("civic.explanation")
        self.assertEqual(self.own.state, "excused", "no clock runs")
        self.assertFalse(self.told_of("explanation_late"))

    def test_what_is_signed_stays(self):
        self.sign(self.own, self.leader)
        self.drop()
        self.assertEqual(self.own.state, "signed")
        self.assertEqual(self.own.line_ids.cause, WORDS["cause"])
        self.assertEqual(self.other.state, "excused")
        told = {(self.other_leader.login, "email")}
        self.assertEqual(self.told_of("explanation_excused"), told)

    def test_what_was_not_handed_in_is_not_owed_either(self):
        with self.at("2026-11-25 09:00"):
            self.pass_clock("civic.explanation")
        self.assertEqual(self.own.state, "missed")
        self.drop()
        self.assertEqual(self.own.state, "excused")

    def test_those_of_other_reports_stay(self):
        other = self.period_report(date(2026, 10, 14), "demand")
        with self.at("2026-11-15 00:10"):
            row = self.env["civic.explanation"]._open_for(
                other, [self.matter(self.own.line_ids.assignment_id)]
            )
        self.drop()
        self.assertEqual(row.state, "open")

    def test_the_right_one_asks_again(self):
        self.drop()
        part = self.own.line_ids.assignment_id
        with self.at("2026-11-16 11:00"):
            row = self.env["civic.explanation"]._open_for(
                self.period_report(period_kind="demand"), [self.matter(part)]
            )
        self.assertEqual((row.agency_id, row.state), (self.agency, "open"))


@tagged("-at_install", "post_install")
class TestExplanationVerbs(CaseVerbs, ExplanationCase):
    def test_every_state(self):
        explanation = self.opened()
        explanation.line_ids.with_env(explanation.env).write(WORDS)
        people = (
            *(self.leader, self.other_leader, self.handler, self.manager),
            *(self.province_leader, self.plain),
        )
        self.walk_case(explanation.sudo(), people, {"sign": ()})
        self.assert_all_called("civic.explanation")
