from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.codes import report_code
from ..tools.working_time import local_date


class ResCompany(models.Model):
    _inherit = "res.company"

    civic_procedure_id = fields.Many2one(
        "civic.procedure",
        "Procedure of Civic Reports",
        help="The regulation under which new reports are taken in.",
    )

    def _civic_calendar(self):
        """The calendar in which this company's limits are counted."""
        self.ensure_one()
        # sudo: officers have no rights on the company's settings
        company = self.sudo()
        return company.civic_procedure_id.calendar_id or company.resource_calendar_id

    def _civic_procedure(self):
        """The procedure under which this company takes reports in.

        :raises UserError: when none is chosen
        """
        self.ensure_one()
        procedure = self.sudo().civic_procedure_id  # sudo: as above
        if not procedure:
            raise UserError(
                self.env._(
                    "%s has no procedure yet: an administrator chooses one in the "
                    "settings of civic reports.",
                    self.sudo().name,
                )
            )
        return procedure

    def _civic_report_codes(self, count, moment):
        """Draw codes for new reports: PA-26-004217.

        :param count: how many
        :param moment: naive UTC datetime; the year is that of the company's calendar
        :return: list of `count` codes; numbers may have gaps, never doubles
        """
        self.ensure_one()
        year = local_date(moment, self._civic_calendar().tz).year
        counter = self._civic_counter_sudo(year)
        sequence = counter.sequence_id
        numbers = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}_{counter.id:03d}",
                count,
            )
        )
        return [report_code(sequence.prefix, year, number) for (number,) in numbers]

    def _civic_counter_sudo(self, year):
        """This company's counter of a year.

        Many sessions may draw the first number of a year at once: an advisory lock lets
        one of them make the counter.
        """
        counter = self._civic_known_counter_sudo(year)
        if counter:
            return counter
        self.env.execute_query(
            SQL("SELECT pg_advisory_xact_lock(hashtext('civic_report'), %s)", self.id)
        )
        # sudo: citizens and operators draw numbers but do not configure sequences
        sequences = self.env["ir.sequence"].sudo()
        sequence = sequences.search(
            [("code", "=", "civic.report"), ("company_id", "=", self.id)], limit=1
        ) or sequences.create(self._prepare_civic_sequence())
        return sequence._get_current_sequence(f"{year}-06-30")

    def _civic_known_counter_sudo(self, year):
        # sudo: as above
        return (
            self.env["ir.sequence.date_range"]
            .sudo()
            .search(
                [
                    ("sequence_id.code", "=", "civic.report"),
                    ("sequence_id.company_id", "=", self.id),
                    ("date_from", "<=", f"{year}-06-30"),
                    ("date_to", ">=", f"{year}-06-30"),
                ],
                limit=1,
            )
        )

    def _prepare_civic_sequence(self):
        return {
            "name": self.env._("Codes of civic reports"),
            "code": "civic.report",
            "company_id": self.id,
            "prefix": "PA",
            "use_date_range": True,
        }

    def _civic_set_up(self):
        """What a first report needs: a procedure, office hours, holidays.

        Called when the module is installed; companies with a procedure are left alone.
        """
        company = self.env.company
        if company.civic_procedure_id:
            return
        calendar = self.env["resource.calendar"].create(
            company._prepare_civic_calendar()
        )
        calendar.action_civic_load_holidays()
        company.write(
            {
                "civic_procedure_id": self.env["civic.procedure"].search([], limit=1).id,
                "resource_calendar_id": calendar.id,
            }
        )

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
