from odoo import fields, models


class CivicWizardSetTrack(models.TransientModel):
    """Change the track of a report that agencies have in hand, and say why."""

    _name = "civic.wizard.set.track"
    _inherit = ["civic.wizard"]
    _description = "Change the track"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    track = fields.Selection(
        selection=lambda self: self.env["civic.step"]._selection_track(), required=True
    )
    reason = fields.Text("Why", required=True)

    def _prepare_default(self, record):
        # What turns up later is nearly always this.
        track = "normal" if record.track == "emergency" else "emergency"
        return {**super()._prepare_default(record), "track": track}

    def action_confirm(self):
        self.ensure_one()
        return self.report_id.set_track(self.track, self.reason)
