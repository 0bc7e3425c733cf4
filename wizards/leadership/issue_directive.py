from odoo import api, fields, models


class CivicWizardIssueDirective(models.TransientModel):
    """Look once more at a directive before its agencies are told."""

    _name = "civic.wizard.issue.directive"
    _inherit = ["civic.wizard"]
    _description = "Issue a directive"
    _target = "directive_id"

    directive_id = fields.Many2one("civic.directive", required=True, readonly=True)
    agency_ids = fields.Many2many(related="directive_id.agency_ids")
    due_date = fields.Date(related="directive_id.due_date")
    named = fields.Char(
        "Names Somebody By",
        compute="_compute_named",
        help="What agencies would read of somebody.",
    )
    identity_reason = fields.Text("Why It Stays")

    @api.depends("directive_id")
    def _compute_named(self):
        for wizard in self:
            directive = wizard.directive_id
            kinds = directive.report_ids._kinds_named(
                [directive.subject, directive.body],
                directive.company_id,
                directive.report_ids,
            )
            words = self.env["civic.report"]._personal_words(kinds)
            wizard.named = words or False

    def action_confirm(self):
        self.ensure_one()
        return self.directive_id.issue(self.identity_reason)
