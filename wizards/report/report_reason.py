from odoo import fields, models


class CivicWizardReportReason(models.TransientModel):
    """Verbs of a report that need some words and nothing else."""

    _name = "civic.wizard.report.reason"
    _inherit = ["civic.wizard"]
    _description = "Reason"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    verb = fields.Selection(
        [
            ("ask_designation", "Ask the province to designate an agency"),
            ("escalate", "Put a disagreement to the province"),
            ("disagree", "Do not agree with the result"),
            ("reopen", "Reopen"),
            ("unjoin", "Take up on its own"),
            ("verify_sender", "Sender verified"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text()
    how = fields.Selection(
        selection=lambda self: (
            self.env["civic.reporter"]
            ._fields["verified_by"]
            ._description_selection(self.env)
        )
    )

    def action_confirm(self):
        self.ensure_one()
        report = self.report_id
        if self.verb == "verify_sender":
            return report.verify_sender(self.how or self.reason, self.reason)
        verbs = {
            "ask_designation": report.ask_designation,
            "escalate": report.escalate,
            "disagree": report.disagree,
            "reopen": report.reopen,
            "unjoin": report.unjoin,
        }
        return verbs[self.verb](self.reason)
