import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...tools import borders

# Reports whose places say where a ward lies, and how few give somebody's place away.
MOST_LOOKED = 20_000
FEWEST = 5


class CivicWard(models.Model):
    """Where a ward lies on the leaders' map: its border, or else a point."""

    _inherit = "civic.ward"

    border = fields.Text(
        prefetch=False,
        help="GeoJSON: an area (Polygon or MultiPolygon), as the land office has it, "
        "or an open map. Empty: the map shows a point.",
    )
    latitude = fields.Float(digits=(10, 7), help="Of the point on the leaders' map.")
    longitude = fields.Float(digits=(10, 7), help="Of the point on the leaders' map.")
    has_border = fields.Boolean(compute="_compute_has_border", store=True)

    @api.depends("border")
    def _compute_has_border(self):
        for ward in self:
            ward.has_border = bool(ward.border)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._read_border_of(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._read_border_of(vals))

    @api.model
    def _read_border_of(self, vals):
        """What is entered as a border is kept small, and says where the middle is.

        :raises ValidationError: it is no border
        """
        if not vals.get("border"):
            return vals
        try:
            geometry = borders.read_border(str(vals["border"]))
        except borders.InvalidBorder as fault:
            raise ValidationError(self._border_fault(str(fault)))
        latitude, longitude = borders.middle(geometry)
        return {
            **vals,
            "border": borders.as_text(geometry),
            "latitude": latitude,
            "longitude": longitude,
        }

    @api.model
    def _border_fault(self, code):
        """In words, what is wrong with a border, and what to do."""
        _ = self.env._
        return {
            borders.NOT_JSON: _(
                "This is no GeoJSON: export the border as GeoJSON (WGS 84)."
            ),
            borders.NOT_AREA: _(
                "This GeoJSON holds no area: a border is a Polygon or a MultiPolygon."
            ),
            borders.NOT_RING: _(
                "A line of this border is not closed, or is made of too few points."
            ),
            borders.OFF_GLOBE: _(
                "This border is not in degrees: export it as GeoJSON in WGS 84, "
                "longitude first."
            ),
            borders.TOO_LARGE: _(
                "This border has more points than a map needs: simplify it first."
            ),
        }[code]

    @api.constrains("latitude", "longitude")
    def _check_point(self):
        for ward in self:
            if abs(ward.latitude) > 90 or abs(ward.longitude) > 180:
                raise ValidationError(
                    self.env._("This position is not on the map. Pick the place again.")
                )

    def _map_rows(self):
        """These wards as the leaders' map draws them.

        :return: list of dicts: id, name, border (geometry or None), latitude and
            longitude (None: it is not known where it lies)
        """
        self.fetch(["name", "border", "latitude", "longitude"])
        return [
            {
                "id": ward.id,
                "name": ward.name,
                "border": json.loads(ward.border) if ward.border else None,
                "latitude": ward.latitude or None,
                "longitude": ward.longitude or None,
            }
            for ward in self
        ]

    @api.model
    def _place_points(self):
        """Give wards without a place the middle of what the public reported there.

        Of few reports it would be somebody's place: those wards wait.
        """
        if not self.search_count(
            [("latitude", "=", 0), ("longitude", "=", 0)], limit=1
        ):
            return
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE civic_ward ward
                   SET latitude = place.latitude, longitude = place.longitude
                  FROM (SELECT ward_id, count(*) AS reports,
                               percentile_cont(0.5) WITHIN GROUP (ORDER BY latitude)
                                   AS latitude,
                               percentile_cont(0.5) WITHIN GROUP (ORDER BY longitude)
                                   AS longitude
                          FROM (SELECT ward_id, latitude, longitude
                                  FROM civic_report
                                 WHERE is_published AND ward_id IS NOT NULL
                                   AND (latitude <> 0 OR longitude <> 0)
                                 ORDER BY received_at DESC
                                 LIMIT %(limit)s) latest
                         GROUP BY ward_id) place
                 WHERE place.ward_id = ward.id AND place.reports >= %(fewest)s
                   AND COALESCE(ward.latitude, 0) = 0
                   AND COALESCE(ward.longitude, 0) = 0
                """,
                limit=MOST_LOOKED,
                fewest=FEWEST,
            )
        )
        self.invalidate_model(["latitude", "longitude"])
