from odoo import models


class CivicStandIn(models.Model):
    _inherit = "civic.stand.in"

    def _move_reminders(self, to_deputy):
        """Duties remind whoever stands in for their holder."""
        result = super()._move_reminders(to_deputy)
        steps = self.env["civic.step"].search(
            [("user_id", "in", self.user_id.ids), ("state", "=", "open")]
        )
        steps._close_activities()
        steps._schedule_activities()
        return result
