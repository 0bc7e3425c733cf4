from odoo import api, fields, models

from ...tools.text import fold


class CivicWard(models.Model):
    _name = "civic.ward"
    _inherit = ["civic.links", "civic.cached"]
    _description = "Ward, commune or special zone"
    _order = "name"
    _rec_names_search = ["name", "code", "search_name"]

    name = fields.Char(required=True)
    code = fields.Char()
    kind = fields.Selection(
        [("ward", "Urban ward"), ("commune", "Commune"), ("zone", "Special zone")],
        required=True,
        default="commune",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    active = fields.Boolean(default=True)
    search_name = fields.Char(compute="_compute_search_name", store=True)

    _code_once = models.UniqueIndex(
        "(company_id, code)", "A ward of this code exists already."
    )

    @api.depends("name")
    def _compute_search_name(self):
        for ward in self:
            ward.search_name = fold(ward.name or "")
