from datetime import timezone
from urllib.parse import urlsplit

from lxml import etree
from lxml.builder import ElementMaker

from odoo import http
from odoo.http import request

from ..models.civic_report_map import MAX_SHOWN
from ..tools import geo
from ..tools.text import clean
from .public import list_path
from .website import website_company

FEED_PATH = "/phan-anh/feed.atom"
FEED_SIZE = 50
ATOM = "http://www.w3.org/2005/Atom"
WORLD = "-180,-90,180,90"


class CivicFeeds(http.Controller):
    """Published reports for programs: the list's filters, the same for everybody."""

    @http.route(
        "/phan-anh/ban-do.geojson",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        readonly=True,
        sitemap=False,
    )
    def civic_map(self, bbox=WORLD, **query):
        """Open data: the latest reports of a view, as GeoJSON (RFC 7946)."""
        try:
            box = geo.read_box(bbox)
        except ValueError:
            return request.make_json_response(
                {
                    "error": request.env._(
                        "bbox: four numbers in degrees, west,south,east,north."
                    )
                },
                status=400,
            )
        company = website_company()
        reports = request.env["civic.report"]
        features, are_all = reports._map_features_sudo(
            company,
            reports._read_filters_sudo(company, query),
            box,
            request.website._civic_base_url(),
        )
        response = request.make_json_response(
            {
                "type": "FeatureCollection",
                "features": features,
                "complete": are_all,
                "limit": MAX_SHOWN,
            }
        )
        response.mimetype = "application/geo+json"
        return unless_known(response)

    @http.route(
        "/phan-anh/feed.atom",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        readonly=True,
        sitemap=False,
    )
    def civic_feed(self, **query):
        """The latest reports as an Atom feed (RFC 4287)."""
        company = website_company()
        model = request.env["civic.report"]
        filters = model._read_filters_sudo(company, query)
        reports, _older = model._search_published_sudo(
            company, filters, limit=FEED_SIZE
        )
        response = request.make_response(
            self._feed(company, filters, reports),
            headers=[("Content-Type", "application/atom+xml; charset=utf-8")],
        )
        if reports:
            response.last_modified = self._changed(company, reports).replace(
                tzinfo=timezone.utc
            )
        return unless_known(response)

    def _feed(self, company, filters, reports):
        base_url = request.website._civic_base_url()
        atom = ElementMaker(namespace=ATOM, nsmap={None: ATOM})
        feed = atom.feed(
            atom.id(tag(base_url, list_path(filters))),
            atom.title(request.env._("Reports of citizens")),
            atom.updated(self._changed(company, reports).isoformat() + "Z"),
            atom.author(atom.name(clean(company.name))),
            atom.link(rel="alternate", href=base_url + list_path(filters)),
            atom.link(rel="self", href=base_url + list_path(filters, FEED_PATH)),
            *(self._entry(atom, base_url, report) for report in reports),
        )
        feed.set(
            "{http://www.w3.org/XML/1998/namespace}lang",
            request.env.lang.replace("_", "-"),
        )
        return etree.tostring(feed, xml_declaration=True, encoding="utf-8")

    def _entry(self, atom, base_url, report):
        share = report._share_values(base_url)
        said = report.standardised_description
        text = "\n\n".join(filter(None, (share["description"], said)))
        entry = atom.entry(
            atom.id(tag(base_url, f"/phan-anh/{report.name.lower()}")),
            atom.title(clean(share["title"])),
            atom.updated(report._public_moment().isoformat() + "Z"),
            atom.published(report.received_at.isoformat() + "Z"),
            atom.link(rel="alternate", href=share["url"]),
            atom.content(clean(text), type="text"),
        )
        if report.category_id:
            entry.append(atom.category(term=clean(report.category_id.name)))
        return entry

    def _changed(self, company, reports):
        moments = [report._public_moment() for report in reports]
        return max(moments, default=company.create_date).replace(microsecond=0)


def unless_known(response):
    """Send an answer only to who has not the same one already.

    Nobody keeps it without asking again: what is hidden later is gone at once.
    """
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request.httprequest.environ)


def tag(base_url, path):
    """An id that stays the same when a page's words change (RFC 4151)."""
    return f"tag:{urlsplit(base_url).hostname},2026:{path}"
