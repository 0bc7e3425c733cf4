from odoo import models

from ..tools.text import shorten

DESCRIPTION = 300  # characters that networks show of a card


class CivicReport(models.Model):
    """A published report as other programs read it: cards, search engines, feeds."""

    _inherit = "civic.report"

    def _share_values(self, base_url=None):
        """What is shown of this report where somebody shares its address.

        :param base_url: of the site; the company's by default
        :return: dict: type, title, description, url, image ("" without a picture),
            site_name, data (schema.org's, for JSON-LD)
        """
        self.ensure_one()
        base_url = base_url or self.company_id._civic_base_url()
        pictures = self._public_file_values()["pictures"]
        values = {
            "type": "article",
            "title": self.subject,
            "description": shorten(self._state_sentence(), DESCRIPTION),
            "url": base_url + self._website_path(),
            "image": f"{base_url}{pictures[0]}?size=960" if pictures else "",
            "site_name": self.company_id.name,
        }
        return {**values, "data": self._structured_data(values)}

    def _structured_data(self, share):
        """This report in the words of schema.org; its author is the province."""
        province = {"@type": "GovernmentOrganization", "name": share["site_name"]}
        data = {
            "@context": "https://schema.org",
            "@type": "Article",
            "headline": share["title"],
            "description": share["description"],
            "identifier": self.name,
            "url": share["url"],
            "inLanguage": "vi",
            "datePublished": _iso(self.dispatched_at or self.received_at),
            "dateModified": _iso(self._public_moment()),
            "author": province,
            "publisher": province,
        }
        if share["image"]:
            data["image"] = share["image"]
        if self.category_id:
            data["articleSection"] = self.category_id.name
        place = self._structured_place()
        return {**data, "contentLocation": place} if place else data

    def _structured_place(self):
        address = ", ".join(filter(None, (self.address, self.ward_id.name)))
        place = {"@type": "Place"}
        if address:
            place["address"] = address
        if self.map_cell:
            place["geo"] = {
                "@type": "GeoCoordinates",
                "latitude": round(self.latitude, 5),
                "longitude": round(self.longitude, 5),
            }
        return place if len(place) > 1 else None

    def _public_moment(self):
        """When what everybody sees of this report last changed, as far as its course
        tells."""
        return max(
            moment
            for moment in (
                self.received_at,
                self.dispatched_at,
                self.resolved_at,
                self.published_at,
                self.closed_at,
                self.rated_at,
            )
            if moment
        )


def _iso(moment):
    return moment.isoformat(timespec="seconds") + "Z"
