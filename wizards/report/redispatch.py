from odoo import api, fields, models
from odoo.fields import Command


class CivicWizardRedispatch(models.TransientModel):
    """Hand on a part that one of several agencies returned (HUE Điều 7.1b)."""

    _name = "civic.wizard.redispatch"
    _inherit = ["civic.wizard"]
    _description = "Handing on of a returned part"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    agency_ids = fields.Many2many(
        "civic.agency", "civic_wizard_redispatch_agency_rel", string="Agencies"
    )
    note = fields.Text()
    is_otherwise = fields.Boolean(compute="_compute_is_otherwise")
    other_reason = fields.Text("Why Not As the Province Decided")

    @api.depends("agency_ids", "report_id")
    def _compute_is_otherwise(self):
        for wizard in self:
            named = wizard.report_id.designated_agency_ids
            wizard.is_otherwise = bool(named and wizard.agency_ids._origin - named)

    def _prepare_default(self, record):
        named = record._named_on_return() - record._parts().agency_id
        return {
            **super()._prepare_default(record),
            "agency_ids": [Command.set(named.ids)],
        }

    def action_confirm(self):
        self.ensure_one()
        return self.report_id.redispatch(
            self.agency_ids.ids, self.note, self.other_reason
        )
