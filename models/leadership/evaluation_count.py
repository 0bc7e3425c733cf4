from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...tools.periods import closing_period
from ...tools.ranking import rate
from ...tools.working_time import WorkingTimeError
from ..workflow.transitions import ANSWERING, RETURNING
from .evaluation import GROUNDS, breaches
from .facts_reports import _of
from .facts_sql_beside import AGENCY_OF, FOLLOW_UPS, IN_FORCE, RECURRENCES

# Days in which as many working days lie as anybody has to answer.
LOOK_BACK = 120
# Rows (agency, ground, part, whole); of the whole year, by what stood at its end.
EVALUATE = (
    "WITH"
    + RECURRENCES
    + ","
    + FOLLOW_UPS
    + """,
    eligible AS MATERIALIZED (
        SELECT asked.*
          FROM asked
     LEFT JOIN LATERAL (
               SELECT step.deadline FROM civic_step step
                WHERE step.interaction_id = asked.id
                ORDER BY step.id LIMIT 1) duty ON TRUE
         WHERE NOT violating AND NOT overtaken
           AND CASE WHEN duty.deadline IS NOT NULL THEN duty.deadline < %(end)s
                    ELSE asked.sent_at < %(answer_by)s END),
    results AS MATERIALIZED (
        SELECT DISTINCT ON (kept.assignment_id) kept.assignment_id, kept.report_id,
               kept.agency_id, kept.at
          FROM civic_agency_deadline kept
          JOIN civic_assignment part
            ON part.id = kept.assignment_id AND part.role IN %(answering)s
         WHERE kept.company_id = %(company)s AND kept.code = 'approve'
           AND kept.at >= %(start)s AND kept.at < %(end)s
         ORDER BY kept.assignment_id, kept.at DESC, kept.id DESC),
    back AS MATERIALIZED (
        SELECT kept.assignment_id
          FROM civic_agency_deadline kept
         WHERE kept.company_id = %(company)s AND kept.code = 'fix'
           AND kept.at >= %(start)s AND kept.at < %(end)s
     UNION
        SELECT results.assignment_id
          FROM results
          JOIN civic_event event
            ON event.report_id = results.report_id AND event.assignment_id IS NULL
           AND event.code = 'disagree' AND event.at >= results.at
           AND event.at < %(end)s),
    answered AS MATERIALIZED (
        SELECT results.agency_id, results.report_id, min(results.at) AS at
          FROM results
         WHERE NOT EXISTS (
               SELECT FROM civic_agency_deadline kept
                WHERE kept.assignment_id = results.assignment_id
                  AND kept.code = 'drop' AND kept.at >= results.at
                  AND kept.at < %(end)s)
         GROUP BY results.agency_id, results.report_id)
    SELECT """
    + AGENCY_OF
    + """ AS agency_id, 'E3' AS ground,
           count(*) FILTER (WHERE NOT COALESCE(answered, FALSE)) AS part,
           count(*) AS whole
      FROM eligible
      JOIN civic_assignment part ON part.id = eligible.assignment_id
     GROUP BY 1
 UNION ALL
    SELECT kept.agency_id, 'E4',
           count(*) FILTER (WHERE EXISTS (
               SELECT FROM civic_step step
                WHERE step.assignment_id = kept.assignment_id AND step.is_late
                  AND step.code IN %(returning)s AND step.ended_at < %(end)s)),
           count(*)
      FROM civic_agency_deadline kept
     WHERE kept.company_id = %(company)s AND kept.code = 'return'
       AND kept.at >= %(start)s AND kept.at < %(end)s
     GROUP BY 1
 UNION ALL
    SELECT results.agency_id, 'E5',
           count(*) FILTER (WHERE back.assignment_id IS NOT NULL), count(*)
      FROM results
 LEFT JOIN back ON back.assignment_id = results.assignment_id
     GROUP BY 1
 UNION ALL
    SELECT answered.agency_id, 'E6',
           count(*) FILTER (WHERE EXISTS (
               SELECT FROM again
                WHERE again.first_id = COALESCE(report.recurrence_of_id, report.id)
                  AND again.id <> report.id AND again.received_at > answered.at)),
           count(*)
      FROM answered
      JOIN civic_report report ON report.id = answered.report_id
     GROUP BY 1
"""
)
CORRECTIONS = (
    """
    SELECT rel.agency_id, count(*)
      FROM civic_directive directive
      JOIN civic_directive_agency_rel rel ON rel.directive_id = directive.id
     WHERE directive.kind = 'correct' AND directive.is_provincial
       AND directive.date BETWEEN %(first)s AND %(last)s AND """
    + IN_FORCE
    + """
     GROUP BY rel.agency_id
"""
)
FIGURES = ("given", "done", "on_time", "late")


class CivicEvaluation(models.Model):
    """How the grounds are counted, and which agencies stand on the monthly list."""

    _inherit = "civic.evaluation"

    # ------------------------------------------------------------------
    # The year
    # ------------------------------------------------------------------

    @api.model
    def _cron_draft_years(self):
        """Draft what a year that has closed says of each agency, once."""
        for company in self.env["res.company"].search(
            [("civic_procedure_id", "!=", False)]
        ):
            cutoff = company.civic_procedure_id.period_cutoff_day
            period = closing_period("year", company._civic_today(), cutoff)
            known = [("company_id", "=", company.id), ("date_to", "=", period.last)]
            if not self.search_count(known, limit=1):
                self._draft_year(company, period)

    @api.model
    def _draft_year(self, company, period):
        """Count a year of a company's agencies; what is decided stays as it was.

        :param period: tools.periods.Period of twelve months
        :return: all rows of that year, elevated
        """
        model = self.with_env(self.env["civic.report"]._elevated().env)
        known = model.search(
            [("company_id", "=", company.id), ("date_to", "=", period.last)]
        ).grouped("agency_id")
        vals_list = []
        for vals in model._evaluated(company, period):
            agency = self.env["civic.agency"].browse(vals["agency_id"])
            row = known.get(agency)
            if not row:
                vals_list.append(vals)
            elif row.state == "draft":
                row.write(vals)
        return model.browse().concat(*known.values(), model.create(vals_list))

    @api.model
    def _evaluated(self, company, period):
        """Values of the evaluation of each agency that was given work in a year."""
        facts = self.env["civic.facts"]
        now = self.env["civic.door"]._now()
        counted = facts._count(company, period, now=now)
        scope = facts._scope(company, period, None, now)
        grounds = self._grounds_of(scope, period)
        procedure = scope["procedure"]
        thresholds = {
            ground: procedure[name] for ground, (name, _below) in GROUNDS.items()
        }
        found = []
        for agency_id, figures in counted["agency"].items():
            if not agency_id or not (figures["given"] or figures["carried"]):
                continue
            numbers = {
                **dict.fromkeys(GROUNDS, (0, 0)),
                **grounds.get(agency_id, {}),
                "E2": (figures["accepted"], figures["rated"]),
            }
            numbers["E1"] = (numbers["E1"][0], None)
            found.append(
                {
                    "company_id": company.id,
                    "procedure_id": procedure.id,
                    "agency_id": agency_id,
                    "year": period.year,
                    "date_from": period.first,
                    "date_to": period.last,
                    "counted_at": now,
                    "is_evaluated": any(thresholds.values()),
                    "breaches": ", ".join(breaches(numbers, thresholds)) or False,
                    **{name: figures[name] for name in FIGURES},
                    **self._ground_values(numbers),
                }
            )
        return found

    @api.model
    def _ground_values(self, numbers):
        values = {}
        for ground, (part, whole) in numbers.items():
            values[f"{ground.lower()}_part"] = part
            if whole is not None:
                values[f"{ground.lower()}_whole"] = whole
        return values

    @api.model
    def _grounds_of(self, scope, period):
        """Part and whole of the grounds that are not figures of a period.

        :return: dict of agency id → dict of ground → (part, whole)
        """
        scope = {
            **scope,
            "answering": ANSWERING,
            "returning": RETURNING,
            "answer_by": self._answer_by(scope, period),
        }
        found = {}
        rows = self.env.execute_query(SQL(EVALUATE, **_of(EVALUATE, scope)))
        for agency_id, ground, part, whole in rows:
            found.setdefault(agency_id, {})[ground] = (part, whole)
        statement = SQL(
            CORRECTIONS,
            company=scope["company"],
            end=scope["end"],
            first=period.first,
            last=period.last,
        )
        for agency_id, number in self.env.execute_query(statement):
            found.setdefault(agency_id, {})["E1"] = (number, None)
        return found

    @api.model
    def _answer_by(self, scope, period):
        """What was sent before this has waited longer than anybody may take to answer
        it, where the text gives no time.

        :return: naive UTC datetime
        """
        days = scope["procedure"].interaction_answer_days
        if not days:
            return scope["end"]
        first = period.last - timedelta(days=LOOK_BACK)
        try:
            worked = scope["work"].worked_days(first, period.last)
        except WorkingTimeError:
            worked = []
        if len(worked) < days:
            return scope["start"]
        # The term ends with the last of so many days after that on which it was sent.
        return scope["work"].end_of_day(worked[-days] - timedelta(days=1))

    # ------------------------------------------------------------------
    # The month
    # ------------------------------------------------------------------

    @api.model
    def _monthly_list(self, company, period):
        """Agencies that a month's list names, complete and mechanical (ST Điều 17.2).

        :param period: tools.periods.Period
        :return: list of dicts: agency_id; a: late matters; b: extended and still
            without a result; c: (satisfied, ratings) where too few are satisfied, else
            None; d: matters reported again too often; matters: those of (a), as
            `civic.facts._late_matters` has them
        """
        facts = self.env["civic.facts"]
        counted = facts._count(company, period)
        # sudo: what a regulation says is no secret
        least = company.sudo().civic_procedure_id.satisfaction_threshold
        late = {}
        for matter in facts._late_matters(company, period):
            late.setdefault(matter["agency_id"], []).append(matter)
        found = []
        for agency_id, figures in counted["agency"].items():
            if not agency_id:
                continue
            satisfied = rate(figures["satisfied"], figures["rated"])
            few = least and satisfied is not None and satisfied < least
            row = {
                "agency_id": agency_id,
                "a": figures["overdue"] + figures["late"],
                "b": figures["extended_open"],
                "c": (figures["satisfied"], figures["rated"]) if few else None,
                "d": figures["recurred_over"],
                "matters": late.get(agency_id, []),
            }
            if row["a"] or row["b"] or row["c"] or row["d"]:
                found.append(row)
        return found
