from odoo import models

from ...tools.periodic_columns import day_text
from ...tools.periods import Period, period_of
from .periodic_demand import FILTERS
from .periodic_figures import agency_figures, kept, report_figures

MOST_TODAY = 200
# Rows of the overview, one dimension after the other.
OVERVIEWS = ("category", "channel", "ward")


class CivicPeriodicReport(models.Model):
    """How a report is drawn up: what was counted becomes rows, which stay."""

    _inherit = "civic.periodic.report"

    def _fill(self, tell=None):
        """Count, and put the rows in the place of those of an earlier draft.

        :param tell: function of the share that is done, 0 to 100
        """
        self.ensure_one()
        tell = tell or (lambda share: None)
        tell(5)
        self.write({"counted_at": self._now()})
        rows = getattr(self, f"_periodic_rows_{self.form}")(tell)
        tell(80)
        self.line_ids.unlink()
        self.env["civic.periodic.line"].create(
            [
                {
                    "report_id": self.id,
                    "company_id": self.company_id.id,
                    "sequence": number,
                    "key": 0,
                    **row,
                    "figures": kept(row["figures"]),
                }
                for number, row in enumerate(rows, start=1)
            ]
        )
        self.invalidate_recordset(["line_ids"])
        tell(100)

    # ------------------------------------------------------------------
    # What each document holds
    # ------------------------------------------------------------------

    def _periodic_rows_whole(self, tell):
        """Document B: everything that a period shows."""
        counted = self._count_period(self._period())
        tell(40)
        before = self._count_period(self._period().previous(), check=False)
        tell(60)
        late, stuck = self._late_rows(), self._stuck_rows()
        levels = self._level_rows(counted)
        whole = self._prepare_whole(counted, before)
        return [
            {"dimension": "whole", "label": "Toàn tỉnh", "figures": whole},
            *(
                row
                for dimension in OVERVIEWS
                for row in self._overview_rows(dimension, counted, before)
            ),
            *self._agency_rows(counted),
            *levels,
            *self._rating_rows(counted),
            *late,
            *stuck,
            *self._explanation_rows(),
        ]

    _periodic_rows_rules = _periodic_rows_whole

    def _periodic_rows_day(self, tell):
        """Document A: the day's seven lines, what is overdue, what waits."""
        day = self._period()
        counted = self._count_period(day)
        tell(40)
        cutoff = self.procedure_id.period_cutoff_day
        since = period_of("month", day.last, cutoff).first
        month = self._count_period(Period("demand", since, day.last), check=False)
        tell(60)
        late = self._late_rows(open_only=True)
        stuck = self._stuck_rows()
        whole = {
            **self._prepare_whole(counted, None),
            "given": self._given_reports(counted),
            "late_centre": counted["centre"]["overdue"],
            "late_parts": sum(
                row.get("overdue") or 0 for row in counted["agency"].values()
            ),
        }
        return [
            {"dimension": "whole", "label": day_text(day.last), "figures": whole},
            {
                "dimension": "month",
                "label": day_text(since),
                "figures": report_figures(month["whole"]),
            },
            *late[:MOST_TODAY],
            *stuck,
        ]

    def _periodic_rows_list(self, tell):
        """Document C: agencies that the text has reported (ST Điều 17.2)."""
        found = self.env["civic.evaluation"]._monthly_list(
            self.company_id, self._period()
        )
        tell(60)
        names = self._names_of("agency", [row["agency_id"] for row in found])
        agencies = {row["agency_id"] for row in found}
        late = [row for row in self._late_rows() if row["agency_id"] in agencies]
        return [
            *(self._prepare_listed(row, names) for row in found),
            *late,
        ]

    def _periodic_rows_evaluation(self, tell):
        """Document D: the grounds of the yearly evaluation, agency by agency."""
        counted = self._count_period(self._period())
        tell(40)
        evaluations = self.env["civic.evaluation"]._draft_year(
            self.company_id, self._period()
        )
        tell(60)
        return [
            {
                "dimension": "evaluation",
                "key": row.agency_id.id,
                "agency_id": row.agency_id.id,
                "label": row.agency_id.name,
                "figures": {
                    **agency_figures(counted["agency"].get(row.agency_id.id, {})),
                    **self._evaluation_figures(row),
                },
            }
            for row in evaluations
        ]

    def _periodic_rows_slow(self, tell):
        """A report on delays (ST Điều 28.2): the matters that were chosen."""
        chosen = set((self.filters or {}).get("assignment") or ())
        late = self._late_rows(chosen=chosen)
        tell(60)
        counts = {}
        for row in late:
            counts[row["agency_id"]] = counts.get(row["agency_id"], 0) + 1
        whole = {"overdue": len(late), "late_agencies": len(counts)}
        return [
            {"dimension": "whole", "label": "Toàn tỉnh", "figures": whole},
            *late,
        ]

    # ------------------------------------------------------------------
    # Counting
    # ------------------------------------------------------------------

    def _count_period(self, period, check=True):
        """The facts of some days, for what the report is narrowed to.

        :param check: whether it must balance: that of the report itself
        """
        facts = self.env["civic.facts"]
        domain = self._counted_domain()
        counted = facts._count(self.company_id, period, domain=domain)
        if check:
            facts._check_balance(counted)
            # The same for all rows: the moment is the report's own.
            self.write({"counted_at": counted["counted_at"]})
        return counted

    def _counted_domain(self):
        """What the report is narrowed to, as `civic.facts` is asked; None: nothing."""
        found = {
            name: ids for name, ids in (self.filters or {}).items() if name in FILTERS
        }
        return found or None

    def _given_reports(self, counted):
        return sum(row.get("given") or 0 for row in counted["agency"].values())

    def _prepare_whole(self, counted, before):
        """Figures of the whole; every number of the body comes from here."""
        agencies = counted["agency"].values()
        urgent, time = counted.get("emergency") or {}, counted.get("time") or {}
        figures = report_figures(counted["whole"], before and before["whole"])
        return {
            **figures,
            "urgent": urgent.get("count") or 0,
            "urgent_median": urgent.get("median_minutes"),
            "urgent_worst": urgent.get("worst_minutes"),
            "urgent_late": urgent.get("late") or 0,
            "median_hours": time.get("median_hours"),
            "ninety_hours": time.get("ninety_hours"),
            "late_agencies": sum(1 for row in agencies if row.get("overdue")),
            "extended_open": sum(row.get("extended_open") or 0 for row in agencies),
            "stuck": counted["province"]["waiting"],
            "urged": sum(row.get("urged") or 0 for row in agencies),
            "directed": sum(1 for row in agencies if row.get("directives")),
            "directed_open": sum(1 for row in agencies if row.get("directives_open")),
        }
