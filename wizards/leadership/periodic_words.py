from odoo import fields, models

TEXTS = ("recipients", "copies", "opening", "difficulties", "proposals")


class CivicWizardPeriodicWords(models.TransientModel):
    """Write the texts of a periodic report; its figures are counted."""

    _name = "civic.wizard.periodic.words"
    _inherit = ["civic.wizard"]
    _description = "Texts of a periodic report"
    _target = "report_id"

    report_id = fields.Many2one(
        "civic.periodic.report", required=True, readonly=True, ondelete="cascade"
    )
    recipients = fields.Text(help="To whom it is addressed, one a line.")
    copies = fields.Text(help="Under “Như trên”, one a line.")
    opening = fields.Text(help="Before the figures.")
    difficulties = fields.Text()
    proposals = fields.Text()

    def _prepare_default(self, record):
        return {name: record[name] for name in TEXTS}

    def action_confirm(self):
        self.ensure_one()
        return self.report_id.save_words(**{name: self[name] or "" for name in TEXTS})
