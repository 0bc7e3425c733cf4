from odoo import fields, models


class CivicWizardDataRequest(models.TransientModel):
    """Write down a request about personal data that came by paper or telephone."""

    _name = "civic.wizard.data.request"
    _inherit = ["civic.wizard"]
    _description = "Request about personal data"
    _target = "reporter_id"

    reporter_id = fields.Many2one("civic.reporter", required=True, readonly=True)
    kind = fields.Selection(
        selection=lambda self: self.env["civic.data.limit"]._selection_kind(),
        string="Right",
        required=True,
    )
    channel = fields.Selection(
        [
            ("paper", "Letter or visit"),
            ("telephone", "Telephone"),
            ("email", "E-mail"),
        ],
        "How It Came",
        required=True,
        default="paper",
    )
    verification = fields.Char("How the Person Was Verified", required=True)
    third_party = fields.Boolean("A Third Party Must Act")

    def action_confirm(self):
        self.ensure_one()
        self.env["civic.data.request"].open_for(
            self.reporter_id.id,
            self.kind,
            self.channel,
            self.verification,
            self.third_party,
        )
        return True
