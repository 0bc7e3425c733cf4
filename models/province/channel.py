from odoo import api, fields, models, tools


class CivicChannel(models.Model):
    """A way by which reports arrive."""

    _name = "civic.channel"
    _inherit = ["civic.cached"]
    _description = "Channel"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    icon = fields.Char(help="Font Awesome class, such as fa-globe.")
    active = fields.Boolean(default=True)

    _code_once = models.UniqueIndex("(code)", "A channel of this code exists already.")

    @api.model
    @tools.ormcache()
    def _free_ids(self):
        """Ids of the channels by which people write as they like, without a form."""
        # Nothing asks there who writes: name and number stand among the words, if
        # anywhere.
        # sudo: codes of channels, for whoever's words are masked
        channels = self.sudo().with_context(active_test=False)
        return frozenset(channels.search([("code", "in", self._free_codes())]).ids)

    @api.model
    def _free_codes(self):
        """Codes of these channels; their drivers say which."""
        return []
