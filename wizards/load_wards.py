from vietnam_provinces import Province, Ward

from odoo import api, fields, models

KINDS = {"phường": "ward", "xã": "commune", "đặc khu": "zone"}


class CivicLoadWards(models.TransientModel):
    """Enter the wards, communes and special zones of a province, as in force since
    1 July 2025."""

    _name = "civic.load.wards"
    _description = "Load wards and communes"

    province = fields.Selection("_selection_province", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    @api.model
    def _selection_province(self):
        return [(str(row.code.value), row.name) for row in Province.iter_all()]

    def action_confirm(self):
        """Add what is not there yet, told apart by its official code."""
        self.ensure_one()
        wards = self.env["civic.ward"].with_context(active_test=False)
        known = set(
            wards.search([("company_id", "=", self.company_id.id)]).mapped("code")
        )
        province = next(
            row for row in Province.iter_all() if str(row.code.value) == self.province
        )
        wards.create(
            [
                {
                    "name": row.name,
                    "code": str(row.code.value),
                    "kind": self._kind(row.name),
                    "company_id": self.company_id.id,
                }
                for row in Ward.iter_by_province(province.code)
                if str(row.code.value) not in known
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Wards and Communes"),
            "res_model": "civic.ward",
            "view_mode": "list,form",
        }

    @api.model
    def _kind(self, name):
        folded = name.lower()
        return next(
            (kind for word, kind in KINDS.items() if folded.startswith(word)), "commune"
        )
