from odoo import api, models

from ...tools.matching import best
from ..matching.same_matter import MAX_OFFERED, WORTH_A_LOOK


class CivicMatching(models.AbstractModel):
    """What everybody may know of reports about the same matter."""

    _inherit = "civic.matching"

    @api.model
    def _similar_published_sudo(
        self, company, values, limit=MAX_OFFERED, at_least=WORTH_A_LOOK
    ):
        """Published reports that may be about the same matter.

        :param company: res.company
        :param values: dict of what is known: subject, description, address,
            category_id, ward_id, latitude, longitude, exclude_id
        :param at_least: least score
        :return: list of `Near`, the likeliest first
        """
        # sudo: published reports alone, the same for every visitor
        model = self.sudo().with_company(company)
        wanted = model._wanted(company, values)
        found = model._candidates({0: wanted}, public=True).get(0, set())
        published = model.env["civic.report"]
        reports = published.browse(found - {values.get("exclude_id")})
        matters = reports._matters(public=True)
        return [
            {
                **published.browse(key)._public_card_values(),
                "distance": match.metres,
                "distance_words": model._distance_words(match.metres),
                "score": match.score,
            }
            for key, match in best(
                model._matter_of(values), matters.items(), at_least, limit
            )
        ]

    @api.model
    def _distance_words(self, metres):
        """“120 m”, “1.4 km”; nothing for an unknown distance."""
        if metres is None:
            return ""
        if metres < 1000:
            # No device knows its place to the metre.
            return self.env._("%s m away", max(10, round(metres, -1)))
        return self.env._("%.1f km away", metres / 1000)
