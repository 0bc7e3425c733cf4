from odoo import fields, models


class CivicWizardRecordResult(models.TransientModel):
    """Enter the result of an emergency that its agency sent otherwise."""

    _name = "civic.wizard.record.result"
    _inherit = ["civic.wizard"]
    _description = "Enter a result"
    _target = "assignment_id"

    assignment_id = fields.Many2one("civic.assignment", required=True, readonly=True)
    asks_completion = fields.Boolean(related="assignment_id.asks_completion")
    result = fields.Text("What Was Done", required=True)
    document = fields.Char("How It Came", required=True)
    sent_at = fields.Datetime(
        "Sent by the Agency", required=True, default=fields.Datetime.now
    )
    completed_at = fields.Datetime("Completed on the Spot")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "civic_wizard_record_result_attachment_rel",
        string="The Document",
        help="The letter or the e-mail as it came, and pictures.",
    )

    def action_confirm(self):
        self.ensure_one()
        return self.assignment_id.record_result(
            self.result,
            self.document,
            self.completed_at or None,
            self.sent_at,
            self.attachment_ids.ids,
        )


class CivicWizardRecordOutcome(models.TransientModel):
    """Enter what became of a call put through to 113, 114 or 115."""

    _name = "civic.wizard.record.outcome"
    _inherit = ["civic.wizard"]
    _description = "Enter an outcome"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    result = fields.Text("What Was Done", required=True)
    document = fields.Char("How It Came", required=True)
    completed_at = fields.Datetime("Completed on the Spot")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "civic_wizard_record_outcome_attachment_rel",
        string="The Document",
        help="The letter or the e-mail as it came, and pictures.",
    )

    def action_confirm(self):
        self.ensure_one()
        return self.report_id.record_outcome(
            self.result,
            self.document,
            self.completed_at or None,
            self.attachment_ids.ids,
        )
