from urllib.parse import urlencode

from odoo import http
from odoo.http import request

from ..models.civic_report_search import PUBLIC_STATES
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
    def civic_list(self, search="", state="", category="", ward="", older="", **_query):
        company = website_company()
        query = {
            "search": search[:200],
            "state": state if state in PUBLIC_STATES else "",
            "category_id": category,
            "ward_id": ward,
        }
        model = request.env["civic.report"]
        reports, next_key = model._search_published_sudo(
            company, query, older=older, limit=PAGE_SIZE
        )
        return request.render(
            "civic_report.website_list",
            page_values(
                reports=[report._public_card_values() for report in reports],
                query=query,
                is_filtered=any(query.values()),
                is_first=not older,
                choices=model._filter_choices_sudo(company),
                link=lambda **changes: self._list_path(query, **changes),
                older_link=next_key and self._list_path(query, older=next_key),
            ),
        )

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
            page_values(report=report._public_values()),
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

    def _list_path(self, query, **changes):
        """The list's address with some of its filters changed."""
        names = {"category_id": "category", "ward_id": "ward"}
        args = {**query, **changes}
        kept = {names.get(key, key): value for key, value in args.items() if value}
        return "/phan-anh" + (f"?{urlencode(kept)}" if kept else "")
