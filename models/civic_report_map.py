from odoo import api, fields, models

from ..tools import geo


class CivicReport(models.Model):
    """Where a report is, so that an index finds what is near."""

    _inherit = "civic.report"

    map_cell = fields.Integer(
        compute="_compute_map_cell",
        store=True,
        precompute=True,
        aggregator=None,
        groups="base.group_user",
        help="Tile of the map in which the place lies, see tools/geo.py; 0: no place.",
    )

    # The public map, and published reports near a place.
    _published_by_cell = models.Index(
        "(company_id, map_cell, received_at DESC, id DESC) WHERE is_published IS TRUE"
    )
    # What else is open near a place: likely duplicates.
    _open_by_cell = models.Index(
        "(company_id, map_cell, received_at DESC, id DESC) WHERE state IN "
        "('new', 'supplementing', 'received', 'consulting', 'designating', "
        "'processing', 'resolved', 'concurring')"
    )

    @api.depends("latitude", "longitude")
    def _compute_map_cell(self):
        for report in self:
            report.map_cell = report._position_cell()

    def _position_cell(self):
        """The cell of the place, 0 without one."""
        if not self.latitude and not self.longitude:
            return 0
        try:
            return geo.cell(self.latitude, self.longitude)
        except ValueError:
            return 0  # `_check_position` says what is wrong
