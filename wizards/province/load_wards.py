from odoo import api, fields, models

from ...tools import administrative_units


class CivicLoadWards(models.TransientModel):
    """Enter the wards, communes and special zones of a province, as they are today."""

    _name = "civic.load.wards"
    _description = "Load wards and communes"

    province = fields.Selection("_selection_province", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    no_more = fields.Text(
        "Known, and No More in Force",
        compute="_compute_no_more",
        help="Say in Configuration › Successions in what each goes on.",
    )

    @api.depends("province", "company_id")
    def _compute_no_more(self):
        """Wards entered here that the State's table does not have: abolished or merged,
        and still on the citizens' form."""
        today = fields.Date.context_today(self)
        for wizard in self:
            codes = {
                unit.code for unit in administrative_units.units(wizard.province, today)
            }
            known = self.env["civic.ward"].search(
                [("company_id", "=", wizard.company_id.id)]
            )
            gone = known.filtered(lambda ward, codes=codes: ward.code not in codes)
            wizard.no_more = codes and "\n".join(gone.mapped("name")) or False

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
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Wards and Communes"),
            "res_model": "civic.ward",
            "view_mode": "list,form",
        }
        return self._say_no_more(action) if self.no_more else action

    def _say_no_more(self, action):
        """Name what is no more in force, then go on."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Known, and no more in force"),
                "message": self.env._(
                    "%s. Say in Configuration › Successions in what each goes on.",
                    self.no_more.replace("\n", ", "),
                ),
                "next": action,
            },
        }
