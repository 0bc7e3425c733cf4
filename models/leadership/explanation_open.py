from collections import defaultdict
from functools import partial

from odoo import api, models

from ...tools.periods import Period
from ...tools.working_time import end_of_day

# Lines of one agency's explanation; the rest stands in the annex of the report.
MOST_LINES = 500


class CivicExplanation(models.Model):
    """How explanations begin: with the report of a period that wants them."""

    _inherit = "civic.explanation"

    @api.model
    def _open_for(self, report, matters=None):
        """Ask each agency with late or unhandled matters of a period to explain them.

        Agencies that have been asked for the same report already are left alone.

        :param report: civic.periodic.report
        :param matters: list of dicts as of `civic.facts._late_matters`; counted anew
            by default
        :return: civic.explanation, elevated
        """
        company = report.company_id
        if matters is None:
            matters = self._matters_of(report)
        model = self._elevated()
        asked = model.search([("periodic_report_id", "=", report.id)]).agency_id
        by_agency = defaultdict(list)
        for matter in matters:
            # 0 is the Centre, which explains nothing to itself.
            if matter["agency_id"] and matter["agency_id"] not in asked.ids:
                by_agency[matter["agency_id"]].append(matter)
        if not by_agency:
            return model.browse()
        clock = self._timed_values(company, self._explain_until(report))
        explanations = model.create(
            [
                {
                    "agency_id": agency_id,
                    "company_id": company.id,
                    "period_from": report.period_from,
                    "period_to": report.period_to,
                    "periodic_report_id": report.id,
                    "line_count": len(rows[:MOST_LINES]),
                    **clock,
                }
                for agency_id, rows in by_agency.items()
            ]
        )
        explanations._keep_matters(by_agency)
        explanations._log_act("explanation_opened")
        explanations._tell_explaining("explanation_opened")
        explanations._remind_owing()
        return explanations

    @api.model
    def _matters_of(self, report):
        """What was late or not handled in the period of a report."""
        period = Period(report.period_kind, report.period_from, report.period_to)
        return self.env["civic.facts"]._late_matters(report.company_id, period)

    @api.model
    def _explain_until(self, report):
        """When explanations are due: so many working days after the period; where they
        are asked for later, after that."""
        company = report.company_id
        calendar = company._civic_calendar()
        closed = end_of_day(report.period_to, calendar._civic_tz())
        start = max(closed, self._now())
        # sudo: whoever opens the report need not read the procedure
        days = report.sudo().procedure_id.explain_days
        load = partial(calendar._civic_loader(start), calendar)
        [moment] = calendar._civic_deadlines(load, [(start, days, "working_day")])
        return moment

    def _keep_matters(self, by_agency):
        """Keep the matters as they stood, in one insert."""
        codes = self._codes_of(by_agency)
        self.env["civic.explanation.line"].with_env(self.env).create(
            [
                {
                    "explanation_id": row.id,
                    "company_id": row.company_id.id,
                    "agency_id": row.agency_id.id,
                    "assignment_id": matter["assignment_id"],
                    "code": matter.get("code") or codes[matter["report_id"]],
                    "given_at": matter["given_at"],
                    "deadline": matter["deadline"],
                    "done_at": matter["done_at"] or False,
                    "days_late": matter["days_late"],
                }
                for row in self
                for matter in by_agency[row.agency_id.id][:MOST_LINES]
            ]
        )

    def _codes_of(self, by_agency):
        ids = {
            matter["report_id"]
            for rows in by_agency.values()
            for matter in rows
            if not matter.get("code")
        }
        reports = self.env["civic.report"].browse(ids)
        return {report.id: report.name for report in reports}
