from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CivicApplyProcedure(models.TransientModel):
    """Make a company take reports in under a procedure, or under a copy to edit."""

    _name = "civic.apply.procedure"
    _description = "Apply a procedure"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    procedure_id = fields.Many2one("civic.procedure", required=True)
    as_copy = fields.Boolean(
        "As a Copy to Edit",
        default=True,
        help="The procedures that come with the module stay as the regulations have "
        "them; a copy is the company's own.",
    )
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    current_id = fields.Many2one(
        "civic.procedure", "In Use", compute="_compute_current_id"
    )

    @api.depends("company_id")
    def _compute_current_id(self):
        for wizard in self:
            wizard.current_id = wizard.company_id.sudo().civic_procedure_id

    def action_confirm(self):
        """Apply it: reports that are there keep the procedure they came in under."""
        self.ensure_one()
        if not self.env.user.has_group("civic_report.group_administrator"):
            raise AccessError(self.env._("Only administrators choose the procedure."))
        if self.company_id not in self.env.user.company_ids:
            raise AccessError(self.env._("Choose a company of your own."))
        if self.date_from < fields.Date.context_today(self):
            raise UserError(self.env._("Choose today or a later day."))
        procedure = self.procedure_id
        if procedure.date_from and self.date_from < procedure.date_from:
            raise UserError(
                self.env._(
                    "%(procedure)s is in force from %(day)s: choose that day or a "
                    "later one.",
                    procedure=procedure.name,
                    day=procedure.date_from.strftime("%d/%m/%Y"),
                )
            )
        if self.as_copy:
            procedure = procedure.copy(
                {
                    "company_id": self.company_id.id,
                    "name": f"{procedure.name} · {self.company_id.name}",
                }
            )
        # sudo: administrators of reports need no rights on the company's other settings
        self.company_id.sudo()._civic_use(procedure, self.date_from)
        return {
            "type": "ir.actions.act_window",
            "res_model": "civic.procedure",
            "res_id": procedure.id,
            "view_mode": "form",
        }
