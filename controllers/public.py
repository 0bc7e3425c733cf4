from urllib.parse import urlencode

from odoo import http
from odoo.http import request

from .routes import page_route
from .website import page_values, sitemap_pages, website_company

PAGE_SIZE = 18
# Pages of reports that a search engine is told of.
SITEMAP_SIZE = 5000


def sitemap_reports(env, _rule, query):
    """The latest published reports."""
    website = env["website"].get_current_website()
    if not website.civic_reports:
        return
    company = website.sudo().company_id
    reports, _older = env["civic.site.list"]._search_published_sudo(
        company, {}, limit=SITEMAP_SIZE
    )
    for report in reports:
        path = report._website_path()
        if not query or query.lower() in path:
            yield {"loc": path, "lastmod": report.write_date.date()}


class CivicPublic(http.Controller):
    """Published reports, the same for every visitor."""

    @page_route("/phan-anh", sitemap=sitemap_pages)
    def civic_list(self, older="", **query):
        company = website_company()
        model = request.env["civic.site.list"]
        filters = model._read_filters_sudo(company, query)
        reports, next_key = model._search_published_sudo(
            company, filters, older=older, limit=PAGE_SIZE
        )
        cards = [report._public_card_values() for report in reports]
        return request.render(
            "civic_report.website_list",
            page_values(
                reports=cards,
                filters=filters,
                in_force=model._filter_words_sudo(company, filters),
                is_first=not older,
                choices=model._filter_choices_sudo(company),
                link=lambda **changes: list_path({**filters, **changes}),
                period_link=lambda period: list_path(
                    {**filters, "period": period, "from": "", "to": ""}
                ),
                older_link=next_key and list_path({**filters, "older": next_key}),
                feed_link=list_path(filters, "/phan-anh/feed.atom"),
                map_link=list_path(filters, "/phan-anh/ban-do.geojson"),
                map_settings=company._civic_map(),
                civic_share=self._list_share(company, cards),
            ),
        )

    def _list_share(self, company, cards):
        """What is shown of the list where somebody shares its address."""
        base_url = request.website._civic_base_url()
        title = request.env._("Reports of citizens")
        return {
            "type": "website",
            "title": title,
            "description": request.env._(
                "What people saw on the spot, who is handling it and what came of it."
            ),
            "url": f"{base_url}/phan-anh",
            "image": "",
            "site_name": company.name,
            "data": {
                "@context": "https://schema.org",
                "@type": "CollectionPage",
                "name": title,
                "url": f"{base_url}/phan-anh",
                "publisher": {
                    "@type": "GovernmentOrganization",
                    "name": company.name,
                },
                "mainEntity": {
                    "@type": "ItemList",
                    "itemListElement": [
                        {
                            "@type": "ListItem",
                            "position": position,
                            "name": card["subject"],
                            "url": base_url + card["path"],
                        }
                        for position, card in enumerate(cards, 1)
                    ],
                },
            },
        }


def list_path(filters, path="/phan-anh"):
    """The address of the list, or of a feed of it, with these filters."""
    kept = {name: value for name, value in filters.items() if value}
    return path + (f"?{urlencode(kept)}" if kept else "")
