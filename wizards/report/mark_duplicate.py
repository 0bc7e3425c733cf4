from odoo import api, fields, models


class CivicWizardMarkDuplicate(models.TransientModel):
    """Say which report brought a matter first (HUE Điều 13.1).

    What the same person sent twice is cancelled, where the regulation says so; anything
    else is joined.
    """

    _name = "civic.wizard.mark.duplicate"
    _inherit = ["civic.wizard"]
    _description = "The same matter"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    of_id = fields.Many2one(
        "civic.report",
        "Report That Goes On",
        required=True,
        domain="[('id', '!=', report_id)]",
    )
    effect = fields.Selection(
        [("mark_duplicate", "Sent twice"), ("join", "Sent by two")],
        compute="_compute_effect",
    )

    @api.depends("report_id", "of_id")
    def _compute_effect(self):
        for wizard in self:
            wizard.effect = wizard.of_id and wizard._effect()

    def _effect(self):
        """The verb for these two: whether one person sent both, and that ends one."""
        original = self.of_id._filtered_access("read")
        ends = original and self.report_id._is_duplicate_of(original._goes_on_in())
        return "mark_duplicate" if ends else "join"

    def action_confirm(self):
        self.ensure_one()
        return getattr(self.report_id, self._effect())(self.of_id.id)
