from collections import defaultdict
from functools import partial

from odoo import api, models

from .periodic_opening import room_around

# Lines of one agency's explanation; the rest stands in the annex of the report.
MOST_LINES = 500
# Late matters of a period that agencies are asked about.
MOST_ASKED = 10_000


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
        """What was late or not handled in the period of a report, of all that it is
        narrowed to: nobody explains for a report what does not stand in it."""
        return report._late_found(limit=MOST_ASKED)

    @api.model
    def _explain_until(self, report):
        """When explanations are due: as their own kind says for this period; where the
        procedure has none, with the report. Asked for later, agencies have as many
        working days from then.

        :return: naive UTC datetime, or False: nothing is timed
        """
        # sudo: whoever opens the report need not read the procedure
        kind = report.sudo().kind_id._explaining()
        if not kind:
            return report.due_at
        company, now = report.company_id, self._now()
        last = report.period_to
        times, worked = company._civic_times_around(*room_around([last]))
        _day, due_at = kind._due(last, times, worked)
        if kind.due_working_days:
            calendar = company._civic_calendar()
            load = partial(calendar._civic_loader(now), calendar)
            job = (now, kind.due_working_days, "working_day")
            [later] = calendar._civic_deadlines(load, [job])
            return max(due_at, later) if later else due_at
        # Asked for after its day, nothing is timed.
        return due_at if due_at > now else False

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
