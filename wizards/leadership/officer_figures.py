from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.periods import EARLIEST

LONGEST = timedelta(days=366)


class CivicWizardOfficerFigures(models.TransientModel):
    """Of which period the figures of officers are wanted."""

    _name = "civic.wizard.officer.figures"
    _description = "Figures of officers"

    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: self.env.company._civic_today().replace(day=1),
    )
    date_to = fields.Date(
        "To", required=True, default=lambda self: self.env.company._civic_today()
    )

    def action_confirm(self):
        """Count, and show the list: for whom the caller leads, or for everybody."""
        self.ensure_one()
        if self.date_from < EARLIEST:
            raise UserError(self.env._("Choose days since the year 2000."))
        if self.date_from > self.env.company._civic_today():
            raise UserError(
                self.env._("The first day has not come yet: choose today or before.")
            )
        if not timedelta() <= self.date_to - self.date_from <= LONGEST:
            raise UserError(
                self.env._("The period ends after it begins, and within a year.")
            )
        lines = self.env["civic.officer.figure"]._list_officers(
            self.env.company, self.date_from, self.date_to
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "civic_report.civic_officer_figure_action"
        )
        return {**action, "domain": [("id", "in", lines.ids)]}
