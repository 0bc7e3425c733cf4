from odoo import fields, models


class ResUsers(models.Model):
    """At which telephone of the desk an operator sits."""

    _inherit = "res.users"

    civic_extension = fields.Char(
        "Extension at the Telephone Desk",
        help="Calls that ring there are shown on this user's screen. Where nobody has "
        "the extension, every operator sees them.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "civic_extension"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "civic_extension"]
