"""The monthly list and the yearly evaluation (ST Điều 17.2, 17.3), by the fortnight of
which the figures are reckoned by hand."""

import unittest

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ...models.leadership.evaluation import breaches
from ..rig.agreement import offered
from ..rig.case_verbs import CaseVerbs
from ..rig.common import CivicCase
from ..rig.facts import NOVEMBER, FactsCase
from ..rig.fortnight import AFTERWARDS, FORTNIGHT

THRESHOLDS = {"E1": 3, "E2": 70, "E3": 30, "E4": 20, "E5": 20, "E6": 20}
NOTHING = {
    **dict.fromkeys(("E2", "E3", "E4", "E5", "E6"), (0, 0)),
    "E1": (0, None),
}


class TestBreaches(unittest.TestCase):
    """“quá” is strictly more, “dưới” strictly less."""

    def test_at_the_threshold_there_is_none(self):
        at = {
            **{"E1": (3, None), "E2": (7, 10), "E3": (3, 10)},
            **{"E4": (1, 5), "E5": (1, 5), "E6": (2, 10)},
        }
        self.assertEqual(breaches(at, THRESHOLDS), [])

    def test_beyond_it(self):
        for ground, number in (
            *(("E1", (4, None)), ("E2", (69, 100)), ("E3", (31, 100))),
            *(("E4", (21, 100)), ("E5", (1, 4)), ("E6", (1, 1))),
        ):
            self.assertEqual(
                breaches({**NOTHING, ground: number}, THRESHOLDS), [ground]
            )

    def test_of_nothing_and_without_thresholds(self):
        self.assertEqual(breaches(NOTHING, THRESHOLDS), [])
        bad = {**NOTHING, "E2": (0, 9), "E3": (9, 9)}
        self.assertEqual(breaches(bad, {}), [])
        self.assertEqual(breaches(bad, dict.fromkeys(THRESHOLDS, 0)), [])

    def test_compared_unrounded(self):
        """69.96 % is shown as 70.0 %."""
        self.assertEqual(breaches({**NOTHING, "E2": (6996, 10000)}, THRESHOLDS), ["E2"])


@tagged("-at_install", "post_install")
class TestEvaluation(FactsCase):
    province = "st"

    def setUp(self):
        super().setUp()
        self.history(FORTNIGHT)

    def drafted(self, at="2026-11-20 08:00"):
        with self.at(at):
            rows = self.env["civic.evaluation"]._draft_year(self.company, NOVEMBER)
        return {self.keys.get(row.agency_id.id): row for row in rows}

    def test_grounds(self):
        rows = self.drafted()
        a, b = rows["A"], rows["B"]
        shares = {
            number: (a[f"e{number}_part"], a[f"e{number}_whole"])
            for number in range(2, 7)
        }
        self.assertEqual(
            shares,
            {
                2: (1, 1),  # good
                3: (1, 2),  # old's question, of two
                4: (1, 2),  # slow, of slow and back
                5: (1, 4),  # again, of good, again, old, fire
                6: (1, 4),  # old, which came anew
            },
        )
        self.assertEqual(a.e1_part, 0)
        self.assertEqual(a.breaches, "E3, E4, E5, E6")
        self.assertEqual((b.e5_part, b.e5_whole), (0, 1))
        self.assertEqual((b.e2_whole, b.e3_whole, b.e4_whole), (0, 0, 0))
        self.assertFalse(b.breaches)
        self.assertEqual(b.e2_shown, "–")
        self.assertIn("1/4 (25.0 %)", a.e5_shown)
        self.assertIn("fewer than 10", a.e5_shown)
        self.assertNotIn("C", rows)
        self.assertEqual((a.given, a.done, a.on_time, b.late), (6, 4, 4, 1))

    def test_facts_at_the_end(self):
        before = {
            key: row.read(["e3_part", "e4_part", "e5_part", "e6_part", "breaches"])
            for key, row in self.drafted().items()
        }
        self.history(AFTERWARDS)
        after = {
            key: row.read(["e3_part", "e4_part", "e5_part", "e6_part", "breaches"])
            for key, row in self.drafted("2026-12-20 08:00").items()
        }
        self.assertEqual(after, before)

    def test_directives_that_correct(self):
        """Of the provincial People's Committee, by their day; each counts once."""
        for number in range(3):
            self.directed(f"{number}/CT", "11-03", "AB")
        self.directed("4/CT", "11-03", "A", kind="handle")
        self.directed("5/CT", "11-03", "A", is_provincial=False, issuer="Sở")
        self.directed("6/CT", "11-16", "A")  # after its last day
        wrong = self.directed("7/CT", "11-04", "A")
        with self.at("2026-11-05 09:00"):
            wrong.withdraw("Nhầm.")
        rows = self.drafted()
        self.assertEqual((rows["A"].e1_part, rows["B"].e1_part), (3, 3))
        self.assertNotIn("E1", rows["A"].breaches)
        # Entered from paper after the year has ended; withdrawn after it: it stood.
        last = self.directed("8/CT", "11-16", "A", date="2026-11-14")
        with self.at("2026-11-17 09:00"):
            last.withdraw("Đã khắc phục.")
        row = self.drafted()["A"]
        self.assertEqual(row.e1_part, 4)
        self.assertIn("E1", row.breaches)

    def test_a_question_needs_its_time_before_it_counts(self):
        """Five working days: what was sent on the 9th is not unanswered yet."""
        self.history("11-09 10:30 | again citizen: follow_up")
        self.assertEqual(self.drafted()["A"].e3_whole, 2)

    def test_without_thresholds_the_figures_stand_alone(self):
        names = (
            *("satisfaction_threshold", "unanswered_threshold", "directive_limit"),
            *("late_return_threshold", "sent_back_threshold", "recurring_threshold"),
        )
        self.procedure.write(dict.fromkeys(names, 0))
        row = self.drafted()["A"]
        self.assertFalse(row.is_evaluated)
        self.assertFalse(row.breaches)
        self.assertEqual((row.e5_part, row.e5_whole), (1, 4))

    def test_what_is_decided_stays(self):
        row = self.drafted()["A"]
        manager = row.with_user(self.manager).sudo(False)
        with self.assertRaises(UserError):
            manager.decide("excellent_possible", " ")
        with self.assertRaises(UserError):
            manager.decide("perhaps", "Vì thế.")
        manager.decide("barred", "Vượt ngưỡng E3.")
        self.assertEqual((row.state, row.decided_by), ("decided", self.manager))
        row.flush_recordset()
        self.history("11-13 08:00 | taken A.handler: return_wrong")
        again = self.drafted()
        self.assertEqual(again["A"], row)
        self.assertEqual(row.e4_whole, 2)
        self.assertEqual(row.reason, "Vượt ngưỡng E3.")
        with self.assertRaises(UserError):
            manager.decide("excellent_possible", "Nghĩ lại.")
        with self.assertRaises(UserError):
            row.sudo().unlink()

    def test_dialog(self):
        row = self.drafted()["A"]
        dialog = Form(
            self.env["civic.wizard.decide.evaluation"]
            .with_user(self.province_leader)
            .with_context(active_model=row._name, active_id=row.id)
        )
        self.assertEqual(dialog.decision, "barred")
        dialog.reason = "Theo Điều 17.3."
        dialog.save().action_confirm()
        self.assertEqual(row.decision, "barred")

    def test_who_sees_it(self):
        rows = self.drafted()
        mine = rows["A"].with_user(self.leader).sudo(False)
        self.assertEqual(
            mine.search([("id", "in", [rows["A"].id, rows["B"].id])]), mine
        )
        with self.assertRaises(AccessError):
            rows["A"].with_user(self.handler).sudo(False).read(["breaches"])
        with self.assertRaises(AccessError):
            mine.decide("excellent_possible", "Tự khen.")
        other = self.env["res.company"].create({"name": "Tỉnh khác"})
        self.manager.write({"company_ids": [(4, other.id)]})
        there = rows["A"].with_user(self.manager).sudo(False).with_company(other)
        there = there.with_context(allowed_company_ids=other.ids)
        self.assertFalse(there.search([]))

    def test_the_cron_drafts_a_year_once(self):
        model = self.env["civic.evaluation"]
        with self.at("2026-12-14 23:59"):
            model._cron_draft_years()
            self.assertFalse(model.search([("year", "=", 2026)]))
        with self.at("2026-12-15 00:10"):
            model._cron_draft_years()
            rows = model.search([("company_id", "=", self.company.id)])
            self.assertEqual(set(rows.mapped("year")), {2026})
            model._cron_draft_years()
            self.assertEqual(model.search([("company_id", "=", self.company.id)]), rows)

    def test_monthly_list(self):
        with self.at("2026-11-20 08:00"):
            rows = self.env["civic.evaluation"]._monthly_list(self.company, NOVEMBER)
        [row] = rows
        self.assertEqual(row["agency_id"], self.agencies["B"].id)
        self.assertEqual((row["a"], row["b"], row["c"], row["d"]), (2, 1, None, 0))
        self.assertEqual(len(row["matters"]), 2)

    def test_too_few_satisfied_are_listed(self):
        self.history("11-12 09:30 | good citizen: rate 3")
        with self.at("2026-11-20 08:00"):
            rows = self.env["civic.evaluation"]._monthly_list(self.company, NOVEMBER)
        row = next(row for row in rows if row["agency_id"] == self.agency.id)
        self.assertEqual(row["c"], (0, 1))

    def test_reported_again_more_than_three_times(self):
        """At least one of them in the period (D9)."""
        for number in range(3):
            self.history(f"""
                11-1{number} 09:00 | more{number} operator: again old
                11-1{number} 09:30 | more{number} operator: receive
            """)
        with self.at("2026-11-20 08:00"):
            rows = self.env["civic.evaluation"]._monthly_list(self.company, NOVEMBER)
        row = next(row for row in rows if row["agency_id"] == self.agency.id)
        self.assertEqual(row["d"], 1)
        later = self.count(self.days("2026-11-15", "2026-11-30"))
        figures = later["agency"].get(self.agency.id, {})
        self.assertFalse(figures.get("recurred_over"))


@tagged("-at_install", "post_install")
class TestDoor(CaseVerbs, CivicCase):
    def test_every_state(self):
        now = self.env["civic.door"]._now()
        row = (
            self.env["civic.evaluation"]
            .with_env(self.env["civic.report"]._elevated().env)
            .create(
                {
                    "company_id": self.company.id,
                    "procedure_id": self.procedure.id,
                    "agency_id": self.agency.id,
                    "year": 2026,
                    "date_from": "2025-12-15",
                    "date_to": "2026-12-14",
                    "counted_at": now,
                }
            )
            .sudo()
        )
        people = (
            *(self.operator, self.manager, self.administrator, self.province_leader),
            *(self.leader, self.handler, self.citizen),
        )
        self.walk_case(row, people, {"decide": ("barred", "Theo số liệu.")})
        self.assert_all_called("civic.evaluation")
        self.set_state(row, "draft")
        self.assertIn("decide", offered(row.with_user(self.manager).sudo(False)))
