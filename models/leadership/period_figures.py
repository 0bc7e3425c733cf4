from datetime import timedelta

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.periods import period_of
from ...tools.plain import as_json

# Kinds of periods that screens show, and how many of each are kept and drawn.
KEPT_PERIODS = {"week": 12, "month": 12, "quarter": 8, "year": 3}
# What is counted belongs to the whole, or to one agency.
OF_AGENCIES = ("agency", "agency_level")
KEEP = """
    INSERT INTO civic_period_figures AS kept
           (company_id, kind, date_from, date_to, agency_id, figures, place, counted_at,
            is_final)
    VALUES %s
        ON CONFLICT (company_id, kind, date_from, COALESCE(agency_id, 0))
        DO UPDATE SET date_to = EXCLUDED.date_to, figures = EXCLUDED.figures,
                      place = EXCLUDED.place, counted_at = EXCLUDED.counted_at,
                      is_final = EXCLUDED.is_final
     RETURNING id
"""


class CivicPeriodFigures(models.Model):
    """Figures of periods as `civic.facts` counts them, kept for the screens.

    One row for the province and one for each agency, so that the rules let each leader
    read the own ones. A period that goes on is counted each hour; one that has ended is
    counted once more and then stays: its figures are facts at its end.
    """

    _name = "civic.period.figures"
    _description = "Kept figures of a period"
    _order = "date_from desc, agency_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    kind = fields.Selection(
        [
            ("week", "Week"),
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("year", "Year"),
        ],
        required=True,
        readonly=True,
    )
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date("To", required=True, readonly=True)
    agency_id = fields.Many2one(
        "civic.agency",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: the whole province.",
    )
    figures = fields.Json(readonly=True, help="As `civic.facts` counts them.")
    place = fields.Json(readonly=True, help="The agency's place among its like.")
    counted_at = fields.Datetime(required=True, readonly=True)
    is_final = fields.Boolean(readonly=True, help="Counted after the period's end.")

    _once = models.UniqueIndex("(company_id, kind, date_from, COALESCE(agency_id, 0))")

    @api.depends("kind", "date_from", "date_to")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.date_from} – {row.date_to}"

    # ------------------------------------------------------------------
    # Periods
    # ------------------------------------------------------------------

    @api.model
    def _cutoff_day(self, company):
        # sudo: leaders need not read the company's procedure
        return company.sudo().civic_procedure_id.period_cutoff_day or 0

    @api.model
    def _shown_periods(self, company, kind, day=None):
        """The period of a day and those before it that screens show, the latest first.

        :param kind: one of `KEPT_PERIODS`
        :param day: date; today by default
        :return: list of `tools.periods.Period`
        """
        day = day or company._civic_today()
        periods = [period_of(kind, day, self._cutoff_day(company))]
        while len(periods) < KEPT_PERIODS[kind]:
            periods.append(periods[-1].previous())
        return periods

    # ------------------------------------------------------------------
    # Keeping
    # ------------------------------------------------------------------

    @api.model
    def _cron_keep(self):
        """Count what goes on anew, and what is missing, the latest first."""
        cron = self.env["ir.cron"]
        self.env["civic.ward"]._place_points()
        for company in self.env["civic.now"]._counted_companies():
            due = self._due_periods(company)
            for done, period in enumerate(due, 1):
                self._keep_period(company, period)
                if not cron._commit_progress(1, remaining=len(due) - done):
                    return

    @api.model
    def _due_periods(self, company):
        """Those of a province that have no figures after their end.

        What is long past is counted once the present is: screens show it last.
        """
        final = self.search_fetch(
            [
                ("company_id", "=", company.id),
                ("agency_id", "=", False),
                ("is_final", "=", True),
            ],
            ["kind", "date_from", "date_to"],
            limit=1000,
        )
        known = {(row.kind, row.date_from, row.date_to) for row in final}
        shown = [self._shown_periods(company, kind) for kind in KEPT_PERIODS]
        ordered = [
            periods[place]
            for place in range(max(KEPT_PERIODS.values()))
            for periods in shown
            if place < len(periods)
        ]
        return [
            period
            for period in ordered
            if (period.kind, period.first, period.last) not in known
        ]

    @api.model
    def _keep_period(self, company, period):
        """Count one period of a province and keep it.

        :param period: tools.periods.Period
        """
        facts = self.env["civic.facts"].with_company(company)
        now = self.env["civic.door"]._now()
        counted = facts._count(company, period, now=now)
        places = self._ranked_places(facts._ranked(company, counted))
        # A day later everything of the last day has been entered.
        is_final = company._civic_today() > period.last + timedelta(days=1)
        whole = {
            name: value for name, value in counted.items() if name not in OF_AGENCIES
        }
        levels = counted.get("agency_level") or {}
        of_agencies = {
            agency: {**figures, "level": levels.get(agency) or {}}
            for agency, figures in (counted.get("agency") or {}).items()
            if agency
        }
        key = (company.id, period.kind, period.first, period.last)
        rows = [
            (*key, agency, Json(_keyed(figures)), Json(places.get(agency)), now, final)
            for agency, figures, final in (
                (None, whole, is_final),
                *((agency, row, is_final) for agency, row in of_agencies.items()),
            )
        ]
        kept = self.env.cr.execute_values(KEEP, rows, page_size=len(rows), fetch=True)
        # Agencies that no longer occur in it, and periods that a new cut-off moved.
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM civic_period_figures
                 WHERE company_id = %(company)s AND kind = %(kind)s
                   AND id <> ALL(%(kept)s)
                   AND date_from <= %(last)s AND date_to >= %(first)s
                """,
                company=company.id,
                kind=period.kind,
                first=period.first,
                last=period.last,
                kept=[id_ for (id_,) in kept],
            )
        )
        self.invalidate_model()

    @api.model
    def _ranked_places(self, ranked):
        """What an agency may know of the others: its place, and among how many.

        :param ranked: as `civic.facts._ranked` gives it
        """
        sizes = {}
        for row in ranked:
            if row["place"]:
                sizes[row["group"]] = sizes.get(row["group"], 0) + 1
        return {
            row["agency_id"]: {
                **as_json({name: row[name] for name in row if name != "agency_id"}),
                "of": sizes.get(row["group"], 0),
            }
            for row in ranked
        }

    @api.model
    def _ask_for_count(self):
        """Have the figures counted soon, whoever asks.

        :raises UserError: when nothing counts
        """
        # sudo: whoever may look may have it counted
        cron = self.env.ref("civic_report.cron_period_figures").sudo()
        if not cron.active:
            raise UserError(
                self.env._(
                    "The scheduled action that counts is switched off: an "
                    "administrator of the system switches it on."
                )
            )
        cron._trigger()


def _keyed(value):
    """A plain value whose keys are texts, as JSON has them."""
    if isinstance(value, dict):
        return {str(key): _keyed(each) for key, each in value.items()}
    return as_json(value)
