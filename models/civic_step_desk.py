from odoo import models


class CivicStep(models.Model):
    _inherit = "civic.step"

    def action_open_record(self):
        """Open what the duty is about: the agency's assignment or the report.

        :return: action
        """
        self.ensure_one()
        record = self.assignment_id or self.report_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
