from odoo import models

from ...tools.plain import as_json
from ...tools.text import shorten

DESCRIPTION = 300  # characters that networks show of a card


class CivicReport(models.Model):
    """A published report as other programs read it: cards, search engines."""

    _inherit = "civic.report"

    def _share_values(self, base_url=None):
        """What is shown of this report where somebody shares its address.

        :param base_url: of the site; the company's by default
        :return: `Share`
        """
        self.ensure_one()
        company = self.company_id
        base_url = base_url or company._civic_base_url()
        return share_of(self._entry_values(), base_url, company.name)


def share_of(entry, base_url, province):
    """What is shown of a report where somebody shares its address.

    :param entry: `Entry` of the report, or what is wider
    :param base_url: of the site
    :param province: its name
    :return: `Share`
    """
    picture = next(iter(entry["pictures"]), "")
    share = {
        "type": "article",
        "title": entry["subject"],
        "description": shorten(entry["state_sentence"], DESCRIPTION),
        "url": base_url + entry["path"],
        "image": f"{base_url}{picture}?size=960" if picture else "",
        "site_name": province,
    }
    return {**share, "data": _structured_data(as_json(entry), share)}


def _structured_data(entry, share):
    """The report in the words of schema.org; its author is the province."""
    province = {"@type": "GovernmentOrganization", "name": share["site_name"]}
    data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": share["title"],
        "description": share["description"],
        "identifier": entry["code"],
        "url": share["url"],
        "inLanguage": "vi",
        "datePublished": entry["begun_at"],
        "dateModified": entry["changed_at"],
        "author": province,
        "publisher": province,
    }
    if share["image"]:
        data["image"] = share["image"]
    if entry["category"]:
        data["articleSection"] = entry["category"]
    place = _structured_place(entry)
    return {**data, "contentLocation": place} if place else data


def _structured_place(entry):
    address = ", ".join(filter(None, (entry["address"], entry["ward"])))
    place = {"@type": "Place"}
    if address:
        place["address"] = address
    if entry["position"]:
        place["geo"] = {"@type": "GeoCoordinates", **entry["position"]}
    return place if len(place) > 1 else None
