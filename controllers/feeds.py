from datetime import timezone
from urllib.parse import urlsplit

from lxml import etree
from lxml.builder import ElementMaker

from odoo import http
from odoo.http import request

from ..models.site.map import MAX_SHOWN
from ..models.site.share import DESCRIPTION
from ..tools import geo
from ..tools.plain import as_json
from ..tools.text import clean, shorten
from .public import list_path
from .routes import page_route
from .website import website_company

FEED_PATH = "/phan-anh/feed.atom"
FEED_SIZE = 50
ATOM = "http://www.w3.org/2005/Atom"
WORLD = "-180,-90,180,90"


class CivicFeeds(http.Controller):
    """Published reports for programs: the list's filters, the same for everybody."""

    @page_route("/phan-anh/ban-do.geojson", multilang=False)
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
        reports = request.env["civic.site.list"]
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

    @page_route("/phan-anh/feed.atom", multilang=False)
    def civic_feed(self, **query):
        """The latest reports as an Atom feed (RFC 4287)."""
        company = website_company()
        model = request.env["civic.site.list"]
        filters = model._read_filters_sudo(company, query)
        reports, _older = model._search_published_sudo(
            company, filters, limit=FEED_SIZE
        )
        entries = [report._entry_values() for report in reports]
        response = request.make_response(
            self._feed(company, filters, entries),
            headers=[("Content-Type", "application/atom+xml; charset=utf-8")],
        )
        if entries:
            response.last_modified = self._changed(company, entries).replace(
                tzinfo=timezone.utc
            )
        return unless_known(response)

    def _feed(self, company, filters, entries):
        base_url = request.website._civic_base_url()
        atom = ElementMaker(namespace=ATOM, nsmap={None: ATOM})
        feed = atom.feed(
            atom.id(tag(base_url, list_path(filters))),
            atom.title(request.env._("Reports of citizens")),
            atom.updated(self._changed(company, entries).isoformat() + "Z"),
            atom.author(atom.name(clean(company.name))),
            atom.link(rel="alternate", href=base_url + list_path(filters)),
            atom.link(rel="self", href=base_url + list_path(filters, FEED_PATH)),
            *(self._entry(atom, base_url, as_json(entry)) for entry in entries),
        )
        feed.set(
            "{http://www.w3.org/XML/1998/namespace}lang",
            request.env.lang.replace("_", "-"),
        )
        return etree.tostring(feed, xml_declaration=True, encoding="utf-8")

    def _entry(self, atom, base_url, said):
        """:param said: `Entry` of a report, as JSON"""
        state = shorten(said["state_sentence"], DESCRIPTION)
        text = "\n\n".join(filter(None, (state, said["text"])))
        entry = atom.entry(
            atom.id(tag(base_url, f"/phan-anh/{said['code'].lower()}")),
            atom.title(clean(said["subject"])),
            atom.updated(said["changed_at"]),
            atom.published(said["received_at"]),
            atom.link(rel="alternate", href=base_url + said["path"]),
            atom.content(clean(text), type="text"),
        )
        if said["category"]:
            entry.append(atom.category(term=clean(said["category"])))
        return entry

    def _changed(self, company, entries):
        moments = [entry["changed_at"] for entry in entries]
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
