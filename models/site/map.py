from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import geo
from ...tools.plain import as_json

# Reports that one view of the map shows.
MAX_SHOWN = 500
# Cells of a view that are looked at one by one; a wider view goes by time alone.
MAX_CELLS = 48
# Rows that are looked at for a view.
MAX_LOOKED = 4000
# Filters, and a state, that few reports pass.
NARROW = {"search", "category", "agency", "ward", "overdue", "open"}
MAP_FIELDS = (
    *("name", "subject", "state", "category_id", "agency_id", "ward_id"),
    *("latitude", "longitude", "map_cell", "received_at", "overdue_from"),
)
# The latest in a box, and how many were looked at in the fullest branch.
SHOWN = """
    WITH looked AS MATERIALIZED (%(looked)s)
    SELECT (SELECT array_agg(id ORDER BY received_at DESC, id DESC)
              FROM (SELECT id, received_at
                      FROM looked
                     WHERE latitude BETWEEN %(south)s AND %(north)s
                       AND longitude BETWEEN %(west)s AND %(east)s
                     ORDER BY received_at DESC, id DESC
                     LIMIT %(limit)s) shown),
           (SELECT max(rows)
              FROM (SELECT count(*) AS rows
                      FROM looked
                     GROUP BY %(branch)s) counted)
"""


class CivicReport(models.Model):
    _inherit = "civic.report"

    def _map_feature(self, base_url):
        """This report as a feature of GeoJSON (RFC 7946)."""
        line = as_json(self._line_values())
        position, path = line.pop("position"), line.pop("path")
        point = position and {
            "type": "Point",
            "coordinates": [position["longitude"], position["latitude"]],
        }
        return {
            "type": "Feature",
            "id": line["code"],
            "geometry": point,
            "properties": {**line, "url": base_url + path},
        }


class CivicSiteList(models.AbstractModel):
    _inherit = "civic.site.list"

    @api.model
    def _map_features_sudo(self, company, filters, box, base_url):
        """What the public map shows of a view: published reports, the latest first.

        At most `MAX_SHOWN`, found among at most `MAX_LOOKED` rows: a view costs the
        same whatever the table holds, and says when there may be more.

        :param filters: as `_read_filters_sudo` gives them
        :param box: geo.Box in view
        :param base_url: of the site, for links
        :return: (list of GeoJSON features, whether these are all)
        """
        domain = self._filter_domain_sudo(company, filters)
        # What few reports pass is found by its own index, other views by their cells.
        is_narrow = NARROW & {*filters, filters.get("state")}
        cells = None if is_narrow else geo.cells_in_box(box, MAX_CELLS)
        # sudo: the domain is the guard; the words are the same for everybody
        reports = self.env["civic.report"].sudo()
        ids, are_all = self._published_in_box(reports, domain, box, cells)
        reports = reports.browse(ids)._masked_words()
        reports.fetch(MAP_FIELDS)
        return [report._map_feature(base_url) for report in reports], are_all

    @api.model
    def _published_in_box(self, reports, domain, box, cells):
        """:return: (ids of at most `MAX_SHOWN` reports, whether these are all)"""
        each = MAX_LOOKED // len(cells) if cells else MAX_LOOKED
        query = reports._search(
            domain & Domain("map_cell", ">", 0), limit=each, order=reports._order
        )
        columns = ("id", "latitude", "longitude", "received_at", "map_cell")
        if cells:
            # One look at the index for each cell in view.
            query.add_where(SQL("civic_report.map_cell = cell.number"))
            looked = SQL(
                "SELECT found.* FROM unnest(%s) AS cell (number), LATERAL %s AS found",
                cells,
                query.subselect(*(f"civic_report.{name}" for name in columns)),
            )
            branch = SQL("map_cell")
        else:
            looked = query.select(*(f"civic_report.{name}" for name in columns))
            branch = SQL("()")
        reports.flush_model()
        [(ids, most)] = self.env.execute_query(
            SQL(
                SHOWN,
                looked=looked,
                branch=branch,
                limit=MAX_SHOWN + 1,
                **box._asdict(),
            )
        )
        ids = ids or []
        return ids[:MAX_SHOWN], len(ids) <= MAX_SHOWN and (most or 0) < each
