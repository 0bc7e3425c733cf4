from odoo import api, models


class CivicOutbox(models.Model):
    _inherit = "civic.outbox"

    @api.model
    def _officer_told(self, row, report, assignment):
        """Nobody is told only where nobody leads the agency."""
        user = super()._officer_told(row, report, assignment)
        if user or not assignment:
            return user
        return assignment.agency_id._vacancy_holder(row["audience"])
