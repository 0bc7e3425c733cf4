from odoo import api, fields, models

from ...tools.matching import USUAL_RADIUS
from ...tools.text import fold


class CivicCategory(models.Model):
    """A field of life (lĩnh vực) that reports are about."""

    _name = "civic.category"
    _inherit = ["civic.links", "civic.cached"]
    _description = "Category"
    _parent_store = True
    _order = "sequence, name"
    _rec_names_search = ["name", "code", "search_name"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every company may use it."
    )
    parent_id = fields.Many2one("civic.category", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("civic.category", "parent_id", "Subcategories")
    track = fields.Selection(
        selection=lambda self: self.env["civic.step"]._selection_track(),
        required=True,
        default="normal",
        help="How reports of this category are handled unless the Centre decides "
        "otherwise.",
    )
    agency_ids = fields.Many2many("civic.agency", string="Competent Agencies")
    accepted = fields.Boolean(
        "Taken In",
        default=True,
        help="Off: such matters are not taken in; the citizen is told where to turn.",
    )
    guidance = fields.Text(
        translate=True, help="Where to turn when the matter is not taken in."
    )
    icon = fields.Char(help="Font Awesome class, such as fa-road.")
    match_radius = fields.Integer(
        "Metres of One Matter",
        required=True,
        default=USUAL_RADIUS,
        help="Reports within this distance may be about the same matter: a hole in the "
        "road is small, noise and floods are heard and seen from afar.",
    )
    search_name = fields.Char(compute="_compute_search_name", store=True)

    _sensible_radius = models.Constraint(
        "CHECK (match_radius BETWEEN 1 AND 5000)",
        "One matter reaches from 1 to 5000 metres.",
    )

    @api.depends("name")
    def _compute_search_name(self):
        for category in self:
            category.search_name = fold(category.name or "")

    def _line(self):
        """Ids of the categories above this one and of itself, the highest first."""
        return tuple(int(part) for part in (self.parent_path or "").split("/") if part)

    def _match_radius(self):
        """Metres within which reports may be about the same matter."""
        return self.match_radius or USUAL_RADIUS
