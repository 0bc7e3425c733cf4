from odoo import fields, models


class CivicWizardShowRaw(models.TransientModel):
    """Ask why a message is to be opened as it came; the reason is kept on record, the
    text nowhere."""

    _name = "civic.wizard.show.raw"
    _inherit = ["civic.wizard"]
    _description = "Incoming message as it came"
    _target = "inbox_id"

    inbox_id = fields.Many2one("civic.inbox", required=True, readonly=True)
    ground_id = fields.Many2one(
        "civic.reason",
        "Why",
        required=True,
        domain="[('use', '=', 'look')]",
    )
    needs_words = fields.Boolean(related="ground_id.needs_words")
    words = fields.Char("In a Few Words")

    def action_confirm(self):
        self.ensure_one()
        text = self.inbox_id.show_raw(self.ground_id.id, self.words)
        return {
            "type": "ir.actions.client",
            "tag": "civic_report.show_text",
            "target": "new",
            "name": self.env._("Incoming Message"),
            "params": {"text": text},
        }
