from odoo import fields, models


class CivicChannel(models.Model):
    """A way by which reports arrive."""

    _name = "civic.channel"
    _description = "Channel"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    icon = fields.Char(help="Font Awesome class, such as fa-globe.")
    active = fields.Boolean(default=True)

    _code_once = models.UniqueIndex("(code)", "A channel of this code exists already.")
