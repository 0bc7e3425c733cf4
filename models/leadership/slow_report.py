from odoo import api, models
from odoo.exceptions import UserError

from ...tools.periods import Period
from ..ground.guard import check_visible

MOST_CHOSEN = 2000


class CivicAssignment(models.Model):
    _inherit = "civic.assignment"

    def action_report_slow(self):
        """Open “Báo cáo về việc chậm xử lý” with these matters as its rows (ST Điều
        28.2).

        :return: action that shows the draft
        :raises AccessError: for who is no Centre manager
        :raises UserError: where the procedure knows no such report
        """
        check_visible(self)
        reports = self.env["civic.periodic.report"]
        if len(self) > MOST_CHOSEN:
            raise UserError(self.env._("Choose at most %s at once.", MOST_CHOSEN))
        [report] = reports._open_slow(self)
        action = report.with_env(self.env).action_open_periodic()
        left_out = len(self) - len(report._late_lines())
        if report.job or left_out <= 0:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "%s of the chosen are not late by the agency's own time limit, or "
                    "are secret: they are left out.",
                    left_out,
                ),
                "next": action,
            },
        }


class CivicPeriodicReport(models.Model):
    _inherit = "civic.periodic.report"

    @api.model
    def _open_slow(self, assignments):
        """Open and draft a report on some assignments, all of one province.

        :return: the report, elevated
        """
        company = assignments.company_id
        if len(company) != 1:
            raise UserError(self.env._("Choose matters of one province."))
        kinds = self.env["civic.periodic.kind"]._known_to(company)
        kind = kinds.filtered(lambda row: row.code == "slow")[:1]
        if not kind:
            raise UserError(
                self.env._("The regulation in use knows no report on delays.")
            )
        self.with_company(company)._kind_of_manager(kind.id)
        today = company._civic_today()
        since = min(assignments.mapped("dispatched_at"), default=None)
        first = company._civic_date(since) if since else today
        report = self._open_periods(
            [(kind, Period("demand", min(first, today), today))],
            company,
            {"filters": {"assignment": assignments.ids}},
        )
        report.with_env(self.env).draft()
        if not report.job and not report._late_lines():
            raise UserError(
                self.env._(
                    "None of the chosen is late by the agency's own time limit: there "
                    "is nothing to report."
                )
            )
        return report

    def _late_lines(self):
        return self.line_ids.filtered(lambda line: line.dimension == "late")
