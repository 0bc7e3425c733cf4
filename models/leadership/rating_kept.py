from odoo import api, fields, models

from ..province.rating import GRADES


class CivicRating(models.Model):
    """Each rating that was given: the report itself shows the last one alone.

    At a moment the last one before it stands, unless the report was taken up again
    since; then its next answer is rated anew.
    """

    _name = "civic.rating"
    _inherit = ["civic.kept"]
    _description = "Rating that was given"
    _order = "at, id"
    _rec_name = "level_id"
    _log_access = False

    report_id = fields.Many2one(
        "civic.report", required=True, index=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    level_id = fields.Many2one(
        "civic.rating.level", required=True, readonly=True, ondelete="restrict"
    )
    grade = fields.Selection(
        GRADES, required=True, readonly=True, help="What the level meant then."
    )
    is_satisfied = fields.Boolean("Counts as Satisfied", readonly=True)
    at = fields.Datetime("Rated", required=True, readonly=True)

    _by_moment = models.Index("(company_id, at)")

    @api.model
    def _keep_of(self, reports):
        """Keep the ratings that these reports show, in one insert."""
        door = self.env["civic.report"]._elevated().env
        self.with_env(door).create(
            [
                {
                    "report_id": report.id,
                    "company_id": report.company_id.id,
                    "level_id": report.rating_level_id.id,
                    "grade": report.rating_level_id.grade,
                    "is_satisfied": report.rating_level_id.is_satisfied,
                    "at": report.rated_at,
                }
                for report in reports
                if report.rating_level_id
            ]
        )


class CivicReport(models.Model):
    _inherit = "civic.report"

    def _react_keep_rating(self, act):
        self.env["civic.rating"]._keep_of(self)
