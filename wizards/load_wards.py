from odoo import api, fields, models

from ..tools import administrative_units


class CivicLoadWards(models.TransientModel):
    """Enter the wards, communes and special zones of a province, as they are today."""

    _name = "civic.load.wards"
    _description = "Load wards and communes"

    province = fields.Selection("_selection_province", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    @api.model
    def _selection_province(self):
        today = fields.Date.context_today(self)
        return list(administrative_units.provinces(today).items())

    def action_confirm(self):
        """Add what is not there yet, told apart by its official code."""
        self.ensure_one()
        wards = self.env["civic.ward"].with_context(active_test=False)
        known = set(
            wards.search([("company_id", "=", self.company_id.id)]).mapped("code")
        )
        today = fields.Date.context_today(self)
        wards.create(
            [
                {
                    "name": unit.name,
                    "code": unit.code,
                    "kind": unit.kind,
                    "company_id": self.company_id.id,
                }
                for unit in administrative_units.units(self.province, today)
                if unit.code not in known
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Wards and Communes"),
            "res_model": "civic.ward",
            "view_mode": "list,form",
        }
