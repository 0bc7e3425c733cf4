"""The reports that the regulations order: each cell of the table is a row."""

from datetime import date

from odoo.exceptions import ValidationError
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from ...tools.periods import Period
from ..rig.common import CivicCase

# Code, period where it differs, who issues it: before which day (and month), how many
# working days after the period, article.
ORDERED = {
    "hue": """
        week centre 0 1 19.3
        month department 20 0 15.7
        month centre 20 0 19.3
        quarter department 20 0 15.7
        quarter centre 20 0 19.3
        interior/quarter centre 20 0 19.4
        year department 20 0 15.7
        year centre 20 0 19.3
        interior department 30/11 0 15.8
        demand department 0 0 15.7
        demand centre 0 0 19.3
    """,
    "st": """
        day centre 0 0 28.1
        month department 20 0 28.3
        month centre 20 0 27.6
        month operator 20 0 28.5
        quarter department 20 0 28.3
        quarter centre 20 0 27.6
        quarter operator 20 0 28.5
        year department 20 0 28.3
        year centre 20 0 27.6
        year operator 20 0 28.5
        list/month centre 20 0 17.2
        evaluation/year centre 20 0 17.3
        interior/year centre 20 0 28.4
        demand department 0 0 28.3
        demand centre 0 0 27.6
        slow/demand department 0 0 28.2
        rules/demand office 0 0 24.2
    """,
    "bg": "",
    "qn": """
        month office 20 0 8.6
        month centre 20 0 12.3
        quarter office 20 0 8.6
        quarter centre 20 0 12.3
        year office 20 0 8.6
        year centre 20 0 12.3
        interior office 15/11 0 8.7
        interior centre 15/11 0 12.4
        demand office 0 0 8.6
        demand centre 0 0 12.3
    """,
    "bp": """
        week centre 0 1 14.3
        month department 20 0 11.6
        month centre 20 0 14.3
        quarter department 20 0 11.6
        quarter centre 20 0 14.3
        half department 20 0 11.7
        year department 20 0 11.6
        year centre 20 0 14.3
        explain/month agency 0 3 13.7
        explain/quarter agency 0 3 13.7
        explain/half agency 0 3 13.7
        explain/year agency 0 3 13.7
        demand department 0 0 11.6
        demand centre 0 0 14.3
    """,
}


@tagged("-at_install", "post_install")
class TestPeriodicKinds(CivicCase):
    def row(self, kind):
        code = kind.code
        if kind.period_kind != code:
            code += f"/{kind.period_kind}"
        day = str(kind.due_before_day)
        if kind.due_month:
            day += f"/{kind.due_month}"
        return f"{code} {kind.issuer} {day} {kind.due_working_days}"

    def test_each_cell_is_a_row(self):
        for province, table in ORDERED.items():
            procedure = self.env.ref(f"civic_report.procedure_{province}")
            wanted = [line.split() for line in table.strip().splitlines()]
            kinds = procedure.periodic_kind_ids
            with self.subTest(province=province):
                self.assertEqual(
                    [self.row(kind) for kind in kinds],
                    [" ".join(cells[:-1]) for cells in wanted],
                )
                for kind, cells in zip(kinds, wanted, strict=True):
                    self.assertIn(f"Điều {cells[-1]}", kind.source)

    def test_what_goes_with_the_reports(self):
        """BP Điều 13.7, 14.3; elsewhere nobody is told or asked."""
        wanted = {
            "wants_explanations": ("department", {"month", "quarter", "half", "year"}),
            "tells_agencies": ("centre", {"week", "month", "quarter", "year"}),
        }
        binh_phuoc = self.env.ref("civic_report.procedure_bp")
        for name, (issuer, codes) in wanted.items():
            kinds = self.env["civic.periodic.kind"].search([(name, "=", True)])
            with self.subTest(name):
                self.assertEqual(kinds.procedure_id, binh_phuoc)
                self.assertEqual(set(kinds.mapped("issuer")), {issuer})
                self.assertEqual(set(kinds.mapped("code")), codes)

    def test_a_copy_has_its_own(self):
        procedure = self.procedure.copy({"code": "X", "company_id": self.company.id})
        self.assertEqual(
            [self.row(kind) for kind in procedure.periodic_kind_ids],
            [self.row(kind) for kind in self.procedure.periodic_kind_ids],
        )
        with self.at("2026-11-16 08:00"):
            again = self.procedure.copy({"code": "Y"}).periodic_kind_ids
        self.assertEqual(set(again.mapped("since")), {date(2026, 11, 16)})

    def test_the_period_closes_before_the_report_is_due(self):
        procedure = self.procedure.copy({"code": "X"})
        procedure.period_cutoff_day = 18
        with self.assertRaises(ValidationError):
            procedure.period_cutoff_day = 19
        with self.assertRaises(ValidationError):
            procedure.periodic_kind_ids.filtered("due_before_day").due_before_day = 10

    def test_twelve_months_need_the_day_that_tells_them(self):
        kinds = self.procedure.copy({"code": "X"}).periodic_kind_ids
        kind = kinds.filtered(lambda row: row.period_kind == "interior")
        for name in ("due_month", "due_before_day"):
            with self.assertRaises(ValidationError):
                kind.write({name: 0})

    def test_last_closed_periods(self):
        cases = {
            "hue_month_department": ("2026-10-15", "2026-11-14"),
            "hue_quarter_department": ("2026-06-15", "2026-09-14"),
            "hue_year_department": ("2024-12-15", "2025-12-14"),
            "hue_interior_department": ("2025-11-15", "2026-11-14"),
            "hue_week_centre": ("2026-11-09", "2026-11-15"),
        }
        self.procedure.period_cutoff_day = 14
        today = date(2026, 11, 16)
        _times, worked = self.company._civic_times_around(
            date(2024, 1, 1), date(2028, 1, 1)
        )
        for name, days in cases.items():
            kind = self.env.ref(f"civic_report.periodic_{name}")
            period = kind._closed_period(today, worked)
            with self.subTest(kind=name):
                self.assertEqual((str(period.first), str(period.last)), days)

    def test_due_days(self):
        """The texts' days, and those of the house where a text gives none."""
        cases = (
            ("hue_month_department", "2026-11-14", "2026-11-19", "2026-11-20 00:00"),
            ("hue_week_centre", "2026-11-15", "2026-11-16", "2026-11-16 17:00"),
            ("hue_interior_department", "2026-11-14", "2026-11-27", "2026-11-28 00:00"),
            ("qn_interior_centre", "2026-10-14", "2026-11-13", "2026-11-14 00:00"),
            ("bp_explain_agency_month", "2026-11-14", "2026-11-18", "2026-11-18 17:00"),
            ("st_day_centre", "2026-11-20", "2026-11-20", "2026-11-20 17:00"),
        )
        times, worked = self.company._civic_times_around(
            date(2026, 1, 1), date(2027, 12, 31)
        )
        for name, last, day, moment in cases:
            kind = self.env.ref(f"civic_report.periodic_{name}")
            due, due_at = kind._due(date.fromisoformat(last), times, worked)
            with self.subTest(kind=name):
                self.assertEqual(str(due), day)
                self.assertLocal(due_at, moment)

    def test_on_demand_nothing_closes(self):
        kind = self.env.ref("civic_report.periodic_hue_demand_centre")
        self.assertIsNone(kind._closed_period(date(2026, 11, 16), None))

    def test_copies_of_before_get_the_reports(self):
        """As the migration does it."""
        copy = self.procedure.copy({"code": "X", "figures_to_leaders": True})
        other = self.env.ref("civic_report.procedure_bp").copy({"code": "Z"})
        other.figures_to_leaders = True
        (copy | other).periodic_kind_ids.unlink()
        path = file_path("civic_report/migrations/19.0.1.4.0/post-periodic_kinds.py")
        load_script(path, "civic_post_periodic_kinds").migrate(
            self.env.cr, "19.0.1.3.0"
        )
        self.env.invalidate_all()
        self.assertEqual(
            len(copy.periodic_kind_ids), len(self.procedure.periodic_kind_ids)
        )
        self.assertTrue(copy.figures_to_leaders)
        self.assertFalse(other.figures_to_leaders, "told with each report")


@tagged("-at_install", "post_install")
class TestPeriodicPeriods(CivicCase):
    def test_two_calendars(self):
        """A holiday before the due day: it is due before that."""
        calendar = self.company._civic_calendar()
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Nghỉ",
                "calendar_id": calendar.id,
                "date_from": "2026-11-18 17:00:00",
                "date_to": "2026-11-19 16:59:59",
            }
        )
        kind = self.env.ref("civic_report.periodic_hue_month_department")
        period = Period("month", date(2026, 10, 15), date(2026, 11, 14))
        report = self.env["civic.periodic.report"]._open_periods(
            [(kind, period)], self.company
        )
        self.assertEqual(str(report.due_date), "2026-11-18")

    def test_without_working_hours_it_is_due_all_the_same(self):
        self.company._civic_calendar().attendance_ids.unlink()
        kind = self.env.ref("civic_report.periodic_hue_month_department")
        period = Period("month", date(2026, 10, 15), date(2026, 11, 14))
        report = self.env["civic.periodic.report"]._open_periods(
            [(kind, period)], self.company
        )
        self.assertEqual(str(report.due_date), "2026-11-19")
