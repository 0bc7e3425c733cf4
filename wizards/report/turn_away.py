from odoo import api, fields, models


class CivicWizardTurnAway(models.TransientModel):
    """Refuse or cancel a report, with words for the citizen."""

    _name = "civic.wizard.turn.away"
    _inherit = ["civic.wizard"]
    _description = "Refusal or cancellation"
    _target = "report_id"

    report_id = fields.Many2one("civic.report", required=True, readonly=True)
    verb = fields.Selection(
        [("refuse", "Refuse"), ("cancel", "Cancel")],
        required=True,
        readonly=True,
        default="refuse",
    )
    reason_id = fields.Many2one(
        "civic.reason",
        "Ground",
        required=True,
        domain="[('id', 'in', ground_ids)]",
        help="The grounds are those of the procedure; words explain one.",
    )
    ground_ids = fields.Many2many(
        "civic.reason", string="Grounds", compute="_compute_ground_ids"
    )
    message = fields.Text(
        "What the Citizen Is Told",
        required=True,
        help="The exact reason and how to complete the report or where to turn.",
    )

    @api.depends("report_id")
    def _compute_ground_ids(self):
        for wizard in self:
            wizard.ground_ids = wizard.report_id.procedure_id._grounds()

    def _prepare_default(self, record):
        values = super()._prepare_default(record)
        verb = self.env.context.get("default_verb", "refuse")
        if verb == "refuse" and not (
            record.category_id.accepted or not record.category_id
        ):
            out_of_scope = self.env.ref("civic_report.reason_out_of_scope")
            values["reason_id"] = out_of_scope.id
            values["message"] = record.category_id.guidance or out_of_scope.message
        return values

    @api.onchange("reason_id")
    def _onchange_reason_id(self):
        """The words of the ground, unless the operator wrote other ones."""
        known = self.ground_ids.mapped("message")
        if not self.message or self.message in known:
            self.message = self.reason_id.message

    def action_confirm(self):
        self.ensure_one()
        turn_away = (
            self.report_id.refuse if self.verb == "refuse" else self.report_id.cancel
        )
        return turn_away(self.reason_id.code, self.message)
