from odoo import fields, models


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
    is_satisfied = fields.Boolean("Counts as Satisfied")
