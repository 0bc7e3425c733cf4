from odoo import api, fields, models

from ...tools import geo
from ..ground.sql_states import sql_states
from ..workflow.transitions import OPEN_REPORT_STATES


class ResCompany(models.Model):
    _inherit = "res.company"

    civic_map_reach = fields.Integer(
        "Reach of the Province (km)",
        help="Places farther than this from the middle of the map are taken in, and "
        "the Centre is told that they lie outside the province. 0: nothing is said.",
    )

    _sensible_civic_reach = models.Constraint(
        "CHECK (civic_map_reach BETWEEN 0 AND 2000)",
        "A province reaches at most 2000 km.",
    )

    def _civic_reach(self):
        """What the form needs to ask kindly about far places.

        :return: dict: latitude, longitude, metres (0: nothing is said)
        """
        self.ensure_one()
        place = self._civic_map()
        # sudo: visitors read no companies; how far the province reaches is public
        metres = self.sudo().civic_map_reach * 1000 if place["has_view"] else 0
        return {
            "latitude": place["latitude"],
            "longitude": place["longitude"],
            "metres": metres,
        }


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    civic_map_reach = fields.Integer(
        related="company_id.civic_map_reach", readonly=False
    )


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
        f"{sql_states(OPEN_REPORT_STATES)}"
    )

    is_outside = fields.Boolean(
        "Outside the Province",
        compute="_compute_is_outside",
        groups="base.group_user",
        help="The place lies farther from the middle of the map than the province "
        "reaches.",
    )

    @api.depends("latitude", "longitude", "company_id")
    def _compute_is_outside(self):
        reaches = {company: company._civic_reach() for company in self.company_id}
        for report in self:
            reach = reaches.get(report.company_id)
            report.is_outside = bool(
                reach
                and reach["metres"]
                and report._position_cell()
                and geo.distance(
                    report.latitude,
                    report.longitude,
                    reach["latitude"],
                    reach["longitude"],
                )
                > reach["metres"]
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
