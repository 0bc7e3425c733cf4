from odoo import fields, models


class CivicWizardDropMessages(models.TransientModel):
    """Why messages that were given up stay untold."""

    _name = "civic.wizard.drop.messages"
    _description = "Leave messages untold"

    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        rows = self.env["civic.outbox"].browse(self.env.context.get("active_ids"))
        return rows.drop(self.reason)
