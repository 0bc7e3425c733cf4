from urllib.parse import urlencode

from odoo import http
from odoo.http import request

from .website import file_response, page_values, website_company

PAGE_SIZE = 18
# Pages of reports that a search engine is told of.
SITEMAP_SIZE = 5000


def sitemap_reports(env, _rule, query):
    """The latest published reports."""
    company = env["website"].get_current_website().sudo().company_id
    reports, _older = env["civic.report"]._search_published_sudo(
        company, {}, limit=SITEMAP_SIZE
    )
    for report in reports:
        path = report._website_path()
        if not query or query.lower() in path:
            yield {"loc": path, "lastmod": report.write_date.date()}


class CivicPublic(http.Controller):
    """Published reports, the same for every visitor."""

    @http.route(
        "/phan-anh",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        readonly=True,
        sitemap=True,
    )
    def civic_list(self, older="", **query):
        company = website_company()
        model = request.env["civic.report"]
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
        base_url = request.website.get_base_url()
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

    @http.route(
        "/phan-anh/<string:slug>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        readonly=True,
        sitemap=sitemap_reports,
    )
    def civic_page(self, slug, **_query):
        report = self._find_published(slug)
        path = report._website_path()
        if f"/phan-anh/{slug}" != path:
            return request.redirect(path, code=301)
        return request.render(
            "civic_report.website_report",
            page_values(
                report=report._public_values(),
                civic_share=report._share_values(request.website.get_base_url()),
            ),
        )

    @http.route(
        "/phan-anh/anh/<string:code>/<int:index>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        readonly=True,
        sitemap=False,
    )
    def civic_picture(self, code, index, size="", **_query):
        files = self._find_published(code)._public_files()
        if index >= len(files):
            raise request.not_found()
        return file_response(files[index][1], size)

    def _find_published(self, slug):
        report = request.env["civic.report"]._find_published_sudo(
            slug, website_company()
        )
        if not report:
            raise request.not_found()
        return report


def list_path(filters, path="/phan-anh"):
    """The address of the list, or of a feed of it, with these filters."""
    kept = {name: value for name, value in filters.items() if value}
    return path + (f"?{urlencode(kept)}" if kept else "")
