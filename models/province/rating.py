from odoo import api, fields, models

# What a level says, in whatever words a regulation has it. “Acceptable”: “Chấp nhận
# được” (HUE Điều 12.3, BP Điều 8.3), “Bình thường” (QN Điều 6); Sóc Trăng has none.
GRADES = [
    ("satisfied", "Satisfied"),
    ("acceptable", "Acceptable"),
    ("negative", "Not satisfied"),
]


class CivicRatingScale(models.Model):
    _name = "civic.rating.scale"
    _description = "Rating scale"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    level_ids = fields.One2many("civic.rating.level", "scale_id", "Levels")


class CivicRatingLevel(models.Model):
    _name = "civic.rating.level"
    _description = "Rating level"
    _order = "scale_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    scale_id = fields.Many2one(
        "civic.rating.scale", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    grade = fields.Selection(
        GRADES,
        required=True,
        help="“Satisfied” and “satisfied or acceptable” are two figures (ST Điều 17.2, "
        "17.3).",
    )
    is_satisfied = fields.Boolean(
        "Counts as Satisfied", compute="_compute_is_satisfied", store=True
    )

    @api.depends("grade")
    def _compute_is_satisfied(self):
        for level in self:
            level.is_satisfied = level.grade == "satisfied"
