from odoo import api, models
from odoo.exceptions import UserError

from .civic_health import BROKEN, OK, Check


class ResourceCalendar(models.Model):
    """A calendar by which limits are counted keeps some working hours."""

    _inherit = "resource.calendar"

    @api.model
    def _civic_in_use(self):
        """The calendars in which limits of ours are counted."""
        # sudo: whoever manages calendars need not see procedures and agencies
        companies = self.env["res.company"].sudo()
        companies = companies.search([("civic_procedure_id", "!=", False)])
        used = self.browse()
        for company in companies:
            used |= company._civic_calendar()
        for model in ("civic.procedure", "civic.agency"):
            rows = self.env[model].sudo()
            used |= rows.search([("calendar_id", "!=", False)]).calendar_id
        return used.sudo(self.env.su)

    def _civic_idle(self):
        """Those of these calendars in which nobody ever works."""
        patterns = self._civic_patterns()
        return self.filtered(lambda calendar: not patterns.get(calendar.id))

    @api.constrains("attendance_ids", "two_weeks_calendar")
    def _check_civic_hours(self):
        """:raises UserError: where limits are counted by hours that are gone"""
        idle = (self & self._civic_in_use())._civic_idle()
        if idle:
            raise UserError(
                self.env._(
                    "Limits of reports are counted by the calendar “%s”: leave it some "
                    "working hours, or choose another calendar in the settings first.",
                    idle[0].name,
                )
            )


class CivicHealth(models.Model):
    _inherit = "civic.health"

    def _health_check_hours(self):
        """A report comes in whatever its calendar holds; then somebody has to know."""
        _ = self.env._
        title = _("Working hours")
        idle = self.env["resource.calendar"]._civic_in_use()._civic_idle()
        if not idle:
            return Check(title, OK, _("Limits can be counted in every calendar."))
        return Check(
            title,
            BROKEN,
            _(
                "No working hours in: %s. Reports come in without a deadline.",
                ", ".join(idle.mapped("name")),
            ),
            _("Enter its working hours, then press “Move Deadlines” on it."),
        )
