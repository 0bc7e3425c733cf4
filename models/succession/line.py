from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .succession import EDITABLE


class CivicSuccessionLine(models.Model):
    """Where a part of what is in hand goes."""

    _name = "civic.succession.line"
    _inherit = ["civic.links"]
    _description = "Part of a succession"
    _order = "kind desc, number desc, id"

    succession_id = fields.Many2one(
        "civic.succession", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [("work", "Work"), ("people", "Person")], required=True, default="work"
    )
    ward_id = fields.Many2one("civic.ward", ondelete="cascade")
    category_id = fields.Many2one("civic.category", ondelete="cascade")
    user_id = fields.Many2one("res.users", "Person", ondelete="cascade")
    role = fields.Selection(
        lambda self: self.env["res.users"]._selection_civic_work_role(),
        help="What the person has in this role alone; empty: in every role.",
    )
    number = fields.Integer("In Hand", readonly=True, aggregator=None)
    to_agency_id = fields.Many2one("civic.agency", "Goes To", ondelete="cascade")
    to_user_id = fields.Many2one("res.users", "Goes to Whom", ondelete="cascade")

    @api.constrains("to_agency_id", "to_user_id", "succession_id")
    def _check_to(self):
        for line in self:
            for row in (line.to_agency_id, line.to_user_id):
                if row and row not in line.succession_id._successors():
                    raise ValidationError(
                        self.env._(
                            "%s: choose one of those named in its place.",
                            row.display_name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_editable()
        return lines

    def write(self, vals):
        self._check_editable()
        result = super().write(vals)
        self._check_editable()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_editable(self):
        self._check_editable()

    def _check_editable(self):
        for row in self.succession_id:
            if row.state not in EDITABLE:
                raise UserError(
                    self.env._("%s: this succession has ended.", row.display_name)
                )
