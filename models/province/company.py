from datetime import timedelta

import pytz

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.codes import report_code
from ...tools.working_time import local_date
from ..ground.key import now_of


class ResCompany(models.Model):
    _inherit = "res.company"

    civic_procedure_id = fields.Many2one(
        "civic.procedure",
        "Procedure of Civic Reports",
        help="The regulation under which new reports are taken in.",
    )
    civic_next_procedure_id = fields.Many2one("civic.procedure", "Following Procedure")
    civic_next_date = fields.Date(
        "Following Procedure From",
        help="Reports that arrive from this day on come in under it.",
    )

    civic_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Calendar of Civic Reports",
        help="In which limits are counted, unless the procedure or an agency has its "
        "own. Empty: the company's working hours.",
    )

    def _civic_calendar(self):
        """The calendar in which this company's limits are counted."""
        self.ensure_one()
        # sudo: officers have no rights on the company's settings
        company = self.sudo()
        return (
            company.civic_procedure_id.calendar_id
            or company.civic_calendar_id
            or company.resource_calendar_id
        )

    def _civic_moment_text(self, moment):
        """A naive UTC datetime as it is read here: 20/11/2026 16:30."""
        self.ensure_one()
        if not moment:
            return ""
        tz = pytz.timezone(self._civic_calendar()._civic_tz())
        return pytz.utc.localize(moment).astimezone(tz).strftime("%d/%m/%Y %H:%M")

    def _civic_deadline_text(self, moment):
        """A deadline as it is read here; the end of a day is 24:00 of that day."""
        text = self._civic_moment_text(moment)
        if text.endswith(" 00:00"):
            day = self._civic_moment_text(moment - timedelta(minutes=1))[:10]
            return f"{day} 24:00"
        return text

    def _civic_procedure(self):
        """The procedure under which this company takes reports in.

        :raises UserError: when none is chosen
        """
        self.ensure_one()
        # sudo: officers have no rights on the company's settings
        company = self.sudo()
        procedure = company.civic_procedure_id
        if company.civic_next_procedure_id and self._civic_today() >= (
            company.civic_next_date
        ):
            procedure = company.civic_next_procedure_id
        if not procedure:
            raise UserError(
                self.env._(
                    "%s has no procedure yet: an administrator chooses one in the "
                    "settings of civic reports.",
                    self.sudo().name,
                )
            )
        return procedure

    def _civic_today(self):
        """The date where this company works."""
        return self._civic_date(now_of(self.env))

    def _civic_date(self, moment):
        """The date of a naive UTC datetime where this company works."""
        return local_date(moment, self._civic_calendar()._civic_tz())

    def _civic_use(self, procedure, date_from=None):
        """Take reports in under a procedure, from a date on.

        :param date_from: date; today or none: at once
        """
        self.ensure_one()
        current = self._civic_procedure() if self.civic_procedure_id else procedure
        if date_from and date_from > self._civic_today():
            self.write(
                {
                    "civic_procedure_id": current.id,
                    "civic_next_procedure_id": procedure.id,
                    "civic_next_date": date_from,
                }
            )
        else:
            self.write(
                {
                    "civic_procedure_id": procedure.id,
                    "civic_next_procedure_id": False,
                    "civic_next_date": False,
                }
            )

    def _civic_report_codes(self, count, moment):
        """Draw codes for new reports: PA-26-004217.

        :param count: how many
        :param moment: naive UTC datetime; the year is that of the company's calendar
        :return: list of `count` codes; numbers may have gaps, never doubles
        """
        self.ensure_one()
        year = local_date(moment, self._civic_calendar()._civic_tz()).year
        drawn = self._civic_draw(year, count)
        if not drawn:
            self._civic_open_year(year)
            drawn = self._civic_draw(year, count)
        return [report_code(prefix, year, number) for prefix, number in drawn]

    def _civic_draw(self, year, count):
        """Draw from this year's counter, in one query; nothing if there is none yet.

        The counters are `ir.sequence.date_range` rows of the sequence `civic.report`,
        whose PostgreSQL sequences bear both ids, padded to three digits.
        """
        self.env["ir.sequence"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT sequence.prefix, nextval(
                           'ir_sequence_'
                           || lpad(sequence.id::text,
                                   greatest(3, length(sequence.id::text)), '0')
                           || '_'
                           || lpad(counter.id::text,
                                   greatest(3, length(counter.id::text)), '0'))
                  FROM ir_sequence sequence
                  JOIN ir_sequence_date_range counter
                       ON counter.sequence_id = sequence.id,
                       generate_series(1, %(count)s)
                 WHERE sequence.code = 'civic.report'
                   AND sequence.company_id = %(company)s
                   AND %(day)s BETWEEN counter.date_from AND counter.date_to
                """,
                count=count,
                company=self.id,
                day=f"{year}-06-30",
            )
        )

    def _civic_open_year(self, year):
        """Make this company's counter of a year.

        Many sessions may draw the first number of a year at once: an advisory lock lets
        one of them make the counter.
        """
        self.env.execute_query(
            SQL("SELECT pg_advisory_xact_lock(hashtext('civic_report'), %s)", self.id)
        )
        # sudo: citizens and operators draw numbers but do not configure sequences
        sequences = self.env["ir.sequence"].sudo()
        sequence = sequences.search(
            [("code", "=", "civic.report"), ("company_id", "=", self.id)], limit=1
        ) or sequences.create(self._prepare_civic_sequence())
        sequence._get_current_sequence(f"{year}-06-30")
        self.env.flush_all()

    def _prepare_civic_sequence(self):
        return {
            "name": self.env._("Codes of civic reports"),
            "code": "civic.report",
            "company_id": self.id,
            "prefix": "PA",
            "use_date_range": True,
        }

    def _civic_set_up(self):
        """What a first report needs: a procedure, office hours, holidays, a site.

        Called when the module is installed; companies with a procedure are left alone.
        What is made is named in the company's language. The company's own working
        hours, which other apps count in, stay as they are.
        """
        language = self.env.company.partner_id.lang
        company = self.env.company.with_context(lang=language)
        if company.civic_procedure_id:
            return
        calendar = self.env["resource.calendar"].create(
            company._prepare_civic_calendar()
        )
        calendar.action_civic_load_holidays()
        # Uninstalling deletes it.
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"civic_report.calendar_company_{company.id}",
                    "record": calendar,
                    "noupdate": True,
                }
            ]
        )
        company.write(
            {
                "civic_procedure_id": self.env["civic.procedure"]
                .search([], limit=1)
                .id,
                "civic_calendar_id": calendar.id,
            }
        )
        company._civic_show_reports()

    def _civic_show_reports(self):
        """Show the reports of a company that has just been set up."""

    def _prepare_civic_calendar(self):
        """Office hours of administrative agencies: Monday to Friday, 07:30–11:30 and
        13:00–17:00."""
        periods = [("morning", 7.5, 11.5), ("afternoon", 13.0, 17.0)]
        return {
            "name": self.env._("Administrative office hours"),
            "company_id": self.id,
            "tz": "Asia/Ho_Chi_Minh",
            "attendance_ids": [
                fields.Command.create(
                    {
                        "name": self.env._("Office hours"),
                        "dayofweek": str(weekday),
                        "day_period": period,
                        "hour_from": hour_from,
                        "hour_to": hour_to,
                    }
                )
                for weekday in range(5)
                for period, hour_from, hour_to in periods
            ],
        }
