from functools import partial

from odoo import api, models
from odoo.exceptions import UserError

from ..ground.health import BROKEN, OK, Check

UNTIMED = "activity_untimed"


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

    def _civic_never_worked(self):
        """Those of these calendars in which nobody works for a year from now, whether
        they have no hours or are closed."""
        if not self:
            return self
        now = self.env["civic.door"]._now()
        load = self._civic_loader(now)
        return self.filtered(
            lambda calendar: (
                calendar._civic_deadlines(
                    partial(load, calendar), [(now, 1, "working_day")]
                )
                == [None]
            )
        )

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


class CivicStep(models.Model):
    _inherit = "civic.step"

    @api.model
    def _time(self, rows):
        answer = super()._time(rows)
        report_ids = [
            row.values["report_id"]
            for row in rows
            if row.values.get("is_untimed") and row.values.get("report_id")
        ]
        if report_ids:
            self.env["civic.report"].browse(report_ids)._tell_untimed()
        return answer


class CivicReport(models.Model):
    _inherit = "civic.report"

    def _tell_untimed(self):
        """Ask administrators for working hours: of each company once, until somebody
        has seen to it."""
        # sudo: whoever sends a report or moves it on need not know administrators
        activities = self.env["mail.activity"].sudo()
        group = self.env.ref("civic_report.group_administrator").sudo()
        kind_id = activities._civic_kind_id(UNTIMED)
        asked = activities.search([("activity_type_id", "=", kind_id)]).user_id
        activities._civic_remind(
            [
                activities._civic_reminder(
                    report, UNTIMED, user, company._civic_today(), report.name
                )
                for company, report in {
                    row.company_id: row for row in self.sudo()
                }.items()
                for user in group.all_user_ids - asked
                if company in user.company_ids
            ]
        )


class CivicHealth(models.Model):
    _inherit = "civic.health"

    def _health_check_hours(self):
        """A report comes in whatever its calendar holds; then somebody has to know."""
        _ = self.env._
        title = _("Working hours")
        bare = [
            company.name
            for company in self._civic_companies()
            if not company._civic_calendar()
        ]
        if bare:
            return Check(
                title,
                BROKEN,
                _(
                    "No working calendar at all: %s. Reports come in without a "
                    "deadline.",
                    ", ".join(bare),
                ),
                _("Settings › Civic Reports: choose a calendar."),
            )
        idle = self.env["resource.calendar"]._civic_in_use()._civic_never_worked()
        if not idle:
            return Check(title, OK, _("Limits can be counted in every calendar."))
        return Check(
            title,
            BROKEN,
            _(
                "No working time for a year in: %s. Reports come in without a "
                "deadline.",
                ", ".join(idle.mapped("name")),
            ),
            _(
                "Enter its working hours, or end its closures, then press “Move "
                "Deadlines” on it."
            ),
        )
