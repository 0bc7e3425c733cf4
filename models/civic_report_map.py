from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import geo
from .transitions import OPEN_REPORT_STATES

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
    *("latitude", "longitude", "received_at", "overdue_from"),
)


class CivicReport(models.Model):
    """Where a report is, so that an index finds what is near."""

    _inherit = "civic.report"

    map_cell = fields.Integer(
        compute="_compute_map_cell",
        store=True,
        precompute=True,
        aggregator=None,
        groups="base.group_user",
        help="Tile of the map in which the place lies, see tools/geo.py; 0: no place.",
    )

    # The public map, and published reports near a place.
    _published_by_cell = models.Index(
        "(company_id, map_cell, received_at DESC, id DESC) WHERE is_published IS TRUE"
    )
    # What else is open near a place: likely duplicates.
    _open_by_cell = models.Index(
        "(company_id, map_cell, received_at DESC, id DESC) WHERE state IN "
        "('new', 'supplementing', 'received', 'consulting', 'designating', "
        "'processing', 'resolved', 'concurring')"
    )

    @api.depends("latitude", "longitude")
    def _compute_map_cell(self):
        for report in self:
            report.map_cell = report._position_cell()

    def _position_cell(self):
        """The cell of the place, 0 without one."""
        if not self.latitude and not self.longitude:
            return 0
        try:
            return geo.cell(self.latitude, self.longitude)
        except ValueError:
            return 0  # `_check_position` says what is wrong

    # ------------------------------------------------------------------
    # The public map
    # ------------------------------------------------------------------

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
        ids, are_all = self.sudo()._published_in_box(domain, box, cells)
        # sudo: the domain is the guard; the words are the same for everybody
        reports = self.sudo().browse(ids)._masked_words()
        reports.fetch(MAP_FIELDS)
        labels = dict(self._fields["state"]._description_selection(self.env))
        return [report._map_feature(labels, base_url) for report in reports], are_all

    @api.model
    def _published_in_box(self, domain, box, cells):
        """:return: (ids of at most `MAX_SHOWN` reports, whether these are all)"""
        each = MAX_LOOKED // len(cells) if cells else MAX_LOOKED
        query = self._search(
            domain & Domain("map_cell", ">", 0), limit=each, order=self._order
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
        self.flush_model()
        [(ids, most)] = self.env.execute_query(
            SQL(
                """
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
                """,
                looked=looked,
                branch=branch,
                limit=MAX_SHOWN + 1,
                **box._asdict(),
            )
        )
        ids = ids or []
        return ids[:MAX_SHOWN], len(ids) <= MAX_SHOWN and (most or 0) < each

    def _map_feature(self, labels, base_url):
        """This report as a feature of GeoJSON."""
        return {
            "type": "Feature",
            "id": self.name,
            "geometry": {
                "type": "Point",
                # A metre is enough to find it.
                "coordinates": [round(self.longitude, 5), round(self.latitude, 5)],
            },
            "properties": {
                "code": self.name,
                "subject": self.subject,
                "state": self.state,
                "state_label": labels[self.state],
                "is_open": self.state in OPEN_REPORT_STATES,
                "is_overdue": self.is_overdue,
                "category": self.category_id.name or "",
                "agency": self.agency_id.name or "",
                "ward": self.ward_id.name or "",
                "received_at": self.received_at.isoformat() + "Z",
                "url": base_url + self._website_path(),
            },
        }
