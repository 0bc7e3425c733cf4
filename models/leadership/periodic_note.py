from odoo import fields, models
from odoo.exceptions import UserError

from .periodic_line import DIMENSIONS


class CivicPeriodicNote(models.Model):
    """What somebody adds to a line of a draft: a proposal, an explanation.

    It stays with what the line is about when the draft is counted anew.
    """

    _name = "civic.periodic.note"
    _inherit = ["civic.kept"]
    _description = "Note to a Line of a Periodic Report"
    _order = "report_id desc, id"
    _rec_name = "text"
    _log_access = False

    report_id = fields.Many2one(
        "civic.periodic.report",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    dimension = fields.Selection(DIMENSIONS, required=True, readonly=True)
    key = fields.Integer(required=True, readonly=True, aggregator=None)
    text = fields.Text(required=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True)
    at = fields.Datetime("When", required=True, readonly=True)

    def _check_write(self):
        raise UserError(self.env._("A note stays as it was written: add another one."))
