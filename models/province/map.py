import re
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# The middle of Viet Nam, for who has not said where the province is.
COUNTRY = {"latitude": 16.1, "longitude": 106.5, "zoom": 5}
MAX_ZOOM = 18
GAP = re.compile(r"\{([^{}]*)\}")
NEEDED_GAPS = {"z", "x", "y"}
# {r} is "@2x" on fine screens; several hosts ({s}) are of no use since HTTP/2.
KNOWN_GAPS = NEEDED_GAPS | {"r"}
# What may stand in an address as it is.
PLAIN = re.compile(r"[\w:/?#\[\]@!$&()*+,;=.~%-]+", re.ASCII)


class ResCompany(models.Model):
    """The map of the public site; nothing comes from elsewhere unless it is set."""

    _inherit = "res.company"

    civic_map_tile_url = fields.Char(
        "Map Tiles",
        help="Address of the pictures that the map is made of, with {z}, {x} and {y}. "
        "Empty: places are shown on a plain ground.",
    )
    civic_map_attribution = fields.Char(
        "Source of the Tiles",
        help="Whose map it is, as the map says: © OpenStreetMap contributors.",
    )
    civic_map_attribution_url = fields.Char("Link of the Source")
    civic_map_latitude = fields.Float("Latitude of the Map", digits=(10, 7))
    civic_map_longitude = fields.Float("Longitude of the Map", digits=(10, 7))
    civic_map_zoom = fields.Integer(
        "Zoom of the Map",
        default=10,
        help=f"From 1 (the world) to {MAX_ZOOM} (a house); a province is about 9.",
    )

    @api.constrains("civic_map_tile_url", "civic_map_attribution_url")
    def _check_civic_map_tiles(self):
        for company in self:
            tiles, link = company.civic_map_tile_url, company.civic_map_attribution_url
            if tiles and not _is_tile_url(tiles):
                raise ValidationError(
                    self.env._(
                        "Map tiles: write an address like "
                        "https://tiles.example.vn/{z}/{x}/{y}.png"
                    )
                )
            if link and not _is_https(link):
                raise ValidationError(
                    self.env._("Link of the source: write an https:// address.")
                )

    @api.constrains("civic_map_latitude", "civic_map_longitude", "civic_map_zoom")
    def _check_civic_map_view(self):
        for company in self:
            if not (
                abs(company.civic_map_latitude) <= 85
                and abs(company.civic_map_longitude) <= 180
                and 1 <= company.civic_map_zoom <= MAX_ZOOM
            ):
                raise ValidationError(
                    self.env._(
                        "The middle of the map lies on the globe, its zoom between 1 "
                        "and %s.",
                        MAX_ZOOM,
                    )
                )

    def _civic_map(self):
        """What a page needs to show a map.

        :return: dict of plain values: tile_url ("" without tiles), attribution,
            attribution_url, latitude, longitude, zoom, has_view (whether somebody has
            said where the province is)
        """
        self.ensure_one()
        # sudo: visitors read no companies; how the map looks is public
        company = self.sudo()
        place = company.civic_map_latitude, company.civic_map_longitude
        view = COUNTRY
        if any(place):
            latitude, longitude = place
            view = {
                "latitude": latitude,
                "longitude": longitude,
                "zoom": company.civic_map_zoom,
            }
        return {
            "tile_url": company.civic_map_tile_url or "",
            "attribution": company.civic_map_attribution or "",
            "attribution_url": company.civic_map_attribution_url or "",
            "has_view": any(place),
            **view,
        }


def _is_tile_url(text):
    gaps = GAP.findall(text)
    return (
        NEEDED_GAPS <= set(gaps) <= KNOWN_GAPS
        and len(gaps) == len(set(gaps))
        and _is_https(GAP.sub("0", text))
    )


def _is_https(text):
    """Whether it is a plain address: encrypted, of a host, without a password."""
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and has_host
        and not (parts.username or parts.password)
        and PLAIN.fullmatch(text) is not None
    )
