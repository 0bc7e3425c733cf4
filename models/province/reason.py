from odoo import fields, models


class CivicReason(models.Model):
    """A ground for turning a report away or for asking more, in words fit to send."""

    _name = "civic.reason"
    _description = "Ground"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    use = fields.Selection(
        [
            ("refuse", "Refusal"),
            ("cancel", "Cancellation"),
            ("supplement", "Request for a supplement"),
        ],
        required=True,
    )
    message = fields.Text(
        "What the Citizen Is Told",
        translate=True,
        help="The exact reason and how to complete the report or where to turn.",
    )
    source = fields.Char(help="Article of the regulation.")

    _code_once = models.UniqueIndex("(code)", "A ground of this code exists already.")
