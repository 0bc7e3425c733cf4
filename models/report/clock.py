import logging

from odoo import api, models
from odoo.exceptions import UserError

from ..workflow.transitions import CENTRE_CODES

_logger = logging.getLogger(__name__)


class CivicReport(models.Model):
    """Duties of the Centre and of the citizen on a report."""

    _inherit = "civic.report"

    def _working_calendar(self):
        """The calendar in which this report's limits are counted."""
        self.ensure_one()
        return self.procedure_id.calendar_id or self.company_id._civic_calendar()

    def _step_domain(self):
        return [
            ("report_id", "in", self.ids),
            ("assignment_id", "=", False),
            ("state", "=", "open"),
        ]

    def _due_steps(self, codes):
        """Parts of the intake count only where the regulation times them apart."""
        limits = self.procedure_id._limits(self.track)
        return [
            code for code in codes if not code.startswith("intake_") or code in limits
        ]

    def _prepare_step(self, code):
        self.ensure_one()
        coordinating = code in ("consult", "concur")
        return {
            "report": self,
            "agency": self.coordinator_agency_id if coordinating else None,
            "code": code,
            "holder": self._step_holder(code),
            "started_at": self._now(),
        }

    def _step_holder(self, code):
        """The officer whose duty it is, if one is known.

        The citizen's duty to supplement has no holder: identity stays out of steps.
        """
        return self.operator_id if code in CENTRE_CODES else self.env["res.users"]

    def _duties(self):
        return self.step_ids

    def _refresh_clock(self):
        self.env["civic.step"]._refresh_clocks(self)

    @api.model
    def _cron_lapse_supplements(self, limit=500):
        """End reports whose citizen did not answer in time.

        HUE Điều 13.3–4: cancelled after 2 days; other regulations refuse. A report that
        cannot be ended waits for a person and keeps no other from it.
        """
        lapsing = self.env["civic.procedure"].search(
            [("supplement_lapse", "!=", False), ("active", "in", (True, False))]
        )
        able = lapsing.filtered(lambda row: row._lapse_ground())
        if lapsing - able:
            _logger.error(
                "Reports do not lapse under %s: “no answer” is no ground there.",
                ", ".join((lapsing - able).mapped("code")),
            )
        steps = self.env["civic.step"].search(
            [
                ("state", "=", "open"),
                ("code", "=", "supplement"),
                ("overdue_from", "<", self._now()),
                ("report_id.procedure_id", "in", able.ids),
            ],
            order="overdue_from",
            limit=limit,
        )
        remaining = len(steps)
        cron = self.env["ir.cron"]
        for step in steps:
            report = step.report_id.try_lock_for_update()
            remaining -= 1
            if report.state == "supplementing":
                report._try_to_lapse()
            if not cron._commit_progress(1, remaining=remaining):
                break

    def _try_to_lapse(self):
        try:
            with self.env.cr.savepoint():
                self._lapse()
        except UserError as error:
            _logger.error("%s does not lapse: %s", self.name, error)

    def _lapse(self):
        ground = self.procedure_id._lapse_ground()
        verb = (
            self.refuse
            if self.procedure_id.supplement_lapse == "refuse"
            else self.cancel
        )
        verb(ground.code, ground.message or ground.name)
