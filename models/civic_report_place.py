from odoo import api, fields, models

from ..tools import geo


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
    _inherit = "civic.report"

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
