from odoo import models
from odoo.fields import Domain


class CivicStandIn(models.Model):
    _inherit = "civic.stand.in"

    def _move_reminders(self, to_deputy):
        """What senders and agencies wrote of reports that who is away has, or had, at
        the Centre, somebody is reminded of, too."""
        result = super()._move_reminders(to_deputy)
        people = self.user_id | self.deputy_id
        reminders = self.env["mail.activity"].search(
            Domain("user_id", "in", people.ids)
            & Domain("res_model", "=", "civic.report")
            & Domain("civic_step_id", "=", False)
            & Domain("automated", "=", True)
        )
        reports = self.env["civic.report"].browse(reminders.mapped("res_id"))
        owners = {report.id: report.operator_id for report in reports}
        for user in self.user_id:
            own = reminders.filtered(lambda row, u=user: owners[row.res_id] == u)
            own._civic_hand_over(user._civic_deputies())
        return result
