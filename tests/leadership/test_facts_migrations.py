"""What a database of before gets: grades of levels, ratings out of the history, periods
and deadlines of agencies."""

from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from ..rig.common import CivicCase
from ..rig.facts import FactsCase
from ..rig.fortnight import FORTNIGHT


def migrate(cr, name):
    path = file_path(f"civic_report/migrations/19.0.1.4.0/{name}.py")
    load_script(path, f"civic_{name.replace('-', '_')}").migrate(cr, "19.0.1.3.0")


@tagged("-at_install", "post_install")
class TestGrades(CivicCase):
    def test_levels_say_what_they_mean(self):
        scale = self.env["civic.rating.scale"].create({"name": "Riêng"})
        level = {"scale_id": scale.id, "grade": "acceptable"}
        good, bad, known = self.env["civic.rating.level"].create(
            [{**level, "name": name} for name in ("Tốt", "Kém", "Tạm được")]
        )
        ours = {
            "scale_hue_2": "acceptable",
            "scale_st_2": "satisfied",
            "scale_qn_3": "acceptable",
            "scale_qn_5": "negative",
        }
        levels = {self.env.ref(f"civic_report.{name}"): ours[name] for name in ours}
        self.env.flush_all()
        self.cr.execute("ALTER TABLE civic_rating_level ALTER grade DROP NOT NULL")
        self.cr.execute(
            "UPDATE civic_rating_level SET grade = NULL, is_satisfied = id = %s "
            "WHERE id <> %s",
            [good.id, known.id],
        )
        migrate(self.cr, "pre-grade")
        self.env.invalidate_all()
        self.assertEqual(
            (good | bad | known).mapped("grade"),
            ["satisfied", "negative", "acceptable"],
        )
        self.assertEqual({row: row.grade for row in levels}, levels)
        every = self.env["civic.rating.level"].search([])
        for row in every:
            self.assertEqual(row.is_satisfied, row.grade == "satisfied")
        self.cr.execute("ALTER TABLE civic_rating_level ALTER grade SET NOT NULL")


@tagged("-at_install", "post_install")
class TestOfBefore(FactsCase):
    province = "st"

    def setUp(self):
        super().setUp()
        self.history(FORTNIGHT)
        self.history("11-16 09:00 | good citizen: rate 3")

    def forget(self, table):
        self.cr.execute(f"DELETE FROM {table}")
        self.env.invalidate_all()

    def kept_ratings(self):
        rows = self.env["civic.rating"].search([], order="report_id, at, id")
        return [(row.report_id, row.level_id, row.grade, row.at) for row in rows]

    def test_ratings_out_of_the_history(self):
        before = self.kept_ratings()
        self.assertEqual(len(before), 2)
        self.forget("civic_rating")
        for _twice in range(2):
            migrate(self.cr, "post-kept_ratings")
            self.env.invalidate_all()
            self.assertEqual(self.kept_ratings(), before)

    def test_a_rating_without_its_event(self):
        [_first, last] = self.kept_ratings()
        self.forget("civic_rating")
        self.cr.execute("DELETE FROM civic_event WHERE code = 'rate'")
        migrate(self.cr, "post-kept_ratings")
        self.env.invalidate_all()
        self.assertEqual(self.kept_ratings(), [last])

    def test_figures_are_the_same_by_the_history_alone(self):
        before = self.count()
        self.forget("civic_agency_deadline")
        self.forget("civic_rating")
        with self.at("2026-12-20 08:00"):
            migrate(self.cr, "post-period_figures")
            migrate(self.cr, "post-kept_ratings")
        self.env.invalidate_all()
        after = self.count()
        for name in before:
            self.assertEqual(after[name], before[name], name)

    def test_copies_close_their_months_as_the_regulation(self):
        shipped = {
            code: self.env.ref(f"civic_report.procedure_{code}")
            for code in ("hue", "bg", "qn", "bp", "st")
        }
        copies = {
            code: procedure.copy({"code": f"riêng {code}", "name": code})
            for code, procedure in shipped.items()
        }
        early = shipped["qn"].copy({"code": "đầu tháng", "name": "đầu tháng"})
        own = shipped["bp"].copy({"code": "ngày 10", "name": "ngày 10"})
        rows = early.concat(*copies.values())
        rows.write({"period_cutoff_day": 0, "penalty_lifts_agency_deadline": False})
        own.period_cutoff_day = 10
        copies["bg"].penalty_lifts_limit = True
        copies["st"].penalty_lifts_limit = True
        self.env.flush_all()
        self.cr.execute(
            "ALTER TABLE civic_procedure ADD COLUMN IF NOT EXISTS month_due_day int"
        )
        self.cr.execute(
            "UPDATE civic_procedure SET month_due_day = CASE WHEN id = %s THEN 5 "
            "ELSE 20 END",
            early.ids,
        )
        migrate(self.cr, "post-period_figures")
        self.env.invalidate_all()
        self.assertEqual(
            {code: row.period_cutoff_day for code, row in copies.items()},
            {"hue": 14, "bg": 0, "qn": 14, "bp": 14, "st": 0},
        )
        self.assertEqual((early.period_cutoff_day, own.period_cutoff_day), (0, 10))
        self.assertEqual(
            {code for code, row in copies.items() if row.penalty_lifts_agency_deadline},
            {"hue", "bg"},
        )
